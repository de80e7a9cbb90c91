//! Checks of the comparison of classes.

use super::*;
use crate::run::fixture::journal;

const BOTH: [Class; 2] = [Class::GeneralPurpose, Class::Clinical];

#[test]
fn classes_are_compared_on_items_that_every_model_has() {
    let journal = journal(
        "a",
        &[
            ("g1", Class::GeneralPurpose, &["cccc-"]),
            ("g2", Class::GeneralPurpose, &["cicic"]),
            ("c1", Class::Clinical, &["iiiuc"]),
            ("base", Class::Baseline, &["-----"]),
        ],
    );
    let grid = Grid::of(&journal);
    let counted = class_comparison(&grid, BOTH, Unanswered::CountedWrong).unwrap();
    assert_eq!(
        (counted.n_items, counted.first_models, counted.second_models),
        (4, vec![0, 1], vec![2])
    );
    assert!((counted.first_mean - 0.75).abs() < 1e-12 && counted.second_mean.abs() < 1e-12);
    // Differences 1, ½, 1, ½: 2 of 2^4 patterns.
    assert!((counted.p - 0.125).abs() < 1e-12);
    assert_eq!(counted.verdict, Verdict::NotTellable);
    let interval = counted.interval.unwrap();
    assert!((interval.low - 0.290_6).abs() < 1e-3 && (interval.high - 1.0).abs() < 1e-12);
    let set_aside = class_comparison(&grid, BOTH, Unanswered::SetAside).unwrap();
    assert_eq!(set_aside.n_items, 3);
}

#[test]
fn a_class_without_models_or_common_items_is_not_compared() {
    let journal =
        journal("a", &[("g", Class::GeneralPurpose, &["c-"]), ("c", Class::Clinical, &["-c"])]);
    let mut grid = Grid::of(&journal);
    assert!(class_comparison(&grid, BOTH, Unanswered::CountedWrong).is_none());
    grid.set_class(1, Class::Person);
    assert!(class_comparison(&grid, BOTH, Unanswered::CountedWrong).is_none());
}

#[test]
fn the_order_of_the_classes_is_the_order_of_the_difference() {
    let right = "c".repeat(12);
    let wrong = "i".repeat(12);
    let grid = Grid::of(&journal(
        "a",
        &[("g", Class::GeneralPurpose, &[&wrong]), ("c", Class::Clinical, &[&right])],
    ));
    let found = class_comparison(&grid, BOTH, Unanswered::CountedWrong).unwrap();
    assert_eq!(found.verdict, Verdict::SecondAhead);
    assert!((found.difference + 1.0).abs() < 1e-12);
}
