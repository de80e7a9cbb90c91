//! Owns what a page did: every request with its end, what it wrote to the console, and what went wrong unseen.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::{Error, Result};

/// A request of the page, of its workers, or the browser's preflight for one.
#[derive(Debug, Clone, PartialEq)]
pub struct Exchange {
    pub(super) id: String,
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
