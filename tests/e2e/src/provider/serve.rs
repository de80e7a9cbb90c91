//! Owns the handling of a request: preflight, key, path, faults, answer; every step written down.

use std::sync::Arc;
use std::time::Duration;

use http_body_util::BodyExt;
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use hyper::{Method, Request, Response, StatusCode};
use serde_json::Value;

use super::answer::Answer;
use super::entry::Entry;
use super::fault::{Call, Fault, Wait};
use super::ledger::Preflight;
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
            answer = answer.spoiled(&self.profile, fault, wire.as_ref()).await?;
        }
        Ok(self.finish(answer, origin.as_deref(), entry))
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
        let public = listing && self.profile.has_public_models();
        if !public && !self.knows_key(&head.headers) {
            return Answer::error(
                &self.profile,
                401,
                "invalid_request_error",
                Some("invalid_api_key"),
                "Incorrect API key provided.",
            );
        }
        if listing {
            let ids = self.script.models.iter().map(|examinee| examinee.id.as_str());
            return Answer::json(200, &api::models(&self.profile, ids));
        }
        if head.method != Method::POST || path != "/v1/chat/completions" {
            let message = format!("Invalid URL ({} {path})", head.method);
            return Answer::error(&self.profile, 404, "invalid_request_error", None, &message);
        }
        match serde_json::from_slice::<Value>(body) {
            Ok(body) => self.complete(&body, entry).await,
            Err(error) => {
                let message =
                    format!("We could not parse the JSON body of your request. ({error})");
                Answer::error(&self.profile, 400, "invalid_request_error", None, &message)
            }
        }
    }

    fn knows_key(&self, headers: &HeaderMap) -> bool {
        self.script.key.as_deref().is_none_or(|key| {
            header(headers, "authorization").and_then(|value| value.strip_prefix("Bearer "))
                == Some(key)
        })
    }

    async fn complete(&self, body: &Value, entry: &Entry) -> Answer {
        let model = body["model"].as_str().unwrap_or_default();
        let Some(examinee) = self.script.examinee(model) else {
            entry.note(|received| received.model = Some(model.to_owned()));
            let message =
                format!("The model `{model}` does not exist or you do not have access to it.");
            return Answer::error(
                &self.profile,
                404,
                "invalid_request_error",
                Some("model_not_found"),
                &message,
            );
        };
        let prompt = last_user_message(body);
        let question = self.lookup.find(&prompt).and_then(|idx| self.script.questions.get(idx));
        let (call_idx, attempt) =
            self.count(entry, model, question.map(|question| question.id.as_str()));
        if let Some(wait) = self.over_limit(entry) {
            entry.note(|received| received.fault = Some("over the limit".to_owned()));
            return Answer::rate_limited(&self.profile, Wait::InBody(wait));
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
