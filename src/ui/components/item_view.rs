//! Owns one item in full: question, right answer, and every answer with the part that was read.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser::{clock, page};
use crate::dataset::variant::root_of;
use crate::dataset::{Choice, Item, Kind};
use crate::report::State as TrialState;
use crate::report::answer_view::{AnswerView, answers_to};
use crate::report::grade_view::{grades_of, trial_of};
use crate::report::items::Listing;
use crate::report::link::ResultsView;
use crate::run::Plan;
use crate::score::Outcome;
use crate::ui::components::claim::Untold;
use crate::ui::components::exact_call::ExactCall;
use crate::ui::components::grades::Grades;
use crate::ui::components::open_answers::panel_in;
use crate::ui::components::prose::{Plain, Prose};
use crate::ui::components::question::Explanation;
use crate::ui::pages::results::Shown;
use crate::ui::state::State;
use crate::ui::words;

#[component]
pub(crate) fn ItemView(
    shown: Shown,
    row_idx: usize,
    listing: Memo<Arc<Listing>>,
    open: Callback<Option<usize>>,
) -> impl IntoView {
    let grid = &shown.comparison.grid;
    let row = grid.items.get(row_idx).cloned();
    let plan = row.as_ref().and_then(|row| Some(&shown.journals.get(row.run)?.plan));
    let item = row.as_ref().and_then(|row| plan?.items.get(row.item).cloned());
    let is_hidden = plan.is_some_and(Plan::is_not_to_be_shown);
    let answers = answers_to(grid, &shown.refs(), row_idx);
    let names: Vec<String> = grid.models.iter().map(|model| model.name.clone()).collect();
    let has_repeats = 1 < grid.n_repeats;
    let route = State::get().route;
    // What is chosen of the items changes far more often than whose verdicts count.
    let view = Memo::new(move |_| {
        let verdicts = route.with(|route| route.results_view().map(|view| view.verdicts.clone()));
        ResultsView { verdicts: verdicts.unwrap_or_default(), ..ResultsView::default() }
    });
    let is_rubric = item.as_ref().is_some_and(|item| matches!(item.kind, Kind::Rubric(_)));
    let stored = StoredValue::new(shown.clone());
    let beside = move |step: isize| listing.with(|listing| listing.beside(row_idx, step));
    row.map(|row| {
        let id = words::shortened(&row.id.0, 120);
        let form = words::form(&row.id).map(|form| {
            let root = words::shortened(root_of(&row.id), 120);
            format!("A variant of question {root}: {form}. Figures count it only where variants are chosen.")
        });
        let Some(item) = item else {
            return view! {
                <article class="card" aria-labelledby="item-heading">
                    <h3 id="item-heading" tabindex="-1">{format!("Question {id}")}</h3>
                    <Steps beside=Callback::new(beside) open=open/>
                    <Untold shown=shown.clone() row_idx=row_idx/>
                </article>
            }.into_any();
        };
        view! {
            <article class="card" aria-labelledby="item-heading">
                <h3 id="item-heading" tabindex="-1">{format!("Question {id}")}</h3>
                <Steps beside=Callback::new(beside) open=open/>
                {form.map(|form| view! { <p class="quiet">{form}</p> })}
                {if is_hidden {
                    view! {
                        <p class="quiet">"The authors of this set ask not to show its questions in plain text where they could be found by a search engine. On this page only you see them."</p>
                        <HiddenText item=item.clone()/>
                    }.into_any()
                } else {
                    view! { <ItemText item=item.clone()/> }.into_any()
                }}
                <h4>"Answers"</h4>
                <div class="beside">
                    {answers.into_iter().map(|answer| {
                        let name = names.get(answer.model).cloned().unwrap_or_default();
                        let (model, repeat) = (answer.model, answer.repeat);
                        let is_graded = is_rubric && answer.state == TrialState::Ended(Outcome::Unscored);
                        let word = is_graded.then_some("graded by criteria");
                        view! {
                            <section>
                                <Answer answer=answer name=name has_repeats=has_repeats word=word/>
                                <AnswerGrades shown=stored row_idx=row_idx place=(model, repeat) view=view/>
                                <ExactCall shown=shown.clone() model=model row_idx=row_idx repeat=repeat/>
                            </section>
                        }
                    }).collect_view()}
                </div>
            </article>
        }.into_any()
    })
}

/// The grades of an answer by whoever's verdicts count; nothing where it did not end.
#[component]
fn AnswerGrades(
    shown: StoredValue<Shown>,
    row_idx: usize,
    /// Index into the grid's models, and which repeat.
    place: (usize, usize),
    view: Memo<ResultsView>,
) -> impl IntoView {
    let (model, repeat) = place;
    move || {
        shown.with_value(|shown| {
            let grid = &shown.comparison.grid;
            let run = grid.models.get(model)?.run;
            let (journal, book) = (shown.journals.get(run)?, shown.books.get(run)?);
            let cell = grid.trials(model, row_idx).get(repeat)?;
            let TrialState::Ended(outcome) = cell.state else { return None };
            let trial = trial_of(cell, journal)?;
            let by = view.with(|view| panel_in(view, &journal.plan));
            let grades = grades_of(journal, book, by, trial)?;
            let journal = StoredValue::new(journal.clone());
            let outcome = (outcome, cell.overruled);
            Some(view! { <Grades run=run view=grades outcome=outcome journal=journal/> })
        })
    }
}

/// The way to the items beside this one, back to the table, and the link to it.
#[component]
fn Steps(beside: Callback<isize, Option<usize>>, open: Callback<Option<usize>>) -> impl IntoView {
    let go = move |step: isize| {
        if let Some(to) = beside.run(step) {
            open.run(Some(to));
        }
    };
    let told = RwSignal::new("");
    let copy = move |_| {
        let link = format!("{}#{}", page::address(), page::fragment());
        spawn_local(async move {
            let copied = page::copy(&link).await;
            let _ = told.try_set(match copied {
                Ok(()) => "The link to this view is copied.",
                Err(_refused) => {
                    "The browser did not allow to copy it. The address of this page is the link."
                }
            });
        });
    };
    view! {
        <div class="row">
            <button class="button" disabled=move || beside.run(-1).is_none() on:click=move |_| go(-1)>"Previous"</button>
            <button class="button" disabled=move || beside.run(1).is_none() on:click=move |_| go(1)>"Next"</button>
            <button class="button button--quiet" on:click=copy>"Copy the link to this view"</button>
            <button class="button button--quiet" on:click=move |_| open.run(None)>"Close"</button>
        </div>
        <p role="status" class="quiet">{told}</p>
    }
}

/// A question that stands in the page only while it is asked for.
#[component]
fn HiddenText(item: Item) -> impl IntoView {
    let is_open = RwSignal::new(false);
    view! {
        <details on:toggle=move |_| is_open.update(|open| *open = !*open)>
            <summary>"Show the question"</summary>
            {move || is_open.get().then(|| view! { <ItemText item=item.clone()/> })}
        </details>
    }
}

/// A question with its options, the right one marked.
#[component]
pub(crate) fn ItemText(
    /// The question.
    item: Item,
) -> impl IntoView {
    let is_right = |idx: usize| match &item.kind {
        Kind::Choice(choice) => choice.answer == idx,
        Kind::Choices(choices) => choices.answers.contains(&idx),
        Kind::Number(_) | Kind::ShortText(_) | Kind::Reference(_) | Kind::Rubric(_) => false,
    };
    // Where options are marked, saying it again would be noise.
    let right =
        item.options().is_empty().then(|| item.right_answer()).filter(|text| !text.is_empty());
    let turns = item.turns.clone();
    let context = item.context.clone();
    view! {
        {(!context.is_empty()).then(|| view! {
            <details><summary>"Passage"</summary>{context.into_iter().map(|passage| view! { <p dir="auto"><Plain text=passage/></p> }).collect_view()}</details>
        })}
        {turns.into_iter().map(|turn| view! {
            <p class="quiet"><strong>{words::speaker(turn.speaker)}": "</strong><Plain text=turn.text/></p>
        }).collect_view()}
        <p class="question" dir="auto"><Plain text=item.question.clone()/></p>
        {right.map(|right| view! { <p><strong>"Right answer: "</strong><Plain text=right/></p> })}
        <RubricText item=item.clone()/>
        <ul class="plain-options">
            {item.options().iter().enumerate().map(|(idx, option)| {
                let is_right = is_right(idx);
                view! {
                    <li class:option--right=is_right>
                        <strong>{Choice::letter(idx).to_string()}</strong>" "<bdi><Plain text=option.clone()/></bdi>
                        {is_right.then_some(" — the right answer")}
                    </li>
                }
            }).collect_view()}
        </ul>
        {item.plain_question.clone().map(|plain| view! {
            <details><summary>"In everyday words"</summary><p><Plain text=plain/></p></details>
        })}
        <Explanation item=item/>
    }
}

/// The criteria that an open answer is graded by.
#[component]
fn RubricText(item: Item) -> impl IntoView {
    let Kind::Rubric(rubric) = item.kind else { return ().into_any() };
    view! {
        <details>
            <summary>{words::counted(rubric.criteria.len(), "criterion", "criteria")}</summary>
            <ul>
                {rubric.criteria.into_iter().map(|criterion| view! {
                    <li><strong>{format!("{:+} ", criterion.points)}</strong><Plain text=criterion.text/></li>
                }).collect_view()}
            </ul>
        </details>
    }
    .into_any()
}

#[component]
fn Answer(
    answer: AnswerView,
    name: String,
    has_repeats: bool,
    /// What is said of how it ended, where that is not its outcome.
    word: Option<&'static str>,
) -> impl IntoView {
    let outcome = match answer.state {
        TrialState::Ended(outcome) => Some(outcome),
        TrialState::Unassigned | TrialState::NotAsked => None,
    };
    let word = word.unwrap_or_else(|| outcome.map_or("not asked", words::outcome));
    let read =
        answer.choice.map(|idx| format!(", read as {}", Choice::letter(idx))).unwrap_or_default();
    let repeat =
        if has_repeats { format!(" (repeat {})", answer.repeat + 1) } else { String::new() };
    let facts = facts(&answer);
    let AnswerView { text, reasoning, failure, reused, .. } = answer;
    view! {
            <h5>{name}{repeat}": "<span class=words::outcome_class(outcome)>{word}{read}</span></h5>
            {reused.map(|reused| view! {
                <p><span class="badge">"reused"</span>{format!(" Not asked again: the answer is from a run of {}.", clock::local_date_time(reused.at_millis))}</p>
            })}
            {text.map(|[before, marked, after]| view! {
                <div class="answer answer--read" dir="auto" tabindex="0" role="group" aria-label="Full answer"><Prose text=[before, marked, after]/></div>
            })}
            {failure.map(|failure| view! { <p dir="auto">{words::shortened(&failure, 2_000)}</p> })}
            {reasoning.map(|reasoning| view! {
                <details><summary>"Reasoning that the provider sent apart (not graded)"</summary><div class="answer" dir="auto"><Plain text=reasoning/></div></details>
            })}
            <p class="quiet">{facts}</p>
    }
}

fn facts(answer: &AnswerView) -> String {
    let mut facts = vec![];
    // What a rule of the page answers takes no time worth telling.
    if 50 <= answer.took_millis {
        facts.push(format!("{:.1} s", answer.took_millis as f64 / 1_000.0));
    }
    if 1 < answer.n_attempts {
        facts.push(format!("{} tries", answer.n_attempts));
    }
    if let Some((sent, received)) = answer.tokens {
        facts.push(format!("{sent} tokens sent, {received} received"));
    }
    if let Some(cost) = answer.cost.filter(|cost| 0 < cost.0) {
        facts.push(format!("cost {cost}"));
    }
    if 0 < answer.may_have_cost.0 {
        facts.push(format!("at most {} more may have been charged", answer.may_have_cost));
    }
    if let Some(model) = &answer.answered_by {
        facts.push(format!("answered by {model}"));
    }
    facts.join(" · ")
}
