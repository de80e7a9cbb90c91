//! Owns Student's t distribution.

use super::special::{beta_quantile, beta_tails};

/// Probability of a value at least as far from zero as `t`, with `df` > 0 degrees of freedom.
pub fn two_sided_p(t: f64, df: f64) -> f64 {
    if t.is_infinite() {
        return 0.0;
    }
    beta_tails(t * t / (df + t * t), 0.5, df / 2.0).1
}

/// How many standard errors a two-sided interval of this confidence reaches, with `df` > 0 degrees of freedom.
pub fn t_of(confidence: f64, df: f64) -> f64 {
    let y = beta_quantile(confidence, 0.5, df / 2.0);
    (df * y / (1.0 - y)).sqrt()
}
