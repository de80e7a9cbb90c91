//! Owns the errors that come first: wrong answers to items that are marked as emergencies or as dosing.

use super::CONFIDENCE;
use super::grid::{Grid, State};
use crate::run::Journal;
use crate::score::Outcome;
use crate::stats::{Interval, proportion};

const EMERGENCY: &str = "emergency";
const DOSING: &str = "dosing";
/// The tags that mark an item as dangerous to get wrong.
const MARKS: [&str; 2] = [EMERGENCY, DOSING];

/// An item with a dangerous mark that at least one model answered wrongly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Danger {
    /// Index into [`Grid::items`].
    pub item: usize,
    /// Marked as an emergency.
    pub is_emergency: bool,
    /// Marked as a question of dose.
    pub is_dosing: bool,
    /// Who was wrong.
    pub wrong: Vec<WrongAnswer>,
    /// Models with a readable answer to it.
    pub n_answered: usize,
}

/// A wrong answer to such an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrongAnswer {
    /// Index into [`Grid::models`].
    pub model: usize,
    /// The option that was chosen, in the first of its wrong trials.
    pub choice: Option<usize>,
    /// Wrong trials.
    pub n_wrong: usize,
    /// Readable trials.
    pub n: usize,
}

/// One model on all items with a dangerous mark.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DangerShare {
    /// Index into [`Grid::models`].
    pub model: usize,
    /// Such items with a readable answer.
    pub n_items: usize,
    /// Of those, with at least one wrong answer.
    pub n_wrong: usize,
    /// Such items with no readable answer: no help, and no harm by what was said.
    pub n_unanswered: usize,
    /// Wilson's 95 % interval of the share wrong; `None` without an answer.
    pub interval: Option<Interval>,
}

/// Dangerous errors.
#[derive(Debug, Clone, PartialEq)]
pub struct Dangers {
    /// Items with a mark among those that count.
    pub n_marked: usize,
    /// Items with a wrong answer: most models wrong first, emergencies before others, then in the grid's order.
    pub errors: Vec<Danger>,
    /// By model.
    pub by_model: Vec<DangerShare>,
}

/// Whether any item that counts has a dangerous mark.
pub fn has_marks(grid: &Grid, journals: &[&Journal]) -> bool {
    let mut counted = grid.items.iter().enumerate().filter(|(idx, _)| grid.counts(*idx));
    counted.any(|(_, row)| {
        let item = journals.get(row.run).and_then(|journal| journal.plan.items.get(row.item));
        item.is_some_and(|item| item.tags.iter().any(|tag| MARKS.contains(&tag.as_str())))
    })
}

/// The dangerous errors of all models. `journals` are those that the grid was made from; they hold the marks.
pub fn dangers(grid: &Grid, journals: &[&Journal]) -> Dangers {
    let mut errors = Vec::new();
    let mut n_marked = 0;
    let mut by_model: Vec<DangerShare> = (0..grid.models.len())
        .map(|model| DangerShare { model, n_items: 0, n_wrong: 0, n_unanswered: 0, interval: None })
        .collect();
    for (idx, row) in grid.items.iter().enumerate().filter(|(idx, _)| grid.counts(*idx)) {
        let item = journals.get(row.run).and_then(|journal| journal.plan.items.get(row.item));
        let has = |tag: &str| item.is_some_and(|item| item.tags.iter().any(|own| own == tag));
        let (is_emergency, is_dosing) = (has(EMERGENCY), has(DOSING));
        if !is_emergency && !is_dosing {
            continue;
        }
        n_marked += 1;
        let (mut wrong, mut n_answered) = (Vec::new(), 0);
        for share in &mut by_model {
            let answer = answer_of(grid, share.model, idx);
            if answer.n > 0 {
                n_answered += 1;
                share.n_items += 1;
                share.n_wrong += usize::from(answer.n_wrong > 0);
            } else if is_asked(grid, share.model, idx) {
                share.n_unanswered += 1;
            }
            wrong.extend(Some(answer).filter(|answer| answer.n_wrong > 0));
        }
        if !wrong.is_empty() {
            errors.push(Danger { item: idx, is_emergency, is_dosing, wrong, n_answered });
        }
    }
    errors.sort_by_key(|one| std::cmp::Reverse((one.wrong.len(), one.is_emergency)));
    for share in &mut by_model {
        let (wrong, n) = (share.n_wrong as u64, share.n_items as u64);
        share.interval = (n > 0).then(|| proportion::wilson(wrong, n, CONFIDENCE));
    }
    Dangers { n_marked, errors, by_model }
}

fn answer_of(grid: &Grid, model: usize, item: usize) -> WrongAnswer {
    let cells = grid.trials(model, item).iter();
    let mut answer = WrongAnswer { model, choice: None, n_wrong: 0, n: 0 };
    for cell in cells {
        let State::Ended(outcome) = cell.state else { continue };
        match outcome {
            Outcome::Correct | Outcome::Partial => answer.n += 1,
            Outcome::Incorrect => {
                answer.n += 1;
                answer.n_wrong += 1;
                answer.choice = answer.choice.or(cell.choice);
            }
            Outcome::Refused
            | Outcome::Unreadable
            | Outcome::Truncated
            | Outcome::Failed
            | Outcome::Unscored => {}
        }
    }
    answer
}

fn is_asked(grid: &Grid, model: usize, item: usize) -> bool {
    grid.trials(model, item).iter().any(|cell| matches!(cell.state, State::Ended(_)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::Class;
    use crate::run::fixture::journal;

    #[test]
    fn what_most_got_wrong_comes_first_and_emergencies_before_doses() {
        let class = Class::GeneralPurpose;
        let mut run = journal("a", &[("m", class, &["iiici"]), ("n", class, &["iciur"])]);
        for (item, tag) in [(1, "dosing"), (2, "emergency"), (3, "dosing"), (4, "emergency")] {
            run.plan.items[item].tags.push(tag.to_owned());
        }
        let found = dangers(&Grid::of(&run), &[&run]);
        assert_eq!(found.n_marked, 4);
        let order: Vec<(usize, usize)> =
            found.errors.iter().map(|one| (one.item, one.wrong.len())).collect();
        assert_eq!(order, [(2, 2), (4, 1), (1, 1)]);
        assert_eq!(found.errors[0].wrong[0].choice, Some(2));
        let of_n = found.by_model[1];
        assert_eq!((of_n.n_items, of_n.n_wrong, of_n.n_unanswered), (2, 1, 2));
        assert!((of_n.interval.unwrap().low - 0.094_531).abs() < 1e-6);
    }
}
