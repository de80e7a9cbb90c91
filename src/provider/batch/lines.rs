//! Owns the written form of a batch: one line for each question, and the bodies that carry them.

use std::collections::BTreeSet;

use super::{Item, Order, OrderError, Service, is_plain};
use crate::provider::settings::Delivery;
use crate::provider::wire::{self, Ask};

/// One line for each question, without its end, in the form of the service's batch file. What is asked is, byte for byte,
/// the body of a live call.
pub(super) fn write(service: Service, order: &Order<'_>) -> Result<Vec<String>, OrderError> {
    if !is_plain(order.name, 64) {
        return Err(OrderError::BadId { id: order.name.to_owned() });
    }
    if order.items.is_empty() {
        return Err(OrderError::Empty);
    }
    let mut seen = BTreeSet::new();
    for Item { custom_id, .. } in order.items {
        let id = (*custom_id).to_owned();
        if !is_plain(custom_id, 64) {
            return Err(OrderError::BadId { id });
        }
        if !seen.insert(*custom_id) {
            return Err(OrderError::SameId { id });
        }
    }
    let bodies = bodies(order)?;
    let line = |(item, body): (&Item<'_>, String)| {
        let id = item.custom_id;
        match service {
            Service::OpenAiChat | Service::OpenAiResponses => {
                let path = service.path();
                format!(r#"{{"custom_id":"{id}","method":"POST","url":"{path}","body":{body}}}"#)
            }
            Service::Mistral => format!(r#"{{"custom_id":"{id}","body":{body}}}"#),
            Service::Anthropic => format!(r#"{{"custom_id":"{id}","params":{body}}}"#),
            Service::Gemini => format!(r#"{{"key":"{id}","request":{body}}}"#),
        }
    };
    Ok(order.items.iter().zip(bodies).map(line).collect())
}

/// The one body that hands all questions in, for services that take them so.
pub(super) fn inline(service: Service, order: &Order<'_>) -> Result<String, OrderError> {
    // Also checks the order.
    let lines = write(service, order)?;
    let text = |value: &str| serde_json::Value::from(value).to_string();
    let (name, model) = (text(order.name), text(&order.endpoint.model));
    let body = match service {
        Service::Gemini => {
            let bodies = bodies(order)?;
            let requests: Vec<String> = order
                .items
                .iter()
                .zip(bodies)
                .map(|(item, body)| {
                    format!(r#"{{"request":{body},"metadata":{{"key":"{}"}}}}"#, item.custom_id)
                })
                .collect();
            let requests = requests.join(",");
            format!(
                r#"{{"batch":{{"displayName":{name},"inputConfig":{{"requests":{{"requests":[{requests}]}}}}}}}}"#
            )
        }
        Service::Mistral => format!(
            r#"{{"endpoint":"{}","model":{model},"timeout_hours":24,"metadata":{{"viva_batch":{name}}},"requests":[{}]}}"#,
            service.path(),
            lines.join(",")
        ),
        Service::Anthropic => format!("{{\"requests\":[\n{}\n]}}\n", lines.join(",\n")),
        Service::OpenAiChat | Service::OpenAiResponses => lines.join("\n") + "\n",
    };
    let limits = service.limits();
    if limits.n_bytes < body.len() && 1 < order.items.len() || limits.n_items < order.items.len() {
        let (n_items, n_bytes) = (order.items.len(), body.len());
        return Err(OrderError::TooLarge { n_items, n_bytes, limits });
    }
    Ok(body)
}

/// What a live call would send, for each question. Nothing is streamed out of a batch.
fn bodies(order: &Order<'_>) -> Result<Vec<String>, OrderError> {
    let mut endpoint = order.endpoint.clone();
    endpoint.settings.delivery = Delivery::Whole;
    order
        .items
        .iter()
        .map(|item| {
            let ask = Ask { endpoint: &endpoint, messages: item.messages, schema: item.schema };
            wire::request(&ask)
                .body
                // A line of a file ends at the first end of a line.
                .filter(|body| !body.contains(['\n', '\r']))
                .ok_or_else(|| OrderError::Unwritable { id: item.custom_id.to_owned() })
        })
        .collect()
}

/// A form with one file in it (RFC 7578): its content type and its body.
pub(super) fn form(purpose: &str, file_name: &str, file: &str) -> (String, String) {
    let mut boundary = "viva-batch".to_owned();
    // The file is JSON, so that one round is enough; a text that is made to hold the boundary only makes it longer.
    while file.contains(&boundary) {
        boundary.push('-');
        boundary.push_str(&boundary.len().to_string());
    }
    let body = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\n{purpose}\r\n\
         --{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{file_name}\"\r\n\
         Content-Type: application/jsonl\r\n\r\n{file}\r\n--{boundary}--\r\n"
    );
    (format!("multipart/form-data; boundary={boundary}"), body)
}
