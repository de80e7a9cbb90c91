//! Owns the errors of Gemini, which say in their details which quota is used up and when to come again.

use std::fmt::Write;

use serde_json::{Value, json};

use super::{Trouble, spelled_seconds};

pub(super) fn told(trouble: &Trouble) -> (u16, Value) {
    let unknown = |name: &str| {
        format!("Invalid JSON payload received. Unknown name \"{name}\": Cannot find field.")
    };
    let (code, status, message, details) = match trouble {
        Trouble::WrongKey(_) => (
            400,
            "INVALID_ARGUMENT",
            "API key not valid. Please pass a valid API key.".to_owned(),
            json!([{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID", "domain": "googleapis.com"}]),
        ),
        Trouble::NoModel(model) => (
            404,
            "NOT_FOUND",
            format!(
                "models/{model} is not found for API version v1beta, or is not supported for generateContent. \
                 Call ListModels to see the list of available models and their supported methods."
            ),
            json!([]),
        ),
        Trouble::NoRoute(_) => (404, "NOT_FOUND", "Not Found".to_owned(), json!([])),
        Trouble::Unsupported(name) | Trouble::Unknown(name) => {
            (400, "INVALID_ARGUMENT", unknown(name), json!([]))
        }
        Trouble::NotJson(error) => (
            400,
            "INVALID_ARGUMENT",
            format!("Invalid JSON payload received. {error}"),
            json!([]),
        ),
        Trouble::Missing(name) => (
            400,
            "INVALID_ARGUMENT",
            format!("* {name}: is not specified"),
            json!([]),
        ),
        Trouble::TooLong => (
            400,
            "INVALID_ARGUMENT",
            "The input token count (1100000) exceeds the maximum number of tokens allowed (1048576)."
                .to_owned(),
            json!([]),
        ),
        Trouble::RateLimited(wait) => {
            let mut message = quota_exceeded("GenerateRequestsPerMinute", 10);
            let mut details =
                vec![quota_failure("GenerateRequestsPerMinutePerProjectPerModel-FreeTier")];
            if let Some(length) = wait {
                let seconds = spelled_seconds(*length);
                let _ = write!(message, "\nPlease retry in {seconds}.");
                details.push(json!({
                    "@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": seconds,
                }));
            }
            (429, "RESOURCE_EXHAUSTED", message, json!(details))
        }
        Trouble::NoCredit => (
            429,
            "RESOURCE_EXHAUSTED",
            quota_exceeded("GenerateRequestsPerDay", 0),
            json!([quota_failure("GenerateRequestsPerDayPerProjectPerModel-FreeTier")]),
        ),
        Trouble::Server(503) => (
            503,
            "UNAVAILABLE",
            "The model is overloaded. Please try again later.".to_owned(),
            json!([]),
        ),
        Trouble::Server(status) => {
            (*status, "INTERNAL", "An internal error has occurred.".to_owned(), json!([]))
        }
        Trouble::Filtered | Trouble::PagesMustSaySo | Trouble::PagesForbidden => {
            (403, "PERMISSION_DENIED", "Permission denied.".to_owned(), json!([]))
        }
    };
    let mut error = json!({"code": code, "message": message, "status": status});
    if details != json!([]) {
        error["details"] = details;
    }
    (code, json!({"error": error}))
}

fn quota_exceeded(metric: &str, limit: u32) -> String {
    format!(
        "You exceeded your current quota, please check your plan and billing details.\n* Quota exceeded for metric: \
         generativelanguage.googleapis.com/{metric}, limit: {limit}, model: test"
    )
}

fn quota_failure(id: &str) -> Value {
    json!({"@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": [{"quotaId": id}]})
}
