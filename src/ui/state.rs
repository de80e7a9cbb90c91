//! Owns what the page remembers while it is open: question sets, participants, the run, opened results.

use std::rc::Rc;
use std::sync::Arc;

use leptos::prelude::*;

use crate::browser::driver::Driver;
use crate::dataset::{Dataset, Import};
use crate::provider::price_table::{self, PriceTable, Quote};
use crate::provider::{Endpoint, ModelSpec};
use crate::report::link::Route;
use crate::run::Journal;

/// Everything, handed down through the context.
#[derive(Clone, Copy)]
pub(super) struct State {
    /// The view, as the address names it.
    pub(super) route: RwSignal<Route>,
    /// Question sets, in the order in which they were opened.
    pub(super) shelf: RwSignal<Vec<Shelved>>,
    /// Participants of the next run.
    pub(super) roster: RwSignal<Vec<Listed>>,
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
    /// Hands out keys for lists.
    next_key: RwSignal<u32>,
}

/// A question set on the shelf, with what is to be taken from it.
#[derive(Clone)]
pub(super) struct Shelved {
    pub(super) key: u32,
    /// Who wrote it: what a person brought may tell of somebody.
    pub(super) origin: Origin,
    pub(super) import: Arc<Import>,
    pub(super) split: RwSignal<Option<usize>>,
    pub(super) sample: RwSignal<Sample>,
}

/// Where a question set is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// It comes with the page.
    Bundled,
    /// The person's own file or typing.
    Own,
}

/// How much of a set is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sample {
    /// None for all.
    pub(super) n: Option<usize>,
    pub(super) seed: u64,
}

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
            roster: RwSignal::new(vec![]),
            driver: RwSignal::new_local(None),
            run_id: RwSignal::new(None),
            run_version: RwSignal::new(0),
            opened: RwSignal::new(vec![]),
            shipped_prices: RwSignal::new(Arc::default()),
            own_prices: RwSignal::new(PriceTable::default()),
            next_key: RwSignal::new(0),
        }
    }

    /// The state that the app provided.
    pub(super) fn get() -> Self {
        expect_context()
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

    pub(super) fn key(self) -> u32 {
        self.next_key.update_untracked(|key| *key += 1);
        self.next_key.get_untracked()
    }

    /// Puts a question set on the shelf, in place of one with the same id.
    pub(super) fn shelve(self, import: Import, origin: Origin) {
        let key = self.key();
        let shelved = Shelved {
            key,
            origin,
            import: Arc::new(import),
            split: RwSignal::new(None),
            sample: RwSignal::new(Sample { n: None, seed: 1 }),
        };
        self.shelf.update(|shelf| {
            shelf.retain(|other| other.import.dataset.id != shelved.import.dataset.id);
            shelf.push(shelved);
        });
    }

    /// Adds a participant; a name that is taken gets a number behind it.
    pub(super) fn enlist(self, mut spec: ModelSpec) {
        let key = self.key();
        self.roster.update(|roster| {
            let base = spec.name.clone();
            let is_taken = |name: &str| roster.iter().any(|listed| listed.spec.name == name);
            for n in 2_u32.. {
                if !is_taken(&spec.name) {
                    break;
                }
                spec.name = format!("{base} ({n})");
            }
            roster.push(Listed { key, spec });
        });
    }
}

impl Shelved {
    pub(super) fn dataset(&self) -> &Dataset {
        &self.import.dataset
    }

    /// How many items the chosen split has.
    pub(super) fn n_available(&self) -> usize {
        match self.split.get().and_then(|idx| self.dataset().splits.get(idx)) {
            Some(split) => split.item_idxs.len(),
            None => self.dataset().items.len(),
        }
    }

    /// How many items a run would take.
    pub(super) fn n_taken(&self) -> usize {
        let available = self.n_available();
        self.sample.get().n.map_or(available, |n| n.min(available))
    }
}
