//! Owns what calls cost: the most that one call may cost, what a run will probably cost, and what was spent.
//!
//! # How tokens are reckoned
//! No tokenizer is at hand, and each model has its own. What is certain: a tokenizer that works on bytes, as those of all
//! current large models do, makes at most one token of each byte. So the bytes of a prompt, with [`OVERHEAD_TOKENS`] for
//! what the provider wraps around the messages, are an upper bound, and that is what the budget reckons with. What is
//! likely is less: English prose has four to five bytes a token, other scripts fewer, so that between a sixth and a half
//! of the bytes is the range that is shown.
//!
//! An answer is bounded by the limit that was set for it. Without one, [`DEFAULT_OUTPUT_CEILING`] is taken.
//!
//! # What is not covered
//! A provider that charges more than tokens times price (a fee for each search, say) or that ignores the limit on an
//! answer can exceed the bound of a call. What it then says it charged is booked, and no further call is sent.

mod estimate;
mod judges;

pub use estimate::{Estimate, Part, Span, estimate};
pub use judges::n_verdicts;

use crate::prompt::Prompter;
use crate::provider::{Delivery, Endpoint, Failure, MicroDollars, ModelSpec, Price, Seat, Usage};
use crate::run::journal::{Body, Journal};
use crate::run::plan::Plan;

/// Tokens that providers wrap around the messages of a call at most: roles, separators, a short standing instruction.
pub const OVERHEAD_TOKENS: u64 = 512;
/// Tokens of an answer without a limit, at most. 128,000 is the longest answer that the models of 2026 give (it is also
/// what Anthropic's library reckons with); a lower number would be a guess, and a hard budget must not guess.
pub const DEFAULT_OUTPUT_CEILING: u64 = 128_000;

/// What a run has cost and may still cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Spending {
    /// Known to be spent.
    pub spent: MicroDollars,
    /// What tries without a known cost may have cost at most: calls without an answer on which the provider may have
    /// worked, and answers without a count of tokens.
    pub may_have_cost: MicroDollars,
    /// What calls and batches under way may cost at most.
    pub reserved: MicroDollars,
    /// The most that the run may cost; `None` is no limit.
    pub budget: Option<MicroDollars>,
}

impl Spending {
    /// What the run costs at most, if no further call is sent.
    pub fn at_most(&self) -> MicroDollars {
        self.spent + self.may_have_cost + self.reserved
    }

    /// What a journal tells: the same on any machine, since each try is journaled with its cost. What was under way when
    /// the journal ends is not in it.
    pub fn of(journal: &Journal) -> Self {
        let mut spending = Self { budget: journal.plan.budget, ..Self::default() };
        for entry in &journal.entries {
            match &entry.body {
                Body::Attempt(attempt) => {
                    spending.spent = spending.spent + attempt.spent().unwrap_or_default();
                    let may_have_cost = attempt.may_have_cost().unwrap_or_default();
                    spending.may_have_cost = spending.may_have_cost + may_have_cost;
                }
                Body::Judgement(attempt) => {
                    spending.spent = spending.spent + attempt.spent().unwrap_or_default();
                    let may_have_cost = attempt.may_have_cost().unwrap_or_default();
                    spending.may_have_cost = spending.may_have_cost + may_have_cost;
                }
                Body::BudgetSet { budget } => spending.budget = *budget,
                Body::Retried { .. }
                | Body::JudgementsRetried { .. }
                | Body::Overruled(_)
                | Body::Paused
                | Body::Resumed
                | Body::Cancelled
                | Body::Adapted { .. }
                | Body::BatchSent { .. }
                | Body::BatchEnded { .. } => {}
            }
        }
        spending
    }
}

/// Tokens that a prompt of so many bytes has at most.
pub fn prompt_ceiling(prompt_bytes: u64) -> u64 {
    prompt_bytes.saturating_add(OVERHEAD_TOKENS)
}

/// Tokens that an answer of this endpoint has at most.
pub fn output_ceiling(endpoint: &Endpoint) -> u64 {
    endpoint.settings.max_output_tokens.map_or(DEFAULT_OUTPUT_CEILING, u64::from)
}

/// The most that one call may cost.
pub fn ceiling(price: &Price, endpoint: &Endpoint, prompt_bytes: u64) -> MicroDollars {
    price.of_tokens(prompt_ceiling(prompt_bytes), output_ceiling(endpoint)) + price.of_calls(1)
}

/// The prompt bytes of each item of a plan.
pub(super) fn all_prompt_bytes(plan: &Plan) -> Vec<u64> {
    let prompter = Prompter::new(&plan.prompting);
    plan.items.iter().map(|item| prompter.n_bytes(item)).collect()
}

/// What is known about the price of a participant's answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tariff {
    /// Nobody charges anything: nothing leaves the page, or a human answers.
    Free,
    /// By tokens. A batch's discount is no part of this: the price is what is charged with the delivery that was chosen.
    Priced(Price),
    /// A provider charges, and nobody knows how much.
    Unknown,
}

impl Tariff {
    /// That of a participant.
    pub fn of(model: &ModelSpec) -> Self {
        match (&model.seat, model.price) {
            (Seat::Api(_), Some(price)) => Self::Priced(price),
            (Seat::Api(_), None) => Self::Unknown,
            (
                Seat::BrowserModel
                | Seat::Baseline { .. }
                | Seat::Person
                | Seat::Paste
                | Seat::Recorded,
                _,
            ) => Self::Free,
        }
    }
}

impl Tariff {
    /// What an answer with this usage cost, where that is known.
    pub fn of_usage(&self, usage: &Usage) -> Option<MicroDollars> {
        match self {
            Self::Free => None,
            Self::Priced(price) => Some(price.of_usage(usage)),
            Self::Unknown => usage.charged,
        }
    }
}

/// Whether the provider may have worked, and charged, on a call that failed so. What it refused costs nothing. A gateway
/// that gave up waiting (408, 504, 524) and a stream that broke off had work begun behind them.
pub fn may_have_cost(failure: &Failure, delivery: Delivery) -> bool {
    match failure {
        Failure::TimedOut { .. } | Failure::Unreachable { .. } | Failure::Malformed { .. } => true,
        Failure::Server { status, .. } => {
            delivery == Delivery::Streamed || matches!(status, 408 | 504 | 524)
        }
        Failure::KeyRefused { .. }
        | Failure::NoCredit { .. }
        | Failure::NotFound { .. }
        | Failure::Refused { .. }
        | Failure::Unsupported { .. }
        | Failure::RateLimited { .. } => false,
    }
}

#[cfg(test)]
mod tests;
