//! Owns what judges and people decide over the outcome of a trial. Rubrics have points and no outcome: see the gradebook.

use super::{Grid, State};
use crate::dataset::Kind;
use crate::run::{JudgeAttempt, JudgeResult, Overruling, Plan, Ruling};
use crate::score::panel::decide_reference;
use crate::score::{Grade, Outcome};

impl Grid {
    /// A judge held an answer against the reference answer. The first verdict of each judge stands.
    pub(super) fn take_judgement(&mut self, plan: &Plan, attempt: &JudgeAttempt) {
        let id = attempt.judgement;
        let Some(judging) = &plan.judging else { return };
        let kind = plan.items.get(id.trial.item as usize).map(|item| &item.kind);
        let (Some(Kind::Reference(_)), JudgeResult::Judged { grades, .. }) =
            (kind, &attempt.result)
        else {
            return;
        };
        if 0 < id.repeat || judging.judges.len() <= usize::from(id.judge) {
            return;
        }
        let votes = self.votes.entry(id.trial).or_insert_with(|| vec![None; judging.judges.len()]);
        if let Some(vote) = votes.get_mut(usize::from(id.judge)) {
            *vote = vote.or(grades.first().copied().flatten());
        }
        let outcome = match decide_reference(judging.panel, votes.iter().copied()) {
            Some(Grade::Correct) => Outcome::Correct,
            Some(Grade::Partly) => Outcome::Partial,
            Some(Grade::Wrong) => Outcome::Incorrect,
            Some(Grade::Met | Grade::NotMet) | None => Outcome::Unscored,
        };
        let Some(cell) = self.cell_of(id.trial) else { return };
        match (&mut cell.overruled, cell.state) {
            (Some(before), _) => *before = outcome,
            (None, State::Ended(_)) => cell.state = State::Ended(outcome),
            (None, State::NotAsked | State::Unassigned) => {}
        }
    }

    /// A person decided how a trial ended, or took that back.
    pub(super) fn take_overruling(&mut self, plan: &Plan, overruling: &Overruling) {
        let Ruling::Outcome(ruled) = overruling.ruling else { return };
        if !overruling.fits(plan) {
            return;
        }
        let Some(cell) = self.cell_of(overruling.trial) else { return };
        let State::Ended(now) = cell.state else { return };
        let before = cell.overruled.unwrap_or(now);
        cell.overruled = ruled.map(|_| before);
        cell.state = State::Ended(ruled.unwrap_or(before));
    }

    /// Trials whose outcome a person changed.
    pub fn n_overruled(&self) -> usize {
        self.cells.iter().filter(|cell| cell.overruled.is_some()).count()
    }
}
