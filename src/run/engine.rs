//! Owns the run's state machine: events in, commands out. Clock, network and store are the caller's.
//!
//! No event costs time in proportion to the number of trials: queues, counts by standing, deadlines and sums of money are
//! kept up to date step by step. An event costs a few look-ups in ordered maps, a walk over the models, and, for the
//! results of a batch or the failed trials that a person wants tried anew, as much as it names.

mod batches;
mod calls;
mod judgements;
mod message;
mod replay;

use std::collections::{BTreeMap, BTreeSet};

use super::cost::{self, Spending};
use super::docket::{Docket, Reading};
use super::gate::{self, Gate, Gates};
use super::journal::{Attempt, AttemptResult, Body, Entry, Reused};
use super::judging::JudgeAttempt;
use super::lane::{Lane, Standing, Supply, Task, Trial};
use super::limiter::Bounds;
use super::plan::{Plan, TrialId};
use super::progress::{self, LaneProgress, Rate};
use super::purse::{Purse, Room};
use super::retry::{self, Next, Situation};
use super::stop::Stop;
use crate::provider::{Completion, Endpoint, Failure, MicroDollars};
use crate::stats::random::SplitMix64;
use batches::Batches;
use calls::Call;

pub use batches::{MAX_BATCH_TRIALS, MAX_OPEN_BATCHES};
pub use message::{BatchCallId, BatchState, CallId, Command, Event, Settings};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Idle,
    Going,
    Paused,
    Cancelled,
}

/// A run under way.
#[derive(Debug)]
pub struct Engine {
    settings: Settings,
    lanes: Vec<Lane>,
    rates: Vec<Rate>,
    gates: Vec<Gate>,
    /// By origin: whether it answered anything in this run.
    has_origin_answered: Vec<bool>,
    /// By item, where money or a typed pace asks for it: the bytes of its prompt.
    prompt_bytes: Vec<u64>,
    purse: Purse,
    docket: Option<Docket>,
    calls: BTreeMap<CallId, Call>,
    deadlines: BTreeSet<(u64, CallId)>,
    n_calls: u64,
    batches: Batches,
    phase: Phase,
    random: SplitMix64,
    wake_at: Option<u64>,
    said_over: bool,
}

impl Engine {
    /// An engine that goes on where `entries` end; nothing that they answer is asked again.
    pub fn new(plan: &Plan, entries: &[Entry], settings: Settings) -> Self {
        let usual = Bounds { start: settings.start_in_flight, max: settings.max_in_flight };
        let Gates { list: gates, of_lane: gate_of, n_origins } = gate::gates(plan, usual);
        let n_seats = plan.seats().count();
        let model_idxs = (0..n_seats).filter_map(|idx| u16::try_from(idx).ok());
        let lanes: Vec<Lane> = model_idxs
            .zip(gate_of)
            .map(|(model_idx, gate_idx)| Lane::new(plan, model_idx, gate_idx))
            .collect();
        let is_reckoned = plan.seats().any(|model| {
            matches!(cost::Tariff::of(model), cost::Tariff::Priced(_))
                || model.pace.tokens_per_minute.is_some()
        });
        let mut engine = Self {
            settings,
            rates: vec![Rate::default(); lanes.len()],
            lanes,
            gates,
            has_origin_answered: vec![false; n_origins],
            prompt_bytes: if is_reckoned { cost::all_prompt_bytes(plan) } else { vec![] },
            purse: Purse::new(plan.budget),
            docket: Docket::of(plan, is_reckoned),
            calls: BTreeMap::new(),
            deadlines: BTreeSet::new(),
            n_calls: 0,
            batches: Batches::default(),
            phase: Phase::Idle,
            random: SplitMix64::new(settings.seed),
            wake_at: None,
            said_over: false,
        };
        engine.replay(entries);
        engine
    }

    /// Takes what happened at `now` (milliseconds since 1970) and says what to do.
    pub fn handle(&mut self, now: u64, event: Event) -> Vec<Command> {
        let mut commands = vec![];
        match event {
            Event::Go => self.go(&mut commands),
            Event::Tick => self.wake_at = None,
            Event::Returned { call, result } => self.returned(now, call, result, &mut commands),
            Event::Reused { call, completion, reused } => {
                self.reused(now, call, completion, reused, &mut commands);
            }
            Event::Brought { trial, took_millis, completion } => {
                self.brought(trial, took_millis, completion, &mut commands);
            }
            Event::Saved { trial } => self.saved(now, Task::Answer(trial)),
            Event::JudgementSaved { judgement } => self.saved(now, Task::Judgement(judgement)),
            Event::Overrule(overruling) => {
                commands.push(Command::Write(Body::Overruled(overruling)));
            }
            Event::Pause => self.pause(&mut commands),
            Event::Cancel => self.cancel(now, &mut commands),
            Event::RetryFailed => self.retry_failed(&mut commands),
            Event::SetBudget(budget) => self.set_budget(budget, &mut commands),
            Event::BatchTaken { batch, remote_id } => {
                self.batch_taken(now, batch, remote_id, &mut commands);
            }
            Event::BatchRefused { batch, failure } => {
                self.batch_refused(now, batch, failure, &mut commands);
            }
            Event::BatchSaved { model, remote_id } => self.batch_saved(now, model, remote_id),
            Event::BatchNews { model, remote_id, state } => {
                self.batch_news(now, model, remote_id, state, &mut commands);
            }
            Event::BatchResults { model, remote_id, results } => {
                self.batch_results(now, model, remote_id, results, &mut commands);
            }
        }
        self.expire(now, &mut commands);
        self.expire_batches(now, &mut commands);
        self.poll_batches(now, &mut commands);
        self.send(now, &mut commands);
        self.say_over(&mut commands);
        self.set_alarm(now, &mut commands);
        commands
    }

    /// Where each model stands.
    pub fn progress(&self, now: u64) -> Vec<LaneProgress> {
        (0..self.lanes.len()).filter_map(|model_idx| self.lane_progress(model_idx, now)).collect()
    }

    /// What the run has cost and may still cost.
    pub fn spending(&self) -> Spending {
        self.purse.spending()
    }

    /// How this model is asked at present: its endpoint in the plan, without the settings that it refused. `None` for
    /// participants without an API. Indices beyond the models are those of the judges.
    pub fn endpoint(&self, model_idx: usize) -> Option<Endpoint> {
        self.lanes.get(model_idx)?.endpoint.clone()
    }

    /// The next trial that waits for a human's answer, of this model.
    pub fn next_by_hand(&self, model_idx: usize) -> Option<TrialId> {
        self.lanes.get(model_idx).filter(|lane| lane.supply == Supply::Hand)?.first_ready()
    }

    /// When batches at a provider are asked after next, milliseconds since 1970.
    pub fn next_look(&self) -> Option<u64> {
        self.batches.next_poll().filter(|_| self.is_polling())
    }

    /// Whether calls are being sent.
    pub fn is_going(&self) -> bool {
        self.phase == Phase::Going
    }

    /// Whether nothing is under way and nothing will be without a human.
    pub fn is_over(&self) -> bool {
        let work_left = |lane: &Lane| match lane.supply {
            Supply::Calls | Supply::Batch => !lane.is_over(),
            Supply::Hand | Supply::Nobody => false,
        };
        let is_handing_in = self.batches.is_handing_in();
        match self.phase {
            // What the provider does with batches that it took goes on without this page.
            Phase::Cancelled => self.calls.is_empty() && !is_handing_in && !self.is_saving(),
            Phase::Idle | Phase::Going | Phase::Paused => {
                !self.lanes.iter().any(work_left) && !is_handing_in && !self.is_saving()
            }
        }
    }

    /// Whether every trial of every model has ended. A model that is not asked on may have all its answers from a file.
    pub fn is_complete(&self) -> bool {
        self.lanes.iter().all(|lane| match lane.stopped {
            None => lane.is_over(),
            Some(_) => lane.is_answered(),
        })
    }

    fn is_saving(&self) -> bool {
        self.lanes.iter().any(|lane| 0 < lane.count(Standing::Saving))
    }

    fn go(&mut self, commands: &mut Vec<Command>) {
        self.said_over = false;
        for lane in &mut self.lanes {
            lane.stopped = None;
            lane.n_endpoint_failures = 0;
            lane.n_batch_refusals = 0;
        }
        if self.phase == Phase::Going {
            return;
        }
        self.phase = Phase::Going;
        commands.push(Command::Write(Body::Resumed));
    }

    fn pause(&mut self, commands: &mut Vec<Command>) {
        if self.phase == Phase::Going {
            self.phase = Phase::Paused;
            commands.push(Command::Write(Body::Paused));
        }
    }

    fn retry_failed(&mut self, commands: &mut Vec<Command>) {
        let mut tasks = vec![];
        for lane in self.lanes.iter_mut().filter(|lane| lane.supply != Supply::Nobody) {
            tasks.extend(lane.failed().into_iter().filter(|id| lane.reopen(*id)));
        }
        let trials: Vec<TrialId> = tasks.iter().filter_map(|task| task.answer()).collect();
        if !trials.is_empty() {
            commands.push(Command::Write(Body::Retried { trials }));
        }
        let judgements: Vec<_> = tasks.iter().filter_map(|task| task.judgement()).collect();
        if !judgements.is_empty() {
            commands.push(Command::Write(Body::JudgementsRetried { judgements }));
        }
        self.go(commands);
    }

    fn set_budget(&mut self, budget: Option<MicroDollars>, commands: &mut Vec<Command>) {
        self.purse.set_budget(budget);
        commands.push(Command::Write(Body::BudgetSet { budget }));
        for lane in &mut self.lanes {
            if matches!(lane.stopped, Some(Stop::Budget | Stop::NoPrice)) {
                lane.stopped = None;
                self.said_over = false;
            }
        }
    }

    /// Books the end of a try at a trial, and has it journaled.
    fn write_attempt(&mut self, lane_idx: usize, made: Made, commands: &mut Vec<Command>) {
        let Some(lane) = self.lanes.get_mut(lane_idx) else { return };
        let Some(trial) = lane.trials.get(made.idx) else { return };
        let n = trial.n_attempts;
        let Made { took_millis, result, reading, cost, reused, .. } = made;
        let (spent, may_have_cost, body) = match trial.id {
            Task::Answer(trial) => {
                if let (Some(docket), AttemptResult::Answered(completion)) =
                    (&mut self.docket, &result)
                {
                    docket.note(trial, completion);
                }
                let attempt = Attempt { trial, n, took_millis, result, cost, reused };
                (attempt.spent(), attempt.may_have_cost(), Body::Attempt(attempt))
            }
            Task::Judgement(judgement) => {
                let result = judgements::result_of(result, reading);
                let attempt = JudgeAttempt { judgement, n, took_millis, result, cost, reused };
                (attempt.spent(), attempt.may_have_cost(), Body::Judgement(attempt))
            }
        };
        lane.book(spent, may_have_cost);
        self.purse.book(spent, may_have_cost);
        commands.push(Command::Write(body));
    }

    fn brought(
        &mut self,
        id: TrialId,
        took_millis: u64,
        completion: Completion,
        commands: &mut Vec<Command>,
    ) {
        let lane_idx = usize::from(id.model);
        let Some(lane) = self.lanes.get_mut(lane_idx) else { return };
        let Some(idx) = lane.idx(Task::Answer(id)) else { return };
        let is_open = matches!(lane.standing(idx), Some(Standing::Ready | Standing::Waiting));
        if !is_open || lane.supply == Supply::Nobody {
            return;
        }
        lane.take(idx, Standing::Saving);
        lane.count_attempt(idx);
        // What is not known of an answer that this page did not ask for is not reckoned with.
        let cost = completion.usage.as_ref().and_then(|usage| lane.tariff.of_usage(usage));
        let result = AttemptResult::Answered(completion);
        let made = Made { idx, took_millis, result, reading: None, cost, reused: None };
        self.write_attempt(lane_idx, made, commands);
    }

    fn saved(&mut self, now: u64, id: Task) {
        let Some(model_idx) = self.lane_of(id) else { return };
        let Some(lane) = self.lanes.get_mut(model_idx) else { return };
        let Some(idx) = lane.idx(id) else { return };
        if lane.standing(idx) != Some(Standing::Saving) {
            return;
        }
        lane.set(idx, Standing::Answered);
        if let Some(trial) = lane.trials.get_mut(idx) {
            lane.n_reused += usize::from(trial.is_reused);
            if std::mem::take(&mut trial.is_in_limiter)
                && let Some(gate) = self.gates.get_mut(lane.gate)
            {
                gate.limiter.stored();
            }
        }
        if let Some(rate) = self.rates.get_mut(model_idx) {
            rate.answered(now);
        }
        if let Some(trial) = id.answer() {
            self.answer_is_safe(trial);
        }
    }

    /// Bytes of the prompt of a trial or a judgement.
    fn bytes_of(&self, trial: &Trial) -> u64 {
        match trial.id {
            Task::Answer(id) => self.prompt_bytes.get(id.item as usize).copied().unwrap_or(0),
            Task::Judgement(_) => trial.prompt_bytes,
        }
    }

    fn say_over(&mut self, commands: &mut Vec<Command>) {
        if self.phase == Phase::Going && !self.said_over && self.is_over() {
            self.said_over = true;
            commands.push(Command::Over);
        }
    }

    fn set_alarm(&mut self, now: u64, commands: &mut Vec<Command>) {
        let going = self.phase == Phase::Going;
        let lanes = || self.lanes.iter().filter(|lane| going && lane.stopped.is_none());
        let releases = lanes().filter_map(Lane::next_release);
        let batches = lanes()
            .filter(|lane| lane.supply == Supply::Batch && lane.has_ready())
            .map(|lane| lane.batch_hold_until)
            .filter(|at| now < *at);
        let openings = lanes()
            .filter(|lane| lane.supply == Supply::Calls && lane.has_ready())
            .filter_map(|lane| self.gates.get(lane.gate))
            .filter_map(|gate| gate.limiter.opens_at(now).or(gate.paced_until));
        let deadline = self.deadlines.first().map(|(at, _)| *at);
        let polls = if self.is_polling() { self.batches.next_poll() } else { None };
        let next = [deadline, self.batches.next_deadline(), polls].into_iter().flatten();
        let next = next.chain(releases).chain(batches).chain(openings).min();
        // A release may lie in the past while the limiter is closed or full; its opening or an answer will serve it.
        let next = next.map(|at| at.max(now + 1));
        if next != self.wake_at && next.is_some() {
            self.wake_at = next;
            commands.extend(next.map(Command::WakeAt));
        }
    }

    fn lane_progress(&self, model_idx: usize, now: u64) -> Option<LaneProgress> {
        let lane = self.lanes.get(model_idx)?;
        let gate = self.gates.get(lane.gate)?;
        let n_answered = lane.count(Standing::Answered);
        let n_failed = lane.count(Standing::Failed);
        let per_minute = self.rates.get(model_idx)?.per_minute(now);
        let n_left = lane.trials.len() - n_answered - n_failed;
        let (n_batches, n_in_batch) = self.batches.handed_in(model_idx);
        Some(LaneProgress {
            model_idx,
            judge_idx: self.docket.as_ref().and_then(|docket| docket.judge_of(model_idx)),
            n_total: lane.trials.len(),
            n_answered,
            n_failed,
            n_in_flight: lane.count(Standing::InFlight),
            n_waiting: lane.count(Standing::Waiting),
            limit: gate.limiter.limit(),
            per_minute,
            left_millis: progress::left_millis(n_left, per_minute),
            stopped: lane.stopped.clone(),
            by_hand: lane.supply == Supply::Hand,
            closed_until: gate.limiter.opens_at(now),
            n_reused: lane.n_reused,
            n_handing_in: lane.count(Standing::InBatch).saturating_sub(n_in_batch),
            n_in_batch,
            n_batches,
            spent: lane.spent,
            may_have_cost: lane.may_have_cost,
            waits_for_budget: lane.waits_for_budget,
            paced_until: gate.paced_until.filter(|at| now < *at && lane.has_ready()),
        })
    }
}

/// A try that was made, before it is journaled.
struct Made {
    idx: usize,
    took_millis: u64,
    result: AttemptResult,
    /// What a judge's reply amounts to.
    reading: Option<Reading>,
    cost: Option<MicroDollars>,
    reused: Option<Reused>,
}

#[cfg(test)]
mod tests;
