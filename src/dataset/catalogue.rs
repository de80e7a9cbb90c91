//! Owns the catalogue: the published sets, where they are loaded from, and how what comes from there becomes items.
//!
//! [`Catalogue::read`] reads `www/data/catalogue.json`. [`Load`] fetches a set without doing I/O itself: it says what to
//! fetch or how long to wait, and is told what came. [`finish`] makes items of what was fetched.

mod address;
mod check;
mod disputed;
mod entry;
mod find;
mod finish;
mod hub;
mod keep;
mod load;
mod reply;
mod rows;
mod step;

use serde::Deserialize;
use serde_json::Value;

use super::Refusal;

pub use super::known::Keep;
pub use address::rows_url;
pub use entry::{ByHand, Entry, Licence, Part, Place, Role, Rules, Score, Trap, WordSplit};
pub use find::Query;
pub use finish::{Finished, finish};
pub use hub::{HubAddress, SplitName};
pub use keep::GottenHead;
pub use load::Load;
pub use reply::{Head, Reply};
pub use rows::{Content, Gotten};
pub use step::{Event, Failure, Progress, Step, Unit};

/// What the file says it is.
pub const CATALOGUE_SCHEMA: &str = "viva-catalogue/1";

/// The published sets.
#[derive(Debug, Clone, PartialEq)]
pub struct Catalogue {
    /// The day on which its facts were gathered, as `2026-11-25`.
    pub as_of: String,
    /// In the order in which they are shown.
    pub entries: Vec<Entry>,
    /// Entries that are not usable, with the place in the file and the reason. Those above are all sound.
    pub refusals: Vec<Refusal>,
}

/// Why no catalogue could be read at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CatalogueError {
    /// Not JSON, or not of the outer form.
    #[error("The catalogue cannot be read: {reason}. Reload the page.")]
    Unreadable {
        /// What is wrong.
        reason: String,
    },
    /// Written by a later version of this program.
    #[error(
        "The catalogue is of the form {schema}, which this version does not know. Reload the page to get the latest version."
    )]
    UnknownSchema {
        /// What it says of itself.
        schema: String,
    },
}

#[derive(Deserialize)]
struct CatalogueFile {
    schema: String,
    as_of: String,
    entries: Vec<Value>,
}

impl Catalogue {
    /// Reads the catalogue's JSON. An entry that is wrong costs itself only.
    pub fn read(text: &str) -> Result<Self, CatalogueError> {
        let file: CatalogueFile = serde_json::from_str(text)
            .map_err(|error| CatalogueError::Unreadable { reason: error.to_string() })?;
        if file.schema != CATALOGUE_SCHEMA {
            return Err(CatalogueError::UnknownSchema { schema: file.schema });
        }
        let mut read = Self { as_of: file.as_of, entries: vec![], refusals: vec![] };
        for (idx, value) in file.entries.into_iter().enumerate() {
            let name = value.get("id").and_then(Value::as_str).filter(|id| !id.is_empty());
            let name = name.map(str::to_owned);
            let item = Some(name.unwrap_or_else(|| format!("#{}", idx + 1)));
            let refuse = |field: String, reason: String| Refusal {
                line: None,
                item: item.clone(),
                field,
                reason,
            };
            match serde_json::from_value::<Entry>(value) {
                Err(error) => {
                    read.refusals.push(refuse(format!("entries[{idx}]"), error.to_string()));
                }
                Ok(entry) if read.entry(&entry.id).is_some() => {
                    let reason = "is the id of an earlier entry".to_owned();
                    read.refusals.push(refuse(format!("entries[{idx}].id"), reason));
                }
                Ok(entry) => {
                    let faults = check::faults_of(&entry);
                    if faults.is_empty() {
                        read.entries.push(entry);
                    }
                    let refusals = faults
                        .into_iter()
                        .map(|(field, reason)| refuse(format!("entries[{idx}].{field}"), reason));
                    read.refusals.extend(refusals);
                }
            }
        }
        Ok(read)
    }

    /// The entry with an id.
    pub fn entry(&self, id: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.id == id)
    }
}
