//! Owns what opening a file gives: the items, every row that could not be read, and why a whole file was not questions.

use serde::{Deserialize, Serialize};

use super::Dataset;

/// What a file held.
#[derive(Debug, Clone, PartialEq)]
pub struct Import {
    /// The items that could be read.
    pub dataset: Dataset,
    /// The rows that could not, in the file's order. Each row of the file is an item or stands here.
    pub refusals: Vec<Refusal>,
    /// What was assumed, repaired or left aside, in sentences for people.
    pub notices: Vec<String>,
    /// Rows seen in the file: items and refusals together.
    pub n_rows: usize,
}

/// A row that is no item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// Line on which the row starts, counted from 1.
    pub line: Option<u64>,
    /// The row's id, or `#` and its number counted from 1 where it has none.
    pub item: Option<String>,
    /// The field that is wrong, by its name in the file where it has one.
    pub field: String,
    /// What is wrong with it.
    pub reason: String,
}

/// Why nothing in a file could be read as questions, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// No bytes, or nothing but white space.
    #[error("{file} is empty. Choose another file, or download it again.")]
    Empty {
        /// The file's name.
        file: String,
    },
    /// Not text.
    #[error("{file} is not text but {what}. {advice}")]
    Binary {
        /// The file's name.
        file: String,
        /// What its first bytes say it is.
        what: &'static str,
        /// What to do.
        advice: &'static str,
    },
    /// A known format, but damaged, locked or too large.
    #[error(
        "{file} is {what} that cannot be read: {reason}. Download or save it again, or save it as CSV or JSON Lines."
    )]
    Broken {
        /// The file's name.
        file: String,
        /// What it is.
        what: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// An archive in which no file holds questions.
    #[error("{file} is an archive in which no questions were found: {}.", reasons.join("; "))]
    Archive {
        /// The archive's name.
        file: String,
        /// For each file in it, why it gave none.
        reasons: Vec<String>,
    },
    /// A page or a pointer that was saved in place of the data.
    #[error("{file} is {what}, not the data itself. {advice}")]
    StandIn {
        /// The file's name.
        file: String,
        /// What it is.
        what: &'static str,
        /// What to do.
        advice: &'static str,
    },
    /// Answers that models gave to questions; another reader takes them.
    #[error(
        "{file} holds answers that were given to questions ({found}). Open it as results, not as questions."
    )]
    IsAnswers {
        /// The file's name.
        file: String,
        /// By what it was recognised.
        found: String,
    },
    /// A pack in a form that a later version of this program writes.
    #[error(
        "{file} is a pack of the form {schema}, which this version does not know. Reload the page to get the latest version."
    )]
    UnknownPack {
        /// The file's name.
        file: String,
        /// What the pack says of itself.
        schema: String,
    },
    /// Right answers, and none of the questions that they belong to: no other names for its columns would help.
    #[error("{file} holds no questions: {found}.")]
    RightAnswersAlone {
        /// The file's name.
        file: String,
        /// By what it was recognised, and which file to open instead.
        found: String,
    },
    /// Text, but of no known shape.
    #[error(
        "{file} holds no questions that can be recognised: {found}. Questions are read from JSON, JSON Lines, CSV, TSV, Excel \
         workbooks and Parquet with a question and the right answer in each row, from text with numbered questions, and from ZIP archives of these."
    )]
    NotQuestions {
        /// The file's name.
        file: String,
        /// What was found instead.
        found: String,
    },
}
