//! Owns what is shown of a load: how far it is, what to do when it stops, and what came of it.

use leptos::prelude::*;

use super::facts::{Downloads, OpenByHand};
use super::kept_view::{UseSet, check_texts};
use crate::browser::loader::{Outcome, Phase};
use crate::browser::page;
use crate::browser::store::KeptLoad;
use crate::dataset::catalogue::{Failure, Progress, SplitName, Unit};
use crate::ui::components::field::SelectField;
use crate::ui::loads::Underway;
use crate::ui::state::State;
use crate::ui::words;

/// What a load shows. While it goes on, what is told changes, and its buttons are not drawn anew.
#[derive(Debug, Clone, PartialEq)]
enum Shape {
    Going,
    Checking,
    AtRest(Phase),
}

fn shape(phase: &Phase) -> Shape {
    match phase {
        Phase::Fetching { .. } | Phase::Waiting { .. } => Shape::Going,
        Phase::Checking => Shape::Checking,
        Phase::Choosing(_) | Phase::Stopped { .. } | Phase::Failed(_) | Phase::Done(_) => {
            Shape::AtRest(phase.clone())
        }
    }
}

#[component]
pub(crate) fn LoadView(id: String) -> impl IntoView {
    let loads = State::get().loads;
    // A load that takes the place of another is shown anew.
    let number = {
        let id = id.clone();
        Memo::new(move |_| loads.of(&id).map(|one| one.number))
    };
    move || {
        let _ = number.get();
        loads.of_now(&id).map(|one| view! { <OneLoad one=one/> })
    }
}

#[component]
fn OneLoad(one: Underway) -> impl IntoView {
    let Underway { id, title, phase, .. } = one;
    let shape = {
        let phase = phase.clone();
        Memo::new(move |_| phase.with(shape))
    };
    let frame_id = format!("load-{id}");
    let content = move || {
        let (id, title, phase) = (id.clone(), title.clone(), phase.clone());
        match shape.get() {
            Shape::Going => {
                view! { <Going id=id title=title phase=phase is_checking=false/> }.into_any()
            }
            Shape::Checking => {
                view! { <Going id=id title=title phase=phase is_checking=true/> }.into_any()
            }
            Shape::AtRest(phase) => at_rest(id, title, phase),
        }
    };
    view! { <div class="lane" id=frame_id tabindex="-1">{content}</div> }
}

/// Where the focus goes when what was clicked is replaced by what came of it.
pub(super) fn focus_load(id: &str) {
    let selector = format!("#load-{id}");
    request_animation_frame(move || page::focus(&selector));
}

fn at_rest(id: String, title: String, phase: Phase) -> AnyView {
    match phase {
        Phase::Choosing(splits) => view! { <Splits id=id splits=splits/> }.into_any(),
        Phase::Stopped { progress, why, not_kept } => view! {
            <Stopped id=id title=title progress=progress why=why not_kept=not_kept/>
        }
        .into_any(),
        Phase::Failed(failure) => view! { <Failed id=id title=title failure=failure/> }.into_any(),
        Phase::Done(outcome) => view! { <Done id=id outcome=*outcome/> }.into_any(),
        Phase::Fetching { .. } | Phase::Waiting { .. } | Phase::Checking => ().into_any(),
    }
}

#[component]
fn Going(id: String, title: String, phase: ArcRwSignal<Phase>, is_checking: bool) -> impl IntoView {
    let loads = State::get().loads;
    let stop_name = format!("Stop loading {title}");
    let value = {
        let phase = phase.clone();
        move || phase.with(|phase| progress_of(phase).and_then(Progress::share))
    };
    // A bar without a value says that something goes on, and not how far.
    let has_value = {
        let value = value.clone();
        Memo::new(move |_| value().is_some())
    };
    let bar = move || {
        let label = format!("Progress of {title}");
        if has_value.get() {
            let value = value.clone();
            view! { <progress class="bar" aria-label=label max="1" prop:value=move || value().unwrap_or_default()></progress> }.into_any()
        } else {
            view! { <progress class="bar" aria-label=label></progress> }.into_any()
        }
    };
    let told = if is_checking {
        view! { <p role="status">"Everything came. Reading and checking it …"</p> }.into_any()
    } else {
        view! { <p>{move || phase.with(going_text)}</p> }.into_any()
    };
    view! {
        {told}
        {bar}
        <div class="row">
            <button class="button" aria-label=stop_name on:click=move |_| { loads.stop(&id); focus_load(&id); }>"Stop"</button>
        </div>
    }
}

fn progress_of(phase: &Phase) -> Option<&Progress> {
    match phase {
        Phase::Fetching { progress, .. }
        | Phase::Waiting { progress, .. }
        | Phase::Stopped { progress, .. } => Some(progress),
        Phase::Choosing(_) | Phase::Checking | Phase::Failed(_) | Phase::Done(_) => None,
    }
}

fn going_text(phase: &Phase) -> String {
    let mut parts: Vec<String> = progress_of(phase).map(progress_text).into_iter().collect();
    match phase {
        Phase::Fetching { left_millis: Some(millis), .. } => {
            parts.push(format!("{} left", words::duration(*millis)));
        }
        Phase::Waiting { why, secs, .. } => {
            parts.push(format!("Going on in {secs} s: {why}"));
        }
        Phase::Fetching { left_millis: None, .. }
        | Phase::Choosing(_)
        | Phase::Stopped { .. }
        | Phase::Checking
        | Phase::Failed(_)
        | Phase::Done(_) => {}
    }
    parts.join(" · ")
}

/// `Part 1 of 2 · 300 of 1,273 rows · 23.6 %`.
fn progress_text(progress: &Progress) -> String {
    let Progress { n_parts_done, n_parts, done, total, unit } = *progress;
    let mut parts = vec![];
    if 1 < n_parts && n_parts_done < n_parts {
        parts.push(format!("Part {} of {n_parts}", n_parts_done + 1));
    }
    // More than was announced comes where the announcement was of the packed size.
    let total = total.filter(|total| done <= *total);
    parts.push(match (unit, total) {
        (_, None) if done == 0 => "Asking for it …".to_owned(),
        (Unit::Rows, Some(total)) => {
            format!("{} of {} rows", words::count_u64(done), words::count_u64(total))
        }
        (Unit::Rows, None) => format!("{} rows", words::count_u64(done)),
        (Unit::Bytes, Some(total)) => format!("{} of {}", words::bytes(done), words::bytes(total)),
        (Unit::Bytes, None) => words::bytes(done),
    });
    parts.extend(progress.share().map(words::percent));
    parts.join(" · ")
}

#[component]
fn Splits(id: String, splits: Vec<SplitName>) -> impl IntoView {
    let loads = State::get().loads;
    let chosen = RwSignal::new(0_usize);
    let options = splits
        .iter()
        .enumerate()
        .map(|(idx, split)| (idx.to_string(), format!("{}, {}", split.config, split.split)))
        .collect();
    let cancelled = id.clone();
    view! {
        <SelectField
            label="Which part of it"
            id=format!("split-of-{id}")
            options=options
            value=Signal::derive(move || chosen.get().to_string())
            on_change=Callback::new(move |value: String| chosen.set(value.parse().unwrap_or_default()))
            hint=Signal::derive(|| "This dataset has several parts. For an examination take the one called test, if there is one.".to_owned())
        />
        <div class="row">
            <button class="button button--main" on:click=move |_| {
                loads.choose(&id, chosen.get_untracked());
                focus_load(&id);
            }>"Load this part"</button>
            <button class="button button--quiet" on:click=move |_| drop(loads.take(&cancelled))>"Cancel"</button>
        </div>
    }
}

#[component]
fn Stopped(
    id: String,
    title: String,
    progress: Progress,
    why: Option<String>,
    not_kept: Option<String>,
) -> impl IntoView {
    let told = format!("Stopped. {}", progress_text(&progress));
    view! {
        <p role="status">{told}</p>
        {why.map(|why| view! { <p class="notice notice--warn">{why}</p> })}
        {not_kept.map(|reason| view! {
            <p class="notice notice--warn">{format!("It goes on from here while this page is open, but could not be kept for later: {reason}.")}</p>
        })}
        <GoOn id=id title=title/>
    }
}

#[component]
fn GoOn(id: String, title: String) -> impl IntoView {
    let loads = State::get().loads;
    let forgotten = id.clone();
    view! {
        <div class="row">
            <button class="button" aria-label=format!("Resume loading {title}") on:click=move |_| { loads.resume(&id); focus_load(&id); }>"Resume"</button>
            <button class="button button--quiet" aria-label=format!("Forget what came of {title}")
                on:click=move |_| loads.forget_load(forgotten.clone())>"Forget it"</button>
        </div>
    }
}

/// A load that was broken off in an earlier visit.
#[component]
pub(super) fn BrokenOff(kept: KeptLoad) -> impl IntoView {
    let loads = State::get().loads;
    let told = format!("Broken off. {}", progress_text(&kept.progress));
    let (resume_name, forget_name) =
        (format!("Resume loading {}", kept.title), format!("Forget what came of {}", kept.title));
    let forgotten = kept.id.clone();
    view! {
        <div class="lane">
            <p>{told}</p>
            <div class="row">
                <button class="button" aria-label=resume_name on:click=move |_| { loads.resume_kept(kept.clone()); focus_load(&kept.id); }>"Resume"</button>
                <button class="button button--quiet" aria-label=forget_name
                    on:click=move |_| loads.forget_load(forgotten.clone())>"Forget it"</button>
            </div>
        </div>
    }
}

#[component]
fn Failed(id: String, title: String, failure: Failure) -> impl IntoView {
    let loads = State::get().loads;
    let entry = loads
        .catalogue
        .with_untracked(|catalogue| catalogue.as_ref()?.as_ref().ok()?.entry(&id).cloned());
    let Failure { what, way_round, downloads } = failure;
    view! {
        <div class="notice notice--bad" role="alert">
            <p>{what}</p>
            <p>{way_round}</p>
            <Downloads downloads=downloads/>
            {match entry {
                Some(entry) => view! { <OpenByHand entry=entry/> }.into_any(),
                None => view! { <p><a href="#/questions">"Open the file on the page Questions"</a></p> }.into_any(),
            }}
        </div>
        <GoOn id=id title=title/>
    }
}

#[component]
fn Done(id: String, outcome: Outcome) -> impl IntoView {
    let loads = State::get().loads;
    let is_recognised = outcome.is_recognised();
    let Outcome { set, notices, n_refused, not_kept } = outcome;
    let told = match set.n_items {
        Some(n) => format!("Loaded: {}.", words::counted(n, "question", "questions")),
        None => "Loaded, but its form is not known.".to_owned(),
    };
    let checks = check_texts(&set);
    view! {
        <div class=if is_recognised { "notice notice--good" } else { "notice notice--warn" } role="status">
            <p><strong>{told}</strong></p>
            {checks.into_iter().map(|text| view! { <p>{text}</p> }).collect_view()}
            {(0 < n_refused).then(|| view! {
                <p>{format!("{} could not be used; the page Questions tells where and why.", words::counted(n_refused, "entry", "entries"))}</p>
            })}
            {notices.into_iter().map(|notice| view! { <p class="quiet">{notice}</p> }).collect_view()}
        </div>
        {not_kept.map(|reason| view! {
            <p class="notice notice--warn">{format!("It can be used now, but not kept for later: {reason}.")}</p>
        })}
        <UseSet set=set name_in="load"/>
        <div class="row">
            <button class="button button--quiet" on:click=move |_| drop(loads.take(&id))>"Close this"</button>
        </div>
    }
}
