//! Owns which items are listed by the grades of their answers: score, missing verdicts, judges that differ, overruled ones.

use crate::dataset::{Item, Kind};
use crate::report::grade_view::trial_of;
use crate::report::gradebook::{By, Gradebook, GradedAnswer};
use crate::report::grid::Grid;
use crate::run::{Journal, Plan, TrialId};

/// Which items are shown, by their graded answers. One answer of which it holds is enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GradeFilter {
    /// A judge that was to say something said nothing that could be read.
    Missing,
    /// Judges said different things of the same.
    JudgesDiffer,
    /// A person changed a grade.
    Overruled,
    /// The answer's score, in per cent, is at least `low` (none: as low as may be) and below `high`; 100 is part of the
    /// highest range.
    Score {
        /// The lowest.
        low: Option<u8>,
        /// Where it ends.
        high: u8,
    },
}

impl GradeFilter {
    /// The ranges of scores that are offered.
    pub const BANDS: [Self; 5] = [
        Self::Score { low: None, high: 0 },
        Self::Score { low: Some(0), high: 25 },
        Self::Score { low: Some(25), high: 50 },
        Self::Score { low: Some(50), high: 75 },
        Self::Score { low: Some(75), high: 100 },
    ];

    fn passes(
        self,
        plan: &Plan,
        item: &Item,
        trial: TrialId,
        answer: &GradedAnswer,
        by: By,
    ) -> bool {
        let grades = || {
            (0..answer.rulings.len()).map(|idx| {
                answer.ballots.iter().map(move |ballot| ballot.get(idx).copied().flatten())
            })
        };
        match self {
            Self::Missing => {
                let Some(judging) = &plan.judging else { return false };
                let Some(model) = plan.models.get(usize::from(trial.model)) else { return false };
                let sits: Vec<bool> =
                    judging.judges.iter().map(|judge| judging.sits_over(judge, model)).collect();
                grades().any(|votes| votes.zip(&sits).any(|(vote, sits)| *sits && vote.is_none()))
            }
            Self::JudgesDiffer => grades().any(|votes| {
                let mut votes = votes.flatten();
                let first = votes.next();
                votes.any(|vote| Some(vote) != first)
            }),
            Self::Overruled => answer.rulings.iter().any(Option::is_some),
            Self::Score { low, high } => {
                let Some(score) = score_of(answer, item, by) else { return false };
                let (score, high) = (100.0 * score, f64::from(high));
                low.is_none_or(|low| f64::from(low) <= score)
                    && (score < high || (100.0 <= high && score <= high))
            }
        }
    }
}

fn score_of(answer: &GradedAnswer, item: &Item, by: By) -> Option<f64> {
    let is_graded = matches!(item.kind, Kind::Rubric(_)) && answer.is_gradable();
    is_graded.then(|| answer.points(by, item, |_| true).score()).flatten()
}

/// Whose verdicts count, by run.
pub type Bys<'a> = &'a dyn Fn(usize) -> By;

/// Of these items, those that pass. `books` belong to `journals`, and both to the grid.
pub fn graded(
    grid: &Grid,
    (journals, books): (&[&Journal], &[Gradebook]),
    passing: &[usize],
    filter: GradeFilter,
    by: Bys<'_>,
) -> Vec<usize> {
    let passes = |row: &usize| {
        (0..grid.models.len()).any(|model| {
            let run = grid.models[model].run;
            let (Some(journal), Some(book)) = (journals.get(run), books.get(run)) else {
                return false;
            };
            grid.trials(model, *row).iter().any(|cell| {
                if filter == GradeFilter::Overruled && cell.overruled.is_some() {
                    return true;
                }
                let Some(trial) = trial_of(cell, journal) else { return false };
                let item = journal.plan.items.get(trial.item as usize);
                let (Some(item), Some(answer)) = (item, book.answer(trial)) else { return false };
                filter.passes(&journal.plan, item, trial, answer, by(run))
            })
        })
    };
    passing.iter().copied().filter(passes).collect()
}

/// What one model earned on one item that a rubric grades.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OpenMark {
    /// The mean score of its answers; `None` where nothing could be earned.
    pub score: Option<f64>,
    /// Criteria without a decision.
    pub n_missing: usize,
}

/// What a model earned on an item; `None` where no answer of it is graded by a rubric.
pub fn open_mark(
    grid: &Grid,
    (journals, books): (&[&Journal], &[Gradebook]),
    (model, row): (usize, usize),
    by: Bys<'_>,
) -> Option<OpenMark> {
    let run = grid.models.get(model)?.run;
    let (journal, book) = (journals.get(run)?, books.get(run)?);
    let mut points = vec![];
    for cell in grid.trials(model, row) {
        let Some(trial) = trial_of(cell, journal) else { continue };
        let item = journal.plan.items.get(trial.item as usize)?;
        let answer = book.answer(trial).filter(|answer| answer.is_gradable());
        if let (Kind::Rubric(_), Some(answer)) = (&item.kind, answer) {
            points.push(answer.points(by(run), item, |_| true));
        }
    }
    if points.is_empty() {
        return None;
    }
    let scores: Vec<f64> = points.iter().filter_map(crate::score::rubric::Points::score).collect();
    let n = scores.len() as f64;
    Some(OpenMark {
        score: (!scores.is_empty()).then(|| scores.iter().sum::<f64>() / n),
        n_missing: points.iter().map(|points| points.n_missing).sum(),
    })
}
