//! Owns what the calls of judges will probably cost. How long answers are, nobody knows before: they are assumed.

use super::estimate::{Part, Span, priced, thinking};
use super::{OVERHEAD_TOKENS, Tariff, output_ceiling};
use crate::dataset::Item;
use crate::provider::{Endpoint, ModelSpec, Seat};
use crate::run::judging::Judging;
use crate::run::plan::Plan;
use crate::score::Sought;

/// Tokens of an answer in free text, thinking not counted.
pub(super) const OPEN: Span<u64> = Span { low: 100, high: 1_500 };
/// Tokens of one verdict with its reason.
const VERDICT: Span<u64> = Span { low: 30, high: 250 };

/// What the judges of a plan will probably take, by judge. Every answer is reckoned to come and to be read at the first
/// try.
pub(super) fn of(plan: &Plan) -> Vec<Part> {
    let Some(judging) = &plan.judging else { return vec![] };
    judging.judges.iter().map(|judge| part_of(plan, judging, judge)).collect()
}

/// The calls of one judge.
#[derive(Default)]
struct Sum {
    n_calls: u64,
    n_verdicts: u64,
    /// Of the prompts, without the answers.
    n_bytes: u64,
    /// Of the answers at most.
    answer_ceiling: u64,
}

fn part_of(plan: &Plan, judging: &Judging, judge: &ModelSpec) -> Part {
    let Seat::Api(endpoint) = &judge.seat else { return Part::NONE };
    // By item: its calls, the verdicts in them, and the bytes of their prompts.
    let sheets: Vec<(u64, u64, u64)> = plan.items.iter().map(|item| sheet(judging, item)).collect();
    let n_repeats = u64::from(plan.n_repeats.max(1)) * u64::from(judging.n_repeats.max(1));
    let mut sum = Sum::default();
    let over = plan.models.iter().enumerate().filter(|(_, model)| judging.sits_over(judge, model));
    for (model_idx, model) in over {
        let answer_ceiling = model.seat.endpoint().map_or(OPEN.high, output_ceiling);
        let mut add = |item_idx: usize| {
            let Some((n_calls, n_verdicts, n_bytes)) = sheets.get(item_idx) else { return };
            sum.n_calls += n_calls * n_repeats;
            sum.n_verdicts += n_verdicts * n_repeats;
            sum.n_bytes = sum.n_bytes.saturating_add(n_bytes.saturating_mul(n_repeats));
            let answers = answer_ceiling.saturating_mul(n_calls * n_repeats);
            sum.answer_ceiling = sum.answer_ceiling.saturating_add(answers);
        };
        match plan.assigned.get(model_idx) {
            Some(Some(assigned)) => assigned.iter().copied().for_each(&mut add),
            _ => (0..sheets.len()).for_each(&mut add),
        }
    }
    part(judge, endpoint, &sum)
}

fn sheet(judging: &Judging, item: &Item) -> (u64, u64, u64) {
    let template = judging.template_of(item);
    judging.parts(item).into_iter().fold((0, 0, 0), |(n, verdicts, bytes), (criterion, sought)| {
        let n_bytes = template.n_bytes(item, criterion.map(usize::from)).unwrap_or(0);
        (n + 1, verdicts + sought.n() as u64, bytes + n_bytes)
    })
}

fn part(judge: &ModelSpec, endpoint: &Endpoint, sum: &Sum) -> Part {
    let n = sum.n_calls;
    let prompts = super::estimate::input_range(sum.n_bytes);
    let input_tokens = Span { low: prompts.low + OPEN.low * n, high: prompts.high + OPEN.high * n };
    let thinking = thinking(endpoint);
    let limit = output_ceiling(endpoint).saturating_mul(n);
    let output = |verdict: u64, thinking: u64| {
        verdict.saturating_mul(sum.n_verdicts).saturating_add(thinking.saturating_mul(n)).min(limit)
    };
    let output_tokens =
        Span { low: output(VERDICT.low, thinking.low), high: output(VERDICT.high, thinking.high) };
    let overhead = OVERHEAD_TOKENS.saturating_mul(n);
    let input_ceiling = sum.n_bytes.saturating_add(sum.answer_ceiling).saturating_add(overhead);
    let price = match Tariff::of(judge) {
        Tariff::Priced(price) => Some(price),
        Tariff::Free | Tariff::Unknown => None,
    };
    priced(price, n, (input_tokens, output_tokens), (input_ceiling, limit))
}

/// How many verdicts a plan asks of all its judges together, further tries not counted.
pub fn n_verdicts(plan: &Plan) -> u64 {
    let Some(judging) = &plan.judging else { return 0 };
    let n_of = |item: &Item| {
        judging
            .parts(item)
            .into_iter()
            .map(|(_, sought): (_, Sought)| sought.n() as u64)
            .sum::<u64>()
    };
    let by_item: Vec<u64> = plan.items.iter().map(n_of).collect();
    let n_repeats = u64::from(plan.n_repeats.max(1)) * u64::from(judging.n_repeats.max(1));
    let by_model = plan.models.iter().enumerate().map(|(model_idx, model)| {
        let n = match plan.assigned.get(model_idx) {
            Some(Some(assigned)) => assigned.iter().filter_map(|item| by_item.get(*item)).sum(),
            _ => by_item.iter().sum::<u64>(),
        };
        let sitting = judging.judges.iter().filter(|judge| judging.sits_over(judge, model));
        n * sitting.count() as u64
    });
    by_model.sum::<u64>() * n_repeats
}
