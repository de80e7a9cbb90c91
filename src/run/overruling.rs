//! Owns what a person decides over a grade: who, why, and what instead. What was graded before stays in the journal.

use serde::{Deserialize, Serialize};

use super::plan::{Plan, TrialId};
use crate::dataset::Kind;
use crate::score::Outcome;

/// A grade that a person changed. When, its entry tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overruling {
    /// Whose answer.
    pub trial: TrialId,
    /// What holds from here on.
    pub ruling: Ruling,
    /// Why, in the person's words.
    pub reason: String,
    /// Who.
    pub by: String,
}

/// What a person decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ruling {
    /// Whether a criterion of a rubric is met; `None` takes an earlier ruling on it back.
    Criterion {
        /// Index into the item's criteria.
        criterion: u16,
        /// Whether it is met.
        met: Option<bool>,
    },
    /// How the trial ended, for answers that are not graded by a rubric; `None` takes an earlier ruling back.
    Outcome(Option<Outcome>),
}

/// Why a ruling cannot be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OverrulingError {
    /// No reason was given.
    #[error("Say why: the report shows it beside the changed grade.")]
    NoReason,
    /// No name was given.
    #[error("Write your name: the report shows who changed a grade.")]
    NoName,
    /// The plan has no such trial or criterion, or the item is graded another way.
    #[error("This run has no such grade.")]
    NoSuchGrade,
}

impl Overruling {
    /// Checks what a person decided.
    pub fn new(
        plan: &Plan,
        trial: TrialId,
        ruling: Ruling,
        reason: &str,
        by: &str,
    ) -> Result<Self, OverrulingError> {
        let (reason, by) = (reason.trim().to_owned(), by.trim().to_owned());
        if reason.is_empty() {
            return Err(OverrulingError::NoReason);
        }
        if by.is_empty() {
            return Err(OverrulingError::NoName);
        }
        let overruling = Self { trial, ruling, reason, by };
        if overruling.fits(plan) { Ok(overruling) } else { Err(OverrulingError::NoSuchGrade) }
    }

    /// Whether the plan has what it decides over.
    pub fn fits(&self, plan: &Plan) -> bool {
        let is_asked = usize::from(self.trial.model) < plan.models.len()
            && self.trial.repeat < plan.n_repeats.max(1);
        let item = plan.items.get(self.trial.item as usize);
        let fits = item.is_some_and(|item| match (&item.kind, self.ruling) {
            (Kind::Rubric(rubric), Ruling::Criterion { criterion, .. }) => {
                usize::from(criterion) < rubric.criteria.len()
            }
            (Kind::Rubric(_), Ruling::Outcome(_)) | (_, Ruling::Criterion { .. }) => false,
            (_, Ruling::Outcome(_)) => true,
        });
        is_asked && fits
    }
}
