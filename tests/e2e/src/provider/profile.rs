//! Owns who the provider plays: its addresses, how it wants its key, and the headers that it lists.

use hyper::HeaderMap;

use super::serve::header;

/// Which provider is played: its protocols, its words, and how it treats pages of other origins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Profile {
    /// `OpenAI`: any header may be sent. The answers 401 and 404 carry no CORS headers, so that a page cannot tell them from
    /// a dead line, and of the headers only `X-Request-ID` can be read. Chat Completions, Responses, files and batches.
    Reflective,
    /// `OpenRouter`: a header that is not on the list makes the browser refuse to send the request. Chat Completions with
    /// cost, and sign-in by PKCE.
    AllowList,
    /// Ollama: answers only pages of this machine, and of the origins listed here as in `OLLAMA_ORIGINS`; 403 for others.
    /// `/v1/chat/completions`, `/api/chat`, `/api/tags`.
    Ollama(Vec<String>),
    /// LM Studio: says nothing about CORS until its switch is set, so that no page can read anything.
    LmStudio {
        /// Whether `lms server start --cors` is set.
        cors: bool,
    },
    /// llama.cpp and vLLM: everything is allowed.
    Wildcard,
    /// Anthropic Messages: pages must say that they are pages. Batches and files answer no preflight.
    Anthropic {
        /// Whether the organisation's settings let pages call at all.
        allows_pages: bool,
    },
    /// Gemini: a preflight for any header but its own is answered 403.
    Gemini,
    /// Mistral: a list of allowed headers, flat errors, and no unknown fields.
    Mistral,
    /// Cohere's v2 chat.
    Cohere,
    /// Azure `OpenAI`: deployments, `api-version`, and a `Retry-After` that no page can read.
    Azure,
    /// Groq: tokens of a stream stand in `x_groq`.
    Groq,
    /// Cerebras: a 401 carries no CORS headers.
    Cerebras,
    /// Together.
    Together,
    /// `DeepSeek`: reasoning in `reasoning_content`, 402 without credit.
    DeepSeek,
    /// xAI: `*` for everything, errors as plain text.
    Xai,
    /// Fireworks: a list of allowed headers.
    Fireworks,
    /// Perplexity: a list of allowed headers, no `/v1`, no list of models.
    Perplexity,
    /// Hugging Face's router.
    HuggingFace,
}

impl Profile {
    /// All of them, local servers with their doors open.
    pub fn all() -> Vec<Self> {
        vec![
            Self::Reflective,
            Self::AllowList,
            Self::Ollama(vec!["*".to_owned()]),
            Self::LmStudio { cors: true },
            Self::Wildcard,
            Self::Anthropic { allows_pages: true },
            Self::Gemini,
            Self::Mistral,
            Self::Cohere,
            Self::Azure,
            Self::Groq,
            Self::Cerebras,
            Self::Together,
            Self::DeepSeek,
            Self::Xai,
            Self::Fireworks,
            Self::Perplexity,
            Self::HuggingFace,
        ]
    }

    /// Where its interface begins, as documented; the first is the one that people enter.
    pub(super) fn bases(&self) -> &'static [&'static str] {
        match self {
            Self::Reflective
            | Self::Ollama(_)
            | Self::LmStudio { .. }
            | Self::Wildcard
            | Self::Anthropic { .. }
            | Self::Mistral
            | Self::Cerebras
            | Self::Together
            | Self::Xai
            | Self::HuggingFace => &["/v1"],
            Self::AllowList => &["/api/v1", "/v1"],
            Self::Gemini => &["/v1beta"],
            Self::Cohere => &["/v2", "/v1"],
            Self::Azure => &["/openai/v1", "/openai"],
            Self::Groq => &["/openai/v1"],
            Self::DeepSeek => &["", "/v1"],
            Self::Fireworks => &["/inference/v1"],
            Self::Perplexity => &[""],
        }
    }

    /// The headers that it documents for a page's calls, beside those that browsers add.
    pub(super) fn listed_headers(&self) -> &'static [&'static str] {
        match self {
            Self::Anthropic { .. } => {
                &["x-api-key", "anthropic-version", "anthropic-dangerous-direct-browser-access"]
            }
            Self::Gemini => &["x-goog-api-key", "x-goog-api-client"],
            Self::Azure => &["api-key"],
            Self::AllowList | Self::Fireworks => &["authorization", "http-referer", "x-title"],
            Self::Mistral => &["authorization", "x-mistral-user-agent"],
            Self::Perplexity => &["authorization", "x-title", "x-source"],
            Self::Reflective
            | Self::Ollama(_)
            | Self::LmStudio { .. }
            | Self::Wildcard
            | Self::Cohere
            | Self::Groq
            | Self::Cerebras
            | Self::Together
            | Self::DeepSeek
            | Self::Xai
            | Self::HuggingFace => &["authorization"],
        }
    }

    /// The names of headers sent that neither browsers add nor the provider documents.
    pub(super) fn unlisted(&self, headers: &HeaderMap) -> Vec<String> {
        let names = headers.keys().map(hyper::header::HeaderName::as_str);
        let strange = names.filter(|name| {
            !name.starts_with("sec-")
                && !BROWSERS.contains(name)
                && !self.listed_headers().contains(name)
        });
        strange.map(str::to_owned).collect()
    }

    /// The key that was sent, in the header where this provider looks for it.
    pub(super) fn sent_key<'a>(&self, headers: &'a HeaderMap) -> Option<&'a str> {
        let bearer = || header(headers, "authorization")?.strip_prefix("Bearer ");
        match self {
            Self::Anthropic { .. } => header(headers, "x-api-key"),
            Self::Gemini => header(headers, "x-goog-api-key"),
            Self::Azure => header(headers, "api-key").or_else(bearer),
            Self::Reflective
            | Self::AllowList
            | Self::Ollama(_)
            | Self::LmStudio { .. }
            | Self::Wildcard
            | Self::Mistral
            | Self::Cohere
            | Self::Groq
            | Self::Cerebras
            | Self::Together
            | Self::DeepSeek
            | Self::Xai
            | Self::Fireworks
            | Self::Perplexity
            | Self::HuggingFace => bearer(),
        }
    }

    /// Whether the list of models can be had without a key.
    pub(super) fn has_public_models(&self) -> bool {
        matches!(self, Self::AllowList | Self::HuggingFace)
    }
}

/// What a browser adds to a request by itself, or a page may set without a preflight.
const BROWSERS: [&str; 17] = [
    "host",
    "connection",
    "content-length",
    "content-type",
    "user-agent",
    "accept",
    "accept-encoding",
    "accept-language",
    "origin",
    "referer",
    "priority",
    "cache-control",
    "pragma",
    "dnt",
    "te",
    "transfer-encoding",
    "upgrade-insecure-requests",
];
