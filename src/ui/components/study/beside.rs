//! Owns a run beside the published figures: which run, whether the figures agree, and what differs.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::{figure, range};
use crate::browser::clock;
use crate::browser::store::{RunSummary, Store};
use crate::report::link::{ResultsView, Route};
use crate::report::study::{Basis, Beside, Ours, Scale, StageBeside, Study, beside, is_about};
use crate::run::Journal;
use crate::ui::components::field::SelectField;
use crate::ui::components::saved_runs::load_runs;
use crate::ui::state::State;
use crate::ui::words;

/// How many kept runs are looked into for one that asked the study's sets.
const N_LOOKED_INTO: usize = 20;

/// What is shown.
#[derive(Clone)]
enum Shown {
    /// Nothing asked for.
    Nothing,
    /// On its way.
    Loading,
    /// A run with what stands beside the study.
    Here { run_id: String, is_over: bool, stages: Arc<Vec<StageBeside>> },
    /// Why not.
    Failed(String),
}

#[component]
pub(crate) fn OwnRun(study: Arc<Study>) -> impl IntoView {
    let state = State::get();
    let runs = load_runs();
    let shown = RwSignal::new(Shown::Nothing);
    let wanted = Memo::new(move |_| {
        state.route.with(|route| match route {
            Route::Study(run_id) => run_id.clone(),
            _ => None,
        })
    });
    {
        let study = study.clone();
        Effect::new(move |_| {
            let study = study.clone();
            if let Some(run_id) = wanted.get() {
                let summary =
                    runs.with(|runs| runs.iter().find(|run| run.run_id == run_id).cloned());
                let is_over = summary.is_none_or(|run| run.is_over);
                show(state, study, shown, (run_id, is_over));
            } else {
                let candidates = candidates(&runs.get());
                spawn_local(async move { show_latest(study, shown, candidates).await });
            }
        });
    }
    view! {
        <section aria-labelledby="beside-heading">
            <h2 id="beside-heading">"Your run beside the study"</h2>
            <RunChoice runs=runs wanted=wanted/>
            {move || match shown.get() {
                Shown::Nothing => view! {
                    <p>"When a run has asked MedQA or HealthBench, its figures stand here beside the published ones, with a plain statement whether the two agree."</p>
                }.into_any(),
                Shown::Loading => view! { <p role="status">"Reading the run …"</p> }.into_any(),
                Shown::Failed(error) => view! { <p class="notice notice--bad" role="alert">{error}</p> }.into_any(),
                Shown::Here { run_id, is_over, stages } => view! {
                    <Stages study=study.clone() run_id=run_id is_over=is_over stages=stages/>
                }.into_any(),
            }}
        </section>
    }
}

/// Which run: any that this browser keeps.
#[component]
fn RunChoice(runs: RwSignal<Vec<RunSummary>>, wanted: Memo<Option<String>>) -> impl IntoView {
    move || {
        let kept: Vec<RunSummary> = runs.get().into_iter().filter(|run| !run.is_try).collect();
        (!kept.is_empty()).then(|| {
            let latest = (String::new(), "the latest that asked the study’s sets".to_owned());
            let options = std::iter::once(latest).chain(kept.into_iter().map(|run| {
                let when = clock::local_date_time(run.started_millis);
                (run.run_id, format!("{} ({when})", run.title))
            }));
            view! {
                <SelectField label="Run" id="study-run" options=options.collect()
                    value=Signal::derive(move || wanted.get().unwrap_or_default())
                    on_change=Callback::new(|run_id: String| {
                        let run_id = Some(run_id).filter(|id| !id.is_empty());
                        crate::browser::page::go_to(&Route::Study(run_id).fragment());
                    })/>
            }
        })
    }
}

/// Runs that are kept, the latest first, with whether each is over.
fn candidates(runs: &[RunSummary]) -> Vec<(String, bool)> {
    let kept = runs.iter().filter(|run| !run.is_try);
    kept.map(|run| (run.run_id.clone(), run.is_over)).take(N_LOOKED_INTO).collect()
}

async fn show_latest(study: Arc<Study>, shown: RwSignal<Shown>, candidates: Vec<(String, bool)>) {
    let Ok(store) = Store::open().await else { return };
    for (run_id, is_over) in candidates {
        let is_it = matches!(store.plan(&run_id).await, Ok(Some(plan)) if is_about(&plan));
        if is_it && let Ok(Some(journal)) = store.journal(&run_id).await {
            let _ = shown.try_set(found(&study, &journal, is_over));
            return;
        }
    }
}

fn show(
    state: State,
    study: Arc<Study>,
    shown: RwSignal<Shown>,
    (run_id, is_over): (String, bool),
) {
    let live = state.driver.with_untracked(|driver| {
        driver.as_ref()?.with(|run| {
            (run.journal().plan.run_id == run_id)
                .then(|| (run.journal().clone(), run.is_complete()))
        })
    });
    if let Some((journal, is_over)) = live {
        shown.set(found(&study, &journal, is_over));
        return;
    }
    let opened = state.opened.with_untracked(|opened| {
        opened.iter().find(|journal| journal.plan.run_id == run_id).cloned()
    });
    if let Some(journal) = opened {
        shown.set(found(&study, &journal, true));
        return;
    }
    shown.set(Shown::Loading);
    spawn_local(async move {
        let read = async { Store::open().await?.journal(&run_id).await };
        let now = match read.await {
            Ok(Some(journal)) => found(&study, &journal, is_over),
            Ok(None) => Shown::Failed(
                "This browser does not hold that run. Open its file on the page Results first."
                    .to_owned(),
            ),
            Err(error) => Shown::Failed(error.to_string()),
        };
        let _ = shown.try_set(now);
    });
}

fn found(study: &Study, journal: &Journal, is_over: bool) -> Shown {
    let stages = beside(study, journal);
    if stages.is_empty() {
        return Shown::Failed("That run asked none of the study’s question sets.".to_owned());
    }
    Shown::Here { run_id: journal.plan.run_id.clone(), is_over, stages: Arc::new(stages) }
}

#[component]
fn Stages(
    study: Arc<Study>,
    run_id: String,
    is_over: bool,
    stages: Arc<Vec<StageBeside>>,
) -> impl IntoView {
    let results = ResultsView { run_id: Some(run_id), ..ResultsView::default() };
    let href = format!("#{}", Route::Results(results).fragment());
    let views: Vec<_> = stages
        .iter()
        .map(|stage| view! { <OneStage study=study.clone() beside=stage.clone()/> })
        .collect();
    view! {
        {(!is_over).then(|| view! {
            <p class="notice notice--warn">"This run is not finished: the figures are those of the answers so far."</p>
        })}
        {views}
        <p class="quiet">
            "Two figures agree when the 95 % range of their difference includes zero. The range is made from both ranges (Zou and Donner 2008; for shares it is Newcombe’s). The two are taken as independent: where the same questions were asked, that makes agreement a little too easy."
        </p>
        <p><a href=href>"All results of this run"</a></p>
    }
}

#[component]
fn OneStage(study: Arc<Study>, beside: StageBeside) -> impl IntoView {
    let stage = study.stages.get(beside.stage).cloned();
    stage.map(|stage| {
        let scale = stage.scale;
        let has_rules = scale == Scale::Points;
        let id = format!("beside-{}", stage.id);
        let heading_id = format!("{id}-heading");
        let rows: Vec<_> =
            beside.rows.iter().map(|row| row_view(&study, scale, row)).collect();
        let is_none = beside.rows.is_empty();
        let warnings: Vec<_> = beside
            .warnings
            .iter()
            .map(|warning| view! { <li>{warning.clone()}</li> })
            .collect();
        let label = format!("Your run beside {}", stage.title);
        view! {
            <section class="card" aria-labelledby=heading_id.clone()>
                <h3 id=heading_id.clone()>{format!("{}: yours beside the published", stage.title)}</h3>
                {is_none.then(|| view! { <p>"No model of this run stands for one of the study."</p> })}
                {(!is_none).then(|| view! {
                    <div class="scroll-x" tabindex="0" role="region" aria-label=label>
                        <table id=id>
                            <caption>{if has_rules {
                                "Scores by the study’s rule, all points in one sum, each with its 95 % range; by OpenAI’s rule in the last column, which the published score must not be compared with."
                            } else {
                                "Shares of right answers, each with its 95 % range. Unanswered questions count as wrong."
                            }}</caption>
                            <thead>
                                <tr>
                                    <th scope="col">"System"</th>
                                    <th scope="col" class="number">"Published"</th>
                                    <th scope="col" class="number">"Yours"</th>
                                    <th scope="col">"Do they agree?"</th>
                                    {has_rules.then(|| view! { <th scope="col" class="number">"Yours by OpenAI’s rule"</th> })}
                                </tr>
                            </thead>
                            <tbody>{rows}</tbody>
                        </table>
                    </div>
                })}
                <h4>"What differs from the study"</h4>
                <ul>{warnings}</ul>
            </section>
        }
    })
}

fn row_view(study: &Study, scale: Scale, row: &Beside) -> impl IntoView + use<> {
    let system = study.systems.get(row.published.system).map(|system| system.name.clone());
    let own_name = (system.as_deref() != Some(row.name.as_str()))
        .then(|| view! { <br/><span class="quiet">{format!("here: {}", row.name)}</span> });
    let published = row.published;
    let mark = (published.basis == Basis::Widest).then_some(" at the widest");
    let statement = row.statement(scale);
    let warnings: Vec<_> = row
        .warnings
        .iter()
        .map(|one| view! { <br/><span class="quiet">{one.clone()}</span> })
        .collect();
    let ours = |ours: Option<Ours>| match ours {
        None => view! { "–" }.into_any(),
        Some(Ours { value, interval, n_items }) => view! {
            <strong>{figure(scale, value)}</strong>
            <br/>{range(scale, interval)}
            <br/>{format!("of {}", words::count(n_items))}
        }
        .into_any(),
    };
    view! {
        <tr>
            <th scope="row">{system}{own_name}</th>
            <td class="number"><strong>{figure(scale, published.value)}</strong><br/>{range(scale, published.interval)}{mark}</td>
            <td class="number">{ours(row.ours)}</td>
            <td>{statement}{warnings}</td>
            {(scale == Scale::Points).then(|| view! { <td class="number">{ours(row.by_openai_rule)}</td> })}
        </tr>
    }
}
