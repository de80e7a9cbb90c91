//! Owns the checks of a pace that a person typed, and of providers that count calls and tokens.

use super::world::{Asked, End, World};
use super::*;
use crate::provider::{Pace, Usage};

fn paced(requests: Option<u32>, tokens: Option<u32>) -> ModelSpec {
    let mut model = api_model("a");
    model.pace = Pace { requests_per_minute: requests, tokens_per_minute: tokens };
    if let Seat::Api(endpoint) = &mut model.seat {
        endpoint.settings.max_output_tokens = Some(400);
    }
    model
}

fn answer_of(input_tokens: u64, output_tokens: u64) -> Completion {
    let usage = Usage { input_tokens, output_tokens, ..Usage::default() };
    Completion { usage: Some(usage), ..answer() }
}

/// The most that any minute saw, of calls at times with weights.
fn most_in_a_minute(calls: &[(u64, u64)]) -> u64 {
    let weight_from = |start: u64| {
        let within = calls.iter().filter(move |(at, _)| (start..start + 60_000).contains(at));
        within.map(|(_, weight)| weight).sum::<u64>()
    };
    calls.iter().map(|(at, _)| weight_from(*at)).max().unwrap_or(0)
}

#[test]
fn a_typed_number_of_calls_a_minute_is_kept_and_used() {
    let plan = plan(500, vec![paced(Some(120), None)]);
    let mut sent = vec![];
    let mut world = World::new(&plan, |asked| {
        sent.push((asked.now, 1));
        End::Returned(700, Ok(answer()))
    });
    world.tell(Event::Go);
    world.run();
    assert_eq!(world.answered().len(), 500);
    let took = world.over_at.unwrap() - 1_000_000;
    drop(world);
    assert!(most_in_a_minute(&sent) <= 120, "{}", most_in_a_minute(&sent));
    assert!(took < 260_000, "500 calls at 120 a minute take 250 s, not {took} ms");
}

#[test]
fn a_typed_number_of_tokens_a_minute_is_kept_by_what_was_used() {
    let plan = plan(300, vec![paced(None, Some(20_000))]);
    let mut used = vec![];
    let mut random = SplitMix64::new(5);
    let mut world = World::new(&plan, |asked| {
        let n = 50 + random.below(350);
        used.push((asked.now, 30 + n));
        End::Returned(1_000, Ok(answer_of(30, n)))
    });
    world.tell(Event::Go);
    world.run();
    assert_eq!(world.answered().len(), 300);
    let took = world.over_at.unwrap() - 1_000_000;
    drop(world);
    let most = most_in_a_minute(&used);
    assert!(most <= 20_000, "{most} tokens in a minute");
    let total: u64 = used.iter().map(|(_, n)| n).sum();
    let per_minute = total * 60_000 / took;
    assert!(16_000 < per_minute, "{per_minute} tokens a minute of 20,000");
}

#[test]
fn two_participants_with_the_same_model_share_the_stricter_pace() {
    let plan = plan(100, vec![paced(Some(600), None), paced(Some(60), None)]);
    let mut sent = vec![];
    let mut world = World::new(&plan, |asked| {
        sent.push((asked.now, 1));
        End::Returned(100, Ok(answer()))
    });
    world.tell(Event::Go);
    world.run();
    assert_eq!(world.answered().len(), 200);
    drop(world);
    assert!(most_in_a_minute(&sent) <= 60);
}

#[test]
fn a_pace_is_told_and_its_wake_up_is_asked_for() {
    let plan = plan(10, vec![paced(Some(30), None)]);
    let mut world = World::new(&plan, |_| End::Returned(10, Ok(answer())));
    world.tell(Event::Go);
    world.run_until(1_000_500);
    assert_eq!(world.engine.progress(world.now)[0].paced_until, Some(1_002_000));
}

/// A provider that counts calls and tokens in buckets of a minute, and does not say how long to wait.
struct Buckets {
    calls: f64,
    tokens: f64,
    filled_at: u64,
    n_refused: u32,
}

impl Buckets {
    const CALLS: f64 = 300.0;
    const TOKENS: f64 = 60_000.0;

    fn new() -> Self {
        Self { calls: 20.0, tokens: Self::TOKENS / 6.0, filled_at: 1_000_000, n_refused: 0 }
    }

    fn ask(&mut self, asked: &Asked) -> End {
        let minutes = (asked.now - self.filled_at) as f64 / 60_000.0;
        self.filled_at = asked.now;
        self.calls = (self.calls + minutes * Self::CALLS).min(20.0);
        self.tokens = (self.tokens + minutes * Self::TOKENS).min(Self::TOKENS / 6.0);
        if self.calls < 1.0 || self.tokens < 250.0 {
            self.n_refused += 1;
            return End::Returned(60, Err(rate_limited(None)));
        }
        self.calls -= 1.0;
        self.tokens -= 250.0;
        End::Returned(800, Ok(answer_of(100, 150)))
    }
}

#[test]
fn a_provider_with_buckets_of_calls_and_tokens_loses_nothing() {
    let plan = plan(600, vec![api_model("a")]);
    let mut buckets = Buckets::new();
    let mut world = World::new(&plan, |asked| buckets.ask(asked));
    world.tell(Event::Go);
    world.run();
    assert_eq!(world.answered().len(), 600);
    assert!(world.failed().is_empty());
    let minutes = (world.over_at.unwrap() - 1_000_000) as f64 / 60_000.0;
    drop(world);
    assert!(
        minutes < 5.0,
        "600 questions of 250 tokens at 60,000 a minute take 2.5, not {minutes}"
    );
    assert!(buckets.n_refused < 300, "{} refusals", buckets.n_refused);
}

#[test]
fn a_typed_pace_below_the_providers_is_never_refused() {
    let mut model = paced(Some(200), Some(50_000));
    if let Seat::Api(endpoint) = &mut model.seat {
        endpoint.settings.max_output_tokens = Some(150);
    }
    let plan = plan(600, vec![model]);
    let mut buckets = Buckets::new();
    let mut world = World::new(&plan, |asked| buckets.ask(asked));
    world.tell(Event::Go);
    world.run();
    assert_eq!(world.answered().len(), 600);
    assert!(world.n_asked.values().all(|n| *n == 1));
}
