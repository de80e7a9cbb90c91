//! Owns the reading of results: each line or entry becomes an answer, read as a live reply is, or is refused with a reason.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Answer, BadLine, Harvest};
use crate::provider::http::HttpReply;
use crate::provider::model::Protocol;
use crate::provider::reply::{Completion, Failure};
use crate::provider::wire;

/// The forms that results come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// `custom_id` with a response or an error: OpenAI's, Mistral's and Azure's.
    OpenAi,
    /// `custom_id` with a result.
    Anthropic,
    /// `key` or `metadata.key` with a response or an error.
    Gemini,
}

impl Shape {
    fn of(entry: &Value) -> Option<Self> {
        let has = |key: &str| entry.get(key).is_some();
        match () {
            () if has("custom_id") && has("result") => Some(Self::Anthropic),
            () if has("custom_id") && (has("response") || has("error")) => Some(Self::OpenAi),
            // The state of a batch has a `status` too, in one word.
            () if has("response")
                || has("error")
                || entry.get("status").is_some_and(Value::is_object) =>
            {
                (has("key") || has("metadata")).then_some(Self::Gemini)
            }
            () => None,
        }
    }

    /// For people.
    pub fn name(self) -> &'static str {
        match self {
            Self::OpenAi => "OpenAI or Mistral",
            Self::Anthropic => "Anthropic",
            Self::Gemini => "Gemini",
        }
    }

    fn is_of(self, protocol: Protocol) -> bool {
        match protocol {
            Protocol::OpenAiChat
            | Protocol::OpenAiResponses
            | Protocol::Mistral
            | Protocol::AzureOpenAi => self == Self::OpenAi,
            Protocol::Anthropic => self == Self::Anthropic,
            Protocol::Gemini => self == Self::Gemini,
            Protocol::Cohere | Protocol::Ollama => false,
        }
    }
}

/// Why an entry is refused that is of no provider's form.
pub(super) const NO_RESULT: &str = "not the form of a result of a batch";

/// Whether an entry has the form of a result.
pub(super) fn is_result(entry: &Value) -> bool {
    Shape::of(entry).is_some()
}

/// Reads a file with one result a line. Empty lines are nothing.
pub(super) fn read_lines(text: &str, protocol_of: &dyn Fn(&str) -> Option<Protocol>) -> Harvest {
    let lines = text.trim_start_matches('\u{feff}').lines().map(str::trim);
    let entries = lines.enumerate().filter(|(_, line)| !line.is_empty()).map(|(idx, line)| {
        let entry = serde_json::from_str(line).map_err(|error| format!("no JSON: {error}"));
        (idx + 1, entry)
    });
    read(entries, protocol_of)
}

/// Reads a list of results.
pub(super) fn read_list(list: &[Value], protocol_of: &dyn Fn(&str) -> Option<Protocol>) -> Harvest {
    read(list.iter().enumerate().map(|(idx, entry)| (idx + 1, Ok(entry.clone()))), protocol_of)
}

/// Gemini's list with the keys of its questions, where it came back without any. Google documents that inlined responses
/// stand in the order of the requests; the order counts only where no entry has a key and none is missing or left over,
/// so that no answer is taken for another's.
pub(super) fn keyed_by_order(list: &[Value], handed_in: &[String]) -> Option<Vec<Value>> {
    let is_nameless = |entry: &Value| {
        entry.is_object() && entry.get("key").or_else(|| entry.pointer("/metadata/key")).is_none()
    };
    if list.len() != handed_in.len() || !list.iter().all(is_nameless) {
        return None;
    }
    let keyed = list.iter().zip(handed_in).map(|(entry, id)| {
        let mut entry = entry.clone();
        if let Some(fields) = entry.as_object_mut() {
            fields.insert("key".to_owned(), id.clone().into());
        }
        entry
    });
    Some(keyed.collect())
}

fn read(
    entries: impl Iterator<Item = (usize, Result<Value, String>)>,
    protocol_of: &dyn Fn(&str) -> Option<Protocol>,
) -> Harvest {
    let mut harvest = Harvest::default();
    let mut seen = BTreeSet::new();
    for (number, entry) in entries {
        match entry.and_then(|entry| read_entry(&entry, protocol_of)) {
            Ok(answer) if seen.insert(answer.custom_id.clone()) => harvest.answers.push(answer),
            Ok(answer) => {
                let reason = format!("{:?} came back twice; the first counts", answer.custom_id);
                harvest.refused.push(BadLine { number, reason });
            }
            Err(reason) => harvest.refused.push(BadLine { number, reason }),
        }
    }
    harvest
}

fn read_entry(
    entry: &Value,
    protocol_of: &dyn Fn(&str) -> Option<Protocol>,
) -> Result<Answer, String> {
    let shape = Shape::of(entry).ok_or(NO_RESULT)?;
    let id = match shape {
        Shape::OpenAi | Shape::Anthropic => entry.get("custom_id"),
        Shape::Gemini => entry.get("key").or_else(|| entry.pointer("/metadata/key")),
    };
    let id = id.and_then(Value::as_str).filter(|id| !id.is_empty());
    let id = id.ok_or("it does not say which question it answers")?;
    let shown: String = id.chars().take(80).collect();
    let protocol =
        protocol_of(id).ok_or_else(|| format!("{shown:?} is no question of this run"))?;
    if !shape.is_of(protocol) {
        return Err(format!("{shown:?} was asked of another provider than {}", shape.name()));
    }
    let result = match shape {
        Shape::OpenAi => openai(entry, protocol)?,
        Shape::Anthropic => anthropic(entry)?,
        Shape::Gemini => gemini(entry)?,
    };
    Ok(Answer { custom_id: id.to_owned(), result })
}

type Outcome = Result<Completion, Failure>;

fn openai(entry: &Value, protocol: Protocol) -> Result<Outcome, String> {
    let some = |key: &str| entry.get(key).filter(|value| !value.is_null());
    if let Some(response) = some("response") {
        let status = response.get("status_code").and_then(Value::as_u64).unwrap_or(200);
        let status = u16::try_from(status).map_err(|error| format!("no HTTP status: {error}"))?;
        // The line of a question that failed before it was asked has a response without a body beside the error.
        if let Some(body) = response.get("body").filter(|body| !body.is_null()) {
            return Ok(live(protocol, status, body));
        }
        if some("error").is_none() {
            return Err("a response without a body".to_owned());
        }
    }
    let error = some("error").ok_or("neither a response nor an error")?;
    let code = error.get("code");
    let word = code.and_then(Value::as_str).unwrap_or("");
    if word == "batch_expired" {
        return Ok(Err(expired()));
    }
    if word == "batch_cancelled" {
        return Ok(Err(cancelled()));
    }
    let status = code.and_then(Value::as_u64).or_else(|| word.parse().ok());
    let status = status.and_then(|status| u16::try_from(status).ok());
    let status = status.filter(|status| (400..600).contains(status)).unwrap_or(500);
    let error = if error.is_object() { error.clone() } else { json!({ "message": error }) };
    Ok(live(protocol, status, &json!({ "error": error })))
}

fn anthropic(entry: &Value) -> Result<Outcome, String> {
    let result = entry.get("result").unwrap_or(&Value::Null);
    Ok(match result.get("type").and_then(Value::as_str) {
        Some("succeeded") => {
            let message = result.get("message").ok_or("a success without a message")?;
            live(Protocol::Anthropic, 200, message)
        }
        Some("errored") => {
            let error = result.get("error").ok_or("an error without its text")?;
            // The error stands in an envelope of its own, as that of a live reply; older files have it bare.
            let inner = error.get("error").unwrap_or(error);
            let status = match inner.get("type").and_then(Value::as_str) {
                Some("invalid_request_error") => 400,
                Some("authentication_error") => 401,
                Some("billing_error") => 402,
                Some("permission_error") => 403,
                Some("not_found_error") => 404,
                Some("request_too_large") => 413,
                Some("rate_limit_error") => 429,
                Some("timeout_error") => 504,
                Some("overloaded_error") => 529,
                _ => 500,
            };
            live(Protocol::Anthropic, status, &json!({ "type": "error", "error": inner }))
        }
        Some("expired") => Err(expired()),
        Some("canceled" | "cancelled") => Err(cancelled()),
        _ => return Err("a result of a type that is not known".to_owned()),
    })
}

fn gemini(entry: &Value) -> Result<Outcome, String> {
    let some = |key: &str| entry.get(key).filter(|value| !value.is_null());
    if let Some(error) = some("error").or_else(|| some("status")) {
        let code = error.get("code").and_then(Value::as_u64).unwrap_or(13);
        // Codes of google.rpc.Code, or of HTTP.
        let status = match code {
            1 => 499,
            3 | 9 | 11 => 400,
            4 => 504,
            5 => 404,
            7 => 403,
            8 => 429,
            14 => 503,
            16 => 401,
            400..600 => u16::try_from(code).unwrap_or(500),
            _ => 500,
        };
        return Ok(live(Protocol::Gemini, status, &json!({ "error": error })));
    }
    let response = some("response").ok_or("neither a response nor an error")?;
    Ok(live(Protocol::Gemini, 200, response))
}

/// Reads what came of a question as if it had come live.
fn live(protocol: Protocol, status: u16, body: &Value) -> Outcome {
    let body = body.to_string().into_bytes();
    wire::read(protocol, &HttpReply { status, retry_after: None, body })
}

/// A batch has a day.
fn expired() -> Failure {
    Failure::TimedOut { limit_millis: 86_400_000 }
}

/// 499: the one who asked has gone.
fn cancelled() -> Failure {
    let message = "the batch was stopped before this question was asked".to_owned();
    Failure::Refused { status: 499, message }
}
