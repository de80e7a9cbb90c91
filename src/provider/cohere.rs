//! Owns the wire shape of Cohere's v2 chat.

use serde::Serialize;
use serde_json::Value;

use super::capability::{self, thinking_budget};
use super::error_body::{self, ErrorBody};
use super::field;
use super::growing::Growing;
use super::http::{self, Auth, HttpReply, HttpRequest};
use super::model::Endpoint;
use super::openai_chat::{self, RequestMessage};
use super::reply::{Completion, Failure, Finish, Usage};
use super::settings::{Delivery, Effort};
use super::sse::Event;
use super::wire::Ask;

#[derive(Serialize)]
struct RequestBody<'a> {
    model: &'a str,
    messages: Vec<RequestMessage<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    temperature: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seed: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    thinking: Option<Thinking>,
    #[serde(skip_serializing_if = "Option::is_none")]
    response_format: Option<ResponseFormat<'a>>,
    /// Cohere's v2 has no default for it.
    stream: bool,
}

#[derive(Serialize)]
struct Thinking {
    r#type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    token_budget: Option<u32>,
}

#[derive(Serialize)]
struct ResponseFormat<'a> {
    r#type: &'static str,
    json_schema: &'a Value,
}

/// The call that puts a question.
pub(super) fn request(ask: &Ask<'_>) -> HttpRequest {
    let settings = ask.endpoint.settings;
    let takes_schema = capability::schema_form(ask.endpoint).is_ok();
    let body = RequestBody {
        model: &ask.endpoint.model,
        messages: openai_chat::messages(ask.messages, "system"),
        max_tokens: settings.max_output_tokens,
        temperature: settings.temperature,
        seed: settings.seed,
        thinking: settings.effort.map(|effort| match effort {
            Effort::None => Thinking { r#type: "disabled", token_budget: None },
            _ => Thinking { r#type: "enabled", token_budget: Some(thinking_budget(effort)) },
        }),
        response_format: ask
            .schema
            .filter(|_| takes_schema)
            .map(|schema| ResponseFormat { r#type: "json_object", json_schema: &schema.schema }),
        stream: settings.delivery == Delivery::Streamed,
    };
    let url = format!("{}/chat", http::versioned(&ask.endpoint.base_url, "v2"));
    HttpRequest::post(ask.endpoint, url, Auth::Bearer, &body)
}

/// The call that lists the models, which the second version of the API has not.
pub(super) fn models_request(endpoint: &Endpoint) -> HttpRequest {
    let base_url = http::versioned(&endpoint.base_url, "v2");
    let base_url = base_url.strip_suffix("/v2").unwrap_or(&base_url);
    let url = format!("{base_url}/v1/models?page_size=1000&endpoint=chat");
    HttpRequest::get(endpoint, url, Auth::Bearer)
}

/// The names of the models that chat.
pub(super) fn read_models(reply: &HttpReply) -> Result<Vec<String>, Failure> {
    let list = field::parse(error_body::success(reply)?)?;
    let models = field::at(&list, &["models"]).and_then(Value::as_array);
    let models = models.ok_or_else(|| field::malformed("not a list of models"))?;
    let chats = |model: &&Value| {
        field::at(model, &["endpoints"]).is_none()
            || field::list(model, &["endpoints"]).any(|endpoint| endpoint.as_str() == Some("chat"))
    };
    let names = models.iter().filter(chats).filter_map(|model| field::text(model, &["name"]));
    Ok(openai_chat::sorted(names))
}

/// Reads what came back whole, whatever its status.
pub(super) fn read(reply: &HttpReply) -> Result<Completion, Failure> {
    if !(200..300).contains(&reply.status) {
        return error_body::read(reply);
    }
    let body = field::parse(&reply.body)?;
    let Some(message) = field::at(&body, &["message"]) else {
        return Err(field::malformed("the answer has no message"));
    };
    // An error may wear a status of success; its message is a text.
    if message.is_string() {
        return ErrorBody::of(&body).verdict(502, None);
    }
    let reason = field::text(&body, &["finish_reason"]);
    let reason = reason.ok_or_else(|| field::malformed("the answer does not say why it ended"))?;
    let (mut text, mut reasoning) = (String::new(), String::new());
    for part in field::list(message, &["content"]) {
        text.push_str(field::text(part, &["text"]).unwrap_or_default());
        reasoning.push_str(field::text(part, &["thinking"]).unwrap_or_default());
    }
    Ok(Completion {
        text,
        reasoning: Some(reasoning).filter(|text| !text.is_empty()),
        finish: finish(reason)?,
        usage: field::at(&body, &["usage"]).map(usage),
        // Cohere does not say which model answered.
        answered_by: None,
    })
}

fn finish(reason: &str) -> Result<Finish, Failure> {
    Ok(match reason {
        "COMPLETE" | "STOP_SEQUENCE" => Finish::Stop,
        "MAX_TOKENS" => Finish::Length,
        "ERROR_TOXIC" => Finish::Filtered,
        "ERROR" | "TIMEOUT" | "ERROR_LIMIT" => {
            let message = format!("the model stopped with {reason}");
            return Err(Failure::Server { status: 502, wait_millis: None, message });
        }
        other => Finish::Other(other.to_owned()),
    })
}

/// Cohere counts what it bills apart from what its template added; the bill counts here.
fn usage(told: &Value) -> Usage {
    let count = |key: &str| {
        let number = |group: &str| {
            let found = field::at(told, &[group, key])?;
            // It writes whole numbers as 12.0.
            found.as_u64().or_else(|| whole(found.as_f64()?))
        };
        number("billed_units").or_else(|| number("tokens"))
    };
    Usage {
        input_tokens: count("input_tokens").unwrap_or(0),
        output_tokens: count("output_tokens").unwrap_or(0),
        ..Usage::default()
    }
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // in the range just checked
fn whole(number: f64) -> Option<u64> {
    (0.0..1e15).contains(&number).then_some(number as u64)
}

/// Takes the next event of a stream.
pub(super) fn take(growing: &mut Growing, event: &Event) -> Result<(), Failure> {
    if event.data.trim() == "[DONE]" {
        return Ok(());
    }
    let body = field::parse(event.data.as_bytes())?;
    match field::text(&body, &["type"]).unwrap_or(&event.name) {
        "content-start" | "content-delta" => {
            let piece = |key: &str| {
                field::text(&body, &["delta", "message", "content", key]).unwrap_or_default()
            };
            growing.text.push_str(piece("text"));
            growing.reasoning.push_str(piece("thinking"));
        }
        "message-end" => {
            if let Some(error) = field::text(&body, &["delta", "error"]) {
                let message = error.to_owned();
                return Err(Failure::Server { status: 502, wait_millis: None, message });
            }
            let reason = field::text(&body, &["delta", "finish_reason"]);
            let reason =
                reason.ok_or_else(|| field::malformed("the stream does not say why it ended"))?;
            growing.usage = field::at(&body, &["delta", "usage"]).map(usage);
            growing.finish = Some(finish(reason)?);
        }
        // An error has no type, but a message.
        "" | "error" => {
            let error = ErrorBody::of(&body);
            if !error.message.is_empty() {
                let status = error.status.unwrap_or(502);
                return growing.take_error(error, status);
            }
        }
        _ => {}
    }
    Ok(())
}

#[cfg(test)]
mod tests;
