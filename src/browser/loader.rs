//! Owns the loading of published sets: it carries out what [`Load`] says, keeps how far it is, and has what came checked in
//! a thread of its own.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use futures_channel::oneshot;
use js_sys::Uint8Array;
use wasm_bindgen_futures::spawn_local;

use super::error::Error;
use super::http::published;
use super::librarian::{self, Librarian, Opening};
use super::store::{KeptSet, NewLoad, Store};
use super::{clock, page};
use crate::dataset::catalogue::{
    Entry, Event, Failure, Gotten, GottenHead, HubAddress, Load, Progress, Reply, SplitName, Step,
};
use crate::dataset::library::{Check, Summary};

/// After so many requests the load is kept, so that a page that is closed loses little.
const N_REQUESTS_BETWEEN: u32 = 20;
/// The same for the bytes of a file.
const N_BYTES_BETWEEN: u64 = 16_000_000;
/// Progress is told so often.
const TELL_EVERY_MILLIS: u32 = 200;

/// How far a load is.
#[derive(Debug, Clone, PartialEq)]
pub enum Phase {
    /// Data come.
    Fetching {
        /// How far.
        progress: Progress,
        /// How long the rest of the part takes, as far as can be told.
        left_millis: Option<u64>,
    },
    /// The host asked to wait, or did not answer.
    Waiting {
        /// How far.
        progress: Progress,
        /// Why, in a sentence.
        why: String,
        /// For how long still.
        secs: u64,
    },
    /// The set has several splits, and the person says which.
    Choosing(Vec<SplitName>),
    /// Stopped, by the person or for want of a network.
    Stopped {
        /// How far.
        progress: Progress,
        /// Why, where it was not the person.
        why: Option<String>,
        /// Why what came could not be kept for later.
        not_kept: Option<String>,
    },
    /// All is there and is being read.
    Checking,
    /// It cannot be loaded.
    Failed(Failure),
    /// It is there.
    Done(Box<Outcome>),
}

/// What came of a load.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// As it is kept.
    pub set: KeptSet,
    /// What was assumed or changed; why it was not recognised as questions.
    pub notices: Vec<String>,
    /// Rows that could not be used.
    pub n_refused: usize,
    /// Why it could not be kept in the browser.
    pub not_kept: Option<String>,
}

/// A set that is open.
pub struct Opened {
    /// Its thread.
    pub librarian: Librarian,
    /// What is told of it.
    pub summary: Summary,
    /// What was found in checking it.
    pub check: Option<Check>,
}

/// One load. It goes on, wherever the page is, until it is stopped.
#[derive(Clone)]
pub struct Loader(Rc<Inner>);

struct Inner {
    load: RefCell<Load>,
    tell: Box<dyn Fn(Phase)>,
    /// Stops what is under way.
    stop: RefCell<Option<oneshot::Sender<()>>>,
    opened: RefCell<Option<Opened>>,
    /// Whether data may come: what is told meanwhile is how far they are.
    is_fetching: Cell<bool>,
    /// Where the pace is measured from.
    since: Cell<Option<(Progress, u64)>>,
    n_requests: Cell<u32>,
    n_bytes_kept: Cell<u64>,
}

impl Loader {
    /// Begins to load a set of the catalogue. `tell` hears of every change.
    pub fn start(entry: &Entry, tell: impl Fn(Phase) + 'static) -> Self {
        Self::go(Load::start(entry), tell)
    }

    /// Begins to load any set on Hugging Face.
    pub fn start_hub(address: &HubAddress, tell: impl Fn(Phase) + 'static) -> Self {
        Self::go(Load::start_hub(address), tell)
    }

    /// Takes files that the person downloaded in the place of a set's own.
    pub fn by_hand(entry: &Entry, files: Vec<Gotten>, tell: impl Fn(Phase) + 'static) -> Self {
        Self::go(Load::of_files(entry, files), tell)
    }

    /// Goes on with a load that was kept.
    pub fn kept(mut load: Load, tell: impl Fn(Phase) + 'static) -> Self {
        let step = load.resume();
        Self::go((load, step), tell)
    }

    fn go((load, step): (Load, Step), tell: impl Fn(Phase) + 'static) -> Self {
        let this = Self(Rc::new(Inner {
            load: RefCell::new(load),
            tell: Box::new(tell),
            stop: RefCell::new(None),
            opened: RefCell::new(None),
            is_fetching: Cell::new(false),
            since: Cell::new(None),
            n_requests: Cell::new(0),
            n_bytes_kept: Cell::new(0),
        }));
        this.run(step);
        this
    }

    /// Stops it. What came is kept.
    pub fn stop(&self) {
        if let Some(stop) = self.0.stop.take() {
            let _ = stop.send(());
        }
    }

    /// Goes on after a stop or a failure.
    pub fn resume(&self) {
        if self.0.stop.borrow().is_none() {
            let step = self.0.load.borrow_mut().resume();
            self.run(step);
        }
    }

    /// Takes a split of those that are offered.
    pub fn choose(&self, split_idx: usize) {
        if self.0.stop.borrow().is_none() {
            let step = self.0.load.borrow_mut().choose(split_idx);
            self.run(step);
        }
    }

    /// The set that was opened, once: to be used without reading it again.
    pub fn take_opened(&self) -> Option<Opened> {
        self.0.opened.take()
    }

    fn run(&self, step: Step) {
        let (sender, stopped) = oneshot::channel();
        self.0.stop.replace(Some(sender));
        let inner = self.0.clone();
        (inner.tell)(Phase::Fetching { progress: inner.progress(), left_millis: None });
        let weak = Rc::downgrade(&self.0);
        let teller = clock::every(TELL_EVERY_MILLIS, move || {
            if let Some(inner) = weak.upgrade().filter(|inner| inner.is_fetching.get()) {
                inner.tell_progress();
            }
        });
        spawn_local(async move {
            let phase = inner.drive(step, stopped).await;
            drop(teller);
            inner.stop.take();
            (inner.tell)(phase);
        });
    }
}

impl Inner {
    /// Carries out steps until nothing is left to do, or only the person can say what.
    async fn drive(&self, mut step: Step, mut stopped: oneshot::Receiver<()>) -> Phase {
        self.since.set(None);
        let mut why = None;
        loop {
            let end = async {
                // The other end lives as long as the load.
                let _ = (&mut stopped).await;
            };
            step = match step {
                Step::Fetch { url, from_byte } => {
                    self.is_fetching.set(true);
                    let fetched = clock::first_of(self.fetch(&url, from_byte), end).await;
                    self.is_fetching.set(false);
                    let is_cut_off = fetched == Some(None) && !page::is_online();
                    match fetched {
                        Some(Some(next)) => next,
                        Some(None) if is_cut_off => {
                            why = Some(OFFLINE.to_owned());
                            self.handle(Event::Stop)
                        }
                        Some(None) => self.handle(Event::Lost),
                        None => self.handle(Event::Stop),
                    }
                }
                Step::Wait { millis, why } => {
                    let waited = clock::first_of(self.wait(millis, &why), end).await;
                    self.handle(waited.map_or(Event::Stop, |()| Event::Waited))
                }
                Step::Done => match clock::first_of(self.check(), end).await {
                    Some(phase) => return phase,
                    None => Step::Stopped,
                },
                Step::Choose(splits) => return Phase::Choosing(splits),
                Step::Failed(failure) => return Phase::Failed(failure),
                Step::Stopped | Step::ReadOn | Step::ReadWhole => {
                    let not_kept = self.keep().await.err().map(|error| error.to_string());
                    return Phase::Stopped { progress: self.progress(), why, not_kept };
                }
            };
        }
    }

    fn handle(&self, event: Event) -> Step {
        self.load.borrow_mut().handle(event)
    }

    fn progress(&self) -> Progress {
        self.load.borrow().progress()
    }

    /// Sends a request and hands over what comes; `None` where nothing came, or it broke off.
    async fn fetch(&self, url: &str, from_byte: Option<u64>) -> Option<Step> {
        self.n_requests.set(self.n_requests.get() + 1);
        if self.n_requests.get().is_multiple_of(N_REQUESTS_BETWEEN) {
            // A store that refuses is told of when the load is stopped, or done.
            let _ = self.keep().await;
        }
        let mut arriving = published::fetch(url, from_byte).await.ok()?;
        let head = arriving.head().clone();
        match self.handle(Event::Began(head.clone())) {
            Step::ReadOn => {
                while let Some(piece) = arriving.next().await.ok()? {
                    self.handle(Event::Chunk(piece));
                    let n_bytes = self.progress().done;
                    if self.n_bytes_kept.get() + N_BYTES_BETWEEN < n_bytes {
                        self.n_bytes_kept.set(n_bytes);
                        let _ = self.keep().await;
                    }
                }
                self.n_bytes_kept.set(0);
                Some(self.handle(Event::Ended))
            }
            Step::ReadWhole => {
                let body = arriving.whole().await.ok()?;
                Some(self.handle(Event::Reply(Reply { head, body })))
            }
            next => Some(next),
        }
    }

    async fn wait(&self, millis: u64, why: &str) {
        let until = clock::now_millis().saturating_add(millis);
        loop {
            let left = until.saturating_sub(clock::now_millis());
            if left == 0 {
                break;
            }
            let (progress, why) = (self.progress(), why.to_owned());
            (self.tell)(Phase::Waiting { progress, why, secs: left.div_ceil(1_000) });
            clock::sleep(u32::try_from(left.min(1_000)).unwrap_or(1_000)).await;
        }
        // A wait says nothing of the pace.
        self.since.set(None);
    }

    fn tell_progress(&self) {
        let (now, progress) = (clock::now_millis(), self.progress());
        let is_same = |(since, _): &(Progress, u64)| {
            since.n_parts_done == progress.n_parts_done && since.done <= progress.done
        };
        let (since, begun) = self.since.get().filter(is_same).unwrap_or((progress, now));
        self.since.set(Some((since, begun)));
        let left_millis = progress.millis_left(&since, now.saturating_sub(begun));
        (self.tell)(Phase::Fetching { progress, left_millis });
    }

    async fn keep(&self) -> Result<(), Error> {
        let store = Store::open().await?;
        let load = NewLoad::of(&self.load.borrow())?;
        store.keep_load(load).await
    }

    /// Has questions made of what was fetched, and keeps it.
    async fn check(&self) -> Phase {
        (self.tell)(Phase::Checking);
        let (entry, heads, files) = {
            let load = self.load.borrow();
            let heads: Vec<GottenHead> = load.gotten().iter().map(Gotten::head).collect();
            let files = load.gotten().iter().map(|one| Uint8Array::from(one.content.bytes()));
            (load.entry.clone(), heads, files.collect::<Vec<_>>())
        };
        let n_bytes = files.iter().map(|file| u64::from(file.length())).sum();
        let mut set = KeptSet {
            entry,
            files: heads,
            check: None,
            n_items: None,
            splits: vec![],
            n_bytes,
            at_millis: clock::now_millis(),
        };
        let opened = open(&set, &files).await;
        let mut outcome = match opened {
            Ok(opened) => {
                set.check.clone_from(&opened.check);
                set.n_items = Some(opened.summary.n_items);
                set.splits.clone_from(&opened.summary.splits);
                let Summary { notices, n_refused, .. } = opened.summary.clone();
                self.opened.replace(Some(opened));
                Outcome { set, notices, n_refused, not_kept: None }
            }
            // A set of the catalogue has a known form; any other may get one by hand.
            Err(error) if is_of_catalogue(&set.entry) => {
                return Phase::Failed(Failure::of(&set.entry, error.to_string()));
            }
            Err(error) => {
                Outcome { set, notices: vec![error.to_string()], n_refused: 0, not_kept: None }
            }
        };
        let kept = async { Store::open().await?.keep_set(&outcome.set, &files).await };
        outcome.not_kept = kept.await.err().map(|error| error.to_string());
        if outcome.not_kept.is_none() {
            // The files are in the store now, and need not be in memory twice.
            self.load.replace(Load::of_files(&outcome.set.entry, vec![]).0);
        }
        Phase::Done(Box::new(outcome))
    }
}

const OFFLINE: &str = "The browser says that it has no network. What came so far is kept; go on when the network is back.";

const CHANGED: &str = "The questions have another fingerprint than when they were loaded: this version of the page reads the same files differently. Results may differ from earlier ones.";

/// Whether the entry is one of the catalogue, so that the set's form is known beforehand.
pub fn is_of_catalogue(entry: &Entry) -> bool {
    !entry.kinds.is_empty()
}

async fn open(set: &KeptSet, files: &[Uint8Array]) -> Result<Opened, Error> {
    let thread = Opening::start().await?;
    let opened = thread.published(&set.entry, &set.files, files).await;
    // The next set can be opened then, though the network may be gone by that time.
    librarian::prepare();
    let (librarian, summary, check) = opened?;
    Ok(Opened { librarian, summary, check })
}

/// Opens a set that is kept in this browser. Without a network this works as well.
pub async fn open_kept(set: &KeptSet) -> Result<Opened, Error> {
    let files = files_of(set).await?;
    let mut opened = open(set, &files).await?;
    let fingerprint = |check: &Option<Check>| check.as_ref().map(|check| check.fingerprint.clone());
    if fingerprint(&set.check) != fingerprint(&opened.check) {
        opened.summary.notices.push(CHANGED.to_owned());
    }
    Ok(opened)
}

/// The first file of a set that is kept, as a file of the person's own: for a set that was not recognised.
pub async fn kept_file(set: &KeptSet) -> Result<super::files::File, Error> {
    let files = files_of(set).await?;
    let (head, file) =
        set.files.iter().zip(&files).find(|(_, file)| 0 < file.length()).ok_or_else(gone)?;
    super::files::of_bytes(&head.file_name, file)
}

async fn files_of(set: &KeptSet) -> Result<Vec<Uint8Array>, Error> {
    let files = Store::open().await?.set_files(&set.entry.id).await?;
    if files.len() < set.files.len() { Err(gone()) } else { Ok(files) }
}

fn gone() -> Error {
    Error::Refused("The browser has deleted the files of this set. Load it again.".to_owned())
}

impl Outcome {
    /// Whether what came is questions.
    pub fn is_recognised(&self) -> bool {
        self.set.n_items.is_some()
    }
}
