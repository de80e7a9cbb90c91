//! Owns the form for a model behind an address: preset, model, key, settings, and the connection test.

mod form;
mod own_settings;
pub(crate) mod sent;
mod tested;

use leptos::prelude::*;

pub(crate) use self::form::{Form, List};
use self::own_settings::OwnSettings;
use self::sent::Sent;
use self::tested::{Tested, tested_view};
use crate::browser::{keys, vault};
use crate::provider::Protocol;
use crate::provider::preset::{PRESETS, Place};
use crate::ui::components::field::{GroupedSelectField, SelectField, TextField};

#[component]
pub(crate) fn EndpointForm(form: Form) -> impl IntoView {
    let is_incomplete = move || !form.is_complete();
    let is_busy = move || form.tested.with(|tested| *tested == Tested::UnderWay);
    let (heading, add) = match form.list.get_value() {
        List::Participants => ("A model with an address", "Add this model"),
        List::Judges => ("A judge with an address", "Add this judge"),
    };
    let sent = Memo::new(move |_| form.is_complete().then(|| form.settled()));
    view! {
        <section class="card" aria-labelledby="endpoint-heading">
            <h2 id="endpoint-heading">{heading}</h2>
            <Where form=form/>
            <Which form=form/>
            <Secrets form=form/>
            <OwnSettings form=form/>
            {move || sent.get().map(|endpoint| view! { <Sent endpoint=endpoint/> })}
            <div class="row">
                <button class="button button--main" id="add-model" disabled=is_incomplete on:click=move |_| form.add()>{add}</button>
                <button class="button" disabled=move || is_incomplete() || is_busy() on:click=move |_| form.test()>"Test the connection"</button>
                <button class="button" disabled=is_busy on:click=move |_| form.list_models()>"List its models"</button>
            </div>
            <div role="status">{move || tested_view(form.tested.get())}</div>
        </section>
    }
}

/// Protocols with their words in the form and their names.
const PROTOCOLS: [(Protocol, &str, &str); 8] = [
    (Protocol::OpenAiChat, "chat", "Chat Completions (OpenAI and most others)"),
    (Protocol::OpenAiResponses, "responses", "Responses (OpenAI)"),
    (Protocol::Anthropic, "anthropic", "Messages (Anthropic)"),
    (Protocol::Gemini, "gemini", "generateContent (Google)"),
    (Protocol::Mistral, "mistral", "Chat of Mistral"),
    (Protocol::Cohere, "cohere", "Chat of Cohere, version 2"),
    (Protocol::Ollama, "ollama", "Ollama’s own"),
    (Protocol::AzureOpenAi, "azure", "Chat Completions on Azure"),
];

/// Presets by where they run, in the order in which they are offered.
fn groups() -> Vec<(&'static str, Vec<(String, String)>)> {
    let places = [
        (Place::Service, "Services"),
        (Place::ThisMachine, "On this machine"),
        (Place::Anywhere, "Elsewhere"),
    ];
    places
        .map(|(place, name)| {
            let presets = PRESETS.iter().filter(|preset| preset.place == place);
            (name, presets.map(|preset| (preset.id.to_owned(), preset.name.to_owned())).collect())
        })
        .into_iter()
        .collect()
}

#[component]
fn Where(form: Form) -> impl IntoView {
    view! {
        <GroupedSelectField
            label="Where it runs"
            id="preset"
            groups=groups()
            value=form.preset_id.into()
            on_change=Callback::new(move |id: String| form.pick(&id))
            hint=Signal::derive(move || form.preset().hint.to_owned())
        />
        {move || Some(form.preset().warning).filter(|warning| !warning.is_empty()).map(|warning| view! {
            <p class="notice notice--warn">{warning}</p>
        })}
        <Show when=move || form.preset().place == Place::Anywhere>
            <ProtocolField form=form/>
        </Show>
        <TextField label="Address" id="base-url" kind="url" value=form.base_url
            hint=Signal::derive(|| "The base address that the provider names, without the path of a single call.".to_owned())/>
    }
}

/// What an address that is no preset's speaks.
#[component]
fn ProtocolField(form: Form) -> impl IntoView {
    let options = PROTOCOLS.iter().map(|(_, word, name)| ((*word).to_owned(), (*name).to_owned()));
    let value = Signal::derive(move || {
        let chosen = PROTOCOLS.iter().find(|(protocol, ..)| *protocol == form.protocol.get());
        chosen.map_or("", |(_, word, _)| *word).to_owned()
    });
    let on_change = Callback::new(move |word: String| {
        if let Some((protocol, ..)) = PROTOCOLS.iter().find(|(_, of, _)| *of == word) {
            form.protocol.set(*protocol);
        }
    });
    view! {
        <SelectField label="What it speaks" id="protocol" options=options.collect() value=value on_change=on_change/>
    }
}

#[component]
fn Which(form: Form) -> impl IntoView {
    let hint = Signal::derive(move || match form.known_models.with(Vec::len) {
        0 => format!("As the provider writes it, for example {}.", form.preset().example_model),
        n => format!("{n} models found: start typing to see them."),
    });
    view! {
        <TextField label="Model" id="model-id" value=form.model hint=hint list="known-models"/>
        <datalist id="known-models">
            {move || form.known_models.get().into_iter().map(|id| view! { <option value=id></option> }).collect_view()}
        </datalist>
    }
}

#[component]
fn Secrets(form: Form) -> impl IntoView {
    let key_hint = Signal::derive(move || {
        form.key.track();
        form.tested.track();
        if form.base_url.with(|url| keys::has(url)) {
            "A key for this address is held in this tab. Leave empty to keep it.".to_owned()
        } else if vault::is_open() {
            "Leave empty for a local model. It goes only to this address, and is kept encrypted in this browser, as you chose.".to_owned()
        } else {
            "Leave empty for a local model. It stays in this tab’s memory, goes only to this address, and is gone when you close the tab.".to_owned()
        }
    });
    let header_hint = Signal::derive(move || {
        if form.is_header_right() {
            "For a gateway of your own that asks for one. The name is kept with the run; the value is kept like the key.".to_owned()
        } else {
            "This is no name of a header: letters, digits and hyphens only.".to_owned()
        }
    });
    let value_hint = Signal::derive(move || {
        form.header_value.track();
        form.tested.track();
        let is_held =
            form.base_url.with(|url| form.header_name.with(|name| keys::has_header(url, name)));
        if is_held { "A value is held in this tab. Leave empty to keep it." } else { "" }.to_owned()
    });
    view! {
        <TextField label="Key" id="api-key" kind="password" value=form.key hint=key_hint/>
        <Show when=move || form.takes_header()>
            <TextField label="Name of one more header" id="header-name" value=form.header_name hint=header_hint/>
            <TextField label="Its value" id="header-value" kind="password" value=form.header_value hint=value_hint/>
        </Show>
    }
}
