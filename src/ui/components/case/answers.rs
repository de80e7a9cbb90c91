//! Owns the answers to a case beside each other: one row for each thing that was asked, one card for each model, read in order.

use leptos::prelude::*;

use super::Desk;
use super::checklist::Checklist;
use super::compared::{Advice, Changed, Differences};
use crate::people::case::board::{Answer, Column, Row, State as Standing, rows};
use crate::people::case::diff::diff;
use crate::run::TrialId;
use crate::ui::components::prose::Prose;
use crate::ui::words;

/// The board with what steers it.
#[component]
pub(crate) fn Answers() -> impl IntoView {
    let desk = Desk::get();
    let columns = Memo::new(move |_| desk.columns());
    let rows = Memo::new(move |_| columns.with(|columns| rows(columns)));
    let standing = move || {
        let (n, n_here, n_failed) = columns.with(|columns| counts(columns));
        let answers = words::counted(n, "answer", "answers");
        let failed =
            if n_failed == 0 { String::new() } else { format!(" {n_failed} could not be had.") };
        if desk.is_going() {
            format!("{n_here} of {answers} here; the others are being written.{failed}")
        } else {
            format!("{n_here} of {answers} here.{failed}")
        }
    };
    view! {
        <div class="row no-print">
            <p role="status" id="case-standing" tabindex="-1">{standing}</p>
            <Show when=move || desk.is_going()>
                <button class="button" id="case-stop" on:click=move |_| desk.stop()>"Stop"</button>
            </Show>
        </div>
        <For each=move || rows.get() key=|row| (row.round, row.item, row.title.clone()) let:row>
            <RowView row=row columns=columns/>
        </For>
    }
}

fn counts(columns: &[Column]) -> (usize, usize, usize) {
    let answers = columns.iter().flat_map(|column| &column.answers);
    answers.fold((0, 0, 0), |(n, n_here, n_failed), answer| match answer.state {
        Standing::Answered { .. } => (n + 1, n_here + 1, n_failed),
        Standing::Failed(_) => (n + 1, n_here, n_failed + 1),
        Standing::Open => (n + 1, n_here, n_failed),
    })
}

#[component]
fn RowView(row: Row, columns: Memo<Vec<Column>>) -> impl IntoView {
    let heading_id = format!("case-row-{}-{}", row.round, row.item);
    let told = Desk::get().told.with_untracked(|told| told.text.clone());
    let names = columns.with_untracked(|columns| {
        columns.iter().map(|column| column.name.clone()).collect::<Vec<_>>()
    });
    let (round, item, is_version) = (row.round, row.item, row.is_version);
    let question = row.question.clone();
    view! {
        <section class="case-row" aria-labelledby=heading_id.clone()>
            <h2 id=heading_id.clone()>{row.title}</h2>
            {is_version.then(|| view! {
                <details>
                    <summary>"What was asked"</summary>
                    <Differences pieces=diff(&told, &question)/>
                </details>
            })}
            <div class="case-answers">
                {names.into_iter().enumerate().map(|(idx, name)| view! {
                    <AnswerView name=name idx=idx round=round item=item columns=columns/>
                }).collect_view()}
            </div>
        </section>
    }
}

/// What is shown of one answer.
#[derive(Debug, Clone, PartialEq)]
struct Shown {
    answer: Answer,
    /// The model's first answer, where this is another.
    first: Option<String>,
}

#[component]
fn AnswerView(
    name: String,
    idx: usize,
    round: usize,
    item: u32,
    columns: Memo<Vec<Column>>,
) -> impl IntoView {
    let desk = Desk::get();
    let heading_id = format!("case-answer-{round}-{item}-{idx}");
    let shown = {
        let name = name.clone();
        Memo::new(move |_| {
            columns.with(|columns| {
                let column = columns.iter().find(|column| column.name == name)?;
                let is_it = |answer: &&Answer| answer.round == round && answer.trial.item == item;
                let answer = column.answers.iter().find(is_it)?.clone();
                let first = column
                    .first()
                    .filter(|first| (first.round, first.trial) != (answer.round, answer.trial));
                let first = first.and_then(Answer::text).map(str::to_owned);
                Some(Shown { answer, first })
            })
        })
    };
    // What the person ticks does not draw the answer anew.
    let state = Memo::new(move |_| {
        shown.with(|shown| {
            shown.as_ref().map(|shown| (shown.answer.state.clone(), shown.first.clone()))
        })
    });
    let trial = shown.with_untracked(|shown| shown.as_ref().map(|shown| shown.answer.trial));
    let is_open = move || state.with(|state| matches!(state, Some((Standing::Open, _))));
    let label = format!("the answer of {name}");
    view! {
        <article class="case-answer" aria-labelledby=heading_id.clone() aria-busy=move || (is_open() && desk.is_going()).to_string()>
            <h3 id=heading_id.clone()>{name}</h3>
            {move || match state.get() {
                None => ().into_any(),
                Some((Standing::Open, _)) => view! { <Growing round=round trial=trial/> }.into_any(),
                Some((Standing::Failed(reason), _)) => view! {
                    <p class="notice notice--bad">{format!("No answer: {reason}")}</p>
                }.into_any(),
                Some((Standing::Answered { text, note }, first)) => view! {
                    {first.clone().map(|first| view! { <Changed before=first after=text.clone()/> })}
                    <Prose text=[String::new(), String::new(), text.clone()]/>
                    {note.map(|note| view! { <p class="notice notice--warn">{note}</p> })}
                    {text.trim().is_empty().then(|| view! { <p class="notice notice--warn">"The answer is empty."</p> })}
                    <Advice text=text.clone()/>
                    {trial.map(|trial| {
                        let ticks = Memo::new(move |_| shown.with(|shown| shown.as_ref().map(|shown| shown.answer.ticks.clone()).unwrap_or_default()));
                        view! { <Checklist text=text round=round trial=trial ticks=ticks label=label.clone()/> }
                    })}
                }.into_any(),
            }}
        </article>
    }
}

/// An answer that is not here: what has come of it so far.
#[component]
fn Growing(round: usize, trial: Option<TrialId>) -> impl IntoView {
    let desk = Desk::get();
    let written = Memo::new(move |_| {
        desk.state.run_version.track();
        let driver = desk.driver_of(round)?;
        driver.with(|run| run.writing_to(trial?))
    });
    view! {
        // Not read out piece by piece: the standing line says when answers are here.
        <div class="case-growing" dir="auto" aria-live="off">
            {move || match (written.get(), desk.is_going() && desk.driver_of(round).is_some()) {
                (Some(text), _) => text,
                (None, true) => "Waiting for the first words …".to_owned(),
                (None, false) => "Not answered: it was stopped, or the page was closed, before the answer was whole.".to_owned(),
            }}
        </div>
    }
}
