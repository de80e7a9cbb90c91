//! Owns what the engine is told and what it asks for: events in, commands out, and how both are named.

use std::sync::Arc;

use crate::provider::{Completion, Failure, MicroDollars};
use crate::run::journal::{Body, Reused};
use crate::run::judging::JudgementId;
use crate::run::overruling::Overruling;
use crate::run::plan::TrialId;

/// Names a call within a run of the engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CallId(pub u64);

/// Names the handing in of a batch within a run of the engine, before the provider has given it an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BatchCallId(pub u64);

/// What the person may set about the pace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// Longest wait for one call, in milliseconds.
    pub call_limit_millis: u64,
    /// Calls in flight to one model at the start.
    pub start_in_flight: u32,
    /// Calls in flight to one model at most.
    pub max_in_flight: u32,
    /// Decides the jitter of waits.
    pub seed: u64,
}

impl Default for Settings {
    /// Ten minutes is what the providers' own libraries wait; four calls are below every paid tier's limit.
    fn default() -> Self {
        Self { call_limit_millis: 600_000, start_in_flight: 4, max_in_flight: 64, seed: 1 }
    }
}

/// What happened outside.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// The run begins, or goes on after a pause.
    Go,
    /// Time has passed; sent at the time of the last [`Command::WakeAt`].
    Tick,
    /// A call ended.
    Returned {
        /// Which.
        call: CallId,
        /// The answer, or why there is none.
        result: Result<Completion, Failure>,
    },
    /// A [`Command::Send`] or [`Command::Judge`] was served from an earlier answer to the same question: no call left the page.
    Reused {
        /// Which.
        call: CallId,
        /// The earlier answer.
        completion: Completion,
        /// Where it was taken from.
        reused: Reused,
    },
    /// A human brought an answer: of a participant without an API, or from a file of batch results. An answer to a
    /// question that is under way or has ended is passed over.
    Brought {
        /// To which trial.
        trial: TrialId,
        /// How long it took, in milliseconds.
        took_millis: u64,
        /// The answer.
        completion: Completion,
    },
    /// The journal's entry for this trial is safe in the store.
    Saved {
        /// The trial.
        trial: TrialId,
    },
    /// The journal's entry with the verdicts of this judgement is safe in the store.
    JudgementSaved {
        /// The judgement.
        judgement: JudgementId,
    },
    /// A person changed a grade.
    Overrule(Overruling),
    /// No new calls; those under way are awaited.
    Pause,
    /// No new calls, and those under way are called off. Batches that were handed in stay with the provider, and are
    /// asked after again when the run goes on.
    Cancel,
    /// Trials that were given up are tried anew.
    RetryFailed,
    /// The person changed the most that the run may cost.
    SetBudget(Option<MicroDollars>),
    /// A provider took a batch.
    BatchTaken {
        /// Which.
        batch: BatchCallId,
        /// The provider's name for it.
        remote_id: String,
    },
    /// A provider did not take a batch, or nobody knows whether it did.
    BatchRefused {
        /// Which.
        batch: BatchCallId,
        /// Why.
        failure: Failure,
    },
    /// The journal's [`Body::BatchSent`] is safe in the store.
    BatchSaved {
        /// Index into the plan's models.
        model: u16,
        /// The provider's name for the batch.
        remote_id: String,
    },
    /// What came of a [`Command::PollBatch`], as long as there are no results.
    BatchNews {
        /// Index into the plan's models.
        model: u16,
        /// The provider's name for the batch.
        remote_id: String,
        /// How it stands.
        state: BatchState,
    },
    /// All results of a batch that ended (or expired with a part of them), in any order. Questions of the batch that
    /// are missing here have no answer.
    BatchResults {
        /// Index into the plan's models.
        model: u16,
        /// The provider's name for the batch.
        remote_id: String,
        /// By trial.
        results: Vec<(TrialId, Result<Completion, Failure>)>,
    },
}

/// How a batch stands at its provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BatchState {
    /// Still under way, or the provider could not be asked this time.
    Running,
    /// Ended; [`Event::BatchResults`] follows. Should it not (the page could not fetch them), the batch is polled again.
    Ended,
    /// Failed as a whole: no question of it was or will be answered.
    Failed {
        /// In the provider's words.
        reason: String,
    },
}

/// What the caller is to do.
#[derive(Debug, Clone, PartialEq)]
#[allow(
    clippy::large_enum_variant,
    reason = "commands live for a moment, and half of them write an attempt"
)]
pub enum Command {
    /// Put this trial to its model, as [`super::Engine::endpoint`] has it.
    Send {
        /// Comes back in [`Event::Returned`] or [`Event::Reused`].
        call: CallId,
        /// What to ask.
        trial: TrialId,
    },
    /// Ask a judge, with what [`crate::run::judge_call`] makes of it; its endpoint is [`super::Engine::endpoint`] of the
    /// plan's number of models and the judge's index together. Replies without a verdict are not to be kept for later runs.
    Judge {
        /// Comes back in [`Event::Returned`] or [`Event::Reused`].
        call: CallId,
        /// What is to be judged.
        judgement: JudgementId,
        /// The text of the answer.
        answer: Arc<str>,
    },
    /// Stop waiting for this call; its end is not awaited.
    CallOff {
        /// Which.
        call: CallId,
    },
    /// Hand in a batch; answer with [`Event::BatchTaken`] or [`Event::BatchRefused`].
    SendBatch {
        /// Comes back in the answer.
        batch: BatchCallId,
        /// Index into the plan's models.
        model: u16,
        /// What to ask, at most [`super::MAX_BATCH_TRIALS`].
        trials: Vec<TrialId>,
    },
    /// Stop waiting for the provider to take this batch; its end is not awaited.
    CallOffBatch {
        /// Which.
        batch: BatchCallId,
    },
    /// Ask how a batch stands, and fetch its results if it ended; answer with [`Event::BatchNews`] or
    /// [`Event::BatchResults`].
    PollBatch {
        /// Index into the plan's models.
        model: u16,
        /// The provider's name for the batch.
        remote_id: String,
    },
    /// Append this to the journal. Once it is safe, answer with [`Event::Saved`] for attempts that answer a trial, with
    /// [`Event::JudgementSaved`] for judgements with verdicts, and with [`Event::BatchSaved`] for [`Body::BatchSent`].
    Write(Body),
    /// Send [`Event::Tick`] then, unless a later command names another time.
    WakeAt(u64),
    /// Nothing is left to do, apart from what a human brings.
    Over,
}
