//! Owns the errors of OpenAI, and of those who copied its interface, in their own words where those are known.

use std::fmt::Write;

use super::super::profile::Profile;
use super::{Told, Trouble, masked, spelled};

const INVALID: &str = "invalid_request_error";

fn plain(status: u16, kind: &'static str, code: Option<&'static str>, message: &str) -> Told {
    Told { status, kind, code, param: None, message: message.to_owned() }
}

pub(super) fn told(trouble: &Trouble, profile: &Profile) -> Told {
    match trouble {
        Trouble::WrongKey(key) => wrong_key(profile, key),
        Trouble::PagesMustSaySo | Trouble::PagesForbidden => {
            plain(401, INVALID, None, "Pages may not call.")
        }
        Trouble::NoModel(model) => no_model(profile, model),
        Trouble::NoRoute(what) => plain(404, INVALID, None, &format!("Invalid URL ({what})")),
        Trouble::NotJson(error) => plain(
            400,
            INVALID,
            None,
            &format!("We could not parse the JSON body of your request. ({error})"),
        ),
        Trouble::Unsupported(name) => unsupported(name),
        Trouble::Unknown(name) => Told {
            param: Some(name.clone()),
            ..plain(
                400,
                INVALID,
                Some("unknown_parameter"),
                &format!("Unknown parameter: '{name}'."),
            )
        },
        Trouble::Missing(name) => Told {
            param: Some((*name).to_owned()),
            ..plain(
                400,
                INVALID,
                Some("missing_required_parameter"),
                &format!("Missing required parameter: '{name}'."),
            )
        },
        Trouble::TooLong => plain(
            400,
            INVALID,
            Some("context_length_exceeded"),
            "This model's maximum context length is 8192 tokens. However, your messages resulted in 9100 tokens. \
             Please reduce the length of the messages.",
        ),
        Trouble::Filtered => plain(
            403,
            INVALID,
            None,
            "This model requires moderation. Your input was flagged for \"self-harm\". No credits were charged.",
        ),
        Trouble::RateLimited(wait) => {
            let mut message =
                "Rate limit reached for this model in organization org-test on requests per min \
                 (RPM): Limit 500, Used 500, Requested 1."
                    .to_owned();
            if let Some(length) = wait {
                let _ = write!(message, " Please try again in {}.", spelled(*length));
            }
            plain(429, "requests", Some("rate_limit_exceeded"), &message)
        }
        Trouble::NoCredit => no_credit(profile),
        Trouble::Server(status) => server(profile, *status),
    }
}

fn no_credit(profile: &Profile) -> Told {
    match profile {
        Profile::AllowList => plain(
            402,
            "insufficient_credits",
            None,
            "Insufficient credits. Add more using https://openrouter.ai/settings/credits",
        ),
        Profile::DeepSeek | Profile::Together | Profile::HuggingFace => {
            plain(402, "unknown_error", Some("invalid_request_error"), "Insufficient Balance")
        }
        _ => {
            let message =
                "You exceeded your current quota, please check your plan and billing details.";
            plain(429, "insufficient_quota", Some("insufficient_quota"), message)
        }
    }
}

fn server(profile: &Profile, status: u16) -> Told {
    let (kind, message) = match status {
        // llama.cpp, while it loads a model.
        503 if *profile == Profile::Wildcard => ("unavailable_error", "Loading model"),
        503 => ("server_error", "The engine is currently overloaded, please try again later."),
        529 => ("overloaded_error", "Overloaded"),
        _ => (
            "server_error",
            "The server had an error while processing your request. Sorry about that!",
        ),
    };
    plain(status, kind, None, message)
}

fn wrong_key(profile: &Profile, key: &str) -> Told {
    let message = match profile {
        Profile::Reflective => format!(
            "Incorrect API key provided: {}. You can find your API key at https://platform.openai.com/account/api-keys.",
            masked(key)
        ),
        Profile::AllowList => "No auth credentials found".to_owned(),
        Profile::Groq => "Invalid API Key".to_owned(),
        Profile::Cerebras => "Wrong API Key".to_owned(),
        Profile::Cohere => "invalid api token".to_owned(),
        Profile::HuggingFace => "Invalid username or password.".to_owned(),
        Profile::DeepSeek => {
            format!("Authentication Fails, Your api key: {} is invalid", masked(key))
        }
        _ => "Incorrect API key provided.".to_owned(),
    };
    // xAI answers a wrong key with 400.
    let status = if *profile == Profile::Xai { 400 } else { 401 };
    plain(status, INVALID, Some("invalid_api_key"), &message)
}

fn no_model(profile: &Profile, model: &str) -> Told {
    match profile {
        Profile::AllowList => {
            plain(400, INVALID, None, &format!("{model} is not a valid model ID"))
        }
        Profile::DeepSeek => plain(400, INVALID, None, "Model Not Exist"),
        Profile::Ollama(_) => {
            plain(404, "not_found_error", None, &format!("model '{model}' not found"))
        }
        Profile::Cohere => plain(
            404,
            INVALID,
            None,
            &format!(
                "model '{model}' not found, make sure the correct model ID was used and that you have access to the model."
            ),
        ),
        Profile::HuggingFace => plain(
            400,
            INVALID,
            Some("model_not_found"),
            &format!("The requested model '{model}' does not exist"),
        ),
        _ => plain(
            404,
            INVALID,
            Some("model_not_found"),
            &format!("The model `{model}` does not exist or you do not have access to it."),
        ),
    }
}

/// As `OpenAI` words it, which most of the others copied.
fn unsupported(name: &str) -> Told {
    let (code, message) = match name {
        "max_tokens" => (
            "unsupported_parameter",
            "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."
                .to_owned(),
        ),
        "response_format" => (
            "unsupported_value",
            "Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model.".to_owned(),
        ),
        _ => (
            "unsupported_parameter",
            format!("Unsupported parameter: '{name}' is not supported with this model."),
        ),
    };
    Told {
        status: 400,
        kind: "invalid_request_error",
        code: Some(code),
        param: Some(name.to_owned()),
        message,
    }
}
