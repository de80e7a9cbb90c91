//! Stands in for `dataset::record::ItemRecord`, in the same JSON, until that is merged.

use serde::{Deserialize, Serialize};

use super::PlanError;
use crate::dataset::{Choice, Difficulty, Item, ItemId, Kind, Source};

/// An item as it is stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct ItemRecord {
    id: String,
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

/// The item of a record.
pub(super) fn read(record: ItemRecord) -> Result<Item, PlanError> {
    let answer = (0..record.options.len())
        .find(|idx| record.answer == Choice::letter(*idx).to_string())
        .ok_or_else(|| PlanError::Item {
            id: record.id.clone(),
            reason: format!(
                "its answer {} is none of its {} options",
                record.answer,
                record.options.len()
            ),
        })?;
    Ok(Item {
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
