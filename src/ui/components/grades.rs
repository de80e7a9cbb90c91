//! Owns the grades of one answer in full: what each judge said of each criterion and why, what counts, the answer's score
//! under each rule, and what a person changed.

mod desk;
mod form;

use std::sync::Arc;

use leptos::prelude::*;

pub(crate) use self::desk::{Desk, GradeKey};
use self::form::ChangeGrade;
use crate::browser::clock;
use crate::dataset::Kind;
use crate::report::grade_view::{CriterionView, GradeView, Vote};
use crate::report::judgements::Ruled;
use crate::run::{Journal, Ruling};
use crate::score::rubric::Rule;
use crate::score::{Grade, Outcome};
use crate::ui::components::open_answers::score_text;
use crate::ui::words;

/// The grades of an answer. Draws nothing for an answer that no judge grades, but for the way to change its outcome.
#[component]
pub(crate) fn Grades(
    /// Index of its run among the journals that are shown.
    run: usize,
    view: GradeView,
    /// How its trial ended, and before a person changed that.
    outcome: (Outcome, Option<Outcome>),
    journal: StoredValue<Arc<Journal>>,
) -> impl IntoView {
    let desk = Desk::get();
    let trial = view.trial;
    let is_rubric = journal.with_value(|journal| {
        let plan = &journal.plan;
        let item = plan.items.get(trial.item as usize);
        item.is_some_and(|item| matches!(item.kind, Kind::Rubric(_)))
    });
    // A form that is open, or what came of one, is not to be hidden by drawing anew.
    let is_here =
        move |key: Option<GradeKey>| key.is_some_and(|key| key.run == run && key.trial == trial);
    let is_open = is_here(desk.open.get_untracked())
        || is_here(desk.told.get_untracked().map(|(key, _)| key));
    if is_rubric {
        if view.criteria.is_empty() {
            return ().into_any();
        }
        let summary = summary(&view);
        let scores = scores(&view);
        return view! {
            <details open=is_open class="grades">
                <summary>{summary}</summary>
                {scores}
                <ol>
                    {view.criteria.into_iter().enumerate().map(|(idx, criterion)| {
                        let key = GradeKey { run, trial, criterion: Some(idx) };
                        view! { <CriterionGrades key=key criterion=criterion journal=journal/> }
                    }).collect_view()}
                </ol>
            </details>
        }
        .into_any();
    }
    let key = GradeKey { run, trial, criterion: None };
    let votes: Vec<Vote> =
        view.criteria.into_iter().flat_map(|criterion| criterion.votes).collect();
    let is_judged = !votes.is_empty();
    let (now, before) = outcome;
    let changed = before
        .map(|before| format!("Graded “{}” before a person changed it.", words::outcome(before)));
    let mut outcomes = vec![Outcome::Correct, Outcome::Partial, Outcome::Incorrect];
    outcomes.retain(|outcome| is_judged || *outcome != Outcome::Partial);
    outcomes.extend([Outcome::Refused, Outcome::Unreadable]);
    outcomes.retain(|outcome| *outcome != now);
    let mut choices: Vec<(String, Ruling)> = outcomes
        .into_iter()
        .map(|outcome| (words::outcome(outcome).to_owned(), Ruling::Outcome(Some(outcome))))
        .collect();
    if before.is_some() {
        choices.push(("take the change back".to_owned(), Ruling::Outcome(None)));
    }
    let rulings = view.rulings;
    view! {
        {is_judged.then(|| view! { <Votes votes=votes/> })}
        {changed.map(|changed| view! { <p><span class="badge">"changed"</span>" "{changed}</p> })}
        <Rulings rulings=rulings/>
        <ChangeGrade key=key of="this answer".to_owned() choices=choices journal=journal/>
    }
    .into_any()
}

fn summary(view: &GradeView) -> String {
    let score = view
        .score(Rule::HealthBench)
        .map_or_else(|| "No score".to_owned(), |score| format!("Score {}", score_text(score)));
    let mut parts = vec![score, words::counted(view.criteria.len(), "criterion", "criteria")];
    let n_missing: usize =
        view.criteria.iter().flat_map(|it| &it.votes).filter(|vote| vote.verdict.is_err()).count();
    if 0 < n_missing {
        parts.push(words::counted(n_missing, "verdict missing", "verdicts missing"));
    }
    let n_changed = view.criteria.iter().filter(|it| it.is_overruled).count();
    if 0 < n_changed {
        parts.push(format!("{} changed by a person", words::count(n_changed)));
    }
    parts.join(" · ")
}

/// The answer's score under each rule, by name.
fn scores(view: &GradeView) -> impl IntoView + use<> {
    let share = |rule: Rule| {
        view.score(rule).map_or_else(|| "none: nothing could be earned".to_owned(), score_text)
    };
    let points = view.points.unwrap_or_default();
    let pooled = format!(
        "adds {} of {} points",
        number(points.earned).replace('-', "−"),
        words::count(usize::try_from(points.possible).unwrap_or(0))
    );
    let length = view
        .length_adjusted
        .map(|score| format!("{} ({} characters)", score_text(score), words::count(view.n_chars)));
    view! {
        <dl class="scores">
            <dt>"HealthBench rule"</dt><dd data-rule="healthbench">{share(Rule::HealthBench)}</dd>
            <dt>"Pooled rule of the study"</dt><dd data-rule="pooled">{pooled}</dd>
            <dt>"Rule of Inspect (cut to 0 – 100 %)"</dt><dd data-rule="clipped">{share(Rule::ClippedEach)}</dd>
            {length.map(|length| view! { <dt>"HealthBench Professional, by length"</dt><dd data-rule="length">{length}</dd> })}
        </dl>
        {(0 < points.n_missing).then(|| view! {
            <p class="quiet">{format!("{} without a decision; kept out of what was earned and of what could be.", words::counted(points.n_missing, "criterion is", "criteria are"))}</p>
        })}
    }
}

/// `7`, `-4`, `2.5`.
fn number(points: f64) -> String {
    if points.fract() == 0.0 { format!("{points:.0}") } else { format!("{points:.2}") }
}

#[component]
fn CriterionGrades(
    key: GradeKey,
    criterion: CriterionView,
    journal: StoredValue<Arc<Journal>>,
) -> impl IntoView {
    let CriterionView { text, points, tags, votes, judged, decision, rulings, is_overruled } =
        criterion;
    let result = result(decision.share, decision.is_even);
    let before = is_overruled
        .then(|| format!(" (by the judges: {})", self::result(judged.share, judged.is_even)));
    let number = key.criterion.map_or(0, |idx| idx + 1);
    let ruling =
        |met| Ruling::Criterion { criterion: u16::try_from(number - 1).unwrap_or(u16::MAX), met };
    let is_met = decision.share.map(|share| 0.5 <= share);
    let mut choices = vec![
        ("the criterion is met".to_owned(), ruling(Some(true))),
        ("the criterion is not met".to_owned(), ruling(Some(false))),
    ];
    // The other grade than the one that stands is proposed.
    if is_met == Some(true) {
        choices.swap(0, 1);
    }
    if is_overruled {
        choices.push((
            "take the change back: the judges’ grade counts again".to_owned(),
            ruling(None),
        ));
    }
    view! {
        <li data-criterion=number.to_string()>
            <p dir="auto"><strong>{format!("{points:+} ").replace('-', "−")}</strong>{text}</p>
            {(!tags.is_empty()).then(|| view! { <p class="quiet">{tags.join(", ")}</p> })}
            <Votes votes=votes/>
            <p><strong>"Counts as: "</strong><span data-result="">{result}</span>{before}
                {is_overruled.then(|| view! { " "<span class="badge">"changed"</span> })}</p>
            <Rulings rulings=rulings/>
            <ChangeGrade key=key of=format!("criterion {number}") choices=choices journal=journal/>
        </li>
    }
}

fn result(share: Option<f64>, is_even: bool) -> String {
    match share {
        Some(1.0) => "met".to_owned(),
        Some(0.0) => "not met".to_owned(),
        Some(share) => format!("met by {}", words::percent(share)),
        None if is_even => "open: the votes are even".to_owned(),
        None => "missing".to_owned(),
    }
}

/// What each judge said. Their words are hostile until read: each stands in a block of its own, as text.
#[component]
fn Votes(votes: Vec<Vote>) -> impl IntoView {
    let vote = |vote: Vote| {
        let tries =
            if 1 < vote.n_tries { format!(" ({} tries)", vote.n_tries) } else { String::new() };
        let (class, word, why) = match vote.verdict {
            Ok(verdict) => (class_of(verdict.grade), word_of(verdict.grade), verdict.explanation),
            Err(missing) => ("outcome--other", "missing", missing.to_string()),
        };
        view! {
            <li>
                <bdi>{vote.judge}</bdi>": "<span class=class>{word}</span>{tries}
                {(!why.is_empty()).then(|| view! { <p class="said" dir="auto">{why}</p> })}
            </li>
        }
    };
    view! { <ul class="plain-options">{votes.into_iter().map(vote).collect_view()}</ul> }
}

fn word_of(grade: Grade) -> &'static str {
    match grade {
        Grade::Met => "met",
        Grade::NotMet => "not met",
        Grade::Correct => "right",
        Grade::Partly => "partly right",
        Grade::Wrong => "wrong",
    }
}

fn class_of(grade: Grade) -> &'static str {
    match grade {
        // Whether met is good hangs on the sign of the points.
        Grade::Met | Grade::NotMet => "outcome--none",
        Grade::Correct => "outcome--correct",
        Grade::Partly => "outcome--other",
        Grade::Wrong => "outcome--incorrect",
    }
}

/// Every ruling on a grade, in order.
#[component]
fn Rulings(rulings: Vec<Ruled>) -> impl IntoView {
    let ruling = |ruled: Ruled| {
        let what = match ruled.overruling.ruling {
            Ruling::Criterion { met: Some(true), .. } => "met",
            Ruling::Criterion { met: Some(false), .. } => "not met",
            Ruling::Outcome(Some(outcome)) => words::outcome(outcome),
            Ruling::Criterion { met: None, .. } | Ruling::Outcome(None) => "change taken back",
        };
        let when = clock::local_date_time(ruled.at_millis);
        view! {
            <li>
                <bdi>{ruled.overruling.by}</bdi>{format!(", {when}: {what}")}
                <p class="said" dir="auto">{ruled.overruling.reason}</p>
            </li>
        }
    };
    (!rulings.is_empty()).then(|| {
        view! {
            <p class="quiet">"Decided by people:"</p>
            <ul class="plain-options">{rulings.into_iter().map(ruling).collect_view()}</ul>
        }
    })
}
