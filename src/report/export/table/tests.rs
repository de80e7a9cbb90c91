//! Checks of the exported tables.

use super::*;
use crate::report::{Unanswered, leaderboard, pairs};
use crate::run::fixture::{answered, attempt, failure, journal, push, trial};
use crate::run::{Attempt, AttemptResult, Body, Reused};

fn rows(csv: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(csv.as_bytes());
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

#[test]
fn there_is_one_row_per_trial_with_its_answer() {
    let mut run =
        journal("a", &[("m", Class::GeneralPurpose, &["cf-"]), ("n", Class::Clinical, &["u--"])]);
    run.plan.assigned[1] = Some(vec![0]);
    push(&mut run, attempt(trial(0, 2, 0), 1, answered("one, \"two\"\nthree")));
    let rows = rows(&trials_csv(&Grid::of(&run), &[&run]));
    assert_eq!(rows[0], TRIALS);
    assert_eq!(rows.len(), 5);
    assert_eq!(
        rows[1][..12],
        ["q0", "even", "m", "general_purpose", "1", "correct", "B", "B", "1", "250", "120", "B"]
    );
    assert_eq!(rows[2][5..12], ["unreadable", "", "B", "1", "250", "120", "B or C"]);
    assert_eq!(rows[3][5..12], ["failed", "", "B", "1", "250", "", ""]);
    assert_eq!(rows[4][11], "one, \"two\"\nthree");
    assert_eq!(rows[1][12..], ["", "", ""], "nothing is known of the cost");
}

#[test]
fn costs_and_what_was_taken_from_earlier_runs_are_told() {
    let mut run = journal("a", &[("m", Class::GeneralPurpose, &["--"])]);
    let mut push_cost = |item, n, result, cost, reused: Option<Reused>| {
        let Body::Attempt(attempt) = attempt(trial(0, item, 0), n, result) else { return };
        push(
            &mut run,
            Body::Attempt(Attempt { cost: Some(MicroDollars(cost)), reused, ..attempt }),
        );
    };
    push_cost(0, 1, AttemptResult::WillRetry { failure: failure() }, 2_000_000, None);
    push_cost(0, 2, answered("B"), 1_234, None);
    let earlier = Reused { run_id: "b".to_owned(), at_millis: 5 };
    push_cost(1, 1, answered("C"), 0, Some(earlier));
    let rows = rows(&trials_csv(&Grid::of(&run), &[&run]));
    assert_eq!(rows[1][12..], ["", "0.001234", "2.000000"]);
    assert_eq!(rows[2][12..], ["yes", "0.000000", ""]);
}

#[test]
fn no_text_becomes_a_formula_and_no_number_becomes_a_text() {
    for evil in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"] {
        let run_id = "a";
        let mut run = journal(run_id, &[(evil, Class::GeneralPurpose, &["-"])]);
        push(&mut run, attempt(trial(0, 0, 0), 1, answered(evil)));
        let rows = rows(&trials_csv(&Grid::of(&run), &[&run]));
        // A name has no control characters; what is left of it is no formula either.
        assert_eq!(rows[1][2], format!("'{}", crate::report::wording::name(evil)));
        assert_eq!(rows[1][11], format!("'{evil}"));
    }
    let run = journal(
        "a",
        &[("m", Class::GeneralPurpose, &["ci"]), ("n", Class::GeneralPurpose, &["cc"])],
    );
    let grid = Grid::of(&run);
    let pairs = pairs(&grid, Unanswered::CountedWrong);
    let rows = rows(&pairs_csv(&grid, &pairs));
    let low: f64 = rows[1][8].parse().unwrap();
    assert!(low < 0.0, "{rows:?}");
}

#[test]
fn figures_are_exported_in_full_precision() {
    let run = journal(
        "a",
        &[("m", Class::GeneralPurpose, &["ccir-"]), ("n", Class::Clinical, &["iiii-"])],
    );
    let grid = Grid::of(&run);
    let standings = leaderboard(&grid, Unanswered::CountedWrong);
    let board = rows(&leaderboard_csv(&standings));
    assert_eq!(board[0], LEADERBOARD);
    assert_eq!(
        board[1][..14],
        ["m", "general_purpose", "5", "4", "2", "1", "0", "1", "0", "0", "0", "0", "1", "0.5"]
    );
    let low: f64 = board[1][14].parse().unwrap();
    assert_eq!(low.to_bits(), standings[0].counted_wrong.unwrap().interval.low.to_bits());
    let told = rows(&pairs_csv(&grid, &pairs(&grid, Unanswered::CountedWrong)));
    assert_eq!(told[0], PAIRS);
    assert_eq!(told[1][..8], ["m", "n", "4", "0", "2", "0", "2", "0.5"]);
    assert_eq!(told[1][14..], ["exact_mcnemar", "not_tellable"]);
}

#[test]
fn pairs_with_repeats_name_their_test_and_leave_the_table_empty() {
    let run = journal(
        "a",
        &[("m", Class::GeneralPurpose, &["cc", "ci"]), ("n", Class::Clinical, &["ii", "ci"])],
    );
    let grid = Grid::of(&run);
    let told = rows(&pairs_csv(&grid, &pairs(&grid, Unanswered::CountedWrong)));
    assert_eq!(told[1][3..7], ["", "", "", ""]);
    assert_eq!(told[1][14], "sign_flip_exact");
}
