//! Owns telling by its address whose service an endpoint is.

use super::http;
use super::model::{Endpoint, Protocol};

/// Whose service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Host {
    OpenAi,
    Azure,
    OpenRouter,
    Groq,
    Together,
    DeepSeek,
    Xai,
    Fireworks,
    Perplexity,
    Cerebras,
    HuggingFace,
    Mistral,
    /// A server on this machine or in its own network, such as vLLM or LM Studio.
    Local,
    /// Nobody's that is known here.
    Other,
}

impl Host {
    /// The service behind an endpoint.
    pub(super) fn of(endpoint: &Endpoint) -> Self {
        if endpoint.protocol == Protocol::AzureOpenAi {
            return Self::Azure;
        }
        let url = endpoint.base_url.as_str();
        if http::is_loopback(url) || http::is_private(url) {
            return Self::Local;
        }
        let host = http::host(url);
        let is_of = |domain: &str| {
            host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        };
        let known = [
            ("api.openai.com", Self::OpenAi),
            ("openai.azure.com", Self::Azure),
            ("services.ai.azure.com", Self::Azure),
            ("openrouter.ai", Self::OpenRouter),
            ("api.groq.com", Self::Groq),
            ("api.together.xyz", Self::Together),
            ("api.together.ai", Self::Together),
            ("api.deepseek.com", Self::DeepSeek),
            ("api.x.ai", Self::Xai),
            ("api.fireworks.ai", Self::Fireworks),
            ("api.perplexity.ai", Self::Perplexity),
            ("api.cerebras.ai", Self::Cerebras),
            ("router.huggingface.co", Self::HuggingFace),
            ("mistral.ai", Self::Mistral),
        ];
        known.iter().find(|(domain, _)| is_of(domain)).map_or(Self::Other, |(_, known)| *known)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn services_are_known_by_their_hosts_and_not_by_part_of_a_name() {
        for (url, expected) in [
            ("https://api.openai.com/v1", Host::OpenAi),
            ("https://eu.api.openai.com/v1", Host::OpenAi),
            ("https://api.openai.com.evil.example/v1", Host::Other),
            ("https://myapi.openai.com/v1", Host::Other),
            ("https://openrouter.ai/api/v1", Host::OpenRouter),
            ("https://api.eu.mistral.ai/v1", Host::Mistral),
            ("http://127.0.0.1:8000/v1", Host::Local),
            ("http://192.168.1.7:8000/v1", Host::Local),
            ("http://gpu.local:8000/v1", Host::Local),
            ("https://172.32.0.1/v1", Host::Other),
            ("https://llm.hospital.example/v1", Host::Other),
        ] {
            assert_eq!(Host::of(&Endpoint::new(Protocol::OpenAiChat, url, "m")), expected, "{url}");
        }
        let azure = Endpoint::new(Protocol::AzureOpenAi, "https://gateway.example", "m");
        assert_eq!(Host::of(&azure), Host::Azure);
    }
}
