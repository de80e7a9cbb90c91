//! Owns the scripted publisher: a server that answers pages as Hugging Face and GitHub's files do, under their own host
//! names, with faults on demand, and that keeps a log of all it was asked.
//!
//! What it answers follows huggingface/dataset-viewer (services/rows, libs/libapi) and answers that were observed of
//! `huggingface.co/…/resolve/…` and of its CDN in 2026 (huggingface/datasets#7931). Neither lets a page read `Retry-After`.

mod answer;
mod asked;
mod fault;
mod files;
mod rows;
mod serve;
mod shelf;

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::sync::watch;

use self::fault::Faults;
use self::shelf::Shelf;
use crate::http::{Door, Plain, Serving, serve, tls};
use crate::lock::lock;
use crate::{Error, Result, Within};

pub use self::asked::Asked;
pub use self::fault::{HubFault, HubRule, RetryAfter};
pub use self::shelf::{Gate, Kept};

/// The Hub: `resolve` addresses of files.
pub const HUB_HOST: &str = "huggingface.co";
/// The server of rows.
pub const ROWS_HOST: &str = "datasets-server.huggingface.co";
/// The hosts to which the Hub sends those who want a large file.
pub const CDN_HOST: &str = "us.aws.cdn.hf.co";
/// Files of repositories on GitHub.
pub const GITHUB_HOST: &str = "raw.githubusercontent.com";

/// Every host that a [`Hub`] answers for.
pub const HOSTS: [&str; 4] = [HUB_HOST, ROWS_HOST, CDN_HOST, GITHUB_HOST];

/// A publisher at work, over TLS on a port of its own for all of its hosts; it ends when dropped, and cuts its connections.
#[derive(Debug)]
pub struct Hub {
    desk: Arc<Desk>,
    port: u16,
    _serving: Serving,
}

impl Hub {
    /// Begins to serve, with nothing on the shelf. A browser finds it when it is started with
    /// [`host_flag`](crate::browser::host_flag) of [`Self::hosts`].
    pub async fn start() -> Result<Self> {
        let door = Door::Tls(tls::acceptor()?);
        let (listener, address) =
            Plain::bind().await.within(|| "opening a port for the publisher".to_owned())?;
        let desk = Arc::new(Desk {
            state: Mutex::default(),
            held: watch::channel(true).0,
            start: Instant::now(),
        });
        let serving = serve(listener, door, Arc::clone(&desk));
        Ok(Self { desk, port: address.port(), _serving: serving })
    }

    /// The hosts with the port of this machine on which they are answered for.
    pub fn hosts(&self) -> Vec<(&'static str, u16)> {
        HOSTS.iter().map(|host| (*host, self.port)).collect()
    }

    /// The origins of all hosts.
    pub fn origins(&self) -> Vec<String> {
        HOSTS.iter().map(|host| format!("https://{host}")).collect()
    }

    /// Publishes a split: the rows are given by `/rows` and `/filter`, and the split is listed by `/splits`.
    pub fn put_rows(&self, dataset: &str, config: &str, split: &str, rows: Vec<Value>) {
        self.desk.state().shelf.put_rows([dataset, config, split], rows);
    }

    /// Says of a split that the server holds only its first part: `partial`.
    pub fn make_partial(&self, dataset: &str, config: &str, split: &str) {
        self.desk.state().shelf.change([dataset, config, split], |rows| rows.is_partial = true);
    }

    /// Cuts cells of a split that are longer than so many bytes, as the server does on pages that grow too large.
    pub fn cut_cells(&self, dataset: &str, config: &str, split: &str, n_bytes: usize) {
        let longest = Some(n_bytes);
        self.desk
            .state()
            .shelf
            .change([dataset, config, split], |rows| rows.longest_cell = longest);
    }

    /// Publishes a file of a dataset on the Hub, in the place of one that was there.
    pub fn put_file(&self, dataset: &str, revision: &str, path: &str, bytes: &[u8], kept: Kept) {
        self.desk.state().shelf.put_file(dataset, revision, path, bytes, kept);
    }

    /// Publishes a file of a repository on GitHub.
    pub fn put_github(&self, repository: &str, revision: &str, path: &str, bytes: &[u8]) {
        self.desk.state().shelf.put_github(repository, revision, path, bytes);
    }

    /// Takes all files and rows of a dataset away, or a repository's files.
    pub fn remove(&self, name: &str) {
        self.desk.state().shelf.remove(name);
    }

    /// Gives a dataset only to those who log in, or who agreed to its terms.
    pub fn gate(&self, dataset: &str, gate: Gate) {
        self.desk.state().shelf.gates.insert(dataset.to_owned(), gate);
    }

    /// Lets these hosts answer nothing from now on, and all others again: the connection closes without an answer.
    pub fn set_down(&self, hosts: &[&str]) {
        self.desk.state().down = hosts.iter().map(|host| (*host).to_owned()).collect();
    }

    /// Puts these rules in the place of those before.
    pub fn set_faults(&self, rules: impl IntoIterator<Item = HubRule>) {
        self.desk.state().faults = Faults::new(rules);
    }

    /// Answers all requests that [`HubFault::Hold`] stopped, those of the future too, until [`Self::hold`].
    pub fn release(&self) {
        self.desk.held.send_replace(false);
    }

    /// Has [`HubFault::Hold`] stop requests again, as at the start.
    pub fn hold(&self) {
        self.desk.held.send_replace(true);
    }

    /// Every request so far, in order of arrival, with preflights.
    pub fn asked(&self) -> Vec<Asked> {
        self.desk.state().asked.clone()
    }

    /// The requests to a host whose path with its query contains a text, preflights apart.
    pub fn asked_for(&self, host: &str, part: &str) -> Vec<Asked> {
        let asked = self.asked().into_iter();
        asked
            .filter(|one| one.host == host && one.path.contains(part) && one.method != "OPTIONS")
            .collect()
    }

    /// Waits until so many requests to a host have arrived whose path contains a text.
    pub async fn wait_asked(&self, host: &str, part: &str, n: usize) -> Result<()> {
        let start = Instant::now();
        loop {
            let arrived = self.asked_for(host, part).len();
            if n <= arrived {
                return Ok(());
            }
            if start.elapsed() > Duration::from_secs(30) {
                let asked: Vec<String> =
                    self.asked().iter().map(|one| format!("{} {}", one.host, one.path)).collect();
                let what = format!("{arrived} of {n} requests for {part} came to {host} in 30 s");
                return Err(Error::new(format!("{what}; all that came: {asked:#?}")));
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Forgets what was asked. Rules count from the beginning again.
    pub fn forget(&self) {
        let mut state = self.desk.state();
        state.n_forgotten += state.asked.len();
        state.asked.clear();
        state.faults.restart();
    }
}

/// What the handler of requests works with.
#[derive(Debug)]
struct Desk {
    state: Mutex<State>,
    held: watch::Sender<bool>,
    start: Instant,
}

#[derive(Debug, Default)]
struct State {
    shelf: Shelf,
    faults: Faults,
    down: Vec<String>,
    asked: Vec<Asked>,
    /// How many were asked before those.
    n_forgotten: usize,
}

impl Desk {
    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }
}
