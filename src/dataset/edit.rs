//! Owns a pack that is being edited: items added, changed, duplicated, moved and deleted, each step undone at will, and what
//! is wrong with them. While it is edited anything may be wrong; what is saved is what was typed.

mod change;
mod file;

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::item::{
    Choice, Choices, Criterion, Item, ItemId, Kind, NumberAnswer, Reference, Rubric, ShortText,
};
use super::{Dataset, Invalid, convert};

pub use change::{NumberPart, SourcePart, lines, tags};
pub use file::{Reading, item_of};

/// More steps are not kept.
const N_STEPS: usize = 200;

/// What a pack says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct About {
    /// [`Dataset::id`].
    pub id: String,
    /// [`Dataset::title`].
    pub title: String,
    /// [`Dataset::version`].
    pub version: String,
    /// [`Dataset::language`].
    pub language: String,
    /// [`Dataset::licence`].
    pub licence: String,
    /// What the pack is, for people who look into the file.
    pub description: String,
}

/// A pack that is being edited.
#[derive(Debug, Clone, PartialEq)]
pub struct PackDraft {
    now: Content,
    past: Vec<Step>,
    undone: Vec<Step>,
    /// What is in a file, or was in it when it was opened.
    saved: Content,
}

/// Items are shared between the steps that did not change them.
#[derive(Debug, Clone, PartialEq)]
struct Content {
    about: Arc<About>,
    items: Vec<Arc<Item>>,
}

#[derive(Debug, Clone, PartialEq)]
struct Step {
    content: Content,
    /// What the step changed: steps at the same place, as each letter typed is, become one.
    place: Option<Place>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    About,
    Item(usize),
}

/// A kind of item, without an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KindName {
    /// One of several options is right.
    Choice,
    /// Several options are right.
    Choices,
    /// A number.
    Number,
    /// A few words.
    ShortText,
    /// Free text, held against a reference.
    Reference,
    /// Free text, graded by a rubric.
    Rubric,
}

impl KindName {
    /// Every kind.
    pub const ALL: [Self; 6] =
        [Self::Choice, Self::Choices, Self::Number, Self::ShortText, Self::Reference, Self::Rubric];

    /// That of an item.
    pub fn of(kind: &Kind) -> Self {
        match kind {
            Kind::Choice(_) => Self::Choice,
            Kind::Choices(_) => Self::Choices,
            Kind::Number(_) => Self::Number,
            Kind::ShortText(_) => Self::ShortText,
            Kind::Reference(_) => Self::Reference,
            Kind::Rubric(_) => Self::Rubric,
        }
    }

    /// The name by which a form knows it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Choice => "choice",
            Self::Choices => "choices",
            Self::Number => "number",
            Self::ShortText => "short-text",
            Self::Reference => "reference",
            Self::Rubric => "rubric",
        }
    }

    /// The kind in a few words for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::Choice => "One right option",
            Self::Choices => "Several right options",
            Self::Number => "A number",
            Self::ShortText => "A few words",
            Self::Reference => "Free text with a model answer",
            Self::Rubric => "Free text with a rubric",
        }
    }

    /// A kind with nothing in it yet. What the other kind had that this one can use is kept: options, the right one, texts.
    pub fn out_of(self, old: &Kind) -> Kind {
        let (options, answers) = match old {
            Kind::Choice(choice) => (choice.options.clone(), vec![choice.answer]),
            Kind::Choices(choices) => (choices.options.clone(), choices.answers.clone()),
            _ => (vec![String::new(); 4], vec![0]),
        };
        let text = match old {
            Kind::ShortText(short) => short.accepted.first().cloned().unwrap_or_default(),
            Kind::Reference(reference) => reference.answer.clone(),
            _ => String::new(),
        };
        match self {
            Self::Choice => {
                Kind::Choice(Choice { options, answer: answers.first().copied().unwrap_or(0) })
            }
            Self::Choices => Kind::Choices(Choices { options, answers }),
            Self::Number => match old {
                Kind::Number(number) => Kind::Number(number.clone()),
                _ => Kind::Number(NumberAnswer {
                    value: 0.0,
                    low: 0.0,
                    high: 0.0,
                    unit: String::new(),
                }),
            },
            Self::ShortText => match old {
                Kind::ShortText(short) => Kind::ShortText(short.clone()),
                _ => Kind::ShortText(ShortText { accepted: vec![text] }),
            },
            Self::Reference => Kind::Reference(Reference { answer: text }),
            Self::Rubric => {
                if let Kind::Rubric(rubric) = old {
                    return Kind::Rubric(rubric.clone());
                }
                let criterion = Criterion { text: String::new(), points: 5, tags: vec![] };
                Kind::Rubric(Rubric { criteria: vec![criterion] })
            }
        }
    }
}

impl Default for PackDraft {
    fn default() -> Self {
        let about = About {
            id: "my-questions".to_owned(),
            title: "My questions".to_owned(),
            version: "1".to_owned(),
            language: "en".to_owned(),
            ..About::default()
        };
        Self::new(about, vec![])
    }
}

impl PackDraft {
    /// A pack with these items.
    pub fn new(about: About, items: Vec<Item>) -> Self {
        let items = items.into_iter().map(Arc::new).collect();
        let now = Content { about: Arc::new(about), items };
        Self { saved: now.clone(), now, past: vec![], undone: vec![] }
    }

    /// Puts another pack, as it was opened, in the place of this one. It can be undone.
    pub fn replace(&mut self, other: Self) {
        self.keep(None);
        self.saved = other.saved;
        self.now = other.now;
    }

    /// Says that the pack as it stands is in a file now.
    pub fn mark_saved(&mut self) {
        self.saved = self.now.clone();
    }

    /// Whether it holds anything that is in no file.
    pub fn is_changed(&self) -> bool {
        let (now, saved) = (&self.now, &self.saved);
        let is_same = (Arc::ptr_eq(&now.about, &saved.about) || now.about == saved.about)
            && now.items.len() == saved.items.len()
            && now.items.iter().zip(&saved.items).all(|(a, b)| Arc::ptr_eq(a, b) || a == b);
        !is_same
    }

    /// What it says of itself.
    pub fn about(&self) -> &About {
        &self.now.about
    }

    /// The items, in order.
    pub fn items(&self) -> &[Arc<Item>] {
        &self.now.items
    }

    /// The item at a place.
    pub fn item(&self, idx: usize) -> Option<&Item> {
        self.now.items.get(idx).map(Arc::as_ref)
    }

    /// Changes what the pack says of itself.
    pub fn set_about(&mut self, about: About) {
        if *self.now.about != about {
            self.keep(Some(Place::About));
            self.now.about = Arc::new(about);
        }
    }

    /// Adds an empty item of a kind at the end, and tells its place.
    pub fn add(&mut self, kind: KindName) -> usize {
        self.keep(None);
        let empty = Item::single_choice("", "", &["", "", "", ""], 0);
        let kind = kind.out_of(&empty.kind);
        let id = ItemId(self.free_id("q"));
        self.now.items.push(Arc::new(Item { id, kind, ..empty }));
        self.now.items.len() - 1
    }

    /// Puts an item in the place of another. Changes of one item that follow each other are undone together.
    pub fn change(&mut self, idx: usize, item: Item) {
        if self.item(idx).is_none_or(|old| *old == item) {
            return;
        }
        self.keep(Some(Place::Item(idx)));
        if let Some(place) = self.now.items.get_mut(idx) {
            *place = Arc::new(item);
        }
    }

    /// Puts a copy of an item, with an id of its own, behind it, and tells its place.
    pub fn duplicate(&mut self, idx: usize) -> Option<usize> {
        let item = self.item(idx)?.clone();
        self.keep(None);
        let id = ItemId(self.free_id(&item.id.0));
        self.now.items.insert(idx + 1, Arc::new(Item { id, ..item }));
        Some(idx + 1)
    }

    /// Moves an item to another place; further than the end is the end.
    pub fn move_to(&mut self, from: usize, to: usize) {
        let to = to.min(self.now.items.len().saturating_sub(1));
        if from == to || from >= self.now.items.len() {
            return;
        }
        self.keep(None);
        let item = self.now.items.remove(from);
        self.now.items.insert(to, item);
    }

    /// Deletes an item.
    pub fn delete(&mut self, idx: usize) {
        if idx < self.now.items.len() {
            self.keep(None);
            self.now.items.remove(idx);
        }
    }

    /// Takes the last step back. False when there is none.
    pub fn undo(&mut self) -> bool {
        let Some(step) = self.past.pop() else { return false };
        let content = std::mem::replace(&mut self.now, step.content);
        self.undone.push(Step { content, place: step.place });
        true
    }

    /// Takes the last undoing back. False when there is none.
    pub fn redo(&mut self) -> bool {
        let Some(step) = self.undone.pop() else { return false };
        let content = std::mem::replace(&mut self.now, step.content);
        self.past.push(Step { content, place: step.place });
        true
    }

    /// Whether there is a step to take back.
    pub fn can_undo(&self) -> bool {
        !self.past.is_empty()
    }

    /// Whether there is an undoing to take back.
    pub fn can_redo(&self) -> bool {
        !self.undone.is_empty()
    }

    fn keep(&mut self, place: Option<Place>) {
        self.undone.clear();
        let is_same = place.is_some() && self.past.last().is_some_and(|last| last.place == place);
        if is_same {
            return;
        }
        if self.past.len() == N_STEPS {
            self.past.remove(0);
        }
        self.past.push(Step { content: self.now.clone(), place });
    }

    /// An id that no item has, made of another.
    fn free_id(&self, base: &str) -> String {
        let taken: BTreeSet<&str> = self.now.items.iter().map(|item| item.id.0.as_str()).collect();
        // One of these is free: there is one more of them than there are items.
        (1..=self.now.items.len() + 1)
            .map(|n| format!("{}-{n}", base.trim()))
            .find(|id| !taken.contains(id.as_str()))
            .unwrap_or_else(|| base.to_owned())
    }

    /// What is wrong with an item: with each field what is wrong first. Empty when it can be asked and scored.
    pub fn faults_of(&self, idx: usize) -> Vec<Invalid> {
        let Some(item) = self.item(idx) else { return vec![] };
        let mut faults: Vec<Invalid> = convert::faults(item);
        let twin = self
            .now
            .items
            .iter()
            .take(idx)
            .position(|other| other.id == item.id && !item.id.0.trim().is_empty());
        if let Some(twin) = twin {
            let reason = format!("is that of question {} too: each needs its own", twin + 1);
            faults.push(Invalid::new("id", reason));
        }
        faults
    }

    /// What is wrong with the pack itself.
    pub fn faults(&self) -> Vec<Invalid> {
        let about = self.about();
        let must = [("id", &about.id), ("title", &about.title), ("version", &about.version)];
        let empty = must.into_iter().filter(|(_, text)| text.trim().is_empty());
        let mut faults: Vec<Invalid> =
            empty.map(|(field, _)| Invalid::new(field, "is empty")).collect();
        if self.now.items.is_empty() {
            faults.push(Invalid::new("items", "has none: add a question"));
        }
        faults
    }

    /// Places of the items that something is wrong with.
    pub fn faulty_items(&self) -> Vec<usize> {
        let mut ids = BTreeSet::new();
        let items = self.now.items.iter().enumerate();
        items
            .filter(|(_, item)| {
                let is_new = ids.insert(&item.id);
                !is_new || !convert::faults(item).is_empty()
            })
            .map(|(idx, _)| idx)
            .collect()
    }

    /// The set as it would be asked; `None` while anything is wrong.
    pub fn dataset(&self) -> Option<Dataset> {
        if !self.faults().is_empty() || !self.faulty_items().is_empty() {
            return None;
        }
        let About { id, title, version, language, licence, .. } = self.about().clone();
        let items = self.now.items.iter().map(|item| (**item).clone()).collect();
        Some(Dataset { id, title, version, language, licence, items, splits: vec![] })
    }
}

#[cfg(test)]
mod tests;
