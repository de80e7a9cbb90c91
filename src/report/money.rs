//! Owns the words for what a run has cost so far and what is left of its budget.

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

#[cfg(test)]
mod tests {
    use super::*;

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
