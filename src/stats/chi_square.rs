//! Owns the chi-square distribution with whole degrees of freedom.

use super::normal;

/// Probability of a value above `x` with `df` degrees of freedom; 1 for no degree.
///
/// Finite sums (Abramowitz & Stegun 26.4.4 and 26.4.5): exact for whole degrees, and every term is positive.
pub fn upper_tail(x: f64, df: usize) -> f64 {
    if df == 0 || x <= 0.0 {
        return 1.0;
    }
    let half = x / 2.0;
    if df.is_multiple_of(2) {
        let mut term = (-half).exp();
        let mut sum = term;
        for step in 1..df / 2 {
            term *= half / step as f64;
            sum += term;
        }
        return sum.min(1.0);
    }
    let mut sum = normal::two_sided_p(x.sqrt());
    let mut term = (-half).exp() * (2.0 * x / std::f64::consts::PI).sqrt();
    for step in 0..df / 2 {
        if 0 < step {
            term *= x / (2.0 * step as f64 + 1.0);
        }
        sum += term;
    }
    sum.min(1.0)
}
