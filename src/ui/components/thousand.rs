//! Owns "of 1,000 questions like these": the choice of two models, and what it comes to where a person knows how often such
//! a question arises.

use leptos::prelude::*;

use crate::report::gallery::Plate;
use crate::report::pairs::Verdict;
use crate::report::thousand::{Thousand, thousand, told, typed_number};
use crate::ui::charts::FigureView;
use crate::ui::components::field::{SelectField, TextField};
use crate::ui::components::gallery::{Gallery, address_of};
use crate::ui::pages::results::Shown;

#[component]
pub(crate) fn ThousandView(gallery: Gallery) -> impl IntoView {
    let plate = Plate::Thousand;
    let names: Vec<String> = gallery.shown.with_value(|shown| {
        shown.comparison.grid.models.iter().map(|model| model.name.clone()).collect()
    });
    // What the person chose; until then the first two of the leaderboard.
    let chosen = RwSignal::new([None::<usize>; 2]);
    let both = Memo::new(move |_| {
        let [one, other] = chosen.get();
        gallery.basis.with(|basis| {
            let first = basis.pairs.first()?;
            let one = one.unwrap_or(first.first);
            let fallback = if one == first.second { first.first } else { first.second };
            Some([one, other.filter(|other| *other != one).unwrap_or(fallback)])
        })
    });
    let counts = Memo::new(move |_| {
        let [one, other] = both.get()?;
        gallery.basis.with(|basis| {
            let pair = basis.pair(one, other)?;
            let grid_of = |shown: &Shown| thousand(&shown.comparison.grid, pair, basis.rule);
            Some((gallery.shown.with_value(grid_of), pair.verdict != Verdict::NotTellable))
        })
    });
    // The first pair is drawn in its turn with the other figures, one that is chosen at once.
    let figure = Memo::new(move |_| {
        let drawn = gallery.drawn(plate).get()?;
        let [one, other] = both.get()?;
        gallery.basis.with(|basis| {
            let pair = basis.pair(one, other)?;
            if basis.pairs.first() == Some(pair) {
                return drawn.first().cloned();
            }
            gallery.shown.with_value(|shown| basis.thousand(&shown.comparison.grid, pair))
        })
    });
    let names = StoredValue::new(names);
    let select = move |place: usize, id: &'static str, label: &'static str| {
        let numbered = |names: &Vec<String>| -> Vec<(String, String)> {
            names.iter().enumerate().map(|(idx, name)| (idx.to_string(), name.clone())).collect()
        };
        let options = names.with_value(numbered);
        let value = Signal::derive(move || {
            both.get().map(|both| both[place].to_string()).unwrap_or_default()
        });
        let on_change = Callback::new(move |value: String| {
            let mut both = both.get_untracked().unwrap_or_default();
            if let Ok(model) = value.parse::<usize>() {
                // Whoever takes the other's place gives it theirs.
                if both[1 - place] == model {
                    both[1 - place] = both[place];
                }
                both[place] = model;
                chosen.set(both.map(Some));
            }
        });
        view! { <SelectField label=label id=id options=options value=value on_change=on_change/> }
    };
    let choice = move || {
        view! {
            <div class="row row--fields no-print">
                {select(0, "thousand-first", "Compare")}
                {select(1, "thousand-second", "with")}
            </div>
        }
    };
    let picture = move || match figure.get() {
        Some(figure) => {
            view! { <FigureView figure=figure address=address_of(plate.key())/> }.into_any()
        }
        None if counts.get().is_some() => {
            view! { <p class="figure figure--coming quiet">"Drawing …"</p> }.into_any()
        }
        None => view! {
            <p class="notice">"These two have not answered the same questions yet."</p>
        }
        .into_any(),
    };
    view! {
        <Show when=move || gallery.is_shown(plate)>
            <section aria-labelledby="thousand-heading">
                <h2 id="thousand-heading" tabindex="-1">{plate.title()}</h2>
                {choice()}
                {picture}
                <OwnNumber gallery=gallery counts=counts/>
            </section>
        </Show>
    }
}

/// The difference over as many questions as a person says arise.
#[component]
fn OwnNumber(gallery: Gallery, counts: Memo<Option<(Thousand, bool)>>) -> impl IntoView {
    let typed = RwSignal::new(String::new());
    let told = move || {
        let text = typed.get();
        if text.trim().is_empty() {
            return None;
        }
        let Some(n) = typed_number(&text) else {
            return Some("Enter a whole number above 0.".to_owned());
        };
        let (counts, is_told) = counts.get()?;
        gallery.shown.with_value(|shown| {
            let models = &shown.comparison.grid.models;
            let names = [models.get(counts.first)?, models.get(counts.second)?];
            Some(told(names.map(|model| model.name.as_str()), &counts, n, is_told))
        })
    };
    view! {
        <div class="no-print">
            <TextField label="How many such questions arise where you are?" id="thousand-number" value=typed
                hint="A number of your own, for instance those of a month. An examination cannot know it. It stays in this page."/>
        </div>
        <p role="status" id="thousand-told">{told}</p>
    }
}
