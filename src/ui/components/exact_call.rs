//! Owns the look at the exact call behind an answer, made only when it is opened.

use leptos::prelude::*;

use crate::report::exchange::exchange;
use crate::ui::pages::results::Shown;
use crate::ui::words;

/// What is shown of a call or a reply at most, in characters: whoever wants the rest has the run's file.
const MOST: usize = 20_000;

#[component]
pub(crate) fn ExactCall(
    shown: Shown,
    /// Index of the model.
    model: usize,
    /// Index of the item.
    row_idx: usize,
    /// Which repeat.
    repeat: usize,
) -> impl IntoView {
    let is_open = RwSignal::new(false);
    let look = move || {
        let found = exchange(&shown.comparison.grid, &shown.refs(), (model, row_idx), repeat)?;
        let request = found.request.map(|request| {
            let body = found.body.unwrap_or_default();
            view! {
                <p class="quiet">"Sent to "<code>{request.url}</code>". The key travelled beside it and is kept nowhere."</p>
                <pre class="answer" tabindex="0" role="group" aria-label="The call as it was sent">{words::shortened(&body, MOST)}</pre>
            }
        });
        let nothing = request.is_none().then_some("Nothing was sent from here for this answer.");
        let reply = found.reply.map(|reply| view! {
            <p class="quiet">"What came back, as far as it is kept:"</p>
            <pre class="answer" dir="auto" tabindex="0" role="group" aria-label="The reply as it is kept">{words::shortened(&reply, MOST)}</pre>
        });
        Some(view! { {nothing.map(|text| view! { <p class="quiet">{text}</p> })}{request}{reply} })
    };
    view! {
        <details on:toggle=move |_| is_open.update(|open| *open = !*open)>
            <summary>"Exact request and response"</summary>
            {move || is_open.get().then(&look)}
        </details>
    }
}
