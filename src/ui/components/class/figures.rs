//! Owns what a class comes to, as its teacher sees it: the mean, the models beside it, and every question.

use std::sync::Arc;

use leptos::prelude::*;

use crate::dataset::{Choice, Item};
use crate::people::class::ClassFigures;
use crate::people::class::figures::QuestionFigures;
use crate::score::Outcome;
use crate::ui::words;

/// Numbers of questions for people.
fn numbers(idxs: &[usize]) -> String {
    let all: Vec<String> = idxs.iter().map(|idx| (idx + 1).to_string()).collect();
    match all.as_slice() {
        [] => "none".to_owned(),
        all => all.join(", "),
    }
}

#[component]
pub(crate) fn ClassResults(figures: ClassFigures, items: Arc<Vec<Item>>) -> impl IntoView {
    let range = |interval: Option<crate::stats::Interval>| match interval {
        Some(interval) => words::percent_range(interval.low, interval.high),
        None => "too few to tell".to_owned(),
    };
    let mean = figures.mean;
    let names: Vec<String> = figures.models.iter().map(|model| model.name.clone()).collect();
    let questions = figures.questions.clone();
    view! {
        <section aria-labelledby="class-results">
            <h2 id="class-results">"The class and the machines"</h2>
            <div class="scroll-x" tabindex="0" role="region" aria-label="The class beside the models">
                <table id="class-board">
                    <caption>"Share of right answers. The range of the class counts that answers of one student, and answers to one question, resemble each other; questions left out count as wrong, those not reached do not count."</caption>
                    <thead><tr>
                        <th scope="col">"Who"</th>
                        <th scope="col" class="number">"Right"</th>
                        <th scope="col" class="number">"95 % range"</th>
                        <th scope="col" class="number">"Class minus model, points"</th>
                        <th scope="col">"Class beat it on questions"</th>
                        <th scope="col">"It beat the class on"</th>
                    </tr></thead>
                    <tbody>
                        <tr>
                            <th scope="row">{format!("The class ({})", words::counted(figures.n_students, "student", "students"))}</th>
                            <td class="number">{mean.map_or_else(|| "–".to_owned(), |mean| words::percent(mean.value))}</td>
                            <td class="number">{mean.map_or_else(|| "–".to_owned(), |mean| range(mean.interval))}</td>
                            <td></td><td></td><td></td>
                        </tr>
                        {figures.models.iter().map(|model| {
                            let ahead = match model.class_ahead {
                                Some((ahead, Some(interval))) => format!("{:+.0} ({:+.0} to {:+.0})", ahead * 100.0, interval.low * 100.0, interval.high * 100.0),
                                Some((ahead, None)) => format!("{:+.0} (too few to tell)", ahead * 100.0),
                                None => "–".to_owned(),
                            };
                            let value = if model.n == 0 { "–".to_owned() } else { words::percent(model.n_right as f64 / model.n as f64) };
                            view! {
                                <tr>
                                    <th scope="row">{model.name.clone()}</th>
                                    <td class="number">{value}</td>
                                    <td class="number">{range(model.interval)}</td>
                                    <td class="number">{ahead}</td>
                                    <td>{numbers(&model.beaten_on)}</td>
                                    <td>{numbers(&model.ahead_on)}</td>
                                </tr>
                            }
                        }).collect_view()}
                    </tbody>
                </table>
            </div>
            <p class="quiet">"The class beats a model on a question where at least half of the class is right and the model is not. One class is a small sample: the ranges say how far a difference carries."</p>
            <h3>"Question by question"</h3>
            <ol class="plain-list" id="class-questions">
                {questions.into_iter().zip(items.iter().cloned()).enumerate().map(|(idx, (question, item))| {
                    let told = format!("{}. {} ", idx + 1, words::shortened(&item.question, 80));
                    let share = match question.interval {
                        Some(interval) => format!("{} of {} right ({})", question.n_right, question.n, words::percent_range(interval.low, interval.high)),
                        None => "nobody graded".to_owned(),
                    };
                    view! {
                        <li>
                            <details>
                                <summary>{told}<strong>{share}</strong></summary>
                                <Spread question=question item=item names=names.clone() is_revealed=Signal::derive(|| true)/>
                            </details>
                        </li>
                    }
                }).collect_view()}
            </ol>
        </section>
    }
}

/// Who chose what, students and models.
#[component]
pub(crate) fn Spread(
    question: QuestionFigures,
    item: Item,
    /// Of the models, in the order of the figures.
    names: Vec<String>,
    /// Whether the right answer is marked.
    is_revealed: Signal<bool>,
) -> impl IntoView {
    let right = item.choice().map(|choice| choice.answer);
    let n_chosen: usize = question.chosen.iter().sum();
    let chose = |idx: usize| -> Vec<String> {
        let of = question.models.iter().zip(&names);
        of.filter(|(model, _)| matches!(model, Some((_, Some(choice))) if *choice == idx))
            .map(|(_, name)| name.clone())
            .collect()
    };
    let fooled = question.fooled_by.map(|(idx, n)| {
        let letter = Choice::letter(idx);
        let models = chose(idx);
        let too = if models.is_empty() {
            String::new()
        } else {
            format!(", as did {}", models.join(", "))
        };
        format!("{} fooled by {letter}{too}.", words::counted(n, "student was", "students were"))
    });
    let options: Vec<_> = item.options().iter().cloned().enumerate().map(|(idx, option)| {
        let n = question.chosen.get(idx).copied().unwrap_or(0);
        let models = chose(idx);
        let models = if models.is_empty() { String::new() } else { format!(" · {}", models.join(", ")) };
        let is_right = move || is_revealed.get() && right == Some(idx);
        view! {
            <li>
                <span>{format!("{} {option}", Choice::letter(idx))}{move || is_right().then_some(" — the right answer")}<span class="quiet">{move || is_revealed.get().then(|| models.clone())}</span></span>
                <span class="number">{n}</span>
                <progress class="bar" max=n_chosen.max(1).to_string() prop:value=n.to_string() aria-label=format!("Chose {}", Choice::letter(idx))></progress>
            </li>
        }
    }).collect();
    let is_choice = right.is_some();
    let words_of_models: Vec<String> = question
        .models
        .iter()
        .zip(&names)
        .filter_map(|(model, name)| {
            let (outcome, _) = (*model)?;
            Some(format!("{name}: {}", words::outcome(outcome)))
        })
        .collect();
    let is_graded =
        !question.models.iter().flatten().all(|(outcome, _)| *outcome == Outcome::Unscored)
            || 0 < question.n;
    let right_text = item.right_answer();
    let rest = format!("{} left out, {} not reached.", question.n_left_out, question.n_not_reached);
    view! {
        {if is_choice {
            view! { <ul class="spread">{options}</ul> }.into_any()
        } else {
            view! { <p>{format!("{} of {} right.", question.n_right, question.n)}</p> }.into_any()
        }}
        {move || is_revealed.get().then(|| view! {
            {(!is_choice && !right_text.is_empty()).then(|| view! { <p><strong>"Right answer: "</strong>{right_text.clone()}</p> })}
            {fooled.clone().map(|fooled| view! { <p>{fooled}</p> })}
            {(is_graded && !words_of_models.is_empty()).then(|| view! { <p>{format!("Models: {}.", words_of_models.join("; "))}</p> })}
        })}
        <p class="quiet">{rest}</p>
    }
}
