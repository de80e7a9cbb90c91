//! Owns what the catalogue tells of one set.

use serde::{Deserialize, Serialize};

use super::Keep;
use crate::dataset::record::KindRecord;

/// A published set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Lower-case letters, digits and hyphens; part of links.
    pub id: String,
    /// Name for people.
    pub title: String,
    /// Sets with the same word stand together, such as the versions of `MedQA`.
    #[serde(default)]
    pub group: String,
    /// What it measures, in everyday words.
    pub measures: String,
    /// Items that are asked, those of the official split where there is one.
    pub n_items: usize,
    /// Which part of what its authors published.
    pub split: String,
    /// BCP 47 tag; `mul` for several.
    pub language: String,
    /// How its items are answered.
    pub kinds: Vec<KindRecord>,
    /// What its authors report.
    pub metric: String,
    /// Its licence.
    pub licence: Licence,
    /// What goes wrong with the set, and what is done about it here.
    #[serde(default)]
    pub traps: Vec<Trap>,
    /// Published results, to know what to expect.
    #[serde(default)]
    pub scores: Vec<Score>,
    /// Where people read about it.
    pub page: String,
    /// What to download when loading fails, to open it as a file.
    #[serde(default)]
    pub by_hand: Vec<ByHand>,
    /// Its authors ask not to show its examples in plain text where a page could be indexed.
    #[serde(default)]
    pub do_not_show: bool,
    /// The files it is made of, in order; none if it can only be opened by hand.
    #[serde(default)]
    pub parts: Vec<Part>,
    /// What is done with its rows.
    #[serde(default)]
    pub rules: Rules,
    /// Whether what loads has an official split that is to be asked, in the place of all items.
    #[serde(default)]
    pub has_official_split: bool,
    /// What could not be confirmed when the catalogue was written.
    #[serde(default)]
    pub unconfirmed: Vec<String>,
}

/// Under which terms a set may be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Licence {
    /// In a few words.
    pub name: String,
    /// Where sources disagree, or something is missing.
    #[serde(default)]
    pub conflict: Option<String>,
}

/// Something that goes wrong with a set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trap {
    /// What.
    pub what: String,
    /// What is done about it here; or that nothing is.
    pub handled: String,
}

/// A published result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Score {
    /// Which model or people.
    pub who: String,
    /// The figure with its unit, as it was published.
    pub score: String,
    /// What it was measured on, where that is not the whole set.
    #[serde(default)]
    pub on: String,
    /// Who published it.
    pub source: String,
    /// When.
    pub year: u16,
}

/// A file that people can download themselves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ByHand {
    /// Its address, or that of the page with the download.
    pub url: String,
    /// What to do with it.
    #[serde(default)]
    pub note: String,
}

/// One of the files that a set is made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Short name; items without an id get it with their number.
    pub name: String,
    /// What it is for.
    #[serde(default)]
    pub role: Role,
    /// Rows that are expected, those left out that the set does not count.
    #[serde(default)]
    pub n_rows: Option<usize>,
    /// Whether the set is useful without it.
    #[serde(default)]
    pub optional: bool,
    /// Where it is, the best place first.
    pub places: Vec<Place>,
}

/// What a part of a set is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// It holds questions.
    #[default]
    Questions,
    /// It explains the codes of `DDXPlus`.
    Evidences,
    /// It holds the votes of physicians on the questions of `MedQA` (Saab and others 2024).
    Relabelling,
}

/// A place where a part is published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "from", rename_all = "snake_case", deny_unknown_fields)]
pub enum Place {
    /// A file of a repository on Hugging Face.
    HuggingFaceFile {
        /// `owner/name`.
        dataset: String,
        /// Branch or commit.
        revision: String,
        /// Path in the repository.
        path: String,
        /// SHA-256 of the file as it was when the catalogue was written.
        #[serde(default)]
        sha256: Option<String>,
        /// Whether the address was seen to be used by others.
        #[serde(default)]
        confirmed: bool,
    },
    /// Rows of a set on Hugging Face, a hundred at a time.
    HuggingFaceRows {
        /// `owner/name`.
        dataset: String,
        /// Name of the configuration.
        config: String,
        /// Name of the split.
        split: String,
        /// Condition on the rows in the server's own language; `None` for all rows.
        #[serde(default)]
        only: Option<String>,
        /// Only so many rows, in pages that are spread evenly over the split.
        #[serde(default)]
        at_most: Option<usize>,
        /// Whether these names were seen to be used by others.
        #[serde(default)]
        confirmed: bool,
    },
    /// A file of a repository on GitHub.
    GithubFile {
        /// `owner/name`.
        repository: String,
        /// Branch or commit.
        revision: String,
        /// Path in the repository.
        path: String,
        /// SHA-256 of the file as it was when the catalogue was written.
        #[serde(default)]
        sha256: Option<String>,
        /// Whether the address was seen to be used by others.
        #[serde(default)]
        confirmed: bool,
    },
}

/// What is done with the rows of a set.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    /// Only rows that have all of these.
    #[serde(default)]
    pub keep: Vec<Keep>,
    /// What the first option is called where answers are numbers and the file does not show it: 0 or 1.
    #[serde(default)]
    pub first_option: Option<u8>,
    /// Offers the items without certain words as a split.
    #[serde(default)]
    pub without: Vec<WordSplit>,
}

/// A split of the items whose questions hold none of some words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WordSplit {
    /// What the items left out are, behind "without": `questions that point to a picture`.
    pub what: String,
    /// Words, whose case does not matter.
    pub words: Vec<String>,
}
