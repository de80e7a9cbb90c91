//! Owns results that came in an address: what is said of them, and the texts of their questions, where the person has the same
//! question set.

use std::sync::Arc;

use leptos::prelude::*;

use crate::browser::librarian::Librarian;
use crate::browser::loader;
use crate::browser::store::Store;
use crate::dataset::{Item, Selection};
use crate::report::items::mark;
use crate::report::share::{Head, SharedDataset, Texts};
use crate::report::{State as TrialState, wording};
use crate::run::Journal;
use crate::ui::components::bundled;
use crate::ui::pages::results::Shown;
use crate::ui::state::{Loaded, State};
use crate::ui::words;

/// A result from an address, with what was found for it.
pub(crate) struct Claimed {
    pub(crate) shared: crate::report::share::Shared,
    /// The texts that were found, without answers.
    pub(crate) journal: Arc<Journal>,
}

/// What stands above a result that came in a link.
#[component]
pub(crate) fn ClaimNotice(head: Arc<Head>, has_texts: bool) -> impl IntoView {
    let dates = head.dates.as_ref().map(|(first, last)| {
        let (first, last) = (wording::name(first), wording::name(last));
        if first == last {
            format!(" Its day, as it says: {first}.")
        } else {
            format!(" Its days, as it says: {first} to {last}.")
        }
    });
    let sets: Vec<String> = head
        .datasets
        .iter()
        .map(|set| wording::name(&format!("{} {}", set.id, set.version)))
        .collect();
    let sets = (!sets.is_empty()).then(|| format!(" Question sets: {}.", sets.join(", ")));
    let texts = if has_texts {
        "You have the same questions (their fingerprint is the same), so their texts are shown."
    } else {
        "The texts of the questions are not in the link. Whoever has the same question set sees them: open it on the Questions page, then come back."
    };
    view! {
        <section class="notice notice--warn" aria-labelledby="claim-heading" id="claim">
            <h2 id="claim-heading">{format!("Somebody’s claim: {}", wording::name(&head.title))}</h2>
            <p>
                "This result came in a link. It is what the person says who made the link: how each answer ended. The answers themselves are not in it, so nobody can check them here. The figures below were computed anew from it in this browser."
                {dates}{sets}
            </p>
            <p>{texts}" "{(!has_texts).then(|| view! { <a href="#/questions">"Questions"</a> })}</p>
        </section>
    }
}

/// One question of such a result whose text is not at hand: how each model’s answer ended.
#[component]
pub(crate) fn Untold(shown: Shown, row_idx: usize) -> impl IntoView {
    let grid = &shown.comparison.grid;
    let ended: Vec<_> = grid
        .models
        .iter()
        .enumerate()
        .map(|(model, participant)| {
            let outcome = match mark(grid, model, row_idx).state {
                TrialState::Ended(outcome) => Some(outcome),
                TrialState::Unassigned | TrialState::NotAsked => None,
            };
            let word = outcome.map_or("not asked", words::outcome);
            let name = participant.name.clone();
            view! { <li>{name}": "<span class=words::outcome_class(outcome)>{word}</span></li> }
        })
        .collect();
    view! {
        <p>"The text of this question and the answers to it are not in the link."</p>
        <ul>{ended}</ul>
    }
}

/// The items of these sets, as far as this browser has them: on the shelf, among the packs of the page, or kept from the
/// catalogue; and whether any of them is not to be shown in plain text.
pub(crate) async fn texts_of(state: State, sets: &[SharedDataset]) -> (Texts, bool) {
    let (mut texts, mut is_hidden) = (vec![], false);
    for set in sets {
        let found = find(state, set).await;
        is_hidden |= found.as_ref().is_some_and(|found| found.1);
        texts.push(found.map(|found| found.0));
    }
    (texts, is_hidden)
}

type Found = (Arc<Vec<Item>>, bool);

async fn find(state: State, wanted: &SharedDataset) -> Option<Found> {
    let shelf = state.shelf.get_untracked();
    for shelved in &shelf {
        if let Loaded::Here(taken) = shelved.taken.get_untracked()
            && taken.fingerprint == wanted.fingerprint
        {
            return Some((taken.items.clone(), shelved.summary.do_not_show));
        }
    }
    for shelved in shelf.iter().filter(|shelved| shelved.summary.id == wanted.id) {
        let Some(librarian) = shelved.librarian() else { continue };
        let n_splits = shelved.summary.splits.len();
        if let Some(items) = matching(&librarian, n_splits, wanted).await {
            return Some((items, shelved.summary.do_not_show));
        }
    }
    if let Some(file) = bundled::file_of(&wanted.id) {
        let (librarian, summary) = bundled::shelf(file).await.ok()?;
        let items = matching(&librarian, summary.splits.len(), wanted).await?;
        return Some((items, summary.do_not_show));
    }
    let kept = Store::open().await.ok()?.sets().await.ok()?;
    for set in kept.iter().filter(|set| set.entry.id == wanted.id) {
        let Ok(opened) = loader::open_kept(set).await else { continue };
        let n_splits = opened.summary.splits.len();
        if let Some(items) = matching(&opened.librarian, n_splits, wanted).await {
            return Some((items, opened.summary.do_not_show));
        }
    }
    None
}

/// The items of a set that have the wanted fingerprint: all, those of a split, or the same sample of either.
async fn matching(
    librarian: &Librarian,
    n_splits: usize,
    wanted: &SharedDataset,
) -> Option<Arc<Vec<Item>>> {
    let (n, seed) = wanted.sample.map_or((None, 1), |(n, seed)| (Some(n), seed));
    let selection = Selection { n, seed, ..Selection::default() };
    for split in std::iter::once(None).chain((0..n_splits).map(Some)) {
        let taken = librarian.take(split, &selection).await.ok()?;
        if taken.fingerprint == wanted.fingerprint {
            return Some(taken.items);
        }
    }
    None
}
