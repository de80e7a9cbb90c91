//! Owns telling who made a model, whoever serves it: a judge that grades models of its own maker is worth a warning.

use super::family::Family;
use super::model::{ModelSpec, Protocol, Seat};

/// Who trained a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Maker {
    /// Qwen.
    Alibaba,
    /// Claude.
    Anthropic,
    /// Command.
    Cohere,
    /// DeepSeek.
    DeepSeek,
    /// Gemini, Gemma, and the search engine's overview.
    Google,
    /// Llama, and what others made of it.
    Meta,
    /// Phi.
    Microsoft,
    /// Mistral.
    Mistral,
    /// GPT, o and gpt-oss.
    OpenAi,
    /// Sonar.
    Perplexity,
    /// Grok.
    Xai,
}

/// Parts of names by which a maker is known. The first that fits counts: DeepSeek's distillates name a Llama or a Qwen too.
const WORDS: [(&str, Maker); 26] = [
    ("deepseek", Maker::DeepSeek),
    ("claude", Maker::Anthropic),
    ("anthropic", Maker::Anthropic),
    ("gemini", Maker::Google),
    ("gemma", Maker::Google),
    ("med-palm", Maker::Google),
    ("google", Maker::Google),
    ("chatgpt", Maker::OpenAi),
    ("openai", Maker::OpenAi),
    ("mixtral", Maker::Mistral),
    ("ministral", Maker::Mistral),
    ("magistral", Maker::Mistral),
    ("mistral", Maker::Mistral),
    ("qwen", Maker::Alibaba),
    ("qwq", Maker::Alibaba),
    ("grok", Maker::Xai),
    ("x-ai", Maker::Xai),
    ("command-r", Maker::Cohere),
    ("command-a", Maker::Cohere),
    ("cohere", Maker::Cohere),
    ("sonar", Maker::Perplexity),
    ("microsoft", Maker::Microsoft),
    ("phi-3", Maker::Microsoft),
    ("phi-4", Maker::Microsoft),
    ("phi4", Maker::Microsoft),
    ("llama", Maker::Meta),
];

impl Maker {
    /// Whoever made this participant, as far as its name tells.
    pub fn of(model: &ModelSpec) -> Option<Self> {
        match &model.seat {
            Seat::Api(endpoint) => Self::named(&endpoint.model).or(match endpoint.protocol {
                Protocol::Anthropic => Some(Self::Anthropic),
                Protocol::Gemini => Some(Self::Google),
                Protocol::Cohere => Some(Self::Cohere),
                Protocol::Mistral => Some(Self::Mistral),
                // Azure names deployments, not models.
                Protocol::OpenAiResponses => Some(Self::OpenAi),
                Protocol::OpenAiChat | Protocol::Ollama | Protocol::AzureOpenAi => None,
            }),
            Seat::BrowserModel | Seat::Paste | Seat::Recorded => Self::named(&model.name),
            Seat::Baseline { .. } | Seat::Person => None,
        }
    }

    /// By a model's id or name.
    pub fn named(name: &str) -> Option<Self> {
        let lower = name.to_ascii_lowercase();
        match Family::of(&lower) {
            Family::OpenAiO | Family::Gpt(..) | Family::GptOss => return Some(Self::OpenAi),
            Family::Claude(_) => return Some(Self::Anthropic),
            Family::Gemini(_) | Family::Gemma => return Some(Self::Google),
            Family::Other => {}
        }
        let known = WORDS.iter().find(|(word, _)| lower.contains(word)).map(|(_, maker)| *maker);
        // As people type it: "GPT 5.2".
        known.or_else(|| lower.split([' ', '/']).any(|word| word == "gpt").then_some(Self::OpenAi))
    }

    /// Its name for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Alibaba => "Alibaba",
            Self::Anthropic => "Anthropic",
            Self::Cohere => "Cohere",
            Self::DeepSeek => "DeepSeek",
            Self::Google => "Google",
            Self::Meta => "Meta",
            Self::Microsoft => "Microsoft",
            Self::Mistral => "Mistral AI",
            Self::OpenAi => "OpenAI",
            Self::Perplexity => "Perplexity",
            Self::Xai => "xAI",
        }
    }
}

/// Whether two participants are one model, whoever serves it and under whatever settings, as far as their ids tell.
pub fn is_same_model(one: &ModelSpec, other: &ModelSpec) -> bool {
    let id = |model: &ModelSpec| {
        let name = match &model.seat {
            Seat::Api(endpoint) => Some(endpoint.model.as_str()),
            Seat::BrowserModel | Seat::Paste | Seat::Recorded => Some(model.name.as_str()),
            Seat::Baseline { .. } | Seat::Person => None,
        };
        let name = name?.rsplit('/').next().unwrap_or_default().trim().to_ascii_lowercase();
        let name = name.replace([' ', '_', '.'], "-");
        (!name.is_empty()).then_some(name)
    };
    id(one).is_some_and(|one| id(other) == Some(one))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::{Baseline, Class, Endpoint};

    fn api(protocol: Protocol, model: &str) -> ModelSpec {
        let endpoint = Endpoint::new(protocol, "https://api.example.org/v1", model);
        ModelSpec::new("m", Class::GeneralPurpose, Seat::Api(endpoint))
    }

    #[test]
    fn makers_are_known_by_name() {
        for (name, maker) in [
            ("gpt-5.2", Some(Maker::OpenAi)),
            ("openai/o3", Some(Maker::OpenAi)),
            ("GPT 5.2", Some(Maker::OpenAi)),
            ("claude-opus-4-6", Some(Maker::Anthropic)),
            ("google/medgemma-27b", Some(Maker::Google)),
            ("Google AI Overview", Some(Maker::Google)),
            ("deepseek-r1-distill-llama-70b", Some(Maker::DeepSeek)),
            ("meta-llama/llama-3.3-70b", Some(Maker::Meta)),
            ("qwen3:8b", Some(Maker::Alibaba)),
            ("OpenEvidence", None),
            ("UpToDate Expert AI", None),
            ("", None),
        ] {
            assert_eq!(Maker::named(name), maker, "{name}");
        }
        assert_eq!(Maker::of(&api(Protocol::Anthropic, "next")), Some(Maker::Anthropic));
        assert_eq!(Maker::of(&api(Protocol::OpenAiChat, "next")), None);
        let seat = Seat::Baseline { rule: Baseline::UniformGuess, seed: 1 };
        assert_eq!(Maker::of(&ModelSpec::new("gpt", Class::Baseline, seat)), None);
    }

    #[test]
    fn a_model_is_the_same_whoever_serves_it() {
        let direct = api(Protocol::OpenAiResponses, "gpt-5.2");
        assert!(is_same_model(&direct, &api(Protocol::OpenAiChat, "openai/gpt-5.2")));
        assert!(!is_same_model(&direct, &api(Protocol::OpenAiChat, "gpt-5.2-mini")));
        let pasted = ModelSpec::new("GPT 5.2", Class::GeneralPurpose, Seat::Paste);
        assert!(is_same_model(&direct, &pasted));
    }
}
