//! Owns how each judge did: in plain words, and the figures behind them.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser::store::Store;
use crate::report::judge_bench::{
    BenchCategory, BenchFigures, BesidePerson, Bias, WithItself, judge_bench, reading,
};
use crate::run::Journal;
use crate::stats::Interval;
use crate::ui::state::State;
use crate::ui::words;

/// What is shown.
#[derive(Clone)]
enum Shown {
    Loading,
    Here { is_over: bool, judges: Arc<Vec<BenchFigures>> },
    Failed(String),
}

#[component]
pub(crate) fn Figures(run_id: String) -> impl IntoView {
    let state = State::get();
    let shown = RwSignal::new(Shown::Loading);
    let n_asked = RwSignal::new(0_u32);
    // The figures take a while: they are made when the run ends, and when the person asks for them.
    let is_over = {
        let run_id = run_id.clone();
        Memo::new(move |_| {
            state.run_version.track();
            state.run_id.track();
            live(state, &run_id, |_| ()).map(|(is_over, ())| is_over)
        })
    };
    Effect::new(move |_| {
        let _ = n_asked.get();
        let _ = is_over.get();
        if let Some((is_over, journal)) = live(state, &run_id, Journal::clone) {
            shown.set(made(&journal, is_over));
            return;
        }
        let run_id = run_id.clone();
        spawn_local(async move {
            let read = async { Store::open().await?.journal(&run_id).await };
            let now = match read.await {
                Ok(Some(journal)) => made(&journal, true),
                Ok(None) => Shown::Failed("This browser does not hold that run.".to_owned()),
                Err(error) => Shown::Failed(error.to_string()),
            };
            let _ = shown.try_set(now);
        });
    });
    view! {
        <section aria-labelledby="bench-figures-heading">
            <h2 id="bench-figures-heading">"How the judges did"</h2>
            {move || match shown.get() {
                Shown::Loading => view! { <p role="status">"Reading the run …"</p> }.into_any(),
                Shown::Failed(error) => view! { <p class="notice notice--bad" role="alert">{error}</p> }.into_any(),
                Shown::Here { is_over, judges } => view! {
                    {(!is_over).then(|| view! {
                        <p class="notice notice--warn">
                            "Not finished: these are the figures of the verdicts so far. "
                            <button class="button" on:click=move |_| n_asked.update(|n| *n += 1)>"Work them out again"</button>
                        </p>
                    })}
                    {judges.is_empty().then(|| view! { <p>"This run measured no judge: nothing in it was labelled by people."</p> })}
                    {judges.iter().map(|figures| view! { <OneJudge figures=figures.clone()/> }).collect_view()}
                }.into_any(),
            }}
        </section>
    }
}

/// Looks at the run of this tab, if it is this one; with whether it is over.
fn live<T>(state: State, run_id: &str, look: impl FnOnce(&Journal) -> T) -> Option<(bool, T)> {
    state.driver.with_untracked(|driver| {
        driver.as_ref()?.with(|run| {
            let journal = run.journal();
            (journal.plan.run_id == run_id).then(|| (run.is_complete(), look(journal)))
        })
    })
}

fn made(journal: &Journal, is_over: bool) -> Shown {
    Shown::Here { is_over, judges: Arc::new(judge_bench(journal)) }
}

/// `0.71`, or a dash.
fn f1(value: Option<f64>) -> String {
    value.map_or_else(|| "–".to_owned(), |value| format!("{value:.3}"))
}

fn f1_range(interval: Option<Interval>) -> String {
    interval
        .map_or_else(|| "–".to_owned(), |Interval { low, high }| format!("{low:.3} – {high:.3}"))
}

#[component]
fn OneJudge(figures: BenchFigures) -> impl IntoView {
    let id = format!("bench-{}", figures.judge);
    let n_missing = figures.n_rows - figures.n_judged;
    let missing = (0 < n_missing).then(|| {
        format!(
            "{} of {} criteria have no verdict of this judge. They are missing, and count neither as met nor as not met.",
            words::count(n_missing),
            words::count(figures.n_rows)
        )
    });
    let gap = figures.gap.map(|gap| {
        let Interval { low, high } = gap.interval;
        format!("{:+.3} ({low:+.3} to {high:+.3})", gap.value).replace('-', "−")
    });
    let told = reading(&figures).told();
    let row = |name: &'static str, value: String, range: String, n: String| {
        view! {
            <tr>
                <th scope="row">{name}</th>
                <td class="number"><strong>{value}</strong></td>
                <td class="number">{range}</td>
                <td class="number">{n}</td>
            </tr>
        }
    };
    let n_pairs = words::count(figures.pairs.n());
    let n_people: usize = figures.people.iter().map(|person| person.others.n()).sum();
    view! {
        <section class="card" id=id.clone() aria-labelledby=format!("{id}-heading")>
            <h3 id=format!("{id}-heading")>{figures.name.clone()}</h3>
            <p class="bench-reading"><strong>{told}</strong></p>
            {missing.map(|missing| view! { <p class="notice notice--warn">{missing}</p> })}
            <div class="scroll-x" tabindex="0" role="region" aria-label=format!("Agreement of {}", figures.name)>
                <table id=format!("{id}-agreement")>
                    <caption>"Agreement as HealthBench measures it (balanced F1): 1 is full agreement, 0.5 about that of a coin. Ranges by 1,000 samples of the answers."</caption>
                    <thead><tr><th scope="col">"Of"</th><th scope="col" class="number">"Agreement"</th><th scope="col" class="number">"95 % range"</th><th scope="col" class="number">"Pairs of verdicts"</th></tr></thead>
                    <tbody>
                        {row("The judge with people", f1(figures.pairs.balanced_f1()), f1_range(figures.interval), n_pairs.clone())}
                        {row("People with each other", f1(figures.people_f1), "–".to_owned(), words::count(n_people))}
                        {row("The first less the second", gap.clone().unwrap_or_else(|| "–".to_owned()).split(" (").next().unwrap_or_default().to_owned(),
                            gap.as_deref().and_then(|gap| gap.split_once(" (")).map_or_else(|| "–".to_owned(), |(_, range)| range.trim_end_matches(')').to_owned()),
                            String::new())}
                        {row("The judge, mean of the categories", f1(figures.macro_f1), "–".to_owned(), String::new())}
                        {row("People, mean of the categories", f1(figures.people_macro_f1), "–".to_owned(), String::new())}
                    </tbody>
                </table>
            </div>
            <Leanings figures=figures.clone()/>
            <Categories judge=figures.name.clone() categories=figures.categories/>
            <People judge=figures.name people=figures.people/>
        </section>
    }
}

#[component]
fn Leanings(figures: BenchFigures) -> impl IntoView {
    let BenchFigures { length_bias, position_bias, with_itself, turned, .. } = figures;
    let leaning = |bias: Option<Bias>, what: &str, none: &str| match bias {
        None => none.to_owned(),
        Some(Bias { difference, interval, .. }) => {
            let told = if interval.low <= 0.0 && 0.0 <= interval.high {
                format!("No leaning towards {what} can be told from chance")
            } else if 0.0 < difference {
                format!("It leans towards {what}")
            } else {
                format!("It leans away from {what}")
            };
            format!(
                "{told}: compared with people it says “met” more often by {} points (95 % range {} to {}).",
                words::points(difference),
                words::points(interval.low),
                words::points(interval.high)
            )
        }
    };
    let same = |twice: Option<WithItself>, how: &str| {
        twice.map(|WithItself { n, percent, interval, kappa }| {
            let kappa = kappa.map(|kappa| format!(", kappa {kappa:.2}")).unwrap_or_default();
            let range = words::percent_range(interval.low, interval.high);
            format!(
                "{how}: the same verdict for {} of {} (95 % range {range}{kappa}).",
                words::percent(percent),
                words::counted(n, "criterion", "criteria")
            )
        })
    };
    let lines = [
        Some(leaning(
            length_bias,
            "long answers",
            "Whether it leans towards long answers cannot be told: too few answers, or all of one length.",
        )),
        position_bias.map(|bias| leaning(Some(bias), "criteria that stand late in a call", "")),
        same(with_itself, "Asked twice"),
        same(turned, "With the criteria in the opposite order"),
    ];
    let lines: Vec<_> = lines.into_iter().flatten().map(|line| view! { <li>{line}</li> }).collect();
    view! { <ul class="bench-leanings">{lines}</ul> }
}

#[component]
fn Categories(judge: String, categories: Vec<BenchCategory>) -> impl IntoView {
    let is_one = categories.len() < 2 && categories.iter().all(|it| it.name.is_empty());
    (!is_one).then(|| {
        let rows: Vec<_> = categories
            .iter()
            .map(|category| {
                let name = if category.name.is_empty() { "without a category" } else { &category.name };
                view! {
                    <tr>
                        <th scope="row">{name.to_owned()}</th>
                        <td class="number"><strong>{f1(category.pairs.balanced_f1())}</strong></td>
                        <td class="number">{f1(category.people_f1)}</td>
                        <td class="number">{category.above.map_or_else(|| "–".to_owned(), words::percent)}</td>
                        <td class="number">{words::count(category.pairs.n())}</td>
                    </tr>
                }
            })
            .collect();
        view! {
            <details>
                <summary>"By category"</summary>
                <div class="scroll-x" tabindex="0" role="region" aria-label=format!("Categories of {judge}")>
                    <table>
                        <caption>"Balanced F1 in each category."</caption>
                        <thead><tr><th scope="col">"Category"</th><th scope="col" class="number">"Judge with people"</th><th scope="col" class="number">"People with each other"</th><th scope="col" class="number">"People below the judge"</th><th scope="col" class="number">"Pairs"</th></tr></thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
            </details>
        }
    })
}

#[component]
fn People(judge: String, people: Vec<BesidePerson>) -> impl IntoView {
    let rows: Vec<_> = people
        .iter()
        .map(|person| {
            view! {
                <tr>
                    <th scope="row">{person.name.clone()}</th>
                    <td class="number"><strong>{f1(person.judge.balanced_f1())}</strong></td>
                    <td class="number">{words::count(person.judge.n())}</td>
                    <td class="number">{f1(person.others.balanced_f1())}</td>
                    <td class="number">{words::count(person.others.n())}</td>
                </tr>
            }
        })
        .collect();
    view! {
        <details>
            <summary>{format!("Person by person ({})", people.len())}</summary>
            <div class="scroll-x" tabindex="0" role="region" aria-label=format!("People beside {judge}")>
                <table>
                    <caption>"Balanced F1 of the judge with each person, and of that person with the others who looked at the same."</caption>
                    <thead><tr><th scope="col">"Person"</th><th scope="col" class="number">"With the judge"</th><th scope="col" class="number">"Pairs"</th><th scope="col" class="number">"With other people"</th><th scope="col" class="number">"Pairs"</th></tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </details>
    }
}
