//! Owns the form for a model behind an address: preset, model, key, and the connection test.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser::{connection, keys};
use crate::provider::diagnosis::Diagnosis;
use crate::provider::preset::{self, PRESETS};
use crate::provider::{Endpoint, ModelSpec, Protocol, Seat};
use crate::ui::components::field::{SelectField, TextField};
use crate::ui::state::State;

/// What the test of a connection came to.
#[derive(Debug, Clone, PartialEq)]
enum Tested {
    NotYet,
    UnderWay,
    Works { answer: String, millis: u64 },
    Fails(Diagnosis),
}

#[derive(Clone, Copy)]
struct Form {
    preset_id: RwSignal<String>,
    base_url: RwSignal<String>,
    model: RwSignal<String>,
    key: RwSignal<String>,
    known_models: RwSignal<Vec<String>>,
    tested: RwSignal<Tested>,
}

impl Form {
    fn new() -> Self {
        let first = PRESETS.first();
        Self {
            preset_id: RwSignal::new(first.map_or("", |preset| preset.id).to_owned()),
            base_url: RwSignal::new(first.map_or("", |preset| preset.base_url).to_owned()),
            model: RwSignal::new(String::new()),
            key: RwSignal::new(String::new()),
            known_models: RwSignal::new(vec![]),
            tested: RwSignal::new(Tested::NotYet),
        }
    }

    fn pick(self, id: String) {
        if let Some(preset) = preset::by_id(&id) {
            self.base_url.set(preset.base_url.to_owned());
        }
        self.preset_id.set(id);
        self.key.set(String::new());
        self.known_models.set(vec![]);
        self.tested.set(Tested::NotYet);
    }

    /// Moves the key from the field to the keyring, so that it stands in the page no longer than it must.
    fn keep_key(self) {
        let key = self.key.get_untracked();
        if !key.trim().is_empty() {
            keys::set(&self.base_url.get_untracked(), &key);
            self.key.set(String::new());
        }
    }

    fn address(self) -> (String, String) {
        let base_url = self.base_url.get_untracked().trim().trim_end_matches('/').to_owned();
        (base_url, self.model.get_untracked().trim().to_owned())
    }

    fn list_models(self) {
        self.keep_key();
        let (base_url, _) = self.address();
        self.tested.set(Tested::UnderWay);
        spawn_local(async move {
            match connection::models(&Endpoint::new(Protocol::OpenAiChat, &base_url, "")).await {
                Ok(models) => {
                    self.known_models.set(models);
                    self.tested.set(Tested::NotYet);
                }
                Err(diagnosis) => self.tested.set(Tested::Fails(diagnosis)),
            }
        });
    }

    fn test(self) {
        self.keep_key();
        let (base_url, model) = self.address();
        self.tested.set(Tested::UnderWay);
        spawn_local(async move {
            self.tested.set(
                match connection::test(&Endpoint::new(Protocol::OpenAiChat, &base_url, &model))
                    .await
                {
                    Ok((answer, millis)) => Tested::Works { answer, millis },
                    Err(diagnosis) => Tested::Fails(diagnosis),
                },
            );
        });
    }

    fn add(self, state: State) {
        self.keep_key();
        let (base_url, model) = self.address();
        let class = preset::class_of(&model);
        let endpoint = Endpoint::new(Protocol::OpenAiChat, &base_url, &model);
        state.enlist(ModelSpec::new(&model, class, Seat::Api(endpoint)));
        self.model.set(String::new());
        self.tested.set(Tested::NotYet);
    }
}

#[component]
pub(crate) fn EndpointForm() -> impl IntoView {
    let state = State::get();
    let form = Form::new();
    let is_incomplete = move || {
        form.model.with(|m| m.trim().is_empty()) || form.base_url.with(|u| u.trim().is_empty())
    };
    let is_busy = move || form.tested.with(|tested| *tested == Tested::UnderWay);
    let preset_hint = Signal::derive(move || {
        form.preset_id.with(|id| preset::by_id(id).map_or("", |preset| preset.hint).to_owned())
    });
    let model_hint = Signal::derive(move || {
        let example =
            form.preset_id.with(|id| preset::by_id(id).map_or("", |preset| preset.example_model));
        match form.known_models.with(Vec::len) {
            0 => format!("As the provider writes it, for example {example}."),
            n => format!("{n} models found: start typing to see them."),
        }
    });
    let key_hint = Signal::derive(move || {
        form.key.track();
        form.tested.track();
        if form.base_url.with(|url| keys::has(url)) {
            "A key for this address is held in this tab. Leave empty to keep it.".to_owned()
        } else {
            "Leave empty for a local model. It stays in this tab’s memory, goes only to this address, and is gone when you close the tab.".to_owned()
        }
    });
    view! {
        <section class="card" aria-labelledby="endpoint-heading">
            <h2 id="endpoint-heading">"A model with an address"</h2>
            <SelectField
                label="Where it runs"
                id="preset"
                options=PRESETS.iter().map(|preset| (preset.id.to_owned(), preset.name.to_owned())).collect()
                value=form.preset_id.into()
                on_change=Callback::new(move |id| form.pick(id))
                hint=preset_hint
            />
            <TextField label="Address" id="base-url" kind="url" value=form.base_url
                hint=Signal::derive(|| "The base address of its Chat Completions, usually ending in /v1.".to_owned())/>
            <TextField label="Model" id="model-id" value=form.model hint=model_hint list="known-models"/>
            <datalist id="known-models">
                {move || form.known_models.get().into_iter().map(|id| view! { <option value=id></option> }).collect_view()}
            </datalist>
            <TextField label="Key" id="api-key" kind="password" value=form.key hint=key_hint/>
            <div class="row">
                <button class="button button--main" disabled=is_incomplete on:click=move |_| form.add(state)>"Add this model"</button>
                <button class="button" disabled=move || is_incomplete() || is_busy() on:click=move |_| form.test()>"Test the connection"</button>
                <button class="button" disabled=is_busy on:click=move |_| form.list_models()>"List its models"</button>
            </div>
            <div role="status">{move || tested_view(form.tested.get())}</div>
        </section>
    }
}

fn tested_view(tested: Tested) -> AnyView {
    match tested {
        Tested::NotYet => ().into_any(),
        Tested::UnderWay => view! { <p class="quiet">"Asking …"</p> }.into_any(),
        Tested::Works { answer, millis } => view! {
            <p class="notice notice--good">
                {format!("It works: an answer came after {millis} ms, and it says “{answer}”.")}
            </p>
        }
        .into_any(),
        Tested::Fails(diagnosis) => view! {
            <div class="notice notice--bad">
                <p>{diagnosis.what}</p>
                <ul>{diagnosis.steps.into_iter().map(|step| view! { <li>{step}</li> }).collect_view()}</ul>
            </div>
        }
        .into_any(),
    }
}
