//! Owns the checks of what happens when a model refuses a setting.

use super::world::{Asked, End, World};
use super::*;
use crate::provider::Setting;

fn unsupported(setting: Setting) -> Failure {
    Failure::Unsupported { setting, message: "not this one".into() }
}

/// A model that is sent a temperature, a seed and a limit on its answers.
fn model() -> ModelSpec {
    let mut model = api_model("a");
    if let Seat::Api(endpoint) = &mut model.seat {
        endpoint.settings.temperature = Some(0.0);
        endpoint.settings.seed = Some(7);
        endpoint.settings.max_output_tokens = Some(100);
    }
    model
}

/// A provider that refuses a temperature and, after that, a seed.
fn strict(asked: &Asked) -> End {
    let settings = asked.endpoint.as_ref().unwrap().settings;
    if settings.temperature.is_some() {
        return End::Returned(30, Err(unsupported(Setting::Temperature)));
    }
    if settings.seed.is_some() {
        return End::Returned(30, Err(unsupported(Setting::Seed)));
    }
    End::Returned(200, Ok(answer()))
}

fn adapted(entries: &[Entry]) -> Vec<Setting> {
    let adapted = entries.iter().filter_map(|entry| match &entry.body {
        Body::Adapted { model: 0, setting, .. } => Some(*setting),
        _ => None,
    });
    adapted.collect()
}

#[test]
fn a_refused_setting_is_dropped_once_and_everything_is_answered() {
    let plan = plan(50, vec![model()]);
    let mut world = World::new(&plan, strict);
    world.tell(Event::Go);
    world.run();
    assert_eq!(world.answered().len(), 50);
    assert_eq!(adapted(&world.entries), [Setting::Temperature, Setting::Seed]);
    // Only the four calls that were under way met each refusal.
    assert_eq!(world.n_asked.values().sum::<u32>(), 50 + 4 + 4);
    let endpoint = world.engine.endpoint(0).unwrap();
    assert_eq!((endpoint.settings.temperature, endpoint.settings.seed), (None, None));
    assert_eq!(endpoint.settings.max_output_tokens, Some(100));
    let withheld: Vec<Setting> = endpoint.withheld.iter().map(|held| held.setting).collect();
    assert_eq!(withheld, [Setting::Temperature, Setting::Seed]);
    // A page that opens the run later asks without them from the first call on.
    let reopened = Engine::new(&plan, &world.entries, Settings::default());
    assert_eq!(reopened.endpoint(0), world.engine.endpoint(0));
}

#[test]
fn the_question_is_asked_again_at_once_and_all_its_tries_are_left() {
    let plan = plan(1, vec![model()]);
    let mut world = World::new(&plan, |asked| match asked.n {
        1 | 2 => strict(asked),
        _ => End::Returned(
            10,
            Err(Failure::Server { status: 500, wait_millis: None, message: String::new() }),
        ),
    });
    world.tell(Event::Go);
    world.run_until(1_000_030);
    assert_eq!(world.n_asked.values().sum::<u32>(), 2, "asked again at once");
    world.run();
    assert_eq!(world.failed().len(), 1);
    assert_eq!(world.n_asked.values().sum::<u32>(), 2 + retry::MAX_ATTEMPTS);
    let numbers: Vec<u32> = world
        .entries
        .iter()
        .filter_map(|entry| match &entry.body {
            Body::Attempt(attempt) => Some(attempt.n),
            _ => None,
        })
        .collect();
    assert_eq!(numbers, [1, 2, 3, 4, 5, 6, 7, 8], "each try is in the journal");
}

#[test]
fn a_second_refusal_of_what_is_not_sent_any_more_is_a_refusal() {
    let plan = plan(20, vec![model()]);
    let always = |_: &Asked| End::Returned(10, Err(unsupported(Setting::Temperature)));
    let mut world = World::new(&plan, always);
    world.tell(Event::Go);
    world.run();
    assert_eq!(adapted(&world.entries), [Setting::Temperature]);
    assert_eq!(world.failed().len(), 20);
    assert_eq!(world.n_asked.values().sum::<u32>(), 20 + 4);
}

#[test]
fn tries_that_did_not_count_before_a_crash_do_not_count_after_it() {
    let plan = plan(1, vec![model()]);
    let mut world = World::new(&plan, strict);
    world.tell(Event::Go);
    world.run_until(1_000_060);
    let entries = world.entries.clone();
    let mut after = World::after(&plan, entries, Settings::default(), |_| {
        let failure = Failure::Server { status: 500, wait_millis: None, message: String::new() };
        End::Returned(10, Err(failure))
    });
    after.tell(Event::Go);
    after.run();
    assert_eq!(after.n_asked.values().sum::<u32>(), retry::MAX_ATTEMPTS);
}
