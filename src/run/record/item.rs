//! Stands in for `dataset::{ItemRecord, Invalid, fingerprint}`, with the same shapes, until those are merged.

use serde::{Deserialize, Serialize};

use crate::dataset::{Choice, Difficulty, Item, ItemId, Kind, Source};

/// An item as it is stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct ItemRecord {
    pub(super) id: String,
    kind: KindName,
    #[serde(default)]
    category: String,
    question: String,
    #[serde(default)]
    context: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    plain_question: Option<String>,
    options: Vec<String>,
    answer: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    explanation: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    difficulty: Option<DifficultyName>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    source: Option<SourceRecord>,
    #[serde(default)]
    tags: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum KindName {
    SingleChoice,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum DifficultyName {
    Easy,
    Medium,
    Hard,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct SourceRecord {
    title: String,
    organization: String,
    year: u16,
    locator: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

impl From<&Item> for ItemRecord {
    fn from(item: &Item) -> Self {
        let choice = item.choice();
        Self {
            id: item.id.0.clone(),
            kind: KindName::SingleChoice,
            category: item.category.clone(),
            question: item.question.clone(),
            context: item.context.clone(),
            plain_question: item.plain_question.clone(),
            options: choice.options.clone(),
            answer: Choice::letter(choice.answer).to_string(),
            explanation: item.explanation.clone(),
            difficulty: item.difficulty.map(|difficulty| match difficulty {
                Difficulty::Easy => DifficultyName::Easy,
                Difficulty::Medium => DifficultyName::Medium,
                Difficulty::Hard => DifficultyName::Hard,
            }),
            source: item.source.as_ref().map(|source| SourceRecord {
                title: source.title.clone(),
                organization: source.organization.clone(),
                year: source.year,
                locator: source.locator.clone(),
                url: source.url.clone(),
            }),
            tags: item.tags.clone(),
        }
    }
}

/// Why a record is not an item.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {reason}")]
pub(crate) struct Invalid {
    field: String,
    reason: String,
}

/// SHA-256 over the items.
pub(crate) fn fingerprint(items: &[Item]) -> String {
    let records: Vec<ItemRecord> = items.iter().map(ItemRecord::from).collect();
    crate::run::chain::digest(&[&serde_json::to_vec(&records).unwrap_or_default()])
}

impl TryFrom<ItemRecord> for Item {
    type Error = Invalid;

    fn try_from(record: ItemRecord) -> Result<Self, Invalid> {
        let answer = (0..record.options.len())
            .find(|idx| record.answer == Choice::letter(*idx).to_string())
            .ok_or_else(|| Invalid {
                field: "answer".to_owned(),
                reason: format!(
                    "{} names none of the {} options",
                    record.answer,
                    record.options.len()
                ),
            })?;
        Ok(Self {
            id: ItemId(record.id),
            question: record.question,
            context: record.context,
            kind: Kind::Choice(Choice { options: record.options, answer }),
            category: record.category,
            plain_question: record.plain_question,
            explanation: record.explanation,
            difficulty: record.difficulty.map(|difficulty| match difficulty {
                DifficultyName::Easy => Difficulty::Easy,
                DifficultyName::Medium => Difficulty::Medium,
                DifficultyName::Hard => Difficulty::Hard,
            }),
            source: record.source.map(|source| Source {
                title: source.title,
                organization: source.organization,
                year: source.year,
                locator: source.locator,
                url: source.url,
            }),
            tags: record.tags,
        })
    }
}
