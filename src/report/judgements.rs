//! Owns the list of judgements: what each judge said of each answer and criterion and why, or why there is no verdict.

use std::collections::BTreeMap;
use std::fmt;

use crate::report::gradebook::Gradebook;
use crate::run::{
    Body, Journal, JudgeAttempt, JudgeResult, JudgementId, Overruling, Ruling, TrialId,
};
use crate::score::NoVerdict;
use crate::score::verdict::Verdict;

/// One judge's say on one criterion of one answer, or on an answer beside its reference.
#[derive(Debug, Clone, PartialEq)]
pub struct Judgement {
    /// Whose answer.
    pub trial: TrialId,
    /// Index into the plan's judges.
    pub judge: usize,
    /// Index into the item's criteria; `None` where the answer is held against a reference answer.
    pub criterion: Option<usize>,
    /// Counted from zero; only the first counts.
    pub repeat: u16,
    /// What the judge said, or why there is nothing.
    pub verdict: Result<Verdict, Missing>,
    /// Tries made.
    pub n_tries: u32,
    /// When the verdict came, or the last try ended, in milliseconds since 1970.
    pub at_millis: Option<u64>,
}

/// Why there is no verdict. Whatever the reason, it is missing and never "not met".
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Missing {
    /// The judge is left out for models of its maker.
    Kin,
    /// Nobody has asked yet.
    NotAsked,
    /// No reply came, with the provider's reason.
    Failed(String),
    /// Replies came, and none held a verdict.
    Unreadable(NoVerdict),
    /// The reply has verdicts on other criteria and none on this one.
    LeftOut,
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Kin => f.write_str("The judge is left out for models of its own maker."),
            Self::NotAsked => f.write_str("The judge was not asked yet."),
            Self::Failed(reason) => write!(f, "No reply came. {reason}"),
            Self::Unreadable(why) => write!(f, "{why}"),
            Self::LeftOut => f.write_str("The judge’s reply leaves this criterion out."),
        }
    }
}

/// A person's ruling, with when it was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ruled {
    /// Who decided what, and why.
    pub overruling: Overruling,
    /// In milliseconds since 1970.
    pub at_millis: u64,
}

/// What the tries of one judgement came to.
#[derive(Default)]
struct Tries<'a> {
    n: u32,
    judged: Vec<(&'a JudgeAttempt, u64)>,
    missing: Option<Missing>,
    at_millis: Option<u64>,
}

/// The judgements of all answers that are for judges and that `keeps`: by answer, judge and criterion.
pub fn judgements(
    journal: &Journal,
    book: &Gradebook,
    keeps: impl Fn(TrialId) -> bool,
) -> Vec<Judgement> {
    let plan = &journal.plan;
    let Some(judging) = &plan.judging else { return vec![] };
    let tries = tries(journal, &keeps);
    let mut all = vec![];
    for (trial, _) in book.answers().filter(|(trial, it)| it.is_gradable() && keeps(*trial)) {
        let Some(item) = plan.items.get(trial.item as usize) else { continue };
        let Some(model) = plan.models.get(usize::from(trial.model)) else { continue };
        let parts = judging.parts(item);
        for (judge, spec) in judging.judges.iter().enumerate() {
            let sits = judging.sits_over(spec, model);
            for repeat in 0..judging.n_repeats {
                for (criterion, sought) in &parts {
                    let id = u16::try_from(judge).ok().map(|judge| JudgementId {
                        judge,
                        trial,
                        criterion: *criterion,
                        repeat,
                    });
                    let found = id.and_then(|id| tries.get(&id));
                    let said = Said::of(found, sits, sought.n());
                    for idx in 0..sought.n() {
                        let criterion = match (criterion, &item.kind) {
                            (Some(criterion), _) => Some(usize::from(*criterion)),
                            (None, crate::dataset::Kind::Rubric(_)) => Some(idx),
                            (None, _) => None,
                        };
                        all.push(Judgement {
                            trial,
                            judge,
                            criterion,
                            repeat,
                            verdict: said.at(idx),
                            n_tries: found.map_or(0, |found| found.n),
                            at_millis: found.and_then(|found| found.at_millis),
                        });
                    }
                }
            }
        }
    }
    all
}

fn tries<'a>(
    journal: &'a Journal,
    keeps: impl Fn(TrialId) -> bool,
) -> BTreeMap<JudgementId, Tries<'a>> {
    let mut all: BTreeMap<JudgementId, Tries<'a>> = BTreeMap::new();
    for entry in &journal.entries {
        let attempt = match &entry.body {
            Body::Judgement(attempt) if keeps(attempt.judgement.trial) => attempt,
            _ => continue,
        };
        let tries = all.entry(attempt.judgement).or_default();
        tries.n += 1;
        match &attempt.result {
            JudgeResult::Judged { .. } => tries.judged.push((attempt, entry.at_millis)),
            JudgeResult::Unreadable { why, .. } => tries.missing = Some(Missing::Unreadable(*why)),
            JudgeResult::WillRetry { failure } | JudgeResult::GaveUp { failure } => {
                tries.missing = Some(Missing::Failed(failure.to_string()));
            }
        }
        // A further reply changes nothing of a verdict that stands.
        if tries.judged.len() <= 1 {
            tries.at_millis = Some(entry.at_millis);
        }
    }
    all
}

/// The verdicts of one judgement, by criterion.
struct Said {
    verdicts: Vec<Option<Verdict>>,
    otherwise: Missing,
}

impl Said {
    fn of(found: Option<&Tries<'_>>, sits: bool, n: usize) -> Self {
        let mut verdicts: Vec<Option<Verdict>> = vec![None; n];
        let otherwise = match found {
            Some(found) if !found.judged.is_empty() => Missing::LeftOut,
            Some(found) => found.missing.clone().unwrap_or(Missing::NotAsked),
            None if sits => Missing::NotAsked,
            None => Missing::Kin,
        };
        // The first verdict on each criterion stands.
        for (attempt, _) in found.map(|found| found.judged.as_slice()).unwrap_or_default() {
            for (slot, verdict) in verdicts.iter_mut().zip(attempt.verdicts()) {
                if slot.is_none() {
                    *slot = verdict;
                }
            }
        }
        Self { verdicts, otherwise }
    }

    fn at(&self, idx: usize) -> Result<Verdict, Missing> {
        self.verdicts.get(idx).cloned().flatten().ok_or_else(|| self.otherwise.clone())
    }
}

/// The rulings of people on answers that `keeps`, in order. The last on a grade stands.
pub fn rulings(journal: &Journal, keeps: impl Fn(TrialId) -> bool) -> Vec<Ruled> {
    let entries = journal.entries.iter();
    let rulings = entries.filter_map(|entry| match &entry.body {
        Body::Overruled(overruling)
            if keeps(overruling.trial) && overruling.fits(&journal.plan) =>
        {
            Some(Ruled { overruling: overruling.clone(), at_millis: entry.at_millis })
        }
        _ => None,
    });
    rulings.collect()
}

/// The ruling that stands on a criterion, or on the outcome where that is `None`: the last, unless it took the one before
/// back.
pub fn standing_ruling(
    rulings: &[Ruled],
    trial: TrialId,
    criterion: Option<usize>,
) -> Option<&Ruled> {
    let of_grade = |ruled: &&Ruled| {
        ruled.overruling.trial == trial
            && match (ruled.overruling.ruling, criterion) {
                (Ruling::Criterion { criterion: of, .. }, Some(wanted)) => {
                    usize::from(of) == wanted
                }
                (Ruling::Outcome(_), None) => true,
                (Ruling::Criterion { .. }, None) | (Ruling::Outcome(_), Some(_)) => false,
            }
    };
    let last = rulings.iter().rev().find(of_grade)?;
    let is_taken_back = matches!(
        last.overruling.ruling,
        Ruling::Criterion { met: None, .. } | Ruling::Outcome(None)
    );
    (!is_taken_back).then_some(last)
}

#[cfg(test)]
pub(in crate::report) mod tests;
