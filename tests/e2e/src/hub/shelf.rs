//! Owns what the publisher has: splits of rows, files, and who may have them.

use std::collections::BTreeMap;

use data_encoding::HEXLOWER;
use hyper::body::Bytes;
use serde_json::Value;
use sha2::{Digest, Sha256};

/// Where the Hub keeps a file, which decides how it hands it out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// In large storage, as everything from about 10 MB on, and Parquet: 302 to the CDN with a signed address.
    Cdn,
    /// In the repository itself: 307 to a cached copy on the Hub.
    Git,
}

/// Who may have a dataset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gate {
    /// Those who log in: 401.
    LogIn,
    /// Those on a list: 403 by the Hub, and by the server of rows 404, since it does not tell that there is such a set.
    Listed,
}

/// A file.
#[derive(Debug, Clone)]
pub(super) struct Held {
    pub(super) bytes: Bytes,
    /// SHA-256 in hexadecimal: the tag that the CDN gives it, and its name there.
    pub(super) tag: String,
    pub(super) kept: Kept,
}

/// A split.
#[derive(Debug, Clone, Default)]
pub(super) struct RowSet {
    pub(super) rows: Vec<Value>,
    pub(super) is_partial: bool,
    pub(super) longest_cell: Option<usize>,
}

/// All there is.
#[derive(Debug, Default)]
pub(super) struct Shelf {
    /// By dataset, configuration and split.
    splits: BTreeMap<[String; 3], RowSet>,
    /// By dataset, revision and path.
    files: BTreeMap<[String; 3], Held>,
    /// By repository, revision and path.
    github: BTreeMap<[String; 3], Held>,
    pub(super) gates: BTreeMap<String, Gate>,
}

impl Shelf {
    pub(super) fn put_rows(&mut self, of: [&str; 3], rows: Vec<Value>) {
        self.splits.insert(of.map(str::to_owned), RowSet { rows, ..RowSet::default() });
    }

    pub(super) fn change(&mut self, of: [&str; 3], change: impl FnOnce(&mut RowSet)) {
        change(self.splits.entry(of.map(str::to_owned)).or_default());
    }

    pub(super) fn put_file(
        &mut self,
        dataset: &str,
        revision: &str,
        path: &str,
        bytes: &[u8],
        kept: Kept,
    ) {
        let held = Held::new(bytes, kept);
        self.files.insert([dataset, revision, path].map(str::to_owned), held);
    }

    pub(super) fn put_github(
        &mut self,
        repository: &str,
        revision: &str,
        path: &str,
        bytes: &[u8],
    ) {
        let held = Held::new(bytes, Kept::Git);
        self.github.insert([repository, revision, path].map(str::to_owned), held);
    }

    pub(super) fn remove(&mut self, name: &str) {
        self.splits.retain(|[dataset, ..], _| dataset != name);
        self.files.retain(|[dataset, ..], _| dataset != name);
        self.github.retain(|[repository, ..], _| repository != name);
    }

    /// Whether there is such a dataset at all.
    pub(super) fn has(&self, dataset: &str) -> bool {
        self.splits.keys().chain(self.files.keys()).any(|[known, ..]| known == dataset)
    }

    pub(super) fn split(&self, of: [&str; 3]) -> Option<&RowSet> {
        self.splits.get(&of.map(str::to_owned))
    }

    /// Configurations and splits of a dataset.
    pub(super) fn splits_of(&self, dataset: &str) -> Vec<(&str, &str)> {
        let known = self.splits.keys().filter(|[known, ..]| known == dataset);
        known.map(|[_, config, split]| (config.as_str(), split.as_str())).collect()
    }

    pub(super) fn file(&self, dataset: &str, revision: &str, path: &str) -> Option<&Held> {
        self.files.get(&[dataset, revision, path].map(str::to_owned))
    }

    /// Whether a dataset has this branch or commit.
    pub(super) fn has_revision(&self, dataset: &str, revision: &str) -> bool {
        let mut known = self.files.keys();
        known.any(|[known, rev, _]| known == dataset && rev == revision)
    }

    pub(super) fn github(&self, repository: &str, revision: &str, path: &str) -> Option<&Held> {
        self.github.get(&[repository, revision, path].map(str::to_owned))
    }

    /// The file that the CDN knows by this name.
    pub(super) fn by_tag(&self, tag: &str) -> Option<&Held> {
        self.files.values().find(|held| held.tag == tag)
    }
}

impl Held {
    fn new(bytes: &[u8], kept: Kept) -> Self {
        let tag = HEXLOWER.encode(&Sha256::digest(bytes));
        Self { bytes: Bytes::copy_from_slice(bytes), tag, kept }
    }
}
