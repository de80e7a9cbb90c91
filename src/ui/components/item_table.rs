//! Owns the table of items: filters, search, rows, and the item that is open.

mod controls;
mod sort;
mod texts;

use std::sync::Arc;

use leptos::prelude::*;

use crate::browser::page;
use crate::dataset::Choice;
use crate::report::items::grades::{OpenMark, graded, open_mark};
use crate::report::items::order::{self, limits, within};
use crate::report::items::{self, Filter, Grouping, Listing, Mark, Order};
use crate::report::link::{ResultsView, filter_of};
use crate::report::{By, State as TrialState, Unanswered};
use crate::run::Plan;
use crate::score::PanelRule;
use crate::ui::components::item_view::ItemView;
use crate::ui::components::open_answers::{by_in, score_text};
use crate::ui::components::window::{RowAt, Window};
use crate::ui::pages::results::Shown;
use crate::ui::words;
use controls::{Address, Controls};
use sort::Sort;
use texts::Index;

#[component]
pub(crate) fn Items(shown: Shown, rule: RwSignal<Unanswered>) -> impl IntoView {
    let address = Address::get();
    let view = address.view;
    let shown = StoredValue::new(shown);
    let n_models = shown.with_value(|shown| shown.comparison.grid.models.len());
    let filter = Memo::new(move |_| view.with(|view| filter_of(&view.filter, n_models)));
    let category = Memo::new(move |_| {
        let name = view.with(|view| view.category.clone())?;
        shown.with_value(|shown| {
            shown.comparison.grid.categories.iter().position(|one| *one == name)
        })
    });
    let order = Memo::new(move |_| view.with(|view| Order::of(&view.order, n_models)));
    let grouping = Memo::new(move |_| view.with(|view| Grouping::of(&view.grouping)));
    let search = Memo::new(move |_| view.with(|view| view.search.trim().to_owned()));
    let length = Memo::new(move |_| view.with(|view| view.length.clone()));
    let index = Index::new();
    Effect::new(move |_| {
        if search.with(|words| !words.is_empty()) {
            index.make(shown);
        }
    });
    let listing = Memo::new(move |_| {
        shown.with_value(|shown| {
            let grid = &shown.comparison.grid;
            let refs = shown.refs();
            let mut listed = items::filtered(grid, filter.get(), category.get(), rule.get());
            if let Filter::Grades(filter) = filter.get() {
                let by = |run: usize| view.with(|view| by_of_run(view, shown, run));
                listed = graded(grid, (&refs, &shown.books), &listed, filter, &by);
            }
            if let Some(limits) = length.with(|name| limits(name)) {
                listed = within(grid, &refs, listed, limits);
            }
            let found = search.with(|words| {
                let is_wanted = !words.is_empty();
                is_wanted.then(|| index.whole.with(|index| Some(index.as_ref()?.find(words))))
            });
            if let Some(found) = found.flatten() {
                listed = both(&listed, &found);
            }
            let listed = items::order::ordered(grid, &refs, listed, order.get(), rule.get());
            Arc::new(Listing::of(grid, listed, grouping.get(), rule.get()))
        })
    });
    let rows = Memo::new(move |_| Arc::new(listing.with(|listing| listing.rows.clone())));
    let open = Callback::new(move |item: Option<usize>| {
        address.change(|view| view.item_idx = item);
        let target = if item.is_some() { "#item-heading" } else { "#items-heading" };
        request_animation_frame(move || page::focus(target));
    });
    let set_order =
        Callback::new(move |order: Order| address.change(|view| view.order = order.name()));
    let sort = Sort { order, on_click: set_order };
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
            <Controls shown=shown.get_value() address=address/>
            <p role="status" class="quiet" id="items-count">
                {move || format!("{} of {all}", words::count(listing.with(|listing| listing.n_listed())))}
                {move || index.progress.get().filter(|_| search.with(|words| !words.is_empty())).map(|percent| format!(". Reading the texts before they can be searched: {percent} %."))}
            </p>
            {move || item_idx.get().filter(|idx| *idx < n_items).map(|idx| {
                view! { <ItemView shown=shown.get_value() row_idx=idx listing=listing open=open/> }
            })}
            <Window id="items" label="Questions" listed=rows n_columns=n_models + 2 head=shown.with_value(|shown| head(shown, sort))
                row=Callback::new(move |at: RowAt| if at.idx < n_items {
                    view! { <ItemRow shown=shown view=view at=at open=open/> }.into_any()
                } else {
                    view! { <GroupRow shown=shown listing=listing grouping=grouping at=at/> }.into_any()
                })/>
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

fn head(shown: &Shown, sort: Sort) -> AnyView {
    let names = shown.comparison.grid.models.iter().map(|model| model.name.clone()).enumerate();
    view! {
        {sort.head(order::By::Question, "item-row__question", "Question".to_owned())}
        <th scope="col">"Right"</th>
        {names.map(|(idx, name)| sort.head(order::By::Model(idx), "", name)).collect_view()}
    }
    .into_any()
}

/// The heading of a group. The same place may be that of another group's heading next, so that it follows the listing.
#[component]
fn GroupRow(
    shown: StoredValue<Shown>,
    listing: Memo<Arc<Listing>>,
    grouping: Memo<Grouping>,
    at: RowAt,
) -> impl IntoView {
    let n_columns = shown.with_value(|shown| shown.comparison.grid.models.len() + 2).to_string();
    let title = move || {
        let group = listing.with(|listing| listing.group(at.idx).cloned())?;
        let n = words::counted(group.n, "question", "questions");
        let name = shown.with_value(|shown| {
            let grid = &shown.comparison.grid;
            match grouping.get() {
                Grouping::None => String::new(),
                Grouping::Category => match grid.categories.get(group.key).map(String::as_str) {
                    None | Some("") => "no category".to_owned(),
                    Some(name) => name.to_owned(),
                },
                Grouping::NRight => format!("{} of {} right", group.key, grid.models.len()),
            }
        });
        Some(format!("{name}: {n}"))
    };
    view! {
        <tr class="item-row group-row" aria-rowindex=at.aria_rowindex()>
            <th scope="rowgroup" colspan=n_columns>{title}</th>
        </tr>
    }
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
                format!("Question {}", words::shortened(&item.id.0, 120))
            } else {
                item.question.chars().take(240).collect()
            }
        });
        let unnamed = || row.map(|row| format!("Question {}", row.id)).unwrap_or_default();
        let question = question.unwrap_or_else(unnamed);
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
