//! Owns the run: what is asked of whom, in which order, at what pace, and the journal of what happened. Does no I/O.

pub mod engine;
pub mod chain;
pub mod draft;
#[cfg(test)]
pub(crate) mod fixture;
pub mod journal;
mod lane;
pub mod limiter;
pub mod plan;
pub mod progress;
pub mod retry;
pub mod record;

pub use engine::{CallId, Command, Engine, Event, Settings};
pub use journal::{Attempt, AttemptResult, Body, Entry, Journal};
pub use plan::{Plan, PlannedDataset, TrialId};
pub use record::PlanRecord;
