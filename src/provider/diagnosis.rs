//! Owns what a failed connection means in plain words, and what a person can do about it.

use super::http;
use super::preset::{PRESETS, Place};
use super::reply::Failure;

/// What the page knows about itself and the endpoint, when it explains a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Context<'a> {
    /// The endpoint's base address.
    pub base_url: &'a str,
    /// Whether a key was sent.
    pub has_key: bool,
    /// This page's own origin.
    pub page_origin: &'a str,
    /// Whether the browser says that it is connected.
    pub is_online: bool,
    /// Whether the browser is Safari, which blocks `http://localhost` from https pages.
    pub is_safari: bool,
}

/// A failure explained.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnosis {
    /// What happened, in one sentence.
    pub what: String,
    /// What may be the cause and what to do, likeliest first.
    pub steps: Vec<String>,
}

/// Explains why a connection test or a run's call failed.
pub fn explain(failure: &Failure, context: &Context<'_>) -> Diagnosis {
    let host = http::origin(context.base_url).unwrap_or_else(|| context.base_url.to_owned());
    let (what, steps) = match failure {
        Failure::KeyRefused { message } => (
            format!("{host} does not accept the key. It says: {}", quoted(message)),
            key_steps(context, message),
        ),
        Failure::NoCredit { message } => (
            format!("The account has no credit left. {host} says: {}", quoted(message)),
            vec!["Add credit in the provider's console, then try again.".to_owned()],
        ),
        Failure::NotFound { message } => (
            format!("{host} does not know this model or address. It says: {}", quoted(message)),
            vec![
                "Check the model name letter by letter, or pick one from the list.".to_owned(),
                "Check the address: it usually ends in /v1.".to_owned(),
            ],
        ),
        Failure::Refused { status, message } => (
            format!("{host} refused the request (HTTP {status}). It says: {}", quoted(message)),
            vec![
                "If it names a setting, such as temperature, clear that setting and try again."
                    .to_owned(),
            ],
        ),
        Failure::Unsupported { message, .. } => (
            format!("{host} does not take one of the settings. It says: {}", quoted(message)),
            vec![
                "Clear that setting and try again. A run goes on without it by itself.".to_owned(),
            ],
        ),
        Failure::RateLimited { .. } => (
            format!("{host} says that too many requests came. The key and the model are right."),
            vec!["A run waits and goes on by itself. A paid tier makes it faster.".to_owned()],
        ),
        Failure::Server { status, message, .. } => (
            format!(
                "{host} has a problem of its own (HTTP {status}). It says: {}",
                quoted(message)
            ),
            vec!["Try again in a few minutes.".to_owned()],
        ),
        Failure::TimedOut { limit_millis } => (
            format!("{host} did not answer within {} seconds.", limit_millis / 1_000),
            vec!["A local model may still be loading: try again in a minute.".to_owned()],
        ),
        Failure::Malformed { message } => (
            format!(
                "{host} answered, but not in the form of Chat Completions: {}",
                quoted(message)
            ),
            vec!["Check the address: it usually ends in /v1.".to_owned()],
        ),
        Failure::Unreachable { .. } => (
            format!(
                "No answer from {host} could be read. The browser does not tell a page why, so one of these is the cause."
            ),
            unreachable_steps(context),
        ),
    };
    Diagnosis { what, steps }
}

fn quoted(message: &str) -> String {
    match message.trim() {
        "" => "(nothing).".to_owned(),
        said => format!("“{}”", said.chars().take(300).collect::<String>()),
    }
}

fn key_steps(context: &Context<'_>, message: &str) -> Vec<String> {
    let mut steps = vec![];
    if message.to_ascii_lowercase().contains("cors") {
        steps.push(
            "The organisation that owns the key forbids its use from web pages. An owner can change that in the console."
                .to_owned(),
        );
    }
    if context.has_key {
        steps.push(
            "Copy the key again, whole, without spaces. It may also have been revoked.".to_owned(),
        );
        steps.push("Check that the key may use this model.".to_owned());
    } else {
        steps.push("Enter a key: this service asks for one.".to_owned());
    }
    steps
}

fn unreachable_steps(context: &Context<'_>) -> Vec<String> {
    let mut steps: Vec<String> = vec![];
    let mut add = |step: String| steps.push(step);
    let preset = PRESETS.iter().find(|preset| {
        !preset.base_url.is_empty()
            && http::origin(preset.base_url) == http::origin(context.base_url)
    });
    let is_local = http::is_loopback(context.base_url);
    if !context.is_online && !is_local {
        add("This device seems to be offline. Connect it and try again.".to_owned());
    }
    if is_local {
        let name = preset.map_or("the local server", |preset| preset.name);
        add(format!("Check that {name} is running on this machine, at this address."));
        match preset.map(|preset| preset.id) {
            Some("ollama") if !http::is_loopback(context.page_origin) => add(format!(
                "Let Ollama answer this page: quit it and start it with OLLAMA_ORIGINS={}",
                context.page_origin
            )),
            Some("lm-studio") => add(
                "Switch on CORS in LM Studio's server settings, or start it with: lms server start --cors".to_owned(),
            ),
            _ => add(format!(
                "The server must let pages of {} call it (CORS).",
                context.page_origin
            )),
        }
        if context.has_key {
            add("The key may be wrong: some servers hide the answer to a wrong key from web pages. Copy it again, whole.".to_owned());
        }
        if !http::is_loopback(context.page_origin) {
            add("If the browser asked for access to devices or apps on this computer, allow it for this page and try again.".to_owned());
            if context.is_safari {
                add("Safari blocks http://localhost from such pages. Use Chrome, Edge or Firefox, or open a copy of this page on localhost.".to_owned());
            }
        }
    } else {
        if context.has_key {
            add("The key may be wrong: OpenAI and some others hide the answer to a wrong key from web pages. Copy it again, whole.".to_owned());
        } else {
            add("A key may be missing: some services hide the answer to a missing key from web pages.".to_owned());
        }
        if preset.is_none_or(|preset| preset.place == Place::Anywhere) {
            add(format!(
                "The service may not let web pages call it (CORS). Its owner would have to allow {}.",
                context.page_origin
            ));
        }
        add("The model name or the address may be wrong: the answer to that is hidden too."
            .to_owned());
        if context.base_url.starts_with("http://") && context.page_origin.starts_with("https://") {
            add("A page loaded by https may not call an http address. Use https.".to_owned());
        }
        add("An ad blocker, a VPN or a company network may block the call.".to_owned());
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    fn context(base_url: &str) -> Context<'_> {
        Context {
            base_url,
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
        let local = Context {
            page_origin: "http://localhost:8080",
            ..context("http://localhost:11434/v1")
        };
        assert!(
            !explain(&unreachable(), &local).steps.iter().any(|s| s.contains("OLLAMA_ORIGINS"))
        );
    }

    #[test]
    fn safari_is_told_that_it_blocks_localhost() {
        let safari = Context { is_safari: true, ..context("http://localhost:1234/v1") };
        assert!(explain(&unreachable(), &safari).steps.iter().any(|s| s.contains("Safari")));
    }

    #[test]
    fn an_organisation_that_forbids_pages_is_named() {
        let message = "CORS requests are not allowed for this Organization because of its settings"
            .to_owned();
        let diagnosis =
            explain(&Failure::KeyRefused { message }, &context("https://api.x.example/v1"));
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
}
