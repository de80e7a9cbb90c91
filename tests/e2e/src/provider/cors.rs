//! Owns what a provider lets a page of another origin send and see: its CORS headers.

use hyper::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, HeaderMap, HeaderName, HeaderValue, VARY,
};

use super::profile::Profile;

const OPENROUTER_HEADERS: &str = "Authorization,Content-Type,HTTP-Referer,X-Title,X-OpenRouter-Title,\
    X-OpenRouter-Categories,X-Stainless-Arch,X-Stainless-Lang,X-Stainless-OS,X-Stainless-Package-Version,\
    X-Stainless-Retry-Count,X-Stainless-Runtime,X-Stainless-Runtime-Version,X-Stainless-Timeout";

const OLLAMA_HEADERS: &str = "Authorization,Content-Type,User-Agent,Accept,X-Requested-With,OpenAI-Beta,\
    x-stainless-arch,x-stainless-async,x-stainless-custom-poll-interval,x-stainless-helper-method,x-stainless-lang,\
    x-stainless-os,x-stainless-package-version,x-stainless-poll-helper,x-stainless-retry-count,x-stainless-runtime,\
    x-stainless-runtime-version,x-stainless-timeout";

const MISTRAL_HEADERS: &str = "Authorization,Content-Type,Accept,X-Mistral-User-Agent";

const PERPLEXITY_HEADERS: &str = "Authorization,Content-Type,Accept,X-Title,X-Source";

const FIREWORKS_HEADERS: &str = "Authorization,Content-Type,Accept,HTTP-Referer,X-Title";

const GEMINI_HEADERS: [&str; 3] = ["x-goog-api-key", "x-goog-api-client", "content-type"];

/// Which request headers a page of another origin may send.
enum Allowed {
    /// Whatever it asks for.
    Asked,
    /// These.
    Listed(&'static str),
    /// `*`, which browsers take to cover `Authorization` as well.
    Star,
    /// None: nothing is said about CORS.
    Unsaid,
}

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

    fn allowed(&self) -> Allowed {
        match self {
            Self::AllowList => Allowed::Listed(OPENROUTER_HEADERS),
            Self::Mistral => Allowed::Listed(MISTRAL_HEADERS),
            Self::Perplexity => Allowed::Listed(PERPLEXITY_HEADERS),
            Self::Fireworks => Allowed::Listed(FIREWORKS_HEADERS),
            Self::Ollama(_) => Allowed::Listed(OLLAMA_HEADERS),
            Self::LmStudio { cors: false } => Allowed::Unsaid,
            Self::Wildcard | Self::Xai => Allowed::Star,
            Self::Reflective
            | Self::LmStudio { cors: true }
            | Self::Anthropic { .. }
            | Self::Gemini
            | Self::Cohere
            | Self::Azure
            | Self::Groq
            | Self::Cerebras
            | Self::Together
            | Self::DeepSeek
            | Self::HuggingFace => Allowed::Asked,
        }
    }

    /// The headers that answer a preflight, and its status.
    pub(super) fn preflight(
        &self,
        path: &str,
        origin: &str,
        asked: &str,
        headers: &mut HeaderMap,
    ) -> u16 {
        let closed = ["/v1/messages/batches", "/v1/files"];
        if matches!(self, Self::Anthropic { .. })
            && closed.iter().any(|route| path.starts_with(route))
        {
            return 405;
        }
        if !self.admits(Some(origin)) {
            return 403;
        }
        let mut names = asked.split(',').map(|name| name.trim().to_ascii_lowercase());
        if *self == Self::Gemini
            && names.any(|name| !name.is_empty() && !GEMINI_HEADERS.contains(&name.as_str()))
        {
            return 403;
        }
        let allowed = match self.allowed() {
            Allowed::Asked => asked,
            Allowed::Listed(listed) => listed,
            Allowed::Star => "*",
            Allowed::Unsaid => return 200,
        };
        let (status, methods) = match self {
            Self::AllowList => (204, "GET,OPTIONS,PATCH,DELETE,POST,PUT"),
            Self::Ollama(_) => (204, "GET,POST,PUT,PATCH,DELETE,HEAD,OPTIONS"),
            Self::LmStudio { .. } => (204, "GET,HEAD,PUT,PATCH,POST,DELETE"),
            Self::Wildcard => (200, "GET, POST"),
            _ => (200, "GET, OPTIONS, POST, DELETE"),
        };
        headers.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static(methods));
        if let Ok(allowed) = allowed.parse() {
            headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, allowed);
        }
        self.stamp(Some(origin), status, headers);
        status
    }

    /// Adds to an answer what lets a page read it, as far as this provider does.
    pub(super) fn stamp(&self, origin: Option<&str>, status: u16, headers: &mut HeaderMap) {
        let silent = match self {
            Self::Reflective => matches!(status, 401 | 404),
            Self::Cerebras => status == 401,
            Self::LmStudio { cors: false } => true,
            _ => !self.admits(origin),
        };
        if silent {
            return;
        }
        let echoes =
            matches!(self, Self::Ollama(_) | Self::Wildcard | Self::Gemini | Self::DeepSeek);
        let allowed = if echoes {
            origin.and_then(|origin| origin.parse().ok())
        } else {
            Some(HeaderValue::from_static("*"))
        };
        if let Some(allowed) = allowed {
            if echoes {
                headers.append(VARY, HeaderValue::from_static("Origin"));
            }
            headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, allowed);
        }
        match self {
            Self::Reflective => expose(headers, "X-Request-ID"),
            Self::Gemini => expose(headers, "Content-Encoding, Date, Server"),
            _ => {}
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
