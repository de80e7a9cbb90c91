//! Checks of robustness, by hand.

use super::*;
use crate::dataset::variant::Variant;
use crate::dataset::{Item, ItemId};
use crate::provider::Class;
use crate::run::fixture::{answered, attempt, journal, push, trial};

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
    variant.of(&item(id)).unwrap()
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
    let found = drops(&Grid::of(&run), COUNTED);
    assert_eq!(found.len(), 1);
    let drop = &found[0];
    assert_eq!((drop.probe, drop.n_items), (Probe::NoneOfTheOthers, 3));
    assert!((drop.before - 1.0).abs() < 1e-12 && (drop.after - 1.0 / 3.0).abs() < 1e-12);
    assert!((drop.change + 2.0 / 3.0).abs() < 1e-12);
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
    assert!(place_bias(&grid).is_empty() && drops(&grid, COUNTED).is_empty());
}

#[test]
fn every_variant_has_a_probe() {
    use crate::dataset::variant::{Ethnicity, Sex};
    for variant in [
        Variant::Rotated(2),
        Variant::Shuffled(1),
        Variant::NoneOfTheOthers,
        Variant::OptionsOnly,
        Variant::Sex(Sex::Female),
        Variant::Age(80),
        Variant::Ethnicity(Ethnicity::ALL[0]),
        Variant::Lay,
        Variant::Misspelt(3),
        Variant::WrongBelief(3),
    ] {
        let id = ItemId(format!("q~{}", variant.name()));
        assert!(base_of(&id).and_then(|(_, name)| Probe::of(name)).is_some(), "{id}");
    }
}
