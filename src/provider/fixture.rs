//! Owns what the checks of all protocols share: a question, replies, and streams cut at every byte.

use super::http::{HttpReply, HttpRequest};
use super::model::{Endpoint, Protocol};
use super::reply::{Completion, Failure};
use super::wire::{self, AnswerSchema, Ask, StreamReader};
use crate::prompt::{Message, Role};

pub(super) fn messages() -> Vec<Message> {
    vec![
        Message { role: Role::System, content: "Be brief.".into() },
        Message { role: Role::User, content: "\"Fever\"?\nA) yes".into() },
    ]
}

pub(super) fn schema() -> AnswerSchema {
    let schema = serde_json::json!({"type": "object", "properties": {"met": {"type": "boolean"}},
        "required": ["met"], "additionalProperties": false});
    AnswerSchema { name: "verdict".into(), schema }
}

/// A schema's bytes as they stand in requests.
pub(super) const SCHEMA: &str = r#"{"additionalProperties":false,"properties":{"met":{"type":"boolean"}},"required":["met"],"type":"object"}"#;

/// The call that puts the question.
pub(super) fn request(endpoint: &Endpoint) -> HttpRequest {
    wire::request(&Ask { endpoint, messages: &messages(), schema: None })
}

/// The body of the call that puts the question.
pub(super) fn body(endpoint: &Endpoint) -> String {
    request(endpoint).body.unwrap()
}

/// The same with a schema.
pub(super) fn body_with_schema(endpoint: &Endpoint) -> String {
    let ask = Ask { endpoint, messages: &messages(), schema: Some(&schema()) };
    wire::request(&ask).body.unwrap()
}

pub(super) fn reply(status: u16, body: &str) -> HttpReply {
    HttpReply { status, retry_after: None, body: body.as_bytes().to_vec() }
}

pub(super) fn read(protocol: Protocol, status: u16, body: &str) -> Result<Completion, Failure> {
    wire::read(protocol, &reply(status, body))
}

/// Events as a server sends them.
pub(super) fn events(data: &[&str]) -> String {
    data.iter().flat_map(|one| ["data: ", *one, "\n\n"]).collect()
}

/// Events with their types as names too, as Anthropic, OpenAI and Cohere send them.
pub(super) fn named_events(data: &[&str]) -> String {
    let kind_of = |one: &str| {
        let value: serde_json::Value = serde_json::from_str(one).unwrap();
        value["type"].as_str().unwrap().to_owned()
    };
    let named = data.iter().map(|one| ["event: ", &kind_of(one), "\ndata: ", one, "\n\n"].concat());
    named.collect()
}

fn in_pieces(protocol: Protocol, pieces: &[&[u8]]) -> Result<Completion, Failure> {
    let mut reader = StreamReader::new(protocol);
    for piece in pieces {
        // A failure is told again at the end.
        let _ = reader.push(piece);
    }
    reader.finish()
}

/// Reads a stream, having checked that a cut at any byte changes nothing, nor many at once, and that what is broken off
/// is either no answer or the same text: never half of one.
pub(super) fn streamed(protocol: Protocol, stream: &str) -> Result<Completion, Failure> {
    let bytes = stream.as_bytes();
    let whole = in_pieces(protocol, &[bytes]);
    for cut in 0..=bytes.len() {
        let (before, after) = bytes.split_at(cut);
        assert_eq!(in_pieces(protocol, &[before, after]), whole, "cut at {cut}");
        match in_pieces(protocol, &[before]) {
            Ok(completion) => {
                let whole = whole.as_ref().unwrap();
                assert_eq!(completion.text, whole.text, "broken off at {cut}");
                assert_eq!(completion.finish, whole.finish, "broken off at {cut}");
            }
            Err(Failure::Malformed { .. }) => {}
            Err(failure) => assert_eq!(Err(failure), whole, "broken off at {cut}"),
        }
    }
    let single: Vec<&[u8]> = bytes.chunks(1).collect();
    assert_eq!(in_pieces(protocol, &single), whole);
    let with_returns = stream.replace('\n', "\r\n");
    assert_eq!(in_pieces(protocol, &[with_returns.as_bytes()]), whole);
    whole
}
