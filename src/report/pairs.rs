//! Owns the comparison of every two models on the items that both were asked.

use super::grid::Grid;
use super::leaderboard::leaderboard;
use super::rule::Unanswered;
use super::{CONFIDENCE, SIGNIFICANCE};
use crate::stats::Interval;
use crate::stats::multiple::holm;
use crate::stats::paired::{Fourfold, least_common_multiple, mean_difference, sign_flip};

/// Two models on the items of which both have a trial that counts.
#[derive(Debug, Clone, PartialEq)]
pub struct Pair {
    /// Index into [`Grid::models`]; the one that stands higher on the leaderboard.
    pub first: usize,
    /// Index into [`Grid::models`].
    pub second: usize,
    /// Items that both have.
    pub n_items: usize,
    /// Share right of the first minus share right of the second on those items, −1 to 1. With repeats, the mean over
    /// items of the difference of the item's shares.
    pub difference: f64,
    /// 95 % interval of the difference, and what else depends on whether there are repeats.
    pub detail: Detail,
    /// Two-sided p that the two are equal.
    pub p: f64,
    /// The same after Holm's adjustment over all pairs that are shown.
    pub p_holm: f64,
    /// What can be told, by `p_holm` and [`SIGNIFICANCE`].
    pub verdict: Verdict,
}

/// What belongs to a pair without and with repeats.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Detail {
    /// Each item was put to each model once: p is the exact McNemar test.
    Once {
        /// How many items were right for whom.
        table: Fourfold,
        /// Wald's interval, as papers print it.
        wald: Interval,
        /// Newcombe's score interval, which also holds for few items.
        newcombe: Interval,
    },
    /// Items were repeated, or asked in several variants: p is the sign-flip test over items, of which the exact McNemar test is the case of one
    /// repeat.
    Repeated {
        /// Student's t interval over items; `None` for fewer than two.
        t_interval: Option<Interval>,
        /// Whether all patterns of signs were counted.
        exact: bool,
    },
}

/// What can be told of two models.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The first is ahead.
    FirstAhead,
    /// The second is ahead.
    SecondAhead,
    /// The difference could be chance.
    NotTellable,
}

impl Verdict {
    /// From a difference and its adjusted p.
    pub fn of(difference: f64, p: f64) -> Self {
        if p >= SIGNIFICANCE || difference == 0.0 {
            Self::NotTellable
        } else if difference > 0.0 {
            Self::FirstAhead
        } else {
            Self::SecondAhead
        }
    }
}

impl Pair {
    /// The interval that also holds for few items: Newcombe's, or with repeats Student's.
    pub fn careful_interval(&self) -> Option<Interval> {
        match self.detail {
            Detail::Once { newcombe, .. } => Some(newcombe),
            Detail::Repeated { t_interval, .. } => t_interval,
        }
    }

    /// The interval that is shown beside the difference.
    pub fn interval(&self) -> Option<Interval> {
        match self.detail {
            Detail::Once { wald, .. } => Some(wald),
            Detail::Repeated { t_interval, .. } => t_interval,
        }
    }
}

/// Every two models that share an item, in the order of the leaderboard, with p adjusted over all of them.
pub fn pairs(grid: &Grid, rule: Unanswered) -> Vec<Pair> {
    let order: Vec<usize> = leaderboard(grid, rule).iter().map(|row| row.model).collect();
    let groups = grid.groups();
    let is_once = groups.is_once(grid);
    let counts: Vec<Vec<(usize, usize)>> =
        (0..grid.models.len()).map(|model| groups.counts(grid, model, rule)).collect();
    let mut pairs = Vec::new();
    for (rank, first) in order.iter().enumerate() {
        for second in &order[rank + 1..] {
            let of_pair = Counts { first: &counts[*first], second: &counts[*second] };
            let pair = if is_once { of_pair.once() } else { of_pair.repeated() };
            pairs.extend(pair.map(|pair| Pair { first: *first, second: *second, ..pair }));
        }
    }
    let p_values: Vec<f64> = pairs.iter().map(|pair| pair.p).collect();
    for (pair, p_holm) in pairs.iter_mut().zip(holm(&p_values)) {
        pair.p_holm = p_holm;
        pair.verdict = Verdict::of(pair.difference, p_holm);
    }
    pairs
}

/// Right and counted trials by item, of two models, or of one under two conditions.
pub(super) struct Counts<'a> {
    pub(super) first: &'a [(usize, usize)],
    pub(super) second: &'a [(usize, usize)],
}

impl Counts<'_> {
    /// The comparison, before any adjustment; `None` where no item has both.
    pub(super) fn compare(&self) -> Option<Pair> {
        let is_once =
            self.shared().all(|((_, n_first), (_, n_second))| n_first == 1 && n_second == 1);
        if is_once { self.once() } else { self.repeated() }
    }

    fn shared(&self) -> impl Iterator<Item = ((usize, usize), (usize, usize))> {
        let both = self.first.iter().copied().zip(self.second.iter().copied());
        both.filter(|((_, n_first), (_, n_second))| *n_first > 0 && *n_second > 0)
    }

    fn once(&self) -> Option<Pair> {
        let mut table = Fourfold::default();
        for ((first, _), (second, _)) in self.shared() {
            table.add([first > 0, second > 0]);
        }
        if table.n() == 0 {
            return None;
        }
        let (wald, newcombe) = (table.wald(CONFIDENCE), table.newcombe(CONFIDENCE));
        let detail = Detail::Once { table, wald, newcombe };
        Some(unadjusted(self.shared().count(), table.difference(), detail, table.exact_p()))
    }

    fn repeated(&self) -> Option<Pair> {
        let mut denominator = 1;
        let mut differences = Vec::new();
        for ((first, n_first), (second, n_second)) in self.shared() {
            denominator = least_common_multiple(
                denominator,
                least_common_multiple(n_first as u64, n_second as u64),
            );
            differences.push(first as f64 / n_first as f64 - second as f64 / n_second as f64);
        }
        let mean = mean_difference(&differences, CONFIDENCE)?;
        let test = sign_flip(&differences, 1.0 / denominator as f64);
        let t_interval = mean.interval.map(|interval| interval.within(-1.0, 1.0));
        let detail = Detail::Repeated { t_interval, exact: test.exact };
        Some(unadjusted(mean.n, mean.mean, detail, test.p))
    }
}

fn unadjusted(n_items: usize, difference: f64, detail: Detail, p: f64) -> Pair {
    let verdict = Verdict::of(difference, p);
    Pair { first: 0, second: 0, n_items, difference, detail, p, p_holm: p, verdict }
}

#[cfg(test)]
mod tests;
