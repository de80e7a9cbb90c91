//! Owns the one face of all wire protocols: a question out, an answer in, whole or in pieces.

use super::growing::Growing;
use super::http::{HttpReply, HttpRequest};
use super::model::{Endpoint, Protocol};
use super::reply::{Completion, Failure};
use super::sse::{self, Event};
use super::{
    anthropic, azure, cohere, field, gemini, lines, mistral, ollama, openai_chat, openai_responses,
};
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

/// The call that puts a question, with the settings as they stand in the endpoint.
pub fn request(ask: &Ask<'_>) -> HttpRequest {
    match ask.endpoint.protocol {
        Protocol::OpenAiChat => openai_chat::request(ask),
        Protocol::OpenAiResponses => openai_responses::request(ask),
        Protocol::Anthropic => anthropic::request(ask),
        Protocol::Gemini => gemini::request(ask),
        Protocol::Mistral => mistral::request(ask),
        Protocol::Cohere => cohere::request(ask),
        Protocol::Ollama => ollama::request(ask),
        Protocol::AzureOpenAi => azure::request(ask),
    }
}

/// Reads what came back whole, whatever its status. An error that came in place of a stream is read here too: it comes
/// whole.
pub fn read(protocol: Protocol, reply: &HttpReply) -> Result<Completion, Failure> {
    match protocol {
        Protocol::OpenAiChat | Protocol::Mistral | Protocol::AzureOpenAi => {
            openai_chat::read(reply)
        }
        Protocol::OpenAiResponses => openai_responses::read(reply),
        Protocol::Anthropic => anthropic::read(reply),
        Protocol::Gemini => gemini::read(reply),
        Protocol::Cohere => cohere::read(reply),
        Protocol::Ollama => ollama::read(reply),
    }
}

/// The call that lists the provider's models, where it has one. Azure lists what could be deployed and not what is.
pub fn models_request(endpoint: &Endpoint) -> Option<HttpRequest> {
    match endpoint.protocol {
        Protocol::OpenAiChat | Protocol::OpenAiResponses => openai_chat::models_request(endpoint),
        Protocol::Anthropic => Some(anthropic::models_request(endpoint)),
        Protocol::Gemini => Some(gemini::models_request(endpoint)),
        Protocol::Mistral => Some(mistral::models_request(endpoint)),
        Protocol::Cohere => Some(cohere::models_request(endpoint)),
        Protocol::Ollama => Some(ollama::models_request(endpoint)),
        Protocol::AzureOpenAi => None,
    }
}

/// The ids in a list of models, sorted.
pub fn read_models(protocol: Protocol, reply: &HttpReply) -> Result<Vec<String>, Failure> {
    match protocol {
        Protocol::OpenAiChat | Protocol::OpenAiResponses | Protocol::AzureOpenAi => {
            openai_chat::read_models(reply)
        }
        Protocol::Anthropic => anthropic::read_models(reply),
        Protocol::Gemini => gemini::read_models(reply),
        Protocol::Mistral => mistral::read_models(reply),
        Protocol::Cohere => cohere::read_models(reply),
        Protocol::Ollama => ollama::read_models(reply),
    }
}

/// Longest stream that is read, in bytes. No answer is near it; a server that never stops is.
const MAX_STREAM_BYTES: usize = 64 << 20;

/// Reads an answer that comes in pieces. For a reply of success only: an error comes whole, for [`read`].
#[derive(Debug)]
pub struct StreamReader {
    protocol: Protocol,
    decoder: Decoder,
    growing: Growing,
    /// What came before the first event. A server that does not stream sends its answer whole.
    before_events: Vec<u8>,
    has_events: bool,
    n_bytes: usize,
    /// What ended the stream before its end.
    failure: Option<Failure>,
}

#[derive(Debug)]
enum Decoder {
    Events(sse::Decoder),
    Lines(lines::Decoder),
}

impl StreamReader {
    /// A reader that has seen nothing yet.
    pub fn new(protocol: Protocol) -> Self {
        let decoder = match protocol {
            Protocol::Ollama => Decoder::Lines(lines::Decoder::default()),
            Protocol::OpenAiChat
            | Protocol::OpenAiResponses
            | Protocol::Anthropic
            | Protocol::Gemini
            | Protocol::Mistral
            | Protocol::Cohere
            | Protocol::AzureOpenAi => Decoder::Events(sse::Decoder::default()),
        };
        Self {
            protocol,
            decoder,
            growing: Growing::default(),
            before_events: vec![],
            has_events: false,
            n_bytes: 0,
            failure: None,
        }
    }

    /// Takes the next bytes, cut wherever the network cut them. An error inside the stream ends it: it is given now, at
    /// every later piece and at the end.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        if let Some(failure) = &self.failure {
            return Err(failure.clone());
        }
        self.n_bytes = self.n_bytes.saturating_add(bytes.len());
        if self.n_bytes > MAX_STREAM_BYTES {
            return self.fail(field::malformed("the answer does not end"));
        }
        if !self.has_events {
            self.before_events.extend_from_slice(bytes);
        }
        let events = match &mut self.decoder {
            Decoder::Events(decoder) => decoder.push(bytes),
            Decoder::Lines(decoder) => decoder.push(bytes).into_iter().map(as_event).collect(),
        };
        for event in events {
            self.take(&event)?;
        }
        Ok(())
    }

    fn take(&mut self, event: &Event) -> Result<(), Failure> {
        self.has_events = true;
        self.before_events = vec![];
        let growing = &mut self.growing;
        let taken = match self.protocol {
            Protocol::OpenAiChat | Protocol::Mistral | Protocol::AzureOpenAi => {
                openai_chat::take(growing, &event.data)
            }
            Protocol::OpenAiResponses => openai_responses::take(growing, event),
            Protocol::Anthropic => anthropic::take(growing, event),
            Protocol::Gemini => gemini::take(growing, &event.data),
            Protocol::Cohere => cohere::take(growing, event),
            Protocol::Ollama => ollama::take(growing, &event.data),
        };
        taken.or_else(|failure| self.fail(failure))
    }

    fn fail(&mut self, failure: Failure) -> Result<(), Failure> {
        self.failure = Some(failure.clone());
        Err(failure)
    }

    /// The answer as far as it has come.
    pub fn text(&self) -> &str {
        &self.growing.text
    }

    /// The thinking as far as it has come.
    pub fn reasoning(&self) -> &str {
        &self.growing.reasoning
    }

    /// The whole answer. A stream that ended before its end is [`Failure::Malformed`]: a broken answer is never scored.
    pub fn finish(mut self) -> Result<Completion, Failure> {
        if self.failure.is_none() {
            let last = match &mut self.decoder {
                Decoder::Events(decoder) => decoder.finish(),
                Decoder::Lines(decoder) => decoder.finish().map(as_event),
            };
            if let Some(event) = last {
                // What it says is kept as the reader's failure.
                let _ = self.take(&event);
            }
        }
        if let Some(failure) = self.failure {
            return Err(failure);
        }
        let begins_as_json =
            self.before_events.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{');
        if begins_as_json {
            let reply = HttpReply { status: 200, retry_after: None, body: self.before_events };
            return read(self.protocol, &reply);
        }
        self.growing.complete()
    }
}

fn as_event(line: String) -> Event {
    Event { name: String::new(), data: line }
}

#[cfg(test)]
mod tests;
