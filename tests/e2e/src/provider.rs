//! Owns the scripted provider: a server on another origin that answers pages as real model APIs do, with a known accuracy
//! and with faults on demand, and that keeps a log of all it received.

mod answer;
mod api;
mod cors;
mod entry;
mod fault;
mod ledger;
mod script;
mod serve;
mod wording;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use tokio::sync::watch;

use self::script::Lookup;
use crate::http::{Listen, Plain, Serving, serve};
use crate::lock::lock;
use crate::questions::Question;
use crate::{Result, Within};

pub use self::cors::Profile;
pub use self::fault::{Fault, Rule, Wait, When};
pub use self::ledger::{Preflight, Received};
pub use self::script::{Counts, Ending, Examinee, Latency, Script};

/// A provider at work; it ends when dropped, and cuts its connections.
#[derive(Debug)]
pub struct Provider {
    desk: Arc<Desk>,
    port: u16,
    _serving: Serving,
}

impl Provider {
    /// Begins to serve on a port of its own.
    pub async fn start(profile: Profile, script: Script) -> Result<Self> {
        let (listener, address) =
            Plain::bind().await.within(|| "opening a port for the provider".to_owned())?;
        Ok(Self::on(listener, address.port(), profile, script))
    }

    fn on(listener: impl Listen, port: u16, profile: Profile, script: Script) -> Self {
        let desk = Arc::new(Desk {
            lookup: Lookup::new(&script.questions),
            state: Mutex::new(State {
                latency: script.latency,
                rules: script.rules.iter().cloned().map(|rule| (rule, 0)).collect(),
                limit: script.limit,
                ..State::default()
            }),
            held: watch::channel(false).0,
            start: Instant::now(),
            profile,
            script,
        });
        let serving = serve(listener, Arc::clone(&desk));
        Self { desk, port, _serving: serving }
    }

    /// Scheme, host and port.
    pub fn origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// What a person enters as base URL.
    pub fn base_url(&self) -> String {
        format!("{}/v1", self.origin())
    }

    /// What a run over `questions` must come to for this model, once every question is answered. Faults change nothing
    /// about it: what they break is not an answer.
    pub fn expected(&self, model: &str, questions: &[Question]) -> Counts {
        self.desk.script.expected(model, questions)
    }

    /// Every request so far, in order of arrival, preflights apart.
    pub fn received(&self) -> Vec<Received> {
        self.desk.state().received.clone()
    }

    /// The requests for completions so far.
    pub fn calls(&self) -> Vec<Received> {
        self.received().into_iter().filter(|received| received.call.is_some()).collect()
    }

    /// How often each question was answered in full to each model, by model and question id: what was paid for.
    pub fn paid(&self) -> BTreeMap<(String, String), usize> {
        let mut paid = BTreeMap::new();
        for received in self.calls() {
            if received.ending.is_some()
                && !received.aborted
                && let (Some(model), Some(question)) = (received.model, received.question)
            {
                *paid.entry((model, question)).or_insert(0) += 1;
            }
        }
        paid
    }

    /// Every preflight so far.
    pub fn preflights(&self) -> Vec<Preflight> {
        self.desk.state().preflights.clone()
    }

    /// The most calls that were under way at one time.
    pub fn peak(&self) -> usize {
        self.received().iter().map(|received| received.in_flight).max().unwrap_or_default()
    }

    /// Forgets what was received. Attempts at a question count from 1 again.
    pub fn forget(&self) {
        let mut state = self.desk.state();
        state.n_forgotten += state.received.len();
        state.received.clear();
        state.preflights.clear();
        state.attempts.clear();
        state.n_calls = 0;
    }

    /// Puts these rules in the place of those before.
    pub fn set_faults(&self, rules: impl IntoIterator<Item = Rule>) {
        self.desk.state().rules = rules.into_iter().map(|rule| (rule, 0)).collect();
    }

    /// Answers this late from now on.
    pub fn set_latency(&self, latency: Latency) {
        self.desk.state().latency = latency;
    }

    /// Takes at most so many calls in any stretch of that length; the others get 429 with a wait in the body.
    pub fn set_limit(&self, limit: Option<(usize, Duration)>) {
        self.desk.state().limit = limit;
    }

    /// Answers no call from now on, until [`Self::release`]: those that arrive wait.
    pub fn hold(&self) {
        self.desk.held.send_replace(true);
    }

    /// Answers what waits, and goes on.
    pub fn release(&self) {
        self.desk.held.send_replace(false);
    }

    /// Waits until this many calls have arrived.
    pub async fn wait_calls(&self, n: usize) -> Result<()> {
        let start = Instant::now();
        while self.desk.state().n_calls < n {
            if start.elapsed() > Duration::from_secs(30) {
                let arrived = self.desk.state().n_calls;
                return Err(crate::Error::new(format!("{arrived} of {n} calls arrived in 30 s")));
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        Ok(())
    }
}

/// What the handler of requests works with.
#[derive(Debug)]
struct Desk {
    profile: Profile,
    script: Script,
    lookup: Lookup,
    state: Mutex<State>,
    held: watch::Sender<bool>,
    start: Instant,
}

#[derive(Debug, Default)]
struct State {
    latency: Latency,
    /// With how often each was applied.
    rules: Vec<(Rule, usize)>,
    limit: Option<(usize, Duration)>,
    received: Vec<Received>,
    /// How many were received before those.
    n_forgotten: usize,
    preflights: Vec<Preflight>,
    attempts: BTreeMap<(String, String), usize>,
    n_calls: usize,
    in_flight: usize,
}

impl State {
    /// The log's line that was opened with this number; none when it was forgotten meanwhile.
    fn entry(&mut self, number: usize) -> Option<&mut Received> {
        self.received.get_mut(number.checked_sub(self.n_forgotten)?)
    }
}

impl Desk {
    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }
}
