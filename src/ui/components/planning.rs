//! Owns a run before it starts: what will be asked of whom, what it costs, and the button that starts it.

pub(in crate::ui) mod cost;
pub(in crate::ui) mod form;
mod making;
mod settings_form;
mod shots_form;
mod variants_form;
mod wording_form;

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;

use self::cost::Cost;
use self::form::Form;
use self::settings_form::SettingsForm;
use crate::browser::clock;
use crate::browser::driver::Driver;
use crate::provider::{Endpoint, Seat};
use crate::run::draft::{Missing, n_calls, n_open, variants_told};
use crate::run::{Event, Plan};
use crate::ui::components::endpoint_form::sent::Sent;
use crate::ui::components::judges::Judges;
use crate::ui::components::prices;
use crate::ui::components::privacy_warning::PrivacyWarning;
use crate::ui::components::prompt_preview::PromptPreview;
use crate::ui::state::{State, parts_of};
use crate::ui::words;

#[component]
pub(crate) fn Planning(on_begun: Callback<()>) -> impl IntoView {
    let state = State::get();
    prices::fetch(state);
    let form = Form::new();
    let n_varied = RwSignal::new(0);
    making::keep_pool(state);
    making::keep_varied(state, n_varied);
    let plan = Memo::new(move |_| form.plan(state));
    let missing = Memo::new(move |_| plan.with(|plan| plan.as_ref().err().copied()));
    // Too few examples are told beside the field for them, which must stay.
    let lacks_choice = Memo::new(move |_| {
        missing.get().filter(|missing| !matches!(missing, Missing::Examples(_)))
    });
    let open = Memo::new(move |_| {
        let parts = parts_of(state);
        n_open(parts.iter().flat_map(|part| part.items.iter()))
    });
    let has_open = Memo::new(move |_| open.get() != (0, 0));
    let is_planned = Memo::new(move |_| {
        let is_judging_ready = !has_open.get() || state.judging().is_ready();
        missing.get().is_none() && state.asking().is_ready() && is_judging_ready
    });
    let error = RwSignal::new(None::<String>);
    let is_starting = RwSignal::new(false);
    let own_questions = Memo::new(move |_| Arc::new(form::own_questions(state)));
    let prompting =
        Memo::new(move |_| plan.with(|plan| plan.as_ref().ok().map(|plan| plan.prompting.clone())));
    let own_wording = Memo::new(move |_| {
        prompting.with(|prompting| {
            prompting.as_ref().map(|prompting| form::own_wording(state, prompting))
        })
    });
    let own_texts = Memo::new(move |_| {
        let wording = own_wording.get().unwrap_or_default().into_iter();
        let for_judges = form::own_judge_text(state).into_iter().filter(|_| has_open.get());
        let wording = wording.chain(for_judges);
        Arc::new(wording.chain(own_questions.get().iter().cloned()).collect::<Vec<_>>())
    });
    let may_send = RwSignal::new(true);
    let is_held =
        move || is_starting.get() || !form.is_right() || !may_send.get() || !is_planned.get();
    let start = move |_| {
        let Ok(plan) = plan.get_untracked() else { return };
        error.set(state.under_way());
        if error.with_untracked(Option::is_some) {
            return;
        }
        is_starting.set(true);
        spawn_local(async move {
            match begin(state, form, plan).await {
                Ok(()) => on_begun.run(()),
                Err(refused) => error.set(Some(refused)),
            }
            is_starting.set(false);
        });
    };
    view! {
        {move || match lacks_choice.get() {
            Some(missing) => view! { <Lacking missing=missing/> }.into_any(),
            None => view! { <Summary plan=plan/> }.into_any(),
        }}
        <Show when=move || lacks_choice.get().is_none()>
            <SettingsForm form=form plan=plan n_varied=n_varied/>
            <Show when=move || has_open.get()>
                <Judges open=open plan=plan unjudged="Without a judge, these answers are kept and not graded. They can be graded later, from the results."/>
            </Show>
            {move || (!is_planned.get()).then(|| view! { <NotYet missing=missing/> })}
            // Hidden and not taken away: what was opened and typed in it stays.
            <div hidden=move || !is_planned.get()>
                <Cost plan=plan form=form/>
                <Sendings plan=plan/>
                <PromptPreview plan=plan/>
                <PrivacyWarning texts=own_texts is_accepted=may_send/>
            </div>
            <div class="row">
                <button class="button button--main" id="start-run" disabled=is_held on:click=start>"Start the run"</button>
            </div>
        </Show>
        {move || error.get().map(|error| view! { <p class="notice notice--bad" role="alert">{error}</p> })}
    }
}

async fn begin(state: State, form: Form, mut plan: Plan) -> Result<(), String> {
    plan.run_id = format!("run-{}-{}", clock::now_millis(), clock::random_seed());
    let driver = Driver::begin(plan, form.settings(), form.kind(), state.on_run_change())
        .await
        .map_err(|refused| refused.to_string())?;
    driver.tell(Event::Go);
    state.set_driver(driver);
    Ok(())
}

/// What has to be chosen first.
#[component]
fn Lacking(missing: Missing) -> impl IntoView {
    let (href, name) = match missing {
        Missing::Questions | Missing::Examples(_) => ("#/questions", "Choose questions"),
        Missing::Models => ("#/models", "Choose models"),
    };
    view! {
        <p class="lead">{missing.to_string()}</p>
        <p><a class="button button--main" href=href>{name}</a></p>
    }
}

/// Why what a run would send and cost is not shown.
#[component]
fn NotYet(missing: Memo<Option<Missing>>) -> impl IntoView {
    let state = State::get();
    let asking = state.asking();
    move || {
        match (missing.get(), asking.preset.get()) {
        (Some(missing), _) => {
            view! { <p class="notice notice--bad">{missing.to_string()}</p> }.into_any()
        }
        (None, None) if asking.own_template().is_err() => {
            view! { <p class="notice notice--bad">"Your template cannot be used yet: see what is said below it."</p> }.into_any()
        }
        _ if state.judging().is_own_text_wrong() => {
            view! { <p class="notice notice--bad">"Your text for judges cannot be used yet: see what is said below it."</p> }.into_any()
        }
        _ => view! { <p class="quiet" role="status">"Working out what the run will send …"</p> }.into_any(),
    }
    }
}

#[component]
fn Summary(plan: Memo<Result<Plan, Missing>>) -> impl IntoView {
    let sets = move || {
        let sets =
            plan.with(|plan| plan.as_ref().map(|plan| plan.datasets.clone()).unwrap_or_default());
        sets.into_iter()
            .map(|set| {
                let n = words::counted(set.n_sampled, "question", "questions");
                let variants = variants_told(&set).into_iter();
                view! {
                    <dd>{format!("{}: {n}", set.title)}</dd>
                    {variants.map(|told| view! { <dd class="quiet">{told}</dd> }).collect_view()}
                }
            })
            .collect_view()
    };
    let models = move || {
        let names = |plan: &Plan| {
            let names: Vec<String> = plan
                .models
                .iter()
                .map(|model| format!("{} ({})", model.name, words::class(model.class)))
                .collect();
            names.join(", ")
        };
        plan.with(|plan| plan.as_ref().map(names).unwrap_or_default())
    };
    let calls = move || match plan.with(|plan| plan.as_ref().map(n_calls).unwrap_or_default()) {
        (0, 0) => "No calls leave this page.".to_owned(),
        (n, 0) => format!("{} to model services.", words::counted(n, "call", "calls")),
        (n, n_judges) => format!(
            "{} to model services, and {} to judges if every open answer can be judged.",
            words::counted(n, "call", "calls"),
            words::count(n_judges)
        ),
    };
    let judges = move || {
        let names = |plan: &Plan| {
            let names: Vec<String> = plan.judges().iter().map(|judge| judge.name.clone()).collect();
            (!names.is_empty()).then(|| names.join(", "))
        };
        plan.with(|plan| names(plan.as_ref().ok()?))
    };
    view! {
        <dl>
            <dt><strong>"Questions"</strong></dt>
            {sets}
            <dt><strong>"Participants"</strong></dt>
            <dd>{models}</dd>
            {move || judges().map(|judges| view! {
                <dt><strong>"Judges"</strong></dt>
                <dd>{judges}</dd>
            })}
            <dt><strong>"Calls"</strong></dt>
            <dd>{calls}</dd>
        </dl>
    }
}

/// The exact settings that each model and each judge will be sent.
#[component]
fn Sendings(plan: Memo<Result<Plan, Missing>>) -> impl IntoView {
    let endpoints = Memo::new(move |_| {
        let of = |plan: &Plan| -> Vec<(String, Endpoint)> {
            let apis = plan.seats().filter_map(|model| match &model.seat {
                Seat::Api(endpoint) => Some((model.name.clone(), endpoint.clone())),
                _ => None,
            });
            apis.collect()
        };
        plan.with(|plan| plan.as_ref().map(of).unwrap_or_default())
    });
    view! {
        <Show when=move || endpoints.with(|endpoints| !endpoints.is_empty())>
            <details>
                <summary>"What each model is sent"</summary>
                {move || endpoints.get().into_iter().map(|(name, endpoint)| view! {
                    <h3>{name}</h3>
                    <Sent endpoint=endpoint/>
                }).collect_view()}
            </details>
        </Show>
    }
}
