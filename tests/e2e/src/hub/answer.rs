//! Owns an answer of the publisher before it is sent: status, headers, body, and the faults worked into it.

use hyper::StatusCode;
use hyper::body::Bytes;
use hyper::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, CONTENT_LENGTH, CONTENT_TYPE,
    HeaderMap, HeaderName, HeaderValue, RETRY_AFTER,
};
use serde_json::{Value, json};

use super::fault::{HubFault, RetryAfter};
use crate::http::Part;

/// An answer.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

impl Answer {
    pub(super) fn new(status: u16, content_type: &str, body: impl Into<Bytes>) -> Self {
        let status = StatusCode::from_u16(status).unwrap_or_default();
        let mut headers = HeaderMap::new();
        set(&mut headers, CONTENT_TYPE, content_type);
        Self { status, headers, body: body.into() }
    }

    pub(super) fn json(status: u16, body: &Value) -> Self {
        Self::new(status, "application/json", body.to_string())
    }

    /// With one more header.
    pub(super) fn with(mut self, name: &'static str, value: &str) -> Self {
        set(&mut self.headers, HeaderName::from_static(name), value);
        self
    }

    /// The same answer after a fault that changes what it says.
    pub(super) fn spoiled(self, fault: &HubFault) -> Self {
        match fault {
            HubFault::Busy(retry_after) => self.busy(*retry_after),
            HubFault::Status(status) => {
                let body = json!({"error": "The request could not be processed."});
                self.instead(Self::json(*status, &body))
            }
            HubFault::LoginPage => {
                let page = "<!DOCTYPE html><html><title>Welcome</title><p>Please log in to this network.</html>";
                self.instead(Self::new(200, "text/html; charset=utf-8", page))
            }
            HubFault::Pointer => {
                let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n";
                self.instead(Self::new(200, "text/plain; charset=utf-8", pointer))
            }
            HubFault::NoCors => {
                let mut answer = self;
                answer.headers.remove(ACCESS_CONTROL_ALLOW_ORIGIN);
                answer.headers.remove(ACCESS_CONTROL_EXPOSE_HEADERS);
                answer
            }
            HubFault::Lost
            | HubFault::Hold
            | HubFault::CutAfter(_)
            | HubFault::HangAfter(_)
            | HubFault::Slow { .. } => self,
        }
    }

    fn busy(self, retry_after: RetryAfter) -> Self {
        let body = json!({"error": "Too many requests. Please retry later."});
        let mut answer = self.instead(Self::json(429, &body));
        let (RetryAfter::Hidden(secs) | RetryAfter::Told(secs)) = retry_after else {
            return answer;
        };
        set(&mut answer.headers, RETRY_AFTER, &secs.to_string());
        if matches!(retry_after, RetryAfter::Told(_)) {
            let told = HeaderValue::from_static("Retry-After");
            answer.headers.append(ACCESS_CONTROL_EXPOSE_HEADERS, told);
        }
        answer
    }

    /// Another answer that pages may read as much of as of this one.
    fn instead(self, mut other: Self) -> Self {
        for name in [ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS] {
            if let Some(value) = self.headers.get(&name) {
                other.headers.insert(name, value.clone());
            }
        }
        other
    }

    /// The body in parts, after a fault that changes how it comes. Its length is told beforehand all the same, as by hosts
    /// that do not know that they will break.
    pub(super) fn parts(&mut self, fault: Option<&HubFault>, has_body: bool) -> Vec<Part> {
        let length = self.body.len().to_string();
        set(&mut self.headers, CONTENT_LENGTH, &length);
        if !has_body {
            return vec![];
        }
        let body = self.body.clone();
        let up_to = |n_bytes: usize| body.slice(..n_bytes.min(body.len()));
        match fault {
            Some(HubFault::CutAfter(n_bytes)) => vec![Part::Bytes(up_to(*n_bytes)), Part::Break],
            Some(HubFault::HangAfter(n_bytes)) => vec![Part::Bytes(up_to(*n_bytes)), Part::Hang],
            Some(HubFault::Slow { n_bytes, pause }) => {
                let pieces = body.chunks((*n_bytes).max(1)).map(|piece| body.slice_ref(piece));
                pieces.flat_map(|piece| [Part::Bytes(piece), Part::Pause(*pause)]).collect()
            }
            _ if body.is_empty() => vec![],
            _ => vec![Part::Bytes(body)],
        }
    }
}

/// Sets a header; a value that cannot be one is left out.
pub(super) fn set(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}
