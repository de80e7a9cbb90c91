//! Owns batch APIs: many questions handed in at once, answered within a day and mostly for half the price. Which provider has
//! one, what it may hold, and how far one has come; calls and files are in the modules below.

pub mod creation;
pub mod fetch;
pub mod file;
mod lines;
mod results;
mod status;

use std::collections::BTreeSet;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::error_body;
use super::http::{self, Auth, HttpReply, HttpRequest, Method};
use super::model::{Endpoint, Protocol};
use super::reply::{Completion, Failure};
use super::wire::AnswerSchema;
use crate::prompt::Message;

/// A provider's batch API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Service {
    /// A file of Chat Completions, then a batch of it.
    OpenAiChat,
    /// A file of Responses, then a batch of it.
    OpenAiResponses,
    /// All questions in one call.
    Gemini,
    /// All questions in one call.
    Mistral,
    /// By file only.
    Anthropic,
}

/// Whether an endpoint has a batch API, and what of it a page can use. The words are for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The page itself can hand in and collect. No provider confirms that its batch API answers pages; where it does not,
    /// the first call fails and the file is the way.
    FromThePage(Service),
    /// Another server with OpenAI's protocol: it may have OpenAI's batch API or none.
    Untold(Service),
    /// A file to hand in by other means, and its results to import.
    ByFile(Service, &'static str),
    /// None.
    NotOffered(&'static str),
}

impl Standing {
    /// Of an endpoint.
    pub fn of(endpoint: &Endpoint) -> Self {
        let host = http::origin(&endpoint.base_url).unwrap_or_default();
        match endpoint.protocol {
            Protocol::OpenAiChat if host == "https://openrouter.ai" => Self::NotOffered(
                "OpenRouter's batch API has a form of its own, which this page does not write.",
            ),
            Protocol::OpenAiChat if host == "https://api.openai.com" => {
                Self::FromThePage(Service::OpenAiChat)
            }
            Protocol::OpenAiChat => Self::Untold(Service::OpenAiChat),
            Protocol::OpenAiResponses if host == "https://api.openai.com" => {
                Self::FromThePage(Service::OpenAiResponses)
            }
            Protocol::OpenAiResponses => Self::Untold(Service::OpenAiResponses),
            Protocol::Gemini => Self::FromThePage(Service::Gemini),
            Protocol::Mistral => Self::FromThePage(Service::Mistral),
            Protocol::Anthropic => Self::ByFile(
                Service::Anthropic,
                "Anthropic's batch API does not answer web pages. Save the batch file, hand it in from a terminal, and \
                 import the file of results here.",
            ),
            Protocol::AzureOpenAi => Self::NotOffered(
                "Azure runs batches only on deployments of a kind of their own, which a page cannot tell apart.",
            ),
            Protocol::Cohere => Self::NotOffered("No batch API for chat is known of Cohere."),
            Protocol::Ollama => {
                Self::NotOffered("Ollama has no batch API; on this machine it would save nothing.")
            }
        }
    }

    /// What there is to say about it, for people.
    pub fn note(self) -> &'static str {
        match self {
            Self::FromThePage(_) => {
                "This page can hand the questions in and collect the answers. Whether the provider lets a web page do so is \
                 not confirmed: if the first call fails, save the batch file and hand it in from a terminal."
            }
            Self::Untold(_) => {
                "This server speaks OpenAI's protocol. Whether it has OpenAI's batch API as well, the first call will tell."
            }
            Self::ByFile(_, reason) | Self::NotOffered(reason) => reason,
        }
    }

    /// The service, if a file can be written for it.
    pub fn service(self) -> Option<Service> {
        match self {
            Self::FromThePage(service) | Self::Untold(service) | Self::ByFile(service, _) => {
                Some(service)
            }
            Self::NotOffered(_) => None,
        }
    }

    /// The service, if the page may try it itself.
    pub fn from_the_page(self) -> Option<Service> {
        match self {
            Self::FromThePage(service) | Self::Untold(service) => Some(service),
            Self::ByFile(..) | Self::NotOffered(_) => None,
        }
    }
}

/// What one batch may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Questions.
    pub n_items: usize,
    /// Bytes of all questions as sent.
    pub n_bytes: usize,
}

impl Service {
    /// What one batch handed in by the page may hold: the provider's limit, with room for what surrounds the questions.
    /// OpenAI 50,000 and 200 MB, Gemini 20 MB in one call, Mistral fewer than 10,000 in one call, Anthropic 100,000 and
    /// 256 MB. A page cannot hold the largest of them twice in memory, so none is above 50 MB.
    pub fn limits(self) -> Limits {
        match self {
            Self::OpenAiChat | Self::OpenAiResponses => {
                Limits { n_items: 50_000, n_bytes: 50_000_000 }
            }
            Self::Gemini => Limits { n_items: 50_000, n_bytes: 19_000_000 },
            Self::Mistral => Limits { n_items: 9_999, n_bytes: 50_000_000 },
            Self::Anthropic => Limits { n_items: 100_000, n_bytes: 50_000_000 },
        }
    }

    /// How a reply of one of its questions is read.
    pub fn protocol(self) -> Protocol {
        match self {
            Self::OpenAiChat => Protocol::OpenAiChat,
            Self::OpenAiResponses => Protocol::OpenAiResponses,
            Self::Gemini => Protocol::Gemini,
            Self::Mistral => Protocol::Mistral,
            Self::Anthropic => Protocol::Anthropic,
        }
    }

    fn auth(self) -> Auth {
        match self {
            Self::OpenAiChat | Self::OpenAiResponses | Self::Mistral => Auth::Bearer,
            Self::Gemini => Auth::XGoogApiKey,
            Self::Anthropic => Auth::XApiKey,
        }
    }

    /// The path that a batch's questions go to, where it is named.
    fn path(self) -> &'static str {
        match self {
            Self::OpenAiChat | Self::Mistral => "/v1/chat/completions",
            Self::OpenAiResponses => "/v1/responses",
            Self::Gemini => ":generateContent",
            Self::Anthropic => "/v1/messages",
        }
    }
}

/// One question of a batch.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Item<'a> {
    /// By which its answer is known: answers come in any order. Letters, digits, `_` and `-`, at most 64.
    pub custom_id: &'a str,
    /// The conversation.
    pub messages: &'a [Message],
    /// The form that the answer must have.
    pub schema: Option<&'a AnswerSchema>,
}

/// A batch to be handed in: questions to one model.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Order<'a> {
    /// Known to the person's own records and written into the batch, so that it is found again if the reply that names it
    /// was lost. Letters, digits, `_` and `-`, at most 64; no two batches share one.
    pub name: &'a str,
    /// The model, with the settings that are sent.
    pub endpoint: &'a Endpoint,
    /// The questions.
    pub items: &'a [Item<'a>],
}

/// Why a batch cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OrderError {
    /// The endpoint has none.
    #[error("{reason}")]
    NotOffered {
        /// For people.
        reason: &'static str,
    },
    /// No question.
    #[error("There is no question to hand in.")]
    Empty,
    /// An id that a provider would refuse.
    #[error(
        "{id:?} cannot name a batch or a question in it: letters, digits, _ and - only, at most 64."
    )]
    BadId {
        /// As given.
        id: String,
    },
    /// Two questions with one id: their answers could not be told apart.
    #[error("{id:?} names two questions of one batch.")]
    SameId {
        /// As given.
        id: String,
    },
    /// More than one batch may hold. See [`split`].
    #[error(
        "The batch is too large: {n_items} questions with {n_bytes} bytes, where {} and {} are allowed.",
        limits.n_items,
        limits.n_bytes
    )]
    TooLarge {
        /// Questions.
        n_items: usize,
        /// Bytes.
        n_bytes: usize,
        /// What is allowed.
        limits: Limits,
    },
    /// The protocol gave no body for a question.
    #[error("Question {id:?} could not be written.")]
    Unwritable {
        /// Its id.
        id: String,
    },
}

/// How far a batch has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Taken, and not begun.
    Waiting,
    /// Under way.
    Running {
        /// Questions with an answer or an error, as far as it is told.
        n_done: u64,
        /// All, as far as it is told.
        n_total: u64,
    },
    /// Over, each question answered.
    Ended,
    /// Over, and some questions brought an error.
    PartlyEnded,
    /// Refused as a whole.
    Failed {
        /// As the provider says.
        reason: String,
    },
    /// Its time ran out. What was answered by then may be there.
    Expired,
    /// Stopped by someone. What was answered by then may be there.
    Cancelled,
}

impl State {
    /// Whether nothing more will come.
    pub fn is_over(&self) -> bool {
        match self {
            Self::Waiting | Self::Running { .. } => false,
            Self::Ended
            | Self::PartlyEnded
            | Self::Failed { .. }
            | Self::Expired
            | Self::Cancelled => true,
        }
    }
}

/// What came of one question.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The question's id.
    pub custom_id: String,
    /// Its answer, read as a live reply is, or why there is none.
    pub result: Result<Completion, Failure>,
}

/// A line of a file of results, or an entry of a list, that is not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadLine {
    /// Its line in the file or its place in the list, from 1.
    pub number: usize,
    /// What was wrong, for people.
    pub reason: String,
}

/// What was read of results. In no order: providers promise none.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Harvest {
    /// One for each question that came back.
    pub answers: Vec<Answer>,
    /// What could not be read. It is not a wrong answer but no answer.
    pub refused: Vec<BadLine>,
}

impl Harvest {
    /// Takes in what another file of the same batch brought. A question that came back twice counts once.
    fn add(&mut self, more: Self) {
        let seen: BTreeSet<String> =
            self.answers.iter().map(|answer| answer.custom_id.clone()).collect();
        self.answers
            .extend(more.answers.into_iter().filter(|answer| !seen.contains(&answer.custom_id)));
        self.refused.extend(more.refused);
    }
}

/// Cuts questions into parts that each fit into one batch, in order. The size of each is that of its line.
pub fn split(service: Service, order: &Order<'_>) -> Result<Vec<Range<usize>>, OrderError> {
    let limits = service.limits();
    let mut parts = vec![];
    let (mut start, mut n_bytes) = (0, 0);
    for (idx, line) in lines::write(service, order)?.iter().enumerate() {
        let size = line.len() + 2;
        if limits.n_bytes < size {
            return Err(OrderError::TooLarge { n_items: 1, n_bytes: size, limits });
        }
        if limits.n_items <= idx - start || limits.n_bytes < n_bytes + size {
            parts.push(start..idx);
            (start, n_bytes) = (idx, 0);
        }
        n_bytes += size;
    }
    parts.push(start..order.items.len());
    Ok(parts)
}

/// The call that stops a batch.
pub fn cancel_request(
    service: Service,
    endpoint: &Endpoint,
    remote_id: &str,
) -> Result<HttpRequest, Failure> {
    let url = match service {
        Service::Gemini => format!("{}:cancel", status::url(service, endpoint, remote_id)?),
        Service::OpenAiChat | Service::OpenAiResponses | Service::Mistral | Service::Anthropic => {
            let url = status::url(service, endpoint, remote_id)?;
            format!("{}/cancel", url.split('?').next().unwrap_or_default())
        }
    };
    Ok(HttpRequest { method: Method::Post, ..get(service, endpoint, url) })
}

/// A call without a body.
fn get(service: Service, endpoint: &Endpoint, url: String) -> HttpRequest {
    HttpRequest {
        method: Method::Get,
        url,
        headers: vec![],
        auth: service.auth(),
        secret_header: endpoint.extra_header.clone(),
        body: None,
    }
}

/// A call with a body.
fn post(
    service: Service,
    endpoint: &Endpoint,
    url: String,
    content_type: String,
    body: String,
) -> HttpRequest {
    HttpRequest {
        method: Method::Post,
        headers: vec![("Content-Type", content_type)],
        body: Some(body),
        ..get(service, endpoint, url)
    }
}

fn base(endpoint: &Endpoint) -> &str {
    endpoint.base_url.trim_end_matches('/')
}

/// The JSON of a reply with success; else what its error means.
fn json_of(reply: &HttpReply) -> Result<serde_json::Value, Failure> {
    serde_json::from_slice(error_body::success(reply)?)
        .map_err(|error| Failure::Malformed { message: format!("not the JSON expected: {error}") })
}

/// An id from a provider, before it becomes part of an address: it must not lead anywhere else.
fn checked_id(service: Service, id: &str) -> Result<&str, Failure> {
    let rest = match service {
        Service::Gemini => id.strip_prefix("batches/").or_else(|| id.strip_prefix("files/")),
        Service::OpenAiChat | Service::OpenAiResponses | Service::Mistral | Service::Anthropic => {
            Some(id)
        }
    };
    match rest {
        Some(rest) if is_plain(rest, 200) => Ok(id),
        _ => {
            let shown: String = id.chars().take(80).collect();
            Err(Failure::Malformed { message: format!("{shown:?} is no id of a batch or file") })
        }
    }
}

fn is_plain(id: &str, max_len: usize) -> bool {
    (1..=max_len).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

#[cfg(test)]
mod tests;
