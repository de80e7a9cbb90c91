//! Owns the one face of all wire protocols that the provider speaks: a question read, an answer written whole or in pieces.

mod anthropic;
mod chat;
mod cohere;
mod gemini;
mod ollama;
mod responses;

use hyper::body::Bytes;
use serde_json::{Value, json};

use super::ledger::Usage;
use super::profile::Profile;
use super::script::Ending;

/// A wire protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    /// OpenAI's Chat Completions, with what others made of it.
    Chat,
    /// OpenAI's Responses.
    Responses,
    /// Anthropic's Messages.
    Anthropic,
    /// Google's `generateContent`.
    Gemini,
    /// Cohere's v2 chat.
    Cohere,
    /// Ollama's `/api/chat`.
    Ollama,
}

/// A question as it was put.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Asked {
    /// The last thing that the user said.
    pub(super) prompt: String,
    /// Everything that was said, in characters.
    pub(super) n_chars: usize,
    /// Whether the answer is to come in pieces.
    pub(super) is_streamed: bool,
}

/// An answer before it is put into a protocol's words.
#[derive(Debug)]
pub(super) struct Reply<'a> {
    pub(super) profile: &'a Profile,
    /// The request's body, for what it asks to see.
    pub(super) request: &'a Value,
    pub(super) model: &'a str,
    /// Tells answers apart.
    pub(super) idx: usize,
    pub(super) text: &'a str,
    /// What the model thought before, where it shows it.
    pub(super) reasoning: Option<&'a str>,
    pub(super) ending: Ending,
    /// Whether a refusal is marked as one instead of being said.
    pub(super) is_marked: bool,
    pub(super) usage: Usage,
}

impl Reply<'_> {
    /// One of three ways to end: by itself, cut off, filtered.
    fn finish<'b>(&self, whole: &'b str, cut: &'b str, filtered: &'b str) -> &'b str {
        match self.ending {
            Ending::Truncated => cut,
            Ending::Filtered => filtered,
            _ => whole,
        }
    }
}

/// An answer in pieces.
#[derive(Debug)]
pub(super) struct Stream {
    pub(super) content_type: &'static str,
    pub(super) events: Vec<Bytes>,
    /// How many of the last events say that the answer is complete.
    pub(super) n_closing: usize,
}

impl Stream {
    fn sse(events: Vec<Bytes>, n_closing: usize) -> Self {
        Self { content_type: "text/event-stream", events, n_closing }
    }
}

impl Dialect {
    /// What a request asks; `streams` is what its address says about that.
    pub(super) fn read(self, body: &Value, streams: Option<bool>) -> Asked {
        let default = self == Self::Ollama;
        let is_streamed = streams.unwrap_or_else(|| body["stream"].as_bool().unwrap_or(default));
        let mut said = match self {
            Self::Chat | Self::Cohere | Self::Ollama | Self::Anthropic => turns(&body["messages"]),
            Self::Responses => match &body["input"] {
                Value::String(text) => vec![(true, text.clone())],
                input => turns(input),
            },
            Self::Gemini => turns(&body["contents"]),
        };
        said.extend(match self {
            Self::Responses => Some((false, text_of(&body["instructions"]))),
            Self::Anthropic => Some((false, text_of(&body["system"]))),
            Self::Gemini => Some((false, text_of(&body["systemInstruction"]["parts"]))),
            Self::Chat | Self::Cohere | Self::Ollama => None,
        });
        let n_chars = said.iter().map(|(_, text)| text.chars().count()).sum();
        let last = said.into_iter().rev().find(|(by_user, _)| *by_user);
        Asked { prompt: last.map(|(_, text)| text).unwrap_or_default(), n_chars, is_streamed }
    }

    /// The answer in one piece.
    pub(super) fn whole(self, reply: &Reply<'_>) -> Value {
        match self {
            Self::Chat => chat::whole(reply),
            Self::Responses => responses::whole(reply),
            Self::Anthropic => anthropic::whole(reply),
            Self::Gemini => gemini::whole(reply),
            Self::Cohere => cohere::whole(reply),
            Self::Ollama => ollama::whole(reply),
        }
    }

    /// The same answer in pieces.
    pub(super) fn stream(self, reply: &Reply<'_>) -> Stream {
        match self {
            Self::Chat => chat::stream(reply),
            Self::Responses => responses::stream(reply),
            Self::Anthropic => anthropic::stream(reply),
            Self::Gemini => gemini::stream(reply),
            Self::Cohere => cohere::stream(reply),
            Self::Ollama => ollama::stream(reply),
        }
    }

    /// A well-formed answer with nothing in it.
    pub(super) fn hollow(self) -> Value {
        match self {
            Self::Chat => json!({"id": "chatcmpl-0", "object": "chat.completion", "choices": []}),
            Self::Responses => {
                json!({"id": "resp_0", "object": "response", "status": "completed", "output": []})
            }
            Self::Anthropic => {
                json!({"id": "msg_0", "type": "message", "role": "assistant", "content": [], "stop_reason": null})
            }
            Self::Gemini => json!({"usageMetadata": {"promptTokenCount": 1, "totalTokenCount": 1}}),
            Self::Cohere => json!({"id": "0", "message": {"role": "assistant"}}),
            Self::Ollama => json!({"model": "m", "done": true}),
        }
    }

    /// The whole answer with `null` in the place of its text.
    pub(super) fn with_null(self, mut body: Value) -> Value {
        let text = match self {
            Self::Chat => &mut body["choices"][0]["message"]["content"],
            Self::Responses => &mut body["output"],
            Self::Anthropic => &mut body["content"],
            Self::Gemini => &mut body["candidates"][0]["content"]["parts"],
            Self::Cohere | Self::Ollama => &mut body["message"]["content"],
        };
        *text = Value::Null;
        body
    }

    /// A line of a stream with this JSON, or what should be JSON.
    pub(super) fn event(self, name: &str, data: &str) -> Bytes {
        Bytes::from(match self {
            Self::Chat | Self::Gemini => format!("data: {data}\n\n"),
            Self::Responses | Self::Anthropic | Self::Cohere => {
                format!("event: {name}\ndata: {data}\n\n")
            }
            Self::Ollama => format!("{data}\n"),
        })
    }

    /// An error that comes when the answer had begun.
    pub(super) fn error_event(self) -> Bytes {
        let name = if self == Self::Cohere { "message-end" } else { "error" };
        self.event(name, &self.late_error().to_string())
    }

    fn late_error(self) -> Value {
        let message = "Provider returned error";
        match self {
            Self::Chat => json!({
                "id": "chatcmpl-0", "object": "chat.completion.chunk",
                "error": {"code": 502, "message": message, "metadata": {"provider_name": "Test"}},
                "choices": [{"index": 0, "delta": {"content": ""}, "finish_reason": "error"}],
            }),
            Self::Responses => {
                json!({"type": "error", "code": "server_error", "message": message, "param": null})
            }
            Self::Anthropic => {
                json!({"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}})
            }
            Self::Gemini => {
                json!({"error": {"code": 503, "message": "The model is overloaded. Please try again later.", "status": "UNAVAILABLE"}})
            }
            Self::Cohere => {
                json!({"type": "message-end", "delta": {"finish_reason": "ERROR", "error": message}})
            }
            Self::Ollama => json!({"error": "an error was encountered while running the model"}),
        }
    }

    /// An error in the place of a whole answer, under a status of success.
    pub(super) fn error_in_200(self) -> Value {
        match self {
            Self::Chat => json!({"error": {
                "code": 502, "message": "Provider returned error", "metadata": {"provider_name": "Test"},
            }}),
            Self::Responses => json!({
                "id": "resp_0", "object": "response", "status": "failed", "output": [],
                "error": {"code": "server_error", "message": "The model failed to generate a response."},
            }),
            Self::Anthropic | Self::Gemini | Self::Cohere | Self::Ollama => self.late_error(),
        }
    }

    /// The list of models.
    pub(super) fn models(self, profile: &Profile, ids: &[&str]) -> Value {
        match self {
            Self::Chat | Self::Responses => chat::models(profile, ids),
            Self::Anthropic => anthropic::models(ids),
            Self::Gemini => gemini::models(ids),
            Self::Cohere => cohere::models(ids),
            Self::Ollama => ollama::models(ids),
        }
    }
}

/// Who said what; true for the user.
fn turns(list: &Value) -> Vec<(bool, String)> {
    let turns = list.as_array().into_iter().flatten();
    turns
        .map(|turn| {
            let content = if turn["parts"].is_null() { &turn["content"] } else { &turn["parts"] };
            // Gemini takes a turn without a role for the user's.
            (turn["role"] == "user" || turn["role"].is_null(), text_of(content))
        })
        .collect()
}

/// The text of content that is a text or a list of parts.
fn text_of(content: &Value) -> String {
    match content {
        Value::String(text) => text.clone(),
        Value::Array(parts) => {
            parts.iter().filter_map(|part| part["text"].as_str()).collect::<Vec<_>>().join("\n")
        }
        _ => String::new(),
    }
}

/// A text in at most sixteen pieces, cut after spaces. The empty text has none.
fn pieces(text: &str) -> Vec<&str> {
    let words: Vec<&str> = text.split_inclusive(' ').collect();
    let size = words.len().div_ceil(16).max(1);
    let mut pieces = Vec::new();
    let mut rest = text;
    for group in words.chunks(size) {
        let (piece, after) = rest.split_at(group.iter().map(|word| word.len()).sum());
        pieces.push(piece);
        rest = after;
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply<'a>(profile: &'a Profile, request: &'a Value) -> Reply<'a> {
        Reply {
            profile,
            request,
            model: "m",
            idx: 1,
            text: "The naïve answer is B.",
            reasoning: Some("Let me see."),
            ending: Ending::Correct,
            is_marked: false,
            usage: Usage { input: 10, output: 9, reasoning: 3 },
        }
    }

    /// The text in a stream's events, wherever the protocol puts it.
    fn streamed(dialect: Dialect, events: &[Bytes]) -> String {
        let mut text = String::new();
        for event in events {
            for line in std::str::from_utf8(event).unwrap().lines() {
                let data = line.strip_prefix("data: ").unwrap_or(line);
                let Ok(data) = serde_json::from_str::<Value>(data) else { continue };
                let piece = match dialect {
                    Dialect::Chat => &data["choices"][0]["delta"]["content"],
                    Dialect::Responses if data["type"] == "response.output_text.delta" => {
                        &data["delta"]
                    }
                    Dialect::Responses => &Value::Null,
                    Dialect::Anthropic => &data["delta"]["text"],
                    Dialect::Gemini => {
                        let part = &data["candidates"][0]["content"]["parts"][0];
                        if part["thought"] == true { &Value::Null } else { &part["text"] }
                    }
                    Dialect::Cohere => &data["delta"]["message"]["content"]["text"],
                    Dialect::Ollama => &data["message"]["content"],
                };
                text.push_str(piece.as_str().unwrap_or_default());
            }
        }
        text
    }

    #[test]
    fn a_stream_says_the_same_as_the_whole() {
        let request = json!({});
        for (dialect, profile) in [
            (Dialect::Chat, Profile::Reflective),
            (Dialect::Chat, Profile::Groq),
            (Dialect::Chat, Profile::AllowList),
            (Dialect::Responses, Profile::Reflective),
            (Dialect::Anthropic, Profile::Anthropic { allows_pages: true }),
            (Dialect::Gemini, Profile::Gemini),
            (Dialect::Cohere, Profile::Cohere),
            (Dialect::Ollama, Profile::Ollama(vec![])),
        ] {
            let stream = dialect.stream(&reply(&profile, &request));
            assert_eq!(streamed(dialect, &stream.events), "The naïve answer is B.", "{dialect:?}");
            assert!(0 < stream.n_closing && stream.n_closing < stream.events.len());
            let whole = dialect.whole(&reply(&profile, &request)).to_string();
            assert!(whole.contains("The naïve answer is B."), "{whole}");
        }
    }

    #[test]
    fn a_text_is_cut_into_pieces_that_make_it_up() {
        for text in ["", "one", "one two ", "a  b", &"word ".repeat(100)] {
            assert_eq!(pieces(text).concat(), text);
            assert!(pieces(text).len() <= 16);
        }
    }

    #[test]
    fn questions_are_read_from_every_protocol() {
        let cases = [
            (
                Dialect::Chat,
                json!({"messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Which?"}]}),
            ),
            (Dialect::Responses, json!({"instructions": "Be brief.", "input": "Which?"})),
            (
                Dialect::Responses,
                json!({"instructions": "Be brief.", "input": [{"role": "user", "content": [{"type": "input_text", "text": "Which?"}]}]}),
            ),
            (
                Dialect::Anthropic,
                json!({"system": "Be brief.", "messages": [{"role": "user", "content": "Which?"}]}),
            ),
            (
                Dialect::Gemini,
                json!({"systemInstruction": {"parts": [{"text": "Be brief."}]}, "contents": [{"role": "user", "parts": [{"text": "Which?"}]}]}),
            ),
        ];
        for (dialect, body) in cases {
            let asked = dialect.read(&body, None);
            assert_eq!((asked.prompt.as_str(), asked.n_chars), ("Which?", 15), "{body}");
        }
    }
}
