//! Owns what a failed connection means in plain words, and what a person can do about it.

use super::http;
use super::model::Protocol;
use super::preset::{self, Preset};
use super::reply::Failure;

mod unreachable;

/// What the page knows about itself and the endpoint, when it explains a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Context<'a> {
    /// The endpoint's base address.
    pub base_url: &'a str,
    /// What the endpoint speaks; `None` where only its address is known, which then tells.
    pub protocol: Option<Protocol>,
    /// Whether a key was sent.
    pub has_key: bool,
    /// This page's own origin.
    pub page_origin: &'a str,
    /// Whether the browser says that it is connected.
    pub is_online: bool,
    /// Whether the browser is Safari, which blocks `http://localhost` from https pages.
    pub is_safari: bool,
}

impl Context<'_> {
    fn preset(&self) -> Option<&'static Preset> {
        preset::by_address(self.base_url)
    }

    fn protocol(&self) -> Protocol {
        let by_address = || self.preset().map(|preset| preset.protocol);
        self.protocol.or_else(by_address).unwrap_or(Protocol::OpenAiChat)
    }

    /// Whether it is Ollama, over whichever of its protocols.
    fn is_ollama(&self) -> bool {
        self.protocol() == Protocol::Ollama
            || self.preset().is_some_and(|preset| preset.id == "ollama")
    }

    /// What opens Ollama to this page.
    fn ollama_step(&self) -> String {
        format!(
            "Let Ollama answer this page: quit it and start it with OLLAMA_ORIGINS={}",
            self.page_origin
        )
    }
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
        Failure::KeyRefused { .. } if context.is_ollama() && !context.has_key => (
            format!("{host} does not let this page in."),
            vec![context.ollama_step()],
        ),
        Failure::KeyRefused { message } => (
            format!("{host} does not accept the key. It says: {}", quoted(message)),
            key_steps(context, message),
        ),
        Failure::NoCredit { message } if is_allowance(message) => (
            format!("What this account may use for now is used up. {host} says: {}", quoted(message)),
            vec![
                "Go on tomorrow: a limit for the day or the month is not lifted by waiting a little."
                    .to_owned(),
                "A limit of 0 means that the model is not part of the free tier. Switch on billing in the provider's console, or pick another model.".to_owned(),
            ],
        ),
        Failure::NoCredit { message } => (
            format!("The account has no credit left. {host} says: {}", quoted(message)),
            vec!["Add credit in the provider's console, then try again.".to_owned()],
        ),
        Failure::NotFound { message } => (
            format!("{host} does not know this model or address. It says: {}", quoted(message)),
            name_steps(context),
        ),
        Failure::Refused { status, message } => (
            format!("{host} refused the request (HTTP {status}). It says: {}", quoted(message)),
            refused_steps(context, message),
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
            server_steps(*status, message),
        ),
        Failure::TimedOut { limit_millis } => (
            format!("{host} did not answer within {} seconds.", limit_millis / 1_000),
            vec!["A local model may still be loading: try again in a minute.".to_owned()],
        ),
        Failure::Malformed { message } => (
            format!(
                "{host} answered, but not in the form of {}: {}",
                name_of(context.protocol()),
                quoted(message)
            ),
            vec![
                address_step(context.protocol()).to_owned(),
                "Check that the server speaks this protocol.".to_owned(),
            ],
        ),
        Failure::Unreachable { .. } => (
            format!(
                "No answer from {host} could be read. The browser does not tell a page why, so one of these is the cause."
            ),
            unreachable::steps(context),
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

/// A protocol's name for people.
fn name_of(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::OpenAiChat => "Chat Completions",
        Protocol::OpenAiResponses => "OpenAI's Responses",
        Protocol::Anthropic => "Anthropic's Messages",
        Protocol::Gemini => "Google's generateContent",
        Protocol::Mistral => "Mistral's chat completions",
        Protocol::Cohere => "Cohere's chat",
        Protocol::Ollama => "Ollama's own chat",
        Protocol::AzureOpenAi => "Azure OpenAI",
    }
}

/// How an address of a protocol looks.
fn address_step(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::OpenAiChat
        | Protocol::OpenAiResponses
        | Protocol::Anthropic
        | Protocol::Mistral => "Check the address: it usually ends in /v1.",
        Protocol::Gemini => "Check the address: it usually ends in /v1beta.",
        Protocol::Cohere => "Check the address: it is https://api.cohere.com.",
        Protocol::Ollama => "Check the address: it is usually http://localhost:11434, without /v1.",
        Protocol::AzureOpenAi => {
            "Check the address: it is that of your resource, such as https://my-resource.openai.azure.com."
        }
    }
}

/// Whether it is an allowance for a time that is used up, or none was given, rather than money.
fn is_allowance(message: &str) -> bool {
    let lower = message.to_ascii_lowercase();
    ["limit: 0", "per day", "per-day", "/ month", "per month", "quota exceeded for metric"]
        .iter()
        .any(|mark| lower.contains(mark))
}

fn key_steps(context: &Context<'_>, message: &str) -> Vec<String> {
    let lower = message.to_ascii_lowercase();
    let mut steps: Vec<&str> = vec![];
    if lower.contains("anthropic-dangerous-direct-browser-access") {
        steps.push("A header that Anthropic asks of web pages did not arrive, though this page sends it. A gateway or an extension may remove it: use Anthropic's own address, https://api.anthropic.com/v1.");
    } else if lower.contains("cors") {
        steps.push("The organisation that owns the key forbids its use from web pages. An owner can change that in the console. A key of another organisation, or the same model through OpenRouter, works too.");
    }
    if lower.contains("referer") || lower.contains("referrer") {
        steps.push("The key is restricted to certain web sites, and this page tells nobody its address. Make a key without that restriction.");
    }
    if !context.has_key {
        steps.push("Enter a key: this service asks for one.");
        return steps.into_iter().map(str::to_owned).collect();
    }
    steps.push("Copy the key again, whole, without spaces. It may also have been revoked.");
    match (context.protocol(), context.preset().map(|preset| preset.id)) {
        (Protocol::AzureOpenAi, _) => {
            steps.push("Check that the key and the address are of the same Azure resource.");
        }
        (Protocol::Gemini, _) => {
            steps.push("Check that the key is from Google AI Studio, and that its project may use the Gemini API.");
        }
        (_, Some("hugging-face")) => {
            steps.push("Check that the token has the permission to call inference providers.");
        }
        _ => {}
    }
    steps.push("Check that the key may use this model.");
    steps.into_iter().map(str::to_owned).collect()
}

fn name_steps(context: &Context<'_>) -> Vec<String> {
    let protocol = context.protocol();
    let name = match protocol {
        Protocol::AzureOpenAi => {
            "Check the name of the deployment: Azure goes by that, not by the model's own name."
        }
        Protocol::Ollama => {
            "Fetch the model first, for example with: ollama pull medgemma:4b. Then write its name as ollama list does."
        }
        Protocol::OpenAiChat
        | Protocol::OpenAiResponses
        | Protocol::Anthropic
        | Protocol::Gemini
        | Protocol::Mistral
        | Protocol::Cohere => "Check the model name letter by letter, or pick one from the list.",
    };
    vec![name.to_owned(), address_step(protocol).to_owned()]
}

fn refused_steps(context: &Context<'_>, message: &str) -> Vec<String> {
    let mut steps = vec![];
    if message.to_ascii_lowercase().contains("location is not supported") {
        steps.push("The provider does not offer this model where you are.".to_owned());
    }
    steps.push(
        "If it names a setting, such as temperature, clear that setting and try again.".to_owned(),
    );
    if context.protocol() == Protocol::AzureOpenAi {
        steps.push(address_step(Protocol::AzureOpenAi).to_owned());
    }
    steps
}

fn server_steps(status: u16, message: &str) -> Vec<String> {
    let step = if message.to_ascii_lowercase().contains("loading model") {
        "The model is still being loaded: try again in a minute."
    } else if status == 529 {
        "It has more to do than it can. A run waits and goes on by itself."
    } else {
        "Try again in a few minutes."
    };
    vec![step.to_owned()]
}

#[cfg(test)]
mod tests;
