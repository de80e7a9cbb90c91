//! Checks of what a report says about open answers.

use super::*;
use crate::dataset::{Criterion, Kind, Rubric};
use crate::provider::{Class, Completion, Endpoint, ModelSpec, Protocol, Seat};
use crate::report::{Document, Grid, Unanswered};
use crate::run::fixture::{answered, attempt, journal, push, trial};
use crate::run::{Body, JudgeAttempt, JudgeResult, JudgementId, Overruling, Ruling};
use crate::score::Grade;

fn api(id: &str) -> ModelSpec {
    let endpoint = Endpoint::new(Protocol::OpenAiChat, "https://api.example.org/v1", id);
    ModelSpec::new(id, Class::GeneralPurpose, Seat::Api(endpoint))
}

/// Two models and one judge over two rubrics of 10 points and 30 with 6 to lose; no verdict on the last criterion of b.
fn run() -> Journal {
    let mut run =
        journal("r", &[("a", Class::GeneralPurpose, &["--"]), ("b", Class::Clinical, &["--"])]);
    let criterion = |points, axis: &str| Criterion {
        text: format!("Worth {points}"),
        points,
        tags: vec![format!("axis:{axis}")],
    };
    let rubrics = [
        vec![criterion(10, "accuracy")],
        vec![criterion(30, "accuracy"), criterion(-6, "hedging")],
    ];
    for (item, criteria) in run.plan.items.iter_mut().zip(rubrics) {
        item.kind = Kind::Rubric(Rubric { criteria });
        item.tags = vec![format!("theme:{}", item.id)];
    }
    run.plan.judging = Some(Judging::by(vec![api("j")]));
    for (model, votes) in [[true, false, true], [true, true, false]].iter().enumerate() {
        for item in 0..2 {
            push(&mut run, attempt(trial(model, item, 0), 1, answered("Drink.")));
        }
        for ((item, criterion), met) in [(0, 0), (1, 0), (1, 1)].into_iter().zip(votes) {
            if (model, criterion) == (1, 1) {
                continue;
            }
            let trial = trial(model, item, 0);
            let judgement = JudgementId { judge: 0, trial, criterion: Some(criterion), repeat: 0 };
            let grade = if *met { Grade::Met } else { Grade::NotMet };
            let result = JudgeResult::Judged {
                completion: Completion::default(),
                grades: vec![Some(grade)],
            };
            let body =
                JudgeAttempt { judgement, n: 1, took_millis: 5, result, cost: None, reused: None };
            push(&mut run, Body::Judgement(body));
        }
    }
    run
}

fn document(run: &Journal) -> Document {
    Document::of(&Grid::of(run), &[run], Unanswered::CountedWrong, "Open")
}

#[test]
fn a_report_of_open_answers_alone_tells_of_nothing_else() {
    let mut run = run();
    let ids = |document: &Document| -> Vec<String> {
        document.figures.iter().map(|figure| figure.id.clone()).collect()
    };
    let before = document(&run);
    assert_eq!(ids(&before), ["open-answers", "themes", "axes", "judges-0"]);
    assert!(before.figures[0].caption.contains("People changed 0 grades"));
    push(
        &mut run,
        Body::Overruled(Overruling {
            trial: trial(0, 1, 0),
            ruling: Ruling::Criterion { criterion: 0, met: Some(true) },
            by: "Dr. Ada".to_owned(),
            reason: "It does.".to_owned(),
        }),
    );
    let document = document(&run);
    // By hand: a has 10 of 10 and 24 of 30, b has 10 of 10 and 30 of 30, with one criterion left out.
    let rows: Vec<Vec<String>> = document.figures[0]
        .table
        .rows
        .iter()
        .map(|row| row.iter().map(Value::shown).collect())
        .collect();
    assert_eq!(
        [&rows[0][0], &rows[0][2], &rows[0][4], &rows[0][6]],
        ["b", "100.0 %", "100.0 %", "100.0 %"]
    );
    assert_eq!([&rows[0][9], &rows[0][10]], ["2 of 3", "66.7 %"]);
    assert_eq!(
        [&rows[1][0], &rows[1][2], &rows[1][4], &rows[1][6]],
        ["a", "90.0 %", "85.0 %", "90.0 %"]
    );
    assert_eq!(rows[1][9], "3 of 3");
    let said: Vec<&str> = document.conclusions.iter().map(|one| one.text.as_str()).collect();
    let said = said.join("\n");
    for part in [
        "On 2 open questions, graded by j, b has the highest score: 100.0 % of the points",
        "Whether it is ahead of a, the next, cannot be told.",
        "66.7 % of the criteria of b were decided",
        "People changed 1 grade of an open answer.",
    ] {
        assert!(said.contains(part), "{part} is not in {said}");
    }
    assert!(!said.contains("no answer yet"), "{said}");
    assert!(document.figures[0].caption.contains("People changed 1 grade."));
    let judges = &document.figures[3];
    assert_eq!(judges.table.rows[0][1], Value::Count(5));
    assert_eq!(judges.table.rows[0][4], Value::Count(1));
    assert!(document.methods.iter().any(|one| one.text.contains("healthbench-grader/1")));
    let html = document.html("body{}");
    assert!(html.contains("Open answers by theme") && html.contains("never counts as “not met”"));
}

#[test]
fn a_run_without_judges_has_nothing_of_it() {
    let mut run = run();
    run.plan.judging = None;
    assert_eq!(open_report(&[&run]), OpenReport::default());
}
