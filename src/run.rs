//! Owns the run: what is asked of whom, in which order, at what pace, and the journal of what happened. Does no I/O.

pub mod chain;
pub mod draft;
pub mod engine;
#[cfg(test)]
pub(crate) mod fixture;
pub mod journal;
mod lane;
pub mod limiter;
pub mod plan;
pub mod progress;
pub mod record;
pub mod retry;

pub use engine::{CallId, Command, Engine, Event, Settings};
pub use journal::{Attempt, AttemptResult, Body, Entry, Journal, Reused};
pub use plan::{Plan, PlannedDataset, TrialId};
pub use record::PlanRecord;
