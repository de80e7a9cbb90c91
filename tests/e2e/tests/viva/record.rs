//! Owns the reading of a saved run: what a test asks of its journal.

use std::collections::BTreeMap;

use serde_json::Value;
use viva_e2e::app::Viva;
use viva_e2e::browser::role;
use viva_e2e::provider::Usage;
use viva_e2e::{Error, Result};

/// A saved run.
pub(crate) struct Record(Value);

/// How often a trial was tried, and how it ended.
#[derive(Debug, Default)]
pub(crate) struct Trial<'a> {
    pub(crate) n_attempts: usize,
    /// The answers that count; more than one would be one too many.
    pub(crate) answers: Vec<&'a Value>,
    /// How often it was given up.
    pub(crate) n_given_up: usize,
}

impl Record {
    /// Saves the run whose results are shown.
    pub(crate) async fn save(viva: &Viva) -> Result<Self> {
        let page = &viva.page;
        let saved = page.download(page.click(role("button", "Save the run (JSON)"))).await?;
        Ok(Self(serde_json::from_str(&saved.text()?)?))
    }

    /// The ids of the items of its plan, in order.
    pub(crate) fn item_ids(&self) -> Vec<String> {
        let items = self.0["plan"]["items"].as_array().into_iter().flatten();
        items.map(|item| item["id"].as_str().unwrap_or_default().to_owned()).collect()
    }

    /// The bodies of entries of this kind, in order.
    pub(crate) fn entries(&self, kind: &str) -> impl Iterator<Item = &Value> {
        let entries = self.0["entries"].as_array().into_iter().flatten();
        entries.filter_map(move |entry| entry["body"].get(kind))
    }

    fn model_idx(&self, model: &str) -> Result<usize> {
        let models = self.0["plan"]["models"].as_array().into_iter().flatten();
        let found = models.into_iter().position(|spec| spec["name"] == model);
        found.ok_or_else(|| Error::new(format!("{model} is not in the plan")))
    }

    /// The tries of one model, in order.
    pub(crate) fn attempts(&self, model: &str) -> Result<impl Iterator<Item = &Value>> {
        let idx = self.model_idx(model)?;
        Ok(self.entries("attempt").filter(move |attempt| attempt["trial"]["model"] == idx))
    }

    /// What became of each item that one model was asked, by the item's index.
    pub(crate) fn trials(&self, model: &str) -> Result<BTreeMap<u64, Trial<'_>>> {
        let mut trials: BTreeMap<u64, Trial<'_>> = BTreeMap::new();
        for attempt in self.attempts(model)? {
            let item = attempt["trial"]["item"].as_u64().unwrap_or_default();
            let trial = trials.entry(item).or_default();
            trial.n_attempts += 1;
            trial.answers.extend(attempt["result"].get("answered"));
            trial.n_given_up += usize::from(attempt["result"].get("gave_up").is_some());
        }
        Ok(trials)
    }

    /// The tokens that one model's answers counted, all together.
    pub(crate) fn usage(&self, model: &str) -> Result<Usage> {
        let mut sum = Usage::default();
        for attempt in self.attempts(model)? {
            let usage = &attempt["result"]["answered"]["usage"];
            let number = |name: &str| usage[name].as_u64().unwrap_or_default();
            sum += Usage {
                input: number("input_tokens"),
                output: number("output_tokens"),
                reasoning: number("reasoning_tokens"),
            };
        }
        Ok(sum)
    }

    /// What one model's answers cost, in millionths of a dollar.
    pub(crate) fn cost(&self, model: &str) -> Result<u64> {
        Ok(self.attempts(model)?.filter_map(|attempt| attempt["cost"].as_u64()).sum())
    }
}
