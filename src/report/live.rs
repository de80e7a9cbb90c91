//! Owns the counts of a run under way, kept entry by entry: a page that looks ten times a second must not count anew.

use super::grid::{Grid, State};
use super::rule::Tally;
use crate::provider::Setting;
use crate::run::{Body, Entry, Journal, JudgeResult, Plan, TrialId};

/// A run's grid with its counts, up to the last entry that was [applied](Self::apply).
#[derive(Debug, Clone, PartialEq)]
pub struct LiveGrid {
    grid: Grid,
    /// The models, and the judges behind them.
    seats: Vec<LiveCounts>,
    n_applied: usize,
}

/// What the entries of one model, or of one judge, amount to.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LiveCounts {
    /// How its trials ended.
    pub tally: Tally,
    /// Settings that it refused on the way, with its words; it is asked without them since.
    pub adapted: Vec<(Setting, String)>,
    /// Verdicts, where it is a judge.
    pub verdicts: VerdictCounts,
}

/// Verdicts of one judge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct VerdictCounts {
    /// Read from its replies, those asked for again to measure it included.
    pub n_read: usize,
    /// Criteria that a reply which is over left out. Judgements without any reply are not in it.
    pub n_left_out: usize,
}

impl LiveGrid {
    /// The counts of a journal as it stands.
    pub fn of(journal: &Journal) -> Self {
        let grid = Grid::planned(&journal.plan);
        let models = (0..grid.models.len()).map(|model| LiveCounts {
            tally: Tally::of(grid.trials_of(model).flatten()),
            ..LiveCounts::default()
        });
        let judges = journal.plan.judges().iter().map(|_| LiveCounts::default());
        let seats = models.chain(judges).collect();
        let mut live = Self { grid, seats, n_applied: 0 };
        for entry in &journal.entries {
            live.apply(&journal.plan, entry);
        }
        live
    }

    /// The grid.
    pub fn grid(&self) -> &Grid {
        &self.grid
    }

    /// What the entries of a model amount to, or those of a judge: their indices lie behind those of the models.
    pub fn counts(&self, seat_idx: usize) -> Option<&LiveCounts> {
        self.seats.get(seat_idx)
    }

    /// Whether a trial of the plan has not ended.
    pub fn is_open(&self, trial: TrialId) -> bool {
        self.state(trial) == Some(State::NotAsked)
    }

    /// The trials of a model that have not ended.
    pub fn open_trials(&self, model_idx: usize) -> Vec<TrialId> {
        let Ok(model) = u16::try_from(model_idx) else { return vec![] };
        if self.grid.models.len() <= model_idx {
            return vec![];
        }
        let mut open = vec![];
        for (item, cells) in (0..).zip(self.grid.trials_of(model_idx)) {
            let repeats = (0..).zip(cells).filter(|(_, cell)| cell.state == State::NotAsked);
            open.extend(repeats.map(|(repeat, _)| TrialId { model, item, repeat }));
        }
        open
    }

    /// Takes in the next entry of the run.
    pub fn apply(&mut self, plan: &Plan, entry: &Entry) {
        let trials = trials_of(&entry.body);
        let before: Vec<Option<State>> = trials.iter().map(|trial| self.state(*trial)).collect();
        self.grid.apply(plan, self.n_applied, entry);
        self.n_applied += 1;
        for (trial, before) in trials.into_iter().zip(before) {
            let after = self.state(trial);
            let (Some(before), Some(after)) = (before, after) else { continue };
            if let Some(counts) = self.seats.get_mut(usize::from(trial.model)) {
                counts.tally.remove(before);
                counts.tally.add(after);
            }
        }
        self.note(&entry.body);
    }

    fn note(&mut self, body: &Body) {
        if let Body::Adapted { model, setting, message } = body
            && let Some(counts) = self.seats.get_mut(usize::from(*model))
        {
            counts.adapted.push((*setting, message.clone()));
        }
        let Body::Judgement(attempt) = body else { return };
        let seat = self.grid.models.len() + usize::from(attempt.judgement.judge);
        if let JudgeResult::Judged { grades, .. } = &attempt.result
            && let Some(counts) = self.seats.get_mut(seat)
        {
            let n_read = grades.iter().flatten().count();
            counts.verdicts.n_read += n_read;
            counts.verdicts.n_left_out += grades.len() - n_read;
        }
    }

    fn state(&self, trial: TrialId) -> Option<State> {
        let (model, item) = (usize::from(trial.model), trial.item as usize);
        if self.grid.models.len() <= model || self.grid.items.len() <= item {
            return None;
        }
        self.grid.trials(model, item).get(usize::from(trial.repeat)).map(|cell| cell.state)
    }
}

/// The trials whose state an entry may change, each once.
fn trials_of(body: &Body) -> Vec<TrialId> {
    match body {
        Body::Attempt(attempt) => vec![attempt.trial],
        Body::Judgement(attempt) => vec![attempt.judgement.trial],
        Body::Overruled(overruling) => vec![overruling.trial],
        Body::Retried { trials } => {
            let mut trials = trials.clone();
            trials.sort_unstable();
            trials.dedup();
            trials
        }
        Body::Paused
        | Body::Resumed
        | Body::Cancelled
        | Body::Adapted { .. }
        | Body::JudgementsRetried { .. }
        | Body::BudgetSet { .. }
        | Body::BatchSent { .. }
        | Body::BatchEnded { .. } => vec![],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::{Kind, Reference};
    use crate::provider::Class;
    use crate::run::fixture::{answered, attempt, failure, journal, push, trial};
    use crate::run::{
        AttemptResult, JudgeAttempt, JudgeResult, JudgementId, Judging, Overruling, Ruling,
    };
    use crate::score::{Grade, Outcome};

    const GENERAL: Class = Class::GeneralPurpose;

    /// The counts must be those of counting anew, whatever happened.
    fn check(journal: &Journal) -> LiveGrid {
        let live = LiveGrid::of(journal);
        assert_eq!(*live.grid(), Grid::of(journal));
        for model in 0..journal.plan.models.len() {
            let anew = Tally::of(live.grid().trials_of(model).flatten());
            assert_eq!(live.counts(model).unwrap().tally, anew);
        }
        live
    }

    #[test]
    fn counts_follow_the_entries() {
        let mut journal = journal(
            "a",
            &[("m", GENERAL, &["ccif-", "rutx-"]), ("n", GENERAL, &["-----", "c----"])],
        );
        let live = check(&journal);
        assert_eq!(live.counts(0).unwrap().tally.correct, 2);
        assert_eq!(live.counts(0).unwrap().tally.not_asked, 2);
        push(&mut journal, Body::Retried { trials: vec![trial(0, 3, 0), trial(0, 3, 0)] });
        assert_eq!(check(&journal).counts(0).unwrap().tally.failed, 0);
        push(
            &mut journal,
            attempt(trial(0, 3, 0), 1, AttemptResult::WillRetry { failure: failure() }),
        );
        push(&mut journal, attempt(trial(0, 3, 0), 2, answered("B")));
        push(&mut journal, attempt(trial(0, 3, 0), 3, answered("A")));
        push(&mut journal, attempt(trial(9, 9, 9), 1, answered("A")));
        assert_eq!(check(&journal).counts(0).unwrap().tally.correct, 3);
    }

    #[test]
    fn judges_and_people_change_outcomes() {
        let mut journal = journal("a", &[("m", GENERAL, &["-c"])]);
        journal.plan.items[0].kind = Kind::Reference(Reference { answer: "Rest.".into() });
        journal.plan.judging = Some(Judging::by(journal.plan.models.clone()));
        push(&mut journal, attempt(trial(0, 0, 0), 1, answered("Rest.")));
        assert_eq!(check(&journal).counts(0).unwrap().tally.unscored, 1);
        let judgement = JudgementId { judge: 0, trial: trial(0, 0, 0), criterion: None, repeat: 0 };
        let judged = |grade| {
            let completion = crate::provider::Completion::default();
            let result = JudgeResult::Judged { completion, grades: vec![Some(grade)] };
            let (cost, reused) = (None, None);
            Body::Judgement(JudgeAttempt { judgement, n: 1, took_millis: 5, result, cost, reused })
        };
        push(&mut journal, judged(Grade::Correct));
        let verdicts = check(&journal).counts(1).unwrap().verdicts;
        assert_eq!(verdicts, VerdictCounts { n_read: 1, n_left_out: 0 });
        // The first verdict stands.
        push(&mut journal, judged(Grade::Wrong));
        assert_eq!(check(&journal).counts(0).unwrap().tally.correct, 2);
        let rule = |journal: &mut Journal, outcome| {
            let (id, ruling) = (trial(0, 1, 0), Ruling::Outcome(outcome));
            let made = Overruling::new(&journal.plan, id, ruling, "The key is wrong.", "Ada");
            push(journal, Body::Overruled(made.unwrap()));
            let live = check(journal);
            (live.counts(0).unwrap().tally.correct, live.grid().n_overruled())
        };
        assert_eq!(rule(&mut journal, Some(Outcome::Incorrect)), (1, 1));
        assert_eq!(rule(&mut journal, None), (2, 0));
    }

    #[test]
    fn what_has_not_ended_is_open() {
        let mut journal =
            journal("a", &[("m", GENERAL, &["cf-", "-cf"]), ("n", GENERAL, &["ccc", "ccc"])]);
        journal.plan.assigned[0] = Some(vec![0, 1]);
        let live = LiveGrid::of(&journal);
        assert_eq!(live.open_trials(0), [trial(0, 0, 1)]);
        assert!(live.is_open(trial(0, 0, 1)) && !live.is_open(trial(0, 2, 0)));
        assert!(live.open_trials(1).is_empty() && live.open_trials(7).is_empty());
    }

    #[test]
    fn what_a_model_refused_is_told_of_it() {
        let mut journal = journal("a", &[("m", GENERAL, &["--"]), ("n", GENERAL, &["--"])]);
        let adapted =
            Body::Adapted { model: 1, setting: Setting::Temperature, message: "no".into() };
        push(&mut journal, adapted);
        let live = check(&journal);
        assert_eq!(live.counts(1).unwrap().adapted, [(Setting::Temperature, "no".to_owned())]);
        assert!(live.counts(0).unwrap().adapted.is_empty());
    }
}
