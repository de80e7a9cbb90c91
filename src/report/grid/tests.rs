//! Checks of the grid.

use super::*;
use crate::dataset::ItemId;
use crate::run::Reused;
use crate::run::fixture::{answered, attempt, failure, journal, push, trial};

const GENERAL: Class = Class::GeneralPurpose;

fn states(grid: &Grid, model: usize) -> Vec<State> {
    grid.trials_of(model).flatten().map(|cell| cell.state).collect()
}

#[test]
fn each_trial_has_the_state_that_its_entries_give() {
    let journal = journal("a", &[("m", GENERAL, &["cirutfx-"])]);
    let grid = Grid::of(&journal);
    let ended = [
        Outcome::Correct,
        Outcome::Incorrect,
        Outcome::Refused,
        Outcome::Unreadable,
        Outcome::Truncated,
        Outcome::Failed,
        Outcome::Unscored,
    ];
    let mut known: Vec<State> = ended.into_iter().map(State::Ended).collect();
    known.push(State::NotAsked);
    assert_eq!(states(&grid, 0), known);
    assert_eq!(grid.categories, ["even", "odd"]);
    let first = &grid.trials(0, 0)[0];
    assert_eq!((first.choice, first.n_attempts, first.took_millis), (Some(1), 1, 250));
    assert_eq!(first.completion(&journal).unwrap().text, "B");
    assert!(grid.trials(0, 5)[0].completion(&journal).is_none());
}

#[test]
fn tries_that_are_followed_by_others_leave_a_trial_open() {
    let mut journal = journal("a", &[("m", GENERAL, &["--"])]);
    push(&mut journal, attempt(trial(0, 0, 0), 1, AttemptResult::WillRetry { failure: failure() }));
    assert_eq!(states(&Grid::of(&journal), 0), [State::NotAsked, State::NotAsked]);
    push(&mut journal, attempt(trial(0, 0, 0), 2, answered("B")));
    let grid = Grid::of(&journal);
    assert_eq!(grid.trials(0, 0)[0].state, State::Ended(Outcome::Correct));
    assert_eq!(grid.trials(0, 0)[0].n_attempts, 2);
}

#[test]
fn a_trial_that_is_opened_anew_is_not_asked_until_it_ends_again() {
    let mut journal = journal("a", &[("m", GENERAL, &["fc"])]);
    push(&mut journal, Body::Retried { trials: vec![trial(0, 0, 0)] });
    let reopened = Grid::of(&journal);
    assert_eq!(states(&reopened, 0), [State::NotAsked, State::Ended(Outcome::Correct)]);
    assert_eq!(reopened.trials(0, 0)[0].n_attempts, 1);
    push(&mut journal, attempt(trial(0, 0, 0), 1, answered("A")));
    let cell = Grid::of(&journal).trials(0, 0)[0];
    assert_eq!((cell.state, cell.n_attempts), (State::Ended(Outcome::Incorrect), 2));
}

#[test]
fn the_first_answer_stands_and_trials_outside_the_plan_are_passed_over() {
    let mut journal = journal("a", &[("m", GENERAL, &["c"])]);
    push(&mut journal, attempt(trial(0, 0, 0), 2, answered("A")));
    for stranger in [trial(1, 0, 0), trial(0, 1, 0), trial(0, 0, 1)] {
        push(&mut journal, attempt(stranger, 1, answered("A")));
        push(&mut journal, Body::Retried { trials: vec![stranger] });
    }
    assert_eq!(states(&Grid::of(&journal), 0), [State::Ended(Outcome::Correct)]);
}

#[test]
fn items_that_a_model_is_not_asked_are_unassigned() {
    let mut journal = journal("a", &[("m", GENERAL, &["cc-"]), ("n", GENERAL, &["-c-"])]);
    journal.plan.assigned[1] = Some(vec![1, 2, 99]);
    push(&mut journal, attempt(trial(1, 0, 0), 1, answered("B")));
    let grid = Grid::of(&journal);
    let known = [State::Unassigned, State::Ended(Outcome::Correct), State::NotAsked];
    assert_eq!(states(&grid, 1), known);
}

#[test]
fn a_live_grid_is_the_grid_of_the_whole() {
    let journal =
        journal("a", &[("m", GENERAL, &["cif-", "uc-x"]), ("n", GENERAL, &["cccc", "iiii"])]);
    let mut live = Grid::planned(&journal.plan);
    for (idx, entry) in journal.entries.iter().enumerate() {
        live.apply(&journal.plan, idx, entry);
    }
    assert_eq!(live, Grid::of(&journal));
    assert_eq!(live.trials(0, 3).len(), 2);
}

#[test]
fn all_tries_of_a_trial_are_paid_for_and_stay_paid_for_when_it_is_opened_anew() {
    let mut journal = journal("a", &[("m", GENERAL, &["-"])]);
    let mut push_cost = |n, result, cost| {
        let Body::Attempt(attempt) = attempt(trial(0, 0, 0), n, result) else { return };
        let cost = Some(MicroDollars(cost));
        push(&mut journal, Body::Attempt(Attempt { cost, ..attempt }));
    };
    push_cost(1, AttemptResult::WillRetry { failure: failure() }, 500);
    push_cost(2, AttemptResult::GaveUp { failure: failure() }, 0);
    push(&mut journal, Body::Retried { trials: vec![trial(0, 0, 0)] });
    let Body::Attempt(last) = attempt(trial(0, 0, 0), 1, answered("B")) else { return };
    let reused = Some(Reused { run_id: "b".to_owned(), at_millis: 5 });
    push(&mut journal, Body::Attempt(Attempt { cost: Some(MicroDollars(0)), reused, ..last }));
    let grid = Grid::of(&journal);
    let cell = grid.trials(0, 0)[0];
    assert_eq!((cell.cost, cell.may_have_cost), (Some(MicroDollars(0)), MicroDollars(500)));
    assert!(cell.is_reused);
    let view = &crate::report::answer_view::answers_to(&grid, &[&journal], 0)[0];
    assert_eq!(view.reused.as_ref().map(|reused| reused.run_id.as_str()), Some("b"));
    assert_eq!((view.cost, view.may_have_cost), (cell.cost, cell.may_have_cost));
}

/// Items q1 and q3 become variants of q0 and q2.
fn with_variants(letters: [&str; 2]) -> Grid {
    let class = crate::provider::Class::GeneralPurpose;
    let (first, second) = ([letters[0]], [letters[1]]);
    let mut journal = journal("a", &[("m", class, &first), ("n", class, &second)]);
    journal.plan.items[1].id = ItemId("q0~rot1".to_owned());
    journal.plan.items[3].id = ItemId("q2~lay".to_owned());
    Grid::of(&journal)
}

#[test]
fn variants_are_left_out_of_the_figures_unless_they_are_wanted() {
    use crate::report::items::{Filter, filtered};
    use crate::report::leaderboard::by_category;
    use crate::report::{Unanswered, leaderboard, pairs};
    let counted = Unanswered::CountedWrong;
    let mut grid = with_variants(["cici", "ccic"]);
    let right = |grid: &Grid| {
        let standings = leaderboard(grid, counted);
        let accuracy = standings.iter().find(|one| one.name == "m").unwrap().counted_wrong;
        accuracy.map(|accuracy| (accuracy.n_right, accuracy.n))
    };
    assert_eq!((grid.scope, grid.n_counted(), right(&grid)), (Scope::Base, 2, Some((2, 2))));
    assert_eq!(by_category(&grid, counted).iter().map(|board| board.n_items).sum::<usize>(), 2);
    // On the items themselves n got one wrong that m got right; on all four they are even.
    assert!(pairs(&grid, counted)[0].difference.abs() > 0.4);
    assert_eq!(filtered(&grid, Filter::All, None, counted), [0, 1, 2, 3]);
    assert_eq!(filtered(&grid, Filter::Variants, None, counted), [1, 3]);
    assert_eq!(filtered(&grid, Filter::Disagreement, None, counted), [2]);
    assert_eq!(grid.changes(), [Change::Rotated, Change::Lay]);
    for change in grid.changes() {
        grid.scope = Scope::Variants(change);
        assert_eq!((grid.n_counted(), right(&grid)), (1, Some((0, 1))));
    }
    grid.scope = Scope::All;
    assert_eq!((grid.n_counted(), right(&grid)), (4, Some((2, 4))));
}

#[test]
fn several_variants_of_an_item_are_no_independent_answers() {
    use crate::report::leaderboard::IntervalMethod;
    use crate::report::pairs::Detail;
    use crate::report::{Unanswered, leaderboard, pairs};
    let counted = Unanswered::CountedWrong;
    let letters = ["cccicciic", "cicccciii"];
    let (first, second) = ([letters[0]], [letters[1]]);
    let mut journal = journal("a", &[("m", GENERAL, &first), ("n", GENERAL, &second)]);
    for (idx, item) in journal.plan.items.iter_mut().enumerate() {
        let (base, n) = (idx / 3, idx % 3);
        item.id = ItemId(if n == 0 { format!("q{base}") } else { format!("q{base}~rot{n}") });
    }
    let mut grid = Grid::of(&journal);
    let of_m = |grid: &Grid| {
        let standings = leaderboard(grid, counted);
        standings.iter().find(|one| one.name == "m").unwrap().counted_wrong.unwrap()
    };
    assert_eq!(of_m(&grid).method, IntervalMethod::Wilson);
    assert!(matches!(pairs(&grid, counted)[0].detail, Detail::Once { .. }));
    grid.scope = Scope::Variants(Change::Rotated);
    // Six trials, of three questions: the same as three questions with two repeats.
    let found = of_m(&grid);
    assert_eq!((found.n_right, found.n, found.n_items), (5, 6, 3));
    assert_eq!(found.method, IntervalMethod::WilsonByItems);
    let pair = &pairs(&grid, counted)[0];
    assert_eq!(pair.n_items, 3);
    assert!(matches!(pair.detail, Detail::Repeated { .. }));
    let repeats =
        |letters: &str, n: usize| -> String { letters.chars().skip(n).step_by(3).collect() };
    let [m1, m2] = [1, 2].map(|n| repeats(letters[0], n));
    let [n1, n2] = [1, 2].map(|n| repeats(letters[1], n));
    let journal = crate::run::fixture::journal(
        "b",
        &[("m", GENERAL, &[&m1, &m2]), ("n", GENERAL, &[&n1, &n2])],
    );
    let repeated = Grid::of(&journal);
    assert_eq!(of_m(&repeated), found);
    assert_eq!(&pairs(&repeated, counted)[0], pair);
}

#[test]
fn where_there_is_nothing_but_variants_they_count() {
    let class = crate::provider::Class::GeneralPurpose;
    let mut journal = journal("a", &[("m", class, &["ci"])]);
    journal.plan.items[0].id = ItemId("q0~rot1".to_owned());
    journal.plan.items[1].id = ItemId("q1~rot1".to_owned());
    let grid = Grid::of(&journal);
    assert_eq!((grid.scope, grid.n_counted()), (Scope::All, 2));
}
