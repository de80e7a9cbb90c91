//! Owns one model's part of a run: which of its trials stand where, and which is next.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, VecDeque};

use super::limiter::{Bounds, Limiter};
use super::plan::{Plan, TrialId};
use crate::provider::{Failure, Seat};

/// Who brings this lane's answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Supply {
    /// The engine sends calls.
    Calls,
    /// A human brings answers when they are ready.
    Hand,
    /// A file brought them; nothing is asked.
    Nobody,
}

/// Where a trial stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// Ready to be asked.
    Ready,
    /// A call is under way.
    InFlight,
    /// Waiting for its next try.
    Waiting,
    /// Answered, and the answer is on its way into the store: it does not count yet.
    Saving,
    /// Answered and safe.
    Answered,
    /// Given up, and that is safe too.
    Failed,
}

/// A trial of this lane.
#[derive(Debug, Clone)]
pub(super) struct Trial {
    pub(super) id: TrialId,
    pub(super) standing: Standing,
    pub(super) n_attempts: u32,
}

/// One model's trials and its pace.
#[derive(Debug, Clone)]
pub(super) struct Lane {
    pub(super) supply: Supply,
    pub(super) limiter: Limiter,
    pub(super) trials: Vec<Trial>,
    /// Whether an answer came in this run.
    pub(super) has_answered: bool,
    /// Set when asking on would meet the same failure each time.
    pub(super) stopped: Option<Failure>,
    /// Failures about the endpoint since the last answer.
    pub(super) n_endpoint_failures: u32,
    ready: VecDeque<usize>,
    waiting: BinaryHeap<Reverse<(u64, usize)>>,
    idx_of: BTreeMap<TrialId, usize>,
    /// How many trials stand where, kept so that no event has to look at them all.
    counts: [usize; N_STANDINGS],
}

const N_STANDINGS: usize = 6;

impl Lane {
    pub(super) fn new(plan: &Plan, model_idx: u16, bounds: Bounds) -> Self {
        let model = usize::from(model_idx);
        let supply = match plan.models.get(model).map(|spec| &spec.seat) {
            Some(Seat::Api(_) | Seat::BrowserModel | Seat::Baseline { .. }) => Supply::Calls,
            Some(Seat::Person | Seat::Paste) => Supply::Hand,
            Some(Seat::Recorded) | None => Supply::Nobody,
        };
        let item_idxs = match plan.assigned.get(model) {
            Some(Some(assigned)) => assigned.clone(),
            _ => (0..plan.items.len()).collect(),
        };
        let trials: Vec<Trial> = (0..plan.n_repeats.max(1))
            .flat_map(|repeat| item_idxs.iter().map(move |item_idx| (repeat, *item_idx)))
            .filter_map(|(repeat, item_idx)| {
                let item = u32::try_from(item_idx).ok()?;
                let id = TrialId { model: model_idx, item, repeat };
                Some(Trial { id, standing: Standing::Ready, n_attempts: 0 })
            })
            .collect();
        let idx_of = trials.iter().enumerate().map(|(idx, trial)| (trial.id, idx)).collect();
        let ready = (0..trials.len()).collect();
        let mut counts = [0; N_STANDINGS];
        counts[Standing::Ready as usize] = trials.len();
        Self {
            supply,
            limiter: Limiter::new(bounds),
            trials,
            has_answered: false,
            stopped: None,
            n_endpoint_failures: 0,
            ready,
            waiting: BinaryHeap::new(),
            idx_of,
            counts,
        }
    }

    pub(super) fn set(&mut self, idx: usize, standing: Standing) {
        if let Some(trial) = self.trials.get_mut(idx) {
            self.counts[trial.standing as usize] -= 1;
            self.counts[standing as usize] += 1;
            trial.standing = standing;
        }
    }

    pub(super) fn standing(&self, idx: usize) -> Option<Standing> {
        self.trials.get(idx).map(|trial| trial.standing)
    }

    pub(super) fn idx(&self, id: TrialId) -> Option<usize> {
        self.idx_of.get(&id).copied()
    }

    /// Rebuilds the queue after the trials' standings were set from a journal.
    pub(super) fn requeue(&mut self) {
        self.waiting.clear();
        self.ready.clear();
        for idx in 0..self.trials.len() {
            if matches!(self.standing(idx), Some(Standing::InFlight | Standing::Waiting)) {
                self.set(idx, Standing::Ready);
            }
            if self.standing(idx) == Some(Standing::Ready) {
                self.ready.push_back(idx);
            }
        }
    }

    /// Puts a trial that failed for good back to the end of the queue.
    pub(super) fn reopen(&mut self, id: TrialId) -> bool {
        let Some(idx) = self.idx(id) else { return false };
        if self.standing(idx) != Some(Standing::Failed) {
            return false;
        }
        self.set(idx, Standing::Ready);
        if let Some(trial) = self.trials.get_mut(idx) {
            trial.n_attempts = 0;
        }
        self.ready.push_back(idx);
        true
    }

    /// A trial comes back to the head of the queue, as when its call was called off.
    pub(super) fn put_back(&mut self, idx: usize) {
        self.set(idx, Standing::Ready);
        self.ready.push_front(idx);
    }

    pub(super) fn wait(&mut self, idx: usize, until: u64) {
        self.set(idx, Standing::Waiting);
        self.waiting.push(Reverse((until, idx)));
    }

    /// Moves trials whose wait is over to the head of the queue: what was begun is ended first.
    pub(super) fn release(&mut self, now: u64) {
        while let Some(Reverse((until, idx))) = self.waiting.peek().copied() {
            if now < until {
                break;
            }
            self.waiting.pop();
            self.put_back(idx);
        }
    }

    pub(super) fn next_release(&self) -> Option<u64> {
        self.waiting.peek().map(|Reverse((until, _))| *until)
    }

    pub(super) fn pop_ready(&mut self) -> Option<usize> {
        self.ready.pop_front()
    }

    pub(super) fn has_ready(&self) -> bool {
        !self.ready.is_empty()
    }

    /// The next trial that a human should bring an answer for.
    pub(super) fn first_ready(&self) -> Option<TrialId> {
        self.trials.get(*self.ready.front()?).map(|trial| trial.id)
    }

    /// Takes a given trial out of the queue.
    pub(super) fn take_ready(&mut self, idx: usize) {
        if self.ready.front() == Some(&idx) {
            self.ready.pop_front();
        } else {
            self.ready.retain(|queued| *queued != idx);
        }
    }

    pub(super) fn count(&self, standing: Standing) -> usize {
        self.counts[standing as usize]
    }

    /// Whether nothing of this lane is left to do without a human.
    pub(super) fn is_over(&self) -> bool {
        let n_under_way = self.count(Standing::InFlight) + self.count(Standing::Saving);
        let n_open = self.count(Standing::Ready) + self.count(Standing::Waiting);
        match (self.supply, &self.stopped) {
            (Supply::Nobody, _) => true,
            (_, Some(_)) => n_under_way == 0,
            _ => n_under_way + n_open == 0,
        }
    }
}
