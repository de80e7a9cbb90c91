//! Owns the page's side of a file whose columns a person names: its thread keeps the bytes, and tries mappings on them.

use std::sync::Arc;

use super::desk::LOOK;
use super::{Librarian, Opening, unexpected};
use crate::browser::error::Error;
use crate::browser::files::File;
use crate::dataset::library::{Request, Response, Summary};
use crate::dataset::mapping::{Column, Mapping};
use crate::dataset::{Item, Refusal};

/// A file whose columns are to be named. When the last handle is dropped, its thread ends and the bytes go.
#[derive(Clone)]
pub struct Unread {
    librarian: Librarian,
    file: File,
    /// Its columns.
    pub columns: Arc<Vec<Column>>,
    /// What they seem to be.
    pub guessed: Mapping,
    /// Why it could not be opened as it is; empty where it could.
    pub reason: String,
}

/// What a mapping makes of a file.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Previewed {
    /// The first of its items.
    pub items: Vec<Item>,
    /// All of them.
    pub n_items: usize,
    /// The first rows that could not be read.
    pub refusals: Vec<Refusal>,
    /// All of them.
    pub n_refused: usize,
    /// What was assumed or changed.
    pub notices: Vec<String>,
}

impl Opening {
    /// Opens a file for its columns alone: a person wants to name them otherwise than they were read.
    pub async fn look(self, file: &File) -> Result<Unread, Error> {
        let Self(librarian) = self;
        let response = librarian.hand_over(LOOK, &file.name(), file.as_ref()).await?;
        Unread::of(response, librarian, file, String::new())
    }
}

impl Librarian {
    /// The columns of the file that this thread could not open.
    pub(super) async fn columns(&self, file: &File, reason: String) -> Result<Unread, Error> {
        let response = self.ask(&Request::Columns).await?;
        Unread::of(response, self.clone(), file, reason)
    }
}

impl Unread {
    fn of(
        response: Response,
        librarian: Librarian,
        file: &File,
        reason: String,
    ) -> Result<Self, Error> {
        match response {
            Response::Columns { columns, mapping, .. } => Ok(Self {
                librarian,
                file: file.clone(),
                columns: Arc::new(columns),
                guessed: mapping,
                reason,
            }),
            Response::Refused { reason } => Err(Error::Refused(reason)),
            _ => Err(unexpected()),
        }
    }

    /// What a mapping makes of it.
    pub async fn preview(&self, mapping: &Mapping) -> Result<Previewed, Error> {
        let mapping = mapping.clone();
        match self.librarian.ask(&Request::Preview { mapping }).await? {
            Response::Preview { items, n_items, refusals, n_refused, notices } => Ok(Previewed {
                items: items.into_iter().filter_map(|record| Item::try_from(record).ok()).collect(),
                n_items,
                refusals,
                n_refused,
                notices,
            }),
            Response::Refused { reason } => Err(Error::Refused(reason)),
            _ => Err(unexpected()),
        }
    }

    /// Opens it as a set. The thread is then that of the set.
    pub async fn open(&self, mapping: &Mapping) -> Result<(Librarian, Summary), Error> {
        let mapping = mapping.clone();
        let response = self.librarian.ask(&Request::OpenWith { mapping }).await?;
        let opened = self.librarian.clone().opened(response)?;
        self.librarian.0.file.replace(Some(self.file.clone()));
        Ok(opened)
    }
}
