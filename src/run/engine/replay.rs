//! Owns the way back from a journal to where its run stood.

use super::{AttemptResult, Body, Engine, Entry, JudgeAttempt, Phase, Standing, Task};
use crate::run::journal::Attempt;
use crate::run::judging::JudgeResult;
use crate::score::Outcome;

impl Engine {
    /// Takes in what happened before. Called once, on an engine that has done nothing yet.
    pub(super) fn replay(&mut self, entries: &[Entry]) {
        for entry in entries {
            match &entry.body {
                Body::Attempt(attempt) => self.replay_attempt(attempt),
                Body::Retried { trials } => {
                    for trial in trials {
                        if let Some(lane) = self.lanes.get_mut(usize::from(trial.model)) {
                            lane.reopen(Task::Answer(*trial));
                        }
                    }
                }
                Body::Judgement(attempt) => self.replay_judgement(attempt),
                Body::JudgementsRetried { judgements } => {
                    for judgement in judgements {
                        let task = Task::Judgement(*judgement);
                        if let Some(lane) =
                            self.lane_of(task).and_then(|idx| self.lanes.get_mut(idx))
                        {
                            lane.reopen(task);
                        }
                    }
                }
                Body::Cancelled => self.phase = Phase::Cancelled,
                Body::Resumed => self.phase = Phase::Idle,
                Body::Paused | Body::Overruled(_) => {}
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
        let (spent, may_have_cost) = (attempt.spent(), attempt.may_have_cost());
        self.purse.book(spent, may_have_cost);
        let Some(lane) = self.lanes.get_mut(usize::from(attempt.trial.model)) else { return };
        lane.book(spent, may_have_cost);
        let Some(idx) = lane.idx(Task::Answer(attempt.trial)) else { return };
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
            AttemptResult::WillRetry { failure } => lane.replay_retry(idx, failure),
        };
        lane.replay(idx, attempt.n, standing);
        match &attempt.result {
            AttemptResult::Answered(completion)
            | AttemptResult::Recorded { completion, outcome: Outcome::Unscored, .. } => {
                self.call_for_judgements(attempt.trial, completion);
            }
            AttemptResult::Recorded { .. }
            | AttemptResult::GaveUp { .. }
            | AttemptResult::WillRetry { .. } => {}
        }
    }

    fn replay_judgement(&mut self, attempt: &JudgeAttempt) {
        let (spent, may_have_cost) = (attempt.spent(), attempt.may_have_cost());
        self.purse.book(spent, may_have_cost);
        let task = Task::Judgement(attempt.judgement);
        let Some(lane) = self.lane_of(task).and_then(|idx| self.lanes.get_mut(idx)) else { return };
        lane.book(spent, may_have_cost);
        let Some(idx) = lane.idx(task) else { return };
        // The first verdict stands.
        if lane.standing(idx) == Some(Standing::Answered) {
            return;
        }
        let standing = match &attempt.result {
            JudgeResult::Judged { .. } => {
                lane.n_reused += usize::from(attempt.reused.is_some());
                Standing::Answered
            }
            JudgeResult::GaveUp { .. } | JudgeResult::Unreadable { is_last: true, .. } => {
                Standing::Failed
            }
            JudgeResult::Unreadable { is_last: false, .. } => Standing::Ready,
            JudgeResult::WillRetry { failure } => lane.replay_retry(idx, failure),
        };
        lane.replay(idx, attempt.n, standing);
    }
}
