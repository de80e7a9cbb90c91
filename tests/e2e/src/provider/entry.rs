//! Owns the line of the log that is open while its request is.

use std::sync::Arc;

use hyper::Method;
use hyper::body::Bytes;
use hyper::header::HeaderValue;

use super::Desk;
use super::ledger::Received;
use crate::http::Wire;

/// A line of the log that is open while its request is; it notes when the page goes away.
pub(super) struct Entry {
    desk: Arc<Desk>,
    pub(super) idx: usize,
    call: bool,
    closed: bool,
}

impl Entry {
    pub(super) fn open(
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

    pub(super) fn note(&self, note: impl FnOnce(&mut Received)) {
        // The log may have been cleared meanwhile.
        if let Some(received) = self.desk.state().entry(self.idx) {
            note(received);
        }
    }

    pub(super) fn close(&mut self, note: impl FnOnce(&mut Received)) {
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
