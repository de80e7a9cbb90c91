//! Owns the chi-square distribution and two tests of counts.

use super::special::gamma_upper;

/// The result of a chi-square test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ChiSquare {
    /// Σ (seen − expected)² / expected.
    pub statistic: f64,
    /// Degrees of freedom.
    pub df: usize,
    /// Probability of a statistic at least as large by chance.
    pub p: f64,
}

/// Probability of a value of at least `x`; 1 for no degree of freedom.
pub fn upper_tail(x: f64, df: f64) -> f64 {
    if x <= 0.0 || df <= 0.0 { 1.0 } else { gamma_upper(df / 2.0, x / 2.0) }
}

/// Pearson's test that all kinds are equally frequent, such as the places that a model chooses when the right option
/// stands in each equally often. `None` for fewer than two kinds or no count.
pub fn uniform(counts: &[u64]) -> Option<ChiSquare> {
    let n: u64 = counts.iter().sum();
    if counts.len() < 2 || n == 0 {
        return None;
    }
    let expected = n as f64 / counts.len() as f64;
    let statistic = counts.iter().map(|count| (*count as f64 - expected).powi(2) / expected).sum();
    Some(result(statistic, counts.len() - 1))
}

/// Pearson's test that several groups have the same share right; each is given as right and number. Groups without any
/// are left out. `None` for fewer than two groups, or when all or none are right.
pub fn same_share(groups: &[(u64, u64)]) -> Option<ChiSquare> {
    let groups: Vec<&(u64, u64)> = groups.iter().filter(|(_, n)| *n > 0).collect();
    let right: u64 = groups.iter().map(|(right, _)| right).sum();
    let n: u64 = groups.iter().map(|(_, n)| n).sum();
    if groups.len() < 2 || right == 0 || right == n {
        return None;
    }
    let share = right as f64 / n as f64;
    let statistic = groups
        .iter()
        .map(|(right, n)| {
            let gap = *right as f64 - *n as f64 * share;
            gap * gap / (*n as f64 * share * (1.0 - share))
        })
        .sum();
    Some(result(statistic, groups.len() - 1))
}

fn result(statistic: f64, df: usize) -> ChiSquare {
    ChiSquare { statistic, df, p: upper_tail(statistic, df as f64) }
}
