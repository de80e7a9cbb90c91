//! Owns what is shown of the grades of one answer: each criterion with what every judge said and what a person decided, and
//! the answer's score under each rule.

use super::gradebook::{By, Gradebook};
use super::judgements::{Judgement, Missing, Ruled, judgements, rulings, standing_ruling};
use super::open_ended::is_professional;
use crate::dataset::{Item, Kind};
use crate::report::grid::Cell;
use crate::run::{Body, Journal, Ruling, TrialId};
use crate::score::panel::Decision;
use crate::score::rubric::{LengthRule, Points, Rule};
use crate::score::verdict::Verdict;

/// The grades of one answer.
#[derive(Debug, Clone, PartialEq)]
pub struct GradeView {
    /// Whose answer, in its own run.
    pub trial: TrialId,
    /// By criterion; of an answer that is held against a reference answer, one without text and points. Empty where no
    /// judge is asked.
    pub criteria: Vec<CriterionView>,
    /// What it earned; `None` where no rubric grades it.
    pub points: Option<Points>,
    /// Characters of the answer.
    pub n_chars: usize,
    /// Its score with the length taken into account, for HealthBench's professional part.
    pub length_adjusted: Option<f64>,
    /// Every ruling on its outcome, in order.
    pub rulings: Vec<Ruled>,
}

/// One criterion.
#[derive(Debug, Clone, PartialEq)]
pub struct CriterionView {
    /// What is asked of the answer.
    pub text: String,
    /// What it is worth.
    pub points: i32,
    /// Such as `axis:accuracy`.
    pub tags: Vec<String>,
    /// By judge: its name and what it said, on the first asking.
    pub votes: Vec<Vote>,
    /// What the judges decided, before any person.
    pub judged: Decision,
    /// What counts.
    pub decision: Decision,
    /// Every ruling on it, in order.
    pub rulings: Vec<Ruled>,
    /// Whether one of them stands.
    pub is_overruled: bool,
}

/// One judge's say.
#[derive(Debug, Clone, PartialEq)]
pub struct Vote {
    /// Name of the judge.
    pub judge: String,
    /// What it said, or why there is nothing.
    pub verdict: Result<Verdict, Missing>,
    /// Tries made.
    pub n_tries: u32,
}

impl GradeView {
    /// The score of the answer by itself under a rule; `None` where nothing could be earned. Pooled, an answer by itself has
    /// the same as by HealthBench's rule.
    pub fn score(&self, rule: Rule) -> Option<f64> {
        let score = self.points?.score()?;
        Some(match rule {
            Rule::HealthBench | Rule::Pooled => score,
            Rule::ClippedEach => score.clamp(0.0, 1.0),
        })
    }
}

/// The trial that a cell of a grid stands for, in the run that it is of.
pub fn trial_of(cell: &Cell, journal: &Journal) -> Option<TrialId> {
    match &journal.entries.get(cell.entry?)?.body {
        Body::Attempt(attempt) => Some(attempt.trial),
        _ => None,
    }
}

/// The grades of an answer by this panel; `None` where it was not answered. `book` is the journal's.
pub fn grades_of(journal: &Journal, book: &Gradebook, by: By, trial: TrialId) -> Option<GradeView> {
    let plan = &journal.plan;
    let item = plan.items.get(trial.item as usize)?;
    let said = judgements(journal, book, |of| of == trial);
    let ruled = rulings(journal, |of| of == trial);
    let answer = book.answer(trial);
    let gradable = answer.filter(|answer| answer.is_gradable());
    let names: Vec<&str> = plan.judges().iter().map(|judge| judge.name.as_str()).collect();
    let votes = |criterion: Option<usize>| {
        let first = said.iter().filter(|it| it.criterion == criterion && it.repeat == 0);
        first.map(|judgement| vote(judgement, &names)).collect::<Vec<Vote>>()
    };
    let criteria = match (&item.kind, gradable) {
        (Kind::Rubric(rubric), Some(answer)) => {
            let of = |idx: usize, criterion: &crate::dataset::Criterion| CriterionView {
                text: criterion.text.clone(),
                points: criterion.points,
                tags: criterion.tags.clone(),
                votes: votes(Some(idx)),
                judged: answer.judged(by, idx),
                decision: answer.decision(by, idx),
                rulings: of_criterion(&ruled, idx),
                is_overruled: standing_ruling(&ruled, trial, Some(idx)).is_some(),
            };
            rubric.criteria.iter().enumerate().map(|(idx, it)| of(idx, it)).collect()
        }
        (Kind::Reference(_), Some(_)) => vec![CriterionView {
            text: String::new(),
            points: 0,
            tags: vec![],
            votes: votes(None),
            judged: Decision::default(),
            decision: Decision::default(),
            rulings: vec![],
            is_overruled: false,
        }],
        _ => vec![],
    };
    let points =
        gradable.and_then(|answer| points_of(item, |item| answer.points(by, item, |_| true)));
    let n_chars = answer.map_or(0, |answer| answer.n_chars);
    let score = points.and_then(|points| points.score()).filter(|_| is_professional(plan));
    Some(GradeView {
        trial,
        criteria,
        points,
        n_chars,
        length_adjusted: score.map(|score| LengthRule::PROFESSIONAL.adjusted(score, n_chars)),
        rulings: ruled
            .into_iter()
            .filter(|ruled| matches!(ruled.overruling.ruling, Ruling::Outcome(_)))
            .collect(),
    })
}

fn points_of(item: &Item, points: impl FnOnce(&Item) -> Points) -> Option<Points> {
    matches!(item.kind, Kind::Rubric(_)).then(|| points(item))
}

fn vote(judgement: &Judgement, names: &[&str]) -> Vote {
    Vote {
        judge: names.get(judgement.judge).map(|name| (*name).to_owned()).unwrap_or_default(),
        verdict: judgement.verdict.clone(),
        n_tries: judgement.n_tries,
    }
}

fn of_criterion(ruled: &[Ruled], idx: usize) -> Vec<Ruled> {
    let is_of = |ruled: &&Ruled| matches!(ruled.overruling.ruling, Ruling::Criterion { criterion, .. } if usize::from(criterion) == idx);
    ruled.iter().filter(is_of).cloned().collect()
}
