//! Checks of the judge bench against the vector of simple-evals' own test, and against benches made for the purpose.

use super::*;
use crate::dataset::human_labels::{self, LabelledRow};
use crate::prompt::JudgeTemplate;
use crate::provider::{Class, Completion, Endpoint, ModelSpec, Protocol, Seat};
use crate::run::bench::{Wanted, bench};
use crate::run::{Body, Command, Engine, Entry, Event, Judging, Settings};

fn judge(id: &str) -> ModelSpec {
    let endpoint = Endpoint::new(Protocol::OpenAiChat, "https://api.example.org/v1", id);
    ModelSpec::new(id, Class::GeneralPurpose, Seat::Api(endpoint))
}

fn wanted(judging: Judging) -> Wanted {
    Wanted {
        run_id: "bench".into(),
        title: "meta".into(),
        n_available: 3,
        seed: None,
        judging,
        is_turned: false,
        budget: None,
    }
}

/// Runs a bench to its end; `says` has what a judge replies, by its name, the criterion and the repeat.
fn run(rows: &[LabelledRow], judging: Judging, says: impl Fn(u16, &str, u16) -> String) -> Journal {
    run_wanted(rows, wanted(judging), says)
}

fn run_wanted(
    rows: &[LabelledRow],
    wanted: Wanted,
    says: impl Fn(u16, &str, u16) -> String,
) -> Journal {
    let (plan, brought) = bench(rows, wanted);
    let mut engine = Engine::new(&plan, &[], Settings::default());
    let mut entries: Vec<Entry> = vec![];
    let mut queue: Vec<Event> = brought.into_iter().chain([Event::Go]).collect();
    let mut now = 0;
    for _ in 0..10_000 {
        let event = if queue.is_empty() { Event::Tick } else { queue.remove(0) };
        now += 500;
        for command in engine.handle(now, event) {
            match command {
                Command::Judge { call, judgement, .. } => {
                    let item = &plan.items[judgement.trial.item as usize];
                    let Kind::Rubric(rubric) = &item.kind else { panic!("no rubric") };
                    let one = judgement.criterion.map(|idx| &rubric.criteria[usize::from(idx)]);
                    // Where all are asked at once, the first tells the order.
                    let one = one.or(rubric.criteria.first());
                    let text = one.map_or("", |criterion| criterion.text.as_str());
                    let text = says(judgement.judge, text, judgement.repeat);
                    let completion = Completion { text, ..Completion::default() };
                    queue.push(Event::Returned { call, result: Ok(completion) });
                }
                Command::Write(body) => {
                    match &body {
                        Body::Attempt(attempt) => {
                            queue.push(Event::Saved { trial: attempt.trial });
                        }
                        Body::Judgement(attempt) => {
                            let judgement = attempt.judgement;
                            queue.push(Event::JudgementSaved { judgement });
                        }
                        _ => {}
                    }
                    let seq = entries.len() as u64 + 1;
                    entries.push(Entry { seq, at_millis: now, body, hash: String::new() });
                }
                _ => {}
            }
        }
        if engine.is_over() && queue.is_empty() {
            return Journal { plan, entries };
        }
    }
    panic!("the bench does not end");
}

fn row(n: usize, labels: &[bool], category: &str) -> LabelledRow {
    LabelledRow {
        turns: vec![],
        question: format!("Question {}?", n / 2),
        completion: "word ".repeat(1 + n / 2),
        rubric: format!("{n}"),
        labels: (0..).zip(labels).map(|(idx, met)| (format!("p{idx}"), *met)).collect(),
        category: category.into(),
    }
}

fn met(is_met: bool) -> String {
    format!(r#"{{"explanation": "", "criteria_met": {is_met}}}"#)
}

fn meta(judges: &[&str]) -> Judging {
    let mut judging = Judging::by(judges.iter().map(|id| judge(id)).collect());
    judging.template = JudgeTemplate::HealthBenchMeta;
    judging
}

#[track_caller]
fn near(ours: Option<f64>, expected: f64) {
    assert!(ours.is_some_and(|ours| (ours - expected).abs() < 1e-12), "{ours:?}, not {expected}");
}

#[test]
fn the_vector_of_the_reference_holds() {
    let rows =
        [row(0, &[true, true, false], "c"), row(1, &[true, false], "c"), row(2, &[false], "d")];
    let journal = run(&rows, meta(&["j"]), |_, criterion, _| met(criterion != "1"));
    let figures = judge_bench(&journal).remove(0);
    let pairs = figures.pairs;
    assert_eq!((pairs.both_met, pairs.only_rater, pairs.only_other, pairs.neither), (2, 2, 1, 1));
    near(pairs.f1_met(), 4.0 / 7.0);
    near(pairs.f1_not_met(), 0.4);
    near(pairs.balanced_f1(), f64::midpoint(4.0 / 7.0, 0.4));
    assert_eq!((figures.n_rows, figures.n_judged), (3, 3));
    // Two criteria of one answer stand in one item.
    assert_eq!(journal.plan.items.len(), 2);
    let names: Vec<&str> = figures.categories.iter().map(|it| it.name.as_str()).collect();
    assert_eq!((names, figures.categories[1].pairs.balanced_f1()), (vec!["c", "d"], None));
    near(figures.macro_f1, figures.categories[0].pairs.balanced_f1().unwrap());
    // p0 says met, met; beside it: met, not; not.
    let first = &figures.people[0];
    assert_eq!((first.name.as_str(), first.others.n(), first.judge.n()), ("p0", 3, 3));
    assert_eq!((first.others.both_met, first.others.only_rater), (1, 2));
    assert!(figures.with_itself.is_none() && figures.position_bias.is_none());
}

#[test]
fn a_judge_that_says_what_people_say_is_perfect_and_one_that_fails_is_counted() {
    let rows: Vec<LabelledRow> = (0..60).map(|n| row(n, &[n % 3 == 0, n % 3 == 0], "c")).collect();
    let says = |judge: u16, criterion: &str, _: u16| {
        let n: usize = criterion.parse().unwrap();
        match judge {
            0 => met(n.is_multiple_of(3)),
            1 if n.is_multiple_of(4) => "Hm.".to_owned(),
            // Long answers please this judge.
            _ => met(n.is_multiple_of(3) || 40 <= n),
        }
    };
    let figures = judge_bench(&run(&rows, meta(&["good", "lenient"]), says));
    near(figures[0].pairs.balanced_f1(), 1.0);
    let interval = figures[0].interval.unwrap();
    assert_eq!((interval.low, interval.high), (1.0, 1.0));
    near(figures[0].people_macro_f1, 1.0);
    near(figures[0].length_bias.map(|bias| bias.difference), 0.0);
    assert_eq!((figures[1].n_rows, figures[1].n_judged), (60, 45));
    let bias = figures[1].length_bias.unwrap();
    assert!(0.0 < bias.interval.low && bias.low.abs() < 1e-12, "{bias:?}");
    assert!(figures[1].interval.unwrap().high < 1.0);
    assert_eq!(figures[1].categories[0].above, Some(0.0));
}

#[test]
fn the_same_judgement_asked_twice_is_told_apart_from_the_first() {
    let rows: Vec<LabelledRow> = (0..20).map(|n| row(n, &[n % 2 == 0], "c")).collect();
    let mut judging = meta(&["j"]);
    judging.n_repeats = 2;
    let says = |_: u16, criterion: &str, repeat: u16| {
        let n: usize = criterion.parse().unwrap();
        met(n.is_multiple_of(2) != (repeat == 1 && n < 5))
    };
    let figures = judge_bench(&run(&rows, judging, says)).remove(0);
    near(figures.pairs.balanced_f1(), 1.0);
    let itself = figures.with_itself.unwrap();
    assert_eq!(itself.n, 20);
    near(Some(itself.percent), 0.75);
    near(itself.kappa, 0.5);
}

#[test]
fn the_place_in_one_call_is_looked_at() {
    let rows: Vec<LabelledRow> = (0..30)
        .map(|n| LabelledRow {
            question: "Q?".into(),
            completion: "A.".into(),
            ..row(n, &[false], "c")
        })
        .collect();
    let mut judging = meta(&["j"]);
    judging.template = JudgeTemplate::AllAtOnce;
    let says = |_: u16, _: &str, _: u16| {
        let verdicts =
            (1..=30).map(|n| format!(r#"{{"criterion": {n}, "criteria_met": {}}}"#, 20 < n));
        format!("[{}]", verdicts.collect::<Vec<_>>().join(","))
    };
    let figures = judge_bench(&run(&rows, judging, says)).remove(0);
    let bias = figures.position_bias.unwrap();
    near(Some(bias.difference), 1.0);
    assert!(figures.length_bias.is_none(), "one answer has one length");
}

#[test]
fn a_file_becomes_a_bench_and_comes_back_from_its_plan() {
    let line = r#"{"prompt": "Is it?", "completion": "Yes.", "rubric": "Says so", "binary_labels": [true, false], "anonymized_physician_ids": ["a:b", "c"], "category": "x"}"#;
    let rows = human_labels::read(line, None).unwrap().rows;
    let (plan, brought) = bench(&rows, wanted(meta(&["j"])));
    let Kind::Rubric(rubric) = &plan.items[0].kind else { panic!("no rubric") };
    assert_eq!(labels_of(&rubric.criteria[0]), [("a:b", true), ("c", false)]);
    assert_eq!((category_of(&rubric.criteria[0]), brought.len()), ("x", 1));
    let json = serde_json::to_string(&crate::run::PlanRecord::from(&plan)).unwrap();
    let record: crate::run::PlanRecord = serde_json::from_str(&json).unwrap();
    assert_eq!(crate::run::Plan::try_from(record), Ok(plan));
}

/// Two people who differ on every fifth row, over so many answers with two criteria each.
fn rows_of_two(n_answers: usize) -> Vec<LabelledRow> {
    let labels = |n: usize| {
        let is_met = n.is_multiple_of(2);
        [is_met, is_met != n.is_multiple_of(5)]
    };
    (0..2 * n_answers).map(|n| row(n, &labels(n), "c")).collect()
}

fn number(criterion: &str) -> usize {
    criterion.parse().unwrap()
}

#[test]
fn a_judge_is_read_by_the_gap_between_it_and_people() {
    // Like the first of the two, who differs from the second where every person does.
    let as_people = |_: u16, criterion: &str, _: u16| met(number(criterion).is_multiple_of(2));
    let rows = rows_of_two(200);
    let figures = judge_bench(&run(&rows, meta(&["j"]), as_people)).remove(0);
    // Beside the first always the same, beside the second four times in five; people four times in five.
    near(figures.pairs.percent(), 0.9);
    assert!((figures.people_f1.unwrap() - 0.8).abs() < 0.01, "{figures:?}");
    let gap = figures.gap.unwrap();
    near(Some(gap.value), figures.pairs.balanced_f1().unwrap() - figures.people_f1.unwrap());
    assert!(0.05 < gap.interval.low && gap.interval.high < 0.15, "{gap:?}");
    assert_eq!(reading(&figures), Reading::Better);
    // Wrong on another fifth: with the first four in five, with the second three in five.
    let noisy =
        |_: u16, it: &str, _: u16| met(number(it).is_multiple_of(2) != (number(it) % 10 == 3));
    let figures = judge_bench(&run(&rows, meta(&["j"]), noisy)).remove(0);
    near(figures.pairs.percent(), 0.8);
    assert_eq!(reading(&figures), Reading::AsPeople);
    let contrary = |_: u16, it: &str, _: u16| met(!number(it).is_multiple_of(2));
    let figures = judge_bench(&run(&rows, meta(&["j"]), contrary)).remove(0);
    assert_eq!(reading(&figures), Reading::Worse);
    let figures = judge_bench(&run(&rows_of_two(12), meta(&["j"]), noisy)).remove(0);
    assert_eq!(reading(&figures), Reading::TooFew);
    let figures = judge_bench(&run(&rows_of_two(4), meta(&["j"]), as_people)).remove(0);
    assert_eq!((figures.gap, reading(&figures)), (None, Reading::TooFew));
}

#[test]
fn without_two_people_on_a_row_or_without_verdicts_nothing_is_read() {
    let rows: Vec<LabelledRow> = (0..40).map(|n| row(n, &[n % 2 == 0], "c")).collect();
    let right = |_: u16, it: &str, _: u16| met(number(it).is_multiple_of(2));
    let figures = judge_bench(&run(&rows, meta(&["j"]), right)).remove(0);
    assert_eq!((figures.people_f1, reading(&figures)), (None, Reading::NoPeers));
    let nothing = |_: u16, _: &str, _: u16| "Hm.".to_owned();
    let figures = judge_bench(&run(&rows_of_two(20), meta(&["j"]), nothing)).remove(0);
    assert_eq!((figures.n_judged, reading(&figures)), (0, Reading::Nothing));
}

#[test]
fn criteria_in_the_opposite_order_count_for_the_order_alone() {
    // Two answers with three criteria each. The judge says "met" of the first of a call, and of no other.
    let rows: Vec<LabelledRow> = (0..6)
        .map(|n| LabelledRow {
            question: format!("Q{}?", n / 3),
            completion: "A.".into(),
            ..row(n, &[n % 3 == 0], "c")
        })
        .collect();
    let mut judging = meta(&["j"]);
    judging.template = JudgeTemplate::AllAtOnce;
    let says = |_: u16, _: &str, _: u16| {
        let verdicts =
            (1..=3).map(|n| format!(r#"{{"criterion": {n}, "criteria_met": {}}}"#, n == 1));
        format!("[{}]", verdicts.collect::<Vec<_>>().join(","))
    };
    let journal = run_wanted(&rows, Wanted { is_turned: true, ..wanted(judging.clone()) }, says);
    assert_eq!(journal.plan.items.len(), 4);
    let figures = judge_bench(&journal).remove(0);
    assert_eq!((figures.n_rows, figures.n_judged), (6, 6));
    near(figures.pairs.balanced_f1(), 1.0);
    // Of three criteria the one in the middle keeps its verdict.
    let turned = figures.turned.unwrap();
    assert_eq!(turned.n, 6);
    near(Some(turned.percent), 1.0 / 3.0);
    let straight = judge_bench(&run(&rows, judging, says)).remove(0);
    assert_eq!((straight.turned, straight.pairs), (None, figures.pairs));
    assert!(crate::run::bench::is_bench(&journal.plan));
    assert!(!crate::run::bench::is_bench(
        &crate::run::fixture::journal("r", &[("m", Class::GeneralPurpose, &["c"])]).plan
    ));
}
