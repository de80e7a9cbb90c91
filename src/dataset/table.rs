//! Owns CSV and TSV: finds the delimiter and the header, and gives each record the line on which it starts.

use std::borrow::Cow;

use csv::{Reader, ReaderBuilder, StringRecord};
use serde_json::Value;

use super::Error;
use super::intake::Intake;
use super::row::Row;
use super::spans::Lines;

const DELIMITERS: [u8; 4] = [b',', b'\t', b';', b'|'];

/// Reads text with a header line into `intake`.
pub(super) fn read(file: &str, text: &str, intake: &mut Intake) -> Result<(), Error> {
    let Some((delimiter, header)) = header(text) else {
        let first_line: String =
            text.trim_start().lines().next().unwrap_or_default().chars().take(80).collect();
        let found =
            format!("no column for the question in its first line, which is {first_line:?}");
        return Err(Error::NotQuestions { file: file.to_owned(), found });
    };
    if let Some(found) = empty_row(&header).given_answers() {
        return Err(Error::IsAnswers { file: file.to_owned(), found });
    }
    let mut records = reader(text, delimiter);
    let mut record = StringRecord::new();
    let mut lines = Lines::new(text);
    let mut is_header = true;
    loop {
        let from = offset(&records);
        match records.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => return Ok(()),
            Err(error) => {
                intake.refuse(
                    lines.line(from),
                    None,
                    "CSV",
                    format!("cannot be read: {error}; the rest of the file was not read"),
                );
                return Ok(());
            }
        }
        if std::mem::take(&mut is_header) || record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        take(text, from..offset(&records), &header, &record, &mut lines, intake);
    }
}

fn take(
    text: &str,
    bytes: std::ops::Range<usize>,
    header: &StringRecord,
    record: &StringRecord,
    lines: &mut Lines,
    intake: &mut Intake,
) {
    let raw = text.get(bytes.clone()).unwrap_or_default();
    // The reader leaves the second half of a CRLF, and blank lines, to the record that follows.
    let content = raw.trim_start_matches(['\r', '\n']);
    let line = lines.line(bytes.end - content.len());
    let content = content.trim_end_matches(['\r', '\n']);
    let n_breaks = content.matches('\n').count();
    let extent = if n_breaks == 0 {
        String::new()
    } else {
        format!("; lines {line} to {} were taken for one row", line + n_breaks as u64)
    };
    let mut row = Row::new(cells(header, record));
    if n_breaks > 0 && content.matches('"').count() % 2 == 1 {
        intake.refuse(
            line,
            row.take_id(),
            "CSV",
            format!("has a quotation mark that is not closed{extent}"),
        );
    } else if record.iter().skip(header.len()).any(|cell| !cell.trim().is_empty()) {
        let (has, wants) = (record.len(), header.len());
        let reason = format!(
            "has {has} cells where the header has {wants}: a delimiter or quotation mark is wrong{extent}"
        );
        intake.refuse(line, row.take_id(), "CSV", reason);
    } else {
        intake.row(line, row);
    }
}

fn cells<'a>(header: &'a StringRecord, record: &StringRecord) -> Vec<(Cow<'a, str>, Value)> {
    let named = header.iter().zip(record).filter(|(name, _)| !name.is_empty());
    named.map(|(name, cell)| (Cow::Borrowed(name), Value::String(cell.to_owned()))).collect()
}

fn empty_row(header: &StringRecord) -> Row<'_> {
    Row::new(header.iter().map(|name| (Cow::Borrowed(name), Value::Null)).collect())
}

/// The delimiter under which the first record names a question, and that record; of several the one with the most cells.
fn header(text: &str) -> Option<(u8, StringRecord)> {
    let candidates = DELIMITERS.iter().filter_map(|delimiter| {
        let mut record = StringRecord::new();
        let is_read = reader(text, *delimiter).read_record(&mut record).unwrap_or(false);
        record.trim();
        let names_question = is_read && empty_row(&record).has_question();
        names_question.then_some((*delimiter, record))
    });
    candidates.max_by_key(|(_, record)| record.len())
}

fn reader(text: &str, delimiter: u8) -> Reader<&[u8]> {
    ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes())
}

fn offset(reader: &Reader<&[u8]>) -> usize {
    usize::try_from(reader.position().byte()).unwrap_or(usize::MAX)
}
