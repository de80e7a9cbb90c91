//! Owns the models page: who sits the exam, and whether each can be reached.

use leptos::prelude::*;

use crate::provider::{Baseline, Class, ModelSpec, Seat};
use crate::ui::components::built_in_model::BuiltInModel;
use crate::ui::components::endpoint_form::{EndpointForm, Form, List};
use crate::ui::components::openrouter::OpenRouterSignIn;
use crate::ui::components::participant::Participant;
use crate::ui::components::paste_form::PasteForm;
use crate::ui::components::prices;
use crate::ui::state::State;
use crate::ui::words;

#[component]
pub(crate) fn ModelsPage() -> impl IntoView {
    let state = State::get();
    let is_empty = move || state.roster.with(Vec::is_empty);
    let form = Form::new(state, List::Participants);
    prices::fetch(state);
    view! {
        <p class="lead">"Who sits the exam? Add as many as you like."</p>
        <EndpointForm form=form/>
        <OpenRouterSignIn on_key=Callback::new(move |()| form.pick("openrouter"))/>
        <BuiltInModel/>
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
        <p>
            "Models can also judge open answers. "
            <a href="#/judge-bench">"Measure how far a judge agrees with people"</a>
            " before you trust it."
        </p>
        <h2>"Chosen"</h2>
        <p class="quiet" role="status">
            {move || if is_empty() {
                "Nobody yet. Add at least one.".to_owned()
            } else {
                words::counted(state.roster.with(Vec::len), "participant", "participants")
            }}
        </p>
        <ul class="plain-list">
            <For each=move || state.roster.get() key=|listed| listed.key let:listed>
                <Participant listed=listed form=form/>
            </For>
        </ul>
        <Show when=move || !is_empty()>
            <p><a class="button button--main" href="#/run">"Next: check and start"</a></p>
            <p><a href="#/case">"Or put a case of your own to these models"</a></p>
        </Show>
    }
}

/// A baseline as a participant.
pub(crate) fn baseline(rule: Baseline, seed: u64) -> ModelSpec {
    ModelSpec::new(words::baseline_name(rule), Class::Baseline, Seat::Baseline { rule, seed })
}
