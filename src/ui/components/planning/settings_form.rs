//! Owns the fields for what holds for a whole run.

use leptos::prelude::*;

use super::form::Form;
use super::variants_form::VariantsForm;
use super::wording_form::{TemplateForm, WordingForm};
use crate::run::Plan;
use crate::run::draft::Missing;
use crate::ui::components::field::{DecimalField, NumberField};

#[component]
pub(super) fn SettingsForm(
    form: Form,
    /// What would be run with these settings.
    plan: Memo<Result<Plan, Missing>>,
    /// Questions of which the wanted variants are made.
    n_varied: RwSignal<usize>,
) -> impl IntoView {
    view! {
        <TemplateForm/>
        <NumberField label="Repeats" id="repeats" min=1
            value=Signal::derive(move || Some(form.n_repeats.get())) on_change=number(form.n_repeats)
            hint=Signal::derive(|| "How often each question is put to each model.".to_owned())/>
        <WordingForm plan=plan/>
        <VariantsForm form=form n_done=n_varied/>
        <details>
            <summary>"More settings"</summary>
            <Sampling form=form/>
            <Pace form=form/>
            <Reuse form=form/>
        </details>
    }
}

fn number(signal: RwSignal<u64>) -> Callback<Option<u64>> {
    Callback::new(move |n: Option<u64>| {
        if let Some(n) = n {
            signal.set(n);
        }
    })
}

/// What is sent with each question.
#[component]
fn Sampling(form: Form) -> impl IntoView {
    let temperature_hint = Signal::derive(move || {
        match form.temperature() {
        Err(error) => error.to_string(),
        Ok(_) => "Empty: the provider’s own. 0 means fewer chance differences between repeats; many newer models refuse it.".to_owned(),
    }
    });
    view! {
        <NumberField label="Longest answer, in tokens" id="max-tokens" min=1
            value=form.max_output_tokens.into()
            on_change=Callback::new(move |n| form.max_output_tokens.set(n))
            hint=Signal::derive(|| "Empty: the provider’s own limit. Thinking counts too; a low limit cuts answers off.".to_owned())/>
        <DecimalField label="Temperature" id="temperature" value=form.temperature hint=temperature_hint/>
        <NumberField label="Seed" id="seed" value=form.seed.into()
            on_change=Callback::new(move |seed| form.seed.set(seed))
            hint=Signal::derive(|| "Empty: none. For providers that take one; it makes answers more alike, not the same.".to_owned())/>
        <label class="tick">
            <input type="checkbox" prop:checked=form.is_streamed
                on:change=move |event| form.is_streamed.set(event_target_checked(&event))/>
            <span>"Receive answers in pieces, and show them as they are written. Some services break off long answers otherwise; it is a little slower."</span>
        </label>
    }
}

#[component]
fn Pace(form: Form) -> impl IntoView {
    view! {
        <NumberField label="Calls at the same time, at most" id="in-flight" min=1
            value=Signal::derive(move || Some(form.max_in_flight.get())) on_change=number(form.max_in_flight)
            hint=Signal::derive(|| "Per model. It starts low and grows while the provider keeps up. A browser opens no more than six HTTP/1.1 connections to a host, so a plain http address, such as a local server, gets six at most.".to_owned())/>
        <NumberField label="Calls at the same time, at the start" id="in-flight-start" min=1
            value=Signal::derive(move || Some(form.start_in_flight.get())) on_change=number(form.start_in_flight)
            hint=Signal::derive(|| "Raise it where you know what your account allows: the search for the pace is then shorter.".to_owned())/>
        <NumberField label="Longest wait for an answer, in seconds" id="call-limit" min=1
            value=Signal::derive(move || Some(form.call_limit_seconds.get())) on_change=number(form.call_limit_seconds)/>
    }
}

#[component]
fn Reuse(form: Form) -> impl IntoView {
    view! {
        <label class="tick">
            <input type="checkbox" id="reuse" prop:checked=form.is_reusing
                on:change=move |event| form.is_reusing.set(event_target_checked(&event))/>
            <span>
                "Use earlier answers again, and keep the answers of this run for later runs. The same question to the same model with the same settings is then not asked, and not paid, twice; such answers are marked. Leave it off to see how much a model’s answers change."
            </span>
        </label>
    }
}
