//! Owns what is told when a model is not asked on, and the place for a key that the closed page has forgotten.

use leptos::prelude::*;

use crate::browser::{connection, keys};
use crate::provider::{Endpoint, Failure};
use crate::run::Stop;
use crate::ui::components::field::TextField;

/// A model that is not asked on, with why.
#[component]
pub(super) fn StoppedView(
    stop: Stop,
    endpoint: Option<Endpoint>,
    model_idx: usize,
    on_key: Callback<()>,
) -> impl IntoView {
    match (stop, endpoint) {
        (Stop::Failure(failure), Some(endpoint)) => {
            view! { <StoppedAtAddress failure=failure endpoint=endpoint model_idx=model_idx on_key=on_key/> }
                .into_any()
        }
        (stop, _) => view! {
            <p class="notice notice--bad" role="alert"><strong>"Stopped. "</strong>{stop.to_string()}</p>
        }
        .into_any(),
    }
}

#[component]
fn StoppedAtAddress(
    failure: Failure,
    endpoint: Endpoint,
    model_idx: usize,
    on_key: Callback<()>,
) -> impl IntoView {
    let diagnosis = connection::explain(failure, &endpoint);
    let key = RwSignal::new(String::new());
    let set_key = move |_| use_key(&endpoint.base_url, key, on_key);
    view! {
        <div class="notice notice--bad" role="alert">
            <p><strong>"Stopped. "</strong>{diagnosis.what}</p>
            <ul>{diagnosis.steps.into_iter().map(|step| view! { <li>{step}</li> }).collect_view()}</ul>
            <TextField label="Key for this address" id=numbered("resume-key", model_idx) kind="password" value=key
                hint=Signal::derive(|| "Keys are not kept: enter it again after the page was closed.".to_owned())/>
            <button class="button" on:click=set_key>"Use this key and go on"</button>
        </div>
    }
}

/// Asks for the key of an address that the closed page has forgotten, before anything is asked in vain.
#[component]
pub(super) fn KeyAgain(base_url: String, idx: usize, on_key: Callback<()>) -> impl IntoView {
    let key = RwSignal::new(String::new());
    let explanation = format!(
        "This run needs the key for {base_url} again: keys are kept only while the page is open."
    );
    let set_key = move |_| use_key(&base_url, key, on_key);
    view! {
        <div class="notice">
            <p>{explanation}</p>
            <TextField label="Key" id=numbered("key-again", idx) kind="password" value=key/>
            <button class="button" on:click=set_key>"Use this key"</button>
        </div>
    }
}

/// Moves a key from its field to the keyring. An empty field keeps what is held.
fn use_key(base_url: &str, key: RwSignal<String>, on_key: Callback<()>) {
    let typed = key.get_untracked();
    if !typed.trim().is_empty() {
        keys::set(base_url, &typed);
        key.set(String::new());
    }
    on_key.run(());
}

/// An id of its own for each field of the same kind; the first is the plain one.
fn numbered(id: &str, idx: usize) -> String {
    if idx == 0 { id.to_owned() } else { format!("{id}-{idx}") }
}
