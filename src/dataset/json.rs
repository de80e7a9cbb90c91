//! Owns JSON and JSON Lines: finds the rows in them, whatever they are wrapped in.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde::de::IgnoredAny;
use serde_json::{Map, Value};

use super::intake::Intake;
use super::pack;
use super::row::Row;
use super::spans::{Lines, Part, kind_of, list_behind_key, parts, plain_key};
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

/// How many rows are looked at to tell what a file is.
const N_LOOKED_AT: usize = 50;

/// Reads text that starts with a bracket or brace into `intake`. A pack fills `dataset` with what it says of itself.
pub(super) fn read(
    file: &str,
    text: &str,
    dataset: &mut Dataset,
    intake: &mut Intake,
) -> Result<(), Error> {
    if text.trim_start().starts_with('[') {
        return read_list(file, text, 0, intake);
    }
    if is_json_lines(text) {
        return read_lines(file, text, intake);
    }
    read_object(file, text, dataset, intake)
}

/// Whether each line is an object of its own. Most of the first lines must be, so that a broken one does not hide the rest.
fn is_json_lines(text: &str) -> bool {
    let mut lines =
        text.lines().map(str::trim).filter(|line| !line.is_empty()).take(N_LOOKED_AT).peekable();
    let (mut n, mut n_objects) = (0, 0);
    while let Some(line) = lines.next() {
        if n == 0 && lines.peek().is_none() {
            return false;
        }
        n += 1;
        n_objects +=
            usize::from(line.starts_with('{') && serde_json::from_str::<IgnoredAny>(line).is_ok());
    }
    n_objects > 0 && 2 * n_objects >= n
}

fn read_lines(file: &str, text: &str, intake: &mut Intake) -> Result<(), Error> {
    for (line, number) in text.split('\n').zip(1_u64..) {
        let line = line.trim();
        if !line.is_empty() {
            take(file, number, line, None, intake)?;
        }
    }
    Ok(())
}

/// Reads the list that opens at or behind byte `from`.
fn read_list(file: &str, text: &str, from: usize, intake: &mut Intake) -> Result<(), Error> {
    let mut lines = Lines::new(text);
    for part in parts(text, from) {
        match part {
            Part::Element { at, value, .. } => take(file, lines.line(at), value, None, intake)?,
            Part::Broken { at, reason } => intake.refuse(lines.line(at), None, "JSON", reason),
            Part::Unclosed => intake.notices.push(UNCLOSED.to_owned()),
        }
    }
    Ok(())
}

/// What a list that is cut off between two elements gives.
pub(super) const UNCLOSED: &str =
    "The file ends without its closing bracket: it may be cut off, and rows may be missing.";

/// Takes one row in, whose JSON text starts on `line`.
fn take(
    file: &str,
    line: u64,
    json: &str,
    key: Option<&str>,
    intake: &mut Intake,
) -> Result<(), Error> {
    let id = || key.map(plain_key);
    let value = match serde_json::from_str(json) {
        Ok(value) => value,
        Err(error) => {
            intake.refuse(line, id(), "JSON", reason_of(&error));
            return Ok(());
        }
    };
    let Value::Object(map) = value else {
        intake.refuse(
            line,
            id(),
            "JSON",
            format!("is {}, not an object with a question", kind_of(&value)),
        );
        return Ok(());
    };
    let (map, is_cut) = unwrapped(map);
    let mut row = row_of(map);
    if intake.n_rows() == 0
        && let Some(found) = row.given_answers()
    {
        return Err(Error::IsAnswers { file: file.to_owned(), found });
    }
    if is_cut {
        intake.refuse(
            line,
            row.take_id(),
            "truncated_cells",
            "the server that gave this row cut it short",
        );
        return Ok(());
    }
    if let Some(key) = key
        && !row.has("id")
    {
        row.push("id".to_owned(), Value::String(plain_key(key)));
    }
    intake.row(line, row);
    Ok(())
}

fn row_of(map: Map<String, Value>) -> Row<'static> {
    Row::new(map.into_iter().map(|(name, value)| (Cow::Owned(name), value)).collect())
}

/// The row in the wrapping of a dataset server, `{"row_idx": …, "row": {…}, "truncated_cells": […]}`, and whether cells of it are cut.
fn unwrapped(mut map: Map<String, Value>) -> (Map<String, Value>, bool) {
    if !map.contains_key("row_idx") {
        return (map, false);
    }
    let is_cut =
        map.get("truncated_cells").and_then(Value::as_array).is_some_and(|cells| !cells.is_empty());
    match map.remove("row") {
        Some(Value::Object(row)) => (row, is_cut),
        Some(other) => {
            map.insert("row".to_owned(), other);
            (map, is_cut)
        }
        None => (map, is_cut),
    }
}

/// What the parser found wrong, without the position: it counts within the row.
pub(super) fn reason_of(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let column = error.column();
    let what = text.rsplit_once(" at line ").map_or(text.as_str(), |(what, _)| what);
    format!("is not valid JSON: {what} (column {column} of the row)")
}

/// An entry of the file's outermost object.
pub(super) struct Entry<'a> {
    pub(super) key: String,
    pub(super) raw_key: &'a str,
    pub(super) at: usize,
    pub(super) value: &'a str,
}

fn read_object(
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
    } else if names.has_question() {
        read_columns_or_row(file, text, &entries, intake)?;
    } else if entries.iter().any(|entry| is_list_of_rows(entry)) {
        read_lists(file, text, &entries, intake)?;
    } else if entries.iter().take(N_LOOKED_AT).any(|entry| is_question(entry.value)) {
        let mut lines = Lines::new(text);
        for entry in &entries {
            take(file, lines.line(entry.at), entry.value, Some(entry.raw_key), intake)?;
        }
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
    let is_table = entries.iter().any(|entry| {
        let is_column = entry.value.starts_with(['[', '{']);
        is_column && Row::new(vec![(Cow::Borrowed(entry.key.as_str()), Value::Null)]).has_question()
    });
    if !is_table {
        let end = entries.last().map_or(text.len(), |entry| entry.at + entry.value.len());
        let line = Lines::new(text).line(text.len() - text.trim_start().len());
        return take(file, line, &format!("{}}}", &text[..end]), None, intake);
    }
    let mut columns: Vec<(&str, BTreeMap<(usize, String), Value>)> = Vec::new();
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
        // By length first, so that 10 follows 9.
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
