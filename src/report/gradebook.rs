//! Owns what became of every open answer: the verdicts of each judge, what failed, and what a person changed.

use std::collections::{BTreeMap, BTreeSet};

use crate::dataset::{Item, Kind};
use crate::run::{
    AttemptResult, Body, Entry, Journal, JudgeAttempt, JudgeResult, JudgementId, Plan, Ruling,
    TrialId,
};
use crate::score::panel::{self, Decision};
use crate::score::rubric::{Points, points_of_shares};
use crate::score::{Grade, Outcome, PanelRule, judge};

/// The open answers of a run with their grades, up to the last entry that was [applied](Self::apply).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Gradebook {
    n_judges: usize,
    answers: BTreeMap<TrialId, GradedAnswer>,
    failed: BTreeSet<JudgementId>,
    /// Judgements with a try that brought no verdict, whatever came later.
    stumbled: BTreeSet<JudgementId>,
    /// Verdicts on the first asking and on later ones.
    repeated: BTreeMap<JudgementId, Vec<Option<Grade>>>,
}

/// An open answer with its grades.
#[derive(Debug, Clone, PartialEq)]
pub struct GradedAnswer {
    /// How its trial ended; [`Outcome::Unscored`] where it is for judges to grade.
    pub outcome: Outcome,
    /// Characters of the answer.
    pub n_chars: usize,
    /// By judge: a grade for each criterion, or one where it is held against a reference answer; `None` where there is
    /// none. Of the first asking.
    pub ballots: Vec<Vec<Option<Grade>>>,
    /// By criterion: what a person decided.
    pub rulings: Vec<Option<bool>>,
}

/// Whose verdicts count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// The panel's, and before it what a person decided.
    Panel(PanelRule),
    /// One judge's alone, by index.
    Judge(usize),
}

impl Gradebook {
    /// That of a run.
    pub fn of(journal: &Journal) -> Self {
        let mut book = Self { n_judges: journal.plan.judges().len(), ..Self::default() };
        for entry in &journal.entries {
            book.apply(&journal.plan, entry);
        }
        book
    }

    /// Takes in the next entry. The first answer to a trial stands, and the first verdicts of a judgement.
    pub fn apply(&mut self, plan: &Plan, entry: &Entry) {
        match &entry.body {
            Body::Attempt(attempt) => {
                let Some(item) = plan.items.get(attempt.trial.item as usize) else { return };
                let Some(n_grades) = n_grades(item) else { return };
                let (completion, outcome) = match &attempt.result {
                    AttemptResult::Answered(completion) => {
                        (Some(completion), judge(item, completion).outcome)
                    }
                    AttemptResult::Recorded { completion, outcome, .. } => {
                        (Some(completion), *outcome)
                    }
                    AttemptResult::GaveUp { .. } => (None, Outcome::Failed),
                    AttemptResult::WillRetry { .. } => return,
                };
                let n_chars = completion.map_or(0, |completion| completion.text.chars().count());
                let n_judges = self.n_judges;
                self.answers.entry(attempt.trial).or_insert_with(|| GradedAnswer {
                    outcome,
                    n_chars,
                    ballots: vec![vec![None; n_grades]; n_judges],
                    rulings: vec![None; n_grades],
                });
            }
            Body::Retried { trials } => {
                for trial in trials {
                    if self.answers.get(trial).is_some_and(|it| it.outcome == Outcome::Failed) {
                        self.answers.remove(trial);
                    }
                }
            }
            Body::Judgement(attempt) => self.take(attempt),
            Body::JudgementsRetried { judgements } => {
                for judgement in judgements {
                    self.failed.remove(judgement);
                }
            }
            Body::Overruled(overruling) if overruling.fits(plan) => {
                if let Ruling::Criterion { criterion, met } = overruling.ruling
                    && let Some(answer) = self.answers.get_mut(&overruling.trial)
                    && let Some(ruling) = answer.rulings.get_mut(usize::from(criterion))
                {
                    *ruling = met;
                }
            }
            Body::Overruled(_)
            | Body::Paused
            | Body::Resumed
            | Body::Cancelled
            | Body::Adapted { .. }
            | Body::BudgetSet { .. }
            | Body::BatchSent { .. }
            | Body::BatchEnded { .. } => {}
        }
    }

    fn take(&mut self, attempt: &JudgeAttempt) {
        let id = attempt.judgement;
        let grades = match &attempt.result {
            JudgeResult::Judged { grades, .. } => grades,
            JudgeResult::GaveUp { .. } | JudgeResult::Unreadable { is_last: true, .. } => {
                self.stumbled.insert(id);
                self.failed.insert(id);
                return;
            }
            JudgeResult::WillRetry { .. } | JudgeResult::Unreadable { is_last: false, .. } => {
                self.stumbled.insert(id);
                return;
            }
        };
        self.failed.remove(&id);
        let Some(answer) = self.answers.get_mut(&id.trial) else { return };
        let Some(ballot) = answer.ballots.get_mut(usize::from(id.judge)) else { return };
        self.repeated.entry(id).or_insert_with(|| grades.clone());
        if 0 < id.repeat {
            return;
        }
        let first = id.criterion.map_or(0, usize::from);
        for (slot, grade) in ballot.iter_mut().skip(first).zip(grades) {
            *slot = slot.or(*grade);
        }
    }

    /// The open answers, by trial.
    pub fn answers(&self) -> impl Iterator<Item = (TrialId, &GradedAnswer)> {
        self.answers.iter().map(|(trial, answer)| (*trial, answer))
    }

    /// One of them.
    pub fn answer(&self, trial: TrialId) -> Option<&GradedAnswer> {
        self.answers.get(&trial)
    }

    /// Judgements that ended without a verdict, of this judge.
    pub fn n_failed(&self, judge: usize) -> usize {
        self.failed.iter().filter(|id| usize::from(id.judge) == judge).count()
    }

    /// Judgements with verdicts, of this judge, those asked again included.
    pub fn n_judged(&self, judge: usize) -> usize {
        self.repeated.keys().filter(|id| usize::from(id.judge) == judge).count()
    }

    /// Of these, the ones that a later try brought.
    pub fn n_repaired(&self, judge: usize) -> usize {
        let of_judge = self.stumbled.iter().filter(|id| usize::from(id.judge) == judge);
        of_judge.filter(|id| self.repeated.contains_key(id)).count()
    }

    /// Verdicts of this judge on criteria that a person decided otherwise.
    pub fn n_overruled_of(&self, judge: usize) -> usize {
        let of_answer = |answer: &GradedAnswer| {
            let ballot = answer.ballots.get(judge).map(Vec::as_slice).unwrap_or_default();
            let votes = ballot.iter().map(|grade| grade.and_then(Grade::met));
            let differs = |(vote, ruled): &(Option<bool>, &Option<bool>)| {
                vote.is_some() && ruled.is_some() && vote != *ruled
            };
            votes.zip(&answer.rulings).filter(differs).count()
        };
        self.answers.values().map(of_answer).sum()
    }

    /// The same judgements asked twice, of this judge: the grades of the first and of the second asking.
    pub fn twice(&self, judge: usize) -> Vec<(Grade, Grade)> {
        let seconds =
            self.repeated.iter().filter(|(id, _)| usize::from(id.judge) == judge && id.repeat == 1);
        let pairs = seconds.filter_map(|(id, second)| {
            let first = self.repeated.get(&JudgementId { repeat: 0, ..*id })?;
            Some(first.iter().zip(second).filter_map(|(one, other)| Some(((*one)?, (*other)?))))
        });
        pairs.flatten().collect()
    }

    /// Grades that a person changed.
    pub fn n_overruled(&self) -> usize {
        self.answers.values().flat_map(|answer| &answer.rulings).flatten().count()
    }
}

impl GradedAnswer {
    /// Whether it is for judges to grade.
    pub fn is_gradable(&self) -> bool {
        self.outcome == Outcome::Unscored
    }

    /// What is decided on a criterion.
    pub fn decision(&self, by: By, criterion: usize) -> Decision {
        match (by, self.rulings.get(criterion).copied().flatten()) {
            (By::Panel(_), Some(ruled)) => Decision::of_one(Some(ruled)),
            (By::Panel(_), None) | (By::Judge(_), _) => self.judged(by, criterion),
        }
    }

    /// What the judges alone decided on it.
    pub fn judged(&self, by: By, criterion: usize) -> Decision {
        let met = |ballot: &Vec<Option<Grade>>| ballot.get(criterion).copied().flatten()?.met();
        match by {
            By::Judge(judge) => Decision::of_one(self.ballots.get(judge).and_then(met)),
            By::Panel(rule) => panel::decide(rule, self.ballots.iter().map(met)),
        }
    }

    /// What it earns by the criteria of its item that `counts`.
    pub fn points(
        &self,
        by: By,
        item: &Item,
        counts: impl Fn(&crate::dataset::Criterion) -> bool,
    ) -> Points {
        let Kind::Rubric(rubric) = &item.kind else { return Points::default() };
        points_of_shares(&rubric.criteria, |idx| self.decision(by, idx).share, counts)
    }

    /// The grade beside the reference answer, by the panel.
    pub fn reference_grade(&self, rule: PanelRule) -> Option<Grade> {
        let votes = self.ballots.iter().map(|ballot| ballot.first().copied().flatten());
        panel::decide_reference(rule, votes)
    }
}

/// How many grades an answer to this item gets; `None` where it is no open item.
fn n_grades(item: &Item) -> Option<usize> {
    match &item.kind {
        Kind::Rubric(rubric) => Some(rubric.criteria.len()),
        Kind::Reference(_) => Some(1),
        Kind::Choice(_) | Kind::Choices(_) | Kind::Number(_) | Kind::ShortText(_) => None,
    }
}
