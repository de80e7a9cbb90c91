//! Owns the checks of batches: handed in once, asked after until they end, found again after a reload.

use super::world::{End, RemoteBatch, Taken, Told, World};
use super::*;
use crate::provider::{Delivery, Price, Setting, Usage};

fn batched(name: &str) -> ModelSpec {
    let mut model = api_model(name);
    if let Seat::Api(endpoint) = &mut model.seat {
        endpoint.settings.delivery = Delivery::Batch;
        endpoint.settings.max_output_tokens = Some(100);
    }
    model
}

/// Names batches one after another.
fn names() -> impl FnMut(u16, &[TrialId]) -> Taken {
    let mut n = 0;
    move |_, _| {
        n += 1;
        Ok(format!("batch-{n}"))
    }
}

/// Answers all of a batch, from the last to the first, when it is asked after for the third time.
fn third_time(_: u64, batch: &mut RemoteBatch) -> Told {
    if batch.n_polls < 3 {
        return Told::State(BatchState::Running);
    }
    Told::Results(batch.trials.iter().rev().map(|trial| (*trial, Ok(answer()))).collect())
}

fn no_calls(_: &super::world::Asked) -> End {
    panic!("nothing is asked call by call")
}

fn ended(entries: &[Entry]) -> usize {
    entries.iter().filter(|entry| matches!(entry.body, Body::BatchEnded { .. })).count()
}

#[test]
fn a_run_goes_in_batches_of_a_thousand_and_everything_is_answered() {
    let plan = plan(2_300, vec![batched("a")]);
    let mut world = World::new(&plan, no_calls).with_batches(names(), third_time);
    world.store_millis = 30;
    world.tell(Event::Go);
    world.run_until(1_010_000);
    let progress = &world.engine.progress(world.now)[0];
    assert_eq!((progress.n_batches, progress.n_in_batch, progress.n_in_flight), (3, 2_300, 0));
    assert!(!world.engine.is_over());
    world.run();
    assert_eq!(world.answered().len(), 2_300);
    let sizes: Vec<usize> = world.remote.values().map(|batch| batch.trials.len()).collect();
    assert_eq!(sizes, [1_000, 1_000, 300]);
    assert_eq!(ended(&world.entries), 3);
    assert!(world.engine.is_complete() && world.over_at.is_some());
    let progress = &world.engine.progress(world.now)[0];
    assert_eq!((progress.n_batches, progress.n_in_batch), (0, 0));
}

#[test]
fn polls_begin_once_the_batch_is_safe_and_grow_rare() {
    let plan = plan(3, vec![batched("a")]);
    let mut world = World::new(&plan, no_calls).with_batches(names(), |_, batch| {
        if batch.n_polls < 9 { Told::State(BatchState::Running) } else { third_time(0, batch) }
    });
    world.store_millis = 5_000;
    world.tell(Event::Go);
    world.run();
    let at: Vec<u64> = world.polled.iter().map(|(at, _)| *at).collect();
    // Taken after 100 ms, safe 5 s later.
    assert_eq!(at[0], 1_000_000 + 100 + 5_000 + 15_000);
    let waits: Vec<u64> = at.windows(2).map(|pair| (pair[1] - pair[0]) / 1_000).collect();
    assert_eq!(waits, [30, 60, 120, 240, 300, 300, 300, 300]);
    assert_eq!(world.answered().len(), 3);
}

#[test]
fn a_batch_that_is_not_safe_is_not_asked_after() {
    let plan = plan(3, vec![batched("a")]);
    let mut world = World::new(&plan, no_calls).with_batches(names(), third_time);
    world.store_millis = 100_000_000;
    world.tell(Event::Go);
    world.run_until(90_000_000);
    assert!(world.polled.is_empty());
    // Nor is it told as handed in: a page that is closed now knows nothing of it.
    let progress = &world.engine.progress(world.now)[0];
    assert_eq!((progress.n_handing_in, progress.n_in_batch, progress.n_batches), (3, 0, 0));
}

#[test]
fn strange_results_are_survived() {
    let plan = plan(10, vec![batched("a"), batched("b")]);
    let trial = |model, item| TrialId { model, item, repeat: 0 };
    let mut world = World::new(&plan, no_calls).with_batches(
        |model, _| Ok(format!("of-{model}")),
        |_, batch| {
            let mut results: Vec<_> =
                batch.trials.iter().rev().map(|trial| (*trial, Ok(answer()))).collect();
            // Once more, one that nobody knows, and one that was put to another model.
            results.extend(batch.trials.iter().map(|trial| (*trial, Ok(answer()))));
            results.push((trial(batch.model, 77), Ok(answer())));
            results.push((trial(1 - batch.model, 3), Ok(answer())));
            Told::Results(results)
        },
    );
    world.tell(Event::Go);
    world.run();
    assert_eq!(world.answered().len(), 20);
    assert_eq!(ended(&world.entries), 2);
    // Results and news for batches that are over or were never there change nothing.
    for remote_id in ["of-0", "nobody"] {
        let results = vec![(trial(0, 1), Ok(answer()))];
        let event = Event::BatchResults { model: 0, remote_id: remote_id.into(), results };
        assert!(world.engine.handle(world.now, event).is_empty());
        let state = BatchState::Failed { reason: "late".into() };
        let event = Event::BatchNews { model: 0, remote_id: remote_id.into(), state };
        assert!(world.engine.handle(world.now, event).is_empty());
    }
}

#[test]
fn what_a_batch_leaves_out_is_handed_in_again_and_then_given_up() {
    let plan = plan(10, vec![batched("a")]);
    // Question 3 is never answered, question 4 fails for good, question 5 only the first time.
    let mut world = World::new(&plan, no_calls).with_batches(names(), |_, batch| {
        let is_first = batch.trials.len() == 10;
        let result = |trial: &TrialId| match trial.item {
            3 => None,
            4 => Some(Err(Failure::Refused { status: 400, message: String::new() })),
            5 if is_first => Some(Err(Failure::Server {
                status: 500,
                wait_millis: None,
                message: String::new(),
            })),
            _ => Some(Ok(answer())),
        };
        let results = batch.trials.iter().filter_map(|trial| Some((*trial, result(trial)?)));
        Told::Results(results.collect())
    });
    world.tell(Event::Go);
    world.run();
    let failed: Vec<u32> = world.failed().iter().map(|trial| trial.item).collect();
    assert_eq!(failed, [3, 4]);
    assert_eq!(world.answered().len(), 8);
    assert!(world.engine.is_complete());
}

#[test]
fn a_batch_that_failed_as_a_whole_stops_its_model_and_uses_up_no_tries() {
    let plan = plan(10, vec![batched("a")]);
    let mut n = 0;
    let mut world = World::new(&plan, no_calls).with_batches(names(), move |now, batch| {
        n += 1;
        match n {
            1 => Told::State(BatchState::Failed { reason: "line 1 is wrong".into() }),
            _ => third_time(now, batch),
        }
    });
    world.tell(Event::Go);
    world.run();
    let stopped = world.engine.progress(world.now)[0].stopped.clone();
    assert_eq!(stopped, Some(Stop::BatchFailed { reason: "line 1 is wrong".into() }));
    assert!(world.over_at.is_some() && world.answered().is_empty());
    world.tell(Event::Go);
    world.run();
    assert_eq!(world.answered().len(), 10);
    assert_eq!(world.n_batches, 2);
}

#[test]
fn a_batch_that_was_not_taken_is_handed_in_again_where_that_can_help() {
    let plan = plan(10, vec![batched("a"), batched("b"), batched("c")]);
    let mut n = [0; 3];
    let take = |model: u16, _: &[TrialId]| {
        n[usize::from(model)] += 1;
        match (model, n[usize::from(model)]) {
            (0, 1 | 2) => Err(rate_limited(Some(2_000))),
            (1, _) => Err(Failure::KeyRefused { message: "no".into() }),
            (2, _) => Err(Failure::TimedOut { limit_millis: 1 }),
            (model, n) => Ok(format!("{model}-{n}")),
        }
    };
    let mut world = World::new(&plan, no_calls).with_batches(take, third_time);
    world.tell(Event::Go);
    world.run();
    assert_eq!(world.answered().len(), 10);
    let progress = world.engine.progress(world.now);
    assert!(matches!(progress[1].stopped, Some(Stop::Failure(Failure::KeyRefused { .. }))));
    // It may be there: handing it in again without a word could mean to pay twice.
    assert!(matches!(progress[2].stopped, Some(Stop::BatchUnclear { .. })));
    drop(world);
    assert_eq!(n, [3, 1, 1]);
}

#[test]
fn a_provider_that_does_not_say_whether_it_took_a_batch_is_waited_for_as_long_as_for_a_call() {
    let plan = plan(10, vec![batched("a")]);
    let mut engine = Engine::new(&plan, &[], Settings::default());
    engine.handle(0, Event::Go);
    let commands = engine.handle(600_000, Event::Tick);
    let batch = BatchCallId(1);
    assert_eq!(commands[0], Command::CallOffBatch { batch });
    let late = Event::BatchTaken { batch, remote_id: "x".into() };
    assert!(!engine.handle(600_001, late).iter().any(|c| matches!(c, Command::Write(_))));
    assert!(matches!(engine.progress(0)[0].stopped, Some(Stop::BatchUnclear { .. })));
}

#[test]
fn a_refused_setting_is_dropped_from_the_next_batch() {
    let plan = plan(10, vec![batched("a")]);
    let mut n_told = 0;
    let mut world = World::new(&plan, no_calls).with_batches(names(), move |_, batch| {
        n_told += 1;
        let result = || match n_told {
            1 => Err(Failure::Unsupported {
                setting: Setting::MaxOutputTokens,
                message: "no".into(),
            }),
            _ => Ok(answer()),
        };
        Told::Results(batch.trials.iter().map(|trial| (*trial, result())).collect())
    });
    world.tell(Event::Go);
    world.run();
    assert_eq!(world.answered().len(), 10);
    assert_eq!(world.engine.endpoint(0).unwrap().settings.max_output_tokens, None);
    let adapted = |entry: &&Entry| matches!(entry.body, Body::Adapted { .. });
    assert_eq!(world.entries.iter().filter(adapted).count(), 1);
}

#[test]
fn a_paused_run_asks_after_its_batches_and_hands_in_no_more() {
    let plan = plan(10, vec![batched("a")]);
    let mut world = World::new(&plan, no_calls).with_batches(names(), |_, batch| {
        let results = batch.trials.iter().take(4).map(|trial| (*trial, Ok(answer())));
        Told::Results(results.collect())
    });
    world.tell(Event::Go);
    world.run_until(1_001_000);
    world.tell(Event::Pause);
    world.run();
    assert_eq!(world.answered().len(), 4);
    assert_eq!(world.n_batches, 1);
}

#[test]
fn a_cancelled_run_journals_a_batch_that_is_taken_afterwards_and_finds_it_again() {
    let plan = plan(10, vec![batched("a")]);
    let mut world = World::new(&plan, no_calls).with_batches(names(), third_time);
    world.tell(Event::Go);
    world.tell(Event::Cancel);
    assert!(!world.engine.is_over(), "whether it was taken is still to be known");
    world.run();
    assert!(world.engine.is_over() && world.polled.is_empty());
    world.tell(Event::Go);
    world.run();
    assert_eq!(world.answered().len(), 10);
    assert_eq!(world.n_batches, 1);
}

#[test]
fn after_a_reload_open_batches_are_asked_after_and_not_handed_in_again() {
    let price = Price {
        input: MicroDollars(1_000_000),
        output: MicroDollars(1_000_000),
        cached_input: None,
        per_call: None,
    };
    let mut plan = plan(1_500, vec![ModelSpec { price: Some(price), ..batched("a") }]);
    plan.budget = Some(MicroDollars(100_000_000));
    let mut world = World::new(&plan, no_calls).with_batches(names(), third_time);
    world.tell(Event::Go);
    world.run_until(1_005_000);
    let (entries, remote) = (world.entries.clone(), std::mem::take(&mut world.remote));
    let reserved = world.engine.spending().reserved;
    assert!(MicroDollars(0) < reserved);
    drop(world);

    let usage = Usage { input_tokens: 10, output_tokens: 20, ..Usage::default() };
    let mut after = World::after(&plan, entries, Settings::default(), no_calls).with_batches(
        |_, _| panic!("handed in again"),
        |_, batch| {
            let answer = || Completion { usage: Some(usage), ..answer() };
            Told::Results(batch.trials.iter().map(|trial| (*trial, Ok(answer()))).collect())
        },
    );
    after.remote = remote;
    assert_eq!(after.engine.spending().reserved, reserved);
    assert_eq!(after.engine.progress(0)[0].n_in_batch, 1_500);
    after.run();
    assert!(after.polled.is_empty(), "nothing happens before the person lets it go on");
    after.tell(Event::Go);
    after.run();
    assert_eq!(after.answered().len(), 1_500);
    let spending = after.engine.spending();
    assert_eq!((spending.spent, spending.reserved), (MicroDollars(1_500 * 30), MicroDollars(0)));
}

#[test]
fn a_budget_bounds_what_is_handed_in() {
    let price = Price {
        input: MicroDollars(1_000_000),
        output: MicroDollars(1_000_000),
        cached_input: None,
        per_call: None,
    };
    let mut plan = plan(1_500, vec![ModelSpec { price: Some(price), ..batched("a") }]);
    plan.budget = Some(MicroDollars(100_000));
    let usage = Usage { input_tokens: 50, output_tokens: 50, ..Usage::default() };
    let mut world = World::new(&plan, no_calls)
        .with_batches(names(), |_, batch| {
            let answer = || Completion { usage: Some(usage), ..answer() };
            Told::Results(batch.trials.iter().map(|trial| (*trial, Ok(answer()))).collect())
        })
        .checked(|engine, _| assert!(engine.spending().at_most() <= MicroDollars(100_000)));
    world.tell(Event::Go);
    world.run();
    assert_eq!(world.engine.progress(world.now)[0].stopped, Some(Stop::Budget));
    let n_answered = world.answered().len();
    assert!((900..=1_000).contains(&n_answered), "{n_answered} at 100 each");
}

#[test]
fn results_from_a_file_are_taken_in_for_what_is_not_under_way() {
    let plan = plan(3, vec![api_model("calls"), batched("batch")]);
    let mut engine = Engine::new(&plan, &[], Settings::default());
    let brought = |model, item| Event::Brought {
        trial: TrialId { model, item, repeat: 0 },
        took_millis: 0,
        completion: answer(),
    };
    let writes = |commands: Vec<Command>| {
        commands.iter().filter(|c| matches!(c, Command::Write(Body::Attempt(_)))).count()
    };
    assert_eq!(writes(engine.handle(0, brought(0, 1))), 1);
    assert_eq!(writes(engine.handle(0, brought(1, 1))), 1);
    assert_eq!(writes(engine.handle(0, brought(1, 1))), 0, "it is answered");
    engine.handle(1, Event::Saved { trial: TrialId { model: 0, item: 1, repeat: 0 } });
    let commands = engine.handle(2, Event::Go);
    let sent: Vec<u32> = commands
        .iter()
        .filter_map(|command| match command {
            Command::Send { trial, .. } => Some(trial.item),
            _ => None,
        })
        .collect();
    assert_eq!(sent, [0, 2], "what was brought is not asked");
    let batch = commands.iter().find_map(|command| match command {
        Command::SendBatch { trials, .. } => Some(trials.len()),
        _ => None,
    });
    assert_eq!(batch, Some(2));
    assert_eq!(writes(engine.handle(3, brought(0, 0))), 0, "it is under way");
    assert_eq!(writes(engine.handle(3, brought(1, 0))), 0, "it is under way");
    let limit = engine.progress(3)[0].limit;
    assert_eq!(limit, Settings::default().start_in_flight);
}

#[test]
fn a_run_is_complete_once_a_file_has_brought_what_could_not_be_handed_in() {
    let plan = plan(2, vec![batched("batch")]);
    let mut engine = Engine::new(&plan, &[], Settings::default());
    let commands = engine.handle(0, Event::Go);
    let batch = commands.iter().find_map(|command| match command {
        Command::SendBatch { batch, .. } => Some(*batch),
        _ => None,
    });
    let failure = Failure::NotFound { message: "by file only".into() };
    engine.handle(1, Event::BatchRefused { batch: batch.unwrap(), failure });
    assert!(engine.progress(1)[0].stopped.is_some() && !engine.is_complete());
    for item in 0..2 {
        let trial = TrialId { model: 0, item, repeat: 0 };
        assert!(!engine.is_complete());
        engine.handle(2, Event::Brought { trial, took_millis: 0, completion: answer() });
        assert!(!engine.is_complete(), "it counts once it is safe");
        engine.handle(3, Event::Saved { trial });
    }
    assert!(engine.is_complete());
}
