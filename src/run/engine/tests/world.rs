//! Owns a world for the engine: providers, their batches and a store that takes its time, all in virtual time.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{
    AttemptResult, BatchCallId, BatchState, Body, CallId, Command, Completion, Engine, Entry,
    Event, Failure, Plan, Reused, Settings, TrialId,
};
use crate::provider::Endpoint;
use crate::run::judging::{JudgeResult, JudgementId};

/// A call as a provider sees it.
pub(super) struct Asked {
    pub(super) now: u64,
    pub(super) trial: TrialId,
    /// How often this trial has been asked, this time included.
    pub(super) n: u32,
    pub(super) endpoint: Option<Endpoint>,
}

/// A call as a judge sees it.
pub(super) struct AskedJudge {
    pub(super) judgement: JudgementId,
    pub(super) answer: Arc<str>,
    pub(super) endpoint: Option<Endpoint>,
}

/// How a call ends.
pub(super) enum End {
    /// After so many milliseconds, with this.
    Returned(u64, Result<Completion, Failure>),
    /// The page has the answer from an earlier run.
    Reused(Completion),
    /// Never.
    Silence,
}

/// A batch at a provider.
pub(super) struct RemoteBatch {
    pub(super) model: u16,
    pub(super) trials: Vec<TrialId>,
    pub(super) n_polls: u32,
}

/// What a provider says of a batch that is handed in.
pub(super) type Taken = Result<String, Failure>;
/// What it says when it is asked after one.
pub(super) enum Told {
    State(BatchState),
    Results(Vec<(TrialId, Result<Completion, Failure>)>),
}

type Ask<'a> = Box<dyn FnMut(&Asked) -> End + 'a>;
type Judge<'a> = Box<dyn FnMut(&AskedJudge) -> End + 'a>;
type Take<'a> = Box<dyn FnMut(u16, &[TrialId]) -> Taken + 'a>;
type Tell<'a> = Box<dyn FnMut(u64, &mut RemoteBatch) -> Told + 'a>;
type Check<'a> = Box<dyn FnMut(&Engine, u64) + 'a>;

pub(super) struct World<'a> {
    pub(super) engine: Engine,
    pub(super) now: u64,
    pub(super) entries: Vec<Entry>,
    /// How many of the entries are safe in the store.
    pub(super) n_safe: usize,
    /// How often each trial was asked in a call.
    pub(super) n_asked: BTreeMap<TrialId, u32>,
    pub(super) in_flight: BTreeMap<CallId, TrialId>,
    /// How often each judgement was asked for.
    pub(super) n_judged: BTreeMap<JudgementId, u32>,
    /// By judge: when its last call ended.
    pub(super) judged_at: BTreeMap<u16, u64>,
    pub(super) n_batches: u32,
    pub(super) remote: BTreeMap<String, RemoteBatch>,
    pub(super) polled: Vec<(u64, String)>,
    pub(super) over_at: Option<u64>,
    pub(super) ended_at: BTreeMap<u16, u64>,
    pub(super) store_millis: u64,
    due: BTreeMap<(u64, u64), Event>,
    n_due: u64,
    alarm: Option<u64>,
    ask: Ask<'a>,
    judge: Judge<'a>,
    n_models: usize,
    take: Take<'a>,
    tell: Tell<'a>,
    check: Check<'a>,
}

impl<'a> World<'a> {
    pub(super) fn new(plan: &Plan, ask: impl FnMut(&Asked) -> End + 'a) -> Self {
        Self::after(plan, vec![], Settings::default(), ask)
    }

    /// A page that opens a run with these entries.
    pub(super) fn after(
        plan: &Plan,
        entries: Vec<Entry>,
        settings: Settings,
        ask: impl FnMut(&Asked) -> End + 'a,
    ) -> Self {
        Self {
            engine: Engine::new(plan, &entries, settings),
            now: entries.last().map_or(1_000_000, |entry| entry.at_millis + 1_000),
            n_safe: entries.len(),
            entries,
            n_asked: BTreeMap::new(),
            in_flight: BTreeMap::new(),
            n_judged: BTreeMap::new(),
            judged_at: BTreeMap::new(),
            n_batches: 0,
            remote: BTreeMap::new(),
            polled: vec![],
            over_at: None,
            ended_at: BTreeMap::new(),
            store_millis: 0,
            due: BTreeMap::new(),
            n_due: 0,
            alarm: None,
            ask: Box::new(ask),
            judge: Box::new(|_| panic!("no judge is expected")),
            n_models: plan.models.len(),
            take: Box::new(|_, _| panic!("no batches are expected")),
            tell: Box::new(|_, _| panic!("no batches are expected")),
            check: Box::new(|_, _| {}),
        }
    }

    /// With judges.
    pub(super) fn with_judges(mut self, judge: impl FnMut(&AskedJudge) -> End + 'a) -> Self {
        self.judge = Box::new(judge);
        self
    }

    /// With a provider that takes batches.
    pub(super) fn with_batches(
        mut self,
        take: impl FnMut(u16, &[TrialId]) -> Taken + 'a,
        tell: impl FnMut(u64, &mut RemoteBatch) -> Told + 'a,
    ) -> Self {
        self.take = Box::new(take);
        self.tell = Box::new(tell);
        self
    }

    /// With something that must hold after each event.
    pub(super) fn checked(mut self, check: impl FnMut(&Engine, u64) + 'a) -> Self {
        self.check = Box::new(check);
        self
    }

    pub(super) fn at(&mut self, after_millis: u64, event: Event) {
        self.n_due += 1;
        self.due.insert((self.now + after_millis, self.n_due), event);
    }

    /// Tells the engine at once.
    pub(super) fn tell(&mut self, event: Event) {
        match &event {
            Event::Returned { call, .. } | Event::Reused { call, .. } => {
                self.in_flight.remove(call);
            }
            _ => {}
        }
        let commands = self.engine.handle(self.now, event);
        (self.check)(&self.engine, self.now);
        for command in commands {
            self.carry_out(command);
        }
    }

    /// Lets time pass until nothing is left to happen.
    pub(super) fn run(&mut self) -> &mut Self {
        self.run_until(u64::MAX)
    }

    /// Lets what is due until then happen.
    pub(super) fn run_until(&mut self, until: u64) -> &mut Self {
        for _ in 0..3_000_000 {
            let event_at = self.due.first_key_value().map(|((at, _), _)| *at);
            let next = event_at.into_iter().chain(self.alarm).min();
            let Some(next) = next.filter(|next| *next <= until) else { return self };
            self.now = self.now.max(next);
            if event_at == Some(next) {
                let Some((_, event)) = self.due.pop_first() else { return self };
                self.n_safe += usize::from(matches!(event, Event::Saved { .. }));
                self.tell(event);
            } else {
                self.alarm = None;
                self.tell(Event::Tick);
            }
        }
        panic!("the run does not end");
    }

    fn carry_out(&mut self, command: Command) {
        match command {
            Command::Send { call, trial } => {
                let n = self.n_asked.entry(trial).or_default();
                *n += 1;
                self.in_flight.insert(call, trial);
                let endpoint = self.engine.endpoint(usize::from(trial.model));
                let asked = Asked { now: self.now, trial, n: *n, endpoint };
                let end = (self.ask)(&asked);
                self.end(call, end);
            }
            Command::Judge { call, judgement, answer } => {
                *self.n_judged.entry(judgement).or_default() += 1;
                let seat = self.n_models + usize::from(judgement.judge);
                let endpoint = self.engine.endpoint(seat);
                let end = (self.judge)(&AskedJudge { judgement, answer, endpoint });
                self.end(call, end);
            }
            Command::CallOff { call } => {
                self.in_flight.remove(&call);
            }
            Command::Write(body) => self.write(body),
            Command::WakeAt(at) => self.alarm = Some(at),
            Command::Over => self.over_at = Some(self.now),
            Command::SendBatch { batch, model, trials } => self.take_batch(batch, model, trials),
            Command::CallOffBatch { .. } => {}
            Command::PollBatch { model, remote_id } => {
                let written = self.entries.iter().any(|entry| {
                    matches!(&entry.body, Body::BatchSent { remote_id: id, .. } if *id == remote_id)
                });
                assert!(written, "asked after before it was journaled");
                self.polled.push((self.now, remote_id.clone()));
                let Some(remote) = self.remote.get_mut(&remote_id) else { return };
                remote.n_polls += 1;
                match (self.tell)(self.now, remote) {
                    Told::State(state) => self.at(50, Event::BatchNews { model, remote_id, state }),
                    Told::Results(results) => {
                        self.at(50, Event::BatchResults { model, remote_id, results });
                    }
                }
            }
        }
    }

    fn end(&mut self, call: CallId, end: End) {
        match end {
            End::Returned(after, result) => self.at(after, Event::Returned { call, result }),
            End::Reused(completion) => {
                let reused = Reused { run_id: "earlier".into(), at_millis: 5 };
                self.at(0, Event::Reused { call, completion, reused });
            }
            End::Silence => {}
        }
    }

    fn take_batch(&mut self, batch: BatchCallId, model: u16, trials: Vec<TrialId>) {
        self.n_batches += 1;
        let open = open_in_batches(&self.entries);
        assert!(trials.iter().all(|trial| !open.contains(trial)), "handed in twice");
        match (self.take)(model, &trials) {
            Ok(remote_id) => {
                self.remote.insert(remote_id.clone(), RemoteBatch { model, trials, n_polls: 0 });
                self.at(100, Event::BatchTaken { batch, remote_id });
            }
            Err(failure) => self.at(100, Event::BatchRefused { batch, failure }),
        }
    }

    fn write(&mut self, body: Body) {
        match &body {
            Body::Attempt(attempt) => {
                self.ended_at.insert(attempt.trial.model, self.now);
                if let AttemptResult::Answered(_) = attempt.result {
                    self.at(self.store_millis, Event::Saved { trial: attempt.trial });
                }
            }
            Body::Judgement(attempt) => {
                self.judged_at.insert(attempt.judgement.judge, self.now);
                if let JudgeResult::Judged { .. } = attempt.result {
                    let judgement = attempt.judgement;
                    self.at(self.store_millis, Event::JudgementSaved { judgement });
                }
            }
            Body::BatchSent { model, remote_id, .. } => {
                let (model, remote_id) = (*model, remote_id.clone());
                self.at(self.store_millis, Event::BatchSaved { model, remote_id });
            }
            _ => {}
        }
        let seq = self.entries.len() as u64 + 1;
        self.entries.push(Entry { seq, at_millis: self.now, body, hash: String::new() });
    }

    /// The trials that were answered; each must have been answered once.
    pub(super) fn answered(&self) -> BTreeSet<TrialId> {
        ends(&self.entries).0
    }

    /// The trials that were given up.
    pub(super) fn failed(&self) -> BTreeSet<TrialId> {
        ends(&self.entries).1
    }
}

/// Who was answered and who was given up by these entries. Nobody may end twice.
pub(super) fn ends(entries: &[Entry]) -> (BTreeSet<TrialId>, BTreeSet<TrialId>) {
    let (mut answered, mut failed) = (BTreeSet::new(), BTreeSet::new());
    for entry in entries {
        match &entry.body {
            Body::Attempt(attempt) => {
                let is_ended = answered.contains(&attempt.trial) || failed.contains(&attempt.trial);
                match attempt.result {
                    AttemptResult::Answered(_) | AttemptResult::Recorded { .. } => {
                        assert!(!is_ended, "{:?} ended twice", attempt.trial);
                        answered.insert(attempt.trial);
                    }
                    AttemptResult::GaveUp { .. } => {
                        assert!(!is_ended, "{:?} ended twice", attempt.trial);
                        failed.insert(attempt.trial);
                    }
                    AttemptResult::WillRetry { .. } => {
                        assert!(!is_ended, "{:?} was asked after its end", attempt.trial);
                    }
                }
            }
            Body::Retried { trials } => {
                for trial in trials {
                    failed.remove(trial);
                }
            }
            _ => {}
        }
    }
    (answered, failed)
}

/// What stands in batches that were taken and have not ended.
fn open_in_batches(entries: &[Entry]) -> BTreeSet<TrialId> {
    let mut open: BTreeMap<&str, Vec<TrialId>> = BTreeMap::new();
    let mut ended = BTreeSet::new();
    for entry in entries {
        match &entry.body {
            Body::BatchSent { remote_id, trials, .. } => {
                open.insert(remote_id, trials.clone());
            }
            Body::BatchEnded { remote_id, .. } => {
                open.remove(remote_id.as_str());
            }
            Body::Attempt(attempt) => {
                ended.insert(attempt.trial);
            }
            _ => {}
        }
    }
    open.into_values().flatten().filter(|trial| !ended.contains(trial)).collect()
}
