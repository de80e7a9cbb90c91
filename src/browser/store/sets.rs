//! Owns what is kept of published sets: those that are here for good, and loads that were broken off.

use idb::Query;
use js_sys::Uint8Array;
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;

use super::{Error, FILES, LOADS, SETS, Store, entry_key, entry_range, finish, to_js};
use crate::dataset::catalogue::{Entry, GottenHead, Load, Progress};
use crate::dataset::library::Check;

/// A set that is kept, without its files.
#[derive(Debug, Clone, PartialEq)]
pub struct KeptSet {
    /// The entry that it was loaded by, as it was then.
    pub entry: Entry,
    /// What is told of its files, in order.
    pub files: Vec<GottenHead>,
    /// What was found in checking it; `None` where it was not recognised, or its form was guessed.
    pub check: Option<Check>,
    /// Items; `None` where it was not recognised as questions.
    pub n_items: Option<usize>,
    /// Names of its splits, and how many items each has.
    pub splits: Vec<(String, usize)>,
    /// Bytes of its files.
    pub n_bytes: u64,
    /// When it was loaded, in milliseconds since 1970.
    pub at_millis: u64,
}

/// A load that was broken off, without what it has.
#[derive(Debug, Clone, PartialEq)]
pub struct KeptLoad {
    /// Id of its entry.
    pub id: String,
    /// Title of its entry.
    pub title: String,
    /// How far it is.
    pub progress: Progress,
}

/// Either, as it is stored: what is not a plain value is JSON, so that a field it gains does not change the database.
#[derive(Serialize, Deserialize)]
struct SetRecord {
    entry: String,
    files: String,
    check: String,
    splits: String,
    n_items: Option<usize>,
    n_bytes: u64,
    at_millis: u64,
}

#[derive(Serialize, Deserialize)]
struct LoadRecord {
    id: String,
    title: String,
    progress: String,
}

/// A load in the form in which it is kept, so that nobody need wait for the store with the load itself in hand.
pub struct NewLoad {
    record: LoadRecord,
    text: JsValue,
    files: Vec<Uint8Array>,
}

impl NewLoad {
    /// The form of a load.
    pub fn of(load: &Load) -> Result<Self, Error> {
        let (bare, bytes) = load.apart();
        let (id, title) = (load.entry.id.clone(), load.entry.title.clone());
        let progress = serde_json::to_string(&load.progress())?;
        Ok(Self {
            record: LoadRecord { id, title, progress },
            text: JsValue::from_str(&serde_json::to_string(&bare)?),
            files: bytes.into_iter().map(Uint8Array::from).collect(),
        })
    }
}

impl SetRecord {
    fn set(self) -> Result<KeptSet, Error> {
        let Self { entry, files, check, splits, n_items, n_bytes, at_millis } = self;
        Ok(KeptSet {
            entry: serde_json::from_str(&entry)?,
            files: serde_json::from_str(&files)?,
            check: serde_json::from_str(&check)?,
            splits: serde_json::from_str(&splits)?,
            n_items,
            n_bytes,
            at_millis,
        })
    }
}

/// Files of a set and those of a load of the same name lie apart.
fn files_of_set(id: &str) -> String {
    format!("set {id}")
}

fn files_of_load(id: &str) -> String {
    format!("load {id}")
}

impl Store {
    /// Keeps a set with its files, in place of an earlier one, and forgets the load that brought it.
    pub async fn keep_set(&self, set: &KeptSet, files: &[Uint8Array]) -> Result<(), Error> {
        let id = &set.entry.id;
        let record = SetRecord {
            entry: serde_json::to_string(&set.entry)?,
            files: serde_json::to_string(&set.files)?,
            check: serde_json::to_string(&set.check)?,
            splits: serde_json::to_string(&set.splits)?,
            n_items: set.n_items,
            n_bytes: set.n_bytes,
            at_millis: set.at_millis,
        };
        let transaction = self.write_relaxed(&[SETS, LOADS, FILES])?;
        let key = JsValue::from_str(id);
        transaction.object_store(SETS)?.put(&to_js(&record)?, Some(&key))?;
        transaction.object_store(LOADS)?.delete(Query::Key(key))?;
        let store = transaction.object_store(FILES)?;
        store.delete(Query::KeyRange(entry_range(&files_of_load(id))?))?;
        let owner = files_of_set(id);
        store.delete(Query::KeyRange(entry_range(&owner)?))?;
        for (idx, file) in files.iter().enumerate() {
            store.put(file, Some(&entry_key(&owner, idx as f64)))?;
        }
        finish(transaction).await
    }

    /// The sets that are kept, the latest first. A record that is not understood any more is passed over.
    pub async fn sets(&self) -> Result<Vec<KeptSet>, Error> {
        let transaction = self.read(&[SETS])?;
        let records = transaction.object_store(SETS)?.get_all(None, None)?.await?;
        let read = |value| serde_wasm_bindgen::from_value::<SetRecord>(value).ok()?.set().ok();
        let mut sets: Vec<KeptSet> = records.into_iter().filter_map(read).collect();
        sets.sort_by(|a, b| (b.at_millis, &a.entry.id).cmp(&(a.at_millis, &b.entry.id)));
        Ok(sets)
    }

    /// The files of a set that is kept, in order.
    pub async fn set_files(&self, id: &str) -> Result<Vec<Uint8Array>, Error> {
        self.files(&files_of_set(id)).await
    }

    /// Deletes a set with its files.
    pub async fn delete_set(&self, id: &str) -> Result<(), Error> {
        self.delete_with_files(SETS, id, &files_of_set(id)).await
    }

    /// Keeps how far a load is and what it has, in place of what was kept of it before.
    pub async fn keep_load(&self, load: NewLoad) -> Result<(), Error> {
        let NewLoad { record, text, files } = load;
        let transaction = self.write_relaxed(&[LOADS, FILES])?;
        let key = JsValue::from_str(&record.id);
        transaction.object_store(LOADS)?.put(&to_js(&record)?, Some(&key))?;
        let store = transaction.object_store(FILES)?;
        let owner = files_of_load(&record.id);
        store.delete(Query::KeyRange(entry_range(&owner)?))?;
        store.put(&text, Some(&entry_key(&owner, 0.0)))?;
        for (idx, file) in files.iter().enumerate() {
            store.put(file, Some(&entry_key(&owner, (idx + 1) as f64)))?;
        }
        finish(transaction).await
    }

    /// The loads that were broken off.
    pub async fn loads(&self) -> Result<Vec<KeptLoad>, Error> {
        let transaction = self.read(&[LOADS])?;
        let records = transaction.object_store(LOADS)?.get_all(None, None)?.await?;
        let read = |value| {
            let LoadRecord { id, title, progress } = serde_wasm_bindgen::from_value(value).ok()?;
            Some(KeptLoad { id, title, progress: serde_json::from_str(&progress).ok()? })
        };
        Ok(records.into_iter().filter_map(read).collect())
    }

    /// A load that was broken off, with what it has; `None` where none is kept.
    pub async fn load(&self, id: &str) -> Result<Option<Load>, Error> {
        let transaction = self.read(&[FILES])?;
        let query = Query::KeyRange(entry_range(&files_of_load(id))?);
        let values = transaction.object_store(FILES)?.get_all(Some(query), None)?.await?;
        let mut values = values.into_iter();
        let Some(text) = values.next().and_then(|text| text.as_string()) else { return Ok(None) };
        let load: Load = serde_json::from_str(&text)?;
        Ok(Some(load.whole(values.map(|file| Uint8Array::new(&file).to_vec()).collect())))
    }

    /// Forgets a load that was broken off.
    pub async fn delete_load(&self, id: &str) -> Result<(), Error> {
        self.delete_with_files(LOADS, id, &files_of_load(id)).await
    }

    async fn files(&self, owner: &str) -> Result<Vec<Uint8Array>, Error> {
        let transaction = self.read(&[FILES])?;
        let query = Query::KeyRange(entry_range(owner)?);
        let values = transaction.object_store(FILES)?.get_all(Some(query), None)?.await?;
        Ok(values.into_iter().map(|file| Uint8Array::new(&file)).collect())
    }

    async fn delete_with_files(&self, store: &str, id: &str, owner: &str) -> Result<(), Error> {
        let transaction = self.write(&[store, FILES])?;
        transaction.object_store(store)?.delete(Query::Key(JsValue::from_str(id)))?;
        transaction.object_store(FILES)?.delete(Query::KeyRange(entry_range(owner)?))?;
        finish(transaction).await
    }
}
