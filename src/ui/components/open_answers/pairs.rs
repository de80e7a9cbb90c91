//! Owns how models and kinds of models are held against each other over open answers.

use std::sync::Arc;

use leptos::prelude::*;

use super::score_text;
use crate::report::open_ended::{Contrast, OpenFigures};
use crate::run::Journal;
use crate::ui::words;

#[component]
pub(super) fn OpenPairs(
    run: usize,
    figures: Arc<OpenFigures>,
    journal: Arc<Journal>,
) -> impl IntoView {
    let name = |models: &[usize]| {
        let first = models.first().and_then(|idx| journal.plan.models.get(*idx));
        first.map(|model| model.name.clone()).unwrap_or_default()
    };
    let rows: Vec<_> = figures
        .pairs
        .iter()
        .map(|pair| {
            let (first, second) = (name(&pair.first), name(&pair.second));
            let verdict =
                verdict(pair, &format!("{first} is ahead"), &format!("{second} is ahead"));
            view! {
                <tr data-pair=format!("{first}|{second}")>
                    <th scope="row">{format!("{first} – {second}")}</th>
                    <td>{verdict}</td>
                    {numbers(pair)}
                </tr>
            }
        })
        .collect();
    let caption = format!(
        "By the {}, each pair on the questions for which both have a score. The difference is in percentage points, with its 95 % range by samples of the questions that are the same for both.",
        figures.rule.title()
    );
    (1 < journal.plan.models.len()).then(|| view! {
        <h3>"Open answers: model against model"</h3>
        <div class="scroll-x" tabindex="0" role="region" aria-label="Every pair of models, open answers">
            <table id=format!("open-pairs-{run}")>
                <caption>{caption}</caption>
                {head("Pair")}
                <tbody>{rows}</tbody>
            </table>
        </div>
        <p class="quiet">"These ranges are not adjusted for how many pairs there are: among twenty, one misses the truth by chance."</p>
    })
}

fn head(of: &'static str) -> impl IntoView {
    view! {
        <thead>
            <tr>
                <th scope="col">{of}</th>
                <th scope="col">"What can be told"</th>
                <th scope="col" class="number">"First"</th>
                <th scope="col" class="number">"Second"</th>
                <th scope="col" class="number">"Difference"</th>
                <th scope="col" class="number">"95 % range"</th>
                <th scope="col" class="number">"Questions"</th>
            </tr>
        </thead>
    }
}

/// A bootstrap of one or two questions has nothing to vary.
const TOO_FEW: usize = 5;

fn verdict(contrast: &Contrast, first_ahead: &str, second_ahead: &str) -> String {
    match contrast.is_clear() {
        _ if contrast.n_items < TOO_FEW => "too few questions to tell".to_owned(),
        true if 0.0 < contrast.difference => first_ahead.to_owned(),
        true => second_ahead.to_owned(),
        false => "cannot be told".to_owned(),
    }
}

fn range(contrast: &Contrast) -> String {
    let (low, high) = (contrast.interval.low, contrast.interval.high);
    format!("{} to {}", words::points(low), words::points(high))
}

fn numbers(contrast: &Contrast) -> impl IntoView + use<> {
    view! {
        <td class="number">{score_text(contrast.first_score)}</td>
        <td class="number">{score_text(contrast.second_score)}</td>
        <td class="number" data-score=contrast.difference.to_string()>{words::points(contrast.difference)}</td>
        <td class="number">{range(contrast)}</td>
        <td class="number">{words::count(contrast.n_items)}</td>
    }
}

/// General-purpose against clinical, overall and by theme, where both are there.
#[component]
pub(super) fn OpenClasses(figures: Arc<OpenFigures>) -> impl IntoView {
    let all = figures.classes.clone()?;
    let rule = figures.rule.title();
    let told = verdict(
        &all,
        "The general-purpose models are ahead of the clinical systems here.",
        "The clinical systems are ahead of the general-purpose models here.",
    );
    let told = match told.as_str() {
        "cannot be told" => "Which kind is ahead cannot be told from these answers.".to_owned(),
        "too few questions to tell" => {
            "These are too few questions to tell which kind is ahead.".to_owned()
        }
        _ => told,
    };
    let numbers_told = format!(
        "By the {rule}, on {} that all of them have a score for, the general-purpose models have {} on average, the clinical systems {}. The difference is {} percentage points (95 % range {}).",
        words::counted(all.n_items, "question", "questions"),
        score_text(all.first_score),
        score_text(all.second_score),
        words::points(all.difference),
        range(&all),
    );
    let rows: Vec<_> = figures
        .class_themes
        .iter()
        .map(|(theme, contrast)| {
            let verdict = verdict(contrast, "general-purpose is ahead", "clinical is ahead");
            view! {
                <tr>
                    <th scope="row">{super::tags::name(theme)}</th>
                    <td>{verdict}</td>
                    {numbers(contrast)}
                </tr>
            }
        })
        .collect();
    let has_themes = !rows.is_empty();
    Some(view! {
        <h3>"Open answers: general-purpose against clinical"</h3>
        <p class="open-classes">{told}" "{numbers_told}</p>
        {has_themes.then(|| view! {
            <div class="scroll-x" tabindex="0" role="region" aria-label="General-purpose against clinical by theme">
                <table class="open-class-themes">
                    <caption>"The same by theme: first the general-purpose models, then the clinical systems. Not adjusted for how many themes there are."</caption>
                    {head("Theme")}
                    <tbody>{rows}</tbody>
                </table>
            </div>
        })}
        <p class="quiet">"This holds for these systems only: other models of each kind may do otherwise."</p>
    })
}
