//! Owns the report page: results for people who were not there, to be printed or saved as one file.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser::{clock, files, http, page};
use crate::provider::Class;
use crate::report::gallery::{Basis, Drawing};
use crate::report::link::{Route, scope_of};
use crate::report::{Document, Unanswered};
use crate::ui::components::figures::RuleChoice;
use crate::ui::components::report_view::ReportView;
use crate::ui::pages::results::{Shown, Source};
use crate::ui::state::State;

#[component]
pub(crate) fn ReportPage() -> impl IntoView {
    let state = State::get();
    let source = Source::follow(state);
    let classes = RwSignal::new(Vec::<(String, Class)>::new());
    let shown = source.shown(classes);
    let rule = RwSignal::new(Unanswered::CountedWrong);
    let question = RwSignal::new(String::new());
    let document = RwSignal::new(None::<Arc<Document>>);
    let round = StoredValue::new(0_u32);
    Effect::new(move |_| {
        let (shown, rule) = (shown.get(), rule.get());
        document.set(None);
        round.update_value(|round| *round += 1);
        let own = round.get_value();
        let Some(shown) = shown else { return };
        let scope = state.route.with_untracked(|route| {
            let view = route.results_view()?;
            scope_of(&view.scope, &shown.comparison.grid)
        });
        let shown = shown.counting(scope.unwrap_or(shown.comparison.grid.scope));
        spawn_local(async move {
            // The page says that it is at work before it is.
            clock::next_turn().await;
            let made = make(&shown, rule, || round.try_get_value() == Some(own)).await;
            if let Some(made) = made {
                let _ = document.try_set(Some(Arc::new(made)));
            }
        });
    });
    let back = move || {
        let view = state.route.with(|route| route.results_view().cloned()).unwrap_or_default();
        format!("#{}", Route::Results(view).fragment())
    };
    view! {
        {move || source.error.get().map(|error| view! { <p class="notice notice--bad" role="alert">{error}</p> })}
        {move || source.notices.get().into_iter().map(|notice| view! { <p class="notice notice--warn">{notice}</p> }).collect_view()}
        {move || if shown.with(Option::is_some) {
            view! {
                <div class="no-print">
                    <p class="lead">"For people who were not there: what was asked, what came out, how sure that is, and how it was done. Print it, or save it as one file that needs no network."</p>
                    <div class="field">
                        <label class="field__label" for="report-question">"The question behind the examination, in your words"</label>
                        <textarea id="report-question" maxlength="4000" prop:value=question
                            on:input=move |event| question.set(event_target_value(&event))></textarea>
                        <span class="field__hint">"For example: Which model should our patients’ group recommend for reading package leaflets? It stands at the top of the report."</span>
                    </div>
                    <RuleChoice rule=rule/>
                    <Buttons document=document question=question/>
                    <p><a href=back>"Back to the results"</a></p>
                </div>
            }.into_any()
        } else {
            view! {
                <p class="lead">"There is no result to report on yet."</p>
                <p><a href="#/results">"Open results"</a></p>
            }.into_any()
        }}
        {move || match document.get() {
            Some(document) => {
                let document = Document { question: question.get(), ..Document::clone(&document) };
                view! { <ReportView document=document/> }.into_any()
            }
            None if shown.with(Option::is_some) => view! { <p role="status">"Making the report…"</p> }.into_any(),
            None => ().into_any(),
        }}
    }
}

/// Makes the report step by step, as long as it is wanted.
async fn make(shown: &Shown, rule: Unanswered, is_wanted: impl Fn() -> bool) -> Option<Document> {
    let (grid, refs) = (&shown.comparison.grid, shown.refs());
    let basis = Basis::of(grid, rule);
    let mut figures = Vec::new();
    for plate in basis.plates(grid, &refs) {
        let mut drawing = Drawing::Begun(plate);
        let drawn = loop {
            clock::next_turn().await;
            if !is_wanted() {
                return None;
            }
            match drawing.step(&basis, grid, &refs) {
                Drawing::Done(drawn) => break drawn,
                next => drawing = next,
            }
        };
        figures.extend(drawn);
    }
    let document = Document::with(grid, &refs, &basis, &shown.title(), figures);
    Some(match &shown.claim {
        Some(head) => document.as_claim(head),
        None => document,
    })
}

#[component]
fn Buttons(document: RwSignal<Option<Arc<Document>>>, question: RwSignal<String>) -> impl IntoView {
    let error = RwSignal::new(None::<String>);
    let is_missing = move || document.with(Option::is_none);
    let save = move |_| {
        let Some(document) = document.get_untracked() else { return };
        let question = question.get_untracked().trim().to_owned();
        let document = Document { question, ..Document::clone(&document) };
        spawn_local(async move {
            let saved = match css().await {
                Ok(css) => files::save("viva-report.html", "text/html", &document.html(&css)),
                Err(failed) => Err(failed),
            };
            let _ = error.try_set(saved.err().map(|failed| failed.to_string()));
        });
    };
    view! {
        <div class="row">
            <button class="button button--main" disabled=is_missing on:click=move |_| page::print()>"Print"</button>
            <button class="button" disabled=is_missing on:click=save>"Save as one file (HTML)"</button>
        </div>
        {move || error.get().map(|error| view! { <p class="notice notice--bad" role="alert">{error}</p> })}
    }
}

/// The page's own rules, for a file that must look alike without it.
async fn css() -> Result<String, crate::browser::Error> {
    let mut css = String::new();
    for path in page::style_sheets() {
        css.push_str(&String::from_utf8_lossy(&http::own_file(&path).await?));
    }
    Ok(css)
}
