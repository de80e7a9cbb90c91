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

/// Sooner than this nothing is said of the time left.
const SOONEST_MILLIS: u64 = 1_000;

impl Progress {
    /// The share that came of the part under way, from 0 to 1; `None` where the whole is not known, or is more than was
    /// announced, as with files that are packed on their way.
    pub fn share(&self) -> Option<f64> {
        let total = self.total.filter(|total| 0 < *total && self.done <= *total)?;
        Some(self.done as f64 / total as f64)
    }

    /// How long the rest of the part takes at the pace since `earlier`, which was so long ago.
    pub fn millis_left(&self, earlier: &Self, elapsed_millis: u64) -> Option<u64> {
        let total = self.total.filter(|total| self.done <= *total)?;
        let is_same = (self.n_parts_done, self.unit) == (earlier.n_parts_done, earlier.unit);
        let n_since = self.done.checked_sub(earlier.done).filter(|n| is_same && 0 < *n)?;
        if elapsed_millis < SOONEST_MILLIS {
            return None;
        }
        let left = u128::from(total - self.done) * u128::from(elapsed_millis) / u128::from(n_since);
        u64::try_from(left).ok()
    }
}

impl Failure {
    /// With the way round that an entry has.
    pub fn of(entry: &Entry, what: String) -> Self {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn progress(done: u64, total: Option<u64>) -> Progress {
        Progress { n_parts_done: 0, n_parts: 2, done, total, unit: Unit::Rows }
    }

    #[test]
    fn the_time_left_follows_the_pace_since_the_beginning() {
        let start = progress(100, Some(1_000));
        let now = progress(400, Some(1_000));
        assert_eq!(now.millis_left(&start, 3_000), Some(6_000));
        assert_eq!(now.share(), Some(0.4));
        assert_eq!(now.millis_left(&now, 3_000), None, "nothing came yet");
        assert_eq!(now.millis_left(&start, 500), None, "too soon");
        assert_eq!(now.millis_left(&Progress { n_parts_done: 1, ..start }, 3_000), None);
        assert_eq!(progress(400, None).millis_left(&start, 3_000), None);
        assert_eq!(start.millis_left(&now, 3_000), None, "begun anew");
    }

    #[test]
    fn more_than_was_announced_is_no_share() {
        assert_eq!(progress(5, Some(4)).share(), None);
        assert_eq!(progress(5, Some(4)).millis_left(&progress(0, None), 3_000), None);
        assert_eq!(progress(0, Some(0)).share(), None);
    }
}
