//! Owns batches by file: a file that any terminal can hand in, and the reading of the file of results that comes back.

use serde_json::Value;

pub use super::results::Shape;
use super::{Harvest, Order, OrderError, Service, Standing, lines, results, status};
use crate::provider::model::Protocol;

/// A batch file, ready to be handed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchFile {
    /// With its ending.
    pub name: String,
    /// In the provider's own form.
    pub text: String,
    /// What to do with it, step by step, for people. A line that begins with `$` is to be typed into a terminal.
    pub steps: Vec<String>,
}

/// Writes the batch file of an order.
pub fn export(order: &Order<'_>) -> Result<BatchFile, OrderError> {
    let service = match Standing::of(order.endpoint) {
        Standing::FromThePage(service)
        | Standing::Untold(service)
        | Standing::ByFile(service, _) => service,
        Standing::NotOffered(reason) => return Err(OrderError::NotOffered { reason }),
    };
    let text = match service {
        // One JSON document, each question on a line of its own: the body of the call that hands it in.
        Service::Anthropic => lines::inline(service, order)?,
        Service::OpenAiChat | Service::OpenAiResponses | Service::Gemini | Service::Mistral => {
            lines::write(service, order)?.join("\n") + "\n"
        }
    };
    let ending = if service == Service::Anthropic { "json" } else { "jsonl" };
    let name = format!("{}.{ending}", order.name);
    let steps = steps(service, order, &name);
    Ok(BatchFile { name, text, steps })
}

/// What to type. The key stays in the terminal's own variable.
fn steps(service: Service, order: &Order<'_>, file: &str) -> Vec<String> {
    let base = safe_in_a_terminal(super::base(order.endpoint), "ADDRESS");
    let model = order.endpoint.model.strip_prefix("models/").unwrap_or(&order.endpoint.model);
    let model = safe_in_a_terminal(model, "MODEL");
    match service {
        Service::OpenAiChat | Service::OpenAiResponses => vec![
            "Upload the file. The reply names a file id.".to_owned(),
            format!(
                "$ curl {base}/files -H \"Authorization: Bearer $OPENAI_API_KEY\" -F purpose=batch -F file=@{file}"
            ),
            "Make the batch, with the file id in the place of FILE. The reply names a batch id.".to_owned(),
            format!(
                "$ curl {base}/batches -H \"Authorization: Bearer $OPENAI_API_KEY\" -H \"Content-Type: application/json\" -d '{{\"input_file_id\":\"FILE\",\"endpoint\":\"{}\",\"completion_window\":\"24h\"}}'",
                service.path()
            ),
            "Ask after it until it is completed. The reply names an output file and perhaps an error file.".to_owned(),
            format!("$ curl {base}/batches/BATCH -H \"Authorization: Bearer $OPENAI_API_KEY\""),
            "Save each of those files and import it here.".to_owned(),
            format!(
                "$ curl {base}/files/OUTPUT/content -H \"Authorization: Bearer $OPENAI_API_KEY\" -o results.jsonl"
            ),
        ],
        Service::Anthropic => vec![
            "Hand the file in. The reply names a batch id.".to_owned(),
            format!(
                "$ curl {base}/messages/batches -H \"x-api-key: $ANTHROPIC_API_KEY\" -H \"anthropic-version: 2023-06-01\" -H \"Content-Type: application/json\" --data-binary @{file}"
            ),
            "Ask after it until its processing status is ended.".to_owned(),
            format!(
                "$ curl {base}/messages/batches/BATCH -H \"x-api-key: $ANTHROPIC_API_KEY\" -H \"anthropic-version: 2023-06-01\""
            ),
            "Save the results and import them here.".to_owned(),
            format!(
                "$ curl {base}/messages/batches/BATCH/results -H \"x-api-key: $ANTHROPIC_API_KEY\" -H \"anthropic-version: 2023-06-01\" -o results.jsonl"
            ),
        ],
        Service::Mistral => vec![
            "Upload the file. The reply names a file id.".to_owned(),
            format!(
                "$ curl {base}/files -H \"Authorization: Bearer $MISTRAL_API_KEY\" -F purpose=batch -F file=@{file}"
            ),
            "Make the batch, with the file id in the place of FILE. The reply names a batch id.".to_owned(),
            format!(
                "$ curl {base}/batch/jobs -H \"Authorization: Bearer $MISTRAL_API_KEY\" -H \"Content-Type: application/json\" -d '{{\"input_files\":[\"FILE\"],\"endpoint\":\"{}\",\"model\":\"{model}\",\"timeout_hours\":24}}'",
                service.path()
            ),
            "Ask after it until its status is SUCCESS. The reply names an output file.".to_owned(),
            format!("$ curl {base}/batch/jobs/BATCH -H \"Authorization: Bearer $MISTRAL_API_KEY\""),
            "Save that file and import it here.".to_owned(),
            format!(
                "$ curl {base}/files/OUTPUT/content -H \"Authorization: Bearer $MISTRAL_API_KEY\" -o results.jsonl"
            ),
        ],
        Service::Gemini => vec![
            "Upload the file with Google's own library or its Files API. It is then known as files/NAME.".to_owned(),
            "Make the batch. The reply names it as batches/BATCH.".to_owned(),
            format!(
                "$ curl {base}/models/{model}:batchGenerateContent -H \"x-goog-api-key: $GEMINI_API_KEY\" -H \"Content-Type: application/json\" -d '{{\"batch\":{{\"displayName\":\"{}\",\"inputConfig\":{{\"fileName\":\"files/NAME\"}}}}}}'",
                order.name
            ),
            "Ask after it until it has succeeded. The reply names a file of responses.".to_owned(),
            format!("$ curl {base}/batches/BATCH -H \"x-goog-api-key: $GEMINI_API_KEY\""),
            "Download that file and import it here. A reply that holds the answers itself can be imported too.".to_owned(),
        ],
    }
}

/// A text that may have come from anywhere, for a command that will be copied into a terminal: as it is where a terminal
/// reads nothing into it, else the word that the person is to replace.
fn safe_in_a_terminal<'a>(text: &'a str, placeholder: &'a str) -> &'a str {
    let is_safe = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:/@".contains(&byte);
    let starts_well = text.bytes().next().is_some_and(|first| first.is_ascii_alphanumeric());
    if starts_well && text.bytes().all(is_safe) { text } else { placeholder }
}

/// Why a file brings no results at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// Nothing in it.
    #[error("The file is empty. Save the results again.")]
    Empty,
    /// A status instead of results.
    #[error(
        "The file holds no results but the state of a batch. Wait until it is done, then save its results."
    )]
    NoResults,
    /// Something else.
    #[error(
        "The file is not the results of a batch ({reason}). Files of results of OpenAI, Anthropic, Gemini and Mistral can \
         be read."
    )]
    NotResults {
        /// What was wrong with its first line.
        reason: String,
    },
}

/// Reads a file of results, in whichever provider's form it is: one result a line, a list, or the reply that holds them.
/// `protocol_of` tells for an id of the run how its model is read, and `None` for one that is not of the run.
pub fn import(
    text: &str,
    protocol_of: &dyn Fn(&str) -> Option<Protocol>,
) -> Result<Harvest, ImportError> {
    let text = text.trim_start_matches('\u{feff}').trim_end();
    if text.trim().is_empty() {
        return Err(ImportError::Empty);
    }
    // A file with one result is a document too.
    let document: Option<Value> = serde_json::from_str(text).ok();
    let harvest = match &document {
        Some(entry) if results::is_result(entry) && status::inlined(entry).is_none() => {
            results::read_list(std::slice::from_ref(entry), protocol_of)
        }
        Some(Value::Array(list)) => results::read_list(list, protocol_of),
        Some(reply) => match status::inlined(reply) {
            Some(list) => results::read_list(list, protocol_of),
            None if reply.get("status").or_else(|| reply.get("processing_status")).is_some()
                || reply.get("metadata").is_some() =>
            {
                return Err(ImportError::NoResults);
            }
            None => results::read_list(std::slice::from_ref(reply), protocol_of),
        },
        None => results::read_lines(text, protocol_of),
    };
    if !harvest.answers.is_empty() {
        return Ok(harvest);
    }
    // Not one line of the form of a result: it is another kind of file.
    let has_form = match &document {
        Some(_) => harvest.refused.iter().any(|line| line.reason != results::NO_RESULT),
        None => text.lines().any(|line| {
            serde_json::from_str(line.trim()).is_ok_and(|entry: Value| results::is_result(&entry))
        }),
    };
    match harvest.refused.first() {
        Some(first) if !has_form => Err(ImportError::NotResults { reason: first.reason.clone() }),
        _ => Ok(harvest),
    }
}
