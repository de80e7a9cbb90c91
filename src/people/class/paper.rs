//! Owns the paper of a class: questions in the open, everything about the answers locked, in a link or a file.
//!
//! A link carries base64 (for addresses) of deflated JSON; a file is the JSON itself. Both have the same hash, so that what
//! is handed in fits either.

use std::fmt::Write;

use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::decompress_to_vec_with_limit;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::letters::{from_url, to_url};
use crate::dataset::{Item, ItemRecord};
use crate::people::exam::{Asked, Form, Terms};
use crate::provider::Class;
use crate::score::Outcome;

/// Names the form and its version.
const SCHEMA: &str = "viva-exam/1";
/// What a paper may unpack to.
const MAX_BYTES: usize = 4 << 20;
/// Questions of one paper at most: what is handed in must stay small.
pub const MAX_ITEMS: usize = 300;
/// The longest link that is offered: what messengers and browsers still pass on whole.
pub const MAX_LINK: usize = 16_000;

/// What students get.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Paper {
    schema: String,
    /// For people.
    pub title: String,
    /// How it is sat.
    pub terms: Terms,
    /// The questions, without anything about their answers.
    pub items: Vec<Asked>,
    /// Names of the models whose answers are locked in it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub models: Vec<String>,
    /// The rest.
    pub locked: Locked,
}

/// A [`Secret`] under a key that the teacher keeps: AES-256-GCM, in base64 for addresses.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Locked {
    /// Of the derivation of the key.
    pub salt: String,
    /// The initialisation vector.
    pub iv: String,
    /// Deflated JSON, encrypted.
    pub data: String,
}

/// What is locked: the answers, and what models answered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Secret {
    /// For each question its record without what stands in the open.
    items: Vec<ItemRecord>,
    /// Recorded answers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub models: Vec<Witness>,
}

/// A model whose recorded answers are revealed afterwards.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Witness {
    /// For people.
    pub name: String,
    /// Its class.
    pub class: Class,
    /// For each question; `None` where it was not asked.
    pub answers: Vec<Option<Recorded>>,
}

/// What a model answered once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recorded {
    /// How it was scored.
    #[serde(rename = "o")]
    pub outcome: Outcome,
    /// The option that was read.
    #[serde(rename = "c", default, skip_serializing_if = "Option::is_none")]
    pub choice: Option<usize>,
    /// The beginning of its text, where no option says it all.
    #[serde(rename = "t", default, skip_serializing_if = "String::is_empty")]
    pub text: String,
}

/// Why a link or file is no exam.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PaperError {
    /// Letters that no link holds, or a link that was cut.
    #[error(
        "This link is not whole: a part of it was lost on its way. Ask your teacher for it again, or scan it."
    )]
    Damaged,
    /// Another program's file.
    #[error("This is no exam of Viva ({reason}). Ask your teacher for the link again.")]
    NotAnExam {
        /// What is wrong.
        reason: String,
    },
    /// A newer form.
    #[error(
        "This exam was made with a newer version of Viva ({schema}). Open it on the page where it was made."
    )]
    Newer {
        /// What it calls its form.
        schema: String,
    },
    /// Unlocked, but it does not belong to these questions.
    #[error("The answers in this exam do not fit its questions: {reason}. Tell your teacher.")]
    Unfit {
        /// What is wrong.
        reason: String,
    },
}

impl Paper {
    /// A paper that has not been locked yet.
    pub fn new(title: &str, terms: Terms, items: &[Item], models: &[Witness]) -> Self {
        Self {
            schema: SCHEMA.to_owned(),
            title: title.to_owned(),
            terms,
            items: items.iter().map(Asked::of).collect(),
            models: models.iter().map(|model| model.name.clone()).collect(),
            locked: Locked::default(),
        }
    }

    /// Its one written form, which is hashed, deflated and saved.
    pub fn json(&self) -> String {
        // String keys only, written to memory: cannot fail.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// SHA-256 of the written form: what is handed in is bound to it.
    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.json()).into()
    }

    /// The first bytes of the hash in hex: a name for this exam in a browser's store.
    pub fn name(&self) -> String {
        self.hash().iter().take(8).fold(String::new(), |mut name, byte| {
            let _ = write!(name, "{byte:02x}");
            name
        })
    }

    /// For the fragment of an address.
    pub fn to_link(&self) -> String {
        to_url(&compress_to_vec(self.json().as_bytes(), 10))
    }

    /// Undoes [`Self::to_link`].
    pub fn from_link(text: &str) -> Result<Self, PaperError> {
        let deflated = from_url(text.trim()).ok_or(PaperError::Damaged)?;
        let json = decompress_to_vec_with_limit(&deflated, MAX_BYTES)
            .map_err(|_broken| PaperError::Damaged)?;
        Self::from_json(&json)
    }

    /// Reads the written form, as it stands in a file.
    pub fn from_json(json: &[u8]) -> Result<Self, PaperError> {
        #[derive(Deserialize)]
        struct Head {
            schema: String,
        }
        let not_one = |reason: String| PaperError::NotAnExam { reason };
        let head: Head =
            serde_json::from_slice(json).map_err(|error| not_one(error.to_string()))?;
        if head.schema != SCHEMA {
            let schema = head.schema;
            return Err(if schema.starts_with("viva-exam/") {
                PaperError::Newer { schema }
            } else {
                not_one(format!("it is of the form {schema}"))
            });
        }
        let paper: Self =
            serde_json::from_slice(json).map_err(|error| not_one(error.to_string()))?;
        paper.check().map_err(not_one)?;
        Ok(paper)
    }

    fn check(&self) -> Result<(), String> {
        if self.items.is_empty() || MAX_ITEMS < self.items.len() {
            return Err(format!("it has {} questions", self.items.len()));
        }
        for (number, item) in (1..).zip(&self.items) {
            let n = item.options.len();
            let is_whole = match item.form {
                Form::One | Form::Several => (2..=26).contains(&n),
                Form::Number | Form::Words | Form::Open => n == 0,
            };
            if !is_whole || item.question.trim().is_empty() {
                return Err(format!("question {number} cannot be asked"));
            }
        }
        if self.terms.minutes.is_some_and(|minutes| minutes == 0 || 10_000 < minutes) {
            return Err("its time limit makes no sense".to_owned());
        }
        Ok(())
    }
}

impl Secret {
    /// What is to be locked of these items.
    pub fn of(items: &[Item], models: Vec<Witness>) -> Self {
        let items = items.iter().map(|item| {
            let mut record = ItemRecord::from(item);
            // These stand in the open.
            record.question.clear();
            record.conversation.clear();
            record.context.clear();
            record.options.clear();
            record.plain_question = None;
            record
        });
        Self { items: items.collect(), models }
    }

    /// The bytes that are encrypted.
    pub fn pack(&self) -> Vec<u8> {
        // As above: cannot fail.
        compress_to_vec(&serde_json::to_vec(self).unwrap_or_default(), 10)
    }

    /// Undoes [`Self::pack`].
    pub fn unpack(packed: &[u8]) -> Result<Self, PaperError> {
        let unfit = |reason: String| PaperError::Unfit { reason };
        let json = decompress_to_vec_with_limit(packed, MAX_BYTES)
            .map_err(|broken| unfit(broken.to_string()))?;
        serde_json::from_slice(&json).map_err(|error| unfit(error.to_string()))
    }

    /// The whole items of a paper.
    pub fn items(&self, paper: &Paper) -> Result<Vec<Item>, PaperError> {
        let unfit = |reason: String| PaperError::Unfit { reason };
        if self.items.len() != paper.items.len() {
            return Err(unfit("there are not as many".to_owned()));
        }
        let whole = self.items.iter().zip(&paper.items).map(|(record, asked)| {
            let mut record = record.clone();
            asked.write_into(&mut record);
            let item = Item::try_from(record).map_err(|invalid| unfit(invalid.to_string()))?;
            let is_same = Asked::of(&item) == *asked;
            is_same
                .then_some(item)
                .ok_or_else(|| unfit("a question is answered otherwise".to_owned()))
        });
        whole.collect()
    }
}

impl Asked {
    fn write_into(&self, record: &mut ItemRecord) {
        use crate::dataset::record::{SpeakerRecord, TurnRecord};
        use crate::people::exam::Voice;
        record.question.clone_from(&self.question);
        record.context.clone_from(&self.context);
        record.options.clone_from(&self.options);
        record.plain_question.clone_from(&self.plain);
        if self.turns.is_empty() {
            return;
        }
        // A conversation is written with its question as the last turn.
        let asked = (Voice::Person, self.question.clone());
        let turns = self.turns.iter().chain([&asked]);
        record.conversation = turns
            .map(|(voice, text)| TurnRecord {
                content: text.clone(),
                role: match voice {
                    Voice::Instruction => SpeakerRecord::System,
                    Voice::Person => SpeakerRecord::User,
                    Voice::Assistant => SpeakerRecord::Assistant,
                },
            })
            .collect();
        record.question.clear();
    }
}

/// The name of a file beside the page, as a link may give it: one name, no folder, no other host.
pub fn hosted_name(name: &str) -> Option<&str> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let is_name = name.len() <= 80
        && name.strip_suffix(".json").is_some_and(|stem| !stem.is_empty())
        && name.chars().all(is_plain)
        && !name.starts_with('.')
        && !name.contains("..");
    is_name.then_some(name)
}

#[cfg(test)]
pub(in crate::people) mod tests;
