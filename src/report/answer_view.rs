//! Owns what is shown of each answer to one item: its text with the part that was read, or why there is none.

use super::grid::{Cell, Grid, State};
use crate::dataset::Item;
use crate::provider::{Completion, MicroDollars};
use crate::run::{AttemptResult, Body, Journal, Reused};
use crate::score;

/// One model's answer to one item, in one repeat.
#[derive(Debug, Clone, PartialEq)]
pub struct AnswerView {
    /// Index into [`Grid::models`].
    pub model: usize,
    /// Counted from zero.
    pub repeat: usize,
    /// How it ended.
    pub state: State,
    /// The option that was read.
    pub choice: Option<usize>,
    /// The answer's text in three parts: before, the part that the choice was read from, and after.
    pub text: Option<[String; 3]>,
    /// Reasoning that the provider sent apart.
    pub reasoning: Option<String>,
    /// Why there is no answer, in the provider's words.
    pub failure: Option<String>,
    /// Tries made.
    pub n_attempts: u32,
    /// Time of the deciding try, in milliseconds.
    pub took_millis: u64,
    /// Tokens sent and received, where the provider counted them.
    pub tokens: Option<(u64, u64)>,
    /// The model id that answered, where the provider told.
    pub answered_by: Option<String>,
    /// Set where the answer was taken from an earlier run and not asked for again.
    pub reused: Option<Reused>,
    /// What all tries cost, where that is known.
    pub cost: Option<MicroDollars>,
    /// What tries without a known cost may have cost at most, on top.
    pub may_have_cost: MicroDollars,
}

/// In a longer text, in bytes, the part that the choice was read from is not looked for again: that would hold up the page, and
/// nobody could see it among so much.
const MAX_MARKED: usize = 500_000;

/// Every answer to an item of the grid, model by model. `journals` are those that the grid was made from.
pub fn answers_to(grid: &Grid, journals: &[&Journal], row_idx: usize) -> Vec<AnswerView> {
    let Some(row) = grid.items.get(row_idx) else { return vec![] };
    let item = journals.get(row.run).and_then(|journal| journal.plan.items.get(row.item));
    let Some(item) = item else { return vec![] };
    let mut views = vec![];
    for (model, participant) in grid.models.iter().enumerate() {
        let Some(journal) = journals.get(participant.run) else { continue };
        let cells = grid.trials(model, row_idx).iter().enumerate();
        views.extend(
            cells
                .filter(|(_, cell)| cell.state != State::Unassigned)
                .map(|(repeat, cell)| view_of(model, repeat, cell, journal, item)),
        );
    }
    views
}

fn view_of(model: usize, repeat: usize, cell: &Cell, journal: &Journal, item: &Item) -> AnswerView {
    let mut view = AnswerView {
        model,
        repeat,
        state: cell.state,
        choice: cell.choice,
        text: None,
        reasoning: None,
        failure: None,
        n_attempts: cell.n_attempts,
        took_millis: cell.took_millis,
        tokens: None,
        answered_by: None,
        reused: None,
        cost: cell.cost,
        may_have_cost: cell.may_have_cost,
    };
    let entry = cell.entry.and_then(|idx| journal.entries.get(idx));
    let Some(Body::Attempt(attempt)) = entry.map(|entry| &entry.body) else { return view };
    view.reused.clone_from(&attempt.reused);
    match &attempt.result {
        AttemptResult::Answered(completion) => {
            let is_short = completion.text.len() <= MAX_MARKED;
            let span = is_short.then(|| score::judge(item, completion).span).flatten();
            fill(&mut view, completion, span);
        }
        AttemptResult::Recorded { completion, .. } => fill(&mut view, completion, None),
        AttemptResult::GaveUp { failure } | AttemptResult::WillRetry { failure } => {
            view.failure = Some(failure.to_string());
        }
    }
    view
}

fn fill(view: &mut AnswerView, completion: &Completion, span: Option<std::ops::Range<usize>>) {
    let text = &completion.text;
    let span = span.unwrap_or(text.len()..text.len());
    let part = |range: std::ops::Range<usize>| text.get(range).unwrap_or_default().to_owned();
    view.text = Some([part(0..span.start), part(span.clone()), part(span.end..text.len())]);
    view.reasoning.clone_from(&completion.reasoning);
    view.tokens = completion.usage.map(|usage| (usage.input_tokens, usage.output_tokens));
    view.answered_by.clone_from(&completion.answered_by);
}
