//! Owns the checklist by which a person judges an answer; ticks are written into the journal of its run.

use leptos::prelude::*;

use super::Desk;
use crate::people::case::checklist::Point;
use crate::run::{Overruling, Ruling, TrialId};

#[component]
pub(super) fn Checklist(
    text: String,
    round: usize,
    trial: TrialId,
    ticks: Memo<Vec<Option<bool>>>,
    label: String,
) -> impl IntoView {
    let desk = Desk::get();
    let tick = move |point: usize, is_met: bool| {
        let Some(plan) = desk.plan_of(round) else { return };
        let criterion = u16::try_from(point).unwrap_or(u16::MAX);
        // Taken back and not "not met": an empty box says nothing yet.
        let ruling = Ruling::Criterion { criterion, met: is_met.then_some(true) };
        match Overruling::new(&plan, trial, ruling, "Read on the page of the case", "You") {
            Ok(ruled) => desk.rule(round, ruled),
            Err(error) => desk.error.set(Some(error.to_string())),
        }
    };
    let points = Point::ALL.into_iter().enumerate().map(|(idx, point)| {
        let is_ticked = move || ticks.with(|ticks| ticks.get(idx).copied().flatten()) == Some(true);
        let hint = match point.hint(&text) {
            Some(found) => format!("Words that point to it: {found}"),
            None => "No words found that point to it.".to_owned(),
        };
        view! {
            <label class="tick">
                <input type="checkbox" prop:checked=is_ticked disabled=move || desk.is_busy.get()
                    on:change=move |event| tick(idx, event_target_checked(&event))/>
                <span>{point.text()}<br/><span class="quiet">{hint}</span></span>
            </label>
        }
    });
    let points: Vec<_> = points.collect();
    view! {
        <fieldset>
            <legend>{format!("Judge {label}")}</legend>
            {points}
        </fieldset>
    }
}
