//! Owns the page on which a person sits an exam: their own, or one that a class was given.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser::store::Store;
use crate::browser::{clock, page};
use crate::people::exam::{Asked, KeptExam, Sheet, record};
use crate::report::link::{ExamLink, ResultsView, Route};
use crate::run::{Journal, Plan, PlanRecord};
use crate::ui::components::class::student::Student;
use crate::ui::components::exam::answering::Answering;
use crate::ui::components::exam::choosing::{Choosing, Chosen, Sitter};
use crate::ui::components::exam::kept::{keep_or_tell, kept};
use crate::ui::components::exam::outcome::SatExam;
use crate::ui::state::State;

/// The name under which the person's own exam is kept.
const OWN: &str = "exam";
/// How many runs are looked through for the same questions.
const N_RUNS: usize = 30;

#[component]
pub(crate) fn ExamPage() -> impl IntoView {
    let state = State::get();
    let link = Memo::new(move |_| {
        state.route.with(|route| match route {
            Route::Exam(link) => link.clone(),
            _ => ExamLink::Own,
        })
    });
    move || match link.get() {
        ExamLink::Own => view! { <OwnExam/> }.into_any(),
        link => view! { <Student link=link/> }.into_any(),
    }
}

/// An exam of this page.
#[derive(Clone)]
struct Own {
    plan: Arc<Plan>,
    asked: Arc<Vec<Asked>>,
    kept: KeptExam,
}

impl Own {
    fn of(plan: Plan, kept: KeptExam) -> Self {
        let asked = plan.items.iter().map(Asked::of).collect();
        Self { plan: Arc::new(plan), asked: Arc::new(asked), kept }
    }

    /// What was kept, if it still makes sense.
    fn again(kept: KeptExam) -> Option<Self> {
        let plan = Plan::try_from(kept.plan.clone()).ok()?;
        kept.sheet.fits(plan.items.len()).then(|| Self::of(plan, kept))
    }
}

#[component]
fn OwnExam() -> impl IntoView {
    let own = RwSignal::new(None::<Own>);
    let is_loaded = RwSignal::new(false);
    let is_paused = RwSignal::new(true);
    let error = RwSignal::new(None::<String>);
    spawn_local(async move {
        match kept::<Option<KeptExam>>(OWN).await {
            Ok(found) => own.set(found.flatten().and_then(Own::again)),
            Err(failed) => error.set(Some(failed.to_string())),
        }
        is_loaded.set(true);
    });
    let over = Callback::new(move |()| {
        keep_or_tell(OWN.to_owned(), None::<KeptExam>, error);
        own.set(None);
        request_animation_frame(|| page::focus("main h1"));
    });
    view! {
        {move || error.get().map(|error| view! { <p class="notice notice--bad" role="alert">{error}</p> })}
        {move || match (is_loaded.get(), own.get()) {
            (false, _) => view! { <p role="status">"Looking for an exam that you paused …"</p> }.into_any(),
            (true, Some(own)) => view! { <OwnSitting own=own is_paused=is_paused error=error on_over=over/> }.into_any(),
            (true, None) => view! { <Planning own=own is_paused=is_paused error=error/> }.into_any(),
        }}
    }
}

#[component]
fn Planning(
    own: RwSignal<Option<Own>>,
    is_paused: RwSignal<bool>,
    error: RwSignal<Option<String>>,
) -> impl IntoView {
    let state = State::get();
    let chosen = Chosen::new(clock::random_seed());
    let parts = Memo::new(move |_| chosen.parts(state));
    let n_open = move || {
        parts.with(|parts| parts.iter().map(|part| record::n_ungraded(&part.items)).sum::<usize>())
    };
    let start = move |_| {
        let (seed, terms) = (chosen.seed(), chosen.terms.get_untracked());
        let run_id = format!("exam-{}-{seed}", clock::now_millis());
        match record::plan(&parts.get_untracked(), "You", run_id) {
            Ok(plan) => {
                let sheet = Sheet::new(plan.items.len(), terms.order, seed);
                let kept = KeptExam { plan: PlanRecord::from(&plan), terms, sheet };
                keep_or_tell(OWN.to_owned(), Some(kept.clone()), error);
                is_paused.set(false);
                own.set(Some(Own::of(plan, kept)));
                request_animation_frame(|| page::focus("#exam-question"));
            }
            Err(missing) => error.set(Some(missing.to_string())),
        }
    };
    view! {
        <p class="lead">
            "Sit the exam that models sit: the same questions, graded by the same rules. Afterwards you stand in the results beside them."
        </p>
        <p>"You need no medical knowledge. You can pause, close the page and come back. Nothing leaves this browser."</p>
        <Choosing chosen=chosen sitter=Sitter::Oneself/>
        {move || (0 < n_open()).then(|| view! {
            <p class="notice">{format!("{} free text: you can answer them, and nobody grades them here.", crate::ui::words::counted(n_open(), "question asks for", "questions ask for"))}</p>
        })}
        <div class="row">
            <button class="button button--main" disabled=move || parts.with(Vec::is_empty) on:click=start>"Start the exam"</button>
        </div>
        <p class="quiet">"You teach? " <a href="#/class">"Give an exam to a class"</a> ", by a link and without accounts."</p>
    }
}

#[component]
fn OwnSitting(
    own: Own,
    is_paused: RwSignal<bool>,
    error: RwSignal<Option<String>>,
    on_over: Callback<()>,
) -> impl IntoView {
    let Own { plan, asked, kept } = own;
    let sheet = RwSignal::new(kept.sheet.clone());
    let terms = kept.terms;
    let template = StoredValue::new(kept);
    let on_change = Callback::new(move |()| {
        let kept = KeptExam { sheet: sheet.get_untracked(), ..template.get_value() };
        keep_or_tell(OWN.to_owned(), Some(kept), error);
    });
    let items = Arc::new(plan.items.clone());
    let is_over = Memo::new(move |_| sheet.with(|sheet| sheet.is_over));
    // The last question's feedback is seen before the end.
    let is_seen = RwSignal::new(is_over.get_untracked());
    let is_told = terms.feedback == crate::people::exam::Feedback::AtOnce;
    let plan = StoredValue::new(plan);
    let (asked, items) = (StoredValue::new(asked), StoredValue::new(items));
    let is_ended = Memo::new(move |_| is_over.get() && (is_seen.get() || !is_told));
    move || {
        if is_ended.get() {
            return view! { <Over plan=plan.get_value() sheet=sheet.get_untracked() error=error on_over=on_over/> }.into_any();
        }
        view! {
            <Answering asked=asked.get_value() terms=terms sheet=sheet items=Some(items.get_value()) is_paused=is_paused on_change=on_change/>
            <Show when=move || is_over.get()>
                <button class="button button--main" id="exam-next" on:click=move |_| is_seen.set(true)>"See how you did"</button>
            </Show>
        }
        .into_any()
    }
}

#[component]
fn Over(
    plan: Arc<Plan>,
    sheet: Sheet,
    error: RwSignal<Option<String>>,
    on_over: Callback<()>,
) -> impl IntoView {
    let state = State::get();
    let journal = Arc::new(record::journal(Plan::clone(&plan), &sheet.answers));
    let others = RwSignal::new(Vec::<Arc<Journal>>::new());
    let run_id = plan.run_id.clone();
    {
        let journal = journal.clone();
        spawn_local(async move {
            let mut found = state.opened.get_untracked();
            let stored = async {
                let store = Store::open().await?;
                store.keep_whole(&journal, clock::now_millis()).await?;
                let mut runs = vec![];
                for run in store
                    .runs()
                    .await?
                    .into_iter()
                    .filter(|run| run.run_id != journal.plan.run_id)
                    .take(N_RUNS)
                {
                    runs.extend(store.journal(&run.run_id).await?.map(Arc::new));
                }
                Ok::<_, crate::browser::Error>(runs)
            };
            match stored.await {
                Ok(runs) => found.extend(runs),
                Err(failed) => error.set(Some(failed.to_string())),
            }
            others.try_set(sharing(&journal, found));
        });
    }
    let view_of_run = ResultsView { run_id: Some(run_id), ..ResultsView::default() };
    let own_results = format!("#{}", Route::Results(view_of_run).fragment());
    let compare = {
        let journal = journal.clone();
        move |_| {
            let mut all = vec![journal.clone()];
            all.extend(others.get_untracked());
            state.opened.set(all);
            page::go_to(&Route::Results(ResultsView::default()).fragment());
        }
    };
    view! {
        <p class="notice notice--good" role="status">"The exam is over. It is kept in this browser as a run."</p>
        <SatExam journal=journal person=0 answers=sheet.answers others=others/>
        <div class="row no-print">
            <Show when=move || others.with(|others| !others.is_empty())>
                <button class="button button--main" on:click=compare.clone()>"See the results beside the models"</button>
            </Show>
            <a class="button" href=own_results>"See my results"</a>
            <button class="button" on:click=move |_| on_over.run(())>"Sit another exam"</button>
        </div>
    }
}

/// Those runs of others that have a question in common with an exam, the first of each id.
fn sharing(journal: &Journal, found: Vec<Arc<Journal>>) -> Vec<Arc<Journal>> {
    let mut kept: Vec<Arc<Journal>> = vec![];
    for other in found {
        let is_known = other.plan.run_id == journal.plan.run_id
            || kept.iter().any(|known| known.plan.run_id == other.plan.run_id);
        let has_shared = || {
            let ids: std::collections::BTreeSet<&str> =
                journal.plan.items.iter().map(|item| item.id.0.as_str()).collect();
            other.plan.items.iter().any(|item| ids.contains(item.id.0.as_str()))
        };
        if !is_known && has_shared() {
            kept.push(other);
        }
    }
    kept
}
