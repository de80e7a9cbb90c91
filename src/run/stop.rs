//! Owns the reasons for which a model is not asked on.

use crate::provider::Failure;

/// Why no further questions are asked of a model until the person lets the run go on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Stop {
    /// Asking on would meet the same failure each time.
    #[error(transparent)]
    Failure(#[from] Failure),
    /// The next question could cost more than is left of the budget. An answer without an upper bound on its tokens is
    /// reckoned with [`super::cost::DEFAULT_OUTPUT_CEILING`].
    #[error(
        "The next question could cost more than is left of the budget. Raise the budget, or limit the tokens of an answer."
    )]
    Budget,
    /// There is a budget, and nobody knows what this model costs.
    #[error(
        "The run has a budget, and the price of this model is not known. Type its price, or take the budget away."
    )]
    NoPrice,
    /// Nobody knows whether the provider took a batch. Handing it in again may mean to pay twice.
    #[error(
        "Nobody knows whether the provider took the last batch ({failure}). Look at its page before going on: if the batch \
         is there, its questions would be paid twice."
    )]
    BatchUnclear {
        /// Why it is not known.
        failure: Failure,
    },
    /// The provider gave up a batch as a whole.
    #[error("The provider gave up the batch: {reason}")]
    BatchFailed {
        /// In the provider's words.
        reason: String,
    },
}
