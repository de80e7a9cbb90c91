//! Owns the page about keys: for which hosts one is held, and whether they are remembered.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser::keys::{self, Held};
use crate::browser::{clock, vault};
use crate::ui::components::kept_columns::KeptColumns;
use crate::ui::components::vault_form::VaultForm;
use crate::ui::pages::ledger::Clear;

#[component]
pub(crate) fn SettingsPage() -> impl IntoView {
    let held = RwSignal::new(keys::held());
    // Keys change by a lock, in a form or by another page; asking is cheap.
    let look = move || {
        let now = keys::held();
        if held.with_untracked(|held| *held != now) {
            held.set(now);
        }
    };
    let watch = StoredValue::new_local(Some(clock::every(500, look)));
    on_cleanup(move || watch.set_value(None));
    let error = RwSignal::new(None::<String>);
    let forget_all = Callback::new(move |()| {
        spawn_local(async move {
            error.set(vault::forget_all().await.err().map(|refused| refused.to_string()));
            look();
        });
    });
    view! {
        <p class="lead">"A key lets this page ask a model in your name, and at your cost. It goes only to the host that you entered it for."</p>
        {move || error.get().map(|error| view! { <p class="notice notice--bad" role="alert">{error}</p> })}
        <section aria-labelledby="held-heading">
            <h2 id="held-heading">"Keys in this tab"</h2>
            {move || held.with(Vec::is_empty).then(|| view! {
                <p>"None. "<a href="#/models">"Enter one with a model"</a>"."</p>
            })}
            <ul class="plain-list" id="held-keys">
                {move || held.get().into_iter().map(|held| held_view(held, look)).collect_view()}
            </ul>
            <p class="quiet">"A key cannot be shown again, not even its end: what is not in the page cannot be read over your shoulder. Good advice: make a key for this page alone, with a spending limit, and delete it at the provider when you are done."</p>
            <div class="row">
                <Clear label="Forget all keys …" question="Forget every key, the remembered ones too?" on_yes=forget_all/>
            </div>
        </section>
        <VaultForm/>
        <section aria-labelledby="kept-heading">
            <h2 id="kept-heading">"What else is kept in this browser"</h2>
            <ul>
                <li>"Runs with their answers. "<a href="#/results">"Open or delete them"</a>"."</li>
                <li>"Published questions. "<a href="#/catalogue">"See what they take, or delete them"</a>"."</li>
                <li>"The list of what left this page, and answers kept for use in later runs. "<a href="#/ledger">"See or delete them"</a>"."</li>
                <KeptColumns/>
            </ul>
        </section>
    }
}

fn held_view(held: Held, look: impl Fn() + Copy + Send + Sync + 'static) -> impl IntoView {
    let origin = held.origin.clone();
    let mut what: Vec<String> = held.has_key.then(|| "a key".to_owned()).into_iter().collect();
    what.extend(held.header_names.iter().map(|name| format!("the header {name}")));
    view! {
        <li>
            <div class="row">
                <strong>{held.origin.clone()}</strong>
                <span class="quiet">{what.join(", ")}</span>
                <button class="button button--quiet" aria-label=format!("Forget what is held for {}", held.origin)
                    on:click=move |_| { keys::forget(&origin); look(); }>"Forget"</button>
            </div>
        </li>
    }
}
