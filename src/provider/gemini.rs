//! Owns the wire shape of Google's `generateContent`.
//!
//! Google's preflight answers 403 to any header beyond the key's and the content type: none is added here.

use std::fmt::Write as _;

use serde::Serialize;
use serde_json::Value;

use super::capability::{self, thinking_budget};
use super::error_body::{self, ErrorBody};
use super::family::Family;
use super::field;
use super::growing::Growing;
use super::http::{self, Auth, HttpReply, HttpRequest};
use super::model::Endpoint;
use super::openai_chat;
use super::reply::{Completion, Failure, Finish, Usage};
use super::settings::{Delivery, Effort};
use super::wire::Ask;
use crate::prompt::{Message, Role};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RequestBody<'a> {
    contents: Vec<Content<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    system_instruction: Option<Instruction<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    generation_config: Option<GenerationConfig<'a>>,
    safety_settings: [SafetySetting; 4],
}

#[derive(Serialize)]
struct Content<'a> {
    role: &'static str,
    parts: Vec<Part<'a>>,
}

#[derive(Serialize)]
struct Instruction<'a> {
    parts: Vec<Part<'a>>,
}

#[derive(Serialize)]
struct Part<'a> {
    text: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct GenerationConfig<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    temperature: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_output_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seed: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    response_mime_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    response_json_schema: Option<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    thinking_config: Option<ThinkingConfig>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ThinkingConfig {
    #[serde(skip_serializing_if = "Option::is_none")]
    thinking_budget: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    thinking_level: Option<&'static str>,
}

#[derive(Serialize)]
struct SafetySetting {
    category: &'static str,
    threshold: &'static str,
}

/// Questions of medicine speak of bodies, drugs and harm. Left to themselves the filters differ from model to model and
/// would take part in the examination; what is blocked in spite of this is told as filtered.
const SAFETY: [SafetySetting; 4] = [
    SafetySetting { category: "HARM_CATEGORY_HARASSMENT", threshold: "BLOCK_NONE" },
    SafetySetting { category: "HARM_CATEGORY_HATE_SPEECH", threshold: "BLOCK_NONE" },
    SafetySetting { category: "HARM_CATEGORY_SEXUALLY_EXPLICIT", threshold: "BLOCK_NONE" },
    SafetySetting { category: "HARM_CATEGORY_DANGEROUS_CONTENT", threshold: "BLOCK_NONE" },
];

/// The call that puts a question.
pub(super) fn request(ask: &Ask<'_>) -> HttpRequest {
    let family = Family::of(&ask.endpoint.model);
    let instructions: Vec<Part<'_>> = ask
        .messages
        .iter()
        .filter(|message| message.role == Role::System)
        .map(|message| Part { text: &message.content })
        .collect();
    // Gemma has no standing instruction: it goes before the first question.
    let (apart, before) =
        if family == Family::Gemma { (vec![], instructions) } else { (instructions, vec![]) };
    let body = RequestBody {
        contents: contents(ask.messages, before),
        system_instruction: (!apart.is_empty()).then_some(Instruction { parts: apart }),
        generation_config: generation_config(ask, family),
        safety_settings: SAFETY,
    };
    let base_url = http::versioned(&ask.endpoint.base_url, "v1beta");
    let action = match ask.endpoint.settings.delivery {
        Delivery::Streamed => "streamGenerateContent?alt=sse",
        Delivery::Whole | Delivery::Batch => "generateContent",
    };
    let url = format!("{base_url}/models/{}:{action}", segment(&ask.endpoint.model));
    HttpRequest::post(ask.endpoint, url, Auth::XGoogApiKey, &body)
}

/// A model id as one segment of a path, so that no name leads elsewhere.
fn segment(model: &str) -> String {
    let model = model.strip_prefix("models/").unwrap_or(model);
    let mut segment = String::new();
    for byte in model.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            segment.push(char::from(byte));
        } else {
            // Writing to a string does not fail.
            let _ = write!(segment, "%{byte:02X}");
        }
    }
    segment
}

fn contents<'a>(messages: &'a [Message], before: Vec<Part<'a>>) -> Vec<Content<'a>> {
    let mut contents: Vec<Content<'a>> = messages
        .iter()
        .filter_map(|message| {
            let role = match message.role {
                Role::System => return None,
                Role::User => "user",
                Role::Assistant => "model",
            };
            Some(Content { role, parts: vec![Part { text: &message.content }] })
        })
        .collect();
    if let Some(first) = contents.first_mut() {
        first.parts.splice(0..0, before);
    }
    contents
}

fn generation_config<'a>(ask: &Ask<'a>, family: Family) -> Option<GenerationConfig<'a>> {
    let settings = ask.endpoint.settings;
    let takes_schema = capability::schema_form(ask.endpoint).is_ok();
    let schema = ask.schema.filter(|_| takes_schema).map(|schema| &schema.schema);
    let config = GenerationConfig {
        temperature: settings.temperature,
        max_output_tokens: settings.max_output_tokens,
        seed: settings.seed,
        response_mime_type: schema.is_some().then_some("application/json"),
        response_json_schema: schema,
        thinking_config: settings.effort.map(|effort| thinking_config(family, effort)),
    };
    let is_empty = config.temperature.is_none()
        && config.max_output_tokens.is_none()
        && config.seed.is_none()
        && config.response_json_schema.is_none()
        && config.thinking_config.is_none();
    (!is_empty).then_some(config)
}

/// Gemini 2.5 takes a budget, later ones a level.
fn thinking_config(family: Family, effort: Effort) -> ThinkingConfig {
    let takes_budget = matches!(family, Family::Gemini(Some(version)) if version < (3, 0));
    if takes_budget || effort == Effort::None {
        return ThinkingConfig {
            thinking_budget: Some(thinking_budget(effort)),
            thinking_level: None,
        };
    }
    let level = match effort {
        Effort::None | Effort::Minimal => "MINIMAL",
        Effort::Low => "LOW",
        Effort::Medium => "MEDIUM",
        Effort::High => "HIGH",
    };
    ThinkingConfig { thinking_budget: None, thinking_level: Some(level) }
}

/// The call that lists the models, all on one page.
pub(super) fn models_request(endpoint: &Endpoint) -> HttpRequest {
    let url = format!("{}/models?pageSize=1000", http::versioned(&endpoint.base_url, "v1beta"));
    HttpRequest::get(endpoint, url, Auth::XGoogApiKey)
}

/// The models that answer questions; those that embed or draw are listed too.
pub(super) fn read_models(reply: &HttpReply) -> Result<Vec<String>, Failure> {
    let list = field::parse(error_body::success(reply)?)?;
    let models = field::at(&list, &["models"]).and_then(Value::as_array);
    let models = models.ok_or_else(|| field::malformed("not a list of models"))?;
    let names = models
        .iter()
        .filter(|model| {
            field::list(model, &["supportedGenerationMethods"])
                .any(|method| method.as_str() == Some("generateContent"))
        })
        .filter_map(|model| field::text(model, &["name"]))
        .map(|name| name.strip_prefix("models/").unwrap_or(name));
    Ok(openai_chat::sorted(names))
}

/// Reads what came back whole, whatever its status.
pub(super) fn read(reply: &HttpReply) -> Result<Completion, Failure> {
    if !(200..300).contains(&reply.status) {
        return error_body::read(reply);
    }
    let body = field::parse(&reply.body)?;
    let mut growing = Growing::default();
    take_response(&mut growing, &body)?;
    if growing.finish.is_none() {
        // A question that Google blocks may come back with a status of success, no candidate and no reason.
        let has_candidates = field::list(&body, &["candidates"]).next().is_some();
        if has_candidates || field::at(&body, &["usageMetadata"]).is_none() {
            return Err(field::malformed("the answer does not say why it ended"));
        }
        growing.finish = Some(Finish::Filtered);
    }
    growing.complete()
}

/// Takes the next event of a stream: each is a reply of its own, with the next piece in it.
pub(super) fn take(growing: &mut Growing, data: &str) -> Result<(), Failure> {
    take_response(growing, &field::parse(data.as_bytes())?)
}

fn take_response(growing: &mut Growing, body: &Value) -> Result<(), Failure> {
    if let Some(error) = ErrorBody::inside(body) {
        let status = error.status.unwrap_or(500);
        return growing.take_error(error, status);
    }
    growing.note_model(field::text(body, &["modelVersion"]));
    if let Some(told) = field::at(body, &["usageMetadata"]) {
        growing.usage = Some(usage(told));
    }
    let Some(candidate) = field::list(body, &["candidates"]).next() else {
        if field::at(body, &["promptFeedback", "blockReason"]).is_some() {
            growing.finish = Some(Finish::Filtered);
        }
        return Ok(());
    };
    for part in field::list(candidate, &["content", "parts"]) {
        let is_thought = field::at(part, &["thought"]).and_then(Value::as_bool) == Some(true);
        let text = field::text(part, &["text"]).unwrap_or_default();
        if is_thought { growing.reasoning.push_str(text) } else { growing.text.push_str(text) }
    }
    if let Some(reason) = field::text(candidate, &["finishReason"]) {
        growing.finish = Some(finish(reason));
    }
    Ok(())
}

fn finish(reason: &str) -> Finish {
    match reason {
        "STOP" => Finish::Stop,
        "MAX_TOKENS" => Finish::Length,
        "SAFETY" | "RECITATION" | "BLOCKLIST" | "PROHIBITED_CONTENT" | "SPII" | "IMAGE_SAFETY" => {
            Finish::Filtered
        }
        // LANGUAGE, OTHER, MALFORMED_FUNCTION_CALL and whatever may come: all but STOP are ends before the end.
        other => Finish::Other(format!("incomplete: {other}")),
    }
}

/// Google counts thinking apart from the answer, and bills it as output.
fn usage(told: &Value) -> Usage {
    let count = |key: &str| field::count(told, &[key]);
    let thought = count("thoughtsTokenCount");
    let written = count("candidatesTokenCount").unwrap_or(0);
    Usage {
        input_tokens: count("promptTokenCount").unwrap_or(0),
        output_tokens: written.saturating_add(thought.unwrap_or(0)),
        reasoning_tokens: thought,
        cached_input_tokens: count("cachedContentTokenCount"),
        charged: None,
    }
}

#[cfg(test)]
mod tests;
