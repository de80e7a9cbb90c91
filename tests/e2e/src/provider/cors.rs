//! Owns what a provider lets a page of another origin send and see: its CORS headers.

use hyper::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, HeaderMap, HeaderName, HeaderValue, VARY,
};

/// How a provider behaves towards pages of another origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Profile {
    /// OpenAI, Groq and others: any header may be sent. The answers 401 and 404 carry no CORS headers, so that a page
    /// cannot tell them from a dead line, and of the headers only `X-Request-ID` can be read.
    Reflective,
    /// OpenRouter and others: a header that is not on the list makes the browser refuse to send the request.
    AllowList,
    /// Ollama: answers only pages of this machine, and of the origins listed here as in `OLLAMA_ORIGINS`; 403 for others.
    Ollama(Vec<String>),
    /// LM Studio: says nothing about CORS until its switch is set, so that no page can read anything.
    LmStudio {
        /// Whether `lms server start --cors` is set.
        cors: bool,
    },
    /// llama.cpp and vLLM: everything is allowed.
    Wildcard,
}

const OPENROUTER_HEADERS: &str = "Authorization,Content-Type,HTTP-Referer,X-Title,X-OpenRouter-Title,\
    X-OpenRouter-Categories,X-Stainless-Arch,X-Stainless-Lang,X-Stainless-OS,X-Stainless-Package-Version,\
    X-Stainless-Retry-Count,X-Stainless-Runtime,X-Stainless-Runtime-Version,X-Stainless-Timeout";

const OLLAMA_HEADERS: &str = "Authorization,Content-Type,User-Agent,Accept,X-Requested-With,OpenAI-Beta,\
    x-stainless-arch,x-stainless-async,x-stainless-custom-poll-interval,x-stainless-helper-method,x-stainless-lang,\
    x-stainless-os,x-stainless-package-version,x-stainless-poll-helper,x-stainless-retry-count,x-stainless-runtime,\
    x-stainless-runtime-version,x-stainless-timeout";

impl Profile {
    /// Whether requests from a page of this origin are answered at all. Requests without an origin come from no page.
    pub(super) fn admits(&self, origin: Option<&str>) -> bool {
        match (self, origin) {
            (Self::Ollama(more), Some(origin)) => {
                more.iter().any(|allowed| allowed == "*" || allowed == origin) || is_local(origin)
            }
            _ => true,
        }
    }

    /// Whether the list of models can be had without a key.
    pub(super) fn has_public_models(&self) -> bool {
        matches!(self, Self::AllowList)
    }

    /// The headers that answer a preflight, and its status.
    pub(super) fn preflight(&self, origin: &str, asked: &str, headers: &mut HeaderMap) -> u16 {
        let mut allow = |methods: &'static str, allowed: &str| {
            headers.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static(methods));
            if let Ok(allowed) = allowed.parse() {
                headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, allowed);
            }
        };
        let status = match self {
            Self::Reflective => {
                allow("GET, OPTIONS, POST", asked);
                200
            }
            Self::AllowList => {
                allow("GET,OPTIONS,PATCH,DELETE,POST,PUT", OPENROUTER_HEADERS);
                204
            }
            Self::Ollama(_) if !self.admits(Some(origin)) => return 403,
            Self::Ollama(_) => {
                allow("GET,POST,PUT,PATCH,DELETE,HEAD,OPTIONS", OLLAMA_HEADERS);
                204
            }
            Self::LmStudio { cors: false } => return 200,
            Self::LmStudio { cors: true } => {
                allow("GET,HEAD,PUT,PATCH,POST,DELETE", asked);
                204
            }
            Self::Wildcard => {
                allow("GET, POST", "*");
                200
            }
        };
        self.stamp(Some(origin), status, headers);
        status
    }

    /// Adds to an answer what lets a page read it, as far as this provider does.
    pub(super) fn stamp(&self, origin: Option<&str>, status: u16, headers: &mut HeaderMap) {
        let everyone = Some(HeaderValue::from_static("*"));
        let (allowed, exposed) = match self {
            Self::Reflective if matches!(status, 401 | 404) => (None, None),
            Self::Reflective => (everyone, Some("X-Request-ID")),
            Self::AllowList | Self::LmStudio { cors: true } => (everyone, None),
            Self::LmStudio { cors: false } => (None, None),
            Self::Ollama(_) if !self.admits(origin) => (None, None),
            Self::Ollama(_) | Self::Wildcard => {
                (origin.and_then(|origin| origin.parse().ok()), None)
            }
        };
        if let Some(allowed) = allowed {
            if allowed != "*" {
                headers.append(VARY, HeaderValue::from_static("Origin"));
            }
            headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, allowed);
        }
        if let Some(exposed) = exposed {
            expose(headers, exposed);
        }
    }
}

/// Lets the page read one more header.
pub(super) fn expose(headers: &mut HeaderMap, name: &'static str) {
    headers.append(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(name));
}

/// Takes away what lets a page read the answer.
pub(super) fn hide(headers: &mut HeaderMap) {
    let names: [HeaderName; 2] = [ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS];
    for name in names {
        headers.remove(name);
    }
}

/// Ollama's own list: these hosts with either scheme and any port.
fn is_local(origin: &str) -> bool {
    let host = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
    let host = host.map(|host| host.split_once(':').map_or(host, |(name, _)| name));
    matches!(host, Some("localhost" | "127.0.0.1" | "0.0.0.0"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ollama_answers_this_machine_and_whoever_is_listed() {
        let strict = Profile::Ollama(Vec::new());
        assert!(strict.admits(Some("http://localhost:8080")));
        assert!(strict.admits(Some("https://127.0.0.1")));
        assert!(strict.admits(None));
        assert!(!strict.admits(Some("http://viva.localhost:8080")));
        assert!(!strict.admits(Some("https://example.org")));
        let listed = Profile::Ollama(vec!["https://example.org".to_owned()]);
        assert!(listed.admits(Some("https://example.org")));
    }

    #[test]
    fn a_wrong_key_is_hidden_from_pages_by_openai_only() {
        let visible = |profile: &Profile| {
            let mut headers = HeaderMap::new();
            profile.stamp(Some("http://localhost:1"), 401, &mut headers);
            headers.contains_key(ACCESS_CONTROL_ALLOW_ORIGIN)
        };
        assert!(!visible(&Profile::Reflective));
        assert!(visible(&Profile::AllowList));
        assert!(visible(&Profile::Wildcard));
    }
}
