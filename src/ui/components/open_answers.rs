//! Owns the figures of answers that judges grade: how they are chosen, reckoned in pieces, and shown in reading order.

mod board;
mod judges;
mod pairs;
mod tags;

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser::{clock, page};
use crate::dataset::Kind;
use crate::provider::Class;
use crate::report::link::{ResultsView, Route, by_name, by_of, rule_name, rule_of};
use crate::report::open_ended::{OpenFigures, Reckoning, stands_apart};
use crate::report::{By, Gradebook};
use crate::run::{Journal, Plan};
use crate::score::PanelRule;
use crate::score::rubric::Rule;
use crate::stats::Interval;
use crate::ui::components::field::SelectField;
use crate::ui::components::gallery::OPEN_ANSWERS;
use crate::ui::pages::results::Shown;
use crate::ui::state::State;
use crate::ui::words;

use board::Board;
use judges::Judges;
use pairs::{OpenClasses, OpenPairs};
use tags::Tags;

/// How long is reckoned at a stretch, so that no frame waits longer.
const STRETCH_MILLIS: u64 = 16;

const SCORED: &str = "Free answers that judges grade by criteria with points. A score is the share of the points that could be earned; below zero, more was lost than earned. A verdict that did not come is missing: it is kept out, and never counts as “not met”.";
const BESIDE_REFERENCE: &str = "Free answers that judges hold against a reference answer: right, partly right or wrong. The figures above count them. A verdict that did not come is missing, and its answer is not scored.";

/// A score, which may be below zero: `−3.2 %`.
pub(crate) fn score_text(score: f64) -> String {
    words::percent(score).replace('-', "−")
}

/// The range of a score.
fn range_text(range: Interval) -> String {
    if range.low < 0.0 {
        // A dash between would read as one more sign.
        return format!("{} to {}", score_text(range.low), score_text(range.high));
    }
    words::percent_range(range.low, range.high)
}

/// Whether a run has answers that a rubric grades.
pub(crate) fn has_rubrics(plan: &Plan) -> bool {
    plan.judging.is_some() && plan.items.iter().any(|item| matches!(item.kind, Kind::Rubric(_)))
}

/// Whether judges grade any answers of a run.
pub(crate) fn has_judged(plan: &Plan) -> bool {
    let is_judged = |kind: &Kind| matches!(kind, Kind::Rubric(_) | Kind::Reference(_));
    plan.judging.is_some() && plan.items.iter().any(|item| is_judged(&item.kind))
}

/// Whose verdicts count, as the address has it.
pub(crate) fn by_in(view: &ResultsView, plan: &Plan) -> By {
    by_of(&view.verdicts, plan)
}

/// The same where an answer is shown with all its verdicts: a panel, even while the figures are those of one judge.
pub(crate) fn panel_in(view: &ResultsView, plan: &Plan) -> By {
    match by_in(view, plan) {
        By::Panel(rule) => By::Panel(rule),
        By::Judge(_) => by_of("", plan),
    }
}

/// The part of the page about open answers: one for each run that has any.
#[component]
pub(crate) fn OpenAnswers(shown: Shown, classes: RwSignal<Vec<(String, Class)>>) -> impl IntoView {
    let is_judged = |journal: &Arc<Journal>| has_judged(&journal.plan);
    let has_several = 1 < shown.journals.iter().filter(|it| is_judged(it)).count();
    let first = shown.journals.iter().position(is_judged);
    let runs = shown.journals.iter().zip(shown.books.iter()).enumerate();
    runs.filter(|(_, (journal, _))| has_judged(&journal.plan))
        .map(|(run, (journal, book))| {
            let of = shown.comparison.grid.models.iter().filter(|model| model.run == run);
            let mut seen: Vec<Class> = journal.plan.models.iter().map(|model| model.class).collect();
            for model in of {
                if let Some(slot) = seen.get_mut(model.model) {
                    *slot = model.class;
                }
            }
            let title = has_several.then(|| journal.plan.title.clone());
            let book = Arc::new(book.clone());
            let is_first = first == Some(run);
            view! { <OpenRun run=run is_first=is_first title=title journal=journal.clone() book=book seen=seen classes=classes/> }
        })
        .collect_view()
}

/// The open answers of one run.
#[component]
fn OpenRun(
    /// Index among the journals that are shown.
    run: usize,
    /// Whether the page's list of its parts leads here.
    is_first: bool,
    title: Option<String>,
    journal: Arc<Journal>,
    book: Arc<Gradebook>,
    /// The class of each model of the plan, as the person has it.
    seen: Vec<Class>,
    classes: RwSignal<Vec<(String, Class)>>,
) -> impl IntoView {
    let route = State::get().route;
    let plan = StoredValue::new(journal.clone());
    let view = Memo::new(move |_| {
        route.with(|route| match route {
            Route::Results(view) => (view.verdicts.clone(), view.score_rule.clone()),
            _ => (String::new(), String::new()),
        })
    });
    let by = Memo::new(move |_| {
        view.with(|(verdicts, _)| plan.with_value(|it| by_of(verdicts, &it.plan)))
    });
    let rule = Memo::new(move |_| view.with(|(_, rule)| rule_of(rule)));
    let figures = RwSignal::new(None::<Arc<OpenFigures>>);
    let share = RwSignal::new(0.0);
    let round = StoredValue::new(0_u32);
    let start_of = {
        let journal = journal.clone();
        let (book, seen) = (book.clone(), seen.clone());
        move |by, rule| Reckoning::new(journal.clone(), book.clone(), seen.clone(), (by, rule))
    };
    Effect::new(move |_| {
        let mut reckoning = start_of(by.get(), rule.get());
        round.update_value(|round| *round += 1);
        let mine = round.get_value();
        share.set(0.0);
        spawn_local(async move {
            let mut until = clock::now_millis() + STRETCH_MILLIS;
            while reckoning.step() {
                if until <= clock::now_millis() {
                    clock::next_turn().await;
                    // Something else was chosen, or the page is another.
                    if round.try_get_value() != Some(mine) {
                        return;
                    }
                    share.set(reckoning.share_done());
                    until = clock::now_millis() + STRETCH_MILLIS;
                }
            }
            figures.set(Some(Arc::new(reckoning.figures())));
            share.set(1.0);
        });
    });
    let heading = if is_first {
        format!("{OPEN_ANSWERS}-heading")
    } else {
        format!("{OPEN_ANSWERS}-heading-{run}")
    };
    let name =
        title.map_or_else(|| "Open answers".to_owned(), |title| format!("Open answers: {title}"));
    let choices = StoredValue::new(journal.clone());
    let is_scored = has_rubrics(&journal.plan);
    view! {
        <section aria-labelledby=heading.clone() id=format!("open-answers-{run}") aria-busy=move || (share.get() < 1.0).to_string()>
            <h2 id=heading.clone() tabindex="-1">{name}</h2>
            <p>{if is_scored { SCORED } else { BESIDE_REFERENCE }}</p>
            {is_scored.then(|| choices.with_value(|journal| view! { <Choices plan=journal.clone() by=by rule=rule run=run/> }))}
            {move || (share.get() < 1.0).then(|| view! {
                <p role="status"><label>"Reckoning "<progress class="bar" max="1" value=move || share.get().to_string()></progress></label></p>
            })}
            {move || figures.get().map(|figures| view! {
                <Figures run=run figures=figures journal=journal.clone() book=book.clone() seen=seen.clone() classes=classes/>
            })}
        </section>
    }
}

#[component]
fn Figures(
    run: usize,
    figures: Arc<OpenFigures>,
    journal: Arc<Journal>,
    book: Arc<Gradebook>,
    seen: Vec<Class>,
    classes: RwSignal<Vec<(String, Class)>>,
) -> impl IntoView {
    let is_scored = has_rubrics(&journal.plan);
    let is_apart = is_scored && stands_apart(&journal.plan, figures.by);
    view! {
        {(!figures.warnings.is_empty()).then(|| view! {
            <ul class="notice notice--warn open-warnings">
                {figures.warnings.iter().map(|warning| view! { <li>{warning.to_string()}</li> }).collect_view()}
            </ul>
        })}
        {is_apart.then(|| view! {
            <p class="notice">"Each judge stands apart: the table of judges below has their rankings. For themes, axes and pairs choose one judge, or how they decide together."</p>
        })}
        {(is_scored && !is_apart).then(|| view! {
            <Board run=run figures=figures.clone() journal=journal.clone() book=book seen=seen classes=classes/>
            <OpenPairs run=run figures=figures.clone() journal=journal.clone()/>
            <OpenClasses figures=figures.clone()/>
            <Tags run=run figures=figures.clone() journal=journal.clone()/>
        })}
        <Judges run=run figures=figures.clone() journal=journal.clone()/>
    }
}

/// Whose verdicts count, and by which rule models are ordered.
#[component]
fn Choices(plan: Arc<Journal>, by: Memo<By>, rule: Memo<Rule>, run: usize) -> impl IntoView {
    let route = State::get().route;
    let change = move |change: &dyn Fn(&mut ResultsView)| {
        let mut view = route.with_untracked(|route| match route {
            Route::Results(view) => view.clone(),
            _ => ResultsView::default(),
        });
        change(&mut view);
        let to = Route::Results(view);
        page::replace_fragment(&to.fragment());
        route.set(to);
    };
    let judges = plan.plan.judges();
    let panels = PanelRule::ALL.map(|rule| (by_name(By::Panel(rule)), rule.title().to_owned()));
    let alone = judges
        .iter()
        .enumerate()
        .map(|(judge, spec)| (by_name(By::Judge(judge)), format!("{} alone", spec.name)));
    let whose: Vec<(String, String)> = panels.into_iter().chain(alone).collect();
    let rules: Vec<(String, String)> = Rule::ALL
        .iter()
        .map(|rule| (rule_name(*rule).to_owned(), rule.title().to_owned()))
        .collect();
    let on_by = Callback::new(move |name: String| change(&|view| view.verdicts.clone_from(&name)));
    let on_rule =
        Callback::new(move |name: String| change(&|view| view.score_rule.clone_from(&name)));
    view! {
        <div class="row no-print">
            {(1 < judges.len()).then(|| view! {
                <SelectField label="Whose verdicts count" id=format!("open-by-{run}") options=whose
                    value=Signal::derive(move || by_name(by.get())) on_change=on_by/>
            })}
            <SelectField label="Order, themes and pairs by the" id=format!("open-rule-{run}") options=rules
                value=Signal::derive(move || rule_name(rule.get()).to_owned()) on_change=on_rule/>
        </div>
    }
}
