//! Owns the look at what a judge reads.

use leptos::prelude::*;

use crate::prompt::as_plain_text;
use crate::run::draft::Missing;
use crate::run::{JudgementId, Plan, TrialId, judge_call};

/// What stands where the answer will be.
const ANSWER: &str = "(the model’s answer)";

/// The messages about the first open question, made while somebody looks.
#[component]
pub(super) fn Reading(plan: Memo<Result<Plan, Missing>>) -> impl IntoView {
    let is_open = RwSignal::new(false);
    let text = Memo::new(move |_| {
        if !is_open.get() {
            return None;
        }
        plan.with(|plan| first(plan.as_ref().ok()?))
    });
    view! {
        <details id="judge-reads" on:toggle=move |_| is_open.update(|is| *is = !*is)>
            <summary>"What a judge reads"</summary>
            {move || text.get().map(|text| view! {
                <div class="answer" dir="auto" tabindex="0" role="group" aria-label="What a judge reads">{text}</div>
            })}
        </details>
    }
}

/// The first call about the first open item.
fn first(plan: &Plan) -> Option<String> {
    let judging = plan.judging.as_ref()?;
    let item = plan.items.iter().position(|item| !judging.parts(item).is_empty())?;
    let (criterion, _) = judging.parts(plan.items.get(item)?).first().copied()?;
    let trial = TrialId { model: 0, item: u32::try_from(item).ok()?, repeat: 0 };
    let judgement = JudgementId { judge: 0, trial, criterion, repeat: 0 };
    Some(as_plain_text(&judge_call(plan, judgement, ANSWER)?.messages))
}
