//! Owns an answer in the making, and how each fault spoils it.

use std::fmt::Write;
use std::time::Duration;

use hyper::body::Bytes;
use hyper::header::{CONTENT_LENGTH, HeaderMap, HeaderValue, RETRY_AFTER};
use serde_json::{Value, json};

use super::cors::Profile;
use super::fault::{Fault, Wait};
use super::script::Ending;
use super::{api, cors};
use crate::http::{Broken, Part, Wire};

/// An answer in the making.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) content_type: &'static str,
    pub(super) body: Vec<Part>,
    pub(super) headers: HeaderMap,
    /// How it ends; none for what is no whole answer.
    pub(super) ending: Option<Ending>,
    /// What is to spoil it before it is sent.
    pub(super) fault: Option<Fault>,
    /// Whether pages of other origins are kept from reading it.
    pub(super) hidden: bool,
}

impl Answer {
    pub(super) fn of(status: u16, content_type: &'static str, body: impl Into<Bytes>) -> Self {
        Self {
            status,
            content_type,
            body: vec![Part::Bytes(body.into())],
            headers: HeaderMap::new(),
            ending: None,
            fault: None,
            hidden: false,
        }
    }

    pub(super) fn json(status: u16, body: &Value) -> Self {
        Self::of(status, "application/json", body.to_string())
    }

    /// An error as this provider words it.
    pub(super) fn error(
        profile: &Profile,
        status: u16,
        kind: &str,
        code: Option<&str>,
        message: &str,
    ) -> Self {
        Self::json(status, &api::error(profile, status, kind, code, message))
    }

    /// 429, with what it says about the wait.
    pub(super) fn rate_limited(profile: &Profile, wait: Wait) -> Self {
        let mut message = "Rate limit reached for this model in organization org-test on requests per min (RPM): \
             Limit 500, Used 500, Requested 1."
            .to_owned();
        if let Wait::InBody(length) = wait {
            let _ = write!(message, " Please try again in {}.", api::spelled(length));
        }
        let mut answer =
            Self::error(profile, 429, "requests", Some("rate_limit_exceeded"), &message);
        if let Wait::HiddenHeader(length) | Wait::ExposedHeader(length) = wait {
            let seconds = length.as_secs() + u64::from(length.subsec_nanos() > 0);
            answer.headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        if let Wait::ExposedHeader(_) = wait {
            cors::expose(&mut answer.headers, "Retry-After");
        }
        answer
    }

    /// What becomes of the answer with this fault. The connection is broken without an answer, or nothing ever comes,
    /// where the fault is that.
    pub(super) async fn spoiled(
        self,
        profile: &Profile,
        fault: Fault,
        wire: Option<&Wire>,
    ) -> Result<Self, Broken> {
        let reset = || {
            if let Some(wire) = wire {
                wire.reset_at_end();
            }
        };
        Ok(match fault {
            Fault::Hidden(inner) => {
                let spoiled = Box::pin(self.spoiled(profile, *inner, wire)).await?;
                Self { hidden: true, ..spoiled }
            }
            Fault::RateLimited(wait) => Self::rate_limited(profile, wait),
            Fault::InsufficientQuota => {
                let message =
                    "You exceeded your current quota, please check your plan and billing details.";
                let kind = "insufficient_quota";
                Self::error(profile, 429, kind, Some(kind), message)
            }
            Fault::Status(status) => Self::status(profile, status),
            Fault::ResetBefore => {
                reset();
                return Err(Broken);
            }
            Fault::ResetMidBody => {
                reset();
                self.half(Part::Break)
            }
            Fault::Stall => std::future::pending().await,
            Fault::StallMidBody => self.half(Part::Hang),
            Fault::TruncatedBody => {
                let text = self.text();
                let half = Bytes::copy_from_slice(&text[..text.len() / 2]);
                Self { body: vec![Part::Bytes(half)], ending: None, ..self }
            }
            Fault::MalformedJson => Self::of(
                200,
                "application/json",
                r#"{"id": "chatcmpl-1", "choices": [{"index": 0, }]"#,
            ),
            Fault::EmptyBody => Self::of(200, "application/json", ""),
            Fault::ErrorIn200 => Self::json(
                200,
                &json!({"error": {
                    "code": 502, "message": "Provider returned error", "metadata": {"provider_name": "Test"},
                }}),
            ),
            Fault::WrongContentType => {
                let page = "<!doctype html><title>Log in</title><p>Log in to use this network.";
                Self::of(200, "text/html", page)
            }
            Fault::NoChoices => self.changed(|body| body["choices"] = json!([])),
            Fault::NullContent => {
                self.changed(|body| body["choices"][0]["message"]["content"] = Value::Null)
            }
            Fault::Delay(length) => {
                tokio::time::sleep(length).await;
                self
            }
        })
    }

    fn status(profile: &Profile, status: u16) -> Self {
        if matches!(status, 502 | 504 | 520..=528 | 530..) {
            let page = format!(
                "<html><head><title>{status}</title></head><body><h1>{status}</h1></body></html>"
            );
            return Self::of(status, "text/html", page);
        }
        let (kind, message) = match status {
            503 => ("server_error", "The engine is currently overloaded, please try again later."),
            529 => ("overloaded_error", "Overloaded"),
            _ => (
                "server_error",
                "The server had an error while processing your request. Sorry about that!",
            ),
        };
        Self::error(profile, status, kind, None, message)
    }

    /// Half of the answer under the length of the whole, so that the page sees an answer that stopped and not one that
    /// ended.
    fn half(mut self, end: Part) -> Self {
        let text = self.text();
        self.headers.insert(CONTENT_LENGTH, HeaderValue::from(text.len()));
        let half = Bytes::copy_from_slice(&text[..text.len() / 2]);
        let body = vec![Part::Bytes(half), Part::Pause(Duration::from_millis(20)), end];
        Self { body, ending: None, ..self }
    }

    fn changed(self, change: impl FnOnce(&mut Value)) -> Self {
        let mut body = serde_json::from_slice(&self.text()).unwrap_or_default();
        change(&mut body);
        Self::json(200, &body)
    }

    fn text(&self) -> Vec<u8> {
        let parts = self.body.iter().filter_map(|part| match part {
            Part::Bytes(bytes) => Some(bytes.as_ref()),
            _ => None,
        });
        parts.collect::<Vec<_>>().concat()
    }
}
