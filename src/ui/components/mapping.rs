//! Owns the mapping screen: a person says which column of a file is what, sees what comes of it, and opens the file so.

mod column;
mod preview;
mod words;

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser::columns;
use crate::browser::librarian::Unread;
use crate::dataset::mapping::{Column, Mapping, Numbering, Role};
use crate::ui::components::field::SelectField;
use crate::ui::state::{Origin, State};
use column::Columns;
use preview::{Preview, follow};

/// A file whose columns are being named.
#[derive(Clone)]
pub(crate) struct Naming {
    pub(crate) key: u32,
    pub(crate) name: String,
    /// The set on the shelf that was read from it, and goes when it is opened otherwise.
    pub(crate) replaces: Option<u32>,
    reason: String,
    columns: Arc<Vec<Column>>,
    guessed: Mapping,
    /// What columns of these names were the last time.
    recalled: Option<Mapping>,
    unread: StoredValue<Unread, LocalStorage>,
}

impl Naming {
    /// Takes a file over, with what is remembered of such files.
    pub(crate) async fn of(
        state: State,
        name: String,
        unread: Unread,
        replaces: Option<u32>,
    ) -> Self {
        // Where nothing can be remembered, as in private windows, the guesses do.
        let memory = columns::memory().await.unwrap_or_default();
        Self {
            key: state.key(),
            name,
            replaces,
            reason: unread.reason.clone(),
            columns: unread.columns.clone(),
            guessed: unread.guessed.clone(),
            recalled: memory.recall(&unread.columns),
            unread: StoredValue::new_local(unread),
        }
    }

    /// Whether the columns were named before.
    pub(crate) fn is_recalled(&self) -> bool {
        self.recalled.is_some()
    }

    /// Lets the file go: its thread ends, or is that of a set from now on.
    pub(crate) fn close(&self) {
        self.unread.dispose();
    }
}

#[component]
pub(crate) fn MappingScreen(
    /// The file.
    naming: Naming,
    /// Called when the person is done with it, with its key.
    on_close: Callback<u32>,
    /// Where it is told what went wrong: the file, and the reason.
    errors: RwSignal<Vec<(String, String)>>,
) -> impl IntoView {
    let state = State::get();
    let Naming { key, name, replaces, reason, columns: all, guessed, recalled, unread } = naming;
    let mapping = RwSignal::new(recalled.clone().unwrap_or_else(|| guessed.clone()));
    let is_recalled = RwSignal::new(recalled.is_some());
    let look = follow(mapping, unread);
    let is_opening = RwSignal::new(false);
    let heading_id = format!("mapping-{key}");
    let forget = {
        let all = all.clone();
        move |_| {
            let (all, guessed) = (all.clone(), guessed.clone());
            spawn_local(async move {
                // What cannot be forgotten now is offered again the next time, and can be forgotten then.
                let _ = columns::forget(&all).await;
                mapping.try_set(guessed);
                is_recalled.try_set(false);
            });
        }
    };
    let open = {
        let (all, name) = (all.clone(), name.clone());
        move |_| {
            let Some(file) = unread.try_get_value() else { return };
            let (all, name) = (all.clone(), name.clone());
            is_opening.set(true);
            spawn_local(async move {
                let chosen = mapping.get_untracked();
                match file.open(&chosen).await {
                    Ok((librarian, summary)) => {
                        state.take_off(|other| Some(other.key) == replaces);
                        state.shelve(librarian, summary, Origin::Own);
                        on_close.run(key);
                        if let Err(error) = columns::keep(&all, &chosen).await {
                            let reason = format!(
                                "It is open, but your choice of columns could not be remembered: {error}."
                            );
                            errors.update(|list| list.push((name, reason)));
                        }
                    }
                    Err(error) => {
                        errors.update(|list| list.push((name, error.to_string())));
                        is_opening.try_set(false);
                    }
                }
            });
        }
    };
    view! {
        <section class="card" aria-labelledby=heading_id.clone()>
            <h3 id=heading_id.clone() tabindex="-1">{format!("Which column of {name} is what?")}</h3>
            {why(reason)}
            <Show when=move || is_recalled.get()>
                <div class="notice notice--good">
                    <p>"Chosen as last time, for a file with the same columns."</p>
                    <button class="button" on:click=forget.clone()>"Forget that choice"</button>
                </div>
            </Show>
            <Columns key=key columns=all.clone() mapping=mapping/>
            <Answers key=key columns=all mapping=mapping/>
            <Preview key=key look=look/>
            <div class="row">
                <button class="button button--main" on:click=open
                    disabled=move || is_opening.get() || look.with(|look| look.n_items() == 0)>"Use these columns"</button>
                <button class="button button--quiet" aria-label=format!("Close without opening {name}")
                    on:click=move |_| on_close.run(key)>"Close without opening"</button>
            </div>
            <p role="status">{move || is_opening.get().then_some("Opening …")}</p>
        </section>
    }
}

/// Why the person is asked.
fn why(reason: String) -> impl IntoView {
    if reason.is_empty() {
        return view! { <p>"This file opened as it is. Here you can say yourself what its columns are."</p> }.into_any();
    }
    view! {
        <p>"This file was not recognised. Say what its columns are: a proposal is chosen already. Below you see what comes of it, before anything opens. The file stays in your browser."</p>
        <details><summary>"Why it was not recognised"</summary><p>{reason}</p></details>
    }
    .into_any()
}

/// How the questions are answered, where the columns alone do not tell.
#[component]
fn Answers(key: u32, columns: Arc<Vec<Column>>, mapping: RwSignal<Mapping>) -> impl IntoView {
    let kinds = words::KINDS.map(|(name, _, title)| (name.to_owned(), title.to_owned()));
    let kind = Signal::derive(move || {
        let kind = mapping.with(|mapping| mapping.kind);
        let known = words::KINDS.iter().find(|(_, known, _)| *known == kind);
        known.map(|(name, ..)| (*name).to_owned()).unwrap_or_default()
    });
    let on_kind = Callback::new(move |chosen: String| {
        let known = words::KINDS.iter().find(|(name, ..)| *name == chosen);
        mapping.update(|mapping| mapping.kind = known.and_then(|(_, kind, _)| *kind));
    });
    let is_numbered = Memo::new(move |_| {
        mapping.with(|mapping| {
            let answers =
                columns.iter().filter(|column| mapping.role_of(&column.name) == Role::Answer);
            let mut samples = answers.flat_map(|column| &column.samples);
            samples.any(|sample| sample.parse::<f64>().is_ok())
        })
    });
    view! {
        <h4>"How the questions are answered"</h4>
        <SelectField label="Kind of questions" id=format!("mapping-kind-{key}") options=kinds.to_vec() value=kind on_change=on_kind/>
        <Show when=move || is_numbered.get()><NumberingField key=key mapping=mapping/></Show>
    }
}

#[component]
fn NumberingField(key: u32, mapping: RwSignal<Mapping>) -> impl IntoView {
    const NAMES: [(&str, Numbering, &str); 3] = [
        ("", Numbering::Auto, "As the whole file shows it"),
        ("0", Numbering::FromZero, "0 is the first option"),
        ("1", Numbering::FromOne, "1 is the first option"),
    ];
    let options = NAMES.map(|(name, _, title)| (name.to_owned(), title.to_owned()));
    let value = Signal::derive(move || {
        let numbering = mapping.with(|mapping| mapping.numbering);
        let known = NAMES.iter().find(|(_, known, _)| *known == numbering);
        known.map(|(name, ..)| (*name).to_owned()).unwrap_or_default()
    });
    let on_change = Callback::new(move |chosen: String| {
        let known = NAMES.iter().find(|(name, ..)| *name == chosen);
        mapping.update(|mapping| {
            mapping.numbering = known.map(|(_, numbering, _)| *numbering).unwrap_or_default();
        });
    });
    view! {
        <SelectField label="Numbers as right answers" id=format!("mapping-numbering-{key}") options=options.to_vec()
            value=value on_change=on_change hint="Only for questions with options."/>
    }
}
