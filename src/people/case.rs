//! Owns a person's own case: the item that it becomes, its changed versions, its runs, and the board of answers beside each other.

pub mod board;
pub mod checklist;
pub mod diff;
pub mod emergency;
pub mod signals;

use std::sync::Arc;

use crate::dataset::variant::{Family, Variant, change_of};
use crate::dataset::{self, Dataset, Item, ItemId, Kind};
use crate::run::PlannedDataset;
use crate::run::draft::Part;
use crate::text;

/// Names the set that a case is planned as.
pub const DATASET: &str = "own-case";
/// Of the item as it was told; its versions stand behind it, as in `case~age75`.
const ITEM: &str = "case";
const RUN: &str = "case-";

/// What a person typed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Told {
    /// The case or question.
    pub text: String,
    /// The same in everyday words; empty for none.
    pub lay: String,
    /// Something wrong, stated as a fact before the question; empty for none.
    pub belief: String,
}

impl Told {
    /// What was told, out of the item and the versions of it that were planned.
    pub fn of(items: &[Item]) -> Option<Self> {
        let item = items.iter().find(|item| item.id.0 == ITEM)?;
        let lay = item.plain_question.clone().unwrap_or_default();
        Some(Self { text: item.question.clone(), lay, belief: String::new() })
    }

    /// Whether there is something to ask.
    pub fn is_ready(&self) -> bool {
        !self.text.trim().is_empty()
    }

    /// The case as an item: an open question, with the checklist as its rubric.
    pub fn item(&self) -> Item {
        let plain_question = Some(text::clean(&self.lay)).filter(|lay| !lay.is_empty());
        let item =
            Item::bare(ITEM.to_owned(), text::clean(&self.text), Kind::Rubric(checklist::rubric()));
        Item { category: "own case".to_owned(), plain_question, ..item }
    }

    /// Its versions that can be made, and for each kind that cannot, why. `years` is the other age.
    pub fn versions(&self, years: u32) -> (Vec<Version>, Vec<String>) {
        let item = self.item();
        let families = [
            Family::Sex,
            Family::Age { years },
            Family::Ethnicity,
            Family::Misspelt { seed: 1 },
            Family::Lay,
        ];
        let (mut made, mut unmade) = (vec![], vec![]);
        for family in families {
            let items = family.of(&item, "");
            if items.is_empty() {
                let why = match family {
                    Family::Lay => "type the everyday wording above.".to_owned(),
                    other => format!("this change cannot be made {}.", other.change().limit()),
                };
                unmade.push(format!("{}: {why}", capital(family.title())));
            }
            made.extend(items.into_iter().map(Version::of));
        }
        let belief = text::clean(&self.belief);
        if belief.is_empty() {
            unmade.push("A wrong belief stated first: type the belief above.".to_owned());
        } else {
            let id = ItemId(format!("{ITEM}~{}", Variant::WrongBelief(0).name()));
            let question = format!("{belief}\n\n{}", item.question);
            made.push(Version::of(Item { id, question, ..item }));
        }
        (made, unmade)
    }
}

/// A changed version of a case.
#[derive(Debug, Clone, PartialEq)]
pub struct Version {
    /// What was changed, for people.
    pub title: String,
    /// What is asked.
    pub item: Item,
}

impl Version {
    fn of(item: Item) -> Self {
        Self { title: title_of(&item.id), item }
    }
}

/// What an item of a case is: the case as told, or what was changed in it.
pub fn title_of(id: &ItemId) -> String {
    let Some(change) = change_of(id) else { return "As you wrote it".to_owned() };
    let name = dataset::variant::base_of(id).map(|(_, name)| name).unwrap_or_default();
    let detail = name.trim_start_matches(|c: char| c.is_ascii_alphabetic()).trim_start_matches('-');
    match change {
        dataset::variant::Change::Age => format!("Age {detail}"),
        dataset::variant::Change::Sex => format!("{}: {detail}", capital(change.title())),
        dataset::variant::Change::Ethnicity => {
            format!("{}: {}", capital(change.title()), capital(detail))
        }
        _ => capital(change.title()),
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// The part of a run that asks these items of a case.
pub fn part(items: Vec<Item>) -> Part {
    let n = items.len();
    let dataset = PlannedDataset {
        id: DATASET.to_owned(),
        title: "Your own case".to_owned(),
        version: String::new(),
        licence: String::new(),
        fingerprint: dataset::fingerprint(&items),
        n_available: n,
        n_sampled: n,
        seed: None,
        selection: None,
        variants: vec![],
        do_not_show: false,
    };
    Part { dataset, language: String::new(), items: Arc::new(items) }
}

/// A name for a run of a case: its first words.
pub fn title(told: &Told) -> String {
    format!("Case: {}", text::shorten(&text::collapse_white_space(&text::clean(&told.text)), 60))
}

/// The case as a pack of one item.
pub fn pack(told: &Told) -> Dataset {
    Dataset {
        id: DATASET.to_owned(),
        title: title(told),
        version: String::new(),
        language: String::new(),
        licence: String::new(),
        items: vec![told.item()],
        splits: vec![],
    }
}

/// The name of a case, unique in this browser.
pub fn case_id(now_millis: u64, seed: u64) -> String {
    format!("{RUN}{now_millis}-{seed}")
}

/// The name of a case's run; rounds count from one.
pub fn run_id(case_id: &str, round: usize) -> String {
    format!("{case_id}.{round}")
}

/// The case that a run belongs to, and which of its rounds it is.
pub fn case_of(run_id: &str) -> Option<(&str, usize)> {
    let (case_id, round) = run_id.rsplit_once('.')?;
    Some((case_id, round.parse().ok()?)).filter(|_| case_id.starts_with(RUN))
}

#[cfg(test)]
mod tests;
