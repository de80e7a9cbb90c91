//! Owns the checks that every failure is explained, and the likeliest cause named first.

use super::*;

fn context(base_url: &str) -> Context<'_> {
    Context {
        base_url,
        protocol: None,
        has_key: true,
        page_origin: "https://viva.example",
        is_online: true,
        is_safari: false,
    }
}

fn unreachable() -> Failure {
    Failure::Unreachable { message: "TypeError: Failed to fetch".into() }
}

#[test]
fn a_hidden_answer_of_openai_points_at_the_key_first() {
    let diagnosis = explain(&unreachable(), &context("https://api.openai.com/v1"));
    assert!(diagnosis.steps[0].contains("key may be wrong"), "{diagnosis:?}");
    assert!(!diagnosis.steps.iter().any(|step| step.contains("Its owner")));
}

#[test]
fn ollama_behind_a_hosted_page_is_told_the_exact_setting() {
    let diagnosis = explain(&unreachable(), &context("http://localhost:11434/v1"));
    assert!(diagnosis.steps.iter().any(|s| s.contains("OLLAMA_ORIGINS=https://viva.example")));
    assert!(diagnosis.steps.iter().any(|s| s.contains("asked for access")));
    let local =
        Context { page_origin: "http://localhost:8080", ..context("http://localhost:11434/v1") };
    assert!(!explain(&unreachable(), &local).steps.iter().any(|s| s.contains("OLLAMA_ORIGINS")));
    // Also of this machine, but not on Ollama's own list.
    let below = Context { page_origin: "http://viva.localhost:8080", ..local };
    assert!(explain(&unreachable(), &below).steps.iter().any(|s| s.contains("OLLAMA_ORIGINS")));
}

#[test]
fn safari_is_told_that_it_blocks_localhost() {
    let safari = Context { is_safari: true, ..context("http://localhost:1234/v1") };
    assert!(explain(&unreachable(), &safari).steps.iter().any(|s| s.contains("Safari")));
}

#[test]
fn an_organisation_that_forbids_pages_is_named() {
    let message =
        "CORS requests are not allowed for this Organization because of its settings".to_owned();
    let diagnosis = explain(&Failure::KeyRefused { message }, &context("https://api.x.example/v1"));
    assert!(diagnosis.steps[0].contains("organisation"), "{diagnosis:?}");
}

#[test]
fn every_failure_tells_what_to_do() {
    let m = String::new;
    for failure in [
        Failure::KeyRefused { message: m() },
        Failure::NoCredit { message: m() },
        Failure::NotFound { message: m() },
        Failure::Refused { status: 400, message: m() },
        Failure::RateLimited { wait_millis: None, message: m() },
        Failure::Server { status: 500, wait_millis: None, message: m() },
        Failure::TimedOut { limit_millis: 1 },
        Failure::Malformed { message: m() },
        unreachable(),
    ] {
        let diagnosis = explain(&failure, &context("https://api.x.example/v1"));
        assert!(!diagnosis.what.is_empty() && !diagnosis.steps.is_empty(), "{failure}");
    }
}

fn first_step(failure: &Failure, context: &Context<'_>) -> String {
    explain(failure, context).steps.remove(0)
}

#[test]
fn cerebras_hides_a_wrong_key_too() {
    let step = first_step(&unreachable(), &context("https://api.cerebras.ai/v1"));
    assert!(step.contains("Cerebras hides"), "{step}");
}

#[test]
fn ollama_is_known_by_its_protocol_wherever_it_stands() {
    let elsewhere = Context {
        protocol: Some(Protocol::Ollama),
        has_key: false,
        ..context("http://192.168.1.7:11500")
    };
    let steps = explain(&unreachable(), &elsewhere).steps;
    assert!(steps.iter().any(|step| step.contains("OLLAMA_ORIGINS=https://viva.example")));
    assert!(steps.iter().any(|step| step.contains("access to the local network")));
    assert!(steps.iter().any(|step| step.contains("may not call an http address")));
    let refused = Failure::KeyRefused { message: String::new() };
    assert!(first_step(&refused, &elsewhere).contains("OLLAMA_ORIGINS"));
    assert!(!explain(&refused, &elsewhere).what.contains("key"));
}

#[test]
fn a_missing_header_of_anthropic_is_named() {
    let message =
        "CORS requests must set 'anthropic-dangerous-direct-browser-access' header".to_owned();
    let failure = Failure::KeyRefused { message };
    let step = first_step(&failure, &context("https://gateway.example/v1"));
    assert!(step.contains("gateway"), "{step}");
    assert!(!step.contains("organisation"));
}

#[test]
fn google_is_explained_in_its_own_terms() {
    let google = context("https://generativelanguage.googleapis.com/v1beta");
    let steps = explain(&unreachable(), &google).steps;
    assert!(steps.iter().any(|step| step.contains("header that it does not list")));
    let message = "Requests from referer <empty> are blocked.".to_owned();
    assert!(first_step(&Failure::KeyRefused { message }, &google).contains("certain web sites"));
    let message = "Quota exceeded for metric: x, limit: 0, model: y".to_owned();
    let diagnosis = explain(&Failure::NoCredit { message }, &google);
    assert!(diagnosis.steps.iter().any(|step| step.contains("free tier")), "{diagnosis:?}");
    let malformed = explain(&Failure::Malformed { message: "x".into() }, &google);
    assert!(malformed.what.contains("generateContent"));
    assert!(malformed.steps[0].contains("/v1beta"));
}

#[test]
fn a_wrong_name_is_explained_by_what_the_service_goes_by() {
    let missing = Failure::NotFound { message: String::new() };
    let azure = Context {
        protocol: Some(Protocol::AzureOpenAi),
        ..context("https://ward.openai.azure.com")
    };
    assert!(first_step(&missing, &azure).contains("deployment"));
    assert!(first_step(&missing, &context("http://localhost:11434")).contains("ollama pull"));
    assert!(first_step(&missing, &context("https://api.openai.com/v1")).contains("letter by"));
}

#[test]
fn money_and_load_are_told_apart() {
    let anthropic = context("https://api.anthropic.com/v1");
    let credit = Failure::NoCredit { message: "Your credit balance is too low".into() };
    assert!(first_step(&credit, &anthropic).contains("Add credit"));
    let busy = Failure::Server { status: 529, wait_millis: None, message: "Overloaded".into() };
    assert!(first_step(&busy, &anthropic).contains("more to do"));
    let loading =
        Failure::Server { status: 503, wait_millis: None, message: "Loading model".into() };
    assert!(first_step(&loading, &context("http://localhost:8080/v1")).contains("loaded"));
}
