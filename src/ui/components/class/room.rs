//! Owns one class as its teacher sees it: passing the exam on, taking codes in, the results, files.

use std::sync::Arc;

use leptos::prelude::*;

use super::figures::ClassResults;
use super::intake::Intake;
use super::passing::{KeyView, Passing};
use super::projector::Projector;
use crate::browser::{files, page};
use crate::dataset::Item;
use crate::people::class::{Classroom, class_figures};
use crate::report::link::{ResultsView, Route};
use crate::report::{Grid, export};
use crate::ui::components::exam::kept::keep_or_tell;
use crate::ui::state::State;

/// The name under which a class is kept.
pub(crate) fn kept_name(id: &str) -> String {
    format!("class-{id}")
}

#[component]
pub(crate) fn Room(class: Arc<Classroom>, items: Arc<Vec<Item>>) -> impl IntoView {
    let state = State::get();
    let hall = RwSignal::new(class.hall());
    let error = RwSignal::new(None::<String>);
    let is_projected = RwSignal::new(false);
    let id = kept_name(&class.paper.name());
    let paper = Arc::new(class.paper.clone());
    let title = class.paper.title.clone();
    let (kept, of_journal) = (class.clone(), class.clone());
    let on_change = Callback::new(move |()| {
        let mut class = Classroom::clone(&kept);
        hall.with_untracked(|hall| class.keep(hall));
        keep_or_tell(id.clone(), class, error);
    });
    let own_items = items.clone();
    let journal =
        Memo::new(move |_| Arc::new(hall.with(|hall| of_journal.journal(&own_items, hall))));
    let figures = Memo::new(move |_| journal.with(|journal| class_figures(&Grid::of(journal))));
    let is_anybody = Memo::new(move |_| hall.with(|hall| !hall.taken.is_empty()));
    let save = move |name: String, mime: &str, content: String| {
        error.set(files::save(&name, mime, &content).err().map(|failed| failed.to_string()));
    };
    let save_csv = move |_| {
        let journal = journal.get_untracked();
        save(
            "viva-class.csv".to_owned(),
            "text/csv",
            export::trials_csv(&Grid::of(&journal), &[&journal]),
        );
    };
    let save_run = move |_| {
        let journal = journal.get_untracked();
        save(
            format!("viva-{}.json", journal.plan.run_id),
            "application/json",
            export::run_json(&journal, env!("CARGO_PKG_VERSION")),
        );
    };
    let open_results = move |_| {
        state.opened.set(vec![journal.get_untracked()]);
        page::go_to(&Route::Results(ResultsView::default()).fragment());
    };
    let projected = items.clone();
    view! {
        <h2>{title}</h2>
        {move || error.get().map(|error| view! { <p class="notice notice--bad" role="alert">{error}</p> })}
        {move || if is_projected.get() {
            view! {
                <Projector figures=figures items=projected.clone() on_close=Callback::new(move |()| {
                    is_projected.set(false);
                    request_animation_frame(|| page::focus("#project"));
                })/>
            }.into_any()
        } else {
            let items = items.clone();
            view! {
                <Passing class=class.clone()/>
                <Intake paper=paper.clone() hall=hall on_change=on_change/>
                <KeyView class=class.clone()/>
                {move || is_anybody.get().then(|| {
                    let items = items.clone();
                    view! {
                        {move || view! { <ClassResults figures=figures.get() items=items.clone()/> }}
                        <div class="row no-print">
                            <button class="button button--main" id="project" on:click=move |_| {
                                is_projected.set(true);
                                request_animation_frame(|| page::focus("#projected"));
                            }>"Show on the projector"</button>
                            <button class="button" on:click=open_results>"See all figures"</button>
                            <button class="button" on:click=save_csv>"Save the answers (CSV)"</button>
                            <button class="button" on:click=save_run>"Save as a run (JSON)"</button>
                        </div>
                        <p class="quiet">"Both files hold the names that students typed. Ask them before you pass the files on."</p>
                    }
                })}
            }.into_any()
        }}
    }
}
