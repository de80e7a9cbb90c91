//! Owns the fields in which a case is written.

use leptos::prelude::*;

use super::Desk;
use crate::people::case::Told;

/// The case itself.
#[component]
pub(crate) fn CaseField() -> impl IntoView {
    let told = Desk::get().told;
    view! {
        <Field id="case-text" label="Your case or question, in your own words" value=Signal::derive(move || told.with(|told| told.text.clone()))
            on_input=Callback::new(move |typed| told.update(|told| told.text = typed))
            hint="Leave out names, dates of birth, addresses and numbers. “A 45-year-old woman” says as much as a model needs; told like that, the page can also ask about other people."/>
    }
}

/// What versions of the case need from the person.
#[component]
pub(crate) fn VersionFields() -> impl IntoView {
    let told = Desk::get().told;
    let part = move |part: fn(&Told) -> &String| {
        Signal::derive(move || told.with(|told| part(told).clone()))
    };
    view! {
        <Field id="case-lay" label="The same in everyday words (may stay empty)" value=part(|told| &told.lay)
            on_input=Callback::new(move |typed| told.update(|told| told.lay = typed))
            hint="As you would say it to a friend. A sound answer stays the same."/>
        <Field id="case-belief" label="Something wrong, stated as a fact (may stay empty)" value=part(|told| &told.belief)
            on_input=Callback::new(move |typed| told.update(|told| told.belief = typed))
            hint="It goes before your question, such as “Antibiotics cure every sore throat.” A sound model does not follow. Never act on it."/>
    }
}

#[component]
fn Field(
    id: &'static str,
    label: &'static str,
    hint: &'static str,
    value: Signal<String>,
    on_input: Callback<String>,
) -> impl IntoView {
    let hint_id = format!("{id}-hint");
    view! {
        <div class="field">
            <label class="field__label" for=id>{label}</label>
            <textarea id=id class="case-text" class:case-text--small=id != "case-text" maxlength="20000" aria-describedby=hint_id.clone() dir="auto"
                prop:value=move || value.get() on:input=move |event| on_input.run(event_target_value(&event))></textarea>
            <span class="field__hint" id=hint_id>{hint}</span>
        </div>
    }
}
