//! Owns what repeats of the same question tell: whether an answer can be relied on, and how much it varies.
//!
//! Each figure is computed per item and then averaged over items, which are the independent units:
//! [`super::mean::mean_of`] gives the interval.

/// The chance that `k` of the tries, drawn without replacement, are all right: C(right, k) / C(n, k), the unbiased
/// estimate that is called pass^k (Yao and others 2024, arXiv 2406.12045). `None` when there are fewer than `k` tries.
pub fn all_right(n_right: u64, n: u64, k: u64) -> Option<f64> {
    (k <= n && n_right <= n).then(|| share_of_draws(n_right, n, k))
}

/// The chance that at least one of `k` tries is right: 1 − C(wrong, k) / C(n, k), the unbiased estimate that is called
/// pass@k (Chen and others 2021, arXiv 2107.03374). `None` when there are fewer than `k` tries.
pub fn any_right(n_right: u64, n: u64, k: u64) -> Option<f64> {
    (k <= n && n_right <= n).then(|| 1.0 - share_of_draws(n - n_right, n, k))
}

/// C(of, k) / C(n, k): that `k` draws out of `n` all fall among `of`.
fn share_of_draws(of: u64, n: u64, k: u64) -> f64 {
    if of < k {
        return 0.0;
    }
    (0..k).map(|j| (of - j) as f64 / (n - j) as f64).product()
}

/// The mean of the worst of `k` scores over all ways to draw `k` of them. For scores of 0 and 1 this is [`all_right`].
/// `None` when there are fewer than `k` scores, or `k` is 0.
pub fn worst_of(scores: &[f64], k: usize) -> Option<f64> {
    if k == 0 || scores.len() < k {
        return None;
    }
    let mut sorted = scores.to_vec();
    sorted.sort_by(f64::total_cmp);
    // The score at place i (from 0, ascending) is the least of a draw when the other k − 1 come from the n − 1 − i
    // above it: C(n − 1 − i, k − 1) / C(n, k) of the draws.
    let n = sorted.len();
    let mut weight = k as f64 / n as f64;
    let mut sum = 0.0;
    for (i, score) in sorted.iter().enumerate().take(n - k + 1) {
        sum += weight * score;
        let above = n - 1 - i;
        weight *= (above + 1 - k) as f64 / above.max(1) as f64;
    }
    Some(sum)
}

/// The mean of the best of `k` scores, as [`worst_of`].
pub fn best_of(scores: &[f64], k: usize) -> Option<f64> {
    let negated: Vec<f64> = scores.iter().map(|score| -score).collect();
    worst_of(&negated, k).map(|worst| -worst)
}

/// How much of the spread of scores lies between items and how much within them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct VarianceParts {
    /// Between items: ω² in Miller 2024. Never below 0.
    pub between: f64,
    /// Within items, between repeats: σ² in Miller 2024.
    pub within: f64,
}

/// Splits the variance by a one-way analysis of variance with items as a random effect (Searle 1971): within is the
/// mean square within items, and between is what the mean square between them exceeds it by, over the mean number of
/// repeats, corrected where that number varies. `None` with fewer than two items or without a repeat.
pub fn variance_parts(items: &[Vec<f64>]) -> Option<VarianceParts> {
    let items: Vec<&Vec<f64>> = items.iter().filter(|scores| !scores.is_empty()).collect();
    let n_items = items.len() as f64;
    let n: usize = items.iter().map(|scores| scores.len()).sum();
    if items.len() < 2 || n == items.len() {
        return None;
    }
    let total = n as f64;
    let grand = items.iter().flat_map(|scores| scores.iter()).sum::<f64>() / total;
    let (mut within, mut between, mut squared_sizes) = (0.0, 0.0, 0.0);
    for scores in &items {
        let size = scores.len() as f64;
        let mean = scores.iter().sum::<f64>() / size;
        within += scores.iter().map(|score| (score - mean).powi(2)).sum::<f64>();
        between += size * (mean - grand).powi(2);
        squared_sizes += size * size;
    }
    let within = within / (total - n_items);
    let between = between / (n_items - 1.0);
    let size = (total - squared_sizes / total) / (n_items - 1.0);
    Some(VarianceParts { between: ((between - within) / size).max(0.0), within })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_right_of_three_by_hand() {
        let same = |ours: Option<f64>, known: f64| assert!((ours.unwrap() - known).abs() < 1e-15);
        same(all_right(2, 3, 1), 2.0 / 3.0);
        same(all_right(2, 3, 2), 1.0 / 3.0);
        same(all_right(2, 3, 3), 0.0);
        same(any_right(2, 3, 1), 2.0 / 3.0);
        same(any_right(2, 3, 2), 1.0);
        // Pairs of 0.2, 0.5, 0.9: worst 0.2, 0.2, 0.5; best 0.5, 0.9, 0.9.
        same(worst_of(&[0.9, 0.2, 0.5], 2), 0.3);
        same(best_of(&[0.9, 0.2, 0.5], 2), 2.3 / 3.0);
        same(worst_of(&[0.9], 1), 0.9);
    }

    #[test]
    fn what_cannot_be_drawn_is_not_told() {
        assert_eq!(all_right(2, 3, 4), None);
        assert_eq!(any_right(4, 3, 1), None);
        assert_eq!(worst_of(&[0.5], 2), None);
        assert_eq!(worst_of(&[0.5], 0), None);
        assert!(variance_parts(&[vec![1.0], vec![0.0]]).is_none());
    }
}
