//! Owns the hash chain over a journal, by which a change made to it afterwards shows.
//!
//! The plan's hash is SHA-256 over the JSON of its [`PlanRecord`]. An entry's hash is SHA-256 over the hash before it
//! (of the plan, for the first), a line feed, and the JSON of its number, time and body. JSON is as `serde_json`
//! writes it: no white space, fields in the order of the types. A field that is added to one of those types must be
//! left out while it has no value, or old chains no longer hold.
//!
//! The chain shows damage and careless edits. It is no signature: who can compute SHA-256 can make a new chain.

use std::fmt::Write;

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::journal::{Body, Entry, Journal};
use super::plan::Plan;
use super::record::PlanRecord;
use crate::dataset::ItemRecord;

/// Where a chain does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the record was changed after the run, from entry {seq} on (0 is the plan)")]
pub struct Broken {
    /// Number of the first entry that does not fit; 0 for the plan.
    pub seq: u64,
}

/// What of an entry is hashed.
#[derive(Serialize)]
struct Hashed<'a> {
    seq: u64,
    at_millis: u64,
    body: &'a Body,
}

/// The hash that the chain begins with, in hex.
pub fn plan_hash(plan: &PlanRecord) -> String {
    digest(&[&json(plan)])
}

/// The hash of an entry that follows the entry (or plan) with `previous_hash`, in hex. `body` and the rest are those
/// of the entry.
pub fn link(previous_hash: &str, seq: u64, at_millis: u64, body: &Body) -> String {
    digest(&[previous_hash.as_bytes(), b"\n", &json(&Hashed { seq, at_millis, body })])
}

/// An entry with the JSON of its body that the hash was taken of: a store keeps that very text, so that an answer is
/// written out once.
#[derive(Debug, Clone, PartialEq)]
pub struct Sealed {
    /// The entry.
    pub entry: Entry,
    /// Its body as JSON.
    pub text: String,
}

/// Seals what happened as the entry `seq` after the entry (or plan) with `previous_hash`.
pub fn sealed(previous_hash: &str, seq: u64, at_millis: u64, body: Body) -> Sealed {
    // serde_json writes UTF-8 only, so nothing is lost here.
    let text = String::from_utf8(json(&body)).unwrap_or_default();
    let head = format!("{{\"seq\":{seq},\"at_millis\":{at_millis},\"body\":");
    let parts = [previous_hash.as_bytes(), b"\n", head.as_bytes(), text.as_bytes(), b"}"];
    let hash = digest(&parts);
    Sealed { entry: Entry { seq, at_millis, body, hash }, text }
}

/// Seals what a journal of this plan begins with.
pub fn sealed_from(plan: &Plan, bodies: Vec<(u64, Body)>) -> Vec<Sealed> {
    let mut previous = plan_hash(&PlanRecord::from(plan));
    let sealed = (1..).zip(bodies).map(|(seq, (at_millis, body))| {
        let sealed = sealed(&previous, seq, at_millis, body);
        previous.clone_from(&sealed.entry.hash);
        sealed
    });
    sealed.collect()
}

/// Seals what happens next to a journal.
pub fn next(journal: &Journal, at_millis: u64, body: Body) -> Sealed {
    match journal.entries.last() {
        Some(last) => sealed(&last.hash, last.seq + 1, at_millis, body),
        None => sealed(&plan_hash(&PlanRecord::from(&journal.plan)), 1, at_millis, body),
    }
}

/// Checks that numbers have no gap and every hash fits.
pub fn verify(journal: &Journal) -> Result<(), Broken> {
    let mut previous = plan_hash(&PlanRecord::from(&journal.plan));
    for (seq, entry) in (1..).zip(&journal.entries) {
        let hash = link(&previous, entry.seq, entry.at_millis, &entry.body);
        if entry.seq != seq || entry.hash != hash {
            return Err(Broken { seq });
        }
        previous = hash;
    }
    Ok(())
}

/// The same as [`seal`] for journals of many items; `rest` is called between pieces of work and may let others work.
pub async fn seal_in_steps(journal: &mut Journal, rest: &impl AsyncFn()) {
    let mut previous = plan_hash_in_steps(&mut journal.plan, rest).await;
    for (seq, entry) in (1..).zip(&mut journal.entries) {
        entry.seq = seq;
        entry.hash = link(&previous, seq, entry.at_millis, &entry.body);
        previous.clone_from(&entry.hash);
        rest().await;
    }
}

/// [`plan_hash`], with the items, which stand last in a [`PlanRecord`], written one after the other.
async fn plan_hash_in_steps(plan: &mut Plan, rest: &impl AsyncFn()) -> String {
    let items = std::mem::take(&mut plan.items);
    let text = json(&PlanRecord::from(&*plan));
    let (head, tail) = text.split_at(text.len().saturating_sub("]}".len()));
    let mut hash = Sha256::new();
    hash.update(head);
    for (idx, item) in items.iter().enumerate() {
        if 0 < idx {
            hash.update(b",");
        }
        hash.update(json(&ItemRecord::from(item)));
        rest().await;
    }
    hash.update(tail);
    plan.items = items;
    hex(&hash.finalize())
}

/// Writes all numbers and hashes anew. Only for journals that this program itself makes from other data.
pub fn seal(journal: &mut Journal) {
    let mut previous = plan_hash(&PlanRecord::from(&journal.plan));
    for (seq, entry) in (1..).zip(&mut journal.entries) {
        entry.seq = seq;
        entry.hash = link(&previous, seq, entry.at_millis, &entry.body);
        previous.clone_from(&entry.hash);
    }
}

fn json(value: &impl Serialize) -> Vec<u8> {
    // These types have string keys only and write to memory, so this cannot fail; if it did, no chain would hold.
    serde_json::to_vec(value).unwrap_or_default()
}

/// SHA-256 over the parts one after another, in hex.
pub(crate) fn digest(parts: &[&[u8]]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part);
    }
    hex(&hasher.finalize())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(64), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests;
