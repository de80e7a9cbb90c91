//! Owns the page of a person's own case: written, put to models at once, and read beside each other.

use leptos::prelude::*;

use crate::browser::page;
use crate::report::link::Route;
use crate::ui::components::case::Desk;
use crate::ui::components::case::answers::Answers;
use crate::ui::components::case::emergency::Emergency;
use crate::ui::components::case::keeping::{KeptCases, Saving};
use crate::ui::components::case::sending::{FirstRound, NextRound};
use crate::ui::components::case::writing::CaseField;
use crate::ui::state::State;

#[component]
pub(crate) fn CasePage() -> impl IntoView {
    let state = State::get();
    let desk = Desk::provide();
    let wanted = Memo::new(move |_| {
        state.route.with(|route| match route {
            Route::Case(case_id) => case_id.clone(),
            _ => None,
        })
    });
    Effect::new(move |_| match wanted.get() {
        Some(case_id) if desk.case_id.get_untracked().as_ref() != Some(&case_id) => {
            desk.open(case_id);
        }
        None if desk.case_id.with_untracked(Option::is_some) => desk.clear(),
        _ => {}
    });
    let is_asked = Memo::new(move |_| desk.case_id.with(Option::is_some));
    view! {
        <Emergency text=Signal::derive(move || desk.told.with(|told| told.text.clone()))/>
        <p class="lead">
            "Put a question of your own to several AI models at once, and see how far their answers agree."
        </p>
        <p class="notice">
            <strong>"This examines the models. It gives no advice."</strong>
            " Models sound sure even where they are wrong. Take no decision about your health from what you read here: talk to a doctor or pharmacist."
        </p>
        {move || desk.error.get().map(|error| view! { <p class="notice notice--bad" role="alert">{error}</p> })}
        {move || if is_asked.get() {
            view! { <Asked/> }.into_any()
        } else {
            view! { <CaseField/><FirstRound/> }.into_any()
        }}
        <KeptCases/>
    }
}

/// A case that was put to models.
#[component]
fn Asked() -> impl IntoView {
    let desk = Desk::get();
    let anew = move |_| {
        desk.clear();
        page::go_to(&Route::Case(None).fragment());
        request_animation_frame(|| page::focus("main h1"));
    };
    view! {
        <section aria-labelledby="case-told-heading">
            <h2 id="case-told-heading">"What you asked"</h2>
            <p class="case-growing" dir="auto">{move || desk.told.with(|told| told.text.clone())}</p>
        </section>
        <Answers/>
        <p class="quiet">"These are answers of models under examination, and no advice. None of them knows you."</p>
        <div class="no-print"><NextRound/></div>
        <Saving/>
        <p class="no-print"><button class="button" id="case-anew" on:click=anew>"Write another case"</button></p>
    }
}
