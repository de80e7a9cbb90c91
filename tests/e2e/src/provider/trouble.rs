//! Owns the errors that providers answer with: what is wrong, in each one's status, shape and words.

mod anthropic;
mod azure;
mod gemini;
mod mistral;
mod openai;

use std::time::Duration;

use serde_json::{Value, json};

use super::profile::Profile;

/// What is wrong with a call.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Trouble {
    /// The key is wrong or missing; what was sent.
    WrongKey(String),
    /// Anthropic: a page did not say that it is one.
    PagesMustSaySo,
    /// Anthropic: the organisation lets no page call.
    PagesForbidden,
    /// There is no such model.
    NoModel(String),
    /// There is nothing at this address.
    NoRoute(String),
    /// The body is not JSON.
    NotJson(String),
    /// The model does not take this setting.
    Unsupported(String),
    /// The interface knows no such field.
    Unknown(String),
    /// The interface insists on this field or header.
    Missing(&'static str),
    /// The question is too long for the model.
    TooLong,
    /// The provider's filter stopped the question.
    Filtered,
    /// Too many calls; how long to wait, where it is said.
    RateLimited(Option<Duration>),
    /// The account is empty: no waiting helps.
    NoCredit,
    /// It is the provider's fault; the status.
    Server(u16),
}

/// An error in the parts that providers make bodies of.
#[derive(Debug)]
struct Told {
    status: u16,
    kind: &'static str,
    code: Option<&'static str>,
    param: Option<String>,
    message: String,
}

impl Trouble {
    /// The answer's status and body, as this provider words it.
    pub(super) fn told(&self, profile: &Profile) -> (u16, Value) {
        let told = match profile {
            Profile::Anthropic { .. } => anthropic::told(self),
            Profile::Gemini => return gemini::told(self),
            Profile::Mistral => return mistral::told(self),
            Profile::Azure => return azure::told(self),
            _ => openai::told(self, profile),
        };
        (told.status, shaped(profile, &told))
    }
}

/// The body in which a provider puts an error.
fn shaped(profile: &Profile, told: &Told) -> Value {
    let Told { status, kind, code, param, message } = told;
    match profile {
        Profile::Anthropic { .. } => json!({
            "type": "error", "error": {"type": kind, "message": message}, "request_id": "req_test",
        }),
        Profile::AllowList => {
            json!({"error": {"message": message, "code": status}, "user_id": "user_test"})
        }
        Profile::Ollama(_) => {
            json!({"error": {"message": message, "type": "api_error", "param": null, "code": null}})
        }
        Profile::LmStudio { .. } => json!({"error": message}),
        Profile::Wildcard | Profile::Perplexity => {
            json!({"error": {"code": status, "message": message, "type": kind}})
        }
        Profile::Cohere => json!({"id": "test", "message": message}),
        Profile::Cerebras => {
            json!({"message": message, "type": kind, "param": param, "code": code})
        }
        Profile::Xai => {
            json!({"code": "Client specified an invalid argument", "error": message})
        }
        Profile::HuggingFace if code.is_none() || *status == 401 => json!({"error": message}),
        _ => json!({"error": {"message": message, "type": kind, "param": param, "code": code}}),
    }
}

/// Ollama's own interface has simpler errors than the one that it copied.
pub(super) fn plain_ollama(body: &Value) -> Value {
    json!({"error": body["error"]["message"]})
}

/// A key as providers show it: the middle is starred out.
fn masked(key: &str) -> String {
    let chars: Vec<char> = key.chars().collect();
    let n = chars.len();
    if n < 8 {
        return "*".repeat(n);
    }
    let head: String = chars[..3].iter().collect();
    let tail: String = chars[n - 3..].iter().collect();
    format!("{head}{}{tail}", "*".repeat(n - 6))
}

/// A length of time as `OpenAI` writes it: `120ms`, `1.2s`, `1m30s`.
fn spelled(length: Duration) -> String {
    let millis = length.as_millis();
    if millis < 1000 {
        return format!("{millis}ms");
    }
    if millis < 60_000 {
        return spelled_seconds(length);
    }
    format!("{}m{}s", millis / 60_000, (millis % 60_000) / 1000)
}

/// A length of time as Google writes it: `46.5s`.
fn spelled_seconds(length: Duration) -> String {
    let seconds = format!("{:.3}", length.as_secs_f64());
    format!("{}s", seconds.trim_end_matches('0').trim_end_matches('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_are_spelled_as_openai_does() {
        assert_eq!(spelled(Duration::from_millis(120)), "120ms");
        assert_eq!(spelled(Duration::from_millis(1200)), "1.2s");
        assert_eq!(spelled(Duration::from_secs(20)), "20s");
        assert_eq!(spelled(Duration::from_secs(90)), "1m30s");
        assert_eq!(spelled_seconds(Duration::from_secs(46)), "46s");
    }

    #[test]
    fn a_key_is_never_given_back_whole() {
        assert_eq!(masked("sk-abcdefghij"), "sk-*******hij");
        for profile in Profile::all() {
            let (_, body) = Trouble::WrongKey("sk-abcdefghij".to_owned()).told(&profile);
            assert!(!body.to_string().contains("abcdefg"), "{body}");
        }
    }

    #[test]
    fn the_same_trouble_has_each_providers_shape() {
        let wait = Trouble::RateLimited(Some(Duration::from_secs(46)));
        let (status, body) = wait.told(&Profile::Gemini);
        assert_eq!(status, 429);
        assert_eq!(body["error"]["status"], "RESOURCE_EXHAUSTED");
        assert!(body["error"]["message"].as_str().unwrap().contains("Please retry in 46s"));
        let (_, body) = wait.told(&Profile::Mistral);
        assert_eq!(body["object"], "error");
        let (status, body) = Trouble::Server(529).told(&Profile::Anthropic { allows_pages: true });
        assert_eq!((status, &body["error"]["type"]), (529, &json!("overloaded_error")));
        let (status, _) = Trouble::Unknown("seed".to_owned()).told(&Profile::Mistral);
        assert_eq!(status, 422);
    }
}
