//! Owns a run in the browser: carries out the engine's commands, and brings back what came of them.

mod batches;
mod calls;
mod saving;
mod view;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::{Rc, Weak};

use gloo_timers::callback::Timeout;
use wasm_bindgen_futures::spawn_local;

pub use self::batches::Brought;
use self::calls::Call;
use self::saving::Saving;
pub use self::view::RunView;
use super::error::Error;
use super::http::CallOff;
use super::lock::{self, RunLock};
use super::store::{KeptAnswer, RunSummary, Store};
use super::{clock, keys, page};
use crate::report::LiveGrid;
use crate::run::regrade::Regrading;
use crate::run::{
    BatchCallId, CallId, Command, Engine, Event, Journal, Plan, Settings, chain, questions,
};

/// A run that is open in this tab. Clones are handles to the same run.
#[derive(Clone)]
pub struct Driver(Rc<RefCell<Inner>>);

struct Inner {
    engine: Engine,
    /// The plan and the entries that are safe in the store.
    journal: Journal,
    /// What the safe entries amount to, kept up to date entry by entry.
    live: LiveGrid,
    saving: Saving,
    store: Store,
    summary: RunSummary,
    calls: BTreeMap<CallId, Call>,
    /// Batches that are being handed in.
    batch_calls: BTreeMap<BatchCallId, CallOff>,
    /// By model: why its batches could not be asked after the last time.
    batch_troubles: BTreeMap<u16, String>,
    /// Answers for later runs, on their way into the store.
    to_keep: Vec<(String, KeptAnswer)>,
    /// Spreads calls that are sent together.
    sluice: Rc<clock::Sluice>,
    alarm: Option<Timeout>,
    on_change: Rc<dyn Fn()>,
    is_change_due: bool,
    _lock: RunLock,
}

/// How a run came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunKind {
    /// Planned by the person.
    Planned,
    /// Planned by the person, who lets earlier answers to the same questions be used again.
    Reusing,
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
        let regrading = Regrading { plan, taken_over: vec![] };
        Self::begin_regrading(regrading, settings, kind, on_change).await
    }

    /// Begins the grading of an earlier run: with the answers that it takes over, which are in the store before a judge is
    /// asked.
    pub async fn begin_regrading(
        Regrading { plan, taken_over }: Regrading,
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
            n_items: questions(&plan).len(),
            n_open: plan.items.iter().filter(|item| item.kind.is_open()).count(),
            models: plan.models.iter().map(|model| model.name.clone()).collect(),
            is_over: false,
            is_try: kind == RunKind::Try,
            is_reusing: kind == RunKind::Reusing,
            keyed_urls: base_urls(&plan).into_iter().filter(|url| keys::has(url)).collect(),
        };
        store.add_run(&summary, &plan).await?;
        let sealed = chain::sealed_from(&plan, taken_over);
        if !sealed.is_empty()
            && let Err(refused) = store.append(&plan.run_id, &sealed).await
        {
            // A grading without its answers is nothing.
            store.delete(&plan.run_id).await?;
            return Err(refused.into());
        }
        let entries = sealed.into_iter().map(|sealed| sealed.entry).collect();
        Ok(Self::open(Journal { plan, entries }, summary, store, lock, settings, on_change))
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
            live: LiveGrid::of(&journal),
            saving: Saving::after(&journal),
            journal,
            store,
            summary,
            calls: BTreeMap::new(),
            batch_calls: BTreeMap::new(),
            batch_troubles: BTreeMap::new(),
            to_keep: vec![],
            sluice: Rc::default(),
            alarm: None,
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

    fn weak(&self) -> Weak<RefCell<Inner>> {
        Rc::downgrade(&self.0)
    }

    fn carry_out(&self, command: Command) {
        match command {
            Command::Send { call, trial } => self.send(call, trial),
            Command::Judge { call, judgement, answer } => self.judge(call, judgement, &answer),
            Command::CallOff { call } => self.call_off(call),
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
            Command::SendBatch { batch, model, trials } => self.send_batch(batch, model, &trials),
            Command::CallOffBatch { batch } => self.call_off_batch(batch),
            Command::PollBatch { model, remote_id } => self.poll_batch(model, remote_id),
        }
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

    /// Tells the views, after the present turn and at most four times a second.
    fn change(&self) {
        if std::mem::replace(&mut self.0.borrow_mut().is_change_due, true) {
            return;
        }
        let driver = self.clone();
        Timeout::new(DRAW_MILLIS, move || {
            let on_change = {
                let mut inner = driver.0.borrow_mut();
                inner.is_change_due = false;
                page::set_leave_warning(page::Leave::Run, RunView { inner: &inner }.is_busy());
                inner.on_change.clone()
            };
            on_change();
        })
        .forget();
    }
}

/// How often views are told of changes: drawing competes with the answers for the machine's cores, and figures that change
/// faster cannot be read.
const DRAW_MILLIS: u32 = 250;

/// The addresses that a plan asks, of models and judges, each once.
fn base_urls(plan: &Plan) -> Vec<String> {
    let mut urls: Vec<String> = plan
        .seats()
        // Models whose answers are those of an earlier run are not asked.
        .skip(if plan.graded_run().is_some() { plan.models.len() } else { 0 })
        .filter_map(|model| model.seat.endpoint())
        .map(|endpoint| endpoint.base_url.clone())
        .collect();
    urls.sort_unstable();
    urls.dedup();
    urls
}
