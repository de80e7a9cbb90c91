//! Owns the wire shape of Ollama's own `/api/chat`, which takes the size of the context. Over its other protocols Ollama
//! cuts a long case off at its default, without a word.

use serde::Serialize;
use serde_json::Value;

use super::capability;
use super::error_body::{self, ErrorBody};
use super::family::Family;
use super::field;
use super::growing::Growing;
use super::http::{Auth, HttpReply, HttpRequest};
use super::model::Endpoint;
use super::openai_chat::{self, RequestMessage};
use super::reply::{Completion, Failure, Finish, Usage};
use super::settings::{CallSettings, Delivery, Effort};
use super::wire::Ask;

#[derive(Serialize)]
struct RequestBody<'a> {
    model: &'a str,
    messages: Vec<RequestMessage<'a>>,
    /// Ollama streams unless told not to.
    stream: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    think: Option<Think>,
    #[serde(skip_serializing_if = "Option::is_none")]
    format: Option<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    options: Option<Options>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Think {
    Switch(bool),
    Level(&'static str),
}

#[derive(Serialize)]
struct Options {
    #[serde(skip_serializing_if = "Option::is_none")]
    temperature: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seed: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    num_ctx: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    num_predict: Option<u32>,
}

impl Options {
    fn of(settings: CallSettings) -> Option<Self> {
        let options = Self {
            temperature: settings.temperature,
            seed: settings.seed,
            num_ctx: settings.context_tokens,
            num_predict: settings.max_output_tokens,
        };
        let is_empty = options.temperature.is_none()
            && options.seed.is_none()
            && options.num_ctx.is_none()
            && options.num_predict.is_none();
        (!is_empty).then_some(options)
    }
}

/// The call that puts a question.
pub(super) fn request(ask: &Ask<'_>) -> HttpRequest {
    let settings = ask.endpoint.settings;
    let takes_schema = capability::schema_form(ask.endpoint).is_ok();
    let takes_level = Family::of(&ask.endpoint.model) == Family::GptOss;
    let body = RequestBody {
        model: &ask.endpoint.model,
        messages: openai_chat::messages(ask.messages, "system"),
        stream: settings.delivery == Delivery::Streamed,
        think: settings.effort.map(|effort| match effort {
            Effort::None => Think::Switch(false),
            _ if takes_level => Think::Level(effort.word()),
            _ => Think::Switch(true),
        }),
        format: ask.schema.filter(|_| takes_schema).map(|schema| &schema.schema),
        options: Options::of(settings),
    };
    let url = format!("{}/api/chat", root(&ask.endpoint.base_url));
    HttpRequest::post(ask.endpoint, url, Auth::Bearer, &body)
}

/// The server's address, where a person gave that of one of its other protocols.
fn root(base_url: &str) -> &str {
    ["/v1", "/api"].iter().find_map(|ending| base_url.strip_suffix(ending)).unwrap_or(base_url)
}

/// The call that lists the models on the machine.
pub(super) fn models_request(endpoint: &Endpoint) -> HttpRequest {
    HttpRequest::get(endpoint, format!("{}/api/tags", root(&endpoint.base_url)), Auth::Bearer)
}

/// The names of the models on the machine.
pub(super) fn read_models(reply: &HttpReply) -> Result<Vec<String>, Failure> {
    let list = field::parse(error_body::success(reply)?)?;
    let models = field::at(&list, &["models"]).and_then(Value::as_array);
    let models = models.ok_or_else(|| field::malformed("not a list of models"))?;
    let names = models.iter().filter_map(|model| {
        field::text(model, &["name"]).or_else(|| field::text(model, &["model"]))
    });
    Ok(openai_chat::sorted(names))
}

/// Reads what came back whole, whatever its status: one object of the form that a stream has many of.
pub(super) fn read(reply: &HttpReply) -> Result<Completion, Failure> {
    if !(200..300).contains(&reply.status) {
        return error_body::read(reply);
    }
    let mut growing = Growing::default();
    take_object(&mut growing, &field::parse(&reply.body)?)?;
    if growing.finish.is_none() {
        return Err(field::malformed("the answer is not done"));
    }
    growing.complete()
}

/// Takes the next line of a stream.
pub(super) fn take(growing: &mut Growing, line: &str) -> Result<(), Failure> {
    take_object(growing, &field::parse(line.as_bytes())?)
}

fn take_object(growing: &mut Growing, body: &Value) -> Result<(), Failure> {
    if let Some(error) = ErrorBody::inside(body) {
        let status = error.status.unwrap_or(500);
        return growing.take_error(error, status);
    }
    growing.note_model(field::text(body, &["model"]));
    let piece = |key: &str| field::text(body, &["message", key]).unwrap_or_default();
    growing.text.push_str(piece("content"));
    growing.reasoning.push_str(piece("thinking"));
    if field::at(body, &["done"]).and_then(Value::as_bool) != Some(true) {
        return Ok(());
    }
    growing.finish = Some(match field::text(body, &["done_reason"]) {
        Some("stop") | None => Finish::Stop,
        Some("length") => Finish::Length,
        // It loaded or unloaded the model and was not asked anything.
        Some(word @ ("load" | "unload")) => {
            return Err(field::malformed(&format!("the model was only {word}ed")));
        }
        Some(other) => Finish::Other(other.to_owned()),
    });
    let count = |key: &str| field::count(body, &[key]);
    if let Some(written) = count("eval_count") {
        growing.usage = Some(Usage {
            // Not told where the beginning of the prompt was in the cache, whole.
            input_tokens: count("prompt_eval_count").unwrap_or(0),
            output_tokens: written,
            ..Usage::default()
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests;
