//! Owns the checks of who shares a pace with whom, and of when a place is free again.

use super::world::{Asked, End, World};
use super::*;

/// A model at one provider.
fn at_one_provider(name: &str, model_id: &str) -> ModelSpec {
    let endpoint = Endpoint::new(Protocol::OpenAiChat, "https://one.example/v1", model_id);
    ModelSpec::new(name, Class::GeneralPurpose, Seat::Api(endpoint))
}

fn well(_: &Asked) -> End {
    End::Returned(200, Ok(answer()))
}

/// Most calls that were under way at once, over all models together.
fn most_in_flight(plan: &Plan) -> u32 {
    let (mut most, mut ends) = (0, Vec::<u64>::new());
    let mut world = World::new(plan, |asked| {
        ends.retain(|end| asked.now < *end);
        ends.push(asked.now + 300);
        most = most.max(ends.len());
        End::Returned(300, Ok(answer()))
    });
    world.tell(Event::Go);
    world.run();
    assert_eq!(world.answered().len(), plan.items.len() * plan.models.len());
    drop(world);
    u32::try_from(most).unwrap()
}

#[test]
fn two_participants_with_the_same_model_at_the_same_address_share_its_limit() {
    let mut other = at_one_provider("warm", "m");
    if let Seat::Api(endpoint) = &mut other.seat {
        endpoint.settings.temperature = Some(1.0);
        // The same origin, written in another way.
        endpoint.base_url = "https://ONE.example:443/v1".to_owned();
    }
    let shared = plan(400, vec![at_one_provider("cold", "m"), other]);
    assert_eq!(most_in_flight(&shared), Settings::default().max_in_flight);
    let apart = plan(400, vec![at_one_provider("a", "m"), at_one_provider("b", "n")]);
    assert_eq!(most_in_flight(&apart), 2 * Settings::default().max_in_flight);
}

#[test]
fn those_who_share_a_limit_take_turns() {
    let plan = plan(300, vec![at_one_provider("a", "m"), at_one_provider("b", "m")]);
    let mut world = World::new(&plan, well);
    world.tell(Event::Go);
    world.run_until(1_002_000);
    let progress = world.engine.progress(world.now);
    let difference = progress[0].n_answered.abs_diff(progress[1].n_answered);
    assert!(20 < progress[0].n_answered && difference <= 1, "{progress:?}");
}

#[test]
fn a_dead_model_slows_down_none_of_nine_others_at_the_same_provider() {
    let models: Vec<ModelSpec> =
        (0..10).map(|n| at_one_provider(&format!("m{n}"), &format!("m{n}"))).collect();
    let plan = plan(200, models);
    let mut all_well = World::new(&plan, well);
    all_well.tell(Event::Go);
    all_well.run();
    for dead in [|_: &Asked| End::Silence, |_: &Asked| End::Returned(5, Err(rate_limited(None)))] {
        let mut world = World::new(&plan, |asked| match asked.trial.model {
            3 => dead(asked),
            _ => well(asked),
        });
        world.tell(Event::Go);
        world.run();
        assert_eq!(world.answered().len(), 9 * 200);
        assert_eq!(world.failed().len(), 200);
        for model in (0..10).filter(|model| *model != 3) {
            assert_eq!(world.ended_at[&model], all_well.ended_at[&model]);
        }
    }
}

#[test]
fn plain_http_keeps_to_six_calls_of_a_shared_model() {
    let local = |name: &str| {
        let endpoint = Endpoint::new(Protocol::Ollama, "http://localhost:11434", "m");
        ModelSpec::new(name, Class::GeneralPurpose, Seat::Api(endpoint))
    };
    assert_eq!(most_in_flight(&plan(60, vec![local("a"), local("b")])), 6);
}

/// Simulates with a store that takes its time; when it was over, and the most answers at risk at a limit.
fn with_store(store_millis: u64, start_in_flight: u32) -> (u64, Vec<(u32, usize)>) {
    let plan = plan(3_000, vec![api_model("a")]);
    let settings = Settings { start_in_flight, ..Settings::default() };
    let at_risk = std::cell::RefCell::new(vec![]);
    let mut world = World::after(&plan, vec![], settings, well).checked(|engine, now| {
        let progress = &engine.progress(now)[0];
        let n_left = progress.n_total - progress.n_answered - progress.n_failed;
        let n_idle = engine.lanes[0].count(Standing::Ready) + progress.n_waiting;
        at_risk.borrow_mut().push((progress.limit, n_left - n_idle));
    });
    world.store_millis = store_millis;
    world.tell(Event::Go);
    world.run();
    assert_eq!(world.answered().len(), 3_000);
    assert!(world.n_asked.values().all(|n| *n == 1));
    let took = world.over_at.unwrap() - 1_000_000;
    drop(world);
    (took, at_risk.into_inner())
}

#[test]
fn a_store_that_takes_an_eighth_of_a_call_costs_no_time() {
    // Once the limit is learnt; while it is learnt, each of five doublings waits for the store once.
    let (at_once, _) = with_store(0, 64);
    let (slowly, _) = with_store(25, 64);
    assert!(slowly <= at_once + at_once / 50, "{slowly} ms instead of {at_once} ms");
    let (_, at_risk) = with_store(25, 4);
    for (limit, n_at_risk) in at_risk {
        assert!(n_at_risk <= (limit + limit / 8) as usize, "{n_at_risk} at a limit of {limit}");
    }
}

#[test]
fn a_store_that_stands_still_holds_the_run_at_its_limit() {
    let plan = plan(3_000, vec![api_model("a")]);
    let mut world = World::new(&plan, well);
    world.store_millis = 10_000_000;
    world.tell(Event::Go);
    world.run_until(5_000_000);
    // Four at a time, doubled after a clean round of four; nothing more before the first of them is safe.
    let n_sent: u32 = world.n_asked.values().sum();
    assert!(n_sent <= 64 + 8, "{n_sent} sent");
    assert_eq!(
        world.engine.progress(world.now)[0].n_answered,
        0,
        "nothing counts before it is safe"
    );
}

#[test]
fn the_limit_grows_when_clean_answers_arrive_and_not_when_they_are_safe() {
    let plan = plan(100, vec![api_model("a")]);
    let mut world = World::new(&plan, well);
    world.store_millis = 10_000_000;
    world.tell(Event::Go);
    world.run_until(1_000_200);
    assert_eq!(world.engine.progress(world.now)[0].limit, 8);
    assert_eq!(world.engine.progress(world.now)[0].n_answered, 0);
}

#[test]
fn a_call_that_fails_unseen_is_tried_again_where_its_origin_has_answered_anything() {
    // Two models of one provider: one answers, the other's first calls fail without a readable reason.
    let plan = plan(40, vec![at_one_provider("a", "m"), at_one_provider("b", "n")]);
    let mut world = World::new(&plan, |asked| match (asked.trial.model, asked.n) {
        (1, 1) if asked.now < 1_000_500 && asked.trial.item < 2 => {
            End::Returned(400, Err(Failure::Unreachable { message: String::new() }))
        }
        _ => well(asked),
    });
    world.tell(Event::Go);
    world.run();
    assert_eq!(world.answered().len(), 80);
    assert!(world.failed().is_empty());
}

#[test]
fn a_model_whose_calls_all_fail_unseen_stops_soon_even_where_its_neighbour_answers() {
    let plan = plan(400, vec![at_one_provider("a", "m"), at_one_provider("b", "wrong")]);
    let mut world = World::new(&plan, |asked| match asked.trial.model {
        1 => End::Returned(300, Err(Failure::Unreachable { message: String::new() })),
        _ => well(asked),
    });
    world.tell(Event::Go);
    world.run();
    let n_wrong: u32 =
        world.n_asked.iter().filter(|(trial, _)| trial.model == 1).map(|(_, n)| n).sum();
    assert!(n_wrong <= 8, "{n_wrong} calls");
    assert!(matches!(world.engine.progress(0)[1].stopped, Some(Stop::Failure(_))));
    assert_eq!(world.answered().len(), 400);
}

#[test]
fn hundred_thousand_trials_are_worked_off_step_by_step() {
    // Each event looks at a few things only: were one of them to look at every trial, this would take minutes.
    let plan = plan(100_000, vec![api_model("a")]);
    let mut world = World::new(&plan, well);
    world.store_millis = 20;
    world.tell(Event::Go);
    world.run();
    assert_eq!(world.answered().len(), 100_000);
    assert!(world.engine.is_complete());
}
