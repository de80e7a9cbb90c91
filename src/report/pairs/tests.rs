//! Checks of the comparison of every two models.

use super::*;
use crate::provider::Class;
use crate::run::fixture::journal;

const GENERAL: Class = Class::GeneralPurpose;

fn pairs_of(models: &[(&str, Class, &[&str])], rule: Unanswered) -> Vec<Pair> {
    pairs(&Grid::of(&journal("a", models)), rule)
}

#[test]
fn only_items_that_both_have_count() {
    let models: [(&str, Class, &[&str]); 2] =
        [("a", GENERAL, &["ccciru-x"]), ("b", GENERAL, &["ci-cccci"])];
    let pair = &pairs_of(&models, Unanswered::SetAside)[0];
    let Detail::Once { table, .. } = pair.detail else { panic!() };
    assert_eq!((pair.first, pair.n_items), (0, 3));
    assert_eq!(table, Fourfold { both: 1, first_only: 1, second_only: 1, neither: 0 });
    let pair = &pairs_of(&models, Unanswered::CountedWrong)[0];
    let Detail::Once { table, .. } = pair.detail else { panic!() };
    // b stands first now.
    assert_eq!((pair.first, pair.n_items), (1, 5));
    assert_eq!(table, Fourfold { both: 1, first_only: 3, second_only: 1, neither: 0 });
}

#[test]
fn p_is_adjusted_over_all_pairs_and_the_verdict_follows_it() {
    let right = "c".repeat(40);
    let six_less = format!("{}iiiiii", "c".repeat(34));
    let many_less = format!("{}{}", "c".repeat(20), "i".repeat(20));
    let found = pairs_of(
        &[
            ("best", GENERAL, &[&right]),
            ("close", GENERAL, &[&six_less]),
            ("far", GENERAL, &[&many_less]),
        ],
        Unanswered::CountedWrong,
    );
    let p: Vec<f64> = found.iter().map(|pair| pair.p).collect();
    assert!((p[0] - 0.03125).abs() < 1e-12);
    assert!((found[0].p_holm - 0.03125).abs() < 1e-12, "the largest p is not multiplied");
    assert!((found[1].p_holm - 3.0 * p[1]).abs() < 1e-18);
    let verdicts: Vec<Verdict> = found.iter().map(|pair| pair.verdict).collect();
    assert_eq!(verdicts, [Verdict::FirstAhead; 3]);
    let few = pairs_of(
        &[("a", GENERAL, &["ccccc"]), ("b", GENERAL, &["iiiii"])],
        Unanswered::CountedWrong,
    );
    assert_eq!(few[0].verdict, Verdict::NotTellable);
}

#[test]
fn repeats_are_compared_item_by_item() {
    let found = pairs_of(
        &[("a", GENERAL, &["ccccci", "ccccic"]), ("b", GENERAL, &["iiiiii", "iciiii"])],
        Unanswered::CountedWrong,
    );
    let pair = &found[0];
    // Differences 1, ½, 1, 1, ½, ½ all have one sign: 2 of the 2^6 patterns are as far from zero.
    assert!((pair.p - 2.0 / 64.0).abs() < 1e-12);
    assert!((pair.difference - 0.75).abs() < 1e-12);
    let Detail::Repeated { t_interval: Some(interval), exact: true } = pair.detail else {
        panic!()
    };
    assert!((interval.low - 0.462_600_2).abs() < 1e-6 && interval.high <= 1.0, "{interval:?}");
    assert_eq!(pair.interval(), Some(interval));
}

#[test]
fn repeats_that_are_missing_leave_the_rest_of_the_item() {
    let found = pairs_of(
        &[("a", GENERAL, &["cc", "-c", "-c"]), ("b", GENERAL, &["ii", "ci", "ii"])],
        Unanswered::CountedWrong,
    );
    assert_eq!(found[0].n_items, 2);
    assert!((found[0].difference - 5.0 / 6.0).abs() < 1e-12);
}

#[test]
fn models_without_a_common_item_are_no_pair() {
    let found =
        pairs_of(&[("a", GENERAL, &["cc--"]), ("b", GENERAL, &["--cc"])], Unanswered::CountedWrong);
    assert!(found.is_empty());
}
