//! Owns what a JSON object can be: a pack, a wrapped list, a map of rows, a table by columns, a single row.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::intake::Intake;
use super::json::{N_LOOKED_AT, UNCLOSED, read_list, reason_of, take};
use super::pack;
use super::row::Row;
use super::shapes;
use super::spans::{Lines, Part, list_behind_key, parts, plain_key};
use super::{Dataset, Error};

/// Names under which files keep their list of rows.
const LISTS: [&str; 10] = [
    "items",
    "questions",
    "data",
    "rows",
    "examples",
    "instances",
    "train",
    "validation",
    "dev",
    "test",
];

/// The cells of one field, by row; the keys with their length first, so that 10 follows 9.
type Column = BTreeMap<(usize, String), Value>;

/// An entry of the file's outermost object.
pub(super) struct Entry<'a> {
    pub(super) key: String,
    pub(super) raw_key: &'a str,
    pub(super) at: usize,
    pub(super) value: &'a str,
}

/// Reads text that is one JSON object into `intake`. A pack fills `dataset` with what it says of itself.
pub(super) fn read(
    file: &str,
    text: &str,
    dataset: &mut Dataset,
    intake: &mut Intake,
) -> Result<(), Error> {
    let mut entries = Vec::new();
    let mut broken = None;
    for part in parts(text, 0) {
        match part {
            Part::Element { at, key, value } => {
                let raw_key = key.unwrap_or_default();
                entries.push(Entry { key: plain_key(raw_key), raw_key, at, value });
            }
            Part::Broken { at, reason } => broken = Some((at, reason)),
            Part::Unclosed => intake.notices.push(UNCLOSED.to_owned()),
        }
    }
    // A list in which the file breaks off is still read up to there.
    if let Some((raw_key, at)) = broken.and_then(|(at, _)| list_behind_key(text, at)) {
        entries.push(Entry { key: plain_key(raw_key), raw_key, at, value: &text[at..] });
        broken = None;
    }
    let names: Row = Row::new(
        entries
            .iter()
            .map(|entry| (Cow::Borrowed(entry.key.as_str()), Value::Bool(true)))
            .collect(),
    );
    let schema = entries
        .iter()
        .find(|entry| entry.key == "schema")
        .and_then(|entry| serde_json::from_str::<String>(entry.value).ok());
    if let Some(schema) = schema.filter(|schema| schema.starts_with("viva-")) {
        pack::read(file, &schema, text, &entries, dataset, intake)?;
    } else if names.has("eval") && names.has("status") {
        return Err(Error::IsAnswers {
            file: file.to_owned(),
            found: "it is a log of Inspect".to_owned(),
        });
    } else if names.has_question() || names.has_any(shapes::CONVERSATION) {
        read_columns_or_row(file, text, &entries, intake)?;
    } else if entries.iter().any(|entry| is_list_of_rows(entry)) {
        read_lists(file, text, &entries, intake)?;
    } else if entries.iter().take(N_LOOKED_AT).any(|entry| {
        is_question(entry.value) || (intake.takes_any() && entry.value.starts_with('{'))
    }) {
        let mut lines = Lines::new(text);
        for entry in &entries {
            take(file, lines.line(entry.at), entry.value, Some(entry.raw_key), intake)?;
        }
    } else if intake.takes_any() {
        read_columns_or_row(file, text, &entries, intake)?;
    } else if let Some(n) = n_decisions(&entries) {
        let found = format!(
            "it has right answers without the questions, {n} of yes, no and maybe. Open ori_pqal.json of PubMedQA: its official split is found without this file"
        );
        return Err(Error::RightAnswersAlone { file: file.to_owned(), found });
    } else {
        let mut keys: Vec<&str> = entries.iter().map(|entry| entry.key.as_str()).take(6).collect();
        if entries.len() > keys.len() {
            keys.push("…");
        }
        let found = format!("it is a JSON object with the keys {}", keys.join(", "));
        return Err(Error::NotQuestions { file: file.to_owned(), found });
    }
    if let Some((at, reason)) = broken {
        intake.refuse(Lines::new(text).line(at), None, "JSON", reason);
    }
    Ok(())
}

fn is_list_of_rows(entry: &Entry) -> bool {
    entry.value.strip_prefix('[').is_some_and(|rest| rest.trim_start().starts_with('{'))
}

fn is_question(json: &str) -> bool {
    let keys = |part| match part {
        Part::Element { key: Some(key), .. } => Some((Cow::Owned(plain_key(key)), Value::Null)),
        _ => None,
    };
    json.starts_with('{') && Row::new(parts(json, 0).filter_map(keys).collect()).has_question()
}

fn read_lists(file: &str, text: &str, entries: &[Entry], intake: &mut Intake) -> Result<(), Error> {
    let lists: Vec<&Entry> = entries.iter().filter(|entry| is_list_of_rows(entry)).collect();
    let is_known = |entry: &&Entry| LISTS.contains(&entry.key.as_str());
    let (mut read, mut left): (Vec<&Entry>, Vec<&Entry>) = lists.into_iter().partition(is_known);
    if read.is_empty() {
        std::mem::swap(&mut read, &mut left);
    }
    for entry in &read {
        read_list(file, &text[..entry.at + entry.value.len()], entry.at, intake)?;
    }
    let names = |entries: &[&Entry]| {
        entries.iter().map(|entry| entry.key.as_str()).collect::<Vec<_>>().join(", ")
    };
    if read.len() > 1 {
        intake.notices.push(format!(
            "The file holds several lists, which were read one after another: {}.",
            names(&read)
        ));
    }
    if !left.is_empty() {
        intake.notices.push(format!("Lists that were not read: {}.", names(&left)));
    }
    Ok(())
}

/// Reads an object that is itself a row, or that holds a list or map of values for each field.
fn read_columns_or_row(
    file: &str,
    text: &str,
    entries: &[Entry],
    intake: &mut Intake,
) -> Result<(), Error> {
    // A conversation with a rubric is a row whose cells are lists, not a table whose columns are.
    let has_rubric = entries.iter().any(|entry| shapes::RUBRIC.contains(&entry.key.as_str()));
    let has_turns = entries
        .iter()
        .any(|entry| shapes::CONVERSATION.contains(&entry.key.as_str()) && is_list_of_rows(entry));
    let is_table = !has_rubric
        && !has_turns
        && entries.iter().any(|entry| {
            let is_column = entry.value.starts_with(['[', '{']);
            is_column
                && Row::new(vec![(Cow::Borrowed(entry.key.as_str()), Value::Null)]).has_question()
        });
    if !is_table {
        let end = entries.last().map_or(text.len(), |entry| entry.at + entry.value.len());
        let line = Lines::new(text).line(text.len() - text.trim_start().len());
        return take(file, line, &format!("{}}}", &text[..end]), None, intake);
    }
    let mut columns: Vec<(&str, Column)> = Vec::new();
    for entry in entries {
        let cells = match serde_json::from_str(entry.value) {
            Ok(Value::Array(values)) => values
                .into_iter()
                .enumerate()
                .map(|(idx, value)| (idx.to_string(), value))
                .collect(),
            Ok(Value::Object(map)) => map.into_iter().collect::<Vec<_>>(),
            Ok(_) => continue,
            Err(error) => {
                let reason = format!("the column {}", reason_of(&error));
                intake.refuse(Lines::new(text).line(entry.at), None, &entry.key, reason);
                continue;
            }
        };
        columns.push((
            &entry.key,
            cells.into_iter().map(|(key, value)| ((key.len(), key), value)).collect(),
        ));
    }
    let keys: BTreeSet<(usize, String)> =
        columns.iter().flat_map(|(_, cells)| cells.keys().cloned()).collect();
    for key in keys {
        let cells = columns
            .iter_mut()
            .filter_map(|(name, cells)| Some((Cow::Borrowed(*name), cells.remove(&key)?)));
        let row = Row::new(cells.collect());
        if intake.n_rows() == 0
            && let Some(found) = row.given_answers()
        {
            return Err(Error::IsAnswers { file: file.to_owned(), found });
        }
        intake.row(None, row);
    }
    Ok(())
}

/// How many decisions there are, where the object is PubMedQA's list of right answers: numbers of articles with yes, no or
/// maybe.
fn n_decisions(entries: &[Entry]) -> Option<usize> {
    let is_decision = |entry: &Entry| {
        let is_number =
            !entry.key.is_empty() && entry.key.bytes().all(|byte| byte.is_ascii_digit());
        is_number && matches!(entry.value.trim(), "\"yes\"" | "\"no\"" | "\"maybe\"")
    };
    (!entries.is_empty() && entries.iter().all(is_decision)).then_some(entries.len())
}
