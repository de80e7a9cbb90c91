//! Owns judgements in the engine: they come about with answers, and end when a judge's reply holds verdicts.

use std::sync::Arc;

use super::{AttemptResult, Completion, Engine, Failure, Reading, Standing, Task, TrialId};
use crate::run::judging::JudgeResult;
use crate::score::NoVerdict;

/// A reply without a verdict says nothing against the provider: the judge is asked anew within a second.
const ASK_ANEW_MILLIS: u64 = 1_000;

impl Engine {
    /// The lane that a task belongs to.
    pub(super) fn lane_of(&self, task: Task) -> Option<usize> {
        match task {
            Task::Answer(trial) => Some(usize::from(trial.model)),
            Task::Judgement(judgement) => Some(self.docket.as_ref()?.lane_of(judgement)),
        }
    }

    /// An answer is in the store, and can be judged.
    pub(super) fn answer_is_safe(&mut self, trial: TrialId) {
        if let Some(answer) = self.docket.as_mut().and_then(|docket| docket.take(trial)) {
            self.add_judgements(trial, &answer);
        }
    }

    /// An answer that the journal holds can be judged.
    pub(super) fn call_for_judgements(&mut self, trial: TrialId, completion: &Completion) {
        let gradable = self.docket.as_ref().and_then(|docket| docket.gradable(trial, completion));
        if let Some(answer) = gradable {
            self.add_judgements(trial, &answer);
        }
    }

    fn add_judgements(&mut self, trial: TrialId, answer: &Arc<str>) {
        let Some(docket) = &self.docket else { return };
        for called in docket.called(trial, answer) {
            if let Some(lane) = self.lanes.get_mut(called.lane) {
                lane.add(called.judgement, answer, called.prompt_bytes);
                self.said_over = false;
            }
        }
    }

    /// What a reply amounts to, where it is a judge's.
    pub(super) fn read_verdict(
        &self,
        task: Option<Task>,
        result: &Result<Completion, Failure>,
        n_tries: u32,
    ) -> Option<Reading> {
        let judgement = task?.judgement()?;
        let completion = result.as_ref().ok()?;
        Some(self.docket.as_ref()?.read(judgement, completion, n_tries))
    }

    /// A judge replied, and its reply holds no verdict: it is asked again, or the judgement stays missing.
    pub(super) fn replied_in_vain(
        &mut self,
        now: u64,
        (lane_idx, idx): (usize, usize),
        reading: Option<&Reading>,
    ) {
        let wait = self.random.below(ASK_ANEW_MILLIS);
        let Some(lane) = self.lanes.get_mut(lane_idx) else { return };
        lane.replied_in_vain();
        match reading {
            Some(Reading::Unreadable { is_last: false, .. }) => {
                lane.wait(idx, now.saturating_add(wait));
            }
            _ => lane.set(idx, Standing::Failed),
        }
    }
}

/// The result of a try at a judgement, as it is journaled.
pub(super) fn result_of(result: AttemptResult, reading: Option<Reading>) -> JudgeResult {
    match (result, reading) {
        (AttemptResult::WillRetry { failure }, _) => JudgeResult::WillRetry { failure },
        (AttemptResult::GaveUp { failure }, _) => JudgeResult::GaveUp { failure },
        (AttemptResult::Answered(completion), Some(Reading::Judged(grades))) => {
            JudgeResult::Judged { completion, grades }
        }
        (AttemptResult::Answered(completion), Some(Reading::Unreadable { why, is_last })) => {
            JudgeResult::Unreadable { completion, why, is_last }
        }
        (AttemptResult::Answered(completion) | AttemptResult::Recorded { completion, .. }, _) => {
            JudgeResult::Unreadable { completion, why: NoVerdict::Nothing, is_last: true }
        }
    }
}
