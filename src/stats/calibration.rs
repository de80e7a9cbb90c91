//! Owns calibration: whether stated confidences hold, and what is gained by leaving out what a model is unsure of.

use super::{Interval, proportion};

/// A stated confidence, 0 to 1, and whether the answer was right.
pub type Stated = (f64, bool);

/// One bin of a reliability diagram.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bin {
    /// Lower edge, in the bin.
    pub low: f64,
    /// Upper edge; only the last bin holds it.
    pub high: f64,
    /// Answers in it, at least one.
    pub n: usize,
    /// Mean stated confidence.
    pub confidence: f64,
    /// Share that was right.
    pub accuracy: f64,
    /// Wilson's interval of that share.
    pub interval: Interval,
}

/// How well stated confidences hold.
#[derive(Debug, Clone, PartialEq)]
pub struct Calibration {
    /// Answers with a stated confidence.
    pub n: usize,
    /// Mean stated confidence.
    pub mean_confidence: f64,
    /// Share right.
    pub accuracy: f64,
    /// Mean of (confidence − right)²: 0 is best; saying 50 % always gives 0.25 (Brier 1950).
    pub brier: f64,
    /// Its parts.
    pub parts: BrierParts,
    /// Expected calibration error: mean over bins, weighted by their answers, of |accuracy − confidence| (Naeini and
    /// others 2015). It depends on the bins, and chance alone keeps it above 0.
    pub ece: f64,
    /// The largest of those gaps.
    pub max_gap: f64,
    /// Chance that a right answer was stated with more confidence than a wrong one, ties counted half (area under the
    /// ROC curve); `None` when all or none are right.
    pub discrimination: Option<f64>,
    /// Bins with at least one answer, lowest first.
    pub bins: Vec<Bin>,
}

/// The parts of the Brier score, over distinct confidences (Murphy 1973): reliability − resolution + uncertainty.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BrierParts {
    /// How far confidences lie from what came true: less is better.
    pub reliability: f64,
    /// How far what came true lies from the average: more is better.
    pub resolution: f64,
    /// Share right times share wrong: that of the questions, not of the model's confidence.
    pub uncertainty: f64,
}

/// Calibration with `n_bins` > 0 bins of equal width. `confidence` is that of the bins' intervals. `None` without an answer.
pub fn calibration(stated: &[Stated], n_bins: usize, confidence: f64) -> Option<Calibration> {
    if stated.is_empty() {
        return None;
    }
    let n = stated.len() as f64;
    let mean = |value: &dyn Fn(&Stated) -> f64| stated.iter().map(value).sum::<f64>() / n;
    let bins = bins(stated, n_bins.max(1), confidence);
    let gap = |bin: &Bin| (bin.accuracy - bin.confidence).abs();
    Some(Calibration {
        n: stated.len(),
        mean_confidence: mean(&|(confidence, _)| *confidence),
        accuracy: mean(&|(_, right)| number(*right)),
        brier: mean(&|(confidence, right)| (confidence - number(*right)).powi(2)),
        parts: brier_parts(stated),
        ece: bins.iter().map(|bin| bin.n as f64 / n * gap(bin)).sum(),
        max_gap: bins.iter().map(gap).fold(0.0, f64::max),
        discrimination: discrimination(stated),
        bins,
    })
}

fn number(right: bool) -> f64 {
    f64::from(u8::from(right))
}

fn bins(stated: &[Stated], n_bins: usize, confidence: f64) -> Vec<Bin> {
    let edge = |idx: usize| idx as f64 / n_bins as f64;
    (0..n_bins)
        .filter_map(|idx| {
            let (low, high) = (edge(idx), edge(idx + 1));
            let is_in = |value: f64| low <= value && (value < high || idx + 1 == n_bins);
            let of_bin: Vec<&Stated> = stated.iter().filter(|(value, _)| is_in(*value)).collect();
            let n = of_bin.len();
            let n_right = of_bin.iter().filter(|(_, right)| *right).count();
            (n > 0).then(|| Bin {
                low,
                high,
                n,
                confidence: of_bin.iter().map(|(value, _)| value).sum::<f64>() / n as f64,
                accuracy: n_right as f64 / n as f64,
                interval: proportion::wilson(n_right as u64, n as u64, confidence),
            })
        })
        .collect()
}

/// Groups of equal confidence, highest first: confidence, right, number.
fn groups(stated: &[Stated]) -> Vec<(f64, usize, usize)> {
    let mut sorted = stated.to_vec();
    sorted.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut groups: Vec<(f64, usize, usize)> = Vec::new();
    for (confidence, right) in sorted {
        match groups.last_mut() {
            Some(last) if last.0.total_cmp(&confidence).is_eq() => {
                last.1 += usize::from(right);
                last.2 += 1;
            }
            _ => groups.push((confidence, usize::from(right), 1)),
        }
    }
    groups
}

fn brier_parts(stated: &[Stated]) -> BrierParts {
    let n = stated.len() as f64;
    let base = stated.iter().filter(|(_, right)| *right).count() as f64 / n;
    let (mut reliability, mut resolution) = (0.0, 0.0);
    for (confidence, n_right, n_here) in groups(stated) {
        let share = n_right as f64 / n_here as f64;
        let weight = n_here as f64 / n;
        reliability += weight * (confidence - share).powi(2);
        resolution += weight * (share - base).powi(2);
    }
    BrierParts { reliability, resolution, uncertainty: base * (1.0 - base) }
}

fn discrimination(stated: &[Stated]) -> Option<f64> {
    let n_right = stated.iter().filter(|(_, right)| *right).count();
    let n_wrong = stated.len() - n_right;
    if n_right == 0 || n_wrong == 0 {
        return None;
    }
    let (mut won, mut right_above) = (0.0, 0.0);
    for (_, right, n) in groups(stated) {
        won += (n - right) as f64 * (right_above + right as f64 / 2.0);
        right_above += right as f64;
    }
    Some(won / (n_right as f64 * n_wrong as f64))
}

/// What is right among the answers that are kept when the least certain ones are left out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Kept {
    /// The least confidence that is kept.
    pub threshold: f64,
    /// Share of all answers that is kept.
    pub coverage: f64,
    /// Share right among those kept.
    pub accuracy: f64,
    /// How many are kept.
    pub n: usize,
}

/// Accuracy against coverage, one point for each distinct confidence, the strictest first (El-Yaniv & Wiener 2010).
pub fn selective(stated: &[Stated]) -> Vec<Kept> {
    let (mut n_right, mut n) = (0, 0);
    groups(stated)
        .into_iter()
        .map(|(threshold, right, n_here)| {
            n_right += right;
            n += n_here;
            Kept {
                threshold,
                coverage: n as f64 / stated.len() as f64,
                accuracy: n_right as f64 / n as f64,
                n,
            }
        })
        .collect()
}

/// The area under the risk-coverage curve: the mean, over the most certain 1, 2, … n answers, of the share wrong among
/// them (Geifman & El-Yaniv 2017). Less is better; a confidence that says nothing gives the share wrong of all. Answers
/// of equal confidence count with their mean, the expectation over their orders. `None` without an answer.
pub fn area_under_risk(stated: &[Stated]) -> Option<f64> {
    let (mut wrong, mut n, mut sum) = (0.0, 0.0, 0.0);
    for (_, right, n_here) in groups(stated) {
        let share = (n_here - right) as f64 / n_here as f64;
        for _ in 0..n_here {
            wrong += share;
            n += 1.0;
            sum += wrong / n;
        }
    }
    (n > 0.0).then(|| sum / n)
}
