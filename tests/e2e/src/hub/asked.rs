//! Owns the publisher's log: a line for each request, open while its answer is sent.

use std::sync::Arc;
use std::time::Duration;

use hyper::http::request::Parts;

use super::Desk;
use crate::http::Watch;

/// A request that reached the publisher.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// When it had arrived, since the start.
    pub at: Duration,
    /// When the answer was sent to its end, or the page gave up.
    pub ended: Option<Duration>,
    /// Which of the hosts.
    pub host: String,
    /// HTTP method.
    pub method: String,
    /// The path with its query.
    pub path: String,
    /// All headers, names in lower case, in the order sent.
    pub headers: Vec<(String, String)>,
    /// The status sent; none where the connection was closed instead.
    pub status: Option<u16>,
    /// How much of the body was sent, in bytes.
    pub n_bytes_out: u64,
    /// Whether the page went away before the answer was sent to its end.
    pub is_aborted: bool,
    /// The fault that was worked into the answer, as `Debug` writes it.
    pub fault: Option<String>,
}

impl Asked {
    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }
}

/// A line that is open while its request is.
#[derive(Debug)]
pub(super) struct Line {
    desk: Arc<Desk>,
    idx: usize,
    is_closed: bool,
}

impl Line {
    pub(super) fn open(desk: &Arc<Desk>, head: &Parts, host: &str) -> Self {
        let headers = head.headers.iter().map(|(name, value)| {
            (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned())
        });
        let path = head.uri.path_and_query().map_or_else(String::new, ToString::to_string);
        let mut state = desk.state();
        state.asked.push(Asked {
            at: desk.start.elapsed(),
            ended: None,
            host: host.to_owned(),
            method: head.method.to_string(),
            path,
            headers: headers.collect(),
            status: None,
            n_bytes_out: 0,
            is_aborted: false,
            fault: None,
        });
        let idx = state.n_forgotten + state.asked.len() - 1;
        drop(state);
        Self { desk: Arc::clone(desk), idx, is_closed: false }
    }

    pub(super) fn note(&self, note: impl FnOnce(&mut Asked)) {
        let mut state = self.desk.state();
        // The log may have been cleared meanwhile.
        let idx = self.idx.checked_sub(state.n_forgotten);
        if let Some(asked) = idx.and_then(|idx| state.asked.get_mut(idx)) {
            note(asked);
        }
    }

    fn close(&mut self, is_aborted: bool) {
        if std::mem::replace(&mut self.is_closed, true) {
            return;
        }
        let ended = self.desk.start.elapsed();
        self.note(|asked| (asked.ended, asked.is_aborted) = (Some(ended), is_aborted));
    }
}

impl Watch for Line {
    fn sent(&mut self, n_bytes: usize) {
        self.note(|asked| asked.n_bytes_out += n_bytes as u64);
    }

    fn over(&mut self) {
        self.close(false);
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.close(true);
    }
}
