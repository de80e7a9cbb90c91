//! Owns JSON and JSON Lines: finds the rows in them, whatever they are wrapped in.

use std::borrow::Cow;

use serde::de::IgnoredAny;
use serde_json::Value;

use super::intake::Intake;
use super::object;
use super::row::Row;
use super::spans::{Lines, Part, end_of_value, kind_of, parts, plain_key};
use super::{Dataset, Error};

/// How many rows are looked at to tell what a file is.
pub(super) const N_LOOKED_AT: usize = 50;

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
    object::read(file, text, dataset, intake)
}

/// Whether the lines are objects of their own, some of which may be broken, and not parts of one object.
fn is_json_lines(text: &str) -> bool {
    let text = text.trim();
    let end = end_of_value(text, 0);
    if end == Some(text.len()) {
        return false;
    }
    let mut lines = text.lines().filter(|line| !line.trim().is_empty()).take(N_LOOKED_AT);
    // An object that is broken further on may hold its rows one to a line; then its own first line opens something.
    let opens = lines.next().is_some_and(|line| line.trim_end().ends_with(['[', '{']));
    let first = text.lines().next().unwrap_or_default();
    is_object_line(first) || (!opens && lines.any(is_object_line))
}

/// Whether a line is an object of its own.
pub(super) fn is_object_line(line: &str) -> bool {
    let line = of_line(line);
    line.len() > 2 && line.starts_with('{') && serde_json::from_str::<IgnoredAny>(line).is_ok()
}

/// The value on a line. Some tools end each line with a comma, as if a list were around them.
fn of_line(line: &str) -> &str {
    let line = line.trim();
    line.strip_suffix(',').unwrap_or(line)
}

fn read_lines(file: &str, text: &str, intake: &mut Intake) -> Result<(), Error> {
    for (line, number) in text.split('\n').zip(1_u64..) {
        take_line(file, number, line, intake)?;
    }
    Ok(())
}

/// Takes in a line with a row of its own, or a blank one.
pub(super) fn take_line(
    file: &str,
    number: u64,
    line: &str,
    intake: &mut Intake,
) -> Result<(), Error> {
    let line = of_line(line);
    if line.is_empty() { Ok(()) } else { take(file, number, line, None, intake) }
}

/// Reads the list that opens at or behind byte `from`.
pub(super) fn read_list(
    file: &str,
    text: &str,
    from: usize,
    intake: &mut Intake,
) -> Result<(), Error> {
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
pub(super) fn take(
    file: &str,
    line: u64,
    json: &str,
    key: Option<&str>,
    intake: &mut Intake,
) -> Result<(), Error> {
    let id = || key.map(plain_key);
    let row = if json.starts_with('{') {
        serde_json::from_str::<Row>(json)
    } else {
        match serde_json::from_str::<Value>(json) {
            Ok(value) => {
                let reason = format!("is {}, not an object with a question", kind_of(&value));
                intake.refuse(line, id(), "JSON", reason);
                return Ok(());
            }
            Err(error) => Err(error),
        }
    };
    let row = match row {
        Ok(row) => row,
        Err(error) => {
            intake.refuse(line, id(), "JSON", reason_of(&error));
            return Ok(());
        }
    };
    let (mut row, is_cut) = unwrapped(row);
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

/// The row in the wrapping of a dataset server, `{"row_idx": …, "row": {…}, "truncated_cells": […]}`, and whether cells of it are cut.
fn unwrapped(mut outer: Row<'_>) -> (Row<'_>, bool) {
    if !outer.has("row_idx") {
        return (outer, false);
    }
    let is_cut = outer.list_of("truncated_cells").is_some_and(|cells| !cells.is_empty());
    match outer.take_as_it_is("row") {
        Some((_, Value::Object(row))) => {
            let cells = row.into_iter().map(|(name, value)| (Cow::Owned(name), value));
            (Row::new(cells.collect()), is_cut)
        }
        Some((name, other)) => {
            outer.push(name, other);
            (outer, is_cut)
        }
        None => (outer, is_cut),
    }
}

/// What the parser found wrong, without the position: it counts within the row.
pub(super) fn reason_of(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let column = error.column();
    let what = text.rsplit_once(" at line ").map_or(text.as_str(), |(what, _)| what);
    format!("is not valid JSON: {what} (column {column} of the row)")
}
