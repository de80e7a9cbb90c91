//! Owns the stored form of a plan: what is hashed, kept in the browser and exported. Holds no key, as no type here does.

use serde::{Deserialize, Serialize};

use super::judging::Judging;
use super::plan::{Plan, PlannedDataset};
use crate::dataset::{Invalid, Item, ItemRecord};
use crate::prompt::{OwnTemplate, Prompting};
use crate::provider::{MicroDollars, ModelSpec};

/// A [`Plan`] as it is stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlanRecord {
    run_id: String,
    title: String,
    app_version: String,
    datasets: Vec<PlannedDataset>,
    models: Vec<ModelSpec>,
    assigned: Vec<Option<Vec<usize>>>,
    n_repeats: u16,
    /// [`Prompting::name`].
    template: String,
    /// The text of a person's own template.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    template_text: Option<String>,
    /// [`Prompting::system`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    system: Option<String>,
    /// [`Prompting::shots`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    shots: Vec<ItemRecord>,
    /// [`Prompting::shots_seed`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    shots_seed: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    budget: Option<MicroDollars>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    judging: Option<Judging>,
    items: Vec<ItemRecord>,
}

/// Why a stored plan cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// An item lacks what is needed to ask or score it.
    #[error("question {id} of the plan cannot be used: {reason}")]
    Item {
        /// The item's id.
        id: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The plan names who is asked what, but not for each model.
    #[error("the plan has {n_models} models, but says for {n_assigned} what they are asked")]
    Assignment {
        /// How many models.
        n_models: usize,
        /// How many assignments.
        n_assigned: usize,
    },
    /// A person's own template cannot be read.
    #[error("the template of the plan cannot be used: {reason}")]
    Template {
        /// What is wrong with it.
        reason: String,
    },
    /// No repeats.
    #[error("the plan asks each question zero times")]
    NoRepeats,
    /// More than a page can hold.
    #[error(
        "the plan asks {n_items} questions of {n_models} models {n_repeats} times each, which is more than a page can hold"
    )]
    TooLarge {
        /// How many questions.
        n_items: usize,
        /// How many models.
        n_models: usize,
        /// How often each.
        n_repeats: u16,
    },
}

/// A page keeps some 60 bytes for each trial and has 4 GB: a damaged count of repeats must not take them all.
const MAX_TRIALS: usize = 20_000_000;

impl From<&Plan> for PlanRecord {
    fn from(plan: &Plan) -> Self {
        Self {
            run_id: plan.run_id.clone(),
            title: plan.title.clone(),
            app_version: plan.app_version.clone(),
            datasets: plan.datasets.clone(),
            models: plan.models.clone(),
            assigned: plan.assigned.clone(),
            n_repeats: plan.n_repeats,
            template: plan.prompting.name(),
            template_text: plan.prompting.own_text().map(str::to_owned),
            system: plan.prompting.system.clone(),
            shots: plan.prompting.shots.iter().map(ItemRecord::from).collect(),
            shots_seed: plan.prompting.shots_seed,
            budget: plan.budget,
            judging: plan.judging.clone(),
            items: plan.items.iter().map(ItemRecord::from).collect(),
        }
    }
}

impl TryFrom<PlanRecord> for Plan {
    type Error = PlanError;

    fn try_from(record: PlanRecord) -> Result<Self, PlanError> {
        if record.n_repeats == 0 {
            return Err(PlanError::NoRepeats);
        }
        let (n_models, n_assigned) = (record.models.len(), record.assigned.len());
        if n_models != n_assigned {
            return Err(PlanError::Assignment { n_models, n_assigned });
        }
        let (n_items, n_repeats) = (record.items.len(), record.n_repeats);
        let n_trials = n_items.saturating_mul(n_models).saturating_mul(usize::from(n_repeats));
        if n_trials > MAX_TRIALS {
            return Err(PlanError::TooLarge { n_items, n_models, n_repeats });
        }
        let own = record
            .template_text
            .map(|text| OwnTemplate::parse(&text))
            .transpose()
            .map_err(|error| PlanError::Template { reason: error.to_string() })?;
        let shots = record.shots.into_iter().map(read_item).collect::<Result<_, _>>()?;
        Ok(Self {
            run_id: record.run_id,
            title: record.title,
            app_version: record.app_version,
            datasets: record.datasets,
            items: record.items.into_iter().map(read_item).collect::<Result<_, _>>()?,
            models: record.models,
            assigned: record.assigned,
            n_repeats: record.n_repeats,
            prompting: Prompting {
                system: record.system,
                shots,
                shots_seed: record.shots_seed,
                ..Prompting::named(&record.template, own)
            },
            budget: record.budget,
            judging: record.judging,
        })
    }
}

fn read_item(record: ItemRecord) -> Result<Item, PlanError> {
    let id = record.id.clone();
    Item::try_from(record)
        .map_err(|invalid: Invalid| PlanError::Item { id, reason: invalid.to_string() })
}

#[cfg(test)]
mod tests;
