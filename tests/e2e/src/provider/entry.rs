//! Owns the line of the log that is open while its request is.

use std::sync::Arc;

use hyper::body::Bytes;
use hyper::header::HeaderValue;

use super::Desk;
use super::ledger::Received;
use crate::http::{Watch, Wire};

/// A line of the log that is open while its request is; it notes when the page goes away.
#[derive(Debug)]
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
        call: bool,
    ) -> Self {
        let path = head.uri.path_and_query().map_or_else(String::new, ToString::to_string);
        let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let headers = head.headers.iter().map(|(name, value)| (name.to_string(), text(value)));
        let mut state = desk.state();
        let at = desk.start.elapsed();
        if call {
            state.n_calls += 1;
            state.in_flight += 1;
            state.peak = state.peak.max(state.in_flight);
            state.first_call.get_or_insert(at);
        }
        let received = Received {
            at,
            ended: None,
            connection: wire.map_or(0, |wire| wire.number),
            is_http2: wire.is_some_and(|wire| wire.is_http2),
            method: head.method.to_string(),
            path,
            headers: headers.collect(),
            unlisted: desk.profile.unlisted(&head.headers),
            body: String::from_utf8_lossy(body).into_owned(),
            n_bytes_in: body.len() as u64,
            n_bytes_out: 0,
            is_streamed: false,
            call: call.then(|| state.n_calls - 1),
            model: None,
            question: None,
            attempt: 0,
            in_flight: state.in_flight,
            fault: None,
            status: None,
            ending: None,
            usage: None,
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

    fn close(&mut self, aborted: bool) {
        if std::mem::replace(&mut self.closed, true) {
            return;
        }
        let ended = self.desk.start.elapsed();
        let mut state = self.desk.state();
        if let Some(received) = state.entry(self.idx) {
            received.ended = Some(ended);
            received.aborted = aborted;
        }
        if self.call {
            state.in_flight = state.in_flight.saturating_sub(1);
        }
    }
}

impl Watch for Entry {
    fn sent(&mut self, n_bytes: usize) {
        self.note(|received| received.n_bytes_out += n_bytes as u64);
    }

    fn over(&mut self) {
        self.close(false);
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        self.close(true);
    }
}
