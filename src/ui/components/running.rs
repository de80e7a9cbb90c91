//! Owns a run under way: progress per model, and the buttons that steer it.

use leptos::prelude::*;

use crate::browser::connection;
use crate::browser::driver::Driver;
use crate::browser::{clock, keys};
use crate::provider::Failure;
use crate::report::Tally;
use crate::report::link::{ResultsView, Route};
use crate::run::progress::LaneProgress;
use crate::run::{Event, Stop};
use crate::ui::components::by_hand::ByHand;
use crate::ui::components::field::TextField;
use crate::ui::state::State;
use crate::ui::words;

/// What the page shows of a run; compared, so that only what changed is drawn anew.
#[derive(Debug, Clone, PartialEq)]
struct Snapshot {
    lanes: Vec<Lane>,
    is_going: bool,
    is_over: bool,
    is_complete: bool,
    n_failed: usize,
    missing_keys: Vec<String>,
    store_error: Option<String>,
}

#[derive(Debug, Clone, PartialEq)]
struct Lane {
    name: String,
    base_url: Option<String>,
    progress: LaneProgress,
    outcomes: String,
}

fn snapshot(driver: &Driver) -> Snapshot {
    driver.with(|run| {
        let plan = &run.journal().plan;
        let lanes: Vec<Lane> = run
            .progress()
            .into_iter()
            .filter_map(|progress| {
                let spec = plan.models.get(progress.model_idx)?;
                let tally = Tally::of(run.grid().trials_of(progress.model_idx).flatten());
                let base_url = spec.seat.endpoint().map(|endpoint| endpoint.base_url.clone());
                Some(Lane {
                    name: spec.name.clone(),
                    base_url,
                    progress,
                    outcomes: words::ended(&tally),
                })
            })
            .collect();
        Snapshot {
            n_failed: lanes.iter().map(|lane| lane.progress.n_failed).sum(),
            lanes,
            is_going: run.is_going(),
            is_over: run.is_over(),
            is_complete: run.is_complete(),
            missing_keys: run.missing_keys(),
            store_error: run.store_error(),
        }
    })
}

#[component]
pub(crate) fn Running(driver: Driver) -> impl IntoView {
    let state = State::get();
    let driver = StoredValue::new_local(driver);
    let now = Memo::new(move |_| {
        state.run_version.track();
        driver.with_value(snapshot)
    });
    let (title, results) = driver.with_value(|driver| {
        driver.with(|run| {
            let plan = &run.journal().plan;
            let view = ResultsView { run_id: Some(plan.run_id.clone()), ..ResultsView::default() };
            (plan.title.clone(), format!("#{}", Route::Results(view).fragment()))
        })
    });
    let tell = move |event: Event| driver.with_value(|driver| driver.tell(event));
    // Rates and time left change with the time as well, not only with answers.
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
    let missing_keys = Memo::new(move |_| now.with(|now| now.missing_keys.clone()));
    let n_lanes = now.with_untracked(|now| now.lanes.len());
    view! {
        <p class="lead">{title}</p>
        <p role="status">{move || now.with(standing)}</p>
        {move || now.with(|now| now.store_error.clone()).map(|error| view! {
            <div class="notice notice--bad" role="alert">
                <p>{error}</p>
                <p>"The run is paused. The last answers are still in this tab: keep it open, make room, then try again."</p>
                <button class="button" on:click=move |_| driver.with_value(Driver::save_again)>"Save again and go on"</button>
            </div>
        })}
        {move || missing_keys.get().into_iter().map(|url| view! {
            <KeyAgain base_url=url on_key=Callback::new(move |()| state.run_version.update(|version| *version += 1))/>
        }).collect_view()}
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
        {(0..n_lanes).map(|idx| {
            let lane = Memo::new(move |_| now.with(|now| now.lanes.get(idx).cloned()));
            view! { <LaneView lane=lane on_key=Callback::new(move |()| tell(Event::RetryFailed))/> }
        }).collect_view()}
        <ByHand driver=driver/>
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

#[component]
fn LaneView(lane: Memo<Option<Lane>>, on_key: Callback<()>) -> impl IntoView {
    let Some(first) = lane.get_untracked() else { return ().into_any() };
    let name = first.name.clone();
    let heading_id = format!("lane-{}", first.progress.model_idx);
    let with = move |look: fn(&Lane) -> String| {
        lane.with(|lane| lane.as_ref().map(look).unwrap_or_default())
    };
    let stopped = move || lane.with(|lane| lane.as_ref()?.progress.stopped.clone());
    let base_url = StoredValue::new(first.base_url.clone().unwrap_or_default());
    let n_total = first.progress.n_total;
    let label = format!("Progress of {name}");
    view! {
        <section class="lane" aria-labelledby=heading_id>
            <h2 id=heading_id.clone()>{name}</h2>
            <progress class="bar" aria-label=label max=n_total.to_string()
                prop:value=move || lane.with(|lane| lane.as_ref().map_or(0, |lane| lane.progress.n_answered + lane.progress.n_failed) as f64)
            ></progress>
            <p>{move || with(done)}</p>
            <p class="quiet">{move || with(pace)}</p>
            {move || stopped().map(|stop| match stop {
                Stop::Failure(failure) => view! { <Stopped failure=failure base_url=base_url.get_value() on_key=on_key/> }.into_any(),
                Stop::Budget | Stop::NoPrice | Stop::BatchFailed { .. } | Stop::BatchUnclear { .. } => view! {
                    <p class="notice notice--bad" role="alert"><strong>"Stopped. "</strong>{stop.to_string()}</p>
                }.into_any(),
            })}
        </section>
    }
    .into_any()
}

fn done(lane: &Lane) -> String {
    let progress = &lane.progress;
    let ended = progress.n_answered + progress.n_failed;
    let counts =
        if lane.outcomes.is_empty() { String::new() } else { format!(": {}", lane.outcomes) };
    format!("{} of {} done{counts}", words::count(ended), words::count(progress.n_total))
}

fn pace(lane: &Lane) -> String {
    let progress = &lane.progress;
    let mut parts = vec![];
    if progress.n_answered + progress.n_failed == progress.n_total {
        return String::new();
    }
    if 0 < progress.n_in_flight {
        parts.push(format!(
            "{} under way, at most {} at once",
            progress.n_in_flight, progress.limit
        ));
    }
    if let Some(rate) = progress.per_minute {
        parts.push(format!("{rate:.0} a minute"));
    }
    if let Some(left) = progress.left_millis.filter(|_| !progress.by_hand) {
        parts.push(format!("{} left", words::duration(left)));
    }
    if 0 < progress.n_waiting {
        parts.push(format!("{} waiting for another try", progress.n_waiting));
    }
    if let Some(until) = progress.closed_until {
        let wait = until.saturating_sub(clock::now_millis());
        parts.push(format!("the provider asked for a pause, {} left", words::duration(wait)));
    }
    parts.join(" · ")
}

/// Asks for the key of an address that the closed page has forgotten, before anything is asked in vain.
#[component]
fn KeyAgain(base_url: String, on_key: Callback<()>) -> impl IntoView {
    let key = RwSignal::new(String::new());
    let explanation = format!(
        "This run needs the key for {base_url} again: keys are kept only while the page is open."
    );
    let set_key = move |_| {
        keys::set(&base_url, &key.get_untracked());
        key.set(String::new());
        on_key.run(());
    };
    view! {
        <div class="notice">
            <p>{explanation}</p>
            <TextField label="Key" id="key-again" kind="password" value=key/>
            <button class="button" on:click=set_key>"Use this key"</button>
        </div>
    }
}

/// A model that is not asked on, with why, and with a place for the key: a reloaded page has forgotten it.
#[component]
fn Stopped(failure: Failure, base_url: String, on_key: Callback<()>) -> impl IntoView {
    let diagnosis = connection::explain(failure, &base_url);
    let key = RwSignal::new(String::new());
    let set_key = move |_| {
        keys::set(&base_url, &key.get_untracked());
        key.set(String::new());
        on_key.run(());
    };
    view! {
        <div class="notice notice--bad" role="alert">
            <p><strong>"Stopped. "</strong>{diagnosis.what}</p>
            <ul>{diagnosis.steps.into_iter().map(|step| view! { <li>{step}</li> }).collect_view()}</ul>
            <TextField label="Key for this address" id="resume-key" kind="password" value=key
                hint=Signal::derive(|| "Keys are not kept: enter it again after the page was closed.".to_owned())/>
            <button class="button" on:click=set_key>"Use this key and go on"</button>
        </div>
    }
}
