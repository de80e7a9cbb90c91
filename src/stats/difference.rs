//! Owns the difference of two independent figures, each with its own interval.

use super::Interval;

/// A difference with its interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Difference {
    /// The first less the second.
    pub value: f64,
    /// Of the confidence that the two intervals have.
    pub interval: Interval,
}

impl Difference {
    /// Whether no difference at all lies within the interval.
    pub fn includes_none(&self) -> bool {
        self.interval.low <= 0.0 && 0.0 <= self.interval.high
    }
}

/// The first figure less the second, with the interval that is recovered from theirs (Zou and Donner 2008, the method of
/// variance estimates recovery). With Wilson's intervals of two proportions it is method 10 of Newcombe (1998). The two must
/// be independent; where they are not, as with two answers to the same questions, the interval is too wide.
pub fn independent(first: (f64, Interval), second: (f64, Interval)) -> Difference {
    let ((a, of_a), (b, of_b)) = (first, second);
    let value = a - b;
    let below = (a - of_a.low).hypot(of_b.high - b);
    let above = (of_a.high - a).hypot(b - of_b.low);
    Difference { value, interval: Interval { low: value - below, high: value + above } }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::proportion::wilson;

    /// Newcombe, Statistics in Medicine 1998;17:873-890, table II, method 10, examples (a), (b), (d), (e).
    #[test]
    fn it_is_that_of_newcombe() {
        for ((x, m), (y, n), low, high) in [
            ((56, 70), (48, 80), 0.0524, 0.3339),
            ((9, 10), (3, 10), 0.1705, 0.8090),
            ((5, 56), (0, 29), -0.0381, 0.1926),
            ((0, 10), (0, 20), -0.1611, 0.2775),
        ] {
            let of = |k: u64, n: u64| (k as f64 / n as f64, wilson(k, n, 0.95));
            let found = independent(of(x, m), of(y, n)).interval;
            assert!((found.low - low).abs() < 5e-5, "{found:?}");
            assert!((found.high - high).abs() < 5e-5, "{found:?}");
        }
    }

    #[test]
    fn none_is_included_or_not() {
        let of = |k: u64| (k as f64 / 500.0, wilson(k, 500, 0.95));
        assert!(independent(of(451), of(448)).includes_none());
        assert!(!independent(of(487), of(448)).includes_none());
    }
}
