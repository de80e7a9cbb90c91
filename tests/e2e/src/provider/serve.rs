//! Owns the handling of a request: preflight, key, path, faults, answer; every step written down.

use std::sync::Arc;
use std::time::Duration;

use http_body_util::BodyExt;
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderValue, RETRY_AFTER};
use hyper::{Method, Request, Response, StatusCode};
use serde_json::{Value, json};

use super::fault::{Call, Fault, Wait};
use super::ledger::{Preflight, Received};
use super::script::{Ending, letters_shown};
use super::{Desk, api, cors, wording};
use crate::http::{Broken, Handle, Part, Scripted, Wire};

impl Handle for Desk {
    async fn handle(
        self: Arc<Self>,
        request: Request<Incoming>,
    ) -> Result<Response<Scripted>, Broken> {
        if request.method() == Method::OPTIONS {
            return Ok(self.preflight(&request));
        }
        let (head, body) = request.into_parts();
        let wire = head.extensions.get::<Wire>().cloned();
        let body = body.collect().await.map_err(|_gone| Broken)?.to_bytes();
        let entry = Entry::open(&self, &head, wire.as_ref(), &body);
        let origin = header(&head.headers, "origin").map(str::to_owned);
        let mut answer = self.answer(&head, &body, &entry).await;
        if let Some(fault) = answer.fault.take() {
            self.spoil(&mut answer, fault, wire.as_ref()).await?;
        }
        Ok(self.finish(answer, origin.as_deref(), entry))
    }
}

/// An answer in the making.
#[derive(Debug)]
struct Answer {
    status: u16,
    content_type: &'static str,
    body: Vec<Part>,
    headers: HeaderMap,
    ending: Option<Ending>,
    fault: Option<Fault>,
    hidden: bool,
}

impl Answer {
    fn json(status: u16, body: &Value) -> Self {
        Self::of(status, "application/json", body.to_string())
    }

    fn of(status: u16, content_type: &'static str, body: impl Into<Bytes>) -> Self {
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

    fn text(&self) -> Vec<u8> {
        let parts = self.body.iter().filter_map(|part| match part {
            Part::Bytes(bytes) => Some(bytes.as_ref()),
            _ => None,
        });
        parts.collect::<Vec<_>>().concat()
    }

    /// Replaces everything but what was noted about the fault.
    fn become_json(&mut self, status: u16, body: &Value) {
        *self = Self { hidden: self.hidden, ..Self::json(status, body) };
    }
}

/// A line of the log that is open while its request is; it notes when the page goes away.
struct Entry {
    desk: Arc<Desk>,
    idx: usize,
    call: bool,
    closed: bool,
}

impl Entry {
    fn open(
        desk: &Arc<Desk>,
        head: &hyper::http::request::Parts,
        wire: Option<&Wire>,
        body: &Bytes,
    ) -> Self {
        let path = head.uri.path_and_query().map_or_else(String::new, ToString::to_string);
        let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let headers = head.headers.iter().map(|(name, value)| (name.to_string(), text(value)));
        let call = head.method == Method::POST && head.uri.path() == "/v1/chat/completions";
        let mut state = desk.state();
        if call {
            state.n_calls += 1;
            state.in_flight += 1;
        }
        let received = Received {
            at: desk.start.elapsed(),
            ended: None,
            connection: wire.map_or(0, |wire| wire.number),
            method: head.method.to_string(),
            path,
            headers: headers.collect(),
            body: String::from_utf8_lossy(body).into_owned(),
            call: call.then(|| state.n_calls - 1),
            model: None,
            question: None,
            attempt: 0,
            in_flight: state.in_flight,
            fault: None,
            status: None,
            ending: None,
            aborted: false,
        };
        state.received.push(received);
        let idx = state.n_forgotten + state.received.len() - 1;
        Self { desk: Arc::clone(desk), idx, call, closed: false }
    }

    fn note(&self, note: impl FnOnce(&mut Received)) {
        // The log may have been cleared meanwhile.
        if let Some(received) = self.desk.state().entry(self.idx) {
            note(received);
        }
    }

    fn close(&mut self, note: impl FnOnce(&mut Received)) {
        self.closed = true;
        let ended = self.desk.start.elapsed();
        self.note(|received| {
            received.ended = Some(ended);
            note(received);
        });
        if self.call {
            let mut state = self.desk.state();
            state.in_flight = state.in_flight.saturating_sub(1);
        }
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        if !self.closed {
            self.close(|received| received.aborted = true);
        }
    }
}

impl Desk {
    fn preflight(&self, request: &Request<Incoming>) -> Response<Scripted> {
        let origin = header(request.headers(), "origin").unwrap_or_default();
        let asked = header(request.headers(), "access-control-request-headers").unwrap_or_default();
        let mut response = Response::new(Scripted::empty());
        let status = self.profile.preflight(origin, asked, response.headers_mut());
        *response.status_mut() = StatusCode::from_u16(status).unwrap_or_default();
        self.state().preflights.push(Preflight {
            at: self.start.elapsed(),
            path: request.uri().path().to_owned(),
            origin: origin.to_owned(),
            method: header(request.headers(), "access-control-request-method")
                .unwrap_or_default()
                .to_owned(),
            headers: asked
                .split(',')
                .map(|name| name.trim().to_ascii_lowercase())
                .filter(|name| !name.is_empty())
                .collect(),
            status,
        });
        response
    }

    async fn answer(
        &self,
        head: &hyper::http::request::Parts,
        body: &Bytes,
        entry: &Entry,
    ) -> Answer {
        if !self.profile.admits(header(&head.headers, "origin")) {
            return Answer::of(403, "text/plain", "");
        }
        let path = head.uri.path();
        let listing = head.method == Method::GET && path == "/v1/models";
        if !(listing && self.profile.has_public_models()) && !self.knows_key(&head.headers) {
            return self.error(
                401,
                "invalid_request_error",
                json!("invalid_api_key"),
                "Incorrect API key provided.",
            );
        }
        if listing {
            let ids = self.script.models.iter().map(|examinee| examinee.id.as_str());
            return Answer::json(200, &api::models(&self.profile, ids));
        }
        if head.method != Method::POST || path != "/v1/chat/completions" {
            let message = format!("Invalid URL ({} {path})", head.method);
            return self.error(404, "invalid_request_error", Value::Null, &message);
        }
        match serde_json::from_slice::<Value>(body) {
            Ok(body) => self.complete(&body, entry).await,
            Err(error) => {
                let message =
                    format!("We could not parse the JSON body of your request. ({error})");
                self.error(400, "invalid_request_error", Value::Null, &message)
            }
        }
    }

    fn knows_key(&self, headers: &HeaderMap) -> bool {
        self.script.key.as_deref().is_none_or(|key| {
            header(headers, "authorization").and_then(|value| value.strip_prefix("Bearer "))
                == Some(key)
        })
    }

    fn error(&self, status: u16, kind: &str, code: Value, message: &str) -> Answer {
        Answer::json(status, &api::error(&self.profile, status, kind, code, message))
    }

    async fn complete(&self, body: &Value, entry: &Entry) -> Answer {
        let model = body["model"].as_str().unwrap_or_default();
        let Some(examinee) = self.script.examinee(model) else {
            entry.note(|received| received.model = Some(model.to_owned()));
            let message =
                format!("The model `{model}` does not exist or you do not have access to it.");
            return self.error(404, "invalid_request_error", json!("model_not_found"), &message);
        };
        let prompt = last_user_message(body);
        let question = self.lookup.find(&prompt).and_then(|idx| self.script.questions.get(idx));
        let (call_idx, attempt) =
            self.count(entry, model, question.map(|question| question.id.as_str()));
        if let Some(wait) = self.over_limit(entry) {
            entry.note(|received| received.fault = Some("over the limit".to_owned()));
            return self.rate_limited(Wait::InBody(wait));
        }
        let call = Call {
            idx: call_idx,
            model,
            question: question.map_or("", |question| &question.id),
            attempt,
        };
        let (fault, latency) = self.occasion(&call);
        if let Some(fault) = &fault {
            entry.note(|received| received.fault = Some(format!("{fault:?}")));
        }
        tokio::time::sleep(latency).await;
        let mut held = self.held.subscribe();
        let _ = held.wait_for(|held| !held).await;

        let whole = all_text(body);
        let (text, ending) = match question {
            Some(question) => {
                let decision = self.script.decide(examinee, question);
                let letters = letters_shown(&prompt, question);
                (wording::answer(decision, question, &letters), decision.ending)
            }
            None => ("I have not been told about this question.".to_owned(), Ending::Unreadable),
        };
        let cut = ending == Ending::Truncated;
        let completion = api::completion(&self.profile, model, call_idx, &text, cut, &whole);
        let mut answer = if body["stream"] == true {
            let events = api::stream(&completion, body["stream_options"]["include_usage"] == true);
            let mut answer = Answer::of(200, "text/event-stream", "");
            answer.body = events.into_iter().map(Part::Bytes).collect();
            answer
        } else {
            Answer::json(200, &completion)
        };
        answer.ending = Some(ending);
        answer.fault = fault;
        answer
    }

    /// Counts the attempt; gives the call's index and the attempt's number.
    fn count(&self, entry: &Entry, model: &str, question: Option<&str>) -> (usize, usize) {
        let mut state = self.state();
        let attempt = question.map_or(0, |question| {
            let count = state.attempts.entry((model.to_owned(), question.to_owned())).or_insert(0);
            *count += 1;
            *count
        });
        let Some(received) = state.entry(entry.idx) else { return (0, attempt) };
        received.model = Some(model.to_owned());
        received.question = question.map(str::to_owned);
        received.attempt = attempt;
        (received.call.unwrap_or_default(), attempt)
    }

    /// How long to wait before a call would be taken again, should there have been too many.
    fn over_limit(&self, entry: &Entry) -> Option<Duration> {
        let state = self.state();
        let (most, within) = state.limit?;
        let now = self.start.elapsed();
        let taken = state.received.iter().enumerate().filter(|(idx, received)| {
            *idx + state.n_forgotten != entry.idx
                && received.call.is_some()
                && received.fault.as_deref() != Some("over the limit")
                && now.saturating_sub(received.at) < within
        });
        let times: Vec<Duration> = taken.map(|(_, received)| received.at).collect();
        (times.len() >= most)
            .then(|| times.first().map_or(within, |first| (*first + within).saturating_sub(now)))
    }

    fn occasion(&self, call: &Call<'_>) -> (Option<Fault>, Duration) {
        let mut state = self.state();
        let seed = self.script.seed;
        let latency = state.latency.of(seed, call);
        let rules = state.rules.iter_mut().enumerate();
        let mut applying =
            rules.filter(|(idx, (rule, applied))| rule.applies(*idx, *applied, seed, call));
        let fault = applying.next().map(|(_, (rule, applied))| {
            *applied += 1;
            rule.fault.clone()
        });
        (fault, latency)
    }

    fn rate_limited(&self, wait: Wait) -> Answer {
        let mut message =
            "Rate limit reached for this model in organization org-test on requests per min (RPM): \
             Limit 500, Used 500, Requested 1."
                .to_owned();
        if let Wait::InBody(length) = wait {
            message.push_str(&format!(" Please try again in {}.", api::spelled(length)));
        }
        let mut answer = self.error(429, "requests", json!("rate_limit_exceeded"), &message);
        if let Wait::HiddenHeader(length) | Wait::ExposedHeader(length) = wait {
            let seconds = length.as_secs_f64().ceil();
            if let Ok(value) = format!("{seconds}").parse() {
                answer.headers.insert(RETRY_AFTER, value);
            }
        }
        if let Wait::ExposedHeader(_) = wait {
            cors::expose(&mut answer.headers, "Retry-After");
        }
        answer
    }

    /// Works a fault into an answer.
    async fn spoil(
        &self,
        answer: &mut Answer,
        fault: Fault,
        wire: Option<&Wire>,
    ) -> Result<(), Broken> {
        let fault = match fault {
            Fault::Hidden(fault) => {
                answer.hidden = true;
                *fault
            }
            fault => fault,
        };
        let break_off = |answer: &mut Answer, end: Part| {
            let text = answer.text();
            // A length is announced, so that the page sees an answer that stopped and not one that ended.
            answer.headers.insert(CONTENT_LENGTH, HeaderValue::from(text.len()));
            let half = Bytes::copy_from_slice(&text[..text.len() / 2]);
            answer.body = vec![Part::Bytes(half), Part::Pause(Duration::from_millis(20)), end];
            answer.ending = None;
        };
        match fault {
            Fault::RateLimited(wait) => {
                let hidden = answer.hidden;
                *answer = Answer { hidden, ..self.rate_limited(wait) };
            }
            Fault::InsufficientQuota => {
                let message =
                    "You exceeded your current quota, please check your plan and billing details.";
                let body = api::error(
                    &self.profile,
                    429,
                    "insufficient_quota",
                    json!("insufficient_quota"),
                    message,
                );
                answer.become_json(429, &body);
            }
            Fault::Status(status @ (502 | 504 | 520..=528 | 530..)) => {
                let page = format!(
                    "<html><head><title>{status}</title></head><body><h1>{status}</h1></body></html>"
                );
                *answer = Answer { hidden: answer.hidden, ..Answer::of(status, "text/html", page) };
            }
            Fault::Status(status) => {
                let message = match status {
                    503 => "The engine is currently overloaded, please try again later.",
                    529 => "Overloaded",
                    _ => "The server had an error while processing your request. Sorry about that!",
                };
                let kind = if status == 529 { "overloaded_error" } else { "server_error" };
                let body = api::error(&self.profile, status, kind, Value::Null, message);
                answer.become_json(status, &body);
            }
            Fault::ResetBefore => {
                if let Some(wire) = wire {
                    wire.reset_at_end();
                }
                return Err(Broken);
            }
            Fault::ResetMidBody => {
                break_off(answer, Part::Break);
                if let Some(wire) = wire {
                    wire.reset_at_end();
                }
            }
            Fault::Stall => std::future::pending().await,
            Fault::StallMidBody => break_off(answer, Part::Hang),
            Fault::TruncatedBody => {
                let text = answer.text();
                answer.body = vec![Part::Bytes(Bytes::copy_from_slice(&text[..text.len() / 2]))];
                answer.ending = None;
            }
            Fault::MalformedJson => {
                *answer = Answer {
                    hidden: answer.hidden,
                    ..Answer::of(
                        200,
                        "application/json",
                        r#"{"id": "chatcmpl-1", "choices": [{"index": 0, }]"#,
                    )
                };
            }
            Fault::EmptyBody => {
                *answer =
                    Answer { hidden: answer.hidden, ..Answer::of(200, "application/json", "") };
            }
            Fault::ErrorIn200 => {
                let body = json!({"error": {
                    "code": 502, "message": "Provider returned error", "metadata": {"provider_name": "Test"},
                }});
                answer.become_json(200, &body);
            }
            Fault::WrongContentType => {
                let page = "<!doctype html><title>Log in</title><p>Log in to use this network.";
                *answer = Answer { hidden: answer.hidden, ..Answer::of(200, "text/html", page) };
            }
            Fault::NoChoices | Fault::NullContent => {
                let mut body: Value = serde_json::from_slice(&answer.text()).unwrap_or_default();
                if fault == Fault::NoChoices {
                    body["choices"] = json!([]);
                } else {
                    body["choices"][0]["message"]["content"] = Value::Null;
                }
                answer.become_json(200, &body);
            }
            Fault::Delay(length) => tokio::time::sleep(length).await,
            Fault::Hidden(_) => {}
        }
        Ok(())
    }

    fn finish(&self, answer: Answer, origin: Option<&str>, mut entry: Entry) -> Response<Scripted> {
        let mut response = Response::new(Scripted::new(answer.body));
        *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or_default();
        let headers = response.headers_mut();
        *headers = answer.headers;
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(answer.content_type));
        if let Ok(id) = format!("req_{:06}", entry.idx).parse() {
            headers.insert("x-request-id", id);
        }
        headers.insert("x-ratelimit-remaining-requests", HeaderValue::from_static("499"));
        self.profile.stamp(origin, answer.status, headers);
        if answer.hidden {
            cors::hide(headers);
        }
        entry.close(|received| {
            received.status = Some(answer.status);
            received.ending = answer.ending;
        });
        response
    }
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// The text of a message, whose content is a text or a list of parts.
fn message_text(message: &Value) -> String {
    match &message["content"] {
        Value::String(text) => text.clone(),
        Value::Array(parts) => {
            parts.iter().filter_map(|part| part["text"].as_str()).collect::<Vec<_>>().join("\n")
        }
        _ => String::new(),
    }
}

fn last_user_message(body: &Value) -> String {
    let messages = body["messages"].as_array().into_iter().flatten();
    messages.rev().find(|message| message["role"] == "user").map(message_text).unwrap_or_default()
}

fn all_text(body: &Value) -> String {
    let messages = body["messages"].as_array().into_iter().flatten();
    messages.map(message_text).collect::<Vec<_>>().join("\n")
}
