//! Owns the errors of Anthropic.

use std::fmt::Write;

use super::{Told, Trouble, spelled};

pub(super) fn told(trouble: &Trouble) -> Told {
    let (status, kind, message) = match trouble {
        Trouble::WrongKey(_) => (401, "authentication_error", "invalid x-api-key".to_owned()),
        Trouble::PagesMustSaySo => (
            401,
            "authentication_error",
            "CORS requests must set 'anthropic-dangerous-direct-browser-access' header"
                .to_owned(),
        ),
        Trouble::PagesForbidden => (
            401,
            "authentication_error",
            "CORS requests are not allowed for this Organization because of its settings"
                .to_owned(),
        ),
        Trouble::NoModel(model) => (404, "not_found_error", format!("model: {model}")),
        Trouble::NoRoute(_) => (404, "not_found_error", "Not Found".to_owned()),
        Trouble::NotJson(error) => (
            400,
            "invalid_request_error",
            format!("The request body is not valid JSON: {error}"),
        ),
        Trouble::Unsupported(name) => (
            400,
            "invalid_request_error",
            format!("`{name}` is deprecated for this model."),
        ),
        Trouble::Unknown(name) => (
            400,
            "invalid_request_error",
            format!("{name}: Extra inputs are not permitted"),
        ),
        Trouble::Missing("anthropic-version") => (
            400,
            "invalid_request_error",
            "anthropic-version: header is required".to_owned(),
        ),
        Trouble::Missing(name) => {
            (400, "invalid_request_error", format!("{name}: Field required"))
        }
        Trouble::TooLong => (
            400,
            "invalid_request_error",
            "prompt is too long: 210000 tokens > 200000 maximum".to_owned(),
        ),
        Trouble::Filtered => (
            400,
            "invalid_request_error",
            "Output blocked by content filtering policy".to_owned(),
        ),
        Trouble::RateLimited(wait) => {
            let mut message =
                "This request would exceed your organization's rate limit of 50 requests per minute."
                    .to_owned();
            if let Some(length) = wait {
                let _ = write!(message, " Please try again in {}.", spelled(*length));
            }
            (429, "rate_limit_error", message)
        }
        Trouble::NoCredit => (
            400,
            "invalid_request_error",
            "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade \
             or purchase credits."
                .to_owned(),
        ),
        Trouble::Server(529) => (529, "overloaded_error", "Overloaded".to_owned()),
        Trouble::Server(status) => (*status, "api_error", "Internal server error".to_owned()),
    };
    Told { status, kind, code: None, param: None, message }
}
