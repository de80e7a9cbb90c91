//! Owns the file of a pack that is edited: written as it stands, faults and all, and read back without loss.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{About, PackDraft};
use crate::dataset::record::PACK_SCHEMA;
use crate::dataset::{Dataset, Error, Invalid, Item, ItemRecord, PackFile, Refusal, convert, open};

/// A file opened for editing.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// What can be edited.
    pub draft: PackDraft,
    /// Entries of the file that are no items; they are not in the draft.
    pub refusals: Vec<Refusal>,
    /// What was assumed or changed in reading.
    pub notices: Vec<String>,
}

/// A pack whose items are read one by one, so that one that is wrong costs itself only.
#[derive(Deserialize)]
struct LoosePack {
    schema: String,
    #[serde(default)]
    id: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    version: String,
    #[serde(default)]
    language: String,
    #[serde(default)]
    licence: String,
    #[serde(default)]
    description: String,
    items: Vec<serde_json::Value>,
    #[serde(flatten)]
    others: BTreeMap<String, serde_json::Value>,
}

impl PackDraft {
    /// The pack as a file of the form `viva-pack/1`.
    pub fn to_json(&self) -> String {
        let About { id, title, version, language, licence, description } = self.about().clone();
        let items = self.items().iter().map(|item| ItemRecord::from(item.as_ref())).collect();
        let schema = PACK_SCHEMA.to_owned();
        let file = PackFile { schema, id, title, version, language, licence, description, items };
        // Strings, characters and finite numbers under string keys always serialise.
        serde_json::to_string_pretty(&file).unwrap_or_default()
    }

    /// A name for that file.
    pub fn file_name(&self) -> String {
        let id = self.about().id.trim();
        let name: String = id
            .chars()
            .map(|c| if c.is_alphanumeric() || "-_.".contains(c) { c } else { '-' })
            .collect();
        let name = name.trim_matches(['.', '-']);
        format!("{}.json", if name.is_empty() { "questions" } else { name })
    }

    /// Opens a file: a pack as it was saved, unfinished items too, or any other file of questions.
    pub fn open(file_name: &str, bytes: &[u8]) -> Result<Reading, Error> {
        let bare = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        match serde_json::from_slice::<LoosePack>(bare) {
            Ok(pack) if pack.schema == PACK_SCHEMA => Ok(read(pack)),
            _ => {
                let import = open(file_name, bytes)?;
                let draft = Self::of(import.dataset);
                Ok(Reading { draft, refusals: import.refusals, notices: import.notices })
            }
        }
    }

    /// Of a set that is at hand.
    pub fn of(dataset: Dataset) -> Self {
        let Dataset { id, title, version, language, licence, items, splits: _ } = dataset;
        let about = About { id, title, version, language, licence, description: String::new() };
        Self::new(about, items)
    }
}

/// The item that a record writes down, whether or not it can be asked yet.
pub fn item_of(record: ItemRecord) -> Result<Item, Invalid> {
    convert::unchecked(record)
}

fn read(pack: LoosePack) -> Reading {
    let LoosePack { id, title, version, language, licence, description, items, others, .. } = pack;
    let about = About { id, title, version, language, licence, description };
    let mut read = vec![];
    let mut refusals = vec![];
    for (idx, value) in items.into_iter().enumerate() {
        let id = value.get("id").and_then(serde_json::Value::as_str);
        let id = id.filter(|id| !id.is_empty()).map(str::to_owned);
        let item = serde_json::from_value::<ItemRecord>(value)
            .map_err(|error| ("item".to_owned(), error.to_string().replace('`', "")))
            .and_then(|record| {
                convert::unchecked(record).map_err(|invalid| (invalid.field, invalid.reason))
            });
        match item {
            Ok(item) => read.push(item),
            Err((field, reason)) => {
                let item = Some(id.unwrap_or_else(|| format!("#{}", idx + 1)));
                refusals.push(Refusal { line: None, item, field, reason });
            }
        }
    }
    let notices = others.keys().map(|name| {
        format!(
            "The field {name} of the pack is not known and will not be in the file that you save."
        )
    });
    Reading { draft: PackDraft::new(about, read), refusals, notices: notices.collect() }
}
