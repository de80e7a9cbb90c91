//! Owns the words between a load and whoever carries it out: what to do next, and what happened.

use serde::{Deserialize, Serialize};

use super::{ByHand, Entry, Head, Reply, SplitName};

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The whole answer to the last [`Step::Fetch`].
    Reply(Reply),
    /// Its first lines; the rest comes in chunks, if the next step is [`Step::ReadOn`].
    Began(Head),
    /// More bytes of it.
    Chunk(Vec<u8>),
    /// Its end.
    Ended,
    /// No answer, or it broke off: no network, or a host that refuses other pages.
    Lost,
    /// The time of the last [`Step::Wait`] has passed.
    Waited,
    /// The person stops it. [`super::Load::resume`] goes on.
    Stop,
}

/// What to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Fetch an address, without cookies and without telling from where, and tell what comes.
    Fetch {
        /// The address.
        url: String,
        /// Ask for the bytes from this one on (`Range: bytes=n-`); `None` for all.
        from_byte: Option<u64>,
    },
    /// Hand over the chunks of the answer as they come, then [`Event::Ended`].
    ReadOn,
    /// Read the answer whole and hand it over as [`Event::Reply`].
    ReadWhole,
    /// Wait, then tell [`Event::Waited`].
    Wait {
        /// How long.
        millis: u64,
        /// Why, in a sentence.
        why: String,
    },
    /// The set has several splits: ask the person, then [`super::Load::choose`].
    Choose(Vec<SplitName>),
    /// Nothing goes on until [`super::Load::resume`].
    Stopped,
    /// All is there: [`super::Load::gotten`] for [`super::finish`].
    Done,
    /// It cannot be loaded.
    Failed(Failure),
}

/// Why a set cannot be loaded, and the way round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{what}")]
pub struct Failure {
    /// What happened, in sentences.
    pub what: String,
    /// What to do instead.
    pub way_round: String,
    /// Addresses to download from.
    pub downloads: Vec<ByHand>,
}

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Parts that are there.
    pub n_parts_done: usize,
    /// Parts in all.
    pub n_parts: usize,
    /// Of the part under way: bytes or rows that came.
    pub done: u64,
    /// Of the part under way: bytes or rows in all, where known.
    pub total: Option<u64>,
    /// What is counted.
    pub unit: Unit,
}

/// What progress is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Of a file.
    Bytes,
    /// Of a set that comes row by row.
    Rows,
}

impl Failure {
    /// With the way round that an entry has.
    pub(super) fn of(entry: &Entry, what: String) -> Self {
        let downloads = if entry.by_hand.is_empty() {
            vec![ByHand { url: entry.page.clone(), note: String::new() }]
        } else {
            entry.by_hand.clone()
        };
        let way_round =
            "Download the file from its page and open it here as a file of your own.".to_owned();
        Self { what, way_round, downloads }
    }
}
