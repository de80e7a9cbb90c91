//! Owns what comes back from a model: a completion, or a failure with what it means for another try.

use serde::{Deserialize, Serialize};

use super::price::MicroDollars;
use super::settings::Setting;

/// A whole answer of a model.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Completion {
    /// The text that is graded.
    pub text: String,
    /// Reasoning that the provider sent apart; never graded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reasoning: Option<String>,
    /// Why the model stopped.
    pub finish: Finish,
    /// Tokens as the provider counted them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usage: Option<Usage>,
    /// The model id that the provider says answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered_by: Option<String>,
}

/// Why a model stopped.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Finish {
    /// It was done.
    #[default]
    Stop,
    /// The token limit cut it off.
    Length,
    /// The model or its provider declined.
    Refusal,
    /// A content filter removed the answer.
    Filtered,
    /// A reason this program does not know, in the provider's word.
    Other(String),
}

/// Tokens of one call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Usage {
    /// Sent.
    pub input_tokens: u64,
    /// Received, reasoning included.
    pub output_tokens: u64,
    /// How many of those received were thinking, where the provider tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reasoning_tokens: Option<u64>,
    /// How many of those sent the provider had in its cache, where it tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cached_input_tokens: Option<u64>,
    /// What the provider says that it charged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub charged: Option<MicroDollars>,
}

/// Why a call brought no answer. The text in each is what the provider or the browser said.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Failure {
    /// 401 or 403.
    #[error("the key was not accepted: {message}")]
    KeyRefused {
        /// As received.
        message: String,
    },
    /// 402, or a 429 about credit rather than speed.
    #[error("no credit left: {message}")]
    NoCredit {
        /// As received.
        message: String,
    },
    /// 404.
    #[error("address or model not found: {message}")]
    NotFound {
        /// As received.
        message: String,
    },
    /// Other 4xx.
    #[error("the request was refused (HTTP {status}): {message}")]
    Refused {
        /// HTTP status.
        status: u16,
        /// As received.
        message: String,
    },
    /// A 4xx that names a setting which this model does not take; without it the question can be asked again.
    #[error("the model does not take a setting: {message}")]
    Unsupported {
        /// Which.
        setting: Setting,
        /// As received.
        message: String,
    },
    /// 429 about speed.
    #[error("too many requests: {message}")]
    RateLimited {
        /// The wait that the provider named, when it could be read.
        wait_millis: Option<u64>,
        /// As received.
        message: String,
    },
    /// 5xx, and 408, 409, 425, 498, 529.
    #[error("the provider failed (HTTP {status}): {message}")]
    Server {
        /// HTTP status.
        status: u16,
        /// The wait that the provider named, when it could be read.
        wait_millis: Option<u64>,
        /// As received.
        message: String,
    },
    /// The browser reports no more than that the call failed: no network, or an answer hidden by CORS.
    #[error("no readable answer came back: {message}")]
    Unreachable {
        /// As the browser said it.
        message: String,
    },
    /// No answer within the time limit.
    #[error("no answer within {limit_millis} ms")]
    TimedOut {
        /// The limit.
        limit_millis: u64,
    },
    /// A status of success, but a body that is not what the protocol promises.
    #[error("the answer could not be read: {message}")]
    Malformed {
        /// What was wrong.
        message: String,
    },
}
