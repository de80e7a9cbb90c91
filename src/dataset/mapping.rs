//! Owns mappings: what a person says the columns of a file are, where their names do not tell.

mod choosing;
mod guess;
mod memory;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::answer::Reading;
use super::fingerprint::hex;
use super::intake::{Intake, Mode};
use super::open::{archive_of, fill, open_as, peel};
use super::open_answer::FreeReading;
use super::options::text_of;
use super::record::KindRecord;
use super::row::Row;
use super::unpack::Budget;
use super::{Error, Import, archive, inlined, literal};

pub use memory::Memory;

/// Rows that examples are taken from.
const N_LOOKED_AT: usize = 200;
/// Examples of a column.
const N_SAMPLES: usize = 5;
/// Characters of an example.
const N_CHARS: usize = 200;
/// More columns are not offered.
const MAX_COLUMNS: usize = 500;

/// What a column is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Not used.
    Ignore,
    /// Names the item.
    Id,
    /// What is asked. Several are joined, in the order of the mapping.
    Question,
    /// A conversation that ends with what is asked.
    Conversation,
    /// The text of one option: 0 for the first.
    Option(u8),
    /// All options, as a list or in one text.
    Options,
    /// The right answer: a letter, a number, a text, or several of them. Several columns make several right answers.
    Answer,
    /// Texts that count as right, of all such columns together.
    Accepted,
    /// What a right answer in free text says.
    Reference,
    /// Criteria with points.
    Rubric,
    /// The least that counts as right.
    Low,
    /// The most that counts as right.
    High,
    /// How far from the right number an answer may lie, as a number or in per cent.
    Tolerance,
    /// Of a number.
    Unit,
    /// What figures are grouped by.
    Category,
    /// Why the right answer is right.
    Explanation,
    /// A passage that the question is asked about. Several are kept in the order of the mapping.
    Context,
    /// Labels, as a list or divided by commas, semicolons or bars.
    Tags,
    /// `easy`, `medium` or `hard`.
    Difficulty,
}

impl Role {
    /// Its name: of a field in a form, and of the cell in a row that the readers know. All options have one.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ignore => "ignore",
            Self::Id => "id",
            Self::Question => "question",
            Self::Conversation => "conversation",
            Self::Option(_) => "option",
            Self::Options => "options",
            Self::Answer => "answer",
            Self::Accepted => "accepted",
            Self::Reference => "reference",
            Self::Rubric => "rubric",
            Self::Low => "low",
            Self::High => "high",
            Self::Tolerance => "tolerance",
            Self::Unit => "unit",
            Self::Category => "category",
            Self::Explanation => "explanation",
            Self::Context => "context",
            Self::Tags => "tags",
            Self::Difficulty => "difficulty",
        }
    }
}

/// A column of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Its name; that of a field within a field has both, with a point between.
    pub name: String,
    /// The first different contents, shortened.
    pub samples: Vec<String>,
    /// In how many of the rows looked at it holds anything.
    pub n_filled: usize,
    /// What it seems to be.
    pub guess: Role,
}

/// What numbers mean as right answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Numbering {
    /// As the answers of the whole file show it.
    #[default]
    Auto,
    /// 0 is the first option.
    FromZero,
    /// 1 is the first option.
    FromOne,
}

/// What the columns of a file are. It can be kept, and used for every file with the same columns.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Mapping {
    /// Columns by name, in order. Columns that are not named are not used.
    pub roles: Vec<(String, Role)>,
    /// How the questions are answered; `None` where the file shall tell.
    pub kind: Option<KindRecord>,
    /// What numbers mean as right answers.
    pub numbering: Numbering,
}

impl Mapping {
    /// The mapping that the guesses make.
    pub fn guessed(columns: &[Column]) -> Self {
        let used = columns.iter().filter(|column| column.guess != Role::Ignore);
        let roles = used.map(|column| (column.name.clone(), column.guess)).collect();
        Self { roles, kind: None, numbering: Numbering::Auto }
    }

    /// The row with the names that the readers know, and without the columns that are not used.
    pub(super) fn apply<'a>(&self, row: &Row) -> Row<'a> {
        let mut cells: Vec<(Cow<'a, str>, Value)> = Vec::new();
        let mut question = String::new();
        let mut context: Vec<Value> = Vec::new();
        let mut options: Vec<(u8, Value)> = Vec::new();
        let mut joined = Joined::default();
        for (name, role) in &self.roles {
            let Some(value) = field(row, name) else { continue };
            let field = match role {
                Role::Ignore => continue,
                Role::Question => {
                    let text = text_of(&value).unwrap_or_default();
                    if !question.is_empty() && !text.trim().is_empty() {
                        question.push_str("\n\n");
                    }
                    question.push_str(text.trim());
                    continue;
                }
                Role::Context => {
                    match value {
                        Value::Array(values) => context.extend(values),
                        other => context.push(other),
                    }
                    continue;
                }
                Role::Option(place) => {
                    options.push((*place, value));
                    continue;
                }
                Role::Options => {
                    cells.push((Cow::Borrowed("options"), divided(value)));
                    continue;
                }
                Role::Tags => {
                    joined.tags.push(tags(value));
                    continue;
                }
                Role::Answer => {
                    joined.answers.push(value);
                    continue;
                }
                Role::Accepted => {
                    joined.accepted.push(value);
                    continue;
                }
                Role::Id
                | Role::Conversation
                | Role::Reference
                | Role::Rubric
                | Role::Low
                | Role::High
                | Role::Tolerance
                | Role::Unit
                | Role::Category
                | Role::Explanation
                | Role::Difficulty => role.name(),
            };
            cells.push((Cow::Borrowed(field), value));
        }
        let has_conversation = self.roles.iter().any(|(_, role)| *role == Role::Conversation);
        if !question.is_empty() || !has_conversation {
            cells.push((Cow::Borrowed("question"), Value::String(question)));
        }
        cells.extend(joined.cells());
        if !context.is_empty() {
            cells.push((Cow::Borrowed("context"), Value::Array(context)));
        }
        if !options.is_empty() {
            options.sort_by_key(|(place, _)| *place);
            let options = options.into_iter().map(|(_, value)| value).collect();
            cells.push((Cow::Borrowed("options"), Value::Array(options)));
        }
        Row::new(self.as_kind(cells))
    }

    /// Kinds that need no options do without those that a file has.
    fn as_kind<'a>(&self, mut cells: Vec<(Cow<'a, str>, Value)>) -> Vec<(Cow<'a, str>, Value)> {
        let has_options = match self.kind {
            None | Some(KindRecord::SingleChoice | KindRecord::MultipleChoice) => true,
            Some(
                KindRecord::Number
                | KindRecord::ShortText
                | KindRecord::Reference
                | KindRecord::OpenEnded,
            ) => false,
        };
        if !has_options {
            cells.retain(|(name, _)| name != "options");
        }
        let answer = match self.kind {
            Some(KindRecord::Number) => "value",
            Some(KindRecord::ShortText) => "accepted",
            Some(KindRecord::Reference) => "reference",
            None
            | Some(KindRecord::SingleChoice | KindRecord::MultipleChoice | KindRecord::OpenEnded) =>
            {
                return cells;
            }
        };
        let is_there = cells.iter().any(|(name, _)| name == answer);
        if let Some((name, _)) = cells.iter_mut().find(|(name, _)| name == "answer" && !is_there) {
            *name = Cow::Borrowed(answer);
        }
        cells
    }

    /// Puts what the person said in the place of what the file shows.
    pub(super) fn direct(
        &self,
        reading: &mut Reading,
        free: &mut FreeReading,
        has_several: &mut bool,
    ) {
        match self.numbering {
            Numbering::Auto => {}
            Numbering::FromZero => reading.count_from(0),
            Numbering::FromOne => reading.count_from(1),
        }
        if let Some(kind) = self.kind {
            free.is_kind(kind);
            *has_several = *has_several || kind == KindRecord::MultipleChoice;
        }
    }
}

/// What several columns may give together.
#[derive(Default)]
struct Joined {
    answers: Vec<Value>,
    accepted: Vec<Value>,
    tags: Vec<Value>,
}

impl Joined {
    fn cells<'a>(self) -> impl Iterator<Item = (Cow<'a, str>, Value)> {
        let Self { answers, accepted, tags } = self;
        let named = [("answer", answers), ("accepted", accepted), ("tags", tags)];
        named.into_iter().filter_map(|(name, values)| Some((Cow::Borrowed(name), one_of(values)?)))
    }
}

/// The content of the only column as it is; of several columns a list of what they hold.
fn one_of(mut values: Vec<Value>) -> Option<Value> {
    if values.len() < 2 {
        return values.pop();
    }
    let mut list = Vec::with_capacity(values.len());
    for value in values {
        match value {
            Value::Array(inner) => list.extend(inner),
            Value::Null => {}
            Value::String(text) if text.trim().is_empty() => {}
            other => list.push(other),
        }
    }
    Some(Value::Array(list))
}

/// Options that stand in one text without letters, divided by line breaks, bars or semicolons.
fn divided(value: Value) -> Value {
    let Value::String(text) = &value else { return value };
    if text.trim_start().starts_with(['[', '{', '('])
        || !matches!(inlined::options_only(text), Ok(None))
    {
        return value;
    }
    let text = text.trim();
    let Some(mark) = ['\n', '|', ';'].into_iter().find(|mark| text.contains(*mark)) else {
        return value;
    };
    text.split(mark).map(|part| Value::from(part.trim())).collect()
}

fn tags(value: Value) -> Value {
    let parsed = match value {
        Value::String(text) if text.trim_start().starts_with('[') => {
            literal::read(&text).unwrap_or(Value::String(text))
        }
        other => other,
    };
    let texts: Vec<String> = match &parsed {
        Value::Array(values) => values.iter().filter_map(text_of).collect(),
        other => {
            let text = text_of(other).unwrap_or_default();
            text.split([',', ';', '|']).map(|tag| tag.trim().to_owned()).collect()
        }
    };
    texts.into_iter().filter(|tag| !tag.is_empty()).map(Value::from).collect()
}

/// The content of a column of that very name, or of a field within a field.
fn field(row: &Row, name: &str) -> Option<Value> {
    let cell = |name: &str| row.cells().find(|(known, _)| *known == name).map(|(_, value)| value);
    if let Some(value) = cell(name) {
        return Some(value.clone());
    }
    let (outer, inner) = name.split_once('.')?;
    cell(outer)?.get(inner).cloned()
}

/// What was seen of the columns of a file.
#[derive(Debug, Clone, Default)]
pub(super) struct Look {
    columns: Vec<Column>,
    n_rows: usize,
}

impl Look {
    pub(super) fn row(&mut self, row: &Row) {
        self.n_rows += 1;
        if N_LOOKED_AT < self.n_rows {
            return;
        }
        for (name, value) in row.cells() {
            self.cell(name, value);
            if let Value::Object(map) = value {
                for (inner, value) in map {
                    self.cell(&format!("{name}.{inner}"), value);
                }
            }
        }
    }

    fn cell(&mut self, name: &str, value: &Value) {
        let idx = self.columns.iter().position(|column| column.name == name);
        let idx = idx.unwrap_or_else(|| {
            let column =
                Column { name: name.to_owned(), samples: vec![], n_filled: 0, guess: Role::Ignore };
            self.columns.push(column);
            self.columns.len() - 1
        });
        if MAX_COLUMNS <= idx {
            self.columns.truncate(MAX_COLUMNS);
            return;
        }
        let text = match value {
            Value::Array(_) | Value::Object(_) => value.to_string(),
            other => text_of(other).unwrap_or_default(),
        };
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        let column = &mut self.columns[idx];
        column.n_filled += 1;
        let sample: String = text.chars().take(N_CHARS).collect();
        if column.samples.len() < N_SAMPLES && !column.samples.contains(&sample) {
            column.samples.push(sample);
        }
    }
}

/// The columns of a file, whatever they are called, with a guess at what each is. Of an archive, those of the first file that
/// has any.
pub fn columns(file_name: &str, bytes: &[u8]) -> Result<Vec<Column>, Error> {
    let mut budget = Budget::default();
    let bytes = peel(file_name, bytes, &mut budget)?;
    let Some(zip) = archive_of(file_name, &bytes)? else {
        return columns_of_one(file_name, &bytes, &mut budget);
    };
    let mut first_error = None;
    for entry in archive::files(&zip) {
        let broken = |reason| Error::Archive { file: entry.name.clone(), reasons: vec![reason] };
        let content = zip.read(entry, &mut budget).map_err(broken);
        let columns = content.and_then(|content| {
            let content = archive::inner(&entry.name, &content, &mut budget)?.into_owned();
            columns_of_one(&entry.name, &content, &mut budget)
        });
        match columns {
            Ok(columns) => return Ok(columns),
            Err(error) => {
                first_error.get_or_insert(error);
            }
        }
    }
    let none = || Error::Archive {
        file: file_name.to_owned(),
        reasons: vec!["it holds no files".to_owned()],
    };
    Err(first_error.unwrap_or_else(none))
}

fn columns_of_one(
    file_name: &str,
    bytes: &[u8],
    budget: &mut Budget,
) -> Result<Vec<Column>, Error> {
    let mut intake = Intake::new(Mode::Look(Look::default()));
    fill(file_name, bytes, &mut intake, budget)?;
    let Look { mut columns, .. } = intake.look().unwrap_or_default();
    if columns.is_empty() {
        let found = "it has no rows with columns".to_owned();
        return Err(Error::NotQuestions { file: file_name.to_owned(), found });
    }
    guess::guess(&mut columns);
    Ok(columns)
}

/// Reads the questions of a file whose columns a person has named.
pub fn open_with(file_name: &str, bytes: &[u8], mapping: &Mapping) -> Result<Import, Error> {
    let mut import = open_as(file_name, bytes, &Mode::Map(mapping.clone()))?;
    for refusal in &mut import.refusals {
        // The readers name fields as they know them; a person looks for the column of the file.
        if let Some(name) = mapping.own_name(&refusal.field) {
            refusal.field = name;
        }
    }
    Ok(import)
}

/// Names a set of columns, whatever their order: mappings are kept under it.
pub fn key_of(columns: &[Column]) -> String {
    let mut names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    names.sort_unstable();
    // Names may hold any character, and each is set off by its length.
    let told: Vec<String> = names.iter().map(|name| format!("{}:{name}", name.len())).collect();
    hex(&Sha256::digest(told.concat()))
}

#[cfg(test)]
mod tests;
