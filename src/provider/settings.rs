//! Owns what can be set about a call beside its question, and what of it is withheld from a model that refuses it.

use serde::{Deserialize, Serialize};

/// Settings of a call. What is `None` is not sent, so that the provider's own default holds.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct CallSettings {
    /// Sampling temperature.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub temperature: Option<f64>,
    /// Seed of the sampling, for providers that take one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    /// Upper bound on the tokens of an answer, thinking included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_output_tokens: Option<u32>,
    /// How much a model thinks before it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effort: Option<Effort>,
    /// Size of the context that a local server is to set up, in tokens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context_tokens: Option<u32>,
    /// Whether the answer comes in pieces.
    #[serde(default, skip_serializing_if = "Delivery::is_whole")]
    pub delivery: Delivery,
}

impl CallSettings {
    /// Whether nothing is set.
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

impl CallSettings {
    /// What is sent, setting by setting, for people: `temperature 0`. Empty where the provider's own defaults hold.
    pub fn told(&self) -> Vec<String> {
        let delivery = match self.delivery {
            Delivery::Whole => None,
            Delivery::Streamed => Some("answers in pieces".to_owned()),
            Delivery::Batch => Some("asked in batches".to_owned()),
        };
        [
            self.temperature.map(|value| format!("temperature {value}")),
            self.seed.map(|seed| format!("seed {seed}")),
            self.max_output_tokens.map(|n| format!("at most {n} tokens an answer")),
            self.effort.map(|effort| format!("reasoning effort {}", effort.word())),
            self.context_tokens.map(|n| format!("a context of {n} tokens")),
            delivery,
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// How an answer comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    /// At once, when it is done.
    #[default]
    Whole,
    /// In pieces, as it is written.
    Streamed,
    /// By the provider's batch API, hours later and cheaper.
    Batch,
}

impl Delivery {
    #[allow(clippy::trivially_copy_pass_by_ref)] // the form that serde asks for
    fn is_whole(&self) -> bool {
        *self == Self::Whole
    }
}

/// How much a model thinks. Not every model takes every value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effort {
    /// Not at all.
    None,
    /// As little as it can.
    Minimal,
    /// Little.
    Low,
    /// The middle.
    Medium,
    /// Much.
    High,
}

impl Effort {
    /// All, from none to much.
    pub const ALL: [Self; 5] = [Self::None, Self::Minimal, Self::Low, Self::Medium, Self::High];

    /// The word that providers use for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Minimal => "minimal",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// One of the settings, by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Setting {
    /// [`CallSettings::temperature`].
    Temperature,
    /// [`CallSettings::seed`].
    Seed,
    /// [`CallSettings::max_output_tokens`].
    MaxOutputTokens,
    /// [`CallSettings::effort`].
    Effort,
    /// [`CallSettings::context_tokens`].
    ContextTokens,
    /// [`Delivery::Streamed`], or the count of tokens at a stream's end.
    Streaming,
    /// A JSON schema for the answer.
    JsonSchema,
}

impl Setting {
    /// Its name for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Temperature => "temperature",
            Self::Seed => "seed",
            Self::MaxOutputTokens => "longest answer",
            Self::Effort => "reasoning effort",
            Self::ContextTokens => "size of the context",
            Self::Streaming => "answers in pieces",
            Self::JsonSchema => "answers by a schema",
        }
    }
}

/// A setting that was wanted and is not sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withheld {
    /// Which.
    pub setting: Setting,
    /// Why, for people.
    pub reason: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sent_is_told_and_what_is_not_set_is_left_out() {
        assert!(CallSettings::default().told().is_empty());
        let settings = CallSettings {
            temperature: Some(0.0),
            seed: Some(7),
            max_output_tokens: Some(512),
            effort: Some(Effort::Low),
            context_tokens: Some(8_192),
            delivery: Delivery::Streamed,
        };
        assert_eq!(
            settings.told().join(", "),
            "temperature 0, seed 7, at most 512 tokens an answer, reasoning effort low, a context of 8192 tokens, answers in pieces"
        );
    }
}
