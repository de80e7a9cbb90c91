//! Owns the table of items: one row per item with what each model made of it, filtered and searched.

pub mod grades;
pub mod order;
pub mod search;

use super::grid::{Cell, Grid, State};
use super::leaderboard::count;
use super::rule::Unanswered;
use crate::score::Outcome;

pub use grades::GradeFilter;
pub use order::{Grouping, Listing, Order};
pub use search::SearchIndex;

/// What one model made of one item, over all repeats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// How the trials ended: the state that most of them share; of several, the one that comes first.
    pub state: State,
    /// The option chosen, when all repeats that chose one chose the same.
    pub choice: Option<usize>,
    /// Trials that were right.
    pub n_right: usize,
    /// Trials that were planned.
    pub n_trials: usize,
    /// Whether the repeats ended in different ways or chose different options.
    pub varies: bool,
}

/// What a model made of an item. Indices must be those of [`Grid::models`] and [`Grid::items`].
pub fn mark(grid: &Grid, model: usize, item: usize) -> Mark {
    mark_of(grid.trials(model, item))
}

fn mark_of(cells: &[Cell]) -> Mark {
    let planned = || cells.iter().filter(|cell| cell.state != State::Unassigned);
    // There are few states, however many repeats.
    let mut shares: Vec<(State, usize)> = Vec::new();
    for cell in planned() {
        match shares.iter_mut().find(|(state, _)| *state == cell.state) {
            Some((_, n)) => *n += 1,
            None => shares.push((cell.state, 1)),
        }
    }
    let most = shares.iter().map(|(_, n)| *n).max();
    let state = shares.iter().find(|(_, n)| Some(*n) == most).map(|(state, _)| *state);
    let right = shares.iter().find(|(state, _)| *state == State::Ended(Outcome::Correct));
    let mut choices = planned().filter_map(|cell| cell.choice);
    let first = choices.next();
    let is_one_choice = choices.all(|choice| Some(choice) == first);
    Mark {
        state: state.unwrap_or(State::Unassigned),
        choice: first.filter(|_| is_one_choice),
        n_right: right.map_or(0, |(_, n)| *n),
        n_trials: shares.iter().map(|(_, n)| n).sum(),
        varies: !is_one_choice || shares.len() > 1,
    }
}

/// Which items are shown: all, variants alone, or those among the items that figures [count](Grid::counts) of which
/// something holds. What counts as right follows the rule that the figures beside the table use, so that the
/// number of rows is the number in the figure. With repeats an item is right when each trial that counts is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Filter {
    /// Every item.
    #[default]
    All,
    /// Variants of other items.
    Variants,
    /// Items that a model was asked and none got right.
    AllWrong,
    /// Items that a model was asked and each got right.
    AllRight,
    /// Items on which two models differ: one right and one not, or two chosen options.
    Disagreement,
    /// Items that one model got right and another did not.
    RightWrong {
        /// Index into [`Grid::models`].
        right: usize,
        /// Index into [`Grid::models`].
        wrong: usize,
    },
    /// Items with a trial of a model in this state.
    InState {
        /// Index into [`Grid::models`].
        model: usize,
        /// The state.
        state: State,
    },
    /// Items by the grades of their answers, which the grid does not hold: see [`grades::graded`].
    Grades(GradeFilter),
}

/// Indices into [`Grid::items`] of the items that pass, ascending. `category` limits them to one of
/// [`Grid::categories`].
pub fn filtered(
    grid: &Grid,
    filter: Filter,
    category: Option<usize>,
    rule: Unanswered,
) -> Vec<usize> {
    let is_in = |item: &usize| category.is_none_or(|wanted| grid.items[*item].category == wanted);
    (0..grid.items.len()).filter(is_in).filter(|item| passes(grid, filter, *item, rule)).collect()
}

fn passes(grid: &Grid, filter: Filter, item: usize, rule: Unanswered) -> bool {
    if !matches!(filter, Filter::All | Filter::Variants) && !grid.counts(item) {
        return false;
    }
    match filter {
        Filter::All | Filter::Grades(_) => true,
        Filter::Variants => grid.items[item].change.is_some(),
        Filter::AllWrong => all(grid, item, rule, false),
        Filter::AllRight => all(grid, item, rule, true),
        Filter::Disagreement => is_disputed(grid, item, rule),
        Filter::RightWrong { right, wrong } => {
            is_right(grid.trials(right, item), rule) == Some(true)
                && is_right(grid.trials(wrong, item), rule) == Some(false)
        }
        Filter::InState { model, state } => {
            grid.trials(model, item).iter().any(|cell| cell.state == state)
        }
    }
}

/// Whether each trial that counts is right; `None` when none counts.
fn is_right(cells: &[Cell], rule: Unanswered) -> Option<bool> {
    let (n_right, n) = count(rule, cells);
    (n > 0).then_some(n_right == n)
}

fn all(grid: &Grid, item: usize, rule: Unanswered, wanted: bool) -> bool {
    let mut values =
        (0..grid.models.len()).filter_map(|model| is_right(grid.trials(model, item), rule));
    values.next().is_some_and(|first| first == wanted && values.all(|value| value == wanted))
}

fn is_disputed(grid: &Grid, item: usize, rule: Unanswered) -> bool {
    let mut seen_right = None;
    let mut seen_choice = None;
    (0..grid.models.len()).any(|model| {
        let cells = grid.trials(model, item);
        let differs = |seen: &mut Option<usize>, new: Option<usize>| match (*seen, new) {
            (Some(old), Some(new)) => old != new,
            (None, Some(_)) => {
                *seen = new;
                false
            }
            _ => false,
        };
        differs(&mut seen_choice, mark_of(cells).choice)
            || differs(&mut seen_right, is_right(cells, rule).map(usize::from))
    })
}

#[cfg(test)]
mod tests;
