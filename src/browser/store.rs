//! Owns what the browser keeps between visits, in IndexedDB: runs and their journals here; the rest in the files below.

mod kept;
mod opening;
mod sets;
mod whole;

pub use kept::{Cached, KeptAnswer};
pub use sets::{KeptLoad, KeptSet, NewLoad};

use idb::{KeyRange, Query, Transaction};
use js_sys::{Array, Object, Reflect};
use serde::{Deserialize, Serialize};
use wasm_bindgen::{JsCast, JsValue};

use super::error::{Error, text_of};
use crate::run::chain::Sealed;
use crate::run::{Entry, Journal, Plan, PlanRecord};

/// Summaries, by run id.
const RUNS: &str = "runs";
/// Plans, by run id.
const PLANS: &str = "plans";
/// Journal entries, by run id and number.
const ENTRIES: &str = "entries";
/// Pages of the network ledger, by tab and number.
const LEDGER: &str = "ledger";
/// Answers that may be used again, by the key of their question.
const ANSWERS: &str = "answers";
/// Keys under a passphrase.
const VAULT: &str = "vault";
/// Settings of the page, by name.
const SETTINGS: &str = "settings";
/// Published sets that are kept, by id.
const SETS: &str = "sets";
/// Loads of such sets that were broken off, by id.
const LOADS: &str = "loads";
/// Files of both, by owner and number.
const FILES: &str = "files";

/// What the list of runs shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunSummary {
    /// Names the run.
    pub run_id: String,
    /// For people.
    pub title: String,
    /// Milliseconds since 1970.
    pub started_millis: u64,
    /// Questions of the plan, each once whatever its variants.
    pub n_items: usize,
    /// How many of the plan's items are answered in free text.
    #[serde(default)]
    pub n_open: usize,
    /// Names of the participants.
    pub models: Vec<String>,
    /// Whether nothing is left to ask.
    pub is_over: bool,
    /// Whether it is one of the quick tries of "Try it now", which nobody misses when it was broken off.
    #[serde(default)]
    pub is_try: bool,
    /// Whether it may use earlier answers to the same questions, and leaves its own for later runs.
    #[serde(default)]
    pub is_reusing: bool,
    /// Addresses that a key was held for when the run began. The keys themselves are nowhere.
    #[serde(default)]
    pub keyed_urls: Vec<String>,
}

/// A journal entry as it is kept. The body is the JSON that its hash was taken of.
#[derive(Deserialize)]
struct KeptEntry {
    seq: u64,
    at_millis: u64,
    body: String,
    hash: String,
}

/// The same, on its way in.
#[derive(Serialize)]
struct NewEntry<'a> {
    seq: u64,
    at_millis: u64,
    body: &'a str,
    hash: &'a str,
}

impl<'a> From<&'a Sealed> for NewEntry<'a> {
    fn from(sealed: &'a Sealed) -> Self {
        let Entry { seq, at_millis, hash, .. } = &sealed.entry;
        Self { seq: *seq, at_millis: *at_millis, body: &sealed.text, hash }
    }
}

impl KeptEntry {
    fn entry(self) -> Result<Entry, Error> {
        let body = serde_json::from_str(&self.body)?;
        Ok(Entry { seq: self.seq, at_millis: self.at_millis, body, hash: self.hash })
    }
}

/// The open database.
#[derive(Clone)]
pub struct Store(web_sys::IdbDatabase);

impl Store {
    /// Opens the database, and makes it at the first visit.
    pub async fn open() -> Result<Self, Error> {
        opening::open().await.map(Self)
    }

    /// Keeps a new run, before its first question is asked.
    pub async fn add_run(&self, summary: &RunSummary, plan: &Plan) -> Result<(), Error> {
        let transaction = self.write(&[RUNS, PLANS])?;
        let key = JsValue::from_str(&summary.run_id);
        transaction.object_store(RUNS)?.add(&to_js(summary)?, Some(&key))?;
        let plan = serde_json::to_string(&PlanRecord::from(plan))?;
        transaction.object_store(PLANS)?.add(&JsValue::from_str(&plan), Some(&key))?;
        finish(transaction).await
    }

    /// Keeps what the list shows up to date.
    pub async fn update_summary(&self, summary: &RunSummary) -> Result<(), Error> {
        let transaction = self.write(&[RUNS])?;
        let key = JsValue::from_str(&summary.run_id);
        transaction.object_store(RUNS)?.put(&to_js(summary)?, Some(&key))?;
        finish(transaction).await
    }

    /// Appends entries to a journal, all or none. An entry that is there already is an error, never overwritten.
    pub async fn append(&self, run_id: &str, entries: &[Sealed]) -> Result<(), Error> {
        let transaction = self.write(&[ENTRIES])?;
        let store = transaction.object_store(ENTRIES)?;
        for sealed in entries {
            let key = entry_key(run_id, sealed.entry.seq as f64);
            store.add(&to_js(&NewEntry::from(sealed))?, Some(&key))?;
        }
        finish(transaction).await
    }

    /// All runs, the latest first.
    pub async fn runs(&self) -> Result<Vec<RunSummary>, Error> {
        let transaction = self.read(&[RUNS])?;
        let values = transaction.object_store(RUNS)?.get_all(None, None)?.await?;
        let mut runs = values
            .into_iter()
            .map(serde_wasm_bindgen::from_value)
            .collect::<Result<Vec<RunSummary>, _>>()?;
        runs.sort_by(|a, b| (b.started_millis, &b.run_id).cmp(&(a.started_millis, &a.run_id)));
        Ok(runs)
    }

    /// A run with its journal.
    pub async fn journal(&self, run_id: &str) -> Result<Option<Journal>, Error> {
        let transaction = self.read(&[PLANS, ENTRIES])?;
        // Both are asked for before either is awaited: a transaction without open requests closes by itself.
        let plan = transaction.object_store(PLANS)?.get(JsValue::from_str(run_id))?;
        let query = Query::KeyRange(entry_range(run_id)?);
        let values = transaction.object_store(ENTRIES)?.get_all(Some(query), None)?;
        let (plan, values) = (plan.await?, values.await?);
        let Some(plan) = plan else { return Ok(None) };
        let plan = read_plan(&plan)?;
        let entries = values
            .into_iter()
            .map(|value| serde_wasm_bindgen::from_value::<KeptEntry>(value)?.entry())
            .collect::<Result<_, Error>>()?;
        Ok(Some(Journal { plan, entries }))
    }

    /// The plan of a run, without its journal.
    pub async fn plan(&self, run_id: &str) -> Result<Option<Plan>, Error> {
        let transaction = self.read(&[PLANS])?;
        let plan = transaction.object_store(PLANS)?.get(JsValue::from_str(run_id))?.await?;
        plan.as_ref().map(read_plan).transpose()
    }

    /// Deletes a run with its journal.
    pub async fn delete(&self, run_id: &str) -> Result<(), Error> {
        let transaction = self.write(&[RUNS, PLANS, ENTRIES])?;
        let key = JsValue::from_str(run_id);
        transaction.object_store(RUNS)?.delete(Query::Key(key.clone()))?;
        transaction.object_store(PLANS)?.delete(Query::Key(key))?;
        transaction.object_store(ENTRIES)?.delete(Query::KeyRange(entry_range(run_id)?))?;
        finish(transaction).await
    }

    fn read(&self, stores: &[&str]) -> Result<Transaction, Error> {
        self.transaction(stores, "readonly", &Object::new())
    }

    /// A transaction that is over when the operating system has the data: for what may be lost in a power cut.
    fn write_relaxed(&self, stores: &[&str]) -> Result<Transaction, Error> {
        let options = Object::new();
        Reflect::set(&options, &"durability".into(), &"relaxed".into())?;
        self.transaction(stores, "readwrite", &options)
    }

    /// A transaction that is over only when the data has reached the disk, not just the operating system: what was
    /// paid for must survive a power cut.
    fn write(&self, stores: &[&str]) -> Result<Transaction, Error> {
        let options = Object::new();
        Reflect::set(&options, &"durability".into(), &"strict".into())?;
        self.transaction(stores, "readwrite", &options)
    }

    /// Neither web-sys nor idb has a word for a transaction's options, so the browser is asked directly.
    fn transaction(
        &self,
        stores: &[&str],
        mode: &str,
        options: &Object,
    ) -> Result<Transaction, Error> {
        let names: Array = stores.iter().map(|name| JsValue::from_str(name)).collect();
        let open = Reflect::get(&self.0, &"transaction".into())?.dyn_into::<js_sys::Function>()?;
        let transaction = open
            .call3(&self.0, &names, &mode.into(), options)
            .map_err(|error| Error::Store(text_of(&error)))?;
        Ok(Transaction::try_from(transaction)?)
    }
}

fn read_plan(kept: &JsValue) -> Result<Plan, Error> {
    let record: PlanRecord = serde_json::from_str(&kept.as_string().unwrap_or_default())?;
    Plan::try_from(record).map_err(|error| Error::Store(error.to_string()))
}

async fn finish(transaction: Transaction) -> Result<(), Error> {
    match transaction.await? {
        outcome if outcome.is_committed() => Ok(()),
        _ => Err(Error::Store(
            "the browser took back what was written; its storage may be full".to_owned(),
        )),
    }
}

fn to_js(value: &impl Serialize) -> Result<JsValue, Error> {
    // Plain objects, as other programs that look into the database expect.
    Ok(value.serialize(&serde_wasm_bindgen::Serializer::json_compatible())?)
}

fn entry_key(run_id: &str, seq: f64) -> JsValue {
    Array::of2(&JsValue::from_str(run_id), &JsValue::from_f64(seq)).into()
}

fn entry_range(run_id: &str) -> Result<KeyRange, Error> {
    let (first, last) = (entry_key(run_id, 0.0), entry_key(run_id, f64::INFINITY));
    Ok(KeyRange::bound(&first, &last, None, None)?)
}
