//! Owns the published sets that this tab loads, and the list of those that the browser keeps. Loads go on whatever page is
//! shown.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser::loader::{Loader, Opened, Phase};
use crate::browser::quota::{self, Estimate};
use crate::browser::store::{KeptLoad, KeptSet, Store};
use crate::browser::{Error, http};
use crate::dataset::catalogue::{Catalogue, Entry, Gotten, HubAddress, Progress, Unit};

/// Where the catalogue lies, beside the page.
const CATALOGUE: &str = "www/data/catalogue.json";

/// What the page of published sets shows.
#[derive(Clone, Copy)]
pub(super) struct Loads {
    /// The catalogue, once it is here; or why it is not.
    pub(super) catalogue: RwSignal<Option<Result<Arc<Catalogue>, String>>>,
    /// Loads of this tab, in the order of their beginning.
    pub(super) underway: RwSignal<Vec<Underway>, LocalStorage>,
    /// Sets that the browser keeps; `None` until it is known.
    pub(super) kept: RwSignal<Option<Vec<KeptSet>>>,
    /// Loads that were broken off, in this tab or before.
    pub(super) broken_off: RwSignal<Vec<KeptLoad>>,
    /// What the browser tells of its storage.
    pub(super) estimate: RwSignal<Option<Estimate>>,
    /// Why the browser's storage could not be read or changed.
    pub(super) error: RwSignal<Option<String>>,
    /// Loads that were begun.
    n_begun: RwSignal<u32>,
}

/// A load of this tab.
#[derive(Clone)]
pub(super) struct Underway {
    /// Tells a load from an earlier one of the same set.
    pub(super) number: u32,
    /// Id of its entry at the beginning.
    pub(super) id: String,
    /// For people.
    pub(super) title: String,
    /// How far it is.
    pub(super) phase: ArcRwSignal<Phase>,
    loader: Loader,
}

impl Loads {
    pub(super) fn new() -> Self {
        Self {
            catalogue: RwSignal::new(None),
            underway: RwSignal::new_local(vec![]),
            kept: RwSignal::new(None),
            broken_off: RwSignal::new(vec![]),
            estimate: RwSignal::new(None),
            error: RwSignal::new(None),
            n_begun: RwSignal::new(0),
        }
    }

    /// Fetches the catalogue, unless it is here.
    pub(super) fn fetch_catalogue(self) {
        if matches!(self.catalogue.get_untracked(), Some(Ok(_))) {
            return;
        }
        spawn_local(async move {
            let read = async {
                let bytes = http::own_file(CATALOGUE).await.map_err(|error| error.to_string())?;
                let text = String::from_utf8_lossy(&bytes);
                Catalogue::read(&text).map(Arc::new).map_err(|error| error.to_string())
            };
            self.catalogue.set(Some(read.await));
        });
    }

    /// Looks what the browser keeps.
    pub(super) fn refresh(self) {
        spawn_local(async move {
            let look = async {
                let store = Store::open().await?;
                Ok::<_, Error>((store.sets().await?, store.loads().await?))
            };
            match look.await {
                Ok((sets, loads)) => {
                    self.kept.set(Some(sets));
                    self.broken_off.set(loads);
                }
                Err(error) => {
                    self.kept.set(Some(vec![]));
                    self.error.set(Some(error.to_string()));
                }
            }
            self.estimate.set(quota::estimate().await);
        });
    }

    /// Loads a set of the catalogue.
    pub(super) fn start(self, entry: &Entry) {
        self.add(&entry.id, &entry.title, |tell| Loader::start(entry, tell));
    }

    /// Loads any set on Hugging Face.
    pub(super) fn start_hub(self, address: &HubAddress) {
        let entry = address.entry();
        self.add(&entry.id, &entry.title, |tell| Loader::start_hub(address, tell));
    }

    /// Takes files that the person downloaded for a set of the catalogue.
    pub(super) fn by_hand(self, entry: &Entry, files: Vec<Gotten>) {
        self.add(&entry.id, &entry.title, |tell| Loader::by_hand(entry, files, tell));
    }

    /// Goes on with a load that was broken off.
    pub(super) fn resume_kept(self, kept: KeptLoad) {
        spawn_local(async move {
            let found = async { Store::open().await?.load(&kept.id).await };
            match found.await {
                Ok(Some(load)) => {
                    self.add(&kept.id, &kept.title, |tell| Loader::kept(load, tell));
                }
                Ok(None) => self.refresh(),
                Err(error) => self.error.set(Some(error.to_string())),
            }
        });
    }

    fn add(self, id: &str, title: &str, begin: impl FnOnce(Box<dyn Fn(Phase)>) -> Loader) {
        if let Some(earlier) = self.of_now(id) {
            earlier.loader.stop();
        }
        let progress =
            Progress { n_parts_done: 0, n_parts: 1, done: 0, total: None, unit: Unit::Bytes };
        let phase = ArcRwSignal::new(Phase::Fetching { progress, left_millis: None });
        let tell = {
            let phase = phase.clone();
            move |now: Phase| {
                let is_at_rest = matches!(now, Phase::Stopped { .. } | Phase::Done(_));
                phase.set(now);
                if is_at_rest {
                    self.refresh();
                }
            }
        };
        let loader = begin(Box::new(tell));
        self.n_begun.update_untracked(|n| *n += 1);
        let (number, id_here) = (self.n_begun.get_untracked(), id.to_owned());
        let underway = Underway { number, id: id_here, title: title.to_owned(), phase, loader };
        self.underway.update(|list| {
            list.retain(|other| other.id != id);
            list.push(underway);
        });
    }

    /// The load of an entry in this tab.
    pub(super) fn of(self, id: &str) -> Option<Underway> {
        self.underway.with(|list| list.iter().find(|one| one.id == id).cloned())
    }

    /// As [`Self::of`], for what a click does.
    pub(super) fn of_now(self, id: &str) -> Option<Underway> {
        self.underway.with_untracked(|list| list.iter().find(|one| one.id == id).cloned())
    }

    /// Stops a load. What came is kept.
    pub(super) fn stop(self, id: &str) {
        if let Some(one) = self.of_now(id) {
            one.loader.stop();
        }
    }

    /// Goes on with a load of this tab.
    pub(super) fn resume(self, id: &str) {
        if let Some(one) = self.of_now(id) {
            one.loader.resume();
        }
    }

    /// Takes a split of those that are offered.
    pub(super) fn choose(self, id: &str, split_idx: usize) {
        if let Some(one) = self.of_now(id) {
            one.loader.choose(split_idx);
        }
    }

    /// Takes a load off the list, stopped if need be, with the set that it opened.
    pub(super) fn take(self, id: &str) -> Option<Opened> {
        let one = self.of_now(id)?;
        one.loader.stop();
        self.underway.update(|list| list.retain(|other| other.id != id));
        one.loader.take_opened()
    }

    /// Forgets a load that was broken off.
    pub(super) fn forget_load(self, id: String) {
        let _ = self.take(&id);
        self.change(async move { Store::open().await?.delete_load(&id).await });
    }

    /// Deletes a set that the browser keeps.
    pub(super) fn delete(self, id: String) {
        let _ = self.take(&id);
        self.change(async move { Store::open().await?.delete_set(&id).await });
    }

    fn change(self, work: impl Future<Output = Result<(), Error>> + 'static) {
        spawn_local(async move {
            self.error.set(work.await.err().map(|error| error.to_string()));
            self.refresh();
        });
    }
}
