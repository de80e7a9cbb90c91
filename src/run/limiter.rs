//! Owns the pace of one model: how many calls may be in flight, learnt from how the provider answers.
//!
//! A call's place is free again when its answer arrives, not when the answer is stored: a store that takes 50 ms to make
//! an answer durable would otherwise leave the provider idle for as long with each. But what a crash can lose must stay
//! bounded, so calls under way and answers that are not yet safe are together at most the limit and an eighth of it. An
//! eighth covers the time that a transaction takes beside a call of ordinary length. Below a limit of eight it is nothing:
//! then no more is ever at risk than the limit.

/// How far a limiter may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Calls in flight at the start.
    pub start: u32,
    /// Never more than this many in flight.
    pub max: u32,
}

/// What a full round of clean answers does to the limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Growth {
    /// Until the first refusal: double.
    SlowStart,
    /// Afterwards: 5 %, at least one.
    Careful,
}

/// Slow start, then additive increase and multiplicative decrease, with the constants of Inspect's controller, which
/// were tuned against real providers: doubling per clean round, ×0.8 on a refusal, 15 s without growth after it.
#[derive(Debug, Clone)]
pub struct Limiter {
    bounds: Bounds,
    limit: f64,
    n_in_flight: u32,
    /// Answers that arrived and are not yet safe.
    n_unsafe: u32,
    growth: Growth,
    /// Clean answers since the limit last moved.
    n_clean: u32,
    /// Most in flight since the limit last moved: an unused limit does not grow.
    peak: u32,
    /// No call before this time: the provider asked for a wait.
    closed_until: u64,
    /// No growth before this time.
    steady_until: u64,
    /// Refusals in a row, episode by episode, without an answer between them.
    n_refused_episodes: u32,
}

const CUT: f64 = 0.8;
const CAREFUL_STEP: f64 = 0.05;
const COOL_DOWN_MILLIS: u64 = 15_000;
/// A round is at least this many clean answers.
const MIN_ROUND: u32 = 4;
/// The wait after a refusal that names none doubles from here …
const FIRST_WAIT_MILLIS: u64 = 1_000;
/// … to here.
const LAST_WAIT_MILLIS: u64 = 60_000;

impl Limiter {
    /// A limiter that has seen nothing yet.
    pub fn new(bounds: Bounds) -> Self {
        let start = bounds.start.clamp(1, bounds.max.max(1));
        Self {
            bounds,
            limit: f64::from(start),
            n_in_flight: 0,
            n_unsafe: 0,
            growth: Growth::SlowStart,
            n_clean: 0,
            peak: 0,
            closed_until: 0,
            steady_until: 0,
            n_refused_episodes: 0,
        }
    }

    /// How many more calls may be sent now. After a refusal one call goes ahead alone, and the rest follow its answer:
    /// a provider that still refuses costs one try and not one of each question.
    pub fn n_free(&self, now: u64) -> u32 {
        let allowed = match self.n_refused_episodes {
            _ if now < self.closed_until => 0,
            0 => self.limit(),
            _ => 1,
        };
        let at_risk = self.n_in_flight.saturating_add(self.n_unsafe);
        let allowed_at_risk = self.limit() + self.limit() / 8;
        allowed.saturating_sub(self.n_in_flight).min(allowed_at_risk.saturating_sub(at_risk))
    }

    /// The present limit, in calls.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // 1 ≤ limit ≤ max, a u32
    pub fn limit(&self) -> u32 {
        self.limit as u32
    }

    /// Calls under way.
    pub fn n_in_flight(&self) -> u32 {
        self.n_in_flight
    }

    /// An answer that arrived is on its way into the store.
    pub fn storing(&mut self) {
        self.n_unsafe += 1;
    }

    /// An answer is safe.
    pub fn stored(&mut self) {
        self.n_unsafe = self.n_unsafe.saturating_sub(1);
    }

    /// When calls may be sent again, if they may not now.
    pub fn opens_at(&self, now: u64) -> Option<u64> {
        (now < self.closed_until).then_some(self.closed_until)
    }

    /// A call was sent.
    pub fn sent(&mut self) {
        self.n_in_flight += 1;
        self.peak = self.peak.max(self.n_in_flight);
    }

    /// A call was answered at the first try.
    pub fn answered(&mut self, now: u64) {
        self.ended();
        self.n_refused_episodes = 0;
        if now < self.steady_until {
            return;
        }
        self.n_clean += 1;
        let used = f64::from(self.peak) >= 0.8 * self.limit.floor();
        if self.n_clean < self.limit().max(MIN_ROUND) || !used {
            return;
        }
        let grown = match self.growth {
            Growth::SlowStart => self.limit * 2.0,
            Growth::Careful => self.limit + (self.limit * CAREFUL_STEP).max(1.0),
        };
        self.move_to(grown);
    }

    /// A call was answered after other tries: the provider works, but this is no clean answer.
    pub fn answered_late(&mut self) {
        self.ended();
        self.n_refused_episodes = 0;
    }

    /// A call ended in a way that says nothing about the pace, such as being called off.
    pub fn ended(&mut self) {
        self.n_in_flight = self.n_in_flight.saturating_sub(1);
    }

    /// The provider said that calls come too fast. Such answers to calls that were sent together are one episode.
    pub fn refused(&mut self, now: u64, wait_millis: Option<u64>) {
        self.ended();
        let is_new_episode = self.closed_until <= now;
        if is_new_episode {
            self.growth = Growth::Careful;
            // The lone call after a refusal tells nothing about the limit.
            if self.n_refused_episodes == 0 {
                self.move_to(self.limit * CUT);
            }
            self.n_refused_episodes = (self.n_refused_episodes + 1).min(16);
        }
        let doublings = self.n_refused_episodes.saturating_sub(1);
        let wait = wait_millis.unwrap_or((FIRST_WAIT_MILLIS << doublings).min(LAST_WAIT_MILLIS));
        if is_new_episode || wait_millis.is_some() {
            self.closed_until = self.closed_until.max(now + wait);
        }
        self.steady_until = self.steady_until.max(self.closed_until + COOL_DOWN_MILLIS);
    }

    /// The provider failed or fell silent: nothing to do with the pace, so hold it and do not cut.
    pub fn faltered(&mut self, now: u64) {
        self.ended();
        self.n_clean = 0;
        self.steady_until = self.steady_until.max(now + COOL_DOWN_MILLIS);
    }

    fn move_to(&mut self, limit: f64) {
        self.limit = limit.clamp(1.0, f64::from(self.bounds.max.max(1)));
        self.n_clean = 0;
        self.peak = self.n_in_flight;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limiter(start: u32, max: u32) -> Limiter {
        Limiter::new(Bounds { start, max })
    }

    fn clean_round(limiter: &mut Limiter, now: u64) {
        let n = limiter.limit().max(MIN_ROUND);
        for _ in 0..n {
            if limiter.n_free(now) == 0 {
                limiter.answered(now);
            }
            limiter.sent();
        }
        while limiter.n_in_flight() > 0 {
            limiter.answered(now);
        }
    }

    #[test]
    fn doubles_while_clean_until_its_maximum() {
        let mut limiter = limiter(4, 30);
        let mut limits = vec![];
        for _ in 0..4 {
            clean_round(&mut limiter, 0);
            limits.push(limiter.limit());
        }
        assert_eq!(limits[0], 8);
        assert_eq!(*limits.last().unwrap(), 30);
    }

    #[test]
    fn cuts_once_per_episode_and_then_grows_carefully() {
        let mut limiter = limiter(20, 64);
        for _ in 0..20 {
            limiter.sent();
        }
        for _ in 0..10 {
            limiter.refused(1_000, Some(2_000));
        }
        assert_eq!(limiter.limit(), 16);
        assert_eq!(limiter.n_free(2_999), 0);
        assert_eq!(limiter.opens_at(2_999), Some(3_000));
        assert_eq!(limiter.n_free(3_000), 0, "ten are still under way");
        for _ in 0..10 {
            limiter.answered(5_000);
        }
        assert_eq!(limiter.n_free(5_000), 16);
        assert_eq!(limiter.limit(), 16, "answers in the cool-down do not raise the limit");
        clean_round(&mut limiter, 30_000);
        assert_eq!(limiter.limit(), 17);
    }

    #[test]
    fn holds_when_the_provider_fails() {
        let mut limiter = limiter(8, 64);
        for _ in 0..8 {
            limiter.sent();
        }
        for _ in 0..8 {
            limiter.faltered(10);
        }
        assert_eq!((limiter.limit(), limiter.n_in_flight()), (8, 0));
    }

    #[test]
    fn a_limit_that_is_not_used_does_not_grow() {
        let mut limiter = limiter(16, 64);
        for _ in 0..100 {
            limiter.sent();
            limiter.answered(0);
        }
        assert_eq!(limiter.limit(), 16);
    }

    #[test]
    fn after_a_refusal_one_call_goes_ahead_alone_with_growing_waits() {
        let mut limiter = limiter(8, 64);
        let mut now = 0;
        let mut waits = vec![];
        for _ in 0..9 {
            assert!(limiter.n_free(now) == 8 || limiter.n_free(now) == 1);
            limiter.sent();
            limiter.refused(now, None);
            let opens_at = limiter.opens_at(now).unwrap();
            waits.push((opens_at - now) / 1_000);
            now = opens_at;
        }
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
        limiter.sent();
        limiter.answered(now);
        assert!(1 < limiter.n_free(now));
    }

    #[test]
    fn a_place_is_free_when_the_answer_arrives_but_what_is_at_risk_is_bounded() {
        let mut limiter = limiter(16, 16);
        for _ in 0..16 {
            limiter.sent();
        }
        assert_eq!(limiter.n_free(0), 0);
        for n_free in [1, 2, 2, 2] {
            limiter.answered(0);
            limiter.storing();
            assert_eq!(limiter.n_free(0), n_free, "an eighth of sixteen may be at risk on top");
        }
        limiter.stored();
        assert_eq!(limiter.n_free(0), 3);
    }

    #[test]
    fn below_eight_no_more_is_at_risk_than_the_limit() {
        let mut limiter = limiter(7, 7);
        limiter.sent();
        limiter.answered(0);
        limiter.storing();
        assert_eq!(limiter.n_free(0), 6);
        limiter.stored();
        assert_eq!(limiter.n_free(0), 7);
    }

    #[test]
    fn never_falls_below_one() {
        let mut limiter = limiter(1, 1);
        for step in 0..50 {
            limiter.sent();
            limiter.refused(step * 100_000, None);
        }
        assert_eq!(limiter.limit(), 1);
    }
}
