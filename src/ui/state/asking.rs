//! Owns how the next run is to put its questions: what a person chose and typed, kept while the page is open.

use std::collections::BTreeSet;
use std::sync::Arc;

use leptos::prelude::*;

use super::{Origin, Shelved, State};
use crate::dataset::Item;
use crate::dataset::variant::{Change, Family};
use crate::prompt::{Language, OwnTemplate, Preset, Prompting, Template, TemplateError};
use crate::run::draft::{Part, WantedShots};

/// What an own template begins with: it can be used as it stands.
const FIRST_OWN: &str = "{context}\n\n{question}\n\n{options}\n\nReply with one line, in this form, with one of {letters} in the place of the dots:\nAnswer: ...";
/// The age that cases are given unless the person types another.
const FIRST_AGE: u64 = 80;

/// A text that is typed. What hangs on it waits until the typing stops: a plan is not made anew with each letter.
#[derive(Clone, Copy)]
pub(in crate::ui) struct Typed {
    /// As it stands in the field.
    pub(in crate::ui) live: RwSignal<String>,
    /// As it was when the typing last stopped.
    pub(in crate::ui) settled: RwSignal<String>,
}

impl Typed {
    pub(super) fn new(text: &str) -> Self {
        Self { live: RwSignal::new(text.to_owned()), settled: RwSignal::new(text.to_owned()) }
    }

    pub(super) fn is_settled(self) -> bool {
        self.live.with(|live| self.settled.with(|settled| live == settled))
    }
}

/// Where examples are drawn from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(in crate::ui) struct ShotSource {
    /// [`Shelved::key`].
    pub(in crate::ui) set: u32,
    /// Index of a split of it; `None` for the whole set.
    pub(in crate::ui) split: Option<usize>,
    /// Only of this category.
    pub(in crate::ui) category: Option<String>,
}

/// The items that examples are drawn from.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::ui) enum Pool {
    /// Not asked for, or on their way.
    Missing,
    /// Here.
    Here(Arc<Vec<Item>>, Origin),
    /// Why not.
    Failed(String),
}

/// How the next run puts its questions.
#[derive(Clone, Copy)]
pub(in crate::ui) struct Asking {
    /// A template that comes with the page; `None` for the person's own.
    pub(in crate::ui) preset: RwSignal<Option<Preset>>,
    /// The person's own template.
    pub(in crate::ui) own: Typed,
    /// Of the instructions; `None` for that of the questions.
    pub(in crate::ui) language: RwSignal<Option<Language>>,
    /// The standing instruction.
    pub(in crate::ui) system: Typed,
    /// How many examples are shown.
    pub(in crate::ui) n_shots: RwSignal<u64>,
    /// Of their draw.
    pub(in crate::ui) shots_seed: RwSignal<u64>,
    /// Where they are drawn from; `None` for the first set on the shelf.
    pub(in crate::ui) shots_from: RwSignal<Option<ShotSource>>,
    /// What is there.
    pub(in crate::ui) pool: RwSignal<Pool>,
    /// What variants change.
    pub(in crate::ui) changes: RwSignal<BTreeSet<Change>>,
    /// How many drawn orders of the options.
    pub(in crate::ui) n_orders: RwSignal<u64>,
    /// The age that the person of a case is given.
    pub(in crate::ui) years: RwSignal<u64>,
    /// Of all that is drawn in variants.
    pub(in crate::ui) variants_seed: RwSignal<u64>,
    /// The sets with the variants that are wanted; `None` while they are made.
    pub(in crate::ui) varied: RwSignal<Option<Arc<Vec<Part>>>>,
}

impl Default for Asking {
    fn default() -> Self {
        Self {
            preset: RwSignal::new(Some(Preset::default())),
            own: Typed::new(FIRST_OWN),
            language: RwSignal::new(None),
            system: Typed::new(""),
            n_shots: RwSignal::new(0),
            shots_seed: RwSignal::new(1),
            shots_from: RwSignal::new(None),
            pool: RwSignal::new(Pool::Missing),
            changes: RwSignal::new(BTreeSet::new()),
            n_orders: RwSignal::new(1),
            years: RwSignal::new(FIRST_AGE),
            variants_seed: RwSignal::new(1),
            varied: RwSignal::new(None),
        }
    }
}

impl Asking {
    /// The person's own template, as far as it can be used.
    pub(in crate::ui) fn own_template(self) -> Result<OwnTemplate, TemplateError> {
        self.own.settled.with(|text| OwnTemplate::parse(text))
    }

    /// The language of the instructions: the one that was chosen, or that of the questions where they share one.
    pub(in crate::ui) fn spoken(self, state: State) -> Language {
        self.language.get().unwrap_or_else(|| language_of_questions(state))
    }

    /// How questions are put, without the examples.
    pub(in crate::ui) fn prompting(self, state: State) -> Result<Prompting, TemplateError> {
        let prompting = match self.preset.get() {
            Some(preset) => Prompting::preset(preset, self.spoken(state)),
            None => {
                Prompting { template: Template::Own(self.own_template()?), ..Prompting::default() }
            }
        };
        let system = self.system.settled.get();
        let system = Some(system.trim().to_owned()).filter(|system| !system.is_empty());
        Ok(Prompting { system, ..prompting })
    }

    /// Where examples are drawn from, if any are wanted and the set is still there.
    pub(in crate::ui) fn source(self, sets: &[Shelved]) -> Option<ShotSource> {
        let first = || sets.first().map(|set| ShotSource { set: set.key, ..ShotSource::default() });
        let is_there = |source: &ShotSource| sets.iter().any(|set| set.key == source.set);
        self.shots_from.get().filter(is_there).or_else(first)
    }

    /// The examples that are to be drawn, once there is something to draw from.
    pub(in crate::ui) fn shots(self) -> Option<WantedShots> {
        let n = usize::try_from(self.n_shots.get()).unwrap_or(usize::MAX);
        let seed = self.shots_seed.get();
        match self.pool.get() {
            Pool::Here(pool, _) if 0 < n => Some(WantedShots { n, seed, pool }),
            Pool::Here(..) | Pool::Missing | Pool::Failed(_) => None,
        }
    }

    /// The variants of one change, with what was typed for them.
    pub(in crate::ui) fn family(self, change: Change) -> Family {
        let seed = self.variants_seed.get();
        let small = |n: u64| u16::try_from(n).unwrap_or(u16::MAX);
        match change {
            Change::Rotated => Family::Rotations,
            Change::Shuffled => Family::Shuffles { n: small(self.n_orders.get()), seed },
            Change::NoneOfTheOthers => Family::NoneOfTheOthers,
            Change::OptionsOnly => Family::OptionsOnly,
            Change::Lay => Family::Lay,
            Change::Misspelt => Family::Misspelt { seed },
            Change::WrongBelief => Family::WrongBelief { seed },
            Change::Sex => Family::Sex,
            Change::Age => Family::Age { years: u32::from(small(self.years.get())) },
            Change::Ethnicity => Family::Ethnicity,
        }
    }

    /// The variants that are wanted.
    pub(in crate::ui) fn families(self) -> Vec<Family> {
        self.changes.get().into_iter().map(|change| self.family(change)).collect()
    }

    /// The sets with their variants; without, while those are made.
    pub(in crate::ui) fn parts(self, state: State) -> Vec<Part> {
        match self.varied.get().filter(|_| self.changes.with(|changes| !changes.is_empty())) {
            Some(varied) => varied.to_vec(),
            None => parts_of(state),
        }
    }

    /// Whether all that was typed can be used, and what is to be drawn or made is there.
    pub(in crate::ui) fn is_ready(self) -> bool {
        let is_own = self.preset.with(Option::is_none);
        let has_template = !is_own || (self.own.is_settled() && self.own_template().is_ok());
        let has_pool =
            self.n_shots.get() == 0 || self.pool.with(|pool| matches!(pool, Pool::Here(..)));
        let has_variants =
            self.changes.with(BTreeSet::is_empty) || self.varied.with(Option::is_some);
        has_template && self.system.is_settled() && has_pool && has_variants
    }
}

/// What the sets on the shelf bring to a run.
pub(in crate::ui) fn parts_of(state: State) -> Vec<Part> {
    state.shelf.get().iter().filter_map(Shelved::part).collect()
}

/// The language that all sets on the shelf share, where instructions can be given in it; else English.
pub(in crate::ui) fn language_of_questions(state: State) -> Language {
    state.shelf.with(|shelf| {
        let mut languages = shelf.iter().map(|set| Language::of_tag(&set.summary.language));
        let first = languages.next().flatten().unwrap_or_default();
        if languages.all(|language| language == Some(first)) { first } else { Language::default() }
    })
}
