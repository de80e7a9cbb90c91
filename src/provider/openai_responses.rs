//! Owns the wire shape of OpenAI's Responses.

use serde::Serialize;
use serde_json::Value;

use super::capability;
use super::error_body::{self, ErrorBody};
use super::field;
use super::growing::Growing;
use super::host::Host;
use super::http::{Auth, HttpReply, HttpRequest};
use super::reply::{Completion, Failure, Finish, Usage};
use super::settings::Delivery;
use super::sse::Event;
use super::turns::{Turn, system, turns};
use super::wire::Ask;

#[derive(Serialize)]
struct RequestBody<'a> {
    model: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    instructions: Option<String>,
    input: Vec<Turn<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_output_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    temperature: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reasoning: Option<Reasoning>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<Text<'a>>,
    /// Never: what is not sent to be kept is not kept.
    store: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    stream: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stream_options: Option<StreamOptions>,
}

#[derive(Serialize)]
struct Reasoning {
    effort: &'static str,
}

#[derive(Serialize)]
struct Text<'a> {
    format: Format<'a>,
}

#[derive(Serialize)]
struct Format<'a> {
    r#type: &'static str,
    name: &'a str,
    schema: &'a Value,
    strict: bool,
}

#[derive(Serialize)]
struct StreamOptions {
    include_obfuscation: bool,
}

/// The call that puts a question.
pub(super) fn request(ask: &Ask<'_>) -> HttpRequest {
    let settings = ask.endpoint.settings;
    let is_streamed = settings.delivery == Delivery::Streamed;
    let is_openai = Host::of(ask.endpoint) == Host::OpenAi;
    let takes_schema = capability::schema_form(ask.endpoint).is_ok();
    let body = RequestBody {
        model: &ask.endpoint.model,
        instructions: system(ask.messages),
        input: turns(ask.messages),
        max_output_tokens: settings.max_output_tokens,
        temperature: settings.temperature,
        reasoning: settings.effort.map(|effort| Reasoning { effort: effort.word() }),
        text: ask.schema.filter(|_| takes_schema).map(|schema| Text {
            format: Format {
                r#type: "json_schema",
                name: &schema.name,
                schema: &schema.schema,
                strict: true,
            },
        }),
        store: false,
        stream: is_streamed.then_some(true),
        stream_options: (is_streamed && is_openai)
            .then_some(StreamOptions { include_obfuscation: false }),
    };
    let url = format!("{}/responses", ask.endpoint.base_url);
    HttpRequest::post(ask.endpoint, url, Auth::Bearer, &body)
}

/// Reads what came back whole, whatever its status.
pub(super) fn read(reply: &HttpReply) -> Result<Completion, Failure> {
    if !(200..300).contains(&reply.status) {
        return error_body::read(reply);
    }
    read_response(&field::parse(&reply.body)?)
}

fn read_response(body: &Value) -> Result<Completion, Failure> {
    if let Some(error) = ErrorBody::inside(body) {
        let status = status_of(&error);
        return error.verdict(status, None);
    }
    let Some(status) = field::text(body, &["status"]) else {
        return Err(field::malformed("the answer has no status"));
    };
    let parts = Parts::of(body);
    let finish = match status {
        "completed" if parts.has_refusal => Finish::Refusal,
        "completed" => Finish::Stop,
        "incomplete" => match field::text(body, &["incomplete_details", "reason"]) {
            Some("max_output_tokens") | None => Finish::Length,
            Some("content_filter") => Finish::Filtered,
            Some(other) => Finish::Other(format!("incomplete: {other}")),
        },
        other => return Err(field::malformed(&format!("the answer is {other}, not completed"))),
    };
    Ok(Completion {
        text: parts.text,
        reasoning: Some(parts.reasoning).filter(|text| !text.is_empty()),
        finish,
        usage: field::at(body, &["usage"]).map(usage),
        answered_by: field::text(body, &["model"]).map(str::to_owned),
    })
}

/// Text and thinking of a reply's items. The message is not always the first of them.
#[derive(Default)]
struct Parts {
    text: String,
    reasoning: String,
    has_refusal: bool,
}

impl Parts {
    fn of(body: &Value) -> Self {
        let mut parts = Self::default();
        for item in field::list(body, &["output"]) {
            match field::text(item, &["type"]) {
                Some("message") => {
                    field::list(item, &["content"]).for_each(|part| parts.add_text(part));
                }
                Some("reasoning") => field::list(item, &["summary"])
                    .chain(field::list(item, &["content"]))
                    .filter_map(|part| field::text(part, &["text"]))
                    .for_each(|text| add_paragraph(&mut parts.reasoning, text)),
                _ => {}
            }
        }
        parts
    }

    fn add_text(&mut self, part: &Value) {
        match field::text(part, &["type"]) {
            Some("output_text") => {
                self.text.push_str(field::text(part, &["text"]).unwrap_or_default());
            }
            Some("refusal") => {
                self.has_refusal = true;
                self.text.push_str(field::text(part, &["refusal"]).unwrap_or_default());
            }
            _ => {}
        }
    }
}

fn add_paragraph(whole: &mut String, text: &str) {
    if !whole.is_empty() {
        whole.push_str("\n\n");
    }
    whole.push_str(text);
}

fn usage(told: &Value) -> Usage {
    let count = |path: &[&str]| field::count(told, path);
    Usage {
        input_tokens: count(&["input_tokens"]).unwrap_or(0),
        output_tokens: count(&["output_tokens"]).unwrap_or(0),
        reasoning_tokens: count(&["output_tokens_details", "reasoning_tokens"]),
        cached_input_tokens: count(&["input_tokens_details", "cached_tokens"]),
        charged: None,
    }
}

/// The status that an error inside a reply or a stream stands for.
fn status_of(error: &ErrorBody) -> u16 {
    let has = |word: &str| error.kind.split(' ').any(|kind| kind == word);
    if has("rate_limit_exceeded") || has("insufficient_quota") {
        429
    } else if has("invalid_prompt") || has("invalid_request_error") {
        400
    } else {
        error.status.unwrap_or(500)
    }
}

/// Takes the next event of a stream.
pub(super) fn take(growing: &mut Growing, event: &Event) -> Result<(), Failure> {
    if event.data.trim() == "[DONE]" {
        return Ok(());
    }
    let body = field::parse(event.data.as_bytes())?;
    let delta = || field::text(&body, &["delta"]).unwrap_or_default();
    match field::text(&body, &["type"]).unwrap_or(&event.name) {
        "response.created" => {
            growing.note_model(field::text(&body, &["response", "model"]));
        }
        "response.output_text.delta" => growing.text.push_str(delta()),
        "response.refusal.delta" => {
            growing.has_refusal = true;
            growing.text.push_str(delta());
        }
        "response.reasoning_summary_text.delta" | "response.reasoning_text.delta" => {
            growing.reasoning.push_str(delta());
        }
        "response.reasoning_summary_part.added" if !growing.reasoning.is_empty() => {
            growing.reasoning.push_str("\n\n");
        }
        "response.completed" | "response.incomplete" | "response.failed" => {
            let response = field::at(&body, &["response"]);
            let response = response.ok_or_else(|| field::malformed("the last event is empty"))?;
            return take_last(growing, response);
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

/// The last event holds the whole answer once more; where it does not, what came before it stands.
fn take_last(growing: &mut Growing, response: &Value) -> Result<(), Failure> {
    let last = read_response(response)?;
    let was_refused = growing.has_refusal && last.finish == Finish::Stop;
    growing.finish = Some(if was_refused { Finish::Refusal } else { last.finish });
    if !last.text.is_empty() {
        growing.text = last.text;
    }
    if let Some(reasoning) = last.reasoning {
        growing.reasoning = reasoning;
    }
    growing.usage = last.usage.or(growing.usage);
    if last.answered_by.is_some() {
        growing.answered_by = last.answered_by;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
