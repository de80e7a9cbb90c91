//! Owns the handling of a request to the publisher: host, fault, answer, what pages may read of it; every step written down.

use std::sync::Arc;

use hyper::body::Incoming;
use hyper::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, HOST, HeaderMap, ORIGIN, VARY,
};
use hyper::http::request::Parts;
use hyper::{Method, Request, Response};

use super::answer::{Answer, set};
use super::asked::Line;
use super::fault::HubFault;
use super::{CDN_HOST, Desk, GITHUB_HOST, HUB_HOST, ROWS_HOST};
use crate::http::{Broken, Handle, Scripted, Wire};

/// What the Hub lets pages read.
const HUB_EXPOSED: &str = "X-Repo-Commit,X-Request-Id,X-Error-Code,X-Error-Message,X-Total-Count,ETag,Link,Accept-Ranges,\
    Content-Range,X-Linked-Size,X-Linked-ETag,X-Xet-Hash";
/// What its CDN lets pages read.
const CDN_EXPOSED: &str =
    "Accept-Ranges, Content-Range, Content-Type, Content-Disposition, ETag, X-Cache";
/// What the server of rows lets pages read.
const ROWS_EXPOSED: &str = "X-Error-Code, X-Revision";

impl Handle for Desk {
    async fn handle(
        self: Arc<Self>,
        request: Request<Incoming>,
    ) -> Result<Response<Scripted>, Broken> {
        let (head, _) = request.into_parts();
        let host = host_of(&head);
        let line = Line::open(&self, &head, &host);
        let path = head.uri.path_and_query().map_or("", |path| path.as_str());
        let is_preflight = head.method == Method::OPTIONS;
        let (is_down, fault) = {
            let mut state = self.state();
            let is_down = state.down.contains(&host);
            let fault = if is_preflight { None } else { state.faults.of(&host, path) };
            (is_down, fault)
        };
        if let Some(fault) = &fault {
            line.note(|asked| asked.fault = Some(format!("{fault:?}")));
        }
        if is_down || fault == Some(HubFault::Lost) {
            if let Some(wire) = head.extensions.get::<Wire>() {
                wire.reset_at_end();
            }
            return Err(Broken);
        }
        if fault == Some(HubFault::Hold) {
            let mut gate = self.held.subscribe();
            let _ = gate.wait_for(|is_held| !is_held).await;
        }
        let mut answer = if is_preflight {
            Answer::new(204, "text/plain", "")
        } else {
            self.answer(&host, &head)
        };
        stamp(&host, &head, &mut answer);
        if let Some(fault) = &fault {
            answer = answer.spoiled(fault);
        }
        let has_body = head.method != Method::HEAD && !is_preflight;
        let parts = answer.parts(fault.as_ref(), has_body);
        line.note(|asked| asked.status = Some(answer.status.as_u16()));
        let mut response = Response::new(Scripted::new(parts).watched(line));
        *response.status_mut() = answer.status;
        *response.headers_mut() = answer.headers;
        Ok(response)
    }
}

impl Desk {
    fn answer(&self, host: &str, head: &Parts) -> Answer {
        if head.method != Method::GET && head.method != Method::HEAD {
            return Answer::new(405, "text/plain", "");
        }
        let state = self.state();
        let (path, query) = (head.uri.path(), head.uri.query().unwrap_or_default());
        match host {
            HUB_HOST => state.shelf.hub_answer(path, &head.headers),
            ROWS_HOST => state.shelf.rows_answer(path, query),
            CDN_HOST => state.shelf.cdn_answer(path, &head.headers),
            GITHUB_HOST => state.shelf.github_answer(path, &head.headers),
            _ => Answer::new(421, "text/plain", ""),
        }
    }
}

/// The host that is asked: by HTTP/2 it stands in the address.
fn host_of(head: &Parts) -> String {
    let in_header = || head.headers.get(HOST).and_then(|host| host.to_str().ok());
    let host = head.uri.host().or_else(in_header).unwrap_or_default();
    host.split(':').next().unwrap_or_default().to_ascii_lowercase()
}

/// Adds what lets a page of another origin read the answer, as each of the hosts does.
fn stamp(host: &str, head: &Parts, answer: &mut Answer) {
    let headers = &mut answer.headers;
    let origin = head.headers.get(ORIGIN).and_then(|origin| origin.to_str().ok());
    let mut allow = |origin: &str, exposed: &str| {
        set(headers, ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        if !exposed.is_empty() {
            set(headers, ACCESS_CONTROL_EXPOSE_HEADERS, exposed);
        }
    };
    match host {
        HUB_HOST => {
            let path = head.uri.path();
            // Its pages for people are closed to others.
            if path.contains("/resolve/") || path.starts_with("/api/") {
                allow(origin.unwrap_or("https://huggingface.co"), HUB_EXPOSED);
                set(headers, VARY, "Origin");
            }
        }
        CDN_HOST => allow("*", CDN_EXPOSED),
        ROWS_HOST => allow("*", ROWS_EXPOSED),
        GITHUB_HOST => allow("*", ""),
        _ => {}
    }
    if head.method == Method::OPTIONS {
        preflight(host, &head.headers, headers);
    }
}

/// Answers whether a page may send these headers.
fn preflight(host: &str, asked: &HeaderMap, headers: &mut HeaderMap) {
    set(headers, ACCESS_CONTROL_ALLOW_METHODS, "GET, HEAD, OPTIONS");
    let wanted = asked.get("access-control-request-headers");
    let wanted = wanted.and_then(|wanted| wanted.to_str().ok()).unwrap_or_default();
    let allowed = match host {
        // As was seen of it: it takes no other.
        CDN_HOST => "Content-Range, Content-Type, Content-Disposition, ETag",
        _ => wanted,
    };
    set(headers, ACCESS_CONTROL_ALLOW_HEADERS, allowed);
}
