//! Owns the wire shape of OpenAI's Chat Completions, which most providers and local servers speak, and the differences of
//! those who do.

use serde::Serialize;
use serde_json::Value;

use super::capability::{self, EffortForm, LimitField, SchemaForm, StreamForm};
use super::error_body::{self, ErrorBody};
use super::field;
use super::growing::Growing;
use super::host::Host;
use super::http::{Auth, HttpReply, HttpRequest};
use super::model::Endpoint;
use super::price::MicroDollars;
use super::reply::{Completion, Failure, Finish, Usage};
use super::settings::{Delivery, Effort};
use super::wire::{AnswerSchema, Ask};
use crate::prompt::{Message, Role};

#[derive(Serialize)]
pub(super) struct RequestBody<'a> {
    model: &'a str,
    messages: Vec<RequestMessage<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_completion_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    temperature: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seed: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reasoning_effort: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reasoning: Option<Reasoning>,
    #[serde(skip_serializing_if = "Option::is_none")]
    thinking: Option<Thinking>,
    #[serde(skip_serializing_if = "Option::is_none")]
    response_format: Option<ResponseFormat<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stream: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stream_options: Option<StreamOptions>,
}

#[derive(Serialize)]
pub(super) struct RequestMessage<'a> {
    role: &'static str,
    content: &'a str,
}

#[derive(Serialize)]
struct Reasoning {
    effort: &'static str,
}

#[derive(Serialize)]
struct Thinking {
    r#type: &'static str,
}

#[derive(Serialize)]
struct StreamOptions {
    include_usage: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    include_obfuscation: Option<bool>,
}

/// How the answer's form is asked for.
#[derive(Serialize)]
pub(super) struct ResponseFormat<'a> {
    r#type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    json_schema: Option<NamedSchema<'a>>,
}

#[derive(Serialize)]
struct NamedSchema<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    schema: &'a Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    strict: Option<bool>,
}

impl<'a> ResponseFormat<'a> {
    pub(super) fn new(form: SchemaForm, schema: &'a AnswerSchema) -> Self {
        let (name, strict) = match form {
            SchemaForm::JsonSchema => (Some(schema.name.as_str()), Some(true)),
            SchemaForm::BareJsonSchema => (None, None),
            SchemaForm::JsonObject => return Self { r#type: "json_object", json_schema: None },
        };
        let json_schema = Some(NamedSchema { name, schema: &schema.schema, strict });
        Self { r#type: "json_schema", json_schema }
    }
}

/// The conversation, with the name that the standing instruction's role has here.
pub(super) fn messages<'a>(
    messages: &'a [Message],
    system_role: &'static str,
) -> Vec<RequestMessage<'a>> {
    let role = |role| match role {
        Role::System => system_role,
        Role::User => "user",
        Role::Assistant => "assistant",
    };
    messages
        .iter()
        .map(|message| RequestMessage { role: role(message.role), content: &message.content })
        .collect()
}

/// The body of a question.
pub(super) fn body<'a>(ask: &Ask<'a>) -> RequestBody<'a> {
    let settings = ask.endpoint.settings;
    let form = capability::chat_form(ask.endpoint);
    let limit = settings.max_output_tokens;
    let (max_tokens, max_completion_tokens) = match form.limit {
        LimitField::MaxTokens => (limit, None),
        LimitField::MaxCompletionTokens => (None, limit),
    };
    let (mut reasoning_effort, mut reasoning, mut thinking) = (None, None, None);
    if let Some(effort) = settings.effort {
        match form.effort {
            EffortForm::Word => reasoning_effort = Some(effort.word()),
            EffortForm::Object => reasoning = Some(Reasoning { effort: effort.word() }),
            EffortForm::Switch => {
                let is_off = effort == Effort::None;
                thinking = Some(Thinking { r#type: if is_off { "disabled" } else { "enabled" } });
            }
        }
    }
    let is_streamed = settings.delivery == Delivery::Streamed;
    let stream_options = match form.stream {
        StreamForm::Usage => Some(StreamOptions { include_usage: true, include_obfuscation: None }),
        StreamForm::UsageWithoutObfuscation => {
            Some(StreamOptions { include_usage: true, include_obfuscation: Some(false) })
        }
        StreamForm::Plain => None,
    };
    let schema_form = capability::schema_form(ask.endpoint).ok();
    RequestBody {
        model: &ask.endpoint.model,
        messages: messages(ask.messages, form.system_role),
        max_tokens,
        max_completion_tokens,
        temperature: settings.temperature,
        seed: settings.seed,
        reasoning_effort,
        reasoning,
        thinking,
        response_format: ask
            .schema
            .zip(schema_form)
            .map(|(schema, form)| ResponseFormat::new(form, schema)),
        stream: is_streamed.then_some(true),
        stream_options: stream_options.filter(|_| is_streamed),
    }
}

/// The call that puts a question.
pub(super) fn request(ask: &Ask<'_>) -> HttpRequest {
    let url = format!("{}/chat/completions", ask.endpoint.base_url);
    HttpRequest::post(ask.endpoint, url, Auth::Bearer, &body(ask))
}

/// The call that lists the provider's models. Perplexity has none.
pub(super) fn models_request(endpoint: &Endpoint) -> Option<HttpRequest> {
    let url = format!("{}/models", endpoint.base_url);
    (Host::of(endpoint) != Host::Perplexity).then(|| HttpRequest::get(endpoint, url, Auth::Bearer))
}

/// Reads what came back whole, whatever its status.
pub(super) fn read(reply: &HttpReply) -> Result<Completion, Failure> {
    if !(200..300).contains(&reply.status) {
        return error_body::read(reply);
    }
    let body = field::parse(&reply.body)?;
    if let Some(verdict) = error_inside(&body) {
        return verdict;
    }
    let choice = field::list(&body, &["choices"]).next();
    let choice = choice.ok_or_else(|| field::malformed("the answer has no choices"))?;
    if let Some(verdict) = error_inside(choice) {
        return verdict;
    }
    let message = field::at(choice, &["message"]);
    let message = message.ok_or_else(|| field::malformed("the answer has no message"))?;
    let mut piece = Piece::of(message);
    let refusal = field::text(message, &["refusal"]).filter(|refusal| !refusal.is_empty());
    let finish = finish(field::text(choice, &["finish_reason"]), refusal.is_some())?;
    if piece.text.is_empty() {
        refusal.unwrap_or_default().clone_into(&mut piece.text);
    }
    Ok(Completion {
        text: piece.text,
        reasoning: Some(piece.reasoning).filter(|text| !text.is_empty()),
        finish,
        usage: usage(&body),
        answered_by: field::text(&body, &["model"]).map(str::to_owned),
    })
}

/// Routers report an upstream failure with a status of success.
fn error_inside(value: &Value) -> Option<Result<Completion, Failure>> {
    let error = ErrorBody::inside(value)?;
    let status = error.status.unwrap_or(502);
    Some(error.verdict(status, None))
}

/// Takes the next event of a stream.
pub(super) fn take(growing: &mut Growing, data: &str) -> Result<(), Failure> {
    if data.trim() == "[DONE]" {
        return Ok(());
    }
    let event = field::parse(data.as_bytes())?;
    let choice = field::list(&event, &["choices"]).next();
    let with_error = [Some(&event), field::at(&event, &["x_groq"]), choice];
    if let Some(error) = with_error.into_iter().flatten().find_map(ErrorBody::inside) {
        let status = error.status.unwrap_or(502);
        return growing.take_error(error, status);
    }
    growing.note_model(field::text(&event, &["model"]));
    // Some count on every event, the last one being right.
    if let Some(usage) = usage(&event) {
        growing.usage = Some(usage);
    }
    let Some(choice) = choice else { return Ok(()) };
    if let Some(delta) = field::at(choice, &["delta"]) {
        let piece = Piece::of(delta);
        growing.text.push_str(&piece.text);
        growing.reasoning.push_str(&piece.reasoning);
        if let Some(refusal) = field::text(delta, &["refusal"]).filter(|text| !text.is_empty()) {
            growing.has_refusal = true;
            growing.text.push_str(refusal);
        }
    }
    if let Some(reason) = field::text(choice, &["finish_reason"]).filter(|word| !word.is_empty()) {
        growing.finish = Some(finish(Some(reason), growing.has_refusal)?);
    }
    Ok(())
}

fn finish(reason: Option<&str>, has_refusal: bool) -> Result<Finish, Failure> {
    Ok(match reason {
        _ if has_refusal => Finish::Refusal,
        Some("stop" | "eos" | "eos_token" | "stop_sequence" | "end_turn") | None => Finish::Stop,
        // `model_length` is Mistral's word for a context that is full.
        Some("length" | "max_tokens" | "model_length") => Finish::Length,
        Some("content_filter" | "safety") => Finish::Filtered,
        Some("refusal") => Finish::Refusal,
        // OpenRouter and Mistral: the model failed half-way; what came is no answer.
        Some("error") => {
            let message = "the model stopped with an error".to_owned();
            return Err(Failure::Server { status: 502, wait_millis: None, message });
        }
        Some(other) => Finish::Other(other.to_owned()),
    })
}

/// Text and thinking of a message or of a piece of one.
#[derive(Default)]
struct Piece {
    text: String,
    reasoning: String,
}

impl Piece {
    fn of(message: &Value) -> Self {
        let mut piece = Self::default();
        match field::at(message, &["content"]) {
            Some(Value::String(text)) => piece.text.clone_from(text),
            // Mistral's reasoning models send parts.
            Some(Value::Array(parts)) => parts.iter().for_each(|part| piece.add(part)),
            _ => {}
        }
        // The same thinking may stand there under two names: the first is taken.
        for name in ["reasoning_content", "reasoning"] {
            match field::text(message, &[name]) {
                Some(text) if !text.is_empty() => {
                    text.clone_into(&mut piece.reasoning);
                    return piece;
                }
                _ => {}
            }
        }
        for detail in field::list(message, &["reasoning_details"]) {
            for name in ["text", "summary"] {
                piece.reasoning.push_str(field::text(detail, &[name]).unwrap_or_default());
            }
        }
        piece
    }

    fn add(&mut self, part: &Value) {
        match field::text(part, &["type"]) {
            Some("text") => self.text.push_str(field::text(part, &["text"]).unwrap_or_default()),
            Some("thinking") => match field::at(part, &["thinking"]) {
                Some(Value::String(thought)) => self.reasoning.push_str(thought),
                Some(Value::Array(inner)) => {
                    for thought in inner {
                        let text = field::text(thought, &["text"]).unwrap_or_default();
                        self.reasoning.push_str(text);
                    }
                }
                _ => {}
            },
            _ => {}
        }
    }
}

fn usage(body: &Value) -> Option<Usage> {
    let usage = field::at(body, &["usage"]).or_else(|| field::at(body, &["x_groq", "usage"]))?;
    let count = |path: &[&str]| field::count(usage, path);
    let (input, written) = (count(&["prompt_tokens"])?, count(&["completion_tokens"]));
    let written = written.unwrap_or(0);
    let thought = count(&["completion_tokens_details", "reasoning_tokens"])
        .or_else(|| count(&["reasoning_tokens"]));
    // xAI leaves the thinking out of its count of what was written, which only its sum tells.
    let apart = thought.filter(|thought| {
        let sum = input.saturating_add(written).saturating_add(*thought);
        *thought > 0 && count(&["total_tokens"]) == Some(sum)
    });
    Some(Usage {
        input_tokens: input,
        output_tokens: written.saturating_add(apart.unwrap_or(0)),
        reasoning_tokens: thought,
        cached_input_tokens: count(&["prompt_tokens_details", "cached_tokens"])
            .or_else(|| count(&["prompt_cache_hit_tokens"])),
        charged: charged(usage),
    })
}

/// OpenRouter tells a call's cost in dollars, Perplexity in an object with the sum in it.
fn charged(usage: &Value) -> Option<MicroDollars> {
    let cost = field::at(usage, &["cost"])?;
    let dollars = cost.as_f64().or_else(|| field::at(cost, &["total_cost"])?.as_f64())?;
    let micro_dollars = dollars * 1e6;
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // in the range just checked
    (0.0..1e15)
        .contains(&micro_dollars)
        // Rounded up, but not for what is only the error of a decimal fraction.
        .then(|| MicroDollars((micro_dollars - 1e-6).ceil().max(0.0) as u64))
}

/// The ids in a list of models, sorted. Together sends the list bare.
pub(super) fn read_models(reply: &HttpReply) -> Result<Vec<String>, Failure> {
    let list = field::parse(error_body::success(reply)?)?;
    let models = list.as_array().or_else(|| field::at(&list, &["data"])?.as_array());
    let models = models.ok_or_else(|| field::malformed("not a list of models"))?;
    let ids = models.iter().filter_map(|model| field::text(model, &["id"]));
    Ok(sorted(ids))
}

/// Names in order, each once.
pub(super) fn sorted<'a>(names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut names: Vec<String> = names.map(str::to_owned).collect();
    names.sort_unstable();
    names.dedup();
    names
}

#[cfg(test)]
mod tests;
