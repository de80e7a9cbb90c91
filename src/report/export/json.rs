//! Owns the export of a whole run, and what is needed to read it again.
//!
//! One JSON object in UTF-8, described for other programs in `datasets/run-schema.json`:
//!
//! | field | what it is |
//! |---|---|
//! | `schema` | `viva-run/1` |
//! | `app_version` | version of the program that wrote the file |
//! | `plan` | the plan: run id, title, datasets, models, who is asked what, repeats, settings, and the items with their answers |
//! | `plan_hash` | where the hash chain begins, see [`crate::run::chain`] |
//! | `entries` | what happened, in order: `seq`, `at_millis`, `body`, `hash` |
//!
//! Outcomes of answers that were scored here are not in it: they are computed from the answers when it is opened.

use serde::{Deserialize, Serialize};

use crate::run::chain::plan_hash;
use crate::run::{Entry, Journal, PlanRecord};

/// Names the format and its version.
pub const SCHEMA: &str = "viva-run/1";

/// Borrowed, to write.
#[derive(Serialize)]
struct Written<'a> {
    schema: &'a str,
    app_version: &'a str,
    plan: PlanRecord,
    plan_hash: String,
    entries: &'a [Entry],
}

/// Owned, to read.
#[derive(Deserialize)]
pub(crate) struct RunFile {
    pub(crate) plan: PlanRecord,
    pub(crate) plan_hash: String,
    pub(crate) entries: Vec<Entry>,
}

/// A run as JSON. `app_version` is that of the program that writes.
pub fn run_json(journal: &Journal, app_version: &str) -> String {
    let plan = PlanRecord::from(&journal.plan);
    let plan_hash = plan_hash(&plan);
    let written =
        Written { schema: SCHEMA, app_version, plan, plan_hash, entries: &journal.entries };
    // Only string keys, written to memory: cannot fail.
    serde_json::to_string(&written).unwrap_or_default()
}

#[cfg(test)]
mod tests;
