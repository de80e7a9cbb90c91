//! Owns the comparison of one class of models with another, such as general-purpose with clinical.

use super::grid::Grid;
use super::pairs::Verdict;
use super::rule::Unanswered;
use super::{CONFIDENCE, SIGNIFICANCE};
use crate::provider::Class;
use crate::stats::Interval;
use crate::stats::crossed::{Crossed, crossed_difference};
use crate::stats::paired::{least_common_multiple, mean_difference, sign_flip};

/// Two classes on the items on which every model of both has a trial that counts.
///
/// Each item gives one difference: mean share right over the models of the first class, minus that of the second.
/// The uncertainty is that of the items, for these very models: it says nothing of other models of the class.
#[derive(Debug, Clone, PartialEq)]
pub struct ClassComparison {
    /// One class.
    pub first: Class,
    /// The other.
    pub second: Class,
    /// Models of the first class, indices into [`Grid::models`].
    pub first_models: Vec<usize>,
    /// Models of the second class, indices into [`Grid::models`].
    pub second_models: Vec<usize>,
    /// Items that every one of them has.
    pub n_items: usize,
    /// Mean share right of the first class on those items.
    pub first_mean: f64,
    /// Mean share right of the second class on those items.
    pub second_mean: f64,
    /// First minus second.
    pub difference: f64,
    /// Student's t interval over items, 95 %; `None` for fewer than two items.
    pub interval: Option<Interval>,
    /// Two-sided p of the sign-flip test over items.
    pub p: f64,
    /// What can be told, by `p` and [`SIGNIFICANCE`].
    pub verdict: Verdict,
}

/// Compares two classes. `None` when one has no model, or when no item counts for all models of both.
pub fn class_comparison(
    grid: &Grid,
    classes: [Class; 2],
    rule: Unanswered,
) -> Option<ClassComparison> {
    let [first_models, second_models] = classes.map(|class| models_of(grid, class));
    if first_models.is_empty() || second_models.is_empty() {
        return None;
    }
    let mut means = Vec::new();
    let mut denominator = 1_u64;
    for items in grid.groups().members {
        let first = class_mean(grid, &items, &first_models, rule);
        let second = class_mean(grid, &items, &second_models, rule);
        if let (Some(first), Some(second)) = (first, second) {
            denominator = least_common_multiple(
                denominator,
                least_common_multiple(first.denominator, second.denominator),
            );
            means.push((first.value, second.value));
        }
    }
    let differences: Vec<f64> = means.iter().map(|(first, second)| first - second).collect();
    let mean = mean_difference(&differences, CONFIDENCE)?;
    let p = sign_flip(&differences, 1.0 / denominator as f64).p;
    let n = means.len() as f64;
    Some(ClassComparison {
        first: classes[0],
        second: classes[1],
        first_models,
        second_models,
        n_items: means.len(),
        first_mean: means.iter().map(|(first, _)| first).sum::<f64>() / n,
        second_mean: means.iter().map(|(_, second)| second).sum::<f64>() / n,
        difference: mean.mean,
        interval: mean.interval.map(|interval| interval.within(-1.0, 1.0)),
        p,
        verdict: if p < SIGNIFICANCE { Verdict::of(mean.mean, p) } else { Verdict::NotTellable },
    })
}

/// The same with models and items both taken as samples: what would hold for other models of the two classes. `None` where
/// a class has fewer than two models, as one says nothing of others, or fewer than two items count for all.
pub fn class_generalisation(grid: &Grid, classes: [Class; 2], rule: Unanswered) -> Option<Crossed> {
    let groups = classes.map(|class| models_of(grid, class));
    let share = |model: &usize, item: usize| {
        let (right, n) = grid.count(*model, &[item], rule);
        (n > 0).then(|| right as f64 / n as f64)
    };
    let items: Vec<usize> = (0..grid.items.len())
        .filter(|item| grid.counts(*item))
        .filter(|item| groups.iter().flatten().all(|model| share(model, *item).is_some()))
        .collect();
    let [first, second] = groups.map(|models| -> Vec<Vec<f64>> {
        let scores = |model| items.iter().filter_map(|item| share(model, *item)).collect();
        models.iter().map(scores).collect()
    });
    crossed_difference(&first, &second, CONFIDENCE)
}

fn models_of(grid: &Grid, class: Class) -> Vec<usize> {
    (0..grid.models.len()).filter(|model| grid.models[*model].class == class).collect()
}

/// A mean share with the denominator of which it is a whole multiple.
struct Share {
    value: f64,
    denominator: u64,
}

/// Mean over models of the share right on one item, or on variants of one; `None` when a model has no trial that counts.
fn class_mean(grid: &Grid, items: &[usize], models: &[usize], rule: Unanswered) -> Option<Share> {
    let mut sum = 0.0;
    let mut denominator = 1_u64;
    for model in models {
        let (right, n) = grid.count(*model, items, rule);
        if n == 0 {
            return None;
        }
        sum += right as f64 / n as f64;
        denominator = least_common_multiple(denominator, n as u64);
    }
    let n_models = models.len() as u64;
    Some(Share { value: sum / n_models as f64, denominator: denominator.saturating_mul(n_models) })
}

#[cfg(test)]
mod tests;
