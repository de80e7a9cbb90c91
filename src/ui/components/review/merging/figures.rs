//! Owns the figures of a review once it is unblinded: conclusions, means with a picture, the ordinal model, the rest.

use leptos::prelude::*;

use super::Shown;
use super::blinded::alpha_text;
use crate::browser::{clock, files};
use crate::people::review::analysis::{Analysis, DimensionFigures, Preferences, Share, analyse};
use crate::people::review::conclusion::conclude;
use crate::people::review::file::to_text;
use crate::people::review::picture::means_figure;
use crate::people::review::{KeyFile, export};
use crate::ui::charts::{FigureView, Setting};
use crate::ui::components::review::file_stem;
use crate::ui::words;

#[component]
pub(super) fn Figures(shown: Shown) -> impl IntoView {
    let analysis = match analyse(&shown.key, &shown.merged) {
        Ok(analysis) => analysis,
        Err(blind) => return view! { <p role="alert">{blind.to_string()}</p> }.into_any(),
    };
    let sentences = conclude(&shown.key, &analysis).into_iter();
    let sentences = sentences.map(|sentence| view! { <li>{sentence.text}</li> }).collect_view();
    let dimensions: Vec<_> =
        analysis.dimensions.iter().map(|of| dimension(&analysis, of)).collect();
    let flags: Vec<_> = analysis
        .flags
        .iter()
        .map(|flag| shares_table(&analysis, &flag.question, &flag.id, &flag.shares))
        .collect();
    let refusals = shares_table(
        &analysis,
        "Answers that decline to answer: counted apart, not in the means",
        "refusals",
        &analysis.refusals,
    );
    let preferences = analysis.preferences.as_ref().map(|preferences| match preferences {
        Ok(preferences) => preferences_view(&analysis, preferences).into_any(),
        Err(why) => view! { <p class="notice notice--warn">{why.clone()}</p> }.into_any(),
    });
    let record = record(&shown);
    view! {
        {record}
        <section aria-labelledby="review-conclusion" class="notice">
            <h2 id="review-conclusion">"What can I conclude?"</h2>
            <ul>{sentences}</ul>
        </section>
        {preferences}
        {dimensions}
        <h2>"Harm, made-up facts, refusals"</h2>
        <p class="quiet">"Ranges are Wilson’s for so many answers, since reviewers of one answer see the same text."</p>
        {flags}
        {refusals}
        <Export shown=shown analysis=analysis/>
    }
    .into_any()
}

/// When names were shown, by whom, and what came after.
fn record(shown: &Shown) -> impl IntoView + use<> {
    let acts: Vec<String> = shown
        .key
        .unblinded
        .iter()
        .map(|act| {
            let when = clock::local_date_time(act.at_millis);
            let n = words::counted(act.files.len(), "file of ratings", "files of ratings");
            format!("Unblinded on {when} by {}, with {n} in.", act.by)
        })
        .collect();
    let known: Vec<&String> = shown
        .key
        .unblinded
        .iter()
        .flat_map(|act| act.files.iter().map(|(sha256, _)| sha256))
        .collect();
    let n_late = shown.merged.taken.iter().filter(|taken| !known.contains(&&taken.sha256)).count();
    view! {
        {acts.into_iter().map(|act| view! { <p class="review-unblinded">{act}</p> }).collect_view()}
        {(0 < n_late).then(|| view! {
            <p class="notice notice--warn">{format!("{} came in after that.", words::counted(n_late, "file of ratings", "files of ratings"))}</p>
        })}
    }
}

fn dimension(analysis: &Analysis, of: &DimensionFigures) -> AnyView {
    let ordinal = of.ordinal.as_ref().ok();
    let rows = rows(analysis, of);
    let alpha = alpha_text(of.alpha);
    let concordance = of.concordance.map(|it| {
        format!(
            "Kendall’s W over {}: {:.2} (chi-square {:.2}, p {}). 1 means that every question ranks the models alike.",
            words::counted(it.n_rankings, "question", "questions"),
            it.w,
            it.chi_square,
            words::p_value(it.p)
        )
    });
    let model_text = model_text(of);
    let pairs: Vec<_> = ordinal
        .map(|fit| fit.pairs.as_slice())
        .unwrap_or_default()
        .iter()
        .map(|pair| {
            let [higher, lower] = pair.models.map(|model| analysis.models[model].as_str());
            let (ratio, range) = pair.effect.odds_ratio();
            view! { <li>{format!("{higher} above {lower}: odds ratio {ratio:.2} ({:.2} to {:.2}), p {}", range.low, range.high, words::p_value(pair.adjusted_p))}</li> }
        })
        .collect();
    let heading = format!("dimension-{}", of.id);
    let figure = means_figure(&analysis.models, of);
    let address = "/review/merge".to_owned();
    let table_id = format!("figures-{}", of.id);
    let caption = format!(
        "{}, from 1 to {}; ranges hold questions and reviewers for drawn at random",
        of.name, of.n_steps
    );
    view! {
        <section aria-labelledby=heading.clone()>
            <h2 id=heading.clone()>{of.name.clone()}</h2>
            <FigureView figure=figure address=address setting=Setting::BesideTable/>
            <div class="scroll-x" tabindex="0" role="region" aria-label=format!("Figures: {}", of.name)>
                <table id=table_id>
                    <caption>{caption}</caption>
                    <thead>
                        <tr>
                            <th scope="col">"Model"</th>
                            <th scope="col" class="number">"Ratings"</th>
                            <th scope="col" class="number">"Mean"</th>
                            <th scope="col" class="number">"95 % range"</th>
                            <th scope="col" class="number">"Log-odds"</th>
                            <th scope="col" class="number">"Standard error"</th>
                            <th scope="col" class="number">"Odds ratio (95 % range)"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            <p>{model_text}</p>
            <p>{format!("Krippendorff’s alpha: {alpha}.")}</p>
            {concordance.map(|text| view! { <p>{text}</p> })}
            {(!pairs.is_empty()).then(|| view! {
                <details><summary>"Every two models (p adjusted by Holm)"</summary><ul>{pairs}</ul></details>
            })}
        </section>
    }
    .into_any()
}

/// One row for each model.
fn rows(analysis: &Analysis, of: &DimensionFigures) -> Vec<AnyView> {
    let ordinal = of.ordinal.as_ref().ok();
    analysis
        .models
        .iter()
        .enumerate()
        .map(|(model, name)| {
            let mean = of.means.get(model).copied().flatten();
            let value = mean.map_or_else(|| "–".to_owned(), |mean| format!("{:.2}", mean.mean));
            let range = mean.and_then(|mean| mean.interval).map_or_else(
                || "–".to_owned(),
                |interval| format!("{:.2} to {:.2}", interval.low, interval.high),
            );
            let effect = ordinal.and_then(|fit| fit.effects.get(model).copied().flatten());
            let is_reference = ordinal.is_some_and(|fit| fit.reference == model);
            let log_odds = effect.map_or_else(
                || "–".to_owned(),
                |effect| {
                    if is_reference {
                        "0 (others are held against it)".to_owned()
                    } else {
                        format!("{:.4}", effect.log_odds)
                    }
                },
            );
            let error = effect
                .filter(|_| !is_reference)
                .map_or_else(|| "–".to_owned(), |effect| format!("{:.4}", effect.error));
            let odds = effect.filter(|_| !is_reference).map_or_else(
                || "–".to_owned(),
                |effect| {
                    let (ratio, range) = effect.odds_ratio();
                    format!("{ratio:.2} ({:.2} to {:.2})", range.low, range.high)
                },
            );
            view! {
                <tr>
                    <th scope="row">{name.clone()}</th>
                    <td class="number">{mean.map_or(0, |mean| mean.n_ratings)}</td>
                    <td class="number">{value}</td>
                    <td class="number">{range}</td>
                    <td class="number">{log_odds}</td>
                    <td class="number">{error}</td>
                    <td class="number">{odds}</td>
                </tr>
            }
            .into_any()
        })
        .collect()
}

/// What the ordinal model is, or why there is none.
fn model_text(of: &DimensionFigures) -> String {
    match &of.ordinal {
        Ok(fit) => {
            let alike = fit.all_alike.map(|(chi_square, df, p)| {
                format!(" All models alike: chi-square {chi_square:.2} with {df} degrees of freedom, p {}.", words::p_value(p))
            });
            let left = (!fit.left_out.is_empty())
                .then(|| format!(" Left out: {}.", fit.left_out.join("; ")));
            format!(
                "The ordinal model is a cumulative-link model (proportional odds) with effects of model, question and reviewer, of {}.{}{}",
                words::counted(fit.n, "rating", "ratings"),
                alike.unwrap_or_default(),
                left.unwrap_or_default()
            )
        }
        Err(why) => format!("The ordinal model gives no estimates. {why}"),
    }
}

fn shares_table(analysis: &Analysis, caption: &str, id: &str, shares: &[Option<Share>]) -> AnyView {
    let rows: Vec<_> = analysis
        .models
        .iter()
        .zip(shares)
        .map(|(name, share)| {
            let (count, value) = share.map_or_else(
                || ("–".to_owned(), "–".to_owned()),
                |share| {
                    let range = words::percent_range(share.interval.low, share.interval.high);
                    (format!("{} of {}", share.n_yes, share.n), format!("{} ({range})", words::percent(share.value)))
                },
            );
            view! { <tr><th scope="row">{name.clone()}</th><td class="number">{count}</td><td class="number">{value}</td></tr> }
        })
        .collect();
    view! {
        <div class="scroll-x" tabindex="0" role="region" aria-label=caption.to_owned()>
            <table id=format!("shares-{id}")>
                <caption>{caption.to_owned()}</caption>
                <thead><tr><th scope="col">"Model"</th><th scope="col" class="number">"Yes"</th><th scope="col" class="number">"Share (95 % range)"</th></tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn preferences_view(analysis: &Analysis, preferences: &Preferences) -> impl IntoView + use<> {
    let rows: Vec<_> = analysis
        .models
        .iter()
        .zip(&preferences.standings)
        .map(|(name, of)| {
            view! {
                <tr>
                    <th scope="row">{name.clone()}</th>
                    <td class="number">{of.n_won}</td>
                    <td class="number">{of.n_lost}</td>
                    <td class="number">{of.n_tied}</td>
                    <td class="number">{format!("{:.2} ({:.2} to {:.2})", of.strength, of.interval.low, of.interval.high)}</td>
                </tr>
            }
        })
        .collect();
    let chances: Vec<_> = preferences
        .chances
        .iter()
        .map(|(pair, chance, interval)| {
            let [one, other] = pair.map(|model| analysis.models[model].as_str());
            let range = words::percent_range(interval.low, interval.high);
            view! { <li>{format!("{one} over {other}: {} ({range})", words::percent(*chance))}</li> }
        })
        .collect();
    let sides = format!(
        "Of {} decided comparisons the left answer won {}; {} ended in a tie, which counts as half a win for either side.",
        preferences.n_decided, preferences.n_left, preferences.n_ties
    );
    view! {
        <section aria-labelledby="preferences-heading">
            <h2 id="preferences-heading">"Which answers were preferred"</h2>
            <div class="scroll-x" tabindex="0" role="region" aria-label="Preferences">
                <table id="preferences">
                    <caption>"Strength by the Bradley–Terry model, in log-odds around the mean of all"</caption>
                    <thead><tr>
                        <th scope="col">"Model"</th><th scope="col" class="number">"Won"</th><th scope="col" class="number">"Lost"</th>
                        <th scope="col" class="number">"Tied"</th><th scope="col" class="number">"Strength (95 % range)"</th>
                    </tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            <p>{sides}" Ranges take comparisons for independent; with few reviewers they are too narrow."</p>
            <ul>{chances}</ul>
        </section>
    }
}

#[component]
fn Export(shown: Shown, analysis: Analysis) -> impl IntoView {
    let error = RwSignal::new(None::<String>);
    let held = StoredValue::new((shown, analysis));
    let save = move |what: &'static str, ending: &'static str, mime: &'static str, text: String| {
        let stem = held.with_value(|(shown, _)| file_stem(&shown.key.title));
        let saved = files::save(&format!("{what}-{stem}.{ending}"), mime, &text);
        error.set(saved.err().map(|refused| refused.to_string()));
    };
    let key_text = |key: &KeyFile| to_text(key);
    view! {
        <section class="no-print" aria-labelledby="review-export">
            <h2 id="review-export">"Save and pass on"</h2>
            <div class="row">
                <button class="button" on:click=move |_| save("figures", "json", "application/json",
                    held.with_value(|(shown, analysis)| export::analysis_json(&shown.key, &shown.merged, analysis)))>"Save the figures (JSON)"</button>
                <button class="button" on:click=move |_| save("figures", "csv", "text/csv",
                    held.with_value(|(_, analysis)| export::figures_csv(analysis)))>"Save the figures (CSV)"</button>
                <button class="button" on:click=move |_| save("ratings", "csv", "text/csv",
                    held.with_value(|(shown, _)| export::ratings_csv(&shown.key, &shown.merged)))>"Save the ratings (CSV)"</button>
                <button class="button" on:click=move |_| save("key", "json", "application/json",
                    held.with_value(|(shown, _)| key_text(&shown.key)))>"Save the key with its record"</button>
            </div>
            {move || error.get().map(|error| view! { <p class="notice notice--bad" role="alert">{error}</p> })}
        </section>
    }
}
