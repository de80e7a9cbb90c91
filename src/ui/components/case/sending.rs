//! Owns the way of a case to the models: who is asked, what it costs, the check for details of a person, and the button.

use std::collections::BTreeSet;
use std::sync::Arc;

use leptos::prelude::*;

use super::Desk;
use super::writing::VersionFields;
use crate::dataset::Item;
use crate::people::case;
use crate::provider::{CallSettings, Delivery, ModelSpec, Seat};
use crate::run::Plan;
use crate::run::draft::{Missing, Wishes, draft};
use crate::ui::components::field::NumberField;
use crate::ui::components::planning::cost::Cost;
use crate::ui::components::planning::form::Form;
use crate::ui::components::prices;
use crate::ui::components::privacy_warning::{PrivacyWarning, Sent};
use crate::ui::state::State;
use crate::ui::words;

/// Whether the page itself can put a case to it.
fn is_asked(spec: &ModelSpec) -> bool {
    match spec.seat {
        Seat::Api(_) | Seat::BrowserModel => true,
        Seat::Baseline { .. } | Seat::Person | Seat::Paste | Seat::Recorded => false,
    }
}

/// A model whose answer is seen as it grows: a batch would come in a day.
fn streamed(mut spec: ModelSpec) -> ModelSpec {
    if let Seat::Api(endpoint) = &mut spec.seat {
        endpoint.settings.delivery = Delivery::Streamed;
    }
    spec
}

/// The first round: the case as it was told, to the models that are ticked.
#[component]
pub(crate) fn FirstRound() -> impl IntoView {
    let (state, desk) = (State::get(), Desk::get());
    let left_out = RwSignal::new(BTreeSet::<u32>::new());
    let listed = Memo::new(move |_| {
        let of = |roster: &Vec<crate::ui::state::Listed>| -> Vec<(u32, String)> {
            let asked = roster.iter().filter(|listed| is_asked(&listed.spec));
            asked.map(|listed| (listed.key, listed.spec.name.clone())).collect()
        };
        state.roster.with(of)
    });
    let models = Signal::derive(move || {
        state.roster.with(|roster| {
            let asked = roster.iter().filter(|listed| {
                is_asked(&listed.spec) && left_out.with(|out| !out.contains(&listed.key))
            });
            asked.map(|listed| state.with_price(listed.spec.clone())).collect::<Vec<_>>()
        })
    });
    let items = Signal::derive(move || {
        desk.told.with(|told| if told.is_ready() { vec![told.item()] } else { vec![] })
    });
    let n_others = move || {
        state.roster.with(|roster| roster.iter().filter(|listed| !is_asked(&listed.spec)).count())
    };
    view! {
        <fieldset class="fields" id="case-models">
            <legend>"Models to ask"</legend>
            {move || listed.with(Vec::is_empty).then(|| view! {
                <p>"No model is chosen yet. "<a class="button button--main" href="#/models">"Choose models"</a></p>
                <p class="quiet">"What you wrote stays here while you do."</p>
            })}
            {move || listed.get().into_iter().map(|(key, name)| view! {
                <label class="tick">
                    <input type="checkbox" prop:checked=move || left_out.with(|out| !out.contains(&key))
                        on:change=move |event| left_out.update(|out| if event_target_checked(&event) { out.remove(&key); } else { out.insert(key); })/>
                    <span>{name}</span>
                </label>
            }).collect_view()}
            {move || (!listed.with(Vec::is_empty)).then(|| view! { <p><a href="#/models">"Add or change models"</a></p> })}
            {move || (0 < n_others()).then(|| view! {
                <p class="quiet">"Simple rules, people, and systems that you carry questions to are not asked here."</p>
            })}
        </fieldset>
        <Sending models=models items=items button="Send to the models"/>
    }
}

/// A further round: the same once more, or changed versions of it, to the same models.
#[component]
pub(crate) fn NextRound() -> impl IntoView {
    let desk = Desk::get();
    let years = RwSignal::new(75_u64);
    let is_same = RwSignal::new(true);
    let chosen = RwSignal::new(BTreeSet::<String>::new());
    let versions = Memo::new(move |_| {
        let years = u32::try_from(years.get()).unwrap_or(u32::MAX);
        desk.told.with(|told| told.versions(years))
    });
    let items = Signal::derive(move || -> Vec<Item> {
        let same = is_same.get().then(|| desk.told.with(case::Told::item));
        let chosen = chosen.get();
        let made = versions.with(|(made, _)| {
            let wanted = made.iter().filter(|version| chosen.contains(&version.item.id.0));
            wanted.map(|version| version.item.clone()).collect::<Vec<_>>()
        });
        same.into_iter().chain(made).collect()
    });
    let models = Signal::derive(move || desk.models());
    let tick = move |id: String, is_ticked: bool| {
        chosen.update(|chosen| {
            if is_ticked {
                chosen.insert(id);
            } else {
                chosen.remove(&id);
            }
        });
    };
    view! {
        <h2>"Ask again, or change one thing"</h2>
        <p>"Models answer differently from one time to the next, and some answer differently when the person is another one. A sound answer does not change for no reason."</p>
        <label class="tick">
            <input type="checkbox" id="case-same" prop:checked=move || is_same.get() on:change=move |event| is_same.set(event_target_checked(&event))/>
            <span>"The same once more, as you wrote it"</span>
        </label>
        <details id="case-versions">
            <summary>"The same with one thing changed"</summary>
            <VersionFields/>
            <NumberField label="Another age, in years" id="case-years" min=18 value=Signal::derive(move || Some(years.get()))
                on_change=Callback::new(move |typed: Option<u64>| years.set(typed.unwrap_or(75)))/>
            <fieldset class="fields">
                <legend>"Changed versions to ask"</legend>
                {move || versions.with(|(made, _)| made.clone()).into_iter().map(|version| {
                    let id = version.item.id.0.clone();
                    let is_ticked = { let id = id.clone(); move || chosen.with(|chosen| chosen.contains(&id)) };
                    view! {
                        <label class="tick">
                            <input type="checkbox" prop:checked=is_ticked on:change=move |event| tick(id.clone(), event_target_checked(&event))/>
                            <span><strong>{version.title}</strong>": “"{words::shortened(&version.item.question, 240)}"”"</span>
                        </label>
                    }
                }).collect_view()}
            </fieldset>
            <ul class="quiet">
                {move || versions.with(|(_, unmade)| unmade.clone()).into_iter().map(|line| view! { <li>{line}</li> }).collect_view()}
            </ul>
        </details>
        <Sending models=models items=items button="Ask again"/>
    }
}

/// Cost, check and button.
#[component]
fn Sending(
    models: Signal<Vec<ModelSpec>>,
    items: Signal<Vec<Item>>,
    button: &'static str,
) -> impl IntoView {
    let (state, desk) = (State::get(), Desk::get());
    prices::fetch(state);
    let form = Form::new();
    let plan = Memo::new(move |_| -> Result<Plan, Missing> {
        let settings = CallSettings { delivery: Delivery::Streamed, ..CallSettings::default() };
        let budget = form.budget().unwrap_or_default();
        let wishes = Wishes { n_repeats: 1, settings, budget, ..Wishes::default() };
        let models: Vec<ModelSpec> = models.get().into_iter().map(streamed).collect();
        draft(&[case::part(items.get())], &models, wishes)
    });
    let texts = Signal::derive(move || {
        let of = |item: Item| Sent {
            place: format!("your case ({})", case::title_of(&item.id)),
            text: item.sent_text(),
        };
        Arc::new(items.get().into_iter().map(of).collect::<Vec<_>>())
    });
    let may_send = RwSignal::new(false);
    let missing = Memo::new(move |_| plan.with(|plan| plan.as_ref().err().copied()));
    let is_held = move || {
        desk.is_busy.get()
            || desk.is_going()
            || form.budget().is_err()
            || !may_send.get()
            || missing.get().is_some()
    };
    let send = move |_| {
        if let Ok(plan) = plan.get_untracked() {
            desk.ask(plan);
        }
    };
    view! {
        <div hidden=move || missing.get().is_some()>
            <Cost plan=plan form=form/>
            <PrivacyWarning texts=texts is_accepted=may_send/>
        </div>
        <p class="quiet">
            "What is asked and what is answered is kept in this browser as a run, so that no answer is lost or paid for twice. You can delete it below. Nothing is kept before you send."
        </p>
        <p role="status" class="quiet">
            {move || missing.get().map(|missing| match missing {
                Missing::Questions => "Nothing to ask yet.",
                Missing::Models => "No model is chosen yet.",
                Missing::Examples(_) => "",
            })}
        </p>
        <div class="row">
            <button class="button button--main" id="case-send" disabled=is_held on:click=send>{button}</button>
        </div>
    }
}
