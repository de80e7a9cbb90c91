//! Owns the leaderboard: how each model did, with its uncertainty.

use std::cmp::Ordering;

use super::CONFIDENCE;
use super::grid::{Cell, Grid};
use super::rule::{Tally, Unanswered};
use crate::provider::Class;
use crate::stats::cluster::clustered_mean;
use crate::stats::{Interval, normal, proportion, student};

/// How one model did.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    /// Index into [`Grid::models`].
    pub model: usize,
    /// Its name.
    pub name: String,
    /// Its class.
    pub class: Class,
    /// How its trials ended.
    pub tally: Tally,
    /// With the unanswered counted wrong; `None` when nothing can be counted.
    pub counted_wrong: Option<Accuracy>,
    /// With the unanswered set aside; `None` when nothing can be counted.
    pub set_aside: Option<Accuracy>,
}

/// A share of right answers with its interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Accuracy {
    /// Trials that were right.
    pub n_right: usize,
    /// Trials that were counted.
    pub n: usize,
    /// Items that they belong to; variants belong to the item that they were made of.
    pub n_items: usize,
    /// `n_right / n`, 0 to 1.
    pub value: f64,
    /// 95 % interval, 0 to 1.
    pub interval: Interval,
    /// How the interval came about.
    pub method: IntervalMethod,
}

/// How the interval of an accuracy came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IntervalMethod {
    /// Wilson's score interval: each item was counted once.
    Wilson,
    /// Wilson's score interval with the items as clusters, since repeats and variants of an item resemble each other. Its n is the
    /// effective number of trials: p(1 − p) over the squared clustered standard error, at most the trials counted,
    /// and lessened by (z/t)² for few items (Korn & Graubard 1998; Dean & Pagano 2015). When all or none are right
    /// the error cannot be seen, and n is the number of items.
    WilsonByItems,
}

impl IntervalMethod {
    /// Its name in exports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Wilson => "wilson",
            Self::WilsonByItems => "wilson_by_items",
        }
    }
}

impl Standing {
    /// The accuracy under a rule.
    pub fn accuracy(&self, rule: Unanswered) -> Option<&Accuracy> {
        match rule {
            Unanswered::CountedWrong => self.counted_wrong.as_ref(),
            Unanswered::SetAside => self.set_aside.as_ref(),
        }
    }
}

/// How each model did on all items that [count](Grid::counts): highest accuracy under the rule first, then by name; those without any come last.
pub fn leaderboard(grid: &Grid, rule: Unanswered) -> Vec<Standing> {
    standings(grid, rule, |_| true)
}

/// The same on the items, by index, that `is_in` names.
pub fn leaderboard_of(
    grid: &Grid,
    rule: Unanswered,
    is_in: impl Fn(usize) -> bool,
) -> Vec<Standing> {
    standings(grid, rule, is_in)
}

/// The leaderboard of one category.
#[derive(Debug, Clone, PartialEq)]
pub struct CategoryBoard {
    /// Index into [`Grid::categories`].
    pub category: usize,
    /// Number of items in it.
    pub n_items: usize,
    /// As [`leaderboard`] has them.
    pub standings: Vec<Standing>,
}

/// How each model did on each category, in the order of [`Grid::categories`].
pub fn by_category(grid: &Grid, rule: Unanswered) -> Vec<CategoryBoard> {
    (0..grid.categories.len())
        .map(|category| CategoryBoard {
            category,
            n_items: (0..grid.items.len())
                .filter(|item| grid.counts(*item) && grid.items[*item].category == category)
                .count(),
            standings: standings(grid, rule, |item| grid.items[item].category == category),
        })
        .collect()
}

fn standings(grid: &Grid, rule: Unanswered, is_in: impl Fn(usize) -> bool) -> Vec<Standing> {
    let mut groups = grid.groups();
    for members in &mut groups.members {
        members.retain(|item| is_in(*item));
    }
    groups.members.retain(|members| !members.is_empty());
    let mut standings: Vec<Standing> = (0..grid.models.len())
        .map(|model| {
            let items = groups.members.iter().flatten();
            let tally = Tally::of(items.flat_map(|item| grid.trials(model, *item)));
            let accuracy =
                |rule| accuracy_of(groups.counts(grid, model, rule), groups.is_once(grid));
            Standing {
                model,
                name: grid.models[model].name.clone(),
                class: grid.models[model].class,
                tally,
                counted_wrong: accuracy(Unanswered::CountedWrong),
                set_aside: accuracy(Unanswered::SetAside),
            }
        })
        .collect();
    standings.sort_by(|a, b| by_accuracy(a, b, rule));
    standings
}

fn by_accuracy(a: &Standing, b: &Standing, rule: Unanswered) -> Ordering {
    let value = |standing: &Standing| standing.accuracy(rule).map_or(-1.0, |found| found.value);
    value(b).total_cmp(&value(a)).then_with(|| a.name.cmp(&b.name))
}

/// `counts` are right and counted trials by item; `is_once` tells that each trial stands alone.
fn accuracy_of(mut counts: Vec<(usize, usize)>, is_once: bool) -> Option<Accuracy> {
    counts.retain(|(_, n)| *n > 0);
    let n_right: usize = counts.iter().map(|(right, _)| right).sum();
    let n: usize = counts.iter().map(|(_, n)| n).sum();
    if n == 0 {
        return None;
    }
    let value = n_right as f64 / n as f64;
    let (interval, method) = if is_once {
        (proportion::wilson(n_right as u64, n as u64, CONFIDENCE), IntervalMethod::Wilson)
    } else {
        (interval_by_items(&counts, value, n), IntervalMethod::WilsonByItems)
    };
    Some(Accuracy { n_right, n, n_items: counts.len(), value, interval, method })
}

/// How many trials of one item are right, and how many are counted.
pub(super) fn count(rule: Unanswered, cells: &[Cell]) -> (usize, usize) {
    cells
        .iter()
        .filter_map(|cell| rule.right(cell.state))
        .fold((0, 0), |(right, n), is_right| (right + usize::from(is_right), n + 1))
}

fn interval_by_items(counts: &[(usize, usize)], value: f64, n: usize) -> Interval {
    let clusters: Vec<(f64, usize)> = counts.iter().map(|(right, n)| (*right as f64, *n)).collect();
    let Some(error) = clustered_mean(&clusters).and_then(|mean| mean.standard_error) else {
        return Interval { low: 0.0, high: 1.0 };
    };
    let n_items = counts.len() as f64;
    let spread = value * (1.0 - value);
    let n_effective = if spread <= 0.0 {
        n_items
    } else if error <= 0.0 {
        n as f64
    } else {
        (spread / (error * error)).min(n as f64)
    };
    let lessening = normal::z_of(CONFIDENCE) / student::t_of(CONFIDENCE, n_items - 1.0);
    proportion::wilson_at(value, n_effective * lessening * lessening, CONFIDENCE)
}

#[cfg(test)]
mod tests;
