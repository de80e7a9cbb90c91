//! Checks of the joining of runs.

use super::*;
use crate::report::grid::State;
use crate::report::rule::Unanswered;
use crate::report::{Verdict, pairs};
use crate::run::fixture::{item, journal};
use crate::score::Outcome;

const GENERAL: Class = Class::GeneralPurpose;

#[test]
fn runs_are_joined_over_the_items_they_share_whatever_their_order() {
    let one = journal("one", &[("a", GENERAL, &["ccci"])]);
    let mut two = journal("two", &[("b", Class::Clinical, &["iiic"])]);
    two.plan.items.reverse();
    two.plan.items[0] = item("other", "even");
    two.plan.items[1].question = format!(" {}\n", two.plan.items[1].question.replace(' ', "  "));
    let comparison = Comparison::of(&[&one, &two]);
    let grid = &comparison.grid;
    assert_eq!((comparison.n_shared, grid.items.len(), grid.models.len()), (3, 5, 2));
    assert!(comparison.conflicts.is_empty());
    let b: Vec<State> = grid.trials_of(1).map(|cells| cells[0].state).collect();
    let (right, wrong) = (State::Ended(Outcome::Correct), State::Ended(Outcome::Incorrect));
    assert_eq!(b, [right, wrong, wrong, State::Unassigned, wrong]);
    assert_eq!((grid.items[4].run, grid.items[4].item, &grid.items[4].id.0[..]), (1, 0, "other"));
    let pair = &pairs(grid, Unanswered::CountedWrong)[0];
    assert_eq!((pair.n_items, pair.verdict), (3, Verdict::NotTellable));
}

#[test]
fn items_of_one_id_that_ask_or_score_differently_are_kept_apart_and_told() {
    let one = journal("one", &[("a", GENERAL, &["ccc"])]);
    let mut two = journal("two", &[("b", GENERAL, &["ccc"])]);
    two.plan.items[0].question = "Something else?".to_owned();
    let crate::dataset::Kind::Choice(choice) = &mut two.plan.items[2].kind else { panic!() };
    choice.answer = 3;
    let comparison = Comparison::of(&[&one, &two]);
    assert_eq!((comparison.n_shared, comparison.grid.items.len()), (1, 5));
    let ids: Vec<&str> = comparison.conflicts.iter().map(|id| id.0.as_str()).collect();
    assert_eq!(ids, ["q0", "q2"]);
}

#[test]
fn equal_items_within_a_run_stay_items_of_their_own() {
    let mut one = journal("one", &[("a", GENERAL, &["ci"])]);
    let mut two = journal("two", &[("b", GENERAL, &["ic"])]);
    for run in [&mut one, &mut two] {
        run.plan.items[1] = run.plan.items[0].clone();
    }
    let comparison = Comparison::of(&[&one, &two]);
    assert_eq!((comparison.n_shared, comparison.grid.items.len()), (2, 2));
    assert!(comparison.conflicts.is_empty());
}

#[test]
fn a_run_given_twice_is_joined_once_and_equal_names_are_told_apart() {
    let one = journal("one", &[("a", GENERAL, &["c"]), ("b", GENERAL, &["c"])]);
    let two = journal("two", &[("a", GENERAL, &["i"])]);
    let mut three = journal("three", &[("a", GENERAL, &["i"])]);
    three.plan.title.clone_from(&two.plan.title);
    let comparison = Comparison::of(&[&one, &one, &two, &three]);
    assert_eq!(comparison.runs, [0, 2, 3]);
    let names: Vec<&str> = comparison.grid.models.iter().map(|m| m.name.as_str()).collect();
    assert_eq!(names, ["a (Run one)", "b", "a (Run two)", "a (Run two) #2"]);
    assert_eq!(comparison.grid.models[2].run, 2);
}

#[test]
fn runs_with_different_repeats_leave_the_missing_ones_unassigned() {
    let one = journal("one", &[("a", GENERAL, &["ci", "cc"])]);
    let two = journal("two", &[("b", GENERAL, &["ic"])]);
    let grid = Comparison::of(&[&two, &one]).grid;
    assert_eq!(grid.n_repeats, 2);
    assert_eq!(grid.trials(0, 0)[1].state, State::Unassigned);
    assert_eq!(grid.trials(1, 1)[1].state, State::Ended(Outcome::Correct));
    let mut comparison = Comparison::of(&[&two]);
    comparison.set_class(0, Class::Clinical);
    assert_eq!(comparison.grid.models[0].class, Class::Clinical);
}

#[test]
fn a_single_run_is_joined_with_itself_unchanged() {
    let one =
        journal("one", &[("a", GENERAL, &["ciru", "ttfx"]), ("b", GENERAL, &["c--i", "cccc"])]);
    assert_eq!(Comparison::of(&[&one]).grid, Grid::of(&one));
    let none = Comparison::of(&[]);
    assert!(none.grid.models.is_empty() && none.grid.items.is_empty());
}
