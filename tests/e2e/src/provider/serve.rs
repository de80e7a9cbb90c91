//! Owns the handling of a request: preflight, key, path, faults, answer; every step written down.

use std::sync::Arc;
use std::time::Duration;

use http_body_util::BodyExt;
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use hyper::http::request::Parts;
use hyper::{Request, Response, StatusCode};
use serde_json::Value;

use super::answer::{Answer, Content};
use super::dialect::{Asked, Dialect, Reply};
use super::entry::Entry;
use super::fault::{Call, Fault, Wait};
use super::judging::Judged;
use super::ledger::{Preflight, Usage};
use super::profile::Profile;
use super::route::{Asking, Route};
use super::script::{Ending, Examinee, letters_shown};
use super::trouble::Trouble;
use super::{Desk, cors, pkce, settings, wording};
use crate::http::{Broken, Handle, Scripted, Wire};
use crate::questions::Question;

impl Handle for Desk {
    async fn handle(
        self: Arc<Self>,
        request: Request<Incoming>,
    ) -> Result<Response<Scripted>, Broken> {
        if request.method() == hyper::Method::OPTIONS {
            return Ok(self.preflight(&request));
        }
        let (head, body) = request.into_parts();
        let wire = head.extensions.get::<Wire>().cloned();
        let body = body.collect().await.map_err(|_gone| Broken)?.to_bytes();
        let query = head.uri.query().unwrap_or_default();
        let route = Route::of(&self.profile, &head.method, head.uri.path(), query);
        let is_call = matches!(route, Route::Call(_));
        let entry = Entry::open(&self, &head, wire.as_ref(), &body, is_call);
        let origin = header(&head.headers, "origin").map(str::to_owned);
        let mut answer = self.answer(route, &head, &body, &entry).await;
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
        let path = request.uri().path();
        let mut response = Response::new(Scripted::empty());
        let status = self.profile.preflight(path, origin, asked, response.headers_mut());
        *response.status_mut() = StatusCode::from_u16(status).unwrap_or_default();
        self.state().preflights.push(Preflight {
            at: self.start.elapsed(),
            path: path.to_owned(),
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

    async fn answer(&self, route: Route, head: &Parts, body: &Bytes, entry: &Entry) -> Answer {
        if !self.profile.admits(header(&head.headers, "origin")) {
            return Answer::of(403, "text/plain", "");
        }
        let dialect = match &route {
            Route::Call(asking) => asking.dialect,
            Route::Models(dialect) => *dialect,
            _ => Dialect::Chat,
        };
        let trouble = |trouble: &Trouble| Answer::trouble(&self.profile, dialect, trouble);
        match &route {
            Route::Consent => return self.consent(head.uri.query().unwrap_or_default()),
            Route::Exchange => {
                return self.exchange(&serde_json::from_slice(body).unwrap_or_default());
            }
            Route::Models(_) if self.profile.has_public_models() => {}
            _ => {
                if let Some(wrong) = self.unwelcome(&head.headers) {
                    return trouble(&wrong);
                }
            }
        }
        match route {
            Route::Call(asking) => match serde_json::from_slice::<Value>(body) {
                Ok(body) => self.complete(&asking, &body, entry).await,
                Err(error) => trouble(&Trouble::NotJson(error.to_string())),
            },
            Route::Models(dialect) => {
                let models = self.script.models.iter();
                let ids: Vec<&str> = models.map(|examinee| examinee.id.as_str()).collect();
                Answer::json(200, &dialect.models(&self.profile, &ids))
            }
            Route::Upload => {
                self.upload(header(&head.headers, "content-type").unwrap_or_default(), body)
            }
            Route::File(id) => self.file(&id),
            Route::BatchStart(kind, model) => match serde_json::from_slice::<Value>(body) {
                Ok(body) => self.start_batch(kind, model.as_deref(), &body),
                Err(error) => trouble(&Trouble::NotJson(error.to_string())),
            },
            Route::Batch(kind, id) => {
                self.look_at_batch(kind, &id, head.uri.query().unwrap_or_default())
            }
            Route::BatchStop(kind, id) => self.stop_batch(kind, &id),
            Route::Consent | Route::Exchange | Route::Nowhere => {
                trouble(&Trouble::NoRoute(format!("{} {}", head.method, head.uri.path())))
            }
        }
    }

    /// Why whoever sent these headers is not answered, if so.
    fn unwelcome(&self, headers: &HeaderMap) -> Option<Trouble> {
        if let Profile::Anthropic { allows_pages } = self.profile
            && headers.contains_key("origin")
        {
            if header(headers, "anthropic-dangerous-direct-browser-access") != Some("true") {
                return Some(Trouble::PagesMustSaySo);
            }
            if !allows_pages {
                return Some(Trouble::PagesForbidden);
            }
        }
        let sent = self.profile.sent_key(headers);
        if self.script.key.is_some() && sent != self.script.key.as_deref() {
            return Some(Trouble::WrongKey(sent.unwrap_or_default().to_owned()));
        }
        let is_anthropic = matches!(self.profile, Profile::Anthropic { .. });
        (is_anthropic && !headers.contains_key("anthropic-version"))
            .then_some(Trouble::Missing("anthropic-version"))
    }

    async fn complete(&self, asking: &Asking, body: &Value, entry: &Entry) -> Answer {
        let dialect = asking.dialect;
        let trouble = |trouble: &Trouble| Answer::trouble(&self.profile, dialect, trouble);
        let model = asking.model.as_deref().or(body["model"].as_str()).unwrap_or_default();
        let Some(examinee) = self.examinee(model) else {
            entry.note(|received| received.model = Some(model.to_owned()));
            return trouble(&Trouble::NoModel(model.to_owned()));
        };
        let asked = dialect.read(body, asking.is_streamed);
        let question = self.question(&asked.prompt);
        let judged = Judged::asked_of(examinee, &asked.prompt);
        let name = match &judged {
            Some(judged) => Some(judged.name()),
            None => question.map(|question| question.id.clone()),
        };
        let (idx, attempt) = self.count(entry, model, name.as_deref());
        if let Some(wrong) = settings::refusal(&self.profile, dialect, body, examinee) {
            return trouble(&wrong);
        }
        if let Some(wait) = self.over_limit() {
            entry.note(|received| received.fault = Some("over the limit".to_owned()));
            return Answer::rate_limited(&self.profile, dialect, Wait::InBody(wait));
        }
        let (fault, latency) =
            self.occasion(idx, model, name.as_deref().unwrap_or_default(), attempt);
        if let Some(fault) = &fault {
            entry.note(|received| received.fault = Some(format!("{fault:?}")));
        }
        if !latency.is_zero() {
            tokio::time::sleep(latency).await;
        }
        let mut held = self.held.subscribe();
        let _ = held.wait_for(|held| !held).await;
        let mut answer = self.composed(dialect, examinee, body, &asked, question, idx);
        answer.fault = fault;
        answer
    }

    pub(super) fn examinee(&self, model: &str) -> Option<&Examinee> {
        self.script.examinee(model).or_else(|| {
            // Hugging Face takes the name of who serves the model after a colon.
            let (model, _) = model.rsplit_once(':')?;
            (self.profile == Profile::HuggingFace).then(|| self.script.examinee(model)).flatten()
        })
    }

    pub(super) fn question(&self, prompt: &str) -> Option<&Question> {
        self.lookup.find(prompt).and_then(|idx| self.script.questions.get(idx))
    }

    /// The answer to a question, without any fault.
    pub(super) fn composed(
        &self,
        dialect: Dialect,
        examinee: &Examinee,
        body: &Value,
        asked: &Asked,
        question: Option<&Question>,
        idx: usize,
    ) -> Answer {
        let judged = Judged::asked_of(examinee, &asked.prompt);
        let (text, ending, style) = match (self.script.said(&asked.prompt, idx), judged, question) {
            (Some(said), ..) => (said.to_owned(), Ending::Correct, 0),
            (None, Some(judged), _) => {
                let (text, has_verdicts) = judged.reply(&self.script, examinee);
                (text, if has_verdicts { Ending::Correct } else { Ending::Unreadable }, 0)
            }
            (None, None, Some(question)) => {
                let letters = letters_shown(&asked.prompt, question);
                let decision =
                    self.script.decide_shown(examinee, question, &asked.prompt, &letters);
                let text = wording::answer(decision, question, &letters);
                (text, decision.ending, decision.style)
            }
            (None, None, None) => {
                ("I have not been told about this question.".to_owned(), Ending::Unreadable, 0)
            }
        };
        let usage = Usage { input: tokens(asked.n_chars), ..Usage::default() };
        if ending == Ending::Filtered && self.profile == Profile::Azure {
            let mut answer = Answer::trouble(&self.profile, dialect, &Trouble::Filtered);
            (answer.ending, answer.usage) = (Some(ending), Some(usage));
            return answer;
        }
        let reasoning = examinee.thinks.then(wording::thoughts);
        let n_thought = reasoning.map_or(0, |text| tokens(text.chars().count()));
        // What the filter stopped is not counted.
        let usage = if ending == Ending::Filtered {
            usage
        } else {
            let output = tokens(text.chars().count()) + n_thought;
            Usage { output, reasoning: n_thought, ..usage }
        };
        let marks = matches!(dialect, Dialect::Responses | Dialect::Anthropic)
            || self.profile == Profile::Reflective;
        let reply = Reply {
            profile: &self.profile,
            request: body,
            model: &examinee.id,
            idx,
            text: &text,
            reasoning: reasoning.filter(|_| ending != Ending::Filtered),
            ending,
            is_marked: marks && ending == Ending::Refused && (style >> 40) % 4 == 3,
            usage,
        };
        let mut answer = if asked.is_streamed {
            Answer::stream(dialect.stream(&reply))
        } else {
            Answer::json(200, &dialect.whole(&reply))
        };
        answer.dialect = dialect;
        answer.ending = Some(ending);
        answer.usage = Some(usage);
        answer
    }

    /// Counts the attempt; gives the call's index and the attempt's number.
    fn count(&self, entry: &Entry, model: &str, question: Option<&str>) -> (usize, usize) {
        let mut state = self.state();
        let attempt = question.map_or(0, |question| state.attempt(model, question));
        let Some(received) = state.entry(entry.idx) else { return (0, attempt) };
        received.model = Some(model.to_owned());
        received.question = question.map(str::to_owned);
        received.attempt = attempt;
        (received.call.unwrap_or_default(), attempt)
    }

    /// How long to wait before a call would be taken again, should there have been too many. Takes it otherwise.
    fn over_limit(&self) -> Option<Duration> {
        let mut state = self.state();
        let (most, within) = state.limit?;
        let now = self.start.elapsed();
        while state.taken.front().is_some_and(|taken| within <= now.saturating_sub(*taken)) {
            state.taken.pop_front();
        }
        if state.taken.len() < most {
            state.taken.push_back(now);
            return None;
        }
        let first = state.taken.front().copied().unwrap_or(now);
        Some((first + within).saturating_sub(now))
    }

    /// What goes wrong with a call, and how late its answer comes.
    pub(super) fn occasion(
        &self,
        idx: usize,
        model: &str,
        question: &str,
        attempt: usize,
    ) -> (Option<Fault>, Duration) {
        let mut state = self.state();
        let now = self.start.elapsed();
        let since_first = now.saturating_sub(state.first_call.unwrap_or(now));
        let call = Call { idx, model, question, attempt, since_first };
        let seed = self.script.seed;
        let latency = state.latency.of(seed, &call);
        let rules = state.rules.iter_mut().enumerate();
        let mut applying =
            rules.filter(|(idx, (rule, applied))| rule.applies(*idx, *applied, seed, &call));
        let fault = applying.next().map(|(_, (rule, applied))| {
            *applied += 1;
            rule.fault.clone()
        });
        (fault, latency)
    }

    fn finish(&self, answer: Answer, origin: Option<&str>, entry: Entry) -> Response<Scripted> {
        let is_streamed = matches!(&answer.body, Content::Events(..))
            && answer.content_type != "application/json";
        entry.note(|received| {
            received.status = Some(answer.status);
            received.ending = answer.ending;
            received.usage = answer.usage;
            received.is_streamed = is_streamed;
        });
        let mut headers = answer.headers;
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(answer.content_type));
        if let Ok(id) = format!("req_{:06}", entry.idx).parse() {
            headers.insert("x-request-id", id);
        }
        headers.insert("x-ratelimit-remaining-requests", HeaderValue::from_static("499"));
        self.profile.stamp(origin, answer.status, &mut headers);
        if answer.hidden {
            cors::hide(&mut headers);
        }
        let parts = answer.body.parts(self.script.stream_pause);
        let mut response = Response::new(Scripted::new(parts).watched(entry));
        *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or_default();
        *response.headers_mut() = headers;
        response
    }

    fn consent(&self, query: &str) -> Answer {
        match pkce::Wish::read(query) {
            Ok(wish) => {
                let mut state = self.state();
                let code = format!("code-{:04}", state.n_codes);
                state.n_codes += 1;
                let mut answer = Answer::of(302, "text/html", "");
                if let Ok(location) = wish.callback(&code).parse() {
                    answer.headers.insert(hyper::header::LOCATION, location);
                }
                state.codes.insert(code, wish);
                answer
            }
            Err(missing) => {
                Answer::of(400, "text/html", format!("<!doctype html><p>{missing} is missing."))
            }
        }
    }

    /// A code is good for one exchange.
    fn exchange(&self, body: &Value) -> Answer {
        let code = body["code"].as_str().unwrap_or_default();
        let wish = self.state().codes.remove(code);
        let (status, answer) = pkce::exchanged(wish.as_ref(), body, self.script.key.as_deref());
        Answer::json(status, &answer)
    }
}

pub(super) fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// Four characters to a token, as the usual rule of thumb has it; at least one.
fn tokens(n_chars: usize) -> u64 {
    n_chars.div_ceil(4).max(1) as u64
}
