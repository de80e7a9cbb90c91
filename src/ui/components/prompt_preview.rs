//! Owns the look at what one question becomes for one model: the messages, and the call as it will be sent.

use leptos::prelude::*;

use crate::prompt::Role;
use crate::run::draft::Missing;
use crate::run::{Plan, Preview, preview};
use crate::ui::components::field::{NumberField, SelectField};
use crate::ui::words;

/// A block that opens. Nothing is made before it is open.
#[component]
pub(crate) fn PromptPreview(
    /// What would be run, where it can be planned.
    plan: Memo<Result<Plan, Missing>>,
) -> impl IntoView {
    let is_open = RwSignal::new(false);
    let (model_idx, item_idx) = (RwSignal::new(0_usize), RwSignal::new(0_usize));
    let n_items = move || plan.with(|plan| plan.as_ref().map_or(0, |plan| plan.items.len()));
    let models = move || {
        let names = plan.with(|plan| {
            let models = plan.as_ref().map_or(&[][..], |plan| &plan.models);
            models.iter().map(|model| model.name.clone()).collect::<Vec<_>>()
        });
        let names = names.into_iter().enumerate();
        names.map(|(idx, name)| (idx.to_string(), name)).collect::<Vec<_>>()
    };
    let look = move || {
        is_open
            .get()
            .then(|| {
                plan.with(|plan| preview(plan.as_ref().ok()?, model_idx.get(), item_idx.get()))
            })
            .flatten()
    };
    let number_hint = Signal::derive(move || {
        format!("1 to {}, in the order of the run.", words::count(n_items()))
    });
    view! {
        <details on:toggle=move |_| is_open.update(|open| *open = !*open)>
            <summary>"See a question as it is sent"</summary>
            {move || is_open.get().then(|| view! {
                <SelectField label="Model" id="preview-model" options=models()
                    value=Signal::derive(move || model_idx.get().to_string())
                    on_change=Callback::new(move |idx: String| model_idx.set(idx.parse().unwrap_or(0)))/>
                <NumberField label="Question" id="preview-item" min=1
                    value=Signal::derive(move || Some(item_idx.get() as u64 + 1))
                    on_change=Callback::new(move |n: Option<u64>| {
                        let idx = n.and_then(|n| usize::try_from(n).ok()).unwrap_or(1).saturating_sub(1);
                        item_idx.set(idx.min(n_items().saturating_sub(1)));
                    })
                    hint=number_hint/>
            })}
            {move || look().map(|look| view! { <Look look=look/> })}
        </details>
    }
}

#[component]
fn Look(look: Preview) -> impl IntoView {
    let body = look.body();
    let url = look.request.as_ref().map(|request| request.url.clone());
    view! {
        <dl>
            {look.messages.into_iter().map(|message| view! {
                <dt><strong>{speaker(message.role)}</strong></dt>
                <dd class="answer">{message.content}</dd>
            }).collect_view()}
        </dl>
        {match (url, body) {
            (Some(url), Some(body)) => view! {
                <p class="quiet">"The call goes to "<code>{url}</code>". The key travels beside it and is shown nowhere."</p>
                <pre class="scroll-x" tabindex="0" role="region" aria-label="The call as it is sent">{body}</pre>
            }.into_any(),
            _ => view! { <p class="quiet">"Nothing is sent: this participant answers in the page."</p> }.into_any(),
        }}
    }
}

fn speaker(role: Role) -> &'static str {
    match role {
        Role::System => "Standing instruction",
        Role::User => "The person says",
        Role::Assistant => "The model has said",
    }
}
