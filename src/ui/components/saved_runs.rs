//! Owns the lists of runs that are kept in this browser.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser::clock;
use crate::browser::store::{RunSummary, Store};
use crate::report::link::{ResultsView, Route};
use crate::ui::state::State;
use crate::ui::words;

/// Loads the list of runs; an empty list when the browser keeps nothing.
pub(crate) fn load_runs() -> RwSignal<Vec<RunSummary>> {
    let runs = RwSignal::new(vec![]);
    spawn_local(async move {
        // Where storage is switched off there are no runs; starting one tells why.
        if let Ok(store) = Store::open().await
            && let Ok(found) = store.runs().await
        {
            runs.set(found);
        }
    });
    runs
}

/// The address under which a run goes on.
fn resume_address(run: &RunSummary) -> String {
    format!("#{}", Route::Run(Some(run.run_id.clone())).fragment())
}

/// Runs that were broken off, each with a way to go on.
#[component]
pub(crate) fn UnfinishedRuns() -> impl IntoView {
    let state = State::get();
    let runs = load_runs();
    let open_here = move || state.run_id.get();
    let unfinished = move || {
        let open_here = open_here();
        let is_offered = |run: &RunSummary| {
            !run.is_over && !run.is_try && Some(&run.run_id) != open_here.as_ref()
        };
        runs.get().into_iter().filter(is_offered).take(3).collect::<Vec<_>>()
    };
    move || {
        let unfinished = unfinished();
        (!unfinished.is_empty()).then(|| {
            view! {
                <section class="notice" aria-labelledby="unfinished-heading">
                    <h2 id="unfinished-heading">"Not finished"</h2>
                    <p>"These runs were broken off. Every answer so far is kept; going on asks only the rest."</p>
                    {unfinished.into_iter().map(|run| {
                        let label = format!("{} ({})", run.title, clock::local_date_time(run.started_millis));
                        view! {
                            <p>
                                {label.clone()}" "
                                <a class="button" aria-label=format!("Go on with {label}") href=resume_address(&run)>"Go on"</a>
                            </p>
                        }
                    }).collect_view()}
                </section>
            }
        })
    }
}

/// All runs that are kept here: open, go on, delete.
#[component]
pub(crate) fn SavedRuns() -> impl IntoView {
    let runs = load_runs();
    let error = RwSignal::new(None::<String>);
    // Deleting asks a second time, in place: a run may have cost money.
    let to_delete = RwSignal::new(None::<String>);
    let delete = move |run_id: String| {
        spawn_local(async move {
            let result = match Store::open().await {
                Ok(store) => store.delete(&run_id).await,
                Err(refused) => Err(refused),
            };
            match result {
                Ok(()) => runs.update(|runs| runs.retain(|run| run.run_id != run_id)),
                Err(refused) => error.set(Some(refused.to_string())),
            }
            to_delete.set(None);
        });
    };
    view! {
        <section aria-labelledby="saved-heading">
            <h2 id="saved-heading">"Runs kept in this browser"</h2>
            {move || error.get().map(|error| view! { <p class="notice notice--bad" role="alert">{error}</p> })}
            {move || runs.with(Vec::is_empty).then(|| view! { <p class="quiet">"None yet."</p> })}
            <ul class="plain-list">
                <For each=move || runs.get() key=|run| run.run_id.clone() let:run>
                    <SavedRun run=run to_delete=to_delete on_delete=Callback::new(delete)/>
                </For>
            </ul>
        </section>
    }
}

#[component]
fn SavedRun(
    run: RunSummary,
    to_delete: RwSignal<Option<String>>,
    on_delete: Callback<String>,
) -> impl IntoView {
    let view_of_run = ResultsView { run_id: Some(run.run_id.clone()), ..ResultsView::default() };
    let href = format!("#{}", Route::Results(view_of_run).fragment());
    let when = clock::local_date_time(run.started_millis);
    let facts = format!(
        "{when} · {} · {}{}",
        words::counted(run.n_items, "question", "questions"),
        run.models.join(", "),
        if run.is_over { "" } else { " · not finished" }
    );
    let run_id = run.run_id.clone();
    let is_asked = {
        let run_id = run_id.clone();
        move || to_delete.with(|asked| asked.as_ref() == Some(&run_id))
    };
    let name = format!("{} of {when}", run.title);
    let open_name = format!("Open {name}");
    let is_over = run.is_over;
    let grade =
        (0 < run.n_open).then(|| format!("#{}", Route::Grade(Some(run.run_id.clone())).fragment()));
    let grade_name = format!("Grade the open answers of {name}");
    let title = run.title.clone();
    view! {
        <li>
            <strong>{title}</strong>
            <p class="quiet">{facts}</p>
            <div class="row">
                <a class="button" href=href aria-label=open_name>"Open"</a>
                {(!is_over).then(|| view! {
                    <a class="button" aria-label=format!("Go on with {name}") href=resume_address(&run)>"Go on"</a>
                })}
                {grade.map(|href| view! { <a class="button" href=href aria-label=grade_name>"Grade"</a> })}
                {move || if is_asked() {
                    let run_id = run_id.clone();
                    view! {
                        <span>"Delete it and all its answers for good?"</span>
                        <button class="button" on:click=move |_| on_delete.run(run_id.clone())>"Yes, delete"</button>
                        <button class="button button--quiet" on:click=move |_| to_delete.set(None)>"Keep it"</button>
                    }.into_any()
                } else {
                    let run_id = run_id.clone();
                    view! {
                        <button class="button button--quiet" aria-label=format!("Delete {name}")
                            on:click=move |_| to_delete.set(Some(run_id.clone()))>"Delete …"</button>
                    }.into_any()
                }}
            </div>
        </li>
    }
}
