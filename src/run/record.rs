//! Owns the stored form of a plan: what is hashed, kept in the browser and exported. Holds no key, as no type here does.

use serde::{Deserialize, Serialize};

use super::plan::{Plan, PlannedDataset};
use crate::dataset::{Invalid, Item, ItemRecord};
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
    template: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    budget: Option<MicroDollars>,
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
    /// No repeats.
    #[error("the plan asks each question zero times")]
    NoRepeats,
}

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
            template: plan.template.clone(),
            budget: plan.budget,
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
        Ok(Self {
            run_id: record.run_id,
            title: record.title,
            app_version: record.app_version,
            datasets: record.datasets,
            items: record.items.into_iter().map(read_item).collect::<Result<_, _>>()?,
            models: record.models,
            assigned: record.assigned,
            n_repeats: record.n_repeats,
            template: record.template,
            budget: record.budget,
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
