//! Owns the page on which judges are measured: what is judged once more, the run that does it, and how each judge did.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser::clock;
use crate::browser::driver::Driver;
use crate::browser::store::RunSummary;
use crate::report::link::Route;
use crate::run::Settings;
use crate::run::bench;
use crate::ui::components::judge_bench::figures::Figures;
use crate::ui::components::judge_bench::form::BenchForm;
use crate::ui::components::running::Running;
use crate::ui::components::saved_runs::load_runs;
use crate::ui::state::State;

#[component]
pub(crate) fn JudgeBenchPage() -> impl IntoView {
    let state = State::get();
    let run_id = Memo::new(move |_| {
        state.route.with(|route| match route {
            Route::JudgeBench(run_id) => run_id.clone(),
            _ => None,
        })
    });
    view! {
        <p class="lead">
            "A judge is a model that says whether an answer meets a criterion. Before you trust one, see how far it agrees with people who judged the same answers, and how far they agree with one another."
        </p>
        {move || match run_id.get() {
            Some(run_id) => view! { <OneBench run_id=run_id/> }.into_any(),
            None => view! { <BenchForm/> }.into_any(),
        }}
        <KeptBenches/>
    }
}

/// A bench under way, or one that is kept.
#[component]
fn OneBench(run_id: String) -> impl IntoView {
    let state = State::get();
    let is_here = {
        let run_id = run_id.clone();
        Memo::new(move |_| state.run_id.with(|here| here.as_ref() == Some(&run_id)))
    };
    let error = RwSignal::new(None::<String>);
    let resume = {
        let run_id = run_id.clone();
        move |_| {
            error.set(state.under_way());
            if error.with_untracked(Option::is_some) {
                return;
            }
            let run_id = run_id.clone();
            spawn_local(async move {
                match Driver::resume(&run_id, Settings::default(), state.on_run_change()).await {
                    Ok(driver) => state.set_driver(driver),
                    Err(refused) => error.set(Some(refused.to_string())),
                }
            });
        }
    };
    view! {
        {move || if let Some(driver) = state.driver.get().filter(|_| is_here.get()) {
            view! { <Running driver=driver/> }.into_any()
        } else {
            let resume = resume.clone();
            view! {
                <div class="row no-print">
                    <button class="button" on:click=resume>"Open it to go on"</button>
                </div>
            }.into_any()
        }}
        {move || error.get().map(|error| view! { <p class="notice notice--bad" role="alert">{error}</p> })}
        <Figures run_id=run_id/>
        <p class="no-print"><a class="button" href="#/judge-bench">"Measure judges once more"</a></p>
    }
}

/// Benches that this browser keeps.
#[component]
fn KeptBenches() -> impl IntoView {
    let runs = load_runs();
    let kept = move || {
        let mut runs = runs.get();
        runs.retain(|run| run.title.starts_with(bench::TITLE));
        runs
    };
    move || {
        let kept = kept();
        (!kept.is_empty()).then(|| {
            view! {
                <section class="no-print" aria-labelledby="kept-benches-heading">
                    <h2 id="kept-benches-heading">"Measured before"</h2>
                    <ul class="plain-list">{kept.into_iter().map(line).collect_view()}</ul>
                    <p class="quiet">"They are kept with your other runs; delete them on the page "<a href="#/results">"Results"</a>"."</p>
                </section>
            }
        })
    }
}

fn line(run: RunSummary) -> impl IntoView {
    let href = format!("#{}", Route::JudgeBench(Some(run.run_id)).fragment());
    let when = clock::local_date_time(run.started_millis);
    let state = if run.is_over { "" } else { ", not finished" };
    view! { <li><a href=href>{run.title}</a>{format!(" ({when}{state})")}</li> }
}
