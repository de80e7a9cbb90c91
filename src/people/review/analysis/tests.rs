//! Owns the tests of a review's figures, from made ratings to sentences.

use serde_json::Value;

use super::*;
use crate::people::review::conclusion::{Topic, conclude};
use crate::people::review::export;
use crate::people::review::file::{Preference, Rating, Unblinding, to_text};
use crate::people::review::merge::{ConflictRule, merge};
use crate::people::review::setup::{Setup, prepare, tests::setup};

fn unblind(key: &mut KeyFile) {
    key.unblinded.push(Unblinding { at_millis: 1, by: "A. Tester".into(), files: vec![] });
}

/// Every task rated by a rule of question, model and reviewer.
fn by_rule(key: &KeyFile, rule: impl Fn(usize, usize, usize) -> Rating) -> Vec<(String, String)> {
    (0..key.reviewers.len())
        .map(|reviewer| {
            let file = key.file_for(reviewer).unwrap();
            let mut ratings = file.blank();
            for (task, indices) in file.tasks.iter().zip(&key.reviewers[reviewer].tasks) {
                let answer = &key.answers[indices[0]];
                let rating = rule(answer.question, answer.model, reviewer);
                ratings.put(Rating { answers: task.clone(), ..rating });
            }
            (format!("{reviewer}.json"), to_text(&ratings))
        })
        .collect()
}

fn reference() -> Value {
    serde_json::from_str(include_str!("../../../../tests/data/review_reference.json")).unwrap()
}

/// The ratings of the reference.
fn of_reference(key: &KeyFile, reference: &Value) -> Vec<(String, String)> {
    by_rule(key, |question, model, reviewer| {
        let scores = key.scale.dimensions.iter().map(|of| {
            let score = &reference["review"]["ratings"][&of.id][question][model][reviewer];
            (of.id.clone(), u8::try_from(score.as_u64().unwrap()).unwrap())
        });
        let scores = scores.collect();
        let flags = key.scale.flags.iter().map(|flag| (flag.id.clone(), false)).collect();
        Rating { scores, flags, ..Rating::default() }
    })
}

#[test]
fn the_assignment_is_that_of_the_reference() {
    let key = prepare(&setup()).unwrap();
    let mut assigned: Vec<[usize; 3]> = vec![];
    for (reviewer, of) in key.reviewers.iter().enumerate() {
        let answers = of.tasks.iter().map(|task| &key.answers[task[0]]);
        assigned.extend(answers.map(|answer| [answer.question, answer.model, reviewer]));
    }
    assigned.sort_unstable();
    let ours = serde_json::json!({ "seed": key.seed, "assigned": assigned });
    let stored: Value =
        serde_json::from_str(include_str!("../../../../tests/data/review_assigned.json")).unwrap();
    assert_eq!(ours, stored, "{ours}");
}

#[test]
fn before_unblinding_there_are_codes_only() {
    let mut key = prepare(&setup()).unwrap();
    let files = of_reference(&key, &reference());
    let merged = merge(&key, &files, ConflictRule::SetAside);
    assert_eq!(analyse(&key, &merged), Err(StillBlind));
    let blind = blind(&key, &merged);
    assert_eq!((blind.answers.len(), blind.n_ratings), (20, 60));
    assert!(blind.answers.iter().all(|answer| answer.n_ratings == 3));
    let told = format!("{blind:?}{}", export::ratings_csv(&key, &merged));
    assert!(key.models.iter().all(|model| !told.contains(model.as_str())), "{told}");
    unblind(&mut key);
    assert!(analyse(&key, &merged).is_ok());
    assert!(export::ratings_csv(&key, &merged).contains("Claude Opus 4.6"));
}

#[test]
fn the_ordinal_models_estimates_are_those_of_statsmodels() {
    let reference = reference();
    let mut key = prepare(&setup()).unwrap();
    unblind(&mut key);
    let merged = merge(&key, &of_reference(&key, &reference), ConflictRule::SetAside);
    let analysis = analyse(&key, &merged).unwrap();
    assert_eq!((analysis.n_ratings, analysis.n_missing, analysis.n_reviewers), (60, 0, 6));
    for dimension in &analysis.dimensions {
        let ordinal = dimension.ordinal.as_ref().unwrap();
        let fit = &reference["review"]["fits"][&dimension.id];
        for (idx, effect) in ordinal.effects.iter().flatten().skip(1).enumerate() {
            assert!((effect.log_odds - fit["effects"][idx].as_f64().unwrap()).abs() < 1e-4);
            assert!((effect.error - fit["errors"][idx].as_f64().unwrap()).abs() < 1e-4);
        }
        assert!(ordinal.left_out.is_empty(), "{:?}", ordinal.left_out);
        let (_, df, p) = ordinal.all_alike.unwrap();
        assert!(df == 3 && (0.0..=1.0).contains(&p));
        assert!(dimension.concordance.is_some() && dimension.alpha.is_some());
        for mean in dimension.means.iter().flatten() {
            let interval = mean.interval.unwrap();
            assert!(1.0 <= interval.low && interval.low <= mean.mean && interval.high <= 4.0);
            assert_eq!((mean.n_ratings, mean.n_answers), (15, 5));
        }
    }
    let said = conclude(&key, &analysis);
    assert!(said.iter().any(|sentence| sentence.topic == Topic::Best));
    assert!(said.iter().any(|sentence| sentence.topic == Topic::Few));
    assert_eq!(said.last().unwrap().topic, Topic::Limits);
    let json: Value =
        serde_json::from_str(&export::analysis_json(&key, &merged, &analysis)).unwrap();
    assert_eq!(json["dimensions"].as_array().unwrap().len(), 4);
    assert_eq!(export::figures_csv(&analysis).lines().count(), 1 + 4 * 4);
}

#[test]
fn refusals_stand_apart_and_flags_have_shares() {
    let mut wanted = setup();
    wanted.answers[3].is_refusal = true;
    let mut key = prepare(&wanted).unwrap();
    unblind(&mut key);
    // The last model's answers decline in the reviewers' eyes; one reviewer cannot judge.
    let files = by_rule(&key, |question, model, reviewer| {
        let flag = |id: &str, is: bool| (id.to_owned(), is);
        let scores = key.scale.dimensions.iter().map(|of| (of.id.clone(), 4)).collect();
        Rating {
            scores,
            flags: [
                flag("refusal", model == 3),
                flag("harm", question == 0 && model == 0),
                flag("hallucination", false),
            ]
            .into(),
            cannot_judge: reviewer == 5 && model == 1,
            ..Rating::default()
        }
    });
    let merged = merge(&key, &files, ConflictRule::SetAside);
    let analysis = analyse(&key, &merged).unwrap();
    let refusals = analysis.refusals[3].unwrap();
    assert_eq!((refusals.n_yes, refusals.n), (5, 5));
    assert_eq!(analysis.refusals[0].unwrap().n_yes, 0);
    assert!(analysis.dimensions.iter().all(|of| of.means[3].is_none()));
    assert!(analysis.dimensions.iter().all(|of| of.ordinal.is_err()));
    let harm = analysis.flags[0].shares[0].unwrap();
    assert_eq!((harm.n_yes, harm.n, harm.n_answers), (3, 15, 5));
    assert!(0 < analysis.n_cannot_judge);
    assert!(conclude(&key, &analysis).iter().any(|one| one.topic == Topic::Refusals));
}

#[test]
fn pairs_give_strengths() {
    let mut key = prepare(&Setup { mode: Mode::Pairs, ..setup() }).unwrap();
    unblind(&mut key);
    let mut files = vec![];
    for reviewer in 0..key.reviewers.len() {
        let file = key.file_for(reviewer).unwrap();
        let mut ratings = file.blank();
        for (n, (task, of)) in file.tasks.iter().zip(&key.reviewers[reviewer].tasks).enumerate() {
            let [left, right] = [of[0], of[1]].map(|idx| key.answers[idx].model);
            let preferred = match n % 5 {
                0 => Preference::Neither,
                1 if left < right => Preference::Left,
                1 => Preference::Right,
                _ if left < right => Preference::Right,
                _ => Preference::Left,
            };
            let preferred = Some(preferred);
            ratings.put(Rating { answers: task.clone(), preferred, ..Rating::default() });
        }
        files.push((format!("{reviewer}.json"), to_text(&ratings)));
    }
    let merged = merge(&key, &files, ConflictRule::SetAside);
    assert_eq!(merged.set_aside, []);
    let analysis = analyse(&key, &merged).unwrap();
    let preferences = analysis.preferences.as_ref().unwrap().as_ref().unwrap();
    assert!(preferences.standings.is_sorted_by(|a, b| a.strength < b.strength));
    assert_eq!(preferences.n_decided + preferences.n_ties, 90);
    assert_eq!(preferences.chances.len(), 6);
    assert!(conclude(&key, &analysis).iter().any(|one| one.topic == Topic::Preferred));
    assert!(export::figures_csv(&analysis).contains("strength"));
}
