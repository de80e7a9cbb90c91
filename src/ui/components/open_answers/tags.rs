//! Owns the scores by theme and by axis.

use std::sync::Arc;

use leptos::prelude::*;

use super::{range_text, score_text};
use crate::report::Figure;
use crate::report::chart::{Grouping, graded};
use crate::report::open_ended::{OpenFigures, TagScores};
use crate::run::Journal;
use crate::ui::charts::{FigureView, Setting};
use crate::ui::components::gallery::{OPEN_ANSWERS, address_of};
use crate::ui::words;

/// A tag for people: `theme:global_health` is global health.
pub(super) fn name(tag: &str) -> String {
    let name = tag.strip_prefix("theme:").or_else(|| tag.strip_prefix("axis:")).unwrap_or(tag);
    if name.is_empty() { "(none)".to_owned() } else { name.replace('_', " ") }
}

#[component]
pub(super) fn Tags(run: usize, figures: Arc<OpenFigures>, journal: Arc<Journal>) -> impl IntoView {
    let names: Vec<String> = journal.plan.models.iter().map(|model| model.name.clone()).collect();
    let rule = figures.rule.title();
    let picture = |by, tags: &[TagScores]| {
        let figure = graded(&journal.plan.models, by, tags);
        // Unique on a page with several runs.
        if run == 0 { figure } else { Figure { id: format!("{}-{run}", figure.id), ..figure } }
    };
    let themes = (!figures.themes.is_empty()).then(|| {
        let caption = format!(
            "By the {rule}: the whole scores of the answers to the questions of each theme, with the 95 % range and the criteria decided. An answer may be of several themes."
        );
        let picture = picture(Grouping::Themes, &figures.themes);
        part(format!("open-themes-{run}"), ("Open answers by theme", "Theme"), (caption, picture), &figures.themes, &names)
    });
    let axes = (!figures.axes.is_empty()).then(|| {
        let caption = format!(
            "By the {rule}: each axis by its own criteria alone, where points can be earned by them, with the 95 % range and the criteria decided."
        );
        let picture = picture(Grouping::Axes, &figures.axes);
        part(format!("open-axes-{run}"), ("Open answers by axis", "Axis"), (caption, picture), &figures.axes, &names)
    });
    view! { {themes}{axes} }
}

/// The picture, and beside it the table that says the same.
fn part(
    id: String,
    (title, of): (&'static str, &'static str),
    (caption, picture): (String, Figure),
    tags: &[TagScores],
    names: &[String],
) -> impl IntoView + use<> {
    let rows: Vec<_> = tags
        .iter()
        .map(|tag| {
            let cells: Vec<_> = tag
                .scores
                .iter()
                .zip(&tag.verdicts)
                .map(|(score, (n_decided, n_criteria))| {
                    let value = score.map_or_else(|| "–".to_owned(), |it| score_text(it.value));
                    let range = score
                        .map(|it| range_text(it.interval));
                    let coverage = format!("{} of {} decided", words::count(*n_decided), words::count(*n_criteria));
                    view! {
                        <td class="number" data-score=score.map(|it| it.value.to_string())>
                            {value}<span class="under">{range}</span><span class="under">{coverage}</span>
                        </td>
                    }
                })
                .collect();
            view! {
                <tr data-tag=tag.tag.clone()>
                    <th scope="row">{name(&tag.tag)}</th>
                    <td class="number">{words::count(tag.n_items)}</td>
                    {cells}
                </tr>
            }
        })
        .collect();
    let heads: Vec<_> = names
        .iter()
        .map(|name| view! { <th scope="col" class="number">{name.clone()}</th> })
        .collect();
    view! {
        <h3>{title}</h3>
        <FigureView figure=picture address=address_of(OPEN_ANSWERS) setting=Setting::BesideTable/>
        <div class="scroll-x" tabindex="0" role="region" aria-label=title>
            <table id=id>
                <caption>{caption}</caption>
                <thead><tr><th scope="col">{of}</th><th scope="col" class="number">"Questions"</th>{heads}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}
