//! Owns the words for what a run has cost so far, what is left of its budget, and what its grading cost.

use super::spending::ModelSpending;
use super::wording;
use crate::provider::MicroDollars;
use crate::run::Spending;

/// What the run has cost, sentence by sentence; nothing where nothing was or will be charged.
pub fn spending_told(spending: &Spending) -> Vec<String> {
    let Spending { spent, may_have_cost, reserved, budget } = *spending;
    let none = MicroDollars(0);
    if spending.at_most() == none && budget.is_none() {
        return vec![];
    }
    let mut sentences = vec![format!("Spent so far: {spent}.")];
    if may_have_cost != none {
        sentences.push(format!(
            "Calls whose cost nobody told may have cost {may_have_cost} more, at most."
        ));
    }
    if reserved != none {
        sentences.push(format!("Calls under way may cost {reserved} more, at most."));
    }
    if let Some(budget) = budget {
        // What is under way is not spent yet, but the budget has to hold if all of it is.
        let left = budget.less(spent + may_have_cost);
        sentences.push(format!("Left of the budget of {budget}: {left}."));
    }
    sentences
}

/// What grading cost: all judges together, then each. `names` are theirs, in the order of `judges`.
pub fn grading_told(names: &[String], judges: &[ModelSpending]) -> String {
    let n_calls: u64 = judges.iter().map(|judge| judge.n_calls).sum();
    let n_reused: usize = judges.iter().map(|judge| judge.n_reused).sum();
    let mut sentences = vec![];
    if n_calls == 0 {
        sentences.push("No judge was called in this run.".to_owned());
    } else {
        let known: Vec<MicroDollars> = judges.iter().filter_map(|judge| judge.spent).collect();
        let spent = known.into_iter().reduce(|sum, one| sum + one);
        let more = judges.iter().fold(MicroDollars(0), |sum, judge| sum + judge.may_have_cost);
        let all = match spent {
            Some(spent) => format!("What is known of the cost of grading comes to {spent}"),
            None => "What grading cost is not known".to_owned(),
        };
        let more = if more == MicroDollars(0) {
            String::new()
        } else {
            format!("; calls whose cost nobody told may have cost {more} more, at most")
        };
        let each: Vec<String> = names
            .iter()
            .zip(judges)
            .map(|(name, judge)| {
                let spent = judge.spent.map_or("not known".to_owned(), |spent| spent.to_string());
                let n_calls = usize::try_from(judge.n_calls).unwrap_or(usize::MAX);
                format!("{name} {spent}, for {}", wording::counted(n_calls, "call", "calls"))
            })
            .collect();
        sentences.push(format!("{all}{more}. By judge: {}.", each.join("; ")));
    }
    if 0 < n_reused {
        sentences.push(format!(
            "{} came from earlier runs and cost nothing here.",
            wording::counted(n_reused, "verdict", "verdicts")
        ));
    }
    sentences.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_grading_cost_is_told_of_all_judges_and_of_each() {
        let names = ["one".to_owned(), "two".to_owned()];
        let none = ModelSpending::default();
        let one = ModelSpending {
            spent: Some(MicroDollars(1_500_000)),
            n_calls: 30,
            ..ModelSpending::default()
        };
        let two = ModelSpending {
            may_have_cost: MicroDollars(500_000),
            n_calls: 1,
            n_reused: 1,
            ..ModelSpending::default()
        };
        assert_eq!(grading_told(&names, &[none, none]), "No judge was called in this run.");
        assert_eq!(
            grading_told(&names, &[one, two]),
            "What is known of the cost of grading comes to $1.50; calls whose cost nobody told may have cost $0.50 more, at \
             most. By judge: one $1.50, for 30 calls; two not known, for 1 call. 1 verdict came from earlier runs and cost \
             nothing here."
        );
        assert!(
            grading_told(&names, &[none, two]).starts_with("What grading cost is not known; calls")
        );
    }

    fn told(spent: u64, may_have_cost: u64, reserved: u64, budget: Option<u64>) -> String {
        let spending = Spending {
            spent: MicroDollars(spent),
            may_have_cost: MicroDollars(may_have_cost),
            reserved: MicroDollars(reserved),
            budget: budget.map(MicroDollars),
        };
        spending_told(&spending).join(" ")
    }

    #[test]
    fn nothing_is_said_where_nothing_is_charged() {
        assert_eq!(told(0, 0, 0, None), "");
        assert_eq!(
            told(0, 0, 0, Some(5_000_000)),
            "Spent so far: $0. Left of the budget of $5.00: $5.00."
        );
    }

    #[test]
    fn what_may_have_been_charged_is_told_apart_and_taken_off_the_budget() {
        assert_eq!(
            told(1_500_000, 500_000, 250_000, Some(2_000_000)),
            "Spent so far: $1.50. Calls whose cost nobody told may have cost $0.50 more, at most. Calls under way may cost \
             $0.25 more, at most. Left of the budget of $2.00: $0."
        );
    }
}
