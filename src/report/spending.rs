//! Owns what each model of a grid cost, and each judge of a run.

use super::grid::Grid;
use crate::provider::MicroDollars;
use crate::run::{Body, Journal, JudgeResult};

/// What one model, or one judge, cost, over all its trials and tries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ModelSpending {
    /// Known to be spent; `None` where nothing is known of any trial.
    pub spent: Option<MicroDollars>,
    /// What tries without a known cost may have cost at most, on top.
    pub may_have_cost: MicroDollars,
    /// Answers, or verdicts, taken from earlier runs, which cost nothing.
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

/// What the judges of a run cost, by index into [`crate::run::Judging::judges`].
pub fn judge_spending(journal: &Journal) -> Vec<ModelSpending> {
    let mut sums = vec![ModelSpending::default(); journal.plan.judges().len()];
    for entry in &journal.entries {
        let Body::Judgement(attempt) = &entry.body else { continue };
        let Some(sum) = sums.get_mut(usize::from(attempt.judgement.judge)) else { continue };
        if let Some(spent) = attempt.spent() {
            sum.spent = Some(sum.spent.unwrap_or_default() + spent);
        }
        sum.may_have_cost = sum.may_have_cost + attempt.may_have_cost().unwrap_or_default();
        let is_reused = attempt.reused.is_some();
        sum.n_reused +=
            usize::from(is_reused && matches!(attempt.result, JudgeResult::Judged { .. }));
        sum.n_calls += u64::from(!is_reused);
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::Class;
    use crate::run::fixture::{answered, attempt, failure, journal, push, trial};
    use crate::run::{Attempt, AttemptResult, Body, JudgeAttempt, JudgementId, Judging, Reused};

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

    #[test]
    fn judges_have_sums_of_their_own() {
        let mut run = journal("r", &[("a", Class::GeneralPurpose, &["--"])]);
        run.plan.judging =
            Some(Judging::by([run.plan.models.clone(), run.plan.models.clone()].concat()));
        let mut push_cost = |judge, n, result, cost, reused| {
            let judgement =
                JudgementId { judge, trial: trial(0, 0, 0), criterion: None, repeat: 0 };
            let cost = Some(MicroDollars(cost));
            let attempt = JudgeAttempt { judgement, n, took_millis: 1, result, cost, reused };
            push(&mut run, Body::Judgement(attempt));
        };
        let judged = || JudgeResult::Judged {
            completion: crate::provider::Completion::default(),
            grades: vec![None],
        };
        push_cost(1, 1, JudgeResult::WillRetry { failure: failure() }, 900, None);
        let earlier = Reused { run_id: "x".to_owned(), at_millis: 5 };
        push_cost(1, 2, judged(), 0, Some(earlier));
        push_cost(7, 1, judged(), 50, None);
        let sums = judge_spending(&run);
        assert_eq!(sums[0], ModelSpending::default());
        let second = ModelSpending {
            spent: Some(MicroDollars(0)),
            may_have_cost: MicroDollars(900),
            n_reused: 1,
            n_calls: 1,
        };
        assert_eq!(sums[1], second);
        assert_eq!(spending(&Grid::of(&run))[0].n_calls, 0);
    }
}
