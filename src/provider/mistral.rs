//! Owns the wire shape of Mistral's chat completions: OpenAI's, but for a seed under another name, no options of streams,
//! and models that are listed with what they can do.

use serde::Serialize;

use super::capability;
use super::error_body;
use super::field;
use super::http::{self, Auth, HttpReply, HttpRequest};
use super::model::Endpoint;
use super::openai_chat::{self, RequestMessage, ResponseFormat};
use super::reply::Failure;
use super::settings::{Delivery, Effort};
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
    random_seed: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reasoning_effort: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    response_format: Option<ResponseFormat<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stream: Option<bool>,
}

/// The call that puts a question.
pub(super) fn request(ask: &Ask<'_>) -> HttpRequest {
    let settings = ask.endpoint.settings;
    let form = capability::schema_form(ask.endpoint).ok();
    let body = RequestBody {
        model: &ask.endpoint.model,
        messages: openai_chat::messages(ask.messages, "system"),
        max_tokens: settings.max_output_tokens,
        temperature: settings.temperature,
        random_seed: settings.seed,
        reasoning_effort: settings.effort.map(Effort::word),
        response_format: ask
            .schema
            .zip(form)
            .map(|(schema, form)| ResponseFormat::new(form, schema)),
        stream: (settings.delivery == Delivery::Streamed).then_some(true),
    };
    let url = format!("{}/chat/completions", http::versioned(&ask.endpoint.base_url, "v1"));
    HttpRequest::post(ask.endpoint, url, Auth::Bearer, &body)
}

/// The call that lists the models.
pub(super) fn models_request(endpoint: &Endpoint) -> HttpRequest {
    let url = format!("{}/models", http::versioned(&endpoint.base_url, "v1"));
    HttpRequest::get(endpoint, url, Auth::Bearer)
}

/// The models that can chat; those that only embed or transcribe are listed too.
pub(super) fn read_models(reply: &HttpReply) -> Result<Vec<String>, Failure> {
    let list = field::parse(error_body::success(reply)?)?;
    let models = field::at(&list, &["data"]).and_then(serde_json::Value::as_array);
    let models = models.ok_or_else(|| field::malformed("not a list of models"))?;
    let chats = |model: &&serde_json::Value| {
        let can = field::at(model, &["capabilities", "completion_chat"]);
        can.and_then(serde_json::Value::as_bool).unwrap_or(true)
    };
    let ids = models.iter().filter(chats).filter_map(|model| field::text(model, &["id"]));
    Ok(openai_chat::sorted(ids))
}

#[cfg(test)]
mod tests;
