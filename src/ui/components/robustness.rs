//! Owns the choice of which variants the figures count.

use leptos::prelude::*;

use crate::browser::page;
use crate::report::Scope;
use crate::report::link::{ResultsView, Route, scope_name, scope_of};
use crate::ui::components::field::SelectField;
use crate::ui::pages::results::Shown;
use crate::ui::state::State;

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
                        {format!("The figures below count variants only: {}. The part “The same questions in other forms” shows both. ", change.title())}
                        {change.purpose()}
                    </p>
                }.into_any(),
            }}
        }
    })
}
