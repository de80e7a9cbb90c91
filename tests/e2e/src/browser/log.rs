//! Owns what a page did: every request with its end, what it wrote to the console, and what went wrong unseen.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use tokio::sync::Notify;

use super::cdp::{Connection, Listener, lock};
use crate::{Error, Result};

/// A request of the page, of its workers, or the browser's preflight for one.
#[derive(Debug, Clone, PartialEq)]
pub struct Exchange {
    id: String,
    /// Where to, without the fragment.
    pub url: String,
    /// HTTP method.
    pub method: String,
    /// What for, as the browser names it: `Document`, `Script`, `Fetch`, `Preflight`.
    pub kind: String,
    /// Headers that the page set or the browser added, as far as the browser tells.
    pub headers: Value,
    /// What was sent, if it was text.
    pub body: Option<String>,
    /// HTTP status, once there was an answer.
    pub status: Option<u16>,
    /// Why it failed, in the browser's words, such as `net::ERR_CONNECTION_RESET` or `CORS: MissingAllowOriginHeader`.
    pub failure: Option<String>,
    /// Bytes received, headers included; 0 from a cache.
    pub bytes: u64,
    /// Whether it is over, well or badly.
    pub over: bool,
}

impl Exchange {
    /// Scheme, host and port of the address. Empty for addresses without a host, such as `data:` and `blob:`.
    pub fn origin(&self) -> &str {
        origin(&self.url)
    }
}

/// Who wrote to the console.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Speaker {
    /// A script of the page.
    Page,
    /// The browser, about a request that failed or was answered with an error.
    Network,
    /// The browser, about anything else.
    Browser,
}

/// A line of the console.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Console {
    /// Who wrote it.
    pub speaker: Speaker,
    /// `log`, `info`, `warning`, `error` or another method of `console`.
    pub level: String,
    /// The line.
    pub text: String,
}

/// Something that the Content-Security-Policy forbade.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CspViolation {
    /// The directive, such as `connect-src`.
    pub directive: String,
    /// What was to be loaded; empty for inline code.
    pub blocked: String,
    /// `kInlineViolation`, `kEvalViolation`, `kURLViolation` and the like.
    pub kind: String,
    /// Where in the page's code.
    pub at: String,
}

/// Everything seen of a page since it was opened or its log cleared.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Log {
    /// In the order in which they began.
    pub exchanges: Vec<Exchange>,
    /// In the order in which it was written.
    pub console: Vec<Console>,
    /// Errors that no script caught, with their stack.
    pub exceptions: Vec<String>,
    /// What the policy forbade.
    pub csp: Vec<CspViolation>,
    /// Questions of `alert`, `confirm` and `beforeunload`, all of which were answered with yes.
    pub dialogs: Vec<String>,
    /// Whether the page's process died.
    pub crashed: bool,
    /// The documents that were shown, by the browser's name for their loading, once loaded.
    pub(super) loaded: BTreeSet<String>,
}

impl Log {
    /// Origins that anything was sent to, preflights included.
    pub fn origins(&self) -> BTreeSet<String> {
        let origins = self.exchanges.iter().map(|exchange| exchange.origin().to_owned());
        origins.filter(|origin| !origin.is_empty()).collect()
    }

    /// Fails when anything was sent, or meant to be sent, to an origin other than these.
    pub fn only_to(&self, allowed: &[&str]) -> Result<()> {
        let allowed: BTreeSet<&str> = allowed.iter().map(|address| origin(address)).collect();
        let strays: Vec<&str> = self
            .exchanges
            .iter()
            .filter(|exchange| {
                !exchange.origin().is_empty() && !allowed.contains(exchange.origin())
            })
            .map(|exchange| exchange.url.as_str())
            .collect();
        if strays.is_empty() {
            return Ok(());
        }
        Err(Error::new(format!("requests to origins other than {allowed:?}: {strays:?}")))
    }

    /// Fails when a script threw, the policy was violated, or the console holds an error other than about a request.
    pub fn clean(&self) -> Result<()> {
        let errors: Vec<&Console> = self
            .console
            .iter()
            .filter(|line| line.level == "error" && line.speaker != Speaker::Network)
            .collect();
        if errors.is_empty() && self.exceptions.is_empty() && self.csp.is_empty() && !self.crashed {
            return Ok(());
        }
        Err(Error::new(format!(
            "the page is not clean\nerrors: {errors:#?}\nuncaught: {:#?}\nforbidden by its policy: {:#?}\ncrashed: {}",
            self.exceptions, self.csp, self.crashed
        )))
    }
}

/// Scheme, host and port of an http or websocket address; empty for others.
fn origin(url: &str) -> &str {
    let networked = ["http://", "https://", "ws://", "wss://"];
    let Some(scheme) = networked.iter().find(|scheme| url.starts_with(**scheme)) else {
        return "";
    };
    let host = url[scheme.len()..].find(['/', '?', '#']).map_or(url.len(), |at| scheme.len() + at);
    &url[..host]
}

/// Keeps a [`Log`] up to date.
#[derive(Debug, Default)]
pub(super) struct Recorder {
    log: Mutex<Log>,
    pub(super) changed: Notify,
}

impl Recorder {
    pub(super) fn read<T>(&self, read: impl FnOnce(&Log) -> T) -> T {
        read(&lock(&self.log))
    }

    pub(super) fn clear(&self) {
        let mut log = lock(&self.log);
        let loaded = std::mem::take(&mut log.loaded);
        *log = Log { loaded, ..Log::default() };
    }

    /// Turns on what is recorded, in a session of the page or of one of its workers.
    pub(super) fn enable(connection: &Connection, session: &str) {
        for domain in ["Runtime", "Network", "Log", "Audits"] {
            // Workers have not all of these; what they lack they refuse.
            let _ = connection.send(session, &format!("{domain}.enable"), json!({}));
        }
        let attach = json!({"autoAttach": true, "waitForDebuggerOnStart": true, "flatten": true});
        let _ = connection.send(session, "Target.setAutoAttach", attach);
    }
}

/// The recorder's link to the connection; children of the page report to the same one.
pub(super) struct Ear(pub(super) Arc<Recorder>);

impl Listener for Ear {
    fn event(&self, connection: &Arc<Connection>, session: &str, method: &str, params: &Value) {
        match method {
            "Target.attachedToTarget" => {
                let child = params["sessionId"].as_str().unwrap_or_default();
                connection.listen(child, Arc::new(Ear(Arc::clone(&self.0))));
                Recorder::enable(connection, child);
                let _ = connection.send(child, "Runtime.runIfWaitingForDebugger", json!({}));
            }
            "Target.detachedFromTarget" => {
                connection.unlisten(params["sessionId"].as_str().unwrap_or_default());
            }
            "Page.javascriptDialogOpening" => {
                let _ = connection.send(
                    session,
                    "Page.handleJavaScriptDialog",
                    json!({"accept": true}),
                );
                lock(&self.0.log).dialogs.push(string(&params["message"]));
            }
            _ => record(&mut lock(&self.0.log), method, params),
        }
        self.0.changed.notify_waiters();
    }
}

fn record(log: &mut Log, method: &str, params: &Value) {
    match method {
        "Network.requestWillBeSent" => {
            if let Some(status) = params["redirectResponse"]["status"].as_u64()
                && let Some(exchange) = find(log, params)
            {
                exchange.status = u16::try_from(status).ok();
                exchange.over = true;
            }
            log.exchanges.push(began(params));
        }
        "Network.webSocketCreated" => log.exchanges.push(Exchange {
            kind: "WebSocket".to_owned(),
            method: "GET".to_owned(),
            url: string(&params["url"]),
            ..began(params)
        }),
        "Network.responseReceived" => {
            if let Some(exchange) = find(log, params) {
                exchange.status = params["response"]["status"]
                    .as_u64()
                    .and_then(|status| u16::try_from(status).ok());
            }
        }
        "Network.loadingFinished" => {
            if let Some(exchange) = find(log, params) {
                exchange.bytes = whole(&params["encodedDataLength"]);
                exchange.over = true;
            }
        }
        "Network.loadingFailed" => {
            if let Some(exchange) = find(log, params) {
                exchange.failure = Some(failure(params));
                exchange.over = true;
            }
        }
        "Runtime.consoleAPICalled" => log.console.push(Console {
            speaker: Speaker::Page,
            level: string(&params["type"]),
            text: params["args"]
                .as_array()
                .into_iter()
                .flatten()
                .map(spoken)
                .collect::<Vec<_>>()
                .join(" "),
        }),
        "Log.entryAdded" => {
            let entry = &params["entry"];
            let speaker =
                if entry["source"] == "network" { Speaker::Network } else { Speaker::Browser };
            let text = format!("{} {}", string(&entry["text"]), string(&entry["url"]));
            log.console.push(Console { speaker, level: string(&entry["level"]), text });
        }
        "Runtime.exceptionThrown" => {
            let details = &params["exceptionDetails"];
            let thrown = details["exception"]["description"].as_str();
            let thrown = thrown.map_or_else(|| spoken(&details["exception"]), str::to_owned);
            log.exceptions.push(format!("{}: {thrown}", string(&details["text"])));
        }
        "Audits.issueAdded" => {
            let details = &params["issue"]["details"]["contentSecurityPolicyIssueDetails"];
            if details.is_object() && details["isReportOnly"] != true {
                let at = &details["sourceCodeLocation"];
                log.csp.push(CspViolation {
                    directive: string(&details["violatedDirective"]),
                    blocked: string(&details["blockedURL"]),
                    kind: string(&details["contentSecurityPolicyViolationType"]),
                    at: format!("{}:{}", string(&at["url"]), whole(&at["lineNumber"])),
                });
            }
        }
        "Inspector.targetCrashed" => log.crashed = true,
        "Page.lifecycleEvent" if params["name"] == "load" => {
            log.loaded.insert(string(&params["loaderId"]));
        }
        _ => {}
    }
}

fn began(params: &Value) -> Exchange {
    let request = &params["request"];
    Exchange {
        id: string(&params["requestId"]),
        url: string(&request["url"]),
        method: string(&request["method"]),
        kind: string(&params["type"]),
        headers: request["headers"].clone(),
        body: request["postData"].as_str().map(str::to_owned),
        status: None,
        failure: None,
        bytes: 0,
        over: false,
    }
}

fn find<'a>(log: &'a mut Log, params: &Value) -> Option<&'a mut Exchange> {
    let id = params["requestId"].as_str().unwrap_or_default();
    log.exchanges.iter_mut().rev().find(|exchange| exchange.id == id)
}

fn failure(params: &Value) -> String {
    if let Some(reason) = params["corsErrorStatus"]["corsError"].as_str() {
        return format!("CORS: {reason}");
    }
    if let Some(reason) = params["blockedReason"].as_str() {
        return format!("blocked: {reason}");
    }
    string(&params["errorText"])
}

/// A script's value as the console would show it.
fn spoken(value: &Value) -> String {
    match &value["value"] {
        Value::String(text) => text.clone(),
        Value::Null => value["description"].as_str().unwrap_or("null").to_owned(),
        other => other.to_string(),
    }
}

fn string(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn whole(value: &Value) -> u64 {
    value.as_u64().or_else(|| value.as_f64().map(|number| number as u64)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_ends_where_the_path_begins() {
        assert_eq!(origin("http://127.0.0.1:81/a/b?c"), "http://127.0.0.1:81");
        assert_eq!(origin("https://example.org"), "https://example.org");
        assert_eq!(origin("https://example.org?q"), "https://example.org");
        assert_eq!(origin("data:text/plain,x"), "");
        assert_eq!(origin("blob:http://127.0.0.1/x"), "");
    }
}
