//! Owns which option a file calls right: by letter, by key, by number or by its text, decided for the file as a whole.
//!
//! `1` may be the first option or the second, and `B` the letter of one option and the text of another (blood groups). One row cannot tell;
//! the set usually can.

use serde_json::Value;

use super::literal;
use super::options::{Options, text_of};
use super::record::letter_index;
use super::row::trimmed;
use super::spans::kind_of;

/// What an answer may mean: an index for each way of reading it that fits the row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Readings {
    by_key: Option<usize>,
    by_letter: Option<usize>,
    by_text: Option<usize>,
    /// As it stands, not yet an index.
    number: Option<i64>,
    n_options: usize,
    /// As it stands in the file, for messages.
    pub(super) shown: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Style {
    Key,
    Letter,
    Text,
    Number,
}

/// Reads an answer that may name several options, and whether it is a list; the reason when it names none.
pub(super) fn read_all(value: &Value, options: &Options) -> Result<(Vec<Readings>, bool), String> {
    let parsed;
    let value = match value {
        Value::String(text) if text.trim_start().starts_with('[') => match literal::read(text) {
            Ok(list) => {
                parsed = list;
                &parsed
            }
            Err(_) => value,
        },
        other => other,
    };
    match value {
        Value::Array(values) if values.len() > 1 => {
            if options.texts.len() < values.len() {
                let (n, n_options) = (values.len(), options.texts.len());
                return Err(format!("names {n} right answers of {n_options} options"));
            }
            let all = values.iter().map(|value| match value {
                Value::Array(_) => Err("is a list in a list, not an answer".to_owned()),
                value => read(value, options),
            });
            Ok((all.collect::<Result<_, _>>()?, true))
        }
        Value::Array(_) => Ok((vec![read(value, options)?], true)),
        Value::String(text) => match read(value, options) {
            Ok(readings) => Ok((vec![readings], false)),
            Err(reason) => {
                let letters = letters_of(text, options.texts.len()).ok_or(reason)?;
                let all = letters.into_iter().map(|letter| read(&Value::from(letter), options));
                Ok((all.collect::<Result<_, _>>()?, true))
            }
        },
        value => Ok((vec![read(value, options)?], false)),
    }
}

/// The letters of `A, C`, `A;C`, `A and C` or `ACD`: several, each of an option, in the order of the alphabet.
fn letters_of(text: &str, n_options: usize) -> Option<Vec<String>> {
    let mut letters: Vec<char> = Vec::new();
    for word in text.split([',', ';', '|', '/', '&', '+', ' ']).filter(|word| !word.is_empty()) {
        if matches!(word, "and" | "y" | "und") {
            continue;
        }
        // What is written together must be nothing but capitals: "dab" is a word.
        let is_letters =
            word.chars().all(|letter| letter_index(letter).is_some_and(|idx| idx < n_options));
        if !is_letters {
            return None;
        }
        letters.extend(word.chars());
    }
    let is_ascending = letters.windows(2).all(|pair| pair[0] < pair[1]);
    (1 < letters.len() && is_ascending).then(|| letters.iter().map(char::to_string).collect())
}

/// Reads an answer; the reason when it names no option or several.
fn read(value: &Value, options: &Options) -> Result<Readings, String> {
    let text = match value {
        Value::Array(values) => return one_of(values, options),
        Value::String(text) if text.trim_start().starts_with('[') => match literal::read(text) {
            Ok(Value::Array(values)) => return one_of(&values, options),
            _ => text.trim().to_owned(),
        },
        Value::Object(_) | Value::Bool(_) | Value::Null => {
            return Err(format!("is {}, not an answer", kind_of(value)));
        }
        other => text_of(other).unwrap_or_default(),
    };
    let shown = trimmed(text);
    let number = number(&shown);
    if number.is_some_and(|number| number < 0) {
        return Err(format!("is {shown}: the row has no right answer"));
    }
    let readings = Readings {
        by_key: options
            .keys
            .iter()
            .position(|key| key.as_ref().is_some_and(|key| key.eq_ignore_ascii_case(&shown))),
        by_letter: by_letter(&shown, options),
        by_text: if value.is_string() { by_text(&shown, options) } else { None },
        number,
        n_options: options.texts.len(),
        shown,
    };
    if readings.is_empty() {
        let n_options = options.texts.len();
        return Err(format!(
            "{:?} names none of the {n_options} options",
            shortened(&readings.shown)
        ));
    }
    Ok(readings)
}

fn one_of(values: &[Value], options: &Options) -> Result<Readings, String> {
    match values {
        [] => Err("is an empty list: the row has no right answer".to_owned()),
        [value] if !value.is_array() => read(value, options),
        [_] => Err("is a list in a list, not an answer".to_owned()),
        many => Err(format!("names {} right answers where one is asked for", many.len())),
    }
}

fn shortened(text: &str) -> String {
    let start: String = text.chars().take(40).collect();
    if start.len() < text.len() { start + "…" } else { start }
}

fn number(text: &str) -> Option<i64> {
    let whole = text.strip_suffix(".0").unwrap_or(text);
    whole.parse().ok()
}

/// `B`, `b`, `(B)`, `B.`, and `B. text` where that is the text of option B.
fn by_letter(text: &str, options: &Options) -> Option<usize> {
    let inner = text.strip_prefix('(').unwrap_or(text);
    let letter = inner.chars().next()?;
    let idx = letter_index(letter.to_ascii_uppercase()).filter(|idx| *idx < options.texts.len())?;
    let rest = &inner[1..];
    let rest_is_its_text =
        || rest.starts_with(['.', ')', ':']) && is_same(rest[1..].trim(), &options.texts[idx]);
    (matches!(rest, "" | "." | ")" | ":") || rest_is_its_text()).then_some(idx)
}

/// The option with this text; exact before folded, and only if it is the only one.
fn by_text(text: &str, options: &Options) -> Option<usize> {
    let (text, _) = super::draft::tidy(text);
    if text.is_empty() {
        return None;
    }
    options.texts.iter().position(|option| option == text).or_else(|| {
        let mut same = (0..options.texts.len()).filter(|idx| is_same(&options.texts[*idx], text));
        same.next().filter(|_| same.next().is_none())
    })
}

/// Whether two texts are the same but for case and white space.
fn is_same(one: &str, other: &str) -> bool {
    one == other || folded(one).eq(folded(other))
}

fn folded(text: &str) -> impl Iterator<Item = char> {
    let words = text.split_whitespace().flat_map(|word| word.chars().chain([' ']));
    words.flat_map(char::to_lowercase)
}

impl Readings {
    fn is_empty(&self) -> bool {
        self.by_key.is_none()
            && self.by_letter.is_none()
            && self.by_text.is_none()
            && self.number.is_none()
    }

    /// Whether it is nothing but a number, which alone does not tell where counting starts.
    pub(super) fn is_bare_number(&self) -> bool {
        self.by_key.is_none() && self.by_letter.is_none() && self.by_text.is_none()
    }

    /// The option whose text it is, when it can be nothing else.
    pub(super) fn text_only(&self) -> Option<usize> {
        self.by_text
            .filter(|_| self.by_key.is_none() && self.by_letter.is_none() && self.number.is_none())
    }

    fn has(&self, style: Style) -> bool {
        match style {
            Style::Key => self.by_key.is_some(),
            Style::Letter => self.by_letter.is_some(),
            Style::Text => self.by_text.is_some(),
            Style::Number => self.number.is_some(),
        }
    }
}

/// How the answers of a whole file are to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reading {
    /// Most fitting first.
    styles: Vec<Style>,
    /// What the first option is called when answers are numbers.
    first: i64,
    /// What had to be assumed, for people.
    pub(super) notice: Option<String>,
}

impl Reading {
    /// Decides from all answers of a file.
    pub(super) fn of<'a>(all: impl Iterator<Item = &'a Readings> + Clone) -> Self {
        let mut styles = vec![Style::Key, Style::Letter, Style::Text, Style::Number];
        styles.sort_by_cached_key(|style| {
            std::cmp::Reverse(all.clone().filter(|readings| readings.has(*style)).count())
        });
        let mut reading = Self { styles, first: 0, notice: None };
        let numbered = all.filter(|readings| reading.style_for(readings) == Some(Style::Number));
        let (mut n, mut has_zero, mut has_last) = (0_usize, false, false);
        for readings in numbered {
            n += 1;
            has_zero |= readings.number == Some(0);
            has_last |= readings.number == i64::try_from(readings.n_options).ok();
        }
        if n > 0 && !has_zero {
            if has_last {
                reading.first = 1;
            } else {
                reading.notice = Some(format!(
                    "The right answers are numbers, and the {n} of this file do not show whether the first option is 0 or 1. They were read \
                     with 0 as the first: check one."
                ));
            }
        }
        reading
    }

    /// Takes what is known of the set where the file itself does not show what the first option is called.
    pub(super) fn expecting(mut self, first: Option<i64>) -> Self {
        if let Some(first) = first
            && self.notice.take().is_some()
        {
            self.first = first;
        }
        self
    }

    fn style_for(&self, readings: &Readings) -> Option<Style> {
        self.styles.iter().copied().find(|style| readings.has(*style))
    }

    /// Lets a person decide what the first option is called when answers are numbers.
    pub(super) fn count_from(&mut self, first: i64) {
        self.first = first;
        self.notice = None;
    }

    /// The index of the right option; the reason when there is none.
    pub(super) fn resolve(&self, readings: &Readings) -> Result<usize, String> {
        let idx = match self.style_for(readings) {
            Some(Style::Key) => readings.by_key,
            Some(Style::Letter) => readings.by_letter,
            Some(Style::Text) => readings.by_text,
            Some(Style::Number) | None => {
                readings.number.and_then(|number| usize::try_from(number - self.first).ok())
            }
        };
        idx.filter(|idx| *idx < readings.n_options).ok_or_else(|| {
            let Readings { shown, n_options, .. } = readings;
            format!(
                "{shown} is beyond the {n_options} options, which are numbered from {}",
                self.first
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::options::from_value;
    use serde_json::json;

    fn resolve(rows: &[(Value, Value)]) -> (Vec<Result<usize, String>>, bool) {
        let readings: Vec<_> = rows
            .iter()
            .map(|(options, answer)| read(answer, &from_value(options).unwrap()).unwrap())
            .collect();
        let reading = Reading::of(readings.iter());
        (
            readings.iter().map(|readings| reading.resolve(readings)).collect(),
            reading.notice.is_some(),
        )
    }

    fn one(options: Value, answer: Value) -> usize {
        resolve(&[(options, answer)]).0[0].clone().unwrap()
    }

    #[test]
    fn letters_keys_and_texts_name_the_option() {
        let options = json!(["Aspirin", "Beta blocker", "Calcium"]);
        for answer in
            ["B", "b", " (B) ", "B.", "B)", "beta  Blocker", "Beta blocker", "B. Beta blocker"]
        {
            assert_eq!(one(options.clone(), json!(answer)), 1, "{answer}");
        }
        assert_eq!(one(options.clone(), json!(["C"])), 2);
        assert_eq!(one(options, json!("['C']")), 2);
        assert_eq!(one(json!({"option1": "x", "option2": "y"}), json!("option2")), 1);
        assert_eq!(one(json!({"1": "x", "2": "y"}), json!(2)), 1);
    }

    #[test]
    fn an_answer_that_names_none_or_several_is_refused() {
        let options = from_value(&json!(["x", "y"])).unwrap();
        for answer in [
            json!("Doxycycline"),
            json!("E"),
            json!([]),
            json!(["A", "B"]),
            json!(true),
            json!(-1),
            json!(""),
            json!({"a": 1}),
            json!([["A"]]),
        ] {
            assert!(read(&answer, &options).is_err(), "{answer}");
        }
    }

    #[test]
    fn a_zero_or_the_number_of_options_tells_where_counting_starts() {
        let four = json!(["a1", "b1", "c1", "d1"]);
        let rows = |answers: &[i64]| {
            answers.iter().map(|answer| (four.clone(), json!(answer))).collect::<Vec<_>>()
        };
        assert_eq!(resolve(&rows(&[1, 0])), (vec![Ok(1), Ok(0)], false));
        assert_eq!(resolve(&rows(&[1, 4])), (vec![Ok(0), Ok(3)], false));
        assert_eq!(resolve(&rows(&[1, 2])), (vec![Ok(1), Ok(2)], true));
        let (both, is_assumed) = resolve(&rows(&[0, 4]));
        assert!(both[0] == Ok(0) && both[1].is_err() && !is_assumed);
    }

    #[test]
    fn blood_groups_are_letters_in_a_file_of_letters_and_texts_in_one_of_texts() {
        let groups = json!(["O", "A", "B", "AB"]);
        let others = json!(["w", "x", "y", "z"]);
        assert_eq!(
            resolve(&[(groups.clone(), json!("B")), (others.clone(), json!("D"))]).0[0],
            Ok(1)
        );
        assert_eq!(
            resolve(&[(groups, json!("B")), (others.clone(), json!("x")), (others, json!("z"))]).0
                [0],
            Ok(2)
        );
    }

    #[test]
    fn numbers_that_are_options_are_texts_in_a_file_of_texts() {
        let doses = json!(["1", "2", "4"]);
        let rows = [
            (doses.clone(), json!("4")),
            (doses.clone(), json!("1")),
            (json!(["x", "y"]), json!("y")),
        ];
        assert_eq!(resolve(&rows).0, [Ok(2), Ok(0), Ok(1)]);
        assert_eq!(resolve(&[(doses.clone(), json!(2)), (doses, json!(0))]).0, [Ok(2), Ok(0)]);
    }
}
