//! Owns the check of a long run under every kind of failure at once.

use super::world::{Asked, End, World};
use super::*;

/// Failures of every kind: a storm of 429 in one minute of three, and a third of all calls failing in between.
fn storm(random: &mut SplitMix64, asked: &Asked) -> End {
    let message = String::new;
    let minute = (asked.now - 1_000_000) / 60_000;
    if minute % 3 == 1 {
        let wait_millis = random.below(2).eq(&0).then_some(5_000);
        return End::Returned(40, Err(rate_limited(wait_millis)));
    }
    let server = |status| Failure::Server { status, wait_millis: None, message: message() };
    let failure = match random.below(24) {
        0 => server(500),
        1 => server(502),
        2 => server(529),
        3 => Failure::Unreachable { message: message() },
        4 => Failure::Malformed { message: message() },
        5 => Failure::Refused { status: 400, message: message() },
        6 if random.below(20) == 0 => return End::Silence,
        _ => return End::Returned(150 + random.below(600), Ok(answer())),
    };
    End::Returned(random.below(300), Err(failure))
}

#[test]
fn two_thousand_questions_under_every_failure_end_once_each_within_their_tries() {
    let plan = plan(500, (0..4).map(|n| api_model(&format!("m{n}"))).collect());
    let mut random = SplitMix64::new(11);
    let mut world = World::new(&plan, |asked| storm(&mut random, asked));
    world.store_millis = 12;
    world.tell(Event::Go);
    world.run();
    let (answered, failed) = (world.answered(), world.failed());
    assert_eq!(answered.len() + failed.len(), 2_000);
    assert!(world.n_asked.values().all(|n| *n <= retry::MAX_ATTEMPTS_RATE_LIMITED));
    // What was refused for good is the most of it: one in 24 calls.
    assert!(failed.len() < 200, "{} given up", failed.len());
    assert!(world.engine.is_complete());
    // Each try is in the journal, with its number.
    let mut n_journaled: BTreeMap<TrialId, u32> = BTreeMap::new();
    for entry in &world.entries {
        let Body::Attempt(attempt) = &entry.body else { continue };
        let n = n_journaled.entry(attempt.trial).or_default();
        *n += 1;
        assert_eq!(attempt.n, *n);
    }
    assert_eq!(n_journaled, world.n_asked);
    assert!(world.in_flight.is_empty());
}
