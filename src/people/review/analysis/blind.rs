//! Owns what may be shown before unblinding: figures by code, and how far reviewers agree. No model, in no form.

use super::dimension::alpha_of;
use super::{declined, rated};
use crate::people::review::file::KeyFile;
use crate::people::review::merge::Merged;
use crate::stats::Interval;

/// The figures of a review while it is blind.
#[derive(Debug, Clone, PartialEq)]
pub struct BlindFigures {
    /// One for each rated answer, sorted by code.
    pub answers: Vec<BlindAnswer>,
    /// By dimension of the scale: Krippendorff's alpha with its interval, where it is defined.
    pub alphas: Vec<Option<(f64, Option<Interval>)>>,
    /// Ratings that count.
    pub n_ratings: usize,
}

/// The figures of an answer.
#[derive(Debug, Clone, PartialEq)]
pub struct BlindAnswer {
    /// Its code.
    pub code: String,
    /// Reviewers who judged it.
    pub n_ratings: usize,
    /// By dimension of the scale: the mean of its ratings.
    pub means: Vec<Option<f64>>,
    /// Whether most of them say that it declines.
    pub is_declined: bool,
}

/// The figures by code.
pub fn blind(key: &KeyFile, merged: &Merged) -> BlindFigures {
    let all = rated(key, merged);
    let declined = declined(key, &all);
    let mut answers: Vec<BlindAnswer> = key
        .answers
        .iter()
        .enumerate()
        .map(|(idx, answer)| {
            let of_answer = || all.iter().filter(move |one| one.answer == idx);
            let mean = |id: &String| {
                let scores: Vec<f64> = of_answer()
                    .filter_map(|one| one.counted.rating.scores.get(id))
                    .map(|score| f64::from(*score))
                    .collect();
                (!scores.is_empty()).then(|| scores.iter().sum::<f64>() / scores.len() as f64)
            };
            BlindAnswer {
                code: answer.code.clone(),
                n_ratings: of_answer().count(),
                means: key.scale.dimensions.iter().map(|of| mean(&of.id)).collect(),
                is_declined: declined[idx],
            }
        })
        .filter(|answer| 0 < answer.n_ratings)
        .collect();
    answers.sort_by(|a, b| a.code.cmp(&b.code));
    let answered: Vec<_> = all.iter().copied().filter(|one| !declined[one.answer]).collect();
    let alphas = key.scale.dimensions.iter().map(|of| alpha_of(key, &of.id, &answered)).collect();
    BlindFigures { answers, alphas, n_ratings: merged.ratings.len() }
}
