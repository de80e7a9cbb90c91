//! Owns comparisons of scores: pairs of models and classes of them, on the items that all of them have a score for.

use super::resample::{total, total_of};
use super::{counted_items, earned};
use crate::provider::Class;
use crate::report::gradebook::{By, Gradebook};
use crate::report::{CONFIDENCE, RESAMPLING};
use crate::run::Plan;
use crate::score::rubric::{Rule, Sums};
use crate::stats::Interval;
use crate::stats::bootstrap::{middle, resampled};

/// How far the scores of two sides lie apart.
#[derive(Debug, Clone, PartialEq)]
pub struct Contrast {
    /// Indices of the models of one side …
    pub first: Vec<usize>,
    /// … and of the other.
    pub second: Vec<usize>,
    /// Items that all of them have a score for; others do not count.
    pub n_items: usize,
    /// Score of the first side: the mean over its models.
    pub first_score: f64,
    /// Score of the second.
    pub second_score: f64,
    /// First minus second.
    pub difference: f64,
    /// 95 % interval of the difference, by bootstrap samples of the items that are the same for both sides.
    pub interval: Interval,
}

impl Contrast {
    /// Whether the interval leaves out zero.
    pub fn is_clear(&self) -> bool {
        0.0 < self.interval.low || self.interval.high < 0.0
    }
}

/// Every pair of models that have scores for common items, in the order of the plan. `keeps` says which items count, such
/// as those of a category.
pub fn contrasts(
    plan: &Plan,
    book: &Gradebook,
    by: By,
    rule: Rule,
    keeps: impl Fn(usize) -> bool,
) -> Vec<Contrast> {
    let scores = Scores::of(plan, book, by, keeps);
    let mut contrasts = vec![];
    for first in 0..plan.models.len() {
        for second in first + 1..plan.models.len() {
            contrasts.extend(scores.contrast(rule, vec![first], vec![second]));
        }
    }
    contrasts
}

/// General-purpose models against clinical systems; `None` where one side is empty or nothing is common to all.
pub fn class_contrast(
    plan: &Plan,
    book: &Gradebook,
    by: By,
    rule: Rule,
    keeps: impl Fn(usize) -> bool,
) -> Option<Contrast> {
    let classes: Vec<Class> = plan.models.iter().map(|model| model.class).collect();
    Scores::of(plan, book, by, keeps).class_contrast(rule, &classes)
}

/// By model and item: what its answers add up to.
pub(super) struct Scores(Vec<Vec<Sums>>);

impl Scores {
    pub(super) fn of(plan: &Plan, book: &Gradebook, by: By, keeps: impl Fn(usize) -> bool) -> Self {
        let items: Vec<usize> =
            counted_items(plan).into_iter().filter(|item| keeps(*item)).collect();
        let of_model = |model: usize| {
            let points = items.iter().map(|item| earned((plan, book), by, model, *item, |_| true));
            points.map(|points| Sums::of(&points)).collect()
        };
        Self((0..plan.models.len()).map(of_model).collect())
    }

    fn has_any(&self, model: usize) -> bool {
        self.0.get(model).is_some_and(|items| items.iter().any(|item| !item.is_empty()))
    }

    /// General-purpose models against clinical systems, where `classes` says by model which is which.
    pub(super) fn class_contrast(&self, rule: Rule, classes: &[Class]) -> Option<Contrast> {
        let of_class = |class: Class| {
            let models = classes.iter().enumerate().filter(|(_, of)| **of == class);
            // A model without any score takes no part: it would leave no item that is common to all.
            let models = models.map(|(idx, _)| idx).filter(|idx| self.has_any(*idx));
            models.collect::<Vec<_>>()
        };
        self.contrast(rule, of_class(Class::GeneralPurpose), of_class(Class::Clinical))
    }

    pub(super) fn contrast(
        &self,
        rule: Rule,
        first: Vec<usize>,
        second: Vec<usize>,
    ) -> Option<Contrast> {
        if first.is_empty() || second.is_empty() {
            return None;
        }
        let all: Vec<&Vec<Sums>> =
            first.iter().chain(&second).filter_map(|model| self.0.get(*model)).collect();
        let n_items = all.first()?.len();
        let is_common = |item: usize| all.iter().all(|sums| !sums[item].is_empty());
        let common: Vec<usize> = (0..n_items).filter(|item| is_common(*item)).collect();
        let of = |model: &usize| {
            let sums = self.0.get(*model)?;
            Some(common.iter().map(|item| sums[*item]).collect::<Vec<Sums>>())
        };
        let one: Vec<Vec<Sums>> = first.iter().filter_map(of).collect();
        let other: Vec<Vec<Sums>> = second.iter().filter_map(of).collect();
        let first_score = mean(&one, |sums| total(rule, sums))?;
        let second_score = mean(&other, |sums| total(rule, sums))?;
        let values = resampled(common.len(), RESAMPLING, |drawn| {
            let side = |side: &[Vec<Sums>]| mean(side, |sums| total_of(rule, sums, drawn));
            Some(side(&one)? - side(&other)?)
        });
        Some(Contrast {
            n_items: common.len(),
            first_score,
            second_score,
            difference: first_score - second_score,
            interval: middle(values, CONFIDENCE)?,
            first,
            second,
        })
    }
}

fn mean(models: &[Vec<Sums>], score: impl Fn(&[Sums]) -> Option<f64>) -> Option<f64> {
    let scores = models.iter().map(|sums| score(sums)).collect::<Option<Vec<f64>>>()?;
    (!scores.is_empty()).then(|| scores.iter().sum::<f64>() / scores.len() as f64)
}
