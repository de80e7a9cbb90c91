//! Owns "Try it now": the bundled questions, the visitor and the baselines, from a click to results in half a minute.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser::driver::{Driver, RunKind};
use crate::browser::{clock, page};
use crate::dataset::{self, Choice, Item};
use crate::provider::{Baseline, Class, Completion, ModelSpec, Seat};
use crate::report::link::{ResultsView, Route};
use crate::run::draft::{Part, Wishes, draft};
use crate::run::{Event, Settings, TrialId};
use crate::ui::components::bundled;
use crate::ui::components::question::{AskedQuestion, Explanation};
use crate::ui::pages::models::baseline;
use crate::ui::state::State;

/// How many questions the visitor is offered; stopping earlier is fine.
const N_OFFERED: usize = 10;
/// The visitor's place among the participants.
const VISITOR: usize = 3;

/// Makes the run and lets the baselines answer.
async fn begin(state: State) -> Result<Driver, String> {
    let import = bundled::core().await?;
    let seed = clock::random_seed();
    let rules = [Baseline::UniformGuess, Baseline::LongestOption, Baseline::WordOverlap];
    let mut models: Vec<ModelSpec> = rules.into_iter().map(|rule| baseline(rule, seed)).collect();
    models.push(ModelSpec::new("You", Class::Person, Seat::Person));
    let part = Part::of(&import.dataset, None, seed);
    let wishes = Wishes {
        run_id: format!("try-{}-{seed}", clock::now_millis()),
        n_repeats: 1,
        ..Wishes::default()
    };
    let mut plan = draft(&[part], &models, wishes).map_err(|missing| missing.to_string())?;
    let offered = dataset::sample(plan.items.len(), N_OFFERED, seed);
    if let Some(assigned) = plan.assigned.get_mut(VISITOR) {
        *assigned = Some(offered);
    }
    let driver = Driver::begin(plan, Settings::default(), RunKind::Try, state.on_run_change())
        .await
        .map_err(|error| error.to_string())?;
    driver.tell(Event::Go);
    Ok(driver)
}

#[component]
pub(crate) fn TryPage() -> impl IntoView {
    let state = State::get();
    let driver = RwSignal::new_local(None::<Driver>);
    let error = RwSignal::new(None::<String>);
    let is_starting = RwSignal::new(false);
    let start = move |_| {
        error.set(state.under_way());
        if error.with_untracked(Option::is_some) {
            return;
        }
        is_starting.set(true);
        spawn_local(async move {
            match begin(state).await {
                Ok(begun) => {
                    state.set_driver(begun.clone());
                    driver.set(Some(begun));
                }
                Err(failed) => error.set(Some(failed)),
            }
            is_starting.set(false);
        });
    };
    view! {
        {move || match driver.get() {
            Some(driver) => view! { <Sitting driver=driver/> }.into_any(),
            None => view! {
                <p class="lead">
                    "Answer up to ten medical questions. Three simple rules answer all 200 of them at the same time: one guesses, one picks the longest option, one looks for shared words. They know no medicine. Do you beat them, and would a model?"
                </p>
                <p>"You need no medical knowledge: each question can be read in everyday words. You may stop at any time."</p>
                <button class="button button--main" disabled=is_starting on:click=start>"Start"</button>
                <p>
                    "Want a whole exam, with your own questions, a clock, and the models beside you? "
                    <a href="#/exam">"Sit the exam"</a>
                    ". You teach? "
                    <a href="#/class">"Give it to a class"</a>
                    "."
                </p>
            }.into_any(),
        }}
        {move || error.get().map(|error| view! { <p class="notice notice--bad" role="alert">{error}</p> })}
    }
}

#[component]
fn Sitting(driver: Driver) -> impl IntoView {
    let driver = StoredValue::new_local(driver);
    let is_plain = RwSignal::new(true);
    let chosen = RwSignal::new(None::<usize>);
    let asked_at = RwSignal::new(clock::now_millis());
    let (n_done, n_right) = (RwSignal::new(0_usize), RwSignal::new(0_usize));
    let current = RwSignal::new(next(driver));
    let on_choice = Callback::new(move |idx: usize| {
        let Some((trial, item)) = current.get_untracked() else { return };
        if chosen.get_untracked().is_some() {
            return;
        }
        chosen.set(Some(idx));
        n_done.update(|n| *n += 1);
        let is_right = item.choice().is_some_and(|choice| choice.answer == idx);
        n_right.update(|n| *n += usize::from(is_right));
        let text = format!("Answer: {}", Choice::letter(idx));
        let completion = Completion { text, ..Completion::default() };
        let took_millis = clock::now_millis().saturating_sub(asked_at.get_untracked());
        driver.with_value(|driver| driver.tell(Event::Brought { trial, took_millis, completion }));
        request_animation_frame(|| page::focus("#next"));
    });
    let go_on = move |_| {
        chosen.set(None);
        current.set(next(driver));
        asked_at.set(clock::now_millis());
        request_animation_frame(|| page::focus("#options"));
    };
    let results = driver.with_value(|driver| {
        driver.with(|run| {
            let run_id = Some(run.journal().plan.run_id.clone());
            format!(
                "#{}",
                Route::Results(ResultsView { run_id, ..ResultsView::default() }).fragment()
            )
        })
    });
    let results = StoredValue::new(results);
    view! {
        <p role="status" class="quiet">
            {move || match (n_done.get(), chosen.get()) {
                (0, _) => format!("Question 1 of {N_OFFERED}"),
                (n, Some(_)) => format!("{} of {n} right so far", n_right.get()),
                (n, None) => format!("Question {} of {N_OFFERED}. {} of {n} right so far", n + 1, n_right.get()),
            }}
        </p>
        <label class="tick">
            <input type="checkbox" prop:checked=is_plain on:change=move |event| is_plain.set(event_target_checked(&event))/>
            <span>"In everyday words"</span>
        </label>
        {move || current.get().map(|(_, item)| view! {
            <AskedQuestion item=item.clone() is_plain=is_plain.into() revealed=chosen.into() on_choice=on_choice/>
            <Show when=move || chosen.get().is_some()>
                <div class="notice" role="status"><Explanation item=item.clone()/></div>
            </Show>
        })}
        <div class="row">
            <Show when=move || chosen.get().is_some() && n_done.get() < N_OFFERED>
                <button class="button button--main" id="next" on:click=go_on>"Next question"</button>
            </Show>
            <Show when=move || 0 < n_done.get()>
                <a class="button" class:button--main=move || n_done.get() == N_OFFERED
                    id=move || if n_done.get() == N_OFFERED { "next" } else { "to-results" }
                    href=results.get_value()>"See the results"</a>
            </Show>
        </div>
    }
}

fn next(driver: StoredValue<Driver, LocalStorage>) -> Option<(TrialId, Item)> {
    driver.with_value(|driver| {
        driver.with(|run| {
            let trial = run.next_by_hand(VISITOR)?;
            let item = run.journal().plan.items.get(trial.item as usize)?.clone();
            Some((trial, item))
        })
    })
}
