//! Owns the scripted provider: a server on another origin that answers pages as real model APIs do, with a known accuracy
//! and with faults on demand, and that keeps a log of all it received.

mod answer;
mod batch;
mod cors;
mod dialect;
mod entry;
mod fault;
mod judging;
mod ledger;
mod pkce;
mod profile;
mod route;
mod script;
mod serve;
mod settings;
mod trouble;
mod wording;

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use tokio::sync::watch;

use self::batch::{Batch, Paid};
use self::pkce::Wish;
use self::script::Lookup;
use crate::http::{Door, Plain, Serving, serve, tls};
use crate::lock::lock;
use crate::questions::Question;
use crate::{Result, Within};

pub use self::fault::{Fault, Rule, Wait, When};
pub use self::ledger::{Preflight, Received, Usage};
pub use self::profile::Profile;
pub use self::script::{Counts, Ending, Examinee, Latency, Script};

/// A provider at work; it ends when dropped, and cuts its connections.
#[derive(Debug)]
pub struct Provider {
    desk: Arc<Desk>,
    scheme: &'static str,
    port: u16,
    _serving: Serving,
}

impl Provider {
    /// Begins to serve on a port of its own, by plain HTTP/1.1.
    pub async fn start(profile: Profile, script: Script) -> Result<Self> {
        Self::behind(Door::Plain, "http", profile, script).await
    }

    /// Begins to serve on a port of its own, by HTTP/2 over TLS, with HTTP/1.1 for who cannot. No one signed its
    /// certificate: the browsers of these tests believe it all the same.
    pub async fn start_h2(profile: Profile, script: Script) -> Result<Self> {
        Self::behind(Door::Tls(tls::acceptor()?), "https", profile, script).await
    }

    async fn behind(
        door: Door,
        scheme: &'static str,
        profile: Profile,
        script: Script,
    ) -> Result<Self> {
        let (listener, address) =
            Plain::bind().await.within(|| "opening a port for the provider".to_owned())?;
        let desk = Arc::new(Desk {
            lookup: Lookup::new(&script.questions),
            state: Mutex::new(State {
                latency: script.latency,
                rules: script.rules.iter().cloned().map(|rule| (rule, 0)).collect(),
                limit: script.limit,
                ..State::default()
            }),
            held: watch::channel(false).0,
            held_batches: watch::channel(false).0,
            start: Instant::now(),
            profile,
            script,
        });
        let serving = serve(listener, door, Arc::clone(&desk));
        Ok(Self { desk, scheme, port: address.port(), _serving: serving })
    }

    /// Scheme, host and port.
    pub fn origin(&self) -> String {
        format!("{}://127.0.0.1:{}", self.scheme, self.port)
    }

    /// The port of this machine that it serves on.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// What a person enters as base URL: the origin with the path that the provider's documentation has, such as `/v1`.
    /// Ollama's own interface is at [`Self::origin`].
    pub fn base_url(&self) -> String {
        let base = self.desk.profile.bases().first().copied().unwrap_or_default();
        format!("{}{base}", self.origin())
    }

    /// What a run over `questions` must come to for this model, once every question is answered. Faults change nothing
    /// about it: what they break is not an answer.
    pub fn expected(&self, model: &str, questions: &[Question]) -> Counts {
        self.desk.script.expected(model, questions)
    }

    /// The script, for what else a run must come to.
    pub fn script(&self) -> &Script {
        &self.desk.script
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
        let state = self.desk.state();
        let calls = state.received.iter().filter(|received| received.is_answered());
        let calls = calls.map(|received| (&received.model, &received.question));
        let named = calls.filter_map(|(model, question)| model.clone().zip(question.clone()));
        let batched = state.batch_paid.iter();
        let batched = batched.filter_map(|item| Some((item.model.clone(), item.question.clone()?)));
        for key in named.chain(batched) {
            *paid.entry(key).or_insert(0) += 1;
        }
        paid
    }

    /// The tokens of all answers that this model gave in full: what a page must come to when it adds up what it was told.
    pub fn used(&self, model: &str) -> Usage {
        let state = self.desk.state();
        let calls = state.received.iter().filter(|received| received.is_answered());
        let calls = calls.filter(|received| received.model.as_deref() == Some(model));
        let batched = state.batch_paid.iter().filter(|item| item.model == model);
        let mut sum = Usage::default();
        for usage in calls.filter_map(|call| call.usage).chain(batched.map(|item| item.usage)) {
            sum += usage;
        }
        sum
    }

    /// How the answers within batches ended, by model and question id.
    pub fn batched(&self) -> Vec<(String, Option<String>, Ending)> {
        let state = self.desk.state();
        let items = state.batch_paid.iter();
        items.map(|item| (item.model.clone(), item.question.clone(), item.ending)).collect()
    }

    /// Every preflight so far.
    pub fn preflights(&self) -> Vec<Preflight> {
        self.desk.state().preflights.clone()
    }

    /// The most calls that were under way at one time.
    pub fn peak(&self) -> usize {
        self.desk.state().peak
    }

    /// Forgets what was received. Attempts at a question count from 1 again.
    pub fn forget(&self) {
        let mut state = self.desk.state();
        state.n_forgotten += state.received.len();
        state.received.clear();
        state.preflights.clear();
        state.attempts.clear();
        state.batch_paid.clear();
        state.n_calls = 0;
        state.peak = state.in_flight;
        state.first_call = None;
        state.taken.clear();
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
        let mut state = self.desk.state();
        state.limit = limit;
        state.taken.clear();
    }

    /// Finishes no batch from now on, however often it is looked at, until [`Self::release_batches`].
    pub fn hold_batches(&self) {
        self.desk.held_batches.send_replace(true);
    }

    /// Lets batches go on.
    pub fn release_batches(&self) {
        self.desk.held_batches.send_replace(false);
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
    held_batches: watch::Sender<bool>,
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
    peak: usize,
    /// When the first call came.
    first_call: Option<Duration>,
    /// When calls were taken, as far back as the limit looks.
    taken: VecDeque<Duration>,
    files: BTreeMap<String, String>,
    batches: BTreeMap<String, Batch>,
    batch_paid: Vec<Paid>,
    /// Codes that were given out and not exchanged yet.
    codes: BTreeMap<String, Wish>,
    n_codes: usize,
}

impl State {
    /// The log's line that was opened with this number; none when it was forgotten meanwhile.
    fn entry(&mut self, number: usize) -> Option<&mut Received> {
        self.received.get_mut(number.checked_sub(self.n_forgotten)?)
    }

    /// Counts one more attempt at a question; gives its number.
    fn attempt(&mut self, model: &str, question: &str) -> usize {
        let count = self.attempts.entry((model.to_owned(), question.to_owned())).or_insert(0);
        *count += 1;
        *count
    }
}

impl Desk {
    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }
}
