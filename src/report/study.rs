//! Owns the study that this page lets people repeat: what was published of it, and the intervals of its figures.
//!
//! The facts are data, `www/data/study.json`; every interval is computed here. Where only a score was published, and not what
//! each item earned, no interval can be recomputed. Then the widest is given that a mean of so many values between the ends
//! of the scale can have: the variance of such values is largest where all lie at the ends (Popoviciu, Bhatia and Davis
//! 2000), so that Wilson's interval of a proportion bounds it. It is marked as such.

mod beside;
mod setup;

use serde::Deserialize;

use super::CONFIDENCE;
use crate::provider::Class;
use crate::stats::Interval;
use crate::stats::difference::{self, Difference};
use crate::stats::proportion::{wilson, wilson_at};

pub use beside::{Beside, Ours, StageBeside, Verdict, beside, is_about, verdict_of};
pub use setup::{by_hand, judging, model, selection};

/// The sets of the catalogue that the study asked, as its file names them.
pub const SETS: [&str; 2] = ["medqa-4", "healthbench"];

/// What the file says it is.
pub const STUDY_SCHEMA: &str = "viva-study/1";

/// The study.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Study {
    schema: String,
    /// The day on which its facts were gathered, as `2026-11-25`.
    pub as_of: String,
    /// What is cited.
    pub sources: Vec<Source>,
    /// What was examined.
    pub systems: Vec<System>,
    /// The tests, in the order in which they are shown.
    pub stages: Vec<Stage>,
    /// How it was done, as far as it is to be repeated.
    pub method: Method,
    /// What came out elsewhere.
    pub evidence: Vec<Evidence>,
}

/// Something that is cited.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Names it in this file.
    pub id: String,
    /// What it is.
    pub title: String,
    /// Where it is.
    pub url: String,
    /// What a reader should know of it; may be empty.
    pub note: String,
}

/// A system that was examined.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct System {
    /// Names it in this file.
    pub id: String,
    /// For people.
    pub name: String,
    /// Its class in the study.
    pub class: Class,
    /// Ids under which services know it; that of its maker first.
    #[serde(default)]
    pub model_ids: Vec<String>,
    /// The [preset](crate::provider::preset) of its maker, where it can be set up.
    #[serde(default)]
    pub preset: Option<String>,
    /// Whether a person carries questions and answers.
    #[serde(default)]
    pub by_hand: bool,
    /// What a person who sets it up should know.
    #[serde(default)]
    pub hint: String,
}

/// Which publication a stage is of. Their figures are never mixed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Edition {
    /// The paper in Nature Medicine.
    Published,
    /// The preprint before it.
    Preprint,
}

/// What the figures of a stage are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scale {
    /// A share, 0 to 1.
    Share,
    /// Points, 0 to 100.
    Points,
    /// A mean of ratings, 1 to 4.
    Rating,
}

impl Scale {
    /// The ends of the scale.
    pub fn ends(self) -> (f64, f64) {
        match self {
            Self::Share => (0.0, 1.0),
            Self::Points => (0.0, 100.0),
            Self::Rating => (1.0, 4.0),
        }
    }
}

/// One test.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stage {
    /// Names it in this file.
    pub id: String,
    /// Which publication.
    pub edition: Edition,
    /// For people.
    pub title: String,
    /// What was done, in everyday words.
    pub what: String,
    /// What its figures are.
    pub scale: Scale,
    /// Items that were asked.
    pub n: u64,
    /// Id of the set in the catalogue, where it can be asked here.
    #[serde(default)]
    pub dataset: Option<String>,
    /// What came out.
    pub results: Vec<Published>,
    /// What it can tell.
    pub can: Vec<String>,
    /// What it cannot tell.
    pub cannot: Vec<String>,
    /// Ids of sources.
    pub sources: Vec<String>,
}

/// What was published of one system.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Published {
    /// Id of the system.
    pub system: String,
    /// How many of the items, where the scale is a share.
    #[serde(default)]
    pub right: Option<u64>,
    /// The most that it may be, where only a range is reported.
    #[serde(default)]
    pub right_at_most: Option<u64>,
    /// The figure, in the unit of the scale, where no count was published.
    #[serde(default)]
    pub value: Option<f64>,
}

/// How the study was done.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Method {
    /// Items of each set.
    pub n_sampled: usize,
    /// Of the draw, by Python's generator.
    pub seed: u64,
    /// Of the models' answers.
    pub temperature: f64,
    /// Ids of the systems that judged.
    pub judges: Vec<String>,
}

/// What came out elsewhere, or was said about it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// In a few words.
    pub title: String,
    /// What.
    pub text: String,
    /// Ids of sources.
    pub sources: Vec<String>,
}

/// Why the study's file cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StudyError {
    /// Not JSON, or not of the form.
    #[error("The figures of the study cannot be read: {0}. Reload the page.")]
    Unreadable(String),
    /// It contradicts itself.
    #[error("The figures of the study are not sound: {0}. Reload the page.")]
    Unsound(String),
}

/// A published figure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Figure {
    /// Index into [`Study::systems`].
    pub system: usize,
    /// In the unit of the scale.
    pub value: f64,
    /// The most that it may be, where only a range is reported.
    pub at_most: Option<f64>,
    /// 95 % interval, in the same unit.
    pub interval: Interval,
    /// How the interval came about.
    pub basis: Basis,
}

/// How the interval of a published figure came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// Wilson's, from the counts.
    Counts,
    /// The widest that such a mean can have, since the single values were not published.
    Widest,
}

impl Study {
    /// Reads the study's JSON.
    pub fn read(text: &str) -> Result<Self, StudyError> {
        let study: Self = serde_json::from_str(text)
            .map_err(|error| StudyError::Unreadable(error.to_string()))?;
        if study.schema != STUDY_SCHEMA {
            return Err(StudyError::Unreadable(format!("its form is {}", study.schema)));
        }
        match study.fault() {
            Some(fault) => Err(StudyError::Unsound(fault)),
            None => Ok(study),
        }
    }

    fn fault(&self) -> Option<String> {
        let cited = self.stages.iter().flat_map(|stage| &stage.sources);
        let mut cited = cited.chain(self.evidence.iter().flat_map(|one| &one.sources));
        if let Some(unknown) = cited.find(|id| self.source(id).is_none()) {
            return Some(format!("no source is called {unknown}"));
        }
        if let Some(unknown) = self.method.judges.iter().find(|id| self.system(id).is_none()) {
            return Some(format!("no system is called {unknown}"));
        }
        if let Some(source) = self.sources.iter().find(|one| !one.url.starts_with("https://")) {
            return Some(format!("{} has no address", source.id));
        }
        self.stages.iter().find_map(|stage| {
            if stage.n == 0 {
                return Some(format!("{} has no items", stage.id));
            }
            let (low, high) = stage.scale.ends();
            stage.results.iter().find_map(|result| {
                let at_most = result.right_at_most.or(result.right).unwrap_or(0);
                let is_count = stage.scale == Scale::Share
                    && result.value.is_none()
                    && result.right.is_some_and(|n| n <= at_most && at_most <= stage.n);
                let is_value = result.right.is_none()
                    && result.right_at_most.is_none()
                    && result.value.is_some_and(|value| (low..=high).contains(&value));
                let is_known = self.system(&result.system).is_some();
                let is_sound = is_known && (is_count || is_value);
                (!is_sound).then(|| format!("{} of {}", result.system, stage.id))
            })
        })
    }

    /// The source with an id.
    pub fn source(&self, id: &str) -> Option<&Source> {
        self.sources.iter().find(|source| source.id == id)
    }

    /// The index of the system with an id.
    pub fn system(&self, id: &str) -> Option<usize> {
        self.systems.iter().position(|system| system.id == id)
    }

    /// The published figures of a stage, as they stand in the file, with their intervals.
    pub fn figures(&self, stage: &Stage) -> Vec<Figure> {
        let of = |result: &Published| figure(stage, self.system(&result.system)?, result);
        stage.results.iter().filter_map(of).collect()
    }

    /// Every general-purpose system of a stage less every clinical one, with the interval of the difference. The two are
    /// taken as independent, since what each system did on each item was not published.
    pub fn contrasts(&self, stage: &Stage) -> Vec<(Figure, Figure, Difference)> {
        let figures = self.figures(stage);
        let of = |class: Class| {
            let is = move |figure: &&Figure| {
                self.systems.get(figure.system).is_some_and(|system| system.class == class)
            };
            figures.iter().filter(is).copied()
        };
        of(Class::GeneralPurpose)
            .flat_map(|general| of(Class::Clinical).map(move |clinical| (general, clinical)))
            .map(|(general, clinical)| (general, clinical, less(&general, &clinical)))
            .collect()
    }
}

fn less(first: &Figure, second: &Figure) -> Difference {
    difference::independent((first.value, first.interval), (second.value, second.interval))
}

fn figure(stage: &Stage, system: usize, result: &Published) -> Option<Figure> {
    let n = stage.n as f64;
    if let Some(right) = result.right {
        let most = result.right_at_most.unwrap_or(right);
        let low = wilson(right, stage.n, CONFIDENCE).low;
        let high = wilson(most, stage.n, CONFIDENCE).high;
        return Some(Figure {
            system,
            value: right as f64 / n,
            at_most: result.right_at_most.map(|most| most as f64 / n),
            interval: Interval { low, high },
            basis: Basis::Counts,
        });
    }
    let value = result.value?;
    Some(Figure {
        system,
        value,
        at_most: None,
        interval: widest(stage.scale, value, n),
        basis: Basis::Widest,
    })
}

/// The widest interval that the mean of `n` values between the ends of the scale can have.
fn widest(scale: Scale, value: f64, n: f64) -> Interval {
    let (low, high) = scale.ends();
    let span = high - low;
    let of_share = wilson_at((value - low) / span, n, CONFIDENCE);
    Interval { low: low + span * of_share.low, high: low + span * of_share.high }
}

#[cfg(test)]
mod tests;
