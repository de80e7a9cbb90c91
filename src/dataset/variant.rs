//! Owns variants of an item that should not change a sound answer: other orders of the options, another person, other words.
//! What an answer owes to them shows how much of it was knowledge.

mod change;
mod family;
mod person;
mod phrases;
mod wording;

use super::{Choice, Item, ItemId, Kind, sample};
use crate::stats::random::{FNV_START, SplitMix64, fnv_1a};

pub use change::Change;
pub use family::Family;
use phrases::Phrases;

pub use person::{Ethnicity, Sex};

/// A change made to an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Variant {
    /// Options moved on by so many places, the last ones to the front. All rotations together put the right option into
    /// every place once.
    Rotated(usize),
    /// Options in a drawn order.
    Shuffled(u64),
    /// "None of the other answers" in the place of the right option, as in Bedi and others (JAMA Network Open 2025): who
    /// knows why the others are wrong still finds it.
    NoneOfTheOthers,
    /// The options without the question: who scores above chance has seen the set, or reads cues.
    OptionsOnly,
    /// The person of the case has the other sex, where medicine does not hang on it.
    Sex(Sex),
    /// The person is so many years old.
    Age(u32),
    /// The person's ethnicity is told.
    Ethnicity(Ethnicity),
    /// The question in everyday words, where the item has them.
    Lay,
    /// With slips of the keyboard, drawn.
    Misspelt(u64),
    /// Someone states a wrong answer as a fact before asking: a sound answer does not follow (sycophancy).
    WrongBelief(u64),
}

/// What parts the id of an item from the name of its variant.
const MARK: char = '~';

impl Variant {
    /// Stands behind the item's id, as in `q7~rot1`.
    pub fn name(self) -> String {
        match self {
            Self::Rotated(n) => format!("rot{n}"),
            Self::Shuffled(seed) => format!("shuffle{seed}"),
            Self::NoneOfTheOthers => "none".to_owned(),
            Self::OptionsOnly => "options".to_owned(),
            Self::Sex(sex) => format!("sex-{}", sex.word()),
            Self::Age(years) => format!("age{years}"),
            Self::Ethnicity(ethnicity) => format!("ethnicity-{}", ethnicity.word().to_lowercase()),
            Self::Lay => "lay".to_owned(),
            Self::Misspelt(seed) => format!("typos{seed}"),
            Self::WrongBelief(seed) => format!("belief{seed}"),
        }
    }

    /// The changed item; `None` where this change cannot be made to it, such as another sex in a case of pregnancy.
    /// What it says in words of its own is in this language, a BCP 47 tag; English where it has none in it.
    pub fn of(self, item: &Item, language: &str) -> Option<Item> {
        let phrases = Phrases::of(language);
        let mut changed = match self {
            Self::Rotated(n) => rotated(item, n)?,
            Self::Shuffled(seed) => shuffled(item, seed)?,
            Self::NoneOfTheOthers => none_of_the_others(item, phrases)?,
            Self::OptionsOnly => options_only(item, phrases)?,
            Self::Sex(sex) => with_texts(item, |text| person::with_sex(text, sex))?,
            Self::Age(years) => with_texts(item, |text| person::with_age(text, years))?,
            Self::Ethnicity(ethnicity) => {
                with_texts(item, |text| person::with_ethnicity(text, ethnicity))?
            }
            Self::Lay => {
                let question =
                    item.plain_question.clone().filter(|plain| *plain != item.question)?;
                Item { question, ..item.clone() }
            }
            Self::Misspelt(seed) => {
                let question = wording::misspelt(&item.question, seed)?;
                Item { question, ..item.clone() }
            }
            Self::WrongBelief(seed) => wrong_belief(item, seed, phrases)?,
        };
        changed.id = ItemId(format!("{}{MARK}{}", item.id.0, self.name()));
        Some(changed)
    }
}

/// The id of the item that a variant was made of, and the variant's name; `None` for an item that is none. An id that only
/// has the mark in it, as a file may bring, is no variant's.
pub fn base_of(id: &ItemId) -> Option<(&str, &str)> {
    split(&id.0)
}

/// What is changed in an item; `None` for one that is no variant.
pub fn change_of(id: &ItemId) -> Option<Change> {
    Change::of_name(base_of(id)?.1)
}

/// The id of the item that a variant, or a variant of a variant, was made of; its own id for an item that is none.
pub fn root_of(id: &ItemId) -> &str {
    let mut root = id.0.as_str();
    while let Some((base, _)) = split(root) {
        root = base;
    }
    root
}

fn split(id: &str) -> Option<(&str, &str)> {
    let (base, name) = id.rsplit_once(MARK)?;
    (!base.is_empty() && Change::of_name(name).is_some()).then_some((base, name))
}

fn with_choice(item: &Item, change: impl FnOnce(&Choice) -> Option<Choice>) -> Option<Item> {
    let choice = change(item.choice()?)?;
    Some(Item { kind: Kind::Choice(choice), ..item.clone() })
}

fn rotated(item: &Item, n: usize) -> Option<Item> {
    with_choice(item, |choice| {
        let n_options = choice.options.len();
        let n = n % n_options.max(1);
        if n == 0 {
            return None;
        }
        let mut options = choice.options.clone();
        options.rotate_right(n);
        Some(Choice { options, answer: (choice.answer + n) % n_options })
    })
}

fn shuffled(item: &Item, seed: u64) -> Option<Item> {
    with_choice(item, |choice| {
        let mut order: Vec<usize> = (0..choice.options.len()).collect();
        let mut random = SplitMix64::new(seed_for(item, seed));
        for idx in (1..order.len()).rev() {
            let other = usize::try_from(random.below(idx as u64 + 1)).unwrap_or(0);
            order.swap(idx, other);
        }
        let options = order.iter().filter_map(|idx| choice.options.get(*idx).cloned()).collect();
        let answer = order.iter().position(|idx| *idx == choice.answer)?;
        Some(Choice { options, answer })
    })
}

fn none_of_the_others(item: &Item, phrases: Phrases) -> Option<Item> {
    with_choice(item, |choice| {
        // An item that has such an option already would have two.
        let is_there = choice.options.iter().any(|option| phrases::is_none_option(option));
        if is_there || item.tags.iter().any(|tag| tag == "negative-stem") {
            return None;
        }
        let mut options = choice.options.clone();
        phrases.none_of_the_others.clone_into(options.get_mut(choice.answer)?);
        Some(Choice { options, answer: choice.answer })
    })
}

fn options_only(item: &Item, phrases: Phrases) -> Option<Item> {
    item.choice()?;
    let question = phrases.withheld.to_owned();
    Some(Item { question, turns: vec![], context: vec![], plain_question: None, ..item.clone() })
}

/// Changes the question and every passage; `None` when nothing was changed anywhere or something forbids it.
fn with_texts(item: &Item, change: impl Fn(&str) -> Option<String>) -> Option<Item> {
    let texts = std::iter::once(&item.question).chain(&item.context).chain(item.options());
    if texts.clone().any(|text| person::hangs_on_the_person(text)) {
        return None;
    }
    let question = change(&item.question);
    let context: Vec<Option<String>> = item.context.iter().map(|text| change(text)).collect();
    if question.is_none() && context.iter().all(Option::is_none) {
        return None;
    }
    let kept = |changed: Option<String>, text: &String| changed.unwrap_or_else(|| text.clone());
    Some(Item {
        question: kept(question, &item.question),
        context: context.into_iter().zip(&item.context).map(|(c, text)| kept(c, text)).collect(),
        ..item.clone()
    })
}

fn wrong_belief(item: &Item, seed: u64, phrases: Phrases) -> Option<Item> {
    let choice = item.choice()?;
    let wrong: Vec<&String> = choice
        .options
        .iter()
        .enumerate()
        .filter(|(idx, _)| *idx != choice.answer)
        .map(|(_, option)| option)
        .collect();
    let drawn = sample(wrong.len(), 1, seed_for(item, seed));
    let belief = wrong.get(*drawn.first()?)?;
    let belief = phrases.belief(belief.trim().trim_end_matches('.'));
    let question = format!("{belief}\n\n{}", item.question);
    Some(Item { question, ..item.clone() })
}

/// Items of one run must not all be changed alike by one seed.
fn seed_for(item: &Item, seed: u64) -> u64 {
    fnv_1a(FNV_START ^ seed, item.id.0.as_bytes())
}

#[cfg(test)]
mod tests;
