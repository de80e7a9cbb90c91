//! Owns the figures of answers that are graded by rubrics: scores under each rule, by theme and axis, coverage, judges.

mod compare;
mod groups;
mod judges;
mod reckoning;
mod resample;

pub use compare::{Contrast, class_contrast, contrasts};
pub use groups::{TagScores, by_axis, by_criterion_tag, by_item_tag, by_theme};
pub use judges::{
    Agreement, JudgeCount, PairAgreement, Warning, agreement, judge_counts, warnings,
    warnings_before,
};
pub use reckoning::{OpenFigures, Reckoning};
pub use resample::Score;

use std::cmp::Ordering;

use super::gradebook::{By, Gradebook, GradedAnswer};
use crate::dataset::variant::base_of;
use crate::dataset::{Criterion, Item, Kind};
use crate::provider::{Class, ModelSpec};
use crate::run::{Plan, TrialId};
use crate::score::rubric::{LengthRule, Points, Rule, Sums};
use crate::score::{Outcome, PanelRule};

/// How one model did on the items with rubrics.
#[derive(Debug, Clone, PartialEq)]
pub struct OpenStanding {
    /// Index into the plan's models.
    pub model: usize,
    /// Its name.
    pub name: String,
    /// Its class.
    pub class: Class,
    /// Trials of items with rubrics that the plan puts to it.
    pub n_trials: usize,
    /// Answers that are for judges to grade. Others were refused, cut off, failed or not asked, and have no score.
    pub n_gradable: usize,
    /// Of these, with a decision on every criterion …
    pub n_fully_judged: usize,
    /// … on some …
    pub n_partly_judged: usize,
    /// … and on none.
    pub n_unjudged: usize,
    /// Criteria of the answers to be graded.
    pub n_criteria: usize,
    /// Of these, with a decision.
    pub n_decided: usize,
    /// Of those without, where the judges' votes were even.
    pub n_even: usize,
    /// Verdicts that were to come on the answers to be graded: one of each judge that sits, on each criterion.
    pub n_sought: usize,
    /// Of these, the ones that came and could be read.
    pub n_read: usize,
    /// Mean characters of an answer; `None` without one.
    pub mean_chars: Option<f64>,
    /// In the order of [`Rule::ALL`]; `None` where nothing could be earned.
    pub scores: [Option<Score>; 3],
    /// The mean of the answers' scores, each with its length taken into account as HealthBench's professional part does,
    /// and not cut; `None` without one.
    pub length_adjusted: Option<f64>,
}

impl OpenStanding {
    /// Share of the criteria of its answers that were decided, 0 to 1; 1 without criteria.
    pub fn coverage(&self) -> f64 {
        if self.n_criteria == 0 { 1.0 } else { self.n_decided as f64 / self.n_criteria as f64 }
    }

    /// The score under a rule.
    pub fn score(&self, rule: Rule) -> Option<&Score> {
        let idx = Rule::ALL.iter().position(|known| *known == rule)?;
        self.scores.get(idx)?.as_ref()
    }
}

/// Whether each of several judges stands apart, so that there is no score of a panel.
pub fn stands_apart(plan: &Plan, by: By) -> bool {
    by == By::Panel(PanelRule::EachApart) && 1 < plan.judges().len()
}

/// Whether a set is HealthBench's professional part, which takes the length of answers into account.
pub fn is_professional(plan: &Plan) -> bool {
    plan.datasets.iter().any(|set| {
        let name = format!("{} {}", set.id, set.title).to_lowercase();
        name.contains("healthbench") && name.contains("professional")
    })
}

/// How each model did: highest score under the rule first, then by name; those without a score come last. Empty where each
/// of several judges stands apart and the panel's score is asked for.
pub fn open_leaderboard(plan: &Plan, book: &Gradebook, by: By, rule: Rule) -> Vec<OpenStanding> {
    if stands_apart(plan, by) {
        return vec![];
    }
    let mut standings: Vec<OpenStanding> = (0..plan.models.len())
        .filter_map(|model| standing(plan, book, by, model))
        .filter(|standing| 0 < standing.n_trials)
        .collect();
    sort(&mut standings, rule);
    standings
}

/// Highest score under the rule first, then by name; those without a score last.
fn sort(standings: &mut [OpenStanding], rule: Rule) {
    standings.sort_by(|a, b| by_score(a, b, rule));
}

fn by_score(a: &OpenStanding, b: &OpenStanding, rule: Rule) -> Ordering {
    let value = |standing: &OpenStanding| {
        standing.score(rule).map_or(f64::NEG_INFINITY, |score| score.value)
    };
    value(b).total_cmp(&value(a)).then_with(|| a.name.cmp(&b.name))
}

/// The items with rubrics that figures count: variants are no further questions, unless there is nothing else.
pub fn counted_items(plan: &Plan) -> Vec<usize> {
    let rubrics = plan.items.iter().enumerate();
    let rubrics: Vec<usize> = rubrics
        .filter(|(_, item)| matches!(item.kind, Kind::Rubric(_)))
        .map(|(idx, _)| idx)
        .collect();
    let is_base = |idx: &usize| plan.items.get(*idx).is_some_and(|it| base_of(&it.id).is_none());
    let base: Vec<usize> = rubrics.iter().copied().filter(is_base).collect();
    if base.is_empty() { rubrics } else { base }
}

/// The trials of one item of one model.
fn trials(plan: &Plan, model: usize, item: usize) -> impl Iterator<Item = TrialId> {
    let id = u16::try_from(model).ok().zip(u32::try_from(item).ok());
    let is_assigned = match plan.assigned.get(model) {
        Some(Some(assigned)) => assigned.contains(&item),
        _ => true,
    };
    let id = id.filter(|_| is_assigned);
    (0..plan.n_repeats.max(1))
        .filter_map(move |repeat| id.map(|(model, item)| TrialId { model, item, repeat }))
}

/// The answers of a model to one item that are for judges to grade.
fn gradable<'a>(
    plan: &'a Plan,
    book: &'a Gradebook,
    model: usize,
    item: usize,
) -> impl Iterator<Item = &'a GradedAnswer> {
    let answers = trials(plan, model, item).filter_map(|trial| book.answer(trial));
    answers.filter(|answer| answer.is_gradable())
}

/// What a model's answers to one item earned by the criteria that `counts`.
fn earned(
    (plan, book): (&Plan, &Gradebook),
    by: By,
    model: usize,
    item_idx: usize,
    counts: impl Fn(&Criterion) -> bool,
) -> Vec<Points> {
    let Some(item) = plan.items.get(item_idx) else { return vec![] };
    gradable(plan, book, model, item_idx).map(|answer| answer.points(by, item, &counts)).collect()
}

fn standing(plan: &Plan, book: &Gradebook, by: By, model: usize) -> Option<OpenStanding> {
    let spec = plan.models.get(model)?;
    let mut standing = OpenStanding {
        model,
        name: spec.name.clone(),
        class: spec.class,
        n_trials: 0,
        n_gradable: 0,
        n_fully_judged: 0,
        n_partly_judged: 0,
        n_unjudged: 0,
        n_criteria: 0,
        n_decided: 0,
        n_even: 0,
        n_sought: 0,
        n_read: 0,
        mean_chars: None,
        scores: [None; 3],
        length_adjusted: None,
    };
    let (mut n_chars, mut adjusted, mut n_adjusted) = (0_usize, 0.0, 0_usize);
    let sitting = sitting(plan, by, spec);
    let items = counted_items(plan);
    let mut sums = Vec::with_capacity(items.len());
    for item_idx in items {
        let Some(item) = plan.items.get(item_idx) else { continue };
        standing.n_trials += trials(plan, model, item_idx).count();
        let mut of_item = vec![];
        for answer in gradable(plan, book, model, item_idx) {
            let points = answer.points(by, item, |_| true);
            standing.note(&points);
            standing.n_even += n_even(answer, by, item);
            for ballot in sitting.iter().filter_map(|judge| answer.ballots.get(*judge)) {
                standing.n_sought += ballot.len();
                standing.n_read += ballot.iter().flatten().count();
            }
            n_chars += answer.n_chars;
            if let Some(score) = points.score() {
                adjusted += LengthRule::PROFESSIONAL.adjusted(score, answer.n_chars);
                n_adjusted += 1;
            }
            of_item.push(points);
        }
        sums.push(Sums::of(&of_item));
    }
    standing.scores = resample::scores(&sums);
    if 0 < standing.n_gradable {
        standing.mean_chars = Some(n_chars as f64 / standing.n_gradable as f64);
    }
    standing.length_adjusted = (0 < n_adjusted).then(|| adjusted / n_adjusted as f64);
    Some(standing)
}

/// The judges that grade a model and whose verdicts count.
fn sitting(plan: &Plan, by: By, model: &ModelSpec) -> Vec<usize> {
    let Some(judging) = &plan.judging else { return vec![] };
    let judges = judging.judges.iter().enumerate();
    judges
        .filter(|(idx, judge)| {
            let counts = match by {
                By::Panel(_) => true,
                By::Judge(one) => one == *idx,
            };
            counts && judging.sits_over(judge, model)
        })
        .map(|(idx, _)| idx)
        .collect()
}

fn n_even(answer: &GradedAnswer, by: By, item: &Item) -> usize {
    let Kind::Rubric(rubric) = &item.kind else { return 0 };
    let decisions = (0..rubric.criteria.len()).map(|idx| answer.decision(by, idx));
    decisions.filter(|decision| decision.is_even && decision.share.is_none()).count()
}

impl OpenStanding {
    fn note(&mut self, points: &Points) {
        self.n_gradable += 1;
        self.n_criteria += points.n_judged + points.n_missing;
        self.n_decided += points.n_judged;
        match (points.n_judged, points.n_missing) {
            (_, 0) => self.n_fully_judged += 1,
            (0, _) => self.n_unjudged += 1,
            _ => self.n_partly_judged += 1,
        }
    }
}

/// How the trials of a model on items with rubrics ended that are not for judges to grade: outcome by outcome.
pub fn n_ended_otherwise(plan: &Plan, book: &Gradebook, model: usize) -> Vec<(Outcome, usize)> {
    let items = counted_items(plan);
    let trials = items.iter().flat_map(|item| trials(plan, model, *item));
    let mut counts = std::collections::BTreeMap::new();
    for answer in trials.filter_map(|trial| book.answer(trial)).filter(|it| !it.is_gradable()) {
        *counts.entry(answer.outcome).or_insert(0) += 1;
    }
    counts.into_iter().collect()
}

#[cfg(test)]
mod tests;
