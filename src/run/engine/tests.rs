//! Owns the simulations of providers that the engine is tested against, in virtual time.

mod adapting;
mod batching;
mod budgeting;
mod crashing;
mod judging;
mod pacing;
mod reusing;
mod sharing;
mod storming;
mod world;

use std::collections::{BTreeMap, BinaryHeap};

use super::*;
use crate::dataset::Item;
use crate::prompt::Prompting;
use crate::provider::{Class, ModelSpec, Protocol, Seat};

fn item(n: usize) -> Item {
    Item::single_choice(&format!("q{n}"), &format!("Question {n}?"), &["yes", "no"], n % 2)
}

fn api_model(name: &str) -> ModelSpec {
    let base_url = format!("https://{name}.example/v1");
    let seat = Seat::Api(Endpoint::new(Protocol::OpenAiChat, &base_url, name));
    ModelSpec::new(name, Class::GeneralPurpose, seat)
}

fn plan(n_items: usize, models: Vec<ModelSpec>) -> Plan {
    Plan {
        run_id: "r".into(),
        title: String::new(),
        app_version: String::new(),
        datasets: vec![],
        items: (0..n_items).map(item).collect(),
        assigned: vec![None; models.len()],
        models,
        n_repeats: 1,
        prompting: Prompting::default(),
        budget: None,
        judging: None,
    }
}

fn answer() -> Completion {
    Completion { text: "Answer: A".into(), ..Completion::default() }
}

fn rate_limited(wait_millis: Option<u64>) -> Failure {
    Failure::RateLimited { wait_millis, message: String::new() }
}

/// How a simulated provider answers: after how long, and what; `None` for never.
type Reply = Option<(u64, Result<Completion, Failure>)>;

/// A provider as a function of the time, the model and how many calls it got so far.
trait Provider {
    fn reply(&mut self, now: u64, model: usize, n_call: usize) -> Reply;
}

impl<F: FnMut(u64, usize, usize) -> Reply> Provider for F {
    fn reply(&mut self, now: u64, model: usize, n_call: usize) -> Reply {
        self(now, model, n_call)
    }
}

#[derive(Debug, Default)]
struct Log {
    n_sent: BTreeMap<TrialId, u32>,
    n_answered: BTreeMap<TrialId, u32>,
    n_failed: BTreeMap<TrialId, u32>,
    ended_at: BTreeMap<usize, u64>,
    entries: Vec<Entry>,
    over_at: Option<u64>,
}

/// Runs the engine against a provider until nothing is left to happen, or until `stop_after` answers were saved.
fn simulate(
    engine: &mut Engine,
    mut provider: impl Provider,
    start: u64,
    stop_after: usize,
) -> Log {
    let mut log = Log::default();
    let mut due: BinaryHeap<std::cmp::Reverse<(u64, u64)>> = BinaryHeap::new();
    let mut events: BTreeMap<u64, Event> = BTreeMap::new();
    let mut n_events = 0;
    let mut alarm: Option<u64> = None;
    let mut now = start;
    let mut queue = vec![Event::Go];
    for _ in 0..2_000_000 {
        let event = if let Some(event) = queue.pop() {
            event
        } else {
            let reply_at = due.peek().map(|std::cmp::Reverse((at, _))| *at);
            match (reply_at, alarm) {
                (None, None) => return log,
                (at, Some(ring)) if at.is_none_or(|at| ring <= at) => {
                    now = now.max(ring);
                    alarm = None;
                    Event::Tick
                }
                _ => {
                    let Some(std::cmp::Reverse((at, key))) = due.pop() else { return log };
                    now = now.max(at);
                    let Some(event) = events.remove(&key) else { continue };
                    event
                }
            }
        };
        for command in engine.handle(now, event) {
            match command {
                Command::Send { call, trial } => {
                    let model = usize::from(trial.model);
                    *log.n_sent.entry(trial).or_default() += 1;
                    let n_call = log.n_sent.values().map(|n| *n as usize).sum();
                    if let Some((took, result)) = provider.reply(now, model, n_call) {
                        n_events += 1;
                        events.insert(n_events, Event::Returned { call, result });
                        due.push(std::cmp::Reverse((now + took, n_events)));
                    }
                }
                Command::Write(body) => {
                    if let Body::Attempt(attempt) = &body {
                        log.ended_at.insert(usize::from(attempt.trial.model), now);
                        match attempt.result {
                            AttemptResult::Answered(_) => {
                                *log.n_answered.entry(attempt.trial).or_default() += 1;
                                queue.push(Event::Saved { trial: attempt.trial });
                            }
                            AttemptResult::GaveUp { .. } => {
                                *log.n_failed.entry(attempt.trial).or_default() += 1;
                            }
                            _ => {}
                        }
                    }
                    let seq = log.entries.len() as u64 + 1;
                    log.entries.push(Entry { seq, at_millis: now, body, hash: String::new() });
                    if stop_after <= log.n_answered.len() {
                        return log;
                    }
                }
                Command::WakeAt(at) => alarm = Some(at),
                Command::Over => log.over_at = Some(now),
                Command::CallOff { .. } => {}
                Command::Judge { .. }
                | Command::SendBatch { .. }
                | Command::CallOffBatch { .. }
                | Command::PollBatch { .. } => panic!("nothing here goes in batches or to judges"),
            }
        }
    }
    panic!("the run does not end");
}

fn run(n_items: usize, models: Vec<ModelSpec>, provider: impl Provider) -> Log {
    let plan = plan(n_items, models);
    let mut engine = Engine::new(&plan, &[], Settings::default());
    simulate(&mut engine, provider, 0, usize::MAX)
}

fn assert_each_trial_ends_once(log: &Log, n_trials: usize) {
    assert_eq!(log.n_answered.len() + log.n_failed.len(), n_trials);
    for n in log.n_answered.values().chain(log.n_failed.values()) {
        assert_eq!(*n, 1);
    }
    assert!(log.n_failed.keys().all(|trial| !log.n_answered.contains_key(trial)));
}

#[test]
fn a_provider_that_works_is_asked_everything_once() {
    let log = run(1_000, vec![api_model("a")], |_, _, _| Some((200, Ok(answer()))));
    assert_each_trial_ends_once(&log, 1_000);
    assert!(log.n_sent.values().all(|n| *n == 1));
    let seconds = log.over_at.unwrap() / 1_000;
    assert!(seconds <= 4, "64 in flight at 200 ms take 3.2 s plus the slow start, not {seconds} s");
}

#[test]
fn token_buckets_are_found_and_kept_to() {
    // 60 requests a minute, a burst of ten, and the wait named in the answer.
    let (mut tokens, mut filled_at) = (10.0_f64, 0_u64);
    let mut n_refused = 0;
    let log = run(300, vec![api_model("a")], |now: u64, _, _| {
        tokens = (tokens + (now - filled_at) as f64 / 1_000.0).min(10.0);
        filled_at = now;
        if 1.0 <= tokens {
            tokens -= 1.0;
            return Some((500, Ok(answer())));
        }
        n_refused += 1;
        Some((50, Err(rate_limited(Some(1_000)))))
    });
    assert_each_trial_ends_once(&log, 300);
    assert!(log.n_failed.is_empty());
    let minutes = log.over_at.unwrap() as f64 / 60_000.0;
    assert!(minutes < 8.0, "300 questions at 60 a minute take about 5 minutes, not {minutes}");
    assert!(n_refused < 400, "{n_refused} refusals");
}

#[test]
fn a_minute_of_429_without_a_readable_wait_loses_nothing() {
    let log = run(500, vec![api_model("a")], |now: u64, _, _| match now {
        1_000..61_000 => Some((100, Err(rate_limited(None)))),
        _ => Some((300, Ok(answer()))),
    });
    assert_each_trial_ends_once(&log, 500);
    assert!(log.n_failed.is_empty());
    assert!(log.over_at.unwrap() < 180_000, "{:?}", log.over_at);
}

#[test]
fn a_provider_that_fails_a_third_of_the_time_loses_nothing() {
    let mut random = SplitMix64::new(42);
    let log = run(1_000, vec![api_model("a")], move |_: u64, _, _| {
        let result = if random.next_f64() < 0.3 {
            Err(Failure::Server { status: 503, wait_millis: None, message: String::new() })
        } else {
            Ok(answer())
        };
        Some((100, result))
    });
    assert_each_trial_ends_once(&log, 1_000);
    // 0.3 to the sixth: fewer than one in a thousand may fail six times.
    assert!(log.n_failed.len() <= 4, "{}", log.n_failed.len());
    assert!(log.n_sent.values().all(|n| *n <= retry::MAX_ATTEMPTS));
}

#[test]
fn a_provider_that_never_answers_is_given_up_after_its_time() {
    let log = run(3, vec![api_model("a")], |_: u64, _, _| None);
    assert_each_trial_ends_once(&log, 3);
    assert_eq!(log.n_failed.len(), 3);
    assert!(log.n_sent.values().all(|n| *n == 3));
}

#[test]
fn one_dead_model_does_not_slow_the_others_down() {
    let models: Vec<ModelSpec> = (0..10).map(|n| api_model(&format!("m{n}"))).collect();
    let healthy = |_: u64, _: usize, _: usize| Some((200, Ok(answer())));
    let all_well = run(200, models.clone(), healthy);
    let log = run(200, models, |_: u64, model: usize, _: usize| match model {
        3 => None,
        _ => Some((200, Ok(answer()))),
    });
    assert_each_trial_ends_once(&log, 2_000);
    for model in (0..10).filter(|model| *model != 3) {
        assert_eq!(log.ended_at[&model], all_well.ended_at[&model]);
    }
}

#[test]
fn a_wrong_key_stops_its_model_after_few_calls() {
    let refused = |_: u64, _: usize, _: usize| {
        Some((50, Err(Failure::KeyRefused { message: "bad key".into() })))
    };
    let plan = plan(500, vec![api_model("a")]);
    let mut engine = Engine::new(&plan, &[], Settings::default());
    let log = simulate(&mut engine, refused, 0, usize::MAX);
    assert!(log.n_sent.len() <= 8, "{} calls", log.n_sent.len());
    assert!(log.over_at.is_some());
    assert!(engine.progress(0)[0].stopped.is_some());
    assert!(!engine.is_complete());
    // With the right key the rest is asked, and what failed as well.
    let commands = engine.handle(1_000, Event::RetryFailed);
    assert!(commands.iter().any(|command| matches!(command, Command::Send { .. })));
}

#[test]
fn after_a_crash_nothing_that_was_answered_is_asked_again() {
    let plan = plan(100, vec![api_model("a"), api_model("b")]);
    let well = |_: u64, _: usize, _: usize| Some((200, Ok(answer())));
    let mut first = Engine::new(&plan, &[], Settings::default());
    let before = simulate(&mut first, well, 0, 77);
    let mut second = Engine::new(&plan, &before.entries, Settings::default());
    let after = simulate(&mut second, well, 10_000, usize::MAX);
    assert_eq!(before.n_answered.len(), 77);
    assert_eq!(after.n_answered.len(), 200 - 77);
    assert!(after.n_sent.keys().all(|trial| !before.n_answered.contains_key(trial)));
    assert!(second.is_complete());
}

#[test]
fn an_answer_counts_only_once_it_is_saved() {
    let plan = plan(1, vec![api_model("a")]);
    let mut engine = Engine::new(&plan, &[], Settings::default());
    let sent = engine.handle(0, Event::Go);
    let call = sent.iter().find_map(|command| match command {
        Command::Send { call, .. } => Some(*call),
        _ => None,
    });
    let call = call.unwrap();
    engine.handle(5, Event::Returned { call, result: Ok(answer()) });
    assert_eq!(engine.progress(5)[0].n_answered, 0);
    assert!(!engine.is_over());
    // The same call's answer a second time changes nothing.
    assert!(engine.handle(6, Event::Returned { call, result: Ok(answer()) }).is_empty());
    let commands =
        engine.handle(7, Event::Saved { trial: TrialId { model: 0, item: 0, repeat: 0 } });
    assert_eq!(commands, [Command::Over]);
    assert_eq!(engine.progress(7)[0].n_answered, 1);
}

#[test]
fn a_paused_run_sends_nothing_and_a_cancelled_one_calls_off() {
    let plan = plan(100, vec![api_model("a")]);
    let mut engine = Engine::new(&plan, &[], Settings::default());
    let commands = engine.handle(0, Event::Go);
    assert_eq!(commands.iter().filter(|c| matches!(c, Command::Send { .. })).count(), 4);
    assert_eq!(engine.handle(1, Event::Pause), [Command::Write(Body::Paused)]);
    let returned = engine.handle(2, Event::Returned { call: CallId(1), result: Ok(answer()) });
    assert!(!returned.iter().any(|c| matches!(c, Command::Send { .. })));
    let commands = engine.handle(3, Event::Cancel);
    assert_eq!(commands.iter().filter(|c| matches!(c, Command::CallOff { .. })).count(), 3);
}

#[test]
fn a_human_is_asked_one_by_one_and_may_stop_at_any_time() {
    let person = ModelSpec::new("You", Class::Person, Seat::Person);
    let mut plan = plan(10, vec![person]);
    plan.assigned = vec![Some(vec![2, 5])];
    let mut engine = Engine::new(&plan, &[], Settings::default());
    engine.handle(0, Event::Go);
    assert!(engine.is_over(), "nothing happens without the human");
    let first = engine.next_by_hand(0).unwrap();
    assert_eq!(first.item, 2);
    let brought = Event::Brought { trial: first, took_millis: 900, completion: answer() };
    let commands = engine.handle(1, brought.clone());
    assert!(matches!(commands[0], Command::Write(Body::Attempt(_))));
    assert!(!engine.handle(2, brought).iter().any(|c| matches!(c, Command::Write(_))));
    assert_eq!(engine.next_by_hand(0).unwrap().item, 5);
}

#[test]
fn plain_http_keeps_to_what_a_browser_opens() {
    let mut model = api_model("a");
    model.seat = Seat::Api(Endpoint::new(Protocol::OpenAiChat, "http://localhost:11434/v1", "m"));
    let (mut most, mut ends) = (0, Vec::<u64>::new());
    run(100, vec![model], |now: u64, _, _| {
        ends.retain(|end| now < *end);
        ends.push(now + 100);
        most = most.max(ends.len());
        Some((100, Ok(answer())))
    });
    assert_eq!(most, 6);
}
