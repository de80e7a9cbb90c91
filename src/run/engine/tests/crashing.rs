//! Owns the checks of crashes: wherever a journal breaks off, a new page asks nothing that it has an answer to.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::world::{Asked, End, RemoteBatch, Told, World, ends};
use super::*;
use crate::provider::{Delivery, Price, Setting, Usage};
use crate::run::journal::Journal;

fn models() -> Vec<ModelSpec> {
    let price = Price {
        input: MicroDollars(9),
        output: MicroDollars(40),
        cached_input: None,
        per_call: None,
    };
    let mut models = vec![api_model("calls"), api_model("strict"), api_model("batch")];
    for model in &mut models {
        model.price = Some(price);
        if let Seat::Api(endpoint) = &mut model.seat {
            endpoint.settings.temperature = Some(0.5);
            endpoint.settings.max_output_tokens = Some(50);
        }
    }
    if let Seat::Api(endpoint) = &mut models[2].seat {
        endpoint.settings.delivery = Delivery::Batch;
    }
    models
}

fn random_end(random: &mut SplitMix64) -> Result<Completion, Failure> {
    let message = String::new();
    let usage = Usage { input_tokens: 40, output_tokens: random.below(50), ..Usage::default() };
    match random.below(10) {
        0 => Err(Failure::Server { status: 500, wait_millis: None, message }),
        1 => Err(Failure::Malformed { message }),
        2 => Err(Failure::Refused { status: 400, message }),
        3 => Ok(answer()),
        _ => Ok(Completion { usage: Some(usage), ..answer() }),
    }
}

fn ask(random: &mut SplitMix64, asked: &Asked) -> End {
    let has_temperature =
        asked.endpoint.as_ref().is_some_and(|endpoint| endpoint.settings.temperature.is_some());
    if asked.trial.model == 1 && has_temperature {
        let failure = Failure::Unsupported { setting: Setting::Temperature, message: "no".into() };
        return End::Returned(20, Err(failure));
    }
    let result = random_end(random);
    End::Returned(50 + random.below(400), result)
}

fn tell(random: &mut SplitMix64, batch: &RemoteBatch) -> Told {
    match random.below(4) {
        0 => Told::State(BatchState::Running),
        1 => Told::State(BatchState::Ended),
        _ => {
            // Some are left out, and the order is another one.
            let mut results: Vec<_> = batch
                .trials
                .iter()
                .filter(|trial| trial.item % 7 != 3)
                .map(|trial| (*trial, random_end(random)))
                .collect();
            results.reverse();
            Told::Results(results)
        }
    }
}

/// A page that goes on from these entries until `until`.
fn go_on<'a>(plan: &Plan, entries: Vec<Entry>, seed: u64, n_page: u64) -> World<'a> {
    let mut random = SplitMix64::new(seed ^ (n_page << 32));
    let mut other = SplitMix64::new(seed.wrapping_add(n_page));
    let mut n_taken = 0;
    let settings = Settings { seed: seed + n_page, ..Settings::default() };
    let mut world = World::after(plan, entries, settings, move |asked| ask(&mut random, asked))
        .with_batches(
            move |_, _| {
                n_taken += 1;
                Ok(format!("page {n_page} batch {n_taken}"))
            },
            move |_, batch| tell(&mut other, batch),
        );
    world.store_millis = 15;
    world
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]

    #[test]
    fn wherever_a_journal_breaks_off_nothing_ended_is_asked_again(
        seed in any::<u64>(),
        cuts in prop::collection::vec(0_usize..400, 1..4),
    ) {
        let seed = seed >> 1;
        let plan = plan(40, models());
        let mut entries: Vec<Entry> = vec![];
        let mut remote = BTreeMap::new();
        for (n_page, cut) in (0..).zip(cuts.into_iter().map(Some).chain([None])) {
            let (answered, failed) = ends(&entries);
            let ended: BTreeSet<TrialId> = answered.union(&failed).copied().collect();
            let mut world = go_on(&plan, entries.clone(), seed, n_page);
            world.remote = std::mem::take(&mut remote);
            // What the journal tells about money and about where each model stands is what the page knows.
            let journal = Journal { plan: plan.clone(), entries: entries.clone() };
            let told = Spending::of(&journal);
            let known = world.engine.spending();
            prop_assert_eq!((told.spent, told.may_have_cost), (known.spent, known.may_have_cost));
            let n_answered: usize = world.engine.progress(0).iter().map(|lane| lane.n_answered).sum();
            prop_assert_eq!(n_answered, answered.len());

            world.tell(Event::Go);
            world.run();
            prop_assert!(world.n_asked.keys().all(|trial| !ended.contains(trial)));
            let handed_in = world.remote.iter().filter(|(id, _)| id.starts_with(&format!("page {n_page} ")));
            for (_, batch) in handed_in {
                prop_assert!(batch.trials.iter().all(|trial| !ended.contains(trial)));
            }
            // Everything ended once; `ends` looks at that.
            let (answered, failed) = ends(&world.entries);
            prop_assert_eq!(answered.len() + failed.len(), 120);
            prop_assert!(world.engine.is_complete());
            prop_assert_eq!(world.engine.spending().reserved, MicroDollars(0));
            let n_kept = cut.map_or(world.entries.len(), |cut| cut.min(world.entries.len()));
            entries = world.entries[..n_kept].to_vec();
            remote = std::mem::take(&mut world.remote);
        }
    }
}

#[test]
fn a_journal_from_elsewhere_is_survived() {
    let plan = plan(3, models());
    let stranger = TrialId { model: 9, item: 99, repeat: 9 };
    let bodies = [
        Body::BatchSent { model: 2, remote_id: "b".into(), trials: vec![stranger] },
        Body::BatchSent { model: 2, remote_id: "b".into(), trials: vec![stranger] },
        Body::BatchEnded { model: 7, remote_id: "x".into(), failure: None },
        Body::BatchSent { model: 7, remote_id: "y".into(), trials: vec![] },
        Body::Adapted { model: 7, setting: Setting::Seed, message: String::new() },
        Body::Retried { trials: vec![stranger] },
        Body::BudgetSet { budget: Some(MicroDollars(5)) },
    ];
    let entries: Vec<Entry> = (1..)
        .zip(bodies)
        .map(|(seq, body)| Entry { seq, at_millis: seq, body, hash: String::new() })
        .collect();
    let mut engine = Engine::new(&plan, &entries, Settings::default());
    engine.handle(10, Event::Go);
    assert_eq!(engine.spending().budget, Some(MicroDollars(5)));
    assert_eq!(engine.progress(10)[2].n_batches, 1);
}
