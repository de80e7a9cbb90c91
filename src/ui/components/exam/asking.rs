//! Owns one question of an exam: its text in large type, and the fields in which it is answered.

use leptos::prelude::*;

use crate::browser::page;
use crate::dataset::Choice;
use crate::people::exam::{Answer, Asked, Form, Voice};

/// What stands in the fields of a question.
#[derive(Clone, Copy)]
pub(crate) struct Fields {
    chosen: RwSignal<Vec<usize>>,
    typed: RwSignal<String>,
}

impl Fields {
    /// Empty, or as a draft has it.
    pub(crate) fn of(draft: Option<Answer>) -> Self {
        let (chosen, typed) = match draft {
            Some(Answer::One(idx)) => (vec![idx], String::new()),
            Some(Answer::Several(idxs)) => (idxs, String::new()),
            Some(Answer::Number(text) | Answer::Words(text) | Answer::Open(text)) => (vec![], text),
            Some(Answer::LeftOut) | None => (vec![], String::new()),
        };
        Self { chosen: RwSignal::new(chosen), typed: RwSignal::new(typed) }
    }

    /// What they say; `None` where nothing is chosen or typed.
    pub(crate) fn answer(self, form: Form) -> Option<Answer> {
        let (chosen, typed) = (self.chosen.get(), self.typed.get());
        match form {
            Form::One => chosen.first().copied().map(Answer::One),
            Form::Several => (!chosen.is_empty()).then_some(Answer::Several(chosen)),
            _ if typed.trim().is_empty() => None,
            Form::Number => Some(Answer::Number(typed)),
            Form::Words => Some(Answer::Words(typed)),
            Form::Open => Some(Answer::Open(typed)),
        }
    }

    fn toggle(self, form: Form, idx: usize) {
        self.chosen.update(|chosen| {
            if form == Form::One {
                *chosen = vec![idx];
            } else if let Some(place) = chosen.iter().position(|other| *other == idx) {
                chosen.remove(place);
            } else {
                chosen.push(idx);
                chosen.sort_unstable();
            }
        });
    }
}

/// A question with its fields. Letters, numbers and arrows choose; Enter calls `on_enter`.
#[component]
pub(crate) fn Asking(
    /// What is asked.
    asked: Asked,
    /// Whether the wording in everyday words is shown, where there is one.
    is_plain: RwSignal<bool>,
    /// Where the answer goes.
    fields: Fields,
    /// Called when Enter is pressed, or the form is sent.
    on_enter: Callback<()>,
) -> impl IntoView {
    let form = asked.form;
    let n_options = asked.options.len();
    let keys = asked.clone();
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        if event.ctrl_key() || event.meta_key() || event.alt_key() || n_options == 0 {
            return;
        }
        let key = event.key();
        if let Some(idx) = keys.option_of_key(&key) {
            event.prevent_default();
            fields.toggle(form, idx);
            page::focus(&format!("#exam-option-{idx}"));
            return;
        }
        let step: isize = match key.as_str() {
            "ArrowDown" | "ArrowRight" => 1,
            "ArrowUp" | "ArrowLeft" => -1,
            _ => return,
        };
        // From the question itself; within options the browser moves, where one of them is to be chosen.
        if form == Form::One && fields.chosen.with_untracked(Vec::is_empty) {
            event.prevent_default();
            let idx = if step == 1 { 0 } else { n_options - 1 };
            fields.toggle(form, idx);
            page::focus(&format!("#exam-option-{idx}"));
        }
    };
    let has_plain = asked.plain.is_some();
    let (plain, question) = (asked.plain.clone(), asked.question.clone());
    let text = move || match (&plain, is_plain.get()) {
        (Some(plain), true) => plain.clone(),
        _ => question.clone(),
    };
    let kind = if form == Form::One { "radio" } else { "checkbox" };
    let legend = match form {
        Form::One => "Choose one",
        Form::Several => "Choose all that are right",
        Form::Number | Form::Words | Form::Open => "",
    };
    let unit = match asked.unit.as_str() {
        "" => String::new(),
        unit => format!(" in {unit}"),
    };
    view! {
        <form on:keydown=on_key on:submit=move |event| {
            event.prevent_default();
            on_enter.run(());
        }>
            {asked.turns.iter().map(|(voice, text)| {
                let who = match voice {
                    Voice::Instruction => "Instruction",
                    Voice::Person => "Person",
                    Voice::Assistant => "Assistant",
                };
                view! { <p class="quiet"><strong>{who}": "</strong>{text.clone()}</p> }
            }).collect_view()}
            {asked.context.iter().map(|passage| view! { <p class="quiet">{passage.clone()}</p> }).collect_view()}
            <p class="exam__question" id="exam-question" tabindex="-1" on:keydown=move |event| {
                if event.key() == "Enter" {
                    event.prevent_default();
                    on_enter.run(());
                }
            }>{text}</p>
            {has_plain.then(|| view! {
                <label class="tick">
                    <input type="checkbox" prop:checked=is_plain on:change=move |event| is_plain.set(event_target_checked(&event))/>
                    <span>"In everyday words"</span>
                </label>
            })}
            {(0 < n_options).then(|| view! {
                <fieldset aria-describedby="exam-question">
                    <legend class="quiet">{legend}</legend>
                    {asked.options.iter().enumerate().map(|(idx, option)| view! {
                        <label class="exam__option">
                            <input type=kind name="exam-option" id=format!("exam-option-{idx}")
                                prop:checked=move || fields.chosen.with(|chosen| chosen.contains(&idx))
                                on:change=move |_| fields.toggle(form, idx)
                                on:keydown=move |event| if event.key() == "Enter" {
                                    event.prevent_default();
                                    on_enter.run(());
                                }/>
                            <span class="option__letter">{Choice::letter(idx).to_string()}</span>
                            <span>{option.clone()}</span>
                        </label>
                    }).collect_view()}
                </fieldset>
            })}
            <Typed form=form unit=unit fields=fields/>
            // A form with fields is sent by Enter only where it has a button.
            <button type="submit" class="button button--main" id="exam-answer">"Answer"</button>
        </form>
    }
}

/// The field for an answer that is written.
#[component]
fn Typed(form: Form, unit: String, fields: Fields) -> impl IntoView {
    match form {
                Form::One | Form::Several => ().into_any(),
                Form::Open => view! {
                    <div class="field">
                        <label class="field__label" for="exam-typed">"Your answer"</label>
                        <textarea id="exam-typed" aria-describedby="exam-typed-hint" maxlength="2000" prop:value=move || fields.typed.get()
                            on:input=move |event| fields.typed.set(event_target_value(&event))></textarea>
                        <span class="field__hint" id="exam-typed-hint">"Free text. It is kept beside the models’ answers and is not graded here."</span>
                    </div>
                }.into_any(),
                Form::Number | Form::Words => view! {
                    <div class="field">
                        <label class="field__label" for="exam-typed">{format!("Your answer{unit}")}</label>
                        <input id="exam-typed" type="text" autocomplete="off" maxlength="200"
                            inputmode=if form == Form::Number { "decimal" } else { "text" }
                            prop:value=move || fields.typed.get()
                            on:input=move |event| fields.typed.set(event_target_value(&event))/>
                    </div>
                }.into_any(),
            }
}
