//! Owns the opening of a file of questions: what it is, by its content and not by its name.

use std::borrow::Cow;

use super::encoding::{Text, decode};
use super::intake::{Intake, Mode};
use super::unpack::{self, Budget};
use super::zip::{self, Zip};
use super::{Dataset, Error, Import, archive, json, numbered, parquet, table, xlsx};

/// Reads the questions of a file.
///
/// Packs, JSON, JSON Lines, CSV, TSV, Excel workbooks, Parquet, text with numbered questions, and gzip, Zstandard and ZIP
/// archives of these are told apart by their content; `file_name` only names the dataset and the messages.
/// Every row of the file becomes an item or a [`Refusal`](super::Refusal), and what had to be assumed is told in the notices.
pub fn open(file_name: &str, bytes: &[u8]) -> Result<Import, Error> {
    open_as(file_name, bytes, &Mode::Recognise)
}

/// Reads the questions of a file, its rows as `mode` says.
pub(super) fn open_as(file_name: &str, bytes: &[u8], mode: &Mode) -> Result<Import, Error> {
    let mut budget = Budget::default();
    let bytes = peel(file_name, bytes, &mut budget)?;
    match archive_of(file_name, &bytes)? {
        Some(zip) => archive::open(file_name, &zip, mode, &mut budget),
        None => open_one(file_name, &bytes, mode, &mut budget),
    }
}

/// The bytes without an outer wrapping.
pub(super) fn peel<'a>(
    file_name: &str,
    bytes: &'a [u8],
    budget: &mut Budget,
) -> Result<Cow<'a, [u8]>, Error> {
    unpack::peel(bytes, budget).map_err(|reason| Error::Broken {
        file: file_name.to_owned(),
        what: "a packed file",
        reason,
    })
}

/// The archive that the bytes are, unless they are a workbook or no archive at all.
pub(super) fn archive_of<'a>(file_name: &str, bytes: &'a [u8]) -> Result<Option<Zip<'a>>, Error> {
    if !zip::is_zip(bytes) {
        return Ok(None);
    }
    Ok(Some(open_zip(file_name, bytes)?).filter(|zip| !xlsx::is_workbook(zip)))
}

fn open_zip<'a>(file_name: &str, bytes: &'a [u8]) -> Result<Zip<'a>, Error> {
    Zip::open(bytes).map_err(|reason| Error::Broken {
        file: file_name.to_owned(),
        what: "a ZIP archive",
        reason,
    })
}

/// Reads a file that is no archive.
pub(super) fn open_one(
    file_name: &str,
    bytes: &[u8],
    mode: &Mode,
    budget: &mut Budget,
) -> Result<Import, Error> {
    let mut intake = Intake::new(mode.clone());
    let dataset = fill(file_name, bytes, &mut intake, budget)?;
    if intake.n_rows() == 0 {
        return Err(Error::NotQuestions { file: file_name.to_owned(), found: intake.why_empty() });
    }
    Ok(intake.finish(dataset))
}

/// Takes the rows of a file that is no archive in.
pub(super) fn fill(
    file_name: &str,
    bytes: &[u8],
    intake: &mut Intake,
    budget: &mut Budget,
) -> Result<Dataset, Error> {
    let mut dataset = unread(file_name);
    if zip::is_zip(bytes) {
        xlsx::read(file_name, &open_zip(file_name, bytes)?, budget, intake)?;
        return Ok(dataset);
    }
    if parquet::is_parquet(bytes) {
        parquet::read(file_name, bytes, budget, intake)?;
        return Ok(dataset);
    }
    let Text { text, notices } = decode(file_name, bytes)?;
    intake.notices.extend(notices);
    if text.trim_start().starts_with(['[', '{']) {
        json::read(file_name, &text, &mut dataset, intake)?;
    } else if table::has_header(&text) || !numbered::read(&text, intake) {
        table::read(file_name, &text, intake)?;
    }
    Ok(dataset)
}

/// What is known of a set before its file is read.
pub(super) fn unread(file_name: &str) -> Dataset {
    let name = stem(file_name);
    Dataset {
        id: name.to_owned(),
        title: name.to_owned(),
        version: String::new(),
        language: String::new(),
        licence: String::new(),
        items: Vec::new(),
        splits: Vec::new(),
    }
}

/// The file's name without folders and extension.
pub(super) fn stem(file_name: &str) -> &str {
    let name = file_name.rsplit(['/', '\\']).next().unwrap_or(file_name);
    let name = name.strip_suffix(".gz").or_else(|| name.strip_suffix(".zst")).unwrap_or(name);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    if stem.is_empty() { "questions" } else { stem }
}

#[cfg(test)]
mod tests;
