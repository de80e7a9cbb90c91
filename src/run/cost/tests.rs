//! Checks of bounds, ranges and sums of money.

use super::*;
use crate::dataset::Item;
use crate::prompt::{Prompting, ReplyLength};
use crate::provider::{Class, Effort, Protocol};
use crate::run::fixture;

/// A dollar for a million tokens sent, two for a million received.
const PRICE: Price = Price {
    input: MicroDollars(1_000_000),
    output: MicroDollars(2_000_000),
    cached_input: None,
    per_call: None,
};

fn model(name: &str, price: Option<Price>) -> ModelSpec {
    let endpoint = Endpoint::new(Protocol::OpenAiChat, "https://api.example.org/v1", name);
    ModelSpec { price, ..ModelSpec::new(name, Class::GeneralPurpose, Seat::Api(endpoint)) }
}

fn prompt_bytes(item: &Item) -> u64 {
    Prompter::new(&Prompting::default()).n_bytes(item)
}

fn plan(models: Vec<ModelSpec>) -> Plan {
    let mut plan = fixture::journal("r", &[("m", Class::GeneralPurpose, &["---"])]).plan;
    plan.assigned = vec![None; models.len()];
    plan.models = models;
    plan.prompting = Prompting::default();
    plan
}

fn limited(mut model: ModelSpec, max_output_tokens: u32) -> ModelSpec {
    if let Seat::Api(endpoint) = &mut model.seat {
        endpoint.settings.max_output_tokens = Some(max_output_tokens);
    }
    model
}

fn endpoint_of(model: &ModelSpec) -> &Endpoint {
    model.seat.endpoint().unwrap()
}

#[test]
fn a_call_is_bounded_by_its_bytes_and_by_the_limit_of_its_answer() {
    let model = limited(model("m", Some(PRICE)), 300);
    let bound = ceiling(&PRICE, endpoint_of(&model), 1_000);
    assert_eq!(bound, MicroDollars(1_000 + OVERHEAD_TOKENS + 2 * 300));
}

#[test]
fn an_answer_without_a_limit_is_bounded_by_the_longest_that_models_give() {
    let model = model("m", Some(PRICE));
    assert_eq!(output_ceiling(endpoint_of(&model)), DEFAULT_OUTPUT_CEILING);
    let bound = ceiling(&PRICE, endpoint_of(&model), 0);
    assert_eq!(bound, MicroDollars(OVERHEAD_TOKENS + 2 * DEFAULT_OUTPUT_CEILING));
}

#[test]
fn the_bytes_of_a_prompt_are_counted_and_not_its_letters() {
    let options = ["ja", "nein"];
    let plain = Item::single_choice("q", "Hort es auf?", &options, 0);
    let accented = Item::single_choice("q", "Hört es auf?", &options, 0);
    assert_eq!(prompt_bytes(&plain) + 1, prompt_bytes(&accented));
}

#[test]
fn an_estimate_adds_up_over_items_repeats_and_models() {
    let mut plan = plan(vec![
        limited(model("a", Some(PRICE)), 1_000),
        limited(model("b", Some(PRICE)), 1_000),
    ]);
    plan.n_repeats = 2;
    plan.assigned[1] = Some(vec![0]);
    let bytes: Vec<u64> = plan.items.iter().map(prompt_bytes).collect();
    let estimate = estimate(&plan);
    let all: u64 = 2 * bytes.iter().sum::<u64>();
    let first = estimate.models[0];
    assert_eq!((first.n_calls, estimate.models[1].n_calls, estimate.total.n_calls), (6, 2, 8));
    assert_eq!(first.input_tokens, Span { low: all / 6, high: all.div_ceil(2) });
    // Three tokens for a letter; a letter with thinking is more than the limit lets through.
    assert_eq!(first.output_tokens, Span { low: 6 * 3, high: 6 * 1_000 });
    assert_eq!(
        first.money,
        Some(Span {
            low: MicroDollars(all / 6 + 2 * 6 * 3),
            high: MicroDollars(all.div_ceil(2) + 2 * 6 * 1_000),
        })
    );
    let sum = estimate.models[0] + estimate.models[1];
    assert_eq!(sum, estimate.total);
}

#[test]
fn the_bounds_of_calls_one_by_one_never_exceed_the_bound_of_all() {
    let price = Price {
        input: MicroDollars(1),
        output: MicroDollars(333_333),
        cached_input: None,
        per_call: None,
    };
    let plan = plan(vec![limited(model("a", Some(price)), 7)]);
    let one_by_one: MicroDollars = plan
        .items
        .iter()
        .map(|item| {
            let bytes = prompt_bytes(item);
            ceiling(&price, endpoint_of(&plan.models[0]), bytes)
        })
        .sum();
    let estimate = estimate(&plan);
    assert!(one_by_one <= estimate.total.ceiling.unwrap());
    assert!(estimate.total.money.unwrap().high <= estimate.total.ceiling.unwrap());
}

#[test]
fn an_unknown_price_leaves_the_money_open_and_tells_the_rest() {
    let estimate = estimate(&plan(vec![model("a", Some(PRICE)), model("b", None)]));
    assert!(estimate.models[0].money.is_some());
    assert_eq!(estimate.models[1].money, None);
    assert_eq!((estimate.total.money, estimate.total.ceiling), (None, None));
    assert_eq!(estimate.total.n_calls, 6);
    assert!(0 < estimate.total.input_tokens.low);
}

#[test]
fn whoever_has_no_provider_costs_nothing() {
    let person = ModelSpec::new("You", Class::Person, Seat::Person);
    let estimate = estimate(&plan(vec![person]));
    assert_eq!(estimate.total, Part::NONE);
}

#[test]
fn who_thinks_more_is_expected_to_write_more() {
    let mut high = 0;
    for effort in Effort::ALL {
        let mut model = model("m", None);
        if let Seat::Api(endpoint) = &mut model.seat {
            endpoint.settings.effort = Some(effort);
        }
        let range = estimate::output_range(endpoint_of(&model), ReplyLength::Reasoned);
        assert!(range.low <= range.high && high < range.high);
        high = range.high;
    }
}

#[test]
fn a_charge_that_the_provider_names_is_known_even_without_a_price() {
    let usage = Usage { charged: Some(MicroDollars(77)), ..Usage::default() };
    assert_eq!(Tariff::of(&model("m", None)).of_usage(&usage), Some(MicroDollars(77)));
    assert_eq!(Tariff::of(&model("m", None)).of_usage(&Usage::default()), None);
    assert_eq!(Tariff::of(&model("m", Some(PRICE))).of_usage(&usage), Some(MicroDollars(77)));
    let person = ModelSpec::new("You", Class::Person, Seat::Person);
    assert_eq!(Tariff::of(&person).of_usage(&usage), None);
}
