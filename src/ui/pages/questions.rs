//! Owns the questions page: the bundled pack, files of the person's own, and how much of each is taken.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser::files::File;
use crate::browser::librarian::Opened;
use crate::browser::{Error, clock, columns, librarian, page};
use crate::dataset::library::Summary;
use crate::dataset::{self, Item};
use crate::ui::components::choice::Choice;
use crate::ui::components::field::SelectField;
use crate::ui::components::file_drop::FileDrop;
use crate::ui::components::mapping::{MappingScreen, Naming};
use crate::ui::components::packs::Packs;
use crate::ui::state::{Loaded, Origin, Shelved, State};
use crate::ui::words;

#[component]
pub(crate) fn QuestionsPage() -> impl IntoView {
    let state = State::get();
    librarian::prepare();
    let desk = Desk::new(state);
    let (errors, opening) = (desk.errors, desk.opening);
    let on_files = Callback::new(move |files: Vec<File>| {
        errors.set(vec![]);
        for file in files {
            desk.open(file);
        }
    });
    for file in std::mem::take(&mut *state.handed.write_untracked()) {
        desk.open(file);
    }
    on_cleanup(move || {
        let _ = desk.naming.try_with_untracked(|list| list.iter().for_each(Naming::close));
    });
    let is_empty = move || state.shelf.with(Vec::is_empty);
    view! {
        <p class="lead">"Which questions shall the models answer?"</p>
        <Packs errors=errors/>
        <section aria-labelledby="published-heading" class="card">
            <h2 id="published-heading">"Published questions"</h2>
            <p>"The exams that studies of medical AI use, such as MedQA, MedMCQA, PubMedQA and HealthBench, and any dataset on Hugging Face. Your browser loads them from where their authors keep them."</p>
            <p><a class="button" href="#/catalogue">"Choose published questions"</a></p>
        </section>
        <h2>"Your own files"</h2>
        <FileDrop
            label="Open question files"
            hint="Or drop them here. JSON, JSON Lines, CSV, TSV, Excel, Parquet, text with numbered questions, or ZIP archives of these: MedQA, MedMCQA, PubMedQA, MedXpertQA, MMLU and similar shapes, or packs made with Viva. Files are read in your browser and not uploaded."
            on_files=on_files
        />
        <For each=move || opening.get() key=|underway| underway.key let:underway>
            <Opening underway=underway on_stop=Callback::new(move |key| {
                opening.update(|list| list.retain(|other| other.key != key));
            })/>
        </For>
        <p><a href="#/editor">"Make or change questions in this page"</a></p>
        {move || errors.get().into_iter().map(|(name, error)| view! {
            <p class="notice notice--bad" role="alert"><strong>{name}</strong>": "{error}</p>
        }).collect_view()}
        <For each=move || desk.naming.get() key=|naming| naming.key let:naming>
            <MappingScreen naming=naming on_close=Callback::new(move |key| desk.close(key)) errors=errors/>
        </For>
        <h2 id="chosen-sets" tabindex="-1">"Chosen"</h2>
        <p class="quiet" role="status">
            {move || if is_empty() {
                "No questions yet. Start with the bundled ones.".to_owned()
            } else {
                let n: Option<usize> = state.shelf.with(|shelf| shelf.iter().map(Shelved::n_taken).sum());
                n.map_or_else(
                    || "Choosing …".to_owned(),
                    |n| format!("{} will be asked.", words::counted(n, "question", "questions")),
                )
            }}
        </p>
        <For each=move || state.shelf.get() key=|shelved| shelved.key let:shelved>
            <Chosen shelved=shelved desk=desk/>
        </For>
        <Show when=move || !is_empty()>
            <p>
                <a class="button button--main" href="#/models">"Next: choose models"</a>
                " "
                <a class="button" href="#/exam">"Answer them yourself"</a>
                " "
                <a class="button" href="#/class">"Give them to a class"</a>
            </p>
        </Show>
    }
}

#[component]
fn Chosen(shelved: Shelved, desk: Desk) -> impl IntoView {
    let state = State::get();
    let key = shelved.key;
    let summary = shelved.summary.clone();
    let title = summary.title.clone();
    let heading_id = format!("set-{key}");
    let facts = facts(&summary);
    let has_splits = !summary.splits.is_empty();
    let taken = shelved.taken;
    let remove_name = format!("Remove {title}");
    let file = StoredValue::new_local(shelved.file());
    let rename = move |_| {
        if let Some(file) = file.get_value() {
            desk.look(file, key);
        }
    };
    let rename_name = format!("Choose its columns yourself: {title}");
    view! {
        <section class="card" aria-labelledby=heading_id>
            <h3 id=heading_id.clone()>{title}</h3>
            <p class="quiet">{facts}</p>
            <Notices shelved=shelved.clone()/>
            {has_splits.then(|| view! { <SplitField shelved=shelved.clone()/> })}
            <Choice shelved=shelved.clone()/>
            {move || match taken.get() {
                Loaded::Failed(reason) => view! { <p class="notice notice--bad" role="alert">{reason}</p> }.into_any(),
                Loaded::Here(taken) if !taken.unknown_ids.is_empty() => view! {
                    <p class="notice notice--warn">{unknown_ids(&taken.unknown_ids)}</p>
                }.into_any(),
                Loaded::Here(_) | Loaded::Loading => ().into_any(),
            }}
            <Preview shelved=shelved.clone()/>
            {file.with_value(Option::is_some).then(|| view! {
                <button class="button button--quiet" aria-label=rename_name on:click=rename>"Choose its columns yourself"</button>
            })}
            <button class="button button--quiet" aria-label=remove_name on:click=move |_| {
                state.take_off(|other| other.key == key);
            }>"Remove"</button>
        </section>
    }
}

fn unknown_ids(ids: &[String]) -> String {
    const N_SHOWN: usize = 20;
    let shown = ids.iter().take(N_SHOWN).cloned().collect::<Vec<_>>().join(", ");
    let more = if N_SHOWN < ids.len() { " and others" } else { "" };
    format!("No question has one of these ids: {shown}{more}.")
}

fn facts(summary: &Summary) -> String {
    let mut facts = vec![words::counted(summary.n_items, "question", "questions")];
    if 0 < summary.n_refused {
        facts.push(format!("{} not used", words::counted(summary.n_refused, "entry", "entries")));
    }
    if 0 < summary.n_open_ended {
        facts.push(format!(
            "{} with open answers, which a judge must grade",
            words::count(summary.n_open_ended)
        ));
    }
    let host = summary.version.strip_prefix("https://").and_then(|rest| rest.split('/').next());
    match host {
        Some(host) => facts.push(format!("from {host}")),
        None if summary.version.is_empty() => {}
        None => facts.push(format!("version {}", summary.version)),
    }
    if !summary.licence.is_empty() {
        facts.push(format!("licence {}", summary.licence));
    }
    facts.join(" · ")
}

#[component]
fn Notices(shelved: Shelved) -> impl IntoView {
    let notices = shelved.summary.notices.clone();
    let refusals = shelved.summary.refusals.clone();
    let (n_refused, n_listed) = (shelved.summary.n_refused, refusals.len());
    view! {
        {notices.into_iter().map(|notice| view! { <p class="notice">{notice}</p> }).collect_view()}
        {(0 < n_refused).then(|| view! {
            <details class="notice notice--warn">
                <summary>{format!("{} could not be used: where and why", words::counted(n_refused, "entry", "entries"))}</summary>
                <ul>
                    {refusals.iter().map(|refusal| view! { <li>{words::refusal(refusal)}</li> }).collect_view()}
                </ul>
                {(n_listed < n_refused).then(|| format!("… and {} more.", words::count(n_refused - n_listed)))}
            </details>
        })}
    }
}

#[component]
fn SplitField(shelved: Shelved) -> impl IntoView {
    let all = format!("all {}", words::count(shelved.summary.n_items));
    let splits = shelved.summary.splits.iter().enumerate();
    let options = std::iter::once((String::new(), all))
        .chain(splits.map(|(idx, (name, _))| (idx.to_string(), name.clone())))
        .collect();
    let split = shelved.split;
    view! {
        <SelectField
            label="Part"
            id=format!("split-{}", shelved.key)
            options=options
            value=Signal::derive(move || split.get().map(|idx| idx.to_string()).unwrap_or_default())
            on_change=Callback::new(move |value: String| shelved.choose_split(value.parse().ok()))
        />
    }
}

#[component]
fn Preview(shelved: Shelved) -> impl IntoView {
    if shelved.summary.do_not_show {
        return view! {
            <p class="quiet">"The authors of this set ask not to show its questions in plain text where they could be found by a search engine. So none is shown here, and a file of results that holds them is not for the public."</p>
        }
        .into_any();
    }
    let item = shelved.summary.first.clone().and_then(|record| Item::try_from(record).ok());
    item.map(|item| {
        let options: Vec<String> = item
            .options()
            .iter()
            .enumerate()
            .map(|(idx, option)| format!("{}) {option}", dataset::Choice::letter(idx)))
            .collect();
        let right = Some(item.right_answer()).filter(|right| !right.is_empty());
        view! {
            <details>
                <summary>"See the first question"</summary>
                <p class="question">{item.question.clone()}</p>
                {options.into_iter().map(|option| view! { <p>{option}</p> }).collect_view()}
                {right.map(|right| view! { <p class="quiet">{format!("Right answer in the file: {right}")}</p> })}
            </details>
        }
    })
    .into_any()
}

/// A file that is being opened.
#[derive(Clone)]
struct Underway {
    key: u32,
    name: String,
    /// How much of it was read, from 0 to 1, where that is known.
    share: RwSignal<Option<f64>>,
}

/// What is under way with files on this page.
#[derive(Clone, Copy)]
struct Desk {
    state: State,
    opening: RwSignal<Vec<Underway>>,
    naming: RwSignal<Vec<Naming>>,
    errors: RwSignal<Vec<(String, String)>>,
}

impl Desk {
    fn new(state: State) -> Self {
        Self {
            state,
            opening: RwSignal::new(vec![]),
            naming: RwSignal::new(vec![]),
            errors: RwSignal::new(vec![]),
        }
    }

    /// Opens a file in a thread of its own. One of no known shape waits there until its columns are named.
    fn open(self, file: File) {
        let name = file.name();
        let share = RwSignal::new(None);
        let told = move |now| {
            let _ = share.try_set(Some(now));
        };
        let work = async move { librarian::Opening::start().await?.file(&file, told).await };
        self.run(name.clone(), share, work, move |opened| async move {
            match opened {
                Opened::Set(librarian, summary) => {
                    let file = librarian.file();
                    self.state.shelve(librarian, *summary, Origin::Own);
                    if let Some(file) = file {
                        self.remind(file).await;
                    }
                }
                Opened::Unread(unread) => {
                    let naming = Naming::of(self.state, name, unread, None).await;
                    self.show(naming);
                }
            }
        });
    }

    /// Asks what the columns of a file are that is open already.
    fn look(self, file: File, replaces: u32) {
        let name = file.name();
        let is_there = |list: &Vec<Naming>| list.iter().any(|one| one.replaces == Some(replaces));
        if self.naming.with_untracked(is_there) {
            return;
        }
        let work = async move { librarian::Opening::start().await?.look(&file).await };
        self.run(name.clone(), RwSignal::new(None), work, move |unread| async move {
            let naming = Naming::of(self.state, name, unread, Some(replaces)).await;
            let heading = format!("#mapping-{}", naming.key);
            self.show(naming);
            request_animation_frame(move || page::focus(&heading));
        });
    }

    /// Proposes the columns of the last time for the set that was opened last, where its file has a shape that is known but
    /// was once read otherwise.
    async fn remind(self, file: File) {
        let set = self.state.shelf.with_untracked(|shelf| shelf.last().map(|last| last.key));
        let is_known = columns::memory().await.is_ok_and(|memory| 0 < memory.n_kept());
        if !is_known || REMINDED_BYTES < file.size() {
            return;
        }
        let unread = async { librarian::Opening::start().await?.look(&file).await };
        // It is open; where its columns cannot be had there is nothing to propose.
        let Ok(unread) = unread.await else { return };
        let naming = Naming::of(self.state, file.name(), unread, set).await;
        if naming.is_recalled() {
            self.show(naming);
        } else {
            naming.close();
        }
    }

    /// Shows the screen for a file, unless the page was left meanwhile.
    fn show(self, naming: Naming) {
        let unread = naming.clone();
        if self.naming.try_update(|list| list.push(naming)).is_none() {
            unread.close();
        }
    }

    /// Works on a file while it is on the list. When it is taken off meanwhile, its thread ends.
    fn run<T, Done: Future<Output = ()>>(
        self,
        name: String,
        share: RwSignal<Option<f64>>,
        work: impl Future<Output = Result<T, Error>> + 'static,
        done: impl FnOnce(T) -> Done + 'static,
    ) {
        let Self { state, opening, errors, .. } = self;
        let key = state.key();
        opening.update(|list| list.push(Underway { key, name: name.clone(), share }));
        let is_wanted = move || {
            opening.try_with_untracked(|list| list.iter().any(|other| other.key == key))
                == Some(true)
        };
        spawn_local(async move {
            let stopped = async {
                while is_wanted() {
                    clock::sleep(STOP_CHECK_MILLIS).await;
                }
            };
            let Some(worked) = clock::first_of(work, stopped).await else { return };
            match worked {
                Ok(worked) => done(worked).await,
                Err(error) => errors.update(|list| list.push((name, error.to_string()))),
            }
            opening.try_update(|list| list.retain(|other| other.key != key));
        });
    }

    /// Lets go of a file whose columns were to be named, and of the focus that was in it.
    fn close(self, key: u32) {
        self.naming.update(|list| {
            list.iter().filter(|naming| naming.key == key).for_each(Naming::close);
            list.retain(|naming| naming.key != key);
        });
        request_animation_frame(|| page::focus("#chosen-sets"));
    }
}

/// Larger files are not read a second time only to see whether their columns were chosen before.
const REMINDED_BYTES: f64 = 20e6;

/// How soon a click on “Stop” is heeded.
const STOP_CHECK_MILLIS: u32 = 100;

#[component]
fn Opening(underway: Underway, on_stop: Callback<u32>) -> impl IntoView {
    let Underway { key, name, share } = underway;
    let stop_name = format!("Stop opening {name}");
    let label = format!("Progress of reading {name}");
    // A bar without a value says that something goes on, and not how far.
    let is_known = Memo::new(move |_| share.with(Option::is_some));
    let bar = move || {
        let label = label.clone();
        if is_known.get() {
            view! { <progress class="bar" aria-label=label max="1" prop:value=move || share.get().unwrap_or_default()></progress> }.into_any()
        } else {
            view! { <progress class="bar" aria-label=label></progress> }.into_any()
        }
    };
    view! {
        <div class="row">
            <p role="status">{format!("Reading {name} …")}</p>
            {bar}
            <button class="button button--quiet" aria-label=stop_name on:click=move |_| on_stop.run(key)>"Stop"</button>
        </div>
    }
}
