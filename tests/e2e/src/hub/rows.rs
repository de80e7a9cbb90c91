//! Owns the answers of the server of rows: `/rows`, `/filter` and `/splits`, and its errors.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::answer::Answer;
use super::shelf::{Gate, RowSet, Shelf};

/// The most rows of one answer.
const MOST_ROWS: usize = 100;

/// What an error is called in `X-Error-Code`, and its status.
type Fault = (u16, &'static str, String);

impl Shelf {
    /// Answers a request to the server of rows.
    pub(super) fn rows_answer(&self, path: &str, query: &str) -> Answer {
        let asked = pairs(query);
        let answer = match path {
            "/rows" => self.page(&asked, None),
            "/filter" => required(&asked, "where").and_then(|only| self.page(&asked, Some(&only))),
            "/splits" => self.splits_page(&asked),
            _ => Err((404, "", "Not found.".to_owned())),
        };
        match answer {
            Ok(body) => Answer::json(200, &body)
                .with("cache-control", "max-age=3600")
                .with("x-revision", "0123456789abcdef0123456789abcdef01234567"),
            Err((status, code, message)) => {
                let answer = Answer::json(status, &json!({"error": message}));
                if code.is_empty() { answer } else { answer.with("x-error-code", code) }
            }
        }
    }

    fn page(&self, asked: &BTreeMap<String, String>, only: Option<&str>) -> Result<Value, Fault> {
        let [dataset, config, split] =
            ["dataset", "config", "split"].map(|name| required(asked, name));
        let (dataset, config, split) = (dataset?, config?, split?);
        let offset = number(asked, "offset", 0)?;
        let length = number(asked, "length", MOST_ROWS)?;
        if length > MOST_ROWS {
            let message = format!("Parameter 'length' must not be greater than {MOST_ROWS}");
            return Err((422, "InvalidParameter", message));
        }
        self.admitted(&dataset)?;
        let Some(set) = self.split([&dataset, &config, &split]) else {
            return Err((404, "ResponseNotFound", "Not found.".to_owned()));
        };
        let rows = set.rows.iter().enumerate();
        let rows: Vec<(usize, &Value)> = match only {
            None => rows.collect(),
            Some(only) => {
                let (column, wanted) = condition(only).ok_or_else(|| {
                    let message = "Parameter 'where' is invalid".to_owned();
                    (422, "InvalidParameter", message)
                })?;
                rows.filter(|(_, row)| row[&column] == wanted.as_str()).collect()
            }
        };
        let page = rows.iter().skip(offset).take(length);
        let page: Vec<Value> = page.map(|(row_idx, row)| set.wrapped(*row_idx, row)).collect();
        Ok(json!({
            "features": features(set.rows.first()),
            "rows": page,
            "num_rows_total": rows.len(),
            "num_rows_per_page": MOST_ROWS,
            "partial": set.is_partial,
        }))
    }

    fn splits_page(&self, asked: &BTreeMap<String, String>) -> Result<Value, Fault> {
        let dataset = required(asked, "dataset")?;
        self.admitted(&dataset)?;
        let splits = self.splits_of(&dataset);
        if splits.is_empty() {
            // A set that the server could not turn into rows.
            let message = "The dataset viewer doesn't support this dataset because it runs arbitrary Python code.";
            return Err((501, "DatasetWithScriptNotSupportedError", message.to_owned()));
        }
        let splits: Vec<Value> = splits
            .into_iter()
            .map(|(config, split)| json!({"dataset": dataset, "config": config, "split": split}))
            .collect();
        Ok(json!({"splits": splits, "pending": [], "failed": []}))
    }

    fn admitted(&self, dataset: &str) -> Result<(), Fault> {
        let refused = |status, code| {
            let message = match status {
                401 => {
                    "The dataset does not exist, or is not accessible without authentication (private or gated). Please check the spelling of the dataset name or retry with authentication."
                }
                _ => {
                    "The dataset does not exist, or is not accessible with the current credentials (private or gated). Please check the spelling of the dataset name or retry with other authentication credentials."
                }
            };
            Err((status, code, message.to_owned()))
        };
        match self.gates.get(dataset) {
            Some(Gate::LogIn) => refused(401, "ExternalUnauthenticatedError"),
            Some(Gate::Listed) => refused(404, "ExternalAuthenticatedError"),
            // Who asks without a key is not told whether there is such a set.
            None if !self.has(dataset) => refused(401, "ExternalUnauthenticatedError"),
            None => Ok(()),
        }
    }
}

impl RowSet {
    /// A row as the server wraps it. A cell that is cut becomes a text, of whatever type it was.
    fn wrapped(&self, row_idx: usize, row: &Value) -> Value {
        let mut row = row.clone();
        let mut cut = Vec::new();
        if let (Some(longest), Value::Object(cells)) = (self.longest_cell, &mut row) {
            for (name, cell) in cells {
                let text = match &*cell {
                    Value::String(text) => text.clone(),
                    other => other.to_string(),
                };
                if text.len() > longest {
                    *cell = text[..text.floor_char_boundary(longest)].into();
                    cut.push(name.clone());
                }
            }
        }
        json!({"row_idx": row_idx, "row": row, "truncated_cells": cut})
    }
}

fn features(row: Option<&Value>) -> Vec<Value> {
    let cells = row.and_then(Value::as_object);
    let cells = cells.into_iter().flatten().enumerate();
    cells
        .map(|(idx, (name, cell))| json!({"feature_idx": idx, "name": name, "type": kind(cell)}))
        .collect()
}

fn kind(cell: &Value) -> Value {
    let plain = |dtype: &str| json!({"dtype": dtype, "_type": "Value"});
    match cell {
        Value::Null => plain("null"),
        Value::Bool(_) => plain("bool"),
        Value::Number(number) if number.is_f64() => plain("float64"),
        Value::Number(_) => plain("int64"),
        Value::String(_) => plain("string"),
        Value::Array(list) => {
            json!({"feature": kind(list.first().unwrap_or(&Value::Null)), "_type": "List"})
        }
        Value::Object(cells) => {
            let cells: Map<String, Value> =
                cells.iter().map(|(name, cell)| (name.clone(), kind(cell))).collect();
            cells.into()
        }
    }
}

/// Reads `"column"='value'`, the one condition that is understood here.
fn condition(only: &str) -> Option<(String, String)> {
    let (column, value) = only.split_once('=')?;
    let column = column.trim().strip_prefix('"')?.strip_suffix('"')?;
    let value = value.trim().strip_prefix('\'')?.strip_suffix('\'')?;
    Some((column.replace("\"\"", "\""), value.replace("''", "'")))
}

fn required(asked: &BTreeMap<String, String>, name: &str) -> Result<String, Fault> {
    let found = asked.get(name).filter(|value| !value.is_empty()).cloned();
    found
        .ok_or_else(|| (422, "MissingRequiredParameter", format!("Parameter '{name}' is required")))
}

fn number(asked: &BTreeMap<String, String>, name: &str, otherwise: usize) -> Result<usize, Fault> {
    asked.get(name).map_or(Ok(otherwise), |value| {
        value.parse().map_err(|_wrong| {
            (422, "InvalidParameter", format!("Parameter '{name}' must be an integer"))
        })
    })
}

/// The pairs of a query, decoded.
fn pairs(query: &str) -> BTreeMap<String, String> {
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.map(|(name, value)| (decoded(name), decoded(&value.replace('+', " ")))).collect()
}

/// Percent-decoded text.
pub(super) fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, more @ ..] = rest {
        let byte = match more {
            [high, low, ..] if *first == b'%' => std::str::from_utf8(&[*high, *low])
                .ok()
                .and_then(|hex| u8::from_str_radix(hex, 16).ok()),
            _ => None,
        };
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { &more[2..] } else { more };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
