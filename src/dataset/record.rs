//! Owns the written form of items and packs: what stands in `datasets/`, in exports and under fingerprints.

use serde::{Deserialize, Serialize};

use super::{Dataset, Difficulty, Item, Source};

/// What [`PackFile::schema`] says in packs of this version.
pub const PACK_SCHEMA: &str = "viva-pack/1";

/// An item as it is written. Fields stand in alphabetical order, because the fingerprint is taken of them as they stand;
/// those that may be missing are left out when they are empty. Which of them an item must have, its kind decides.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ItemRecord {
    /// `short_text`: what counts as right.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accepted: Vec<String>,
    /// `single_choice`: letter of the right option, `A` for the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<char>,
    /// `multiple_choice`: letters of the right options.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<char>,
    /// [`Item::category`].
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub category: String,
    /// [`Item::context`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub context: Vec<String>,
    /// A conversation that ends with what is asked, in the place of `question`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conversation: Vec<TurnRecord>,
    /// [`Item::difficulty`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub difficulty: Option<DifficultyRecord>,
    /// [`Item::explanation`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub explanation: Option<String>,
    /// [`Item::id`].
    pub id: String,
    /// How the item is answered.
    pub kind: KindRecord,
    /// `number`: the right number and its bounds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<NumberRecord>,
    /// Texts of the options without their letters.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<String>,
    /// [`Item::plain_question`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plain_question: Option<String>,
    /// [`Item::question`].
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub question: String,
    /// `reference`: what a right answer says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// `open_ended`: the criteria.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rubric: Vec<CriterionRecord>,
    /// [`Item::source`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<SourceRecord>,
    /// [`Item::tags`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
}

/// [`Kind`] as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KindRecord {
    /// One of several options is right.
    #[default]
    SingleChoice,
    /// Several options are right.
    MultipleChoice,
    /// A number within bounds.
    Number,
    /// A few words out of those accepted.
    ShortText,
    /// Free text, held against a reference answer.
    Reference,
    /// Free text, graded by a rubric.
    OpenEnded,
}

/// [`NumberAnswer`] as it is written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NumberRecord {
    /// [`NumberAnswer::high`]; the value itself where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high: Option<f64>,
    /// [`NumberAnswer::low`]; the value itself where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low: Option<f64>,
    /// [`NumberAnswer::unit`].
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub unit: String,
    /// [`NumberAnswer::value`].
    pub value: f64,
}

/// [`Criterion`] as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CriterionRecord {
    /// [`Criterion::text`].
    pub criterion: String,
    /// [`Criterion::points`].
    pub points: i32,
    /// [`Criterion::tags`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
}

/// [`Turn`] as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TurnRecord {
    /// [`Turn::text`].
    pub content: String,
    /// [`Turn::speaker`].
    pub role: SpeakerRecord,
}

/// [`Speaker`] as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SpeakerRecord {
    /// A standing instruction.
    System,
    /// The person who asks.
    User,
    /// An assistant.
    Assistant,
}

/// [`Difficulty`] as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DifficultyRecord {
    /// Most who studied the subject know it.
    Easy,
    /// About half do.
    Medium,
    /// Few do.
    Hard,
}

/// [`Source`] as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceRecord {
    /// [`Source::locator`].
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub locator: String,
    /// [`Source::organization`].
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub organization: String,
    /// [`Source::title`].
    pub title: String,
    /// [`Source::url`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// [`Source::year`].
    pub year: u16,
}

/// A whole pack as it is written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PackFile {
    /// [`PACK_SCHEMA`].
    pub schema: String,
    /// [`Dataset::id`].
    pub id: String,
    /// [`Dataset::title`].
    pub title: String,
    /// [`Dataset::version`].
    pub version: String,
    /// [`Dataset::language`].
    #[serde(default)]
    pub language: String,
    /// [`Dataset::licence`].
    #[serde(default)]
    pub licence: String,
    /// What the pack is, for people who look into the file.
    #[serde(default)]
    pub description: String,
    /// The items, in order.
    pub items: Vec<ItemRecord>,
}

/// Why a record is not an item.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {reason}")]
pub struct Invalid {
    /// The field that is wrong, by the name it has in the file.
    pub field: String,
    /// What is wrong with it.
    pub reason: String,
}

impl Invalid {
    pub(super) fn new(field: &str, reason: impl Into<String>) -> Self {
        Self { field: field.to_owned(), reason: reason.into() }
    }
}

/// Index of the option with a capital letter; `None` for anything else.
pub(super) fn letter_index(letter: char) -> Option<usize> {
    letter.is_ascii_uppercase().then(|| usize::from(letter as u8 - b'A'))
}

impl From<&Dataset> for PackFile {
    fn from(dataset: &Dataset) -> Self {
        Self {
            schema: PACK_SCHEMA.to_owned(),
            id: dataset.id.clone(),
            title: dataset.title.clone(),
            version: dataset.version.clone(),
            language: dataset.language.clone(),
            licence: dataset.licence.clone(),
            description: String::new(),
            items: dataset.items.iter().map(ItemRecord::from).collect(),
        }
    }
}

impl TryFrom<PackFile> for Dataset {
    type Error = Invalid;

    fn try_from(pack: PackFile) -> Result<Self, Invalid> {
        if pack.schema != PACK_SCHEMA {
            return Err(Invalid::new(
                "schema",
                format!("is {:?}, not {PACK_SCHEMA:?}", pack.schema),
            ));
        }
        Ok(Self {
            id: pack.id,
            title: pack.title,
            version: pack.version,
            language: pack.language,
            licence: pack.licence,
            items: pack.items.into_iter().map(Item::try_from).collect::<Result<_, _>>()?,
            splits: Vec::new(),
        })
    }
}

impl From<Difficulty> for DifficultyRecord {
    fn from(difficulty: Difficulty) -> Self {
        match difficulty {
            Difficulty::Easy => Self::Easy,
            Difficulty::Medium => Self::Medium,
            Difficulty::Hard => Self::Hard,
        }
    }
}

impl From<DifficultyRecord> for Difficulty {
    fn from(record: DifficultyRecord) -> Self {
        match record {
            DifficultyRecord::Easy => Self::Easy,
            DifficultyRecord::Medium => Self::Medium,
            DifficultyRecord::Hard => Self::Hard,
        }
    }
}

impl From<&Source> for SourceRecord {
    fn from(source: &Source) -> Self {
        Self {
            locator: source.locator.clone(),
            organization: source.organization.clone(),
            title: source.title.clone(),
            url: source.url.clone(),
            year: source.year,
        }
    }
}

impl From<SourceRecord> for Source {
    fn from(record: SourceRecord) -> Self {
        Self {
            title: record.title,
            organization: record.organization,
            year: record.year,
            locator: record.locator,
            url: record.url,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record() -> ItemRecord {
        serde_json::from_value(serde_json::json!({
            "id": "x-1", "kind": "single_choice", "question": "Which?", "options": ["one", "two", "three"], "answer": "B",
            "category": "diagnosis", "context": ["A passage."], "plain_question": "What?", "explanation": "Because.",
            "difficulty": "medium", "tags": ["dosing"],
            "source": {"title": "T", "organization": "O", "year": 2020, "locator": "L", "url": "https://example.org"},
        }))
        .unwrap()
    }

    fn refused(change: impl FnOnce(&mut ItemRecord)) -> Invalid {
        let mut record = record();
        change(&mut record);
        Item::try_from(record).unwrap_err()
    }

    #[test]
    fn a_record_becomes_an_item_and_the_same_record_again() {
        let item = Item::try_from(record()).unwrap();
        assert_eq!(item.choice().unwrap().answer, 1);
        assert_eq!(ItemRecord::from(&item), record());
    }

    #[test]
    fn what_cannot_be_asked_or_scored_is_refused_with_its_field() {
        assert_eq!(refused(|r| r.question = "  ".into()).field, "question");
        assert_eq!(refused(|r| r.id = String::new()).field, "id");
        assert_eq!(refused(|r| r.options.truncate(1)).field, "answer");
        assert_eq!(refused(|r| r.options = vec!["x".into(); 27]).field, "options");
        assert_eq!(refused(|r| r.options[2] = " ".into()).reason, "option C is empty");
        assert_eq!(refused(|r| r.answer = Some('D')).field, "answer");
        assert_eq!(refused(|r| r.answer = Some('b')).field, "answer");
        assert_eq!(
            refused(|r| r.options[2] = "two ".into()).reason,
            "C reads the same as the right option B: two letters are right"
        );
    }

    #[test]
    fn two_wrong_options_may_read_the_same() {
        let mut record = record();
        record.options[2] = "one".into();
        assert!(Item::try_from(record).is_ok());
    }

    #[test]
    fn twenty_six_options_have_letters_and_are_accepted() {
        let mut record = record();
        record.options = ('A'..='Z').map(|letter| format!("option {letter}")).collect();
        record.answer = Some('Z');
        assert_eq!(Item::try_from(record).unwrap().choice().unwrap().answer, 25);
    }

    #[test]
    fn a_misspelt_field_is_not_dropped_in_silence() {
        let error = serde_json::from_str::<ItemRecord>(
            r#"{"id":"x","kind":"single_choice","question":"Q","options":["a","b"],"answer":"A","explaination":"…"}"#,
        )
        .unwrap_err();
        assert!(error.to_string().contains("explaination"), "{error}");
    }

    #[test]
    fn a_pack_goes_to_a_dataset_and_back() {
        let pack = PackFile {
            schema: PACK_SCHEMA.into(),
            id: "p".into(),
            title: "P".into(),
            version: "1.0.0".into(),
            language: "en".into(),
            licence: "CC BY 4.0".into(),
            description: String::new(),
            items: vec![record()],
        };
        let dataset = Dataset::try_from(pack.clone()).unwrap();
        assert_eq!(PackFile::from(&dataset), pack);
        let newer = PackFile { schema: "viva-pack/2".into(), ..pack };
        assert_eq!(Dataset::try_from(newer).unwrap_err().field, "schema");
    }
}
