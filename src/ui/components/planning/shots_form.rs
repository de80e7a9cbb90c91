//! Owns the fields for examples: how many, and what they are drawn from.

use leptos::prelude::*;

use crate::run::Plan;
use crate::run::draft::Missing;
use crate::ui::components::field::{NumberField, SelectField};
use crate::ui::state::{Pool, Shelved, ShotSource, State};
use crate::ui::words;

#[component]
pub(super) fn ShotsForm(plan: Memo<Result<Plan, Missing>>) -> impl IntoView {
    let state = State::get();
    let asking = state.asking();
    view! {
        <NumberField label="Examples before each question" id="shots"
            value=Signal::derive(move || Some(asking.n_shots.get()))
            on_change=Callback::new(move |n: Option<u64>| asking.n_shots.set(n.unwrap_or(0)))
            hint=Signal::derive(|| "Questions with their right answers, the same for all models (“few-shot”). Never one that is asked.".to_owned())/>
        <Show when=move || 0 < asking.n_shots.get()>
            {move || state.shelf.with(|shelf| asking.source(shelf).map(|source| view! {
                <Source sets=shelf.clone() source=source/>
            }))}
            <NumberField label="Seed of the examples" id="shots-seed"
                value=Signal::derive(move || Some(asking.shots_seed.get()))
                on_change=Callback::new(move |seed: Option<u64>| asking.shots_seed.set(seed.unwrap_or(1)))
                hint=Signal::derive(|| "Another number draws other examples; the same number draws the same.".to_owned())/>
            <div role="status">{move || standing(asking.pool.get(), &plan.get())}</div>
        </Show>
    }
}

/// What the examples are, or why there are none.
fn standing(pool: Pool, plan: &Result<Plan, Missing>) -> AnyView {
    match (pool, plan) {
        (Pool::Missing, _) => view! { <p class="quiet">"Looking for examples …"</p> }.into_any(),
        (Pool::Failed(reason), _) => {
            view! { <p class="notice notice--bad">{reason}</p> }.into_any()
        }
        (Pool::Here(..), Err(missing @ Missing::Examples(_))) => {
            view! { <p class="notice notice--bad">{missing.to_string()}</p> }.into_any()
        }
        (Pool::Here(..), Err(Missing::Questions | Missing::Models)) => ().into_any(),
        (Pool::Here(..), Ok(plan)) => view! {
            <p class="quiet">"These are shown:"</p>
            <ol>
                {plan.prompting.shots.iter().map(|shot| view! {
                    <li>{words::shortened(&shot.question, 120)}</li>
                }).collect_view()}
            </ol>
        }
        .into_any(),
    }
}

#[component]
fn Source(sets: Vec<Shelved>, source: ShotSource) -> impl IntoView {
    let asking = State::get().asking();
    let name = |set: u32, split: Option<usize>| match split {
        Some(split) => format!("{set}:{split}"),
        None => set.to_string(),
    };
    let mut options = vec![];
    for set in &sets {
        let title = &set.summary.title;
        options.push((name(set.key, None), format!("{title}: what is not asked")));
        for (idx, (split, n)) in set.summary.splits.iter().enumerate() {
            let n = words::counted(*n, "question", "questions");
            options.push((name(set.key, Some(idx)), format!("{title}, {split} ({n})")));
        }
    }
    let chosen = name(source.set, source.split);
    let on_set = Callback::new(move |value: String| {
        let (set, split) = value.split_once(':').unwrap_or((&value, ""));
        let Ok(set) = set.parse() else { return };
        let split = split.parse().ok();
        asking.shots_from.set(Some(ShotSource { set, split, category: None }));
    });
    let categories: Vec<(String, String)> = sets
        .iter()
        .find(|set| set.key == source.set)
        .map(|set| set.summary.categories.clone())
        .unwrap_or_default()
        .into_iter()
        .map(|(name, n)| (name.clone(), format!("{name} ({})", words::count(n))))
        .collect();
    let category = source.category.clone().unwrap_or_default();
    let on_category = {
        let source = source.clone();
        Callback::new(move |name: String| {
            let category = Some(name).filter(|name| !name.is_empty());
            asking.shots_from.set(Some(ShotSource { category, ..source.clone() }));
        })
    };
    view! {
        <SelectField label="Drawn from" id="shots-from" options=options value=Signal::stored(chosen) on_change=on_set/>
        {(1 < categories.len()).then(|| {
            let options = std::iter::once((String::new(), "all categories".to_owned())).chain(categories);
            view! {
                <SelectField label="Only of the category" id="shots-category" options=options.collect()
                    value=Signal::stored(category) on_change=on_category/>
            }
        })}
    }
}
