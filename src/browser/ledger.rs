//! Owns the recording of every request that leaves the page, so cheaply that a run does not notice.

use std::cell::{Cell, RefCell};

use gloo_timers::callback::Timeout;
use wasm_bindgen_futures::spawn_local;

use super::error::Error;
use super::http::Errand;
use super::store::Store;
use super::{clock, page};
use crate::report::ledger::{End, Line, in_order};

/// What is recorded within this time goes into the store together.
const GATHER_MILLIS: u32 = 250;

/// A request at its beginning.
pub(super) struct Begun<'a> {
    pub(super) at_millis: u64,
    pub(super) origin: String,
    pub(super) path: String,
    pub(super) method: &'static str,
    pub(super) errand: &'a Errand,
    pub(super) bytes_out: usize,
}

/// A request under way. Dropped without an end, it counts as called off: whoever waited for it does no more.
pub(super) struct Open(Option<Line>);

thread_local! {
    static BOOK: RefCell<Book> = RefCell::new(Book::default());
    /// Changes whenever something was recorded.
    static VERSION: Cell<u64> = const { Cell::new(0) };
}

#[derive(Default)]
struct Book {
    session: String,
    n_begun: u32,
    /// Pages of the ledger that this tab has stored.
    n_pages: u32,
    /// On their way into the store.
    unsaved: Vec<Line>,
    /// In a transaction that is under way.
    in_saving: Vec<Line>,
    is_timer_set: bool,
    is_saving: bool,
    error: Option<Error>,
}

/// Records that a request is about to leave.
pub(super) fn begin(begun: Begun<'_>) -> Open {
    let line = BOOK.with_borrow_mut(|book| {
        if book.session.is_empty() {
            book.session = format!("{}-{:06}", begun.at_millis, clock::random_seed());
        }
        book.n_begun += 1;
        Line {
            session: book.session.clone(),
            number: book.n_begun,
            at_millis: begun.at_millis,
            origin: begun.origin,
            path: begun.path,
            method: begun.method.to_owned(),
            purpose: begun.errand.purpose,
            run_id: begun.errand.run_id.clone(),
            bytes_out: begun.bytes_out as u64,
            bytes_in: 0,
            end: End::Open,
            took_millis: None,
        }
    });
    record(line.clone());
    Open(Some(line))
}

impl Open {
    /// Counts bytes that came back.
    pub(super) fn bytes_in(&mut self, n_bytes: usize) -> u64 {
        self.0.as_mut().map_or(0, |line| {
            line.bytes_in += n_bytes as u64;
            line.bytes_in
        })
    }

    /// Records how it ended.
    pub(super) fn end(mut self, end: End) {
        self.close(end);
    }

    fn close(&mut self, end: End) {
        let Some(mut line) = self.0.take() else { return };
        line.took_millis = Some(clock::now_millis().saturating_sub(line.at_millis));
        line.end = end;
        record(line);
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.close(End::CalledOff);
    }
}

/// How often something was recorded in this tab; a view that shows the ledger compares.
pub fn version() -> u64 {
    VERSION.get()
}

/// Every request that was recorded in this browser, in the order in which they began.
pub async fn lines() -> Result<Vec<Line>, Error> {
    // Taken before and after: what reaches the store meanwhile is in one or the other.
    let before = unsaved();
    let stored = Store::open().await?.ledger().await?;
    Ok(in_order(before.into_iter().chain(stored).chain(unsaved())))
}

/// What could not be stored yet, with the reason if the browser refused.
pub fn unsaved_with_error() -> (Vec<Line>, Option<String>) {
    let error = BOOK.with_borrow(|book| book.error.as_ref().map(ToString::to_string));
    (in_order(unsaved()), error)
}

fn unsaved() -> Vec<Line> {
    BOOK.with_borrow(|book| [&book.in_saving[..], &book.unsaved].concat())
}

/// Deletes the ledger.
pub async fn clear() -> Result<(), Error> {
    Store::open().await?.clear_ledger().await?;
    BOOK.with_borrow_mut(|book| {
        book.unsaved.clear();
        book.in_saving.clear();
    });
    VERSION.set(VERSION.get() + 1);
    Ok(())
}

fn record(line: Line) {
    VERSION.set(VERSION.get() + 1);
    let is_timer_due = BOOK.with_borrow_mut(|book| {
        book.unsaved.push(line);
        !std::mem::replace(&mut book.is_timer_set, true)
    });
    if is_timer_due {
        Timeout::new(GATHER_MILLIS, || {
            BOOK.with_borrow_mut(|book| book.is_timer_set = false);
            save();
        })
        .forget();
        save_when_hidden();
    }
}

/// A page that goes out of sight may be closed or frozen at any moment.
fn save_when_hidden() {
    thread_local!(static IS_SET: Cell<bool> = const { Cell::new(false) });
    if !IS_SET.replace(true) {
        page::on_hide(save);
    }
}

/// Stores what is unsaved, all at once. What comes meanwhile goes with the next.
fn save() {
    let lines = BOOK.with_borrow_mut(|book| {
        if book.is_saving || book.unsaved.is_empty() {
            return None;
        }
        book.is_saving = true;
        // Begun and ended since the last time: one line is enough.
        book.in_saving = in_order(std::mem::take(&mut book.unsaved));
        Some((book.session.clone(), book.n_pages, book.in_saving.clone()))
    });
    let Some((session, page_number, lines)) = lines else { return };
    spawn_local(async move {
        let saved = match Store::open().await {
            Ok(store) => store.add_ledger_page(&session, page_number, &lines).await,
            Err(error) => Err(error),
        };
        BOOK.with_borrow_mut(|book| {
            book.is_saving = false;
            let lines = std::mem::take(&mut book.in_saving);
            if let Err(error) = saved {
                book.error = Some(error);
                // They stay in memory, and are tried again with the next.
                book.unsaved.splice(0..0, lines);
            } else {
                book.error = None;
                book.n_pages += 1;
            }
        });
    });
}
