//! Owns a run under way: where it stands, what it costs, and the buttons that steer it.

mod batch_files;
mod lane;
mod money;
mod snapshot;
mod stopped;
mod writing;

use leptos::prelude::*;

use self::lane::LaneView;
use self::money::Money;
use self::snapshot::Snapshot;
use self::stopped::KeyAgain;
use crate::browser::driver::Driver;
use crate::provider::MicroDollars;
use crate::report::link::{ResultsView, Route};
use crate::run::Event;
use crate::ui::components::by_hand::ByHand;
use crate::ui::components::how_asked::HowAsked;
use crate::ui::components::how_graded::HowGraded;
use crate::ui::state::State;
use crate::ui::words;

#[component]
pub(crate) fn Running(driver: Driver) -> impl IntoView {
    let state = State::get();
    let driver = StoredValue::new_local(driver);
    let now = Memo::new(move |_| {
        state.run_version.track();
        driver.with_value(Snapshot::of)
    });
    let title = driver.with_value(|driver| driver.with(|run| run.journal().plan.title.clone()));
    let graded = driver.with_value(|driver| {
        driver.with(|run| {
            let run_id = run.journal().plan.graded_run()?.run_id.clone();
            Some(format!(
                "The answers are those of the run {run_id}. Its models are not asked again."
            ))
        })
    });
    let judging = driver.with_value(|driver| driver.with(|run| run.journal().plan.judging.clone()));
    let how = match judging {
        Some(_) => "How the questions are asked and graded",
        None => "How the questions are asked",
    };
    let tell = move |event: Event| driver.with_value(|driver| driver.tell(event));
    let on_budget = Callback::new(move |budget: Option<MicroDollars>| {
        tell(Event::SetBudget(budget));
        tell(Event::Go);
    });
    tick(state, now);
    let n_lanes = now.with_untracked(|now| now.lanes.len());
    let is_shown = RwSignal::new(false);
    view! {
        <p class="lead">{title}</p>
        {graded.map(|graded| view! { <p>{graded}</p> })}
        <p role="status">{move || now.with(standing)}</p>
        <Troubles driver=driver now=now/>
        <Steering driver=driver now=now/>
        <Missing now=now/>
        <Money now=now on_budget=on_budget/>
        {(0..n_lanes).map(|idx| {
            let lane = Memo::new(move |_| now.with(|now| now.lanes.get(idx).cloned()));
            view! { <LaneView lane=lane driver=driver on_key=Callback::new(move |()| tell(Event::RetryFailed))/> }
        }).collect_view()}
        <ByHand driver=driver/>
        <details on:toggle=move |_| is_shown.update(|shown| *shown = !*shown)>
            <summary>{how}</summary>
            {move || is_shown.get().then(|| {
                let (prompting, datasets) = driver.with_value(|driver| driver.with(|run| {
                    let plan = &run.journal().plan;
                    (plan.prompting.clone(), plan.datasets.clone())
                }));
                let judging = judging.clone();
                view! {
                    <HowAsked prompting=prompting datasets=datasets/>
                    {judging.map(|judging| view! { <HowGraded judging=judging/> })}
                }
            })}
        </details>
    }
}

/// Rates and time left change with the time as well, not only with answers.
fn tick(state: State, now: Memo<Snapshot>) {
    let ticker = set_interval_with_handle(
        move || {
            if now.with_untracked(|now| now.is_going && !now.is_over) {
                state.run_version.update(|version| *version += 1);
            }
        },
        std::time::Duration::from_secs(1),
    );
    on_cleanup(move || {
        if let Ok(ticker) = ticker {
            ticker.clear();
        }
    });
}

/// What keeps the whole run from going on: a store that refuses, and keys that a closed page has forgotten.
#[component]
fn Troubles(driver: StoredValue<Driver, LocalStorage>, now: Memo<Snapshot>) -> impl IntoView {
    let state = State::get();
    let store_error = Memo::new(move |_| now.with(|now| now.store_error.clone()));
    let missing_keys = Memo::new(move |_| now.with(|now| now.missing_keys.clone()));
    let on_key = Callback::new(move |()| state.run_version.update(|version| *version += 1));
    view! {
        {move || store_error.get().map(|error| view! {
            <div class="notice notice--bad" role="alert">
                <p>{error}</p>
                <p>"The run is paused. The last answers are still in this tab: keep it open, make room, then try again."</p>
                <button class="button" on:click=move |_| driver.with_value(Driver::save_again)>"Save again and go on"</button>
            </div>
        })}
        {move || missing_keys.get().into_iter().enumerate().map(|(idx, url)| view! {
            <KeyAgain base_url=url idx=idx on_key=on_key/>
        }).collect_view()}
    }
}

#[component]
fn Steering(driver: StoredValue<Driver, LocalStorage>, now: Memo<Snapshot>) -> impl IntoView {
    let tell = move |event: Event| driver.with_value(|driver| driver.tell(event));
    let results = driver.with_value(|driver| {
        let run_id = driver.with(|run| run.journal().plan.run_id.clone());
        let view = ResultsView { run_id: Some(run_id), ..ResultsView::default() };
        format!("#{}", Route::Results(view).fragment())
    });
    view! {
        <div class="row no-print">
            <Show when=move || now.with(|now| now.is_going && !now.is_over)>
                <button class="button" on:click=move |_| tell(Event::Pause)>"Pause"</button>
                <button class="button" on:click=move |_| tell(Event::Cancel)>"Stop the run"</button>
            </Show>
            <Show when=move || now.with(|now| !now.is_going && !now.is_complete && now.missing_keys.is_empty())>
                <button class="button button--main" on:click=move |_| tell(Event::Go)>"Go on"</button>
            </Show>
            <Show when=move || now.with(|now| 0 < now.n_failed)>
                <button class="button" on:click=move |_| tell(Event::RetryFailed)>"Try again what failed"</button>
            </Show>
            <a class="button" class:button--main=move || now.with(|now| now.is_over) href=results>"See the results"</a>
        </div>
    }
}

/// Verdicts that did not come, with what can be done.
#[component]
fn Missing(now: Memo<Snapshot>) -> impl IntoView {
    let n_missing =
        Memo::new(move |_| now.with(|now| if now.is_over { now.n_missing() } else { 0 }));
    move || {
        let n = n_missing.get();
        (0 < n).then(|| {
            let verdicts = words::counted(n, "judgement is", "judgements are");
            view! {
                <p class="notice notice--warn" id="missing-verdicts">{format!("{verdicts} missing: the judge gave no verdict that can be read. They are kept out of the scores, and never counted as “not met”. “Try again what failed” asks for them once more.")}</p>
            }
        })
    }
}

fn standing(now: &Snapshot) -> &'static str {
    match (now.is_complete, now.is_over, now.is_going) {
        (true, ..) => {
            "Finished: every question has ended, and every answer is kept in this browser."
        }
        (_, true, true) => "What the page can ask by itself is done.",
        (_, false, true) => {
            "Running. You may close this tab: answers so far are kept, and the run can go on later."
        }
        (_, _, false) => "Not running. Nothing is asked until you go on.",
    }
}
