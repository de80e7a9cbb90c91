//! Owns how open answers of the next run are to be graded: who judges and how, kept while the page is open.

use std::collections::BTreeSet;

use leptos::prelude::*;

use super::{Listed, State, Typed};
use crate::prompt::{JudgeTemplate, JudgeTextError, OwnJudge};
use crate::provider::{ModelSpec, Seat};
use crate::run::{Judging, Kin};
use crate::score::PanelRule;

/// How the next run, or the next grading of an earlier one, grades open answers.
#[derive(Clone, Copy)]
pub(in crate::ui) struct JudgingWishes {
    /// Participants of the next run that judge as well, by [`Listed::key`].
    pub(in crate::ui) sitting: RwSignal<BTreeSet<u32>>,
    /// Judges that do not sit the exam themselves.
    pub(in crate::ui) bench: RwSignal<Vec<Listed>>,
    /// How rubrics are put to judges; `None` for the person's own text.
    pub(in crate::ui) template: RwSignal<Option<JudgeTemplate>>,
    /// The person's own text.
    pub(in crate::ui) own: Typed,
    /// How several judges decide.
    pub(in crate::ui) panel: RwSignal<PanelRule>,
    /// Whether a judge grades models of its own maker.
    pub(in crate::ui) kin: RwSignal<Kin>,
    /// How often each judgement is asked for.
    pub(in crate::ui) n_repeats: RwSignal<u64>,
}

impl Default for JudgingWishes {
    fn default() -> Self {
        let first = Judging::by(vec![]);
        Self {
            sitting: RwSignal::new(BTreeSet::new()),
            bench: RwSignal::new(vec![]),
            template: RwSignal::new(Some(first.template)),
            own: Typed::new(OwnJudge::first().text()),
            panel: RwSignal::new(first.panel),
            kin: RwSignal::new(first.kin),
            n_repeats: RwSignal::new(u64::from(first.n_repeats)),
        }
    }
}

/// Whether somebody can be asked for verdicts: not a rule that knows no medicine, and not a human, who overrules instead.
pub(in crate::ui) fn can_judge(spec: &ModelSpec) -> bool {
    match spec.seat {
        Seat::Api(_) | Seat::BrowserModel => true,
        Seat::Baseline { .. } | Seat::Person | Seat::Paste | Seat::Recorded => false,
    }
}

impl JudgingWishes {
    /// Who judges: participants in their order, then the others. Those who are gone from the list judge no more.
    pub(in crate::ui) fn judges(self, state: State) -> Vec<ModelSpec> {
        let sitting = self.sitting.get();
        let mut judges: Vec<ModelSpec> = state.roster.with(|roster| {
            let chosen = roster.iter().filter(|listed| sitting.contains(&listed.key));
            chosen.map(|listed| listed.spec.clone()).filter(can_judge).collect()
        });
        self.bench.with(|bench| judges.extend(bench.iter().map(|listed| listed.spec.clone())));
        judges.into_iter().map(|judge| state.with_price(judge)).collect()
    }

    /// The person's own text, as far as it can be used.
    pub(in crate::ui) fn own_text(self) -> Result<OwnJudge, JudgeTextError> {
        self.own.settled.with(|text| OwnJudge::parse(text))
    }

    /// The grading that is meant; none where nobody judges, and the reference rule while an own text cannot be used.
    pub(in crate::ui) fn judging(self, state: State) -> Option<Judging> {
        let judges = self.judges(state);
        let own = || self.own_text().map_or(JudgeTemplate::HealthBench, JudgeTemplate::Own);
        (!judges.is_empty()).then(|| Judging {
            template: self.template.get().unwrap_or_else(own),
            panel: self.panel.get(),
            kin: self.kin.get(),
            n_repeats: u16::try_from(self.n_repeats.get()).unwrap_or(u16::MAX),
            ..Judging::by(judges)
        })
    }

    /// Takes over a grading from elsewhere. Its judges stand beside the participants, whether or not one is like them.
    pub(in crate::ui) fn set(self, state: State, judging: Judging) {
        let template = match judging.template {
            JudgeTemplate::Own(own) => {
                self.own.live.set(own.text().to_owned());
                self.own.settled.set(own.text().to_owned());
                None
            }
            other => Some(other),
        };
        self.sitting.set(BTreeSet::new());
        self.bench.set(vec![]);
        for judge in judging.judges {
            self.add(state, judge);
        }
        self.template.set(template);
        self.panel.set(judging.panel);
        self.kin.set(judging.kin);
        self.n_repeats.set(u64::from(judging.n_repeats));
    }

    /// Adds a judge that does not sit the exam.
    pub(in crate::ui) fn add(self, state: State, mut judge: ModelSpec) {
        let key = state.key();
        self.bench.update(|bench| {
            super::rename(&mut judge, bench);
            bench.push(Listed { key, spec: judge });
        });
    }

    /// Whether all that was typed can be used.
    pub(in crate::ui) fn is_ready(self) -> bool {
        let is_own = self.template.with(Option::is_none);
        !is_own || (self.own.is_settled() && self.own_text().is_ok())
    }
}
