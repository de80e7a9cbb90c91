//! Owns one model's part of a run: which of its trials stand where, and which is next.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, VecDeque};
use std::sync::Arc;

use super::cost::{self, Tariff};
use super::judging::JudgementId;
use super::plan::{Plan, TrialId};
use super::stop::Stop;
use crate::provider::{
    Completion, Delivery, Endpoint, Failure, MicroDollars, ModelSpec, Seat, Setting, capability,
};

/// Who brings this lane's answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Supply {
    /// The engine sends calls.
    Calls,
    /// The engine hands in batches and asks after them.
    Batch,
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
    /// Handed in with a batch that has not ended.
    InBatch,
    /// Waiting for its next try.
    Waiting,
    /// Answered, and the answer is on its way into the store: it does not count yet.
    Saving,
    /// Answered and safe.
    Answered,
    /// Given up, and that is safe too.
    Failed,
}

/// What a call of a lane is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Task {
    /// An answer to an item.
    Answer(TrialId),
    /// A judge's verdict on an answer.
    Judgement(JudgementId),
}

impl Task {
    /// The trial that is to be answered.
    pub(super) fn answer(self) -> Option<TrialId> {
        match self {
            Self::Answer(trial) => Some(trial),
            Self::Judgement(_) => None,
        }
    }

    /// The judgement that is to be made.
    pub(super) fn judgement(self) -> Option<JudgementId> {
        match self {
            Self::Answer(_) => None,
            Self::Judgement(judgement) => Some(judgement),
        }
    }
}

/// A trial of this lane, or a judgement where it is a judge's: either is one question that is put until it is answered.
#[derive(Debug, Clone)]
pub(super) struct Trial {
    pub(super) id: Task,
    /// The answer that is judged, until it is.
    pub(super) answer: Option<Arc<str>>,
    /// Bytes of a judgement's prompt; those of answers are the item's.
    pub(super) prompt_bytes: u64,
    pub(super) standing: Standing,
    /// Tries made.
    pub(super) n_attempts: u32,
    /// How many of those do not count against the number allowed: the model refused a setting, not the question.
    pub(super) n_excused: u32,
    /// Whether its unsaved answer takes up room in the limiter.
    pub(super) is_in_limiter: bool,
    /// Whether its unsaved answer was taken from an earlier run.
    pub(super) is_reused: bool,
}

impl Trial {
    fn new(id: Task) -> Self {
        Self {
            id,
            answer: None,
            prompt_bytes: 0,
            standing: Standing::Ready,
            n_attempts: 0,
            n_excused: 0,
            is_in_limiter: false,
            is_reused: false,
        }
    }

    /// Tries that count against the number allowed.
    pub(super) fn n_counted(&self) -> u32 {
        self.n_attempts.saturating_sub(self.n_excused)
    }
}

/// One model's trials, and what is known about the model.
#[derive(Debug, Clone)]
pub(super) struct Lane {
    pub(super) model: u16,
    pub(super) supply: Supply,
    /// Index of the gate through which its calls leave.
    pub(super) gate: usize,
    /// How it is asked at present, where it has an API.
    pub(super) endpoint: Option<Endpoint>,
    /// Settings that it refused, in the order of refusal.
    pub(super) dropped: Vec<Setting>,
    pub(super) tariff: Tariff,
    pub(super) spent: MicroDollars,
    pub(super) may_have_cost: MicroDollars,
    pub(super) waits_for_budget: bool,
    pub(super) trials: Vec<Trial>,
    /// Answers taken from earlier runs, and safe.
    pub(super) n_reused: usize,
    /// Whether an answer came in this run.
    pub(super) has_answered: bool,
    /// Set when asking on is useless or not allowed.
    pub(super) stopped: Option<Stop>,
    /// Failures about the endpoint since the last answer.
    pub(super) n_endpoint_failures: u32,
    /// Batches in a row that were not taken.
    pub(super) n_batch_refusals: u32,
    /// No batch is handed in before this time.
    pub(super) batch_hold_until: u64,
    /// Batches that have not ended, those being handed in included.
    pub(super) n_batches: usize,
    /// The queue. Trials that were answered by other ways may still stand in it: they are passed over.
    ready: VecDeque<usize>,
    waiting: BinaryHeap<Reverse<(u64, usize)>>,
    failed: BTreeSet<usize>,
    idx_of: BTreeMap<Task, usize>,
    /// How many trials stand where, kept so that no event has to look at them all.
    counts: [usize; N_STANDINGS],
}

const N_STANDINGS: usize = 7;
/// Tokens of an answer without a limit, as a typed pace reckons with them before the answer tells.
const USUAL_OUTPUT_TOKENS: u64 = 1_000;

impl Lane {
    pub(super) fn new(plan: &Plan, model_idx: u16, gate: usize) -> Self {
        let model = usize::from(model_idx);
        let Some(spec) = plan.models.get(model) else {
            let judge = plan.judges().get(model.saturating_sub(plan.models.len()));
            let supply = match judge.map(|judge| &judge.seat) {
                Some(Seat::Api(_) | Seat::BrowserModel) => Supply::Calls,
                // None of these can be asked for a verdict.
                Some(Seat::Baseline { .. } | Seat::Person | Seat::Paste | Seat::Recorded)
                | None => Supply::Nobody,
            };
            return Self::with(judge, model_idx, gate, supply, vec![]);
        };
        let supply = match &spec.seat {
            // Its answers are those of an earlier run.
            _ if plan.graded_run().is_some() => Supply::Nobody,
            Seat::Api(endpoint) if endpoint.settings.delivery == Delivery::Batch => Supply::Batch,
            Seat::Api(_) | Seat::BrowserModel | Seat::Baseline { .. } => Supply::Calls,
            Seat::Person | Seat::Paste => Supply::Hand,
            Seat::Recorded => Supply::Nobody,
        };
        let item_idxs = match plan.assigned.get(model) {
            Some(Some(assigned)) => assigned.clone(),
            _ => (0..plan.items.len()).collect(),
        };
        let trials: Vec<Trial> = (0..plan.n_repeats.max(1))
            .flat_map(|repeat| item_idxs.iter().map(move |item_idx| (repeat, *item_idx)))
            .filter_map(|(repeat, item_idx)| {
                let item = u32::try_from(item_idx).ok()?;
                Some(Trial::new(Task::Answer(TrialId { model: model_idx, item, repeat })))
            })
            .collect();
        Self::with(Some(spec), model_idx, gate, supply, trials)
    }

    fn with(
        spec: Option<&ModelSpec>,
        model_idx: u16,
        gate: usize,
        supply: Supply,
        trials: Vec<Trial>,
    ) -> Self {
        let endpoint = spec.and_then(|spec| spec.seat.endpoint()).cloned();
        let idx_of = trials.iter().enumerate().map(|(idx, trial)| (trial.id, idx)).collect();
        let ready = (0..trials.len()).collect();
        let mut counts = [0; N_STANDINGS];
        counts[Standing::Ready as usize] = trials.len();
        Self {
            model: model_idx,
            supply,
            gate,
            endpoint,
            dropped: vec![],
            tariff: spec.map_or(Tariff::Free, Tariff::of),
            spent: MicroDollars(0),
            may_have_cost: MicroDollars(0),
            waits_for_budget: false,
            trials,
            n_reused: 0,
            has_answered: false,
            stopped: None,
            n_endpoint_failures: 0,
            n_batch_refusals: 0,
            batch_hold_until: 0,
            n_batches: 0,
            ready,
            waiting: BinaryHeap::new(),
            failed: BTreeSet::new(),
            idx_of,
            counts,
        }
    }

    /// From here on the model is asked without this setting. False where that was so already.
    pub(super) fn drop_setting(&mut self, setting: Setting, message: &str) -> bool {
        if self.dropped.contains(&setting) {
            return false;
        }
        self.dropped.push(setting);
        self.endpoint =
            self.endpoint.as_ref().map(|endpoint| capability::without(endpoint, setting, message));
        true
    }

    /// The most that a call with a prompt of so many bytes may cost; nothing where that is not known.
    pub(super) fn ceiling(&self, prompt_bytes: u64) -> MicroDollars {
        match (&self.tariff, &self.endpoint) {
            (Tariff::Priced(price), Some(endpoint)) => cost::ceiling(price, endpoint, prompt_bytes),
            (Tariff::Priced(_) | Tariff::Free | Tariff::Unknown, _) => MicroDollars(0),
        }
    }

    /// What a try cost, or may have cost where no more is known; `None` where it is not known at all.
    pub(super) fn cost(
        &self,
        result: &Result<Completion, Failure>,
        ceiling: MicroDollars,
    ) -> Option<MicroDollars> {
        match result {
            Ok(Completion { usage: Some(usage), .. }) => self.tariff.of_usage(usage),
            _ if !matches!(self.tariff, Tariff::Priced(_)) => None,
            Ok(_) => Some(ceiling),
            Err(failure) => {
                let delivery = self.endpoint.as_ref().map(|endpoint| endpoint.settings.delivery);
                let is_possible = cost::may_have_cost(failure, delivery.unwrap_or_default());
                Some(if is_possible { ceiling } else { MicroDollars(0) })
            }
        }
    }

    /// Books what a try cost, and what it may have cost where no more is known.
    pub(super) fn book(
        &mut self,
        spent: Option<MicroDollars>,
        may_have_cost: Option<MicroDollars>,
    ) {
        self.spent = self.spent + spent.unwrap_or_default();
        self.may_have_cost = self.may_have_cost + may_have_cost.unwrap_or_default();
    }

    /// One more judgement, of this answer, at the end of the queue. What stands here already is not added again.
    pub(super) fn add(&mut self, judgement: JudgementId, answer: &Arc<str>, prompt_bytes: u64) {
        let id = Task::Judgement(judgement);
        let idx = self.trials.len();
        if self.idx_of.contains_key(&id) {
            return;
        }
        self.idx_of.insert(id, idx);
        self.trials.push(Trial { answer: Some(answer.clone()), prompt_bytes, ..Trial::new(id) });
        self.counts[Standing::Ready as usize] += 1;
        self.ready.push_back(idx);
    }

    /// A judge replied without a verdict: it works, but the judgement has not come.
    pub(super) fn replied_in_vain(&mut self) {
        self.has_answered = true;
        self.n_endpoint_failures = 0;
    }

    /// Counts one more try at a trial.
    pub(super) fn count_attempt(&mut self, idx: usize) {
        if let Some(trial) = self.trials.get_mut(idx) {
            trial.n_attempts += 1;
        }
    }

    /// Where a trial stood after its `n`th try, as the journal has it.
    pub(super) fn replay(&mut self, idx: usize, n: u32, standing: Standing) {
        self.set(idx, standing);
        if let Some(trial) = self.trials.get_mut(idx) {
            trial.n_attempts = n;
        }
    }

    /// A try that the journal has came to nothing, and another followed or will.
    pub(super) fn replay_retry(&mut self, idx: usize, failure: &Failure) -> Standing {
        if matches!(failure, Failure::Unsupported { .. }) {
            self.excuse(idx);
        }
        Standing::Ready
    }

    /// The last try at a trial does not count against the number allowed.
    pub(super) fn excuse(&mut self, idx: usize) {
        if let Some(trial) = self.trials.get_mut(idx) {
            trial.n_excused += 1;
        }
    }

    /// The model answered a trial; the answer is on its way into the store.
    pub(super) fn answered(&mut self, idx: usize) {
        self.set(idx, Standing::Saving);
        self.has_answered = true;
        self.n_endpoint_failures = 0;
    }

    /// Tokens of a call with a prompt of so many bytes, as a typed pace reckons with them before the answer tells.
    pub(super) fn usual_tokens(&self, prompt_bytes: u64) -> u64 {
        let limit = self.endpoint.as_ref().and_then(|endpoint| endpoint.settings.max_output_tokens);
        prompt_bytes / 3 + limit.map_or(USUAL_OUTPUT_TOKENS, u64::from)
    }

    pub(super) fn set(&mut self, idx: usize, standing: Standing) {
        if let Some(trial) = self.trials.get_mut(idx) {
            self.counts[trial.standing as usize] -= 1;
            self.counts[standing as usize] += 1;
            trial.standing = standing;
            if standing == Standing::Answered {
                trial.answer = None;
            }
            if standing == Standing::Failed {
                self.failed.insert(idx);
            } else {
                self.failed.remove(&idx);
            }
        }
    }

    pub(super) fn standing(&self, idx: usize) -> Option<Standing> {
        self.trials.get(idx).map(|trial| trial.standing)
    }

    pub(super) fn idx(&self, id: Task) -> Option<usize> {
        self.idx_of.get(&id).copied()
    }

    /// Trials that were given up.
    pub(super) fn failed(&self) -> Vec<Task> {
        self.failed.iter().filter_map(|idx| self.trials.get(*idx)).map(|trial| trial.id).collect()
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
    pub(super) fn reopen(&mut self, id: Task) -> bool {
        let Some(idx) = self.idx(id) else { return false };
        if self.standing(idx) != Some(Standing::Failed) {
            return false;
        }
        self.set(idx, Standing::Ready);
        if let Some(trial) = self.trials.get_mut(idx) {
            trial.n_attempts = 0;
            trial.n_excused = 0;
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
            // It may have been answered by another way meanwhile.
            if self.standing(idx) == Some(Standing::Waiting) {
                self.put_back(idx);
            }
        }
    }

    pub(super) fn next_release(&self) -> Option<u64> {
        self.waiting.peek().map(|Reverse((until, _))| *until)
    }

    /// Index of the next trial to be asked.
    pub(super) fn next_ready(&self) -> Option<usize> {
        self.ready.front().copied()
    }

    /// Takes the next trial out of the queue, into another standing.
    pub(super) fn pop_ready(&mut self, standing: Standing) -> Option<usize> {
        let idx = self.ready.pop_front()?;
        self.set(idx, standing);
        self.pass_over();
        Some(idx)
    }

    pub(super) fn has_ready(&self) -> bool {
        !self.ready.is_empty()
    }

    /// The next trial that a human should bring an answer for.
    pub(super) fn first_ready(&self) -> Option<TrialId> {
        self.trials.get(self.next_ready()?)?.id.answer()
    }

    /// Takes a given trial, ready or waiting, out of the queue into another standing.
    pub(super) fn take(&mut self, idx: usize, standing: Standing) {
        self.set(idx, standing);
        self.pass_over();
    }

    /// Takes from the head of the queue what is not ready any more, so that the head is always the next trial.
    fn pass_over(&mut self) {
        while let Some(idx) = self.ready.front().copied() {
            if self.standing(idx) == Some(Standing::Ready) {
                break;
            }
            self.ready.pop_front();
        }
    }

    pub(super) fn count(&self, standing: Standing) -> usize {
        self.counts[standing as usize]
    }

    /// Whether every trial has its answer, safe in the store.
    pub(super) fn is_answered(&self) -> bool {
        let standings = [
            Standing::Ready,
            Standing::Waiting,
            Standing::InFlight,
            Standing::InBatch,
            Standing::Saving,
            Standing::Failed,
        ];
        standings.into_iter().all(|standing| self.count(standing) == 0)
    }

    /// Whether nothing of this lane is left to do without a human.
    pub(super) fn is_over(&self) -> bool {
        let n_under_way = self.count(Standing::InFlight)
            + self.count(Standing::InBatch)
            + self.count(Standing::Saving);
        let n_open = self.count(Standing::Ready) + self.count(Standing::Waiting);
        match (self.supply, &self.stopped) {
            (Supply::Nobody, _) => true,
            (_, Some(_)) => n_under_way == 0,
            _ => n_under_way + n_open == 0,
        }
    }
}
