//! Owns the cells of one row, whatever the format of its file, and the names by which they are found.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::Value;

use super::options::{into_text, text_of};

const ID: &[&str] = &[
    "id",
    "sample_id",
    "question_id",
    "qid",
    "pubid",
    "unique_id",
    "case_id",
    "item_id",
    "prompt_id",
    "row_number",
];

/// Names of the field that asks.
pub(super) const QUESTION: &[&str] = &[
    "question",
    "question_text",
    "stem",
    "case_vignette",
    "vignette",
    "query",
    "sent1",
    "prompt",
    "input",
    "conversation",
];

/// The named cells of one row.
#[derive(Debug, Default)]
pub(super) struct Row<'a> {
    cells: Vec<(Cow<'a, str>, Value)>,
}

impl<'a> Row<'a> {
    pub(super) fn new(cells: Vec<(Cow<'a, str>, Value)>) -> Self {
        Self { cells }
    }

    /// The list in a cell.
    pub(super) fn list_of(&self, name: &str) -> Option<&Vec<Value>> {
        let (_, value) = self.cells.iter().find(|(cell, _)| is_name(cell, name))?;
        value.as_array()
    }

    /// The text in a cell, which stays there.
    pub(super) fn text_at(&self, name: &str) -> Option<String> {
        let (_, value) = self.cells.iter().find(|(cell, _)| is_name(cell, name))?;
        text_of(value).map(trimmed)
    }

    /// Whether a cell holds turns of a conversation, as a list or as one in text.
    pub(super) fn is_turns(&self, name: &str) -> bool {
        let Some((_, value)) = self.cells.iter().find(|(cell, _)| is_name(cell, name)) else {
            return false;
        };
        let list = match value {
            Value::Object(map) => map.get("messages").unwrap_or(value),
            other => other,
        };
        match list {
            Value::Array(turns) => turns.first().is_some_and(Value::is_object),
            Value::String(text) => {
                let start = text.trim_start().strip_prefix('[').map(str::trim_start);
                start.is_some_and(|start| start.starts_with('{'))
            }
            _ => false,
        }
    }

    /// All cells, with their names.
    pub(super) fn cells(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.cells.iter().map(|(name, value)| (name.as_ref(), value))
    }

    pub(super) fn push(&mut self, name: String, value: Value) {
        self.cells.push((Cow::Owned(name), value));
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.cells.iter().any(|(cell, _)| is_name(cell, name))
    }

    /// Whether there is a cell whose name is `prefix` with one character behind it.
    pub(super) fn has_joined(&self, prefix: &str, last: char) -> bool {
        self.cells.iter().any(|(cell, _)| {
            let start = cell.strip_suffix([last, last.to_ascii_uppercase()]);
            start.is_some_and(|start| is_name(start, prefix))
        })
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
        // A sample of a log of Inspect.
        let has_sample = self.has("epoch") && self.has_any(&["scores", "output", "model_usage"]);
        let found = match (has_given, has_outcome) {
            (true, _) => "preds, outputs, correct",
            (_, true) => "model, outcome",
            _ => "epoch, scores",
        };
        let is_given = has_given || has_outcome || has_sample;
        is_given.then(|| format!("it has the fields {found}"))
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
    pub(super) fn take(&mut self, names: &[&str]) -> Option<(String, Value)> {
        let (name, value) = self.take_first(names)?;
        Some((name.into_owned(), value))
    }

    fn take_first(&mut self, names: &[&str]) -> Option<(Cow<'a, str>, Value)> {
        names.iter().find_map(|name| {
            let idx = self
                .cells
                .iter()
                .position(|(cell, value)| is_name(cell, name) && !is_blank(value))?;
            Some(self.cells.swap_remove(idx))
        })
    }

    pub(super) fn take_text(&mut self, names: &[&str]) -> Option<String> {
        into_text(self.take_first(names)?.1).map(trimmed)
    }

    /// The row's id, if it has one.
    pub(super) fn take_id(&mut self) -> Option<String> {
        self.take_text(ID)
    }

    /// Takes a cell out only if it holds what is looked for.
    pub(super) fn take_parsed<T: serde::de::DeserializeOwned>(
        &mut self,
        names: &[&str],
    ) -> Option<T> {
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

/// The text without white space at its ends; in place, since nearly all texts have none.
pub(super) fn trimmed(mut text: String) -> String {
    text.truncate(text.trim_end().len());
    let n_before = text.len() - text.trim_start().len();
    if 0 < n_before {
        text.drain(..n_before);
    }
    text
}

/// Cells straight from the JSON of an object, names borrowed where they can be: a file may have millions of them. Of a name
/// that comes twice the last value counts, as in every reader of JSON.
impl<'de: 'a, 'a> Deserialize<'de> for Row<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(CellsVisitor(PhantomData))
    }
}

struct CellsVisitor<'a>(PhantomData<&'a ()>);

/// A name, borrowed where it holds no escape.
#[derive(Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'de: 'a, 'a> Visitor<'de> for CellsVisitor<'a> {
    type Value = Row<'a>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Row<'a>, A::Error> {
        let mut cells: Vec<(Cow<'a, str>, Value)> = Vec::with_capacity(12);
        while let Some((Name(name), value)) = map.next_entry::<Name<'de>, Value>()? {
            match cells.iter_mut().find(|(known, _)| *known == name) {
                Some((_, known)) => *known = value,
                None => cells.push((name, value)),
            }
        }
        Ok(Row { cells })
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_the_same_whatever_their_case_and_separator() {
        assert!(
            is_name("Correct Answer", "correct_answer")
                && is_name("CORRECT-ANSWER", "correct_answer")
        );
        assert!(!is_name("answers", "answer"));
    }
}
