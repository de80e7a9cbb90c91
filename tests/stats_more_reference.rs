//! Checks repeats, bootstraps, calibration, planning and the comparison of groups against scipy, statsmodels, scikit-learn
//! and direct counts (see `data/stats_more_reference.py`), and against published values.

// A test may panic.
#![allow(clippy::unwrap_used)]

use serde_json::Value;
use viva::stats::bootstrap::{self, Resampling};
use viva::stats::calibration::{self, Stated};
use viva::stats::power::{self, Aim};
use viva::stats::{Interval, chi_square, crossed, repeats};

const RELATIVE: f64 = 1e-9;

fn reference(part: &str) -> Vec<Value> {
    let all: Value = serde_json::from_str(include_str!("data/stats_more_reference.json")).unwrap();
    let rows = all[part].as_array().unwrap().clone();
    assert!(!rows.is_empty());
    rows
}

fn number(row: &Value, name: &str) -> f64 {
    row[name].as_f64().unwrap_or_else(|| panic!("no {name} in {row}"))
}

fn count(row: &Value, name: &str) -> u64 {
    row[name].as_u64().unwrap_or_else(|| panic!("no {name} in {row}"))
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect()
}

fn matrix(value: &Value) -> Vec<Vec<f64>> {
    value.as_array().unwrap().iter().map(numbers).collect()
}

#[track_caller]
fn same(ours: f64, theirs: f64, what: &str) {
    let gap = (ours - theirs).abs();
    assert!(gap <= RELATIVE * theirs.abs() || gap < 1e-14, "{what}: {ours:e} is not {theirs:e}");
}

#[track_caller]
fn same_interval(ours: Interval, theirs: &Value, what: &str) {
    let ends = numbers(theirs);
    same(ours.low, ends[0], what);
    same(ours.high, ends[1], what);
}

/// Within so large a part of the number.
#[track_caller]
fn close(ours: f64, theirs: f64, part: f64) {
    assert!((ours / theirs - 1.0).abs() < part, "{ours} is far from {theirs}");
}

#[test]
fn chi_square_tails_and_tests_are_those_of_scipy() {
    for row in reference("chi_squares") {
        let found = if row.get("tail").is_some() {
            let tail = chi_square::upper_tail(number(&row, "x"), number(&row, "df"));
            same(tail, number(&row, "tail"), &row.to_string());
            continue;
        } else if let Some(counts) = row["counts"].as_array() {
            let counts: Vec<u64> = counts.iter().map(|n| n.as_u64().unwrap()).collect();
            chi_square::uniform(&counts).unwrap()
        } else {
            let groups: Vec<(u64, u64)> = row["groups"]
                .as_array()
                .unwrap()
                .iter()
                .map(|group| (group[0].as_u64().unwrap(), group[1].as_u64().unwrap()))
                .collect();
            chi_square::same_share(&groups).unwrap()
        };
        same(found.statistic, number(&row, "statistic"), &row.to_string());
        same(found.p, number(&row, "p"), &row.to_string());
    }
    assert!(chi_square::uniform(&[5]).is_none());
    assert!(chi_square::same_share(&[(5, 5), (3, 3)]).is_none());
}

#[test]
fn draws_of_k_tries_are_those_of_counting_every_draw() {
    for row in reference("repeats") {
        let what = row.to_string();
        let k = count(&row, "k");
        if row.get("scores").is_some() {
            let scores = numbers(&row["scores"]);
            let k = usize::try_from(k).unwrap();
            same(repeats::worst_of(&scores, k).unwrap(), number(&row, "worst"), &what);
            same(repeats::best_of(&scores, k).unwrap(), number(&row, "best"), &what);
        } else {
            let (right, n) = (count(&row, "right"), count(&row, "n"));
            same(repeats::all_right(right, n, k).unwrap(), number(&row, "all"), &what);
            same(repeats::any_right(right, n, k).unwrap(), number(&row, "any"), &what);
        }
    }
}

#[test]
fn the_parts_of_the_variance_are_those_of_statsmodels() {
    for row in reference("variance_parts") {
        let ours = repeats::variance_parts(&matrix(&row["items"])).unwrap();
        same(ours.within, number(&row, "within"), "within");
        same(ours.between, number(&row, "between"), "between");
    }
}

#[test]
fn bootstraps_are_numpys_on_the_same_draws_and_scipys_within_their_error() {
    for row in reference("bootstraps") {
        let clusters: Vec<(f64, f64)> =
            matrix(&row["clusters"]).iter().map(|cluster| (cluster[0], cluster[1])).collect();
        let n_resamples = usize::try_from(count(&row, "n_resamples")).unwrap();
        let how = Resampling { n_resamples, seed: count(&row, "seed"), confidence: 0.95 };
        let ours = bootstrap::of_clusters(&clusters, how).unwrap();
        same(ours.estimate, number(&row, "estimate"), "estimate");
        same(ours.standard_error, number(&row, "error"), "error");
        same_interval(ours.percentile, &row["percentile"], "percentile");
        let bca = ours.bca.unwrap();
        same_interval(bca, &row["bca"], "BCa");
        // 1/√(2 · 2,000) is 1.6 % of the error; an end of the interval is some 4 % of its width.
        close(ours.standard_error, number(&row, "scipy_error"), 0.06);
        let theirs = numbers(&row["scipy_bca"]);
        let width = theirs[1] - theirs[0];
        assert!((bca.low - theirs[0]).abs() < 0.06 * width, "{bca:?} {theirs:?}");
        assert!((bca.high - theirs[1]).abs() < 0.06 * width, "{bca:?} {theirs:?}");
    }
}

#[test]
fn groups_of_models_are_compared_as_by_analysis_of_variance() {
    for row in reference("crossed") {
        let (first, second) = (matrix(&row["first"]), matrix(&row["second"]));
        let ours = crossed::crossed_difference(&first, &second, 0.95).unwrap();
        same(ours.difference, number(&row, "difference"), "difference");
        same(ours.standard_error, number(&row, "error"), "error");
        same(ours.df, number(&row, "df"), "df");
        same_interval(ours.interval, &row["interval"], "interval");
        same(ours.p, number(&row, "p"), "p");
        same(ours.of_items, number(&row, "of_items"), "of items");
        same(ours.of_models, number(&row, "of_models"), "of models");
        let how = Resampling { n_resamples: 4_000, seed: 62, confidence: 0.95 };
        let (error, interval) = crossed::crossed_bootstrap(&first, &second, how).unwrap();
        close(error, number(&row, "bootstrap_error"), 0.05);
        assert!(interval.low < ours.difference && ours.difference < interval.high);
    }
    // One model says nothing of others.
    let (one, two) = (vec![vec![1.0, 0.0]], vec![vec![1.0, 0.0], vec![0.0, 1.0]]);
    assert!(crossed::crossed_difference(&one, &two, 0.95).is_none());
}

#[test]
fn calibration_is_that_of_scikit_learn_and_of_the_formulas() {
    for row in reference("calibrations") {
        let stated: Vec<Stated> = row["stated"]
            .as_array()
            .unwrap()
            .iter()
            .map(|pair| (pair[0].as_f64().unwrap(), pair[1].as_bool().unwrap()))
            .collect();
        let ours = calibration::calibration(&stated, 10, 0.95).unwrap();
        same(ours.brier, number(&row, "brier"), "brier");
        same(ours.parts.reliability, number(&row, "reliability"), "reliability");
        same(ours.parts.resolution, number(&row, "resolution"), "resolution");
        same(ours.parts.uncertainty, number(&row, "uncertainty"), "uncertainty");
        let parts = ours.parts;
        same(parts.reliability - parts.resolution + parts.uncertainty, ours.brier, "the sum");
        same(ours.ece, number(&row, "ece"), "ece");
        same(ours.max_gap, number(&row, "max_gap"), "largest gap");
        same(ours.discrimination.unwrap(), number(&row, "auc"), "auc");
        let area = calibration::area_under_risk(&stated).unwrap();
        same(area, number(&row, "area_under_risk"), "area under risk");
        let kept = calibration::selective(&stated);
        let theirs = matrix(&row["kept"]);
        assert_eq!(kept.len(), theirs.len());
        for (kept, theirs) in kept.iter().zip(theirs) {
            same(kept.threshold, theirs[0], "threshold");
            same(kept.coverage, theirs[1], "coverage");
            same(kept.accuracy, theirs[2], "accuracy");
        }
    }
    assert!(calibration::calibration(&[], 10, 0.95).is_none());
    assert!(calibration::area_under_risk(&[]).is_none());
    let certain = calibration::calibration(&[(0.0, false), (1.0, true)], 10, 0.95).unwrap();
    assert_eq!((certain.bins.len(), certain.bins[0].n), (2, 1));
}

#[test]
fn plans_are_those_of_the_formulas_and_their_power_comes_true() {
    for row in reference("plans") {
        let what = row.to_string();
        let difference = number(&row, "difference");
        if row.get("discordant").is_some() {
            let discordant = number(&row, "discordant");
            let n = power::questions_for_mcnemar(discordant, difference, Aim::USUAL);
            same(n, number(&row, "n_mcnemar"), &what);
            let at_300 = power::power_of_mcnemar(discordant, difference, 300.0, 0.05);
            same(at_300, number(&row, "power_at_300"), &what);
            let simulated = number(&row, "simulated_power");
            assert!((simulated - 0.8).abs() < 0.03, "{simulated}");
            let achieved = power::power_of_mcnemar(discordant, difference, n, 0.05);
            same(achieved, 0.8, &what);
        } else {
            let aim =
                Aim { significance: number(&row, "significance"), power: number(&row, "power") };
            let deviation = number(&row, "deviation");
            same(power::questions_needed(deviation, difference, aim), number(&row, "n"), &what);
            let found = power::detectable_difference(deviation, 500.0, aim);
            same(found, number(&row, "detectable_at_500"), &what);
        }
    }
}

/// The figures as printed, to the digits printed.
#[test]
fn published_figures_come_out() {
    let printed = |ours: f64, theirs: &str| {
        let digits = theirs.split('.').nth(1).map_or(0, str::len);
        assert_eq!(format!("{ours:.digits$}"), theirs);
    };
    // Miller 2024: ω² = 1/9, difference 0.03.
    let deviation = power::deviation_of(1.0 / 9.0, [(0.0, 1.0), (0.0, 1.0)]);
    printed(power::questions_needed(deviation, 0.03, Aim::USUAL), "968.997");
    printed(power::questions_needed(0.35, 0.02, Aim::USUAL), "2403.7");
    printed(power::design_effect(8.0, 0.25), "2.75");
    // GPT-4o against Claude 3.5 Sonnet on MedQA: 118 and 56 of 1,273.
    let deviation = power::deviation_of_discordance(174.0 / 1273.0, 62.0 / 1273.0);
    for (n, theirs) in [(100.0, "10.3"), (200.0, "7.3"), (500.0, "4.6"), (1273.0, "2.9")] {
        printed(100.0 * power::detectable_difference(deviation, n, Aim::USUAL), theirs);
    }
    // Two repeats take a third off the variance, four a half, where σ² is half of the whole as in Miller's setting.
    let squared = |k| power::deviation_of(1.0, [(1.0, k), (1.0, k)]).powi(2);
    printed(squared(2.0) / squared(1.0), "0.6667");
    printed(squared(4.0) / squared(1.0), "0.5");

    let p = [0.1, 0.9, 0.8, 0.3];
    let stated: Vec<Stated> = p.iter().copied().zip([false, true, true, false]).collect();
    printed(calibration::calibration(&stated, 10, 0.95).unwrap().brier, "0.0375");
    let p = [0.95, 0.9, 0.9, 0.8, 0.7, 0.6, 0.55, 0.3];
    let right = [true, true, false, true, true, false, true, false];
    let stated: Vec<Stated> = p.into_iter().zip(right).collect();
    let found = calibration::calibration(&stated, 10, 0.95).unwrap();
    printed(found.brier, "0.200625");
    printed(found.ece, "0.325");
    printed(chi_square::upper_tail(6.533_333, 2.0), "0.0381333");
}
