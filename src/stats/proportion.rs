//! Owns intervals for a single proportion.

use super::special::beta_quantile;
use super::{Interval, normal};

/// Wilson's score interval for `n_right` of `n` > 0 (Wilson 1927), without continuity correction.
pub fn wilson(n_right: u64, n: u64, confidence: f64) -> Interval {
    wilson_at(n_right as f64 / n as f64, n as f64, confidence)
}

/// Wilson's score interval for a proportion seen in `n` > 0 independent observations, where `n` need not be whole:
/// with repeated or weighted observations it is the effective number (Dean & Pagano 2015).
pub fn wilson_at(proportion: f64, n: f64, confidence: f64) -> Interval {
    let z = normal::z_of(confidence);
    let z_square = z * z;
    let scale = 1.0 / (n + z_square);
    let centre = (n * proportion + z_square / 2.0) * scale;
    let spread = n * proportion * (1.0 - proportion) + z_square / 4.0;
    let half_width = z * scale * spread.sqrt();
    // At the ends the limit is 0 or 1 exactly; rounding must not say otherwise.
    Interval {
        low: if proportion <= 0.0 { 0.0 } else { (centre - half_width).max(0.0) },
        high: if proportion >= 1.0 { 1.0 } else { (centre + half_width).min(1.0) },
    }
}

/// The exact interval of Clopper & Pearson (1934) for `n_right` of `n` > 0: never too narrow, often too wide.
pub fn exact(n_right: u64, n: u64, confidence: f64) -> Interval {
    let (k, n) = (n_right as f64, n as f64);
    let tail = (1.0 - confidence) / 2.0;
    Interval {
        low: if n_right == 0 { 0.0 } else { beta_quantile(tail, k, n - k + 1.0) },
        // The upper limit is one minus the lower limit of the wrong answers: the small tail stays small.
        high: if k >= n { 1.0 } else { 1.0 - beta_quantile(tail, n - k, k + 1.0) },
    }
}
