//! Owns the endpoints that a person can pick by name.

use super::model::Class;

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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Preset {
    /// Stable, for addresses and tests.
    pub id: &'static str,
    /// For people.
    pub name: &'static str,
    /// Without a trailing slash; empty where the person types it.
    pub base_url: &'static str,
    /// Where it runs.
    pub place: Place,
    /// An example of a model id, to show the form.
    pub example_model: &'static str,
    /// What its models usually are.
    pub class: Class,
    /// What the person has to do first, if anything.
    pub hint: &'static str,
}

/// All presets, in the order in which they are offered.
pub const PRESETS: [Preset; 7] = [
    Preset {
        id: "openai",
        name: "OpenAI",
        base_url: "https://api.openai.com/v1",
        place: Place::Service,
        example_model: "gpt-5.2",
        class: Class::GeneralPurpose,
        hint: "Make a key of its own for this page, with a spending limit.",
    },
    Preset {
        id: "openrouter",
        name: "OpenRouter",
        base_url: "https://openrouter.ai/api/v1",
        place: Place::Service,
        example_model: "anthropic/claude-opus-4.6",
        class: Class::GeneralPurpose,
        hint: "One key for models of many makers. Give it a credit limit.",
    },
    Preset {
        id: "ollama",
        name: "Ollama",
        base_url: "http://localhost:11434/v1",
        place: Place::ThisMachine,
        example_model: "medgemma:4b",
        class: Class::GeneralPurpose,
        hint: "If this page is not on localhost, start Ollama with OLLAMA_ORIGINS set to this page's address.",
    },
    Preset {
        id: "lm-studio",
        name: "LM Studio",
        base_url: "http://localhost:1234/v1",
        place: Place::ThisMachine,
        example_model: "medgemma-4b-it",
        class: Class::GeneralPurpose,
        hint: "Switch on CORS in its server settings, or start it with: lms server start --cors",
    },
    Preset {
        id: "llama-cpp",
        name: "llama.cpp",
        base_url: "http://localhost:8080/v1",
        place: Place::ThisMachine,
        example_model: "default",
        class: Class::GeneralPurpose,
        hint: "Its server allows pages as it is. Start it on another port if this page uses 8080.",
    },
    Preset {
        id: "vllm",
        name: "vLLM",
        base_url: "http://localhost:8000/v1",
        place: Place::ThisMachine,
        example_model: "google/medgemma-27b-text-it",
        class: Class::GeneralPurpose,
        hint: "Its server allows pages as it is.",
    },
    Preset {
        id: "custom",
        name: "Another address",
        base_url: "",
        place: Place::Anywhere,
        example_model: "model-name",
        class: Class::GeneralPurpose,
        hint: "Any server that speaks OpenAI's Chat Completions and lets pages of other origins call it.",
    },
];

/// Systems without an API, for copy and paste.
pub const PASTE_NAMES: [&str; 3] = ["OpenEvidence", "UpToDate Expert AI", "Google AI Overview"];

/// The preset with this id.
pub fn by_id(id: &str) -> Option<&'static Preset> {
    PRESETS.iter().find(|preset| preset.id == id)
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
    fn medical_models_are_known_by_their_names() {
        assert_eq!(class_of("OpenBioLLM-70B"), Class::Clinical);
        assert_eq!(class_of("medgemma:27b"), Class::Clinical);
        assert_eq!(class_of("gpt-4o"), Class::GeneralPurpose);
    }
}
