//! Owns the only door through which anything leaves the page.

use gloo_net::http::{Method as GlooMethod, RequestBuilder};
use web_sys::{
    AbortSignal, ReferrerPolicy, RequestCache, RequestCredentials, RequestMode, RequestRedirect,
};

use super::error::{Error, text_of};
use super::keys;
use crate::provider::http::Method;
use crate::provider::{Failure, HttpReply, HttpRequest};

/// Sends a call to a provider, with the key of its origin if one is held. No cookies, no referrer, no redirect: a
/// redirect would carry the key elsewhere.
pub async fn send(
    request: &HttpRequest,
    abort: Option<&AbortSignal>,
) -> Result<HttpReply, Failure> {
    let method = match request.method {
        Method::Get => GlooMethod::GET,
        Method::Post => GlooMethod::POST,
    };
    let mut builder = RequestBuilder::new(&request.url)
        .method(method)
        .mode(RequestMode::Cors)
        .credentials(RequestCredentials::Omit)
        .cache(RequestCache::NoStore)
        .redirect(RequestRedirect::Error)
        .referrer_policy(ReferrerPolicy::NoReferrer)
        .abort_signal(abort);
    for (name, value) in &request.headers {
        builder = builder.header(name, value);
    }
    if let Some(key) = keys::for_request(&request.url) {
        let (name, value) = request.auth.header(&key);
        builder = builder.header(name, &value);
    }
    let built = match &request.body {
        Some(body) => builder.body(body.as_str()),
        None => builder.build(),
    };
    let unreachable = |error: gloo_net::Error| Failure::Unreachable { message: describe(&error) };
    let reply = built.map_err(unreachable)?.send().await.map_err(unreachable)?;
    let status = reply.status();
    let retry_after = reply.headers().get("retry-after");
    let body = match reply.binary().await {
        Ok(body) => body,
        // The connection broke in the middle of the answer.
        Err(error) => return Err(Failure::Unreachable { message: describe(&error) }),
    };
    Ok(HttpReply { status, retry_after, body })
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
