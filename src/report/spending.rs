//! Owns what each model of a grid cost.

use super::grid::Grid;
use crate::provider::MicroDollars;

/// What one model cost, over all its trials and tries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ModelSpending {
    /// Known to be spent; `None` where nothing is known of any trial.
    pub spent: Option<MicroDollars>,
    /// What tries without a known cost may have cost at most, on top.
    pub may_have_cost: MicroDollars,
    /// Answers taken from earlier runs, which cost nothing.
    pub n_reused: usize,
    /// Tries made, those of reused answers not counted.
    pub n_calls: u64,
}

/// By index into [`Grid::models`].
pub fn spending(grid: &Grid) -> Vec<ModelSpending> {
    (0..grid.models.len())
        .map(|model| {
            let mut sum = ModelSpending::default();
            for cell in grid.trials_of(model).flatten() {
                if let Some(cost) = cell.cost {
                    sum.spent = Some(sum.spent.unwrap_or_default() + cost);
                }
                sum.may_have_cost = sum.may_have_cost + cell.may_have_cost;
                sum.n_reused += usize::from(cell.is_reused);
                sum.n_calls += u64::from(cell.n_attempts.saturating_sub(cell.is_reused.into()));
            }
            sum
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::Class;
    use crate::run::fixture::{answered, attempt, failure, journal, push, trial};
    use crate::run::{Attempt, AttemptResult, Body, Reused};

    #[test]
    fn what_is_known_and_what_is_not_are_summed_apart() {
        let models: [(&str, Class, &[&str]); 2] =
            [("a", Class::GeneralPurpose, &["---"]), ("b", Class::Clinical, &["cc-"])];
        let mut run = journal("r", &models);
        let mut push_cost = |item, n, result, cost, reused: Option<Reused>| {
            let Body::Attempt(attempt) = attempt(trial(0, item, 0), n, result) else { return };
            let cost = Some(MicroDollars(cost));
            push(&mut run, Body::Attempt(Attempt { cost, reused, ..attempt }));
        };
        push_cost(0, 1, AttemptResult::WillRetry { failure: failure() }, 900, None);
        push_cost(0, 2, answered("B"), 20, None);
        push_cost(1, 1, answered("B"), 30, None);
        let earlier = Reused { run_id: "x".to_owned(), at_millis: 5 };
        push_cost(2, 1, answered("B"), 0, Some(earlier));
        let sums = spending(&Grid::of(&run));
        assert_eq!(
            sums[0],
            ModelSpending {
                spent: Some(MicroDollars(50)),
                may_have_cost: MicroDollars(900),
                n_reused: 1,
                n_calls: 3,
            }
        );
        assert_eq!(sums[1], ModelSpending { n_calls: 2, ..ModelSpending::default() });
    }
}
