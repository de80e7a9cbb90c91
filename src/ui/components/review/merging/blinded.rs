//! Owns the figures of a review while it is blind: codes, and how far reviewers agree.

use leptos::prelude::*;

use super::Shown;
use crate::browser::files;
use crate::people::review::analysis::blind;
use crate::people::review::export;

#[component]
pub(super) fn Blinded(shown: Shown) -> impl IntoView {
    let figures = blind(&shown.key, &shown.merged);
    let dimensions = shown.key.scale.dimensions.clone();
    let heads = dimensions
        .iter()
        .map(|of| view! { <th scope="col" class="number">{of.name.clone()}</th> })
        .collect_view();
    let rows = figures.answers.iter().map(|answer| {
        let means = answer.means.iter().map(|mean| {
            let text = mean.map_or_else(|| "–".to_owned(), |mean| format!("{mean:.2}"));
            view! { <td class="number">{text}</td> }
        });
        let note = answer.is_declined.then_some(" (declines)");
        view! {
            <tr><th scope="row"><code>{answer.code.clone()}</code>{note}</th><td class="number">{answer.n_ratings}</td>{means.collect_view()}</tr>
        }
    });
    let alphas = dimensions.iter().zip(&figures.alphas).map(|(of, alpha)| {
        view! { <li>{format!("{}: {}", of.name, alpha_text(*alpha))}</li> }
    });
    let alphas = alphas.collect_view();
    let rows = rows.collect_view();
    let error = RwSignal::new(None::<String>);
    let shown = StoredValue::new(shown);
    let save = move |_| {
        let csv = shown.with_value(|shown| export::ratings_csv(&shown.key, &shown.merged));
        let saved = files::save("ratings-blinded.csv", "text/csv", &csv);
        error.set(saved.err().map(|refused| refused.to_string()));
    };
    view! {
        <section aria-labelledby="blind-heading">
            <h2 id="blind-heading">"While it is blind"</h2>
            <p>"How far reviewers agree (Krippendorff’s alpha for ranks: 1 is wholly, 0 is chance):"</p>
            <ul>{alphas}</ul>
            <details>
                <summary>"Each answer by its code"</summary>
                <div class="scroll-x" tabindex="0" role="region" aria-label="Answers by code">
                    <table id="blind-answers">
                        <caption>"Means of the ratings; no model is named"</caption>
                        <thead><tr><th scope="col">"Code"</th><th scope="col" class="number">"Ratings"</th>{heads}</tr></thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
            </details>
            <p><button class="button" on:click=save>"Save the ratings by code (CSV)"</button></p>
            {move || error.get().map(|error| view! { <p class="notice notice--bad" role="alert">{error}</p> })}
        </section>
    }
}

/// Alpha with its range, for people.
pub(super) fn alpha_text(alpha: Option<(f64, Option<crate::stats::Interval>)>) -> String {
    match alpha {
        None => "not defined: nobody disagrees, or no answer has two ratings".to_owned(),
        Some((alpha, None)) => format!("{alpha:.2}"),
        Some((alpha, Some(range))) => format!("{alpha:.2} ({:.2} to {:.2})", range.low, range.high),
    }
}
