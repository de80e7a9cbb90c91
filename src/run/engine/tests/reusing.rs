//! Owns the checks of answers that are taken from earlier runs.

use super::world::{Asked, End, World};
use super::*;
use crate::provider::{Pace, Price, Usage};

fn known() -> Completion {
    let usage = Usage { input_tokens: 100, output_tokens: 10, ..Usage::default() };
    Completion { usage: Some(usage), ..answer() }
}

fn priced() -> ModelSpec {
    let price = Price {
        input: MicroDollars(1_000_000),
        output: MicroDollars(1_000_000),
        cached_input: None,
        per_call: None,
    };
    ModelSpec { price: Some(price), ..api_model("a") }
}

/// Every other question was answered before.
fn half(asked: &Asked) -> End {
    if asked.trial.item.is_multiple_of(2) {
        End::Reused(known())
    } else {
        End::Returned(100, Ok(known()))
    }
}

#[test]
fn a_reused_answer_is_marked_and_costs_nothing() {
    let plan = plan(100, vec![priced()]);
    let mut world = World::new(&plan, half);
    world.tell(Event::Go);
    world.run();
    assert_eq!(world.answered().len(), 100);
    assert_eq!(world.engine.progress(world.now)[0].n_reused, 50);
    assert_eq!(world.engine.spending().spent, MicroDollars(50 * 110));
    assert_eq!(world.engine.spending().at_most(), MicroDollars(50 * 110));
    for entry in &world.entries {
        let Body::Attempt(attempt) = &entry.body else { continue };
        let is_reused = attempt.trial.item.is_multiple_of(2);
        assert_eq!(attempt.reused.is_some(), is_reused);
        assert_eq!(attempt.cost, Some(MicroDollars(if is_reused { 0 } else { 110 })));
    }
    let reopened = Engine::new(&plan, &world.entries, Settings::default());
    assert_eq!(reopened.progress(0)[0].n_reused, 50);
}

#[test]
fn a_reused_answer_tells_nothing_about_the_provider() {
    let plan = plan(200, vec![priced()]);
    let mut world = World::new(&plan, |_| End::Reused(known()));
    world.tell(Event::Go);
    world.run();
    assert_eq!(world.answered().len(), 200);
    assert_eq!(world.engine.progress(world.now)[0].limit, 4, "the limit was not learnt");
}

#[test]
fn a_reused_answer_uses_up_nothing_of_a_typed_pace() {
    let mut model = priced();
    model.pace = Pace { requests_per_minute: Some(60), tokens_per_minute: Some(1_000) };
    let plan = plan(200, vec![model]);
    let mut world = World::new(&plan, |_| End::Reused(known()));
    world.tell(Event::Go);
    world.run();
    assert_eq!(world.answered().len(), 200);
    assert_eq!(world.over_at, Some(1_000_000), "no call left, so no time went by");
}

#[test]
fn a_reused_answer_for_a_call_that_is_gone_changes_nothing() {
    let plan = plan(1, vec![priced()]);
    let mut engine = Engine::new(&plan, &[], Settings::default());
    engine.handle(0, Event::Go);
    let reused = Reused { run_id: "x".into(), at_millis: 1 };
    let event = Event::Reused { call: CallId(1), completion: known(), reused };
    assert_eq!(engine.handle(1, event.clone()).len(), 1);
    assert!(engine.handle(2, event).is_empty());
}
