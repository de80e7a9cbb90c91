//! Owns the reading of errors: every shape in which a provider says what went wrong.

use serde_json::Value;

use super::field;
use super::http::{self, HttpReply};
use super::reply::{Completion, Failure, Finish};
use super::unsupported;

/// Longest message that is kept, in characters.
const MAX_MESSAGE_CHARS: usize = 1_000;

/// What an error says, whoever says it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct ErrorBody {
    /// The status that the error itself names; routers report failures with HTTP 200.
    pub(super) status: Option<u16>,
    /// Every word of classification in it: types, codes, reasons and quota ids, apart by spaces.
    pub(super) kind: String,
    /// The path of the field that it complains about, if it names one.
    pub(super) param: String,
    /// For people.
    pub(super) message: String,
    /// The wait that it names in a field of its own, such as Google's `46s`.
    pub(super) wait: Option<String>,
    /// The provider checked the question's content and did not let it pass.
    is_moderated: bool,
}

/// Reads a reply without success: a failure, or the verdict of a content filter.
pub(super) fn read(reply: &HttpReply) -> Result<Completion, Failure> {
    ErrorBody::of_bytes(&reply.body).verdict(reply.status, reply.retry_after.as_deref())
}

/// Reads a reply to something other than a question: its body if it succeeded, else the failure.
pub(super) fn success(reply: &HttpReply) -> Result<&[u8], Failure> {
    if (200..300).contains(&reply.status) {
        return Ok(&reply.body);
    }
    let error = ErrorBody::of_bytes(&reply.body);
    Err(http::failure_of(reply.status, reply.retry_after.as_deref(), &error.kind, error.message))
}

impl ErrorBody {
    /// An error body; what is no JSON is its own message.
    pub(super) fn of_bytes(body: &[u8]) -> Self {
        match serde_json::from_slice::<Value>(body) {
            Ok(value) => Self::of(&value),
            Err(_) => {
                Self { message: short(&String::from_utf8_lossy(body), 300), ..Self::default() }
            }
        }
    }

    /// The error that a reply of success holds, if it does.
    pub(super) fn inside(value: &Value) -> Option<Self> {
        let error = field::at(value, &["error"])?;
        let is_something = match error {
            Value::String(message) => !message.is_empty(),
            Value::Object(fields) => !fields.is_empty(),
            Value::Bool(flag) => *flag,
            _ => true,
        };
        is_something.then(|| Self::of(value))
    }

    /// An error in any of the shapes in use: `{error:{…}}`, `{error:"…"}`, `{code,error:"…"}`, `{message}`,
    /// `{detail}`, `[{error:{…}}]`.
    pub(super) fn of(value: &Value) -> Self {
        let top = value.as_array().and_then(|list| list.first()).unwrap_or(value);
        let inner = field::at(top, &["error"]).unwrap_or(top);
        let mut body = Self { message: message_of(inner), ..Self::default() };
        for part in [top, inner] {
            for key in ["type", "code", "status", "reason"] {
                body.add_kind(field::text(part, &[key]));
            }
            for key in ["code", "status", "status_code", "http_code"] {
                body.status = body.status.or_else(|| field::status(part, &[key]));
            }
        }
        body.add_kind(field::text(inner, &["innererror", "code"]));
        field::text(inner, &["param"]).unwrap_or_default().clone_into(&mut body.param);
        for detail in field::list(inner, &["details"]) {
            body.take_google_detail(detail);
        }
        body.take_validation(inner);
        body.is_moderated = field::at(inner, &["metadata", "flagged_input"]).is_some()
            || field::list(inner, &["metadata", "reasons"]).next().is_some();
        body.take_upstream(inner);
        if body.message.is_empty() {
            body.message = message_of(top);
        }
        body.message = short(&body.message, MAX_MESSAGE_CHARS);
        body
    }

    /// Google says in a list of details which quota ran out and how long to wait.
    fn take_google_detail(&mut self, detail: &Value) {
        self.add_kind(field::text(detail, &["reason"]));
        if let Some(wait) = field::text(detail, &["retryDelay"]) {
            self.wait = Some(wait.to_owned());
        }
        for violation in field::list(detail, &["violations"]) {
            self.add_kind(field::text(violation, &["quotaId"]));
        }
        for violation in field::list(detail, &["fieldViolations"]) {
            if self.param.is_empty() {
                field::text(violation, &["field"]).unwrap_or_default().clone_into(&mut self.param);
            }
        }
    }

    /// Mistral, vLLM and others check requests with pydantic, which lists what it found: `[{type, loc, msg}]`.
    fn take_validation(&mut self, error: &Value) {
        let found =
            field::list(error, &["detail"]).chain(field::list(error, &["message", "detail"]));
        for one in found {
            self.add_kind(field::text(one, &["type"]));
            if self.param.is_empty() {
                let path: Vec<&str> = field::list(one, &["loc"])
                    .filter_map(Value::as_str)
                    .filter(|part| *part != "body")
                    .collect();
                self.param = path.join(".");
            }
        }
    }

    /// OpenRouter quotes the error of the provider behind it as text.
    fn take_upstream(&mut self, error: &Value) {
        let Some(raw) = field::text(error, &["metadata", "raw"]) else { return };
        let Ok(raw) = serde_json::from_str::<Value>(raw) else {
            self.message = format!("{}: {}", self.message, short(raw, 300));
            return;
        };
        // Each level of quoting doubles the backslashes, so that this cannot go deep.
        let upstream = Self::of(&raw);
        self.add_kind(Some(upstream.kind.as_str()).filter(|kind| !kind.is_empty()));
        if self.param.is_empty() {
            self.param = upstream.param;
        }
        if !upstream.message.is_empty() {
            self.message = format!("{}: {}", self.message, upstream.message);
        }
    }

    fn add_kind(&mut self, word: Option<&str>) {
        if let Some(word) = word.filter(|word| !self.kind.split(' ').any(|known| known == *word)) {
            if !self.kind.is_empty() {
                self.kind.push(' ');
            }
            self.kind.push_str(word);
        }
    }

    /// What it means: a failure, or an answer that a content filter withheld.
    pub(super) fn verdict(
        self,
        status: u16,
        retry_after: Option<&str>,
    ) -> Result<Completion, Failure> {
        if self.is_filtered(status) {
            return Ok(Completion { finish: Finish::Filtered, ..Completion::default() });
        }
        if let Some(setting) = unsupported::setting(status, &self) {
            return Err(Failure::Unsupported { setting, message: self.message });
        }
        let wait = retry_after.or(self.wait.as_deref());
        Err(http::failure_of(status, wait, &self.kind, self.message))
    }

    /// Azure and OpenAI answer 400, xAI and OpenRouter 403 and DeepSeek 400 where a filter stopped a question. That is
    /// about this question and not about the key.
    fn is_filtered(&self, status: u16) -> bool {
        if !matches!(status, 400 | 403 | 422) && (400..500).contains(&status) {
            return false;
        }
        let by_kind = self.kind.split(' ').any(|word| {
            matches!(
                word,
                "content_filter"
                    | "content_policy_violation"
                    | "ResponsibleAIPolicyViolation"
                    | "data_inspection_failed"
            )
        });
        let message = self.message.to_ascii_lowercase();
        by_kind
            || (status == 403 && self.is_moderated)
            || message.starts_with("content violates usage guidelines")
            || message == "content exists risk"
            || self.kind.split(' ').any(|word| word == "invalid_prompt")
                && message.contains("usage policy")
    }
}

fn message_of(error: &Value) -> String {
    match error {
        Value::String(message) => message.clone(),
        Value::Array(parts) => parts.iter().map(message_of).collect::<Vec<_>>().join("; "),
        Value::Object(_) => ["message", "detail", "msg", "error"]
            .iter()
            .filter_map(|key| field::at(error, &[key]))
            .map(|found| {
                match (found, field::list(error, &["loc"]).filter_map(Value::as_str).last()) {
                    (Value::String(said), Some(place)) => format!("{place}: {said}"),
                    _ => message_of(found),
                }
            })
            .find(|message| !message.is_empty())
            .unwrap_or_default(),
        _ => String::new(),
    }
}

fn short(text: &str, n_chars: usize) -> String {
    text.trim().chars().take(n_chars).collect()
}

#[cfg(test)]
mod tests;
