//! Owns the checks of the hard budget: no order of answers, costs and failures makes a run exceed it.

use proptest::prelude::*;

use super::world::{Asked, End, World};
use super::*;
use crate::provider::{Delivery, Price, Usage};
use crate::run::journal::Journal;

/// A dollar for a million tokens: a token is a micro-dollar.
const PRICE: Price = Price {
    input: MicroDollars(1_000_000),
    output: MicroDollars(1_000_000),
    cached_input: None,
    per_call: None,
};
const MAX_OUTPUT: u32 = 1_000;

fn priced(name: &str) -> ModelSpec {
    let mut model = ModelSpec { price: Some(PRICE), ..api_model(name) };
    if let Seat::Api(endpoint) = &mut model.seat {
        endpoint.settings.max_output_tokens = Some(MAX_OUTPUT);
    }
    model
}

fn plan_with(n_items: usize, models: Vec<ModelSpec>, budget: u64) -> Plan {
    Plan { budget: Some(MicroDollars(budget)), ..plan(n_items, models) }
}

/// An answer that costs this many micro-dollars.
fn answer_for(cost: u64) -> Completion {
    let usage = Usage { output_tokens: cost, ..Usage::default() };
    Completion { usage: Some(usage), ..answer() }
}

/// The most that a call to `priced` may cost.
fn ceiling(plan: &Plan) -> u64 {
    let bytes = cost::all_prompt_bytes(plan).into_iter().max().unwrap();
    bytes + cost::OVERHEAD_TOKENS + u64::from(MAX_OUTPUT)
}

fn stop_of(world: &World<'_>, model: usize) -> Option<Stop> {
    world.engine.progress(world.now)[model].stopped.clone()
}

#[test]
fn a_run_stops_before_the_call_that_could_exceed_its_budget() {
    let plan = plan_with(1_000, vec![priced("a")], 100_000);
    let mut world = World::new(&plan, |_| End::Returned(200, Ok(answer_for(500))))
        .checked(|engine, _| assert!(engine.spending().at_most() <= MicroDollars(100_000)));
    world.tell(Event::Go);
    world.run();
    assert_eq!(stop_of(&world, 0), Some(Stop::Budget));
    assert!(world.over_at.is_some());
    assert!(!world.engine.is_complete());
    let spending = world.engine.spending();
    assert_eq!(spending.reserved, MicroDollars(0));
    // It waited for calls under way to turn out cheaper than they might have been, so little of the budget is left.
    let left = 100_000 - spending.spent.0;
    assert!(left < ceiling(&plan), "{left} left");
    assert_eq!(world.answered().len() as u64, spending.spent.0 / 500);
}

#[test]
fn a_raised_budget_is_journaled_and_lets_the_run_go_on() {
    let plan = plan_with(200, vec![priced("a")], 10_000);
    let mut world = World::new(&plan, |_| End::Returned(200, Ok(answer_for(500))));
    world.tell(Event::Go);
    world.run();
    let n_before = world.answered().len();
    assert!(n_before < 200);
    world.tell(Event::SetBudget(None));
    world.run();
    assert_eq!(world.answered().len(), 200);
    assert!(world.engine.is_complete());
    let set = |entry: &&Entry| matches!(entry.body, Body::BudgetSet { budget: None });
    assert_eq!(world.entries.iter().filter(set).count(), 1);
    let reopened = Engine::new(&plan, &world.entries, Settings::default());
    assert_eq!(reopened.spending(), world.engine.spending());
}

#[test]
fn a_model_without_a_price_is_not_asked_under_a_budget() {
    let free = ModelSpec::new(
        "guess",
        Class::Baseline,
        Seat::Baseline { rule: crate::provider::Baseline::UniformGuess, seed: 1 },
    );
    let plan = plan_with(20, vec![api_model("dark"), priced("a"), free], 1_000_000);
    let mut world = World::new(&plan, |_| End::Returned(10, Ok(answer_for(5))));
    world.tell(Event::Go);
    world.run();
    assert_eq!(stop_of(&world, 0), Some(Stop::NoPrice));
    assert!(world.answered().iter().all(|trial| trial.model != 0));
    assert_eq!(world.answered().len(), 40, "the others are");
    world.tell(Event::SetBudget(None));
    world.run();
    assert_eq!(world.answered().len(), 60);
}

#[test]
fn a_budget_that_no_call_fits_into_asks_nothing() {
    let mut model = priced("a");
    if let Seat::Api(endpoint) = &mut model.seat {
        endpoint.settings.max_output_tokens = None;
    }
    let plan = plan_with(5, vec![model], cost::DEFAULT_OUTPUT_CEILING);
    let mut world = World::new(&plan, |_| End::Returned(10, Ok(answer_for(5))));
    world.tell(Event::Go);
    assert_eq!(stop_of(&world, 0), Some(Stop::Budget));
    assert!(world.n_asked.is_empty());
}

#[test]
fn what_may_have_cost_something_counts_and_what_was_refused_does_not() {
    let text = String::new;
    let bound = |plan: &Plan| MicroDollars(ceiling(plan));
    let server = |status| Failure::Server { status, wait_millis: None, message: text() };
    for (failure, counts, streamed) in [
        (Failure::TimedOut { limit_millis: 5 }, true, false),
        (Failure::Unreachable { message: text() }, true, false),
        (Failure::Malformed { message: text() }, true, false),
        (server(500), false, false),
        (server(504), true, false),
        (server(500), true, true),
        (rate_limited(None), false, true),
        (Failure::Refused { status: 422, message: text() }, false, true),
        (Failure::KeyRefused { message: text() }, false, true),
        (Failure::NoCredit { message: text() }, false, true),
    ] {
        let mut model = priced("a");
        if let (true, Seat::Api(endpoint)) = (streamed, &mut model.seat) {
            endpoint.settings.delivery = Delivery::Streamed;
        }
        let plan = plan_with(1, vec![model], 1_000_000);
        let mut engine = Engine::new(&plan, &[], Settings::default());
        engine.handle(0, Event::Go);
        assert_eq!(engine.spending().reserved, bound(&plan));
        engine.handle(1, Event::Returned { call: CallId(1), result: Err(failure.clone()) });
        let spending = engine.spending();
        let expected = if counts { bound(&plan) } else { MicroDollars(0) };
        assert_eq!(spending.may_have_cost, expected, "{failure}");
        assert_eq!(spending.spent, MicroDollars(0));
    }
}

#[test]
fn an_answer_without_a_count_of_tokens_counts_at_its_bound() {
    let plan = plan_with(1, vec![priced("a")], 1_000_000);
    let mut world = World::new(&plan, |_| End::Returned(10, Ok(answer())));
    world.tell(Event::Go);
    world.run();
    let spending = world.engine.spending();
    assert_eq!((spending.spent, spending.may_have_cost.0), (MicroDollars(0), ceiling(&plan)));
}

#[test]
fn calls_that_a_person_calls_off_are_journaled_since_they_may_be_charged_for() {
    let plan = plan_with(10, vec![priced("a")], 1_000_000);
    let mut world = World::new(&plan, |_| End::Silence);
    world.tell(Event::Go);
    world.tell(Event::Cancel);
    let spending = world.engine.spending();
    assert_eq!(spending.may_have_cost.0, 4 * ceiling(&plan));
    assert_eq!(spending.reserved, MicroDollars(0));
    let journal = Journal { plan, entries: world.entries.clone() };
    assert_eq!(Spending::of(&journal), spending);
}

#[test]
fn a_provider_that_charges_more_than_it_may_stops_the_run() {
    let plan = plan_with(100, vec![priced("a")], 10_000);
    let mut world = World::new(&plan, |_| {
        let usage = Usage { charged: Some(MicroDollars(50_000)), ..Usage::default() };
        End::Returned(10, Ok(Completion { usage: Some(usage), ..answer() }))
    });
    world.tell(Event::Go);
    world.run();
    assert_eq!(stop_of(&world, 0), Some(Stop::Budget));
    assert!(world.n_asked.len() <= 4);
}

/// How a call of the random provider ends.
#[derive(Debug, Clone)]
struct Fate {
    after: u64,
    /// In thousandths of the most that it may cost.
    cost: u64,
    kind: u8,
}

fn fates() -> impl Strategy<Value = Vec<Fate>> {
    let fate = (0_u64..5_000, 0_u64..=1_000, 0_u8..12);
    prop::collection::vec(fate.prop_map(|(after, cost, kind)| Fate { after, cost, kind }), 1..60)
}

fn end(fate: &Fate, most: u64) -> End {
    let message = String::new();
    let result = match fate.kind {
        0 => Err(Failure::Unreachable { message }),
        1 => Err(Failure::Malformed { message }),
        2 => Err(Failure::Server { status: 503, wait_millis: None, message }),
        3 => Err(Failure::Server { status: 504, wait_millis: None, message }),
        4 => Err(rate_limited(Some(fate.after))),
        5 => Err(Failure::Refused { status: 400, message }),
        6 => Ok(answer()),
        7 => return End::Silence,
        8 => return End::Reused(answer_for(most)),
        _ => Ok(answer_for(most * fate.cost / 1_000)),
    };
    End::Returned(fate.after, result)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]

    #[test]
    fn the_budget_is_never_exceeded(
        fates in fates(),
        budget in 0_u64..60_000,
        lowered in prop::option::of((0_u64..20_000, 0_u64..60_000)),
        n_models in 1_usize..4,
    ) {
        let models = (0..n_models).map(|n| priced(&format!("m{n}"))).collect();
        let plan = plan_with(40, models, budget);
        let most = ceiling(&plan) - 10;
        let mut n_call = 0;
        let highest = lowered.map_or(budget, |(_, to)| budget.max(to));
        let mut world = World::new(&plan, |_: &Asked| {
            n_call += 1;
            end(&fates[n_call % fates.len()], most)
        })
        .checked(|engine, _| {
            let spending = engine.spending();
            assert!(spending.at_most() <= MicroDollars(highest), "{spending:?}");
        });
        if let Some((after, to)) = lowered {
            world.at(after, Event::SetBudget(Some(MicroDollars(to))));
        }
        world.tell(Event::Go);
        world.run();
        let spending = world.engine.spending();
        prop_assert_eq!(spending.reserved, MicroDollars(0));
        // The journal alone tells the same, and so does a page that opens the run again.
        let journal = Journal { plan: plan.clone(), entries: world.entries.clone() };
        prop_assert_eq!(Spending::of(&journal), spending);
        let reopened = Engine::new(&plan, &world.entries, Settings::default());
        prop_assert_eq!(reopened.spending(), spending);
        // Nobody is left behind without a reason.
        for progress in world.engine.progress(world.now) {
            let n_ended = progress.n_answered + progress.n_failed;
            prop_assert!(n_ended == progress.n_total || progress.stopped.is_some());
        }
    }
}
