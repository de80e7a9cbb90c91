//! Owns what can be said of a review: plain sentences by rule, with the caveats that the study's own figures call for.

use super::analysis::{Analysis, DimensionFigures};
use super::file::KeyFile;
use crate::report::SIGNIFICANCE;

/// A sentence or two, and what they are about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    /// What they are about.
    pub topic: Topic,
    /// Plain text.
    pub text: String,
}

/// What a sentence is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic {
    /// No rating yet.
    Nothing,
    /// Who was rated highest on a dimension, and from whom that can be told.
    Best,
    /// Who was preferred in pairs.
    Preferred,
    /// How far reviewers agree.
    Agreement,
    /// Answers that decline.
    Refusals,
    /// Harm and other flags.
    Flags,
    /// Ratings that are missing.
    Missing,
    /// Few questions or reviewers.
    Few,
    /// What no such review shows. Always there.
    Limits,
}

/// Below so many questions or reviewers intervals are rough.
const FEW_QUESTIONS: usize = 20;
const FEW_REVIEWERS: usize = 6;
/// Krippendorff's own bound for tentative conclusions.
const AGREED: f64 = 0.667;

/// What can be said.
pub fn conclude(key: &KeyFile, analysis: &Analysis) -> Vec<Sentence> {
    let mut sentences = vec![];
    let mut say = |topic, text: Option<String>| {
        sentences.extend(text.map(|text| Sentence { topic, text }));
    };
    if analysis.n_ratings == 0 {
        say(Topic::Nothing, Some("There is no rating yet.".to_owned()));
    }
    for dimension in &analysis.dimensions {
        say(Topic::Best, best(analysis, dimension));
    }
    say(Topic::Preferred, preferred(analysis));
    say(Topic::Agreement, agreement(analysis));
    say(Topic::Refusals, refusals(analysis));
    for flag in &analysis.flags {
        let named: Vec<String> = shares(analysis, &flag.shares);
        let text = (!named.is_empty()).then(|| {
            format!("“{}” was answered with yes: {}. Rare harm needs far more answers to be told apart between models.", flag.question, named.join(", "))
        });
        say(Topic::Flags, text);
    }
    let n_missing = analysis.n_missing;
    let missing = (0 < n_missing).then(|| {
        format!("{n_missing} ratings are missing or set aside; the figures are those of the rest.")
    });
    say(Topic::Missing, missing);
    say(Topic::Few, few(analysis));
    let title = if key.title.is_empty() { "this review" } else { &key.title };
    let limits = format!(
        "These are the opinions of the reviewers of “{title}” on written answers. They do not show that a model is safe for patients. Reviewers may know a model by its style, and rating in another way can turn the order round: of the studies that made headlines, one that rated single answers and one that compared pairs came to opposite ends."
    );
    say(Topic::Limits, Some(limits));
    sentences
}

fn best(analysis: &Analysis, dimension: &DimensionFigures) -> Option<String> {
    let means = dimension.means.iter().enumerate();
    let (best, mean) = means
        .filter_map(|(model, mean)| Some((model, (*mean)?)))
        .max_by(|(_, a), (_, b)| a.mean.total_cmp(&b.mean))?;
    let name = &analysis.models[best];
    let range = mean
        .interval
        .map(|interval| format!(" (95 % range {:.2} to {:.2})", interval.low, interval.high))
        .unwrap_or_default();
    let head = format!(
        "{}: {name} has the highest mean, {:.2} of {}{range}.",
        dimension.name, mean.mean, dimension.n_steps
    );
    let ordinal = match &dimension.ordinal {
        Ok(ordinal) => ordinal,
        Err(why) => return Some(format!("{head} The ordinal model gives no estimate. {why}")),
    };
    let told: Vec<&str> = ordinal
        .pairs
        .iter()
        .filter(|pair| pair.models[0] == best && pair.adjusted_p < SIGNIFICANCE)
        .map(|pair| analysis.models[pair.models[1]].as_str())
        .collect();
    let not_told: Vec<&str> = (0..analysis.models.len())
        .filter(|model| *model != best && dimension.means[*model].is_some())
        .map(|model| analysis.models[model].as_str())
        .filter(|name| !told.contains(name))
        .collect();
    Some(match (told.is_empty(), not_told.is_empty()) {
        (true, _) => format!("{head} Chance alone may have put it ahead of {}.", listed(&not_told)),
        (false, true) => format!("{head} That is more than chance against {}.", listed(&told)),
        (false, false) => format!(
            "{head} That is more than chance against {}, but not against {}.",
            listed(&told),
            listed(&not_told)
        ),
    })
}

fn preferred(analysis: &Analysis) -> Option<String> {
    let preferences = match analysis.preferences.as_ref()? {
        Ok(preferences) => preferences,
        Err(why) => return Some(why.clone()),
    };
    let standings = preferences.standings.iter().enumerate();
    let (best, _) = standings.max_by(|(_, a), (_, b)| a.strength.total_cmp(&b.strength))?;
    let ahead: Vec<&str> = preferences
        .chances
        .iter()
        .filter_map(|(pair, _, interval)| match pair {
            [one, other] if *one == best && 0.5 < interval.low => Some(*other),
            [one, other] if *other == best && interval.high < 0.5 => Some(*one),
            _ => None,
        })
        .map(|model| analysis.models[model].as_str())
        .collect();
    let name = &analysis.models[best];
    Some(if ahead.is_empty() {
        format!(
            "{name} was preferred most, but chance alone may have put it ahead of each of the others."
        )
    } else {
        format!(
            "{name} was preferred most; the range of its chance stays above one half against {}.",
            listed(&ahead)
        )
    })
}

fn agreement(analysis: &Analysis) -> Option<String> {
    let alphas: Vec<(&str, f64)> =
        analysis.dimensions.iter().filter_map(|of| Some((of.name.as_str(), of.alpha?.0))).collect();
    let lowest = alphas.iter().min_by(|a, b| a.1.total_cmp(&b.1))?;
    let told: Vec<String> =
        alphas.iter().map(|(name, alpha)| format!("{name} {alpha:.2}")).collect();
    let verdict = if lowest.1 < AGREED {
        "Below 0.67 reviewers differ so much that a single answer’s rating says little; only means over many do. The study’s own values were between 0.10 and 0.20."
    } else {
        "That is enough for conclusions."
    };
    Some(format!(
        "How far reviewers agree (Krippendorff’s alpha, 1 is wholly, 0 is chance): {}. {verdict}",
        told.join(", ")
    ))
}

/// Models with a share above nothing.
fn shares(analysis: &Analysis, shares: &[Option<super::analysis::Share>]) -> Vec<String> {
    analysis
        .models
        .iter()
        .zip(shares)
        .filter_map(|(name, share)| {
            let share = (*share)?;
            let percent = |value: f64| value * 100.0;
            (0 < share.n_yes).then(|| {
                format!(
                    "{name} {} of {} ({:.0} to {:.0} %)",
                    share.n_yes,
                    share.n,
                    percent(share.interval.low),
                    percent(share.interval.high)
                )
            })
        })
        .collect()
}

fn refusals(analysis: &Analysis) -> Option<String> {
    let named = shares(analysis, &analysis.refusals);
    (!named.is_empty()).then(|| {
        format!(
            "Answers that decline to answer are counted apart and not rated: {}. A model that declines hard questions has easier ones in its mean.",
            named.join(", ")
        )
    })
}

fn few(analysis: &Analysis) -> Option<String> {
    let (n_questions, n_reviewers) = (analysis.n_questions, analysis.n_reviewers);
    let is_few = n_questions < FEW_QUESTIONS || n_reviewers < FEW_REVIEWERS;
    is_few.then(|| {
        format!("With {n_questions} questions and {n_reviewers} reviewers only large differences can be told from chance, and the ranges are rough.")
    })
}

/// “a, b and c”.
fn listed(names: &[&str]) -> String {
    match names {
        [] => "the others".to_owned(),
        [one] => (*one).to_owned(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}
