//! Owns the plan of a run: fixed before the first question is asked.

use serde::{Deserialize, Serialize};

use super::judging::{GradedRun, Judging};
use crate::dataset::variant::Family;
use crate::dataset::{Item, Selection};
use crate::prompt::Prompting;
use crate::provider::{MicroDollars, ModelSpec};

/// What a run will do: items × models × repeats under fixed settings.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// Unique among the runs of this browser; also the file name of its export.
    pub run_id: String,
    /// Name for people.
    pub title: String,
    /// Version of this program.
    pub app_version: String,
    /// Where the items came from.
    pub datasets: Vec<PlannedDataset>,
    /// The items that are asked, datasets one after another, each sampled; variants stand behind their item.
    pub items: Vec<Item>,
    /// Who is asked.
    pub models: Vec<ModelSpec>,
    /// For each model, the indices of the items it is asked; `None` for all.
    pub assigned: Vec<Option<Vec<usize>>>,
    /// How often each item is put to each model; at least one.
    pub n_repeats: u16,
    /// How each item is put.
    pub prompting: Prompting,
    /// The most that the run may cost; `None` is no limit.
    pub budget: Option<MicroDollars>,
    /// How open answers are graded; `None` where nobody judges them.
    pub judging: Option<Judging>,
}

impl Plan {
    /// Everybody who has a lane: the models, and the judges behind them.
    pub fn seats(&self) -> impl Iterator<Item = &ModelSpec> {
        self.models.iter().chain(self.judges())
    }

    /// The run whose answers this one grades, if it does; then nothing is asked of the models.
    pub fn graded_run(&self) -> Option<&GradedRun> {
        self.judging.as_ref()?.of_run.as_ref()
    }

    /// Who judges open answers.
    pub fn judges(&self) -> &[ModelSpec] {
        self.judging.as_ref().map(|judging| judging.judges.as_slice()).unwrap_or_default()
    }
}

impl Plan {
    /// A plan that puts one item to one model as this one does; `None` where there is no such model or item.
    pub fn clone_for_one(&self, model_idx: usize, item_idx: usize) -> Option<Self> {
        Some(Self {
            run_id: self.run_id.clone(),
            title: self.title.clone(),
            app_version: self.app_version.clone(),
            datasets: vec![],
            items: vec![self.items.get(item_idx)?.clone()],
            models: vec![self.models.get(model_idx)?.clone()],
            assigned: vec![None],
            n_repeats: self.n_repeats,
            prompting: self.prompting.clone(),
            budget: self.budget,
            judging: None,
        })
    }
}

/// A dataset's part in a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedDataset {
    /// [`crate::dataset::Dataset::id`].
    pub id: String,
    /// Name for people.
    pub title: String,
    /// Version, may be empty.
    pub version: String,
    /// Licence, may be empty.
    pub licence: String,
    /// SHA-256 of the canonical form of the sampled items, in hex.
    pub fingerprint: String,
    /// How many items the dataset (or the chosen split of it) has.
    pub n_available: usize,
    /// How many were taken.
    pub n_sampled: usize,
    /// Seed of the sample, when not all were taken.
    pub seed: Option<u64>,
    /// How they were chosen, where it was more than a plain sample.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub selection: Option<Selection>,
    /// Variants that are asked besides. They count neither as sampled nor in the fingerprint.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub variants: Vec<AddedVariants>,
    /// Its authors ask not to show its items in plain text where a page could be indexed.
    #[serde(default, skip_serializing_if = "is_false")]
    pub do_not_show: bool,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
fn is_false(value: &bool) -> bool {
    !value
}

impl Plan {
    /// Whether items stand in it that are not to be shown in plain text where a page could be indexed.
    pub fn is_not_to_be_shown(&self) -> bool {
        self.datasets.iter().any(|dataset| dataset.do_not_show)
    }
}

/// Variants of one kind that were added to a dataset's items.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddedVariants {
    /// Which kind.
    pub family: Family,
    /// How many were made.
    pub n_made: usize,
    /// Items of which none could be made, such as a case of pregnancy with the other sex.
    pub n_items_without: usize,
}

/// One item put to one model once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TrialId {
    /// Index into [`Plan::models`].
    pub model: u16,
    /// Index into [`Plan::items`].
    pub item: u32,
    /// Counted from zero.
    pub repeat: u16,
}

impl TrialId {
    /// The name under which the trial goes into a batch: letters, digits and hyphens, as every provider takes it.
    pub fn name(self) -> String {
        format!("m{}-i{}-r{}", self.model, self.item, self.repeat)
    }

    /// The trial with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        let mut parts = name.split('-');
        let model = parts.next()?.strip_prefix('m')?.parse().ok()?;
        let item = parts.next()?.strip_prefix('i')?.parse().ok()?;
        let repeat = parts.next()?.strip_prefix('r')?.parse().ok()?;
        let trial = Self { model, item, repeat };
        // Only the one way of writing it: two names must not mean one trial.
        (trial.name() == name).then_some(trial)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trial_is_known_by_its_name() {
        let trial = TrialId { model: 3, item: 70_000, repeat: 2 };
        assert_eq!(trial.name(), "m3-i70000-r2");
        assert_eq!(TrialId::from_name(&trial.name()), Some(trial));
        for name in ["", "m3-i1", "m3-i1-r2-x", "m03-i1-r2", "m+3-i1-r2", "m3-i1-r99999"] {
            assert_eq!(TrialId::from_name(name), None, "{name}");
        }
    }
}
