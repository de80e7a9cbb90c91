//! Owns the form for systems that no page can call: a human carries prompts and answers.

use leptos::prelude::*;

use crate::provider::{ModelSpec, Seat, preset};
use crate::ui::state::State;

#[component]
pub(crate) fn PasteForm() -> impl IntoView {
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
