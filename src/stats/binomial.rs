//! Owns the binomial distribution.

use super::special::{beta_tails, binomial_density};

/// Probability of exactly `k` successes in `n` tries that each succeed with probability `p`.
pub fn density(k: u64, n: u64, p: f64) -> f64 {
    if k > n { 0.0 } else { binomial_density(k as f64, n as f64, p, 1.0 - p) }
}

/// Probability of at most `k` successes in `n` tries that each succeed with probability `p`.
pub fn at_most(k: u64, n: u64, p: f64) -> f64 {
    if k >= n { 1.0 } else { beta_tails(p, k as f64 + 1.0, (n - k) as f64).1 }
}

/// Probability of at most `k` heads in `n` throws of a fair coin.
///
/// Sums densities downward from `k`, each from the one before it: all terms are positive, so nothing cancels.
pub fn fair_at_most(k: u64, n: u64) -> f64 {
    if k >= n {
        return 1.0;
    }
    if 2 * k >= n {
        return 1.0 - fair_at_most(n - k - 1, n);
    }
    let top = density(k, n, 0.5);
    let (mut term, mut sum) = (1.0, 1.0);
    for j in (1..=k).rev() {
        term *= j as f64 / (n - j + 1) as f64;
        sum += term;
        if term < 1e-18 * sum {
            break;
        }
    }
    top * sum
}
