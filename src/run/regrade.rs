//! Owns grading the answers of an earlier run: a run of its own that takes them over and asks judges only.
//!
//! A plan is hashed before its first entry and never changes, and with it who judges. So other judges make another run. It
//! begins with the earlier one's answers, each marked with where it is from, and with what people decided about them; its
//! plan names the earlier run and the hash that its journal ended with.

use std::collections::{BTreeMap, BTreeSet};

use super::chain;
use super::draft::judged;
use super::journal::{Attempt, AttemptResult, Body, Entry, Journal, Reused};
use super::judging::{GradedRun, Judging};
use super::plan::{Plan, TrialId};
use super::record::PlanRecord;
use crate::provider::MicroDollars;
use crate::score::{Outcome, is_gradable};

/// A grading of an earlier run, before it begins.
#[derive(Debug, Clone, PartialEq)]
pub struct Regrading {
    /// Its plan.
    pub plan: Plan,
    /// What its journal begins with, each with the time at which it happened.
    pub taken_over: Vec<(u64, Body)>,
}

/// Makes the grading of a run's answers by these judges; `None` where there is nothing for them to grade.
pub fn regrade(
    earlier: &Journal,
    run_id: String,
    judging: Judging,
    budget: Option<MicroDollars>,
) -> Option<Regrading> {
    if gradable(earlier).is_empty() {
        return None;
    }
    let plan = &earlier.plan;
    let hash = earlier.entries.last().map(|entry| entry.hash.clone());
    let of_run = GradedRun {
        run_id: plan.run_id.clone(),
        title: plan.title.clone(),
        hash: hash.unwrap_or_else(|| chain::plan_hash(&PlanRecord::from(plan))),
    };
    let judging = judged(Some(judging), &plan.items)?;
    let judging = Some(Judging { of_run: Some(of_run), ..judging });
    let app_version = env!("CARGO_PKG_VERSION").to_owned();
    let taken_over = ends(earlier).into_iter().map(|(_, entry, attempt)| {
        let reused = Reused { run_id: plan.run_id.clone(), at_millis: entry.at_millis };
        let reused = attempt.reused.clone().unwrap_or(reused);
        let attempt =
            Attempt { cost: Some(MicroDollars(0)), reused: Some(reused), ..attempt.clone() };
        (entry.at_millis, Body::Attempt(attempt))
    });
    let rulings = earlier.entries.iter().filter(|entry| matches!(entry.body, Body::Overruled(_)));
    let rulings = rulings.map(|entry| (entry.at_millis, entry.body.clone()));
    let taken_over = taken_over.chain(rulings).collect();
    let plan = Plan { run_id, app_version, budget, judging, ..plan.clone() };
    Some(Regrading { plan, taken_over })
}

/// The answers of a run that judges can grade, by trial.
pub fn gradable(journal: &Journal) -> Vec<TrialId> {
    let ends = ends(journal).into_iter();
    let gradable = ends.filter(|(trial, _, attempt)| {
        let item = journal.plan.items.get(trial.item as usize);
        let is_open = item.is_some_and(|item| item.kind.is_open());
        is_open
            && match &attempt.result {
                AttemptResult::Answered(completion) => is_gradable(completion),
                AttemptResult::Recorded { completion, outcome, .. } => {
                    *outcome == Outcome::Unscored && is_gradable(completion)
                }
                AttemptResult::GaveUp { .. } | AttemptResult::WillRetry { .. } => false,
            }
    });
    gradable.map(|(trial, ..)| trial).collect()
}

/// The answers of a run that judges can grade, as they are sent.
pub fn texts(journal: &Journal) -> Vec<&str> {
    let gradable: BTreeSet<TrialId> = gradable(journal).into_iter().collect();
    let ends = ends(journal).into_iter().filter(|(trial, ..)| gradable.contains(trial));
    let texts = ends.filter_map(|(_, _, attempt)| match &attempt.result {
        AttemptResult::Answered(completion) | AttemptResult::Recorded { completion, .. } => {
            Some(completion.text.as_str())
        }
        AttemptResult::GaveUp { .. } | AttemptResult::WillRetry { .. } => None,
    });
    texts.collect()
}

/// How each trial ended, in the order in which they did. The first end stands until the trial is opened anew.
fn ends(journal: &Journal) -> Vec<(TrialId, &Entry, &Attempt)> {
    let mut ends: BTreeMap<TrialId, (&Entry, &Attempt)> = BTreeMap::new();
    for entry in &journal.entries {
        match &entry.body {
            Body::Attempt(attempt) => {
                if !matches!(attempt.result, AttemptResult::WillRetry { .. }) {
                    ends.entry(attempt.trial).or_insert((entry, attempt));
                }
            }
            Body::Retried { trials } => {
                for trial in trials {
                    ends.remove(trial);
                }
            }
            Body::Judgement(_)
            | Body::JudgementsRetried { .. }
            | Body::Overruled(_)
            | Body::Paused
            | Body::Resumed
            | Body::Cancelled
            | Body::Adapted { .. }
            | Body::BudgetSet { .. }
            | Body::BatchSent { .. }
            | Body::BatchEnded { .. } => {}
        }
    }
    let mut ends: Vec<(TrialId, &Entry, &Attempt)> =
        ends.into_iter().map(|(trial, (entry, attempt))| (trial, entry, attempt)).collect();
    ends.sort_by_key(|(trial, entry, _)| (entry.seq, *trial));
    ends
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::{Kind, Reference};
    use crate::provider::{Class, Endpoint, ModelSpec, Protocol, Seat};
    use crate::run::engine::{Command, Engine, Event, Settings};
    use crate::run::fixture::{answered, attempt, failure, journal, push, trial};
    use crate::run::{Overruling, Ruling};

    fn earlier() -> Journal {
        let general = Class::GeneralPurpose;
        let mut earlier = journal("old", &[("m", general, &["----"]), ("n", general, &["c---"])]);
        for item in &mut earlier.plan.items {
            item.kind = Kind::Reference(Reference { answer: "Rest.".into() });
        }
        push(&mut earlier, attempt(trial(0, 0, 0), 1, answered("Rest, they say.")));
        let gave_up = AttemptResult::GaveUp { failure: failure() };
        push(&mut earlier, attempt(trial(0, 1, 0), 1, gave_up.clone()));
        push(&mut earlier, Body::Retried { trials: vec![trial(0, 1, 0)] });
        push(&mut earlier, attempt(trial(0, 1, 0), 1, answered("Sleep.")));
        push(&mut earlier, attempt(trial(0, 2, 0), 1, gave_up));
        let ruling = Ruling::Outcome(Some(Outcome::Partial));
        let made = Overruling::new(&earlier.plan, trial(0, 1, 0), ruling, "Half.", "Ada");
        push(&mut earlier, Body::Overruled(made.unwrap()));
        earlier
    }

    fn judge() -> Judging {
        let endpoint = Endpoint::new(Protocol::OpenAiChat, "https://judge.example/v1", "j");
        Judging::by(vec![ModelSpec::new("j", Class::GeneralPurpose, Seat::Api(endpoint))])
    }

    #[test]
    fn judges_alone_are_asked_about_the_answers_of_the_earlier_run() {
        let earlier = earlier();
        assert_eq!(gradable(&earlier), [trial(1, 0, 0), trial(0, 0, 0), trial(0, 1, 0)]);
        let made = regrade(&earlier, "new".into(), judge(), None).unwrap();
        assert_eq!(made.taken_over.len(), 5);
        let of_run = made.plan.graded_run().unwrap();
        assert_eq!(of_run.hash, earlier.entries.last().unwrap().hash);
        assert_eq!(crate::run::draft::n_calls(&made.plan).0, 0);
        let record = serde_json::to_string(&PlanRecord::from(&made.plan)).unwrap();
        let read: PlanRecord = serde_json::from_str(&record).unwrap();
        assert_eq!(Plan::try_from(read).unwrap(), made.plan);

        let mut again = Journal { plan: made.plan, entries: vec![] };
        for (_, body) in made.taken_over {
            push(&mut again, body);
        }
        let mut engine = Engine::new(&again.plan, &again.entries, Settings::default());
        let commands = engine.handle(1, Event::Go);
        let asked = |command: &Command| matches!(command, Command::Send { .. });
        assert!(!commands.iter().any(asked), "{commands:?}");
        let judged: Vec<TrialId> = commands
            .iter()
            .filter_map(|command| match command {
                Command::Judge { judgement, .. } => Some(judgement.trial),
                _ => None,
            })
            .collect();
        assert_eq!(judged, [trial(1, 0, 0), trial(0, 0, 0), trial(0, 1, 0)]);
        assert!(!engine.is_complete(), "verdicts are awaited");
        // What failed in the earlier run is its own, and is not asked again here.
        let retried = engine.handle(2, Event::RetryFailed);
        assert!(
            !retried.iter().any(asked)
                && !retried
                    .iter()
                    .any(|command| matches!(command, Command::Write(Body::Retried { .. })))
        );
        assert_eq!(crate::run::Spending::of(&again).at_most(), MicroDollars(0));
    }

    #[test]
    fn without_open_answers_there_is_nothing_to_grade() {
        let closed = journal("old", &[("m", Class::Clinical, &["cc"])]);
        assert_eq!(regrade(&closed, "new".into(), judge(), None), None);
        assert_eq!(regrade(&earlier(), "new".into(), Judging::by(vec![]), None), None);
    }
}
