//! Owns the step from one row of a file, whatever its format, to an item whose answer is still to be decided.

use std::borrow::Cow;

use serde_json::Value;

use super::answer::{self, Readings};
use super::options::{self, Options, text_of};
use super::record::{DifficultyRecord, SourceRecord};
use super::spans::kind_of;
use super::{Choice, Invalid, Item, ItemId, Kind, inlined};

const ID: &[&str] =
    &["id", "sample_id", "question_id", "qid", "pubid", "unique_id", "case_id", "item_id"];
const QUESTION: &[&str] = &[
    "question",
    "question_text",
    "stem",
    "case_vignette",
    "vignette",
    "query",
    "sent1",
    "prompt",
    "input",
];
const QUESTION_END: &[&str] = &["sent2"];
const CONTEXT: &[&str] = &["context", "contexts", "passage", "abstract"];
const OPTIONS: &[&str] = &["options", "choices", "answer_options", "endings", "answer_choices"];
const ANSWER: &[&str] = &[
    "answer_letter",
    "answer_idx",
    "answer_index",
    "correct_answer",
    "correct_option",
    "correct_idx",
    "correct_index",
    "correct_choice",
    "cop",
    "label",
    "answer_key",
    "answerkey",
    "answer",
    "answer_words",
    "answer_text",
    "correct",
    "gold",
    "target",
    "final_decision",
];
const CATEGORY: &[&str] = &[
    "category",
    "subject_name",
    "subject",
    "specialty",
    "medical_task",
    "topic",
    "discipline",
    "meta_info",
];
const EXPLANATION: &[&str] = &[
    "explanation",
    "exp",
    "label_rationale",
    "answer_rationale",
    "rationale",
    "long_answer",
    "solution",
];

/// How many answer fields of a row are looked at: the one that counts and those it is compared with.
const N_ANSWERS: usize = 4;

/// The named cells of one row.
#[derive(Debug, Default)]
pub(super) struct Row<'a> {
    cells: Vec<(Cow<'a, str>, Value)>,
}

/// An item without its answer.
#[derive(Debug)]
pub(super) struct Draft {
    /// The item; its answer is 0 until it is decided.
    pub(super) item: Item,
    /// Whether `item.id` stood in the file.
    pub(super) has_id: bool,
    /// The field that holds the answer, and what it may mean.
    pub(super) answer: (String, Readings),
    /// Other fields that name an option by its text.
    pub(super) echoes: Vec<(String, usize)>,
    /// Whether remains of another format were taken off a text.
    pub(super) is_repaired: bool,
    /// Whether it is an item of `PubMedQA`.
    pub(super) is_decision: bool,
}

impl<'a> Row<'a> {
    pub(super) fn new(cells: Vec<(Cow<'a, str>, Value)>) -> Self {
        Self { cells }
    }

    pub(super) fn push(&mut self, name: String, value: Value) {
        self.cells.push((Cow::Owned(name), value));
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.cells.iter().any(|(cell, _)| is_name(cell, name))
    }

    pub(super) fn has_any(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.has(name))
    }

    /// Whether the row has a cell for a question, empty or not.
    pub(super) fn has_question(&self) -> bool {
        self.has_any(QUESTION)
    }

    /// By what the row is seen to hold answers that were given; `None` when it does not.
    pub(super) fn given_answers(&self) -> Option<String> {
        let has_given = self.has_any(&["preds", "outputs"]) && self.has("correct");
        let has_outcome = self.has("outcome") && self.has("model");
        let found = if has_given { "preds, outputs, correct" } else { "model, outcome" };
        (has_given || has_outcome).then(|| format!("it has the fields {found}"))
    }

    /// Names of the cells that are left and hold something.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.cells.iter().filter(|(_, value)| !is_blank(value)).map(|(name, _)| name.as_ref())
    }

    /// Takes a cell out, empty or not, with its name in the file.
    pub(super) fn take_as_it_is(&mut self, name: &str) -> Option<(String, Value)> {
        let idx = self.cells.iter().position(|(cell, _)| is_name(cell, name))?;
        let (name, value) = self.cells.swap_remove(idx);
        Some((name.into_owned(), value))
    }

    /// Takes the first of the named cells that holds anything.
    fn take(&mut self, names: &[&str]) -> Option<(String, Value)> {
        names.iter().find_map(|name| {
            let idx = self
                .cells
                .iter()
                .position(|(cell, value)| is_name(cell, name) && !is_blank(value))?;
            let (name, value) = self.cells.swap_remove(idx);
            Some((name.into_owned(), value))
        })
    }

    fn take_text(&mut self, names: &[&str]) -> Option<String> {
        self.take(names).and_then(|(_, value)| text_of(&value)).map(|text| text.trim().to_owned())
    }

    /// The row's id, if it has one.
    pub(super) fn take_id(&mut self) -> Option<String> {
        self.take_text(ID)
    }

    /// Reads the row, whose id was taken before; `n` is its number, counted from 1. What is left in it was not used.
    pub(super) fn read(&mut self, id: Option<String>, n: usize) -> Result<Draft, Invalid> {
        let mut question = self.question()?;
        let is_decision = self.has("final_decision");
        let options = self.options(&mut question, is_decision)?;
        let (answer, echoes) = self.answer(&options)?;
        let has_id = id.is_some();
        let item = Item {
            id: ItemId(id.unwrap_or_else(|| format!("row-{n}"))),
            question,
            context: self.context(),
            kind: Kind::Choice(Choice { options: options.texts, answer: 0 }),
            category: self.take_text(CATEGORY).unwrap_or_default(),
            plain_question: self.take_text(&["plain_question"]),
            explanation: self.take_text(EXPLANATION),
            difficulty: self
                .take_parsed(&["difficulty"])
                .map(|record: DifficultyRecord| record.into()),
            source: self.take_parsed(&["source"]).map(|record: SourceRecord| record.into()),
            tags: self.take_parsed(&["tags"]).unwrap_or_default(),
        };
        Ok(Draft { item, has_id, answer, echoes, is_repaired: options.is_repaired, is_decision })
    }

    fn question(&mut self) -> Result<String, Invalid> {
        let Some((name, value)) = self.take(QUESTION) else {
            let name = QUESTION.iter().find(|name| self.has(name)).unwrap_or(&QUESTION[0]);
            return Err(Invalid::new(name, if self.has(name) { "is empty" } else { "is missing" }));
        };
        let Value::String(text) = value else {
            return Err(Invalid::new(&name, format!("is {}, not text", kind_of(&value))));
        };
        let mut question = text.trim().to_owned();
        if let Some(end) = self.take_text(QUESTION_END) {
            question.push(' ');
            question.push_str(&end);
        }
        Ok(question)
    }

    /// The options; cuts them off the question where they stand there too.
    fn options(&mut self, question: &mut String, is_decision: bool) -> Result<Options, Invalid> {
        if let Some((name, value)) = self.take(OPTIONS) {
            let options =
                options::from_value(&value).map_err(|reason| Invalid::new(&name, reason))?;
            if let Ok(Some(inlined)) = inlined::find(question)
                && inlined.options == options.texts
            {
                cut(question, inlined.n_question);
            }
            return Ok(options);
        }
        if let Some(options) = options::from_columns(self) {
            return Ok(options);
        }
        if is_decision {
            let texts: Vec<String> = ["yes", "no", "maybe"].map(String::from).into();
            return Ok(Options { keys: vec![None; texts.len()], texts, is_repaired: false });
        }
        match inlined::find(question) {
            Ok(Some(inlined)) => {
                cut(question, inlined.n_question);
                Ok(Options {
                    keys: vec![None; inlined.options.len()],
                    texts: inlined.options,
                    is_repaired: false,
                })
            }
            Ok(None) => {
                Err(Invalid::new("options", "is missing: the row has no options to choose from"))
            }
            Err(reason) => Err(Invalid::new("question", reason)),
        }
    }

    /// The field that holds the answer, and the others that name an option by its text.
    fn answer(
        &mut self,
        options: &Options,
    ) -> Result<((String, Readings), Vec<(String, usize)>), Invalid> {
        let mut read = Vec::new();
        let mut refusal = None;
        for _ in 0..N_ANSWERS {
            let Some((name, value)) = self.take(ANSWER) else { break };
            match answer::read(&value, options) {
                Ok(readings) => read.push((name, readings)),
                Err(reason) => {
                    // A letter or number that fits no option contradicts whatever else the row says; a longer text may be no answer at all.
                    let is_short = text_of(&value).is_some_and(|text| text.trim().len() <= 2);
                    let invalid = Invalid::new(&name, reason);
                    if is_short {
                        return Err(invalid);
                    }
                    refusal.get_or_insert(invalid);
                }
            }
        }
        let chosen = read.iter().position(|(_, readings)| !readings.is_bare_number()).unwrap_or(0);
        if read.is_empty() {
            let missing = || {
                Invalid::new(
                    ANSWER.iter().find(|name| self.has(name)).unwrap_or(&"answer"),
                    "is missing",
                )
            };
            return Err(refusal.unwrap_or_else(missing));
        }
        let answer = read.swap_remove(chosen);
        let echoes = read
            .into_iter()
            .filter_map(|(name, readings)| Some((name, readings.text_only()?)))
            .collect();
        Ok((answer, echoes))
    }

    fn context(&mut self) -> Vec<String> {
        let texts = |values: Vec<Value>| {
            values.iter().filter_map(text_of).filter(|text| !text.trim().is_empty()).collect()
        };
        match self.take(CONTEXT) {
            Some((_, Value::String(text))) => vec![text.trim().to_owned()],
            Some((_, Value::Array(values))) => texts(values),
            Some((_, Value::Object(mut map))) => match map.remove("contexts") {
                Some(Value::Array(values)) => texts(values),
                _ => Vec::new(),
            },
            _ => Vec::new(),
        }
    }

    /// Takes a cell out only if it holds what is looked for.
    fn take_parsed<T: serde::de::DeserializeOwned>(&mut self, names: &[&str]) -> Option<T> {
        let idx =
            self.cells.iter().position(|(cell, _)| names.iter().any(|name| is_name(cell, name)))?;
        let value = match &self.cells[idx].1 {
            Value::String(text) => T::deserialize(Value::String(text.trim().to_lowercase())),
            other => T::deserialize(other),
        };
        let parsed = value.ok()?;
        self.cells.swap_remove(idx);
        Some(parsed)
    }
}

fn cut(question: &mut String, at: usize) {
    question.truncate(at);
    question.truncate(question.trim_end().len());
}

fn is_name(cell: &str, name: &str) -> bool {
    let fold =
        |byte: u8| if matches!(byte, b' ' | b'-') { b'_' } else { byte.to_ascii_lowercase() };
    cell.len() == name.len()
        && cell.bytes().zip(name.bytes()).all(|(one, other)| fold(one) == other)
}

fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        _ => false,
    }
}

/// Takes white space off both ends, and the line break with a quotation mark that a published copy of `MedQA` left behind the last option.
pub(super) fn tidy(text: &str) -> (&str, bool) {
    let text = text.trim();
    match text.strip_suffix("\n\"").filter(|rest| !rest.contains('"')) {
        Some(rest) => (rest.trim_end(), true),
        None => (text, false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn row(value: Value) -> Row<'static> {
        let Value::Object(map) = value else { panic!("not an object") };
        Row::new(map.into_iter().map(|(name, value)| (Cow::Owned(name), value)).collect())
    }

    fn draft(value: Value) -> Draft {
        row(value).read(None, 1).unwrap()
    }

    fn refusal(value: Value) -> String {
        row(value).read(None, 1).unwrap_err().to_string()
    }

    #[test]
    fn names_are_the_same_whatever_their_case_and_separator() {
        assert!(
            is_name("Correct Answer", "correct_answer")
                && is_name("CORRECT-ANSWER", "correct_answer")
        );
        assert!(!is_name("answers", "answer"));
    }

    #[test]
    fn two_halves_of_a_question_are_joined() {
        let draft = draft(
            json!({"sent1": "A man.", "sent2": "What next?", "ending0": "x", "ending1": "y", "label": 1}),
        );
        assert_eq!(draft.item.question, "A man. What next?");
        assert_eq!(draft.answer.0, "label");
    }

    #[test]
    fn options_that_stand_in_the_question_too_are_cut_off_it() {
        let same = json!({"question": "Q?\nAnswer Choices: (A) x (B) y", "options": ["x", "y"], "label": "A"});
        assert_eq!(draft(same).item.question, "Q?");
        let other = json!({"question": "Q?\nAnswer Choices: (A) x (B) y", "options": ["x", "z"], "label": "A"});
        assert!(draft(other).item.question.contains("Choices"));
    }

    #[test]
    fn a_letter_counts_before_a_number_and_texts_are_kept_to_compare() {
        let draft = draft(
            json!({"question": "Q", "options": ["x1", "y1"], "answer_index": 1, "answer": "B", "answer_text": "x1"}),
        );
        assert_eq!(draft.answer.0, "answer");
        assert_eq!(draft.echoes, [("answer_text".to_owned(), 0)]);
    }

    #[test]
    fn what_is_missing_is_named() {
        assert_eq!(refusal(json!({"options": ["x", "y"], "answer": "A"})), "question: is missing");
        assert_eq!(
            refusal(json!({"question": " ", "options": ["x", "y"], "answer": "A"})),
            "question: is empty"
        );
        assert_eq!(
            refusal(json!({"prompt": [], "options": ["x", "y"], "answer": "A"})),
            "prompt: is a list, not text"
        );
        assert!(
            refusal(json!({"question": "Q", "answer": "A"})).starts_with("options: is missing")
        );
        assert_eq!(refusal(json!({"question": "Q", "options": ["x", "y"]})), "answer: is missing");
        assert_eq!(
            refusal(json!({"question": "Q", "options": ["x", "y"], "label": null})),
            "label: is missing"
        );
        assert!(
            refusal(
                json!({"question": "Q", "options": ["x", "y"], "answer_idx": "E", "answer": "x"})
            )
            .starts_with("answer_idx")
        );
    }

    #[test]
    fn everything_an_item_can_have_is_taken() {
        let value = json!({
            "question": "Q", "context": {"contexts": ["one", "two"], "labels": []}, "options": ["x", "y"], "answer": "A", "category": "c",
            "explanation": "e", "plain_question": "p", "difficulty": "Hard", "tags": ["t"], "source": {"title": "T", "year": 2020},
        });
        let mut row = row(value);
        let item = row.read(None, 7).unwrap().item;
        assert_eq!((item.id.0.as_str(), item.context.len(), item.tags.len()), ("row-7", 2, 1));
        assert_eq!(item.source.unwrap().year, 2020);
        assert_eq!(item.difficulty, Some(crate::dataset::Difficulty::Hard));
        assert_eq!(row.names().count(), 0);
    }
}
