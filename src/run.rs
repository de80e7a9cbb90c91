//! Owns the run: what is asked of whom, in which order, at what pace, and the journal of what happened. Does no I/O.

pub mod bench;
pub mod chain;
pub mod cost;
mod docket;
pub mod draft;
pub mod engine;
#[cfg(test)]
pub(crate) mod fixture;
mod gate;
pub mod journal;
pub mod judging;
mod lane;
pub mod limiter;
pub mod overruling;
mod pace;
pub mod plan;
mod preview;
pub mod progress;
mod purse;
pub mod record;
pub mod regrade;
pub mod retry;
pub mod reuse;
mod stop;

pub use cost::Spending;
pub use engine::{BatchCallId, BatchState, CallId, Command, Engine, Event, Settings};
pub use journal::{Attempt, AttemptResult, Body, Entry, Journal, Reused};
pub use judging::{
    GradedRun, JudgeAttempt, JudgeCall, JudgeResult, JudgementId, Judging, Kin, judge_call,
};
pub use overruling::{Overruling, OverrulingError, Ruling};
pub use plan::{AddedVariants, Plan, PlannedDataset, TrialId};
pub use preview::{Preview, preview, questions};
pub use record::PlanRecord;
pub use stop::Stop;
