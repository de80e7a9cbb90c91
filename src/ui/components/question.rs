//! Owns how one question is shown to a person who answers it, by keyboard, mouse or touch.

use leptos::prelude::*;

use crate::dataset::{Choice, Item};
use crate::ui::components::prose::Plain;

/// A question with its options as buttons; the letter keys choose as well.
#[component]
pub(crate) fn AskedQuestion(
    /// What is asked.
    item: Item,
    /// Whether the wording in everyday words is shown, where there is one.
    is_plain: Signal<bool>,
    /// The option that was chosen, if it is to be shown as right or wrong.
    revealed: Signal<Option<usize>>,
    /// Called with the option chosen.
    on_choice: Callback<usize>,
) -> impl IntoView {
    let options = item.options().to_vec();
    // Items without one right option are never asked in this form; none would be marked.
    let right = item.choice().map(|choice| choice.answer);
    let (question, plain) = (item.question.clone(), item.plain_question.clone());
    let text = move || match (&plain, is_plain.get()) {
        (Some(plain), true) => plain.clone(),
        _ => question.clone(),
    };
    let n_options = options.len();
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        if event.ctrl_key()
            || event.meta_key()
            || event.alt_key()
            || revealed.get_untracked().is_some()
        {
            return;
        }
        let mut letters = event.key().to_ascii_uppercase().chars().collect::<Vec<_>>().into_iter();
        if let (Some(letter), None) = (letters.next(), letters.next())
            && let Some(idx) = (0..n_options).find(|idx| Choice::letter(*idx) == letter)
        {
            event.prevent_default();
            on_choice.run(idx);
        }
    };
    view! {
        {item.context.clone().into_iter().map(|passage| view! { <p class="quiet">{passage}</p> }).collect_view()}
        <p class="question" id="asked">{text}</p>
        <div role="group" aria-labelledby="asked" tabindex="-1" id="options" on:keydown=on_key>
            {options.into_iter().enumerate().map(|(idx, option)| {
                let class = move || match revealed.get() {
                    Some(_) if Some(idx) == right => "option option--right",
                    Some(chosen) if idx == chosen => "option option--wrong",
                    _ => "option",
                };
                let verdict = move || match revealed.get() {
                    Some(_) if Some(idx) == right => " — the right answer",
                    Some(chosen) if idx == chosen => " — your answer",
                    _ => "",
                };
                view! {
                    <button class=class disabled=move || revealed.get().is_some() on:click=move |_| on_choice.run(idx)>
                        <span class="option__letter">{Choice::letter(idx).to_string()}</span>
                        <span>{option}{verdict}</span>
                    </button>
                }
            }).collect_view()}
        </div>
    }
}

/// Why the right answer is right, and where that can be checked.
#[component]
pub(crate) fn Explanation(
    /// The item.
    item: Item,
) -> impl IntoView {
    let source = item.source.clone().map(|source| {
        let text = format!(
            "{}. {}, {}. {}",
            source.title, source.organization, source.year, source.locator
        );
        view! { <p class="quiet">"Source: "{text}</p> }
    });
    view! {
        {item.explanation.clone().map(|explanation| view! { <p dir="auto"><Plain text=explanation/></p> })}
        {source}
    }
}
