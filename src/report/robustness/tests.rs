//! Checks of robustness, by hand.

use super::*;
use crate::dataset::variant::Variant;
use crate::dataset::{Item, ItemId};
use crate::provider::Class;
use crate::report::Scope;
use crate::run::fixture::{answered, attempt, journal, push, trial};
use crate::stats::paired::{Fourfold, mean_difference};

const COUNTED: Unanswered = Unanswered::CountedWrong;

/// Items and the letter that the model answers to each.
fn answered_as(items: Vec<(Item, &str)>) -> Journal {
    let open = "-".repeat(items.len());
    let mut run = journal("a", &[("m", Class::GeneralPurpose, &[&open])]);
    for (idx, (item, letter)) in items.into_iter().enumerate() {
        run.plan.items[idx] = item;
        if !letter.is_empty() {
            push(&mut run, attempt(trial(0, idx, 0), 1, answered(letter)));
        }
    }
    run
}

fn item(id: &str) -> Item {
    Item::single_choice(id, "Which one?", &["first", "second", "third", "fourth"], 1)
}

fn varied(id: &str, variant: Variant) -> Item {
    variant.of(&item(id), "en").unwrap()
}

#[test]
fn a_drop_is_taken_over_the_questions_that_have_both_forms() {
    let none = Variant::NoneOfTheOthers;
    let run = answered_as(vec![
        (item("a"), "B"),
        (varied("a", none), "C"),
        (item("b"), "B"),
        (varied("b", none), "B"),
        (item("c"), "B"),
        (varied("c", none), "A"),
        (item("d"), "A"),
        (varied("d", none), ""),
        (item("e"), "B"),
    ]);
    let found = shifts(&Grid::of(&run), COUNTED);
    assert_eq!(found.len(), 1);
    let drop = &found[0];
    assert_eq!((drop.change, drop.n_items), (Change::NoneOfTheOthers, 3));
    assert!((drop.as_they_are - 1.0).abs() < 1e-12 && (drop.changed - 1.0 / 3.0).abs() < 1e-12);
    assert!((drop.difference + 2.0 / 3.0).abs() < 1e-12);
    // Two of two that differ went one way: 2 · (1/2)².
    assert!((drop.p - 0.5).abs() < 1e-12 && !drop.is_shown);
    assert!(drop.interval.unwrap().low > -1.0);
}

#[test]
fn steadiness_compares_what_options_say_and_not_their_letters() {
    let rotated = |id: &str| varied(id, Variant::Rotated(1));
    // Rotated once, "second" has the letter C.
    let run = answered_as(vec![
        (item("a"), "B"),
        (rotated("a"), "C"),
        (item("b"), "B"),
        (rotated("b"), "B"),
    ]);
    let found = steadiness(&Grid::of(&run), &[&run], COUNTED);
    assert_eq!(found.len(), 1);
    let consistency = &found[0].consistency;
    assert_eq!((consistency.n_groups, consistency.n_same, found[0].n_items), (2, 1, 2));
    assert!((found[0].all_right - 0.5).abs() < 1e-12);
}

#[test]
fn who_always_names_the_same_letter_prefers_a_place() {
    let forms = |id: &str| {
        let rotations = (1..4).map(|n| (varied(id, Variant::Rotated(n)), "A"));
        std::iter::once((item(id), "A")).chain(rotations).collect::<Vec<_>>()
    };
    let run = answered_as([forms("a"), forms("b"), forms("c")].concat());
    let found = place_bias(&Grid::of(&run));
    assert_eq!(found[0].chosen, [12, 0, 0, 0]);
    assert_eq!(found[0].right, [(3, 3), (0, 3), (0, 3), (0, 3)]);
    // (12 − 3)² / 3 + 3 · 3² / 3.
    assert!((found[0].choice_test.unwrap().statistic - 36.0).abs() < 1e-9);
    assert!(found[0].right_test.unwrap().p < 0.01);
    let grid = Grid::of(&answered_as(vec![(item("a"), "A")]));
    assert!(place_bias(&grid).is_empty() && shifts(&grid, COUNTED).is_empty());
}

fn grid(ids: &[&str], repeats: &[&str]) -> Grid {
    let mut journal = journal("a", &[("m", Class::GeneralPurpose, repeats)]);
    for (item, id) in journal.plan.items.iter_mut().zip(ids) {
        item.id = ItemId((*id).to_owned());
    }
    Grid::of(&journal)
}

#[test]
fn variants_are_held_against_the_very_items_that_they_were_made_of() {
    // q0: right, right; q1: right, wrong; q2: right, refused; q3 has no variant; q4's is not asked yet.
    let ids = ["q0", "q0~none", "q1", "q1~none", "q2", "q2~none", "q3", "q4", "q4~none"];
    let mut grid = grid(&ids, &["cccicric-"]);
    let [shift] = shifts(&grid, COUNTED)[..] else { panic!() };
    assert_eq!((shift.change, shift.n_items), (Change::NoneOfTheOthers, 3));
    assert!((shift.as_they_are - 1.0).abs() < 1e-12);
    assert!((shift.changed - 1.0 / 3.0).abs() < 1e-12);
    assert!((shift.difference + 2.0 / 3.0).abs() < 1e-12);
    let table = Fourfold { both: 1, first_only: 0, second_only: 2, neither: 0 };
    assert_eq!(shift.interval, Some(table.newcombe(CONFIDENCE)));
    // Set aside, the refused one is gone together with its original.
    let [shift] = shifts(&grid, Unanswered::SetAside)[..] else { panic!() };
    assert_eq!((shift.n_items, shift.difference), (2, -0.5));
    grid.scope = Scope::Variants(Change::NoneOfTheOthers);
    assert_eq!(shifts(&grid, Unanswered::SetAside), [shift]);
}

#[test]
fn several_variants_and_repeats_of_an_item_give_one_difference() {
    let ids = ["q0", "q0~rot1", "q0~rot2", "q1", "q1~rot1", "q1~rot2", "q2", "q2~rot1"];
    let grid = grid(&ids, &["ccicciic", "cciccicc"]);
    let [shift] = shifts(&grid, COUNTED)[..] else { panic!() };
    // q0: 1 and 2/4; q1: 1 and 3/4 … and q2: 1/2 and 2/2.
    let differences = [0.5 - 1.0, 0.5 - 1.0, 1.0 - 0.5];
    let expected = mean_difference(&differences, CONFIDENCE).unwrap();
    assert_eq!(shift.n_items, 3);
    assert!((shift.difference - expected.mean).abs() < 1e-12, "{shift:?}");
    assert_eq!(shift.interval, expected.interval.map(|interval| interval.within(-1.0, 1.0)));
}

#[test]
fn where_nothing_differs_no_range_is_claimed() {
    let ids = ["q0", "q0~rot1", "q0~rot2", "q1", "q1~rot1", "q1~rot2"];
    let [shift] = shifts(&grid(&ids, &["cccccc"]), COUNTED)[..] else { panic!() };
    assert_eq!((shift.difference, shift.interval), (0.0, None));
    let once = shifts(&grid(&["q0", "q0~lay", "q1", "q1~lay"], &["cccc"]), COUNTED)[0];
    assert!(once.interval.is_some_and(|range| range.low < -0.3 && 0.3 < range.high));
    assert!(shifts(&grid(&["q0", "q1"], &["cc"]), COUNTED).is_empty());
}
