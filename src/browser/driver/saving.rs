//! Owns the way of a run's entries into the store: sealed, stored together, and counted only then.

use std::collections::VecDeque;

use wasm_bindgen_futures::spawn_local;

use super::{Driver, Inner};
use crate::browser::error::Error;
use crate::browser::store::KeptAnswer;
use crate::browser::{clock, page};
use crate::provider::Completion;
use crate::run::chain::{self, Sealed};
use crate::run::{AttemptResult, Body, Entry, Event, Journal, JudgeResult, PlanRecord};

/// How long entries are booked at a stretch, so that no frame waits longer: reading an answer takes a while.
const STRETCH_MILLIS: u64 = 16;

/// Entries that do not count yet.
pub(super) struct Saving {
    /// The hash that the next entry follows.
    previous_hash: String,
    next_seq: u64,
    /// Sealed, and not on their way yet.
    waiting: Vec<Sealed>,
    is_under_way: bool,
    /// Safe, and not booked yet.
    stored: VecDeque<Entry>,
    is_booking: bool,
    error: Option<Error>,
}

impl Saving {
    /// What follows the last entry of a journal.
    pub(super) fn after(journal: &Journal) -> Self {
        let (previous_hash, next_seq) = match journal.entries.last() {
            Some(last) => (last.hash.clone(), last.seq + 1),
            None => (chain::plan_hash(&PlanRecord::from(&journal.plan)), 1),
        };
        Self {
            previous_hash,
            next_seq,
            waiting: vec![],
            is_under_way: false,
            stored: VecDeque::new(),
            is_booking: false,
            error: None,
        }
    }

    fn seal(&mut self, body: Body) {
        let sealed = chain::sealed(&self.previous_hash, self.next_seq, clock::now_millis(), body);
        self.previous_hash.clone_from(&sealed.entry.hash);
        self.next_seq += 1;
        self.waiting.push(sealed);
    }

    /// What goes into the next transaction: everything that waits, if none is under way and the store takes more.
    fn next_batch(&mut self) -> Option<Vec<Sealed>> {
        if self.is_under_way || self.waiting.is_empty() || self.error.is_some() {
            return None;
        }
        self.is_under_way = true;
        Some(std::mem::take(&mut self.waiting))
    }

    /// Whether nothing is on its way.
    pub(super) fn is_clear(&self) -> bool {
        self.waiting.is_empty() && !self.is_under_way && self.stored.is_empty()
    }

    /// Why nothing can be stored at present.
    pub(super) fn error(&self) -> Option<&Error> {
        self.error.as_ref()
    }
}

impl Driver {
    /// Writes again what the store refused, and goes on.
    pub fn save_again(&self) {
        self.0.borrow_mut().saving.error = None;
        self.save();
        self.tell(Event::Go);
    }

    pub(super) fn write(&self, body: Body) {
        self.0.borrow_mut().saving.seal(body);
        self.save();
    }

    /// Stores what waits. What comes while one transaction is under way goes into the next, all at once.
    fn save(&self) {
        let (store, run_id, batch) = {
            let mut inner = self.0.borrow_mut();
            let Some(batch) = inner.saving.next_batch() else { return };
            (inner.store.clone(), inner.summary.run_id.clone(), batch)
        };
        let driver = self.clone();
        spawn_local(async move {
            let result = store.append(&run_id, &batch).await;
            driver.saved(batch, result);
        });
    }

    fn saved(&self, batch: Vec<Sealed>, result: Result<(), Error>) {
        self.0.borrow_mut().saving.is_under_way = false;
        match result {
            Ok(()) => {
                let entries: Vec<Entry> = batch.into_iter().map(|sealed| sealed.entry).collect();
                // The engine hears of it before the answers are read: places are free when answers are safe.
                let events: Vec<Event> = entries.iter().filter_map(safe).collect();
                self.0.borrow_mut().saving.stored.extend(entries);
                self.save();
                for event in events {
                    self.tell(event);
                }
                self.book();
                self.keep_for_later();
            }
            Err(error) => {
                {
                    let saving = &mut self.0.borrow_mut().saving;
                    saving.waiting.splice(0..0, batch);
                    saving.error = Some(error);
                }
                // The answers stay in memory until they can be stored; no more are asked for meanwhile.
                self.tell(Event::Pause);
            }
        }
    }

    /// Puts away the answers that later runs may use. They are in the journal all the same: a store that refuses them
    /// costs later calls and no more.
    fn keep_for_later(&self) {
        let (store, answers) = {
            let mut inner = self.0.borrow_mut();
            (inner.store.clone(), std::mem::take(&mut inner.to_keep))
        };
        if answers.is_empty() {
            return;
        }
        spawn_local(async move {
            if let Err(error) = store.keep_answers(&answers).await {
                page::log_error(&error.to_string());
            }
        });
    }

    /// Books what is safe, a stretch at a time: reads each answer for what is shown.
    fn book(&self) {
        if std::mem::replace(&mut self.0.borrow_mut().saving.is_booking, true) {
            return;
        }
        let driver = self.clone();
        spawn_local(async move {
            while driver.book_stretch() {
                // Nobody waits for a frame of a hidden page, and its timers come once a second.
                if !page::is_hidden() {
                    clock::next_turn().await;
                }
            }
            driver.0.borrow_mut().saving.is_booking = false;
            driver.change();
        });
    }

    /// Books for a while; gives whether there is more.
    fn book_stretch(&self) -> bool {
        let until = clock::now_millis() + STRETCH_MILLIS;
        loop {
            {
                let inner = &mut *self.0.borrow_mut();
                let Some(entry) = inner.saving.stored.pop_front() else { return false };
                inner.live.apply(&inner.journal.plan, &entry);
                inner.journal.entries.push(entry);
            }
            self.change();
            if until <= clock::now_millis() {
                return true;
            }
        }
    }
}

impl Inner {
    /// Notes an answer that later runs may use.
    pub(super) fn keep(&mut self, key: String, completion: Completion) {
        let run_id = self.summary.run_id.clone();
        self.to_keep.push((key, KeptAnswer { completion, run_id, at_millis: clock::now_millis() }));
    }
}

/// What the engine waits for until this entry is safe.
fn safe(entry: &Entry) -> Option<Event> {
    match &entry.body {
        Body::Attempt(attempt) => match attempt.result {
            AttemptResult::Answered(_) => Some(Event::Saved { trial: attempt.trial }),
            _ => None,
        },
        Body::Judgement(attempt) => match attempt.result {
            JudgeResult::Judged { .. } => {
                Some(Event::JudgementSaved { judgement: attempt.judgement })
            }
            _ => None,
        },
        Body::BatchSent { model, remote_id, .. } => {
            Some(Event::BatchSaved { model: *model, remote_id: remote_id.clone() })
        }
        _ => None,
    }
}
