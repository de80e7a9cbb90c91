//! Owns an answer in the making, and how each fault spoils it.

use std::time::Duration;

use hyper::body::Bytes;
use hyper::header::{CONTENT_LENGTH, HeaderMap, HeaderValue, RETRY_AFTER};
use serde_json::Value;

use super::cors;
use super::dialect::{Dialect, Stream};
use super::fault::{Fault, Wait};
use super::ledger::Usage;
use super::profile::Profile;
use super::script::Ending;
use super::trouble::{Trouble, plain_ollama};
use crate::http::{Broken, Part, Wire};

/// An answer in the making.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) content_type: &'static str,
    pub(super) body: Content,
    pub(super) headers: HeaderMap,
    /// How it ends; none for what is no whole answer.
    pub(super) ending: Option<Ending>,
    /// The tokens that it counts; none for what is no whole answer.
    pub(super) usage: Option<Usage>,
    /// What is to spoil it before it is sent.
    pub(super) fault: Option<Fault>,
    /// Whether pages of other origins are kept from reading it.
    pub(super) hidden: bool,
    /// What it is written in.
    pub(super) dialect: Dialect,
}

/// A body in the making.
#[derive(Debug)]
pub(super) enum Content {
    /// In one piece.
    Whole(Bytes),
    /// In pieces that come one after the other, and how it goes on after them.
    Events(Stream, Option<After>),
}

/// What follows a part of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum After {
    /// A body is cut off in the middle of its length.
    Break,
    /// Nothing comes any more.
    Hang,
}

/// So many pieces at most are sent by themselves.
const MOST_PIECES: usize = 6;

impl Answer {
    pub(super) fn of(status: u16, content_type: &'static str, body: impl Into<Bytes>) -> Self {
        Self {
            status,
            content_type,
            body: Content::Whole(body.into()),
            headers: HeaderMap::new(),
            ending: None,
            usage: None,
            fault: None,
            hidden: false,
            dialect: Dialect::Chat,
        }
    }

    pub(super) fn json(status: u16, body: &Value) -> Self {
        Self::of(status, "application/json", body.to_string())
    }

    pub(super) fn stream(stream: Stream) -> Self {
        let mut answer = Self::of(200, stream.content_type, "");
        answer.body = Content::Events(stream, None);
        answer
    }

    /// An error as this provider words it.
    pub(super) fn trouble(profile: &Profile, dialect: Dialect, trouble: &Trouble) -> Self {
        let (status, body) = trouble.told(profile);
        match dialect {
            Dialect::Ollama => Self::json(status, &plain_ollama(&body)),
            _ => Self::json(status, &body),
        }
    }

    /// 429, with what it says about the wait.
    pub(super) fn rate_limited(profile: &Profile, dialect: Dialect, wait: Wait) -> Self {
        let told = match wait {
            Wait::InBody(length) => Some(length),
            Wait::HiddenHeader(_) | Wait::ExposedHeader(_) | Wait::Unsaid => None,
        };
        let mut answer = Self::trouble(profile, dialect, &Trouble::RateLimited(told));
        if let Wait::HiddenHeader(length) | Wait::ExposedHeader(length) = wait {
            let seconds = length.as_secs() + u64::from(length.subsec_nanos() > 0);
            answer.headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        if let Wait::ExposedHeader(_) = wait {
            cors::expose(&mut answer.headers, "Retry-After");
        }
        answer
    }

    /// What becomes of the answer with this fault. The connection is broken without an answer, or nothing ever comes,
    /// where the fault is that.
    pub(super) async fn spoiled(
        self,
        profile: &Profile,
        fault: Fault,
        wire: Option<&Wire>,
    ) -> Result<Self, Broken> {
        let reset = || {
            if let Some(wire) = wire {
                wire.reset_at_end();
            }
        };
        let dialect = self.dialect;
        let trouble = |trouble: &Trouble| Self::trouble(profile, dialect, trouble);
        Ok(match fault {
            Fault::Hidden(inner) => {
                let spoiled = Box::pin(self.spoiled(profile, *inner, wire)).await?;
                Self { hidden: true, ..spoiled }
            }
            Fault::Says(status, body) => Self::of(status, "application/json", body),
            Fault::RateLimited(wait) => Self::rate_limited(profile, dialect, wait),
            Fault::InsufficientQuota => trouble(&Trouble::NoCredit),
            Fault::TooLong => trouble(&Trouble::TooLong),
            Fault::Status(status) => Self::status(profile, dialect, status),
            Fault::ResetBefore => {
                reset();
                return Err(Broken);
            }
            Fault::ResetMidBody => {
                reset();
                self.half(Some(After::Break))
            }
            Fault::Stall => std::future::pending().await,
            Fault::StallMidBody => self.half(Some(After::Hang)),
            Fault::TruncatedBody => self.half(None),
            Fault::WithoutEnd => match self.body {
                Content::Whole(_) => self.half(None),
                Content::Events(mut stream, _) => {
                    stream.events.truncate(stream.events.len() - stream.n_closing);
                    Self {
                        body: Content::Events(stream, None),
                        ..Self::of(200, self.content_type, "")
                    }
                }
            },
            Fault::MalformedJson => {
                let broken = r#"{"id": "chatcmpl-1", "choices": [{"index": 0, }]"#;
                self.replaced(broken, |stream| {
                    let middle = stream.events.len() / 2;
                    stream.events[middle] = dialect.event("content_block_delta", broken);
                })
            }
            Fault::EmptyBody => self.replaced("", |stream| stream.events.clear()),
            Fault::ErrorIn200 => self.replaced(&dialect.error_in_200().to_string(), |stream| {
                stream.events.truncate(stream.events.len() / 2);
                stream.events.push(dialect.error_event());
            }),
            Fault::WrongContentType => {
                let page = "<!doctype html><title>Log in</title><p>Log in to use this network.";
                Self::of(200, "text/html", page)
            }
            Fault::NoChoices => {
                let hollow = dialect.hollow().to_string();
                self.replaced(&hollow, |stream| {
                    let end = stream.events.pop();
                    stream.events = vec![dialect.event("message", &hollow)];
                    stream.events.extend(end.filter(|_| dialect == Dialect::Chat));
                })
            }
            Fault::NullContent => {
                let body = serde_json::from_slice(&self.text()).unwrap_or_default();
                let null = dialect.with_null(body).to_string();
                self.replaced(&null, |stream| {
                    // The text's events go, those before and after stay.
                    let n_kept = stream.n_closing;
                    let closing = stream.events.split_off(stream.events.len() - n_kept);
                    stream.events.truncate(1);
                    stream.events.extend(closing);
                })
            }
            Fault::Delay(length) => {
                tokio::time::sleep(length).await;
                self
            }
        })
    }

    fn status(profile: &Profile, dialect: Dialect, status: u16) -> Self {
        if matches!(status, 502 | 504 | 520..=528 | 530..) {
            let page = format!(
                "<html><head><title>{status}</title></head><body><h1>{status}</h1></body></html>"
            );
            return Self::of(status, "text/html", page);
        }
        Self::trouble(profile, dialect, &Trouble::Server(status))
    }

    /// Another body of the same kind: this text, or the stream after this change.
    fn replaced(self, whole: &str, change: impl FnOnce(&mut Stream)) -> Self {
        let mut answer = Self::of(200, self.content_type, "");
        answer.body = match self.body {
            Content::Whole(_) => Content::Whole(Bytes::copy_from_slice(whole.as_bytes())),
            Content::Events(mut stream, _) => {
                change(&mut stream);
                Content::Events(stream, None)
            }
        };
        answer
    }

    /// Half of the answer. Where it does not just end there, a whole answer is sent under the length of the whole, so that
    /// the page sees one that stopped and not one that ended.
    fn half(self, after: Option<After>) -> Self {
        let text = self.text();
        let mut answer = Self::of(200, self.content_type, "");
        answer.headers = self.headers;
        answer.body = match self.body {
            Content::Events(mut stream, _) => {
                stream.events.truncate(stream.events.len() / 2);
                Content::Events(stream, after)
            }
            Content::Whole(_) => {
                if after.is_some() {
                    answer.headers.insert(CONTENT_LENGTH, HeaderValue::from(text.len()));
                }
                let events = vec![Bytes::copy_from_slice(&text[..text.len() / 2])];
                Content::Events(
                    Stream { content_type: self.content_type, events, n_closing: 0 },
                    after,
                )
            }
        };
        answer
    }

    fn text(&self) -> Vec<u8> {
        match &self.body {
            Content::Whole(bytes) => bytes.to_vec(),
            Content::Events(stream, _) => stream.events.concat(),
        }
    }
}

impl Content {
    /// The parts in which it is sent.
    pub(super) fn parts(self, pause: Duration) -> Vec<Part> {
        match self {
            Self::Whole(bytes) if bytes.is_empty() => Vec::new(),
            Self::Whole(bytes) => vec![Part::Bytes(bytes)],
            Self::Events(stream, after) => {
                let mut parts = Vec::new();
                for piece in cut(&Bytes::from(stream.events.concat())) {
                    if !parts.is_empty() {
                        parts.push(Part::Pause(pause));
                    }
                    parts.push(Part::Bytes(piece));
                }
                let end = after.map(|after| match after {
                    After::Break => Part::Break,
                    After::Hang => Part::Hang,
                });
                if let Some(end) = end {
                    parts.extend([Part::Pause(Duration::from_millis(20)), end]);
                }
                parts
            }
        }
    }
}

/// Cuts a stream without regard to its events, as networks do, and where it can within a character.
fn cut(bytes: &Bytes) -> Vec<Bytes> {
    let mut cuts: Vec<usize> = (1..MOST_PIECES).map(|n| bytes.len() * n / MOST_PIECES).collect();
    cuts.extend(bytes.iter().position(|byte| byte & 0b1100_0000 == 0b1000_0000));
    cuts.push(bytes.len());
    cuts.sort_unstable();
    cuts.dedup();
    let starts = std::iter::once(0).chain(cuts.iter().copied());
    let pieces = starts.zip(&cuts).map(|(from, &to)| bytes.slice(from..to));
    pieces.filter(|piece| !piece.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_is_cut_within_a_character_and_loses_nothing() {
        let bytes = Bytes::from("data: naïve answers, and more of them after that\n\n");
        let pieces = cut(&bytes);
        assert_eq!(pieces.concat(), bytes);
        assert!(pieces.iter().any(|piece| std::str::from_utf8(piece).is_err()));
        assert!(cut(&Bytes::new()).is_empty());
        assert_eq!(cut(&Bytes::from("x")).concat(), b"x"[..]);
    }
}
