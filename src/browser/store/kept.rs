//! Owns what is kept beside runs: pages of the ledger, answers that may be used again, the vault, and settings.

use idb::Query;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;

use super::{ANSWERS, Error, LEDGER, SETTINGS, Store, VAULT, entry_key, finish, to_js};
use crate::provider::Completion;
use crate::report::ledger::Line;

/// The vault is one record.
const ONLY: &str = "vault";

/// An answer that may be used again.
#[derive(Debug, Clone, PartialEq)]
pub struct KeptAnswer {
    /// What the model said.
    pub completion: Completion,
    /// The run that paid for it.
    pub run_id: String,
    /// When it came, in milliseconds since 1970.
    pub at_millis: u64,
}

/// A kept answer as it is stored: the completion as JSON, so that a field it gains does not change the database.
#[derive(Serialize, Deserialize)]
struct Record {
    completion: String,
    run_id: String,
    at_millis: u64,
}

/// How many answers are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cached {
    /// Answers.
    pub n_answers: usize,
    /// Bytes of their text.
    pub n_bytes: u64,
}

impl Store {
    /// Stores what the ledger recorded in a short while as one record. Rewriting a page is allowed: it is what happens
    /// when the outcome of an earlier attempt could not be told.
    pub(in crate::browser) async fn add_ledger_page(
        &self,
        session: &str,
        page_number: u32,
        lines: &[Line],
    ) -> Result<(), Error> {
        let transaction = self.write_relaxed(&[LEDGER])?;
        let page = JsValue::from_str(&serde_json::to_string(lines)?);
        let key = entry_key(session, f64::from(page_number));
        transaction.object_store(LEDGER)?.put(&page, Some(&key))?;
        finish(transaction).await
    }

    /// All that the ledger stored, page by page in the order of writing within each tab.
    pub(in crate::browser) async fn ledger(&self) -> Result<Vec<Line>, Error> {
        let transaction = self.read(&[LEDGER])?;
        let pages = transaction.object_store(LEDGER)?.get_all(None, None)?.await?;
        let mut lines = vec![];
        for page in pages {
            let page = page.as_string().unwrap_or_default();
            lines.extend(serde_json::from_str::<Vec<Line>>(&page)?);
        }
        Ok(lines)
    }

    /// Deletes the ledger.
    pub(in crate::browser) async fn clear_ledger(&self) -> Result<(), Error> {
        self.clear(LEDGER).await
    }

    /// The answer that was kept under this key.
    pub async fn answer(&self, key: &str) -> Result<Option<KeptAnswer>, Error> {
        let transaction = self.read(&[ANSWERS])?;
        let found = transaction.object_store(ANSWERS)?.get(JsValue::from_str(key))?.await?;
        let Some(found) = found else { return Ok(None) };
        let record: Record = serde_wasm_bindgen::from_value(found)?;
        Ok(Some(KeptAnswer {
            completion: serde_json::from_str(&record.completion)?,
            run_id: record.run_id,
            at_millis: record.at_millis,
        }))
    }

    /// Keeps answers, each under its key, in one transaction. A later answer takes the place of an earlier one.
    pub async fn keep_answers(&self, answers: &[(String, KeptAnswer)]) -> Result<(), Error> {
        let transaction = self.write_relaxed(&[ANSWERS])?;
        let store = transaction.object_store(ANSWERS)?;
        for (key, answer) in answers {
            let record = Record {
                completion: serde_json::to_string(&answer.completion)?,
                run_id: answer.run_id.clone(),
                at_millis: answer.at_millis,
            };
            store.put(&to_js(&record)?, Some(&JsValue::from_str(key)))?;
        }
        finish(transaction).await
    }

    /// How many answers are kept, and how much text that is.
    pub async fn cached(&self) -> Result<Cached, Error> {
        let transaction = self.read(&[ANSWERS])?;
        let values = transaction.object_store(ANSWERS)?.get_all(None, None)?.await?;
        let mut cached = Cached { n_answers: values.len(), n_bytes: 0 };
        for value in values {
            let record: Record = serde_wasm_bindgen::from_value(value)?;
            cached.n_bytes += record.completion.len() as u64;
        }
        Ok(cached)
    }

    /// Deletes all kept answers. Runs keep theirs.
    pub async fn clear_answers(&self) -> Result<(), Error> {
        self.clear(ANSWERS).await
    }

    /// The vault, encrypted as it is.
    pub(in crate::browser) async fn vault<T: DeserializeOwned>(&self) -> Result<Option<T>, Error> {
        self.get(VAULT, ONLY).await
    }

    /// Puts the vault in place of what was there.
    pub(in crate::browser) async fn put_vault(&self, vault: &impl Serialize) -> Result<(), Error> {
        let transaction = self.write(&[VAULT])?;
        transaction.object_store(VAULT)?.put(&to_js(vault)?, Some(&JsValue::from_str(ONLY)))?;
        finish(transaction).await
    }

    /// Deletes the vault.
    pub(in crate::browser) async fn delete_vault(&self) -> Result<(), Error> {
        self.clear(VAULT).await
    }

    /// A setting of the page; `None` where it was never set, or has a form that is no longer understood.
    pub async fn setting<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, Error> {
        Ok(self.get(SETTINGS, name).await.unwrap_or_default())
    }

    /// Keeps a setting of the page.
    pub async fn put_setting(&self, name: &str, value: &impl Serialize) -> Result<(), Error> {
        let transaction = self.write_relaxed(&[SETTINGS])?;
        transaction.object_store(SETTINGS)?.put(&to_js(value)?, Some(&JsValue::from_str(name)))?;
        finish(transaction).await
    }

    /// The same for what a person would have to do again: it is there only when it has reached the disk.
    pub async fn put_work(&self, name: &str, value: &impl Serialize) -> Result<(), Error> {
        let transaction = self.write(&[SETTINGS])?;
        transaction.object_store(SETTINGS)?.put(&to_js(value)?, Some(&JsValue::from_str(name)))?;
        finish(transaction).await
    }

    async fn get<T: DeserializeOwned>(&self, store: &str, key: &str) -> Result<Option<T>, Error> {
        let transaction = self.read(&[store])?;
        let query = Query::Key(JsValue::from_str(key));
        let found = transaction.object_store(store)?.get(query)?.await?;
        Ok(found.map(serde_wasm_bindgen::from_value).transpose()?)
    }

    async fn clear(&self, store: &str) -> Result<(), Error> {
        let transaction = self.write(&[store])?;
        transaction.object_store(store)?.clear()?;
        finish(transaction).await
    }
}
