//! Owns the form by which a person changes a grade: what instead, why, and who.

use std::sync::Arc;

use leptos::prelude::*;

use super::desk::{Desk, GradeKey};
use crate::run::{Journal, Overruling, OverrulingError, Ruling};
use crate::ui::components::field::TextField;
use crate::ui::state::State;

/// The button that opens the form, the form, and what came of it.
#[component]
pub(crate) fn ChangeGrade(
    /// Which grade.
    key: GradeKey,
    /// What is graded, for who hears the button's name without seeing what it stands beside.
    of: String,
    /// What may be decided, with its name. The first is proposed.
    choices: Vec<(String, Ruling)>,
    /// The run.
    journal: StoredValue<Arc<Journal>>,
) -> impl IntoView {
    let desk = Desk::get();
    let is_open = Memo::new(move |_| desk.open.get() == Some(key));
    let choices = StoredValue::new(choices);
    let told = move || {
        desk.told.get().filter(|(of, _)| *of == key).map(|(_, told)| {
            view! { <p class="notice notice--good" id="ruling-told" tabindex="-1" role="status">{told}</p> }
        })
    };
    let label = format!("Change this grade: {of}");
    view! {
        {told}
        <div class="no-print">
            {move || if is_open.get() {
                view! { <GradeForm key=key choices=choices.get_value() journal=journal/> }.into_any()
            } else {
                let label = label.clone();
                view! {
                    <button class="button button--quiet" aria-label=label
                        on:click=move |_| {
                            desk.error.set(None);
                            desk.told.set(None);
                            desk.open.set(Some(key));
                            request_animation_frame(|| crate::browser::page::focus("#ruling-form input"));
                        }>"Change this grade"</button>
                }.into_any()
            }}
        </div>
    }
}

#[component]
fn GradeForm(
    key: GradeKey,
    choices: Vec<(String, Ruling)>,
    journal: StoredValue<Arc<Journal>>,
) -> impl IntoView {
    let state = State::get();
    let desk = Desk::get();
    let chosen = RwSignal::new(choices.first().map(|(_, ruling)| *ruling));
    let reason = RwSignal::new(String::new());
    let submit = move || {
        let Some(ruling) = chosen.get_untracked() else { return };
        let made = journal.with_value(|journal| {
            let plan = &journal.plan;
            let (reason, name) = (reason.get_untracked(), desk.name.get_untracked());
            Overruling::new(plan, key.trial, ruling, &reason, &name)
        });
        match made {
            Ok(overruling) => desk.write(state, key, overruling),
            Err(error) => {
                desk.error.set(Some(error.to_string()));
                let missing = match error {
                    OverrulingError::NoReason => "#ruling-reason",
                    OverrulingError::NoName => "#ruling-name",
                    OverrulingError::NoSuchGrade => "#ruling-form input",
                };
                request_animation_frame(move || crate::browser::page::focus(missing));
            }
        }
    };
    view! {
        <form class="card" id="ruling-form" on:submit=move |event| { event.prevent_default(); submit(); }>
            <fieldset class="fields">
                <legend>"Your grade"</legend>
                {choices.into_iter().map(|(name, ruling)| view! {
                    <label class="tick">
                        <input type="radio" name="ruling" prop:checked=move || chosen.get() == Some(ruling)
                            on:change=move |_| chosen.set(Some(ruling))/>
                        <span>{name}</span>
                    </label>
                }).collect_view()}
            </fieldset>
            <TextField label="Why" id="ruling-reason" value=reason
                hint="The report shows it beside the changed grade. What the judges said stays."/>
            <TextField label="Your name" id="ruling-name" value=desk.name
                hint="It is written into the run, with the time, and goes wherever its file goes."/>
            {move || desk.error.get().map(|error| view! { <p class="notice notice--bad" role="alert">{error}</p> })}
            <div class="row">
                <button class="button button--main" type="submit" disabled=move || desk.is_writing.get()>"Change the grade"</button>
                <button class="button button--quiet" type="button" on:click=move |_| desk.open.set(None)>"Leave it as it is"</button>
            </div>
        </form>
    }
}
