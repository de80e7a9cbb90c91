//! Owns the forms in which the services that speak Chat Completions take what they take.

use super::super::family::Family;
use super::super::host::Host;
use super::super::model::Endpoint;
use super::super::settings::Effort;

/// How Chat Completions are to be written for one endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::provider) struct ChatForm {
    /// Under which name the limit on tokens goes.
    pub(in crate::provider) limit: LimitField,
    /// Where the effort goes.
    pub(in crate::provider) effort: EffortForm,
    /// What is asked of a stream.
    pub(in crate::provider) stream: StreamForm,
    /// The name of the role that gives the standing instruction.
    pub(in crate::provider) system_role: &'static str,
}

/// Names of the limit on tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::provider) enum LimitField {
    /// The older one, which most know.
    MaxTokens,
    /// The newer one, which OpenAI's reasoning models ask for.
    MaxCompletionTokens,
}

/// Places of the effort.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::provider) enum EffortForm {
    /// `reasoning_effort: "low"`.
    Word,
    /// OpenRouter's `reasoning: {effort: "low"}`.
    Object,
    /// DeepSeek's `thinking: {type: "disabled"}`.
    Switch,
}

/// What a request for a stream carries beside `stream: true`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::provider) enum StreamForm {
    /// Nothing: it counts tokens by itself, or refuses to be asked, or is not known.
    Plain,
    /// `stream_options: {include_usage: true}`.
    Usage,
    /// The same, and without the padding that OpenAI adds against eavesdroppers who measure packets.
    UsageWithoutObfuscation,
}

/// Forms of a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::provider) enum SchemaForm {
    /// As the protocol has it.
    JsonSchema,
    /// Perplexity's, without a name.
    BareJsonSchema,
    /// JSON of any shape; the question must hold the word "json".
    JsonObject,
}

/// How Chat Completions are written for an endpoint.
pub(in crate::provider) fn chat_form(endpoint: &Endpoint) -> ChatForm {
    let host = Host::of(endpoint);
    let is_reasoning = Family::of(&endpoint.model).is_openai_reasoning();
    let limit = match host {
        Host::OpenAi | Host::Azure | Host::Groq | Host::Xai | Host::Cerebras => {
            LimitField::MaxCompletionTokens
        }
        // A gateway to OpenAI.
        Host::Other | Host::Local if is_reasoning => LimitField::MaxCompletionTokens,
        Host::OpenRouter
        | Host::Together
        | Host::DeepSeek
        | Host::Fireworks
        | Host::Perplexity
        | Host::HuggingFace
        | Host::Mistral
        | Host::Local
        | Host::Other => LimitField::MaxTokens,
    };
    let effort = match host {
        Host::OpenRouter => EffortForm::Object,
        Host::DeepSeek => EffortForm::Switch,
        Host::OpenAi
        | Host::Azure
        | Host::Groq
        | Host::Together
        | Host::Xai
        | Host::Fireworks
        | Host::Perplexity
        | Host::Cerebras
        | Host::HuggingFace
        | Host::Mistral
        | Host::Local
        | Host::Other => EffortForm::Word,
    };
    let stream = match host {
        Host::OpenAi => StreamForm::UsageWithoutObfuscation,
        Host::Together
        | Host::DeepSeek
        | Host::Xai
        | Host::Fireworks
        | Host::Cerebras
        | Host::HuggingFace
        | Host::Local => StreamForm::Usage,
        // OpenRouter, Groq, Perplexity and Mistral count unasked; Mistral and Azure refuse to be asked.
        Host::OpenRouter
        | Host::Groq
        | Host::Perplexity
        | Host::Mistral
        | Host::Azure
        | Host::Other => StreamForm::Plain,
    };
    let is_openai = matches!(host, Host::OpenAi | Host::Azure);
    let system_role = if is_openai && is_reasoning { "developer" } else { "system" };
    ChatForm { limit, effort, stream, system_role }
}

/// The form in which a service that speaks Chat Completions takes a schema.
pub(super) fn chat_schema(endpoint: &Endpoint) -> Result<SchemaForm, &'static str> {
    match Host::of(endpoint) {
        Host::OpenAi
        | Host::Azure
        | Host::OpenRouter
        | Host::Groq
        | Host::Together
        | Host::Xai
        | Host::Fireworks
        | Host::Cerebras
        | Host::HuggingFace
        | Host::Mistral
        | Host::Local => Ok(SchemaForm::JsonSchema),
        Host::Perplexity => Ok(SchemaForm::BareJsonSchema),
        Host::DeepSeek => Ok(SchemaForm::JsonObject),
        Host::Other => Err("It is not known whether this service takes a schema."),
    }
}

/// Tokens of thinking for models that take a budget instead of a word. Google's own translation of the words
/// (ai.google.dev, OpenAI compatibility); used for Anthropic and Cohere too, whose least is 1,024.
pub(in crate::provider) fn thinking_budget(effort: Effort) -> u32 {
    match effort {
        Effort::None => 0,
        Effort::Minimal | Effort::Low => 1_024,
        Effort::Medium => 8_192,
        Effort::High => 24_576,
    }
}
