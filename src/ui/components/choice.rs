//! Owns the fields by which a person chooses which questions of a set are asked.

use leptos::prelude::*;

use crate::dataset::{Draw, Selection};
use crate::ui::components::field::{NumberField, SelectField};
use crate::ui::state::Shelved;
use crate::ui::words;

/// How many, how drawn, and which.
#[component]
pub(crate) fn Choice(shelved: Shelved) -> impl IntoView {
    let selection = shelved.selection;
    let n_passing = {
        let shelved = shelved.clone();
        Signal::derive(move || format!("Empty: all {}.", words::count(shelved.n_available())))
    };
    let is_sampled = move || selection.with(|selection| selection.n.is_some());
    let key = shelved.key;
    let set = {
        let shelved = shelved.clone();
        move |change: Box<dyn FnOnce(&mut Selection)>| shelved.choose(change)
    };
    let (set_n, set_seed, set_draw) = (set.clone(), set.clone(), set);
    view! {
        <div class="row">
            <NumberField
                label="How many"
                id=format!("n-{key}")
                min=1
                value=Signal::derive(move || selection.with(|selection| selection.n.map(|n| n as u64)))
                on_change=Callback::new(move |n: Option<u64>| {
                    set_n(Box::new(move |selection| selection.n = n.and_then(|n| usize::try_from(n).ok())));
                })
                hint=n_passing
            />
            <Show when=is_sampled>
                {
                    let (set_seed, set_draw) = (set_seed.clone(), set_draw.clone());
                    view! {
                        <NumberField
                            label="Seed"
                            id=format!("seed-{key}")
                            value=Signal::derive(move || Some(selection.with(|selection| selection.seed)))
                            on_change=Callback::new(move |seed: Option<u64>| {
                                set_seed(Box::new(move |selection| selection.seed = seed.unwrap_or(1)));
                            })
                            hint=Signal::derive(|| "The same seed gives the same questions.".to_owned())
                        />
                        <SelectField
                            label="Drawn"
                            id=format!("draw-{key}")
                            options=draws()
                            value=Signal::derive(move || selection.with(|selection| draw_name(selection.draw).to_owned()))
                            on_change=Callback::new(move |name: String| {
                                set_draw(Box::new(move |selection| selection.draw = draw_of(&name)));
                            })
                        />
                    }
                }
            </Show>
        </div>
        <Filters shelved=shelved.clone()/>
    }
}

fn draws() -> Vec<(String, String)> {
    [
        ("plain", "each question equally likely"),
        ("stratified", "from each category its share"),
        ("python", "as Python’s random.sample draws, to repeat a published sample"),
    ]
    .map(|(name, title)| (name.to_owned(), title.to_owned()))
    .to_vec()
}

fn draw_name(draw: Draw) -> &'static str {
    match draw {
        Draw::Plain => "plain",
        Draw::Stratified => "stratified",
        Draw::Python => "python",
    }
}

fn draw_of(name: &str) -> Draw {
    match name {
        "stratified" => Draw::Stratified,
        "python" => Draw::Python,
        _ => Draw::Plain,
    }
}

/// What questions must be to be taken.
#[component]
fn Filters(shelved: Shelved) -> impl IntoView {
    let summary = shelved.summary.clone();
    let selection = shelved.selection;
    let key = shelved.key;
    let named = |names: &[(String, usize)]| {
        let all = (String::new(), "all".to_owned());
        let names =
            names.iter().map(|(name, n)| (name.clone(), format!("{name} ({})", words::count(*n))));
        std::iter::once(all).chain(names).collect::<Vec<_>>()
    };
    let has_categories = 1 < summary.categories.len();
    let has_tags = !summary.tags.is_empty();
    let (categories, tags) = (named(&summary.categories), named(&summary.tags));
    let of_category = shelved.clone();
    let of_tag = shelved.clone();
    let of_ids = shelved.clone();
    view! {
        <details>
            <summary>"Only some of them"</summary>
            {has_categories.then(|| view! {
                <SelectField
                    label="Category"
                    id=format!("category-{key}")
                    options=categories
                    value=Signal::derive(move || selection.with(|selection| first(&selection.filter.categories)))
                    on_change=Callback::new(move |name: String| {
                        of_category.choose(|selection| selection.filter.categories = one(name));
                    })
                />
            })}
            {has_tags.then(|| view! {
                <SelectField
                    label="Tag"
                    id=format!("tag-{key}")
                    options=tags
                    value=Signal::derive(move || selection.with(|selection| first(&selection.filter.tags)))
                    on_change=Callback::new(move |name: String| {
                        of_tag.choose(|selection| selection.filter.tags = one(name));
                    })
                />
            })}
            <div class="field">
                <label class="field__label" for=format!("ids-{key}")>"Only these ids"</label>
                <textarea
                    id=format!("ids-{key}")
                    rows="2"
                    aria-describedby=format!("ids-hint-{key}")
                    on:change=move |event| {
                        let ids = event_target_value(&event);
                        let ids = ids.split([',', ';', ' ', '\n', '\t']).map(str::trim);
                        let ids = ids.filter(|id| !id.is_empty()).map(str::to_owned).collect();
                        of_ids.choose(|selection| selection.filter.ids = ids);
                    }
                ></textarea>
                <p class="field__hint" id=format!("ids-hint-{key}")>"Parted by commas or line breaks. Empty: all."</p>
            </div>
        </details>
    }
}

fn first(names: &std::collections::BTreeSet<String>) -> String {
    names.first().cloned().unwrap_or_default()
}

fn one(name: String) -> std::collections::BTreeSet<String> {
    if name.is_empty() {
        std::collections::BTreeSet::new()
    } else {
        std::collections::BTreeSet::from([name])
    }
}
