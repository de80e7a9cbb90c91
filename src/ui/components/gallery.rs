//! Owns the figures of the results page: which there are, the list by which a person goes to them, and their drawing one
//! after the other, so that the page is never held up.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser::{clock, page};
use crate::report::gallery::{Basis, Drawing, Plate};
use crate::report::link::{ResultsView, Route};
use crate::report::{Figure, Unanswered};
use crate::ui::charts::{FigureView, Setting};
use crate::ui::components::open_answers::has_judged;
use crate::ui::pages::results::Shown;
use crate::ui::state::State;

/// The figures of one plate; none until they are drawn.
type Drawn = RwSignal<Option<Arc<Vec<Figure>>>>;

/// What the figures of a page are drawn from, and how far they are.
#[derive(Clone, Copy)]
pub(crate) struct Gallery {
    pub(crate) shown: StoredValue<Shown>,
    pub(crate) basis: Memo<Arc<Basis>>,
    /// The plates that may have something to show, in reading order.
    plates: Memo<Vec<Plate>>,
    drawn: StoredValue<Vec<Drawn>>,
}

impl Gallery {
    /// Begins to draw, and draws anew whenever the rule changes.
    pub(crate) fn of(shown: StoredValue<Shown>, rule: RwSignal<Unanswered>) -> Self {
        let basis = Memo::new_with_compare(
            move |_| {
                let rule = rule.get();
                shown.with_value(|shown| Arc::new(Basis::of(&shown.comparison.grid, rule)))
            },
            |_, _| true,
        );
        let plates = Memo::new(move |_| {
            let basis = basis.get();
            shown.with_value(|shown| basis.plates(&shown.comparison.grid, &shown.refs()))
        });
        let drawn = StoredValue::new(Plate::ALL.map(|_| RwSignal::new(None)).to_vec());
        let this = Self { shown, basis, plates, drawn };
        let round = StoredValue::new(0_u32);
        Effect::new(move |_| {
            let (basis, plates) = (basis.get(), plates.get());
            round.update_value(|round| *round += 1);
            let own = round.get_value();
            spawn_local(async move {
                for plate in plates {
                    let mut drawing = Drawing::Begun(plate);
                    let figures = loop {
                        clock::next_turn().await;
                        // The page was left, or the rule has changed meanwhile.
                        if round.try_get_value() != Some(own) {
                            return;
                        }
                        let is_resampling = drawing.is_resampling();
                        let step = || {
                            shown.with_value(|shown| {
                                drawing.step(&basis, &shown.comparison.grid, &shown.refs())
                            })
                        };
                        drawing = if is_resampling {
                            page::measured("viva-resampling", step)
                        } else {
                            step()
                        };
                        if let Drawing::Done(figures) = drawing {
                            break figures;
                        }
                    };
                    this.drawn(plate).set(Some(Arc::new(figures)));
                }
                page::mark("viva-drawn");
            });
        });
        this
    }

    /// What is drawn of a plate.
    pub(crate) fn drawn(&self, plate: Plate) -> Drawn {
        self.drawn.with_value(|all| all[plate as usize])
    }

    /// Whether a plate is shown: it may have figures, and did not turn out to have none.
    pub(crate) fn is_shown(&self, plate: Plate) -> bool {
        let is_empty = self.drawn(plate).with(|drawn| drawn.as_ref().map(|all| all.is_empty()));
        let is_known = self.plates.with(|plates| plates.contains(&plate));
        // Whether confidence was stated is known only when all answers have been read.
        is_known && !is_empty.unwrap_or(plate == Plate::Confidence)
    }
}

/// The view of these results that reads a part of the page.
pub(crate) fn address_of(part: &str) -> String {
    address(part, None)
}

/// The view of these results that shows an item, by its place in the grid.
pub(crate) fn address_of_item(item_idx: usize) -> String {
    address("items", Some(item_idx))
}

fn address(part: &str, item_idx: Option<usize>) -> String {
    let view = State::get().route.with_untracked(|route| match route {
        Route::Results(view) => view.clone(),
        _ => ResultsView::default(),
    });
    Route::Results(ResultsView { part: part.to_owned(), item_idx, ..view }).fragment()
}

/// Shows an item and goes to it.
pub(crate) fn go_to_item(item_idx: usize) {
    page::replace_fragment(&address_of_item(item_idx));
    State::get().route.update(|route| {
        if let Route::Results(view) = route {
            view.item_idx = Some(item_idx);
        }
    });
    request_animation_frame(|| page::focus("#item-heading"));
}

/// Goes to the heading of a part, and stays with it while what stands above it is drawn.
pub(crate) fn go_to_part(part: &str) {
    let heading = format!("#{part}-heading");
    request_animation_frame(move || page::focus(&heading));
}

/// Parts of the page that are no plates, with their names.
const OTHERS: [(&str, &str); 3] = [
    ("conclusion", "What can I conclude?"),
    (OPEN_ANSWERS, "Open answers"),
    ("items", "Question by question"),
];

/// The part about answers that judges grade.
pub(crate) const OPEN_ANSWERS: &str = "open-answers";

/// Whether an address may name such a part.
pub(crate) fn is_part(name: &str) -> bool {
    Plate::of_key(name).is_some() || OTHERS.iter().any(|(key, _)| *key == name)
}

/// The list of what is on the page.
#[component]
pub(crate) fn Contents(
    gallery: Gallery,
    /// Whether there is anything besides answers that a rubric grades, which have figures of their own.
    has_outcomes: bool,
) -> impl IntoView {
    let entry = move |key: &'static str, title: &'static str| {
        let address = address_of(key);
        let go = move |event: leptos::ev::MouseEvent| {
            event.prevent_default();
            let route = State::get().route;
            page::replace_fragment(&address_of(key));
            route.update(|route| {
                if let Route::Results(view) = route {
                    key.clone_into(&mut view.part);
                }
            });
            go_to_part(key);
        };
        view! { <li><a href=format!("#{address}") on:click=go>{title}</a></li> }
    };
    let [conclusion, open, items] = OTHERS;
    let has_judged =
        gallery.shown.with_value(|shown| shown.journals.iter().any(|it| has_judged(&it.plan)));
    let plates = move || {
        let is_first = |plate: &Plate| *plate == Plate::Dangers;
        let shown = Plate::ALL.into_iter().filter(|plate| has_outcomes && gallery.is_shown(*plate));
        let (first, rest): (Vec<Plate>, Vec<Plate>) = shown.partition(is_first);
        let list = |plates: Vec<Plate>| {
            plates.into_iter().map(|plate| entry(plate.key(), plate.title())).collect_view()
        };
        view! {
            {list(first)}
            {has_outcomes.then(|| entry(conclusion.0, conclusion.1))}
            {list(rest)}
            {has_judged.then(|| entry(open.0, open.1))}
            {entry(items.0, items.1)}
        }
    };
    view! {
        <nav class="contents no-print" aria-label="On this page">
            <details>
                <summary>"On this page"</summary>
                <ul>{plates}</ul>
            </details>
        </nav>
    }
}

/// A part of the page with the figures of a plate.
#[component]
pub(crate) fn PlateView(
    gallery: Gallery,
    plate: Plate,
    /// A table in `children` says what the figure shows.
    #[prop(optional)]
    has_table: bool,
    /// What stands below the figures.
    #[prop(optional)]
    children: Option<ChildrenFn>,
) -> impl IntoView {
    let key = plate.key();
    let children = StoredValue::new(children);
    let figures = move || match gallery.drawn(plate).get() {
        None => view! { <p class="figure figure--coming quiet">"Drawing …"</p> }.into_any(),
        Some(figures) => {
            let views = figures.iter().map(|figure| {
                let setting = if has_table {
                    Setting::BesideTable
                } else if plate == Plate::Dangers {
                    Setting::WithList
                } else if figure.title == plate.title() {
                    Setting::Alone
                } else {
                    Setting::Titled
                };
                view! { <FigureView figure=figure.clone() address=address_of(key) setting=setting/> }
            });
            views.collect_view().into_any()
        }
    };
    view! {
        <Show when=move || gallery.is_shown(plate)>
            <section aria-labelledby=format!("{key}-heading")>
                <h2 id=format!("{key}-heading") tabindex="-1">{plate.title()}</h2>
                {figures}
                {children.with_value(|children| children.as_ref().map(|children| children()))}
            </section>
        </Show>
    }
}
