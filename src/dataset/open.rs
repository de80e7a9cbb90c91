//! Owns the opening of a file of questions: what it is, by its content and not by its name.

use super::encoding::{Text, decode};
use super::intake::Intake;
use super::known::Known;
use super::{Dataset, Error, Import, json, table};

/// Reads the questions of a file.
///
/// Packs, JSON, JSON Lines, CSV and TSV are told apart by their content; `file_name` only names the dataset and the messages.
/// Every row of the file becomes an item or a [`Refusal`](super::Refusal), and what had to be assumed is told in the notices.
pub fn open(file_name: &str, bytes: &[u8]) -> Result<Import, Error> {
    open_known(file_name, bytes, Known::default())
}

/// Reads the questions of a file of which more is known than its bytes tell.
pub(super) fn open_known(file_name: &str, bytes: &[u8], known: Known) -> Result<Import, Error> {
    let Text { text, notices } = decode(file_name, bytes)?;
    let name = stem(file_name);
    let mut dataset = Dataset {
        id: name.to_owned(),
        title: name.to_owned(),
        version: String::new(),
        language: String::new(),
        licence: String::new(),
        items: Vec::new(),
        splits: Vec::new(),
    };
    let mut intake = Intake::with(known);
    intake.notices = notices;
    if text.trim_start().starts_with(['[', '{']) {
        json::read(file_name, &text, &mut dataset, &mut intake)?;
    } else {
        table::read(file_name, &text, &mut intake)?;
    }
    if intake.n_rows() == 0 {
        return Err(Error::NotQuestions { file: file_name.to_owned(), found: intake.why_empty() });
    }
    Ok(intake.finish(dataset))
}

/// The file's name without folders and extension.
fn stem(file_name: &str) -> &str {
    let name = file_name.rsplit(['/', '\\']).next().unwrap_or(file_name);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    if stem.is_empty() { "questions" } else { stem }
}
