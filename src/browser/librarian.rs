//! Owns the threads in which sets of questions are opened and kept: one for each set, so that reading it blocks nothing and
//! can be stopped by ending its thread.

mod desk;
mod editing;
mod naming;
mod pieces;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use futures_channel::oneshot;
use futures_util::future::{Either, select};
use serde::{Deserialize, Serialize};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{MessageEvent, Worker, WorkerOptions, WorkerType};

use super::clock;
use super::error::{Error, text_of};
use super::files::File;
use crate::dataset::catalogue::{Entry, GottenHead};
use crate::dataset::library::{Check, Request, Response, SetId, Summary};
use crate::dataset::{Invalid, Item, Selection};

pub use desk::{begin, is_worker, serve};
pub use naming::{Previewed, Unread};

/// The script that starts the program in a worker, beside the page.
const SCRIPT: &str = "www/worker.js";
/// Items asked for at once: turning more of them into the page's own form would hold up a frame.
const N_A_PART: usize = 250;
/// A thread that says nothing for so long after its start could not load its code.
const START_LIMIT_MILLIS: u32 = 30_000;

/// The number of the message by which a thread says that it is ready.
const READY: u32 = 0;

/// What goes to the thread and back; `id` tells answers apart.
#[derive(Serialize, Deserialize)]
struct Envelope<T> {
    id: u32,
    body: T,
}

/// What a choice takes out of a set.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Taken {
    /// In the set's order.
    pub items: Arc<Vec<Item>>,
    /// How many they were chosen from.
    pub n_available: usize,
    /// Of the items.
    pub fingerprint: String,
    /// Ids of the choice's list that no item has.
    pub unknown_ids: Vec<String>,
}

/// Answers that are awaited, by the number of the question.
type Waiting = Rc<RefCell<BTreeMap<u32, oneshot::Sender<Result<Response, Error>>>>>;

/// Hears how much of a file was read, as a share.
type Progress = Rc<RefCell<Option<Rc<dyn Fn(f64)>>>>;

/// One set's thread. When the last handle is dropped, the thread ends.
#[derive(Clone)]
pub struct Librarian(Rc<Inner>);

struct Inner {
    worker: Worker,
    set: Cell<Option<SetId>>,
    /// The file that the set was opened from, which may be opened again otherwise.
    file: RefCell<Option<File>>,
    waiting: Waiting,
    progress: Progress,
    next_id: Cell<u32>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(web_sys::Event)>,
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}

/// A file that is being opened. Dropping it ends the thread that opens it.
pub struct Opening(Librarian);

/// What came of a file.
pub enum Opened {
    /// A set.
    Set(Librarian, Box<Summary>),
    /// Nothing yet: a person has to say what its columns are.
    Unread(Unread),
}

thread_local! {
    /// A thread that was started before it is needed.
    static SPARE: RefCell<Option<Starting>> = const { RefCell::new(None) };
}

/// Starts a thread before a file is chosen, so that it has its code by then. It serves the next set that is opened.
pub fn prepare() {
    if SPARE.with_borrow(Option::is_none) {
        // One that cannot be started is told of when a file is opened.
        SPARE.set(Starting::begin().ok());
    }
}

impl Opening {
    /// A thread for a set: the one that was prepared, or a fresh one.
    pub async fn start() -> Result<Self, Error> {
        if let Some(spare) = SPARE.take()
            && let Ok(opening) = spare.ready().await
        {
            return Ok(opening);
        }
        Starting::begin()?.ready().await
    }

    /// Opens a file of the person's. Its bytes go to the thread without passing through the page. `told` hears how much of
    /// it was read, as a share, where that is known.
    pub async fn file(self, file: &File, told: impl Fn(f64) + 'static) -> Result<Opened, Error> {
        let Self(librarian) = self;
        librarian.0.progress.replace(Some(Rc::new(told)));
        let response = librarian.hand_over(desk::OPEN, &file.name(), file.as_ref()).await;
        librarian.0.progress.replace(None);
        let response = response?;
        let reason = match &response {
            Response::Opened(summary) if 0 < summary.n_items => String::new(),
            Response::Opened(_) => "No row of it could be used as it stands.".to_owned(),
            Response::Refused { reason } => reason.clone(),
            _ => return Err(unexpected()),
        };
        // What cannot be named either is as it was: a reason, or a set without questions.
        if !reason.is_empty()
            && let Ok(unread) = librarian.columns(file, reason).await
        {
            return Ok(Opened::Unread(unread));
        }
        let (librarian, summary) = librarian.opened(response)?;
        librarian.0.file.replace(Some(file.clone()));
        Ok(Opened::Set(librarian, Box::new(summary)))
    }

    /// Opens bytes that the page has fetched.
    pub async fn bytes(self, name: &str, bytes: &[u8]) -> Result<(Librarian, Summary), Error> {
        let Self(librarian) = self;
        let array = js_sys::Uint8Array::from(bytes);
        let response = librarian.hand_over(desk::OPEN, name, array.as_ref()).await?;
        librarian.opened(response)
    }

    /// Makes questions of what was fetched of a published set; its files' bytes stand beside what is told of them.
    pub async fn published(
        self,
        entry: &Entry,
        heads: &[GottenHead],
        files: &[js_sys::Uint8Array],
    ) -> Result<(Librarian, Summary, Option<Check>), Error> {
        let Self(librarian) = self;
        let message = js_sys::Object::new();
        let set = |name: &str, value: &JsValue| js_sys::Reflect::set(&message, &name.into(), value);
        set("finish", &serde_json::to_string(entry)?.into())?;
        set("heads", &serde_json::to_string(heads)?.into())?;
        set("files", &files.iter().collect::<js_sys::Array>())?;
        match librarian.send(message.clone()).await? {
            Response::Finished { summary, check } => {
                librarian.0.set.set(Some(summary.set));
                Ok((librarian, *summary, check))
            }
            Response::Refused { reason } => Err(Error::Refused(reason)),
            _ => Err(unexpected()),
        }
    }
}

/// A thread on its way.
struct Starting {
    librarian: Librarian,
    ready: oneshot::Receiver<Result<Response, Error>>,
}

impl Starting {
    fn begin() -> Result<Self, Error> {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let worker = Worker::new_with_options(SCRIPT, &options)?;
        let waiting: Waiting = Rc::default();
        let progress: Progress = Rc::default();
        let on_message = {
            let (waiting, progress) = (waiting.clone(), progress.clone());
            Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
                let answer = serde_wasm_bindgen::from_value::<Envelope<Response>>(event.data());
                // What is no answer of ours is passed over: an extension may talk to workers too.
                let Ok(Envelope { id, body }) = answer else { return };
                if let Response::Reading { share } = body {
                    let told = progress.borrow().clone();
                    if let Some(told) = told {
                        told(share);
                    }
                } else if let Some(sender) = waiting.borrow_mut().remove(&id) {
                    let _ = sender.send(Ok(body));
                }
            })
        };
        let on_error = {
            let waiting = waiting.clone();
            Closure::<dyn FnMut(web_sys::Event)>::new(move |event: web_sys::Event| {
                // The thread has ended, mostly for want of memory: nobody will answer.
                let told = text_of(&event);
                for sender in std::mem::take(&mut *waiting.borrow_mut()).into_values() {
                    let reason = format!(
                        "the part that reads files has stopped ({told}); the file may be too large for this device"
                    );
                    let _ = sender.send(Err(Error::File(reason)));
                }
            })
        };
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        let librarian = Librarian(Rc::new(Inner {
            worker,
            set: Cell::new(None),
            file: RefCell::default(),
            waiting,
            progress,
            // The first message is the thread's own, that it is ready.
            next_id: Cell::new(READY + 1),
            _on_message: on_message,
            _on_error: on_error,
        }));
        let ready = librarian.wait_for(READY);
        Ok(Self { librarian, ready })
    }

    /// Waits until it has its code.
    async fn ready(self) -> Result<Opening, Error> {
        let limit = gloo_timers::future::TimeoutFuture::new(START_LIMIT_MILLIS);
        match select(self.ready, Box::pin(limit)).await {
            Either::Left((answer, _)) => answer.map_err(|_ended| unexpected())?.map(drop)?,
            Either::Right(_) => {
                return Err(Error::Page(
                    "the part that reads files did not start; check the network and load the page again".to_owned(),
                ));
            }
        }
        Ok(Opening(self.librarian))
    }
}

impl Librarian {
    /// The file that the set came from, if it is one of the person's.
    pub fn file(&self) -> Option<File> {
        self.0.file.borrow().clone()
    }

    fn opened(self, response: Response) -> Result<(Self, Summary), Error> {
        match response {
            Response::Opened(summary) => {
                self.0.set.set(Some(summary.set));
                Ok((self, *summary))
            }
            Response::Refused { reason } => Err(Error::Refused(reason)),
            _ => Err(unexpected()),
        }
    }

    /// Sends a file or bytes to the thread, with what is to be done with them.
    async fn hand_over(
        &self,
        task: &str,
        name: &str,
        content: &JsValue,
    ) -> Result<Response, Error> {
        let message = js_sys::Object::new();
        js_sys::Reflect::set(&message, &task.into(), &name.into())?;
        js_sys::Reflect::set(&message, &"content".into(), content)?;
        self.send(message).await
    }

    /// The items that a choice takes. They come in parts, so that the page stays alive meanwhile.
    pub async fn take(&self, split: Option<usize>, selection: &Selection) -> Result<Taken, Error> {
        let set = self.0.set.get().ok_or_else(unexpected)?;
        let mut taken = Taken::default();
        let mut got: Vec<Item> = vec![];
        loop {
            let start = got.len();
            let selection = Box::new(selection.clone());
            let part = Request::Take { set, split, selection, start, n: N_A_PART };
            match self.ask(&part).await? {
                Response::Items { n_taken, n_available, fingerprint, unknown_ids, items } => {
                    if start == 0 {
                        taken.n_available = n_available;
                        taken.fingerprint = fingerprint;
                        taken.unknown_ids = unknown_ids;
                    }
                    let n = items.len();
                    for record in items {
                        let item = Item::try_from(record);
                        got.push(
                            item.map_err(|invalid: Invalid| Error::Refused(invalid.to_string()))?,
                        );
                    }
                    if n_taken <= got.len() || n == 0 {
                        return Ok(Taken { items: Arc::new(got), ..taken });
                    }
                    clock::next_turn().await;
                }
                Response::Refused { reason } => return Err(Error::Refused(reason)),
                _ => return Err(unexpected()),
            }
        }
    }

    async fn ask(&self, request: &Request) -> Result<Response, Error> {
        let message = js_sys::Object::new();
        let asked = request.serialize(&serde_wasm_bindgen::Serializer::json_compatible())?;
        js_sys::Reflect::set(&message, &"ask".into(), &asked)?;
        self.send(message).await
    }

    async fn send(&self, message: js_sys::Object) -> Result<Response, Error> {
        let inner = &self.0;
        let id = inner.next_id.replace(inner.next_id.get() + 1);
        js_sys::Reflect::set(&message, &"id".into(), &id.into())?;
        let answer = self.wait_for(id);
        inner.worker.post_message(&message)?;
        answer.await.map_err(|_ended| unexpected())?
    }

    fn wait_for(&self, id: u32) -> oneshot::Receiver<Result<Response, Error>> {
        let (sender, receiver) = oneshot::channel();
        self.0.waiting.borrow_mut().insert(id, sender);
        receiver
    }
}

fn unexpected() -> Error {
    Error::Other("the part that reads files has ended; open the file again".to_owned())
}
