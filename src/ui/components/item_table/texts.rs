//! Owns the texts that the table of items is searched in, as they are made.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser::clock;
use crate::report::items::SearchIndex;
use crate::ui::pages::results::Shown;

/// The texts to search in, made when a search is first wanted and some at a time, so that no frame is held up.
#[derive(Clone, Copy)]
pub(super) struct Index {
    pub(super) whole: RwSignal<Option<Arc<SearchIndex>>>,
    /// How far it is, in percent; `None` while it is not being made.
    pub(super) progress: RwSignal<Option<usize>>,
}

/// Items taken in before the clock is looked at again, and how long a part may take.
const N_A_STEP: usize = 100;
const STEP_MILLIS: u64 = 8;

impl Index {
    pub(super) fn new() -> Self {
        Self { whole: RwSignal::new(None), progress: RwSignal::new(None) }
    }

    pub(super) fn make(self, shown: StoredValue<Shown>) {
        if self.whole.with_untracked(Option::is_some) || self.progress.get_untracked().is_some() {
            return;
        }
        self.progress.set(Some(0));
        spawn_local(async move {
            let mut index = SearchIndex::default();
            loop {
                let start = clock::now_millis();
                let step = || {
                    shown.try_with_value(|shown| {
                        let grid = &shown.comparison.grid;
                        index.extend(grid, &shown.refs(), N_A_STEP);
                        (index.n_items(), grid.items.len())
                    })
                };
                let mut step = step;
                // The page may have gone on to other results.
                let Some((mut n, n_all)) = step() else { return };
                while n < n_all && clock::now_millis().saturating_sub(start) < STEP_MILLIS {
                    let Some((more, _)) = step() else { return };
                    n = more;
                }
                if n_all <= n {
                    break;
                }
                if self.progress.try_set(Some(100 * n / n_all)).is_some() {
                    return;
                }
                clock::next_turn().await;
            }
            let _ = self.progress.try_set(None);
            let _ = self.whole.try_set(Some(Arc::new(index)));
        });
    }
}
