//! Owns the wire shape of Anthropic's Messages.

use serde::Serialize;
use serde_json::Value;

use super::capability::{self, default_limit, thinking_budget};
use super::error_body::{self, ErrorBody};
use super::family::Family;
use super::field;
use super::growing::Growing;
use super::http::{self, Auth, HttpReply, HttpRequest};
use super::model::Endpoint;
use super::openai_chat;
use super::reply::{Completion, Failure, Finish, Usage};
use super::settings::{Delivery, Effort};
use super::sse::Event;
use super::turns::{Turn, system, turns};
use super::wire::Ask;

#[derive(Serialize)]
struct RequestBody<'a> {
    model: &'a str,
    max_tokens: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    system: Option<String>,
    messages: Vec<Turn<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    temperature: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    thinking: Option<Thinking>,
    #[serde(skip_serializing_if = "Option::is_none")]
    output_config: Option<OutputConfig<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stream: Option<bool>,
}

#[derive(Serialize)]
struct Thinking {
    r#type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    budget_tokens: Option<u32>,
}

#[derive(Serialize)]
struct OutputConfig<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    effort: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    format: Option<Format<'a>>,
}

#[derive(Serialize)]
struct Format<'a> {
    r#type: &'static str,
    schema: &'a Value,
}

/// The call that puts a question.
pub(super) fn request(ask: &Ask<'_>) -> HttpRequest {
    let settings = ask.endpoint.settings;
    let model = ask.endpoint.model.as_str();
    let (thinking, effort) = settings.effort.map_or((None, None), |wanted| thinking(model, wanted));
    let takes_schema = capability::schema_form(ask.endpoint).is_ok();
    let format = ask
        .schema
        .filter(|_| takes_schema)
        .map(|schema| Format { r#type: "json_schema", schema: &schema.schema });
    let has_config = effort.is_some() || format.is_some();
    let body = RequestBody {
        model,
        max_tokens: settings
            .max_output_tokens
            .unwrap_or_else(|| default_limit(model, settings.effort)),
        system: system(ask.messages),
        messages: turns(ask.messages),
        temperature: settings.temperature,
        thinking,
        output_config: has_config.then_some(OutputConfig { effort, format }),
        stream: (settings.delivery == Delivery::Streamed).then_some(true),
    };
    let url = format!("{}/messages", http::versioned(&ask.endpoint.base_url, "v1"));
    with_own_headers(HttpRequest::post(ask.endpoint, url, Auth::XApiKey, &body))
}

/// Without the second one Anthropic answers a page with 401.
fn with_own_headers(request: HttpRequest) -> HttpRequest {
    request
        .with("anthropic-version", "2023-06-01")
        .with("anthropic-dangerous-direct-browser-access", "true")
}

/// Models from 4.6 on decide themselves how much to think, within the effort; older ones take a budget.
fn thinking(model: &str, wanted: Effort) -> (Option<Thinking>, Option<&'static str>) {
    let takes_budget =
        matches!(Family::of(model), Family::Claude(Some(version)) if version < (4, 6));
    let (r#type, budget_tokens, effort) = match wanted {
        Effort::None => ("disabled", None, None),
        _ if takes_budget => ("enabled", Some(thinking_budget(wanted)), None),
        _ => ("adaptive", None, Some(wanted.word())),
    };
    (Some(Thinking { r#type, budget_tokens }), effort)
}

/// The call that lists the models.
pub(super) fn models_request(endpoint: &Endpoint) -> HttpRequest {
    let url = format!("{}/models?limit=1000", http::versioned(&endpoint.base_url, "v1"));
    with_own_headers(HttpRequest::get(endpoint, url, Auth::XApiKey))
}

/// The ids in a list of models, sorted.
pub(super) fn read_models(reply: &HttpReply) -> Result<Vec<String>, Failure> {
    openai_chat::read_models(reply)
}

/// Reads what came back whole, whatever its status.
pub(super) fn read(reply: &HttpReply) -> Result<Completion, Failure> {
    if !(200..300).contains(&reply.status) {
        return error_body::read(reply);
    }
    let body = field::parse(&reply.body)?;
    if let Some(error) = ErrorBody::inside(&body) {
        let status = status_of(&error);
        return error.verdict(status, None);
    }
    if field::at(&body, &["content"]).is_none_or(|content| !content.is_array()) {
        return Err(field::malformed("the answer has no content"));
    }
    let reason = field::text(&body, &["stop_reason"]);
    let reason = reason.ok_or_else(|| field::malformed("the answer does not say why it ended"))?;
    let (mut text, mut reasoning) = (String::new(), String::new());
    for block in field::list(&body, &["content"]) {
        match field::text(block, &["type"]) {
            Some("text") => text.push_str(field::text(block, &["text"]).unwrap_or_default()),
            Some("thinking") => {
                reasoning.push_str(field::text(block, &["thinking"]).unwrap_or_default());
            }
            // Redacted thinking is for Anthropic's eyes alone; tools are not offered.
            _ => {}
        }
    }
    Ok(Completion {
        text,
        reasoning: Some(reasoning).filter(|text| !text.is_empty()),
        finish: finish(reason),
        usage: field::at(&body, &["usage"]).map(|told| usage(told, None)),
        answered_by: field::text(&body, &["model"]).map(str::to_owned),
    })
}

fn finish(reason: &str) -> Finish {
    match reason {
        "end_turn" | "stop_sequence" => Finish::Stop,
        // A full context cuts an answer off as a limit does; a paused turn was to be gone on with.
        "max_tokens" | "model_context_window_exceeded" | "pause_turn" => Finish::Length,
        "refusal" => Finish::Refusal,
        other => Finish::Other(other.to_owned()),
    }
}

/// Tokens as far as they are told. In a stream the last count of what was written is right, and what was sent may stand
/// only at the beginning.
fn usage(told: &Value, before: Option<Usage>) -> Usage {
    let count = |path: &[&str]| field::count(told, path);
    let before = before.unwrap_or_default();
    let output = count(&["output_tokens"]);
    let cached = count(&["cache_read_input_tokens"]).or(before.cached_input_tokens);
    // What was read from or written into the cache is not in the first count.
    let input_tokens = ["input_tokens", "cache_read_input_tokens", "cache_creation_input_tokens"]
        .iter()
        .fold(0_u64, |sum, part| sum.saturating_add(count(&[part]).unwrap_or(0)));
    Usage {
        input_tokens: if input_tokens > 0 { input_tokens } else { before.input_tokens },
        output_tokens: output.unwrap_or(before.output_tokens),
        // A part of an older count is no part of a newer one: the start of a stream counts what was written by then.
        reasoning_tokens: count(&["output_tokens_details", "thinking_tokens"])
            .or(before.reasoning_tokens.filter(|_| output.is_none())),
        cached_input_tokens: cached,
        charged: None,
    }
}

/// The status that an error inside a stream stands for.
fn status_of(error: &ErrorBody) -> u16 {
    let has = |word: &str| error.kind.split(' ').any(|kind| kind == word);
    let known = [
        ("invalid_request_error", 400),
        ("authentication_error", 401),
        ("billing_error", 402),
        ("permission_error", 403),
        ("not_found_error", 404),
        ("request_too_large", 413),
        ("rate_limit_error", 429),
        ("timeout_error", 504),
        ("overloaded_error", 529),
    ];
    known.iter().find(|(word, _)| has(word)).map_or(500, |(_, status)| *status)
}

/// Takes the next event of a stream. Types of events that are not known here are passed over, as Anthropic asks.
pub(super) fn take(growing: &mut Growing, event: &Event) -> Result<(), Failure> {
    let body = field::parse(event.data.as_bytes())?;
    match field::text(&body, &["type"]).unwrap_or(&event.name) {
        "message_start" => {
            growing.note_model(field::text(&body, &["message", "model"]));
            if let Some(told) = field::at(&body, &["message", "usage"]) {
                growing.usage = Some(usage(told, growing.usage));
            }
        }
        "content_block_start" => {
            let block = |key: &str| field::text(&body, &["content_block", key]).unwrap_or_default();
            growing.text.push_str(block("text"));
            growing.reasoning.push_str(block("thinking"));
        }
        "content_block_delta" => {
            let delta = |key: &str| field::text(&body, &["delta", key]).unwrap_or_default();
            match delta("type") {
                "text_delta" => growing.text.push_str(delta("text")),
                "thinking_delta" => growing.reasoning.push_str(delta("thinking")),
                _ => {}
            }
        }
        "message_delta" => {
            if let Some(reason) = field::text(&body, &["delta", "stop_reason"]) {
                growing.stop_word = Some(reason.to_owned());
            }
            if let Some(told) = field::at(&body, &["usage"]) {
                growing.usage = Some(usage(told, growing.usage));
            }
        }
        "message_stop" => {
            let reason = growing.stop_word.as_deref();
            let reason =
                reason.ok_or_else(|| field::malformed("the stream does not say why it ended"))?;
            growing.finish = Some(finish(reason));
        }
        "error" => {
            let error = ErrorBody::of(&body);
            let status = status_of(&error);
            return growing.take_error(error, status);
        }
        _ => {}
    }
    Ok(())
}

#[cfg(test)]
mod tests;
