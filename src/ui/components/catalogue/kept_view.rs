//! Owns the list of published sets that the browser keeps, and the way from there to an examination.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::load_view::BrokenOff;
use crate::browser::store::KeptSet;
use crate::browser::{clock, loader, page};
use crate::report::link::Route;
use crate::ui::pages::ledger::Clear;
use crate::ui::state::{Origin, State};
use crate::ui::words;

/// What was found in checking a set, in sentences.
pub(super) fn check_texts(set: &KeptSet) -> Vec<String> {
    let Some(check) = &set.check else {
        return vec![];
    };
    let rows = words::counted(check.n_rows, "row", "rows");
    let mut texts = vec![match check.is_count_right {
        Some(true) => format!("{rows} came, as many as expected."),
        Some(false) => format!("{rows} came, and that is not the number that was expected."),
        None => format!("{rows} came."),
    }];
    let size = |idx: Option<usize>| set.splits.get(idx?).map(|(_, n)| *n);
    if let Some(n) = size(check.official_split) {
        texts.push(format!(
            "The official split has {}; it is chosen when you use the set.",
            words::counted(n, "question", "questions")
        ));
    }
    texts.push(format!("Fingerprint of the questions (SHA-256): {}", check.fingerprint));
    texts
}

/// The switch for disputed items, and the button that makes a set the questions of the examination.
#[component]
pub(super) fn UseSet(
    set: KeptSet,
    /// Keeps ids apart where a set stands on the page twice.
    name_in: &'static str,
) -> impl IntoView {
    let state = State::get();
    let error = RwSignal::new(None::<String>);
    let is_opening = RwSignal::new(false);
    let is_without_disputed = RwSignal::new(false);
    let undisputed = set.check.as_ref().and_then(|check| check.undisputed_split);
    let n_undisputed = undisputed.and_then(|idx| set.splits.get(idx)).map(|(_, n)| *n);
    let n_items = set.n_items.unwrap_or_default();
    let is_recognised = set.n_items.is_some();
    let title = set.entry.title.clone();
    let tick_id = format!("undisputed-{name_in}-{}", set.entry.id);
    let put_to_use = move |_| {
        let set = set.clone();
        error.set(None);
        is_opening.set(true);
        // Read now: what shows it may be gone when the set is open.
        let is_without_disputed = is_without_disputed.get_untracked();
        spawn_local(async move {
            let ready = state.loads.take(&set.entry.id);
            let used = if set.n_items.is_none() {
                loader::kept_file(&set).await.map(|file| {
                    state.handed.update_untracked(|files| files.push(file));
                })
            } else {
                let opened = match ready {
                    Some(opened) => Ok(opened),
                    None => loader::open_kept(&set).await,
                };
                // What is in no catalogue may tell of real people, as a file of the person's own may.
                let is_listed = loader::is_of_catalogue(&set.entry);
                let origin = if is_listed { Origin::Published } else { Origin::Own };
                opened.map(|opened| state.use_published(opened, origin, is_without_disputed))
            };
            match used {
                Ok(()) => page::go_to(&Route::Questions.fragment()),
                Err(refused) => {
                    let _ = error.try_set(Some(refused.to_string()));
                    let _ = is_opening.try_set(false);
                }
            }
        });
    };
    view! {
        {n_undisputed.map(|n| view! {
            <label class="tick" for=tick_id.clone()>
                <input type="checkbox" id=tick_id.clone() prop:checked=is_without_disputed
                    on:change=move |event| is_without_disputed.set(event_target_checked(&event))/>
                <span>{format!(
                    "Set aside the {} that physicians found fault with; {} stay.",
                    words::counted(n_items.saturating_sub(n), "question", "questions"),
                    words::count(n)
                )}</span>
            </label>
        })}
        <div class="row">
            {if is_recognised {
                view! {
                    <button class="button button--main" aria-label=format!("Use {title}") disabled=is_opening
                        on:click=put_to_use>"Use these questions"</button>
                }.into_any()
            } else {
                view! {
                    <button class="button button--main" aria-label=format!("Open {title} as a file") disabled=is_opening
                        on:click=put_to_use>"Open it as a file"</button>
                }.into_any()
            }}
            <span role="status">{move || is_opening.get().then_some("Opening …")}</span>
        </div>
        {move || error.get().map(|error| view! { <p class="notice notice--bad" role="alert">{error}</p> })}
    }
}

/// All sets that are kept, with what they take; and loads of sets in no catalogue that were broken off.
#[component]
pub(crate) fn KeptSets() -> impl IntoView {
    let loads = State::get().loads;
    let is_none = move || loads.kept.with(|kept| kept.as_ref().is_none_or(Vec::is_empty));
    let sets = move || loads.kept.get().unwrap_or_default();
    let storage = move || {
        let n_bytes: u64 =
            loads.kept.with(|kept| kept.iter().flatten().map(|set| set.n_bytes).sum());
        let own = (0 < n_bytes).then(|| format!("The sets take {}.", words::bytes(n_bytes)));
        let all = loads.estimate.get().map(|estimate| {
            format!(
                "By the browser’s estimate this page uses {} in all, and may use {}.",
                words::bytes(estimate.n_used),
                words::bytes(estimate.n_allowed)
            )
        });
        own.into_iter().chain(all).collect::<Vec<_>>().join(" ")
    };
    view! {
        <section aria-labelledby="kept-heading">
            <h2 id="kept-heading" tabindex="-1">"Kept in this browser"</h2>
            {move || loads.error.get().map(|error| view! { <p class="notice notice--bad" role="alert">{error}</p> })}
            {move || is_none().then(|| view! {
                <p class="quiet">"None yet. What you load is kept here, so that it works without a network."</p>
            })}
            <ul class="plain-list" id="kept-sets">
                <For each=sets key=|set| (set.entry.id.clone(), set.at_millis) let:set><Kept set=set/></For>
            </ul>
            <p class="quiet" id="storage-used">{storage}</p>
        </section>
    }
}

#[component]
fn Kept(set: KeptSet) -> impl IntoView {
    let loads = State::get().loads;
    let n_items = set.n_items.map_or_else(
        || "not recognised as questions".to_owned(),
        |n| words::counted(n, "question", "questions"),
    );
    let facts = [
        n_items,
        set.entry.split.clone(),
        words::bytes(set.n_bytes),
        format!("loaded {}", clock::local_date_time(set.at_millis)),
    ]
    .into_iter()
    .filter(|fact| !fact.is_empty())
    .collect::<Vec<_>>()
    .join(" · ");
    let id = set.entry.id.clone();
    let checks = check_texts(&set);
    view! {
        <li>
            <strong>{set.entry.title.clone()}</strong>
            <p class="quiet">{facts}</p>
            {(!checks.is_empty()).then(|| view! {
                <details>
                    <summary>"What was checked"</summary>
                    {checks.into_iter().map(|text| view! { <p>{text}</p> }).collect_view()}
                </details>
            })}
            <UseSet set=set name_in="kept"/>
            <div class="row">
                <Clear label="Delete …" question="Delete it from this browser? It can be loaded again."
                    on_yes=Callback::new(move |()| {
                        loads.delete(id.clone());
                        request_animation_frame(|| page::focus("#kept-heading"));
                    })/>
            </div>
        </li>
    }
}

/// Loads of sets that are in no catalogue, and were broken off.
#[component]
pub(super) fn OthersBrokenOff() -> impl IntoView {
    let loads = State::get().loads;
    let others = move || {
        let is_listed = |id: &str| {
            loads.catalogue.with(|catalogue| {
                let catalogue = catalogue.as_ref().and_then(|catalogue| catalogue.as_ref().ok());
                catalogue.is_none_or(|catalogue| catalogue.entry(id).is_some())
            })
        };
        let mut others = loads.broken_off.get();
        others.retain(|one| !is_listed(&one.id) && loads.of(&one.id).is_none());
        others
    };
    move || {
        others()
            .into_iter()
            .map(|kept| {
                let title = kept.title.clone();
                view! { <h3>{title}</h3><BrokenOff kept=kept/> }
            })
            .collect_view()
    }
}
