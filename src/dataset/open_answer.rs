//! Owns right answers of questions without options: numbers with bounds, accepted texts, reference answers, yes and no.

use serde_json::Value;

use super::draft::Answered;
use super::options::text_of;
use super::record::NumberRecord;
use super::row::Row;
use super::spans::kind_of;
use super::{Choice, Invalid, Kind, NumberAnswer, Reference, ShortText, literal};

const ACCEPTED: &[&str] = &[
    "accepted",
    "accepted_answers",
    "acceptable_answers",
    "possible_answers",
    "gold_answers",
    "answers",
    "aliases",
    "answer_aliases",
];
const REFERENCE: &[&str] = &[
    "reference",
    "reference_answer",
    "ideal",
    "ideal_answer",
    "ideal_completion",
    "gold_answer",
    "gold_response",
    "expected_answer",
    "expected_output",
    "expected",
    "model_answer",
    "best_answer",
];
/// Fields that hold an answer in words or figures, and never the place of an option.
const FREE: &[&str] = &[
    "answer",
    "answer_text",
    "final_answer",
    "correct_answer",
    "gold",
    "target",
    "output",
    "response",
    "completion",
    "solution",
    "long_answer",
];
const NUMBER: &[&str] = &["value", "numeric_answer", "answer_value"];
const LOW: &[&str] = &["low", "lower", "lower_limit", "lower_bound", "min", "minimum"];
const HIGH: &[&str] = &["high", "upper", "upper_limit", "upper_bound", "max", "maximum"];
const TOLERANCE: &[&str] = &["tolerance", "abs_tol", "absolute_tolerance"];
/// In per cent of the value.
const PER_CENT: &[&str] = &["tolerance_percent", "tolerance_pct"];
/// As a share of the value.
const SHARE: &[&str] = &["rel_tol", "relative_tolerance"];

/// A longer answer is a reference to hold others against, and no text to compare: names of drugs and diseases seldom have
/// more words.
const MAX_SHORT_WORDS: usize = 6;

/// Sets of words of which one is the whole answer, and what a file that uses them asks.
const WORDS: [&[&str]; 4] =
    [&["yes", "no"], &["yes", "no", "maybe"], &["true", "false"], &["sí", "no"]];

/// An answer without options.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Free {
    /// The field that holds it.
    field: String,
    text: String,
}

/// Reads the answer of a row without options; `reply` is what the conversation of the row ends with.
pub(super) fn read(row: &mut Row, reply: Option<String>) -> Result<Answered, Invalid> {
    if let Some(number) = row.take_parsed::<NumberRecord>(&["number"]) {
        return Ok(Answered::Open(Kind::Number(NumberAnswer::from(number))));
    }
    if let Some(kind) = number_of(row)? {
        return Ok(Answered::Open(kind));
    }
    if let Some((name, value)) = row.take(ACCEPTED) {
        let mut accepted = texts_of(&name, value)?;
        if let Some(first) = row.take_text(&["answer"])
            && !accepted.contains(&first)
        {
            accepted.insert(0, first);
        }
        return Ok(Answered::Open(Kind::ShortText(ShortText { accepted })));
    }
    if let Some(answer) = reply.or_else(|| row.take_text(REFERENCE)) {
        return Ok(Answered::Open(Kind::Reference(Reference { answer })));
    }
    let missing = || Invalid::new("options", "is missing: the row has no options to choose from");
    let Some((field, value)) = row.take(FREE) else { return Err(missing()) };
    match value {
        Value::Array(_) | Value::Object(_) => {
            let accepted = texts_of(&field, value)?;
            Ok(Answered::Open(Kind::ShortText(ShortText { accepted })))
        }
        value => {
            let text = text_of(&value).unwrap_or_default().trim().to_owned();
            // A letter is the name of an option, and the options are not there.
            if text.chars().count() == 1 && text.chars().all(char::is_alphabetic) {
                return Err(missing());
            }
            Ok(Answered::Free(Free { field, text }))
        }
    }
}

/// A number that comes with bounds or a tolerance.
fn number_of(row: &mut Row) -> Result<Option<Kind>, Invalid> {
    let has_bounds = [LOW, HIGH, TOLERANCE, PER_CENT, SHARE].iter().any(|names| row.has_any(names));
    let names = if row.has_any(NUMBER) { NUMBER } else { FREE };
    if !has_bounds && names != NUMBER {
        return Ok(None);
    }
    let Some((field, value)) = row.take(names) else { return Ok(None) };
    let text = text_of(&value).unwrap_or_default();
    let Some(number_there) = number(&text) else {
        if names == NUMBER {
            return Err(Invalid::new(&field, format!("is {text:?}, not a number")));
        }
        // Bounds may be left empty in a file of several kinds.
        row.push(field, value);
        return Ok(None);
    };
    let value = number_there;
    let mut bound = |names: &[&str]| -> Result<Option<f64>, Invalid> {
        let Some((name, value)) = row.take(names) else { return Ok(None) };
        let text = text_of(&value).unwrap_or_default();
        let told = || Invalid::new(&name, format!("is {text:?}, not a number"));
        number(&text).map(Some).ok_or_else(told)
    };
    let (low, high) = (bound(LOW)?, bound(HIGH)?);
    let per_cent = bound(PER_CENT)?.map(|per_cent| per_cent / 100.0 * value);
    let share = bound(SHARE)?.map(|share| share * value);
    let tolerance = match row.take_text(TOLERANCE) {
        Some(text) => Some(tolerance(&text, value).ok_or_else(|| {
            Invalid::new(
                "tolerance",
                format!("is {text:?}, neither a number nor a share in per cent"),
            )
        })?),
        None => None,
    };
    let tolerance = tolerance.or(per_cent).or(share).unwrap_or(0.0).abs();
    let unit = row.take_text(&["unit", "units"]).unwrap_or_default();
    Ok(Some(Kind::Number(NumberAnswer {
        value,
        low: low.unwrap_or(value - tolerance),
        high: high.unwrap_or(value + tolerance),
        unit,
    })))
}

/// `0.5`, or `5 %` of the value.
fn tolerance(text: &str, value: f64) -> Option<f64> {
    match text.trim().strip_suffix('%') {
        Some(rest) => number(rest).map(|per_cent| per_cent / 100.0 * value),
        None => number(text),
    }
}

/// The texts of a list, be it in text; or those that `|` or `;` divide; or a value with its aliases.
fn texts_of(name: &str, value: Value) -> Result<Vec<String>, Invalid> {
    let value = match value {
        Value::String(text) if text.trim_start().starts_with(['[', '{']) => literal::read(&text)
            .map_err(|reason| Invalid::new(name, format!("cannot be read: {reason}")))?,
        other => other,
    };
    let mut texts = Vec::new();
    let mut push = |value: &Value| {
        let text = text_of(value).map(|text| text.trim().to_owned());
        texts.extend(text.filter(|text| !text.is_empty()));
    };
    match &value {
        Value::Array(values) => values.iter().for_each(&mut push),
        Value::Object(map) => {
            for key in ["value", "text", "aliases"] {
                match map.get(key) {
                    Some(Value::Array(values)) => values.iter().for_each(&mut push),
                    Some(value) => push(value),
                    None => {}
                }
            }
        }
        Value::String(text) => {
            let mark = if text.contains('|') { '|' } else { ';' };
            text.split(mark).map(Value::from).for_each(|part| push(&part));
        }
        other => push(other),
    }
    if texts.is_empty() {
        return Err(Invalid::new(name, format!("is {}, which holds no text", kind_of(&value))));
    }
    let mut seen: Vec<String> = Vec::with_capacity(texts.len().min(64));
    for text in texts {
        // Lists of aliases hold the same name many times.
        if !seen.contains(&text) && seen.len() < 200 {
            seen.push(text);
        }
    }
    Ok(seen)
}

/// A number as files write it; thousands may be divided by commas.
fn number(text: &str) -> Option<f64> {
    let text = text.trim();
    let plain = text.parse::<f64>().ok();
    let divided = || {
        let mut groups = text.trim_start_matches('-').split('.').next()?.split(',');
        let is_first = groups.next().is_some_and(|group| (1..=3).contains(&group.len()));
        let is_divided = is_first && groups.all(|group| group.len() == 3);
        is_divided.then(|| text.replace(',', "").parse().ok()).flatten()
    };
    plain.or_else(divided).filter(|number| number.is_finite())
}

/// What the answers without options of a whole file are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FreeReading {
    how: How,
    /// What had to be assumed, for people.
    pub(super) notice: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum How {
    /// The file has options, and the row lacks them.
    Refuse,
    Words(&'static [&'static str]),
    Number,
    ShortText,
    Reference,
}

impl FreeReading {
    /// Decides from all of them. In a file in which other rows have options, a row without them is broken.
    pub(super) fn of<'a>(all: impl Iterator<Item = &'a Free> + Clone, has_options: bool) -> Self {
        let n = all.clone().count();
        if n == 0 || has_options {
            return Self { how: How::Refuse, notice: None };
        }
        let is_word =
            |words: &[&str], free: &Free| words.contains(&free.text.to_lowercase().as_str());
        let words = WORDS.into_iter().find(|words| all.clone().all(|free| is_word(words, free)));
        if let Some(words) = words {
            let shown = words.join(", ");
            let notice =
                format!("The {n} questions without options are answered with one of: {shown}.");
            return Self { how: How::Words(words), notice: Some(notice) };
        }
        if all.clone().all(|free| number(&free.text).is_some()) {
            let notice = format!(
                "{n} right answers are numbers without bounds: only exactly these count as right."
            );
            return Self { how: How::Number, notice: Some(notice) };
        }
        // Half of them at least: one long answer among names does not make the names long.
        let n_short =
            all.filter(|free| free.text.split_whitespace().count() <= MAX_SHORT_WORDS).count();
        if n < 2 * n_short {
            let notice = format!(
                "{n} questions have no options and a short right answer; an answer counts when it is the same text but for case, accents and punctuation."
            );
            return Self { how: How::ShortText, notice: Some(notice) };
        }
        Self { how: How::Reference, notice: None }
    }

    /// Lets a person decide.
    pub(super) fn is_kind(&mut self, kind: super::record::KindRecord) {
        use super::record::KindRecord;
        let how = match kind {
            KindRecord::Number => How::Number,
            KindRecord::ShortText => How::ShortText,
            KindRecord::Reference | KindRecord::OpenEnded => How::Reference,
            KindRecord::SingleChoice | KindRecord::MultipleChoice => return,
        };
        *self = Self { how, notice: None };
    }

    /// The kind of item that an answer makes.
    pub(super) fn resolve(&self, free: Free) -> Result<Kind, Invalid> {
        let Free { field, text } = free;
        Ok(match &self.how {
            How::Refuse => {
                return Err(Invalid::new(
                    "options",
                    "is missing: the row has no options to choose from",
                ));
            }
            How::Words(words) => {
                let answer = words.iter().position(|word| *word == text.to_lowercase());
                let answer =
                    answer.ok_or_else(|| Invalid::new(&field, "is none of the answers"))?;
                let options = words.iter().map(|word| (*word).to_owned()).collect();
                Kind::Choice(Choice { options, answer })
            }
            How::Number => {
                let value = number(&text)
                    .ok_or_else(|| Invalid::new(&field, format!("is {text:?}, not a number")))?;
                Kind::Number(NumberAnswer { value, low: value, high: value, unit: String::new() })
            }
            How::ShortText => Kind::ShortText(ShortText { accepted: vec![text] }),
            How::Reference => Kind::Reference(Reference { answer: text }),
        })
    }
}
