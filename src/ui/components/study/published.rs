//! Owns what was published: tables with their ranges, what each test can tell, what points the other way, and sources.

use std::sync::Arc;

use leptos::prelude::*;

use super::{figure, range};
use crate::report::study::{Basis, Figure, Scale, Stage, Study};
use crate::ui::words;

#[component]
pub(crate) fn StageView(study: Arc<Study>, stage: Stage) -> impl IntoView {
    let heading_id = format!("stage-{}", stage.id);
    let list = |title: &'static str, points: &[String]| {
        (!points.is_empty()).then(|| {
            let points = points.iter().map(|point| view! { <li>{point.clone()}</li> });
            view! { <h4>{title}</h4><ul>{points.collect_view()}</ul> }
        })
    };
    view! {
        <section class="card" aria-labelledby=heading_id.clone()>
            <h3 id=heading_id.clone()>{stage.title.clone()}</h3>
            <p>{stage.what.clone()}</p>
            <Figures study=study.clone() stage=stage.clone()/>
            <Contrasts study=study.clone() stage=stage.clone()/>
            {list("What this can tell", &stage.can)}
            {list("What it cannot tell", &stage.cannot)}
            <Cited study=study ids=stage.sources/>
        </section>
    }
}

fn name(study: &Study, figure: &Figure) -> String {
    study.systems.get(figure.system).map(|system| system.name.clone()).unwrap_or_default()
}

#[component]
fn Figures(study: Arc<Study>, stage: Stage) -> impl IntoView {
    let figures = study.figures(&stage);
    let scale = stage.scale;
    let is_widest = figures.iter().any(|figure| figure.basis == Basis::Widest);
    let unit = match scale {
        Scale::Points => "conversations",
        Scale::Share | Scale::Rating => "questions",
    };
    let caption = if is_widest {
        format!(
            "{} {unit}. What each of them scored was not published, so that the exact range cannot be worked out: this is the widest that chance allows.",
            words::count_u64(stage.n)
        )
    } else {
        format!(
            "Of {} {unit}. Range by Wilson’s method, from the counts.",
            words::count_u64(stage.n)
        )
    };
    let rows: Vec<_> = figures
        .iter()
        .map(|found| {
            let shown = match found.at_most {
                Some(most) => words::range(figure(scale, found.value), figure(scale, most)),
                None => figure(scale, found.value),
            };
            let class = study.systems.get(found.system).map(|system| words::class(system.class));
            view! {
                <tr>
                    <th scope="row">{name(&study, found)}</th>
                    <td class="number"><strong>{shown}</strong></td>
                    <td class="number">{range(scale, found.interval)}</td>
                    <td>{class}</td>
                </tr>
            }
        })
        .collect();
    let label = format!("Figures of {}", stage.title);
    view! {
        <div class="scroll-x" tabindex="0" role="region" aria-label=label>
            <table id=format!("figures-{}", stage.id)>
                <caption>{caption}</caption>
                <thead>
                    <tr>
                        <th scope="col">"System"</th>
                        <th scope="col" class="number">"Published"</th>
                        <th scope="col" class="number">"95 % range"</th>
                        <th scope="col">"Kind"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

/// General-purpose against clinical, each pair; only where the ranges come from counts.
#[component]
fn Contrasts(study: Arc<Study>, stage: Stage) -> impl IntoView {
    let contrasts = study.contrasts(&stage);
    let has_counts = stage.scale == Scale::Share
        && contrasts.iter().all(|(a, b, _)| a.at_most.is_none() && b.at_most.is_none());
    (has_counts && !contrasts.is_empty()).then(|| {
        let rows: Vec<_> = contrasts
            .iter()
            .map(|(general, clinical, difference)| {
                let told = if difference.includes_none() {
                    "cannot be told from chance"
                } else if 0.0 < difference.value {
                    "the general-purpose model is ahead"
                } else {
                    "the clinical tool is ahead"
                };
                let interval = difference.interval;
                view! {
                    <tr>
                        <th scope="row">{format!("{} less {}", name(&study, general), name(&study, clinical))}</th>
                        <td class="number">{words::points(difference.value)}</td>
                        <td class="number">{format!("{} to {}", words::points(interval.low), words::points(interval.high))}</td>
                        <td>{told}</td>
                    </tr>
                }
            })
            .collect();
        let label = format!("Differences in {}", stage.title);
        view! {
            <details>
                <summary>"General-purpose against clinical, pair by pair"</summary>
                <div class="scroll-x" tabindex="0" role="region" aria-label=label>
                    <table id=format!("contrasts-{}", stage.id)>
                        <caption>"Difference in percentage points with its 95 % range (Newcombe’s method). What each system did on each question was not published, so that the pairing of the questions cannot be used; six pairs are looked at, and one of twenty would fall outside its range by chance."</caption>
                        <thead>
                            <tr>
                                <th scope="col">"Pair"</th>
                                <th scope="col" class="number">"Difference"</th>
                                <th scope="col" class="number">"95 % range"</th>
                                <th scope="col">"What it says"</th>
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
            </details>
        }
    })
}

/// Links to what is cited.
#[component]
fn Cited(study: Arc<Study>, ids: Vec<String>) -> impl IntoView {
    let links: Vec<_> = ids
        .iter()
        .filter_map(|id| study.source(id))
        .map(|source| {
            view! { <li><a href=source.url.clone() rel="noreferrer" target="_blank">{source.title.clone()}</a></li> }
        })
        .collect();
    (!links.is_empty())
        .then(|| view! { <p class="quiet">"Sources"</p><ul class="quiet">{links}</ul> })
}

#[component]
pub(crate) fn EvidenceList(study: Arc<Study>) -> impl IntoView {
    let parts: Vec<_> = study
        .evidence
        .iter()
        .map(|one| {
            view! {
                <article class="card">
                    <h3>{one.title.clone()}</h3>
                    <p>{one.text.clone()}</p>
                    <Cited study=study.clone() ids=one.sources.clone()/>
                </article>
            }
        })
        .collect();
    view! {
        <section aria-labelledby="other-heading">
            <h2 id="other-heading">"What points the other way"</h2>
            <div class="stack">{parts}</div>
        </section>
    }
}

#[component]
pub(crate) fn Sources(study: Arc<Study>) -> impl IntoView {
    let all: Vec<_> = study
        .sources
        .iter()
        .map(|source| {
            let note = (!source.note.is_empty()).then(|| format!(" {}", source.note));
            view! {
                <li>
                    <a href=source.url.clone() rel="noreferrer" target="_blank">{source.title.clone()}</a>
                    "."{note}
                </li>
            }
        })
        .collect();
    let as_of = format!("As known on {}.", study.as_of);
    view! {
        <section aria-labelledby="sources-heading">
            <h2 id="sources-heading">"Sources"</h2>
            <ul>{all}</ul>
            <p class="quiet">{as_of}" This page is not made by the authors of the study, nor by the makers of any system in it."</p>
        </section>
    }
}
