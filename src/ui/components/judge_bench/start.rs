//! Owns what a bench costs, told before it starts, and the button that starts it.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::form::Form;
use crate::browser::driver::{Driver, RunKind};
use crate::browser::{clock, page};
use crate::dataset::human_labels::Labelled;
use crate::provider::MicroDollars;
use crate::provider::price::NoAmount;
use crate::report::link::Route;
use crate::run::bench::bench;
use crate::run::cost::{Part, estimate};
use crate::run::{Event, Plan, Settings};
use crate::ui::components::field::DecimalField;
use crate::ui::components::privacy_warning::{PrivacyWarning, Sent};
use crate::ui::state::State;
use crate::ui::words;

#[component]
pub(super) fn Start(
    form: Form,
    labelled: RwSignal<Option<Result<Labelled, String>>>,
) -> impl IntoView {
    let state = State::get();
    let made = Memo::new_with_compare(
        move |_| {
            labelled.with(|labelled| {
                let labelled = labelled.as_ref()?.as_ref().ok()?;
                let wanted = form.wanted(state, labelled);
                (!wanted.judging.judges.is_empty()).then(|| Arc::new(bench(&labelled.rows, wanted)))
            })
        },
        |_, _| true,
    );
    let texts = Memo::new(move |_| {
        Arc::new(made.with(|made| made.as_ref().map(|made| sent(made)).unwrap_or_default()))
    });
    let may_send = RwSignal::new(true);
    let is_starting = RwSignal::new(false);
    let error = RwSignal::new(None::<String>);
    let is_held = move || {
        is_starting.get() || !may_send.get() || budget(form).is_err() || made.with(Option::is_none)
    };
    let start = move |_| {
        let Some(made) = made.get_untracked() else { return };
        error.set(state.under_way());
        if error.with_untracked(Option::is_some) {
            return;
        }
        is_starting.set(true);
        spawn_local(async move {
            let begun = begin(state, &made).await;
            let _ = is_starting.try_set(false);
            match begun {
                Ok(run_id) => page::go_to(&Route::JudgeBench(Some(run_id)).fragment()),
                Err(refused) => {
                    let _ = error.try_set(Some(refused));
                }
            }
        });
    };
    let hint = Signal::derive(move || {
        match budget(form) {
        Err(error) => error.to_string(),
        Ok(_) => "The measuring stops before the call that could exceed it. You can raise it and go on. Empty: no limit.".to_owned(),
    }
    });
    view! {
        <section aria-labelledby="bench-cost-heading">
            <h2 id="bench-cost-heading">"5. What it costs"</h2>
            {move || match made.get() {
                None => view! { <p class="quiet">"Open a file and choose a judge, and the cost stands here."</p> }.into_any(),
                Some(made) => cost(&made.0),
            }}
            <DecimalField label="Budget, in US dollars" id="bench-budget" value=form.budget hint=hint/>
            {move || made.with(|made| made.as_ref().map(|made| warning(&made.0)))}
            <PrivacyWarning texts=texts is_accepted=may_send/>
            <div class="row">
                <button class="button button--main" id="start-bench" disabled=is_held on:click=start>"Measure"</button>
            </div>
            {move || error.get().map(|error| view! { <p class="notice notice--bad" role="alert">{error}</p> })}
        </section>
    }
}

fn budget(form: Form) -> Result<Option<MicroDollars>, NoAmount> {
    form.budget.with(|typed| match typed.trim() {
        "" => Ok(None),
        typed => typed.parse().map(Some),
    })
}

/// The answers that people graded are in the journal before the first judge is asked.
async fn begin(state: State, made: &(Plan, Vec<Event>)) -> Result<String, String> {
    let (mut plan, brought) = made.clone();
    plan.run_id = format!("run-{}-{}", clock::now_millis(), clock::random_seed());
    let run_id = plan.run_id.clone();
    let driver = Driver::begin(plan, Settings::default(), RunKind::Planned, state.on_run_change())
        .await
        .map_err(|refused| refused.to_string())?;
    for event in brought {
        driver.tell(event);
    }
    driver.tell(Event::Go);
    state.set_driver(driver);
    Ok(run_id)
}

/// What is sent of people's own: questions, and the answers to them.
fn sent((plan, brought): &(Plan, Vec<Event>)) -> Vec<Sent> {
    let answers = brought.iter().map(|event| match event {
        Event::Brought { completion, .. } => completion.text.as_str(),
        _ => "",
    });
    let numbered = plan.items.iter().zip(answers).enumerate();
    numbered
        .map(|(idx, (item, answer))| Sent {
            place: format!("answer {}", idx + 1),
            text: format!("{}\n{answer}", item.sent_text()),
        })
        .collect()
}

/// With a budget, a judge whose price nobody knows is not asked.
fn warning(plan: &Plan) -> Option<AnyView> {
    plan.budget?;
    let unknown: Vec<&str> = plan
        .judges()
        .iter()
        .filter(|judge| judge.price.is_none())
        .map(|judge| judge.name.as_str())
        .collect();
    (!unknown.is_empty()).then(|| {
        let told = format!(
            "With a budget, these are not asked, since their price is not known: {}.",
            unknown.join(", ")
        );
        view! { <p class="notice notice--warn">{told}</p> }.into_any()
    })
}

fn cost(plan: &Plan) -> AnyView {
    let estimate = estimate(plan);
    let money = |part: &Part| {
        part.money.map_or("not known".to_owned(), |money| {
            words::range(money.low.to_string(), money.high.to_string())
        })
    };
    let calls = |part: &Part| words::count_u64(part.n_calls);
    let rows: Vec<_> = plan
        .judges()
        .iter()
        .zip(&estimate.judges)
        .map(|(judge, part)| {
            view! {
                <tr>
                    <th scope="row">{judge.name.clone()}</th>
                    <td class="number">{calls(part)}</td>
                    <td class="number">{money(part)}</td>
                </tr>
            }
        })
        .collect();
    let total = estimate.total;
    view! {
        <div class="scroll-x" tabindex="0" role="region" aria-label="Cost of the measuring">
            <table id="bench-cost">
                <caption>"An estimate, as a range, since nobody can count a verdict’s tokens before it is written. Calls that have to be repeated come on top."</caption>
                <thead><tr><th scope="col">"Judge"</th><th scope="col" class="number">"Calls"</th><th scope="col" class="number">"US dollars"</th></tr></thead>
                <tbody>{rows}</tbody>
                <tfoot><tr><th scope="row">"Together"</th><td class="number">{calls(&total)}</td><td class="number">{money(&total)}</td></tr></tfoot>
            </table>
        </div>
    }
    .into_any()
}
