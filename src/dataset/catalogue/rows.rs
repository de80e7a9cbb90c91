//! Owns what has been fetched: files, and rows that came page by page.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::address::N_PER_PAGE;
use super::{Entry, Part, Role};

/// More rows than these are not fetched page by page: that would be a request for each hundred.
pub(super) const MAX_ROWS: usize = 25_000;

/// What a file holds. Text is kept as text, so that a load that was stopped can be stored as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    /// UTF-8.
    Text(String),
    /// Anything else, and files that are not whole yet.
    Bytes(#[serde(with = "by_char")] Vec<u8>),
}

/// Bytes as a text with one character for each: a list of numbers would be three times as long.
mod by_char {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&bytes.iter().map(|byte| char::from(*byte)).collect::<String>())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(de: D) -> Result<Vec<u8>, D::Error> {
        let text = String::deserialize(de)?;
        let bytes: Result<Vec<u8>, _> = text.chars().map(u8::try_from).collect();
        bytes.map_err(D::Error::custom)
    }
}

impl Default for Content {
    fn default() -> Self {
        Self::Text(String::new())
    }
}

impl Content {
    /// The bytes as they came.
    pub fn bytes(&self) -> &[u8] {
        match self {
            Self::Text(text) => text.as_bytes(),
            Self::Bytes(bytes) => bytes,
        }
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        match self {
            Self::Text(text) => text.into_bytes(),
            Self::Bytes(bytes) => bytes,
        }
    }

    pub(super) fn from_bytes(bytes: Vec<u8>) -> Self {
        match String::from_utf8(bytes) {
            Ok(text) => Self::Text(text),
            Err(error) => Self::Bytes(error.into_bytes()),
        }
    }
}

/// A part of a set that was fetched or opened by hand, or one that is done without.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gotten {
    /// Index of the part.
    pub part: usize,
    /// Index of the place that it came from; `None` for a file opened by hand, and for an optional part that no place gave.
    pub place: Option<usize>,
    /// Name to open it under.
    pub file_name: String,
    /// What came.
    pub content: Content,
    /// What is to be told, in sentences.
    pub notices: Vec<String>,
}

impl Gotten {
    /// A file that the person downloaded, in the place of a part: of the one whose name is in the file's name, else of the
    /// one that is published under that name, else of the first with questions.
    pub fn by_hand(entry: &Entry, file_name: &str, bytes: Vec<u8>) -> Self {
        let fold = |name: &str| name.to_lowercase().replace('_', "-");
        let folded = fold(file_name);
        let is_named = |part: &Part| folded.contains(&part.name);
        // A browser may put a number behind the name, before the ending.
        let is_published_as = |part: &Part| {
            part.places.iter().filter(|place| place.is_file()).any(|place| {
                let published = fold(&place.file_name());
                published.split('.').next().is_some_and(|stem| folded.starts_with(stem))
            })
        };
        let has_questions = |part: &Part| part.role == Role::Questions;
        let part = entry.parts.iter().position(is_named);
        let part = part.or_else(|| entry.parts.iter().position(is_published_as));
        let part = part.or_else(|| entry.parts.iter().position(has_questions)).unwrap_or_default();
        let content = Content::from_bytes(bytes);
        Self { part, place: None, file_name: file_name.to_owned(), content, notices: vec![] }
    }

    /// Whether there is nothing: an optional part that no place gave.
    pub fn is_missing(&self) -> bool {
        self.place.is_none() && self.content.bytes().is_empty()
    }
}

/// Rows that came so far.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct Rows {
    /// As JSON, each in the server's wrapping, which tells where cells are cut.
    texts: Vec<String>,
    /// Pages that came.
    n_pages: usize,
    /// Rows that the server has.
    total: Option<usize>,
    /// Rows with cells that were cut.
    pub(super) n_cut: usize,
    /// Whether the server holds a part of the set only.
    is_partial: bool,
    /// Times that the fetching began anew because the set changed meanwhile.
    pub(super) n_restarts: u32,
}

#[derive(Deserialize)]
struct Page {
    rows: Vec<PageRow>,
    num_rows_total: Option<usize>,
    #[serde(default)]
    partial: bool,
}

#[derive(Deserialize)]
struct PageRow {
    row_idx: usize,
    row: Value,
    #[serde(default)]
    truncated_cells: Vec<Value>,
}

/// What a page led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Taken {
    /// It was taken in.
    Page,
    /// The set has changed since the first page: from the beginning.
    Changed,
    /// Not what was asked for.
    Garbled(String),
    /// More than is fetched page by page.
    TooMany(usize),
}

/// Which rows are asked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted<'a> {
    pub(super) split: &'a str,
    /// Whether the server leaves rows out, so that their numbers have gaps.
    pub(super) is_filtered: bool,
    pub(super) at_most: Option<usize>,
}

impl Rows {
    /// None yet, after those that came turned out to be of another state of the set.
    pub(super) fn anew(&self) -> Self {
        Self { n_restarts: self.n_restarts + 1, ..Self::default() }
    }

    /// Where the next page begins.
    pub(super) fn offset(&self, at_most: Option<usize>) -> usize {
        match (self.total, at_most) {
            (Some(total), Some(at_most)) if at_most < total => {
                self.n_pages * (total / at_most.div_ceil(N_PER_PAGE))
            }
            _ => self.n_pages * N_PER_PAGE,
        }
    }

    /// Rows that came, and rows that are to come in all once the first page is there.
    pub(super) fn progress(&self, at_most: Option<usize>) -> (usize, Option<usize>) {
        (self.texts.len(), self.goal(at_most))
    }

    fn goal(&self, at_most: Option<usize>) -> Option<usize> {
        self.total.map(|total| at_most.map_or(total, |at_most| at_most.min(total)))
    }

    pub(super) fn is_complete(&self, at_most: Option<usize>) -> bool {
        self.goal(at_most).is_some_and(|goal| self.texts.len() >= goal)
    }

    /// Takes in the page that was asked for at [`Self::offset`].
    pub(super) fn take(&mut self, body: &[u8], wanted: Wanted) -> Taken {
        let page: Page = match serde_json::from_slice(body) {
            Ok(page) => page,
            Err(error) => {
                return Taken::Garbled(format!("the page of rows cannot be read: {error}."));
            }
        };
        let total = page.num_rows_total.or(self.total);
        let Some(total) = total else {
            return Taken::Garbled("the page does not say how many rows there are.".to_owned());
        };
        if self.total.is_some_and(|known| known != total) {
            return Taken::Changed;
        }
        if wanted.at_most.unwrap_or(total) > MAX_ROWS {
            return Taken::TooMany(total);
        }
        let offset = self.offset(wanted.at_most);
        let n_due = total.saturating_sub(offset).min(N_PER_PAGE);
        if page.rows.is_empty() || page.rows.len() > n_due {
            let n = page.rows.len();
            if total == 0 {
                return Taken::Garbled("the split has no rows.".to_owned());
            }
            return Taken::Garbled(format!("{n} rows came where {n_due} were due."));
        }
        let is_in_place =
            |(idx, row): (usize, &PageRow)| wanted.is_filtered || row.row_idx == offset + idx;
        if !page.rows.iter().enumerate().all(is_in_place) {
            return Taken::Garbled("other rows came than were asked for.".to_owned());
        }
        if page.rows.len() < n_due {
            let n = page.rows.len();
            return Taken::Garbled(format!("{n} rows came where {n_due} were due."));
        }
        self.total = Some(total);
        self.is_partial |= page.partial;
        self.n_pages += 1;
        let n_left = self.goal(wanted.at_most).unwrap_or(total).saturating_sub(self.texts.len());
        for PageRow { row_idx, mut row, truncated_cells } in page.rows.into_iter().take(n_left) {
            self.n_cut += usize::from(!truncated_cells.is_empty());
            // Of a sample, the number of the row is worth keeping: it says which it was.
            if let (Some(_), Value::Object(cells)) = (wanted.at_most, &mut row) {
                let id = format!("{}-{row_idx}", wanted.split);
                cells.entry("id").or_insert(Value::String(id));
            }
            let row = json!({"row_idx": row_idx, "row": row, "truncated_cells": truncated_cells});
            self.texts.push(row.to_string());
        }
        Taken::Page
    }

    /// The rows as a JSON list with one to a line, and what is to be told of them.
    pub(super) fn finish(self) -> (Content, Vec<String>) {
        let mut notices = Vec::new();
        if self.is_partial {
            notices.push("Hugging Face serves only the first part of this set row by row; the rest is missing.".to_owned());
        }
        if self.n_cut > 0 {
            let n = self.n_cut;
            notices.push(format!(
                "{n} rows came with cells that the server cut short; they were left out."
            ));
        }
        if let Some(total) = self.total.filter(|total| self.texts.len() < *total) {
            let n = self.texts.len();
            notices.push(format!(
                "{n} of {total} rows were loaded, in pages spread evenly over the split."
            ));
        }
        (Content::Text(format!("[{}]", self.texts.join(",\n"))), notices)
    }
}
