//! Owns the opening of result files: our own export, and other programs' answers per item.

mod answers;
mod run_file;

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use super::export;
use crate::run::Journal;
use crate::run::chain::Broken;
use crate::run::record::PlanError;

pub use answers::{Answers, Notice};

/// What a file turned out to be.
#[derive(Debug, Clone, PartialEq)]
pub enum Opened {
    /// A run that this program exported.
    Run {
        /// The run.
        journal: Journal,
        /// Set when the file was changed after its export. The run is shown all the same, with a loud warning.
        broken: Option<Broken>,
    },
    /// Answers that another program collected and scored, one row per item.
    Answers(Answers),
}

/// Why a file cannot be opened as results.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It is something else, such as questions: try to open it as that.
    #[error("{file_name} holds no results that this program knows")]
    NotResults {
        /// As given.
        file_name: String,
    },
    /// It is one of our own tables for spreadsheets, which hold less than a run.
    #[error(
        "{file_name} is a table that Viva saved for spreadsheets; to look at the results here, open the run's JSON file"
    )]
    ForSpreadsheets {
        /// As given.
        file_name: String,
    },
    /// A newer program wrote it.
    #[error("{file_name} was written by a newer version ({schema}); open it with that version")]
    NewerSchema {
        /// As given.
        file_name: String,
        /// What the file calls its format.
        schema: String,
    },
    /// It is a run, but cut off or damaged so that it cannot be read.
    #[error("{file_name} is a saved run, but it cannot be read ({source}); export it again")]
    Damaged {
        /// As given.
        file_name: String,
        /// Where reading stopped.
        source: serde_json::Error,
    },
    /// It is a run whose plan makes no sense.
    #[error("{file_name} is a saved run, but {source}")]
    Plan {
        /// As given.
        file_name: String,
        /// What is wrong.
        source: PlanError,
    },
    /// It is a table of answers without a row that can be used.
    #[error(
        "{file_name} has the columns of a table of answers, but no row that can be used; the first problem: {first}"
    )]
    NoRows {
        /// As given.
        file_name: String,
        /// The first notice.
        first: String,
    },
}

/// Opens a result file. [`Error::NotResults`] means that the caller may try it as questions.
pub fn open(file_name: &str, bytes: &[u8]) -> Result<Opened, Error> {
    // Nothing in it waits but the rests, which do not here: it is done when it is first asked.
    let opened = pin!(open_in_steps(file_name, bytes, &async || ()));
    match opened.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(opened) => opened,
        Poll::Pending => Err(Error::NotResults { file_name: file_name.to_owned() }),
    }
}

/// The same for a page that goes on living meanwhile: `rest` is called after each row, and may let others work.
pub async fn open_in_steps(
    file_name: &str,
    bytes: &[u8],
    rest: &impl AsyncFn(),
) -> Result<Opened, Error> {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    match bytes.trim_ascii_start().first() {
        Some(b'{') => run_file::open(file_name, bytes),
        Some(_) if export::is_table(bytes) => {
            Err(Error::ForSpreadsheets { file_name: file_name.to_owned() })
        }
        Some(_) => answers::open(file_name, bytes, rest).await.map(Opened::Answers),
        None => Err(Error::NotResults { file_name: file_name.to_owned() }),
    }
}

#[cfg(test)]
mod tests;
