//! Owns the one face of all wire protocols: a question out, an answer in, whole or in pieces.

use super::http::{HttpReply, HttpRequest};
use super::model::{Endpoint, Protocol};
use super::openai_chat;
use super::reply::{Completion, Failure};
use crate::prompt::Message;

/// What is asked, and how.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ask<'a> {
    /// Of whom, with the settings that are sent.
    pub endpoint: &'a Endpoint,
    /// The conversation.
    pub messages: &'a [Message],
    /// The form that the answer must have, for judges.
    pub schema: Option<&'a AnswerSchema>,
}

/// A JSON schema that an answer must follow: objects with all fields required and no others, as every provider takes it.
#[derive(Debug, Clone, PartialEq)]
pub struct AnswerSchema {
    /// Letters, digits and underscores.
    pub name: String,
    /// The schema.
    pub schema: serde_json::Value,
}

/// The call that puts a question.
pub fn request(ask: &Ask<'_>) -> HttpRequest {
    openai_chat::request(ask)
}

/// Reads what came back whole, whatever its status.
pub fn read(protocol: Protocol, reply: &HttpReply) -> Result<Completion, Failure> {
    let _ = protocol;
    openai_chat::read(reply)
}

/// The call that lists the provider's models, where it has one.
pub fn models_request(endpoint: &Endpoint) -> Option<HttpRequest> {
    Some(openai_chat::models_request(&endpoint.base_url))
}

/// The ids in a list of models, sorted.
pub fn read_models(protocol: Protocol, reply: &HttpReply) -> Result<Vec<String>, Failure> {
    let _ = protocol;
    openai_chat::read_models(reply)
}

/// Reads an answer that comes in pieces.
#[derive(Debug)]
pub struct StreamReader {
    protocol: Protocol,
    received: Vec<u8>,
    text: String,
    reasoning: String,
}

impl StreamReader {
    /// A reader that has seen nothing yet.
    pub fn new(protocol: Protocol) -> Self {
        Self { protocol, received: vec![], text: String::new(), reasoning: String::new() }
    }

    /// Takes the next bytes, cut wherever the network cut them. An error inside the stream ends it.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.received.extend_from_slice(bytes);
        Ok(())
    }

    /// The answer as far as it has come.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The thinking as far as it has come.
    pub fn reasoning(&self) -> &str {
        &self.reasoning
    }

    /// The whole answer. A stream that ended before its end is [`Failure::Malformed`]: a broken answer is never scored.
    pub fn finish(self) -> Result<Completion, Failure> {
        read(self.protocol, &HttpReply { status: 200, retry_after: None, body: self.received })
    }
}
