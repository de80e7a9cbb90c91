//! Owns the causes of a call that brought no readable answer: the browser names none of them to a page.

use super::super::http;
use super::super::model::Protocol;
use super::super::preset::Place;
use super::{Context, address_step};

/// What may be the cause and what to do, likeliest first.
pub(super) fn steps(context: &Context<'_>) -> Vec<String> {
    if http::is_loopback(context.base_url) {
        on_this_machine(context)
    } else if http::is_private(context.base_url) {
        in_this_network(context)
    } else {
        elsewhere(context)
    }
}

fn on_this_machine(context: &Context<'_>) -> Vec<String> {
    let mut steps: Vec<String> = vec![];
    let preset = context.preset();
    let name = preset.map_or("the local server", |preset| preset.name);
    let name = if context.is_ollama() { "Ollama" } else { name };
    steps.push(format!("Check that {name} is running on this machine, at this address."));
    let page_is_local = http::is_loopback(context.page_origin);
    match preset.map(|preset| preset.id) {
        _ if context.is_ollama() => {
            if !is_let_in_by_ollama(context.page_origin) {
                steps.push(context.ollama_step());
            }
        }
        Some("lm-studio") => steps.push(
            "Switch on CORS in LM Studio's server settings, or start it with: lms server start --cors".to_owned(),
        ),
        _ => steps.push(format!("The server must let pages of {} call it (CORS).", context.page_origin)),
    }
    if context.has_key {
        steps.push("The key may be wrong: some servers hide the answer to a wrong key from web pages. Copy it again, whole.".to_owned());
    }
    if !page_is_local {
        steps.push("If the browser asked for access to devices or apps on this computer, allow it for this page and try again. If it asked before and was told no, change that in the site's settings, left of the address.".to_owned());
        if context.is_safari {
            steps.push("Safari blocks http://localhost from such pages. Use Chrome, Edge or Firefox, or open a copy of this page on localhost.".to_owned());
        }
    }
    steps
}

/// Whether Ollama answers pages of this origin without being told to: its own list holds these hosts with either scheme
/// and any port, and no name below `localhost`.
fn is_let_in_by_ollama(origin: &str) -> bool {
    matches!(http::host(origin).as_str(), "localhost" | "127.0.0.1" | "0.0.0.0")
}

fn in_this_network(context: &Context<'_>) -> Vec<String> {
    let mut steps = vec![
        "Check that the server is running at this address, and that this device is in its network."
            .to_owned(),
    ];
    if is_mixed(context) {
        steps.push("A page loaded by https may not call an http address; only Chrome and Edge let it, once access to the local network is allowed. Use https, or open a copy of this page on localhost.".to_owned());
    }
    steps.push("If the browser asked for access to the local network, allow it for this page and try again. If it asked before and was told no, change that in the site's settings, left of the address.".to_owned());
    if context.is_ollama() {
        steps.push(context.ollama_step());
    } else {
        steps.push(format!("The server must let pages of {} call it (CORS).", context.page_origin));
    }
    steps
}

fn elsewhere(context: &Context<'_>) -> Vec<String> {
    let mut steps: Vec<String> = vec![];
    let preset = context.preset();
    if !context.is_online {
        steps.push("This device seems to be offline. Connect it and try again.".to_owned());
    }
    // Measured of OpenAI and Cerebras; of others it is not known.
    let hides = matches!(preset.map(|preset| preset.id), Some("openai" | "cerebras"));
    let name = preset.filter(|_| hides).map_or("OpenAI and some others", |preset| preset.name);
    let verb = if hides { "hides" } else { "hide" };
    if context.has_key {
        steps.push(format!("The key may be wrong: {name} {verb} the answer to a wrong key from web pages. Copy it again, whole."));
    } else {
        steps.push(
            "A key may be missing: some services hide the answer to a missing key from web pages."
                .to_owned(),
        );
    }
    match context.protocol() {
        Protocol::Gemini => steps.push("Google refuses calls with a header that it does not list. An extension that adds headers to requests may be the cause: try a private window.".to_owned()),
        Protocol::AzureOpenAi => steps.push(address_step(Protocol::AzureOpenAi).to_owned()),
        Protocol::OpenAiChat
        | Protocol::OpenAiResponses
        | Protocol::Anthropic
        | Protocol::Mistral
        | Protocol::Cohere
        | Protocol::Ollama => {}
    }
    if preset.is_none_or(|preset| preset.place == Place::Anywhere) {
        steps.push(format!(
            "The service may not let web pages call it (CORS). Its owner would have to allow {}.",
            context.page_origin
        ));
    }
    steps.push(
        "The model name or the address may be wrong: the answer to that is hidden too.".to_owned(),
    );
    if is_mixed(context) {
        steps.push("A page loaded by https may not call an http address. Use https.".to_owned());
    }
    steps.push("An ad blocker, a VPN or a company network may block the call.".to_owned());
    steps
}

fn is_mixed(context: &Context<'_>) -> bool {
    context.base_url.starts_with("http://") && context.page_origin.starts_with("https://")
}
