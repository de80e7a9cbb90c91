//! Owns whether the confidence that models state holds.

use super::CONFIDENCE;
use super::grid::{Cell, Grid, State};
use crate::run::Journal;
use crate::score::Outcome;
use crate::score::confidence::stated_confidence;
use crate::stats::calibration::{
    Calibration, Kept, Stated, area_under_risk, calibration, selective,
};

/// Bins of a reliability diagram.
pub const N_BINS: usize = 10;

/// How well one model's stated confidence holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Calibrated {
    /// Index into [`Grid::models`].
    pub model: usize,
    /// Readable answers without a confidence that can be read; they are left out.
    pub n_without: usize,
    /// The figures.
    pub calibration: Calibration,
    /// Share right among the answers that are kept when the least certain are left out.
    pub kept: Vec<Kept>,
    /// Area under the risk-coverage curve.
    pub area_under_risk: f64,
}

/// The calibration of each model that states a confidence. Of each item the first readable answer counts, so that answers
/// are independent.
pub fn calibrated(grid: &Grid, journals: &[&Journal]) -> Vec<Calibrated> {
    (0..grid.models.len()).filter_map(|model| calibrated_of(grid, journals, model)).collect()
}

/// The same of one model: every answer is read for it, which takes a while.
pub fn calibrated_of(grid: &Grid, journals: &[&Journal], model: usize) -> Option<Calibrated> {
    let journal = journals.get(grid.models.get(model)?.run)?;
    let mut stated: Vec<Stated> = Vec::new();
    let mut n_without = 0;
    for (item, cells) in grid.trials_of(model).enumerate() {
        let Some((cell, right)) = cells.iter().find_map(readable) else { continue };
        if !grid.counts(item) {
            continue;
        }
        let text = cell.completion(journal).map_or("", |completion| &completion.text);
        match stated_confidence(text) {
            Some(confidence) => stated.push((confidence, right)),
            None => n_without += 1,
        }
    }
    Some(Calibrated {
        model,
        n_without,
        calibration: calibration(&stated, N_BINS, CONFIDENCE)?,
        kept: selective(&stated),
        area_under_risk: area_under_risk(&stated)?,
    })
}

fn readable(cell: &Cell) -> Option<(&Cell, bool)> {
    match cell.state {
        State::Ended(Outcome::Correct) => Some((cell, true)),
        State::Ended(Outcome::Incorrect | Outcome::Partial) => Some((cell, false)),
        State::Ended(
            Outcome::Refused
            | Outcome::Unreadable
            | Outcome::Truncated
            | Outcome::Failed
            | Outcome::Unscored,
        )
        | State::Unassigned
        | State::NotAsked => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::Class;
    use crate::run::fixture::{answered, attempt, journal, push, trial};

    #[test]
    fn stated_confidences_are_held_against_what_was_right() {
        let mut run = journal("a", &[("m", Class::Clinical, &["----"])]);
        let texts = [
            "Answer: B\nConfidence: 90 %",
            "Answer: C\nConfidence: 80 %",
            "Answer: B\nConfidence: 30 %",
            "Answer: B",
        ];
        for (item, text) in texts.into_iter().enumerate() {
            push(&mut run, attempt(trial(0, item, 0), 1, answered(text)));
        }
        let found = calibrated(&Grid::of(&run), &[&run]);
        assert_eq!((found[0].n_without, found[0].calibration.n), (1, 3));
        // 0.1², 0.8², 0.7².
        assert!((found[0].calibration.brier - 1.14 / 3.0).abs() < 1e-12);
        // Wrong among the most certain 1, 2, 3: 0, 1/2, 1/3.
        assert!((found[0].area_under_risk - (0.5 + 1.0 / 3.0) / 3.0).abs() < 1e-12);
        let without = journal("a", &[("m", Class::Clinical, &["cc"])]);
        assert!(calibrated(&Grid::of(&without), &[&without]).is_empty());
    }
}
