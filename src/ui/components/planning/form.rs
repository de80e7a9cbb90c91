//! Owns what can be set for a whole run before it starts.

use leptos::prelude::*;

use crate::browser::driver::RunKind;
use crate::prompt::Prompting;
use crate::provider::price::NoAmount;
use crate::provider::{CallSettings, Delivery, MicroDollars, ModelSpec, Seat};
use crate::run::draft::{self, Missing, NoTemperature, Wishes};
use crate::run::{Plan, Settings};
use crate::ui::components::privacy_warning::Sent;
use crate::ui::state::{Origin, Pool, Shelved, State};

/// Everything that can be set.
#[derive(Clone, Copy)]
pub(super) struct Form {
    pub(super) n_repeats: RwSignal<u64>,
    pub(super) budget: RwSignal<String>,
    pub(super) is_reusing: RwSignal<bool>,
    pub(super) temperature: RwSignal<String>,
    pub(super) seed: RwSignal<Option<u64>>,
    pub(super) max_output_tokens: RwSignal<Option<u64>>,
    pub(super) is_streamed: RwSignal<bool>,
    pub(super) start_in_flight: RwSignal<u64>,
    pub(super) max_in_flight: RwSignal<u64>,
    pub(super) call_limit_seconds: RwSignal<u64>,
}

impl Form {
    pub(super) fn new() -> Self {
        let settings = Settings::default();
        Self {
            n_repeats: RwSignal::new(1),
            budget: RwSignal::new(String::new()),
            is_reusing: RwSignal::new(false),
            temperature: RwSignal::new(String::new()),
            seed: RwSignal::new(None),
            max_output_tokens: RwSignal::new(None),
            is_streamed: RwSignal::new(false),
            start_in_flight: RwSignal::new(u64::from(settings.start_in_flight)),
            max_in_flight: RwSignal::new(u64::from(settings.max_in_flight)),
            call_limit_seconds: RwSignal::new(settings.call_limit_millis / 1_000),
        }
    }

    /// The most that the run may cost; `None` is no limit.
    pub(super) fn budget(self) -> Result<Option<MicroDollars>, NoAmount> {
        self.budget.with(|typed| match typed.trim() {
            "" => Ok(None),
            typed => typed.parse().map(Some),
        })
    }

    pub(super) fn temperature(self) -> Result<Option<f64>, NoTemperature> {
        self.temperature.with(|typed| draft::temperature_typed(typed))
    }

    /// Whether all that was typed can be understood.
    pub(super) fn is_right(self) -> bool {
        self.budget().is_ok() && self.temperature().is_ok()
    }

    fn wishes(self, state: State) -> Wishes {
        Wishes {
            run_id: String::new(),
            n_repeats: u16::try_from(self.n_repeats.get()).unwrap_or(u16::MAX),
            // A template that cannot be used holds the start; until it is mended nothing is shown of what would be sent.
            prompting: state.asking().prompting(state).unwrap_or_default(),
            shots: state.asking().shots(),
            settings: CallSettings {
                temperature: self.temperature().unwrap_or_default(),
                seed: self.seed.get(),
                max_output_tokens: self.max_output_tokens.get().and_then(|n| u32::try_from(n).ok()),
                delivery: if self.is_streamed.get() { Delivery::Streamed } else { Delivery::Whole },
                ..CallSettings::default()
            },
            budget: self.budget().unwrap_or_default(),
            judging: state.judging().judging(state),
            ..Wishes::default()
        }
    }

    pub(super) fn settings(self) -> Settings {
        Settings {
            start_in_flight: u32::try_from(self.start_in_flight.get_untracked()).unwrap_or(4),
            max_in_flight: u32::try_from(self.max_in_flight.get_untracked()).unwrap_or(64),
            call_limit_millis: self.call_limit_seconds.get_untracked() * 1_000,
            ..Settings::default()
        }
    }

    pub(super) fn kind(self) -> RunKind {
        if self.is_reusing.get_untracked() { RunKind::Reusing } else { RunKind::Planned }
    }

    /// The plan that is meant.
    pub(super) fn plan(self, state: State) -> Result<Plan, Missing> {
        let parts = state.asking().parts(state);
        let models: Vec<ModelSpec> = state.roster.with(|roster| {
            roster.iter().map(|listed| state.with_price(listed.spec.clone())).collect()
        });
        draft::draft(&parts, &models, self.wishes(state))
    }
}

/// Whether anything leaves the page.
fn is_anything_sent(state: State) -> bool {
    let is_sent = |spec: &ModelSpec| matches!(spec.seat, Seat::Api(_) | Seat::Paste);
    state.roster.with(|roster| roster.iter().any(|listed| is_sent(&listed.spec)))
}

/// The person's own questions that the run would send off; none where nothing leaves the page.
pub(super) fn own_questions(state: State) -> Vec<Sent> {
    if !is_anything_sent(state) {
        return vec![];
    }
    let sets = state.shelf.get();
    let own = sets.iter().filter(|shelved| shelved.origin == Origin::Own);
    let texts = draft::texts(&own.filter_map(Shelved::part).collect::<Vec<_>>());
    let numbered = texts.into_iter().enumerate();
    numbered.map(|(idx, text)| Sent { place: format!("question {}", idx + 1), text }).collect()
}

/// What of the person's own is sent with each question: standing instruction, template, examples.
pub(super) fn own_wording(state: State, prompting: &Prompting) -> Vec<Sent> {
    if !is_anything_sent(state) {
        return vec![];
    }
    let system = prompting.system.iter().map(|text| Sent::of("the standing instruction", text));
    let template = prompting.own_text().into_iter().map(|text| Sent::of("your template", text));
    let mut sent: Vec<Sent> = system.chain(template).collect();
    // Examples that come with the page tell of nobody.
    if matches!(state.asking().pool.get(), Pool::Here(_, Origin::Own)) {
        sent.extend(prompting.shots.iter().enumerate().map(|(idx, shot)| {
            let explanation = shot.explanation.clone().unwrap_or_default();
            let (question, answer) = (shot.sent_text(), shot.right_answer());
            let text = format!("{question}\n{answer}\n{explanation}");
            Sent { place: format!("example {}", idx + 1), text }
        }));
    }
    sent
}
