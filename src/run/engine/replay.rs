//! Owns the way back from a journal to where its run stood.

use super::{AttemptResult, Body, Engine, Entry, Phase, Standing};
use crate::provider::Failure;
use crate::run::journal::Attempt;

impl Engine {
    /// Takes in what happened before. Called once, on an engine that has done nothing yet.
    pub(super) fn replay(&mut self, entries: &[Entry]) {
        for entry in entries {
            match &entry.body {
                Body::Attempt(attempt) => self.replay_attempt(attempt),
                Body::Retried { trials } => {
                    for trial in trials {
                        if let Some(lane) = self.lanes.get_mut(usize::from(trial.model)) {
                            lane.reopen(*trial);
                        }
                    }
                }
                Body::Cancelled => self.phase = Phase::Cancelled,
                Body::Resumed => self.phase = Phase::Idle,
                Body::Paused => {}
                Body::Adapted { model, setting, message } => {
                    if let Some(lane) = self.lanes.get_mut(usize::from(*model)) {
                        lane.drop_setting(*setting, message);
                    }
                }
                Body::BudgetSet { budget } => self.purse.set_budget(*budget),
                Body::BatchSent { model, remote_id, trials } => {
                    self.replay_batch_sent(entry.at_millis, *model, remote_id, trials);
                }
                Body::BatchEnded { model, remote_id, .. } => {
                    self.replay_batch_ended(*model, remote_id);
                }
            }
        }
        self.settle_batches();
        for lane in &mut self.lanes {
            lane.requeue();
        }
    }

    fn replay_attempt(&mut self, attempt: &Attempt) {
        self.purse.book(attempt);
        let Some(lane) = self.lanes.get_mut(usize::from(attempt.trial.model)) else { return };
        lane.book(attempt);
        let Some(idx) = lane.idx(attempt.trial) else { return };
        // The first answer stands.
        if lane.standing(idx) == Some(Standing::Answered) {
            return;
        }
        let standing = match &attempt.result {
            AttemptResult::Answered(_) | AttemptResult::Recorded { .. } => {
                lane.n_reused += usize::from(attempt.reused.is_some());
                Standing::Answered
            }
            AttemptResult::GaveUp { .. } => Standing::Failed,
            AttemptResult::WillRetry { failure } => {
                if matches!(failure, Failure::Unsupported { .. }) {
                    lane.excuse(idx);
                }
                Standing::Ready
            }
        };
        lane.set(idx, standing);
        if let Some(trial) = lane.trials.get_mut(idx) {
            trial.n_attempts = attempt.n;
        }
    }
}
