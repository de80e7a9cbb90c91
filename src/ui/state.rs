//! Owns what the page remembers while it is open: question sets, participants, the run, opened results.

mod asking;
mod judging;

use std::rc::Rc;
use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;

pub(super) use self::asking::{Asking, Pool, ShotSource, Typed, language_of_questions, parts_of};
pub(super) use self::judging::{JudgingWishes, can_judge};
use super::loads::Loads;
use crate::browser::driver::Driver;
use crate::browser::files::File;
use crate::browser::librarian::{Librarian, Taken};
use crate::browser::loader::Opened;
use crate::dataset::edit::PackDraft;
use crate::dataset::library::Summary;
use crate::dataset::{Item, Selection};
use crate::provider::price_table::{self, PriceTable, Quote};
use crate::provider::{Endpoint, ModelSpec};
use crate::report::link::Route;
use crate::run::draft::Part;
use crate::run::{Journal, PlannedDataset};

/// Everything, handed down through the context.
#[derive(Clone, Copy)]
pub(super) struct State {
    /// The view, as the address names it.
    pub(super) route: RwSignal<Route>,
    /// Question sets, in the order in which they were opened.
    pub(super) shelf: RwSignal<Vec<Shelved>>,
    /// Questions that are being made.
    pub(super) draft: RwSignal<PackDraft>,
    /// Participants of the next run.
    pub(super) roster: RwSignal<Vec<Listed>>,
    /// How the next run puts its questions.
    asking: StoredValue<Asking>,
    /// How the next run grades open answers.
    judging: StoredValue<JudgingWishes>,
    /// The run in this tab.
    pub(super) driver: RwSignal<Option<Driver>, LocalStorage>,
    /// Id of the run in this tab.
    pub(super) run_id: RwSignal<Option<String>>,
    /// Counts the run's changes, so that views follow them.
    pub(super) run_version: RwSignal<u32>,
    /// Results opened from files, and the last finished run.
    pub(super) opened: RwSignal<Vec<Arc<Journal>>>,
    /// Prices that come with the page; empty until they are fetched.
    pub(super) shipped_prices: RwSignal<Arc<PriceTable>>,
    /// Prices that the person typed.
    pub(super) own_prices: RwSignal<PriceTable>,
    /// Published sets that are loaded or kept.
    pub(super) loads: Loads,
    /// Files that another page hands to the questions page, to be opened there.
    pub(super) handed: RwSignal<Vec<File>, LocalStorage>,
    /// Hands out keys for lists.
    next_key: RwSignal<u32>,
}

/// A question set on the shelf, with what is to be taken from it.
#[derive(Clone)]
pub(super) struct Shelved {
    pub(super) key: u32,
    pub(super) summary: Arc<Summary>,
    /// Who wrote it: what a person brought may tell of somebody.
    pub(super) origin: Origin,
    pub(super) split: RwSignal<Option<usize>>,
    pub(super) selection: RwSignal<Selection>,
    /// What the selection takes.
    pub(super) taken: RwSignal<Loaded>,
    librarian: StoredValue<Librarian, LocalStorage>,
}

/// Items that a set's thread is asked for.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Loaded {
    /// On their way.
    Loading,
    /// Here.
    Here(Arc<Taken>),
    /// Why not.
    Failed(String),
}

/// Where a set came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// It comes with the page.
    Bundled,
    /// A file of the person's, or made by them, or a dataset that nobody here has looked at.
    Own,
    /// A set of the catalogue, fetched from where its authors publish it.
    Published,
}

/// A set of more items than this is not asked whole unless the person says so.
const LARGE: usize = 2_000;
/// How many of a large set are taken at first.
const N_OF_LARGE: usize = 500;

/// A participant on the list.
#[derive(Clone)]
pub(super) struct Listed {
    pub(super) key: u32,
    pub(super) spec: ModelSpec,
}

impl State {
    pub(super) fn new(route: Route) -> Self {
        Self {
            route: RwSignal::new(route),
            shelf: RwSignal::new(vec![]),
            draft: RwSignal::new(PackDraft::default()),
            roster: RwSignal::new(vec![]),
            asking: StoredValue::new(Asking::default()),
            judging: StoredValue::new(JudgingWishes::default()),
            driver: RwSignal::new_local(None),
            run_id: RwSignal::new(None),
            run_version: RwSignal::new(0),
            opened: RwSignal::new(vec![]),
            shipped_prices: RwSignal::new(Arc::default()),
            own_prices: RwSignal::new(PriceTable::default()),
            loads: Loads::new(),
            handed: RwSignal::new_local(vec![]),
            next_key: RwSignal::new(0),
        }
    }

    /// The state that the app provided.
    pub(super) fn get() -> Self {
        expect_context()
    }

    /// How the next run puts its questions.
    pub(super) fn asking(self) -> Asking {
        self.asking.get_value()
    }

    /// How the next run grades open answers.
    pub(super) fn judging(self) -> JudgingWishes {
        self.judging.get_value()
    }

    /// What a run calls after changes, so that the views of it follow.
    pub(super) fn on_run_change(self) -> Rc<dyn Fn()> {
        Rc::new(move || self.run_version.update(|version| *version += 1))
    }

    /// Why no other run can take this one's place now: its answers would have nowhere to go.
    pub(super) fn under_way(self) -> Option<String> {
        let is_under_way = self.driver.with_untracked(|driver| {
            let run = driver.as_ref()?;
            Some(run.with(|run| run.is_busy() || (run.is_going() && !run.is_over())))
        });
        is_under_way.filter(|is| *is).map(|_| {
            "A run is under way in this tab. Pause it on the Run page, wait until its last answers are in, then try again.".to_owned()
        })
    }

    /// Makes a run the one of this tab.
    pub(super) fn set_driver(self, driver: Driver) {
        self.run_id.set(Some(driver.with(|run| run.journal().plan.run_id.clone())));
        self.driver.set(Some(driver));
    }

    /// What an endpoint costs, as far as it is known.
    pub(super) fn quote(self, endpoint: &Endpoint) -> Option<Quote> {
        self.own_prices.with(|own| {
            self.shipped_prices.with(|shipped| price_table::quote(own, shipped, endpoint))
        })
    }

    /// A participant with what it costs: the table of prices may have come after it was added.
    pub(super) fn with_price(self, mut spec: ModelSpec) -> ModelSpec {
        let quoted = spec.seat.endpoint().and_then(|endpoint| self.quote(endpoint));
        spec.price = spec.price.or(quoted.map(|quote| quote.price));
        spec
    }

    pub(super) fn key(self) -> u32 {
        self.next_key.update_untracked(|key| *key += 1);
        self.next_key.get_untracked()
    }

    /// Puts a question set on the shelf, in place of one with the same id.
    pub(super) fn shelve(self, librarian: Librarian, summary: Summary, origin: Origin) {
        let key = self.key();
        let n = (LARGE < summary.n_items).then_some(N_OF_LARGE);
        let shelved = Shelved {
            key,
            summary: Arc::new(summary),
            origin,
            split: RwSignal::new(None),
            selection: RwSignal::new(Selection { n, seed: 1, ..Selection::default() }),
            taken: RwSignal::new(Loaded::Loading),
            librarian: StoredValue::new_local(librarian),
        };
        shelved.load();
        self.take_off(|other| other.summary.id == shelved.summary.id);
        self.shelf.update(|shelf| shelf.push(shelved));
    }

    /// Takes question sets off the shelf; their threads end, and what they keep in memory goes.
    pub(super) fn take_off(self, is_off: impl Fn(&Shelved) -> bool) {
        self.shelf.update(|shelf| {
            shelf.retain(|shelved| {
                let stays = !is_off(shelved);
                if !stays {
                    shelved.librarian.dispose();
                }
                stays
            });
        });
    }

    /// Puts a published set on the shelf: the split that its authors ask, or the one without disputed items.
    pub(super) fn use_published(self, opened: Opened, origin: Origin, is_without_disputed: bool) {
        let Opened { librarian, summary, check } = opened;
        let id = summary.id.clone();
        let split = check.and_then(|check| {
            check.undisputed_split.filter(|_| is_without_disputed).or(check.official_split)
        });
        self.shelve(librarian, summary, origin);
        let shelved = self
            .shelf
            .with_untracked(|shelf| shelf.iter().find(|shelved| shelved.summary.id == id).cloned());
        if let (Some(shelved), Some(split)) = (shelved, split) {
            shelved.choose_split(Some(split));
        }
    }

    /// Adds a participant; a name that is taken gets a number behind it.
    pub(super) fn enlist(self, mut spec: ModelSpec) {
        let key = self.key();
        self.roster.update(|roster| {
            rename(&mut spec, roster);
            roster.push(Listed { key, spec });
        });
    }
}

/// Puts a number behind a name that is taken.
fn rename(spec: &mut ModelSpec, list: &[Listed]) {
    let base = spec.name.clone();
    let is_taken = |name: &str| list.iter().any(|listed| listed.spec.name == name);
    for n in 2_u32.. {
        if !is_taken(&spec.name) {
            break;
        }
        spec.name = format!("{base} ({n})");
    }
}

impl Shelved {
    /// The thread that keeps it, while it is on the shelf.
    pub(super) fn librarian(&self) -> Option<Librarian> {
        self.librarian.try_get_value()
    }

    /// The file that it came from, if it is one of the person's.
    pub(super) fn file(&self) -> Option<File> {
        self.librarian.try_with_value(Librarian::file).flatten()
    }

    /// Changes what is taken, and asks for it.
    pub(super) fn choose(&self, change: impl FnOnce(&mut Selection)) {
        self.selection.update(change);
        self.load();
    }

    /// Chooses a part of the set, such as an official test split.
    pub(super) fn choose_split(&self, split: Option<usize>) {
        self.split.set(split);
        self.load();
    }

    /// Asks the set's thread for what is chosen. An answer to an earlier choice is dropped.
    fn load(&self) {
        let (split, selection) = (self.split.get_untracked(), self.selection.get_untracked());
        let this = self.clone();
        this.taken.set(Loaded::Loading);
        spawn_local(async move {
            let Some(librarian) = this.librarian.try_get_value() else { return };
            let taken = librarian.take(split, &selection).await;
            let is_current = this.split.try_get_untracked() == Some(split)
                && this.selection.try_get_untracked() == Some(selection);
            if is_current {
                this.taken.set(match taken {
                    Ok(taken) => Loaded::Here(Arc::new(taken)),
                    Err(error) => Loaded::Failed(error.to_string()),
                });
            }
        });
    }

    /// Items of the set, or of one of its splits and categories, whatever is chosen to be asked: at most `n`, drawn with `seed`.
    pub(super) async fn others(
        &self,
        source: &ShotSource,
        n: usize,
        seed: u64,
    ) -> Result<Arc<Vec<Item>>, String> {
        let mut selection = Selection { n: Some(n), seed, ..Selection::default() };
        selection.filter.categories.extend(source.category.clone());
        let librarian = self.librarian.try_get_value().ok_or("This set is not open any more.")?;
        let taken = librarian.take(source.split, &selection).await;
        taken.map(|taken| taken.items).map_err(|error| error.to_string())
    }

    /// The set's part in a run; `None` while it is on its way.
    pub(super) fn part(&self) -> Option<Part> {
        let Loaded::Here(taken) = self.taken.get() else { return None };
        let (split, selection) = (self.split.get(), self.selection.get());
        let summary = &self.summary;
        let title = match split.and_then(|idx| summary.splits.get(idx)) {
            Some((name, _)) => format!("{}, {name}", summary.title),
            None => summary.title.clone(),
        };
        let n_sampled = taken.items.len();
        let plain = Selection { n: selection.n, seed: selection.seed, ..Selection::default() };
        Some(Part {
            dataset: PlannedDataset {
                id: summary.id.clone(),
                title,
                version: summary.version.clone(),
                licence: summary.licence.clone(),
                fingerprint: taken.fingerprint.clone(),
                n_available: taken.n_available,
                n_sampled,
                seed: (n_sampled < taken.n_available).then_some(selection.seed),
                selection: (selection != plain).then_some(selection),
                variants: vec![],
                do_not_show: summary.do_not_show,
            },
            language: summary.language.clone(),
            items: taken.items.clone(),
        })
    }

    /// How many items the chosen split has.
    pub(super) fn n_available(&self) -> usize {
        match self.split.get().and_then(|idx| self.summary.splits.get(idx)) {
            Some((_, n)) => *n,
            None => self.summary.n_items,
        }
    }

    /// How many items a run would take; `None` while that is found out.
    pub(super) fn n_taken(&self) -> Option<usize> {
        self.taken.with(|taken| match taken {
            Loaded::Here(taken) => Some(taken.items.len()),
            Loaded::Loading | Loaded::Failed(_) => None,
        })
    }
}
