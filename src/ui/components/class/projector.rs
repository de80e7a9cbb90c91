//! Owns the view for the projector: one question at a time in large type, the right answer when the teacher says so.

use std::sync::Arc;

use leptos::prelude::*;

use super::figures::Spread;
use crate::browser::page;
use crate::dataset::Item;
use crate::people::class::ClassFigures;
use crate::ui::components::question::Explanation;

#[component]
pub(crate) fn Projector(
    figures: Memo<ClassFigures>,
    items: Arc<Vec<Item>>,
    /// Called to leave it.
    on_close: Callback<()>,
) -> impl IntoView {
    let n = items.len();
    let at = RwSignal::new(0_usize);
    let is_revealed = RwSignal::new(false);
    let go = move |step: isize| {
        let to = at.get_untracked().checked_add_signed(step).filter(|to| *to < n);
        if let Some(to) = to {
            at.set(to);
            is_revealed.set(false);
            request_animation_frame(|| page::focus("#projected"));
        }
    };
    let on_key = move |event: leptos::ev::KeyboardEvent| match event.key().as_str() {
        "ArrowRight" | "PageDown" => go(1),
        "ArrowLeft" | "PageUp" => go(-1),
        "Escape" => on_close.run(()),
        _ => {}
    };
    let names = move || {
        figures.with(|figures| {
            figures.models.iter().map(|model| model.name.clone()).collect::<Vec<_>>()
        })
    };
    view! {
        <section class="projector" aria-label="For the projector" on:keydown=on_key>
            <p role="status">{move || format!("Question {} of {n}", at.get() + 1)}</p>
            {move || {
                let idx = at.get();
                let item = items.get(idx).cloned()?;
                let question = figures.with(|figures| figures.questions.get(idx).cloned())?;
                let explained = item.clone();
                Some(view! {
                    <p class="exam__question" id="projected" tabindex="-1">{item.question.clone()}</p>
                    <Spread question=question item=item names=names() is_revealed=is_revealed.into()/>
                    <Show when=move || is_revealed.get()><Explanation item=explained.clone()/></Show>
                })
            }}
            <div class="row">
                <button class="button" disabled=move || at.get() == 0 on:click=move |_| go(-1)>"Back"</button>
                <button class="button button--main" on:click=move |_| is_revealed.update(|is| *is = !*is)>
                    {move || if is_revealed.get() { "Hide the answer" } else { "Reveal the answer" }}
                </button>
                <button class="button" disabled=move || at.get() + 1 == n on:click=move |_| go(1)>"Next"</button>
                <button class="button button--quiet" on:click=move |_| on_close.run(())>"Close"</button>
            </div>
        </section>
    }
}
