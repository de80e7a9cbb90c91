//! Owns the points of answers that are graded by rubrics, under each of the rules that are in use, by name and never mixed.
//!
//! The rules are those of the code that computes the published figures: `healthbench_eval.py` of OpenAI's simple-evals
//! (commit ee3b031), Inspect's evaluation of the same set, and the pipeline of the study of general-purpose and clinical
//! systems (Nature Medicine 2026). A verdict that a judge failed to give is missing: its criterion is left out of what was
//! earned and of what could be earned, and the coverage says so. Two of those programs count it as "not met" instead, which
//! rewards bad answers wherever the criterion has negative points.

use std::collections::BTreeMap;
use std::iter::Sum;

use crate::dataset::Criterion;
use crate::stats::bootstrap::{deviation, resampled};

/// How the scores of answers become the score of a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// OpenAI's: the mean of the answers' scores, which may be negative, cut to 0 to 1.
    HealthBench,
    /// The study's: points earned in all answers over points that could be earned in all of them.
    Pooled,
    /// Inspect's: each answer's score cut to 0 to 1 before the mean is taken.
    ClippedEach,
}

impl Rule {
    /// All rules, OpenAI's first.
    pub const ALL: [Self; 3] = [Self::HealthBench, Self::Pooled, Self::ClippedEach];

    /// Its name for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::HealthBench => "HealthBench rule",
            Self::Pooled => "pooled rule of the study",
            Self::ClippedEach => "rule of Inspect",
        }
    }

    /// What it does, in a sentence.
    pub fn purpose(self) -> &'static str {
        match self {
            Self::HealthBench => {
                "The mean of the answers’ scores, which may be negative; only the mean is cut to 0 to 1."
            }
            Self::Pooled => {
                "All points earned over all points that could be earned, so that items with more points weigh more."
            }
            Self::ClippedEach => {
                "Each answer’s score is cut to 0 to 1 before the mean is taken, so that very bad answers cost no more than empty ones."
            }
        }
    }
}

/// What one answer earned.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Points {
    /// Sum of the points of the criteria that are met; may be negative. Whole, unless a panel's mean has it that a criterion
    /// is met in part.
    pub earned: f64,
    /// Sum of the positive points of the criteria with a verdict.
    pub possible: i64,
    /// Criteria with a verdict.
    pub n_judged: usize,
    /// Criteria without one.
    pub n_missing: usize,
}

impl Points {
    /// The answer's score: what was earned over what could be; negative where more was lost than earned. `None` where
    /// nothing could be earned.
    pub fn score(&self) -> Option<f64> {
        (0 < self.possible).then(|| self.earned / self.possible as f64)
    }

    /// Share of the criteria that have a verdict.
    pub fn coverage(&self) -> f64 {
        let n = self.n_judged + self.n_missing;
        if n == 0 { 1.0 } else { self.n_judged as f64 / n as f64 }
    }
}

/// What an answer earned by the criteria that `counts`. `met` has a verdict for each criterion, or `None` where the judge
/// failed; criteria beyond its end have none.
pub fn points(
    criteria: &[Criterion],
    met: &[Option<bool>],
    counts: impl Fn(&Criterion) -> bool,
) -> Points {
    let share = |idx: usize| Some(f64::from(u8::from(met.get(idx).copied().flatten()?)));
    points_of_shares(criteria, share, counts)
}

/// The same where a criterion may be met in part: `share` has how far, 0 to 1, by the criterion's index, or `None` where
/// nothing was decided.
pub fn points_of_shares(
    criteria: &[Criterion],
    share: impl Fn(usize) -> Option<f64>,
    counts: impl Fn(&Criterion) -> bool,
) -> Points {
    let mut points = Points::default();
    for (idx, criterion) in criteria.iter().enumerate().filter(|(_, criterion)| counts(criterion)) {
        let Some(share) = share(idx) else {
            points.n_missing += 1;
            continue;
        };
        points.n_judged += 1;
        points.possible += i64::from(criterion.points).max(0);
        points.earned += share * f64::from(criterion.points);
    }
    points
}

/// The points of an answer by each tag of its criteria, such as `axis:accuracy`; only tags with points to be earned.
pub fn points_by_tag(criteria: &[Criterion], met: &[Option<bool>]) -> BTreeMap<String, Points> {
    let mut tags: Vec<&String> = criteria.iter().flat_map(|criterion| &criterion.tags).collect();
    tags.sort_unstable();
    tags.dedup();
    tags.into_iter()
        .map(|tag| (tag.clone(), points(criteria, met, |criterion| criterion.tags.contains(tag))))
        .filter(|(_, points)| 0 < points.possible)
        .collect()
}

/// What answers add up to, enough for the score under every rule. Sums of parts add up to that of the whole.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Sums {
    n_answers: usize,
    scores: f64,
    clipped: f64,
    earned: f64,
    possible: i64,
}

impl Sums {
    /// Those of these answers; the ones by which nothing could be earned do not count.
    pub fn of(answers: &[Points]) -> Self {
        answers.iter().map(Self::of_one).sum()
    }

    fn of_one(answer: &Points) -> Self {
        answer.score().map_or_else(Self::default, |score| Self {
            n_answers: 1,
            scores: score,
            clipped: score.clamp(0.0, 1.0),
            earned: answer.earned,
            possible: answer.possible,
        })
    }

    /// Answers that count.
    pub fn n_answers(&self) -> usize {
        self.n_answers
    }

    /// Whether no answer counts.
    pub fn is_empty(&self) -> bool {
        self.n_answers == 0
    }

    /// The score under a rule; `None` where nothing could be earned in any.
    pub fn score(&self, rule: Rule) -> Option<f64> {
        let n = self.n_answers as f64;
        (!self.is_empty()).then(|| match rule {
            Rule::HealthBench => (self.scores / n).clamp(0.0, 1.0),
            Rule::Pooled => self.earned / self.possible as f64,
            Rule::ClippedEach => self.clipped / n,
        })
    }
}

impl Sum for Sums {
    fn sum<I: Iterator<Item = Self>>(parts: I) -> Self {
        parts.fold(Self::default(), |sums, part| Self {
            n_answers: sums.n_answers + part.n_answers,
            scores: sums.scores + part.scores,
            clipped: sums.clipped + part.clipped,
            earned: sums.earned + part.earned,
            possible: sums.possible + part.possible,
        })
    }
}

/// The score of a model over its answers; `None` where nothing could be earned in any.
pub fn aggregate(rule: Rule, answers: &[Points]) -> Option<f64> {
    Sums::of(answers).score(rule)
}

/// The standard deviation (with denominator n) of the score over `n_resamples` bootstrap samples of the answers, as
/// simple-evals gives it beside the score with 1,000 of them; here with a seed, so that it can be computed again.
pub fn bootstrap_deviation(
    rule: Rule,
    answers: &[Points],
    n_resamples: usize,
    seed: u64,
) -> Option<f64> {
    let scores = resampled(answers.len(), (n_resamples, seed), |drawn| {
        let drawn = drawn.iter().filter_map(|idx| answers.get(*idx));
        drawn.map(Sums::of_one).sum::<Sums>().score(rule)
    });
    deviation(&scores)
}

/// What the professional part of HealthBench takes off for length: `penalty` for each 500 characters beyond `centre`, and
/// adds for each that it stays below.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LengthRule {
    /// Characters at which nothing is taken off.
    pub centre: f64,
    /// What 500 characters more cost.
    pub penalty: f64,
}

impl LengthRule {
    /// As published with the set.
    pub const PROFESSIONAL: Self = Self { centre: 2_000.0, penalty: 0.0147 };

    /// The score with its length taken into account.
    pub fn adjusted(&self, score: f64, n_chars: usize) -> f64 {
        score - self.penalty * (n_chars as f64 - self.centre) / 500.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn criteria(points: &[i32]) -> Vec<Criterion> {
        points
            .iter()
            .map(|points| Criterion { text: "c".into(), points: *points, tags: vec![] })
            .collect()
    }

    fn all(points_of: &[i32], met: &[Option<bool>]) -> Points {
        points(&criteria(points_of), met, |_| true)
    }

    #[test]
    fn the_published_vectors_hold() {
        let (t, f) = (Some(true), Some(false));
        // The upstream test of simple-evals, and two of Inspect.
        assert_eq!(all(&[7, 5, 10, -6], &[t, f, t, t]).score(), Some(0.5));
        assert_eq!(all(&[5, 3, -2], &[t, f, t]).score(), Some(0.375));
        assert_eq!(all(&[-2], &[t]).score(), None);
    }

    #[test]
    fn two_rules_under_one_name_differ() {
        let (t, f) = (Some(true), Some(false));
        let answers = [all(&[10], &[t]), all(&[30, -6], &[f, t])];
        assert!((aggregate(Rule::HealthBench, &answers).unwrap() - 0.4).abs() < 1e-15);
        assert!((aggregate(Rule::Pooled, &answers).unwrap() - 0.1).abs() < 1e-15);
        assert!((aggregate(Rule::ClippedEach, &answers).unwrap() - 0.5).abs() < 1e-15);
    }

    #[test]
    fn a_missing_verdict_is_neither_met_nor_not_met() {
        let with_gap = all(&[7, 5, -6], &[Some(true), None, Some(false)]);
        assert_eq!((with_gap.earned, with_gap.possible, with_gap.n_missing), (7.0, 7, 1));
        assert!((with_gap.coverage() - 2.0 / 3.0).abs() < 1e-15);
        // Counting the gap as "not met" would have spared the answer a criterion that it may have met.
        let negative = all(&[5, -9], &[Some(true), None]);
        assert_eq!((negative.score(), negative.n_missing), (Some(1.0), 1));
        assert_eq!(all(&[5], &[]).score(), None);
    }

    #[test]
    fn tags_are_scored_by_their_own_criteria_where_points_can_be_earned() {
        let mut rubric = criteria(&[7, 5, -6]);
        rubric[0].tags = vec!["axis:accuracy".into()];
        rubric[1].tags = vec!["axis:accuracy".into(), "level:example".into()];
        rubric[2].tags = vec!["axis:hedging".into()];
        let by_tag = points_by_tag(&rubric, &[Some(true), Some(false), Some(true)]);
        let scores: Vec<(&str, f64)> =
            by_tag.iter().map(|(tag, points)| (tag.as_str(), points.score().unwrap())).collect();
        assert_eq!(scores, [("axis:accuracy", 7.0 / 12.0), ("level:example", 0.0)]);
    }

    #[test]
    fn length_is_taken_off_as_published() {
        let rule = LengthRule { centre: 2_000.0, penalty: 0.022 };
        assert!((rule.adjusted(0.8, 2_500) - 0.778).abs() < 1e-15);
        let published = LengthRule::PROFESSIONAL;
        assert!((published.adjusted(0.8, 2_000) - 0.8).abs() < 1e-15);
    }

    #[test]
    fn the_bootstrap_is_the_same_for_the_same_seed() {
        let answers: Vec<Points> =
            (0..40).map(|n| all(&[10, -5], &[Some(n % 3 > 0), Some(n % 7 == 0)])).collect();
        let once = bootstrap_deviation(Rule::HealthBench, &answers, 1_000, 7).unwrap();
        assert_eq!(bootstrap_deviation(Rule::HealthBench, &answers, 1_000, 7), Some(once));
        // The deviation of a mean of 40 scores, within the bootstrap's own error.
        let scores: Vec<f64> = answers.iter().filter_map(Points::score).collect();
        let mean = scores.iter().sum::<f64>() / 40.0;
        let variance = scores.iter().map(|score| (score - mean).powi(2)).sum::<f64>() / 40.0;
        assert!((once - (variance / 40.0).sqrt()).abs() < 0.006, "{once}");
    }
}
