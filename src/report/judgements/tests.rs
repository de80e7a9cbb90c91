//! Checks of the list of judgements.

use super::*;
use crate::dataset::{Criterion, Item, Kind, Reference, Rubric};
use crate::provider::{Class, Completion, Endpoint, ModelSpec, Protocol, Seat};
use crate::run::fixture::{answered, attempt, failure, journal, push, trial};
use crate::run::{Judging, Reused};
use crate::score::Grade;

fn api(id: &str) -> ModelSpec {
    let endpoint = Endpoint::new(Protocol::OpenAiChat, "https://api.example.org/v1", id);
    ModelSpec::new(id, Class::GeneralPurpose, Seat::Api(endpoint))
}

fn reply(text: &str) -> Completion {
    Completion { text: text.to_owned(), ..Completion::default() }
}

pub(in crate::report) fn said(
    run: &mut Journal,
    judge: u16,
    item: usize,
    criterion: Option<u16>,
    n: u32,
    result: JudgeResult,
) {
    let judgement = JudgementId { judge, trial: trial(0, item, 0), criterion, repeat: 0 };
    let reused = None::<Reused>;
    push(
        run,
        Body::Judgement(JudgeAttempt { judgement, n, took_millis: 5, result, cost: None, reused }),
    );
}

pub(in crate::report) fn met(is_met: bool, why: &str) -> JudgeResult {
    let text = format!(r#"{{"explanation": "{why}", "criteria_met": {is_met}}}"#);
    let grade = if is_met { Grade::Met } else { Grade::NotMet };
    JudgeResult::Judged { completion: reply(&text), grades: vec![Some(grade)] }
}

/// One model, two judges; a rubric of two criteria, a reference answer, and a choice.
pub(in crate::report) fn run() -> Journal {
    let mut run = journal("r", &[("=m", Class::Clinical, &["--c"])]);
    let criterion = |points| Criterion { text: format!("Worth {points}"), points, tags: vec![] };
    let set = |item: &mut Item, kind| item.kind = kind;
    set(
        &mut run.plan.items[0],
        Kind::Rubric(Rubric { criteria: vec![criterion(10), criterion(-4)] }),
    );
    set(&mut run.plan.items[1], Kind::Reference(Reference { answer: "Rest.".into() }));
    run.plan.judging = Some(Judging::by(vec![api("j"), api("k")]));
    for item in 0..2 {
        push(&mut run, attempt(trial(0, item, 0), 1, answered("Drink.")));
    }
    said(&mut run, 0, 0, Some(0), 1, met(true, "It does."));
    let unreadable = |is_last| JudgeResult::Unreadable {
        completion: reply("Well."),
        why: NoVerdict::Nothing,
        is_last,
    };
    said(&mut run, 0, 0, Some(1), 1, unreadable(false));
    said(&mut run, 0, 0, Some(1), 2, met(false, "@not"));
    said(&mut run, 1, 0, Some(0), 1, unreadable(true));
    said(&mut run, 1, 0, Some(1), 1, JudgeResult::GaveUp { failure: failure() });
    let text = r#"{"explanation": "Half.", "grade": "partly"}"#;
    let grades = vec![Some(Grade::Partly)];
    said(&mut run, 0, 1, None, 1, JudgeResult::Judged { completion: reply(text), grades });
    run
}

#[test]
fn every_judgement_has_its_verdict_or_its_reason() {
    let run = run();
    let book = Gradebook::of(&run);
    let all = judgements(&run, &book, |_| true);
    let told: Vec<(u32, usize, Option<usize>, String, u32)> = all
        .iter()
        .map(|it| {
            let said = match &it.verdict {
                Ok(verdict) => format!("{:?} {}", verdict.grade, verdict.explanation),
                Err(missing) => missing.to_string(),
            };
            (it.trial.item, it.judge, it.criterion, said, it.n_tries)
        })
        .collect();
    let no_reply = format!("No reply came. {}", failure());
    let expected = [
        (0, 0, Some(0), "Met It does.", 1),
        (0, 0, Some(1), "NotMet @not", 2),
        (0, 1, Some(0), "The judge’s reply holds no verdict.", 1),
        (0, 1, Some(1), no_reply.as_str(), 1),
        (1, 0, None, "Partly Half.", 1),
        (1, 1, None, "The judge was not asked yet.", 0),
    ];
    assert_eq!(told, expected.map(|(i, j, c, said, n)| (i, j, c, said.to_owned(), n)));
    assert_eq!(judgements(&run, &book, |trial| trial.item == 1).len(), 2);
    // What is listed is what is counted.
    for judgement in all {
        let ballot = &book.answer(judgement.trial).unwrap().ballots[judgement.judge];
        let grade = judgement.verdict.ok().map(|verdict| verdict.grade);
        assert_eq!(ballot[judgement.criterion.unwrap_or(0)], grade);
    }
    assert_eq!((book.n_repaired(0), book.n_failed(0), book.n_failed(1)), (1, 0, 2));
}

#[test]
fn all_criteria_of_one_reply_are_told_apart() {
    let mut run = run();
    run.entries.truncate(3);
    let mut judging = Judging::by(vec![api("j")]);
    judging.template = crate::prompt::JudgeTemplate::AllAtOnce;
    run.plan.judging = Some(judging);
    let text = r#"[{"criterion": 2, "explanation": "Two.", "criteria_met": true}]"#;
    let grades = vec![None, Some(Grade::Met)];
    said(&mut run, 0, 0, None, 4, JudgeResult::Judged { completion: reply(text), grades });
    let all = judgements(&run, &Gradebook::of(&run), |trial| trial.item == 0);
    assert_eq!(all[0].verdict, Err(Missing::LeftOut));
    assert_eq!(all[1].verdict.as_ref().unwrap().explanation, "Two.");
    assert_eq!([all[0].criterion, all[1].criterion], [Some(0), Some(1)]);
}

#[test]
fn the_last_ruling_on_a_grade_stands() {
    let mut run = run();
    let mut rule = |ruling, reason: &str| {
        let overruling = Overruling::new(&run.plan, trial(0, 0, 0), ruling, reason, "Ada").unwrap();
        push(&mut run, Body::Overruled(overruling));
    };
    rule(Ruling::Criterion { criterion: 0, met: Some(false) }, "one");
    rule(Ruling::Criterion { criterion: 0, met: Some(true) }, "two");
    rule(Ruling::Criterion { criterion: 1, met: Some(true) }, "three");
    rule(Ruling::Criterion { criterion: 1, met: None }, "four");
    let all = rulings(&run, |_| true);
    let standing = |criterion| {
        let ruled = standing_ruling(&all, trial(0, 0, 0), Some(criterion));
        ruled.map(|ruled| ruled.overruling.reason.as_str())
    };
    assert_eq!((all.len(), standing(0), standing(1)), (4, Some("two"), None));
    assert!(standing_ruling(&all, trial(0, 0, 0), None).is_none());
}

#[test]
fn the_view_of_an_answer_keeps_what_was_graded_before() {
    use crate::report::grade_view::grades_of;
    use crate::report::gradebook::By;
    use crate::score::PanelRule;
    use crate::score::rubric::Rule;
    let mut run = run();
    let panel = By::Panel(PanelRule::Majority);
    let view = |run: &Journal, item| {
        grades_of(run, &Gradebook::of(run), panel, trial(0, item, 0)).unwrap()
    };
    assert_eq!(view(&run, 0).score(Rule::HealthBench), Some(1.0));
    let ruling = Ruling::Criterion { criterion: 1, met: Some(true) };
    let made = Overruling::new(&run.plan, trial(0, 0, 0), ruling, "It does harm.", "Ada").unwrap();
    push(&mut run, Body::Overruled(made));
    let changed = view(&run, 0);
    assert!((changed.score(Rule::HealthBench).unwrap() - 0.6).abs() < 1e-15);
    let criterion = &changed.criteria[1];
    assert!(criterion.is_overruled && criterion.rulings.len() == 1);
    assert_eq!((criterion.judged.share, criterion.decision.share), (Some(0.0), Some(1.0)));
    assert_eq!(criterion.votes.len(), 2);
    assert_eq!(changed.length_adjusted, None);
    let reference = view(&run, 1);
    assert_eq!((reference.criteria.len(), reference.points), (1, None));
    assert_eq!(view(&run, 2).criteria, []);
    run.plan.datasets[0].title = "HealthBench Professional".to_owned();
    let adjusted = view(&run, 0).length_adjusted.unwrap();
    assert!((adjusted - (0.6 - 0.0147 * (6.0 - 2_000.0) / 500.0)).abs() < 1e-15);
}

#[test]
fn items_are_listed_by_the_grades_of_their_answers() {
    use crate::report::Grid;
    use crate::report::gradebook::By;
    use crate::report::items::GradeFilter;
    use crate::report::items::grades::{graded, open_mark};
    use crate::score::PanelRule;
    let mut run = run();
    let listed = |run: &Journal, filter| {
        let (grid, book) = (Grid::of(run), [Gradebook::of(run)]);
        graded(&grid, (&[run], &book), &[0, 1, 2], filter, &|_| By::Panel(PanelRule::Majority))
    };
    assert_eq!(listed(&run, GradeFilter::Missing), [0, 1]);
    assert!(listed(&run, GradeFilter::JudgesDiffer).is_empty());
    assert!(listed(&run, GradeFilter::Overruled).is_empty());
    let score = |low, high| GradeFilter::Score { low, high };
    assert_eq!(listed(&run, score(Some(75), 100)), [0]);
    assert!(listed(&run, score(Some(50), 75)).is_empty());
    said(&mut run, 1, 1, None, 1, {
        let grades = vec![Some(Grade::Wrong)];
        JudgeResult::Judged { completion: reply(r#"{"grade": "wrong"}"#), grades }
    });
    assert_eq!(listed(&run, GradeFilter::JudgesDiffer), [1]);
    let outcome = Ruling::Outcome(Some(crate::score::Outcome::Correct));
    let made = Overruling::new(&run.plan, trial(0, 1, 0), outcome, "It is.", "Ada").unwrap();
    push(&mut run, Body::Overruled(made));
    let harm = Ruling::Criterion { criterion: 0, met: Some(false) };
    let made = Overruling::new(&run.plan, trial(0, 0, 0), harm, "No.", "Ada").unwrap();
    push(&mut run, Body::Overruled(made));
    assert_eq!(listed(&run, GradeFilter::Overruled), [0, 1]);
    assert_eq!(listed(&run, score(Some(0), 25)), [0]);
    let (grid, book) = (Grid::of(&run), [Gradebook::of(&run)]);
    let mark =
        |item| open_mark(&grid, (&[&run], &book), (0, item), &|_| By::Panel(PanelRule::Majority));
    assert_eq!(mark(0).map(|mark| (mark.score, mark.n_missing)), Some((Some(0.0), 0)));
    assert_eq!((mark(1), mark(2)), (None, None));
}
