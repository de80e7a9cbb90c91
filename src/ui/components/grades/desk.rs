//! Owns how a person's ruling gets from its form into the journal, and what is told of that afterwards.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser::overruling;
use crate::browser::page::{self, Leave};
use crate::run::{Journal, Overruling, TrialId};
use crate::ui::state::State;

/// Names a grade among the results that are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct GradeKey {
    /// Index into the journals that are shown.
    pub(crate) run: usize,
    pub(crate) trial: TrialId,
    /// Index into the item's criteria; none for the outcome of a trial.
    pub(crate) criterion: Option<usize>,
}

/// What the forms for grades share. It outlives the figures, which are drawn anew after each ruling.
#[derive(Clone, Copy)]
pub(crate) struct Desk {
    /// The grade whose form is open.
    pub(crate) open: RwSignal<Option<GradeKey>>,
    /// Who changes grades: typed once.
    pub(crate) name: RwSignal<String>,
    pub(crate) is_writing: RwSignal<bool>,
    /// What came of the last ruling, beside its grade.
    pub(crate) told: RwSignal<Option<(GradeKey, String)>>,
    pub(crate) error: RwSignal<Option<String>>,
    journals: RwSignal<Vec<Arc<Journal>>>,
    /// The run among them that this browser keeps; all others came from files.
    kept: RwSignal<Option<String>>,
}

impl Desk {
    /// The desk over these journals, handed down through the context.
    pub(crate) fn provide(
        journals: RwSignal<Vec<Arc<Journal>>>,
        kept: RwSignal<Option<String>>,
    ) -> Self {
        let desk = Self {
            open: RwSignal::new(None),
            name: RwSignal::new(String::new()),
            is_writing: RwSignal::new(false),
            told: RwSignal::new(None),
            error: RwSignal::new(None),
            journals,
            kept,
        };
        provide_context(desk);
        desk
    }

    /// The desk that the page provided.
    pub(crate) fn get() -> Self {
        expect_context()
    }

    /// Writes a ruling down; figures follow when it is safe.
    pub(crate) fn write(self, state: State, key: GradeKey, ruled: Overruling) {
        let journal = self.journals.with_untracked(|journals| journals.get(key.run).cloned());
        let Some(journal) = journal else { return };
        if self.is_writing.get_untracked() {
            return;
        }
        self.is_writing.set(true);
        self.error.set(None);
        let run_id = journal.plan.run_id.clone();
        let is_kept = self.kept.with_untracked(|kept| *kept == Some(run_id.clone()));
        let driver = state
            .driver
            .get_untracked()
            .filter(|driver| is_kept && driver.with(|run| run.journal().plan.run_id == run_id));
        spawn_local(async move {
            let written = match driver {
                Some(driver) => overruling::keep_in_run(&driver, ruled)
                    .await
                    .map(|()| driver.with(|run| run.journal().clone())),
                None if is_kept => {
                    overruling::keep(&journal, ruled).await.map(|entry| with(&journal, entry))
                }
                None => Ok(with(&journal, overruling::sealed(&journal, ruled).entry)),
            };
            self.is_writing.set(false);
            match written {
                Ok(journal) => self.show(state, key, &Arc::new(journal), is_kept),
                Err(error) => self.error.set(Some(error.to_string())),
            }
        });
    }

    fn show(self, state: State, key: GradeKey, journal: &Arc<Journal>, is_kept: bool) {
        let told = if is_kept {
            "Written down, and kept in this browser. All figures follow."
        } else {
            "Written down in this page only. All figures follow. Save the run below (“Save the run”) to keep it: the file that you opened does not change."
        };
        if !is_kept {
            page::set_leave_warning(Leave::Rulings, true);
            // Other pages of Viva may be looked at meanwhile.
            state.opened.update(|opened| {
                let run_id = &journal.plan.run_id;
                for slot in opened.iter_mut().filter(|other| other.plan.run_id == *run_id) {
                    *slot = journal.clone();
                }
            });
        }
        self.open.set(None);
        self.told.set(Some((key, told.to_owned())));
        self.journals.update(|journals| {
            if let Some(slot) = journals.get_mut(key.run) {
                *slot = journal.clone();
            }
        });
        // The figures are drawn anew, and the form is gone: who works by keyboard goes on from its grade.
        request_animation_frame(|| page::focus("#ruling-told"));
    }
}

fn with(journal: &Journal, entry: crate::run::Entry) -> Journal {
    let mut journal = journal.clone();
    journal.entries.push(entry);
    journal
}
