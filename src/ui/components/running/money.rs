//! Owns the money of a run under way: what it has cost, what is left, and a new budget where the old one is reached.

use leptos::prelude::*;

use super::snapshot::Snapshot;
use crate::provider::MicroDollars;
use crate::report::money::spending_told;
use crate::ui::components::field::DecimalField;

#[component]
pub(super) fn Money(
    now: Memo<Snapshot>,
    on_budget: Callback<Option<MicroDollars>>,
) -> impl IntoView {
    let told = Memo::new(move |_| now.with(|now| spending_told(&now.spending).join(" ")));
    let unpriced = Memo::new(move |_| now.with(|now| now.unpriced.join(", ")));
    let is_held = Memo::new(move |_| now.with(Snapshot::is_held_by_budget));
    view! {
        <p id="spending">{move || told.get()}</p>
        {move || Some(unpriced.get()).filter(|names| !names.is_empty()).map(|names| view! {
            <p class="quiet">{format!("Not in these figures, since the price is not known: {names}.")}</p>
        })}
        <Show when=move || is_held.get()>
            <RaiseBudget on_budget=on_budget/>
        </Show>
    }
}

#[component]
fn RaiseBudget(on_budget: Callback<Option<MicroDollars>>) -> impl IntoView {
    let typed = RwSignal::new(String::new());
    let amount = move || typed.with(|typed| typed.parse::<MicroDollars>());
    let hint = Signal::derive(move || match amount() {
        Err(error) if !typed.with(|typed| typed.trim().is_empty()) => error.to_string(),
        _ => "For the whole run, what is spent included.".to_owned(),
    });
    view! {
        <div class="notice notice--warn" role="alert">
            <p>"The budget keeps some questions from being asked. Every answer so far is kept. Raise the budget, or leave it: what was not asked then stays unasked."</p>
            <DecimalField label="New budget, in US dollars" id="new-budget" value=typed hint=hint/>
            <div class="row">
                <button class="button button--main" disabled=move || amount().is_err()
                    on:click=move |_| if let Ok(amount) = amount() { on_budget.run(Some(amount)); }>"Set this budget and go on"</button>
                <button class="button" on:click=move |_| on_budget.run(None)>"Go on without a limit"</button>
            </div>
        </div>
    }
}
