//! Owns the comparison of two groups of models on the same questions, with models and questions both taken as samples:
//! what holds for other models of each group, and not only for those that sat.

use super::bootstrap::Resampling;
use super::mean::variance;
use super::random::SplitMix64;
use super::{Interval, student};

/// The difference of two groups with its uncertainty over models and questions.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Crossed {
    /// Mean of the first group minus mean of the second.
    pub difference: f64,
    /// Standard error over other models and other questions.
    pub standard_error: f64,
    /// Degrees of freedom after Satterthwaite (1946): with few models, few.
    pub df: f64,
    /// Student's t interval with them.
    pub interval: Interval,
    /// Two-sided p that the groups are equal.
    pub p: f64,
    /// Variance that comes from the questions.
    pub of_items: f64,
    /// Variance that comes from the models of both groups.
    pub of_models: f64,
}

/// Compares two groups of models, each given as one score per question, in the same order.
///
/// The variance is that of the group means over models, s²₁/m₁ + s²₂/m₂, plus that of the mean paired difference over
/// questions, s²/n, less what both count, the mean square of the interaction of models and questions over m·n: the
/// unbiased estimate under crossed random effects, as in reader studies where readers and cases are samples (Dorfman,
/// Berbaum & Metz 1992; Hillis 2007), and the two-way clustering of Cameron, Gelbach & Miller (2011). It is never taken
/// as smaller than either part alone. `None` where a group has fewer than two models, since one model says nothing of
/// others, or for fewer than two questions or unequal lengths.
pub fn crossed_difference(
    first: &[Vec<f64>],
    second: &[Vec<f64>],
    confidence: f64,
) -> Option<Crossed> {
    let n_items = first.first()?.len();
    if first.len() < 2 || second.len() < 2 || n_items < 2 {
        return None;
    }
    if first.iter().chain(second).any(|scores| scores.len() != n_items) {
        return None;
    }
    let groups = [Group::of(first)?, Group::of(second)?];
    let [one, other] = &groups;
    let differences: Vec<f64> =
        one.item_means.iter().zip(&other.item_means).map(|(a, b)| a - b).collect();
    let n = n_items as f64;
    let difference = one.mean - other.mean;
    let of_items = variance(&differences)? / n;
    let parts = groups.each_ref().map(|group| group.variance / group.n_models);
    let of_models = parts[0] + parts[1];
    let shared: f64 = groups.iter().map(|group| group.interaction / (group.n_models * n)).sum();
    let total = (of_items + of_models - shared).max(of_items).max(of_models);
    let weighed = parts[0].powi(2) / (one.n_models - 1.0)
        + parts[1].powi(2) / (other.n_models - 1.0)
        + of_items.powi(2) / (n - 1.0);
    if total <= 0.0 || weighed <= 0.0 {
        return None;
    }
    let (standard_error, df) = (total.sqrt(), total * total / weighed);
    let half_width = student::t_of(confidence, df) * standard_error;
    Some(Crossed {
        difference,
        standard_error,
        df,
        interval: Interval::around(difference, half_width),
        p: student::two_sided_p(difference / standard_error, df),
        of_items,
        of_models,
    })
}

struct Group {
    n_models: f64,
    mean: f64,
    /// Between the means of models.
    variance: f64,
    /// Mean square of the interaction of models and items.
    interaction: f64,
    item_means: Vec<f64>,
}

impl Group {
    fn of(models: &[Vec<f64>]) -> Option<Self> {
        let n_models = models.len() as f64;
        let n_items = models.first()?.len();
        let item_means: Vec<f64> = (0..n_items)
            .map(|item| models.iter().map(|scores| scores[item]).sum::<f64>() / n_models)
            .collect();
        let means: Vec<f64> =
            models.iter().map(|scores| scores.iter().sum::<f64>() / n_items as f64).collect();
        let mean = means.iter().sum::<f64>() / n_models;
        let squares: f64 = models
            .iter()
            .zip(&means)
            .flat_map(|(scores, model_mean)| {
                scores
                    .iter()
                    .zip(&item_means)
                    .map(move |(score, item_mean)| (score - model_mean - item_mean + mean).powi(2))
            })
            .sum();
        let interaction = squares / ((n_models - 1.0) * (n_items as f64 - 1.0));
        Some(Self { n_models, mean, variance: variance(&means)?, interaction, item_means })
    }
}

/// The same by resampling: models within their group and questions are drawn at once (the pigeonhole bootstrap of Owen
/// 2007, which errs on the side of too wide). Gives the standard error and the percentile interval. With fewer than some
/// ten models a group, resampling models understates how they differ: [`crossed_difference`] is then to be preferred.
pub fn crossed_bootstrap(
    first: &[Vec<f64>],
    second: &[Vec<f64>],
    how: Resampling,
) -> Option<(f64, Interval)> {
    let n_items = first.first()?.len();
    let is_ragged = first.iter().chain(second).any(|scores| scores.len() != n_items);
    if second.is_empty() || n_items == 0 || is_ragged || how.n_resamples < 2 {
        return None;
    }
    let mut random = SplitMix64::new(how.seed);
    let mut items = vec![0; n_items];
    let mut replicates: Vec<f64> = (0..how.n_resamples)
        .map(|_| {
            random.fill_indices(n_items, &mut items);
            let mut mean_of = |group: &[Vec<f64>]| {
                let mut models = vec![0; group.len()];
                random.fill_indices(group.len(), &mut models);
                let sum: f64 = models
                    .iter()
                    .map(|model| items.iter().map(|item| group[*model][*item]).sum::<f64>())
                    .sum();
                sum / (group.len() * n_items) as f64
            };
            mean_of(first) - mean_of(second)
        })
        .collect();
    replicates.sort_by(f64::total_cmp);
    let tail = (1.0 - how.confidence) / 2.0;
    Some((variance(&replicates)?.sqrt(), super::bootstrap::between(&replicates, tail, 1.0 - tail)))
}
