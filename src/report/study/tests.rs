//! Checks of the study's figures against those of the reference, and of a run beside it against values computed by hand.

use super::*;
use crate::dataset::{Criterion, Draw, Filter, Kind, Rubric, Selection};
use crate::provider::{Endpoint, ModelSpec, Protocol, Seat};
use crate::run::fixture::{answered, attempt, journal, push, trial};
use crate::run::{Body, Journal, JudgeAttempt, JudgeResult, JudgementId, PlannedDataset};
use crate::score::{Grade, PanelRule};

fn study() -> Study {
    Study::read(include_str!("../../../www/data/study.json")).unwrap()
}

fn stage<'a>(study: &'a Study, id: &str) -> &'a Stage {
    study.stages.iter().find(|stage| stage.id == id).unwrap()
}

fn figure_of(study: &Study, stage_id: &str, system: &str) -> Figure {
    let figures = study.figures(stage(study, stage_id)).into_iter();
    figures.into_iter().find(|it| Some(it.system) == study.system(system)).unwrap()
}

#[track_caller]
fn near(found: Interval, low: f64, high: f64, within: f64) {
    let is_near = (found.low - low).abs() < within && (found.high - high).abs() < within;
    assert!(is_near, "{found:?}, not {low} to {high}");
}

#[test]
fn every_share_has_the_interval_of_its_counts() {
    let study = study();
    for (system, value, low, high) in [
        ("gemini-3.1-pro", 0.974, 0.956_028_509_2, 0.984_743_616_1),
        ("openevidence", 0.896, 0.866_155_729_1, 0.919_805_793_2),
    ] {
        let figure = figure_of(&study, "medqa", system);
        assert!((figure.value - value).abs() < 1e-12 && figure.basis == Basis::Counts);
        near(figure.interval, low, high, 1e-9);
    }
    near(figure_of(&study, "medqa", "gpt-5.2").interval, 0.918, 0.959, 6e-4);
    near(figure_of(&study, "medqa", "claude-opus-4.6").interval, 0.873, 0.925, 6e-4);
    near(figure_of(&study, "medqa", "uptodate").interval, 0.853, 0.909, 6e-4);
    let refused = figure_of(&study, "refusals", "uptodate");
    near(refused.interval, 0.125_147_515_1, 0.277_788_453_8, 1e-9);
    let some = figure_of(&study, "refusals", "gpt-5.2");
    assert_eq!((some.value, some.at_most), (0.01, Some(0.03)));
    // Wilson's of 1 and of 3 in 100, by statsmodels.
    near(some.interval, 0.001_767_0, 0.084_519_0, 1e-5);
}

#[test]
fn a_score_without_counts_has_the_widest_interval_and_says_so() {
    let study = study();
    let figure = figure_of(&study, "healthbench", "gpt-5.2");
    assert_eq!(figure.basis, Basis::Widest);
    let share = wilson(440, 500, CONFIDENCE);
    near(figure.interval, 100.0 * share.low, 100.0 * share.high, 1e-9);
    // 3.62 lies 0.8733 of the way from 1 to 4.
    let rating = figure_of(&study, "queries", "gemini-3.1-pro");
    let share = wilson_at(2.62 / 3.0, 100.0, CONFIDENCE);
    near(rating.interval, 1.0 + 3.0 * share.low, 1.0 + 3.0 * share.high, 1e-12);
    assert!(rating.interval.low < 3.62 && 3.62 < rating.interval.high);
}

#[test]
fn claude_is_not_told_from_the_clinical_tools_and_gemini_is() {
    let study = study();
    let contrasts = study.contrasts(stage(&study, "medqa"));
    assert_eq!(contrasts.len(), 6);
    let of = |general: &str, clinical: &str| {
        let is = |figure: &Figure, id: &str| Some(figure.system) == study.system(id);
        let mut found = contrasts.iter().filter(|(a, b, _)| is(a, general) && is(b, clinical));
        found.next().unwrap().2
    };
    assert!(of("claude-opus-4.6", "openevidence").includes_none());
    assert!(of("claude-opus-4.6", "uptodate").includes_none());
    assert!(!of("gemini-3.1-pro", "openevidence").includes_none());
    assert!((of("gpt-5.2", "uptodate").value - 0.058).abs() < 1e-12);
}

#[test]
fn the_sets_are_those_of_the_file() {
    let study = study();
    let named: Vec<&str> =
        study.stages.iter().filter_map(|stage| stage.dataset.as_deref()).collect();
    assert_eq!(named, SETS);
}

#[test]
fn what_does_not_fit_together_is_refused() {
    let text = include_str!("../../../www/data/study.json");
    for (from, to) in [
        ("\"right\": 487", "\"right\": 501"),
        ("\"right\": 487", "\"value\": 1.2"),
        ("\"value\": 88.0", "\"value\": 880.0"),
        ("\"sources\": [\"paper\", \"relabelling\"]", "\"sources\": [\"hearsay\"]"),
        ("\"system\": \"uptodate\", \"right\": 442", "\"system\": \"nobody\", \"right\": 442"),
        ("https://github.com/openai/simple-evals", "javascript:alert(1)"),
    ] {
        assert!(text.contains(from), "{from}");
        let read = Study::read(&text.replace(from, to));
        assert!(matches!(read, Err(StudyError::Unsound(_))), "{from} {to}: {read:?}");
    }
    assert!(matches!(Study::read("{"), Err(StudyError::Unreadable(_))));
    let later = Study::read(&text.replace(STUDY_SCHEMA, "viva-study/9"));
    assert!(matches!(later, Err(StudyError::Unreadable(_))));
}

#[test]
fn the_set_up_is_that_of_the_study() {
    let study = study();
    let of_medqa = selection(&study.method, stage(&study, "medqa"), 500);
    assert_eq!(
        (of_medqa.n, of_medqa.draw, of_medqa.seed, of_medqa.filter),
        (Some(500), Draw::Python, 62, Filter::default())
    );
    let of_conversations = selection(&study.method, stage(&study, "healthbench"), 20);
    assert_eq!((of_conversations.n, of_conversations.filter.max_turns), (Some(20), Some(1)));
    let system = |id: &str| &study.systems[study.system(id).unwrap()];
    let claude = model(&study.method, system("claude-opus-4.6"), " claude-opus-4-6 ").unwrap();
    assert_eq!((claude.name.as_str(), claude.class), ("Claude Opus 4.6", Class::GeneralPurpose));
    let endpoint = claude.seat.endpoint().unwrap();
    assert_eq!(
        (endpoint.protocol, endpoint.settings.temperature),
        (Protocol::Anthropic, Some(0.0))
    );
    let later = model(&study.method, system("gpt-5.2"), "gpt-5.6").unwrap();
    assert_eq!(later.name, "gpt-5.6");
    assert_eq!(model(&study.method, system("openevidence"), "x"), None);
    let pasted = ["openevidence", "uptodate", "google-overview"].map(|id| by_hand(system(id)));
    assert_eq!(
        pasted.map(|spec| (spec.class, spec.seat)),
        [Class::Clinical, Class::Clinical, Class::GeneralPurpose].map(|class| (class, Seat::Paste))
    );
    let panel = judging(vec![claude]);
    assert_eq!(panel.panel, PanelRule::MajorityEvenIsNotMet);
    assert_eq!(panel.judges[0].name, "Claude Opus 4.6 (judge)");
}

fn api(id: &str) -> ModelSpec {
    let endpoint = Endpoint::new(Protocol::OpenAiChat, "https://api.example.org/v1", id);
    ModelSpec::new(id, Class::GeneralPurpose, Seat::Api(endpoint))
}

fn part(id: &str, n: usize, selection: Option<Selection>) -> PlannedDataset {
    PlannedDataset {
        id: id.into(),
        title: id.into(),
        version: String::new(),
        licence: String::new(),
        fingerprint: String::new(),
        n_available: 1_273,
        n_sampled: n,
        seed: Some(62),
        selection,
        variants: vec![],
        do_not_show: false,
    }
}

/// Four questions of `MedQA` and two conversations; GPT-5.2 has 3 of 4 right, another model of Google all, and nobody knows
/// the third. One judge finds 10 of 10 and −6 of 30 points in the answers of the first.
fn run() -> Journal {
    let mut run = journal(
        "r",
        &[
            ("GPT", Class::GeneralPurpose, &["ccci--"]),
            ("G", Class::GeneralPurpose, &["cccc--"]),
            ("OpenEvidence", Class::Clinical, &["------"]),
            ("Longest option", Class::Baseline, &["cccc--"]),
        ],
    );
    run.plan.datasets = vec![part("medqa-4", 4, None), part("healthbench", 2, None)];
    run.plan.models[0] = api("openai/gpt-5.2");
    run.plan.models[1] = api("gemini-3.8-flash");
    run.plan.models[2].seat = Seat::Paste;
    let criterion = |points| Criterion { text: String::new(), points, tags: vec![] };
    for (idx, criteria) in
        [vec![criterion(10)], vec![criterion(30), criterion(-6)]].into_iter().enumerate()
    {
        run.plan.items[4 + idx].kind = Kind::Rubric(Rubric { criteria });
        push(&mut run, attempt(trial(0, 4 + idx, 0), 1, answered("Drink.")));
    }
    run.plan.judging = Some(judging(vec![api("claude-opus-4.6")]));
    for (item, criterion, grade) in [(4, 0, Grade::Met), (5, 0, Grade::NotMet), (5, 1, Grade::Met)]
    {
        let judgement = JudgementId {
            judge: 0,
            trial: trial(0, item, 0),
            criterion: Some(criterion),
            repeat: 0,
        };
        let completion = crate::provider::Completion::default();
        let result = JudgeResult::Judged { completion, grades: vec![Some(grade)] };
        push(
            &mut run,
            Body::Judgement(JudgeAttempt {
                judgement,
                n: 1,
                took_millis: 1,
                result,
                cost: None,
                reused: None,
            }),
        );
    }
    run
}

#[test]
fn a_run_stands_beside_the_figures_of_its_models() {
    let study = study();
    let run = run();
    assert!(is_about(&run.plan));
    let stages = beside(&study, &run);
    let ids: Vec<&str> = stages.iter().map(|it| study.stages[it.stage].id.as_str()).collect();
    assert_eq!(ids, ["medqa", "healthbench"]);
    let medqa = &stages[0];
    let names: Vec<&str> = medqa.rows.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(names, ["gemini-3.8-flash", "openai/gpt-5.2", "OpenEvidence"]);
    let gpt = &medqa.rows[1];
    let ours = gpt.ours.unwrap();
    assert_eq!((ours.value, ours.n_items), (0.75, 4));
    let expected = wilson(3, 4, CONFIDENCE);
    near(ours.interval, expected.low, expected.high, 1e-12);
    let difference = gpt.difference.unwrap();
    assert!((difference.value - (0.75 - 0.942)).abs() < 1e-12);
    assert_eq!(gpt.verdict, Some(Verdict::Agree));
    let told = gpt.statement(Scale::Share);
    assert!(
        told.starts_with("They agree within what chance allows: the difference is −19.2"),
        "{told}"
    );
    assert!(medqa.rows[0].warnings[0].contains("Another model"), "{:?}", medqa.rows[0].warnings);
    assert_eq!((medqa.rows[2].ours, medqa.rows[2].verdict), (None, None));
    assert_eq!(medqa.rows[2].statement(Scale::Share), "No figure yet.");
    assert!(medqa.warnings[0].starts_with("Other items: 500 in the study, 4 in this run"));
}

#[test]
fn scores_stand_by_the_pooled_rule_with_openais_beside_it() {
    let study = study();
    let stages = beside(&study, &run());
    let row = stages[1].rows.iter().find(|row| row.name == "openai/gpt-5.2").unwrap();
    // 4 of 40 points, and the mean of 1 and −0.2.
    assert!((row.ours.unwrap().value - 10.0).abs() < 1e-12);
    assert!((row.by_openai_rule.unwrap().value - 40.0).abs() < 1e-12);
    let warnings = stages[1].warnings.join("\n");
    assert!(warnings.contains("Other judges: Claude Opus 4.6, Gemini 3.1 Pro Preview, GPT-5.2 in the study, claude-opus-4.6 (judge) in this run."), "{warnings}");
    assert!(!warnings.contains("Another rule") && warnings.contains("the verdict is missing"));
    let mut other = run();
    other.plan.judging.as_mut().unwrap().panel = PanelRule::Mean;
    let warnings = beside(&study, &other)[1].warnings.join("\n");
    assert!(warnings.contains("Another rule for several judges"), "{warnings}");
    other.plan.judging = None;
    let without = &beside(&study, &other)[1];
    assert!(without.rows.iter().all(|row| row.ours.is_none()));
    assert!(without.warnings.iter().any(|it| it.contains("Nobody judged")));
}

#[test]
fn whether_the_items_were_drawn_alike_is_told() {
    let study = study();
    let mut run = run();
    run.plan.datasets.remove(1);
    let mut told = |n: usize, selection: Option<Selection>| {
        run.plan.datasets[0] = part("medqa-4", n, selection);
        beside(&study, &run)[0].warnings[0].clone()
    };
    let alike = selection(&study.method, stage(&study, "medqa"), 500);
    assert!(told(500, Some(alike.clone())).starts_with("The items were drawn as"));
    assert!(told(500, Some(Selection { seed: 1, ..alike.clone() })).contains("in another way"));
    assert!(told(500, None).contains("in another way"));
    assert!(told(20, Some(alike)).contains("500 in the study, 20 in this run"));
    run.plan.datasets[0] = part("core", 6, None);
    assert!(beside(&study, &run).is_empty() && !is_about(&run.plan));
}

#[test]
fn the_verdict_goes_by_the_interval_of_the_difference() {
    let of = |value, low, high| Difference { value, interval: Interval { low, high } };
    assert_eq!(verdict_of(&of(0.1, -0.1, 0.3)), Verdict::Agree);
    assert_eq!(verdict_of(&of(0.1, 0.0, 0.2)), Verdict::Agree);
    assert_eq!(verdict_of(&of(0.1, 0.01, 0.2)), Verdict::Higher);
    assert_eq!(verdict_of(&of(-0.1, -0.2, -0.01)), Verdict::Lower);
}
