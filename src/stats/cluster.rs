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

/// The mean of values that are in two kinds of clusters at once, such as ratings by reviewer and by question.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CrossedMean {
    /// Mean over all values.
    pub mean: f64,
    /// Standard error; `None` where either kind has fewer than two clusters.
    pub standard_error: Option<f64>,
    /// Clusters of the first kind.
    pub n_first: usize,
    /// Clusters of the second kind.
    pub n_second: usize,
    /// Number of values.
    pub n_values: usize,
}

impl CrossedMean {
    /// The interval by Student's t with one degree less than there are clusters of the rarer kind, which is on the wide
    /// side (Cameron & Miller 2015).
    pub fn interval(&self, confidence: f64) -> Option<super::Interval> {
        let df = self.n_first.min(self.n_second).saturating_sub(1) as f64;
        let t = super::student::t_of(confidence, df);
        self.standard_error.map(|error| super::Interval::around(self.mean, t * error))
    }
}

/// The mean of values with two crossed kinds of clusters, each value with its cluster of either kind. The variance is that
/// between clusters of the first kind, plus that of the second, less that of their intersections, each times G / (G − 1)
/// (Cameron, Gelbach & Miller 2011). Where that is below the larger of the two, which few clusters can bring about, the
/// larger is taken. `None` without a value.
pub fn crossed_mean(values: &[(f64, usize, usize)]) -> Option<CrossedMean> {
    use std::collections::BTreeMap;
    let n = values.len() as f64;
    let mean = values.iter().map(|(value, ..)| value).sum::<f64>() / n;
    let between = |cluster_of: &dyn Fn(usize, usize) -> (usize, usize)| {
        let mut sums: BTreeMap<(usize, usize), f64> = BTreeMap::new();
        for (value, first, second) in values {
            *sums.entry(cluster_of(*first, *second)).or_default() += value - mean;
        }
        let g = sums.len() as f64;
        let squares: f64 = sums.values().map(|sum| sum * sum).sum();
        (squares / (n * n) * (g / (g - 1.0)), sums.len())
    };
    let (of_first, n_first) = between(&|first, _| (first, 0));
    let (of_second, n_second) = between(&|_, second| (0, second));
    let (of_both, _) = between(&|first, second| (first, second));
    let variance = (of_first + of_second - of_both).max(of_first).max(of_second);
    let standard_error = (1 < n_first && 1 < n_second).then(|| variance.sqrt());
    (!values.is_empty()).then_some(CrossedMean {
        mean,
        standard_error,
        n_first,
        n_second,
        n_values: values.len(),
    })
}
