//! Owns an exam that a person sits: what is shown of an item, what can be answered, in which order, and how long it may take.

pub mod confidence;
pub mod record;
pub mod together;

use serde::{Deserialize, Serialize};

use crate::dataset::{Choice, Item, Kind, Speaker};
use crate::provider::{Completion, Finish};
use crate::run::PlanRecord;
use crate::score::number;
use crate::stats::random::SplitMix64;

/// What is shown of an item before its answer is known. Holds nothing of the answer, so that it may travel in the open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// How it is answered.
    #[serde(rename = "k")]
    pub form: Form,
    /// What was said before the question: whether an assistant said it, and the text.
    #[serde(rename = "t", default, skip_serializing_if = "Vec::is_empty")]
    pub turns: Vec<(Voice, String)>,
    /// Passages that it is asked about.
    #[serde(rename = "c", default, skip_serializing_if = "Vec::is_empty")]
    pub context: Vec<String>,
    /// The question.
    #[serde(rename = "q")]
    pub question: String,
    /// The same in everyday words.
    #[serde(rename = "p", default, skip_serializing_if = "Option::is_none")]
    pub plain: Option<String>,
    /// Options without their letters.
    #[serde(rename = "o", default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<String>,
    /// Unit of the number that is asked for; empty for none.
    #[serde(rename = "u", default, skip_serializing_if = "String::is_empty")]
    pub unit: String,
}

/// How an item is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Form {
    /// One option.
    #[serde(rename = "1")]
    One,
    /// All options that are right.
    #[serde(rename = "n")]
    Several,
    /// A number.
    #[serde(rename = "d")]
    Number,
    /// A few words.
    #[serde(rename = "w")]
    Words,
    /// Free text, which nobody grades here.
    #[serde(rename = "f")]
    Open,
}

/// Who said a turn before the question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Voice {
    /// A standing instruction.
    #[serde(rename = "s")]
    Instruction,
    /// The person who asks.
    #[serde(rename = "u")]
    Person,
    /// An assistant.
    #[serde(rename = "a")]
    Assistant,
}

impl From<Speaker> for Voice {
    fn from(speaker: Speaker) -> Self {
        match speaker {
            Speaker::System => Self::Instruction,
            Speaker::User => Self::Person,
            Speaker::Assistant => Self::Assistant,
        }
    }
}

impl From<Voice> for Speaker {
    fn from(voice: Voice) -> Self {
        match voice {
            Voice::Instruction => Self::System,
            Voice::Person => Self::User,
            Voice::Assistant => Self::Assistant,
        }
    }
}

impl Asked {
    /// What is shown of an item.
    pub fn of(item: &Item) -> Self {
        let (form, unit) = match &item.kind {
            Kind::Choice(_) => (Form::One, String::new()),
            Kind::Choices(_) => (Form::Several, String::new()),
            Kind::Number(number) => (Form::Number, number.unit.clone()),
            Kind::ShortText(_) => (Form::Words, String::new()),
            Kind::Reference(_) | Kind::Rubric(_) => (Form::Open, String::new()),
        };
        Self {
            form,
            turns: item.turns.iter().map(|turn| (turn.speaker.into(), turn.text.clone())).collect(),
            context: item.context.clone(),
            question: item.question.clone(),
            plain: item.plain_question.clone(),
            options: item.options().to_vec(),
            unit,
        }
    }

    /// The option that a key chooses: its letter, its number, or `y`, `n` and `m` where the options are yes, no and maybe.
    pub fn option_of_key(&self, key: &str) -> Option<usize> {
        let mut chars = key.chars();
        let (Some(key), None) = (chars.next(), chars.next()) else { return None };
        let n = self.options.len();
        if let Some(digit) = key.to_digit(10) {
            return usize::try_from(digit).ok()?.checked_sub(1).filter(|idx| *idx < n);
        }
        let key = key.to_ascii_uppercase();
        let words: Vec<String> = self.options.iter().map(|option| option.to_lowercase()).collect();
        let is_yes_no = (2..=3).contains(&n)
            && words.iter().all(|word| ["yes", "no", "maybe"].contains(&word.as_str()));
        if is_yes_no {
            let own = |word: &String| word.starts_with(key.to_ascii_lowercase());
            if let Some(idx) = words.iter().position(own) {
                return Some(idx);
            }
        }
        (0..n).find(|idx| Choice::letter(*idx) == key)
    }

    /// What is wrong with an answer before it is taken, as a sentence for the person.
    pub fn fault_of(&self, answer: &Answer) -> Option<&'static str> {
        match answer {
            Answer::One(idx) if self.options.len() <= *idx => Some("Choose an option."),
            Answer::Several(idxs) if idxs.is_empty() => Some("Choose at least one option."),
            Answer::Number(text)
                if number::read(&format!("Answer: {}", one_line(text))).is_none() =>
            {
                Some("Write one number, such as 12.5.")
            }
            Answer::Words(text) | Answer::Open(text) if text.trim().is_empty() => {
                Some("Write an answer, or leave the question out.")
            }
            Answer::LeftOut
            | Answer::One(_)
            | Answer::Several(_)
            | Answer::Number(_)
            | Answer::Words(_)
            | Answer::Open(_) => None,
        }
    }
}

/// What a person answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// Nothing, on purpose.
    LeftOut,
    /// An option, by its index.
    One(usize),
    /// Options by their indices, ascending.
    Several(Vec<usize>),
    /// A number as typed.
    Number(String),
    /// A few words.
    Words(String),
    /// Free text.
    Open(String),
}

/// An answer with what belongs to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Given {
    /// The answer.
    pub answer: Answer,
    /// How sure the person is that it is right, in per cent; `None` where that was not asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<u8>,
    /// From the question's appearance to the answer, without pauses.
    pub took_millis: u64,
    /// When, in milliseconds since 1970.
    pub at_millis: u64,
}

/// How sure one can say to be, in per cent, with the words that are shown.
pub const CONFIDENCES: [(u8, &str); 5] = [
    (20, "a guess"),
    (40, "not sure"),
    (60, "rather sure"),
    (80, "quite sure"),
    (95, "as good as certain"),
];

/// A confidence behind an answer, as the last line of its text.
const CONFIDENCE_LABEL: &str = "Confidence: ";

impl Given {
    /// The answer as a text that the scorers read, as they read a model's.
    pub fn completion(&self) -> Completion {
        let answer = match &self.answer {
            Answer::LeftOut => {
                return Completion { finish: Finish::Refusal, ..Completion::default() };
            }
            Answer::One(idx) => format!("Answer: {}", Choice::letter(*idx)),
            Answer::Several(idxs) => {
                let letters: Vec<String> =
                    idxs.iter().map(|idx| Choice::letter(*idx).to_string()).collect();
                format!("Answer: {}", letters.join(", "))
            }
            Answer::Number(text) | Answer::Words(text) => format!("Answer: {}", one_line(text)),
            Answer::Open(text) => text.trim().to_owned(),
        };
        let text = match self.confidence {
            Some(percent) => format!("{answer}\n{CONFIDENCE_LABEL}{percent} %"),
            None => answer,
        };
        Completion { text, ..Completion::default() }
    }
}

/// The confidence that stands in the last line of an answer's text, 0 to 1.
pub fn confidence_in(text: &str) -> Option<f64> {
    let last = text.trim_end().lines().next_back()?;
    let percent = last.strip_prefix(CONFIDENCE_LABEL)?.strip_suffix(" %")?;
    percent.parse::<u8>().ok().filter(|percent| *percent <= 100).map(|p| f64::from(p) / 100.0)
}

/// What a person typed into one line.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// How an exam is sat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// In which order the questions come.
    #[serde(default)]
    pub order: Order,
    /// How long it may take, in minutes; `None` for as long as one likes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minutes: Option<u32>,
    /// When right and wrong are told.
    #[serde(default)]
    pub feedback: Feedback,
    /// Whether each answer is followed by "how sure are you".
    #[serde(default)]
    pub confidence: Asks,
    /// Whether a class is asked for names.
    #[serde(default)]
    pub names: Asks,
}

/// In which order questions come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// As they stand.
    #[default]
    Listed,
    /// Drawn; in a class, for each student anew.
    Drawn,
}

/// When right and wrong are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Feedback {
    /// After the last question.
    #[default]
    AtEnd,
    /// After each answer.
    AtOnce,
}

/// Whether something is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Asks {
    /// Not.
    #[default]
    No,
    /// Yes.
    Yes,
}

/// How far a person is. What is stored of an exam under way.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Sheet {
    /// For each item of the exam, in the exam's own order.
    pub answers: Vec<Option<Given>>,
    /// Indices of items in the order in which they come.
    pub order: Vec<usize>,
    /// How long the present question has been looked at, in milliseconds.
    pub looked_millis: u64,
    /// What stands in the fields of the present question, not given yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draft: Option<Answer>,
    /// Whether the person handed in, or the time is up.
    pub is_over: bool,
}

impl Sheet {
    /// An empty one for so many items.
    pub fn new(n_items: usize, order: Order, seed: u64) -> Self {
        let order = match order {
            Order::Listed => (0..n_items).collect(),
            Order::Drawn => drawn(n_items, seed),
        };
        Self { answers: vec![None; n_items], order, ..Self::default() }
    }

    /// The item that comes next; `None` when all are answered or the exam is over.
    pub fn next(&self) -> Option<usize> {
        let is_open = |idx: &&usize| matches!(self.answers.get(**idx), Some(None));
        if self.is_over { None } else { self.order.iter().find(is_open).copied() }
    }

    /// How many are answered or left out.
    pub fn n_done(&self) -> usize {
        self.answers.iter().flatten().count()
    }

    /// Takes an answer to the present question.
    pub fn give(&mut self, item_idx: usize, given: Given) {
        if let Some(slot @ None) = self.answers.get_mut(item_idx) {
            *slot = Some(given);
        }
        self.looked_millis = 0;
        self.draft = None;
        self.is_over |= self.answers.iter().all(Option::is_some);
    }

    /// How long the person worked, pauses left out, in milliseconds.
    pub fn worked_millis(&self) -> u64 {
        let answered: u64 = self.answers.iter().flatten().map(|given| given.took_millis).sum();
        answered + self.looked_millis
    }

    /// How much time is left, in milliseconds; `None` without a limit.
    pub fn left_millis(&self, terms: &Terms) -> Option<u64> {
        let limit = u64::from(terms.minutes?) * 60_000;
        Some(limit.saturating_sub(self.worked_millis()))
    }

    /// Whether what was stored belongs to an exam of so many items.
    pub fn fits(&self, n_items: usize) -> bool {
        let mut order = self.order.clone();
        order.sort_unstable();
        self.answers.len() == n_items && order.into_iter().eq(0..n_items)
    }
}

/// A person's own exam as it is kept while it is under way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KeptExam {
    /// What is asked.
    pub plan: PlanRecord,
    /// How.
    pub terms: Terms,
    /// How far.
    pub sheet: Sheet,
}

/// All indices below `n` in an order drawn by Fisher and Yates' shuffle.
fn drawn(n: usize, seed: u64) -> Vec<usize> {
    let mut numbers = SplitMix64::new(seed);
    let mut order: Vec<usize> = (0..n).collect();
    for idx in (1..n).rev() {
        let other = usize::try_from(numbers.below(idx as u64 + 1)).unwrap_or(idx);
        order.swap(idx, other);
    }
    order
}

#[cfg(test)]
mod tests;
