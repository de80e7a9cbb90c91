//! Owns the wire shape of OpenAI's Chat Completions, which most providers and local servers speak.

use serde::{Deserialize, Serialize};

use super::http::{self, Auth, HttpReply, HttpRequest, Method};
use super::reply::{Completion, Failure, Finish, Usage};
use super::wire::Ask;
use crate::prompt::Role;

#[derive(Serialize)]
struct RequestBody<'a> {
    model: &'a str,
    messages: Vec<RequestMessage<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_completion_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    temperature: Option<f64>,
}

#[derive(Serialize)]
struct RequestMessage<'a> {
    role: &'static str,
    content: &'a str,
}

/// The call that puts a question.
pub fn request(ask: &Ask<'_>) -> HttpRequest {
    let base_url = ask.endpoint.base_url.as_str();
    let settings = ask.endpoint.settings;
    // OpenAI deprecated `max_tokens` and its reasoning models refuse it; most others know only that.
    let is_openai =
        http::origin(base_url).is_some_and(|origin| origin.ends_with("//api.openai.com"));
    let limit = settings.max_output_tokens;
    let (max_tokens, max_completion_tokens) = if is_openai { (None, limit) } else { (limit, None) };
    let messages = ask
        .messages
        .iter()
        .map(|message| RequestMessage { role: role(message.role), content: &message.content })
        .collect();
    let model = ask.endpoint.model.as_str();
    let temperature = settings.temperature;
    let body = RequestBody { model, messages, max_tokens, max_completion_tokens, temperature };
    HttpRequest {
        method: Method::Post,
        url: format!("{}/chat/completions", base_url.trim_end_matches('/')),
        headers: vec![("Content-Type", "application/json".to_owned())],
        auth: Auth::Bearer,
        secret_header: ask.endpoint.extra_header.clone(),
        // Strings and finite numbers always serialise.
        body: serde_json::to_string(&body).ok(),
    }
}

/// The call that lists the provider's models.
pub fn models_request(base_url: &str) -> HttpRequest {
    HttpRequest {
        method: Method::Get,
        url: format!("{}/models", base_url.trim_end_matches('/')),
        headers: vec![],
        auth: Auth::Bearer,
        secret_header: None,
        body: None,
    }
}

fn role(role: Role) -> &'static str {
    match role {
        Role::System => "system",
        Role::User => "user",
        Role::Assistant => "assistant",
    }
}

#[derive(Deserialize)]
struct ReplyBody {
    model: Option<String>,
    choices: Option<Vec<ReplyChoice>>,
    usage: Option<ReplyUsage>,
    error: Option<serde_json::Value>,
}

#[derive(Deserialize)]
struct ReplyChoice {
    message: Option<ReplyMessage>,
    finish_reason: Option<String>,
}

#[derive(Deserialize)]
struct ReplyMessage {
    content: Option<Content>,
    refusal: Option<String>,
    reasoning_content: Option<String>,
    reasoning: Option<serde_json::Value>,
}

/// Mostly a string; Mistral's reasoning models send parts.
#[derive(Deserialize)]
#[serde(untagged)]
enum Content {
    Text(String),
    Parts(Vec<serde_json::Value>),
}

#[derive(Deserialize)]
struct ReplyUsage {
    prompt_tokens: Option<u64>,
    completion_tokens: Option<u64>,
}

/// Reads what came back, whatever its status.
pub fn read(reply: &HttpReply) -> Result<Completion, Failure> {
    if !(200..300).contains(&reply.status) {
        let (kind, message) = error_in(&reply.body);
        return Err(http::failure_of(reply.status, reply.retry_after.as_deref(), &kind, message));
    }
    let body: ReplyBody = serde_json::from_slice(&reply.body).map_err(|error| {
        Failure::Malformed { message: format!("not the JSON expected: {error}") }
    })?;
    if let Some(error) = body.error.filter(|error| !error.is_null()) {
        // Routers report an upstream failure with a status of success.
        let status = error.get("code").and_then(serde_json::Value::as_u64);
        let status = status.and_then(|code| u16::try_from(code).ok()).filter(|code| 400 <= *code);
        let (kind, message) = error_of(&error);
        return Err(http::failure_of(status.unwrap_or(502), None, &kind, message));
    }
    let missing = |what: &str| Failure::Malformed { message: format!("the answer has no {what}") };
    let choice = body.choices.and_then(|choices| choices.into_iter().next());
    let choice = choice.ok_or_else(|| missing("choices"))?;
    let message = choice.message.ok_or_else(|| missing("message"))?;
    let finish = finish(choice.finish_reason.as_deref(), message.refusal.is_some())?;
    let (text, thought) = match message.content {
        Some(Content::Text(text)) => (text, None),
        Some(Content::Parts(parts)) => join(&parts),
        None => (message.refusal.clone().unwrap_or_default(), None),
    };
    let reasoning = message.reasoning_content.or(match message.reasoning {
        Some(serde_json::Value::String(text)) => Some(text),
        _ => thought,
    });
    let usage = body.usage.map(|usage| Usage {
        input_tokens: usage.prompt_tokens.unwrap_or(0),
        output_tokens: usage.completion_tokens.unwrap_or(0),
        ..Usage::default()
    });
    let reasoning = reasoning.filter(|text| !text.is_empty());
    Ok(Completion { text, reasoning, finish, usage, answered_by: body.model })
}

fn finish(reason: Option<&str>, has_refusal: bool) -> Result<Finish, Failure> {
    Ok(match reason {
        _ if has_refusal => Finish::Refusal,
        Some("stop" | "eos" | "end_turn") | None => Finish::Stop,
        Some("length" | "max_tokens") => Finish::Length,
        Some("content_filter") => Finish::Filtered,
        // OpenRouter: the model behind it failed half-way; what came is no answer.
        Some("error") => {
            let message = "the model stopped with an error".to_owned();
            return Err(Failure::Server { status: 502, wait_millis: None, message });
        }
        Some(other) => Finish::Other(other.to_owned()),
    })
}

/// Text and thinking of an answer in parts.
fn join(parts: &[serde_json::Value]) -> (String, Option<String>) {
    let (mut text, mut thought) = (String::new(), String::new());
    for part in parts {
        let kind = part.get("type").and_then(serde_json::Value::as_str);
        match kind {
            Some("text") => {
                text.push_str(part.get("text").and_then(serde_json::Value::as_str).unwrap_or(""));
            }
            Some("thinking") => match part.get("thinking") {
                Some(serde_json::Value::String(s)) => thought.push_str(s),
                Some(serde_json::Value::Array(inner)) => thought.push_str(&join(inner).0),
                _ => {}
            },
            _ => {}
        }
    }
    (text, (!thought.is_empty()).then_some(thought))
}

/// The kind and message of an error body, in any of the shapes that are in use; otherwise the start of the body.
fn error_in(body: &[u8]) -> (String, String) {
    let parsed: Option<serde_json::Value> = serde_json::from_slice(body).ok();
    match parsed {
        Some(value) => match value.get("error") {
            Some(error) if !error.is_null() => error_of(error),
            _ => error_of(&value),
        },
        None => (String::new(), String::from_utf8_lossy(body).chars().take(300).collect()),
    }
}

fn error_of(error: &serde_json::Value) -> (String, String) {
    let text =
        |key: &str| error.get(key).and_then(serde_json::Value::as_str).unwrap_or("").to_owned();
    let kind = format!("{} {}", text("type"), text("code"));
    let message = match error {
        serde_json::Value::String(message) => message.clone(),
        _ => [text("message"), text("detail")]
            .into_iter()
            .find(|m| !m.is_empty())
            .unwrap_or_default(),
    };
    (kind.trim().to_owned(), message)
}

/// The ids in a list of models, sorted.
pub fn read_models(reply: &HttpReply) -> Result<Vec<String>, Failure> {
    #[derive(Deserialize)]
    struct Listed {
        id: String,
    }
    #[derive(Deserialize)]
    struct List {
        data: Vec<Listed>,
    }
    if !(200..300).contains(&reply.status) {
        let (kind, message) = error_in(&reply.body);
        return Err(http::failure_of(reply.status, reply.retry_after.as_deref(), &kind, message));
    }
    let list: List = serde_json::from_slice(&reply.body).map_err(|error| Failure::Malformed {
        message: format!("not a list of models: {error}"),
    })?;
    let mut ids: Vec<String> = list.data.into_iter().map(|listed| listed.id).collect();
    ids.sort_unstable();
    Ok(ids)
}

#[cfg(test)]
mod tests;
