//! Owns the leaderboard of open answers: each model's score under each rule by its name, with interval, n and coverage.

use std::sync::Arc;

use leptos::prelude::*;

use super::{range_text, score_text};
use crate::provider::Class;
use crate::report::open_ended::{OpenFigures, OpenStanding, is_professional, n_ended_otherwise};
use crate::report::{By, Gradebook};
use crate::run::Journal;
use crate::score::rubric::{LengthRule, Rule};
use crate::ui::components::figures::class_choice;
use crate::ui::words;

/// The name of a rule at the head of a column.
pub(super) fn title(rule: Rule) -> &'static str {
    match rule {
        Rule::HealthBench => "HealthBench rule",
        Rule::Pooled => "Pooled rule of the study",
        Rule::ClippedEach => "Rule of Inspect",
    }
}

#[component]
pub(super) fn Board(
    run: usize,
    figures: Arc<OpenFigures>,
    journal: Arc<Journal>,
    book: Arc<Gradebook>,
    seen: Vec<Class>,
    classes: RwSignal<Vec<(String, Class)>>,
) -> impl IntoView {
    let has_length = is_professional(&journal.plan);
    let whose = match figures.by {
        By::Panel(_) if journal.plan.judges().len() < 2 => {
            "By the verdicts of the one judge.".to_owned()
        }
        By::Panel(rule) => format!("By the verdicts of the panel: {}.", lower_first(rule.title())),
        By::Judge(judge) => {
            let name = journal.plan.judges().get(judge).map(|judge| judge.name.clone());
            format!(
                "By the verdicts of {} alone, as they came: what a person changed is not counted here.",
                name.unwrap_or_default()
            )
        }
    };
    let caption = format!(
        "{whose} In each cell the score, its 95 % range by 1,000 samples of the questions (seed 1), and how many answers it is of. Rows are in the order of the {}. Rules are not to be mixed: compare within a column.",
        figures.rule.title()
    );
    let rows: Vec<_> = figures
        .board
        .iter()
        .map(|standing| {
            let otherwise = n_ended_otherwise(&journal.plan, &book, standing.model);
            let class = seen.get(standing.model).copied().unwrap_or(standing.class);
            row(
                standing,
                figures.rule,
                has_length,
                &otherwise,
                class_choice(&standing.name, class, classes),
            )
        })
        .collect();
    let label = "Leaderboard of open answers";
    view! {
        <div class="scroll-x" tabindex="0" role="region" aria-label=label>
            <table id=format!("open-board-{run}")>
                <caption>{caption}</caption>
                <thead>
                    <tr>
                        <th scope="col">"Model"</th>
                        <th scope="col">"Kind"</th>
                        {Rule::ALL.map(|rule| view! { <th scope="col" class="number">{title(rule)}</th> }).collect_view()}
                        {has_length.then(|| view! { <th scope="col" class="number">"HealthBench Professional, by length"</th> })}
                        <th scope="col">"Verdicts read"</th>
                        <th scope="col">"Answers"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        <details>
            <summary>"What the rules are"</summary>
            <dl>
                {Rule::ALL.map(|rule| view! { <dt><strong>{title(rule)}</strong></dt><dd>{rule.purpose()}</dd> }).collect_view()}
                {has_length.then(|| {
                    let LengthRule { centre, penalty } = LengthRule::PROFESSIONAL;
                    view! {
                        <dt><strong>"HealthBench Professional, by length"</strong></dt>
                        <dd>{format!("The mean of the answers’ scores, each less {penalty} for every 500 characters beyond {centre}, and more for every 500 below. Not cut.")}</dd>
                    }
                })}
            </dl>
            <p>"Published scores are of one rule, one judge and one set of questions: only a figure made the same way can be held against them."</p>
        </details>
    }
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

fn row(
    standing: &OpenStanding,
    shown: Rule,
    has_length: bool,
    otherwise: &[(crate::score::Outcome, usize)],
    class: AnyView,
) -> impl IntoView + use<> {
    let cells: Vec<_> = Rule::ALL
        .iter()
        .map(|rule| {
            let score = standing.score(*rule);
            let value = score.map_or_else(|| "–".to_owned(), |it| score_text(it.value));
            let range = score.map(|it| {
                format!(
                    "{} · {}",
                    range_text(it.interval),
                    words::counted(it.n_answers, "answer", "answers")
                )
            });
            let exact = score.map(|it| it.value.to_string());
            let value = if *rule == shown {
                view! { <strong>{value}</strong> }.into_any()
            } else {
                value.into_any()
            };
            view! {
                <td class="number" data-score=exact>{value}<span class="under">{range}</span></td>
            }
        })
        .collect();
    let length = has_length.then(|| {
        let value = standing.length_adjusted;
        let mean = standing.mean_chars.map(|n| format!("{n:.0} characters on average"));
        let shown = value.map_or_else(|| "–".to_owned(), score_text);
        view! { <td class="number" data-score=value.map(|it| it.to_string())>{shown}<span class="under">{mean}</span></td> }
    });
    let verdicts =
        format!("{} of {}", words::count(standing.n_read), words::count(standing.n_sought));
    let mut decided = vec![format!(
        "{} of {} criteria decided ({})",
        words::count(standing.n_decided),
        words::count(standing.n_criteria),
        words::percent(standing.coverage())
    )];
    if 0 < standing.n_even {
        decided.push(format!("{} with even votes", words::count(standing.n_even)));
    }
    let graded = format!(
        "{} graded of {}",
        words::count(standing.n_gradable - standing.n_unjudged),
        words::count(standing.n_trials)
    );
    let ended: Vec<String> = otherwise
        .iter()
        .map(|(outcome, n)| format!("{} {}", words::count(*n), words::outcome(*outcome)))
        .collect();
    view! {
        <tr data-model=standing.name.clone()>
            <th scope="row">{standing.name.clone()}</th>
            <td>{class}</td>
            {cells}
            {length}
            <td class="told">{verdicts}<span class="under">{decided.join(", ")}</span></td>
            <td class="told">{graded}<span class="under">{ended.join(", ")}</span></td>
        </tr>
    }
}
