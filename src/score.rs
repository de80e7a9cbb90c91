//! Owns the way from a response to an outcome.

pub mod choice;
pub mod confidence;
mod declared;
mod judge;
pub mod number;
pub mod panel;
pub mod rubric;
pub mod several;
pub mod short_text;
pub mod verdict;

use serde::{Deserialize, Serialize};

pub use judge::{Reason, Scored, is_gradable, judge};
pub use panel::PanelRule;
pub use verdict::{Grade, NoVerdict, Sought, Verdict};

/// How a trial ended. Only the first two count as answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The right answer was given.
    Correct,
    /// A wrong answer was given.
    Incorrect,
    /// Part of the points were earned.
    Partial,
    /// The model declined to answer.
    Refused,
    /// An answer came, but no single final choice can be read from it.
    Unreadable,
    /// The answer was cut off before a choice.
    Truncated,
    /// No answer came, after all tries.
    Failed,
    /// Not scored, or not scored yet.
    Unscored,
}
