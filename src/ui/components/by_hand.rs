//! Owns the answers that a human brings during a run: a person's own, and those carried by copy and paste.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser::driver::Driver;
use crate::browser::{clock, page};
use crate::dataset::{Choice, Item};
use crate::prompt;
use crate::provider::{Completion, Seat};
use crate::run::{Event, TrialId};
use crate::ui::components::question::AskedQuestion;
use crate::ui::state::State;

/// What waits for a human.
#[derive(Debug, Clone, PartialEq)]
struct Task {
    trial: TrialId,
    name: String,
    is_person: bool,
    item: Item,
    prompt: String,
    n_left: usize,
}

fn tasks(driver: &Driver) -> Vec<Task> {
    driver.with(|run| {
        let plan = &run.journal().plan;
        let lanes = run.progress().into_iter().filter(|lane| lane.by_hand);
        lanes
            .filter_map(|lane| {
                let spec = plan.models.get(lane.model_idx)?;
                let trial = run.next_by_hand(lane.model_idx)?;
                let item = plan.items.get(trial.item as usize)?.clone();
                Some(Task {
                    trial,
                    name: spec.name.clone(),
                    is_person: spec.seat == Seat::Person,
                    prompt: prompt::as_plain_text(&prompt::render(&item, &plan.prompting)),
                    item,
                    n_left: lane.n_total - lane.n_answered,
                })
            })
            .collect()
    })
}

/// A section for each participant that needs a human.
#[component]
pub(crate) fn ByHand(driver: StoredValue<Driver, LocalStorage>) -> impl IntoView {
    let state = State::get();
    let tasks = Memo::new(move |_| {
        state.run_version.track();
        driver.with_value(tasks)
    });
    let bring = Callback::new(move |(trial, took_millis, text): (TrialId, u64, String)| {
        let completion = Completion { text, ..Completion::default() };
        driver.with_value(|driver| driver.tell(Event::Brought { trial, took_millis, completion }));
    });
    view! {
        <For each=move || tasks.get() key=|task| task.trial let:task>
            {if task.is_person {
                view! { <PersonTask task=task bring=bring/> }.into_any()
            } else {
                view! { <PasteTask task=task bring=bring/> }.into_any()
            }}
        </For>
    }
}

#[component]
fn PersonTask(task: Task, bring: Callback<(TrialId, u64, String)>) -> impl IntoView {
    let asked_at = clock::now_millis();
    let trial = task.trial;
    let is_plain = RwSignal::new(false);
    let has_plain = task.item.plain_question.is_some();
    let on_choice = Callback::new(move |idx: usize| {
        let took_millis = clock::now_millis().saturating_sub(asked_at);
        bring.run((trial, took_millis, format!("Answer: {}", Choice::letter(idx))));
    });
    view! {
        <section class="card" aria-label=format!("Questions for {}", task.name)>
            <h2>{format!("{}: {} left", task.name, task.n_left)}</h2>
            {has_plain.then(|| view! {
                <label class="tick">
                    <input type="checkbox" prop:checked=is_plain on:change=move |event| is_plain.set(event_target_checked(&event))/>
                    <span>"In everyday words"</span>
                </label>
            })}
            <AskedQuestion item=task.item is_plain=is_plain.into() revealed=Signal::derive(|| None) on_choice=on_choice/>
        </section>
    }
}

#[component]
fn PasteTask(task: Task, bring: Callback<(TrialId, u64, String)>) -> impl IntoView {
    let asked_at = clock::now_millis();
    let trial = task.trial;
    let answer = RwSignal::new(String::new());
    let copied = RwSignal::new(String::new());
    let prompt = StoredValue::new(task.prompt.clone());
    let copy = move |_| {
        spawn_local(async move {
            copied.set(match page::copy(&prompt.get_value()).await {
                Ok(()) => {
                    "Copied. Paste it into the system, then bring its answer here.".to_owned()
                }
                Err(_) => {
                    "The browser did not allow copying: select the text and copy it.".to_owned()
                }
            });
        });
    };
    let take = move |_| {
        let text = answer.get_untracked();
        let took_millis = clock::now_millis().saturating_sub(asked_at);
        bring.run((trial, took_millis, text));
    };
    let (prompt_id, answer_id) =
        (format!("prompt-{}", trial.model), format!("pasted-{}", trial.model));
    let name = task.name.clone();
    view! {
        <section class="card" aria-label=format!("Copy and paste for {name}")>
            <h2>{format!("{name}: {} left", task.n_left)}</h2>
            <label class="field__label" for=prompt_id.clone()>{format!("1. Copy this prompt into {name}")}</label>
            <textarea id=prompt_id readonly prop:value=task.prompt></textarea>
            <div class="row">
                <button class="button" on:click=copy>"Copy the prompt"</button>
                <span role="status" class="quiet">{copied}</span>
            </div>
            <label class="field__label" for=answer_id.clone()>"2. Paste its whole answer here"</label>
            <textarea id=answer_id prop:value=move || answer.get()
                on:input=move |event| answer.set(event_target_value(&event))></textarea>
            <div class="row">
                <button class="button button--main" disabled=move || answer.with(|text| text.trim().is_empty())
                    on:click=take>"Keep this answer, next question"</button>
            </div>
        </section>
    }
}
