//! Owns questions: what an item is, the files items come in, samples of them, and their fingerprints.

pub mod item;

pub use item::{Choice, Dataset, Difficulty, Item, ItemId, Kind, Source, Split};
