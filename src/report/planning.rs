//! Owns planning: whether more questions would tell two models apart, and how many.

use super::grid::Grid;
use super::leaderboard::count;
use super::pairs::{Pair, Verdict};
use super::rule::Unanswered;
use crate::stats::mean::variance;
use crate::stats::power::{Aim, detectable_difference, questions_for_mcnemar, questions_needed};

/// Beyond so many questions, no number is named.
pub const MANY: usize = 100_000;

/// What a pair's questions can show.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PairPlan {
    /// Index into [`Grid::models`].
    pub first: usize,
    /// Index into [`Grid::models`].
    pub second: usize,
    /// What was told.
    pub verdict: Verdict,
    /// Questions that both have.
    pub n_items: usize,
    /// Standard deviation of one question's difference.
    pub deviation: f64,
    /// The smallest true difference that so many questions show in 80 of 100 such examinations, at the level of 5 % for this
    /// one pair.
    pub detectable: f64,
    /// Questions that it would take in all if the true difference is the one that was seen.
    pub needed: Needed,
}

/// How many questions it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needed {
    /// So many.
    Questions(usize),
    /// More than [`MANY`]: for practical purposes the two are equal.
    TooMany,
    /// No difference was seen.
    NoDifference,
}

impl Needed {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most MANY")]
    fn of(n: f64) -> Self {
        if n.is_finite() && n <= MANY as f64 {
            Self::Questions(n.ceil().max(1.0) as usize)
        } else {
            Self::TooMany
        }
    }
}

/// What the questions of each pair can show: by the formula for `McNemar`'s test where each question was asked once, and by
/// that of the paired mean with repeats. `None` for a pair with fewer than two questions.
pub fn pair_plan(grid: &Grid, pair: &Pair, rule: Unanswered) -> Option<PairPlan> {
    let mut is_once = true;
    let differences: Vec<f64> = (0..grid.items.len())
        .filter(|item| grid.counts(*item))
        .filter_map(|item| {
            let (a, n) = count(rule, grid.trials(pair.first, item));
            let (b, m) = count(rule, grid.trials(pair.second, item));
            is_once &= n <= 1 && m <= 1;
            (n > 0 && m > 0).then(|| a as f64 / n as f64 - b as f64 / m as f64)
        })
        .collect();
    let deviation = variance(&differences)?.sqrt();
    let n = differences.len() as f64;
    let discordant = differences.iter().filter(|one| one.abs() > 0.5).count() as f64 / n;
    let needed = if pair.difference == 0.0 {
        Needed::NoDifference
    } else if is_once {
        Needed::of(questions_for_mcnemar(discordant, pair.difference, Aim::USUAL))
    } else {
        Needed::of(questions_needed(deviation, pair.difference, Aim::USUAL))
    };
    Some(PairPlan {
        first: pair.first,
        second: pair.second,
        verdict: pair.verdict,
        n_items: differences.len(),
        deviation,
        detectable: detectable_difference(deviation, n, Aim::USUAL),
        needed,
    })
}

/// Before a run: the smallest difference that so many questions show, given the share of questions on which two models
/// are expected to differ. Some 14 of 100 is what two strong models differ on in `MedQA`.
pub fn table_ahead(discordant: f64, numbers: &[usize]) -> Vec<(usize, f64)> {
    let deviation = discordant.max(0.0).sqrt();
    let row = |n: &usize| (*n, detectable_difference(deviation, (*n).max(1) as f64, Aim::USUAL));
    numbers.iter().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::Class;
    use crate::report::pairs;
    use crate::run::fixture::journal;

    #[test]
    fn a_small_difference_needs_many_questions() {
        let class = Class::GeneralPurpose;
        let run = journal("a", &[("m", class, &["cccccccccc"]), ("n", class, &["ccccccccci"])]);
        let grid = Grid::of(&run);
        let rule = Unanswered::CountedWrong;
        let found = pair_plan(&grid, &pairs(&grid, rule)[0], rule).unwrap();
        // Differences: nine 0 and one 1: variance 0.1; discordant 0.1, difference 0.1.
        assert!((found.deviation - 0.1_f64.sqrt()).abs() < 1e-12);
        assert!((found.detectable - 2.801_585_218_112_969 * 0.1).abs() < 1e-9);
        // ((1.959964 √0.1 + 0.841621 √0.09) / 0.1)² = (0.619795 + 0.252486)² / 0.01 = 76.09.
        assert_eq!(found.needed, Needed::Questions(77));
    }

    #[test]
    fn without_a_difference_no_number_is_named() {
        let class = Class::GeneralPurpose;
        let run = journal("a", &[("m", class, &["ccic"]), ("n", class, &["ccci"])]);
        let grid = Grid::of(&run);
        let rule = Unanswered::CountedWrong;
        let found = pair_plan(&grid, &pairs(&grid, rule)[0], rule).unwrap();
        assert_eq!(found.needed, Needed::NoDifference);
        assert_eq!(Needed::of(f64::INFINITY), Needed::TooMany);
        assert!((table_ahead(0.1344, &[1273])[0].1 - 0.0288).abs() < 1e-4);
    }
}
