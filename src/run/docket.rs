//! Owns what the engine knows of judgements: which an answer calls for, and how the replies to them are read.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::judging::{JudgementId, Judging};
use super::plan::{Plan, TrialId};
use crate::provider::Completion;
use crate::score::{Grade, NoVerdict, Sought, is_gradable, verdict};

/// A call that an answer takes of a judge.
#[derive(Debug, Clone, Copy)]
struct Part {
    criterion: Option<u16>,
    sought: Sought,
    /// Bytes of its prompt without the answer.
    n_bytes: u64,
}

/// The judgements of a run.
#[derive(Debug)]
pub(super) struct Docket {
    /// Index of the first judge's lane.
    first_lane: usize,
    /// By item; empty where nothing is judged.
    parts: Vec<Vec<Part>>,
    /// By model: the judges that sit over it.
    judges: Vec<Vec<u16>>,
    n_repeats: u16,
    max_unreadable: u32,
    /// Answers that will be judged once they are safe.
    unsafe_answers: BTreeMap<TrialId, Arc<str>>,
}

/// A judgement that an answer calls for.
pub(super) struct Called {
    /// Index of the judge's lane.
    pub(super) lane: usize,
    pub(super) judgement: JudgementId,
    pub(super) prompt_bytes: u64,
}

/// What a reply amounts to.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Reading {
    Judged(Vec<Option<Grade>>),
    Unreadable { why: NoVerdict, is_last: bool },
}

impl Docket {
    /// That of a plan; `None` where nothing is judged. Bytes are counted only where they are reckoned with.
    pub(super) fn of(plan: &Plan, is_reckoned: bool) -> Option<Self> {
        let judging = plan.judging.as_ref()?;
        let parts = plan.items.iter().map(|item| {
            let template = judging.template_of(item);
            let parts = judging.parts(item).into_iter().map(|(criterion, sought)| {
                let n_bytes = || template.n_bytes(item, criterion.map(usize::from)).unwrap_or(0);
                let n_bytes = if is_reckoned { n_bytes() } else { 0 };
                Part { criterion, sought, n_bytes }
            });
            parts.collect()
        });
        let Judging { n_repeats, max_unreadable, .. } = *judging;
        Some(Self {
            first_lane: plan.models.len(),
            parts: parts.collect(),
            judges: plan.models.iter().map(|model| sitting(judging, model)).collect(),
            n_repeats: n_repeats.max(1),
            max_unreadable: max_unreadable.max(1),
            unsafe_answers: BTreeMap::new(),
        })
    }

    fn parts_of(&self, trial: TrialId) -> &[Part] {
        self.parts.get(trial.item as usize).map(Vec::as_slice).unwrap_or_default()
    }

    /// The text of an answer that will be judged.
    pub(super) fn gradable(&self, trial: TrialId, completion: &Completion) -> Option<Arc<str>> {
        let is_judged = !self.parts_of(trial).is_empty() && is_gradable(completion);
        is_judged.then(|| Arc::from(completion.text.as_str()))
    }

    /// An answer is on its way into the store.
    pub(super) fn note(&mut self, trial: TrialId, completion: &Completion) {
        if let Some(answer) = self.gradable(trial, completion) {
            self.unsafe_answers.insert(trial, answer);
        }
    }

    /// The answer is safe: its text, if it is to be judged.
    pub(super) fn take(&mut self, trial: TrialId) -> Option<Arc<str>> {
        self.unsafe_answers.remove(&trial)
    }

    /// What an answer calls for: repeat by repeat and criterion by criterion, of each judge.
    pub(super) fn called(&self, trial: TrialId, answer: &str) -> Vec<Called> {
        let parts = self.parts_of(trial);
        let judges =
            self.judges.get(usize::from(trial.model)).map(Vec::as_slice).unwrap_or_default();
        let mut called = Vec::with_capacity(judges.len() * parts.len());
        for repeat in 0..self.n_repeats {
            for part in parts {
                called.extend(judges.iter().map(|judge| Called {
                    lane: self.first_lane + usize::from(*judge),
                    judgement: JudgementId {
                        judge: *judge,
                        trial,
                        criterion: part.criterion,
                        repeat,
                    },
                    prompt_bytes: part.n_bytes.saturating_add(answer.len() as u64),
                }));
            }
        }
        called
    }

    /// The judge whose lane this is.
    pub(super) fn judge_of(&self, lane_idx: usize) -> Option<usize> {
        lane_idx.checked_sub(self.first_lane)
    }

    /// The index of a judge's lane.
    pub(super) fn lane_of(&self, judgement: JudgementId) -> usize {
        self.first_lane + usize::from(judgement.judge)
    }

    /// Reads a reply, the `n_tries`th. A reply that leaves out criteria is asked for again while there are tries.
    pub(super) fn read(
        &self,
        judgement: JudgementId,
        completion: &Completion,
        n_tries: u32,
    ) -> Reading {
        let is_last = self.max_unreadable <= n_tries;
        let mut parts = self.parts_of(judgement.trial).iter();
        let part = parts.find(|part| part.criterion == judgement.criterion);
        let Some(part) = part else {
            return Reading::Unreadable { why: NoVerdict::Nothing, is_last: true };
        };
        match verdict::read(part.sought, completion) {
            Ok(verdicts) if !is_last && verdicts.iter().any(Option::is_none) => {
                Reading::Unreadable { why: NoVerdict::Incomplete, is_last }
            }
            Ok(verdicts) => {
                let grades = verdicts.into_iter().map(|verdict| Some(verdict?.grade));
                Reading::Judged(grades.collect())
            }
            Err(why) => Reading::Unreadable { why, is_last },
        }
    }
}

fn sitting(judging: &Judging, model: &crate::provider::ModelSpec) -> Vec<u16> {
    let judges = (0..).zip(&judging.judges);
    judges.filter(|(_, judge)| judging.sits_over(judge, model)).map(|(idx, _)| idx).collect()
}
