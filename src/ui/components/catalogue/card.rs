//! Owns the card of a published set: what it is, and how it comes here.

use leptos::prelude::*;

use super::facts::Facts;
use super::kept_view::UseSet;
use super::load_view::{BrokenOff, LoadView, focus_load};
use crate::dataset::catalogue::{Entry, Role};
use crate::ui::loads::Loads;
use crate::ui::state::State;
use crate::ui::words;

#[component]
pub(crate) fn Card(entry: Entry) -> impl IntoView {
    let heading_id = format!("published-{}", entry.id);
    let kinds: Vec<&str> = entry.kinds.iter().map(|kind| words::kind(*kind)).collect();
    let facts = [
        words::counted(entry.n_items, "question", "questions"),
        entry.split.clone(),
        words::language(&entry.language).to_owned(),
        kinds.join(" or "),
        format!("licence: {}", entry.licence.name),
    ]
    .into_iter()
    .filter(|fact| !fact.is_empty())
    .collect::<Vec<_>>()
    .join(" · ");
    let conflict = entry.licence.conflict.clone();
    view! {
        <article class="card" aria-labelledby=heading_id.clone()>
            <h3 id=heading_id.clone()>{entry.title.clone()}</h3>
            <p class="quiet">{facts}</p>
            <p>{entry.measures.clone()}</p>
            {conflict.map(|conflict| view! {
                <p class="quiet"><strong>"Take note of the licence: "</strong>{conflict}</p>
            })}
            {entry.do_not_show.then(|| view! {
                <p class="quiet">"Its authors ask not to show its questions in plain text where they could be found by a search engine. This page shows none of them before a run."</p>
            })}
            <Facts entry=entry.clone()/>
            <Getting entry=entry/>
        </article>
    }
}

/// What stands in the place of the button.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    Underway,
    Kept,
    BrokenOff,
    Away,
}

fn standing(loads: Loads, id: &str) -> Standing {
    let is_kept = loads
        .kept
        .with(|kept| kept.as_ref().is_some_and(|kept| kept.iter().any(|set| set.entry.id == id)));
    if loads.of(id).is_some() {
        Standing::Underway
    } else if is_kept {
        Standing::Kept
    } else if loads.broken_off.with(|list| list.iter().any(|one| one.id == id)) {
        Standing::BrokenOff
    } else {
        Standing::Away
    }
}

#[component]
fn Getting(entry: Entry) -> impl IntoView {
    let loads = State::get().loads;
    let id = entry.id.clone();
    let standing = Memo::new(move |_| standing(loads, &id));
    let has_votes = entry.parts.iter().any(|part| part.role == Role::Relabelling);
    move || {
        let id = entry.id.clone();
        match standing.get() {
            Standing::Underway => view! { <LoadView id=id/> }.into_any(),
            Standing::Kept => {
                let again_name = format!("Load {} again", entry.title);
                let entry = entry.clone();
                let set = loads.kept.with_untracked(|kept| {
                    kept.as_ref()?.iter().find(|set| set.entry.id == id).cloned()
                });
                set.map(|set| {
                    view! {
                        <p role="status">"Kept in this browser; it works without a network."</p>
                        <UseSet set=set name_in="card"/>
                    <div class="row">
                        <button class="button button--quiet" aria-label=again_name
                            on:click=move |_| { loads.start(&entry); focus_load(&entry.id); }>"Load it again"</button>
                    </div>
                    }
                })
                .into_any()
            }
            Standing::BrokenOff => {
                let kept = loads
                    .broken_off
                    .with_untracked(|list| list.iter().find(|one| one.id == id).cloned());
                kept.map(|kept| view! { <BrokenOff kept=kept/> }).into_any()
            }
            Standing::Away => {
                let entry = entry.clone();
                let name = format!("Load {}", entry.title);
                view! {
                    {has_votes.then(|| view! {
                        <p class="quiet">"Once it is loaded, a switch sets the disputed questions aside."</p>
                    })}
                    <div class="row">
                        {if entry.parts.is_empty() {
                            view! { <p>"This page cannot load it. Download it by hand, and open it below."</p> }.into_any()
                        } else {
                            view! {
                                <button class="button" aria-label=name on:click=move |_| { loads.start(&entry); focus_load(&entry.id); }>"Load"</button>
                            }.into_any()
                        }}
                    </div>
                }
                .into_any()
            }
        }
    }
}
