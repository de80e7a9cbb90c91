//! Owns the look at what a choice of columns makes of a file: how many questions, which rows are refused, and the first ones.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser::librarian::{Previewed, Unread};
use crate::dataset::mapping::Mapping;
use crate::dataset::{Item, Kind, Refusal};
use crate::ui::components::item_view::ItemText;
use crate::ui::words;

/// How far the look has come.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Look {
    /// A choice is missing.
    Lacking(String),
    /// The file is read.
    Reading,
    /// It is known.
    Here(Arc<Previewed>),
    /// It cannot be had.
    Failed(String),
}

impl Look {
    /// How many questions would open.
    pub(super) fn n_items(&self) -> usize {
        if let Self::Here(seen) = self { seen.n_items } else { 0 }
    }
}

/// Looks anew whenever the choice changes. One look is under way at a time; the next is at the latest choice.
pub(super) fn follow(
    mapping: RwSignal<Mapping>,
    unread: StoredValue<Unread, LocalStorage>,
) -> RwSignal<Look> {
    let look = RwSignal::new(Look::Reading);
    let is_busy = StoredValue::new(false);
    Effect::new(move |_| {
        if let Err(reason) = mapping.with(Mapping::check) {
            look.set(Look::Lacking(reason));
            return;
        }
        look.set(Look::Reading);
        if is_busy.get_value() {
            return;
        }
        is_busy.set_value(true);
        spawn_local(async move {
            while let Some(asked) = mapping.try_get_untracked()
                && asked.check().is_ok()
                && let Some(unread) = unread.try_get_value()
            {
                let seen = unread.preview(&asked).await;
                if mapping.try_with_untracked(|now| *now == asked) == Some(true) {
                    look.set(match seen {
                        Ok(seen) => Look::Here(Arc::new(seen)),
                        Err(error) => Look::Failed(error.to_string()),
                    });
                    break;
                }
            }
            is_busy.try_set_value(false);
        });
    });
    look
}

#[component]
pub(super) fn Preview(
    /// Names this file in ids of the page.
    key: u32,
    look: RwSignal<Look>,
) -> impl IntoView {
    // What was seen last stays while the file is read again: a page that jumps cannot be read.
    let last = RwSignal::new(None::<Arc<Previewed>>);
    Effect::new(move |_| match look.get() {
        Look::Here(seen) => last.set(Some(seen)),
        Look::Reading => {}
        Look::Lacking(_) | Look::Failed(_) => last.set(None),
    });
    let status = move || match look.get() {
        Look::Lacking(reason) | Look::Failed(reason) => reason,
        Look::Reading => "Reading the file with these columns …".to_owned(),
        Look::Here(seen) => counts(&seen),
    };
    view! {
        <h4>"What would open"</h4>
        <p role="status" id=format!("mapping-count-{key}")><strong>{status}</strong></p>
        <div aria-busy=move || look.with(|look| (*look == Look::Reading).then_some("true"))>
            {move || last.get().map(|seen| view! {
                <Refused refusals=seen.refusals.clone() n_refused=seen.n_refused is_all=seen.n_items == 0/>
                {seen.notices.iter().map(|notice| view! { <p class="notice">{notice.clone()}</p> }).collect_view()}
                {first_items(&seen.items)}
            })}
        </div>
    }
}

fn counts(seen: &Previewed) -> String {
    let n_items = words::counted(seen.n_items, "question opens", "questions open");
    if seen.n_items == 0 {
        return "No question opens so. Look above at what is the question, the options and the right answer.".to_owned();
    }
    match seen.n_refused {
        0 => format!("{n_items}, and no row is refused."),
        n => format!("{n_items}, {}.", words::counted(n, "row is refused", "rows are refused")),
    }
}

#[component]
fn Refused(refusals: Vec<Refusal>, n_refused: usize, is_all: bool) -> impl IntoView {
    let n_more = n_refused - refusals.len();
    (0 < n_refused).then(|| view! {
        <details class="notice notice--warn" open=is_all>
            <summary>{format!("{} refused: where and why", words::counted(n_refused, "row", "rows"))}</summary>
            <ul>{refusals.iter().map(|refusal| view! { <li>{words::refusal(refusal)}</li> }).collect_view()}</ul>
            {(0 < n_more).then(|| format!("… and {} more.", words::count(n_more)))}
        </details>
    })
}

fn first_items(items: &[Item]) -> impl IntoView + use<> {
    let shown = items.iter().map(|item| {
        let about: Vec<String> = std::iter::once(item.id.to_string())
            .chain(Some(&item.category).filter(|name| !name.is_empty()).cloned())
            .chain(item.tags.iter().cloned())
            .collect();
        view! {
            <li>
                <p class="quiet">{about.join(" · ")}</p>
                <ItemText item=item.clone()/>
                {also_right(item).map(|text| view! { <p>{text}</p> })}
            </li>
        }
    });
    (!items.is_empty()).then(|| view! { <ol class="plain-list">{shown.collect_view()}</ol> })
}

/// What counts as right besides the right answer itself.
fn also_right(item: &Item) -> Option<String> {
    match &item.kind {
        Kind::Number(number) if number.low < number.high => {
            Some(format!("Counts as right from {} to {}.", number.low, number.high))
        }
        Kind::ShortText(text) if 1 < text.accepted.len() => {
            Some(format!("Also right: {}.", text.accepted[1..].join(", ")))
        }
        Kind::Choice(_)
        | Kind::Choices(_)
        | Kind::Number(_)
        | Kind::ShortText(_)
        | Kind::Reference(_)
        | Kind::Rubric(_) => None,
    }
}
