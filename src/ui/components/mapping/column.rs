//! Owns the list of a file's columns: each with examples of what it holds, and the choice of what it is.

use std::sync::Arc;

use leptos::prelude::*;

use super::words;
use crate::dataset::mapping::{Column, Mapping, Role};
use crate::ui::words as common;

/// Columns shown at first; those that are used are always shown.
const N_SHOWN: usize = 40;
/// Examples shown of a column, and characters of each.
const N_SAMPLES: usize = 3;
const N_CHARS: usize = 90;

#[component]
pub(super) fn Columns(
    /// Names this file in ids of the page.
    key: u32,
    /// Of the file.
    columns: Arc<Vec<Column>>,
    /// What they are.
    mapping: RwSignal<Mapping>,
) -> impl IntoView {
    let is_whole = RwSignal::new(columns.len() <= N_SHOWN);
    let groups = Arc::new(words::groups(columns.len()));
    let first = mapping.get_untracked();
    let shown = {
        let columns = columns.clone();
        move || {
            let is_shown = |(idx, column): &(usize, &Column)| {
                is_whole.get() || *idx < N_SHOWN || first.role_of(&column.name) != Role::Ignore
            };
            let shown = columns.iter().enumerate().filter(is_shown);
            shown.map(|(idx, _)| idx).collect::<Vec<_>>()
        }
    };
    let n_more = columns.len().saturating_sub(N_SHOWN);
    view! {
        <ul class="plain-list">
            <For each=shown key=|idx| *idx let:idx>
                <ColumnLine id=format!("column-{key}-{idx}") idx=idx columns=columns.clone() groups=groups.clone() mapping=mapping/>
            </For>
        </ul>
        <Show when=move || !is_whole.get()>
            <button class="button" on:click=move |_| is_whole.set(true)>
                {format!("Show {} more", common::counted(n_more, "column", "columns"))}
            </button>
        </Show>
    }
}

#[component]
fn ColumnLine(
    id: String,
    idx: usize,
    columns: Arc<Vec<Column>>,
    groups: Arc<Vec<(&'static str, Vec<Role>)>>,
    mapping: RwSignal<Mapping>,
) -> impl IntoView {
    let Column { name, samples, .. } = columns.get(idx).cloned()?;
    let samples_id = format!("{id}-samples");
    let role = {
        let name = name.clone();
        Memo::new(move |_| mapping.with(|mapping| mapping.role_of(&name)))
    };
    let option = move |this: Role| {
        view! { <option value=words::role_name(this) prop:selected=move || role.get() == this>{words::role(this)}</option> }
    };
    let options: Vec<AnyView> = groups
        .iter()
        .map(|(heading, roles)| {
            let options = roles.iter().map(|role| option(*role)).collect_view();
            match *heading {
                "" => options.into_any(),
                heading => view! { <optgroup label=heading>{options}</optgroup> }.into_any(),
            }
        })
        .collect();
    let on_change = {
        let name = name.clone();
        move |event| {
            let role = words::role_of(&event_target_value(&event));
            mapping.update(|mapping| mapping.set(&columns, &name, role));
        }
    };
    Some(view! {
        <li class="column" class:column--used=move || role.get() != Role::Ignore>
            <div>
                <label class="field__label" for=id.clone()>"Column “"{shortened(&name)}"”"</label>
                <select id=id aria-describedby=samples_id.clone() on:change=on_change>{options}</select>
            </div>
            <div class="column__samples quiet" id=samples_id>{samples_view(&samples)}</div>
        </li>
    })
}

fn samples_view(samples: &[String]) -> AnyView {
    if samples.is_empty() {
        return "Empty in the first rows.".into_any();
    }
    let shown = samples.iter().take(N_SAMPLES);
    shown.map(|sample| view! { <p>{shortened(sample)}</p> }).collect_view().into_any()
}

fn shortened(text: &str) -> String {
    let start: String = text.chars().take(N_CHARS).collect();
    if start.len() < text.len() { format!("{start} …") } else { start }
}
