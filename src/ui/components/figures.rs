//! Owns what the results page says in words and tables of its own: conclusions, leaderboard, pairs, classes.

use std::sync::Arc;

use leptos::prelude::*;

use crate::provider::Class;
use crate::report::gallery::{Basis, Plate};
use crate::report::pairs::{Detail, Pair};
use crate::report::{
    Accuracy, Grid, Standing, Unanswered, Verdict, class_comparison, class_generalisation,
    conclusion,
};
use crate::ui::charts::{FigureView, Setting};
use crate::ui::components::field::SelectField;
use crate::ui::components::gallery::{Gallery, address_of};
use crate::ui::pages::results::Shown;
use crate::ui::words;

#[component]
pub(crate) fn Conclusion(gallery: Gallery) -> impl IntoView {
    let sentences = move || {
        let sentences = gallery.basis.with(|basis| {
            gallery.shown.with_value(|shown| conclusion(&shown.comparison.grid, basis))
        });
        sentences.into_iter().map(|sentence| view! { <li>{sentence.text}</li> }).collect_view()
    };
    view! {
        <section aria-labelledby="conclusion-heading" class="notice">
            <h2 id="conclusion-heading" tabindex="-1">"What can I conclude?"</h2>
            <ul>{sentences}</ul>
        </section>
    }
}

/// How answers without a readable choice are counted, for all figures of the page.
#[component]
pub(crate) fn RuleChoice(rule: RwSignal<Unanswered>) -> impl IntoView {
    let option = move |of: Unanswered, text: &'static str| {
        view! {
            <label class="tick">
                <input type="radio" name="rule" prop:checked=move || rule.get() == of on:change=move |_| rule.set(of)/>
                <span>{text}</span>
            </label>
        }
    };
    view! {
        <fieldset class="no-print">
            <legend>"Refused, unreadable, cut off or failed answers are"</legend>
            {option(Unanswered::CountedWrong, "counted as wrong")}
            {option(Unanswered::SetAside, "set aside: only readable answers count")}
        </fieldset>
    }
}

/// The table of the leaderboard, in which the kind of a model is chosen.
#[component]
pub(crate) fn Leaderboard(
    basis: Memo<Arc<Basis>>,
    rule: RwSignal<Unanswered>,
    classes: RwSignal<Vec<(String, Class)>>,
) -> impl IntoView {
    let caption = move || match rule.get() {
        Unanswered::CountedWrong => {
            "Share of right answers; unanswered questions count as wrong. The range holds the true share in 95 of 100 such samples."
        }
        Unanswered::SetAside => {
            "Share of right answers among the readable ones. The range holds the true share in 95 of 100 such samples."
        }
    };
    let rows = move || {
        let row = |basis: &Arc<Basis>| {
            let standings = basis.standings.iter();
            standings.map(|standing| standing_row(standing, basis.rule, classes)).collect_view()
        };
        basis.with(row)
    };
    view! {
        <div class="scroll-x" tabindex="0" role="region" aria-label="Leaderboard">
            <table id="leaderboard">
                <caption>{caption}</caption>
                <thead>
                    <tr>
                        <th scope="col">"Model"</th>
                        <th scope="col">"Kind"</th>
                        <th scope="col" class="number">"Right"</th>
                        <th scope="col" class="number">"95 % range"</th>
                        <th scope="col">"Of these"</th>
                        <th scope="col">"The other way of counting"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

fn standing_row(
    standing: &Standing,
    rule: Unanswered,
    classes: RwSignal<Vec<(String, Class)>>,
) -> impl IntoView + use<> {
    let other = match rule {
        Unanswered::CountedWrong => Unanswered::SetAside,
        Unanswered::SetAside => Unanswered::CountedWrong,
    };
    let tally = &standing.tally;
    let not_asked =
        (0 < tally.not_asked).then(|| format!("{} not asked", words::count(tally.not_asked)));
    let counts: Vec<String> = [words::ended(tally)]
        .into_iter()
        .filter(|ended| !ended.is_empty())
        .chain(not_asked)
        .collect();
    let shown = standing.accuracy(rule);
    let share = shown.map_or_else(|| "–".to_owned(), |accuracy| words::percent(accuracy.value));
    let shown_range = shown.map_or_else(|| "–".to_owned(), range);
    let otherwise = standing.accuracy(other).map_or_else(
        || "–".to_owned(),
        |accuracy| {
            let way = match other {
                Unanswered::CountedWrong => "counted wrong",
                Unanswered::SetAside => "set aside",
            };
            format!("{way}: {} ({})", words::percent(accuracy.value), range(accuracy))
        },
    );
    view! {
        <tr data-model=standing.name.clone()>
            <th scope="row">{standing.name.clone()}</th>
            <td>{class_choice(&standing.name, standing.class, classes)}</td>
            <td class="number"><strong>{share}</strong></td>
            <td class="number">{shown_range}</td>
            <td>{counts.join(", ")}</td>
            <td>{otherwise}</td>
        </tr>
    }
}

fn range(accuracy: &Accuracy) -> String {
    words::percent_range(accuracy.interval.low, accuracy.interval.high)
}

/// The kind of a model, which the person may change where it is one of the two that are compared.
pub(crate) fn class_choice(
    name: &str,
    class: Class,
    classes: RwSignal<Vec<(String, Class)>>,
) -> AnyView {
    if !matches!(class, Class::GeneralPurpose | Class::Clinical) {
        return words::class(class).into_any();
    }
    let name = name.to_owned();
    let label = format!("Kind of {name}");
    view! {
        <select aria-label=label on:change=move |event| {
            let class = if event_target_value(&event) == "clinical" { Class::Clinical } else { Class::GeneralPurpose };
            classes.update(|classes| classes.push((name.clone(), class)));
        }>
            <option value="general" selected=class == Class::GeneralPurpose>{words::class(Class::GeneralPurpose)}</option>
            <option value="clinical" selected=class == Class::Clinical>{words::class(Class::Clinical)}</option>
        </select>
    }
    .into_any()
}

/// The forest plot, of all pairs or of those of one model, and the table of all pairs.
#[component]
pub(crate) fn Pairs(gallery: Gallery) -> impl IntoView {
    let plate = Plate::Pairs;
    // Where all are too many for a picture: whose pairs are drawn; until one is chosen the best one's.
    let chosen = RwSignal::new(None::<usize>);
    let figure = Memo::new(move |_| {
        let drawn = gallery.drawn(plate).get()?;
        let Some(model) = chosen.get() else { return drawn.first().cloned() };
        let of_model = |basis: &Arc<Basis>| {
            gallery.shown.with_value(|shown| basis.forest_of(&shown.comparison.grid, model))
        };
        Some(gallery.basis.with(of_model))
    });
    let picture = move || {
        match figure.get() {
        Some(figure) => {
            view! { <FigureView figure=figure address=address_of(plate.key()) setting=Setting::BesideTable/> }
                .into_any()
        }
        None => view! { <p class="figure figure--coming quiet">"Drawing …"</p> }.into_any(),
    }
    };
    let whose = move || {
        let basis = gallery.basis.get();
        basis.has_many_pairs().then(|| {
            let options: Vec<(String, String)> = basis
                .standings
                .iter()
                .map(|standing| (standing.model.to_string(), standing.name.clone()))
                .collect();
            let best = basis.pairs.first().map(|pair| pair.first);
            let value = Signal::derive(move || {
                chosen.get().or(best).map(|model| model.to_string()).unwrap_or_default()
            });
            let on_change = Callback::new(move |value: String| chosen.set(value.parse().ok()));
            view! {
                <div class="no-print">
                    <SelectField label="The picture shows all pairs of" id="pairs-of" options=options value=value on_change=on_change/>
                </div>
            }
        })
    };
    let rows = move || {
        let row = |basis: &Arc<Basis>| {
            gallery.shown.with_value(|shown| {
                let pairs = basis.pairs.iter();
                pairs.map(|pair| pair_row(&shown.comparison.grid, pair)).collect_view()
            })
        };
        gallery.basis.with(row)
    };
    // Hundreds of rows take their turn as the pictures do.
    let is_drawn = move || gallery.drawn(plate).with(Option::is_some);
    view! {
        <Show when=move || gallery.is_shown(plate)>
        <section aria-labelledby="differences-heading">
            <h2 id="differences-heading" tabindex="-1">{plate.title()}</h2>
            {whose}
            {picture}
            <div class="scroll-x twin" tabindex="0" role="region" aria-label="Every pair of models">
                <table id="pairs">
                    <caption>
                        "Each pair on the questions that both were asked. The difference is in percentage points with its 95 % range (Wald’s, as papers print it). p is the chance of such a difference if both were equally good (exact McNemar test), adjusted for the number of pairs (Holm)."
                    </caption>
                    <thead>
                        <tr>
                            <th scope="col">"Pair"</th>
                            <th scope="col">"What can be told"</th>
                            <th scope="col" class="number">"Difference"</th>
                            <th scope="col" class="number">"95 % range"</th>
                            <th scope="col" class="number">"p, adjusted"</th>
                            <th scope="col">"Both / only first / only second / neither"</th>
                        </tr>
                    </thead>
                    <tbody>{move || is_drawn().then(rows)}</tbody>
                </table>
            </div>
        </section>
        </Show>
    }
}

fn pair_row(grid: &Grid, pair: &Pair) -> impl IntoView + use<> {
    let name =
        |idx: usize| grid.models.get(idx).map(|model| model.name.clone()).unwrap_or_default();
    let (first, second) = (name(pair.first), name(pair.second));
    let verdict = match pair.verdict {
        Verdict::FirstAhead => format!("{first} is ahead"),
        Verdict::SecondAhead => format!("{second} is ahead"),
        Verdict::NotTellable => "cannot be told".to_owned(),
    };
    let range = pair.interval().map_or_else(
        || "–".to_owned(),
        |interval| format!("{} to {}", words::points(interval.low), words::points(interval.high)),
    );
    let table = match pair.detail {
        Detail::Once { table, .. } => {
            format!(
                "{} / {} / {} / {}",
                table.both, table.first_only, table.second_only, table.neither
            )
        }
        Detail::Repeated { .. } => "repeats: by question".to_owned(),
    };
    let exact_p = format!("p = {:e} before the adjustment", pair.p);
    view! {
        <tr data-pair=format!("{first}|{second}")>
            <th scope="row">{format!("{first} – {second}")}</th>
            <td>{verdict}</td>
            <td class="number">{words::points(pair.difference)}</td>
            <td class="number">{range}</td>
            <td class="number" title=exact_p>{words::p_value(pair.p_holm)}</td>
            <td>{table}</td>
        </tr>
    }
}

/// General-purpose against clinical, where both are there.
#[component]
pub(crate) fn Classes(shown: Shown, rule: RwSignal<Unanswered>) -> impl IntoView {
    move || {
        let grid = &shown.comparison.grid;
        class_comparison(grid, [Class::GeneralPurpose, Class::Clinical], rule.get()).map(|classes| {
            let range = classes.interval.map_or_else(String::new, |interval| {
                format!(" (95 % range {} to {})", words::points(interval.low), words::points(interval.high))
            });
            let verdict = match classes.verdict {
                Verdict::FirstAhead => "The general-purpose models are ahead of the clinical systems here.",
                Verdict::SecondAhead => "The clinical systems are ahead of the general-purpose models here.",
                Verdict::NotTellable => "Which kind is ahead cannot be told from these questions.",
            };
            // One system of a kind says nothing of others of its kind.
            let others = class_generalisation(grid, [Class::GeneralPurpose, Class::Clinical], rule.get()).map(|found| {
                format!(
                    " Were these models drawn at random from all of their kind, the range would be {} to {} percentage points (p = {}).",
                    words::points(found.interval.low),
                    words::points(found.interval.high),
                    words::p_value(found.p),
                )
            });
            view! {
                <section aria-labelledby="classes-heading">
                    <h2 id="classes-heading">"General-purpose against clinical"</h2>
                    <p>
                        {verdict}" "
                        {format!(
                            "On {} all were asked, the general-purpose models got {} right on average, the clinical systems {}. The difference is {} percentage points{range}, p = {}.",
                            words::counted(classes.n_items, "question that", "questions that"),
                            words::percent(classes.first_mean),
                            words::percent(classes.second_mean),
                            words::points(classes.difference),
                            words::p_value(classes.p),
                        )}
                    </p>
                    <p class="quiet">"This holds for these systems only: other models of each kind may do otherwise."{others}</p>
                </section>
            }
        })
    }
}
