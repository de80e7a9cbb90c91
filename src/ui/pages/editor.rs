//! Owns the page on which questions are made and changed: the pack, its list, the form of one question, and where it goes.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser::files::{self, File};
use crate::browser::{Error, clock, librarian, page};
use crate::dataset::edit::{About, KindName, PackDraft, Reading};
use crate::ui::components::edit_field::{Desk, EditField, Size};
use crate::ui::components::file_drop::FileDrop;
use crate::ui::components::item_form::ItemForm;
use crate::ui::state::{Origin, State};
use crate::ui::words;

/// Questions listed at once.
const N_LISTED: usize = 50;

#[component]
pub(crate) fn EditorPage() -> impl IntoView {
    let state = State::get();
    let desk = Desk::new(state.draft, RwSignal::new(None));
    let told = RwSignal::new(Vec::<String>::new());
    let reading = RwSignal::new(None::<String>);
    let on_files = Callback::new(move |files: Vec<File>| open(desk, told, reading, files));
    view! {
        <p class="lead">"Make questions of your own, or change those of a file. They stay in this page until you save them."</p>
        <FileDrop label="Open a file to change it"
            hint="Or drop it here. A pack saved with Viva, or any file of questions. What is open now is replaced; undo brings it back."
            on_files=on_files/>
        <div class="row" role="status">
            {move || reading.get().map(|name| view! {
                <p>{format!("Reading {name} …")}</p>
                <button class="button button--quiet" aria-label=format!("Stop opening {name}") on:click=move |_| reading.set(None)>"Stop"</button>
            })}
        </div>
        {move || told.get().into_iter().map(|text| view! { <p class="notice notice--warn">{text}</p> }).collect_view()}
        <PackForm draft=state.draft/>
        <h2>"Questions"</h2>
        <Steps desk=desk/>
        <List desk=desk/>
        {move || desk.chosen.get().map(|idx| view! { <Chosen desk=desk idx=idx/> })}
        <Finish desk=desk/>
    }
}

/// Opens a file in a thread, until the person stops it or leaves the page.
fn open(
    desk: Desk,
    told: RwSignal<Vec<String>>,
    reading: RwSignal<Option<String>>,
    files: Vec<File>,
) {
    let Some(file) = files.into_iter().next() else { return };
    let name = file.name();
    told.set(vec![]);
    reading.set(Some(name.clone()));
    let is_wanted =
        move || reading.try_with_untracked(|now| now.as_ref() == Some(&name)) == Some(true);
    spawn_local(async move {
        let opened = async { librarian::Opening::start().await?.edit(&file).await };
        let stopped = async {
            while is_wanted() {
                clock::sleep(STOP_CHECK_MILLIS).await;
            }
        };
        if let Some(opened) = clock::first_of(opened, stopped).await {
            reading.set(None);
            take(desk, told, opened);
        }
    });
}

/// How soon a click on “Stop” is heeded.
const STOP_CHECK_MILLIS: u32 = 100;

fn take(desk: Desk, told: RwSignal<Vec<String>>, opened: Result<Reading, Error>) {
    match opened {
        Ok(reading) => {
            let refusals = reading
                .refusals
                .iter()
                .map(|refusal| format!("Left out: {}", words::refusal(refusal)));
            told.set(reading.notices.iter().cloned().chain(refusals).collect());
            desk.chosen.set(None);
            desk.draft.update(|draft| draft.replace(reading.draft));
        }
        Err(error) => told.set(vec![
            error.to_string(),
            "To say yourself which column is what, open the file on the Questions page.".to_owned(),
        ]),
    }
}

#[component]
fn PackForm(draft: RwSignal<PackDraft>) -> impl IntoView {
    let field = move |label: &'static str,
                      name: &'static str,
                      size: Size,
                      of: fn(&mut About) -> &mut String| {
        let value =
            Signal::derive(move || draft.with(|draft| of(&mut draft.about().clone()).clone()));
        let on_text = Callback::new(move |text: String| {
            draft.update(|draft| {
                let mut about = draft.about().clone();
                *of(&mut about) = text;
                draft.set_about(about);
            });
        });
        let fault = Signal::derive(move || {
            let faults = draft.with(PackDraft::faults);
            let fault = faults.into_iter().find(|fault| fault.field == name);
            fault.map(|fault| format!("{name}: {}.", fault.reason)).unwrap_or_default()
        });
        view! { <EditField label=label id=format!("pack-{name}") value=value on_text=on_text size=size fault=fault/> }
    };
    view! {
        <details class="card">
            <summary>{move || draft.with(|draft| format!("The set: {}", draft.about().title))}</summary>
            {field("Title", "title", Size::Line, |about| &mut about.title)}
            {field("Short name", "id", Size::Line, |about| &mut about.id)}
            {field("Version", "version", Size::Line, |about| &mut about.version)}
            {field("Language, such as en or es", "language", Size::Line, |about| &mut about.language)}
            {field("Licence", "licence", Size::Line, |about| &mut about.licence)}
            {field("Description", "description", Size::Lines, |about| &mut about.description)}
        </details>
    }
}

/// Adding, undoing, doing again.
#[component]
fn Steps(desk: Desk) -> impl IntoView {
    let kind = RwSignal::new(KindName::Choice);
    let within = move || {
        let n = desk.draft.with_untracked(|draft| draft.items().len());
        desk.chosen.update(|chosen| *chosen = chosen.filter(|idx| *idx < n));
    };
    let add = move |_| {
        let mut place = None;
        desk.draft.update(|draft| place = Some(draft.add(kind.get_untracked())));
        desk.chosen.set(place);
        request_animation_frame(|| page::focus("#item-question"));
    };
    let undo = move |_| {
        desk.draft.update(|draft| _ = draft.undo());
        within();
    };
    let redo = move |_| {
        desk.draft.update(|draft| _ = draft.redo());
        within();
    };
    view! {
        <div class="field">
            <label class="field__label" for="new-kind">"Kind of a new question"</label>
            <select id="new-kind" on:change=move |event| {
                let name = event_target_value(&event);
                kind.set(KindName::ALL.into_iter().find(|kind| kind.name() == name).unwrap_or(KindName::Choice));
            }>
                {KindName::ALL.map(|kind| view! { <option value=kind.name()>{kind.title()}</option> }).collect_view()}
            </select>
        </div>
        <div class="row">
            <button class="button button--main" on:click=add>"Add a question"</button>
            <button class="button" disabled=move || !desk.draft.with(PackDraft::can_undo) on:click=undo>"Undo"</button>
            <button class="button" disabled=move || !desk.draft.with(PackDraft::can_redo) on:click=redo>"Do again"</button>
        </div>
    }
}

/// A line of the list.
#[derive(Debug, Clone, PartialEq)]
struct Line {
    idx: usize,
    text: String,
    is_faulty: bool,
}

fn lines_of(draft: &PackDraft, start: usize) -> Vec<Line> {
    let faulty = draft.faulty_items();
    let items = draft.items().iter().enumerate().skip(start).take(N_LISTED);
    let line = items.map(|(idx, item)| {
        let question: String = item.question.chars().take(80).collect();
        let is_faulty = faulty.binary_search(&idx).is_ok();
        Line { idx, text: format!("{}. {} {question}", idx + 1, item.id), is_faulty }
    });
    line.collect()
}

#[component]
fn List(desk: Desk) -> impl IntoView {
    let start = RwSignal::new(0_usize);
    let n_items = Memo::new(move |_| desk.draft.with(|draft| draft.items().len()));
    let lines = Memo::new(move |_| desk.draft.with(|draft| lines_of(draft, start.get())));
    let is_paged = move || N_LISTED < n_items.get();
    view! {
        <p class="quiet" role="status">{move || words::counted(n_items.get(), "question", "questions")}</p>
        <ol class="plain-list">
            {move || lines.get().into_iter().map(|line| view! { <ListLine desk=desk line=line/> }).collect_view()}
        </ol>
        <Show when=is_paged>
            <div class="row">
                <button class="button" disabled=move || start.get() == 0
                    on:click=move |_| start.update(|start| *start = start.saturating_sub(N_LISTED))>"Earlier ones"</button>
                <button class="button" disabled=move || n_items.get() <= start.get() + N_LISTED
                    on:click=move |_| start.update(|start| *start += N_LISTED)>"Later ones"</button>
            </div>
        </Show>
    }
}

#[component]
fn ListLine(desk: Desk, line: Line) -> impl IntoView {
    let Line { idx, text, is_faulty } = line;
    let choose = move |_| {
        desk.chosen.set(Some(idx));
        request_animation_frame(|| page::focus("#item-question"));
    };
    view! {
        <li>
            <button class="link" aria-current=move || (desk.chosen.get() == Some(idx)).then_some("true") on:click=choose>{text}</button>
            {is_faulty.then(|| view! { <span class="badge">"to be completed"</span> })}
        </li>
    }
}

#[component]
fn Chosen(desk: Desk, idx: usize) -> impl IntoView {
    let n_items = move || desk.draft.with(|draft| draft.items().len());
    let go = move |to: usize| {
        desk.draft.update(|draft| draft.move_to(idx, to));
        desk.chosen.set(Some(to));
    };
    let duplicate = move |_| {
        let mut place = None;
        desk.draft.update(|draft| place = draft.duplicate(idx));
        desk.chosen.set(place);
    };
    let delete = move |_| {
        desk.draft.update(|draft| draft.delete(idx));
        desk.chosen.set(None);
    };
    view! {
        <section class="card" aria-labelledby="chosen-heading">
            <h3 id="chosen-heading">{format!("Question {}", idx + 1)}</h3>
            <div class="row">
                <button class="button" disabled=idx == 0 on:click=move |_| go(idx.saturating_sub(1))>"Move up"</button>
                <button class="button" disabled=move || n_items() <= idx + 1 on:click=move |_| go(idx + 1)>"Move down"</button>
                <button class="button" on:click=duplicate>"Duplicate"</button>
                <button class="button" on:click=delete>"Delete"</button>
            </div>
            <ItemForm desk=desk/>
        </section>
    }
}

/// Where the questions go: into a file, and onto the shelf.
#[component]
fn Finish(desk: Desk) -> impl IntoView {
    let state = State::get();
    let told = RwSignal::new(String::new());
    let n_faulty = Memo::new(move |_| desk.draft.with(|draft| draft.faulty_items().len()));
    let is_ready = Memo::new(move |_| {
        n_faulty.get() == 0 && desk.draft.with(|draft| draft.faults().is_empty())
    });
    let save = move |_| {
        let saved = desk.draft.with_untracked(|draft| {
            files::save(&draft.file_name(), "application/json", &draft.to_json())
        });
        if saved.is_ok() {
            desk.draft.update(PackDraft::mark_saved);
        }
        told.set(match saved {
            Ok(()) => "Saved. Open the file here again to go on.".to_owned(),
            Err(error) => error.to_string(),
        });
    };
    let shelve = move |_| {
        let (name, json) = desk.draft.with_untracked(|draft| (draft.file_name(), draft.to_json()));
        spawn_local(async move {
            let opened =
                async { librarian::Opening::start().await?.bytes(&name, json.as_bytes()).await };
            told.set(match opened.await {
                Ok((librarian, summary)) => {
                    state.shelve(librarian, summary, Origin::Own);
                    "Chosen for the next run. Later changes here do not change it: choose it again then.".to_owned()
                }
                Err(error) => error.to_string(),
            });
        });
    };
    let state_text = move || match n_faulty.get() {
        0 => String::new(),
        n => format!(
            "{} to be completed before they can be asked. A file can be saved all the same.",
            words::counted(n, "question has", "questions have")
        ),
    };
    view! {
        <p class="quiet" role="status">{state_text}</p>
        <div class="row">
            <button class="button button--main" on:click=save>"Save as a file"</button>
            <button class="button" disabled=move || !is_ready.get() on:click=shelve>"Use these questions"</button>
            <a href="#/questions">"To the chosen questions"</a>
        </div>
        <p role="status">{told}</p>
    }
}
