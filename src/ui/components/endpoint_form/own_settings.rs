//! Owns the settings of one model: what is sent beside the question, its pace and its price.

use leptos::prelude::*;

use super::form::{DELIVERIES, Form, effort_of};
use crate::provider::{Delivery, Effort, Protocol};
use crate::ui::components::field::{NumberField, SelectField};
use crate::ui::components::prices::quote_view;

#[component]
pub(super) fn OwnSettings(form: Form) -> impl IntoView {
    view! {
        <details>
            <summary>"Settings and price of this model"</summary>
            <p class="quiet">"Empty or “as the run says”: what you choose for the whole run holds, and otherwise the provider’s own default."</p>
            <Asked form=form/>
            <Limits form=form/>
            <PriceFields form=form/>
        </details>
    }
}

/// What is sent beside the question.
#[component]
fn Asked(form: Form) -> impl IntoView {
    let settings = form.settings;
    let efforts = std::iter::once((String::new(), "as the run says".to_owned()))
        .chain(Effort::ALL.map(|effort| (effort.word().to_owned(), effort.word().to_owned())))
        .collect();
    let effort = Signal::derive(move || {
        settings.with(|settings| settings.effort.map_or("", Effort::word).to_owned())
    });
    let is_ollama = move || form.protocol.get() == Protocol::Ollama;
    view! {
        <SelectField label="Reasoning effort" id="effort" options=efforts value=effort
            on_change=Callback::new(move |word: String| form.set(|settings| settings.effort = effort_of(&word)))
            hint=Signal::derive(|| "How much it thinks before it answers. Thinking costs tokens and time.".to_owned())/>
        <NumberField label="Seed of this model" id="own-seed"
            value=Signal::derive(move || settings.with(|settings| settings.seed))
            on_change=Callback::new(move |seed| form.set(|settings| settings.seed = seed))
            hint=Signal::derive(|| "For providers that take one. It makes answers more alike, not the same.".to_owned())/>
        <Show when=is_ollama>
            <NumberField label="Size of the context, in tokens" id="context-tokens" min=1
                value=Signal::derive(move || settings.with(|settings| settings.context_tokens.map(u64::from)))
                on_change=Callback::new(move |n: Option<u64>| form.set(|settings| {
                    settings.context_tokens = n.and_then(|n| u32::try_from(n).ok());
                }))
                hint=Signal::derive(|| "Ollama cuts long questions off without a word when its context is too small. 8192 is enough for most.".to_owned())/>
        </Show>
        <DeliveryField form=form/>
    }
}

/// How answers come. The batch service is offered where the provider has one that this page knows.
#[component]
fn DeliveryField(form: Form) -> impl IntoView {
    let standing = Memo::new(move |_| form.batch_standing());
    let is_batch = move || form.settings.with(|settings| settings.delivery == Delivery::Batch);
    let has_batch = Memo::new(move |_| standing.get().service().is_some());
    Effect::new(move |_| {
        if !has_batch.get() && form.settings.with_untracked(|own| own.delivery == Delivery::Batch) {
            form.set(|settings| settings.delivery = Delivery::default());
        }
    });
    let value = Signal::derive(move || {
        let delivery = form.settings.with(|settings| settings.delivery);
        let chosen = DELIVERIES.iter().find(|(of, ..)| *of == delivery);
        chosen.map_or("", |(_, word, _)| *word).to_owned()
    });
    let on_change = Callback::new(move |word: String| {
        let chosen = DELIVERIES.iter().find(|(_, of, _)| *of == word);
        form.set(|settings| {
            settings.delivery = chosen.map_or_else(Delivery::default, |chosen| chosen.0);
        });
    });
    let hint = Signal::derive(move || {
        if !is_batch() {
            return String::new();
        }
        format!(
            "Handed in all at once and answered within a day, mostly for half the price. You may close the page meanwhile: the run asks after its batches when you come back. {}",
            standing.get().note()
        )
    });
    view! {
        {move || {
            let offered = DELIVERIES.iter().filter(|(of, ..)| *of != Delivery::Batch || has_batch.get());
            let options = offered.map(|(_, word, name)| ((*word).to_owned(), (*name).to_owned())).collect();
            view! {
                <SelectField label="How answers come" id="delivery" options=options value=value on_change=on_change hint=hint/>
            }
        }}
    }
}

#[component]
fn Limits(form: Form) -> impl IntoView {
    let pace = form.pace;
    let narrow = |n: Option<u64>| n.and_then(|n| u32::try_from(n).ok());
    view! {
        <div class="row">
            <NumberField label="Calls a minute, at most" id="rpm" min=1
                value=Signal::derive(move || pace.with(|pace| pace.requests_per_minute.map(u64::from)))
                on_change=Callback::new(move |n| pace.update(|pace| pace.requests_per_minute = narrow(n)))/>
            <NumberField label="Tokens a minute, at most" id="tpm" min=1
                value=Signal::derive(move || pace.with(|pace| pace.tokens_per_minute.map(u64::from)))
                on_change=Callback::new(move |n| pace.update(|pace| pace.tokens_per_minute = narrow(n)))/>
        </div>
        <p class="quiet">"Your account’s limits, if you know them. Left empty, the page finds the pace by itself."</p>
    }
}

#[component]
fn PriceFields(form: Form) -> impl IntoView {
    let change = move |change: &dyn Fn(&mut (String, String))| {
        let mut shown = form.price_shown();
        change(&mut shown);
        form.price_typed.set(Some(shown));
    };
    let error = move || form.price().err().map(|error| error.to_string());
    let source = move || {
        match form.quote() {
        _ if form.price_typed.with(Option::is_some) => "As you typed it.".into_any(),
        Some(quote) => quote_view(quote),
        None => "Not known. Without a price the page cannot tell what a run costs, and cannot keep to a budget.".into_any(),
    }
    };
    view! {
        <fieldset class="fields">
            <legend>"Price in US dollars, per million tokens"</legend>
            <div class="row">
                <div class="field field--narrow">
                    <label class="field__label" for="price-in">"Sent"</label>
                    <input id="price-in" inputmode="decimal" autocomplete="off" aria-describedby="price-source"
                        prop:value=move || form.price_shown().0
                        on:input=move |event| change(&|shown| shown.0 = event_target_value(&event))/>
                </div>
                <div class="field field--narrow">
                    <label class="field__label" for="price-out">"Received"</label>
                    <input id="price-out" inputmode="decimal" autocomplete="off" aria-describedby="price-source"
                        prop:value=move || form.price_shown().1
                        on:input=move |event| change(&|shown| shown.1 = event_target_value(&event))/>
                </div>
            </div>
            <p class="field__hint" id="price-source" role="status">{move || error().map_or_else(source, IntoAny::into_any)}</p>
        </fieldset>
    }
}
