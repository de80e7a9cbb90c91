//! Owns how the browser's events become the log of a page.

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use tokio::sync::Notify;

use super::cdp::{Connection, Listener};
use super::log::{Console, CspViolation, Exchange, Log, Speaker};
use crate::lock::lock;

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
            connection.tell(session, &format!("{domain}.enable"), json!({}));
        }
        let attach = json!({"autoAttach": true, "waitForDebuggerOnStart": true, "flatten": true});
        connection.tell(session, "Target.setAutoAttach", attach);
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
                connection.tell(child, "Runtime.runIfWaitingForDebugger", json!({}));
            }
            "Target.detachedFromTarget" => {
                connection.unlisten(params["sessionId"].as_str().unwrap_or_default());
            }
            "Page.javascriptDialogOpening" => {
                connection.tell(session, "Page.handleJavaScriptDialog", json!({"accept": true}));
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
    // Whole numbers come as floating-point ones now and then.
    let rounded = || value.as_f64().and_then(|number| format!("{number:.0}").parse().ok());
    value.as_u64().or_else(rounded).unwrap_or_default()
}
