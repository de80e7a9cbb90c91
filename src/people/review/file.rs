//! Owns the three files of a review: what a reviewer gets, what a reviewer hands back, and the key that stays with the
//! organiser. All are JSON with the name of their form in `schema`; a later form gets a later name.
//!
//! - `viva-review/1` ([`ReviewFile`]): questions, blinded answers under codes, the scale, and the reviewer's tasks in order.
//!   Codes are random and of one length, and lists are sorted by them: nothing in the file goes by model.
//! - `viva-ratings/1` ([`RatingsFile`]): what the reviewer said, bound to the review file by its SHA-256 ([`hash`]).
//! - `viva-review-key/1` ([`KeyFile`]): which code is whose answer, who got what, and the acts of unblinding.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::assign::Mode;
use super::scale::{REFUSAL, Scale};
use super::strip::{Removed, Strip};

/// Form of the file for a reviewer.
pub const REVIEW_SCHEMA: &str = "viva-review/1";
/// Form of the file that a reviewer hands back.
pub const RATINGS_SCHEMA: &str = "viva-ratings/1";
/// Form of the key.
pub const KEY_SCHEMA: &str = "viva-review-key/1";

/// What a reviewer gets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewFile {
    /// [`REVIEW_SCHEMA`].
    pub schema: String,
    /// Names the review.
    pub review: String,
    /// For people.
    pub title: String,
    /// Whose file this is.
    pub reviewer: String,
    /// One answer at a time, or two.
    pub mode: Mode,
    /// What is asked of each answer; in pairs it only says what to look at.
    pub scale: Scale,
    /// Sorted by code.
    pub questions: Vec<Question>,
    /// Sorted by code.
    pub answers: Vec<Answer>,
    /// Codes of the answers shown at once, in the order in which they are rated; of two the first stands on the left.
    pub tasks: Vec<Vec<String>>,
}

/// A question, as a reviewer sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Random.
    pub code: String,
    /// What was asked.
    pub text: String,
}

/// An answer, as a reviewer sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// Random.
    pub code: String,
    /// Code of its question.
    pub question: String,
    /// The answer without what gives its model away.
    pub text: String,
}

/// What a reviewer hands back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RatingsFile {
    /// [`RATINGS_SCHEMA`].
    pub schema: String,
    /// [`ReviewFile::review`].
    pub review: String,
    /// [`hash`] of the review file.
    pub review_sha256: String,
    /// [`ReviewFile::reviewer`].
    pub reviewer: String,
    /// When it was saved, in milliseconds since 1970.
    pub saved_millis: u64,
    /// In the order in which they were first given.
    pub ratings: Vec<Rating>,
}

/// What a reviewer said on one task.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Rating {
    /// The task: codes as in [`ReviewFile::tasks`].
    pub answers: Vec<String>,
    /// By id of a dimension: from 1 up.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub scores: BTreeMap<String, u8>,
    /// By id of a flag.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub flags: BTreeMap<String, bool>,
    /// In pairs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preferred: Option<Preference>,
    /// “I cannot judge this.”
    #[serde(default)]
    pub cannot_judge: bool,
    /// In the reviewer's words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub comment: String,
    /// When it was last changed, in milliseconds since 1970.
    #[serde(default)]
    pub at_millis: u64,
}

/// Which of two answers is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Preference {
    /// The first.
    Left,
    /// The second.
    Right,
    /// Neither.
    Neither,
}

/// What stays with the organiser.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyFile {
    /// [`KEY_SCHEMA`].
    pub schema: String,
    /// Names the review.
    pub review: String,
    /// For people.
    pub title: String,
    /// When it was made, in milliseconds since 1970.
    pub created_millis: u64,
    /// Who knows it and the answers in their order can tell whose is whose: it stands in no review file.
    pub seed: u64,
    /// Reviewers for each answer or pair.
    pub n_per_answer: usize,
    /// One answer at a time, or two.
    pub mode: Mode,
    /// What is asked of each answer.
    pub scale: Scale,
    /// What was taken out of the answers.
    pub strip: Strip,
    /// Whose answers they are.
    pub models: Vec<String>,
    /// The questions, in the organiser's order.
    pub questions: Vec<KeyQuestion>,
    /// The answers, in the organiser's order.
    pub answers: Vec<KeyAnswer>,
    /// Answers that declined by the provider's word: counted apart, rated by nobody.
    pub refusals: Vec<KeyRefusal>,
    /// Who got what.
    pub reviewers: Vec<KeyReviewer>,
    /// Each time that names were shown. Before the first, analyses show codes only.
    #[serde(default)]
    pub unblinded: Vec<Unblinding>,
}

/// A question with its code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyQuestion {
    /// In review files.
    pub code: String,
    /// In the run that it came from.
    pub id: String,
    /// What was asked.
    pub text: String,
}

/// An answer with its code and whose it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyAnswer {
    /// In review files.
    pub code: String,
    /// Index into [`KeyFile::questions`].
    pub question: usize,
    /// Index into [`KeyFile::models`].
    pub model: usize,
    /// As reviewers see it.
    pub text: String,
    /// What was taken out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub removed: Vec<Removed>,
}

/// A refusal that nobody rates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyRefusal {
    /// Index into [`KeyFile::questions`].
    pub question: usize,
    /// Index into [`KeyFile::models`].
    pub model: usize,
}

/// A reviewer's part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyReviewer {
    /// As the organiser calls them.
    pub name: String,
    /// [`hash`] of their review file.
    pub sha256: String,
    /// Indices into [`KeyFile::answers`], as in [`ReviewFile::tasks`].
    pub tasks: Vec<Vec<usize>>,
}

/// That names were shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unblinding {
    /// When, in milliseconds since 1970.
    pub at_millis: u64,
    /// By whom, in their own words.
    pub by: String,
    /// The ratings files that were in, by their SHA-256 and whose they are.
    pub files: Vec<(String, String)>,
}

/// Why a file is not one of a review.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// No JSON, or another form.
    #[error("{wanted} was expected, and this is none ({reason})")]
    Unread {
        /// What was expected, for people.
        wanted: &'static str,
        /// Where reading stopped.
        reason: String,
    },
    /// Another of our files.
    #[error("{wanted} was expected, and this is {found}")]
    Other {
        /// What was expected, for people.
        wanted: &'static str,
        /// What it is, for people.
        found: String,
    },
    /// Its parts do not fit together.
    #[error("the file does not fit together: {0}")]
    Broken(String),
}

/// The SHA-256 of a review file in hex: of its content as JSON without white space, fields in the order of [`ReviewFile`], so
/// that a mail program that breaks lines otherwise changes nothing.
pub fn hash(file: &ReviewFile) -> String {
    hex(&serde_json::to_vec(file).unwrap_or_default())
}

/// The SHA-256 of bytes, in hex.
pub fn hex(bytes: &[u8]) -> String {
    let mut text = String::new();
    for byte in Sha256::digest(bytes) {
        // Writing into a string never fails.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// A file as it is handed out: JSON with line breaks.
pub fn to_text(file: &impl Serialize) -> String {
    serde_json::to_string_pretty(file).unwrap_or_default() + "\n"
}

/// What one of our files is called.
fn name_of(schema: &str) -> String {
    match schema {
        REVIEW_SCHEMA => "a review file for a reviewer".to_owned(),
        RATINGS_SCHEMA => "a file of ratings".to_owned(),
        KEY_SCHEMA => "the organiser’s key file".to_owned(),
        other => format!("a file of the form “{}”", crate::text::shorten(other, 60)),
    }
}

#[derive(Deserialize)]
struct Head {
    schema: String,
}

fn read<T: DeserializeOwned>(
    text: &str,
    schema: &str,
    wanted: &'static str,
) -> Result<T, FileError> {
    let text = text.trim_start_matches('\u{feff}');
    let unread = |error: serde_json::Error| FileError::Unread { wanted, reason: error.to_string() };
    let head: Head = serde_json::from_str(text).map_err(unread)?;
    if head.schema != schema {
        return Err(FileError::Other { wanted, found: name_of(&head.schema) });
    }
    serde_json::from_str(text).map_err(unread)
}

impl ReviewFile {
    /// Reads the file of a reviewer, and checks that its parts fit together.
    pub fn open(text: &str) -> Result<Self, FileError> {
        let file: Self = read(text, REVIEW_SCHEMA, "A review file")?;
        file.scale.check().map_err(|error| FileError::Broken(error.to_string()))?;
        let n_shown = match file.mode {
            Mode::Single => 1,
            Mode::Pairs => 2,
        };
        let codes: BTreeSet<&str> =
            file.answers.iter().map(|answer| answer.code.as_str()).collect();
        let questions: BTreeSet<&str> =
            file.questions.iter().map(|question| question.code.as_str()).collect();
        let is_whole =
            file.answers.iter().all(|answer| questions.contains(answer.question.as_str()))
                && file.tasks.iter().all(|task| {
                    task.len() == n_shown && task.iter().all(|code| codes.contains(code.as_str()))
                });
        if !is_whole || file.tasks.is_empty() {
            return Err(FileError::Broken(
                "a task names an answer or a question that is not there".to_owned(),
            ));
        }
        Ok(file)
    }

    /// An answer by its code.
    pub fn answer(&self, code: &str) -> Option<&Answer> {
        self.answers.iter().find(|answer| answer.code == code)
    }

    /// The question of a task.
    pub fn question(&self, task_idx: usize) -> Option<&Question> {
        let code = self.tasks.get(task_idx)?.first()?;
        let question = &self.answer(code)?.question;
        self.questions.iter().find(|other| other.code == *question)
    }

    /// A file of ratings without any.
    pub fn blank(&self) -> RatingsFile {
        RatingsFile {
            schema: RATINGS_SCHEMA.to_owned(),
            review: self.review.clone(),
            review_sha256: hash(self),
            reviewer: self.reviewer.clone(),
            saved_millis: 0,
            ratings: vec![],
        }
    }

    /// Whether a rating says all that is asked. Of an answer that declines nothing else need be said.
    pub fn is_complete(&self, rating: &Rating) -> bool {
        if rating.cannot_judge {
            return true;
        }
        match self.mode {
            Mode::Pairs => rating.preferred.is_some(),
            Mode::Single => {
                let all = |flags: &[super::scale::Flag]| {
                    flags.iter().all(|flag| rating.flags.contains_key(&flag.id))
                };
                let is_refusal = rating.flags.get(REFUSAL) == Some(&true);
                let is_rated =
                    self.scale.dimensions.iter().all(|of| rating.scores.contains_key(&of.id));
                is_refusal || (is_rated && all(&self.scale.flags))
            }
        }
    }
}

impl RatingsFile {
    /// Reads what a reviewer handed back.
    pub fn open(text: &str) -> Result<Self, FileError> {
        read(text, RATINGS_SCHEMA, "A file of ratings")
    }

    /// The rating of a task.
    pub fn of(&self, task: &[String]) -> Option<&Rating> {
        self.ratings.iter().find(|rating| rating.answers == task)
    }

    /// Puts a rating in place of what was said on its task.
    pub fn put(&mut self, rating: Rating) {
        match self.ratings.iter_mut().find(|other| other.answers == rating.answers) {
            Some(other) => *other = rating,
            None => self.ratings.push(rating),
        }
    }
}

impl KeyFile {
    /// Reads the organiser's key, and checks that its parts fit together.
    pub fn open(text: &str) -> Result<Self, FileError> {
        let key: Self = read(text, KEY_SCHEMA, "The organiser’s key file")?;
        key.scale.check().map_err(|error| FileError::Broken(error.to_string()))?;
        let fits = |question: usize, model: usize| {
            question < key.questions.len() && model < key.models.len()
        };
        let is_whole =
            key.answers.iter().all(|answer| fits(answer.question, answer.model))
                && key.refusals.iter().all(|refusal| fits(refusal.question, refusal.model))
                && key.reviewers.iter().flat_map(|reviewer| reviewer.tasks.iter()).all(|task| {
                    !task.is_empty() && task.iter().all(|idx| *idx < key.answers.len())
                });
        if !is_whole {
            return Err(FileError::Broken(
                "it names an answer, question or model that is not there".to_owned(),
            ));
        }
        Ok(key)
    }

    /// The file of a reviewer.
    pub fn file_for(&self, reviewer_idx: usize) -> Option<ReviewFile> {
        let reviewer = self.reviewers.get(reviewer_idx)?;
        let shown: BTreeSet<usize> = reviewer.tasks.iter().flatten().copied().collect();
        let mut answers: Vec<Answer> = shown
            .iter()
            .filter_map(|idx| self.answers.get(*idx))
            .map(|answer| Answer {
                code: answer.code.clone(),
                question: self.questions[answer.question].code.clone(),
                text: answer.text.clone(),
            })
            .collect();
        answers.sort_by(|a, b| a.code.cmp(&b.code));
        let asked: BTreeSet<&String> = answers.iter().map(|answer| &answer.question).collect();
        let mut questions: Vec<Question> = self
            .questions
            .iter()
            .filter(|question| asked.contains(&question.code))
            .map(|question| Question { code: question.code.clone(), text: question.text.clone() })
            .collect();
        questions.sort_by(|a, b| a.code.cmp(&b.code));
        let code = |idx: &usize| self.answers.get(*idx).map(|answer| answer.code.clone());
        Some(ReviewFile {
            schema: REVIEW_SCHEMA.to_owned(),
            review: self.review.clone(),
            title: self.title.clone(),
            reviewer: reviewer.name.clone(),
            mode: self.mode,
            scale: self.scale.clone(),
            questions,
            answers,
            tasks: reviewer
                .tasks
                .iter()
                .map(|task| task.iter().filter_map(code).collect())
                .collect(),
        })
    }
}
