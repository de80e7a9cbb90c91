//! Owns what came of an exam: the share right, how sure and how right, beside the models, and every question with its answer.

use std::sync::Arc;

use leptos::prelude::*;

use crate::dataset::{Choice, Item};
use crate::people::exam::confidence::{Calibration, calibration};
use crate::people::exam::together::beside_all;
use crate::people::exam::{Answer, Given};
use crate::report::{Comparison, State as TrialState, Unanswered, leaderboard};
use crate::run::Journal;
use crate::score::judge;
use crate::ui::components::question::Explanation;
use crate::ui::words;

/// A sat exam.
#[component]
pub(crate) fn SatExam(
    /// The run of it.
    journal: Arc<Journal>,
    /// The person's place among its participants.
    person: usize,
    /// What the person answered.
    answers: Vec<Option<Given>>,
    /// Runs of models that may hold the same questions.
    others: RwSignal<Vec<Arc<Journal>>>,
) -> impl IntoView {
    let items = journal.plan.items.clone();
    let figures = {
        let journal = journal.clone();
        move || {
            let others = others.get();
            let all: Vec<&Journal> =
                std::iter::once(journal.as_ref()).chain(others.iter().map(Arc::as_ref)).collect();
            let grid = Comparison::of(&all).grid;
            let standing = leaderboard(&grid, Unanswered::CountedWrong)
                .into_iter()
                .find(|standing| standing.model == person);
            let score = standing.and_then(|standing| standing.counted_wrong).map(|own| {
                let range = words::percent_range(own.interval.low, own.interval.high);
                format!(
                    "{} of {} right: {} (95 % range {range}).",
                    own.n_right,
                    own.n,
                    words::percent(own.value)
                )
            });
            let n_open = grid.trials_of(person).flatten();
            let n_open = n_open
                .filter(|cell| cell.state == TrialState::Ended(crate::score::Outcome::Unscored))
                .count();
            let calibration = calibration(&grid, &journal, person);
            let together: Vec<String> = beside_all(&grid, person)
                .iter()
                .map(crate::people::exam::together::Together::sentence)
                .collect();
            view! {
                <p class="lead" id="exam-score">{score.unwrap_or_else(|| "No answer that can be graded.".to_owned())}</p>
                {(0 < n_open).then(|| view! {
                    <p class="quiet">{format!("{} in free text: kept, and not graded here.", words::counted(n_open, "answer", "answers"))}</p>
                })}
                {calibration.map(|found| view! { <Sureness found=found/> })}
                <section aria-labelledby="together-heading">
                    <h2 id="together-heading">"You and the models"</h2>
                    {if together.is_empty() {
                        view! {
                            <p class="quiet">"No recorded answers of models to these questions are at hand. Run models on the same questions, or open a run file on the Results page, and come back."</p>
                        }.into_any()
                    } else {
                        view! {
                            <ul id="together">{together.into_iter().map(|told| view! { <li>{told}</li> }).collect_view()}</ul>
                            <p class="quiet">"Only questions that both answered are compared. Few questions tell little: the results page shows how sure a difference is."</p>
                        }.into_any()
                    }}
                </section>
            }
        }
    };
    view! {
        <div role="status">{figures}</div>
        <section aria-labelledby="answers-heading">
            <h2 id="answers-heading">"Question by question"</h2>
            <ol class="plain-list">
                {items.into_iter().zip(answers).enumerate().map(|(idx, (item, given))| {
                    let outcome = given.as_ref().map(|given| judge(&item, &given.completion()).outcome);
                    let told = match outcome {
                        Some(crate::score::Outcome::Refused) => "left out",
                        Some(outcome) => words::outcome(outcome),
                        None => "not reached",
                    };
                    let question = words::shortened(&item.question, 90);
                    view! {
                        <li>
                            <details>
                                <summary>
                                    {format!("{}. {question} ", idx + 1)}
                                    <strong class=words::outcome_class(outcome)>{told}</strong>
                                </summary>
                                <OwnAnswer item=item given=given/>
                            </details>
                        </li>
                    }
                }).collect_view()}
            </ol>
        </section>
    }
}

/// What confidences are worth.
#[component]
fn Sureness(found: Calibration) -> impl IntoView {
    let range = |interval: Option<crate::stats::Interval>| match interval {
        Some(interval) => format!(" (95 % range {:.2} to {:.2})", interval.low, interval.high),
        None => String::new(),
    };
    let excess = found.excess * 100.0;
    let lean = match found.excess_interval {
        Some(interval) if 0.0 < interval.low => "You were surer than you were right.",
        Some(interval) if interval.high < 0.0 => "You were right more often than you thought.",
        _ => "So few answers do not show that you are too sure or not sure enough.",
    };
    view! {
        <section aria-labelledby="sure-heading">
            <h2 id="sure-heading">"How sure, and how right"</h2>
            <p>{lean}" "{format!("Your confidence was {excess:+.0} points from your share of right answers{}.", match found.excess_interval {
                Some(interval) => format!(" (95 % range {:+.0} to {:+.0})", interval.low * 100.0, interval.high * 100.0),
                None => String::new(),
            })}</p>
            <p>{format!("Brier score {:.2}{}: 0 is perfect, always saying 50 % gives 0.25.", found.brier, range(found.brier_interval))}</p>
            <div class="scroll-x" tabindex="0" role="region" aria-label="Confidence and right answers">
                <table>
                    <caption>"Of answers given with a confidence, how many were right"</caption>
                    <thead><tr><th scope="col">"You said"</th><th scope="col" class="number">"Right"</th><th scope="col" class="number">"95 % range"</th></tr></thead>
                    <tbody>
                        {found.levels.iter().map(|level| view! {
                            <tr>
                                <th scope="row">{format!("{:.0} %", level.confidence * 100.0)}</th>
                                <td class="number">{format!("{} of {}", level.n_right, level.n)}</td>
                                <td class="number">{words::percent_range(level.interval.low, level.interval.high)}</td>
                            </tr>
                        }).collect_view()}
                    </tbody>
                </table>
            </div>
        </section>
    }
}

/// An item with what was answered, what is right, and why.
#[component]
pub(crate) fn OwnAnswer(item: Item, given: Option<Given>) -> impl IntoView {
    let right = match item.right_answer() {
        right if right.is_empty() => None,
        right => Some(named(&item, &right)),
    };
    let own = given.map_or_else(|| "not reached".to_owned(), |given| answer_text(&item, &given));
    view! {
        <p class="question">{item.question.clone()}</p>
        <p><strong>"Your answer: "</strong>{own}</p>
        {right.map(|right| view! { <p><strong>"Right answer: "</strong>{right}</p> })}
        <Explanation item=item/>
    }
}

/// Letters with the texts of their options.
fn named(item: &Item, letters: &str) -> String {
    let options = item.options();
    let texts: Vec<String> = (0..options.len())
        .filter(|idx| letters.split(", ").any(|letter| letter == Choice::letter(*idx).to_string()))
        .filter_map(|idx| Some(format!("{} {}", Choice::letter(idx), options.get(idx)?)))
        .collect();
    if texts.is_empty() { letters.to_owned() } else { texts.join("; ") }
}

fn answer_text(item: &Item, given: &Given) -> String {
    let letter = |idx: &usize| Choice::letter(*idx).to_string();
    let text = match &given.answer {
        Answer::LeftOut => return "left out".to_owned(),
        Answer::One(idx) => named(item, &letter(idx)),
        Answer::Several(idxs) => {
            named(item, &idxs.iter().map(letter).collect::<Vec<_>>().join(", "))
        }
        Answer::Number(text) | Answer::Words(text) | Answer::Open(text) => text.clone(),
    };
    match given.confidence {
        Some(percent) => format!("{text} ({percent} % sure)"),
        None => text,
    }
}
