//! Owns making an exam for a class: questions, models whose answers are revealed, title, and locking it.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser::files::GivenFile;
use crate::browser::store::Store;
use crate::browser::{Error, clock, crypto, locked};
use crate::dataset::{Item, ItemRecord};
use crate::people::class::paper::MAX_ITEMS;
use crate::people::class::run::witnesses;
use crate::people::class::{Classroom, Paper, Secret, Witness};
use crate::people::exam::Terms;
use crate::provider::Class;
use crate::report::{self, Opened};
use crate::run::Journal;
use crate::ui::components::exam::choosing::{Choosing, Chosen, Sitter};
use crate::ui::components::field::TextField;
use crate::ui::components::file_drop::FileReader;
use crate::ui::state::State;
use crate::ui::words;

/// How many runs are looked through for recorded answers.
const N_RUNS: usize = 30;

#[component]
pub(crate) fn Making(
    /// Called with the class.
    on_made: Callback<Classroom>,
) -> impl IntoView {
    let state = State::get();
    let chosen = Chosen::new(clock::random_seed());
    let parts = Memo::new(move |_| chosen.parts(state));
    let items = move || {
        parts.with(|parts| {
            parts.iter().flat_map(|part| part.items.iter().cloned()).collect::<Vec<Item>>()
        })
    };
    let is_hidden = move || parts.with(|parts| parts.iter().any(|part| part.dataset.do_not_show));
    let title = RwSignal::new("Exam".to_owned());
    let runs = RwSignal::new(state.opened.get_untracked());
    let error = RwSignal::new(None::<String>);
    spawn_local(async move {
        match stored_runs().await {
            Ok(found) => {
                runs.try_update(|runs| runs.extend(found));
            }
            Err(failed) => {
                error.try_set(Some(failed.to_string()));
            }
        }
    });
    let found = Memo::new(move |_| {
        let items = items();
        let runs = runs.get();
        let refs: Vec<&Journal> = runs.iter().map(Arc::as_ref).collect();
        let mut found = witnesses(&items, &refs);
        found.retain(|witness| witness.class != Class::Person);
        found
    });
    let is_off = RwSignal::new(Vec::<String>::new());
    let is_making = RwSignal::new(false);
    let make = move |_| {
        let models: Vec<Witness> = found
            .get_untracked()
            .into_iter()
            .filter(|witness| is_off.with_untracked(|off| !off.contains(&witness.name)))
            .collect();
        let (items, title, terms) =
            (untrack(items), title.get_untracked(), chosen.terms.get_untracked());
        if MAX_ITEMS < items.len() {
            error.set(Some(format!(
                "An exam for a class has at most {MAX_ITEMS} questions. Type a smaller number."
            )));
            return;
        }
        error.set(None);
        is_making.set(true);
        spawn_local(async move {
            match made(&title, terms, &items, models).await {
                Ok(class) => on_made.run(class),
                Err(failed) => error.set(Some(failed.to_string())),
            }
            is_making.try_set(false);
        });
    };
    let open_files = Callback::new(move |files: Vec<GivenFile>| {
        error.set(None);
        for file in files {
            match report::open(&file.name, &file.bytes) {
                Ok(Opened::Run { journal, .. }) => {
                    runs.update(|runs| runs.push(Arc::new(journal)));
                }
                Ok(Opened::Answers(answers)) => {
                    runs.update(|runs| runs.push(Arc::new(answers.journal)));
                }
                Err(failed) => error.set(Some(failed.to_string())),
            }
        }
    });
    view! {
        <p class="lead">
            "Give an exam to a class by a link or a QR code. Students answer on their phones and hand in a code. No account, no server: this page only."
        </p>
        <Choosing chosen=chosen sitter=Sitter::Class/>
        <section aria-labelledby="class-models">
            <h2 id="class-models">"Models to reveal afterwards"</h2>
            <p>"Their recorded answers to the same questions are locked into the exam, and shown beside the class at the end."</p>
            <Revealable found=found is_off=is_off/>
            <FileReader label="Open run files" hint="Or drop them here: runs saved with Viva that asked the same questions." on_files=open_files/>
        </section>
        <TextField label="Title" id="class-title" value=title hint=Signal::derive(|| "What students see above the first question.".to_owned())/>
        {move || is_hidden().then(|| view! {
            <p class="notice notice--warn">"The authors of a chosen set ask not to show its questions in plain text where a search engine could find them. Do not put the link or the file on a public page."</p>
        })}
        {(!crypto::is_available()).then(|| view! {
            <p class="notice notice--bad" role="alert">"This browser locks answers only on pages over https or on this computer. Open the page that way to make an exam."</p>
        })}
        <button class="button button--main" disabled=move || is_making.get() || parts.with(Vec::is_empty) on:click=make>"Make the exam"</button>
        <p role="status">{move || is_making.get().then_some("Locking the answers …")}</p>
        {move || error.get().map(|error| view! { <p class="notice notice--bad" role="alert">{error}</p> })}
    }
}

/// Models whose answers are at hand, each with a tick.
#[component]
fn Revealable(found: Memo<Vec<Witness>>, is_off: RwSignal<Vec<String>>) -> impl IntoView {
    move || {
        let found = found.get();
        if found.is_empty() {
            return view! { <p class="quiet">"No recorded answers to these questions are in this browser. Run models on them first, or open a run file below; an exam without models works too."</p> }.into_any();
        }
        found.into_iter().map(|witness| {
                    let n = witness.answers.iter().flatten().count();
                    let name = StoredValue::new(witness.name.clone());
                    view! {
                        <label class="tick">
                            <input type="checkbox" prop:checked=move || is_off.with(|off| !off.contains(&name.get_value()))
                                on:change=move |event| {
                                    let is_on = event_target_checked(&event);
                                    is_off.update(|off| {
                                        off.retain(|other| *other != name.get_value());
                                        if !is_on { off.push(name.get_value()); }
                                    });
                                }/>
                            <span>{format!("{}: {}", witness.name, words::counted(n, "recorded answer", "recorded answers"))}</span>
                        </label>
                    }
                }).collect_view().into_any()
    }
}

/// The latest runs of this browser.
async fn stored_runs() -> Result<Vec<Arc<Journal>>, Error> {
    let store = Store::open().await?;
    let mut found = vec![];
    for run in store.runs().await?.into_iter().take(N_RUNS) {
        found.extend(store.journal(&run.run_id).await?.map(Arc::new));
    }
    Ok(found)
}

async fn made(
    title: &str,
    terms: Terms,
    items: &[Item],
    models: Vec<Witness>,
) -> Result<Classroom, Error> {
    let key = locked::fresh_key()?;
    let title = match title.trim() {
        "" => "Exam",
        title => title,
    };
    let mut paper = Paper::new(title, terms, items, &models);
    let secret = Secret::of(items, models.clone());
    paper.locked = locked::lock(&key, &secret.pack()).await?;
    Ok(Classroom {
        paper,
        items: items.iter().map(ItemRecord::from).collect(),
        models,
        key: key.shown(),
        codes: vec![],
        made_millis: clock::now_millis(),
    })
}
