//! Owns scores with their intervals: the items are resampled, each with all its answers, since these resemble each other.

use crate::report::{CONFIDENCE, RESAMPLING};
use crate::score::rubric::{Rule, Sums};
use crate::stats::Interval;
use crate::stats::bootstrap::{deviation, middle, resampled};

/// A score under a rule, with its uncertainty.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Score {
    /// Which rule.
    pub rule: Rule,
    /// The score; 1 is every point that could be earned. Pooled, it may be negative.
    pub value: f64,
    /// 95 % interval, by 1,000 bootstrap samples of the items.
    pub interval: Interval,
    /// Standard deviation (with denominator n) over those samples: what simple-evals gives as `bootstrap_std`.
    pub deviation: f64,
    /// Answers with a score.
    pub n_answers: usize,
    /// Items that they belong to.
    pub n_items: usize,
}

/// The score of a model over items.
pub(super) fn total(rule: Rule, items: &[Sums]) -> Option<f64> {
    items.iter().copied().sum::<Sums>().score(rule)
}

/// What a sample of items adds up to.
fn sum_of(items: &[Sums], drawn: &[usize]) -> Sums {
    drawn.iter().filter_map(|idx| items.get(*idx)).copied().sum()
}

/// The score over a sample of items.
pub(super) fn total_of(rule: Rule, items: &[Sums], drawn: &[usize]) -> Option<f64> {
    sum_of(items, drawn).score(rule)
}

/// The scores of a model over items with their intervals, in the order of [`Rule::ALL`]; `None` where nothing could be
/// earned. All rules see the same samples, which are drawn once.
pub(super) fn scores(items: &[Sums]) -> [Option<Score>; 3] {
    let items: Vec<Sums> = items.iter().filter(|item| !item.is_empty()).copied().collect();
    let mut samples = Vec::with_capacity(RESAMPLING.0);
    resampled(items.len(), RESAMPLING, |drawn| {
        samples.push(sum_of(&items, drawn));
        None
    });
    Rule::ALL.map(|rule| {
        let value = total(rule, &items)?;
        let values: Vec<f64> = samples.iter().filter_map(|sums| sums.score(rule)).collect();
        Some(Score {
            rule,
            value,
            deviation: deviation(&values)?,
            interval: middle(values, CONFIDENCE)?,
            n_answers: items.iter().map(Sums::n_answers).sum(),
            n_items: items.len(),
        })
    })
}

/// The score of a model over items, with its interval; `None` where nothing could be earned.
pub(super) fn score(rule: Rule, items: &[Sums]) -> Option<Score> {
    let idx = Rule::ALL.iter().position(|known| *known == rule)?;
    scores(items).into_iter().nth(idx)?
}
