//! Owns the check of the statistics of blinded reviews against scipy and statsmodels (see `data/review_reference.py`).

// A test may panic.
#![allow(clippy::unwrap_used)]

use serde_json::Value;
use viva::stats::cluster::crossed_mean;
use viva::stats::ordinal::{self, Factor, OrdinalFit};
use viva::stats::{bradley_terry, chi_square, concordance};

/// For what is solved in closed form, and for maxima that both programs find to rounding.
const CLOSED: f64 = 1e-9;
/// For the ordinal model, whose reference stops earlier and takes its errors from numeric derivatives.
const FITTED: f64 = 1e-4;

fn reference() -> Value {
    serde_json::from_str(include_str!("data/review_reference.json")).unwrap()
}

fn cases(name: &str) -> Vec<Value> {
    reference()[name].as_array().unwrap().clone()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
}

fn table(value: &Value) -> Vec<Vec<f64>> {
    value.as_array().unwrap().iter().map(numbers).collect()
}

fn places(value: &Value) -> Vec<usize> {
    let number = |number: &Value| usize::try_from(number.as_u64().unwrap()).unwrap();
    value.as_array().unwrap().iter().map(number).collect()
}

#[track_caller]
fn near(ours: f64, theirs: f64, within: f64) {
    assert!((ours - theirs).abs() <= within * theirs.abs().max(1.0), "{ours} is not {theirs}");
}

fn fitted(case: &Value) -> OrdinalFit {
    let ratings = places(&case["ratings"]);
    let n_categories = ratings.iter().max().unwrap() + 1;
    let factors: Vec<Factor> = case["factors"]
        .as_array()
        .unwrap()
        .iter()
        .map(places)
        .map(|levels| Factor { n_levels: levels.iter().max().unwrap() + 1, levels })
        .collect();
    ordinal::fit(&ratings, n_categories, &factors).unwrap()
}

fn holds(case: &Value) {
    let fit = fitted(case);
    let mut ours = vec![];
    for (factor, effects) in fit.effects.iter().enumerate() {
        ours.extend((1..effects.len()).map(|level| fit.difference(factor, [level, 0]).unwrap()));
    }
    let (effects, errors) = (numbers(&case["effects"]), numbers(&case["errors"]));
    assert_eq!(ours.len(), effects.len());
    for ((effect, error), (theirs, their_error)) in ours.iter().zip(effects.iter().zip(&errors)) {
        near(*effect, *theirs, FITTED);
        near(*error, *their_error, FITTED);
    }
    for (ours, theirs) in fit.thresholds.iter().zip(numbers(&case["thresholds"])) {
        near(*ours, theirs, FITTED);
    }
    for (ours, theirs) in fit.threshold_errors().iter().zip(numbers(&case["threshold_errors"])) {
        near(*ours, theirs, FITTED);
    }
    // Both stand at the same maximum.
    let theirs = case["log_likelihood"].as_f64().unwrap();
    assert!(theirs - 1e-7 <= fit.log_likelihood, "{} is below {theirs}", fit.log_likelihood);
    near(fit.log_likelihood, theirs, 1e-6);
}

#[test]
fn the_ordinal_model_is_that_of_statsmodels() {
    let cases = cases("ordinal");
    assert_eq!(cases.len(), 4);
    cases.iter().for_each(holds);
}

#[test]
fn the_ordinal_model_of_a_whole_review_is_that_of_statsmodels() {
    for (_, case) in reference()["review"]["fits"].as_object().unwrap() {
        holds(case);
    }
}

#[test]
fn kendalls_w_is_that_of_scipy() {
    for case in cases("concordance") {
        let ours = concordance::kendall_w(&table(&case["rows"])).unwrap();
        near(ours.w, case["w"].as_f64().unwrap(), CLOSED);
        near(ours.chi_square, case["chi_square"].as_f64().unwrap(), CLOSED);
        near(ours.p, case["p"].as_f64().unwrap(), CLOSED);
    }
}

#[test]
fn tails_of_chi_square_are_those_of_scipy() {
    for case in cases("chi_square") {
        let df = usize::try_from(case["df"].as_u64().unwrap()).unwrap();
        let theirs = case["p"].as_f64().unwrap();
        let ours = chi_square::upper_tail(case["x"].as_f64().unwrap(), df as f64);
        assert!((ours - theirs).abs() <= CLOSED * theirs, "{ours} is not {theirs}");
    }
}

#[test]
fn strengths_are_those_of_statsmodels() {
    for case in cases("preferences") {
        let ours = bradley_terry::fit(&table(&case["wins"]), &table(&case["ties"])).unwrap();
        let (values, errors) = (numbers(&case["values"]), numbers(&case["errors"]));
        for (idx, (value, error)) in values.iter().zip(&errors).enumerate() {
            near(ours.values[idx], *value, CLOSED);
            near(ours.error(idx).unwrap(), *error, CLOSED);
        }
    }
}

#[test]
fn crossed_means_are_those_of_statsmodels() {
    for case in cases("crossed") {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // small whole numbers
        let values: Vec<(f64, usize, usize)> = table(&case["values"])
            .iter()
            .map(|row| (row[0], row[1] as usize, row[2] as usize))
            .collect();
        let ours = crossed_mean(&values).unwrap();
        near(ours.mean, case["mean"].as_f64().unwrap(), CLOSED);
        near(ours.standard_error.unwrap(), case["error"].as_f64().unwrap(), CLOSED);
    }
}
