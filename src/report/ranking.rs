//! Owns ranks: who stands where, who is tied, and between which ranks each may truly stand.

use super::CONFIDENCE;
use super::grid::Grid;
use super::leaderboard::{Standing, count};
use super::pairs::{Pair, Verdict};
use super::rule::Unanswered;
use crate::stats::bootstrap::{Bootstrap, Draws, Joint, RankSpread, Resampling};
use crate::stats::ranks::{Rank, RankRange, rank_ranges, ranks};

/// How ranks are resampled. The seed is shown with them.
pub const RESAMPLING: Resampling =
    Resampling { n_resamples: 10_000, seed: 20_260_801, confidence: CONFIDENCE };

/// Where one model stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ranked {
    /// Index into [`Grid::models`].
    pub model: usize,
    /// Its rank by accuracy, ties told.
    pub rank: Rank,
    /// The ranks that the comparisons of all pairs leave open, all together with 95 % confidence.
    pub range: RankRange,
    /// Its ranks over resampled items; `None` where not all models share at least two items.
    pub spread: Option<RankSpread>,
}

/// Ranks of all models with an accuracy, in the order of the standings.
pub fn ranking(
    grid: &Grid,
    standings: &[Standing],
    pairs: &[Pair],
    rule: Unanswered,
) -> Vec<Ranked> {
    let joint = draws(grid, standings, rule).and_then(|draws| draws.go_on(usize::MAX).ok());
    ranked(standings, pairs, rule, joint.as_ref())
}

/// Begins to draw the questions anew for the models of the standings; `None` where not all of them share at least two.
pub fn draws(grid: &Grid, standings: &[Standing], rule: Unanswered) -> Option<Box<Draws>> {
    Joint::begin(scores(grid, &placed(standings, rule), rule), RESAMPLING)
}

/// The models with an accuracy.
fn placed(standings: &[Standing], rule: Unanswered) -> Vec<usize> {
    let has = |standing: &&Standing| standing.accuracy(rule).is_some();
    standings.iter().filter(has).map(|standing| standing.model).collect()
}

/// The ranks, with what the [`draws`] came to.
pub fn ranked(
    standings: &[Standing],
    pairs: &[Pair],
    rule: Unanswered,
    joint: Option<&Joint>,
) -> Vec<Ranked> {
    const EQUAL_WITHIN: f64 = 1e-12;
    let models = placed(standings, rule);
    let values: Vec<f64> =
        standings.iter().filter_map(|standing| Some(standing.accuracy(rule)?.value)).collect();
    let is_ahead = |one: usize, other: usize| {
        let (one, other) = (models[one], models[other]);
        pairs.iter().any(|pair| {
            (pair.first == one && pair.second == other && pair.verdict == Verdict::FirstAhead)
                || (pair.first == other
                    && pair.second == one
                    && pair.verdict == Verdict::SecondAhead)
        })
    };
    let spreads = joint.map(Joint::ranks);
    let ranges = rank_ranges(models.len(), is_ahead);
    models
        .iter()
        .zip(ranks(&values, EQUAL_WITHIN))
        .zip(ranges)
        .enumerate()
        .map(|(idx, ((model, rank), range))| Ranked {
            model: *model,
            rank,
            range,
            spread: spreads.as_ref().and_then(|spreads| spreads.get(idx)).copied(),
        })
        .collect()
}

/// The intervals of the differences of pairs over the drawn questions.
pub fn resampled(
    standings: &[Standing],
    pairs: &[Pair],
    rule: Unanswered,
    joint: &Joint,
) -> Vec<Bootstrap> {
    let models = placed(standings, rule);
    // Whoever is compared has an accuracy, and so a place.
    let place = |model: usize| models.iter().position(|other| *other == model).unwrap_or_default();
    pairs.iter().map(|pair| joint.difference(place(pair.first), place(pair.second))).collect()
}

/// By model, the shares right of the items that count for all of them.
fn scores(grid: &Grid, models: &[usize], rule: Unanswered) -> Vec<Vec<f64>> {
    let share = |model: usize, item: usize| {
        let (right, n) = count(rule, grid.trials(model, item));
        (n > 0).then(|| right as f64 / n as f64)
    };
    let items: Vec<usize> = (0..grid.items.len())
        .filter(|item| grid.counts(*item))
        .filter(|item| models.iter().all(|model| share(*model, *item).is_some()))
        .collect();
    let of_model = |model: &usize| items.iter().filter_map(|item| share(*model, *item)).collect();
    models.iter().map(of_model).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::Class;
    use crate::report::{leaderboard, pairs};
    use crate::run::fixture::journal;

    #[test]
    fn equal_models_are_tied_and_only_what_was_shown_narrows_the_range() {
        let class = Class::GeneralPurpose;
        let (good, bad) = ("c".repeat(30), "i".repeat(30));
        let run =
            journal("a", &[("m", class, &[&good]), ("n", class, &[&good]), ("o", class, &[&bad])]);
        let grid = Grid::of(&run);
        let rule = Unanswered::CountedWrong;
        let found = ranking(&grid, &leaderboard(&grid, rule), &pairs(&grid, rule), rule);
        let told: Vec<(usize, usize, usize, usize)> = found
            .iter()
            .map(|one| (one.rank.rank, one.rank.n_tied, one.range.best, one.range.worst))
            .collect();
        assert_eq!(told, [(1, 2, 1, 2), (1, 2, 1, 2), (3, 1, 3, 3)]);
        assert!((found[0].spread.unwrap().first - 0.5).abs() < 1e-12);
    }
}
