//! Owns the table of items: filters, search, rows, and the item that is open.

use std::sync::Arc;

use leptos::prelude::*;

use crate::browser::page;
use crate::dataset::Choice;
use crate::report::items::grades::{OpenMark, graded, open_mark};
use crate::report::items::{self, Filter, GradeFilter, Mark, SearchIndex};
use crate::report::link::{ResultsView, Route, filter_name, filter_of};
use crate::report::{By, State as TrialState, Unanswered};
use crate::run::Plan;
use crate::score::{Outcome, PanelRule};
use crate::ui::components::field::SelectField;
use crate::ui::components::item_view::ItemView;
use crate::ui::components::open_answers::{by_in, score_text};
use crate::ui::components::window::{RowAt, Window};
use crate::ui::pages::results::Shown;
use crate::ui::state::State;
use crate::ui::words;

#[component]
pub(crate) fn Items(shown: Shown, rule: RwSignal<Unanswered>) -> impl IntoView {
    let route = State::get().route;
    let view = Memo::new(move |_| {
        route.with(|route| match route {
            Route::Results(view) => view.clone(),
            _ => ResultsView::default(),
        })
    });
    // Filters change the address in place; each is a view that can be passed on.
    let change = move |change: &dyn Fn(&mut ResultsView)| {
        let mut changed = view.get_untracked();
        change(&mut changed);
        let to = Route::Results(changed);
        page::replace_fragment(&to.fragment());
        route.set(to);
    };
    let shown = StoredValue::new(shown);
    let n_models = shown.with_value(|shown| shown.comparison.grid.models.len());
    let filter = Memo::new(move |_| view.with(|view| filter_of(&view.filter, n_models)));
    let category = RwSignal::new(None::<usize>);
    let index = StoredValue::new(None::<Arc<SearchIndex>>);
    let listed = Memo::new(move |_| {
        shown.with_value(|shown| {
            let grid = &shown.comparison.grid;
            let mut passing = items::filtered(grid, filter.get(), category.get(), rule.get());
            if let Filter::Grades(filter) = filter.get() {
                let by = |run: usize| view.with(|view| by_of_run(view, shown, run));
                passing = graded(grid, (&shown.refs(), &shown.books), &passing, filter, &by);
            }
            let search = view.with(|view| view.search.clone());
            if search.trim().is_empty() {
                return Arc::new(passing);
            }
            if index.with_value(Option::is_none) {
                index.set_value(Some(Arc::new(SearchIndex::of(grid, &shown.refs()))));
            }
            let found = index.with_value(|index| index.as_ref().map(|index| index.find(&search)));
            Arc::new(both(&passing, &found.unwrap_or_default()))
        })
    });
    let open = Callback::new(move |item: Option<usize>| {
        change(&|view| view.item_idx = item);
        let target = if item.is_some() { "#item-heading" } else { "#items-heading" };
        request_animation_frame(move || page::focus(target));
    });
    let set_filter =
        Callback::new(move |name: String| change(&|view| view.filter.clone_from(&name)));
    let set_search = move |words: String| change(&|view| view.search.clone_from(&words));
    let item_idx = Memo::new(move |_| view.with(|view| view.item_idx));
    let n_items = shown.with_value(|shown| shown.comparison.grid.items.len());
    let has_variants = shown.with_value(|shown| !shown.comparison.grid.changes().is_empty());
    let all = if has_variants {
        format!("{} questions and variants", words::count(n_items))
    } else {
        words::counted(n_items, "question", "questions")
    };
    view! {
        <section aria-labelledby="items-heading" class="no-print">
            <h2 id="items-heading" tabindex="-1">"Question by question"</h2>
            <div class="row">
                <SelectField label="Show" id="item-filter" options=shown.with_value(filter_options)
                    value=Signal::derive(move || filter_name(filter.get())) on_change=set_filter/>
                {shown.with_value(category_options).map(|options| view! {
                    <SelectField label="Category" id="item-category" options=options
                        value=Signal::derive(move || category.get().map(|idx| idx.to_string()).unwrap_or_default())
                        on_change=Callback::new(move |value: String| category.set(value.parse().ok()))/>
                })}
                <div class="field">
                    <label class="field__label" for="item-search">"Search"</label>
                    <input id="item-search" type="search" prop:value=move || view.with(|view| view.search.clone())
                        on:input=move |event| set_search(event_target_value(&event))/>
                    <span class="field__hint">"In questions and answers."</span>
                </div>
            </div>
            <p role="status" class="quiet" id="items-count">
                {move || format!("{} of {all}", words::count(listed.with(|listed| listed.len())))}
            </p>
            {move || item_idx.get().filter(|idx| *idx < n_items).map(|idx| {
                view! { <ItemView shown=shown.get_value() row_idx=idx listed=listed open=open/> }
            })}
            <Window id="items" label="Questions" listed=listed n_columns=n_models + 2 head=shown.with_value(head)
                row=Callback::new(move |at: RowAt| view! { <ItemRow shown=shown view=view at=at open=open/> }.into_any())/>
        </section>
    }
}

/// Whose verdicts count in a run.
fn by_of_run(view: &ResultsView, shown: &Shown, run: usize) -> By {
    let journal = shown.journals.get(run);
    journal.map_or(By::Panel(PanelRule::default()), |journal| by_in(view, &journal.plan))
}

/// What is in both ascending lists.
fn both(a: &[usize], b: &[usize]) -> Vec<usize> {
    a.iter().copied().filter(|idx| b.binary_search(idx).is_ok()).collect()
}

fn filter_options(shown: &Shown) -> Vec<(String, String)> {
    let models = &shown.comparison.grid.models;
    let option = |filter: Filter, name: String| (filter_name(filter), name);
    let mut options = vec![option(Filter::All, "all".to_owned())];
    if shown.comparison.grid.items.iter().any(|row| row.change.is_some()) {
        options.push(option(Filter::Variants, "variants of questions".to_owned()));
    }
    if 1 < models.len() {
        options.push(option(Filter::AllWrong, "nobody right".to_owned()));
        options.push(option(Filter::AllRight, "everybody right".to_owned()));
        options.push(option(Filter::Disagreement, "disagreement".to_owned()));
    }
    for (right, first) in models.iter().enumerate() {
        for (wrong, second) in models.iter().enumerate().filter(|(wrong, _)| *wrong != right) {
            let name = format!("{} right, {} not", first.name, second.name);
            options.push(option(Filter::RightWrong { right, wrong }, name));
        }
    }
    if shown.journals.iter().any(|journal| journal.plan.judging.is_some()) {
        let by_grades = [
            (GradeFilter::Missing, "verdicts missing"),
            (GradeFilter::JudgesDiffer, "judges differ"),
        ];
        let by_grades = by_grades.map(|(filter, name)| (filter, name.to_owned())).into_iter();
        let bands = GradeFilter::BANDS.into_iter().map(|band| (band, band_name(band)));
        let named = by_grades.chain(bands);
        options.extend(named.map(|(filter, name)| option(Filter::Grades(filter), name)));
    }
    options.push(option(
        Filter::Grades(GradeFilter::Overruled),
        "grades changed by a person".to_owned(),
    ));
    let outcomes = [
        Outcome::Correct,
        Outcome::Incorrect,
        Outcome::Refused,
        Outcome::Unreadable,
        Outcome::Truncated,
        Outcome::Failed,
    ];
    for (model, participant) in models.iter().enumerate() {
        for outcome in outcomes {
            let filter = Filter::InState { model, state: TrialState::Ended(outcome) };
            options
                .push(option(filter, format!("{}: {}", participant.name, words::outcome(outcome))));
        }
    }
    options
}

fn band_name(band: GradeFilter) -> String {
    match band {
        GradeFilter::Score { low: None, high } => format!("a score below {high} %"),
        GradeFilter::Score { low: Some(low), high: 100 } => format!("a score from {low} to 100 %"),
        GradeFilter::Score { low: Some(low), high } => {
            format!("a score from {low} to below {high} %")
        }
        GradeFilter::Missing | GradeFilter::JudgesDiffer | GradeFilter::Overruled => String::new(),
    }
}

fn category_options(shown: &Shown) -> Option<Vec<(String, String)>> {
    let categories = &shown.comparison.grid.categories;
    (1 < categories.len()).then(|| {
        let named = categories.iter().enumerate().map(|(idx, name)| {
            (idx.to_string(), if name.is_empty() { "(none)".to_owned() } else { name.clone() })
        });
        std::iter::once((String::new(), "all".to_owned())).chain(named).collect()
    })
}

fn head(shown: &Shown) -> AnyView {
    let names = shown.comparison.grid.models.iter().map(|model| model.name.clone());
    view! {
        <th scope="col" class="item-row__question">"Question"</th>
        <th scope="col">"Right"</th>
        {names.map(|name| view! { <th scope="col">{name}</th> }).collect_view()}
    }
    .into_any()
}

#[component]
fn ItemRow(
    shown: StoredValue<Shown>,
    view: Memo<ResultsView>,
    at: RowAt,
    open: Callback<Option<usize>>,
) -> impl IntoView {
    let row_idx = at.idx;
    let (question, right, marks, form) = shown.with_value(|shown| {
        let grid = &shown.comparison.grid;
        let row = grid.items.get(row_idx);
        let plan = row.and_then(|row| Some(&shown.journals.get(row.run)?.plan));
        let item = row.and_then(|row| plan?.items.get(row.item));
        // One that is not to be shown is shown when it is opened, to whoever asks for it.
        let is_hidden = plan.is_some_and(Plan::is_not_to_be_shown);
        let marks: Vec<Mark> =
            (0..grid.models.len()).map(|model| items::mark(grid, model, row_idx)).collect();
        let question = item.map(|item| {
            if is_hidden {
                format!("Question {}", item.id)
            } else {
                item.question.chars().take(240).collect()
            }
        });
        let question = question.unwrap_or_default();
        let form = row.and_then(|row| words::form(&row.id));
        (question, row.and_then(|row| row.answer).map_or(' ', Choice::letter), marks, form)
    });
    // The grades follow whose verdicts count.
    let graded = move |model: usize| {
        shown.with_value(|shown| {
            let by = |run: usize| view.with(|view| by_of_run(view, shown, run));
            let (grid, place) = (&shown.comparison.grid, (model, row_idx));
            open_mark(grid, (&shown.refs(), &shown.books), place, &by)
        })
    };
    view! {
        <tr class="item-row" aria-rowindex=at.aria_rowindex()>
            <td class="item-row__question">
                <button class="link two-lines" on:click=move |_| open.run(Some(row_idx))>
                    {form.map(|form| view! { <span class="badge">{form}</span>" " })}
                    {question}
                </button>
            </td>
            <td>{right.to_string()}</td>
            {marks.into_iter().enumerate().map(|(model, mark)| move || match graded(model) {
                Some(graded) => graded_cell(graded).into_any(),
                None => mark_cell(mark).into_any(),
            }).collect_view()}
        </tr>
    }
}

/// What an answer earned, where judges grade it.
fn graded_cell(mark: OpenMark) -> impl IntoView {
    let score = mark.score.map_or_else(|| "no score".to_owned(), score_text);
    let missing = match mark.n_missing {
        0 => String::new(),
        n => format!(" ({} undecided)", words::count(n)),
    };
    view! { <td>{score}{missing}</td> }
}

fn mark_cell(mark: Mark) -> impl IntoView {
    let outcome = match mark.state {
        TrialState::Ended(outcome) => Some(outcome),
        TrialState::Unassigned | TrialState::NotAsked => None,
    };
    let letter = mark.choice.map(|idx| format!("{} ", Choice::letter(idx))).unwrap_or_default();
    let word = outcome.map_or("not asked", words::outcome);
    let share = if 1 < mark.n_trials {
        format!(" ({} of {})", mark.n_right, mark.n_trials)
    } else {
        String::new()
    };
    view! { <td class=words::outcome_class(outcome)>{format!("{letter}{word}{share}")}</td> }
}
