//! Owns what is shown of variants: which of them the figures count, and what they do to each model.

use leptos::prelude::*;

use crate::browser::page;
use crate::report::link::{ResultsView, Route, scope_name, scope_of};
use crate::report::{Scope, Shift, Unanswered, shifts};
use crate::ui::components::field::SelectField;
use crate::ui::pages::results::Shown;
use crate::ui::state::State;
use crate::ui::words;

/// What the figures count, as the address names it: for these results, or as they show it unasked.
pub(crate) fn scope(shown: StoredValue<Shown>) -> Memo<Scope> {
    let route = State::get().route;
    Memo::new(move |_| {
        let name = route.with(|route| match route {
            Route::Results(view) => view.scope.clone(),
            _ => String::new(),
        });
        shown.with_value(|shown| {
            let grid = &shown.comparison.grid;
            scope_of(&name, grid).unwrap_or(grid.scope)
        })
    })
}

/// The choice of what the figures count. Draws nothing where there are no variants, or nothing else.
#[component]
pub(crate) fn ScopeChoice(
    /// With the scope that is shown unasked.
    shown: Shown,
    scope: Memo<Scope>,
) -> impl IntoView {
    let route = State::get().route;
    let grid = &shown.comparison.grid;
    let changes = grid.changes();
    let has_choice = !changes.is_empty() && grid.scope == Scope::Base;
    let as_they_are = (String::new(), "the questions as they are".to_owned());
    let variants = changes.into_iter().map(|change| {
        (scope_name(Scope::Variants(change)), format!("variants: {}", change.title()))
    });
    let options: Vec<(String, String)> = std::iter::once(as_they_are).chain(variants).collect();
    let on_change = Callback::new(move |name: String| {
        let view = route.with_untracked(|route| match route {
            Route::Results(view) => view.clone(),
            _ => ResultsView::default(),
        });
        let to = Route::Results(ResultsView { scope: name, ..view });
        page::replace_fragment(&to.fragment());
        route.set(to);
    });
    has_choice.then(|| {
        view! {
            <div class="no-print">
                <SelectField label="Figures on this page count" id="scope" options=options
                    value=Signal::derive(move || scope_name(scope.get())) on_change=on_change/>
            </div>
            {move || match scope.get() {
                Scope::Base | Scope::All => ().into_any(),
                Scope::Variants(change) => view! {
                    <p class="notice" role="status">
                        {format!("The figures below count variants only: {}. The table “The same questions in other forms” shows both. ", change.title())}
                        {change.purpose()}
                    </p>
                }.into_any(),
            }}
        }
    })
}

/// Each model's answers to variants beside those to the very questions that they were made of.
#[component]
pub(crate) fn Robustness(shown: Shown, rule: RwSignal<Unanswered>) -> impl IntoView {
    let has_variants = !shown.comparison.grid.changes().is_empty();
    let names: Vec<String> =
        shown.comparison.grid.models.iter().map(|model| model.name.clone()).collect();
    let comparison = shown.comparison.clone();
    let rows = move || {
        let shifts = shifts(&comparison.grid, rule.get());
        if shifts.is_empty() {
            let teach = "No question has been answered both as it is and changed.";
            return view! { <tr><td colspan="7">{teach}</td></tr> }.into_any();
        }
        shifts.into_iter().map(|shift| row(&shift, &names)).collect_view().into_any()
    };
    has_variants.then(|| view! {
        <section aria-labelledby="robustness-heading">
            <h2 id="robustness-heading">"The same questions in other forms"</h2>
            <div class="scroll-x" tabindex="0" role="region" aria-label="Answers to variants beside answers to the questions as they are">
                <table id="robustness">
                    <caption>
                        "For each kind of variant, only the questions that have one: the share right as they are, and of their variants. The difference is in percentage points, with its 95 % range over questions; below zero, the model does worse on the variants. Without the question, a model that knows no more than the options should fall to chance."
                    </caption>
                    <thead>
                        <tr>
                            <th scope="col">"Variants"</th>
                            <th scope="col">"Model"</th>
                            <th scope="col" class="number">"Questions"</th>
                            <th scope="col" class="number">"As they are"</th>
                            <th scope="col" class="number">"Changed"</th>
                            <th scope="col" class="number">"Difference"</th>
                            <th scope="col" class="number">"95 % range"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            <p class="quiet">"These ranges are not adjusted for how many there are: among twenty, one misses the truth by chance. A dash stands where no range can be told."</p>
        </section>
    })
}

fn row(shift: &Shift, names: &[String]) -> impl IntoView + use<> {
    let range = shift.interval.map_or_else(
        || "–".to_owned(),
        |interval| format!("{} to {}", words::points(interval.low), words::points(interval.high)),
    );
    view! {
        <tr>
            <th scope="row">{shift.change.title()}</th>
            <td>{names.get(shift.model).cloned().unwrap_or_default()}</td>
            <td class="number">{words::count(shift.n_items)}</td>
            <td class="number">{words::percent(shift.as_they_are)}</td>
            <td class="number">{words::percent(shift.changed)}</td>
            <td class="number">{words::points(shift.difference)}</td>
            <td class="number">{range}</td>
        </tr>
    }
}
