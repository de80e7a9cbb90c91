//! Owns the run page: the plan before the start, and the run under way.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser::clock;
use crate::browser::driver::{Driver, RunKind};
use crate::prompt::{Preset, Prompting};
use crate::provider::{CallSettings, ModelSpec};
use crate::report::link::Route;
use crate::run::draft::{Missing, Part, Wishes, draft, n_calls};
use crate::run::{Event, Plan, Settings};
use crate::ui::components::field::{NumberField, SelectField};
use crate::ui::components::running::Running;
use crate::ui::components::saved_runs::UnfinishedRuns;
use crate::ui::state::State;
use crate::ui::words;

#[component]
pub(crate) fn RunPage() -> impl IntoView {
    let state = State::get();
    let is_planning = RwSignal::new(false);
    let error = RwSignal::new(None::<String>);
    let to_resume = Memo::new(move |_| {
        state.route.with(|route| match route {
            Route::Run(run_id) => run_id.clone(),
            _ => None,
        })
    });
    Effect::new(move |_| {
        if let Some(run_id) =
            to_resume.get().filter(|id| state.run_id.get_untracked().as_ref() != Some(id))
        {
            resume(state, run_id, error);
        }
    });
    view! {
        {move || error.get().map(|error| view! { <p class="notice notice--bad" role="alert">{error}</p> })}
        {move || match state.driver.get().filter(|_| !is_planning.get()) {
            Some(driver) => view! {
                <Running driver=driver/>
                <p class="no-print">
                    <button class="button button--quiet" on:click=move |_| is_planning.set(true)>"Plan another run"</button>
                </p>
            }.into_any(),
            None => view! { <UnfinishedRuns/><Planning on_begun=Callback::new(move |()| is_planning.set(false))/> }.into_any(),
        }}
    }
}

/// Opens a run that is kept in this browser in this tab. It goes on when the person says so.
fn resume(state: State, run_id: String, error: RwSignal<Option<String>>) {
    error.set(state.under_way());
    if error.with_untracked(Option::is_some) {
        return;
    }
    spawn_local(async move {
        match Driver::resume(&run_id, Settings::default(), state.on_run_change()).await {
            Ok(driver) => state.set_driver(driver),
            Err(refused) => error.set(Some(refused.to_string())),
        }
    });
}

/// Settings of the form.
#[derive(Clone, Copy)]
struct Form {
    n_repeats: RwSignal<u64>,
    template: RwSignal<String>,
    max_output_tokens: RwSignal<Option<u64>>,
    is_temperature_zero: RwSignal<bool>,
    max_in_flight: RwSignal<u64>,
    call_limit_seconds: RwSignal<u64>,
}

impl Form {
    fn new() -> Self {
        let settings = Settings::default();
        Self {
            n_repeats: RwSignal::new(1),
            template: RwSignal::new(Preset::default().name().to_owned()),
            max_output_tokens: RwSignal::new(None),
            is_temperature_zero: RwSignal::new(false),
            max_in_flight: RwSignal::new(u64::from(settings.max_in_flight)),
            call_limit_seconds: RwSignal::new(settings.call_limit_millis / 1_000),
        }
    }

    fn wishes(self) -> Wishes {
        Wishes {
            run_id: String::new(),
            n_repeats: u16::try_from(self.n_repeats.get()).unwrap_or(u16::MAX),
            prompting: Prompting::named(&self.template.get(), None),
            settings: CallSettings {
                max_output_tokens: self.max_output_tokens.get().and_then(|n| u32::try_from(n).ok()),
                temperature: self.is_temperature_zero.get().then_some(0.0),
                ..CallSettings::default()
            },
            ..Wishes::default()
        }
    }

    fn settings(self) -> Settings {
        Settings {
            max_in_flight: u32::try_from(self.max_in_flight.get_untracked()).unwrap_or(64),
            call_limit_millis: self.call_limit_seconds.get_untracked() * 1_000,
            ..Settings::default()
        }
    }
}

fn plan_of(state: State, form: Form) -> Result<Plan, Missing> {
    let shelf = state.shelf.get();
    let parts: Vec<Part> = shelf.iter().filter_map(|shelved| shelved.part()).collect();
    let models: Vec<ModelSpec> = state.roster.get().into_iter().map(|listed| listed.spec).collect();
    draft(&parts, &models, form.wishes())
}

#[component]
fn Planning(on_begun: Callback<()>) -> impl IntoView {
    let state = State::get();
    let form = Form::new();
    let plan = Memo::new(move |_| plan_of(state, form));
    let error = RwSignal::new(None::<String>);
    let is_starting = RwSignal::new(false);
    let start = move |_| {
        let Ok(mut plan) = plan.get_untracked() else { return };
        plan.run_id = format!("run-{}-{}", clock::now_millis(), clock::random_seed());
        error.set(state.under_way());
        if error.with_untracked(Option::is_some) {
            return;
        }
        is_starting.set(true);
        spawn_local(async move {
            match Driver::begin(plan, form.settings(), RunKind::Planned, state.on_run_change())
                .await
            {
                Ok(driver) => {
                    driver.tell(Event::Go);
                    state.set_driver(driver);
                    on_begun.run(());
                }
                Err(refused) => error.set(Some(refused.to_string())),
            }
            is_starting.set(false);
        });
    };
    view! {
        {move || match plan.get() {
            Err(missing) => {
                let (href, name) = match missing {
                    Missing::Questions => ("#/questions", "Choose questions"),
                    Missing::Models => ("#/models", "Choose models"),
                    Missing::Examples(_) => ("#/questions", "Choose questions"),
                };
                view! {
                    <p class="lead">{missing.to_string()}</p>
                    <p><a class="button button--main" href=href>{name}</a></p>
                }.into_any()
            }
            Ok(plan) => view! { <Summary plan=plan/> }.into_any(),
        }}
        <Show when=move || plan.with(Result::is_ok)>
            <SettingsForm form=form/>
            <div class="row">
                <button class="button button--main" disabled=is_starting on:click=start>"Start the run"</button>
            </div>
        </Show>
        {move || error.get().map(|error| view! { <p class="notice notice--bad" role="alert">{error}</p> })}
    }
}

#[component]
fn Summary(plan: Plan) -> impl IntoView {
    let n_calls = n_calls(&plan);
    let sets: Vec<String> = plan
        .datasets
        .iter()
        .map(|set| {
            format!("{}: {}", set.title, words::counted(set.n_sampled, "question", "questions"))
        })
        .collect();
    let models: Vec<String> = plan.models.iter().map(|model| model.name.clone()).collect();
    let calls = match n_calls {
        0 => "No calls leave this page.".to_owned(),
        n => format!(
            "{} to model services. What they cost depends on the service; set a spending limit there.",
            words::counted(n, "call", "calls")
        ),
    };
    view! {
        <dl>
            <dt><strong>"Questions"</strong></dt>
            {sets.into_iter().map(|set| view! { <dd>{set}</dd> }).collect_view()}
            <dt><strong>"Participants"</strong></dt>
            <dd>{models.join(", ")}</dd>
            <dt><strong>"Calls"</strong></dt>
            <dd>{calls}</dd>
        </dl>
    }
}

#[component]
fn SettingsForm(form: Form) -> impl IntoView {
    let templates = Preset::ALL
        .iter()
        .map(|preset| (preset.name().to_owned(), preset.title().to_owned()))
        .collect();
    let number = |signal: RwSignal<u64>| {
        Callback::new(move |n: Option<u64>| {
            if let Some(n) = n {
                signal.set(n);
            }
        })
    };
    view! {
        <SelectField label="What models are told" id="template" options=templates value=form.template.into()
            on_change=Callback::new(move |name| form.template.set(name))/>
        <NumberField label="Repeats" id="repeats" min=1
            value=Signal::derive(move || Some(form.n_repeats.get())) on_change=number(form.n_repeats)
            hint=Signal::derive(|| "How often each question is put to each model.".to_owned())/>
        <details>
            <summary>"More settings"</summary>
            <NumberField label="Longest answer, in tokens" id="max-tokens" min=1
                value=form.max_output_tokens.into()
                on_change=Callback::new(move |n| form.max_output_tokens.set(n))
                hint=Signal::derive(|| "Empty: the provider’s own limit. Thinking counts too; a low limit cuts answers off.".to_owned())/>
            <label class="tick">
                <input type="checkbox" prop:checked=form.is_temperature_zero
                    on:change=move |event| form.is_temperature_zero.set(event_target_checked(&event))/>
                <span>"Ask for temperature 0: fewer chance differences between repeats. Newer models refuse it."</span>
            </label>
            <NumberField label="Calls at the same time, at most" id="in-flight" min=1
                value=Signal::derive(move || Some(form.max_in_flight.get())) on_change=number(form.max_in_flight)
                hint=Signal::derive(|| "Per model. It starts low and grows while the provider keeps up. To a plain http address a browser opens six.".to_owned())/>
            <NumberField label="Longest wait for an answer, in seconds" id="call-limit" min=1
                value=Signal::derive(move || Some(form.call_limit_seconds.get())) on_change=number(form.call_limit_seconds)/>
        </details>
    }
}
