//! Owns the way of a file into the editor: it is read in a thread, and its questions come over in parts.

use super::desk::EDIT;
use super::{N_A_PART, Opening, unexpected};
use crate::browser::clock;
use crate::browser::error::Error;
use crate::browser::files::File;
use crate::dataset::edit::{PackDraft, Reading, item_of};
use crate::dataset::library::{Request, Response};

impl Opening {
    /// Opens a file to be edited, unfinished questions included. The thread ends with it.
    pub async fn edit(self, file: &File) -> Result<Reading, Error> {
        let Self(librarian) = self;
        let opened = librarian.hand_over(EDIT, &file.name(), file.as_ref()).await?;
        let (about, n_items, refusals, notices) = match opened {
            Response::Draft { about, n_items, refusals, notices } => {
                (about, n_items, refusals, notices)
            }
            Response::Refused { reason } => return Err(Error::Refused(reason)),
            _ => return Err(unexpected()),
        };
        let mut items = Vec::with_capacity(n_items);
        while items.len() < n_items {
            let part = Request::DraftItems { start: items.len(), n: N_A_PART };
            let Response::DraftItems { items: records } = librarian.ask(&part).await? else {
                return Err(unexpected());
            };
            if records.is_empty() {
                return Err(unexpected());
            }
            for record in records {
                let item = item_of(record);
                items.push(item.map_err(|invalid| Error::Refused(invalid.to_string()))?);
            }
            clock::next_turn().await;
        }
        Ok(Reading { draft: PackDraft::new(about, items), refusals, notices })
    }
}
