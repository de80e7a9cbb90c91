//! Owns one of the study's sets on its way to the shelf: loaded as the catalogue loads it, then drawn as the study drew.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser::loader::{self, Phase};
use crate::dataset::Selection;
use crate::ui::components::catalogue::LoadView;
use crate::ui::state::{Loaded, Origin, State};
use crate::ui::words;

/// How far a set is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Standing {
    /// Not asked for.
    Away,
    /// Wanted: it loads, or is being opened.
    Coming,
    /// On the shelf, with so many questions drawn.
    Here(usize),
    /// It cannot be opened.
    Failed(String),
}

/// One of the study's sets.
#[derive(Clone, Copy)]
pub(super) struct WantedSet {
    /// Id in the catalogue.
    id: StoredValue<String>,
    /// What is drawn of it; `None` while it is not wanted.
    selection: RwSignal<Option<Selection>>,
    error: RwSignal<Option<String>>,
    is_opening: RwSignal<bool>,
    /// Whether a load was begun that was not opened yet.
    is_begun: StoredValue<bool>,
}

impl WantedSet {
    /// A set that is brought as soon as it is wanted.
    pub(super) fn new(state: State, id: &str) -> Self {
        let this = Self {
            id: StoredValue::new(id.to_owned()),
            selection: RwSignal::new(None),
            error: RwSignal::new(None),
            is_opening: RwSignal::new(false),
            is_begun: StoredValue::new(false),
        };
        Effect::new(move |_| this.go_on(state));
        this
    }

    /// Wants so much of it.
    pub(super) fn want(self, selection: Selection) {
        self.error.set(None);
        self.selection.set(Some(selection));
    }

    /// Takes the next step: what is on the shelf is drawn anew, what was loaded or is kept is opened, and what is neither
    /// is loaded.
    fn go_on(self, state: State) {
        let Some(selection) = self.selection.get() else { return };
        if self.is_opening.get() || self.error.with(Option::is_some) {
            return;
        }
        let id = self.id.get_value();
        let shelved =
            state.shelf.with(|shelf| shelf.iter().find(|set| set.summary.id == id).cloned());
        if let Some(shelved) = shelved {
            if shelved.selection.get_untracked() != selection {
                shelved.choose(|now| *now = selection);
            }
            return;
        }
        let underway = state.loads.of(&id);
        if let Some(underway) = &underway {
            // Whatever else it is, the view of the load tells, with its buttons.
            let is_done = underway.phase.with(|phase| matches!(phase, Phase::Done(_)));
            if is_done {
                self.open(state);
            }
            return;
        }
        if self.is_begun.get_value() {
            // The person forgot the load.
            self.is_begun.set_value(false);
            self.selection.set(None);
            return;
        }
        let is_kept = state
            .loads
            .kept
            .with(|kept| kept.as_ref().map(|kept| kept.iter().any(|set| set.entry.id == id)));
        let entry = state.loads.catalogue.with(|catalogue| {
            let catalogue = catalogue.as_ref()?;
            Some(
                catalogue
                    .as_ref()
                    .map(|catalogue| catalogue.entry(&id).cloned())
                    .map_err(Clone::clone),
            )
        });
        match (is_kept, entry) {
            (Some(true), _) => self.open(state),
            (Some(false), Some(Ok(Some(entry)))) => {
                self.is_begun.set_value(true);
                state.loads.start(&entry);
            }
            (Some(false), Some(Ok(None))) => {
                self.error
                    .set(Some("The catalogue of this page does not have this set.".to_owned()));
            }
            (Some(false), Some(Err(error))) => self.error.set(Some(error)),
            // The list and the store are being read.
            (None, _) | (_, None) => {}
        }
    }

    /// Opens the set that was just loaded, or that the browser keeps, and puts it on the shelf.
    fn open(self, state: State) {
        let id = self.id.get_value();
        let set = {
            let done = state.loads.of_now(&id).and_then(|one| {
                one.phase.with_untracked(|phase| match phase {
                    Phase::Done(outcome) => Some(outcome.set.clone()),
                    _ => None,
                })
            });
            let kept = || {
                let kept = state.loads.kept.get_untracked().unwrap_or_default();
                kept.into_iter().find(|set| set.entry.id == id)
            };
            done.or_else(kept)
        };
        let Some(set) = set else { return };
        self.is_begun.set_value(false);
        self.is_opening.set(true);
        spawn_local(async move {
            let ready = state.loads.take(&set.entry.id);
            let opened = match ready {
                Some(opened) => Ok(opened),
                None => loader::open_kept(&set).await,
            };
            match opened {
                Ok(opened) => state.use_published(opened, Origin::Published, false),
                Err(refused) => {
                    let _ = self.error.try_set(Some(refused.to_string()));
                }
            }
            let _ = self.is_opening.try_set(false);
        });
    }

    /// How far it is.
    pub(super) fn standing(self, state: State) -> Standing {
        if self.selection.with(Option::is_none) {
            return Standing::Away;
        }
        if let Some(error) = self.error.get() {
            return Standing::Failed(error);
        }
        let id = self.id.get_value();
        let shelved =
            state.shelf.with(|shelf| shelf.iter().find(|set| set.summary.id == id).cloned());
        let taken = shelved.map(|shelved| shelved.taken.get());
        match taken {
            Some(Loaded::Here(taken)) => Standing::Here(taken.items.len()),
            Some(Loaded::Failed(error)) => Standing::Failed(error),
            Some(Loaded::Loading) | None => Standing::Coming,
        }
    }
}

/// How far a set is, with the load's own progress, its stop, and what to do where it fails.
#[component]
pub(super) fn SetView(set: WantedSet, title: String) -> impl IntoView {
    let state = State::get();
    let standing = Memo::new(move |_| set.standing(state));
    let is_loading = Memo::new(move |_| state.loads.of(&set.id.get_value()).is_some());
    let title = Arc::new(title);
    view! {
        <li>
            {move || {
                let title = title.clone();
                match standing.get() {
                    Standing::Away => view! { <p class="quiet">{format!("{title}: not loaded yet.")}</p> }.into_any(),
                    Standing::Coming => view! { <p role="status">{format!("{title}: on its way …")}</p> }.into_any(),
                    Standing::Here(n) => view! {
                        <p role="status"><strong>{format!("{title}: {} drawn.", words::counted(n, "question", "questions"))}</strong></p>
                    }.into_any(),
                    Standing::Failed(error) => view! {
                        <p class="notice notice--bad" role="alert">{format!("{title}: {error}")}</p>
                    }.into_any(),
                }
            }}
            {move || (is_loading.get() && standing.get() == Standing::Coming).then(|| view! { <LoadView id=set.id.get_value()/> })}
        </li>
    }
}
