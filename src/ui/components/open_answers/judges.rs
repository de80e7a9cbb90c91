//! Owns what is shown of the judges: what each did, how far they agree, and the ranking under each of them alone.

use std::sync::Arc;

use leptos::prelude::*;

use super::{has_rubrics, range_text, score_text};
use crate::report::judge_spending;
use crate::report::money::grading_told;
use crate::report::open_ended::{Agreement, OpenFigures, OpenStanding};
use crate::run::Journal;
use crate::ui::words;

#[component]
pub(super) fn Judges(
    run: usize,
    figures: Arc<OpenFigures>,
    journal: Arc<Journal>,
) -> impl IntoView {
    let counts: Vec<_> = figures
        .judges
        .iter()
        .map(|judge| {
            view! {
                <tr>
                    <th scope="row">{judge.name.clone()}</th>
                    <td class="number">{words::count(judge.n_judged)}</td>
                    <td class="number">{words::count(judge.n_failed)}</td>
                    <td class="number">{words::count(judge.n_repaired)}</td>
                    <td class="number">{words::count(judge.n_overruled)}</td>
                </tr>
            }
        })
        .collect();
    let names: Vec<String> = journal.plan.judges().iter().map(|judge| judge.name.clone()).collect();
    let template = journal.plan.judging.as_ref().map(|judging| judging.template.name().to_owned());
    let cost = grading_told(&names, &judge_spending(&journal));
    view! {
        <h3>"The judges"</h3>
        <div class="scroll-x" tabindex="0" role="region" aria-label="What each judge did">
            <table id=format!("open-judges-{run}")>
                <caption>{format!("How often each judge gave a verdict, gave none after all tries, gave one only on a later try, and was overruled by a person. They were asked with {}.", template.unwrap_or_default())}</caption>
                <thead>
                    <tr>
                        <th scope="col">"Judge"</th>
                        <th scope="col" class="number">"Judged"</th>
                        <th scope="col" class="number">"Failed"</th>
                        <th scope="col" class="number">"On a later try"</th>
                        <th scope="col" class="number">"Overruled"</th>
                    </tr>
                </thead>
                <tbody>{counts}</tbody>
            </table>
        </div>
        <p id=format!("open-cost-{run}")>{cost}</p>
        {(1 < names.len() && has_rubrics(&journal.plan)).then(|| view! {
            {ranking(run, &figures, &names)}
            {figures.agreement.as_ref().map_or_else(
                || view! { <p>"No criterion has verdicts of two judges yet: how far they agree cannot be told."</p> }.into_any(),
                |agreement| agreement_view(run, agreement, &names).into_any(),
            )}
        })}
    }
}

/// A model's score and place on a board.
fn place(board: &[OpenStanding], model: usize, figures: &OpenFigures) -> impl IntoView + use<> {
    let idx = board.iter().position(|standing| standing.model == model);
    let score = idx.and_then(|idx| board.get(idx)?.score(figures.rule).copied());
    // Equal scores share a place.
    let place = score.map(|score| {
        let is_ahead = |other: &&OpenStanding| {
            other.score(figures.rule).is_some_and(|it| score.value < it.value)
        };
        board.iter().filter(is_ahead).count() + 1
    });
    let value = match (place, score) {
        (Some(place), Some(score)) => format!("{place}. {}", score_text(score.value)),
        _ => "–".to_owned(),
    };
    let range = score.map(|it| range_text(it.interval));
    view! {
        <td class="number" data-score=score.map(|it| it.value.to_string())>{value}<span class="under">{range}</span></td>
    }
}

fn ranking(run: usize, figures: &OpenFigures, names: &[String]) -> impl IntoView + use<> {
    let has_panel = !figures.board.is_empty();
    let models: Vec<(usize, String)> = figures
        .board
        .iter()
        .chain(figures.alone.iter().flatten().filter(|_| !has_panel))
        .map(|standing| (standing.model, standing.name.clone()))
        .fold(vec![], |mut models, model| {
            if !models.contains(&model) {
                models.push(model);
            }
            models
        });
    let rows: Vec<_> = models
        .into_iter()
        .map(|(model, name)| {
            let panel = has_panel.then(|| place(&figures.board, model, figures));
            let alone: Vec<_> =
                figures.alone.iter().map(|board| place(board, model, figures)).collect();
            view! { <tr data-model=name.clone()><th scope="row">{name.clone()}</th>{panel}{alone}</tr> }
        })
        .collect();
    let heads: Vec<_> = names
        .iter()
        .map(|name| view! { <th scope="col" class="number">{format!("{name} alone")}</th> })
        .collect();
    view! {
        <h4>"The ranking under each judge alone"</h4>
        <div class="scroll-x" tabindex="0" role="region" aria-label="The ranking under each judge alone">
            <table id=format!("open-alone-{run}")>
                <caption>{format!("Place and score by the {}, with the 95 % range. Where the places differ between judges, the ranking is the judge’s as much as the models’.", figures.rule.title())}</caption>
                <thead>
                    <tr>
                        <th scope="col">"Model"</th>
                        {has_panel.then(|| view! { <th scope="col" class="number">"As chosen above"</th> })}
                        {heads}
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

fn agreement_view(run: usize, agreement: &Agreement, names: &[String]) -> impl IntoView + use<> {
    let number = |value: Option<f64>| {
        value.map_or_else(
            || "not defined".to_owned(),
            |value| format!("{value:.2}").replace('-', "−"),
        )
    };
    let name = |idx: usize| names.get(idx).cloned().unwrap_or_default();
    let alpha = agreement.alpha_interval.map_or_else(
        || number(agreement.alpha),
        |interval| {
            format!(
                "{} (95 % range {} to {})",
                number(agreement.alpha),
                number(Some(interval.low)),
                number(Some(interval.high))
            )
        },
    );
    let pairs: Vec<_> = agreement
        .pairs
        .iter()
        .map(|pair| {
            view! {
                <tr>
                    <th scope="row">{format!("{} – {}", name(pair.first), name(pair.second))}</th>
                    <td class="number">{words::count(pair.n)}</td>
                    <td class="number">{pair.percent.map_or_else(|| "–".to_owned(), words::percent)}</td>
                    <td class="number">{number(pair.kappa)}</td>
                </tr>
            }
        })
        .collect();
    view! {
        <h4>"How far the judges agree"</h4>
        <p id=format!("open-agreement-{run}")>
            {format!(
                "On {} with verdicts of at least two judges: the same verdict in {} of the pairs. Beyond chance: Krippendorff’s alpha {alpha}; Fleiss’ kappa {}, over the criteria that all judged. 1 is full agreement, 0 is chance.",
                words::counted(agreement.n_units, "criterion", "criteria"),
                words::percent(agreement.percent),
                number(agreement.fleiss),
            )}
        </p>
        <div class="scroll-x" tabindex="0" role="region" aria-label="How far each two judges agree">
            <table>
                <caption>"Each two judges on the criteria that both judged, as the judges said it: what people changed is not counted."</caption>
                <thead>
                    <tr>
                        <th scope="col">"Judges"</th>
                        <th scope="col" class="number">"Criteria"</th>
                        <th scope="col" class="number">"The same"</th>
                        <th scope="col" class="number">"Cohen’s kappa"</th>
                    </tr>
                </thead>
                <tbody>{pairs}</tbody>
            </table>
        </div>
    }
}
