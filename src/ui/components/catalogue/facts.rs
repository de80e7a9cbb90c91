//! Owns what is told of a published set on demand: its traps, published scores, and where it is loaded from.

use leptos::prelude::*;

use crate::browser::files::GivenFile;
use crate::dataset::catalogue::{ByHand, Entry, Gotten, Score, Trap};
use crate::ui::components::file_drop::FileReader;
use crate::ui::state::State;

#[component]
pub(super) fn Facts(entry: Entry) -> impl IntoView {
    let places: Vec<String> = entry
        .parts
        .iter()
        .filter_map(|part| {
            let (first, others) = part.places.split_first()?;
            let more = if others.is_empty() { "" } else { "; other places if that one fails" };
            Some(format!("{}: {}{more}", first.host(), first.what()))
        })
        .collect();
    let unconfirmed = entry.unconfirmed.clone();
    let summary = match entry.scores.len() {
        0 => "Measure, traps, and where it comes from",
        _ => "Measure, traps, published scores, and where it comes from",
    };
    view! {
        <details>
            <summary>{summary}</summary>
            <p><strong>"What its authors report: "</strong>{entry.metric.clone()}</p>
            <Traps traps=entry.traps.clone()/>
            <Scores scores=entry.scores.clone()/>
            <h4>"Where it is loaded from"</h4>
            <ul>{places.into_iter().map(|place| view! { <li>{place}</li> }).collect_view()}</ul>
            <p><a href=entry.page.clone() rel="noreferrer" target="_blank">"The page of its authors"</a></p>
            {(!unconfirmed.is_empty()).then(|| view! {
                <p class="quiet">{format!("Not confirmed when this list was written: {}", unconfirmed.join(" "))}</p>
            })}
            <h4>"If loading fails"</h4>
            <p>"Download it with your browser, then open the file here:"</p>
            <Downloads downloads=entry.by_hand.clone()/>
            <OpenByHand entry=entry/>
        </details>
    }
}

#[component]
fn Traps(traps: Vec<Trap>) -> impl IntoView {
    (!traps.is_empty()).then(|| {
        view! {
            <h4>"What goes wrong with it"</h4>
            <ul>
                {traps.into_iter().map(|trap| view! {
                    <li>{trap.what}" "<span class="quiet"><strong>"Here: "</strong>{trap.handled}</span></li>
                }).collect_view()}
            </ul>
        }
    })
}

#[component]
fn Scores(scores: Vec<Score>) -> impl IntoView {
    (!scores.is_empty()).then(|| {
        view! {
            <h4>"Published scores"</h4>
            <div class="scroll-x" tabindex="0" role="region" aria-label="Published scores">
                <table>
                    <caption>"To know what to expect. Wording, settings and questions differ from study to study."</caption>
                    <thead>
                        <tr>
                            <th scope="col">"Who"</th>
                            <th scope="col">"Score"</th>
                            <th scope="col">"On"</th>
                            <th scope="col">"Source"</th>
                        </tr>
                    </thead>
                    <tbody>
                        {scores.into_iter().map(|score| view! {
                            <tr>
                                <th scope="row">{score.who}</th>
                                <td>{score.score}</td>
                                <td>{if score.on.is_empty() { "the whole set".to_owned() } else { score.on }}</td>
                                <td>{format!("{} ({})", score.source, score.year)}</td>
                            </tr>
                        }).collect_view()}
                    </tbody>
                </table>
            </div>
        }
    })
}

/// Addresses to download from.
#[component]
pub(super) fn Downloads(downloads: Vec<ByHand>) -> impl IntoView {
    view! {
        <ul>
            {downloads.into_iter().map(|ByHand { url, note }| view! {
                <li><a href=url.clone() rel="noreferrer" target="_blank">{url.clone()}</a>" "{note}</li>
            }).collect_view()}
        </ul>
    }
}

/// Takes files that were downloaded by hand in the place of those that the page would load.
#[component]
pub(super) fn OpenByHand(entry: Entry) -> impl IntoView {
    let loads = State::get().loads;
    let on_files = Callback::new(move |files: Vec<GivenFile>| {
        let gotten: Vec<Gotten> = files
            .into_iter()
            .map(|GivenFile { name, bytes }| Gotten::by_hand(&entry, &name, bytes))
            .collect();
        if !gotten.is_empty() {
            loads.by_hand(&entry, gotten);
        }
    });
    view! {
        <FileReader
            label="Open the downloaded file"
            hint="Or drop it here. Where the set is several files, open all of them together."
            on_files=on_files
        />
    }
}
