//! Owns keeping a run that is over already, such as a sat exam: plan and journal in one transaction.

use idb::Query;
use wasm_bindgen::JsValue;

use super::{
    ENTRIES, Error, NewEntry, PLANS, RUNS, RunSummary, Store, entry_key, entry_range, finish, to_js,
};
use crate::run::chain::{plan_hash, sealed};
use crate::run::{Journal, PlanRecord, questions};

impl Store {
    /// Keeps a run with its whole journal. One of the same id is replaced: it is the same exam, handed in again.
    pub async fn keep_whole(&self, journal: &Journal, now_millis: u64) -> Result<(), Error> {
        let plan = &journal.plan;
        let summary = RunSummary {
            run_id: plan.run_id.clone(),
            title: plan.title.clone(),
            started_millis: journal.entries.first().map_or(now_millis, |entry| entry.at_millis),
            n_items: questions(plan).len(),
            models: plan.models.iter().map(|model| model.name.clone()).collect(),
            is_over: true,
            is_try: false,
            is_reusing: false,
            n_open: plan.items.iter().filter(|item| item.kind.is_open()).count(),
            keyed_urls: vec![],
        };
        let record = PlanRecord::from(plan);
        let mut previous = plan_hash(&record);
        let transaction = self.write(&[RUNS, PLANS, ENTRIES])?;
        let key = JsValue::from_str(&plan.run_id);
        transaction.object_store(RUNS)?.put(&to_js(&summary)?, Some(&key))?;
        let record = JsValue::from_str(&serde_json::to_string(&record)?);
        transaction.object_store(PLANS)?.put(&record, Some(&key))?;
        let entries = transaction.object_store(ENTRIES)?;
        entries.delete(Query::KeyRange(entry_range(&plan.run_id)?))?;
        for entry in &journal.entries {
            let sealed = sealed(&previous, entry.seq, entry.at_millis, entry.body.clone());
            previous.clone_from(&sealed.entry.hash);
            let key = entry_key(&plan.run_id, entry.seq as f64);
            entries.put(&to_js(&NewEntry::from(&sealed))?, Some(&key))?;
        }
        finish(transaction).await
    }
}
