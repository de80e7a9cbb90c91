//! Owns what the results page tells and saves of grades as a whole: how many a person changed, and the files of judgements.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser::{clock, files};
use crate::report::By;
use crate::report::export;
use crate::report::judgements::{Ruled, rulings};
use crate::report::open_ended::{OpenStanding, open_leaderboard};
use crate::run::{Journal, Ruling};
use crate::score::PanelRule;
use crate::score::rubric::Rule;
use crate::ui::components::open_answers::has_rubrics;
use crate::ui::pages::results::Shown;
use crate::ui::words;

/// More rulings than these are in the files only.
const N_LISTED: usize = 100;

/// How many grades people changed, and each of their rulings. Draws nothing where there is none.
#[component]
pub(crate) fn Changed(shown: Shown) -> impl IntoView {
    let n_criteria: usize = shown.books.iter().map(crate::report::Gradebook::n_overruled).sum();
    let n_outcomes = shown.comparison.grid.n_overruled();
    let n = n_criteria + n_outcomes;
    let mut lines: Vec<String> = vec![];
    for journal in shown.journals.iter() {
        lines.extend(rulings(journal, |_| true).iter().map(|ruled| line(journal, ruled)));
    }
    if lines.is_empty() {
        return ().into_any();
    }
    let n_more = lines.len().saturating_sub(N_LISTED);
    lines.truncate(N_LISTED);
    view! {
        <div class="notice" id="changed-grades">
            <p>{format!("People changed {}. What judges and rules said before is kept, and shown beside each.", words::counted(n, "grade", "grades"))}</p>
            <details>
                <summary>"Who changed what, and why"</summary>
                <ul>
                    {lines.into_iter().map(|line| view! { <li dir="auto">{line}</li> }).collect_view()}
                    {(0 < n_more).then(|| view! { <li>{format!("… and {} more, in the files.", words::count(n_more))}</li> })}
                </ul>
            </details>
        </div>
    }
    .into_any()
}

fn line(journal: &Journal, ruled: &Ruled) -> String {
    let plan = &journal.plan;
    let trial = ruled.overruling.trial;
    let item = plan.items.get(trial.item as usize).map(|item| item.id.to_string());
    let model = plan.models.get(usize::from(trial.model)).map(|model| model.name.clone());
    let what = match ruled.overruling.ruling {
        Ruling::Criterion { criterion, met } => {
            let what = match met {
                Some(true) => "met",
                Some(false) => "not met",
                None => "change taken back",
            };
            format!("criterion {}: {what}", criterion + 1)
        }
        Ruling::Outcome(outcome) => outcome.map_or("change taken back", words::outcome).to_owned(),
    };
    format!(
        "Question {}, {}, {what}. {}, {}: {}",
        item.unwrap_or_default(),
        model.unwrap_or_default(),
        ruled.overruling.by,
        clock::local_date_time(ruled.at_millis),
        ruled.overruling.reason
    )
}

/// The buttons that save judgements and the figures made of them. Draws nothing for runs without judges.
#[component]
pub(crate) fn SaveJudgements(shown: Shown) -> impl IntoView {
    if shown.journals.iter().all(|journal| journal.plan.judging.is_none()) {
        return ().into_any();
    }
    let error = RwSignal::new(None::<String>);
    let shown = StoredValue::new(shown);
    let save = move |name: &str, mime: &str, content: &str| {
        error.set(files::save(name, mime, content).err().map(|refused| refused.to_string()));
    };
    let csv = move |_| {
        shown.with_value(|shown| {
            save(
                "viva-judgements.csv",
                "text/csv",
                &export::judgements_csv(&shown.refs(), &shown.books),
            );
        });
    };
    let jsonl = move |_| {
        shown.with_value(|shown| {
            let lines = export::judgements_jsonl(&shown.refs(), &shown.books);
            save("viva-judgements.jsonl", "application/x-ndjson", &lines);
        });
    };
    let figures = move |_| {
        spawn_local(async move {
            let boards = boards(shown).await;
            let boards = boards.iter().map(|(name, board)| (name.as_str(), board.as_slice()));
            save("viva-open-leaderboard.csv", "text/csv", &export::open_leaderboard_csv(boards));
        });
    };
    view! {
        <div class="row">
            <button class="button" on:click=csv>"Save the judgements (CSV)"</button>
            <button class="button" on:click=jsonl>"Save the judgements (JSON lines)"</button>
            <button class="button" on:click=figures>"Save the scores of open answers (CSV)"</button>
        </div>
        {move || error.get().map(|error| view! { <p class="notice notice--bad" role="alert">{error}</p> })}
    }
    .into_any()
}

/// The boards of all runs, under every way to decide and under each judge, with the browser's turn in between.
async fn boards(shown: StoredValue<Shown>) -> Vec<(String, Vec<OpenStanding>)> {
    let mut boards = vec![];
    for run in 0..shown.with_value(|shown| shown.journals.len()) {
        let bys: Vec<(String, By)> = shown.with_value(|shown| {
            let plan = &shown.journals[run].plan;
            let judges = plan.judges().iter().enumerate();
            let panels = PanelRule::ALL.map(|rule| (rule.title().to_owned(), By::Panel(rule)));
            let alone =
                judges.map(|(idx, judge)| (format!("{} alone", judge.name), By::Judge(idx)));
            if has_rubrics(plan) { panels.into_iter().chain(alone).collect() } else { vec![] }
        });
        for (name, by) in bys {
            boards.push((
                name,
                shown.with_value(|shown| {
                    open_leaderboard(
                        &shown.journals[run].plan,
                        &shown.books[run],
                        by,
                        Rule::HealthBench,
                    )
                }),
            ));
            clock::next_turn().await;
        }
    }
    boards
}
