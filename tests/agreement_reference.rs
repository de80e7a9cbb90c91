//! Owns the check of the measures of agreement against those of three Python packages (see `data/agreement_reference.py`).

// A test may panic.
#![allow(clippy::unwrap_used)]

mod reference;

use reference::same;
use serde_json::Value;
use viva::stats::agreement::{Level, Weights, cohen_kappa, fleiss_kappa, krippendorff_alpha};

fn reference() -> Value {
    serde_json::from_str(include_str!("data/agreement_reference.json")).unwrap()
}

fn number(value: &Value) -> usize {
    usize::try_from(value.as_u64().unwrap()).unwrap()
}

#[test]
fn cohens_kappa_is_that_of_scikit_learn() {
    for case in reference()["pairs"].as_array().unwrap() {
        let pairs = case["pairs"].as_array().unwrap();
        let pairs: Vec<_> = pairs.iter().map(|pair| (number(&pair[0]), number(&pair[1]))).collect();
        let kappa = |weights| cohen_kappa(&pairs, number(&case["n_categories"]), weights);
        same(kappa(Weights::Unweighted), &case["unweighted"]);
        same(kappa(Weights::Linear), &case["linear"]);
        same(kappa(Weights::Quadratic), &case["quadratic"]);
    }
}

#[test]
fn fleiss_kappa_is_that_of_statsmodels() {
    for case in reference()["tables"].as_array().unwrap() {
        let table = case["table"].as_array().unwrap().iter();
        let table: Vec<Vec<usize>> =
            table.map(|row| row.as_array().unwrap().iter().map(number).collect()).collect();
        same(fleiss_kappa(&table), &case["kappa"]);
    }
}

#[test]
fn krippendorffs_alpha_is_that_of_his_package() {
    for case in reference()["units"].as_array().unwrap() {
        let raters = case["raters"].as_array().unwrap();
        let n_units = raters[0].as_array().unwrap().len();
        let units: Vec<Vec<Option<f64>>> = (0..n_units)
            .map(|unit| raters.iter().map(|rater| rater[unit].as_f64()).collect())
            .collect();
        same(krippendorff_alpha(&units, Level::Nominal), &case["nominal"]);
        same(krippendorff_alpha(&units, Level::Ordinal), &case["ordinal"]);
        same(krippendorff_alpha(&units, Level::Interval), &case["interval"]);
    }
}

/// The values that textbooks print.
#[test]
fn the_textbooks_examples_hold() {
    let reference = reference();
    let near = |value: &Value, printed: f64, within: f64| {
        assert!((value.as_f64().unwrap() - printed).abs() < within, "{value} is not {printed}");
    };
    near(&reference["pairs"][0]["unweighted"], 0.4, 1e-12);
    near(&reference["tables"][0]["kappa"], 0.209_930_7, 5e-8);
    let units = &reference["units"][0];
    near(&units["nominal"], 0.691_358, 5e-7);
    near(&units["ordinal"], 0.806_721, 5e-7);
    near(&units["interval"], 0.810_845, 5e-7);
}
