//! Owns the models page: who sits the exam, and whether each can be reached.

use leptos::prelude::*;

use crate::provider::{Baseline, Class, ModelSpec, Seat, preset};
use crate::ui::components::endpoint_form::EndpointForm;
use crate::ui::components::field::SelectField;
use crate::ui::components::openrouter::OpenRouterSignIn;
use crate::ui::state::{Listed, State};
use crate::ui::words;

#[component]
pub(crate) fn ModelsPage() -> impl IntoView {
    let state = State::get();
    let is_empty = move || state.roster.with(Vec::is_empty);
    view! {
        <p class="lead">"Who sits the exam? Add as many as you like."</p>
        <EndpointForm/>
        <OpenRouterSignIn/>
        <PasteForm/>
        <section class="card" aria-labelledby="simple-heading">
            <h2 id="simple-heading">"To compare with"</h2>
            <p>"Simple rules that know no medicine. A model that does no better than these has shown nothing."</p>
            <div class="row">
                {[Baseline::UniformGuess, Baseline::LongestOption, Baseline::WordOverlap].map(|rule| view! {
                    <button class="button" title=words::baseline_rule(rule) on:click=move |_| state.enlist(baseline(rule, 1))>
                        {format!("Add “{}”", words::baseline_name(rule))}
                    </button>
                })}
                <button class="button" on:click=move |_| state.enlist(ModelSpec::new("You", Class::Person, Seat::Person))>"Add a person"</button>
            </div>
        </section>
        <h2>"Chosen"</h2>
        <p class="quiet" role="status">
            {move || if is_empty() {
                "Nobody yet. Add at least one.".to_owned()
            } else {
                words::counted(state.roster.with(Vec::len), "participant", "participants")
            }}
        </p>
        <ul class="plain-list">
            <For each=move || state.roster.get() key=|listed| (listed.key, listed.spec.class) let:listed>
                <Participant listed=listed/>
            </For>
        </ul>
        <Show when=move || !is_empty()>
            <p><a class="button button--main" href="#/run">"Next: check and start"</a></p>
        </Show>
    }
}

/// A baseline as a participant.
pub(crate) fn baseline(rule: Baseline, seed: u64) -> ModelSpec {
    ModelSpec::new(words::baseline_name(rule), Class::Baseline, Seat::Baseline { rule, seed })
}

#[component]
fn Participant(listed: Listed) -> impl IntoView {
    let state = State::get();
    let Listed { key, spec } = listed;
    let can_choose = matches!(spec.seat, Seat::Api(_) | Seat::Paste);
    let class = spec.class;
    let set_class = Callback::new(move |value: String| {
        let class = if value == "clinical" { Class::Clinical } else { Class::GeneralPurpose };
        state.roster.update(|roster| {
            if let Some(listed) = roster.iter_mut().find(|other| other.key == key) {
                listed.spec.class = class;
            }
        });
    });
    view! {
        <li>
            <h3>{spec.name.clone()}</h3>
            <p class="quiet">{words::seat(&spec)}</p>
            {if can_choose {
                view! {
                    <SelectField
                        label="Kind of system"
                        id=format!("class-{key}")
                        options=vec![
                            ("general".to_owned(), "general-purpose".to_owned()),
                            ("clinical".to_owned(), "clinical: made or sold for medical use".to_owned()),
                        ]
                        value=Signal::derive(move || if class == Class::Clinical { "clinical" } else { "general" }.to_owned())
                        on_change=set_class
                    />
                }.into_any()
            } else {
                view! { <span class="badge">{words::class(class)}</span> }.into_any()
            }}
            <button class="button button--quiet" aria-label=format!("Remove {}", spec.name) on:click=move |_| {
                state.roster.update(|roster| roster.retain(|other| other.key != key));
            }>"Remove"</button>
        </li>
    }
}

#[component]
fn PasteForm() -> impl IntoView {
    let state = State::get();
    let name = RwSignal::new(String::new());
    let add = move |wanted: String| {
        let wanted = wanted.trim().to_owned();
        if wanted.is_empty() {
            return;
        }
        let class = preset::class_of(&wanted);
        state.enlist(ModelSpec::new(&wanted, class, Seat::Paste));
        name.set(String::new());
    };
    view! {
        <section class="card" aria-labelledby="paste-heading">
            <h2 id="paste-heading">"By copy and paste"</h2>
            <p>
                "For systems that no page can call, such as those that hospitals buy. During the run you get each prompt with a copy button, and paste the answer back."
            </p>
            <div class="row">
                {preset::PASTE_NAMES.map(|suggested| view! {
                    <button class="button" on:click=move |_| add(suggested.to_owned())>{format!("Add {suggested}")}</button>
                })}
            </div>
            <div class="field">
                <label class="field__label" for="paste-name">"Another system’s name"</label>
                <input id="paste-name" autocomplete="off" prop:value=move || name.get()
                    on:input=move |event| name.set(event_target_value(&event))/>
            </div>
            <button class="button" disabled=move || name.with(|name| name.trim().is_empty())
                on:click=move |_| add(name.get_untracked())>"Add by copy and paste"</button>
        </section>
    }
}
