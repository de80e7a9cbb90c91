//! Owns one model's, or one judge's, part of a run under way: how far it is, how fast it goes, and what it refused.

use leptos::prelude::*;

use super::batch_files::BatchFiles;
use super::snapshot::Lane;
use super::stopped::StoppedView;
use super::writing::Writing;
use crate::browser::clock;
use crate::browser::driver::Driver;
use crate::provider::batch::Standing;
use crate::report::VerdictCounts;
use crate::ui::words;

#[component]
pub(super) fn LaneView(
    lane: Memo<Option<Lane>>,
    driver: StoredValue<Driver, LocalStorage>,
    on_key: Callback<()>,
) -> impl IntoView {
    let Some(first) = lane.get_untracked() else { return ().into_any() };
    let name = first.name.clone();
    let model_idx = first.progress.model_idx;
    let heading_id = format!("lane-{model_idx}");
    let with = move |look: fn(&Lane) -> String| {
        lane.with(|lane| lane.as_ref().map(look).unwrap_or_default())
    };
    let n_ended = move || {
        lane.with(|lane| {
            lane.as_ref().map_or(0, |lane| lane.progress.n_answered + lane.progress.n_failed)
        })
    };
    // A judge has more to do with each answer.
    let n_total =
        move || lane.with(|lane| lane.as_ref().map_or(1, |lane| lane.progress.n_total.max(1)));
    let is_judge = first.verdicts.is_some();
    let progress_label = if is_judge {
        format!("Progress of the judge {name}")
    } else {
        format!("Progress of {name}")
    };
    let stopped = Memo::new(move |_| lane.with(|lane| lane.as_ref()?.progress.stopped.clone()));
    let adapted = Memo::new(move |_| {
        lane.with(|lane| lane.as_ref().map(|lane| lane.adapted.clone()).unwrap_or_default())
    });
    let trouble = Memo::new(move |_| lane.with(|lane| lane.as_ref()?.batch_trouble.clone()));
    let endpoint = StoredValue::new(first.endpoint.clone());
    // What cannot be handed in from a page goes by file; that is no failure.
    let is_by_file = matches!(first.batch, Some(Standing::ByFile(..)));
    view! {
        <section class="lane" aria-labelledby=heading_id>
            <h2 id=heading_id.clone()>
                {name.clone()}
                {is_judge.then(|| view! { " "<span class="badge">"judge"</span> })}
            </h2>
            <progress class="bar" aria-label=progress_label max=move || n_total().to_string()
                prop:value=move || n_ended() as f64></progress>
            <p>{move || with(done)}</p>
            <p class="quiet">{move || with(pace)}</p>
            <p class="quiet">{move || with(money)}</p>
            {move || adapted.get().into_iter().map(|(setting, message)| view! {
                <p class="quiet">{format!("Asked without the setting “{}” from here on: the model refuses it. It says: “{}”", setting.name(), words::shortened(&message, 200))}</p>
            }).collect_view()}
            {first.is_streamed.then(|| view! { <Writing driver=driver model_idx=model_idx/> })}
            {move || trouble.get().map(|trouble| view! {
                <p class="notice notice--warn">{format!("The provider could not be asked about its batch just now; the page asks again. {trouble}")}</p>
            })}
            {first.batch.map(|standing| view! { <BatchFiles driver=driver model_idx=model_idx standing=standing/> })}
            {move || stopped.get().filter(|_| !is_by_file).map(|stop| view! {
                <StoppedView stop=stop endpoint=endpoint.get_value() model_idx=model_idx on_key=on_key/>
            })}
        </section>
    }
    .into_any()
}

/// How far a judge is. What is missing is told as that.
fn judged(lane: &Lane, verdicts: VerdictCounts) -> String {
    let progress = &lane.progress;
    if progress.n_total == 0 {
        return "No answer to judge yet.".to_owned();
    }
    let ended = progress.n_answered + progress.n_failed;
    let mut told = vec![format!(
        "{} of {} calls done: {}",
        words::count(ended),
        words::count(progress.n_total),
        words::counted(verdicts.n_read, "verdict", "verdicts")
    )];
    if 0 < verdicts.n_left_out {
        let n = words::counted(verdicts.n_left_out, "criterion", "criteria");
        told.push(format!("{n} left out"));
    }
    if 0 < progress.n_failed {
        let n = words::counted(progress.n_failed, "call", "calls");
        told.push(format!("{n} without a verdict (missing, not “not met”)"));
    }
    match progress.n_reused {
        0 => {}
        1 => told.push("1 was judged in an earlier run".to_owned()),
        n => told.push(format!("{} were judged in an earlier run", words::count(n))),
    }
    told.join(", ")
}

fn done(lane: &Lane) -> String {
    if let Some(verdicts) = lane.verdicts {
        return judged(lane, verdicts);
    }
    let progress = &lane.progress;
    let ended = progress.n_answered + progress.n_failed;
    let counts =
        if lane.outcomes.is_empty() { String::new() } else { format!(": {}", lane.outcomes) };
    let reused = match progress.n_reused {
        0 => String::new(),
        n => format!(". {} from an earlier run", words::counted(n, "answer is", "answers are")),
    };
    format!("{} of {} done{counts}{reused}", words::count(ended), words::count(progress.n_total))
}

fn pace(lane: &Lane) -> String {
    let progress = &lane.progress;
    if progress.n_answered + progress.n_failed == progress.n_total {
        return String::new();
    }
    let now = clock::now_millis();
    let wait = |until: u64| words::duration(until.saturating_sub(now));
    let mut parts = vec![];
    if 0 < progress.n_in_flight {
        parts.push(format!(
            "{} under way, at most {} at once",
            progress.n_in_flight, progress.limit
        ));
    }
    if 0 < progress.n_handing_in {
        let n = words::count(progress.n_handing_in);
        parts.push(format!("{n} being handed in: please keep this page open for a moment"));
    }
    if 0 < progress.n_in_batch {
        let batches = words::counted(progress.n_batches, "batch", "batches");
        let look = lane.next_look.map(|at| format!(", next look in {}", wait(at)));
        let n = words::count(progress.n_in_batch);
        parts.push(format!("{n} handed in with {batches}{}", look.unwrap_or_default()));
    }
    if let Some(rate) = progress.per_minute {
        parts.push(format!("{rate:.0} a minute"));
    }
    let goes_on = !progress.by_hand && progress.stopped.is_none() && !lane.is_growing;
    if let Some(left) = progress.left_millis.filter(|_| goes_on) {
        parts.push(format!("{} left", words::duration(left)));
    }
    if 0 < progress.n_waiting {
        parts.push(format!("{} waiting for another try", progress.n_waiting));
    }
    if let Some(until) = progress.closed_until {
        parts.push(format!("the provider asked for a pause, {} left", wait(until)));
    }
    if let Some(until) = progress.paced_until {
        parts.push(format!("the pace that you set lets the next call go in {}", wait(until)));
    }
    if progress.waits_for_budget {
        parts.push("waiting for answers, to see what is left of the budget".to_owned());
    }
    parts.join(" · ")
}

fn money(lane: &Lane) -> String {
    let progress = &lane.progress;
    let mut parts = vec![];
    if 0 < progress.spent.0 {
        parts.push(format!("{} spent", progress.spent));
    }
    if 0 < progress.may_have_cost.0 {
        parts.push(format!("at most {} more may have been charged", progress.may_have_cost));
    }
    parts.join(" · ")
}
