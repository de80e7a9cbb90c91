//! Owns the figures of one dimension: means, agreement, concordance, and the ordinal model.

use std::collections::{BTreeMap, BTreeSet};

use super::Rated;
use crate::people::review::file::KeyFile;
use crate::people::review::scale::Dimension;
use crate::report::{CONFIDENCE, RESAMPLING};
use crate::stats::agreement::{Level, krippendorff_alpha, krippendorff_interval};
use crate::stats::cluster::crossed_mean;
use crate::stats::concordance::{Concordance, kendall_w};
use crate::stats::multiple::holm;
use crate::stats::ordinal::{self, Factor, OrdinalError};
use crate::stats::{Interval, chi_square, normal};

/// The figures of one dimension.
#[derive(Debug, Clone, PartialEq)]
pub struct DimensionFigures {
    /// Of the scale.
    pub id: String,
    /// For people.
    pub name: String,
    /// Steps of the scale.
    pub n_steps: usize,
    /// By model.
    pub means: Vec<Option<MeanFigure>>,
    /// Krippendorff's alpha for ranks, with the interval that resampling questions gives; `None` where nobody disagrees, or
    /// no answer has two ratings.
    pub alpha: Option<(f64, Option<Interval>)>,
    /// Kendall's W of the questions: each ranks the models by the mean of its ratings. Only questions in which every model
    /// has one.
    pub concordance: Option<Concordance>,
    /// The cumulative-link model, or why it has no estimates.
    pub ordinal: Result<OrdinalFigures, String>,
}

/// A mean of ratings.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MeanFigure {
    /// On the scale.
    pub mean: f64,
    /// Clustered by question and by reviewer; `None` where there is only one of either.
    pub interval: Option<Interval>,
    /// Ratings.
    pub n_ratings: usize,
    /// Answers.
    pub n_answers: usize,
}

/// The estimates of the cumulative-link model with effects of model, question and reviewer.
#[derive(Debug, Clone, PartialEq)]
pub struct OrdinalFigures {
    /// The model that the others are held against: the first with ratings.
    pub reference: usize,
    /// By model; `None` for one without ratings. The reference has 0.
    pub effects: Vec<Option<Effect>>,
    /// Log-odds at which a rating passes from each step to the next.
    pub thresholds: Vec<f64>,
    /// Chi-square, degrees of freedom and p of the likelihood ratio against a model in which all models are alike.
    pub all_alike: Option<(f64, usize, f64)>,
    /// Every two models, with p adjusted by Holm over the pairs of this dimension.
    pub pairs: Vec<PairEffect>,
    /// Ratings that it is fitted to.
    pub n: usize,
    /// What was left out of it and why, for people.
    pub left_out: Vec<String>,
}

/// A difference in log-odds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Effect {
    /// Of a higher rating.
    pub log_odds: f64,
    /// Its standard error; 0 for the reference.
    pub error: f64,
}

impl Effect {
    /// The odds ratio with its interval.
    pub fn odds_ratio(&self) -> (f64, Interval) {
        let half = normal::z_of(CONFIDENCE) * self.error;
        let interval = Interval::around(self.log_odds, half);
        (self.log_odds.exp(), Interval { low: interval.low.exp(), high: interval.high.exp() })
    }
}

/// Two models held against each other.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PairEffect {
    /// The one that is rated higher, and the other.
    pub models: [usize; 2],
    /// How much higher.
    pub effect: Effect,
    /// By Wald's test, adjusted.
    pub adjusted_p: f64,
}

/// A rating of this dimension.
#[derive(Debug, Clone, Copy)]
struct Score {
    answer: usize,
    model: usize,
    question: usize,
    reviewer: usize,
    /// From 1 up.
    value: u8,
}

fn scores(id: &str, rated: &[Rated<'_>]) -> Vec<Score> {
    let score = |one: &Rated<'_>| {
        let value = *one.counted.rating.scores.get(id)?;
        let Rated { answer, model, question, reviewer, .. } = *one;
        Some(Score { answer, model, question, reviewer, value })
    };
    rated.iter().filter_map(score).collect()
}

/// Alpha of a dimension.
pub(super) fn alpha_of(
    key: &KeyFile,
    id: &str,
    rated: &[Rated<'_>],
) -> Option<(f64, Option<Interval>)> {
    let mut units: BTreeMap<usize, Vec<Option<f64>>> = BTreeMap::new();
    for score in scores(id, rated) {
        let unit = units.entry(score.answer).or_insert_with(|| vec![None; key.reviewers.len()]);
        unit[score.reviewer] = Some(f64::from(score.value));
    }
    let questions: Vec<usize> = units.keys().map(|answer| key.answers[*answer].question).collect();
    let units: Vec<Vec<Option<f64>>> = units.into_values().collect();
    let alpha = krippendorff_alpha(&units, Level::Ordinal)?;
    let of = |unit: usize| questions.get(unit).copied().unwrap_or(0);
    Some((alpha, krippendorff_interval(&units, of, Level::Ordinal, RESAMPLING, CONFIDENCE)))
}

/// All figures of a dimension.
pub(super) fn figures(
    key: &KeyFile,
    dimension: &Dimension,
    rated: &[Rated<'_>],
) -> DimensionFigures {
    let scores = scores(&dimension.id, rated);
    DimensionFigures {
        id: dimension.id.clone(),
        name: dimension.name.clone(),
        n_steps: dimension.anchors.len(),
        means: (0..key.models.len()).map(|model| mean(&scores, model, dimension)).collect(),
        alpha: alpha_of(key, &dimension.id, rated),
        concordance: concordance(key, &scores),
        ordinal: ordinal(key, &scores),
    }
}

fn mean(scores: &[Score], model: usize, dimension: &Dimension) -> Option<MeanFigure> {
    let of_model = scores.iter().filter(|score| score.model == model);
    let values: Vec<(f64, usize, usize)> = of_model
        .clone()
        .map(|score| (f64::from(score.value), score.question, score.reviewer))
        .collect();
    let mean = crossed_mean(&values)?;
    let most = dimension.anchors.len() as f64;
    Some(MeanFigure {
        mean: mean.mean,
        interval: mean.interval(CONFIDENCE).map(|interval| interval.within(1.0, most)),
        n_ratings: mean.n_values,
        n_answers: of_model.map(|score| score.answer).collect::<BTreeSet<_>>().len(),
    })
}

fn concordance(key: &KeyFile, scores: &[Score]) -> Option<Concordance> {
    let models: BTreeSet<usize> = scores.iter().map(|score| score.model).collect();
    let of_question = |question: usize| -> Option<Vec<f64>> {
        let mean = |model: &usize| {
            let of = scores.iter().filter(|one| one.question == question && one.model == *model);
            let values: Vec<f64> = of.map(|one| f64::from(one.value)).collect();
            (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
        };
        models.iter().map(mean).collect()
    };
    let rows: Vec<Vec<f64>> = (0..key.questions.len()).filter_map(of_question).collect();
    kendall_w(&rows)
}

/// Indices in use, ascending.
fn in_use(scores: &[Score], of: impl Fn(&Score) -> usize) -> Vec<usize> {
    scores.iter().map(of).collect::<BTreeSet<_>>().into_iter().collect()
}

fn factor(scores: &[Score], levels: &[usize], of: impl Fn(&Score) -> usize) -> Factor {
    let level = |score: &Score| levels.binary_search(&of(score)).unwrap_or(0);
    Factor { levels: scores.iter().map(level).collect(), n_levels: levels.len() }
}

/// The one of `levels` whose ratings are all at the same end of those in use.
fn at_end(scores: &[Score], ends: [u8; 2], of: impl Fn(&Score) -> usize) -> Option<usize> {
    let levels = in_use(scores, &of);
    let is_at = |level: usize, end: u8| {
        scores.iter().filter(|score| of(score) == level).all(|score| score.value == end)
    };
    let one = |level: &usize| ends.iter().any(|end| is_at(*level, *end));
    (1 < levels.len()).then(|| levels.iter().copied().find(one)).flatten()
}

fn ordinal(key: &KeyFile, scores: &[Score]) -> Result<OrdinalFigures, String> {
    let mut scores = scores.to_vec();
    let mut left_out = vec![];
    // A reviewer who gave everything the best rating says nothing about which model is better, and has no finite effect.
    loop {
        let used: Vec<u8> = scores.iter().map(|score| score.value).collect();
        let (Some(low), Some(high)) = (used.iter().min(), used.iter().max()) else {
            return Err("There is no rating.".to_owned());
        };
        let ends = [*low, *high];
        if low == high {
            return Err("All ratings are the same: there is nothing to compare.".to_owned());
        }
        if let Some(reviewer) = at_end(&scores, ends, |score| score.reviewer) {
            let name = &key.reviewers[reviewer].name;
            left_out.push(format!("{name}: all ratings at the same end of the scale"));
            scores.retain(|score| score.reviewer != reviewer);
        } else if let Some(question) = at_end(&scores, ends, |score| score.question) {
            let id = &key.questions[question].id;
            left_out.push(format!("question {id}: all ratings at the same end of the scale"));
            scores.retain(|score| score.question != question);
        } else {
            break;
        }
    }
    let steps = in_use(&scores, |score| usize::from(score.value));
    let models = in_use(&scores, |score| score.model);
    if models.len() < 2 {
        return Err("Only one model has ratings that can be compared.".to_owned());
    }
    let questions = in_use(&scores, |score| score.question);
    let reviewers = in_use(&scores, |score| score.reviewer);
    let ratings: Vec<usize> = scores
        .iter()
        .map(|score| steps.binary_search(&usize::from(score.value)).unwrap_or(0))
        .collect();
    let mut factors = vec![factor(&scores, &models, |score| score.model)];
    if 1 < questions.len() {
        factors.push(factor(&scores, &questions, |score| score.question));
    }
    if 1 < reviewers.len() {
        factors.push(factor(&scores, &reviewers, |score| score.reviewer));
    }
    let why = |error: OrdinalError| match error {
        OrdinalError::Separated { factor: 0, level } => {
            let name = models.get(level).and_then(|model| key.models.get(*model));
            format!(
                "All ratings of {} are at the same end of the scale, so that its distance to the others has no finite estimate.",
                name.map(String::as_str).unwrap_or_default()
            )
        }
        other => format!("No estimates: {other}. More ratings of the same answers help."),
    };
    let fit = ordinal::fit(&ratings, steps.len(), &factors).map_err(why)?;
    let alike = ordinal::fit(&ratings, steps.len(), &factors[1..]).ok().map(|null| {
        let chi_square = (2.0 * (fit.log_likelihood - null.log_likelihood)).max(0.0);
        let df = models.len() - 1;
        (chi_square, df, chi_square::upper_tail(chi_square, df as f64))
    });
    let effect = |levels: [usize; 2]| {
        fit.difference(0, levels).map(|(log_odds, error)| Effect { log_odds, error })
    };
    let mut effects = vec![None; key.models.len()];
    for (level, model) in models.iter().enumerate() {
        effects[*model] = effect([level, 0]);
    }
    let mut pairs = vec![];
    for one in 0..models.len() {
        for other in one + 1..models.len() {
            let Some(mut effect) = effect([one, other]) else { continue };
            let mut pair = [models[one], models[other]];
            if effect.log_odds < 0.0 {
                pair.swap(0, 1);
                effect.log_odds = -effect.log_odds;
            }
            pairs.push(PairEffect { models: pair, effect, adjusted_p: 1.0 });
        }
    }
    let p: Vec<f64> = pairs
        .iter()
        .map(|pair| normal::two_sided_p(pair.effect.log_odds / pair.effect.error))
        .collect();
    for (pair, adjusted) in pairs.iter_mut().zip(holm(&p)) {
        pair.adjusted_p = adjusted;
    }
    Ok(OrdinalFigures {
        reference: models[0],
        effects,
        thresholds: fit.thresholds,
        all_alike: alike,
        pairs,
        n: fit.n,
        left_out,
    })
}
