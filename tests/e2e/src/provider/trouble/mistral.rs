//! Owns the errors of Mistral: flat ones, and those of its check of fields.

use std::fmt::Write;

use serde_json::{Value, json};

use super::{Trouble, spelled};

pub(super) fn told(trouble: &Trouble) -> (u16, Value) {
    let flat = |status: u16, kind: &str, code: &str, message: &str| {
        let body = json!({
            "object": "error", "message": message, "type": kind, "param": null, "code": code,
            "raw_status_code": status,
        });
        (status, body)
    };
    match trouble {
        Trouble::WrongKey(_) => (401, json!({"detail": "Unauthorized"})),
        Trouble::NoModel(model) => {
            flat(400, "invalid_model", "1500", &format!("Invalid model: {model}"))
        }
        Trouble::NoRoute(_) => (404, json!({"detail": "Not Found"})),
        Trouble::Unknown(name) => (422, invalid_field(name, "extra_forbidden", FORBIDDEN)),
        Trouble::Missing(name) => (422, invalid_field(name, "missing", "Field required")),
        Trouble::Unsupported(name) => flat(
            400,
            "invalid_request_invalid_args",
            "3051",
            &format!("{name} is not supported for this model"),
        ),
        Trouble::RateLimited(wait) => {
            let mut message = "Requests rate limit exceeded".to_owned();
            if let Some(length) = wait {
                let _ = write!(message, ". Please try again in {}.", spelled(*length));
            }
            flat(429, "rate_limited", "1300", &message)
        }
        Trouble::NoCredit => flat(
            402,
            "payment_required",
            "1301",
            "You have no credit left. Please check your billing details.",
        ),
        Trouble::Server(status) => {
            flat(*status, "internal_server_error", "3000", "Service unavailable.")
        }
        Trouble::TooLong => flat(
            400,
            "invalid_request_prompt",
            "3051",
            "Prompt contains 40000 tokens, too large for model with 32768 maximum context length",
        ),
        Trouble::NotJson(error) => flat(400, "invalid_request", "3000", error),
        Trouble::Filtered | Trouble::PagesMustSaySo | Trouble::PagesForbidden => {
            flat(403, "forbidden", "3000", "Forbidden")
        }
    }
}

const FORBIDDEN: &str = "Extra inputs are not permitted";

fn invalid_field(name: &str, kind: &str, message: &str) -> Value {
    json!({"detail": [{"type": kind, "loc": ["body", name], "msg": message}]})
}
