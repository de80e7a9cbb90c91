//! Owns scores with their intervals: the items are resampled, each with all its answers, since these resemble each other.

use crate::report::CONFIDENCE;
use crate::score::rubric::{Points, Rule};
use crate::stats::Interval;
use crate::stats::agreement::middle;
use crate::stats::random::SplitMix64;

/// Resamples of a bootstrap, as simple-evals has it.
pub const N_RESAMPLES: usize = 1_000;
/// Of every bootstrap here: the same run gives the same figures.
const SEED: u64 = 1;

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

/// What the answers to one item add up to.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Sums {
    n: f64,
    score: f64,
    clipped: f64,
    earned: f64,
    possible: f64,
}

impl Sums {
    pub(super) fn of(answers: &[Points]) -> Self {
        let mut sums = Self::default();
        for answer in answers {
            let Some(score) = answer.score() else { continue };
            sums.add(&Self {
                n: 1.0,
                score,
                clipped: score.clamp(0.0, 1.0),
                earned: answer.earned,
                possible: answer.possible as f64,
            });
        }
        sums
    }

    pub(super) fn is_empty(&self) -> bool {
        self.n <= 0.0
    }

    fn add(&mut self, other: &Self) {
        self.n += other.n;
        self.score += other.score;
        self.clipped += other.clipped;
        self.earned += other.earned;
        self.possible += other.possible;
    }

    fn score_by(&self, rule: Rule) -> Option<f64> {
        (!self.is_empty()).then(|| match rule {
            Rule::HealthBench => (self.score / self.n).clamp(0.0, 1.0),
            Rule::Pooled => self.earned / self.possible,
            Rule::ClippedEach => self.clipped / self.n,
        })
    }
}

/// The score of a model over items.
pub(super) fn total(rule: Rule, items: &[Sums]) -> Option<f64> {
    let mut sums = Sums::default();
    for item in items {
        sums.add(item);
    }
    sums.score_by(rule)
}

/// What `figure` gives of bootstrap samples of `n` items, which come as indices.
pub(super) fn resampled(n: usize, mut figure: impl FnMut(&[usize]) -> Option<f64>) -> Vec<f64> {
    let mut random = SplitMix64::new(SEED);
    let mut drawn = vec![0; n];
    let mut values = Vec::with_capacity(N_RESAMPLES);
    for _ in 0..N_RESAMPLES {
        for idx in &mut drawn {
            *idx = usize::try_from(random.below(n as u64)).unwrap_or(0);
        }
        values.extend(figure(&drawn));
    }
    values
}

/// The score over a sample of items.
pub(super) fn total_of(rule: Rule, items: &[Sums], drawn: &[usize]) -> Option<f64> {
    let mut sums = Sums::default();
    drawn.iter().filter_map(|idx| items.get(*idx)).for_each(|item| sums.add(item));
    sums.score_by(rule)
}

/// The score of a model over items, with its interval; `None` where nothing could be earned.
pub(super) fn score(rule: Rule, items: &[Sums]) -> Option<Score> {
    let items: Vec<Sums> = items.iter().filter(|item| !item.is_empty()).copied().collect();
    let value = total(rule, &items)?;
    let values = resampled(items.len(), |drawn| total_of(rule, &items, drawn));
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / n;
    let interval = middle(values, CONFIDENCE)?;
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a sum of ones
    let n_answers = items.iter().map(|item| item.n).sum::<f64>() as usize;
    Some(Score {
        rule,
        value,
        interval,
        deviation: variance.sqrt(),
        n_answers,
        n_items: items.len(),
    })
}
