//! Owns the figures of a run under way: how much is done, how fast it goes, how long it will take.

use std::collections::VecDeque;

use super::stop::Stop;
use crate::provider::MicroDollars;

/// One model's progress, in trials.
#[derive(Debug, Clone, PartialEq)]
pub struct LaneProgress {
    /// Index into the plan's models.
    pub model_idx: usize,
    /// Index into the judges of the plan, where this is a judge's; then trials are judgements, of which more come with each
    /// answer, and `model_idx` lies beyond the plan's models.
    pub judge_idx: Option<usize>,
    /// All trials of this model.
    pub n_total: usize,
    /// Answered, and safe in the store.
    pub n_answered: usize,
    /// Given up after all tries.
    pub n_failed: usize,
    /// Calls under way.
    pub n_in_flight: usize,
    /// Waiting for another try.
    pub n_waiting: usize,
    /// Calls that may be under way at once, as learnt so far.
    pub limit: u32,
    /// Answers per minute over the last half minute; `None` before the second answer.
    pub per_minute: Option<f64>,
    /// Time left at that rate, in milliseconds.
    pub left_millis: Option<u64>,
    /// Why no further questions are asked of this model.
    pub stopped: Option<Stop>,
    /// A human brings the answers.
    pub by_hand: bool,
    /// The provider asked for a pause until then, milliseconds since 1970.
    pub closed_until: Option<u64>,
    /// Of those answered, how many were taken from earlier runs.
    pub n_reused: usize,
    /// On their way to the provider with a batch that this browser does not hold on to yet: closing the page now could
    /// hand them in twice.
    pub n_handing_in: usize,
    /// Handed in with batches that have not ended.
    pub n_in_batch: usize,
    /// Batches at the provider that have not ended, and that the journal knows.
    pub n_batches: usize,
    /// What this model cost so far, where that is known.
    pub spent: MicroDollars,
    /// What tries of this model without a known cost may have cost at most, on top.
    pub may_have_cost: MicroDollars,
    /// The next question waits until calls under way have turned out cheap enough to leave room in the budget.
    pub waits_for_budget: bool,
    /// The pace that the person typed lets the next call go then, milliseconds since 1970.
    pub paced_until: Option<u64>,
}

const WINDOW_MILLIS: u64 = 30_000;

/// When answers came, as far back as the window reaches.
#[derive(Debug, Clone, Default)]
pub(super) struct Rate {
    answered_at: VecDeque<u64>,
}

impl Rate {
    pub(super) fn answered(&mut self, now: u64) {
        self.answered_at.push_back(now);
        while self.answered_at.front().is_some_and(|at| at + WINDOW_MILLIS < now) {
            self.answered_at.pop_front();
        }
    }

    /// Answers per minute, from the first answer in the window until now.
    pub(super) fn per_minute(&self, now: u64) -> Option<f64> {
        let start = now.saturating_sub(WINDOW_MILLIS);
        let first = *self.answered_at.iter().find(|at| start <= **at)?;
        let n = self.answered_at.iter().filter(|at| first < **at).count();
        let span = now.saturating_sub(first);
        (0 < n && 0 < span).then(|| n as f64 * 60_000.0 / span as f64)
    }
}

/// Milliseconds that `n_left` answers will take at this rate.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // non-negative, and saturating at u64::MAX is fine
pub(super) fn left_millis(n_left: usize, per_minute: Option<f64>) -> Option<u64> {
    per_minute.filter(|rate| 0.0 < *rate).map(|rate| (n_left as f64 * 60_000.0 / rate) as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_is_that_of_the_last_half_minute() {
        let mut rate = Rate::default();
        assert_eq!(rate.per_minute(0), None);
        for second in 0..=60 {
            rate.answered(second * 1_000);
        }
        let per_minute = rate.per_minute(60_000).unwrap();
        assert!((per_minute - 60.0).abs() < 1e-9, "{per_minute}");
        assert_eq!(left_millis(30, Some(per_minute)), Some(30_000));
    }

    #[test]
    fn silence_lowers_the_rate() {
        let mut rate = Rate::default();
        rate.answered(0);
        rate.answered(1_000);
        assert!(rate.per_minute(20_000).unwrap() < 4.0);
        assert_eq!(rate.per_minute(40_000), None);
    }
}
