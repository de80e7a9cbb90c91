//! Owns CSV and TSV: finds the delimiter and the header, and gives each record the line on which it starts.

use std::borrow::Cow;

use csv::{Reader, ReaderBuilder, StringRecord};
use serde_json::Value;

use super::Error;
use super::intake::Intake;
use super::row::Row;
use super::spans::Lines;

const DELIMITERS: [u8; 4] = [b',', b'\t', b';', b'|'];

/// Whether the first line names a column for the question.
pub(super) fn has_header(text: &str) -> bool {
    header(text).is_some()
}

/// What is known of the columns of a table.
struct Layout {
    delimiter: u8,
    header: StringRecord,
    /// Whether the first record is the header, and no row.
    is_first: bool,
}

/// The columns, by a header that names a question, by the form that MMLU has without one, or by any header where all are taken.
fn layout(text: &str, takes_any: bool) -> Option<Layout> {
    let named =
        header(text).map(|(delimiter, header)| Layout { delimiter, header, is_first: true });
    named.or_else(|| headerless(text)).or_else(|| if takes_any { any(text) } else { None })
}

/// Reads text with a row on each line into `intake`.
pub(super) fn read(file: &str, text: &str, intake: &mut Intake) -> Result<(), Error> {
    let Some(Layout { delimiter, header, is_first }) = layout(text, intake.takes_any()) else {
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
    let mut is_header = is_first;
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

/// How many records are looked at to tell the columns of a file without a header.
const N_LOOKED_AT: usize = 50;

/// The first records under a delimiter, blank ones left out.
fn first_records(text: &str, delimiter: u8) -> Vec<StringRecord> {
    let records = reader(text, delimiter).into_records().map_while(Result::ok);
    records
        .filter(|record| record.iter().any(|cell| !cell.trim().is_empty()))
        .take(N_LOOKED_AT)
        .collect()
}

/// The files of MMLU have no header: a question, its options, and the letter of the right one in each record.
fn headerless(text: &str) -> Option<Layout> {
    DELIMITERS.iter().find_map(|delimiter| {
        let records = first_records(text, *delimiter);
        let n = records.first()?.len();
        let n_options = n.checked_sub(2).filter(|n| (2..=26).contains(n))?;
        let is_fitting = |record: &StringRecord| {
            let letter = record.get(record.len() - 1).unwrap_or_default().trim();
            let mut letters = (0..n_options).map(super::Choice::letter);
            record.len() == n && letters.any(|known| letter.chars().eq([known]))
        };
        // A broken record among many is told when it is read.
        let n_fitting = records.iter().filter(|record| is_fitting(record)).count();
        let is_mmlu = is_fitting(&records[0]) && 9 * records.len() <= 10 * n_fitting;
        let names = (0..n_options).map(|idx| super::Choice::letter(idx).to_string());
        let names =
            std::iter::once("question".to_owned()).chain(names).chain(["answer".to_owned()]);
        is_mmlu.then(|| Layout { delimiter: *delimiter, header: names.collect(), is_first: false })
    })
}

/// Columns whose meaning a person will tell. Where the first record can be no header, they are numbered.
fn any(text: &str) -> Option<Layout> {
    const MAX_NAME: usize = 60;
    let candidates = DELIMITERS.iter().filter_map(|delimiter| {
        let records = first_records(text, *delimiter);
        let n = records.first()?.len();
        let n_same = records.iter().filter(|record| record.len() == n).count();
        (n > 1).then_some((n_same * n, *delimiter, records))
    });
    let (_, delimiter, records) = candidates.max_by_key(|(n_cells, ..)| *n_cells)?;
    let (first, rest) = records.split_first()?;
    let mut header = first.clone();
    header.trim();
    // What comes again in its column is content and no name.
    let comes_again = rest.iter().any(|record| {
        header.iter().zip(record).any(|(name, cell)| !name.is_empty() && name == cell.trim())
    });
    let is_name = |cell: &str| {
        let is_short = !cell.is_empty() && cell.len() <= MAX_NAME;
        is_short && !cell.ends_with('?') && cell.parse::<f64>().is_err()
    };
    let n_names = header.iter().filter(|cell| is_name(cell)).count();
    let is_unique = header
        .iter()
        .enumerate()
        .all(|(idx, cell)| !header.iter().skip(idx + 1).any(|other| other == cell));
    // Data frames leave the name of their first column empty.
    let is_first = is_unique && !comes_again && header.len() <= n_names + 1;
    if !is_first {
        header = (1..=header.len()).map(|number| format!("column {number}")).collect();
    }
    Some(Layout { delimiter, header, is_first })
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
