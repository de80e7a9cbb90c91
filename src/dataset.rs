//! Owns questions: what an item is, the files items come in, samples of them, and their fingerprints.
//!
//! `open` reads a file's bytes into an [`Import`]: a [`Dataset`] and a list of every row that could not be read.
//! [`sample()`] picks items by a seed, [`fingerprint()`] names exactly the items that were asked, and [`record`] is the
//! form in which items are written to packs and exports.

mod error;
pub mod fingerprint;
pub mod item;
pub mod record;
pub mod sample;

pub use error::{Error, Import, Refusal};
pub use fingerprint::fingerprint;
pub use item::{Choice, Dataset, Difficulty, Item, ItemId, Kind, Source, Split};
pub use record::{Invalid, ItemRecord, PackFile};
pub use sample::sample;
