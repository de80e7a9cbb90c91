//! Owns batches: handing them in, asking after them, and taking in their results.
//!
//! A batch that the provider took is journaled, and the journal is safe, before it is first asked after. A page that is
//! closed and opened again finds it there and goes on asking. What stays is the moment between the provider's taking it
//! and the store's: a page that is closed just then does not know the batch, and hands its questions in again.

use std::collections::BTreeMap;

use super::calls::{Hindrance, hindrance};
use super::{
    AttemptResult, BatchCallId, BatchState, Body, Command, Completion, Engine, Failure, Made,
    MicroDollars, Next, Phase, Situation, Standing, Stop, Supply, Task, TrialId, retry,
};
use crate::provider::Delivery;
use crate::run::cost;

/// Trials in one batch at most. Providers take many more; so many fit well below the size that they take inline (20 MB at
/// Gemini), and no more are paid for in vain if a page is closed just when a provider takes them.
pub const MAX_BATCH_TRIALS: usize = 1_000;
/// Batches of one model at the provider at a time, as Inspect has it.
pub const MAX_OPEN_BATCHES: usize = 100;
/// The wait before a batch is first asked after, and the steps from which on it doubles …
const FIRST_POLL_MILLIS: u64 = 15_000;
/// … to here. Batches take minutes to hours.
const LAST_POLL_MILLIS: u64 = 300_000;

type Key = (u16, String);

/// A batch that is being handed in.
#[derive(Debug)]
struct Submission {
    lane: usize,
    idxs: Vec<usize>,
    ceilings: Vec<MicroDollars>,
    sent_at: u64,
    deadline: u64,
    n_dropped: usize,
}

/// A batch that the provider has.
#[derive(Debug)]
struct OpenBatch {
    lane: usize,
    /// Trials without a result so far, with what each may cost at most.
    remaining: BTreeMap<usize, MicroDollars>,
    sent_at: u64,
    n_dropped: usize,
    /// The journal's word of it is safe in the store: who opens the page again finds it.
    is_safe: bool,
    /// When it is asked after next; `None` until it is safe in the store.
    poll_at: Option<u64>,
    /// The wait after the next piece of news.
    interval: u64,
}

/// All batches of a run.
#[derive(Debug, Default)]
pub(super) struct Batches {
    n_sent: u64,
    submissions: BTreeMap<BatchCallId, Submission>,
    open: BTreeMap<Key, OpenBatch>,
    /// Kept so that an event that is not about batches need not look at them.
    next_poll: Option<u64>,
}

impl Batches {
    /// Batches of a lane that the provider has and the journal knows, and how many trials are still open in them.
    pub(super) fn handed_in(&self, lane_idx: usize) -> (usize, usize) {
        let safe = self.open.values().filter(|batch| batch.lane == lane_idx && batch.is_safe);
        safe.fold((0, 0), |(n, n_open), batch| (n + 1, n_open + batch.remaining.len()))
    }

    pub(super) fn is_handing_in(&self) -> bool {
        !self.submissions.is_empty()
    }

    /// At most one batch of each model is being handed in at a time.
    pub(super) fn next_deadline(&self) -> Option<u64> {
        self.submissions.values().map(|submission| submission.deadline).min()
    }

    pub(super) fn next_poll(&self) -> Option<u64> {
        self.next_poll
    }

    fn look_for_next_poll(&mut self) {
        self.next_poll = self.open.values().filter_map(|batch| batch.poll_at).min();
    }
}

impl Engine {
    /// Whether batches are asked after: they are under way as calls are, so a pause does not keep from it.
    pub(super) fn is_polling(&self) -> bool {
        matches!(self.phase, Phase::Going | Phase::Paused)
    }

    pub(super) fn send_batches(&mut self, now: u64, commands: &mut Vec<Command>) {
        for lane_idx in 0..self.lanes.len() {
            self.send_batch(now, lane_idx, commands);
        }
    }

    fn send_batch(&mut self, now: u64, lane_idx: usize, commands: &mut Vec<Command>) {
        let Some(lane) = self.lanes.get(lane_idx) else { return };
        let is_due = lane.supply == Supply::Batch
            && lane.stopped.is_none()
            && lane.has_ready()
            && lane.batch_hold_until <= now
            && lane.n_batches < MAX_OPEN_BATCHES;
        let is_handing_in =
            is_due && self.batches.submissions.values().any(|batch| batch.lane == lane_idx);
        if !is_due || is_handing_in {
            return;
        }
        let (mut trials, mut idxs, mut ceilings) = (vec![], vec![], vec![]);
        while trials.len() < MAX_BATCH_TRIALS {
            let Some(lane) = self.lanes.get(lane_idx) else { break };
            let next = lane.next_ready().and_then(|idx| lane.trials.get(idx));
            let Some(next) = next else { break };
            let Some(trial) = next.id.answer() else { break };
            let ceiling = lane.ceiling(self.bytes_of(next));
            let Some(lane) = self.lanes.get_mut(lane_idx) else { break };
            match hindrance(lane, self.purse.has_budget(), self.purse.room(ceiling)) {
                // What is in this batch so far goes; the rest is looked at when it has ended.
                Some(_) if !trials.is_empty() => break,
                Some(Hindrance::Wait) => {
                    lane.waits_for_budget = true;
                    return;
                }
                Some(Hindrance::Stop(stop)) => {
                    lane.stopped = Some(stop);
                    return;
                }
                None => {}
            }
            let Some(idx) = lane.pop_ready(Standing::InBatch) else { break };
            self.purse.reserve(ceiling);
            trials.push(trial);
            idxs.push(idx);
            ceilings.push(ceiling);
        }
        let Some(lane) = self.lanes.get_mut(lane_idx) else { return };
        lane.n_batches += 1;
        self.batches.n_sent += 1;
        let batch = BatchCallId(self.batches.n_sent);
        let deadline = now.saturating_add(self.settings.call_limit_millis);
        let n_dropped = lane.dropped.len();
        let submission =
            Submission { lane: lane_idx, idxs, ceilings, sent_at: now, deadline, n_dropped };
        self.batches.submissions.insert(batch, submission);
        commands.push(Command::SendBatch { batch, model: lane.model, trials });
    }

    pub(super) fn batch_taken(
        &mut self,
        now: u64,
        batch: BatchCallId,
        remote_id: String,
        commands: &mut Vec<Command>,
    ) {
        let Some(taken) = self.batches.submissions.remove(&batch) else { return };
        let Some(lane) = self.lanes.get_mut(taken.lane) else { return };
        lane.n_batch_refusals = 0;
        let trials = taken.idxs.iter().filter_map(|idx| lane.trials.get(*idx));
        let trials: Vec<TrialId> = trials.filter_map(|trial| trial.id.answer()).collect();
        let remaining = taken.idxs.into_iter().zip(taken.ceilings).collect();
        let model = lane.model;
        let key = (model, remote_id.clone());
        self.open_batch(key, taken.lane, remaining, (now, taken.n_dropped));
        commands.push(Command::Write(Body::BatchSent { model, remote_id, trials }));
    }

    /// A provider that gives a name twice is believed: both batches are one then.
    fn open_batch(
        &mut self,
        key: Key,
        lane_idx: usize,
        remaining: BTreeMap<usize, MicroDollars>,
        (sent_at, n_dropped): (u64, usize),
    ) {
        if let Some(known) = self.batches.open.get_mut(&key) {
            known.remaining.extend(remaining);
            if let Some(lane) = self.lanes.get_mut(lane_idx) {
                lane.n_batches = lane.n_batches.saturating_sub(1);
            }
            return;
        }
        let batch = OpenBatch {
            lane: lane_idx,
            remaining,
            sent_at,
            n_dropped,
            is_safe: false,
            poll_at: None,
            interval: FIRST_POLL_MILLIS,
        };
        self.batches.open.insert(key, batch);
    }

    pub(super) fn batch_saved(&mut self, now: u64, model: u16, remote_id: String) {
        if let Some(batch) = self.batches.open.get_mut(&(model, remote_id))
            && !batch.is_safe
        {
            batch.is_safe = true;
            batch.poll_at = Some(now.saturating_add(batch.interval));
            self.batches.look_for_next_poll();
        }
    }

    pub(super) fn batch_refused(
        &mut self,
        now: u64,
        batch: BatchCallId,
        failure: Failure,
        commands: &mut Vec<Command>,
    ) {
        let Some(refused) = self.batches.submissions.remove(&batch) else { return };
        for ceiling in &refused.ceilings {
            self.purse.release(*ceiling);
        }
        let Some(lane) = self.lanes.get_mut(refused.lane) else { return };
        lane.n_batches = lane.n_batches.saturating_sub(1);
        // From the last to the first, so that they come back to the queue in their order.
        for idx in refused.idxs.iter().rev() {
            lane.put_back(*idx);
        }
        if cost::may_have_cost(&failure, Delivery::Batch) {
            lane.stopped = Some(Stop::BatchUnclear { failure: failure.clone() });
            let took_millis = now.saturating_sub(refused.sent_at);
            for (idx, ceiling) in refused.idxs.into_iter().zip(refused.ceilings) {
                self.unclear(refused.lane, (idx, ceiling), took_millis, &failure, commands);
            }
            return;
        }
        if let Failure::Unsupported { setting, message } = &failure
            && lane.drop_setting(*setting, message)
        {
            let (model, setting, message) = (lane.model, *setting, message.clone());
            commands.push(Command::Write(Body::Adapted { model, setting, message }));
            return;
        }
        lane.n_batch_refusals += 1;
        let situation = Situation { n_attempts: lane.n_batch_refusals, has_answered: true };
        match retry::after(&failure, situation, &mut self.random) {
            Next::Retry(wait) => lane.batch_hold_until = now.saturating_add(wait),
            Next::GiveUp => lane.stopped = Some(Stop::Failure(failure)),
        }
    }

    /// Journals one question of a batch of which nobody knows whether the provider has it.
    fn unclear(
        &mut self,
        lane_idx: usize,
        (idx, ceiling): (usize, MicroDollars),
        took_millis: u64,
        failure: &Failure,
        commands: &mut Vec<Command>,
    ) {
        let Some(lane) = self.lanes.get_mut(lane_idx) else { return };
        lane.count_attempt(idx);
        let cost = lane.cost(&Err(failure.clone()), ceiling);
        let result = AttemptResult::WillRetry { failure: failure.clone() };
        let made = Made { idx, took_millis, result, reading: None, cost, reused: None };
        self.write_attempt(lane_idx, made, commands);
    }

    /// Stops waiting for providers that have not taken a batch in time.
    pub(super) fn expire_batches(&mut self, now: u64, commands: &mut Vec<Command>) {
        let late = self.batches.submissions.iter();
        let late: Vec<BatchCallId> =
            late.filter(|(_, batch)| batch.deadline <= now).map(|(id, _)| *id).collect();
        let limit_millis = self.settings.call_limit_millis;
        for batch in late {
            commands.push(Command::CallOffBatch { batch });
            self.batch_refused(now, batch, Failure::TimedOut { limit_millis }, commands);
        }
    }

    pub(super) fn poll_batches(&mut self, now: u64, commands: &mut Vec<Command>) {
        if !self.is_polling() || self.batches.next_poll.is_none_or(|at| now < at) {
            return;
        }
        for ((model, remote_id), batch) in &mut self.batches.open {
            if batch.poll_at.is_some_and(|at| at <= now) {
                // Should no news come, it is asked after once more when a call would have ended.
                batch.poll_at = Some(now.saturating_add(self.settings.call_limit_millis.max(1)));
                let (model, remote_id) = (*model, remote_id.clone());
                commands.push(Command::PollBatch { model, remote_id });
            }
        }
        self.batches.look_for_next_poll();
    }

    pub(super) fn batch_news(
        &mut self,
        now: u64,
        model: u16,
        remote_id: String,
        state: BatchState,
        commands: &mut Vec<Command>,
    ) {
        let key = (model, remote_id);
        let Some(batch) = self.batches.open.get_mut(&key) else { return };
        match state {
            // Not safe in the store yet, and so not asked after: this is no answer to a poll.
            BatchState::Running | BatchState::Ended if batch.poll_at.is_none() => {}
            BatchState::Running | BatchState::Ended => {
                batch.interval = (batch.interval * 2).min(LAST_POLL_MILLIS);
                batch.poll_at = Some(now.saturating_add(batch.interval));
                self.batches.look_for_next_poll();
            }
            BatchState::Failed { reason } => {
                // Nothing was asked, so nothing was tried. Handing the same in again is for the person to decide.
                let Some(lane_idx) = self.close_batch(&key) else { return };
                if let Some(lane) = self.lanes.get_mut(lane_idx) {
                    lane.stopped = Some(Stop::BatchFailed { reason: reason.clone() });
                }
                let (model, remote_id) = key;
                let failure = Some(reason);
                commands.push(Command::Write(Body::BatchEnded { model, remote_id, failure }));
            }
        }
    }

    /// Takes in results. Those for questions that are not in this batch, or came before, are passed over: a provider
    /// answers only what it was asked, once.
    pub(super) fn batch_results(
        &mut self,
        now: u64,
        model: u16,
        remote_id: String,
        results: Vec<(TrialId, Result<Completion, Failure>)>,
        commands: &mut Vec<Command>,
    ) {
        let key = (model, remote_id);
        for (trial, result) in results {
            self.batch_result(now, &key, trial, result, commands);
        }
        let missing = self.batches.open.get(&key).map(|batch| batch.remaining.keys().copied());
        let missing: Vec<usize> = missing.into_iter().flatten().collect();
        for idx in missing {
            let message = "the batch ended without an answer to this question".to_owned();
            let result = Err(Failure::Malformed { message });
            let trial = self.lanes.get(usize::from(model)).and_then(|lane| lane.trials.get(idx));
            let Some(trial) = trial.and_then(|trial| trial.id.answer()) else { continue };
            self.batch_result(now, &key, trial, result, commands);
        }
        if self.close_batch(&key).is_some() {
            let (model, remote_id) = key;
            commands.push(Command::Write(Body::BatchEnded { model, remote_id, failure: None }));
        }
    }

    fn batch_result(
        &mut self,
        now: u64,
        key: &Key,
        trial: TrialId,
        result: Result<Completion, Failure>,
        commands: &mut Vec<Command>,
    ) {
        let Some(batch) = self.batches.open.get_mut(key) else { return };
        let lane_idx = batch.lane;
        let Some(lane) = self.lanes.get_mut(lane_idx) else { return };
        let Some(idx) = lane.idx(Task::Answer(trial)) else { return };
        let Some(ceiling) = batch.remaining.remove(&idx) else { return };
        let (sent_at, n_dropped) = (batch.sent_at, batch.n_dropped);
        self.purse.release(ceiling);
        if lane.standing(idx) != Some(Standing::InBatch) {
            return;
        }
        lane.count_attempt(idx);
        let cost = lane.cost(&result, ceiling);
        let result = match result {
            Ok(completion) => {
                lane.answered(idx);
                AttemptResult::Answered(completion)
            }
            Err(failure) => self.failed(now, (lane_idx, idx, n_dropped), failure, commands),
        };
        let took_millis = now.saturating_sub(sent_at);
        let made = Made { idx, took_millis, result, reading: None, cost, reused: None };
        self.write_attempt(lane_idx, made, commands);
    }

    /// Forgets a batch; what of it has no result is ready again. The index of its lane, if there was such a batch.
    fn close_batch(&mut self, key: &Key) -> Option<usize> {
        let batch = self.batches.open.remove(key)?;
        self.batches.look_for_next_poll();
        let lane = self.lanes.get_mut(batch.lane)?;
        lane.n_batches = lane.n_batches.saturating_sub(1);
        for (idx, ceiling) in batch.remaining.into_iter().rev() {
            self.purse.release(ceiling);
            if lane.standing(idx) == Some(Standing::InBatch) {
                lane.put_back(idx);
            }
        }
        Some(batch.lane)
    }

    pub(super) fn replay_batch_sent(
        &mut self,
        at_millis: u64,
        model: u16,
        remote_id: &str,
        trials: &[TrialId],
    ) {
        let lane_idx = usize::from(model);
        let Some(lane) = self.lanes.get_mut(lane_idx) else { return };
        let mut remaining = BTreeMap::new();
        for trial in trials {
            let Some(idx) = lane.idx(Task::Answer(*trial)) else { continue };
            if lane.standing(idx) == Some(Standing::Ready) {
                let bytes = self.prompt_bytes.get(trial.item as usize).copied().unwrap_or(0);
                remaining.insert(idx, lane.ceiling(bytes));
                lane.set(idx, Standing::InBatch);
            }
        }
        lane.n_batches += 1;
        let n_dropped = lane.dropped.len();
        self.open_batch((model, remote_id.to_owned()), lane_idx, remaining, (at_millis, n_dropped));
    }

    pub(super) fn replay_batch_ended(&mut self, model: u16, remote_id: &str) {
        let Some(batch) = self.batches.open.remove(&(model, remote_id.to_owned())) else { return };
        let Some(lane) = self.lanes.get_mut(batch.lane) else { return };
        lane.n_batches = lane.n_batches.saturating_sub(1);
        for idx in batch.remaining.keys() {
            if lane.standing(*idx) == Some(Standing::InBatch) {
                lane.set(*idx, Standing::Ready);
            }
        }
    }

    /// After a replay: batches hold what they have no result for, and are asked after as soon as the run goes on.
    pub(super) fn settle_batches(&mut self) {
        for batch in self.batches.open.values_mut() {
            let Some(lane) = self.lanes.get(batch.lane) else { continue };
            batch.remaining.retain(|idx, _| lane.standing(*idx) == Some(Standing::InBatch));
            for ceiling in batch.remaining.values() {
                self.purse.reserve(*ceiling);
            }
            batch.is_safe = true;
            batch.poll_at = Some(0);
        }
        self.batches.look_for_next_poll();
    }
}
