//! Owns the description of whatever sits the exam.

use serde::{Deserialize, Serialize};

/// What kind of system a model is; comparisons are made between classes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// A model for everything, such as GPT, Gemini or Claude.
    GeneralPurpose,
    /// A system made or sold for clinical use.
    Clinical,
    /// A rule without knowledge, to compare with.
    Baseline,
    /// A human.
    Person,
}

/// A participant of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModelSpec {
    /// Name for people; unique within a run.
    pub name: String,
    /// Its class.
    pub class: Class,
    /// How its answers come about.
    pub seat: Seat,
}

/// How a participant's answers come about. Never holds a key.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Seat {
    /// An HTTP endpoint in the shape of OpenAI's Chat Completions.
    OpenAiChat {
        /// Such as `https://api.openai.com/v1`, without a trailing slash.
        base_url: String,
        /// The provider's model id.
        model: String,
    },
    /// Computed in the page.
    Baseline {
        /// Which rule.
        rule: Baseline,
        /// Decides ties and guesses.
        seed: u64,
    },
    /// A human answers in the page.
    Person,
    /// A system without an API: a human carries prompts and answers by copy and paste.
    Paste,
    /// Answers that a file brought; nothing is asked.
    Recorded,
}

/// A rule that answers without knowing anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Baseline {
    /// Each option equally likely.
    UniformGuess,
    /// The option with the most characters.
    LongestOption,
    /// The option that shares most words with the question (BM25 over the options).
    WordOverlap,
}
