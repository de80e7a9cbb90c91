//! Owns questions: what an item is, the files items come in, samples of them, and their fingerprints.
//!
//! [`open()`] reads a file's bytes into an [`Import`]: a [`Dataset`] and a list of every row that could not be read.
//! [`sample()`] picks items by a seed, [`fingerprint()`] names exactly the items that were asked, and [`record`] is the
//! form in which items are written to packs and exports.

mod answer;
mod archive;
pub mod catalogue;
mod convert;
mod days;
mod draft;
pub mod edit;
mod encoding;
mod error;
pub mod fingerprint;
pub mod human_labels;
mod inlined;
mod intake;
pub mod item;
mod json;
mod known;
pub mod library;
mod literal;
pub mod mapping;
mod numbered;
mod object;
mod open;
mod open_answer;
mod options;
mod pack;
mod parquet;
mod pubmedqa;
pub mod python_sample;
pub mod record;
mod room;
mod row;
pub mod sample;
pub mod select;
mod shapes;
mod spans;
pub mod stream;
mod table;
mod unpack;
pub mod variant;
mod xlsx;
mod xml;
mod zip;

pub use days::civil_date;
pub use error::{Error, Import, Refusal};
pub use fingerprint::fingerprint;
pub use item::{
    Choice, Choices, Criterion, Dataset, Difficulty, Item, ItemId, Kind, NumberAnswer, Reference,
    Rubric, ShortText, Source, Speaker, Split, Turn,
};
pub use mapping::{Mapping, Role, columns, open_with};
pub use open::open;
pub use record::{Invalid, ItemRecord, PackFile};
pub use sample::sample;
pub use select::{Draw, Filter, Selection, select};
