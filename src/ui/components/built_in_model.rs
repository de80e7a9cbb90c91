//! Owns the card of the model that the browser itself brings along; drawn only where there is one.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser::page;
use crate::browser::prompt_api::{self, Availability};
use crate::provider::{Class, ModelSpec, Seat};
use crate::ui::state::State;
use crate::ui::words;

#[component]
pub(crate) fn BuiltInModel() -> impl IntoView {
    let availability = RwSignal::new(Availability::Absent);
    spawn_local(async move { availability.set(prompt_api::availability().await) });
    view! {
        <Show when=move || availability.get() != Availability::Absent>
            <section class="card" aria-labelledby="built-in-heading">
                <h2 id="built-in-heading">"This browser’s own model"</h2>
                <p>
                    "Your browser brings a small model along. Questions to it do not leave this machine and cost nothing. "
                    <strong>"Its answers cannot be reproduced:"</strong>
                    " nobody tells which model it is, the browser changes it without notice, and a page can set nothing about it."
                </p>
                <Ways availability=availability/>
            </section>
        </Show>
    }
}

#[component]
fn Ways(availability: RwSignal<Availability>) -> impl IntoView {
    let state = State::get();
    let share = RwSignal::new(0.0_f64);
    let error = RwSignal::new(None::<String>);
    let add = move |_| {
        let name = format!("Built-in model of {}", page::browser_version());
        state.enlist(ModelSpec::new(&name, Class::GeneralPurpose, Seat::BrowserModel));
    };
    let download = move |_| {
        error.set(None);
        availability.set(Availability::Downloading);
        spawn_local(async move {
            let done = prompt_api::download(move |loaded| share.set(loaded)).await;
            availability.set(prompt_api::availability().await);
            error.set(done.err().map(|failure| failure.to_string()));
        });
    };
    view! {
        {move || match availability.get() {
            Availability::Absent => ().into_any(),
            Availability::Ready => view! {
                <button class="button" on:click=add>"Add this browser’s model"</button>
            }.into_any(),
            Availability::Downloadable => view! {
                <p class="quiet">"It has to be downloaded first: some gigabytes, once for all pages."</p>
                <button class="button" on:click=download>"Download it"</button>
            }.into_any(),
            Availability::Downloading => view! {
                <p role="status">{move || format!("The browser is downloading it: {} so far.", words::percent(share.get()))}</p>
            }.into_any(),
        }}
        {move || error.get().map(|error| view! { <p class="notice notice--bad" role="alert">{error}</p> })}
    }
}
