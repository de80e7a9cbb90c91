//! Owns the look at what one question becomes for one model: the messages, and the call as it will be sent.

use std::ops::Range;

use leptos::prelude::*;

use crate::prompt::Role;
use crate::run::draft::Missing;
use crate::run::{Plan, Preview, preview, questions};
use crate::ui::components::field::{NumberField, SelectField};
use crate::ui::words;

/// A block that opens. Nothing is made before it is open.
#[component]
pub(crate) fn PromptPreview(
    /// What would be run, where it can be planned.
    plan: Memo<Result<Plan, Missing>>,
) -> impl IntoView {
    let is_open = RwSignal::new(false);
    let chosen =
        Chosen { model: RwSignal::new(0), question: RwSignal::new(0), form: RwSignal::new(0) };
    let asked = Memo::new(move |_| {
        if !is_open.get() {
            return vec![];
        }
        plan.with(|plan| plan.as_ref().map(questions).unwrap_or_default())
    });
    let look = move || {
        let question = asked.with(|asked| asked.get(chosen.question.get()).cloned())?;
        let item_idx = question.start + chosen.form.get().min(question.len() - 1);
        plan.with(|plan| preview(plan.as_ref().ok()?, chosen.model.get(), item_idx))
    };
    view! {
        <details id="preview" on:toggle=move |_| is_open.update(|open| *open = !*open)>
            <summary>"See a question as it is sent"</summary>
            {move || is_open.get().then(|| view! { <Which plan=plan asked=asked chosen=chosen/> })}
            {move || look().map(|look| view! { <Look look=look/> })}
        </details>
    }
}

/// What is looked at, by place.
#[derive(Clone, Copy)]
struct Chosen {
    model: RwSignal<usize>,
    question: RwSignal<usize>,
    /// 0 for the question as it is, then its variants.
    form: RwSignal<usize>,
}

#[component]
fn Which(
    plan: Memo<Result<Plan, Missing>>,
    asked: Memo<Vec<Range<usize>>>,
    chosen: Chosen,
) -> impl IntoView {
    let models = move || {
        let names = plan.with(|plan| {
            let models = plan.as_ref().map_or(&[][..], |plan| &plan.models);
            models.iter().map(|model| model.name.clone()).collect::<Vec<_>>()
        });
        let names = names.into_iter().enumerate();
        names.map(|(idx, name)| (idx.to_string(), name)).collect::<Vec<_>>()
    };
    let n_questions = move || asked.with(Vec::len);
    let number_hint = Signal::derive(move || {
        format!("1 to {}, in the order of the run.", words::count(n_questions()))
    });
    let forms = Memo::new(move |_| {
        let question = asked.with(|asked| asked.get(chosen.question.get()).cloned());
        plan.with(|plan| {
            let items = plan.as_ref().map_or(&[][..], |plan| &plan.items);
            let items = question.and_then(|question| items.get(question)).unwrap_or_default();
            items
                .iter()
                .map(|item| words::form(&item.id).unwrap_or("as it is".to_owned()))
                .collect::<Vec<_>>()
        })
    });
    view! {
        {move || view! {
            <SelectField label="Model" id="preview-model" options=models()
                value=Signal::derive(move || chosen.model.get().to_string())
                on_change=Callback::new(move |idx: String| chosen.model.set(idx.parse().unwrap_or(0)))/>
        }}
        <NumberField label="Question" id="preview-item" min=1
            value=Signal::derive(move || Some(chosen.question.get() as u64 + 1))
            on_change=Callback::new(move |n: Option<u64>| {
                let idx = n.and_then(|n| usize::try_from(n).ok()).unwrap_or(1).saturating_sub(1);
                chosen.question.set(idx.min(n_questions().saturating_sub(1)));
            })
            hint=number_hint/>
        {move || {
            let forms = forms.get();
            (1 < forms.len()).then(|| {
                let options = forms.into_iter().enumerate().map(|(idx, name)| (idx.to_string(), name));
                view! {
                    <SelectField label="Form" id="preview-form" options=options.collect()
                        value=Signal::derive(move || chosen.form.get().to_string())
                        on_change=Callback::new(move |idx: String| chosen.form.set(idx.parse().unwrap_or(0)))/>
                }
            })
        }}
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
