//! Owns a run in the browser: carries out the engine's commands, and brings back what came of them.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::{Rc, Weak};

use gloo_timers::callback::Timeout;
use wasm_bindgen_futures::spawn_local;

use super::error::Error;
use super::http::{self, CallOff};
use super::lock::{self, RunLock};
use super::store::{RunSummary, Store};
use super::{clock, keys, page};
use crate::prompt;
use crate::provider::wire::{self, Ask};
use crate::provider::{Completion, Failure, Seat, baseline};
use crate::report::Grid;
use crate::run::progress::LaneProgress;
use crate::run::{
    AttemptResult, Body, CallId, Command, Engine, Entry, Event, Journal, Plan, PlanRecord,
    Settings, TrialId, chain,
};

/// A run that is open in this tab. Clones are handles to the same run.
#[derive(Clone)]
pub struct Driver(Rc<RefCell<Inner>>);

struct Inner {
    engine: Engine,
    /// The plan and the entries that are safe in the store.
    journal: Journal,
    plan_hash: String,
    /// What the safe entries amount to, kept up to date entry by entry.
    grid: Grid,
    /// Entries on their way into the store.
    unsaved: Vec<Entry>,
    is_saving: bool,
    store: Store,
    summary: RunSummary,
    calls: BTreeMap<CallId, CallOff>,
    alarm: Option<Timeout>,
    store_error: Option<Error>,
    on_change: Rc<dyn Fn()>,
    is_change_due: bool,
    _lock: RunLock,
}

/// How a run came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunKind {
    /// Planned by the person.
    Planned,
    /// A quick try of the bundled questions.
    Try,
}

/// Why a run cannot be opened in this tab.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// Two tabs would ask, and pay for, the same questions.
    #[error("This run is open in another tab. Go on there, or close that tab first.")]
    ElsewhereOpen,
    /// No run of this name is kept here.
    #[error("This browser does not hold that run any more.")]
    Gone,
    /// The browser's storage refused.
    #[error(transparent)]
    Browser(#[from] Error),
}

impl Driver {
    /// Begins a new run: kept in the store before anything is asked. `on_change` is called after changes, at most once
    /// per frame or so.
    pub async fn begin(
        plan: Plan,
        settings: Settings,
        kind: RunKind,
        on_change: Rc<dyn Fn()>,
    ) -> Result<Self, OpenError> {
        let store = Store::open().await?;
        let lock = lock::take(&plan.run_id).await.ok_or(OpenError::ElsewhereOpen)?;
        let summary = RunSummary {
            run_id: plan.run_id.clone(),
            title: plan.title.clone(),
            started_millis: clock::now_millis(),
            n_items: plan.items.len(),
            models: plan.models.iter().map(|model| model.name.clone()).collect(),
            is_over: false,
            is_try: kind == RunKind::Try,
            keyed_urls: base_urls(&plan).into_iter().filter(|url| keys::has(url)).collect(),
        };
        store.add_run(&summary, &plan).await?;
        Ok(Self::open(Journal { plan, entries: vec![] }, summary, store, lock, settings, on_change))
    }

    /// Opens a run that is kept in this browser, as it stood. It does not go on before [`Event::Go`].
    pub async fn resume(
        run_id: &str,
        settings: Settings,
        on_change: Rc<dyn Fn()>,
    ) -> Result<Self, OpenError> {
        let store = Store::open().await?;
        let mut runs = store.runs().await?.into_iter();
        let summary = runs.find(|run| run.run_id == run_id).ok_or(OpenError::Gone)?;
        let lock = lock::take(&summary.run_id).await.ok_or(OpenError::ElsewhereOpen)?;
        let journal = store.journal(&summary.run_id).await?.ok_or(OpenError::Gone)?;
        Ok(Self::open(journal, summary, store, lock, settings, on_change))
    }

    fn open(
        journal: Journal,
        summary: RunSummary,
        store: Store,
        lock: RunLock,
        settings: Settings,
        on_change: Rc<dyn Fn()>,
    ) -> Self {
        let inner = Inner {
            engine: Engine::new(&journal.plan, &journal.entries, settings),
            plan_hash: chain::plan_hash(&PlanRecord::from(&journal.plan)),
            grid: Grid::of(&journal),
            journal,
            unsaved: vec![],
            is_saving: false,
            store,
            summary,
            calls: BTreeMap::new(),
            alarm: None,
            store_error: None,
            on_change,
            is_change_due: false,
            _lock: lock,
        };
        Self(Rc::new(RefCell::new(inner)))
    }

    /// Lets something happen: a click, an answer, the time.
    pub fn tell(&self, event: Event) {
        let commands = self.0.borrow_mut().engine.handle(clock::now_millis(), event);
        for command in commands {
            self.carry_out(command);
        }
        self.change();
    }

    /// Looks at the run.
    pub fn with<T>(&self, look: impl FnOnce(&RunView<'_>) -> T) -> T {
        let inner = self.0.borrow();
        look(&RunView { inner: &inner })
    }

    /// Writes again what the store refused, and goes on.
    pub fn save_again(&self) {
        self.0.borrow_mut().store_error = None;
        self.save();
        self.tell(Event::Go);
    }

    fn weak(&self) -> Weak<RefCell<Inner>> {
        Rc::downgrade(&self.0)
    }

    fn carry_out(&self, command: Command) {
        match command {
            Command::Send { call, trial } => self.send(call, trial),
            Command::CallOff { call } => {
                if let Some(call_off) = self.0.borrow_mut().calls.remove(&call) {
                    call_off.now();
                }
            }
            Command::Write(body) => self.write(body),
            Command::WakeAt(millis) => {
                let weak = self.weak();
                let alarm = clock::at(millis, move || {
                    if let Some(inner) = weak.upgrade() {
                        Self(inner).tell(Event::Tick);
                    }
                });
                self.0.borrow_mut().alarm = Some(alarm);
            }
            Command::Over => self.note_over(),
            // No plan asks for batches yet.
            Command::SendBatch { .. }
            | Command::CallOffBatch { .. }
            | Command::PollBatch { .. } => {}
        }
    }

    fn send(&self, call: CallId, trial: TrialId) {
        let mut inner = self.0.borrow_mut();
        // As the engine has it: without the settings that the model refused.
        let endpoint = inner.engine.endpoint(usize::from(trial.model));
        let plan = &inner.journal.plan;
        let item = plan.items.get(trial.item as usize);
        let model = plan.models.get(usize::from(trial.model));
        let (Some(item), Some(model)) = (item, model) else { return };
        match &model.seat {
            Seat::Api(planned) => {
                let endpoint = endpoint.as_ref().unwrap_or(planned);
                let messages = prompt::render(item, &plan.prompting);
                let request = wire::request(&Ask { endpoint, messages: &messages, schema: None });
                let protocol = endpoint.protocol;
                let call_off = CallOff::new().ok();
                let signal = call_off.as_ref().map(CallOff::signal);
                inner.calls.extend(call_off.map(|call_off| (call, call_off)));
                drop(inner);
                let weak = self.weak();
                spawn_local(async move {
                    let reply = http::send(&request, signal.as_ref()).await;
                    let result = reply.and_then(|reply| wire::read(protocol, &reply));
                    if let Some(inner) = weak.upgrade() {
                        inner.borrow_mut().calls.remove(&call);
                        Self(inner).returned(call, result);
                    }
                });
            }
            Seat::Baseline { rule, seed } => {
                let completion = baseline::answer(*rule, *seed, item, trial.repeat);
                drop(inner);
                let weak = self.weak();
                spawn_local(async move {
                    if let Some(inner) = weak.upgrade() {
                        Self(inner).returned(call, Ok(completion));
                    }
                });
            }
            // The engine sends nothing to these.
            Seat::BrowserModel | Seat::Person | Seat::Paste | Seat::Recorded => {}
        }
    }

    fn returned(&self, call: CallId, result: Result<Completion, Failure>) {
        self.tell(Event::Returned { call, result: result.map_err(http::without_key) });
    }

    fn write(&self, body: Body) {
        {
            let mut inner = self.0.borrow_mut();
            let last = inner.unsaved.last().or(inner.journal.entries.last());
            let last = last.map(std::slice::from_ref).unwrap_or_default();
            let entry = chain::next_entry(&inner.plan_hash, last, clock::now_millis(), body);
            inner.unsaved.push(entry);
        }
        self.save();
    }

    /// Stores what is unsaved. What comes while one transaction is under way goes into the next, all at once.
    fn save(&self) {
        let (store, run_id, entries) = {
            let mut inner = self.0.borrow_mut();
            if inner.is_saving || inner.unsaved.is_empty() || inner.store_error.is_some() {
                return;
            }
            inner.is_saving = true;
            (inner.store.clone(), inner.summary.run_id.clone(), inner.unsaved.clone())
        };
        let driver = self.clone();
        spawn_local(async move {
            let result = store.append(&run_id, &entries).await;
            driver.saved(entries, result);
        });
    }

    fn saved(&self, entries: Vec<Entry>, result: Result<(), Error>) {
        self.0.borrow_mut().is_saving = false;
        if let Err(error) = result {
            // The answers stay in memory until they can be stored; no more are asked for meanwhile.
            self.0.borrow_mut().store_error = Some(error);
            self.tell(Event::Pause);
            return;
        }
        let ended: Vec<TrialId> = entries.iter().filter_map(ended_trial).collect();
        {
            let inner = &mut *self.0.borrow_mut();
            inner.unsaved.drain(..entries.len());
            for entry in entries {
                inner.grid.apply(&inner.journal.plan, inner.journal.entries.len(), &entry);
                inner.journal.entries.push(entry);
            }
        }
        for trial in ended {
            self.tell(Event::Saved { trial });
        }
        self.save();
        self.change();
    }

    /// Keeps the summary true, so that the list of runs need not read every journal.
    fn note_over(&self) {
        let (store, summary) = {
            let mut inner = self.0.borrow_mut();
            inner.summary.is_over = inner.engine.is_complete();
            (inner.store.clone(), inner.summary.clone())
        };
        spawn_local(async move {
            // Only a convenience: a summary that could not be written offers a finished run for resumption.
            if let Err(error) = store.update_summary(&summary).await {
                page::log_error(&error.to_string());
            }
        });
    }

    /// Tells the views, after the present turn and at most ten times a second.
    fn change(&self) {
        if std::mem::replace(&mut self.0.borrow_mut().is_change_due, true) {
            return;
        }
        let driver = self.clone();
        Timeout::new(100, move || {
            let on_change = {
                let mut inner = driver.0.borrow_mut();
                inner.is_change_due = false;
                page::set_leave_warning(RunView { inner: &inner }.is_busy());
                inner.on_change.clone()
            };
            on_change();
        })
        .forget();
    }
}

/// The addresses of a plan's models, each once.
fn base_urls(plan: &Plan) -> Vec<String> {
    let mut urls: Vec<String> = plan
        .models
        .iter()
        .filter_map(|model| model.seat.endpoint())
        .map(|endpoint| endpoint.base_url.clone())
        .collect();
    urls.sort_unstable();
    urls.dedup();
    urls
}

fn ended_trial(entry: &Entry) -> Option<TrialId> {
    match &entry.body {
        Body::Attempt(attempt) => match attempt.result {
            AttemptResult::Answered(_) => Some(attempt.trial),
            _ => None,
        },
        _ => None,
    }
}

/// A look at a run.
pub struct RunView<'a> {
    inner: &'a Inner,
}

impl RunView<'_> {
    /// The plan, and the entries that are safe.
    pub fn journal(&self) -> &Journal {
        &self.inner.journal
    }

    /// What the safe entries amount to.
    pub fn grid(&self) -> &Grid {
        &self.inner.grid
    }

    /// Where each model stands.
    pub fn progress(&self) -> Vec<LaneProgress> {
        self.inner.engine.progress(clock::now_millis())
    }

    /// The next trial that waits for a human's answer, of this model.
    pub fn next_by_hand(&self, model_idx: usize) -> Option<TrialId> {
        self.inner.engine.next_by_hand(model_idx)
    }

    /// Whether calls are being sent.
    pub fn is_going(&self) -> bool {
        self.inner.engine.is_going()
    }

    /// Whether nothing is left to do but what a human brings.
    pub fn is_over(&self) -> bool {
        self.inner.engine.is_over() && self.inner.unsaved.is_empty()
    }

    /// Whether every question has ended, for everyone.
    pub fn is_complete(&self) -> bool {
        self.inner.engine.is_complete() && self.inner.unsaved.is_empty()
    }

    /// Whether answers are awaited or on their way into the store.
    pub fn is_busy(&self) -> bool {
        !self.inner.calls.is_empty() || !self.inner.unsaved.is_empty()
    }

    /// Addresses whose key was there when the run began and is not now: the page was closed since.
    pub fn missing_keys(&self) -> Vec<String> {
        self.inner.summary.keyed_urls.iter().filter(|url| !keys::has(url)).cloned().collect()
    }

    /// Why answers cannot be stored at present.
    pub fn store_error(&self) -> Option<String> {
        self.inner.store_error.as_ref().map(ToString::to_string)
    }
}
