//! Owns the journal: what happened in a run, append-only and hash-chained. Everything shown is computed from it.

use serde::{Deserialize, Serialize};

use super::judging::{JudgeAttempt, JudgementId};
use super::overruling::Overruling;
use super::plan::{Plan, TrialId};
use crate::provider::{Completion, Failure, MicroDollars, Setting};
use crate::score::Outcome;

/// All entries of one run, in order; the first is the plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Journal {
    /// The plan, kept apart because everything refers to it.
    pub plan: Plan,
    /// What happened, in order.
    pub entries: Vec<Entry>,
}

impl Journal {
    /// What a batch holds, in the order in which it was handed in; nothing where no such batch was.
    pub fn handed_in(&self, of: u16, batch: &str) -> &[TrialId] {
        let sent = self.entries.iter().find_map(|entry| match &entry.body {
            Body::BatchSent { model, remote_id, trials } if *model == of && remote_id == batch => {
                Some(trials.as_slice())
            }
            _ => None,
        });
        sent.unwrap_or_default()
    }
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Counted from one without a gap; zero is the plan.
    pub seq: u64,
    /// Milliseconds since 1970, by the clock of the machine.
    pub at_millis: u64,
    /// What happened.
    pub body: Body,
    /// SHA-256 over the previous entry's hash and this entry, in hex.
    pub hash: String,
}

/// What can happen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(clippy::large_enum_variant, reason = "nearly every entry of a journal is an attempt")]
pub enum Body {
    /// A call ended, in an answer or not.
    Attempt(Attempt),
    /// A judge's call ended, in verdicts or not.
    Judgement(JudgeAttempt),
    /// The person asked for judgements that failed to be tried anew.
    JudgementsRetried {
        /// Which.
        judgements: Vec<JudgementId>,
    },
    /// A person changed a grade.
    Overruled(Overruling),
    /// The person asked for trials that failed to be tried anew.
    Retried {
        /// Which.
        trials: Vec<TrialId>,
    },
    /// The person paused the run.
    Paused,
    /// The run goes on, after a pause or in a new page.
    Resumed,
    /// The person ended the run; what was not asked stays unasked.
    Cancelled,
    /// A model refused a setting; from here on it is asked without it.
    Adapted {
        /// Index into the plan's models.
        model: u16,
        /// What is no longer sent.
        setting: Setting,
        /// In the provider's words.
        message: String,
    },
    /// The person changed the most that the run may cost; `None` is no limit.
    BudgetSet {
        /// The new limit.
        budget: Option<MicroDollars>,
    },
    /// A provider took a batch. Stored before the batch is first asked after, so that a page that is closed and opened
    /// again asks after it and does not hand in its questions twice.
    BatchSent {
        /// Index into the plan's models.
        model: u16,
        /// The provider's name for the batch.
        remote_id: String,
        /// What is in it.
        trials: Vec<TrialId>,
    },
    /// A batch is over: what it answered stands in attempts before this entry, the rest of it can be asked again.
    BatchEnded {
        /// Index into the plan's models.
        model: u16,
        /// The provider's name for the batch.
        remote_id: String,
        /// Why the provider gave up the batch as a whole, in its words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        failure: Option<String>,
    },
}

/// One try at a trial.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Attempt {
    /// Which trial.
    pub trial: TrialId,
    /// Counted from one within the trial.
    pub n: u32,
    /// From sending to the end, in milliseconds.
    pub took_millis: u64,
    /// What came of it.
    pub result: AttemptResult,
    /// What it cost, where prices are known: by the tokens that the provider counted. Where it counted none (no answer
    /// came, or an answer without usage) this is what it may have cost at most, and nothing where the provider refused.
    /// [`Attempt::spent`] and [`Attempt::may_have_cost`] tell the two apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<MicroDollars>,
    /// Set where nothing was asked, since the same question had been answered before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reused: Option<Reused>,
}

/// What a try cost, and what it may have cost at most where no more than that is known. Nothing is nothing either way.
pub(super) fn told_apart(
    cost: Option<MicroDollars>,
    is_exact: bool,
) -> (Option<MicroDollars>, Option<MicroDollars>) {
    if is_exact || cost == Some(MicroDollars(0)) { (cost, None) } else { (None, cost) }
}

impl Attempt {
    /// What this try cost, if that is known.
    pub fn spent(&self) -> Option<MicroDollars> {
        told_apart(self.cost, self.is_cost_exact()).0
    }

    /// What this try may have cost at most, where no more than that is known.
    pub fn may_have_cost(&self) -> Option<MicroDollars> {
        told_apart(self.cost, self.is_cost_exact()).1
    }

    fn is_cost_exact(&self) -> bool {
        match &self.result {
            AttemptResult::Answered(completion) | AttemptResult::Recorded { completion, .. } => {
                self.reused.is_some() || completion.usage.is_some()
            }
            AttemptResult::WillRetry { .. } | AttemptResult::GaveUp { .. } => false,
        }
    }
}

/// Where an answer was taken from that was not asked for again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reused {
    /// The run in which it was answered.
    pub run_id: String,
    /// When, in milliseconds since 1970.
    pub at_millis: u64,
}

/// What came of a try.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttemptResult {
    /// A whole answer; the trial is over. Its outcome is computed from it.
    Answered(Completion),
    /// An answer that another program scored, from a file; the trial is over.
    Recorded {
        /// The answer's text.
        completion: Completion,
        /// The option that the other program read, if any.
        choice: Option<usize>,
        /// As the other program scored it.
        outcome: Outcome,
    },
    /// No answer; another try follows.
    WillRetry {
        /// Why.
        failure: Failure,
    },
    /// No answer, and no further try: the trial is over.
    GaveUp {
        /// Why.
        failure: Failure,
    },
}
