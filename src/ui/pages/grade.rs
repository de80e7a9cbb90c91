//! Owns the page on which the open answers of an earlier run are graded, by judges that it did not have.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser::driver::Driver;
use crate::browser::store::Store;
use crate::browser::{clock, page};
use crate::provider::ModelSpec;
use crate::report::link::{ResultsView, Route};
use crate::run::draft::{Missing, n_open};
use crate::run::regrade::{Regrading, gradable, regrade};
use crate::run::{Event, Journal, Plan};
use crate::ui::components::judges::Judges;
use crate::ui::components::planning::cost::Cost;
use crate::ui::components::planning::form::Form;
use crate::ui::components::prices;
use crate::ui::components::privacy_warning::{PrivacyWarning, Sent};
use crate::ui::state::{State, can_judge};
use crate::ui::words;

/// What came of looking for the run.
#[derive(Clone)]
enum Found {
    Looking,
    Here(Arc<Journal>),
    /// Why not.
    Nothing(String),
}

#[component]
pub(crate) fn GradePage() -> impl IntoView {
    let state = State::get();
    prices::fetch(state);
    let found = RwSignal::new(Found::Looking);
    let run_id = Memo::new(move |_| {
        state.route.with(|route| match route {
            Route::Grade(run_id) => Some(run_id.clone()),
            _ => None,
        })
    });
    Effect::new(move |_| {
        if let Some(run_id) = run_id.get() {
            look(state, found, run_id);
        }
    });
    move || match found.get() {
        Found::Looking => {
            view! { <p class="quiet" role="status">"Opening the run …"</p> }.into_any()
        }
        Found::Nothing(why) => view! {
            <p class="lead">{why}</p>
            <p><a class="button button--main" href="#/results">"Open results"</a></p>
        }
        .into_any(),
        Found::Here(journal) => view! { <Grading journal=journal/> }.into_any(),
    }
}

/// Finds the run that the address names: the one of this tab, one that this browser keeps, or one opened from a file.
fn look(state: State, found: RwSignal<Found>, run_id: Option<String>) {
    found.set(Found::Looking);
    let opened = state.opened.with_untracked(|opened| {
        let is_meant = |journal: &&Arc<Journal>| match &run_id {
            Some(run_id) => journal.plan.run_id == *run_id,
            None => !gradable(journal).is_empty(),
        };
        opened.iter().find(is_meant).cloned()
    });
    let live = state.driver.with_untracked(|driver| {
        driver.as_ref()?.with(|run| {
            let is_meant = Some(&run.journal().plan.run_id) == run_id.as_ref();
            is_meant.then(|| Arc::new(run.journal().clone()))
        })
    });
    if let Some(journal) = live.or(opened) {
        found.set(told(journal));
        return;
    }
    let Some(run_id) = run_id else {
        let why = "No run with open answers is opened in this tab.".to_owned();
        found.set(Found::Nothing(why));
        return;
    };
    spawn_local(async move {
        let kept = match Store::open().await {
            Ok(store) => store.journal(&run_id).await,
            Err(error) => Err(error),
        };
        found.set(match kept {
            Ok(Some(journal)) => told(Arc::new(journal)),
            Ok(None) => Found::Nothing(
                "This browser does not hold that run. Open its file on the Results page."
                    .to_owned(),
            ),
            Err(error) => Found::Nothing(error.to_string()),
        });
    });
}

fn told(journal: Arc<Journal>) -> Found {
    if gradable(&journal).is_empty() {
        return Found::Nothing(
            "This run has no answers in free text that a judge could grade.".to_owned(),
        );
    }
    Found::Here(journal)
}

#[component]
fn Grading(journal: Arc<Journal>) -> impl IntoView {
    let state = State::get();
    let form = Form::new();
    let judging = state.judging();
    let n_answers = gradable(&journal).len();
    let title = journal.plan.title.clone();
    let open = n_open(&journal.plan.items);
    let open = Memo::new(move |_| open);
    let texts = Arc::new(texts(&journal));
    let earlier = StoredValue::new(journal.clone());
    let regrading = Memo::new(move |_| {
        let judging = judging.judging(state)?;
        let budget = form.budget().unwrap_or_default();
        earlier.with_value(|earlier| regrade(earlier, String::new(), judging, budget))
    });
    // Without a judge there is no plan; the models were chosen long ago.
    let plan = Memo::new(move |_| {
        regrading.with(|made| made.as_ref().map(|made| made.plan.clone()).ok_or(Missing::Models))
    });
    let may_send = RwSignal::new(true);
    let error = RwSignal::new(None::<String>);
    let is_starting = RwSignal::new(false);
    let has_judges = Memo::new(move |_| plan.with(Result::is_ok));
    let is_held = move || {
        let is_ready = has_judges.get() && judging.is_ready() && form.is_right();
        is_starting.get() || !may_send.get() || !is_ready
    };
    let start = move |_| {
        let Some(made) = regrading.get_untracked() else { return };
        error.set(state.under_way());
        if error.with_untracked(Option::is_some) {
            return;
        }
        is_starting.set(true);
        spawn_local(async move {
            match begin(state, form, made).await {
                Ok(()) => page::go_to(&Route::Run(None).fragment()),
                Err(refused) => error.set(Some(refused)),
            }
            is_starting.set(false);
        });
    };
    let results =
        ResultsView { run_id: Some(journal.plan.run_id.clone()), ..ResultsView::default() };
    let results = format!("#{}", Route::Results(results).fragment());
    view! {
        <p class="lead">{title}</p>
        <p>{told_of(&journal.plan, n_answers)}</p>
        <p class="no-print"><a href=results>"The results of that run"</a></p>
        <Earlier journal=journal/>
        <Judges open=open plan=plan unjudged="Choose at least one judge."/>
        <div hidden=move || !has_judges.get()>
            <Cost plan=plan form=form/>
            <label class="tick">
                <input type="checkbox" id="reuse" prop:checked=form.is_reusing
                    on:change=move |event| form.is_reusing.set(event_target_checked(&event))/>
                <span>"Use earlier verdicts again, and keep those of this grading for later. The same judge, asked the same about the same answer, is then not asked, and not paid, twice; such verdicts are marked."</span>
            </label>
            <PrivacyWarning texts=Signal::stored(texts) is_accepted=may_send/>
        </div>
        <div class="row">
            <button class="button button--main" id="start-grading" disabled=is_held on:click=start>"Start grading"</button>
        </div>
        {move || error.get().map(|error| view! { <p class="notice notice--bad" role="alert">{error}</p> })}
    }
}

async fn begin(state: State, form: Form, mut made: Regrading) -> Result<(), String> {
    made.plan.run_id = format!("run-{}-{}", clock::now_millis(), clock::random_seed());
    let driver = Driver::begin_regrading(made, form.settings(), form.kind(), state.on_run_change())
        .await
        .map_err(|refused| refused.to_string())?;
    driver.tell(Event::Go);
    state.set_driver(driver);
    Ok(())
}

fn told_of(plan: &Plan, n_answers: usize) -> String {
    let before = match plan.judges() {
        [] => "No judge has graded them yet.".to_owned(),
        judges => {
            let names: Vec<&str> = judges.iter().map(|judge| judge.name.as_str()).collect();
            format!(
                "{} graded them before; that grading stays as it is. Verdicts that are missing there can be asked for again on its Run page.",
                names.join(", ")
            )
        }
    };
    format!(
        "{} of {} in free text. The models are not asked again: this makes a run of its own, which takes over their answers and what people decided about them. {before}",
        words::counted(n_answers, "answer", "answers"),
        words::counted(plan.models.len(), "participant", "participants"),
    )
}

/// Judges and models of the earlier run, to be made judges by one click; and the way back to its missing verdicts.
#[component]
fn Earlier(journal: Arc<Journal>) -> impl IntoView {
    let state = State::get();
    let judging = state.judging();
    let seats: Vec<ModelSpec> =
        journal.plan.seats().filter(|spec| can_judge(spec)).cloned().collect();
    let same = journal.plan.judging.clone();
    let has_judges = same.is_some();
    let run_page = format!("#{}", Route::Run(Some(journal.plan.run_id.clone())).fragment());
    view! {
        {has_judges.then(|| view! {
            <p class="no-print"><a href=run_page>"Open its Run page"</a></p>
        })}
        {same.map(|same| view! {
            <button class="button" id="same-judges" on:click=move |_| judging.set(state, same.clone())>"Take over its judges, and how they were asked"</button>
        })}
        {(!seats.is_empty()).then(|| view! {
            <details>
                <summary>"Make a model or judge of that run a judge"</summary>
                <div class="row">
                    {seats.into_iter().map(|spec| {
                        let name = format!("Add the judge {}", spec.name);
                        view! { <button class="button" on:click=move |_| judging.add(state, spec.clone())>{name}</button> }
                    }).collect_view()}
                </div>
            </details>
        })}
    }
}

/// All that judges would be sent of the run.
fn texts(journal: &Journal) -> Vec<Sent> {
    let items = journal.plan.items.iter().filter(|item| item.kind.is_open());
    let questions = items
        .zip(1..)
        .map(|(item, n)| Sent { place: format!("question {n}"), text: item.sent_text() });
    let answers = crate::run::regrade::texts(journal).into_iter().zip(1..);
    let answers =
        answers.map(|(text, n)| Sent { place: format!("answer {n}"), text: text.to_owned() });
    questions.chain(answers).collect()
}

/// The way to this page from results with open answers.
#[component]
pub(crate) fn GradeLink(journals: Arc<Vec<Arc<Journal>>>) -> impl IntoView {
    let links: Vec<_> = journals
        .iter()
        .filter(|journal| !gradable(journal).is_empty())
        .map(|journal| {
            let href = format!("#{}", Route::Grade(Some(journal.plan.run_id.clone())).fragment());
            let what = match journal.plan.judges() {
                [] => "Grade the open answers",
                _ => "Grade with other judges",
            };
            let name = if journals.len() == 1 {
                what.to_owned()
            } else {
                format!("{what}: {}", journal.plan.title)
            };
            view! { <a class="button" href=href>{name}</a> }
        })
        .collect();
    (!links.is_empty()).then(|| view! { <div class="row no-print">{links}</div> })
}
