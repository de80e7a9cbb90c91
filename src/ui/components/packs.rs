//! Owns the cards of the packs that come with the page.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::ui::components::bundled;
use crate::ui::state::{Origin, State};

/// A pack that comes with the page.
struct Pack {
    /// Stable, for ids in the page.
    id: &'static str,
    title: &'static str,
    about: &'static str,
    /// For each language: what its button says, and its file.
    editions: [(&'static str, &'static str); 2],
}

const PACKS: [Pack; 3] = [
    Pack {
        id: "core",
        title: "Core, the bundled questions",
        about: "200 questions written for this page: clinical reasoning, diagnosis, treatment and drug interactions. Each has an explanation, a version in everyday words and a source that you can check.",
        editions: [
            ("Use the bundled questions", bundled::CORE),
            ("The same in Spanish", "core.es.json"),
        ],
    },
    Pack {
        id: "everyone",
        title: "For everyone",
        about: "40 questions in everyday words that patients really face: reading a label, when to seek help, what a result means, living with treatment. Written for this page, with explanations and sources.",
        editions: [
            ("Use the questions for everyone", "everyone.json"),
            ("These in Spanish", "everyone.es.json"),
        ],
    },
    Pack {
        id: "open-cases",
        title: "Open cases",
        about: "40 conversations to be answered in free text, such as people and clinicians have with a model: emergencies, questions that lack context, requests that a good answer declines. Each has 10 to 15 criteria with points. Models that you choose as judges say which are met: that takes a call for each criterion.",
        editions: [
            ("Use the open cases", "open-cases.json"),
            ("The open cases in Spanish", "open-cases.es.json"),
        ],
    },
];

#[component]
pub(crate) fn Packs(
    /// Where it is told what went wrong: the pack, and the reason.
    errors: RwSignal<Vec<(String, String)>>,
) -> impl IntoView {
    let state = State::get();
    let is_empty = move || state.shelf.with(Vec::is_empty);
    let is_loading = RwSignal::new(false);
    let add = move |title: &'static str, file: &'static str| {
        is_loading.set(true);
        spawn_local(async move {
            match bundled::shelf(file).await {
                Ok((librarian, summary)) => state.shelve(librarian, summary, Origin::Bundled),
                Err(error) => errors.set(vec![(title.to_owned(), error.to_string())]),
            }
            is_loading.set(false);
        });
    };
    PACKS
        .into_iter()
        .map(|Pack { id, title, about, editions: [(english, file), (spanish, spanish_file)] }| {
            let heading_id = format!("pack-{id}");
            let is_first = id == "core";
            view! {
                <section aria-labelledby=heading_id class="card">
                    <h2 id=heading_id.clone()>{title}</h2>
                    <p>{about}</p>
                    <div class="row">
                        <button class="button" class:button--main=move || is_first && is_empty() disabled=is_loading
                            on:click=move |_| add(title, file)>{english}</button>
                        <button class="button" disabled=is_loading on:click=move |_| add(title, spanish_file)>{spanish}</button>
                    </div>
                </section>
            }
        })
        .collect_view()
}
