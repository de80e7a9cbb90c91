//! Owns what a judge's figures mean in plain words, by rule: its agreement with people beside that of people with each other.

use std::collections::BTreeMap;

use super::{BenchFigures, Pairs, Row, beside, weighted};
use crate::report::{CONFIDENCE, RESAMPLING};
use crate::run::TrialId;
use crate::stats::Interval;
use crate::stats::bootstrap::{middle, resampled};
use crate::stats::difference::Difference;

/// Where the interval of the gap reaches farther than this from zero and still holds it, too little was judged to say that
/// the two are about the same. A choice of this page: a tenth of the whole scale.
const WIDE: f64 = 0.1;
/// A bootstrap of fewer answers than this says little.
const MIN_ANSWERS: usize = 10;

/// How a judge's agreement with people stands beside that of people with each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// The interval of the gap holds zero, and does not reach far from it.
    AsPeople,
    /// The judge agrees with people better than they do with each other.
    Better,
    /// It agrees with them less.
    Worse,
    /// Too little was judged to tell.
    TooFew,
    /// No criterion was labelled by two people, so that there is nothing to compare with.
    NoPeers,
    /// Nothing was judged.
    Nothing,
}

/// Reads the figures of a judge.
pub fn reading(figures: &BenchFigures) -> Reading {
    if figures.pairs.n() == 0 {
        return Reading::Nothing;
    }
    if figures.people.iter().all(|person| person.others.n() == 0) {
        return Reading::NoPeers;
    }
    let Some(Difference { interval: Interval { low, high }, .. }) = figures.gap else {
        return Reading::TooFew;
    };
    match (0.0 < low, high < 0.0) {
        (true, _) => Reading::Better,
        (_, true) => Reading::Worse,
        _ if low < -WIDE || WIDE < high => Reading::TooFew,
        _ => Reading::AsPeople,
    }
}

impl Reading {
    /// In plain words.
    pub fn told(self) -> &'static str {
        match self {
            Self::AsPeople => {
                "This judge agrees with people about as well as they agree with each other."
            }
            Self::Better => {
                "This judge agrees with people better than they agree with each other. That is possible where people differ at random and the judge holds to the middle."
            }
            Self::Worse => {
                "This judge agrees with people less well than they agree with each other. Do not trust scores that rest on it alone."
            }
            Self::TooFew => {
                "Too little was judged to tell whether this judge agrees with people as well as they agree with each other. Take more rows."
            }
            Self::NoPeers => {
                "No criterion of this file was labelled by two people, so that it cannot be told how well people agree with each other."
            }
            Self::Nothing => "Nothing has been judged yet.",
        }
    }
}

/// The judge's balanced F1 less that of people beside each other. Both are drawn together: each sample takes answers, with all
/// that the judge and all people said of them.
pub(super) fn gap(rows: &[Row<'_>]) -> Option<Difference> {
    let mut names: BTreeMap<&str, usize> = BTreeMap::new();
    for (rater, _) in rows.iter().flat_map(|row| &row.labels) {
        let n = names.len();
        names.entry(rater).or_insert(n);
    }
    let mut answers: BTreeMap<TrialId, (Pairs, Vec<(usize, Pairs)>)> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.met.is_some()) {
        let (judge, people) = answers.entry(row.trial).or_default();
        judge.join(&beside(row, |_| true));
        for (rater, pairs) in super::people_pairs(std::iter::once(row)) {
            let Some(rater) = names.get(rater).copied() else { continue };
            match people.iter_mut().find(|(known, _)| *known == rater) {
                Some((_, sum)) => sum.join(&pairs),
                None => people.push((rater, pairs)),
            }
        }
    }
    let answers: Vec<(Pairs, Vec<(usize, Pairs)>)> = answers.into_values().collect();
    if answers.len() < MIN_ANSWERS {
        return None;
    }
    let of = |drawn: &mut dyn Iterator<Item = usize>| {
        let mut judge = Pairs::default();
        let mut people = vec![Pairs::default(); names.len()];
        for (of_judge, of_people) in drawn.filter_map(|idx| answers.get(idx)) {
            judge.join(of_judge);
            for (rater, pairs) in of_people {
                if let Some(sum) = people.get_mut(*rater) {
                    sum.join(pairs);
                }
            }
        }
        Some(judge.balanced_f1()? - weighted(people.into_iter())?)
    };
    let value = of(&mut (0..answers.len()))?;
    let values = resampled(answers.len(), RESAMPLING, |drawn| of(&mut drawn.iter().copied()));
    Some(Difference { value, interval: middle(values, CONFIDENCE)? })
}
