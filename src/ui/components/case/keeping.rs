//! Owns what becomes of a case: a question of a pack, a file, a run in this browser; and the list of those kept.

use leptos::prelude::*;

use super::Desk;
use crate::browser::store::RunSummary;
use crate::browser::{clock, files};
use crate::dataset::Item;
use crate::dataset::edit::{KindName, PackDraft};
use crate::people::case;
use crate::report::link::{ResultsView, Route};
use crate::ui::state::State;
use crate::ui::words;

/// Saving a case as a question.
#[component]
pub(crate) fn Saving() -> impl IntoView {
    let (state, desk) = (State::get(), Desk::get());
    let told = RwSignal::new(None::<&'static str>);
    let add = move |_| {
        let item = desk.told.with_untracked(case::Told::item);
        state.draft.update(|draft| {
            let idx = draft.add(KindName::Rubric);
            // The id that the pack gave stays: a second case must not have the first one's.
            if let Some(id) = draft.item(idx).map(|item| item.id.clone()) {
                draft.change(idx, Item { id, ..item });
            }
        });
        told.set(Some("Added. The checklist is its rubric, which you can change there."));
    };
    let save = move |_| {
        let text = desk.told.with_untracked(|told| PackDraft::of(case::pack(told)).to_json());
        match files::save("own-case.json", "application/json", &text) {
            Ok(()) => {
                told.set(Some("Saved as own-case.json. It holds what you wrote, and no answers."));
            }
            Err(error) => desk.error.set(Some(error.to_string())),
        }
    };
    let results = move || {
        desk.last_run().map(|run_id| {
            let view = ResultsView { run_id: Some(run_id), ..ResultsView::default() };
            format!("#{}", Route::Results(view).fragment())
        })
    };
    view! {
        <section aria-labelledby="case-save-heading" class="no-print">
            <h2 id="case-save-heading">"Keep it as a question"</h2>
            <p>"So that other models can be asked the same later, and answers graded by a judge or by people."</p>
            <div class="row">
                <button class="button" id="case-to-pack" on:click=add>"Add it to the questions that you make"</button>
                <button class="button" id="case-to-file" on:click=save>"Save it as a file"</button>
            </div>
            <p role="status">{move || told.get()}</p>
            <p>
                <a href="#/editor">"See the questions that you make"</a>
                {move || results().map(|href| view! { ". "<a href=href>"The last round among the results"</a> })}
            </p>
        </section>
    }
}

/// Cases that this browser keeps.
#[component]
pub(crate) fn KeptCases() -> impl IntoView {
    let desk = Desk::get();
    desk.list();
    let to_delete = RwSignal::new(None::<String>);
    view! {
        <Show when=move || desk.kept.with(|kept| !kept.is_empty())>
            <section aria-labelledby="case-kept-heading" class="no-print">
                <h2 id="case-kept-heading">"Cases kept in this browser"</h2>
                <ul class="plain-list">
                    {move || desk.kept.get().into_iter().map(|runs| view! { <KeptCase runs=runs to_delete=to_delete/> }).collect_view()}
                </ul>
            </section>
        </Show>
    }
}

#[component]
fn KeptCase(runs: Vec<RunSummary>, to_delete: RwSignal<Option<String>>) -> impl IntoView {
    let desk = Desk::get();
    let first = runs.iter().min_by_key(|run| run.started_millis);
    let Some(first) = first else { return ().into_any() };
    let Some((case_id, _)) = case::case_of(&first.run_id) else { return ().into_any() };
    let case_id = case_id.to_owned();
    let when = clock::local_date_time(first.started_millis);
    let title = first.title.clone();
    let facts = format!(
        "{when} · asked {} · {}",
        words::counted(runs.len(), "time", "times"),
        first.models.join(", ")
    );
    let name = format!("{title} of {when}");
    let href = format!("#{}", Route::Case(Some(case_id.clone())).fragment());
    let is_asked = {
        let case_id = case_id.clone();
        move || to_delete.with(|asked| asked.as_ref() == Some(&case_id))
    };
    let runs = StoredValue::new(runs);
    let case_id = StoredValue::new(case_id);
    view! {
        <li>
            <strong>{title}</strong>
            <p class="quiet">{facts}</p>
            <div class="row">
                <a class="button" href=href aria-label=format!("Open {name}")>"Open"</a>
                {move || if is_asked() {
                    view! {
                        <span>"Delete it and all its answers for good?"</span>
                        <button class="button" on:click=move |_| {
                            to_delete.set(None);
                            desk.delete(case_id.get_value(), runs.get_value());
                        }>"Yes, delete"</button>
                        <button class="button button--quiet" on:click=move |_| to_delete.set(None)>"Keep it"</button>
                    }.into_any()
                } else {
                    view! {
                        <button class="button button--quiet" aria-label=format!("Delete {name}")
                            on:click=move |_| to_delete.set(Some(case_id.get_value()))>"Delete …"</button>
                    }.into_any()
                }}
            </div>
        </li>
    }
    .into_any()
}
