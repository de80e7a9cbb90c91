//! Owns the one place where the report asks the scorer.

use crate::dataset::Item;
use crate::provider::Completion;
use crate::score::{Outcome, judge};

/// How an answer fares, and the option that was read from it.
pub(super) fn outcome_of(item: &Item, completion: &Completion) -> (Outcome, Option<usize>) {
    let scored = judge(item, completion);
    (scored.outcome, scored.choice)
}
