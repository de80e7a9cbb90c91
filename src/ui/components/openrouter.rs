//! Owns the sign-in at OpenRouter, by which a key comes into the page without being pasted.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser::{keys, pkce};
use crate::provider::sign_in::{self, OPENROUTER};

#[derive(Clone, PartialEq)]
enum Stage {
    Ready,
    Exchanging,
    Done,
    Failed(String),
}

/// A button that leads to OpenRouter; and, on return, the exchange of the code for a key. The page that holds it must be
/// the one that is opened on return, which [`crate::ui::mount`] sees to.
#[component]
pub(crate) fn OpenRouterSignIn(
    /// Called when a key has come.
    #[prop(optional, into)]
    on_key: Option<Callback<()>>,
) -> impl IntoView {
    let stage = RwSignal::new(Stage::Ready);
    if pkce::is_back() {
        stage.set(Stage::Exchanging);
        spawn_local(async move {
            let outcome = pkce::finish().await;
            stage.set(match outcome {
                Some(Ok(())) => Stage::Done,
                Some(Err(refused)) => Stage::Failed(refused.to_string()),
                None => Stage::Ready,
            });
            if let (Stage::Done, Some(on_key)) = (stage.get_untracked(), on_key) {
                on_key.run(());
            }
        });
    }
    let leave = move |_| {
        if let Err(refused) = pkce::leave() {
            stage.set(Stage::Failed(refused.to_string()));
        }
    };
    let is_doubtful = !sign_in::is_accepted_callback(&pkce::callback());
    view! {
        <section class="card" aria-labelledby="openrouter-heading">
            <h2 id="openrouter-heading">"Without pasting a key: OpenRouter"</h2>
            <p>"OpenRouter passes questions on to the models of most makers. Sign in there, set a spending limit, and a key comes back into this tab; it goes to OpenRouter only."</p>
            <p class="quiet">"You leave this page for a moment. Do it first: question sets and models that you have chosen here are not kept while you are away."</p>
            {is_doubtful.then(|| view! {
                <p class="notice notice--warn">"OpenRouter says that it sends people back only to https pages on the usual port, or to port 3000. This page has another address: if you do not come back, create a key at openrouter.ai/keys and paste it."</p>
            })}
            <button class="button" disabled=move || stage.get() == Stage::Exchanging on:click=leave>"Sign in at OpenRouter"</button>
            <div role="status">
                {move || match stage.get() {
                    Stage::Ready if keys::has(OPENROUTER) => view! { <p class="quiet">"A key for OpenRouter is held in this tab."</p> }.into_any(),
                    Stage::Ready => ().into_any(),
                    Stage::Exchanging => view! { <p class="quiet">"Fetching the key …"</p> }.into_any(),
                    Stage::Done => view! { <p class="notice notice--good">"You are signed in: a key for OpenRouter is held in this tab. Choose OpenRouter as the place where a model runs, and leave the key empty."</p> }.into_any(),
                    Stage::Failed(why) => view! { <p class="notice notice--bad">{why}</p> }.into_any(),
                }}
            </div>
        </section>
    }
}
