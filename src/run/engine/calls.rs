//! Owns calls: which are sent when, and what follows their ends.

use std::sync::Arc;

use super::{
    AttemptResult, Body, CallId, Command, Completion, Engine, Failure, Lane, Made, MicroDollars,
    Next, Phase, Reading, Reused, Room, Situation, Standing, Stop, Supply, Task, Trial, retry,
};
use crate::run::cost::Tariff;

/// A call under way.
#[derive(Debug, Clone, Copy)]
pub(super) struct Call {
    lane: usize,
    idx: usize,
    sent_at: u64,
    deadline: u64,
    /// What it may cost at most.
    ceiling: MicroDollars,
    /// Tokens that the typed pace reckons with.
    n_tokens: u64,
    /// How many settings its model had refused when it was sent.
    n_dropped: usize,
}

/// After this many failures in a row that concern the endpoint itself, asking on is useless.
const MAX_ENDPOINT_FAILURES: u32 = 3;

/// What became of a lane's turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Turn {
    Sent,
    /// Nothing to send now; another lane may have its turn.
    Passed,
    /// The typed pace holds the gate, and this lane keeps its turn.
    Held,
}

impl Engine {
    /// Ends a call: frees its place and what it reserved.
    fn take_call(&mut self, call_id: CallId) -> Option<Call> {
        // A call that was called off or ran out of time is gone: its late answer is not counted twice.
        let call = self.calls.remove(&call_id)?;
        self.deadlines.remove(&(call.deadline, call_id));
        self.purse.release(call.ceiling);
        Some(call)
    }

    pub(super) fn returned(
        &mut self,
        now: u64,
        call_id: CallId,
        result: Result<Completion, Failure>,
        commands: &mut Vec<Command>,
    ) {
        let Some(call) = self.take_call(call_id) else { return };
        let Some(lane) = self.lanes.get_mut(call.lane) else { return };
        lane.count_attempt(call.idx);
        let n_counted = lane.trials.get(call.idx).map_or(0, Trial::n_counted);
        let cost = lane.cost(&result, call.ceiling);
        let task = lane.trials.get(call.idx).map(|trial| trial.id);
        let reading = self.read_verdict(task, &result, n_counted);
        let Some(lane) = self.lanes.get_mut(call.lane) else { return };
        let Some(gate) = self.gates.get_mut(lane.gate) else { return };
        match &result {
            Ok(completion) => {
                // Growth counts now and not when the answer is safe: it is the provider's pace that is learnt.
                match n_counted {
                    1 => gate.limiter.answered(now),
                    _ => gate.limiter.answered_late(),
                }
                if !matches!(reading, Some(Reading::Unreadable { .. })) {
                    gate.limiter.storing();
                }
                if let Some(usage) = &completion.usage {
                    let used = usage.input_tokens.saturating_add(usage.output_tokens);
                    gate.pacer.corrected(call.n_tokens, used);
                }
                if let Some(has_answered) = self.has_origin_answered.get_mut(gate.origin) {
                    *has_answered = true;
                }
            }
            Err(Failure::RateLimited { wait_millis, .. }) => {
                gate.limiter.refused(now, *wait_millis);
            }
            Err(
                Failure::Server { .. }
                | Failure::Unreachable { .. }
                | Failure::TimedOut { .. }
                | Failure::Malformed { .. },
            ) => gate.limiter.faltered(now),
            Err(
                Failure::KeyRefused { .. }
                | Failure::NoCredit { .. }
                | Failure::NotFound { .. }
                | Failure::Refused { .. }
                | Failure::Unsupported { .. },
            ) => gate.limiter.ended(),
        }
        let result = match result {
            Ok(completion) if matches!(reading, Some(Reading::Unreadable { .. })) => {
                self.replied_in_vain(now, (call.lane, call.idx), reading.as_ref());
                AttemptResult::Answered(completion)
            }
            Ok(completion) => {
                lane.answered(call.idx);
                if let Some(trial) = lane.trials.get_mut(call.idx) {
                    trial.is_in_limiter = true;
                }
                AttemptResult::Answered(completion)
            }
            Err(failure) => {
                self.failed(now, (call.lane, call.idx, call.n_dropped), failure, commands)
            }
        };
        let took_millis = now.saturating_sub(call.sent_at);
        let made = Made { idx: call.idx, took_millis, result, reading, cost, reused: None };
        self.write_attempt(call.lane, made, commands);
    }

    /// A call did not have to leave the page.
    pub(super) fn reused(
        &mut self,
        now: u64,
        call_id: CallId,
        completion: Completion,
        reused: Reused,
        commands: &mut Vec<Command>,
    ) {
        let Some(call) = self.take_call(call_id) else { return };
        let Some(lane) = self.lanes.get_mut(call.lane) else { return };
        lane.count_attempt(call.idx);
        let n_counted = lane.trials.get(call.idx).map_or(0, Trial::n_counted);
        let task = lane.trials.get(call.idx).map(|trial| trial.id);
        let result = Ok(completion);
        let reading = self.read_verdict(task, &result, n_counted);
        let is_in_vain = matches!(reading, Some(Reading::Unreadable { .. }));
        let Some(lane) = self.lanes.get_mut(call.lane) else { return };
        if !is_in_vain {
            lane.set(call.idx, Standing::Saving);
            if let Some(trial) = lane.trials.get_mut(call.idx) {
                trial.is_in_limiter = true;
                trial.is_reused = true;
            }
        }
        if let Some(gate) = self.gates.get_mut(lane.gate) {
            // It tells nothing about the provider.
            gate.limiter.ended();
            gate.pacer.not_sent(call.n_tokens);
            if !is_in_vain {
                gate.limiter.storing();
            }
        }
        if is_in_vain {
            self.replied_in_vain(now, (call.lane, call.idx), reading.as_ref());
        }
        let Ok(completion) = result else { return };
        let made = Made {
            idx: call.idx,
            took_millis: now.saturating_sub(call.sent_at),
            result: AttemptResult::Answered(completion),
            reading,
            cost: Some(MicroDollars(0)),
            reused: Some(reused),
        };
        self.write_attempt(call.lane, made, commands);
    }

    /// Decides what follows a failed try, whose trial stands at `(lane, idx)` and which was sent without the first so many
    /// of the settings that its model has refused by now.
    pub(super) fn failed(
        &mut self,
        now: u64,
        (lane_idx, idx, n_dropped): (usize, usize, usize),
        failure: Failure,
        commands: &mut Vec<Command>,
    ) -> AttemptResult {
        let Some(lane) = self.lanes.get_mut(lane_idx) else {
            return AttemptResult::GaveUp { failure };
        };
        // A refusal of what had been dropped before is a refusal like any other.
        if let Failure::Unsupported { setting, message } = &failure
            && !lane.dropped.iter().take(n_dropped).any(|dropped| dropped == setting)
        {
            if lane.drop_setting(*setting, message) {
                let (model, setting, message) = (lane.model, *setting, message.clone());
                commands.push(Command::Write(Body::Adapted { model, setting, message }));
            }
            lane.excuse(idx);
            lane.put_back(idx);
            return AttemptResult::WillRetry { failure };
        }
        // Counted by model: a name that the provider does not know must not burn every question, only because another
        // model at the same address answers.
        if retry::is_about_the_endpoint(&failure, lane.has_answered) {
            lane.n_endpoint_failures += 1;
            if MAX_ENDPOINT_FAILURES <= lane.n_endpoint_failures {
                lane.stopped = Some(Stop::Failure(failure.clone()));
            }
        }
        let n_attempts = lane.trials.get(idx).map_or(0, Trial::n_counted);
        let origin = self.gates.get(lane.gate).map(|gate| gate.origin);
        let has_answered = origin
            .and_then(|origin| self.has_origin_answered.get(origin))
            .copied()
            .unwrap_or(false);
        match retry::after(&failure, Situation { n_attempts, has_answered }, &mut self.random) {
            Next::Retry(wait) => {
                lane.wait(idx, now.saturating_add(wait));
                AttemptResult::WillRetry { failure }
            }
            Next::GiveUp => {
                lane.set(idx, Standing::Failed);
                AttemptResult::GaveUp { failure }
            }
        }
    }

    pub(super) fn cancel(&mut self, now: u64, commands: &mut Vec<Command>) {
        if self.phase == Phase::Cancelled {
            return;
        }
        self.phase = Phase::Cancelled;
        let call_ids: Vec<CallId> = self.calls.keys().copied().collect();
        // From the last to the first, so that they come back to the queue in their order.
        for call_id in call_ids.into_iter().rev() {
            let Some(call) = self.take_call(call_id) else { continue };
            commands.push(Command::CallOff { call: call_id });
            let Some(lane) = self.lanes.get_mut(call.lane) else { continue };
            lane.put_back(call.idx);
            let has_left_the_page = lane.endpoint.is_some();
            if let Some(gate) = self.gates.get_mut(lane.gate) {
                gate.limiter.ended();
            }
            if has_left_the_page {
                self.called_off(now, &call, commands);
            }
        }
        commands.push(Command::Write(Body::Cancelled));
    }

    /// Journals a call whose end nobody awaits: the provider may have worked on it, and charge for it.
    fn called_off(&mut self, now: u64, call: &Call, commands: &mut Vec<Command>) {
        let Some(lane) = self.lanes.get_mut(call.lane) else { return };
        lane.count_attempt(call.idx);
        let message = "the run was ended before an answer came".to_owned();
        let result = Err(Failure::Unreachable { message });
        let cost = lane.cost(&result, call.ceiling);
        let Err(failure) = result else { return };
        let result = AttemptResult::WillRetry { failure };
        let took_millis = now.saturating_sub(call.sent_at);
        let made = Made { idx: call.idx, took_millis, result, reading: None, cost, reused: None };
        self.write_attempt(call.lane, made, commands);
    }

    /// Ends calls whose time is up, as failures.
    pub(super) fn expire(&mut self, now: u64, commands: &mut Vec<Command>) {
        let limit_millis = self.settings.call_limit_millis;
        while let Some((deadline, call)) = self.deadlines.first().copied() {
            if now < deadline {
                break;
            }
            self.deadlines.remove(&(deadline, call));
            commands.push(Command::CallOff { call });
            self.returned(now, call, Err(Failure::TimedOut { limit_millis }), commands);
        }
    }

    pub(super) fn send(&mut self, now: u64, commands: &mut Vec<Command>) {
        if self.phase != Phase::Going {
            return;
        }
        for lane in &mut self.lanes {
            lane.waits_for_budget = false;
            if lane.stopped.is_none() {
                lane.release(now);
            }
        }
        for gate_idx in 0..self.gates.len() {
            self.send_through(now, gate_idx, commands);
        }
        self.send_batches(now, commands);
    }

    /// Sends what a gate lets through now, its lanes in turn.
    fn send_through(&mut self, now: u64, gate_idx: usize, commands: &mut Vec<Command>) {
        let mut n_passed = 0;
        while let Some(gate) = self.gates.get_mut(gate_idx) {
            gate.paced_until = None;
            if gate.lanes.len() <= n_passed || gate.limiter.n_free(now) == 0 {
                return;
            }
            let turn = gate.turn % gate.lanes.len();
            let Some(lane_idx) = gate.lanes.get(turn).copied() else { return };
            match self.send_next(now, lane_idx, commands) {
                Turn::Sent => n_passed = 0,
                Turn::Passed => n_passed += 1,
                Turn::Held => return,
            }
            if let Some(gate) = self.gates.get_mut(gate_idx) {
                gate.turn = turn + 1;
            }
        }
    }

    fn send_next(&mut self, now: u64, lane_idx: usize, commands: &mut Vec<Command>) -> Turn {
        let Some(lane) = self.lanes.get(lane_idx) else { return Turn::Passed };
        if lane.supply != Supply::Calls || lane.stopped.is_some() {
            return Turn::Passed;
        }
        let next = lane.next_ready().and_then(|idx| lane.trials.get(idx));
        let Some(trial) = next else { return Turn::Passed };
        let (task, answer) = (trial.id, trial.answer.clone());
        let prompt_bytes = self.bytes_of(trial);
        let Some(lane) = self.lanes.get_mut(lane_idx) else { return Turn::Passed };
        let ceiling = lane.ceiling(prompt_bytes);
        if let Some(hindrance) = hindrance(lane, self.purse.has_budget(), self.purse.room(ceiling))
        {
            match hindrance {
                Hindrance::Wait => lane.waits_for_budget = true,
                Hindrance::Stop(stop) => lane.stopped = Some(stop),
            }
            return Turn::Passed;
        }
        let n_tokens = lane.usual_tokens(prompt_bytes);
        let Some(gate) = self.gates.get_mut(lane.gate) else { return Turn::Passed };
        if let Some(opens_at) = gate.pacer.opens_at(now, n_tokens) {
            gate.paced_until = Some(opens_at);
            return Turn::Held;
        }
        let Some(idx) = lane.pop_ready(Standing::InFlight) else { return Turn::Passed };
        gate.pacer.sent(n_tokens);
        gate.limiter.sent();
        self.purse.reserve(ceiling);
        self.n_calls += 1;
        let call = CallId(self.n_calls);
        let deadline = now.saturating_add(self.settings.call_limit_millis);
        let n_dropped = lane.dropped.len();
        self.calls.insert(
            call,
            Call { lane: lane_idx, idx, sent_at: now, deadline, ceiling, n_tokens, n_dropped },
        );
        self.deadlines.insert((deadline, call));
        commands.push(match task {
            Task::Answer(trial) => Command::Send { call, trial },
            Task::Judgement(judgement) => {
                let answer = answer.unwrap_or_else(|| Arc::from(""));
                Command::Judge { call, judgement, answer }
            }
        });
        Turn::Sent
    }
}

/// Why money keeps a lane from sending.
pub(super) enum Hindrance {
    /// Until what is under way has ended.
    Wait,
    /// For good.
    Stop(Stop),
}

/// Whether money keeps a lane from sending what would fit so into the budget.
pub(super) fn hindrance(lane: &Lane, has_budget: bool, room: Room) -> Option<Hindrance> {
    if has_budget && lane.tariff == Tariff::Unknown {
        return Some(Hindrance::Stop(Stop::NoPrice));
    }
    match room {
        Room::Fits => None,
        Room::Later => Some(Hindrance::Wait),
        Room::Never => Some(Hindrance::Stop(Stop::Budget)),
    }
}
