//! Owns the only door through which anything leaves the page.

pub mod published;

use gloo_net::http::{Method as GlooMethod, RequestBuilder, Response};
use js_sys::Uint8Array;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortSignal, ReadableStreamDefaultReader, ReferrerPolicy, RequestCache, RequestCredentials,
    RequestMode, RequestRedirect,
};

use super::error::{Error, text_of};
use super::ledger::{self, Open};
use super::{clock, keys};
use crate::provider::http::Method;
use crate::provider::{Completion, Failure, HttpReply, HttpRequest};
pub use crate::report::ledger::Purpose;
use crate::report::ledger::{End, place_of};
use crate::text::redact::{Redactor, redact_bytes};

/// More than any answer or error in text; a body that does not end must not fill the memory.
const MAX_BODY_BYTES: u64 = 256 * 1024 * 1024;

/// What a request is for, as the ledger records it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Errand {
    /// The run that it belongs to, if it belongs to one.
    pub run_id: Option<String>,
    /// What it is for.
    pub purpose: Purpose,
}

impl Errand {
    /// An errand that belongs to no run.
    pub fn of(purpose: Purpose) -> Self {
        Self { run_id: None, purpose }
    }
}

/// What came of a streamed call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Streamed {
    /// HTTP status.
    pub status: u16,
    /// `Retry-After` as received, where the provider lets a page read it.
    pub retry_after: Option<String>,
    /// The whole body where the status is not 2xx; else empty, as it was handed over piece by piece.
    pub body: Vec<u8>,
}

/// Sends a call to a provider, with the key of its origin if one is held. No cookies, no referrer, no redirect: a
/// redirect would carry the key elsewhere. What comes back holds no key, should the provider repeat it.
pub async fn send(
    request: &HttpRequest,
    errand: &Errand,
    abort: Option<&AbortSignal>,
) -> Result<HttpReply, Failure> {
    let (call, reply) = Call::begin(request, errand, abort).await?;
    let (status, retry_after) = (reply.status(), reply.headers().get("retry-after"));
    let body = match reply.binary().await {
        Ok(body) => body,
        // The connection broke in the middle of the answer.
        Err(error) => return Err(call.broken(Some(status), &describe(&error))),
    };
    let body = call.ended(status, body);
    Ok(HttpReply { status, retry_after, body })
}

/// As [`send`], but hands over the body of a successful answer as it arrives. Pieces end anywhere, in the middle of a
/// character too. A connection that breaks before the end is a failure, whatever was handed over before.
pub async fn stream(
    request: &HttpRequest,
    errand: &Errand,
    abort: Option<&AbortSignal>,
    mut take: impl FnMut(&[u8]),
) -> Result<Streamed, Failure> {
    let (mut call, reply) = Call::begin(request, errand, abort).await?;
    let (status, retry_after) = (reply.status(), reply.headers().get("retry-after"));
    let mut redactor = Redactor::new(call.secrets.clone());
    let mut body = vec![];
    let is_success = (200..300).contains(&status);
    let mut hand_over = |piece: Vec<u8>| {
        if !is_success {
            body.extend(piece);
        } else if !piece.is_empty() {
            take(&piece);
        }
    };
    let reader =
        reply.body().map(|body| body.get_reader().unchecked_into::<ReadableStreamDefaultReader>());
    if let Some(reader) = reader {
        loop {
            let piece = match next_piece(&reader).await {
                Ok(Some(piece)) => piece,
                Ok(None) => break,
                Err(error) => return Err(call.broken(Some(status), &text_of(&error))),
            };
            if MAX_BODY_BYTES < call.open.bytes_in(piece.len()) {
                // Nobody waits for what comes of it.
                let _ = reader.cancel();
                return Err(call.broken(Some(status), "the answer does not end"));
            }
            hand_over(redactor.push(&piece));
        }
    }
    hand_over(redactor.finish());
    call.open.end(End::Answered { status });
    Ok(Streamed { status, retry_after, body })
}

async fn next_piece(reader: &ReadableStreamDefaultReader) -> Result<Option<Vec<u8>>, JsValue> {
    let read = JsFuture::from(reader.read()).await?;
    let get = |name: &str| js_sys::Reflect::get(&read, &name.into());
    if get("done")?.is_truthy() {
        return Ok(None);
    }
    Ok(Some(get("value")?.dyn_into::<Uint8Array>()?.to_vec()))
}

/// A call under way.
struct Call {
    open: Open,
    secrets: Vec<String>,
    abort: Option<AbortSignal>,
}

impl Call {
    /// Sends, and waits for status and headers.
    async fn begin(
        request: &HttpRequest,
        errand: &Errand,
        abort: Option<&AbortSignal>,
    ) -> Result<(Self, Response), Failure> {
        let Some((origin, path)) = place_of(&request.url) else {
            let message = "this is no address that a request can go to".to_owned();
            return Err(Failure::Unreachable { message });
        };
        let (builder, secrets) = build(request, errand, abort);
        let built = match &request.body {
            Some(body) => builder.body(body.as_str()),
            None => builder.build(),
        };
        let without_secrets =
            |message: String| crate::text::redact::redact(message, secrets.clone());
        let built = built
            .map_err(|error| Failure::Unreachable { message: without_secrets(describe(&error)) })?;
        let open = ledger::begin(ledger::Begun {
            at_millis: clock::now_millis(),
            origin,
            path,
            method: match request.method {
                Method::Get => "GET",
                Method::Post => "POST",
            },
            errand,
            bytes_out: request.body.as_ref().map_or(0, String::len),
        });
        let call = Self { open, secrets, abort: abort.cloned() };
        match built.send().await {
            Ok(reply) => Ok((call, reply)),
            Err(error) => Err(call.broken(None, &describe(&error))),
        }
    }

    fn ended(mut self, status: u16, body: Vec<u8>) -> Vec<u8> {
        self.open.bytes_in(body.len());
        self.open.end(End::Answered { status });
        redact_bytes(body, self.secrets)
    }

    fn broken(self, status: Option<u16>, message: &str) -> Failure {
        let message = crate::text::redact::redact(message.to_owned(), self.secrets);
        let is_called_off = self.abort.is_some_and(|abort| abort.aborted());
        self.open.end(if is_called_off {
            End::CalledOff
        } else {
            End::Broken { status, message: crate::text::shorten(&message, 120) }
        });
        Failure::Unreachable { message }
    }
}

/// A request to another host that tells it nothing of the person: no cookies, no referrer.
fn bare(url: &str, abort: Option<&AbortSignal>) -> RequestBuilder {
    RequestBuilder::new(url)
        .mode(RequestMode::Cors)
        .credentials(RequestCredentials::Omit)
        .cache(RequestCache::NoStore)
        .referrer_policy(ReferrerPolicy::NoReferrer)
        .abort_signal(abort)
}

/// The request with its key, and what must not be repeated of it.
fn build(
    request: &HttpRequest,
    errand: &Errand,
    abort: Option<&AbortSignal>,
) -> (RequestBuilder, Vec<String>) {
    let method = match request.method {
        Method::Get => GlooMethod::GET,
        Method::Post => GlooMethod::POST,
    };
    // `targetAddressSpace` is left out: localhost and private addresses work without it, and a wrong value is blocked.
    let mut builder = bare(&request.url, abort).method(method).redirect(RequestRedirect::Error);
    for (name, value) in &request.headers {
        builder = builder.header(name, value);
    }
    let mut secrets = vec![];
    // A sign-in has its own proof, and must not carry an older key along.
    if errand.purpose != Purpose::SignIn {
        if let Some(key) = keys::for_request(&request.url) {
            let (name, value) = request.auth.header(&key);
            builder = builder.header(name, &value);
            secrets.push(key);
        }
        if let Some(name) = &request.secret_header
            && let Some(value) = keys::header_for_request(&request.url, name)
        {
            builder = builder.header(name, &value);
            secrets.push(value);
        }
    }
    (builder, secrets)
}

/// What came of a call, without any key that is held, should the text repeat it.
pub fn without_keys(result: Result<Completion, Failure>) -> Result<Completion, Failure> {
    match result {
        Ok(completion) => Ok(Completion {
            text: keys::redact(completion.text),
            reasoning: completion.reasoning.map(keys::redact),
            ..completion
        }),
        Err(failure) => Err(without_key(failure)),
    }
}

/// A failure as the provider told it, without the key should the message repeat it.
pub fn without_key(failure: Failure) -> Failure {
    let clean = keys::redact;
    match failure {
        Failure::KeyRefused { message } => Failure::KeyRefused { message: clean(message) },
        Failure::NoCredit { message } => Failure::NoCredit { message: clean(message) },
        Failure::NotFound { message } => Failure::NotFound { message: clean(message) },
        Failure::Refused { status, message } => {
            Failure::Refused { status, message: clean(message) }
        }
        Failure::Unsupported { setting, message } => {
            Failure::Unsupported { setting, message: clean(message) }
        }
        Failure::RateLimited { wait_millis, message } => {
            Failure::RateLimited { wait_millis, message: clean(message) }
        }
        Failure::Server { status, wait_millis, message } => {
            Failure::Server { status, wait_millis, message: clean(message) }
        }
        Failure::Unreachable { message } => Failure::Unreachable { message: clean(message) },
        Failure::Malformed { message } => Failure::Malformed { message: clean(message) },
        Failure::TimedOut { limit_millis } => Failure::TimedOut { limit_millis },
    }
}

fn describe(error: &gloo_net::Error) -> String {
    match error {
        gloo_net::Error::JsError(error) => error.to_string(),
        gloo_net::Error::GlooError(text) => text.clone(),
    }
}

/// Fetches a file that is part of this page, such as the bundled pack. `path` is relative to the page.
pub async fn own_file(path: &str) -> Result<Vec<u8>, Error> {
    let failed = |error: gloo_net::Error| Error::Page(format!("{path}: {}", describe(&error)));
    let reply = RequestBuilder::new(path)
        .credentials(RequestCredentials::SameOrigin)
        .build()
        .map_err(failed)?
        .send()
        .await
        .map_err(failed)?;
    if !reply.ok() {
        return Err(Error::Page(format!("{path}: HTTP {}", reply.status())));
    }
    reply.binary().await.map_err(failed)
}

/// A handle that calls a request off.
#[derive(Debug)]
pub struct CallOff(web_sys::AbortController);

impl CallOff {
    /// A fresh handle.
    pub fn new() -> Result<Self, Error> {
        web_sys::AbortController::new().map(Self).map_err(|error| Error::Other(text_of(&error)))
    }

    /// What the request listens to.
    pub fn signal(&self) -> AbortSignal {
        self.0.signal()
    }

    /// Calls the request off.
    pub fn now(&self) {
        self.0.abort();
    }
}
