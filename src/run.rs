//! Owns the run: what is asked of whom, in which order, at what pace, and the journal of what happened. Does no I/O.

pub mod chain;
#[cfg(test)]
pub(crate) mod fixture;
pub mod journal;
pub mod plan;
pub mod record;

pub use journal::{Attempt, AttemptResult, Body, Entry, Journal};
pub use plan::{Plan, PlannedDataset, TrialId};
pub use record::PlanRecord;
