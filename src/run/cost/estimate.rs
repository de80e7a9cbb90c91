//! Owns what a run will probably cost: calls, tokens and money as ranges, model by model.

use std::ops::Add;

use super::{Tariff, all_prompt_bytes};
use crate::dataset::Kind;
use crate::prompt::ReplyLength;
use crate::provider::{Effort, Endpoint, MicroDollars, Price, Seat};
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

/// What a number of calls will probably take.
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
    /// By index into the plan's judges. The ceiling takes the longest answer that is allowed for that of the judge's own
    /// counting of tokens, since nobody has the answers before; the budget reckons with each answer as it is.
    pub judges: Vec<Part>,
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
    let judges = super::judges::of(plan);
    let total = models.iter().chain(&judges).copied().fold(Part::NONE, Add::add);
    Estimate { models, judges, total }
}

fn part_of(plan: &Plan, model_idx: usize, bytes: &[u64], length: ReplyLength) -> Part {
    let Some(model) = plan.models.get(model_idx) else { return Part::NONE };
    let Seat::Api(endpoint) = &model.seat else { return Part::NONE };
    if plan.graded_run().is_some() {
        return Part::NONE;
    }
    let n_repeats = u64::from(plan.n_repeats.max(1));
    let is_open = |item_idx: usize| {
        let kind = plan.items.get(item_idx).map(|item| &item.kind);
        matches!(kind, Some(Kind::Reference(_) | Kind::Rubric(_)))
    };
    let (n_items, n_open, n_bytes) = match plan.assigned.get(model_idx) {
        Some(Some(assigned)) => (
            assigned.len() as u64,
            assigned.iter().filter(|item_idx| is_open(**item_idx)).count() as u64,
            assigned.iter().filter_map(|item_idx| bytes.get(*item_idx)).sum::<u64>(),
        ),
        _ => (
            bytes.len() as u64,
            (0..bytes.len()).filter(|item_idx| is_open(*item_idx)).count() as u64,
            bytes.iter().sum(),
        ),
    };
    let (n_calls, n_bytes) = (n_items * n_repeats, n_bytes.saturating_mul(n_repeats));
    let n_open = n_open * n_repeats;
    let n_closed = n_calls - n_open.min(n_calls);
    let input_tokens = input_range(n_bytes);
    // Free text is as long as it is, whatever a template asks of other kinds.
    let answer = output_range(endpoint, length);
    let open = limited(endpoint, super::judges::OPEN);
    let of_all = |answer: u64, open: u64| {
        answer.saturating_mul(n_closed).saturating_add(open.saturating_mul(n_open))
    };
    let output_tokens =
        Span { low: of_all(answer.low, open.low), high: of_all(answer.high, open.high) };
    let price = match Tariff::of(model) {
        Tariff::Priced(price) => Some(price),
        Tariff::Free | Tariff::Unknown => None,
    };
    let input_ceiling = n_bytes.saturating_add(super::OVERHEAD_TOKENS.saturating_mul(n_calls));
    let output_ceiling = super::output_ceiling(endpoint).saturating_mul(n_calls);
    priced(price, n_calls, (input_tokens, output_tokens), (input_ceiling, output_ceiling))
}

/// So many calls at a price: with the tokens, sent and received, that they probably have, and those that they have at most.
pub(super) fn priced(
    price: Option<Price>,
    n_calls: u64,
    (input_tokens, output_tokens): (Span<u64>, Span<u64>),
    (input_ceiling, output_ceiling): (u64, u64),
) -> Part {
    Part {
        n_calls,
        input_tokens,
        output_tokens,
        money: price.map(|price| Span {
            low: price.of_tokens(input_tokens.low, output_tokens.low) + price.of_calls(n_calls),
            high: price.of_tokens(input_tokens.high, output_tokens.high) + price.of_calls(n_calls),
        }),
        ceiling: price.map(|price| {
            // Each call's cost is rounded up to a whole micro-dollar.
            price.of_tokens(input_ceiling, output_ceiling)
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
    limited(endpoint, written)
}

/// Tokens of thinking before an answer.
pub(super) fn thinking(endpoint: &Endpoint) -> Span<u64> {
    match endpoint.settings.effort {
        None => UNSAID_THINKING,
        Some(Effort::None) => Span { low: 0, high: 0 },
        Some(Effort::Minimal) => Span { low: 0, high: 500 },
        Some(Effort::Low) => Span { low: 0, high: 2_000 },
        Some(Effort::Medium) => Span { low: 200, high: 6_000 },
        Some(Effort::High) => Span { low: 500, high: 20_000 },
    }
}

/// What is written and thought, within the limit of an answer.
fn limited(endpoint: &Endpoint, written: Span<u64>) -> Span<u64> {
    let limit = super::output_ceiling(endpoint);
    let range = written + thinking(endpoint);
    Span { low: range.low.min(limit), high: range.high.min(limit) }
}
