//! Owns the rules for another try: which failures deserve one, how many, and after what wait.

use crate::provider::Failure;
use crate::stats::random::SplitMix64;

/// How often a trial may be tried at most.
pub const MAX_ATTEMPTS: u32 = 6;
/// How often at most where the last answer was "too many requests": that says nothing against the question, and the
/// limiter lets only one call at a time find out whether it still holds.
pub const MAX_ATTEMPTS_RATE_LIMITED: u32 = 12;
/// First step of the exponential backoff.
const BASE_MILLIS: u64 = 1_000;
/// The backoff grows no further.
const CAP_MILLIS: u64 = 60_000;

/// What follows a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Try again after this many milliseconds.
    Retry(u64),
    /// The trial is over, without an answer.
    GiveUp,
}

/// What else bears on the decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Situation {
    /// Tries made so far, the failed one included.
    pub n_attempts: u32,
    /// Whether this endpoint has answered anything in this run. If never, an unreadable failure is a wrong key or a
    /// blocked origin, and another try would not help.
    pub has_answered: bool,
}

/// Decides what follows `failure`. Waits are full jitter (uniform between nothing and the backoff), or what the
/// provider named plus up to a fifth, so that calls that failed together do not come back together.
pub fn after(failure: &Failure, situation: Situation, random: &mut SplitMix64) -> Next {
    let n_allowed = match failure {
        Failure::RateLimited { .. } => MAX_ATTEMPTS_RATE_LIMITED,
        _ => MAX_ATTEMPTS,
    };
    if n_allowed <= situation.n_attempts {
        return Next::GiveUp;
    }
    let named_wait = match failure {
        Failure::RateLimited { wait_millis, .. } | Failure::Server { wait_millis, .. } => {
            *wait_millis
        }
        Failure::Unreachable { .. } if situation.has_answered && situation.n_attempts <= 2 => None,
        // The same request may be answered in full the next time, but not for ever.
        Failure::TimedOut { .. } | Failure::Malformed { .. } if situation.n_attempts <= 2 => None,
        Failure::KeyRefused { .. }
        | Failure::NoCredit { .. }
        | Failure::NotFound { .. }
        | Failure::Refused { .. }
        | Failure::Unsupported { .. }
        | Failure::Unreachable { .. }
        | Failure::TimedOut { .. }
        | Failure::Malformed { .. } => return Next::GiveUp,
    };
    let wait = if let Some(wait) = named_wait {
        wait + random.below(wait / 5 + 1)
    } else {
        let doublings = situation.n_attempts.saturating_sub(1).min(10);
        random.below((BASE_MILLIS << doublings).min(CAP_MILLIS) + 1)
    };
    Next::Retry(wait)
}

/// Whether a failure will meet every other call to the same endpoint too: asking on would only burn questions.
pub fn is_about_the_endpoint(failure: &Failure, has_answered: bool) -> bool {
    match failure {
        Failure::KeyRefused { .. } | Failure::NoCredit { .. } | Failure::NotFound { .. } => true,
        Failure::Unreachable { .. } => !has_answered,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(failure: &Failure, n_attempts: u32, has_answered: bool) -> Next {
        after(failure, Situation { n_attempts, has_answered }, &mut SplitMix64::new(1))
    }

    fn text() -> String {
        String::new()
    }

    #[test]
    fn a_wrong_key_or_request_is_never_tried_again() {
        for failure in [
            Failure::KeyRefused { message: text() },
            Failure::NoCredit { message: text() },
            Failure::NotFound { message: text() },
            Failure::Refused { status: 400, message: text() },
            Failure::Refused { status: 422, message: text() },
        ] {
            assert_eq!(next(&failure, 1, true), Next::GiveUp, "{failure}");
        }
    }

    #[test]
    fn a_named_wait_is_kept_with_little_on_top() {
        let failure = Failure::RateLimited { wait_millis: Some(40_000), message: text() };
        for n_attempts in 1..MAX_ATTEMPTS {
            match next(&failure, n_attempts, true) {
                Next::Retry(wait) => assert!((40_000..=48_000).contains(&wait)),
                Next::GiveUp => panic!("gave up at {n_attempts}"),
            }
        }
        assert_eq!(next(&failure, MAX_ATTEMPTS_RATE_LIMITED, true), Next::GiveUp);
    }

    #[test]
    fn the_backoff_grows_and_is_capped() {
        let failure = Failure::Server { status: 503, wait_millis: None, message: text() };
        let mut random = SplitMix64::new(3);
        for n_attempts in 1..MAX_ATTEMPTS {
            for _ in 0..100 {
                let situation = Situation { n_attempts, has_answered: false };
                match after(&failure, situation, &mut random) {
                    Next::Retry(wait) => assert!(wait <= 1_000 << (n_attempts - 1)),
                    Next::GiveUp => panic!("gave up at {n_attempts}"),
                }
            }
        }
    }

    #[test]
    fn an_unreadable_failure_is_tried_again_only_where_something_was_answered() {
        let failure = Failure::Unreachable { message: text() };
        assert_eq!(next(&failure, 1, false), Next::GiveUp);
        assert!(matches!(next(&failure, 2, true), Next::Retry(_)));
        assert_eq!(next(&failure, 3, true), Next::GiveUp);
    }
}
