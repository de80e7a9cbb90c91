//! Checks the statistics against scipy, statsmodels and 40-digit arithmetic (see `data/stats_reference.py`), and
//! against published values.

// A test may panic.
#![allow(clippy::unwrap_used)]

use serde_json::Value;
use viva::stats::paired::{self, Fourfold};
use viva::stats::{Interval, binomial, cluster, multiple, normal, proportion, student};

const RELATIVE: f64 = 1e-10;

fn reference(part: &str) -> Vec<Value> {
    let all: Value = serde_json::from_str(include_str!("data/stats_reference.json")).unwrap();
    let rows = all[part].as_array().unwrap().clone();
    assert!(!rows.is_empty());
    rows
}

fn number(row: &Value, name: &str) -> f64 {
    row[name].as_f64().unwrap_or_else(|| panic!("no {name} in {row}"))
}

fn count(value: &Value) -> u64 {
    value.as_u64().unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect()
}

#[track_caller]
fn same(ours: f64, theirs: f64, what: &impl std::fmt::Debug) {
    let gap = (ours - theirs).abs();
    assert!(
        gap <= RELATIVE * theirs.abs() || gap < 1e-15,
        "{ours:e} is not {theirs:e} (relative gap {:e}) for {what:?}",
        gap / theirs.abs()
    );
}

#[track_caller]
fn same_interval(ours: Interval, theirs: &Value, what: &impl std::fmt::Debug) {
    let ends = numbers(theirs);
    same(ours.low, ends[0], what);
    same(ours.high, ends[1], what);
}

fn fourfold(counts: [u64; 4]) -> Fourfold {
    let [both, first_only, second_only, neither] = counts;
    Fourfold { both, first_only, second_only, neither }
}

#[test]
fn intervals_of_proportions_are_those_of_statsmodels() {
    for row in reference("proportions") {
        let (k, n) = (count(&row["k"]), count(&row["n"]));
        let confidence = number(&row, "confidence");
        same_interval(proportion::wilson(k, n, confidence), &row["wilson"], &row);
        same_interval(proportion::exact(k, n, confidence), &row["exact"], &row);
    }
}

#[test]
fn normal_quantiles_and_tails_are_those_of_scipy() {
    for row in reference("normals") {
        if row.get("p").is_some() {
            same(normal::quantile(number(&row, "p")), number(&row, "quantile"), &row);
        } else {
            let (z, theirs) = (number(&row, "z"), number(&row, "two_sided"));
            same(normal::two_sided_p(z), theirs, &row);
            same(normal::upper_tail(z), theirs / 2.0, &row);
            same(normal::upper_tail(-z), 1.0 - theirs / 2.0, &row);
        }
    }
}

#[test]
fn student_quantiles_and_tails_are_those_of_scipy() {
    for row in reference("students") {
        let df = number(&row, "df");
        if row.get("t").is_some() {
            same(student::t_of(number(&row, "confidence"), df), number(&row, "t"), &row);
        } else {
            same(student::two_sided_p(number(&row, "at"), df), number(&row, "two_sided"), &row);
        }
    }
}

#[test]
fn binomial_densities_and_tails_are_exact_up_to_a_hundred_thousand() {
    for row in reference("binomials") {
        let (k, n, p) = (count(&row["k"]), count(&row["n"]), number(&row, "p"));
        same(binomial::density(k, n, p), number(&row, "density"), &row);
        same(binomial::at_most(k, n, p), number(&row, "at_most"), &row);
        if (p - 0.5).abs() < f64::EPSILON {
            same(binomial::fair_at_most(k, n), number(&row, "at_most"), &row);
        }
    }
}

#[test]
fn paired_tables_give_the_exact_and_mid_p_and_both_intervals() {
    for row in reference("fourfolds") {
        let counts = row["table"].as_array().unwrap();
        let table = fourfold([0, 1, 2, 3].map(|idx| count(&counts[idx])));
        same(table.exact_p(), number(&row, "exact_p"), &row);
        same(table.mid_p(), number(&row, "mid_p"), &row);
        same(table.difference(), number(&row, "difference"), &row);
        same(table.wald_error(), number(&row, "wald_error"), &row);
        same_interval(table.wald(0.95), &row["wald"], &row);
        same_interval(table.newcombe(0.95), &row["newcombe"], &row);
    }
}

#[test]
fn mean_differences_have_the_t_interval_of_scipy() {
    for row in reference("means") {
        let ours = paired::mean_difference(&numbers(&row["d"]), 0.95).unwrap();
        same(ours.mean, number(&row, "mean"), &row);
        same(ours.standard_error.unwrap(), number(&row, "error"), &row);
        same_interval(ours.interval.unwrap(), &row["interval"], &row);
    }
}

#[test]
fn sign_flips_are_the_count_over_all_patterns() {
    for row in reference("sign_flips") {
        let ours = paired::sign_flip(&numbers(&row["d"]), number(&row, "unit"));
        assert!(ours.exact);
        same(ours.p, number(&row, "p"), &row);
    }
}

#[test]
fn clustered_errors_are_those_of_statsmodels() {
    for row in reference("clusters") {
        let clusters: Vec<(f64, usize)> = row["clusters"]
            .as_array()
            .unwrap()
            .iter()
            .map(|c| (c[0].as_f64().unwrap(), usize::try_from(count(&c[1])).unwrap()))
            .collect();
        let ours = cluster::clustered_mean(&clusters).unwrap();
        same(ours.mean, number(&row, "mean"), &row);
        same(ours.uncorrected_error, number(&row, "uncorrected"), &row);
        same(ours.standard_error.unwrap(), number(&row, "corrected"), &row);
    }
}

#[test]
fn adjusted_p_values_are_those_of_statsmodels() {
    for row in reference("adjustments") {
        let p = numbers(&row["p"]);
        for (ours, theirs) in multiple::holm(&p).iter().zip(numbers(&row["holm"])) {
            same(*ours, theirs, &row);
        }
        let theirs = numbers(&row["benjamini_hochberg"]);
        for (ours, theirs) in multiple::benjamini_hochberg(&p).iter().zip(theirs) {
            same(*ours, theirs, &row);
        }
    }
}

/// The figures as printed, to the digits printed.
#[test]
fn published_figures_come_out() {
    let printed =
        |ours: f64, theirs: f64| assert!((ours - theirs).abs() < 5.1e-11, "{ours} {theirs}");
    for (k, n, low, high) in [
        (7, 50, 0.069_508_334_3, 0.261_861_937_1),
        (0, 10, 0.0, 0.277_532_799_9),
        (10, 10, 0.722_467_200_1, 1.0),
        (448, 500, 0.866_155_729_1, 0.919_805_793_2),
        (487, 500, 0.956_028_509_2, 0.984_743_616_1),
        (0, 100, 0.0, 0.036_993_498_2),
        (19, 100, 0.125_147_515_1, 0.277_788_453_8),
    ] {
        let ours = proportion::wilson(k, n, 0.95);
        printed(ours.low, low);
        printed(ours.high, high);
    }
    let exact = proportion::exact(7, 50, 0.95);
    printed(exact.low, 0.058_191_700_3);
    printed(exact.high, 0.267_396_002_5);

    let table = fourfold([101, 121, 59, 33]);
    assert!((table.exact_p() - 4.434_449e-6).abs() < 5e-13);
    assert!((table.mid_p() - 3.266_647e-6).abs() < 5e-13);
    let table = fourfold([10, 5, 0, 3]);
    printed(table.exact_p(), 0.0625);
    printed(table.mid_p(), 0.03125);
    let table = fourfold([1004, 118, 56, 95]);
    assert!((table.exact_p() - 2.987_373e-6).abs() < 5e-13);
    assert!((table.difference() - 0.048_703_8).abs() < 5e-8);
    assert!((table.wald_error() - 0.010_271_8).abs() < 5e-8);
    assert!((table.wald(0.95).low - 0.028_57).abs() < 5e-6);
    assert!((table.wald(0.95).high - 0.068_84).abs() < 5e-6);

    let toy = [(2.0, 3), (1.0, 3), (3.0, 3), (2.0, 3)];
    let toy = cluster::clustered_mean(&toy).unwrap();
    assert!((toy.uncorrected_error - 0.117_851_13).abs() < 5e-9);
    assert!((toy.standard_error.unwrap() - 0.136_082_76).abs() < 5e-9);
}

#[test]
fn with_one_answer_per_question_the_sign_flip_is_the_exact_mcnemar_test() {
    let table = fourfold([1004, 118, 56, 95]);
    let mut differences = vec![0.0; 1099];
    differences.extend([1.0; 118]);
    differences.extend([-1.0; 56]);
    let ours = paired::sign_flip(&differences, 1.0);
    assert!(ours.exact);
    same(ours.p, table.exact_p(), &"sign flip");
}

#[test]
fn a_sign_flip_too_large_to_count_says_so_and_stays_close() {
    let mut differences = vec![1.0; 10_200];
    differences.extend(vec![-1.0; 9_800]);
    let ours = paired::sign_flip(&differences, 1.0);
    assert!(!ours.exact);
    let exact = fourfold([0, 10_200, 9_800, 0]).exact_p();
    assert!((ours.p / exact - 1.0).abs() < 0.001, "{} {exact}", ours.p);
}

#[test]
fn nothing_to_compare_is_no_difference() {
    assert_eq!(paired::sign_flip(&[], 1.0).p.to_bits(), 1.0_f64.to_bits());
    assert_eq!(fourfold([0; 4]).exact_p().to_bits(), 1.0_f64.to_bits());
    assert_eq!(fourfold([9, 0, 0, 3]).mid_p().to_bits(), 1.0_f64.to_bits());
    assert!(paired::mean_difference(&[], 0.95).is_none());
    assert!(paired::mean_difference(&[0.5], 0.95).unwrap().interval.is_none());
    assert!(cluster::clustered_mean(&[(0.0, 0)]).is_none());
    assert!(cluster::clustered_mean(&[(1.0, 2)]).unwrap().standard_error.is_none());
    assert!(multiple::holm(&[]).is_empty());
}
