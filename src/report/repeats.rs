//! Owns what repeats of a run show: how much a model's result moves, and what it gets right every time.

use super::CONFIDENCE;
use super::grid::Grid;
use super::leaderboard::count;
use super::rule::Unanswered;
use crate::stats::mean::{Mean, mean_of, variance};
use crate::stats::repeats::{VarianceParts, all_right, any_right, variance_parts};

/// What the repeats of one model show.
#[derive(Debug, Clone, PartialEq)]
pub struct Repeated {
    /// Index into [`Grid::models`].
    pub model: usize,
    /// By repeat: right and counted trials.
    pub by_repeat: Vec<(usize, usize)>,
    /// Standard deviation of the shares right of the repeats; `None` with fewer than two.
    pub spread: Option<f64>,
    /// Items with at least one trial that counts.
    pub n_items: usize,
    /// Items whose trials that count are not all right or all not right.
    pub n_varying: usize,
    /// At k − 1: that k tries are all right (pass^k, the worst of k), mean over the items with so many, with Student's
    /// interval over items.
    pub all_of: Vec<Mean>,
    /// At k − 1: that at least one of k tries is right (pass@k, the best of k).
    pub any_of: Vec<Mean>,
    /// How much of the spread lies between items and how much between repeats.
    pub parts: Option<VarianceParts>,
}

/// What the repeats of each model show; nothing where every item was asked once.
pub fn repeated(grid: &Grid, rule: Unanswered) -> Vec<Repeated> {
    if grid.n_repeats < 2 {
        return Vec::new();
    }
    (0..grid.models.len()).filter_map(|model| repeated_of(grid, model, rule)).collect()
}

fn repeated_of(grid: &Grid, model: usize, rule: Unanswered) -> Option<Repeated> {
    let trials = || grid.trials_of(model).enumerate().filter(|(item, _)| grid.counts(*item));
    let counts: Vec<(usize, usize)> =
        trials().map(|(_, cells)| count(rule, cells)).filter(|(_, n)| *n > 0).collect();
    if counts.is_empty() {
        return None;
    }
    let by_repeat: Vec<(usize, usize)> = (0..grid.n_repeats)
        .map(|repeat| {
            trials()
                .map(|(_, cells)| count(rule, &cells[repeat..=repeat]))
                .fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1))
        })
        .collect();
    let shares: Vec<f64> = by_repeat
        .iter()
        .filter(|(_, n)| *n > 0)
        .map(|(right, n)| *right as f64 / *n as f64)
        .collect();
    let over_items = |of: fn(u64, u64, u64) -> Option<f64>| -> Vec<Mean> {
        (1..=grid.n_repeats as u64)
            .map_while(|k| {
                let values: Vec<f64> = counts
                    .iter()
                    .filter_map(|(right, n)| of(*right as u64, *n as u64, k))
                    .collect();
                mean_of(&values, CONFIDENCE)
            })
            .collect()
    };
    let scores: Vec<Vec<f64>> = counts
        .iter()
        .map(|(right, n)| (0..*n).map(|idx| f64::from(u8::from(idx < *right))).collect())
        .collect();
    Some(Repeated {
        model,
        spread: variance(&shares).map(f64::sqrt),
        by_repeat,
        n_items: counts.len(),
        n_varying: counts.iter().filter(|(right, n)| 0 < *right && right < n).count(),
        all_of: over_items(all_right),
        any_of: over_items(any_right),
        parts: variance_parts(&scores),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::Class;
    use crate::run::fixture::journal;

    #[test]
    fn three_repeats_of_two_questions_by_hand() {
        let run = journal("a", &[("m", Class::Clinical, &["cc", "ci", "cu"])]);
        let found = repeated(&Grid::of(&run), Unanswered::CountedWrong);
        let of = &found[0];
        assert_eq!(of.by_repeat, [(2, 2), (1, 2), (1, 2)]);
        assert_eq!((of.n_items, of.n_varying), (2, 1));
        let means = |of: &[Mean]| of.iter().map(|mean| mean.mean).collect::<Vec<_>>();
        // q0 is always right; of q1 one try in three is.
        let close = |ours: &[f64], known: &[f64]| {
            assert!(ours.iter().zip(known).all(|(a, b)| (a - b).abs() < 1e-12), "{ours:?}");
            assert_eq!(ours.len(), known.len());
        };
        close(&means(&of.all_of), &[2.0 / 3.0, 0.5, 0.5]);
        close(&means(&of.any_of), &[2.0 / 3.0, 5.0 / 6.0, 1.0]);
        // 1, 0.5, 0.5: mean 2/3, squares 1/9 + 2/36 = 1/6, over 2.
        assert!((of.spread.unwrap() - (1.0_f64 / 12.0).sqrt()).abs() < 1e-12);
        let aside = repeated(&Grid::of(&run), Unanswered::SetAside);
        assert_eq!((aside[0].by_repeat[2], aside[0].all_of[2].n), ((1, 1), 1));
        let once = journal("a", &[("m", Class::Clinical, &["cc"])]);
        assert!(repeated(&Grid::of(&once), Unanswered::CountedWrong).is_empty());
    }
}
