//! Owns the mean of independent values, one per question, with Student's interval.

use super::{Interval, student};

/// A mean with its uncertainty.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mean {
    /// The mean; of differences, first minus second.
    pub mean: f64,
    /// √(Var / n) with the sample variance; `None` for fewer than two values.
    pub standard_error: Option<f64>,
    /// Student's t interval with n − 1 degrees of freedom; `None` for fewer than two values.
    pub interval: Option<Interval>,
    /// Number of values.
    pub n: usize,
}

/// The mean of values that are independent of each other, such as one per question (Miller 2024, arXiv 2411.00640,
/// section 2.1). `None` when there is no value.
pub fn mean_of(values: &[f64], confidence: f64) -> Option<Mean> {
    let n = values.len();
    if n == 0 {
        return None;
    }
    let mean = values.iter().sum::<f64>() / n as f64;
    let standard_error = variance(values).map(|variance| (variance / n as f64).sqrt());
    let interval = standard_error
        .map(|se| Interval::around(mean, student::t_of(confidence, n as f64 - 1.0) * se));
    Some(Mean { mean, standard_error, interval, n })
}

/// The sample variance, with denominator n − 1; `None` for fewer than two values.
pub fn variance(values: &[f64]) -> Option<f64> {
    if values.len() < 2 {
        return None;
    }
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    Some(squares / (n - 1.0))
}
