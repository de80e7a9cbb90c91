//! Owns the choice of variants: what each does, what it adds, and where it cannot be made.

use leptos::prelude::*;

use super::form::Form;
use super::making;
use crate::dataset::variant::Change;
use crate::provider::Seat;
use crate::run::AddedVariants;
use crate::ui::components::field::NumberField;
use crate::ui::state::State;
use crate::ui::words;

#[component]
pub(super) fn VariantsForm(
    form: Form,
    /// Questions of which the wanted variants are made.
    n_done: RwSignal<usize>,
) -> impl IntoView {
    let state = State::get();
    let asking = state.asking();
    let is_open = RwSignal::new(false);
    let counts = making::counts(state, is_open);
    let n_chosen = move || asking.changes.with(std::collections::BTreeSet::len);
    let is_making = move || 0 < n_chosen() && asking.varied.with(Option::is_none);
    let is_wanted = move |change: Change| asking.changes.with(|changes| changes.contains(&change));
    view! {
        <details id="variants" on:toggle=move |_| is_open.update(|open| *open = !*open)>
            <summary>
                "The same questions in other forms (robustness)"
                {move || (0 < n_chosen()).then(|| format!(": {} chosen", n_chosen()))}
            </summary>
            <p>"Each question is asked as it is, and changed in the ways that you tick. Results show how much a model’s answers hang on the form. Variants are never counted as further questions."</p>
            <ul class="plain-options">
                {Change::ALL.map(|change| view! { <ChangeTick change=change form=form counts=counts/> }).collect_view()}
            </ul>
            <Show when=move || is_wanted(Change::Shuffled) || is_wanted(Change::Misspelt) || is_wanted(Change::WrongBelief)>
                <NumberField label="Seed of the variants" id="variants-seed"
                    value=Signal::derive(move || Some(asking.variants_seed.get()))
                    on_change=Callback::new(move |seed: Option<u64>| asking.variants_seed.set(seed.unwrap_or(1)))
                    hint=Signal::derive(|| "Of orders, slips and beliefs that are drawn.".to_owned())/>
            </Show>
        </details>
        <div role="status">
            {move || is_making().then(|| view! {
                <p class="quiet">{format!("Making variants: {} done …", words::counted(n_done.get(), "question", "questions"))}</p>
            })}
        </div>
    }
}

#[component]
fn ChangeTick(
    change: Change,
    form: Form,
    counts: RwSignal<Vec<(Change, AddedVariants)>>,
) -> impl IntoView {
    let state = State::get();
    let asking = state.asking();
    let is_wanted = Memo::new(move |_| asking.changes.with(|changes| changes.contains(&change)));
    let count = Memo::new(move |_| {
        counts.with(|counts| counts.iter().find(|(of, _)| *of == change).map(|(_, added)| *added))
    });
    let is_impossible =
        move || !is_wanted.get() && count.get().is_some_and(|added| added.n_made == 0);
    let on_tick = move |event| {
        let is_ticked = event_target_checked(&event);
        asking.changes.update(|changes| {
            if is_ticked {
                changes.insert(change);
            } else {
                changes.remove(&change);
            }
        });
    };
    let told = move || match count.get() {
        None => "Counting what it adds …".to_owned(),
        Some(added) => adds(change, added, n_calls_each(state, form)),
    };
    view! {
        <li>
            <label class="tick">
                <input type="checkbox" id=format!("variant-{}", change.key()) prop:checked=is_wanted
                    disabled=is_impossible on:change=on_tick/>
                <span>
                    <strong>{capitalised(change.title())}</strong>". "{change.purpose()}" "
                    <span class="quiet">{told}</span>
                </span>
            </label>
            {(change == Change::Shuffled).then(|| view! {
                <Show when=move || is_wanted.get()>
                    <NumberField label="How many orders" id="variant-orders" min=1
                        value=Signal::derive(move || Some(asking.n_orders.get()))
                        on_change=Callback::new(move |n: Option<u64>| asking.n_orders.set(n.unwrap_or(1).min(20)))/>
                </Show>
            })}
            {(change == Change::Age).then(|| view! {
                <Show when=move || is_wanted.get()>
                    <NumberField label="Age in years" id="variant-years" min=18
                        value=Signal::derive(move || Some(asking.years.get()))
                        on_change=Callback::new(move |n: Option<u64>| asking.years.set(n.unwrap_or(80).clamp(18, 120)))/>
                </Show>
            })}
        </li>
    }
}

/// Calls to services that one more question takes.
fn n_calls_each(state: State, form: Form) -> usize {
    let n_models = state.roster.with(|roster| {
        roster.iter().filter(|listed| matches!(listed.spec.seat, Seat::Api(_))).count()
    });
    n_models * usize::try_from(form.n_repeats.get()).unwrap_or(usize::MAX)
}

fn adds(change: Change, added: AddedVariants, n_calls_each: usize) -> String {
    let AddedVariants { n_made, n_items_without, .. } = added;
    if n_made == 0 {
        return format!("Cannot be made of these questions: it cannot be made {}.", change.limit());
    }
    let calls = match n_made.saturating_mul(n_calls_each) {
        0 => String::new(),
        n => format!(", {}", words::counted(n, "call", "calls")),
    };
    let without = match n_items_without {
        0 => String::new(),
        n => format!(
            " {} none: it cannot be made {}.",
            words::counted(n, "question has", "questions have"),
            change.limit()
        ),
    };
    format!("Adds {}{calls}.{without}", words::counted(n_made, "variant", "variants"))
}

/// With a capital first letter, be it within quotation marks.
fn capitalised(text: &str) -> String {
    let mark = text.chars().next().filter(|first| !first.is_alphanumeric());
    let rest = mark.and_then(|mark| text.strip_prefix(mark)).unwrap_or(text).chars();
    let mut rest = rest.clone().take(1).flat_map(char::to_uppercase).chain(rest.skip(1));
    mark.into_iter().chain(&mut rest).collect()
}
