//! Owns what a run will probably cost: calls, tokens and money as ranges, model by model.

use std::ops::Add;

use super::{Tariff, all_prompt_bytes};
use crate::prompt::ReplyLength;
use crate::provider::{Effort, Endpoint, MicroDollars, Seat};
use crate::run::plan::Plan;

/// From … to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Span<T> {
    /// At least.
    pub low: T,
    /// At most, as far as can be expected; no hard bound.
    pub high: T,
}

impl<T: Add<Output = T>> Add for Span<T> {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { low: self.low + other.low, high: self.high + other.high }
    }
}

/// What a number of calls will probably take. Calls of a judge are further parts, to be added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// Calls to a provider, each question counted once: further tries come on top.
    pub n_calls: u64,
    /// Tokens sent.
    pub input_tokens: Span<u64>,
    /// Tokens received, thinking included.
    pub output_tokens: Span<u64>,
    /// Money; `None` where a price is unknown.
    pub money: Option<Span<MicroDollars>>,
    /// What no call can exceed, all calls together: what the budget reckons with. `None` where a price is unknown.
    pub ceiling: Option<MicroDollars>,
}

impl Part {
    /// No calls, which cost nothing.
    pub const NONE: Self = Self {
        n_calls: 0,
        input_tokens: Span { low: 0, high: 0 },
        output_tokens: Span { low: 0, high: 0 },
        money: Some(Span { low: MicroDollars(0), high: MicroDollars(0) }),
        ceiling: Some(MicroDollars(0)),
    };
}

impl Add for Part {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            n_calls: self.n_calls + other.n_calls,
            input_tokens: self.input_tokens + other.input_tokens,
            output_tokens: self.output_tokens + other.output_tokens,
            money: self.money.zip(other.money).map(|(a, b)| a + b),
            ceiling: self.ceiling.zip(other.ceiling).map(|(a, b)| a + b),
        }
    }
}

/// What a run will probably take. Tries after failures come on top, and what will be taken from earlier answers goes off:
/// neither is known before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Estimate {
    /// By index into the plan's models.
    pub models: Vec<Part>,
    /// All together.
    pub total: Part,
}

/// Tokens of an answer with nothing but a letter, and of one that is reasoned in the open.
const LETTER: Span<u64> = Span { low: 3, high: 30 };
const REASONED: Span<u64> = Span { low: 100, high: 1_500 };
/// Tokens of thinking before an answer. Where nothing is set, a model may think or not.
const UNSAID_THINKING: Span<u64> = Span { low: 0, high: 4_000 };

/// What a plan will probably take.
pub fn estimate(plan: &Plan) -> Estimate {
    let bytes = all_prompt_bytes(plan);
    let length = plan.prompting.reply_length();
    let models: Vec<Part> =
        (0..plan.models.len()).map(|model_idx| part_of(plan, model_idx, &bytes, length)).collect();
    let total = models.iter().copied().fold(Part::NONE, Add::add);
    Estimate { models, total }
}

fn part_of(plan: &Plan, model_idx: usize, bytes: &[u64], length: ReplyLength) -> Part {
    let Some(model) = plan.models.get(model_idx) else { return Part::NONE };
    let Seat::Api(endpoint) = &model.seat else { return Part::NONE };
    let n_repeats = u64::from(plan.n_repeats.max(1));
    let (n_items, n_bytes) = match plan.assigned.get(model_idx) {
        Some(Some(assigned)) => (
            assigned.len() as u64,
            assigned.iter().filter_map(|item_idx| bytes.get(*item_idx)).sum::<u64>(),
        ),
        _ => (bytes.len() as u64, bytes.iter().sum()),
    };
    let (n_calls, n_bytes) = (n_items * n_repeats, n_bytes.saturating_mul(n_repeats));
    let input_tokens = input_range(n_bytes);
    let answer = output_range(endpoint, length);
    let output_tokens =
        Span { low: answer.low.saturating_mul(n_calls), high: answer.high.saturating_mul(n_calls) };
    let price = match Tariff::of(model) {
        Tariff::Priced(price) => Some(price),
        Tariff::Free | Tariff::Unknown => None,
    };
    Part {
        n_calls,
        input_tokens,
        output_tokens,
        money: price.map(|price| Span {
            low: price.of_tokens(input_tokens.low, output_tokens.low) + price.of_calls(n_calls),
            high: price.of_tokens(input_tokens.high, output_tokens.high) + price.of_calls(n_calls),
        }),
        ceiling: price.map(|price| {
            let input = n_bytes.saturating_add(super::OVERHEAD_TOKENS.saturating_mul(n_calls));
            // Each call's cost is rounded up to a whole micro-dollar.
            price.of_tokens(input, super::output_ceiling(endpoint).saturating_mul(n_calls))
                + price.of_calls(n_calls)
                + MicroDollars(n_calls)
        }),
    }
}

/// Tokens that a prompt of so many bytes probably has.
pub(super) fn input_range(bytes: u64) -> Span<u64> {
    Span { low: bytes / 6, high: bytes.div_ceil(2) }
}

/// Tokens that one answer probably has. These are assumptions and wide on purpose: how long a model thinks, nobody knows
/// before.
pub(super) fn output_range(endpoint: &Endpoint, length: ReplyLength) -> Span<u64> {
    let written = match length {
        ReplyLength::Short => LETTER,
        ReplyLength::Reasoned => REASONED,
        ReplyLength::Unsaid => Span { low: LETTER.low, high: REASONED.high },
    };
    let thinking = match endpoint.settings.effort {
        None => UNSAID_THINKING,
        Some(Effort::None) => Span { low: 0, high: 0 },
        Some(Effort::Minimal) => Span { low: 0, high: 500 },
        Some(Effort::Low) => Span { low: 0, high: 2_000 },
        Some(Effort::Medium) => Span { low: 200, high: 6_000 },
        Some(Effort::High) => Span { low: 500, high: 20_000 },
    };
    let limit = super::output_ceiling(endpoint);
    let range = written + thinking;
    Span { low: range.low.min(limit), high: range.high.min(limit) }
}
