//! Owns the fields that filter, search, sort and group the table of items, and the address that says what they hold.

use leptos::prelude::*;

use crate::browser::page;
use crate::report::State as TrialState;
use crate::report::items::{Filter, GradeFilter, Grouping, Order};
use crate::report::link::{ResultsView, Route, filter_name, filter_of};
use crate::score::Outcome;
use crate::ui::components::field::SelectField;
use crate::ui::pages::results::Shown;
use crate::ui::state::State;
use crate::ui::words;

/// The address of the results page. Filters change it in place; each is a view that can be passed on.
#[derive(Clone, Copy)]
pub(super) struct Address {
    pub(super) view: Memo<ResultsView>,
    route: RwSignal<Route>,
}

impl Address {
    pub(super) fn get() -> Self {
        let route = State::get().route;
        let view = Memo::new(move |_| {
            route.with(|route| match route {
                Route::Results(view) => view.clone(),
                _ => ResultsView::default(),
            })
        });
        Self { view, route }
    }

    pub(super) fn change(self, change: impl FnOnce(&mut ResultsView)) {
        let mut changed = self.view.get_untracked();
        change(&mut changed);
        let to = Route::Results(changed);
        page::replace_fragment(&to.fragment());
        self.route.set(to);
    }
}

#[component]
pub(super) fn Controls(shown: Shown, address: Address) -> impl IntoView {
    let view = address.view;
    let n_models = shown.comparison.grid.models.len();
    let (filters, categories, orders) =
        (filter_options(&shown), category_options(&shown), order_options(&shown));
    let names = StoredValue::new(shown.comparison.grid.categories.clone());
    let category = move || {
        let name = view.with(|view| view.category.clone());
        let place =
            names.with_value(|names| names.iter().position(|own| Some(own) == name.as_ref()));
        place.map(|idx| idx.to_string()).unwrap_or_default()
    };
    let set = move |set: fn(&mut ResultsView, String)| {
        Callback::new(move |value: String| address.change(|view| set(view, value)))
    };
    let set_category = Callback::new(move |idx: String| {
        let name = names.with_value(|names| names.get(idx.parse::<usize>().ok()?).cloned());
        address.change(|view| view.category = name);
    });
    view! {
        <div class="row row--fields">
            <SelectField label="Show" id="item-filter" options=filters
                value=Signal::derive(move || filter_name(filter_of(&view.with(|view| view.filter.clone()), n_models)))
                on_change=set(|view, name| view.filter = name)/>
            {categories.map(|options| view! {
                <SelectField label="Category" id="item-category" options=options
                    value=Signal::derive(category) on_change=set_category/>
            })}
            <SelectField label="Length" id="item-length" options=named(&LENGTHS)
                value=Signal::derive(move || view.with(|view| view.length.clone()))
                on_change=set(|view, name| view.length = name)/>
            <SelectField label="Sort by" id="item-sort" options=orders
                value=Signal::derive(move || Order::of(&view.with(|view| view.order.clone()), n_models).name())
                on_change=set(|view, name| view.order = name)/>
            <SelectField label="Group by" id="item-group" options=named(&GROUPINGS)
                value=Signal::derive(move || Grouping::of(&view.with(|view| view.grouping.clone())).name().to_owned())
                on_change=set(|view, name| view.grouping = name)/>
            <div class="field">
                <label class="field__label" for="item-search">"Search"</label>
                <input id="item-search" type="search" prop:value=move || view.with(|view| view.search.clone())
                    on:input=move |event| address.change(|view| view.search = event_target_value(&event))/>
                <span class="field__hint">"In questions and answers."</span>
            </div>
        </div>
    }
}

const LENGTHS: [(&str, &str); 5] = [
    ("", "any"),
    ("-200", "up to 200 characters"),
    ("201-500", "201 to 500"),
    ("501-1000", "501 to 1,000"),
    ("1001-", "more than 1,000"),
];

const ORDERS: [(&str, &str); 9] = [
    ("", "the order of the run"),
    ("question", "the question, A to Z"),
    ("question-down", "the question, Z to A"),
    ("category", "category"),
    ("length", "shortest first"),
    ("length-down", "longest first"),
    ("right", "fewest right first"),
    ("right-down", "most right first"),
    ("plan-down", "the order of the run, backwards"),
];

const GROUPINGS: [(&str, &str); 3] =
    [("", "nothing"), ("category", "category"), ("right", "how many were right")];

fn named(options: &[(&str, &str)]) -> Vec<(String, String)> {
    options.iter().map(|(value, name)| ((*value).to_owned(), (*name).to_owned())).collect()
}

/// The orders, and those by each model's answers.
fn order_options(shown: &Shown) -> Vec<(String, String)> {
    let models = shown.comparison.grid.models.iter().enumerate().flat_map(|(idx, model)| {
        let name = &model.name;
        [
            (format!("model-{idx}"), format!("answers of {name}, right first")),
            (format!("model-{idx}-down"), format!("answers of {name}, right last")),
        ]
    });
    named(&ORDERS).into_iter().chain(models).collect()
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
