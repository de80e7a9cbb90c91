//! Owns accuracy against cost: which models give the most for their price, and what a point of accuracy costs.

use super::Accuracy;
use super::grid::{Grid, State};
use super::leaderboard::Standing;
use super::rule::Unanswered;

/// One model's price and accuracy.
#[derive(Debug, Clone, PartialEq)]
pub struct Priced {
    /// Index into [`Grid::models`].
    pub model: usize,
    /// Accuracy under the rule.
    pub accuracy: Accuracy,
    /// What 1,000 questions cost by the known costs of the trials that ended, all tries counted, in millionths of a dollar.
    pub per_thousand: f64,
    /// The same with all that tries of unknown cost may have cost at most.
    pub per_thousand_at_most: f64,
    /// Whether no other model is as accurate for less, or more accurate for as little.
    pub is_efficient: bool,
}

/// A step along the efficient models.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// The cheaper one, index into [`Frontier::models`].
    pub from: usize,
    /// The better one, index into [`Frontier::models`].
    pub to: usize,
    /// Share right gained, above 0.
    pub gain: f64,
    /// What one further right answer in 100 costs, for 1,000 questions, in millionths of a dollar.
    pub cost_per_point: f64,
}

/// Models by price.
#[derive(Debug, Clone, PartialEq)]
pub struct Frontier {
    /// Those with a known cost and an accuracy, cheapest first.
    pub models: Vec<Priced>,
    /// From one efficient model to the next, cheapest first.
    pub steps: Vec<Step>,
    /// Those left out since their cost is not known: indices into [`Grid::models`].
    pub unpriced: Vec<usize>,
}

/// Accuracy against cost. Answers taken from earlier runs cost nothing here and are left out of the price. A model has a
/// price when the cost of each of its other trials that ended is known, at least as a bound.
pub fn frontier(grid: &Grid, standings: &[Standing], rule: Unanswered) -> Frontier {
    let mut found = Frontier { models: Vec::new(), steps: Vec::new(), unpriced: Vec::new() };
    for standing in standings {
        let Some(accuracy) = standing.accuracy(rule) else { continue };
        match price(grid, standing.model) {
            Some((per_thousand, at_most)) => found.models.push(Priced {
                model: standing.model,
                accuracy: *accuracy,
                per_thousand,
                per_thousand_at_most: at_most,
                is_efficient: false,
            }),
            None => found.unpriced.push(standing.model),
        }
    }
    found.models.sort_by(|a, b| {
        let by_price = a.per_thousand_at_most.total_cmp(&b.per_thousand_at_most);
        by_price.then(b.accuracy.value.total_cmp(&a.accuracy.value))
    });
    let mut best: Option<usize> = None;
    for idx in 0..found.models.len() {
        let value = found.models[idx].accuracy.value;
        let last = best.map(|best| (best, &found.models[best]));
        if last.is_some_and(|(_, last)| value <= last.accuracy.value) {
            continue;
        }
        if let Some((from, last)) = last {
            let gain = value - last.accuracy.value;
            let cost = found.models[idx].per_thousand_at_most - last.per_thousand_at_most;
            found.steps.push(Step { from, to: idx, gain, cost_per_point: cost / (gain * 100.0) });
        }
        found.models[idx].is_efficient = true;
        best = Some(idx);
    }
    found
}

/// What 1,000 questions cost, and at most, in millionths of a dollar.
fn price(grid: &Grid, model: usize) -> Option<(f64, f64)> {
    let (mut known, mut at_most, mut n) = (0.0, 0.0, 0.0);
    for cell in grid.trials_of(model).flatten() {
        if !matches!(cell.state, State::Ended(_)) || cell.is_reused {
            continue;
        }
        if cell.cost.is_none() && cell.may_have_cost.0 == 0 {
            return None;
        }
        n += 1.0;
        known += cell.cost.map_or(0.0, |cost| cost.0 as f64);
        at_most += cell.may_have_cost.0 as f64;
    }
    (n > 0.0).then(|| (1e3 * known / n, 1e3 * (known + at_most) / n))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::{Class, MicroDollars};
    use crate::report::leaderboard;
    use crate::run::fixture::journal;
    use crate::run::{Body, Journal};

    fn priced(mut run: Journal, costs: &[u64]) -> Journal {
        for entry in &mut run.entries {
            if let Body::Attempt(attempt) = &mut entry.body {
                let cost = costs.get(usize::from(attempt.trial.model)).copied();
                attempt.cost = cost.map(MicroDollars);
            }
        }
        run
    }

    #[test]
    fn only_what_nothing_cheaper_beats_is_efficient() {
        let class = Class::GeneralPurpose;
        let run = journal(
            "a",
            &[
                ("cheap", class, &["ciii"]),
                ("waste", class, &["ciii"]),
                ("good", class, &["ccci"]),
                ("unknown", class, &["cccc"]),
            ],
        );
        let grid = Grid::of(&priced(run, &[10, 20, 110]));
        let rule = Unanswered::CountedWrong;
        let found = frontier(&grid, &leaderboard(&grid, rule), rule);
        let order: Vec<(usize, bool)> =
            found.models.iter().map(|one| (one.model, one.is_efficient)).collect();
        assert_eq!(order, [(0, true), (1, false), (2, true)]);
        assert_eq!(found.unpriced, [3]);
        assert!((found.models[0].per_thousand - 10_000.0).abs() < 1e-9);
        // From 25 to 75 of 100 for 100,000 more: 2,000 a point.
        assert_eq!((found.steps.len(), found.steps[0].from, found.steps[0].to), (1, 0, 2));
        assert!((found.steps[0].cost_per_point - 2_000.0).abs() < 1e-9);
    }
}
