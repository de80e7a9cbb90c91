//! Owns the large file as JSON Lines and as CSV.

use std::io::Write as _;

use serde_json::json;

use super::rows::{NAMES, row};

/// With an object on each line.
pub(super) fn jsonl(n_rows: usize) -> Vec<u8> {
    let mut file = Vec::with_capacity(n_rows * 700);
    for number in 0..n_rows {
        let row = row(number);
        for (idx, (name, text)) in NAMES.into_iter().zip(row.texts()).enumerate() {
            let before = if idx == 0 { "{" } else { ", " };
            let _ = write!(file, "{before}\"{name}\": {}", json!(text));
        }
        let _ = writeln!(file, ", \"cop\": {}}}", row.right);
    }
    file
}

/// With a header, and quotation marks around every cell.
pub(super) fn csv(n_rows: usize) -> Vec<u8> {
    let mut file = Vec::with_capacity(n_rows * 600);
    let _ = writeln!(file, "{},cop", NAMES.join(","));
    for number in 0..n_rows {
        let row = row(number);
        for text in row.texts() {
            let _ = write!(file, "\"{}\",", text.replace('"', "\"\""));
        }
        let _ = writeln!(file, "{}", row.right);
    }
    file
}
