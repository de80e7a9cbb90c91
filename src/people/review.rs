//! Owns the blinded review: people rate answers without knowing whose they are.
//!
//! An organiser makes a plan of answers, scale and reviewers ([`setup`]). Out of it come one file for each reviewer and one
//! key, which alone tells whose answers they are ([`file`]). Reviewers hand back files of ratings, which are put together
//! ([`mod@merge`]) and reckoned with ([`mod@analysis`]), by codes alone until the organiser unblinds.

pub mod analysis;
pub mod answers;
pub mod assign;
pub mod conclusion;
pub mod export;
pub mod file;
pub mod merge;
pub mod picture;
pub mod scale;
pub mod setup;
pub mod strip;

pub use answers::OpenAnswer;
pub use assign::Mode;
pub use file::{KeyFile, Preference, Rating, RatingsFile, ReviewFile};
pub use merge::{ConflictRule, Merged, merge};
pub use scale::Scale;
pub use setup::{Setup, prepare};
pub use strip::Strip;
