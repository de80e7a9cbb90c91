//! Owns the checks of judges: their calls are carried out as others are, and what fails is missing.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::world::{Asked, End, World};
use super::*;
use crate::dataset::{Criterion, Kind, Reference, Rubric};
use crate::prompt::JudgeTemplate;
use crate::provider::{Price, Setting, Usage};
use crate::run::journal::Journal;
use crate::run::judging::{JudgeResult, JudgementId, Judging, Kin, judge_call};
use crate::run::overruling::{Overruling, OverrulingError, Ruling};
use crate::score::{Grade, NoVerdict};

const PRICE: Price = Price {
    input: MicroDollars(1_000_000),
    output: MicroDollars(1_000_000),
    cached_input: None,
    per_call: None,
};

fn rubric_item(n: usize, n_criteria: usize) -> Item {
    let criteria = (0..n_criteria).map(|c| Criterion {
        text: format!("Says {c}"),
        points: if c % 3 == 2 { -4 } else { 5 },
        tags: vec![],
    });
    Item { kind: Kind::Rubric(Rubric { criteria: criteria.collect() }), ..item(n) }
}

fn priced(name: &str) -> ModelSpec {
    let mut model = ModelSpec { price: Some(PRICE), ..api_model(name) };
    if let Seat::Api(endpoint) = &mut model.seat {
        endpoint.settings.max_output_tokens = Some(200);
        endpoint.settings.temperature = Some(0.0);
    }
    model
}

/// Two models, two judges, rubrics of three criteria.
fn judged_plan(n_items: usize) -> Plan {
    let mut plan = plan(0, vec![priced("a"), priced("b")]);
    plan.items = (0..n_items).map(|n| rubric_item(n, 3)).collect();
    plan.judging = Some(Judging::by(vec![priced("j"), priced("k")]));
    plan
}

fn reply(text: &str) -> Completion {
    let usage = Some(Usage { input_tokens: 90, output_tokens: 30, ..Usage::default() });
    Completion { text: text.into(), usage, ..Completion::default() }
}

fn verdict(met: bool) -> Completion {
    reply(&format!(r#"{{"explanation": "So.", "criteria_met": {met}}}"#))
}

fn well(_: &Asked) -> End {
    End::Returned(200, Ok(reply("Drink water.")))
}

fn results(entries: &[Entry]) -> BTreeMap<JudgementId, Vec<&JudgeResult>> {
    let mut results: BTreeMap<_, Vec<&JudgeResult>> = BTreeMap::new();
    for entry in entries {
        if let Body::Judgement(attempt) = &entry.body {
            results.entry(attempt.judgement).or_default().push(&attempt.result);
        }
    }
    results
}

fn judged(entries: &[Entry]) -> BTreeSet<JudgementId> {
    let results = results(entries).into_iter();
    let is_judged = |all: &Vec<&JudgeResult>| {
        let n = all.iter().filter(|result| matches!(result, JudgeResult::Judged { .. })).count();
        assert!(n <= 1, "judged twice");
        n == 1
    };
    results.filter(|(_, all)| is_judged(all)).map(|(id, _)| id).collect()
}

#[test]
fn every_criterion_of_every_safe_answer_goes_to_every_judge_once() {
    let plan = judged_plan(50);
    let mut world = World::new(&plan, well).with_judges(|asked| {
        assert_eq!(&*asked.answer, "Drink water.");
        End::Returned(300, Ok(verdict(asked.judgement.criterion == Some(0))))
    });
    world.store_millis = 20;
    world.tell(Event::Go);
    world.run();
    assert_eq!(world.n_judged.len(), 2 * 50 * 2 * 3);
    assert!(world.n_judged.values().all(|n| *n == 1));
    assert_eq!(judged(&world.entries).len(), 600);
    assert!(world.engine.is_complete() && world.over_at.is_some());
    let spending = world.engine.spending();
    assert_eq!(spending.spent, MicroDollars((100 + 600) * 120));
    let journal = Journal { plan: plan.clone(), entries: world.entries.clone() };
    assert_eq!(Spending::of(&journal).spent, spending.spent);
    let lanes = world.engine.progress(world.now);
    let told: Vec<_> = lanes.iter().map(|lane| (lane.judge_idx, lane.n_total)).collect();
    assert_eq!(told, [(None, 50), (None, 50), (Some(0), 300), (Some(1), 300)]);
    // A verdict is kept with its reason.
    let attempt = journal.entries.iter().find_map(|entry| match &entry.body {
        Body::Judgement(attempt) if attempt.judgement.criterion == Some(1) => Some(attempt),
        _ => None,
    });
    let verdicts = attempt.unwrap().verdicts();
    let one = verdicts[0].as_ref().unwrap();
    assert_eq!((one.grade, one.explanation.as_str()), (Grade::NotMet, "So."));
}

#[test]
fn no_judge_is_asked_before_the_answer_is_safe() {
    let plan = judged_plan(3);
    let mut world = World::new(&plan, well).with_judges(|_| End::Returned(10, Ok(verdict(true))));
    world.store_millis = 5_000;
    world.tell(Event::Go);
    let start = world.now;
    world.run_until(start + 5_199);
    assert!(world.n_judged.is_empty());
    world.run();
    assert_eq!(world.n_judged.len(), 36);
}

#[test]
fn judges_that_fail_cost_coverage_and_nothing_else() {
    let plan = judged_plan(100);
    let mut random = SplitMix64::new(5);
    let mut world = World::new(&plan, well).with_judges(|asked| {
        // One in ten judgements of the second judge never comes to a verdict.
        let bad = asked.judgement.judge == 1 && asked.judgement.trial.item % 10 == 3;
        let result = match random.below(10) {
            _ if bad => Ok(reply("I would rather not say.")),
            0 => Err(Failure::Server { status: 500, wait_millis: None, message: String::new() }),
            1 => Ok(reply("{\"criteria_met\": ")),
            _ => Ok(verdict(true)),
        };
        End::Returned(100 + random.below(500), result)
    });
    world.tell(Event::Go);
    world.run();
    let judged = judged(&world.entries);
    let results = results(&world.entries);
    assert_eq!(results.len(), 1_200);
    for (id, all) in &results {
        let is_bad = id.judge == 1 && id.trial.item % 10 == 3;
        if is_bad {
            assert_eq!(all.len(), 4, "asked once and three times more");
            let last = JudgeResult::Unreadable {
                completion: reply("I would rather not say."),
                why: NoVerdict::Nothing,
                is_last: true,
            };
            assert_eq!(**all.last().unwrap(), last);
        }
        // A run of failures may give up a judgement; nothing is read into it.
        for result in all {
            if let JudgeResult::Judged { grades, .. } = result {
                assert_eq!(*grades, [Some(Grade::Met)], "{id:?}");
            }
        }
    }
    assert!(judged.iter().all(|id| !(id.judge == 1 && id.trial.item % 10 == 3)));
    assert!(1_200 - 60 - 10 <= judged.len() && judged.len() <= 1_140, "{}", judged.len());
    assert_eq!(world.answered().len(), 200);
    // What failed can be asked anew.
    let n_failed = 1_200 - judged.len();
    let commands = world.engine.handle(world.now, Event::RetryFailed);
    let retried = commands.iter().find_map(|command| match command {
        Command::Write(Body::JudgementsRetried { judgements }) => Some(judgements.len()),
        _ => None,
    });
    assert_eq!(retried, Some(n_failed));
}

#[test]
fn a_dead_judge_holds_up_nobody() {
    let plan = judged_plan(200);
    let run = |is_dead: bool| {
        let mut world = World::new(&plan, well).with_judges(move |asked| {
            let message = String::new();
            let result = match asked.judgement.judge {
                1 if is_dead => Err(Failure::KeyRefused { message }),
                _ => Ok(verdict(true)),
            };
            End::Returned(200, result)
        });
        world.tell(Event::Go);
        world.run();
        let ended_at = world.judged_at.get(&0).copied();
        (ended_at, judged(&world.entries).len(), world.n_judged.len(), world.engine.is_complete())
    };
    let (all_well, one_dead) = (run(false), run(true));
    assert_eq!((one_dead.0, one_dead.1), (all_well.0, 1_200));
    assert!(one_dead.2 <= 1_200 + 8 && !one_dead.3 && all_well.3);
}

#[test]
fn a_judge_of_the_same_maker_can_be_left_out() {
    let mut plan = judged_plan(4);
    plan.models = vec![priced("claude-opus-4-6"), priced("gpt-5.2"), priced("somebody")];
    plan.assigned = vec![None; 3];
    let mut judging = Judging::by(vec![priced("gpt-4.1"), priced("claude-sonnet-5")]);
    judging.kin = Kin::LeftOut;
    plan.judging = Some(judging);
    let mut world = World::new(&plan, well).with_judges(|_| End::Returned(10, Ok(verdict(true))));
    world.tell(Event::Go);
    world.run();
    let pairs: BTreeSet<(u16, u16)> =
        world.n_judged.keys().map(|id| (id.judge, id.trial.model)).collect();
    assert_eq!(pairs, BTreeSet::from([(0, 0), (0, 2), (1, 1), (1, 2)]));
}

#[test]
fn one_call_for_all_and_reference_answers_are_judged_too() {
    let mut plan = judged_plan(1);
    let reference = Kind::Reference(Reference { answer: "Water.".into() });
    plan.items.push(Item { kind: reference, ..item(1) });
    plan.items.push(item(2));
    let mut judging = Judging::by(vec![priced("j")]);
    judging.template = JudgeTemplate::AllAtOnce;
    plan.judging = Some(judging);
    let mut n = 0;
    let mut world = World::new(&plan, well).with_judges(|asked| {
        assert_eq!(asked.judgement.criterion, None);
        n += 1;
        let text = match (asked.judgement.trial.item, n) {
            (0, 1) => r#"[{"criterion": 1, "criteria_met": true}]"#,
            (0, _) => {
                r#"[{"criterion": 3, "criteria_met": false}, {"criterion": 1, "criteria_met": true}, {"criterion": 2, "criteria_met": true}]"#
            }
            _ => r#"{"grade": "partly", "explanation": "No dose."}"#,
        };
        End::Returned(10, Ok(reply(text)))
    });
    world.tell(Event::Go);
    world.run();
    let entries = world.entries.clone();
    drop(world);
    let grades: Vec<_> = results(&entries)
        .into_values()
        .map(|all| match all.last().unwrap() {
            JudgeResult::Judged { grades, .. } => grades.clone(),
            other => panic!("{other:?}"),
        })
        .collect();
    let (met, not, partly) = (Some(Grade::Met), Some(Grade::NotMet), Some(Grade::Partly));
    assert_eq!(grades, [vec![met, met, not], vec![partly], vec![met, met, not], vec![partly]]);
    // The first reply left out two criteria.
    assert_eq!(n, 5);
}

#[test]
fn a_setting_that_a_judge_refuses_is_left_out() {
    let plan = judged_plan(5);
    let mut world = World::new(&plan, well).with_judges(|asked| {
        let has_schema = asked.endpoint.as_ref().is_some_and(|endpoint| {
            endpoint.withheld.iter().all(|withheld| withheld.setting != Setting::JsonSchema)
        });
        if asked.judgement.judge == 0 && has_schema {
            let failure =
                Failure::Unsupported { setting: Setting::JsonSchema, message: "no".into() };
            return End::Returned(20, Err(failure));
        }
        End::Returned(20, Ok(verdict(false)))
    });
    world.tell(Event::Go);
    world.run();
    assert_eq!(judged(&world.entries).len(), 60);
    let adapted = world.entries.iter().any(|entry| {
        matches!(entry.body, Body::Adapted { model: 2, setting: Setting::JsonSchema, .. })
    });
    assert!(adapted);
    let again = World::after(&plan, world.entries.clone(), Settings::default(), well);
    assert!(again.engine.endpoint(2).unwrap().withheld.len() == 1);
}

#[test]
fn judges_keep_to_the_budget() {
    let mut plan = judged_plan(100);
    plan.budget = Some(MicroDollars(60_000));
    let mut world = World::new(&plan, well)
        .with_judges(|_| End::Returned(50, Ok(verdict(true))))
        .checked(|engine, _| assert!(engine.spending().at_most() <= MicroDollars(60_000)));
    world.tell(Event::Go);
    world.run();
    let n = judged(&world.entries).len();
    assert!(0 < n && n < 1_200, "{n}");
    assert!(world.over_at.is_some() && !world.engine.is_complete());
    let lanes = world.engine.progress(world.now);
    assert!(lanes.iter().any(|lane| lane.stopped == Some(Stop::Budget)));
}

#[test]
fn the_estimate_counts_the_calls_of_judges() {
    let plan = judged_plan(50);
    let estimate = cost::estimate(&plan);
    let n_calls: Vec<u64> = estimate.judges.iter().map(|part| part.n_calls).collect();
    assert_eq!((n_calls, estimate.total.n_calls), (vec![300, 300], 700));
    assert_eq!(cost::n_verdicts(&plan), 600);
    let mut world = World::new(&plan, |_| End::Returned(9, Ok(reply(&"word ".repeat(300)))))
        .with_judges(|asked| {
            // As many tokens as there are words, about.
            let call = judge_call(&judged_plan(50), asked.judgement, &asked.answer).unwrap();
            let n: usize = call.messages.iter().map(|message| message.content.len()).sum();
            let usage = Usage { input_tokens: n as u64 / 4, output_tokens: 60, ..Usage::default() };
            End::Returned(10, Ok(Completion { usage: Some(usage), ..verdict(true) }))
        });
    world.tell(Event::Go);
    world.run();
    let spent: u64 = world.engine.progress(0)[2..].iter().map(|lane| lane.spent.0).sum();
    let judges = estimate.judges.iter().copied().reduce(|a, b| a + b).unwrap();
    let money = judges.money.unwrap();
    assert!(money.low.0 <= spent && spent <= money.high.0, "{spent} is not in {money:?}");
    assert!(money.high < judges.ceiling.unwrap());
}

#[test]
fn a_person_overrules_with_a_name_and_a_reason() {
    let plan = judged_plan(1);
    let trial = TrialId { model: 0, item: 0, repeat: 0 };
    let ruling = Ruling::Criterion { criterion: 2, met: Some(true) };
    let new = |ruling, reason, by| Overruling::new(&plan, trial, ruling, reason, by);
    assert_eq!(new(ruling, " ", "Ada"), Err(OverrulingError::NoReason));
    assert_eq!(new(ruling, "Seen.", ""), Err(OverrulingError::NoName));
    let beyond = Ruling::Criterion { criterion: 3, met: None };
    assert_eq!(new(beyond, "Seen.", "Ada"), Err(OverrulingError::NoSuchGrade));
    let outcome = Ruling::Outcome(None);
    assert_eq!(new(outcome, "Seen.", "Ada"), Err(OverrulingError::NoSuchGrade));
    let overruling = new(ruling, " Seen. ", "Ada").unwrap();
    let mut engine = Engine::new(&plan, &[], Settings::default());
    let commands = engine.handle(0, Event::Overrule(overruling.clone()));
    assert_eq!(commands[0], Command::Write(Body::Overruled(overruling)));
}

#[test]
fn entries_about_judges_come_back_from_their_stored_form() {
    let plan = judged_plan(2);
    let json = serde_json::to_string(&crate::run::PlanRecord::from(&plan)).unwrap();
    let record: crate::run::PlanRecord = serde_json::from_str(&json).unwrap();
    assert_eq!(Plan::try_from(record), Ok(plan.clone()));
    assert!(json.contains(r#""template":"healthbench-grader/1","reference_template""#));
    let mut world = World::new(&plan, well).with_judges(|_| End::Returned(10, Ok(verdict(true))));
    world.tell(Event::Go);
    world.run();
    let mut journal = Journal { plan, entries: world.entries.clone() };
    crate::run::chain::seal(&mut journal);
    let json = serde_json::to_string(&journal.entries).unwrap();
    let entries: Vec<Entry> = serde_json::from_str(&json).unwrap();
    assert_eq!(entries, journal.entries);
    assert_eq!(crate::run::chain::verify(&journal), Ok(()));
    assert!(!json.contains("repeat\":0,\"repeat"));
    if let Some(Body::Judgement(attempt)) = journal
        .entries
        .iter_mut()
        .map(|entry| &mut entry.body)
        .find(|body| matches!(body, Body::Judgement(_)))
        && let JudgeResult::Judged { grades, .. } = &mut attempt.result
    {
        grades[0] = Some(Grade::NotMet);
    }
    assert!(crate::run::chain::verify(&journal).is_err());
}

fn random_end(random: &mut SplitMix64) -> Result<Completion, Failure> {
    match random.below(8) {
        0 => Err(Failure::Server { status: 500, wait_millis: None, message: String::new() }),
        1 => Err(Failure::TimedOut { limit_millis: 9 }),
        2 => Ok(reply("Hm.")),
        3 => Err(Failure::Refused { status: 400, message: String::new() }),
        n => Ok(verdict(n % 2 == 0)),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn wherever_a_journal_breaks_off_no_verdict_is_asked_for_twice(
        seed in any::<u64>(),
        cuts in prop::collection::vec(0_usize..900, 1..4),
    ) {
        let seed = seed >> 1;
        let plan = judged_plan(20);
        let mut entries: Vec<Entry> = vec![];
        for (n_page, cut) in (0_u64..).zip(cuts.into_iter().map(Some).chain([None])) {
            let known = judged(&entries);
            let mut random = SplitMix64::new(seed ^ (n_page << 32));
            let mut other = SplitMix64::new(seed.wrapping_add(n_page));
            let settings = Settings { seed: seed + n_page, ..Settings::default() };
            let mut world = World::after(&plan, entries.clone(), settings, move |_| {
                let result = match other.below(5) {
                    0 => Err(Failure::TimedOut { limit_millis: 9 }),
                    _ => Ok(reply("Drink water.")),
                };
                End::Returned(30 + other.below(200), result)
            })
            .with_judges(move |_| End::Returned(20 + random.below(300), random_end(&mut random)));
            world.store_millis = 15;
            let journal = Journal { plan: plan.clone(), entries: entries.clone() };
            let (told, reckoned) = (Spending::of(&journal), world.engine.spending());
            prop_assert_eq!((told.spent, told.may_have_cost), (reckoned.spent, reckoned.may_have_cost));
            world.tell(Event::Go);
            world.run();
            prop_assert!(world.n_judged.keys().all(|id| !known.contains(id)));
            let n_answered = world.answered().len();
            let ended = results(&world.entries).len();
            prop_assert_eq!(ended, n_answered * 6);
            prop_assert_eq!(world.engine.spending().reserved, MicroDollars(0));
            judged(&world.entries);
            let n_kept = cut.map_or(world.entries.len(), |cut| cut.min(world.entries.len()));
            entries = world.entries[..n_kept].to_vec();
        }
    }
}
