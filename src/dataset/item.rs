//! Owns the item: one question with what is needed to ask and to score it.

use std::fmt;

/// Names an item within its dataset. Unique there, stable between versions of the dataset.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ItemId(pub String);

impl fmt::Display for ItemId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One question, with its answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// Unique in the dataset.
    pub id: ItemId,
    /// What was said before the question, in conversations of several turns. Mostly empty.
    pub turns: Vec<Turn>,
    /// What is asked, without the options.
    pub question: String,
    /// Passages that the question is asked about, such as an abstract. Often empty.
    pub context: Vec<String>,
    /// How it is answered, with the right answer.
    pub kind: Kind,
    /// What figures are grouped by: subject, specialty. Empty when the source has none.
    pub category: String,
    /// The same question in everyday words.
    pub plain_question: Option<String>,
    /// Why the right answer is right.
    pub explanation: Option<String>,
    /// As its author judged it.
    pub difficulty: Option<Difficulty>,
    /// Where a reader can check the answer.
    pub source: Option<Source>,
    /// Free labels; `emergency` and `dosing` mark items whose wrong answers are dangerous.
    pub tags: Vec<String>,
}

/// A turn of a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    /// Who speaks.
    pub speaker: Speaker,
    /// What is said.
    pub text: String,
}

/// Who speaks in a conversation that an item brings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Speaker {
    /// A standing instruction.
    System,
    /// The person who asks.
    User,
    /// An assistant that answered before.
    Assistant,
}

/// How an item is answered.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// One of several options is right.
    Choice(Choice),
    /// Several of the options are right, and all of them are to be named.
    Choices(Choices),
    /// A number.
    Number(NumberAnswer),
    /// A few words that can be compared.
    ShortText(ShortText),
    /// Free text that is held against a reference answer.
    Reference(Reference),
    /// Free text that is graded by the criteria of a rubric.
    Rubric(Rubric),
}

impl Kind {
    /// Whether answers are free text that a judge or a person must grade.
    pub fn is_open(&self) -> bool {
        match self {
            Self::Reference(_) | Self::Rubric(_) => true,
            Self::Choice(_) | Self::Choices(_) | Self::Number(_) | Self::ShortText(_) => false,
        }
    }
}

/// Options of which several are right.
#[derive(Debug, Clone, PartialEq)]
pub struct Choices {
    /// Two to 26 texts, without their letters.
    pub options: Vec<String>,
    /// Indices of the right ones, ascending, at least one.
    pub answers: Vec<usize>,
}

/// A number, and how far from it an answer may lie.
#[derive(Debug, Clone, PartialEq)]
pub struct NumberAnswer {
    /// The right number.
    pub value: f64,
    /// The least that counts as right.
    pub low: f64,
    /// The most that counts as right.
    pub high: f64,
    /// Its unit, for people; empty for none.
    pub unit: String,
}

/// Short texts that count as right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShortText {
    /// At least one; compared without regard to case, accents, articles and punctuation.
    pub accepted: Vec<String>,
}

/// An answer to hold others against.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// What a right answer says.
    pub answer: String,
}

/// Criteria with points, in the form of HealthBench (Arora and others 2025).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rubric {
    /// At least one.
    pub criteria: Vec<Criterion>,
}

/// One thing that an answer does or does not do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Criterion {
    /// What is looked for, as a statement about the answer.
    pub text: String,
    /// What it earns when it is met; negative for what a good answer avoids; never zero.
    pub points: i32,
    /// Labels such as `axis:accuracy` and `level:example`.
    pub tags: Vec<String>,
}

/// Options in the order in which they are shown, and which of them is right.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// Two to 26 texts, without their letters.
    pub options: Vec<String>,
    /// Index of the right one, below `options.len()`.
    pub answer: usize,
}

impl Choice {
    /// The letter an option is shown with: A for the first. Indices beyond 25 have none and give `?`.
    pub fn letter(option_idx: usize) -> char {
        u8::try_from(option_idx)
            .ok()
            .filter(|idx| *idx < 26)
            .map_or('?', |idx| char::from(b'A' + idx))
    }
}

impl Item {
    /// A choice item with nothing but what it must have.
    pub fn single_choice(id: &str, question: &str, options: &[&str], answer: usize) -> Self {
        let options = options.iter().map(|option| (*option).to_owned()).collect();
        let kind = Kind::Choice(Choice { options, answer });
        Self::bare(id.to_owned(), question.to_owned(), kind)
    }

    /// An item of any kind with nothing but what it must have.
    pub fn bare(id: String, question: String, kind: Kind) -> Self {
        Self {
            id: ItemId(id),
            turns: vec![],
            question,
            context: vec![],
            kind,
            category: String::new(),
            plain_question: None,
            explanation: None,
            difficulty: None,
            source: None,
            tags: vec![],
        }
    }

    /// All of its own words that a model is sent when it is asked: turns, passages, question and options, each on its line.
    pub fn sent_text(&self) -> String {
        let turns = self.turns.iter().map(|turn| &turn.text);
        let parts = turns.chain(&self.context).chain([&self.question]).chain(self.options());
        parts.map(String::as_str).collect::<Vec<_>>().join("\n")
    }

    /// The options and the right one, where one of several is right.
    pub fn choice(&self) -> Option<&Choice> {
        match &self.kind {
            Kind::Choice(choice) => Some(choice),
            _ => None,
        }
    }

    /// The options; none for items without.
    pub fn options(&self) -> &[String] {
        match &self.kind {
            Kind::Choice(choice) => &choice.options,
            Kind::Choices(choices) => &choices.options,
            Kind::Number(_) | Kind::ShortText(_) | Kind::Reference(_) | Kind::Rubric(_) => &[],
        }
    }

    /// The right answer for people: letters, a number, a text; empty where a rubric decides.
    pub fn right_answer(&self) -> String {
        match &self.kind {
            Kind::Choice(choice) => Choice::letter(choice.answer).to_string(),
            Kind::Choices(choices) => {
                let letters: Vec<String> =
                    choices.answers.iter().map(|idx| Choice::letter(*idx).to_string()).collect();
                letters.join(", ")
            }
            Kind::Number(number) => number.to_string(),
            Kind::ShortText(text) => text.accepted.first().cloned().unwrap_or_default(),
            Kind::Reference(reference) => reference.answer.clone(),
            Kind::Rubric(_) => String::new(),
        }
    }
}

impl fmt::Display for NumberAnswer {
    /// The number with its unit.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.value)?;
        if self.unit.is_empty() { Ok(()) } else { write!(f, " {}", self.unit) }
    }
}

/// The author's estimate of how hard an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Difficulty {
    /// Most who studied the subject know it.
    Easy,
    /// About half do.
    Medium,
    /// Few do.
    Hard,
}

/// A document in which a reader can check an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Title of the guideline, label or book.
    pub title: String,
    /// Who issued it.
    pub organization: String,
    /// Year of that edition.
    pub year: u16,
    /// Section or chapter.
    pub locator: String,
    /// Address, where one is known to last.
    pub url: Option<String>,
}

/// A named, versioned set of items.
#[derive(Debug, Clone, PartialEq)]
pub struct Dataset {
    /// Short name, such as `viva-core` or the file's name.
    pub id: String,
    /// Name for people.
    pub title: String,
    /// Version, empty when the file tells none.
    pub version: String,
    /// BCP 47 tag, such as `en`; empty when unknown.
    pub language: String,
    /// Licence in a few words; empty when unknown.
    pub licence: String,
    /// In file order.
    pub items: Vec<Item>,
    /// Named subsets that the person may choose, such as an official test split.
    pub splits: Vec<Split>,
}

/// A named subset of a dataset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    /// Name for people, such as `official test split (500)`.
    pub name: String,
    /// Indices into [`Dataset::items`], ascending.
    pub item_idxs: Vec<usize>,
}
