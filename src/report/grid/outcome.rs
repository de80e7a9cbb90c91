//! Owns the one place where the report asks the scorer.

use crate::dataset::Item;
use crate::provider::Completion;
use crate::score::Outcome;

/// How an answer fares, and the option that was read from it.
pub(super) fn outcome_of(item: &Item, completion: &Completion) -> (Outcome, Option<usize>) {
    let scored = stand_in::judge(item, completion);
    (scored.outcome, scored.choice)
}

/// Stands in for `crate::score::judge` until that is merged: reads answers that are a bare letter.
mod stand_in {
    use std::ops::Range;

    use super::{Completion, Item, Outcome};

    pub(super) struct Scored {
        pub(super) outcome: Outcome,
        pub(super) choice: Option<usize>,
        #[allow(dead_code)]
        pub(super) span: Option<Range<usize>>,
    }

    pub(super) fn judge(item: &Item, completion: &Completion) -> Scored {
        let text = completion.text.trim();
        let letter = text.strip_prefix("Answer:").unwrap_or(text).trim();
        let choice = (0..item.choice().options.len())
            .find(|idx| letter == crate::dataset::Choice::letter(*idx).to_string());
        let outcome = match choice {
            Some(idx) if idx == item.choice().answer => Outcome::Correct,
            Some(_) => Outcome::Incorrect,
            None => Outcome::Unreadable,
        };
        Scored { outcome, choice, span: None }
    }
}
