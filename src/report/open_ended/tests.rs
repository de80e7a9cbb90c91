//! Checks of the figures of open answers against scores computed by hand.

use super::*;
use crate::dataset::Rubric;
use crate::provider::{Endpoint, ModelSpec, Protocol, Seat};
use crate::run::fixture::{answered, attempt, failure, journal, push, trial};
use crate::run::{
    AttemptResult, Body, Journal, JudgeAttempt, JudgeResult, JudgementId, Judging, Overruling,
    Ruling,
};
use crate::score::{Grade, NoVerdict};

fn criterion(points: i32, tags: &[&str]) -> Criterion {
    let tags = tags.iter().map(|tag| (*tag).to_owned()).collect();
    Criterion { text: format!("Worth {points}"), points, tags }
}

fn api(id: &str) -> ModelSpec {
    let endpoint = Endpoint::new(Protocol::OpenAiChat, "https://api.example.org/v1", id);
    ModelSpec::new(id, Class::GeneralPurpose, Seat::Api(endpoint))
}

/// Two models and two judges over two rubrics: 10 points, and 30 with 6 to lose.
fn run() -> Journal {
    let mut run =
        journal("r", &[("a", Class::GeneralPurpose, &["--"]), ("b", Class::Clinical, &["--"])]);
    let rubrics = [
        vec![criterion(10, &["axis:accuracy"])],
        vec![criterion(30, &["axis:accuracy"]), criterion(-6, &["axis:hedging"])],
    ];
    for (item, criteria) in run.plan.items.iter_mut().zip(rubrics) {
        item.kind = Kind::Rubric(Rubric { criteria });
        item.tags = vec![format!("theme:{}", item.id)];
    }
    run.plan.judging = Some(Judging::by(vec![api("j"), api("k")]));
    for model in 0..2 {
        for item in 0..2 {
            push(&mut run, attempt(trial(model, item, 0), 1, answered("Drink.")));
        }
    }
    run
}

fn judged(judge: u16, model: usize, item: usize, criterion: u16, grade: Option<Grade>) -> Body {
    let judgement =
        JudgementId { judge, trial: trial(model, item, 0), criterion: Some(criterion), repeat: 0 };
    let completion = crate::provider::Completion::default();
    let result = match grade {
        Some(grade) => JudgeResult::Judged { completion, grades: vec![Some(grade)] },
        None => JudgeResult::Unreadable { completion, why: NoVerdict::Nothing, is_last: true },
    };
    Body::Judgement(JudgeAttempt {
        judgement,
        n: 1,
        took_millis: 5,
        result,
        cost: None,
        reused: None,
    })
}

/// Verdicts of both judges: `t` met, `f` not met, `x` failed; by item and criterion.
fn judge_all(run: &mut Journal, model: usize, votes: [[&str; 3]; 2]) {
    let places = [(0, 0), (1, 0), (1, 1)];
    for (judge, votes) in (0..).zip(votes) {
        for ((item, criterion), vote) in places.into_iter().zip(votes) {
            let grade = match vote {
                "t" => Some(Grade::Met),
                "f" => Some(Grade::NotMet),
                _ => None,
            };
            push(run, judged(judge, model, item, criterion, grade));
        }
    }
}

const PANEL: By = By::Panel(PanelRule::Majority);

fn board(run: &Journal, by: By) -> Vec<OpenStanding> {
    open_leaderboard(&run.plan, &Gradebook::of(run), by, Rule::HealthBench)
}

fn values(standing: &OpenStanding) -> Vec<f64> {
    Rule::ALL.iter().filter_map(|rule| Some(standing.score(*rule)?.value)).collect()
}

#[track_caller]
fn near(ours: &[f64], expected: &[f64]) {
    assert_eq!(ours.len(), expected.len(), "{ours:?}");
    let is_near = ours.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-12);
    assert!(is_near, "{ours:?} is not {expected:?}");
}

#[test]
fn every_rule_gives_the_score_computed_by_hand() {
    let mut run = run();
    // The reference's vector: 10 of 10, and -6 of 30.
    judge_all(&mut run, 0, [["t", "f", "t"]; 2]);
    judge_all(&mut run, 1, [["f", "t", "f"]; 2]);
    let board = board(&run, PANEL);
    assert_eq!(board.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(), ["b", "a"]);
    near(&values(&board[1]), &[0.4, 0.1, 0.5]);
    near(&values(&board[0]), &[0.5, 0.75, 0.5]);
    let a = &board[1];
    assert_eq!((a.n_trials, a.n_gradable, a.n_fully_judged, a.n_criteria), (2, 2, 2, 3));
    assert!((a.coverage() - 1.0).abs() < 1e-15 && a.mean_chars == Some(6.0));
    let score = a.score(Rule::HealthBench).unwrap();
    assert_eq!((score.n_answers, score.n_items), (2, 2));
    // Resamples of two items give 1, 0.4 and a cut 0.
    near(&[score.interval.low, score.interval.high], &[0.0, 1.0]);
    assert!((score.deviation - 0.36).abs() < 0.03, "{}", score.deviation);
    let adjusted = 0.4 - 0.0147 * (6.0 - 2_000.0) / 500.0;
    near(&[a.length_adjusted.unwrap()], &[adjusted]);
}

#[test]
fn tags_have_the_scores_of_their_items_or_their_criteria() {
    let mut run = run();
    judge_all(&mut run, 0, [["t", "f", "t"]; 2]);
    let book = Gradebook::of(&run);
    let value = |scores: &TagScores| scores.scores[0].map(|score| score.value);
    let themes = by_item_tag(&run.plan, &book, PANEL, Rule::ClippedEach, "theme:");
    let told: Vec<_> = themes.iter().map(|it| (it.tag.as_str(), it.n_items, value(it))).collect();
    assert_eq!(told, [("theme:q0", 1, Some(1.0)), ("theme:q1", 1, Some(0.0))]);
    let axes = by_criterion_tag(&run.plan, &book, PANEL, Rule::HealthBench, "axis:");
    // Nothing can be earned by hedging.
    let told: Vec<_> = axes.iter().map(|it| (it.tag.as_str(), it.n_items, value(it))).collect();
    assert_eq!(told, [("axis:accuracy", 2, Some(0.5)), ("axis:hedging", 1, None)]);
}

#[test]
fn judges_that_fail_change_coverage_and_nothing_else() {
    let mut run = run();
    judge_all(&mut run, 0, [["t", "f", "t"], ["t", "f", "x"]]);
    judge_all(&mut run, 1, [["t", "t", "x"], ["x", "x", "x"]]);
    let board_of = board(&run, PANEL);
    near(&values(&board_of[1]), &[0.4, 0.1, 0.5]);
    let b = &board_of[0];
    near(&values(b), &[1.0, 1.0, 1.0]);
    assert_eq!((b.n_fully_judged, b.n_partly_judged, b.n_unjudged), (1, 1, 0));
    assert_eq!((b.n_decided, b.n_criteria, b.n_even), (2, 3, 0));
    assert_eq!((b.n_read, b.n_sought), (2, 6));
    let book = Gradebook::of(&run);
    let counts: Vec<_> =
        judge_counts(&run.plan, &book).iter().map(|it| (it.n_judged, it.n_failed)).collect();
    assert_eq!(counts, [(5, 1), (2, 4)]);
    // Under the second judge alone, what it did not judge is missing.
    let alone = board(&run, By::Judge(1));
    assert_eq!(alone.iter().find(|it| it.model == 1).unwrap().scores, [None; 3]);
    near(&values(alone.iter().find(|it| it.model == 0).unwrap()), &[0.5, 0.25, 0.5]);
    let warned = warnings(&run.plan, &board_of, Rule::HealthBench);
    let is_told =
        |warning: &Warning| matches!(warning, Warning::Coverage { model, .. } if model == "b");
    assert!(warned.iter().any(is_told));
    assert!(warned.iter().any(|it| matches!(it, Warning::RulesDiffer { other: Rule::Pooled, .. })));
}

#[test]
fn even_votes_stay_open_or_count_as_the_panel_has_it() {
    let mut run = run();
    judge_all(&mut run, 0, [["t", "f", "t"], ["f", "f", "f"]]);
    let of = |rule| board(&run, By::Panel(rule)).into_iter().find(|it| it.model == 0);
    let majority = of(PanelRule::Majority).unwrap();
    near(&values(&majority), &[0.0, 0.0, 0.0]);
    assert_eq!((majority.n_even, majority.n_decided), (2, 1));
    near(&values(&of(PanelRule::MajorityEvenIsNotMet).unwrap()), &[0.0, 0.0, 0.0]);
    // Half of 10 of 10, and half of -6 of 30.
    near(&values(&of(PanelRule::Mean).unwrap()), &[0.2, 0.05, 0.25]);
    assert_eq!(of(PanelRule::EachApart), None);
}

#[test]
fn a_person_overrules_the_panel_and_not_the_judges() {
    let mut run = run();
    judge_all(&mut run, 0, [["t", "f", "t"]; 2]);
    let mut rule = |met| {
        let ruling = Ruling::Criterion { criterion: 0, met };
        let made = Overruling::new(&run.plan, trial(0, 1, 0), ruling, "It does.", "Ada").unwrap();
        push(&mut run, Body::Overruled(made));
        let book = Gradebook::of(&run);
        let value = |by| values(&open_leaderboard(&run.plan, &book, by, Rule::Pooled)[0])[1];
        (value(PANEL), value(By::Judge(0)), book.n_overruled())
    };
    let (panel, judge, n) = rule(Some(true));
    near(&[panel, judge], &[34.0 / 40.0, 0.1]);
    assert_eq!(n, 1);
    let (panel, _, n) = rule(None);
    near(&[panel], &[0.1]);
    assert_eq!(n, 0);
}

#[test]
fn answers_that_ended_otherwise_have_no_score() {
    let mut run = run();
    run.entries.truncate(2);
    push(&mut run, attempt(trial(1, 0, 0), 1, AttemptResult::GaveUp { failure: failure() }));
    judge_all(&mut run, 0, [["t", "t", "f"]; 2]);
    let board = board(&run, PANEL);
    let b = board.iter().find(|it| it.model == 1).unwrap();
    assert_eq!((b.n_trials, b.n_gradable, b.scores), (2, 0, [None; 3]));
    let book = Gradebook::of(&run);
    assert_eq!(n_ended_otherwise(&run.plan, &book, 1), [(Outcome::Failed, 1)]);
    assert_eq!(class_contrast(&run.plan, &book, PANEL, Rule::HealthBench, |_| true), None);
}

#[test]
fn sides_are_compared_on_what_both_have() {
    let mut run = run();
    judge_all(&mut run, 0, [["t", "t", "f"]; 2]);
    judge_all(&mut run, 1, [["f", "t", "f"]; 2]);
    let book = Gradebook::of(&run);
    let all = contrasts(&run.plan, &book, PANEL, Rule::HealthBench, |_| true);
    let classes = class_contrast(&run.plan, &book, PANEL, Rule::HealthBench, |_| true).unwrap();
    assert_eq!(all, std::slice::from_ref(&classes));
    near(&[classes.first_score, classes.second_score, classes.difference], &[1.0, 0.5, 0.5]);
    assert!(classes.interval.low <= 0.0 && !classes.is_clear());
    let one = class_contrast(&run.plan, &book, PANEL, Rule::HealthBench, |item| item == 0).unwrap();
    assert_eq!((one.n_items, one.is_clear()), (1, true));
}

#[test]
fn judges_agreement_is_that_of_their_votes() {
    let mut run = run();
    judge_all(&mut run, 0, [["t", "f", "t"], ["t", "f", "f"]]);
    judge_all(&mut run, 1, [["t", "f", "t"], ["t", "x", "t"]]);
    let told = agreement(&run.plan, &Gradebook::of(&run)).unwrap();
    assert_eq!((told.n_units, told.pairs.len(), told.pairs[0].n), (5, 1, 5));
    near(&[told.percent, told.pairs[0].percent.unwrap()], &[0.8, 0.8]);
    // [[1, 0], [1, 3]]: chance gives 0.2 * 0.4 + 0.8 * 0.6.
    near(&[told.pairs[0].kappa.unwrap()], &[(0.8 - 0.56) / 0.44]);
    assert!(told.alpha.is_some() && told.fleiss.is_some() && told.alpha_interval.is_some());
}

#[test]
fn judges_that_are_contestants_or_kin_are_warned_of() {
    let mut run = run();
    judge_all(&mut run, 0, [["t", "f", "t"]; 2]);
    run.plan.models[0] = api("openai/gpt-5.2");
    run.plan.models[1] = api("claude-opus-4-6");
    let mut judging = Judging::by(vec![api("gpt-5.2"), api("claude-sonnet-5")]);
    run.plan.judging = Some(judging.clone());
    let told = |run: &Journal| -> Vec<String> {
        let warned = warnings(&run.plan, &board(run, PANEL), Rule::HealthBench);
        warned.iter().map(ToString::to_string).collect()
    };
    let all = told(&run).join("\n");
    assert!(all.contains("The judge gpt-5.2 is the model openai/gpt-5.2"), "{all}");
    assert!(all.contains("claude-sonnet-5 and the model claude-opus-4-6 are both of Anthropic"));
    judging.kin = crate::run::Kin::LeftOut;
    judging.judges.pop();
    judging.template = crate::prompt::JudgeTemplate::AllAtOnce;
    run.plan.judging = Some(judging);
    let all = told(&run).join("\n");
    assert!(all.contains("No judge is left for openai/gpt-5.2") && all.contains("in one call"));
}

#[test]
fn reckoning_in_steps_gives_the_same_as_each_figure_by_itself() {
    use std::sync::Arc;
    let mut run = run();
    judge_all(&mut run, 0, [["t", "f", "t"], ["t", "t", "t"]]);
    judge_all(&mut run, 1, [["f", "t", "x"], ["t", "t", "f"]]);
    let book = Gradebook::of(&run);
    let classes: Vec<Class> = run.plan.models.iter().map(|model| model.class).collect();
    let reckon = |by, rule| {
        let (journal, book) = (Arc::new(run.clone()), Arc::new(book.clone()));
        Reckoning::new(journal, book, classes.clone(), (by, rule)).whole()
    };
    let rule = Rule::Pooled;
    let figures = reckon(PANEL, rule);
    let plan = &run.plan;
    assert_eq!(figures.board, open_leaderboard(plan, &book, PANEL, rule));
    for judge in 0..2 {
        let alone = open_leaderboard(plan, &book, By::Judge(judge), rule);
        assert_eq!(figures.alone[judge], alone);
    }
    assert_eq!(figures.themes, by_item_tag(plan, &book, PANEL, rule, "theme:"));
    let axes = by_criterion_tag(plan, &book, PANEL, rule, "axis:");
    assert_eq!(figures.axes, axes[..1], "nothing can be earned by hedging");
    assert_eq!(figures.axes[0].verdicts, [(1, 2), (1, 2)]);
    assert_eq!(figures.pairs, contrasts(plan, &book, PANEL, rule, |_| true));
    assert_eq!(figures.classes, class_contrast(plan, &book, PANEL, rule, |_| true));
    assert_eq!(figures.agreement, agreement(plan, &book));
    assert_eq!(figures.judges, judge_counts(plan, &book));
    assert_eq!(figures.warnings, warnings(plan, &figures.board, rule));
    let apart = reckon(By::Panel(PanelRule::EachApart), rule);
    assert!(apart.board.is_empty() && apart.themes.is_empty() && apart.alone.len() == 2);
    run.plan.models[0] = api("openai/gpt-5.2");
    run.plan.judging = Some(Judging::by(vec![api("gpt-5.2"), api("k")]));
    let (journal, shared) = (Arc::new(run.clone()), Arc::new(book.clone()));
    let choice = (By::Panel(PanelRule::EachApart), rule);
    let told = Reckoning::new(journal, shared, classes.clone(), choice).whole().warnings;
    assert!(matches!(told.as_slice(), [Warning::JudgeIsContestant { .. }]), "{told:?}");
    // Classes are as the person sees them.
    let one = vec![Class::Clinical; 2];
    let steps = Reckoning::new(Arc::new(run.clone()), Arc::new(book.clone()), one, (PANEL, rule));
    assert!(steps.share_done() < 1e-9);
    assert_eq!(steps.whole().classes, None);
}

/// Ten thousand verdicts. The bound on time is one of the page; here it only must not be of another order.
#[test]
fn a_thousand_items_are_reckoned_at_once() {
    let mut run = journal("r", &[("a", Class::Clinical, &["-"])]);
    let criteria: Vec<Criterion> =
        (0..10).map(|n| criterion(if n % 3 == 2 { -4 } else { 5 }, &["axis:x"])).collect();
    let item = Item { kind: Kind::Rubric(Rubric { criteria }), ..run.plan.items[0].clone() };
    run.plan.items = vec![item; 1_000];
    run.plan.judging = Some(Judging::by(vec![api("j")]));
    let mut entries = vec![];
    for item in 0..1_000 {
        let mut add = |body| {
            let seq = entries.len() as u64 + 1;
            entries.push(crate::run::Entry { seq, at_millis: seq, body, hash: String::new() });
        };
        add(attempt(trial(0, item, 0), 1, answered("Drink.")));
        for n in 0..10_u16 {
            let is_met = (item * 7 + usize::from(n) * 13) % 5 < 3;
            let grade = if is_met { Grade::Met } else { Grade::NotMet };
            add(judged(0, 0, item, n, Some(grade)));
        }
    }
    run.entries = entries;
    let board = board(&run, PANEL);
    let score = board[0].score(Rule::HealthBench).unwrap();
    assert_eq!((board[0].n_decided, score.n_items), (10_000, 1_000));
    assert!(score.interval.low < score.value && score.value < score.interval.high);
    // The bootstrap of answers that simple-evals has, by another program of ours.
    let book = Gradebook::of(&run);
    let points: Vec<Points> = book
        .answers()
        .map(|(trial, answer)| answer.points(PANEL, &run.plan.items[trial.item as usize], |_| true))
        .collect();
    let other =
        crate::score::rubric::bootstrap_deviation(Rule::HealthBench, &points, 1_000, 9).unwrap();
    assert!((score.deviation / other - 1.0).abs() < 0.1, "{} {other}", score.deviation);
}
