//! Owns the endpoints that a person can pick by name.

use super::capability::DEFAULT_CONTEXT_TOKENS;
use super::http;
use super::model::{Class, Protocol};
use super::settings::{CallSettings, Delivery};

/// Where a preset's server runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// A company's service; it needs a key.
    Service,
    /// This machine; it rarely needs a key.
    ThisMachine,
    /// Whatever the person types.
    Anywhere,
}

/// An endpoint by name.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Preset {
    /// Stable, for addresses and tests.
    pub id: &'static str,
    /// For people.
    pub name: &'static str,
    /// What it speaks.
    pub protocol: Protocol,
    /// Without a trailing slash; empty where the person types it.
    pub base_url: &'static str,
    /// Where it runs.
    pub place: Place,
    /// An example of a model id, to show the form.
    pub example_model: &'static str,
    /// What its models usually are.
    pub class: Class,
    /// What is set for its models until the person changes it.
    pub settings: CallSettings,
    /// What the person has to do first or should know, if anything.
    pub hint: &'static str,
    /// What makes its results mean something else than those of others; empty for most.
    pub warning: &'static str,
}

/// Nothing set: the provider's own defaults hold.
const AS_THE_PROVIDER: CallSettings = CallSettings {
    temperature: None,
    seed: None,
    max_output_tokens: None,
    effort: None,
    context_tokens: None,
    delivery: Delivery::Whole,
};

/// A context of a size that is known: Ollama's own depends on the machine and cuts long cases off without a word.
const WITH_CONTEXT: CallSettings =
    CallSettings { context_tokens: Some(DEFAULT_CONTEXT_TOKENS), ..AS_THE_PROVIDER };

/// All presets, in the order in which they are offered: services first, then this machine.
pub const PRESETS: [Preset; 23] = [
    Preset {
        id: "openai",
        name: "OpenAI",
        protocol: Protocol::OpenAiChat,
        base_url: "https://api.openai.com/v1",
        place: Place::Service,
        example_model: "gpt-5.2",
        class: Class::GeneralPurpose,
        settings: AS_THE_PROVIDER,
        hint: "Make a key of its own for this page, with a spending limit.",
        warning: "",
    },
    Preset {
        id: "openai-responses",
        name: "OpenAI (Responses)",
        protocol: Protocol::OpenAiResponses,
        base_url: "https://api.openai.com/v1",
        place: Place::Service,
        example_model: "gpt-5.2",
        class: Class::GeneralPurpose,
        settings: AS_THE_PROVIDER,
        hint: "OpenAI's newer protocol, with the same keys and models. It takes no seed.",
        warning: "",
    },
    Preset {
        id: "anthropic",
        name: "Anthropic",
        protocol: Protocol::Anthropic,
        base_url: "https://api.anthropic.com/v1",
        place: Place::Service,
        example_model: "claude-opus-4-7",
        class: Class::GeneralPurpose,
        settings: AS_THE_PROVIDER,
        hint: "Make a key of its own for this page, with a spending limit. Some organisations forbid calls from web pages: an owner can allow them in the console.",
        warning: "",
    },
    Preset {
        id: "gemini",
        name: "Google Gemini",
        protocol: Protocol::Gemini,
        base_url: "https://generativelanguage.googleapis.com/v1beta",
        place: Place::Service,
        example_model: "gemini-2.5-flash",
        class: Class::GeneralPurpose,
        settings: AS_THE_PROVIDER,
        hint: "Make a key in Google AI Studio. A key that is restricted to certain web sites does not work here: this page does not tell its address.",
        warning: "",
    },
    Preset {
        id: "openrouter",
        name: "OpenRouter",
        protocol: Protocol::OpenAiChat,
        base_url: "https://openrouter.ai/api/v1",
        place: Place::Service,
        example_model: "anthropic/claude-opus-4.6",
        class: Class::GeneralPurpose,
        settings: AS_THE_PROVIDER,
        hint: "One key for models of many makers. Give it a credit limit.",
        warning: "",
    },
    Preset {
        id: "mistral",
        name: "Mistral",
        protocol: Protocol::Mistral,
        base_url: "https://api.mistral.ai/v1",
        place: Place::Service,
        example_model: "mistral-medium-latest",
        class: Class::GeneralPurpose,
        settings: AS_THE_PROVIDER,
        hint: "For the servers of one region use https://api.eu.mistral.ai/v1 or https://api.us.mistral.ai/v1.",
        warning: "",
    },
    Preset {
        id: "cohere",
        name: "Cohere",
        protocol: Protocol::Cohere,
        base_url: "https://api.cohere.com",
        place: Place::Service,
        example_model: "command-a-03-2025",
        class: Class::GeneralPurpose,
        settings: AS_THE_PROVIDER,
        hint: "Trial keys allow 20 calls a minute and 1,000 a month.",
        warning: "",
    },
    Preset {
        id: "groq",
        name: "Groq",
        protocol: Protocol::OpenAiChat,
        base_url: "https://api.groq.com/openai/v1",
        place: Place::Service,
        example_model: "openai/gpt-oss-120b",
        class: Class::GeneralPurpose,
        settings: AS_THE_PROVIDER,
        hint: "Open models, served fast. Free keys have limits for the minute and for the day.",
        warning: "",
    },
    Preset {
        id: "together",
        name: "Together",
        protocol: Protocol::OpenAiChat,
        base_url: "https://api.together.xyz/v1",
        place: Place::Service,
        example_model: "meta-llama/Llama-3.3-70B-Instruct-Turbo",
        class: Class::GeneralPurpose,
        settings: AS_THE_PROVIDER,
        hint: "Open models. Their names begin with the maker's.",
        warning: "",
    },
    Preset {
        id: "deepseek",
        name: "DeepSeek",
        protocol: Protocol::OpenAiChat,
        base_url: "https://api.deepseek.com",
        place: Place::Service,
        example_model: "deepseek-chat",
        class: Class::GeneralPurpose,
        settings: AS_THE_PROVIDER,
        hint: "Its models think first unless the effort is set to none, and then ignore the temperature.",
        warning: "",
    },
    Preset {
        id: "xai",
        name: "xAI",
        protocol: Protocol::OpenAiChat,
        base_url: "https://api.x.ai/v1",
        place: Place::Service,
        example_model: "grok-4",
        class: Class::GeneralPurpose,
        settings: AS_THE_PROVIDER,
        hint: "Make a key of its own for this page, with a spending limit.",
        warning: "",
    },
    Preset {
        id: "fireworks",
        name: "Fireworks",
        protocol: Protocol::OpenAiChat,
        base_url: "https://api.fireworks.ai/inference/v1",
        place: Place::Service,
        example_model: "accounts/fireworks/models/gpt-oss-120b",
        class: Class::GeneralPurpose,
        settings: AS_THE_PROVIDER,
        hint: "Open models. Their names begin with accounts/.",
        warning: "",
    },
    Preset {
        id: "perplexity",
        name: "Perplexity",
        protocol: Protocol::OpenAiChat,
        base_url: "https://api.perplexity.ai",
        place: Place::Service,
        example_model: "sonar",
        class: Class::GeneralPurpose,
        settings: AS_THE_PROVIDER,
        hint: "It lists no models: type the name.",
        warning: "It searches the web while it is examined, and may find the questions and their answers there. Its score shows what it can look up, not what it knows.",
    },
    Preset {
        id: "cerebras",
        name: "Cerebras",
        protocol: Protocol::OpenAiChat,
        base_url: "https://api.cerebras.ai/v1",
        place: Place::Service,
        example_model: "gpt-oss-120b",
        class: Class::GeneralPurpose,
        settings: AS_THE_PROVIDER,
        hint: "Open models, served fast. It hides the answer to a wrong key from web pages.",
        warning: "",
    },
    Preset {
        id: "hugging-face",
        name: "Hugging Face",
        protocol: Protocol::OpenAiChat,
        base_url: "https://router.huggingface.co/v1",
        place: Place::Service,
        example_model: "openai/gpt-oss-120b",
        class: Class::GeneralPurpose,
        settings: AS_THE_PROVIDER,
        hint: "The token needs the permission to call inference providers. A suffix such as :groq names who serves the model; without one it may change from call to call.",
        warning: "",
    },
    Preset {
        id: "azure-openai",
        name: "Azure OpenAI",
        protocol: Protocol::AzureOpenAi,
        base_url: "",
        place: Place::Service,
        example_model: "my-deployment",
        class: Class::GeneralPurpose,
        settings: AS_THE_PROVIDER,
        hint: "Type your resource's address, such as https://my-resource.openai.azure.com. The model is the name of your deployment; if it begins with the model's own name, such as gpt-4o, more settings can be sent.",
        warning: "",
    },
    Preset {
        id: "ollama",
        name: "Ollama",
        protocol: Protocol::Ollama,
        base_url: "http://localhost:11434",
        place: Place::ThisMachine,
        example_model: "medgemma:4b",
        class: Class::GeneralPurpose,
        settings: WITH_CONTEXT,
        hint: "If this page is not on localhost, start Ollama with OLLAMA_ORIGINS set to this page's address.",
        warning: "",
    },
    Preset {
        id: "medgemma-ollama",
        name: "MedGemma through Ollama",
        protocol: Protocol::Ollama,
        base_url: "http://localhost:11434",
        place: Place::ThisMachine,
        example_model: "medgemma:27b",
        class: Class::Clinical,
        settings: WITH_CONTEXT,
        hint: "Google's model for medicine on this machine. Fetch it first with: ollama pull medgemma:27b, or medgemma:4b where there is less memory. If this page is not on localhost, start Ollama with OLLAMA_ORIGINS set to this page's address.",
        warning: "",
    },
    Preset {
        id: "lm-studio",
        name: "LM Studio",
        protocol: Protocol::OpenAiChat,
        base_url: "http://localhost:1234/v1",
        place: Place::ThisMachine,
        example_model: "medgemma-4b-it",
        class: Class::GeneralPurpose,
        settings: AS_THE_PROVIDER,
        hint: "Switch on CORS in its server settings, or start it with: lms server start --cors",
        warning: "",
    },
    Preset {
        id: "llama-cpp",
        name: "llama.cpp",
        protocol: Protocol::OpenAiChat,
        base_url: "http://localhost:8080/v1",
        place: Place::ThisMachine,
        example_model: "default",
        class: Class::GeneralPurpose,
        settings: AS_THE_PROVIDER,
        hint: "Its server allows pages as it is. Start it on another port if this page uses 8080.",
        warning: "",
    },
    Preset {
        id: "vllm",
        name: "vLLM",
        protocol: Protocol::OpenAiChat,
        base_url: "http://localhost:8000/v1",
        place: Place::ThisMachine,
        example_model: "google/medgemma-27b-text-it",
        class: Class::GeneralPurpose,
        settings: AS_THE_PROVIDER,
        hint: "Its server allows pages as it is.",
        warning: "",
    },
    Preset {
        id: "local-ai",
        name: "LocalAI",
        protocol: Protocol::OpenAiChat,
        base_url: "http://localhost:8080/v1",
        place: Place::ThisMachine,
        example_model: "medgemma-4b-it",
        class: Class::GeneralPurpose,
        settings: AS_THE_PROVIDER,
        hint: "Start it with CORS=true and CORS_ALLOW_ORIGINS set to this page's address.",
        warning: "",
    },
    Preset {
        id: "custom",
        name: "Another address",
        protocol: Protocol::OpenAiChat,
        base_url: "",
        place: Place::Anywhere,
        example_model: "model-name",
        class: Class::GeneralPurpose,
        settings: AS_THE_PROVIDER,
        hint: "Any server that speaks OpenAI's Chat Completions and lets pages of other origins call it. A gateway's own header can be added.",
        warning: "",
    },
];

/// Systems without an API, for copy and paste.
pub const PASTE_NAMES: [&str; 3] = ["OpenEvidence", "UpToDate Expert AI", "Google AI Overview"];

/// The preset with this id.
pub fn by_id(id: &str) -> Option<&'static Preset> {
    PRESETS.iter().find(|preset| preset.id == id)
}

/// The preset that an address belongs to, by its origin; the first where several share one.
pub fn by_address(base_url: &str) -> Option<&'static Preset> {
    let origin = http::origin(base_url)?;
    // Both names of this machine are one.
    let origin = origin.replace("//127.0.0.1", "//localhost");
    PRESETS
        .iter()
        .filter(|preset| !preset.base_url.is_empty())
        .find(|preset| http::origin(preset.base_url).is_some_and(|known| known == origin))
}

/// Systems made for clinical use, by a part of their names in lower case without punctuation.
const CLINICAL: [&str; 24] = [
    "openbiollm",
    "biomistral",
    "medgemma",
    "medpalm",
    "medgemini",
    "meditron",
    "med42",
    "medalpaca",
    "pmcllama",
    "clinicalcamel",
    "chatdoctor",
    "biogpt",
    "biomedlm",
    "biomedgpt",
    "huatuogpt",
    "medllama",
    "meerkat",
    "ultramedical",
    "openevidence",
    "uptodate",
    "dynamed",
    "clinicalkey",
    "doximity",
    "glasshealth",
];

/// The class that a model's name tells, if it is one of a few known ones. The person has the last word.
pub fn class_of_name(name: &str) -> Option<Class> {
    let folded: String =
        name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    CLINICAL.iter().any(|known| folded.contains(known)).then_some(Class::Clinical)
}

/// A first guess at a model's class: general-purpose unless its name is known.
pub fn class_of(name: &str) -> Class {
    class_of_name(name).unwrap_or(Class::GeneralPurpose)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::http;

    #[test]
    fn every_preset_with_an_address_has_an_origin_and_a_name_of_its_own() {
        for (idx, preset) in PRESETS.iter().enumerate() {
            assert!(
                preset.base_url.is_empty() || http::origin(preset.base_url).is_some(),
                "{}",
                preset.id
            );
            assert_eq!(preset.place == Place::ThisMachine, http::is_loopback(preset.base_url));
            assert!(PRESETS.iter().skip(idx + 1).all(|other| other.id != preset.id));
        }
        assert_eq!(by_id("ollama").unwrap().name, "Ollama");
    }

    #[test]
    fn every_preset_says_what_it_speaks_and_is_known_by_its_address() {
        for preset in &PRESETS {
            assert!(!preset.hint.is_empty() && !preset.example_model.is_empty(), "{}", preset.id);
            if let Some(found) = by_address(preset.base_url) {
                assert_eq!(http::origin(found.base_url), http::origin(preset.base_url));
            } else {
                assert!(preset.base_url.is_empty(), "{}", preset.id);
            }
            let asks_for_context = preset.protocol == Protocol::Ollama;
            assert_eq!(preset.settings.context_tokens.is_some(), asks_for_context);
        }
        assert_eq!(by_address("http://127.0.0.1:11434").unwrap().id, "ollama");
        assert_eq!(by_address("https://evil.example/api.openai.com"), None);
    }

    #[test]
    fn who_searches_the_web_is_warned_of() {
        assert!(by_id("perplexity").unwrap().warning.contains("searches the web"));
        assert!(by_id("openai").unwrap().warning.is_empty());
    }

    #[test]
    fn a_clinical_system_is_clinical_behind_every_preset() {
        let preset = by_id("medgemma-ollama").unwrap();
        assert_eq!(
            (preset.class, class_of(preset.example_model)),
            (Class::Clinical, Class::Clinical)
        );
        for model in
            ["google/medgemma-27b-text-it", "medgemma:4b", "accounts/x/models/openbiollm-70b"]
        {
            assert_eq!(class_of(model), Class::Clinical);
        }
    }

    #[test]
    fn medical_models_are_known_by_their_names() {
        assert_eq!(class_of("OpenBioLLM-70B"), Class::Clinical);
        assert_eq!(class_of("medgemma:27b"), Class::Clinical);
        assert_eq!(class_of("gpt-4o"), Class::GeneralPurpose);
    }
}
