//! Owns means of values that come in clusters, such as several answers to one question.

use super::{Interval, student};

/// A mean with the standard error that holds when values of one cluster resemble each other.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ClusteredMean {
    /// Mean over all values.
    pub mean: f64,
    /// Standard error between clusters, times √(G / (G − 1)) for G clusters; `None` for fewer than two.
    pub standard_error: Option<f64>,
    /// The same without that factor (CR0; Miller 2024, arXiv 2411.00640, section 2.2).
    pub uncorrected_error: f64,
    /// Number of clusters.
    pub n_clusters: usize,
    /// Number of values.
    pub n_values: usize,
}

impl ClusteredMean {
    /// Student's t interval with G − 1 degrees of freedom; `None` for fewer than two clusters.
    pub fn interval(&self, confidence: f64) -> Option<Interval> {
        let df = self.n_clusters as f64 - 1.0;
        self.standard_error
            .map(|se| Interval::around(self.mean, student::t_of(confidence, df) * se))
    }
}

/// The mean of clustered values. Each cluster is given as the sum and the number of its values; empty ones are
/// skipped. `None` when there is no value.
pub fn clustered_mean(clusters: &[(f64, usize)]) -> Option<ClusteredMean> {
    let n_values: usize = clusters.iter().map(|(_, n)| n).sum();
    if n_values == 0 {
        return None;
    }
    let n_clusters = clusters.iter().filter(|(_, n)| *n > 0).count();
    let mean = clusters.iter().map(|(sum, _)| sum).sum::<f64>() / n_values as f64;
    let squares: f64 =
        clusters.iter().map(|(sum, n)| (sum - *n as f64 * mean).powi(2)).sum::<f64>();
    let uncorrected_error = squares.sqrt() / n_values as f64;
    let standard_error = (n_clusters > 1).then(|| {
        let g = n_clusters as f64;
        uncorrected_error * (g / (g - 1.0)).sqrt()
    });
    Some(ClusteredMean { mean, standard_error, uncorrected_error, n_clusters, n_values })
}
