//! Owns what the provider writes down about requests, to be compared with what the page claims.

use std::time::Duration;

use serde_json::Value;

use super::script::Ending;

/// A request that reached the provider.
#[derive(Debug, Clone, PartialEq)]
pub struct Received {
    /// When it had arrived, since the provider's start.
    pub at: Duration,
    /// When the answer was sent to its end, or the page gave up.
    pub ended: Option<Duration>,
    /// Which connection it came by, from 0.
    pub connection: u64,
    /// Whether it came by HTTP/2.
    pub is_http2: bool,
    /// HTTP method.
    pub method: String,
    /// The path with its query.
    pub path: String,
    /// All headers, names in lower case, in the order sent.
    pub headers: Vec<(String, String)>,
    /// The names of headers that neither browsers add nor the provider lists; none if all is well.
    pub unlisted: Vec<String>,
    /// The body as sent.
    pub body: String,
    /// The length of the body, in bytes.
    pub n_bytes_in: u64,
    /// How much of the answer's body was sent, in bytes.
    pub n_bytes_out: u64,
    /// Whether the answer came in pieces.
    pub is_streamed: bool,
    /// Index among the requests for completions; none for others.
    pub call: Option<usize>,
    /// The model that was asked.
    pub model: Option<String>,
    /// The id of the question that was recognised in the last message.
    pub question: Option<String>,
    /// How often this model had been asked this question by then, this time included. 0 where no question is known.
    pub attempt: usize,
    /// Calls under way when this one had arrived, this one included.
    pub in_flight: usize,
    /// The fault that was worked into the answer, as `Debug` writes it.
    pub fault: Option<String>,
    /// The status sent; none while waiting, and where the connection was broken instead.
    pub status: Option<u16>,
    /// How the answer ends, where a whole one was sent.
    pub ending: Option<Ending>,
    /// The tokens that the whole answer counted.
    pub usage: Option<Usage>,
    /// Whether the page went away before the answer was sent to its end, or there was none.
    pub aborted: bool,
}

/// Tokens of an answer, or of several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Usage {
    /// Of the question.
    pub input: u64,
    /// Of the answer, with the thinking.
    pub output: u64,
    /// Of the thinking alone.
    pub reasoning: u64,
}

impl Usage {
    /// What it costs at this provider, in millionths of a dollar: one for a token of a question, four for one of an answer.
    pub fn cost_micros(&self) -> u64 {
        self.input + 4 * self.output
    }
}

impl std::ops::AddAssign for Usage {
    fn add_assign(&mut self, more: Self) {
        self.input += more.input;
        self.output += more.output;
        self.reasoning += more.reasoning;
    }
}

impl Received {
    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// Whether a whole answer was sent to its end.
    pub(super) fn is_answered(&self) -> bool {
        self.ending.is_some() && self.ended.is_some() && !self.aborted
    }

    /// The body as JSON; null when it is none.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }
}

/// A question of the browser whether the page may send a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preflight {
    /// When it arrived, since the provider's start.
    pub at: Duration,
    /// For which path.
    pub path: String,
    /// The page's origin.
    pub origin: String,
    /// For which method.
    pub method: String,
    /// The headers that the page would like to send, in lower case.
    pub headers: Vec<String>,
    /// The status of the answer.
    pub status: u16,
}
