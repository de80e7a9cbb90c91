//! Owns what a provider says of a batch: its id, how far it has come, and where its results are.

use serde_json::Value;

use super::{Service, State, base, checked_id};
use crate::provider::http;
use crate::provider::model::Endpoint;
use crate::provider::reply::Failure;

/// Where a batch is asked after.
pub(super) fn url(service: Service, endpoint: &Endpoint, id: &str) -> Result<String, Failure> {
    let (base, id) = (base(endpoint), checked_id(service, id)?);
    Ok(match service {
        Service::OpenAiChat | Service::OpenAiResponses => format!("{base}/batches/{id}"),
        Service::Gemini => format!("{base}/{id}"),
        // Asks for the results in the same reply, where the provider gives them so.
        Service::Mistral => format!("{base}/batch/jobs/{id}?inline=true"),
        Service::Anthropic => format!("{base}/messages/batches/{id}"),
    })
}

/// Where a file of results is fetched.
pub(super) fn file_url(service: Service, endpoint: &Endpoint, id: &str) -> Result<String, Failure> {
    let (base, id) = (base(endpoint), checked_id(service, id)?);
    Ok(match service {
        Service::OpenAiChat | Service::OpenAiResponses | Service::Mistral | Service::Anthropic => {
            format!("{base}/files/{id}/content")
        }
        Service::Gemini => {
            let origin = http::origin(base).unwrap_or_default();
            let path = base.split_once("://").and_then(|(_, rest)| rest.split_once('/'));
            let version = path.map_or("v1beta", |(_, version)| version);
            format!("{origin}/download/{version}/{id}:download?alt=media")
        }
    })
}

/// The id of a batch that was just taken.
pub(super) fn id(service: Service, reply: &Value) -> Result<String, Failure> {
    let key = match service {
        Service::Gemini => "name",
        Service::OpenAiChat | Service::OpenAiResponses | Service::Mistral | Service::Anthropic => {
            "id"
        }
    };
    let id = reply.get(key).and_then(Value::as_str);
    let id = id.ok_or_else(|| Failure::Malformed { message: format!("the reply has no {key}") })?;
    checked_id(service, id).map(str::to_owned)
}

/// How far a batch has come.
pub(super) fn state(service: Service, reply: &Value) -> Result<State, Failure> {
    match service {
        Service::OpenAiChat | Service::OpenAiResponses => openai(reply),
        Service::Gemini => gemini(reply),
        Service::Mistral => mistral(reply),
        Service::Anthropic => {
            Err(Failure::Malformed { message: "a page cannot ask after it".to_owned() })
        }
    }
}

fn openai(reply: &Value) -> Result<State, Failure> {
    let counts = reply.get("request_counts");
    let count = |key: &str| counts.and_then(|counts| count_of(counts, key)).unwrap_or(0);
    let n_failed = count("failed");
    Ok(match text(reply, "status") {
        "validating" => State::Waiting,
        "in_progress" | "finalizing" | "cancelling" => State::Running {
            n_done: count("completed").saturating_add(n_failed),
            n_total: count("total"),
        },
        "completed" if n_failed == 0 => State::Ended,
        "completed" => State::PartlyEnded,
        "failed" => State::Failed { reason: reasons(reply.pointer("/errors/data")) },
        "expired" => State::Expired,
        "cancelled" => State::Cancelled,
        other => return Err(unknown(other)),
    })
}

fn mistral(reply: &Value) -> Result<State, Failure> {
    let count = |key: &str| count_of(reply, key).unwrap_or(0);
    let n_failed = count("failed_requests");
    Ok(match text(reply, "status") {
        "QUEUED" => State::Waiting,
        "RUNNING" | "CANCELLATION_REQUESTED" => {
            State::Running { n_done: count("completed_requests"), n_total: count("total_requests") }
        }
        "SUCCESS" if n_failed == 0 => State::Ended,
        "SUCCESS" => State::PartlyEnded,
        "FAILED" => State::Failed { reason: reasons(reply.get("errors")) },
        "TIMEOUT_EXCEEDED" => State::Expired,
        "CANCELLED" => State::Cancelled,
        other => return Err(unknown(other)),
    })
}

fn gemini(reply: &Value) -> Result<State, Failure> {
    // An operation that failed as a whole carries its error beside `done`.
    if let Some(error) = reply.get("error").filter(|error| !error.is_null()) {
        return Ok(State::Failed { reason: shown(text(error, "message")) });
    }
    // The operation's metadata is the batch itself; some replies are the batch without its wrapper.
    let batch = reply.get("metadata").filter(|metadata| metadata.get("state").is_some());
    let batch = batch.unwrap_or(reply);
    let counts = batch.get("batchStats");
    let count = |key: &str| counts.and_then(|counts| count_of(counts, key)).unwrap_or(0);
    let n_failed = count("failedRequestCount");
    let name = text(batch, "state");
    let is_done = reply.get("done").and_then(Value::as_bool) == Some(true);
    // Documented under both names.
    let state = name.strip_prefix("BATCH_STATE_").or_else(|| name.strip_prefix("JOB_STATE_"));
    Ok(match state {
        Some("UNSPECIFIED") | None if is_done => State::Ended,
        Some("UNSPECIFIED" | "PENDING" | "QUEUED") => State::Waiting,
        Some("RUNNING" | "CANCELLING" | "PAUSED" | "UPDATING") => State::Running {
            n_done: count("successfulRequestCount").saturating_add(n_failed),
            n_total: count("requestCount"),
        },
        Some("SUCCEEDED") if n_failed == 0 => State::Ended,
        Some("SUCCEEDED" | "PARTIALLY_SUCCEEDED") => State::PartlyEnded,
        Some("FAILED") => {
            let error = batch.get("error").or_else(|| reply.get("error"));
            State::Failed { reason: shown(error.map_or("", |error| text(error, "message"))) }
        }
        Some("EXPIRED") => State::Expired,
        Some("CANCELLED") => State::Cancelled,
        // Just taken: an operation with nothing but its name.
        None if name.is_empty() && reply.get("name").is_some() => State::Waiting,
        _ => return Err(unknown(name)),
    })
}

/// The files in which results are, answers first.
pub(super) fn files(service: Service, reply: &Value) -> Vec<String> {
    let at = |pointers: &[&str]| -> Vec<String> {
        let found = pointers.iter().filter_map(|pointer| reply.pointer(pointer)?.as_str());
        found.filter(|id| !id.is_empty()).map(str::to_owned).collect()
    };
    match service {
        Service::OpenAiChat | Service::OpenAiResponses => {
            at(&["/output_file_id", "/error_file_id"])
        }
        Service::Mistral => at(&["/output_file", "/error_file"]),
        Service::Gemini => {
            let mut files = at(&[
                "/response/responsesFile",
                "/response/output/responsesFile",
                "/metadata/output/responsesFile",
                "/output/responsesFile",
                "/dest/fileName",
            ]);
            files.dedup();
            files.truncate(1);
            files
        }
        Service::Anthropic => vec![],
    }
}

/// The results that came in the same reply, if it holds any.
pub(super) fn inlined(reply: &Value) -> Option<&Vec<Value>> {
    [
        "/response/inlinedResponses",
        "/response/output/inlinedResponses",
        "/metadata/output/inlinedResponses",
        "/output/inlinedResponses",
        "/dest/inlinedResponses",
        "/inlinedResponses",
        "/outputs",
    ]
    .iter()
    .filter_map(|pointer| reply.pointer(pointer))
    // The list stands in an object of the same name, by one of the two documented forms.
    .find_map(|found| found.as_array().or_else(|| found.get("inlinedResponses")?.as_array()))
}

/// The id of the batch with this name in a list of batches.
pub(super) fn named(service: Service, list: &Value, name: &str) -> Result<Option<String>, Failure> {
    let (key, pointer) = match service {
        Service::Gemini => ("operations", "/metadata/displayName"),
        Service::OpenAiChat | Service::OpenAiResponses | Service::Mistral | Service::Anthropic => {
            ("data", "/metadata/viva_batch")
        }
    };
    let empty = Value::Array(vec![]);
    // An empty list may be left out.
    let entries = list.get(key).filter(|entries| !entries.is_null()).unwrap_or(&empty);
    let Some(entries) = entries.as_array() else {
        return Err(Failure::Malformed { message: "the reply has no list of batches".to_owned() });
    };
    let found = entries.iter().find(|entry| {
        let found = entry.pointer(pointer).or_else(|| entry.get("displayName"));
        found.and_then(Value::as_str) == Some(name)
    });
    found.map(|entry| id(service, entry)).transpose()
}

fn unknown(state: &str) -> Failure {
    Failure::Malformed {
        message: format!("a state of a batch that is not known: {:?}", shown(state)),
    }
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or("")
}

/// A count; Google writes 64-bit numbers as text.
fn count_of(value: &Value, key: &str) -> Option<u64> {
    let count = value.get(key)?;
    count.as_u64().or_else(|| count.as_str()?.parse().ok())
}

/// The first messages of a list of errors.
fn reasons(errors: Option<&Value>) -> String {
    let errors = errors.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let messages: Vec<String> =
        errors.iter().take(3).map(|error| shown(text(error, "message"))).collect();
    if messages.is_empty() {
        "the provider gives no reason".to_owned()
    } else {
        messages.join("; ")
    }
}

fn shown(message: &str) -> String {
    message.chars().take(300).collect()
}
