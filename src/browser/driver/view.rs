//! Owns what views may see of a run.

use super::Inner;
use crate::browser::{clock, keys};
use crate::report::LiveCounts;
use crate::run::progress::LaneProgress;
use crate::run::{Journal, Spending, TrialId};

/// A look at a run.
pub struct RunView<'a> {
    pub(super) inner: &'a Inner,
}

impl RunView<'_> {
    /// The plan, and the entries that are safe.
    pub fn journal(&self) -> &Journal {
        &self.inner.journal
    }

    /// The counts of one model's safe entries.
    pub fn counts(&self, model_idx: usize) -> Option<&LiveCounts> {
        self.inner.live.counts(model_idx)
    }

    /// Where each model stands.
    pub fn progress(&self) -> Vec<LaneProgress> {
        self.inner.engine.progress(clock::now_millis())
    }

    /// The next trial that waits for a human's answer, of this model.
    pub fn next_by_hand(&self, model_idx: usize) -> Option<TrialId> {
        self.inner.engine.next_by_hand(model_idx)
    }

    /// What the run has cost and may still cost.
    pub fn spending(&self) -> Spending {
        self.inner.engine.spending()
    }

    /// When batches at a provider are asked after next, milliseconds since 1970.
    pub fn next_look(&self) -> Option<u64> {
        self.inner.engine.next_look()
    }

    /// Why this model's batches could not be asked after the last time.
    pub fn batch_trouble(&self, model_idx: usize) -> Option<String> {
        let model = u16::try_from(model_idx).ok()?;
        self.inner.batch_troubles.get(&model).cloned()
    }

    /// An answer of this model that is being written, as far as it has come: of its oldest call under way.
    pub fn writing(&self, model_idx: usize) -> Option<String> {
        self.inner.calls.values().find_map(|call| call.written(model_idx))
    }

    /// The answer to this trial, while it is being written, as far as it has come.
    pub fn writing_to(&self, trial: TrialId) -> Option<String> {
        self.inner.calls.values().find_map(|call| call.written_to(trial))
    }

    /// Whether calls are being sent.
    pub fn is_going(&self) -> bool {
        self.inner.engine.is_going()
    }

    /// Whether nothing is left to do but what a human brings.
    pub fn is_over(&self) -> bool {
        self.inner.engine.is_over() && self.inner.saving.is_clear()
    }

    /// Whether every question has ended, for everyone.
    pub fn is_complete(&self) -> bool {
        self.inner.engine.is_complete() && self.inner.saving.is_clear()
    }

    /// Whether answers are awaited or on their way into the store.
    pub fn is_busy(&self) -> bool {
        !self.inner.calls.is_empty()
            || !self.inner.batch_calls.is_empty()
            || !self.inner.saving.is_clear()
    }

    /// Addresses whose key was there when the run began and is not now: the page was closed since.
    pub fn missing_keys(&self) -> Vec<String> {
        self.inner.summary.keyed_urls.iter().filter(|url| !keys::has(url)).cloned().collect()
    }

    /// Why answers cannot be stored at present.
    pub fn store_error(&self) -> Option<String> {
        self.inner.saving.error().map(ToString::to_string)
    }
}
