//! Owns the run's state machine: events in, commands out. Clock, network and store are the caller's.

use std::collections::BTreeMap;

use super::cost::Spending;
use super::journal::{Attempt, AttemptResult, Body, Entry};
use super::lane::{Lane, Standing, Supply};
use super::limiter::Bounds;
use super::plan::{Plan, TrialId};
use super::progress::{self, LaneProgress, Rate};
use super::retry::{self, Next, Situation};
use super::stop::Stop;
use crate::provider::{Completion, Endpoint, Failure, MicroDollars, Seat};
use crate::stats::random::SplitMix64;

mod message;

pub use message::{BatchCallId, BatchState, CallId, Command, Event, Settings};

/// Trials in one batch at most. Providers take many more; so many fit well below the size that they take inline (20 MB at
/// Gemini), and as many are lost to sight at most if the page is closed before the batch's id is stored.
pub const MAX_BATCH_TRIALS: usize = 1_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Idle,
    Going,
    Paused,
    Cancelled,
}

#[derive(Debug, Clone, Copy)]
struct Call {
    lane: usize,
    idx: usize,
    sent_at: u64,
    deadline: u64,
}

/// A browser opens no more connections than this to one host over HTTP/1.1; what is sent beyond waits unseen in the
/// browser, where it would use up its time limit. Plain http is always HTTP/1.1.
const MAX_PLAIN_HTTP: u32 = 6;
/// After this many failures in a row that concern the endpoint itself, asking on is useless.
const MAX_ENDPOINT_FAILURES: u32 = 3;

/// A run under way.
#[derive(Debug)]
pub struct Engine {
    settings: Settings,
    lanes: Vec<Lane>,
    rates: Vec<Rate>,
    calls: BTreeMap<CallId, Call>,
    n_calls: u64,
    phase: Phase,
    random: SplitMix64,
    wake_at: Option<u64>,
    said_over: bool,
}

impl Engine {
    /// An engine that goes on where `entries` end; nothing that they answer is asked again.
    pub fn new(plan: &Plan, entries: &[Entry], settings: Settings) -> Self {
        let lanes = (0..plan.models.len()).filter_map(|idx| u16::try_from(idx).ok());
        let mut lanes: Vec<Lane> = lanes
            .map(|idx| Lane::new(plan, idx, bounds(plan, usize::from(idx), settings)))
            .collect();
        let mut phase = Phase::Idle;
        for entry in entries {
            match &entry.body {
                Body::Attempt(attempt) => replay(&mut lanes, attempt),
                Body::Retried { trials } => {
                    for trial in trials {
                        if let Some(lane) = lanes.get_mut(usize::from(trial.model)) {
                            lane.reopen(*trial);
                        }
                    }
                }
                Body::Cancelled => phase = Phase::Cancelled,
                Body::Resumed => phase = Phase::Idle,
                Body::Paused
                | Body::Adapted { .. }
                | Body::BudgetSet { .. }
                | Body::BatchSent { .. }
                | Body::BatchEnded { .. } => {}
            }
        }
        for lane in &mut lanes {
            lane.requeue();
        }
        let rates = vec![Rate::default(); lanes.len()];
        Self {
            settings,
            lanes,
            rates,
            calls: BTreeMap::new(),
            n_calls: 0,
            phase,
            random: SplitMix64::new(settings.seed),
            wake_at: None,
            said_over: false,
        }
    }

    /// Takes what happened at `now` (milliseconds since 1970) and says what to do.
    pub fn handle(&mut self, now: u64, event: Event) -> Vec<Command> {
        let mut commands = vec![];
        match event {
            Event::Go => self.go(&mut commands),
            Event::Tick => self.wake_at = None,
            Event::Returned { call, result } => self.returned(now, call, result, &mut commands),
            Event::Brought { trial, took_millis, completion } => {
                self.brought(trial, took_millis, completion, &mut commands);
            }
            Event::Saved { trial } => self.saved(now, trial),
            Event::Pause => self.pause(&mut commands),
            Event::Cancel => self.cancel(&mut commands),
            Event::RetryFailed => self.retry_failed(&mut commands),
            Event::Reused { .. }
            | Event::SetBudget(_)
            | Event::BatchTaken { .. }
            | Event::BatchRefused { .. }
            | Event::BatchSaved { .. }
            | Event::BatchNews { .. }
            | Event::BatchResults { .. } => {}
        }
        self.expire(now, &mut commands);
        self.send(now, &mut commands);
        self.set_alarm(now, &mut commands);
        commands
    }

    /// Where each model stands.
    pub fn progress(&self, now: u64) -> Vec<LaneProgress> {
        let lanes = self.lanes.iter().zip(&self.rates).enumerate();
        lanes.map(|(model_idx, (lane, rate))| lane_progress(model_idx, lane, rate, now)).collect()
    }

    /// The next trial that waits for a human's answer, of this model.
    pub fn next_by_hand(&self, model_idx: usize) -> Option<TrialId> {
        self.lanes.get(model_idx).filter(|lane| lane.supply == Supply::Hand)?.first_ready()
    }

    /// What the run has cost and may still cost.
    pub fn spending(&self) -> Spending {
        Spending::default()
    }

    /// How this model is asked at present: its endpoint in the plan, without the settings that it refused.
    pub fn endpoint(&self, model_idx: usize) -> Option<Endpoint> {
        self.lanes.get(model_idx)?;
        None
    }

    /// Whether calls are being sent.
    pub fn is_going(&self) -> bool {
        self.phase == Phase::Going
    }

    /// Whether nothing is under way and nothing will be without a human.
    pub fn is_over(&self) -> bool {
        let calls_left = |lane: &Lane| lane.supply == Supply::Calls && !lane.is_over();
        match self.phase {
            Phase::Cancelled => self.calls.is_empty() && !self.is_saving(),
            _ => !self.lanes.iter().any(calls_left) && !self.is_saving(),
        }
    }

    /// Whether every trial of every model has ended.
    pub fn is_complete(&self) -> bool {
        self.lanes.iter().all(|lane| lane.stopped.is_none() && lane.is_over())
    }

    fn is_saving(&self) -> bool {
        self.lanes.iter().any(|lane| 0 < lane.count(Standing::Saving))
    }

    fn go(&mut self, commands: &mut Vec<Command>) {
        self.said_over = false;
        for lane in &mut self.lanes {
            lane.stopped = None;
            lane.n_endpoint_failures = 0;
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

    fn cancel(&mut self, commands: &mut Vec<Command>) {
        if self.phase == Phase::Cancelled {
            return;
        }
        self.phase = Phase::Cancelled;
        for (call_id, call) in std::mem::take(&mut self.calls) {
            commands.push(Command::CallOff { call: call_id });
            if let Some(lane) = self.lanes.get_mut(call.lane) {
                lane.limiter.ended();
                lane.put_back(call.idx);
            }
        }
        commands.push(Command::Write(Body::Cancelled));
    }

    fn retry_failed(&mut self, commands: &mut Vec<Command>) {
        let mut trials = vec![];
        for lane in &mut self.lanes {
            let failed: Vec<TrialId> = lane
                .trials
                .iter()
                .filter(|trial| trial.standing == Standing::Failed)
                .map(|trial| trial.id)
                .collect();
            trials.extend(failed.into_iter().filter(|id| lane.reopen(*id)));
        }
        if !trials.is_empty() {
            commands.push(Command::Write(Body::Retried { trials }));
        }
        self.go(commands);
    }

    fn returned(
        &mut self,
        now: u64,
        call_id: CallId,
        result: Result<Completion, Failure>,
        commands: &mut Vec<Command>,
    ) {
        // A call that was called off or ran out of time is gone: its late answer is not counted twice.
        let Some(call) = self.calls.remove(&call_id) else { return };
        let Some(lane) = self.lanes.get_mut(call.lane) else { return };
        let took_millis = now.saturating_sub(call.sent_at);
        let Some(trial) = lane.trials.get_mut(call.idx) else { return };
        trial.n_attempts += 1;
        let (id, n) = (trial.id, trial.n_attempts);
        let result = match result {
            Ok(completion) => {
                lane.set(call.idx, Standing::Saving);
                lane.has_answered = true;
                lane.n_endpoint_failures = 0;
                AttemptResult::Answered(completion)
            }
            Err(failure) => failed(lane, &mut self.random, now, call.idx, failure),
        };
        let attempt = Attempt { trial: id, n, took_millis, result, cost: None, reused: None };
        commands.push(Command::Write(Body::Attempt(attempt)));
    }

    fn brought(
        &mut self,
        id: TrialId,
        took_millis: u64,
        completion: Completion,
        commands: &mut Vec<Command>,
    ) {
        let Some(lane) = self.lanes.get_mut(usize::from(id.model)) else { return };
        let Some(idx) = lane.idx(id) else { return };
        let Some(trial) = lane.trials.get_mut(idx) else { return };
        if trial.standing != Standing::Ready || lane.supply != Supply::Hand {
            return;
        }
        trial.n_attempts += 1;
        let n = trial.n_attempts;
        lane.set(idx, Standing::Saving);
        lane.take_ready(idx);
        let result = AttemptResult::Answered(completion);
        let attempt = Attempt { trial: id, n, took_millis, result, cost: None, reused: None };
        commands.push(Command::Write(Body::Attempt(attempt)));
    }

    fn saved(&mut self, now: u64, id: TrialId) {
        let model_idx = usize::from(id.model);
        let Some(lane) = self.lanes.get_mut(model_idx) else { return };
        let Some(idx) = lane.idx(id) else { return };
        if lane.standing(idx) == Some(Standing::Saving) {
            lane.set(idx, Standing::Answered);
            // A call keeps its place until its answer is safe, so that a crash loses no more than the limit.
            match (lane.supply, lane.trials.get(idx).map(|trial| trial.n_attempts)) {
                (Supply::Calls, Some(1)) => lane.limiter.answered(now),
                (Supply::Calls, _) => lane.limiter.answered_late(),
                (Supply::Hand | Supply::Nobody, _) => {}
            }
            if let Some(rate) = self.rates.get_mut(model_idx) {
                rate.answered(now);
            }
        }
    }

    /// Ends calls whose time is up, as failures.
    fn expire(&mut self, now: u64, commands: &mut Vec<Command>) {
        let late: Vec<CallId> =
            self.calls.iter().filter(|(_, call)| call.deadline <= now).map(|(id, _)| *id).collect();
        let limit_millis = self.settings.call_limit_millis;
        for call in late {
            commands.push(Command::CallOff { call });
            self.returned(now, call, Err(Failure::TimedOut { limit_millis }), commands);
        }
    }

    fn send(&mut self, now: u64, commands: &mut Vec<Command>) {
        if self.phase != Phase::Going {
            return;
        }
        for (lane_idx, lane) in self.lanes.iter_mut().enumerate() {
            if lane.supply != Supply::Calls || lane.stopped.is_some() {
                continue;
            }
            lane.release(now);
            while 0 < lane.limiter.n_free(now) {
                let Some(idx) = lane.pop_ready() else { break };
                let Some(trial) = lane.trials.get(idx) else { continue };
                let id = trial.id;
                lane.set(idx, Standing::InFlight);
                self.n_calls += 1;
                let call = CallId(self.n_calls);
                let deadline = now.saturating_add(self.settings.call_limit_millis);
                self.calls.insert(call, Call { lane: lane_idx, idx, sent_at: now, deadline });
                commands.push(Command::Send { call, trial: id });
                lane.limiter.sent();
            }
        }
        if !self.said_over && self.is_over() {
            self.said_over = true;
            commands.push(Command::Over);
        }
    }

    fn set_alarm(&mut self, now: u64, commands: &mut Vec<Command>) {
        let deadlines = self.calls.values().map(|call| call.deadline);
        let going = self.phase == Phase::Going;
        let lanes = self.lanes.iter().filter(|lane| going && lane.stopped.is_none());
        let releases = lanes.clone().filter_map(Lane::next_release);
        let openings =
            lanes.filter(|lane| lane.has_ready()).filter_map(|lane| lane.limiter.opens_at(now));
        let next = deadlines.chain(releases).chain(openings).min();
        // A release may lie in the past while the limiter is closed or full; its opening or an answer will serve it.
        let next = next.map(|at| at.max(now + 1));
        if next != self.wake_at && next.is_some() {
            self.wake_at = next;
            commands.extend(next.map(Command::WakeAt));
        }
    }
}

/// Books a failed try and decides what follows.
fn failed(
    lane: &mut Lane,
    random: &mut SplitMix64,
    now: u64,
    idx: usize,
    failure: Failure,
) -> AttemptResult {
    match &failure {
        Failure::RateLimited { wait_millis, .. } => lane.limiter.refused(now, *wait_millis),
        Failure::Server { .. }
        | Failure::Unreachable { .. }
        | Failure::TimedOut { .. }
        | Failure::Malformed { .. } => lane.limiter.faltered(now),
        _ => lane.limiter.ended(),
    }
    if retry::is_about_the_endpoint(&failure, lane.has_answered) {
        lane.n_endpoint_failures += 1;
        if MAX_ENDPOINT_FAILURES <= lane.n_endpoint_failures {
            lane.stopped = Some(failure.clone());
        }
    }
    let n_attempts = lane.trials.get(idx).map_or(0, |trial| trial.n_attempts);
    let situation = Situation { n_attempts, has_answered: lane.has_answered };
    match retry::after(&failure, situation, random) {
        Next::Retry(wait) => {
            lane.wait(idx, now + wait);
            AttemptResult::WillRetry { failure }
        }
        Next::GiveUp => {
            lane.set(idx, Standing::Failed);
            AttemptResult::GaveUp { failure }
        }
    }
}

fn replay(lanes: &mut [Lane], attempt: &Attempt) {
    let Some(lane) = lanes.get_mut(usize::from(attempt.trial.model)) else { return };
    let standing = match attempt.result {
        AttemptResult::Answered(_) | AttemptResult::Recorded { .. } => Standing::Answered,
        AttemptResult::GaveUp { .. } => Standing::Failed,
        AttemptResult::WillRetry { .. } => Standing::Ready,
    };
    let Some(idx) = lane.idx(attempt.trial) else { return };
    lane.set(idx, standing);
    if let Some(trial) = lane.trials.get_mut(idx) {
        trial.n_attempts = attempt.n;
    }
}

fn bounds(plan: &Plan, model_idx: usize, settings: Settings) -> Bounds {
    let Settings { start_in_flight: start, max_in_flight: max, .. } = settings;
    match plan.models.get(model_idx).map(|spec| &spec.seat) {
        Some(Seat::Api(endpoint)) if endpoint.base_url.starts_with("http://") => {
            Bounds { start: start.min(MAX_PLAIN_HTTP), max: max.min(MAX_PLAIN_HTTP) }
        }
        // Computed in the page: a batch at a time, so that the page can draw between them.
        Some(Seat::Baseline { .. }) => Bounds { start: 256, max: 256 },
        _ => Bounds { start, max },
    }
}

fn lane_progress(model_idx: usize, lane: &Lane, rate: &Rate, now: u64) -> LaneProgress {
    let n_answered = lane.count(Standing::Answered);
    let n_failed = lane.count(Standing::Failed);
    let per_minute = rate.per_minute(now);
    let n_left = lane.trials.len() - n_answered - n_failed;
    LaneProgress {
        model_idx,
        n_total: lane.trials.len(),
        n_answered,
        n_failed,
        n_in_flight: lane.count(Standing::InFlight),
        n_waiting: lane.count(Standing::Waiting),
        limit: lane.limiter.limit(),
        per_minute,
        left_millis: progress::left_millis(n_left, per_minute),
        stopped: lane.stopped.clone().map(Stop::Failure),
        by_hand: lane.supply == Supply::Hand,
        closed_until: lane.limiter.opens_at(now),
        n_reused: 0,
        n_in_batch: 0,
        n_batches: 0,
        spent: MicroDollars(0),
        may_have_cost: MicroDollars(0),
        waits_for_budget: false,
        paced_until: None,
    }
}

#[cfg(test)]
mod tests;
