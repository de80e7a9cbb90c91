//! Owns how well a person knows what they know: the Brier score of stated confidences, and confidence beside being right.

use super::confidence_in;
use crate::report::{CONFIDENCE, Grid, State, Unanswered};
use crate::run::Journal;
use crate::stats::Interval;
use crate::stats::paired::mean_difference;
use crate::stats::proportion::wilson;

/// What stated confidences are worth.
#[derive(Debug, Clone, PartialEq)]
pub struct Calibration {
    /// Answers that were right or wrong and came with a confidence.
    pub n: usize,
    /// Mean of (confidence − right)², 0 to 1, the lower the better (Brier 1950).
    pub brier: f64,
    /// 95 % Student's t interval over questions; `None` for fewer than two.
    pub brier_interval: Option<Interval>,
    /// Mean confidence minus share right, −1 to 1: above zero is too sure.
    pub excess: f64,
    /// 95 % Student's t interval over questions; `None` for fewer than two.
    pub excess_interval: Option<Interval>,
    /// For each confidence that was stated, ascending.
    pub levels: Vec<Level>,
}

/// The answers that were given with one confidence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Level {
    /// What was stated, 0 to 1.
    pub confidence: f64,
    /// Right answers.
    pub n_right: usize,
    /// Answers.
    pub n: usize,
    /// 95 % Wilson interval of the share right.
    pub interval: Interval,
}

/// Of one participant of a run; `None` where no confidence was stated.
pub fn calibration(grid: &Grid, journal: &Journal, model: usize) -> Option<Calibration> {
    let cells = (0..grid.items.len()).flat_map(|item| grid.trials(model, item));
    let stated: Vec<(f64, bool)> = cells
        .filter_map(|cell| {
            let State::Ended(_) = cell.state else { return None };
            let is_right = Unanswered::SetAside.right(cell.state)?;
            Some((confidence_in(&cell.completion(journal)?.text)?, is_right))
        })
        .collect();
    of_stated(&stated)
}

/// Of confidences (0 to 1), each with whether the answer was right.
pub fn of_stated(stated: &[(f64, bool)]) -> Option<Calibration> {
    let right = |is_right: bool| if is_right { 1.0 } else { 0.0 };
    let squares: Vec<f64> = stated.iter().map(|(p, is)| (p - right(*is)).powi(2)).collect();
    let excesses: Vec<f64> = stated.iter().map(|(p, is)| p - right(*is)).collect();
    let (brier, excess) =
        (mean_difference(&squares, CONFIDENCE)?, mean_difference(&excesses, CONFIDENCE)?);
    let mut confidences: Vec<f64> = stated.iter().map(|(p, _)| *p).collect();
    confidences.sort_by(f64::total_cmp);
    confidences.dedup();
    let levels = confidences.into_iter().map(|confidence| {
        let at: Vec<bool> = stated
            .iter()
            .filter(|(p, _)| p.total_cmp(&confidence).is_eq())
            .map(|(_, is)| *is)
            .collect();
        let n_right = at.iter().filter(|is| **is).count();
        let interval = wilson(n_right as u64, at.len() as u64, CONFIDENCE);
        Level { confidence, n_right, n: at.len(), interval }
    });
    Some(Calibration {
        n: stated.len(),
        brier: brier.mean,
        brier_interval: brier.interval.map(|interval| interval.within(0.0, 1.0)),
        excess: excess.mean,
        excess_interval: excess.interval.map(|interval| interval.within(-1.0, 1.0)),
        levels: levels.collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_brier_score_is_that_of_hand_calculation() {
        // (0.8−1)² + (0.8−0)² + (0.2−0)² + (0.95−1)² = 0.04 + 0.64 + 0.04 + 0.0025 = 0.7225; / 4 = 0.180625.
        let stated = [(0.8, true), (0.8, false), (0.2, false), (0.95, true)];
        let found = of_stated(&stated).unwrap();
        assert!((found.brier - 0.180_625).abs() < 1e-12);
        // (0.8 + 0.8 + 0.2 + 0.95) / 4 − 2 / 4 = 0.6875 − 0.5.
        assert!((found.excess - 0.1875).abs() < 1e-12);
        let levels: Vec<(f64, usize, usize)> =
            found.levels.iter().map(|level| (level.confidence, level.n_right, level.n)).collect();
        assert_eq!(levels, [(0.2, 0, 1), (0.8, 1, 2), (0.95, 1, 1)]);
        let interval = found.excess_interval.unwrap();
        assert!(interval.low < 0.1875 && 0.1875 < interval.high);
    }

    #[test]
    fn without_confidences_there_is_no_calibration() {
        assert_eq!(of_stated(&[]), None);
        assert!(of_stated(&[(0.6, true)]).unwrap().brier_interval.is_none());
    }
}
