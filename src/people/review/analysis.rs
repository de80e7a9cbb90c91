//! Owns the figures of a review: by codes alone before unblinding, by model after it.

mod blind;
mod dimension;
mod preference;

pub use blind::{BlindAnswer, BlindFigures, blind};
pub use dimension::{DimensionFigures, Effect, MeanFigure, OrdinalFigures, PairEffect};
pub use preference::{Preferences, Standing};

use super::assign::Mode;
use super::file::KeyFile;
use super::merge::{Counted, Merged};
use super::scale::REFUSAL;
use crate::report::CONFIDENCE;
use crate::stats::{Interval, proportion};

/// Names are shown only after the organiser has unblinded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the review is not unblinded yet")]
pub struct StillBlind;

/// The figures of a review by model.
#[derive(Debug, Clone, PartialEq)]
pub struct Analysis {
    /// Names of the models.
    pub models: Vec<String>,
    /// By model: answers that decline, of all.
    pub refusals: Vec<Option<Share>>,
    /// One for each dimension of the scale; none in pairs.
    pub dimensions: Vec<DimensionFigures>,
    /// One for each flag but that of refusal: its id and question, and by model the share of “yes”.
    pub flags: Vec<FlagFigures>,
    /// In pairs.
    pub preferences: Option<Result<Preferences, String>>,
    /// Ratings that count.
    pub n_ratings: usize,
    /// Of these “I cannot judge this”.
    pub n_cannot_judge: usize,
    /// Tasks without a rating that counts.
    pub n_missing: usize,
    /// Questions of the review.
    pub n_questions: usize,
    /// Reviewers with a rating that counts.
    pub n_reviewers: usize,
}

/// How often a question of yes or no was answered by yes.
#[derive(Debug, Clone, PartialEq)]
pub struct FlagFigures {
    /// Of the scale.
    pub id: String,
    /// For people.
    pub question: String,
    /// By model.
    pub shares: Vec<Option<Share>>,
}

/// A share with Wilson's interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Share {
    /// Yes.
    pub n_yes: usize,
    /// All.
    pub n: usize,
    /// The answers that they are about. The interval is that of so many observations: several reviewers of one answer see
    /// the same text.
    pub n_answers: usize,
    /// Share of yes.
    pub value: f64,
    /// Its interval.
    pub interval: Interval,
}

impl Share {
    fn of(n_yes: usize, n: usize, n_answers: usize) -> Option<Self> {
        let value = n_yes as f64 / n as f64;
        let interval = || proportion::wilson_at(value, n_answers as f64, CONFIDENCE);
        (0 < n && 0 < n_answers).then(|| Self { n_yes, n, n_answers, value, interval: interval() })
    }
}

/// A rating of one answer with where it belongs.
#[derive(Debug, Clone, Copy)]
struct Rated<'a> {
    answer: usize,
    question: usize,
    model: usize,
    reviewer: usize,
    counted: &'a Counted,
}

/// The ratings of single answers that somebody judged.
fn rated<'a>(key: &KeyFile, merged: &'a Merged) -> Vec<Rated<'a>> {
    let judged = merged.ratings.iter().filter(|counted| !counted.rating.cannot_judge);
    judged
        .filter_map(|counted| {
            let [answer] = counted.answers[..] else { return None };
            let of = key.answers.get(answer)?;
            let (question, model, reviewer) = (of.question, of.model, counted.reviewer);
            Some(Rated { answer, question, model, reviewer, counted })
        })
        .collect()
}

/// By answer: whether more than half of those who judged it say that it declines.
fn declined(key: &KeyFile, rated: &[Rated<'_>]) -> Vec<bool> {
    let mut votes = vec![(0_usize, 0_usize); key.answers.len()];
    for one in rated {
        let vote = &mut votes[one.answer];
        vote.0 += usize::from(one.counted.rating.flags.get(REFUSAL) == Some(&true));
        vote.1 += 1;
    }
    votes.into_iter().map(|(n_yes, n)| n < 2 * n_yes).collect()
}

/// The figures by model, once the review is unblinded.
pub fn analyse(key: &KeyFile, merged: &Merged) -> Result<Analysis, StillBlind> {
    if key.unblinded.is_empty() {
        return Err(StillBlind);
    }
    let all = rated(key, merged);
    let declined = declined(key, &all);
    let answered: Vec<Rated<'_>> =
        all.iter().copied().filter(|one| !declined[one.answer]).collect();
    let n_models = key.models.len();
    let refusals = (0..n_models).map(|model| {
        let known = key.refusals.iter().filter(|refusal| refusal.model == model).count();
        let of_model = key.answers.iter().enumerate().filter(|(_, answer)| answer.model == model);
        let (n_found, n_rated) = of_model
            .fold((0, 0), |(found, n), (idx, _)| (found + usize::from(declined[idx]), n + 1));
        Share::of(known + n_found, known + n_rated, known + n_rated)
    });
    let refusals: Vec<Option<Share>> = refusals.collect();
    let dimensions = match key.mode {
        Mode::Single => {
            key.scale.dimensions.iter().map(|of| dimension::figures(key, of, &answered)).collect()
        }
        Mode::Pairs => vec![],
    };
    let flags = match key.mode {
        Mode::Single => {
            let asked = key.scale.flags.iter().filter(|flag| flag.id != REFUSAL);
            asked
                .map(|flag| FlagFigures {
                    id: flag.id.clone(),
                    question: flag.question.clone(),
                    shares: (0..n_models).map(|model| yes(&answered, model, &flag.id)).collect(),
                })
                .collect()
        }
        Mode::Pairs => vec![],
    };
    let preferences = match key.mode {
        Mode::Single => None,
        Mode::Pairs => Some(preference::figures(key, merged)),
    };
    Ok(Analysis {
        models: key.models.clone(),
        refusals,
        dimensions,
        flags,
        preferences,
        n_ratings: merged.ratings.len(),
        n_cannot_judge: merged.ratings.iter().filter(|one| one.rating.cannot_judge).count(),
        n_missing: merged.progress.iter().map(|(n_done, n)| n.saturating_sub(*n_done)).sum(),
        n_questions: key.questions.len(),
        n_reviewers: merged.progress.iter().filter(|(n_done, _)| 0 < *n_done).count(),
    })
}

/// How often a flag was answered by yes for a model.
fn yes(rated: &[Rated<'_>], model: usize, flag: &str) -> Option<Share> {
    let (mut n_yes, mut n) = (0, 0);
    let mut answers = std::collections::BTreeSet::new();
    for one in rated.iter().filter(|one| one.model == model) {
        if let Some(is_so) = one.counted.rating.flags.get(flag) {
            n_yes += usize::from(*is_so);
            n += 1;
            answers.insert(one.answer);
        }
    }
    Share::of(n_yes, n, answers.len())
}

#[cfg(test)]
mod tests;
