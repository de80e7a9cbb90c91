//! Owns the figures of the results page: conclusions, leaderboard with its picture, pairs, classes.

use leptos::prelude::*;

use crate::provider::Class;
use crate::report::chart::{self, IntervalPlot, IntervalRow};
use crate::report::pairs::{Detail, Pair};
use crate::report::{
    Accuracy, Grid, Standing, Unanswered, Verdict, class_comparison, conclusion, leaderboard, pairs,
};
use crate::ui::pages::results::Shown;
use crate::ui::words;

#[component]
pub(crate) fn Conclusion(shown: Shown, rule: RwSignal<Unanswered>) -> impl IntoView {
    let sentences = move || {
        let sentences = conclusion(&shown.comparison.grid, rule.get()).into_iter();
        sentences.map(|sentence| view! { <li>{sentence.text}</li> }).collect_view()
    };
    view! {
        <section aria-labelledby="conclusion-heading" class="notice">
            <h2 id="conclusion-heading">"What can I conclude?"</h2>
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

#[component]
pub(crate) fn Leaderboard(
    shown: Shown,
    rule: RwSignal<Unanswered>,
    classes: RwSignal<Vec<(String, Class)>>,
) -> impl IntoView {
    let comparison = shown.comparison.clone();
    let standings =
        Memo::new_with_compare(move |_| leaderboard(&comparison.grid, rule.get()), |_, _| true);
    let caption = move || match rule.get() {
        Unanswered::CountedWrong => {
            "Share of right answers; unanswered questions count as wrong. The range holds the true share in 95 of 100 such samples."
        }
        Unanswered::SetAside => {
            "Share of right answers among the readable ones. The range holds the true share in 95 of 100 such samples."
        }
    };
    view! {
        <section aria-labelledby="board-heading">
            <h2 id="board-heading">"Who did better"</h2>
            {move || standings.with(|standings| interval_plot(&chart::interval_plot(standings, rule.get())))}
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
                    <tbody>
                        {move || standings.with(|standings| standings.iter().map(|standing| {
                            standing_row(standing, rule.get(), classes)
                        }).collect_view())}
                    </tbody>
                </table>
            </div>
        </section>
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

fn interval_plot(plot: &IntervalPlot) -> impl IntoView + use<> {
    let view_box = format!("0 0 {} {}", plot.width, plot.height);
    let (axis_y, tick_y) = (plot.axis_y, plot.axis_y + 18.0);
    let ticks: Vec<_> = plot
        .ticks
        .iter()
        .map(|(x, name)| {
            view! {
                <line class="chart__grid" x1=*x x2=*x y1="0" y2=axis_y></line>
                <text class="chart__tick" x=*x y=tick_y text-anchor="middle">{name.clone()}</text>
            }
        })
        .collect();
    let rows: Vec<_> = plot.rows.iter().map(interval_row).collect();
    view! {
        <svg class="chart" viewBox=view_box role="img" aria-label="Share of right answers of each model with its 95 % range; the table below has the figures.">
            {ticks}
            <line class="chart__axis" x1="0" x2=plot.width y1=axis_y y2=axis_y></line>
            {rows}
        </svg>
    }
}

fn interval_row(row: &IntervalRow) -> impl IntoView + use<> {
    let kind = match row.class {
        Class::GeneralPurpose => "general",
        Class::Clinical => "clinical",
        Class::Baseline => "baseline",
        Class::Person => "person",
    };
    let (line, mark) = (
        format!("chart__interval chart__interval--{kind}"),
        format!("chart__mark chart__mark--{kind}"),
    );
    // Shape as well as colour tells a clinical system.
    let dot = if row.class == Class::Clinical {
        view! { <rect class=mark x=row.x - 6.0 y=row.y - 6.0 width="12" height="12"></rect> }
            .into_any()
    } else {
        view! { <circle class=mark cx=row.x cy=row.y r="6"></circle> }.into_any()
    };
    view! {
        <text class="chart__label" x="18" y=row.label_y>{row.name.clone()}</text>
        <line class=line x1=row.x_low x2=row.x_high y1=row.y y2=row.y></line>
        {dot}
    }
}

#[component]
pub(crate) fn Pairs(shown: Shown, rule: RwSignal<Unanswered>) -> impl IntoView {
    let comparison = shown.comparison.clone();
    let rows = move || {
        let grid = &comparison.grid;
        let pairs = pairs(grid, rule.get());
        if pairs.is_empty() {
            let teach = "No two of them have answered the same questions yet.";
            return view! { <tr><td colspan="6">{teach}</td></tr> }.into_any();
        }
        pairs.iter().map(|pair| pair_row(grid, pair)).collect_view().into_any()
    };
    (1 < shown.comparison.grid.models.len()).then(|| view! {
        <section aria-labelledby="pairs-heading">
            <h2 id="pairs-heading">"Model against model"</h2>
            <div class="scroll-x" tabindex="0" role="region" aria-label="Every pair of models">
                <table id="pairs">
                    <caption>
                        "Each pair on the questions that both were asked. The difference is in percentage points with its 95 % range. p is the chance of such a difference if both were equally good (exact McNemar test), adjusted for the number of pairs (Holm)."
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
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </section>
    })
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
                    <p class="quiet">"This holds for these systems only: other models of each kind may do otherwise."</p>
                </section>
            }
        })
    }
}
