//! Owns the errors of Azure, as far as they are not those of OpenAI.

use std::fmt::Write;

use serde_json::{Value, json};

use super::super::profile::Profile;
use super::{Trouble, openai, shaped};

pub(super) fn told(trouble: &Trouble) -> (u16, Value) {
    let coded = |status: u16, code: &str, message: &str| {
        (status, json!({"error": {"code": code, "message": message}}))
    };
    match trouble {
        Trouble::WrongKey(_) => coded(
            401,
            "401",
            "Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid key \
             for an active subscription and use a correct regional API endpoint for your resource.",
        ),
        Trouble::NoModel(_) => coded(
            404,
            "DeploymentNotFound",
            "The API deployment for this resource does not exist. If you created the deployment within the last 5 \
             minutes, please wait a moment and try again.",
        ),
        Trouble::NoRoute(_) => coded(404, "404", "Resource not found"),
        Trouble::RateLimited(wait) => {
            let mut message = "Requests to the ChatCompletions_Create Operation under Azure OpenAI API have exceeded \
                 call rate limit of your current OpenAI S0 pricing tier."
                .to_owned();
            if let Some(length) = wait {
                let seconds = length.as_secs() + u64::from(length.subsec_nanos() > 0);
                let _ = write!(message, " Please retry after {seconds} seconds.");
            }
            coded(429, "429", &message)
        }
        Trouble::Filtered => (
            400,
            json!({"error": {
                "message": "The response was filtered due to the prompt triggering Azure OpenAI's content management \
                    policy. Please modify your prompt and retry.",
                "type": null, "param": "prompt", "code": "content_filter", "status": 400,
                "innererror": {"code": "ResponsibleAIPolicyViolation", "content_filter_result": {
                    "self_harm": {"filtered": true, "severity": "medium"},
                }},
            }}),
        ),
        _ => {
            let told = openai::told(trouble, &Profile::Reflective);
            (told.status, shaped(&Profile::Reflective, &told))
        }
    }
}
