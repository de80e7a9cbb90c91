//! Owns the forms in which loads and what they brought are kept: bytes apart from all else, so that a store takes them as
//! they are.

use serde::{Deserialize, Serialize};

use super::load::State;
use super::{Content, Entry, Gotten, Load, Step};

/// What is told of a file that was fetched, without the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GottenHead {
    /// [`Gotten::part`].
    pub part: usize,
    /// [`Gotten::place`].
    pub place: Option<usize>,
    /// [`Gotten::file_name`].
    pub file_name: String,
    /// [`Gotten::notices`].
    pub notices: Vec<String>,
}

impl Gotten {
    /// What is told of it.
    pub fn head(&self) -> GottenHead {
        GottenHead {
            part: self.part,
            place: self.place,
            file_name: self.file_name.clone(),
            notices: self.notices.clone(),
        }
    }
}

impl GottenHead {
    /// Put together with its file again.
    pub fn with(self, bytes: Vec<u8>) -> Gotten {
        let Self { part, place, file_name, notices } = self;
        Gotten { part, place, file_name, content: Content::from_bytes(bytes), notices }
    }
}

impl Load {
    /// A load that has nothing left to fetch: files that a person opened by hand.
    pub fn of_files(entry: &Entry, files: Vec<Gotten>) -> (Self, Step) {
        (Self { gotten: files, ..Self::of(entry.clone()) }, Step::Done)
    }

    /// The load without the bytes of its files, and these: of the files that are there, in order, then of the one under
    /// way.
    pub fn apart(&self) -> (Self, Vec<&[u8]>) {
        let mut bytes: Vec<&[u8]> =
            self.gotten.iter().map(|gotten| gotten.content.bytes()).collect();
        let state = match &self.state {
            State::File { place, bytes: under_way, n_bytes } => {
                bytes.push(under_way.bytes());
                State::File { place: *place, bytes: Content::default(), n_bytes: *n_bytes }
            }
            state @ (State::Rows { .. }
            | State::Splits { .. }
            | State::Choosing { .. }
            | State::Done
            | State::Failed(_)) => state.clone(),
        };
        let bare = |gotten: &Gotten| gotten.head().with(vec![]);
        let load = Self {
            entry: self.entry.clone(),
            gotten: self.gotten.iter().map(bare).collect(),
            state,
            tried: self.tried.clone(),
            cut: self.cut.clone(),
            takes_cut: self.takes_cut,
            n_failures: self.n_failures,
            n_waits: self.n_waits,
        };
        (load, bytes)
    }

    /// Puts back what [`Self::apart`] took off. Files that are missing are fetched again.
    #[must_use]
    pub fn whole(mut self, bytes: Vec<Vec<u8>>) -> Self {
        if bytes.len() < self.gotten.len() {
            return Self::start(&self.entry).0;
        }
        let mut bytes = bytes.into_iter();
        for gotten in &mut self.gotten {
            gotten.content = Content::from_bytes(bytes.next().unwrap_or_default());
        }
        if let State::File { bytes: under_way, .. } = &mut self.state {
            *under_way = Content::Bytes(bytes.next().unwrap_or_default());
        }
        self
    }
}
