//! Owns the questions page: the bundled pack, files of the person's own, and how much of each is taken.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser::files::GivenFile;
use crate::dataset::{self, Refusal};
use crate::ui::components::bundled;
use crate::ui::components::field::{NumberField, SelectField};
use crate::ui::components::file_drop::FileDrop;
use crate::ui::state::{Origin, Sample, Shelved, State};
use crate::ui::words;

#[component]
pub(crate) fn QuestionsPage() -> impl IntoView {
    let state = State::get();
    let errors = RwSignal::new(Vec::<(String, String)>::new());
    let is_loading = RwSignal::new(false);
    let add_bundled = move |_| {
        is_loading.set(true);
        spawn_local(async move {
            match bundled::core().await {
                Ok(import) => state.shelve(import, Origin::Bundled),
                Err(error) => errors.set(vec![("The bundled questions".to_owned(), error)]),
            }
            is_loading.set(false);
        });
    };
    let on_files = Callback::new(move |files: Vec<GivenFile>| {
        errors.set(vec![]);
        for file in files {
            match dataset::open(&file.name, &file.bytes) {
                Ok(import) => state.shelve(import, Origin::Own),
                Err(error) => errors.update(|list| list.push((file.name, error.to_string()))),
            }
        }
    });
    let is_empty = move || state.shelf.with(Vec::is_empty);
    view! {
        <p class="lead">"Which questions shall the models answer?"</p>
        <section aria-labelledby="bundled-heading" class="card">
            <h2 id="bundled-heading">"Core, the bundled questions"</h2>
            <p>
                "120 questions written for this page: clinical reasoning, diagnosis, treatment and drug interactions. Each has an explanation, a version in everyday words and a source that you can check."
            </p>
            <button class="button" class:button--main=is_empty disabled=is_loading on:click=add_bundled>
                "Use the bundled questions"
            </button>
        </section>
        <h2>"Your own files"</h2>
        <FileDrop
            label="Open question files"
            hint="Or drop them here. JSON, JSON Lines, CSV or TSV: MedQA, MedMCQA, PubMedQA, MedXpertQA, MMLU and similar shapes, or packs made with Viva. Files are read in your browser and not uploaded."
            on_files=on_files
        />
        {move || errors.get().into_iter().map(|(name, error)| view! {
            <p class="notice notice--bad" role="alert"><strong>{name}</strong>": "{error}</p>
        }).collect_view()}
        <h2>"Chosen"</h2>
        <p class="quiet" role="status">
            {move || if is_empty() {
                "No questions yet. Start with the bundled ones.".to_owned()
            } else {
                let n = state.shelf.with(|shelf| shelf.iter().map(Shelved::n_taken).sum());
                format!("{} will be asked.", words::counted(n, "question", "questions"))
            }}
        </p>
        <For each=move || state.shelf.get() key=|shelved| shelved.key let:shelved>
            <Chosen shelved=shelved/>
        </For>
        <Show when=move || !is_empty()>
            <p><a class="button button--main" href="#/models">"Next: choose models"</a></p>
        </Show>
    }
}

#[component]
fn Chosen(shelved: Shelved) -> impl IntoView {
    let state = State::get();
    let key = shelved.key;
    let dataset = shelved.dataset();
    let title = dataset.title.clone();
    let heading_id = format!("set-{key}");
    let facts = facts(&shelved);
    let has_splits = !dataset.splits.is_empty();
    let remove_name = format!("Remove {title}");
    view! {
        <section class="card" aria-labelledby=heading_id>
            <h3 id=heading_id.clone()>{title}</h3>
            <p class="quiet">{facts}</p>
            <Notices shelved=shelved.clone()/>
            {has_splits.then(|| view! { <SplitField shelved=shelved.clone()/> })}
            <SampleFields shelved=shelved.clone()/>
            <Preview shelved=shelved.clone()/>
            <button class="button button--quiet" aria-label=remove_name on:click=move |_| {
                state.shelf.update(|shelf| shelf.retain(|other| other.key != key));
            }>"Remove"</button>
        </section>
    }
}

fn facts(shelved: &Shelved) -> String {
    let dataset = shelved.dataset();
    let mut facts = vec![words::counted(dataset.items.len(), "question", "questions")];
    let n_refused = shelved.import.refusals.len();
    if 0 < n_refused {
        facts.push(format!("{} not used", words::counted(n_refused, "entry", "entries")));
    }
    if !dataset.version.is_empty() {
        facts.push(format!("version {}", dataset.version));
    }
    if !dataset.licence.is_empty() {
        facts.push(format!("licence {}", dataset.licence));
    }
    facts.join(" · ")
}

#[component]
fn Notices(shelved: Shelved) -> impl IntoView {
    let notices = shelved.import.notices.clone();
    let refusals = shelved.import.refusals.clone();
    let n_refused = refusals.len();
    view! {
        {notices.into_iter().map(|notice| view! { <p class="notice">{notice}</p> }).collect_view()}
        {(0 < n_refused).then(|| view! {
            <details class="notice notice--warn">
                <summary>{format!("{} could not be used: where and why", words::counted(n_refused, "entry", "entries"))}</summary>
                <ul>
                    {refusals.iter().take(200).map(|refusal| view! { <li>{refusal_text(refusal)}</li> }).collect_view()}
                </ul>
                {(200 < n_refused).then(|| format!("… and {} more.", words::count(n_refused - 200)))}
            </details>
        })}
    }
}

fn refusal_text(refusal: &Refusal) -> String {
    let line = refusal.line.map(|line| format!("Line {line}")).unwrap_or_default();
    let item = refusal.item.as_ref().map(|item| format!("item {item}")).unwrap_or_default();
    let field =
        if refusal.field.is_empty() { String::new() } else { format!("field {}", refusal.field) };
    let place: Vec<String> =
        [line, item, field].into_iter().filter(|part| !part.is_empty()).collect();
    format!("{}: {}", place.join(", "), refusal.reason)
}

#[component]
fn SplitField(shelved: Shelved) -> impl IntoView {
    let all = format!("all {}", words::count(shelved.dataset().items.len()));
    let splits = shelved.dataset().splits.iter().enumerate();
    let options = std::iter::once((String::new(), all))
        .chain(splits.map(|(idx, split)| (idx.to_string(), split.name.clone())))
        .collect();
    let split = shelved.split;
    view! {
        <SelectField
            label="Part"
            id=format!("split-{}", shelved.key)
            options=options
            value=Signal::derive(move || split.get().map(|idx| idx.to_string()).unwrap_or_default())
            on_change=Callback::new(move |value: String| split.set(value.parse().ok()))
        />
    }
}

#[component]
fn SampleFields(shelved: Shelved) -> impl IntoView {
    let sample = shelved.sample;
    let hint = {
        let shelved = shelved.clone();
        Signal::derive(move || format!("Empty: all {}.", words::count(shelved.n_available())))
    };
    let is_sampled = {
        let shelved = shelved.clone();
        move || shelved.n_taken() < shelved.n_available()
    };
    let key = shelved.key;
    view! {
        <div class="row">
            <NumberField
                label="How many"
                id=format!("n-{key}")
                min=1
                value=Signal::derive(move || sample.get().n.map(|n| n as u64))
                on_change=Callback::new(move |n: Option<u64>| {
                    sample.update(|sample| sample.n = n.and_then(|n| usize::try_from(n).ok()));
                })
                hint=hint
            />
            <Show when=is_sampled>
                <NumberField
                    label="Seed"
                    id=format!("seed-{key}")
                    value=Signal::derive(move || Some(sample.get().seed))
                    on_change=Callback::new(move |seed: Option<u64>| {
                        sample.update(|sample: &mut Sample| sample.seed = seed.unwrap_or(1));
                    })
                    hint=Signal::derive(|| "The same seed gives the same questions.".to_owned())
                />
            </Show>
        </div>
    }
}

#[component]
fn Preview(shelved: Shelved) -> impl IntoView {
    let item = shelved.dataset().items.first().cloned();
    item.map(|item| {
        let options: Vec<String> = item
            .choice()
            .options
            .iter()
            .enumerate()
            .map(|(idx, option)| format!("{}) {option}", dataset::Choice::letter(idx)))
            .collect();
        view! {
            <details>
                <summary>"See the first question"</summary>
                <p class="question">{item.question.clone()}</p>
                {options.into_iter().map(|option| view! { <p>{option}</p> }).collect_view()}
                <p class="quiet">{format!("Right answer in the file: {}", dataset::Choice::letter(item.choice().answer))}</p>
            </details>
        }
    })
}
