//! Owns Parquet files as Hugging Face and data frames write them: rows of texts, numbers, lists and structures.
//!
//! One page of each column is unpacked at a time, so that a file takes little more memory than its items do.

mod column;
mod delta;
mod levels;
mod plain;
mod schema;
mod thrift;

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::Error;
use super::intake::Intake;
use super::row::Row;
use super::unpack::Budget;
use column::{Chunk, Cursor};
use schema::{Node, Shape};
use thrift::Field;

const MAGIC: &[u8] = b"PAR1";
/// A file of a few bytes may claim any number of rows, all empty.
const MAX_ROWS: u64 = 5_000_000;
/// More elements in one cell are no question.
const MAX_ELEMENTS: usize = 1_000_000;

/// Whether the bytes begin as Parquet does.
pub(super) fn is_parquet(bytes: &[u8]) -> bool {
    bytes.starts_with(MAGIC)
}

/// Reads all rows into `intake`.
pub(super) fn read(
    file: &str,
    bytes: &[u8],
    budget: &mut Budget,
    intake: &mut Intake,
) -> Result<(), Error> {
    let broken =
        |reason: String| Error::Broken { file: file.to_owned(), what: "a Parquet file", reason };
    let metadata = metadata(bytes).map_err(broken)?;
    let schema = schema::read(metadata.list(2)).map_err(broken)?;
    let names = schema.iter().map(|node| (Cow::Borrowed(node.name.as_str()), Value::Null));
    let names = Row::new(names.collect());
    if let Some(found) = names.given_answers() {
        return Err(Error::IsAnswers { file: file.to_owned(), found });
    }
    if !names.has_any(super::shapes::CONVERSATION) && !names.has_question() && !intake.takes_any() {
        let names: Vec<&str> = schema.iter().map(|node| node.name.as_str()).take(12).collect();
        let found = format!("no column for the question among {}", names.join(", "));
        return Err(Error::NotQuestions { file: file.to_owned(), found });
    }
    let mut n_rows = 0_u64;
    let mut is_cut = false;
    for group in metadata.list(4) {
        let n = u64::try_from(group.int(3).unwrap_or(0)).unwrap_or(0);
        n_rows = n_rows.saturating_add(n);
        if MAX_ROWS < n_rows {
            return Err(broken(format!("it has more than {MAX_ROWS} rows, the most that is read")));
        }
        let mut cursors = cursors(bytes, group, &schema).map_err(broken)?;
        for _ in 0..n {
            match row(&schema, &mut cursors, budget) {
                Ok(row) => intake.row(None, row),
                // The columns of a group hang together: where one breaks off, the others have no rows to go on with.
                Err(reason) if intake.n_rows() == 0 => return Err(broken(reason)),
                Err(reason) => {
                    let reason = format!("{reason}; the rest of the row group was not read");
                    intake.refuse(None, None, "Parquet", reason);
                    is_cut = true;
                    break;
                }
            }
        }
        if is_cut && !budget.can(1) {
            break;
        }
    }
    let n_foreign = schema.iter().filter(|node| node.is_foreign).count();
    if n_foreign > 0 {
        intake
            .notices
            .push(format!("{n_foreign} columns hold no text or numbers and were left out."));
    }
    Ok(())
}

/// The record at the end of the file that says where everything is.
fn metadata(bytes: &[u8]) -> Result<Field<'_>, String> {
    let cut_off = || "its end is missing: the file may be cut off".to_owned();
    let (rest, magic) = bytes.split_last_chunk::<4>().ok_or_else(cut_off)?;
    if magic == b"PARE" {
        return Err("it is encrypted".to_owned());
    }
    if magic != MAGIC {
        return Err(cut_off());
    }
    let (rest, n) = rest.split_last_chunk::<4>().ok_or_else(cut_off)?;
    let n = usize::try_from(u32::from_le_bytes(*n)).unwrap_or(usize::MAX);
    let start = rest.len().checked_sub(n).ok_or_else(cut_off)?;
    thrift::structure(&rest[start..]).map(|(fields, _)| fields)
}

/// A cursor for each leaf of the schema, in its order.
fn cursors<'a>(
    bytes: &'a [u8],
    group: &Field<'a>,
    schema: &[Node],
) -> Result<Vec<Cursor<'a>>, String> {
    let chunks = group.list(1);
    let leaves: Vec<&schema::Leaf> = schema.iter().flat_map(Node::leaves).collect();
    if chunks.len() != leaves.len() {
        return Err("its columns do not fit its schema".to_owned());
    }
    leaves
        .into_iter()
        .zip(chunks)
        .map(|(leaf, chunk)| Chunk::open(bytes, chunk).map(|chunk| Cursor::new(chunk, *leaf)))
        .collect()
}

fn row<'a>(
    schema: &'a [Node],
    cursors: &mut [Cursor],
    budget: &mut Budget,
) -> Result<Row<'a>, String> {
    let mut cells = Vec::with_capacity(schema.len());
    for node in schema {
        let value = value(node, cursors, budget)?;
        if !node.is_foreign {
            cells.push((Cow::Borrowed(node.name.as_str()), value));
        }
    }
    Ok(Row::new(cells))
}

/// Puts a value together from the columns of its leaves (the record assembly of Melnik and others, "Dremel", 2010).
fn value(node: &Node, cursors: &mut [Cursor], budget: &mut Budget) -> Result<Value, String> {
    let Some(cursor) = cursors.get_mut(node.first_leaf) else {
        return Err("its columns do not fit its schema".to_owned());
    };
    if node.is_repeated {
        let mut elements = Vec::new();
        if cursor.definition(budget)? < node.definition {
            skip(node, cursors, budget)?;
            return Ok(Value::Array(elements));
        }
        loop {
            elements.push(one(node, cursors, budget)?);
            budget.spend(size_of::<Value>())?;
            if MAX_ELEMENTS < elements.len() {
                return Err(format!("a cell has more than {MAX_ELEMENTS} elements"));
            }
            let cursor = &mut cursors[node.first_leaf];
            if cursor.repetition(budget)? != Some(node.repetition) {
                return Ok(Value::Array(elements));
            }
        }
    }
    if cursor.definition(budget)? < node.definition {
        skip(node, cursors, budget)?;
        return Ok(Value::Null);
    }
    one(node, cursors, budget)
}

/// A value that is there.
fn one(node: &Node, cursors: &mut [Cursor], budget: &mut Budget) -> Result<Value, String> {
    match &node.shape {
        Shape::Leaf(_) => cursors[node.first_leaf].take(budget),
        // The lists of Parquet are wrapped in a structure that has no meaning.
        Shape::List(inner) | Shape::Wrapped(inner) => value(inner, cursors, budget),
        Shape::Structure(fields) => {
            let mut map = Map::new();
            for field in fields {
                map.insert(field.name.clone(), value(field, cursors, budget)?);
            }
            Ok(Value::Object(map))
        }
    }
}

/// Moves all leaves below a value that is not there.
fn skip(node: &Node, cursors: &mut [Cursor], budget: &mut Budget) -> Result<(), String> {
    let last = node.first_leaf + node.n_leaves;
    for cursor in cursors.get_mut(node.first_leaf..last).unwrap_or_default() {
        cursor.take(budget)?;
    }
    Ok(())
}
