//! Owns comparisons of two participants on the same questions.

use super::{Interval, binomial, normal, proportion};

/// The mean of paired differences, one per question, first minus second (Miller 2024, arXiv 2411.00640, section 4). With
/// repeats each question gives one difference, that of its means.
pub use super::mean::{Mean as MeanDifference, mean_of as mean_difference};

/// How two yes-or-no results on the same questions fall together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Fourfold {
    /// Both right.
    pub both: u64,
    /// Only the first right.
    pub first_only: u64,
    /// Only the second right.
    pub second_only: u64,
    /// Neither right.
    pub neither: u64,
}

impl Fourfold {
    /// Number of questions.
    pub fn n(&self) -> u64 {
        self.both + self.first_only + self.second_only + self.neither
    }

    /// Counts one more question, given whether the first and the second were right.
    pub fn add(&mut self, right: [bool; 2]) {
        let count = match right {
            [true, true] => &mut self.both,
            [true, false] => &mut self.first_only,
            [false, true] => &mut self.second_only,
            [false, false] => &mut self.neither,
        };
        *count += 1;
    }

    /// Share right of the first minus share right of the second; 0 when there is no question.
    pub fn difference(&self) -> f64 {
        if self.n() == 0 {
            return 0.0;
        }
        (self.first_only as f64 - self.second_only as f64) / self.n() as f64
    }

    /// The exact McNemar test, two-sided: twice the smaller binomial tail over the questions on which only one was
    /// right, at most 1; 1 when there is none.
    pub fn exact_p(&self) -> f64 {
        let fewer = self.first_only.min(self.second_only);
        (2.0 * binomial::fair_at_most(fewer, self.first_only + self.second_only)).min(1.0)
    }

    /// The mid-p McNemar test, two-sided (Fagerland, Lydersen & Laake 2013): the exact test with the observed table
    /// counted half, which makes up for its caution.
    pub fn mid_p(&self) -> f64 {
        let n_discordant = self.first_only + self.second_only;
        let fewer = self.first_only.min(self.second_only);
        if 2 * fewer == n_discordant {
            return 1.0;
        }
        2.0 * binomial::fair_at_most(fewer, n_discordant)
            - binomial::density(fewer, n_discordant, 0.5)
    }

    /// Standard error of the difference: √((b + c − (b − c)²/n)) / n.
    pub fn wald_error(&self) -> f64 {
        let n = self.n() as f64;
        let (b, c) = (self.first_only as f64, self.second_only as f64);
        (b + c - (b - c).powi(2) / n).max(0.0).sqrt() / n
    }

    /// Wald's interval of the difference, as most papers print it. Too narrow for few questions, and of no width
    /// when the two never differ. `n` must be above 0.
    pub fn wald(&self, confidence: f64) -> Interval {
        Interval::around(self.difference(), normal::z_of(confidence) * self.wald_error())
            .within(-1.0, 1.0)
    }

    /// Newcombe's square-and-add score interval of the difference (1998, paired method 10): holds its confidence
    /// for few questions and at the edges. `n` must be above 0.
    pub fn newcombe(&self, confidence: f64) -> Interval {
        let n = self.n();
        let (first, second) = (self.both + self.first_only, self.both + self.second_only);
        let (p1, p2) = (first as f64 / n as f64, second as f64 / n as f64);
        let w1 = proportion::wilson(first, n, confidence);
        let w2 = proportion::wilson(second, n, confidence);
        let phi = self.correlation();
        let reach =
            |d1: f64, d2: f64| (d1.powi(2) - 2.0 * phi * d1 * d2 + d2.powi(2)).max(0.0).sqrt();
        let difference = self.difference();
        Interval {
            low: difference - reach(p1 - w1.low, w2.high - p2),
            high: difference + reach(w1.high - p1, p2 - w2.low),
        }
        .within(-1.0, 1.0)
    }

    /// Correlation of the two results as Newcombe's method uses it: a positive one is lessened for continuity, and it
    /// is 0 when a margin is empty.
    fn correlation(&self) -> f64 {
        let (a, b) = (self.both as f64, self.first_only as f64);
        let (c, d) = (self.second_only as f64, self.neither as f64);
        let margins = (a + b) * (c + d) * (a + c) * (b + d);
        if margins <= 0.0 {
            return 0.0;
        }
        let cross = a * d - b * c;
        let lessened = if cross > 0.0 { (cross - self.n() as f64 / 2.0).max(0.0) } else { cross };
        lessened / margins.sqrt()
    }
}

/// The result of a sign-flip test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SignFlip {
    /// Two-sided p.
    pub p: f64,
    /// Whether all patterns of signs were counted, rather than approximated by the normal distribution.
    pub exact: bool,
}

/// Fisher's randomisation test of paired differences: if the two were equal, each difference could as well have the
/// other sign. p is the share of all patterns of signs whose sum is at least as far from zero as the one seen. With
/// one yes-or-no answer per question this is the exact McNemar test.
///
/// Every difference must be a whole multiple of `unit`. Counted exactly while that takes at most some ten million
/// steps; beyond, and when `unit` is 0, z = (|Σd| − unit) / √Σd², with the continuity correction that the exact count
/// calls for.
pub fn sign_flip(differences: &[f64], unit: f64) -> SignFlip {
    const MAX_STEPS: f64 = 3e7;
    let sum: f64 = differences.iter().sum();
    let square_sum: f64 = differences.iter().map(|d| d * d).sum();
    if square_sum <= 0.0 {
        return SignFlip { p: 1.0, exact: true };
    }
    let total: f64 = differences.iter().map(|d| d.abs()).sum::<f64>() / unit;
    let n_nonzero = differences.iter().filter(|d| d.abs() > unit / 2.0).count();
    if unit <= 0.0 || total * n_nonzero as f64 > MAX_STEPS {
        let z = (sum.abs() - unit).max(0.0) / square_sum.sqrt();
        return SignFlip { p: normal::two_sided_p(z), exact: false };
    }
    let steps: Vec<i64> = differences.iter().map(|d| whole(d / unit)).collect();
    SignFlip { p: count_signs(&steps), exact: true }
}

/// The nearest whole number; callers keep it below 2^53.
#[allow(clippy::cast_possible_truncation)]
fn whole(value: f64) -> i64 {
    value.round() as i64
}

/// Share of the patterns of signs whose sum is at least as far from zero as Σ steps.
#[allow(clippy::cast_possible_truncation)]
fn count_signs(steps: &[i64]) -> f64 {
    let divisor = steps.iter().fold(0, |acc, step| gcd(acc, step.unsigned_abs())).max(1);
    let sizes: Vec<usize> =
        steps.iter().map(|s| (s.unsigned_abs() / divisor) as usize).filter(|s| *s > 0).collect();
    let total: usize = sizes.iter().sum();
    let seen = (steps.iter().sum::<i64>().unsigned_abs() / divisor) as usize;
    // chance[t]: that the differences whose sign came out positive add up to t.
    let mut chance = vec![0.0; total + 1];
    chance[0] = 1.0;
    let mut reached = 0;
    for size in sizes {
        reached += size;
        for t in (0..=reached).rev() {
            let flipped = if t >= size { chance[t - size] } else { 0.0 };
            chance[t] = 0.5 * (chance[t] + flipped);
        }
    }
    // Positive minus negative is 2t − total; by symmetry one tail is enough.
    let tail: f64 = chance[usize::midpoint(total, seen)..].iter().rev().sum();
    (2.0 * tail).min(1.0)
}

/// The smallest number that both divide, for the unit of differences between shares of a and of b; the largest there
/// is when it does not fit.
pub fn least_common_multiple(a: u64, b: u64) -> u64 {
    (a / gcd(a, b).max(1)).saturating_mul(b)
}

fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}
