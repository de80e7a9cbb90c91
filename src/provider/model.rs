//! Owns the description of whatever sits the exam.

use serde::{Deserialize, Serialize};

use super::price::Price;
use super::settings::{CallSettings, Withheld};

/// What kind of system a model is; comparisons are made between classes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// A model for everything, such as GPT, Gemini or Claude.
    GeneralPurpose,
    /// A system made or sold for clinical use.
    Clinical,
    /// A rule without knowledge, to compare with.
    Baseline,
    /// A human.
    Person,
}

/// A participant of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModelSpec {
    /// Name for people; unique within a run.
    pub name: String,
    /// Its class.
    pub class: Class,
    /// How its answers come about.
    pub seat: Seat,
    /// What its tokens cost, as known or typed before the run; `None` where nobody knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Price>,
    /// The pace that the person allows at most.
    #[serde(default, skip_serializing_if = "Pace::is_free")]
    pub pace: Pace,
}

impl ModelSpec {
    /// A participant without a known price or a limit on its pace.
    pub fn new(name: &str, class: Class, seat: Seat) -> Self {
        Self { name: name.to_owned(), class, seat, price: None, pace: Pace::default() }
    }
}

/// Limits on the pace of calls that a person types, such as those of their tier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Pace {
    /// Calls in any minute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requests_per_minute: Option<u32>,
    /// Tokens in any minute, sent and received together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tokens_per_minute: Option<u32>,
}

impl Pace {
    /// Whether no limit was typed.
    #[allow(clippy::trivially_copy_pass_by_ref)] // the form that serde asks for
    pub fn is_free(&self) -> bool {
        *self == Self::default()
    }
}

/// How a participant's answers come about. Never holds a key.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Seat {
    /// A model behind an HTTP API.
    Api(Endpoint),
    /// The model that the browser itself brings along (Chrome's Prompt API). Which one it is, nobody tells: its answers
    /// cannot be reproduced.
    BrowserModel,
    /// Computed in the page.
    Baseline {
        /// Which rule.
        rule: Baseline,
        /// Decides ties and guesses.
        seed: u64,
    },
    /// A human answers in the page.
    Person,
    /// A system without an API: a human carries prompts and answers by copy and paste.
    Paste,
    /// Answers that a file brought; nothing is asked.
    Recorded,
}

impl Seat {
    /// The API behind it, if there is one.
    pub fn endpoint(&self) -> Option<&Endpoint> {
        match self {
            Self::Api(endpoint) => Some(endpoint),
            _ => None,
        }
    }
}

/// A model behind an HTTP API. Never holds a key.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Endpoint {
    /// What it speaks.
    pub protocol: Protocol,
    /// Such as `https://api.openai.com/v1`, without a trailing slash.
    pub base_url: String,
    /// The provider's model id; for Azure the deployment's name.
    pub model: String,
    /// What is sent beside the question. In the list of participants: what the person wants for this model; in a plan:
    /// what is sent, after [`super::capability::settle`].
    #[serde(default, skip_serializing_if = "CallSettings::is_default")]
    pub settings: CallSettings,
    /// What was wanted and is not sent, with why. Empty before a plan is made.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub withheld: Vec<Withheld>,
    /// Name of one more header that a person's own gateway asks for. Its value is a secret and is kept with the key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extra_header: Option<String>,
}

impl Endpoint {
    /// An endpoint with nothing set.
    pub fn new(protocol: Protocol, base_url: &str, model: &str) -> Self {
        Self {
            protocol,
            base_url: base_url.trim().trim_end_matches('/').to_owned(),
            model: model.trim().to_owned(),
            settings: CallSettings::default(),
            withheld: vec![],
            extra_header: None,
        }
    }
}

/// A wire protocol: one file of this room each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Protocol {
    /// OpenAI's Chat Completions, which most providers and local servers speak.
    OpenAiChat,
    /// OpenAI's Responses.
    OpenAiResponses,
    /// Anthropic's Messages.
    Anthropic,
    /// Google's `generateContent`.
    Gemini,
    /// Mistral's chat completions.
    Mistral,
    /// Cohere's v2 chat.
    Cohere,
    /// Ollama's own `/api/chat`, which takes the size of the context.
    Ollama,
    /// Chat Completions as Azure serves them.
    AzureOpenAi,
}

/// A rule that answers without knowing anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Baseline {
    /// Each option equally likely.
    UniformGuess,
    /// The option with the most characters.
    LongestOption,
    /// The option that shares most words with the question (BM25 over the options).
    WordOverlap,
}
