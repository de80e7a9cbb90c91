//! Owns the pace that a person typed: calls and tokens in any minute, as buckets that refill all the time.

use crate::provider::Pace;

/// Levels are counted in 60,000ths, so that a pace of n a minute refills n of them each millisecond, without rounding.
const PARTS: i64 = 60_000;

/// A bucket that refills all the time.
#[derive(Debug, Clone, Copy)]
struct Bucket {
    /// Full at this level, in parts.
    capacity: i64,
    /// Parts each millisecond.
    rate: i64,
    /// Below zero where more was used than had been reckoned with.
    level: i64,
    filled_at: u64,
}

impl Bucket {
    /// A bucket that is full. A burst of `burst` and a minute of `rate` together are the most that any minute sees.
    fn new(burst: u32, rate: u32) -> Self {
        let capacity = i64::from(burst) * PARTS;
        Self { capacity, rate: i64::from(rate.max(1)), level: capacity, filled_at: 0 }
    }

    fn fill(&mut self, now: u64) {
        // A clock that was set back fills nothing.
        let millis = i64::try_from(now.saturating_sub(self.filled_at)).unwrap_or(i64::MAX);
        self.filled_at = now;
        self.level = self.level.saturating_add(millis.saturating_mul(self.rate)).min(self.capacity);
    }

    /// When `n` may be taken, if not now. More than the bucket ever holds goes when it is full, and is paid off after.
    fn opens_at(&mut self, now: u64, n: u64) -> Option<u64> {
        self.fill(now);
        let missing = parts(n).min(self.capacity) - self.level;
        let millis = u64::try_from(missing).ok().filter(|missing| 0 < *missing)?;
        Some(now + millis.div_ceil(self.rate.unsigned_abs()))
    }

    /// Takes `n`, or gives it back where it is negative.
    fn take(&mut self, n: i64) {
        self.level = self.level.saturating_sub(n.saturating_mul(PARTS)).min(self.capacity);
    }
}

fn parts(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX).saturating_mul(PARTS)
}

fn signed(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// Holds the calls of one model to a typed pace.
#[derive(Debug, Clone, Default)]
pub(super) struct Pacer {
    requests: Option<Bucket>,
    tokens: Option<Bucket>,
}

impl Pacer {
    /// A pacer that has seen nothing yet. A pace of zero is none.
    pub(super) fn new(pace: Pace) -> Self {
        Self {
            // Calls go one second's worth at a time: the timers of a page in the background ring no more often.
            requests: pace.requests_per_minute.filter(|n| 0 < *n).map(|n| {
                let burst = (n / 60).max(1);
                Bucket::new(burst, n - (burst - 1))
            }),
            // Calls differ in tokens, so a good part must fit in at once.
            tokens: pace.tokens_per_minute.filter(|n| 0 < *n).map(|n| {
                let burst = (n / 10).max(1);
                Bucket::new(burst, n - n / 10)
            }),
        }
    }

    /// When a call of so many tokens may go, if not now.
    pub(super) fn opens_at(&mut self, now: u64, n_tokens: u64) -> Option<u64> {
        let requests = self.requests.as_mut().and_then(|bucket| bucket.opens_at(now, 1));
        let tokens = self.tokens.as_mut().and_then(|bucket| bucket.opens_at(now, n_tokens));
        requests.max(tokens)
    }

    /// A call went, with so many tokens as far as can be told before.
    pub(super) fn sent(&mut self, n_tokens: u64) {
        if let Some(bucket) = &mut self.requests {
            bucket.take(1);
        }
        if let Some(bucket) = &mut self.tokens {
            bucket.take(signed(n_tokens));
        }
    }

    /// The call had other tokens than were reckoned with.
    pub(super) fn corrected(&mut self, reckoned: u64, used: u64) {
        if let Some(bucket) = &mut self.tokens {
            bucket.take(signed(used).saturating_sub(signed(reckoned)));
        }
    }

    /// The call did not leave the page.
    pub(super) fn not_sent(&mut self, n_tokens: u64) {
        if let Some(bucket) = &mut self.requests {
            bucket.take(-1);
        }
        if let Some(bucket) = &mut self.tokens {
            bucket.take(-signed(n_tokens));
        }
    }
}

/// The stricter of two paces.
pub(super) fn stricter(a: Pace, b: Pace) -> Pace {
    let min = |a: Option<u32>, b: Option<u32>| match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (one, other) => one.or(other),
    };
    Pace {
        requests_per_minute: min(a.requests_per_minute, b.requests_per_minute),
        tokens_per_minute: min(a.tokens_per_minute, b.tokens_per_minute),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pacer(requests: Option<u32>, tokens: Option<u32>) -> Pacer {
        Pacer::new(Pace { requests_per_minute: requests, tokens_per_minute: tokens })
    }

    /// Sends as fast as allowed for some minutes; the times and tokens of the calls.
    fn calls(mut pacer: Pacer, n_tokens: impl Fn(usize) -> u64) -> Vec<(u64, u64)> {
        let (mut now, mut sent) = (1_000_000, vec![]);
        while now < 1_000_000 + 300_000 {
            let n = n_tokens(sent.len());
            if let Some(at) = pacer.opens_at(now, n) {
                assert!(now < at);
                now = at;
            } else {
                pacer.sent(n);
                sent.push((now, n));
            }
        }
        sent
    }

    /// The most that any minute saw.
    fn most_in_a_minute(calls: &[(u64, u64)], count: impl Fn(u64) -> u64) -> u64 {
        let (mut first, mut sum, mut most) = (0, 0, 0);
        for (at, n) in calls {
            sum += count(*n);
            while calls[first].0 + 60_000 <= *at {
                sum -= count(calls[first].1);
                first += 1;
            }
            most = most.max(sum);
        }
        most
    }

    #[test]
    fn no_minute_sees_more_calls_than_typed() {
        for n in [1, 7, 60, 61, 500, 6_000] {
            let sent = calls(pacer(Some(n), None), |_| 10);
            let most = most_in_a_minute(&sent, |_| 1);
            assert!(most <= u64::from(n), "{most} calls in a minute of {n}");
            assert!(u64::from(n) * 49 / 10 <= sent.len() as u64, "{} in all at {n}", sent.len());
        }
    }

    #[test]
    fn no_minute_sees_more_tokens_than_typed() {
        let sent = calls(pacer(None, Some(30_000)), |idx| 100 + 37 * (idx as u64 % 70));
        let most = most_in_a_minute(&sent, |n| n);
        assert!(most <= 30_000, "{most} tokens in a minute");
        let total: u64 = sent.iter().map(|(_, n)| n).sum();
        assert!(130_000 <= total, "{total} tokens in five minutes");
    }

    #[test]
    fn a_call_above_the_burst_goes_when_the_bucket_is_full_and_is_paid_off() {
        let sent = calls(pacer(None, Some(10_000)), |_| 20_000);
        assert!((2..=3).contains(&sent.len()), "{sent:?}");
    }

    #[test]
    fn what_was_not_used_is_given_back() {
        let mut pacer = pacer(Some(60), Some(10_000));
        pacer.sent(1_000);
        assert!(pacer.opens_at(0, 1_000).is_some());
        pacer.corrected(1_000, 100);
        assert_eq!(pacer.opens_at(1_000, 900), None);
        pacer.sent(900);
        pacer.not_sent(900);
        assert_eq!(pacer.opens_at(1_000, 900), None);
        pacer.sent(900);
        pacer.corrected(900, 5_000);
        assert!(10_000 < pacer.opens_at(1_000, 900).unwrap());
    }

    #[test]
    fn a_clock_that_is_set_back_fills_nothing_and_breaks_nothing() {
        let mut pacer = pacer(Some(60), None);
        assert_eq!(pacer.opens_at(1_000_000, 1), None);
        pacer.sent(1);
        assert_eq!(pacer.opens_at(500_000, 1), Some(501_000));
        assert_eq!(pacer.opens_at(501_000, 1), None);
    }

    #[test]
    fn the_stricter_pace_counts() {
        let one = Pace { requests_per_minute: Some(10), tokens_per_minute: None };
        let other = Pace { requests_per_minute: Some(20), tokens_per_minute: Some(5) };
        let both = Pace { requests_per_minute: Some(10), tokens_per_minute: Some(5) };
        assert_eq!(stricter(one, other), both);
    }
}
