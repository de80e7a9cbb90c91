//! Owns labelled controls: every control has a name that is seen and read out, and a hint tied to it.

use leptos::prelude::*;

/// A text field.
#[component]
pub(crate) fn TextField(
    /// Seen above the field and read out.
    label: &'static str,
    /// Unique in the page.
    #[prop(into)]
    id: String,
    /// What the field holds.
    value: RwSignal<String>,
    /// What to type.
    #[prop(optional, into)]
    hint: Signal<String>,
    /// `text`, `password`, `url`.
    #[prop(default = "text")]
    kind: &'static str,
    /// Suggestions, by the id of a `datalist`.
    #[prop(optional)]
    list: &'static str,
) -> impl IntoView {
    let hint_id = format!("{id}-hint");
    view! {
        <div class="field">
            <label class="field__label" for=id.clone()>{label}</label>
            <input
                id=id
                type=kind
                autocomplete="off"
                spellcheck="false"
                list=(!list.is_empty()).then_some(list)
                aria-describedby=hint_id.clone()
                prop:value=move || value.get()
                on:input=move |event| value.set(event_target_value(&event))
            />
            <span class="field__hint" id=hint_id>{hint}</span>
        </div>
    }
}

/// A field for a number with a decimal point, as typed: whoever reads it says what is wrong in the hint.
#[component]
pub(crate) fn DecimalField(
    /// Seen above the field and read out.
    label: &'static str,
    /// Unique in the page.
    id: &'static str,
    /// What the field holds.
    value: RwSignal<String>,
    /// What to type, or what is wrong with it.
    #[prop(into)]
    hint: Signal<String>,
) -> impl IntoView {
    let hint_id = format!("{id}-hint");
    view! {
        <div class="field">
            <label class="field__label" for=id>{label}</label>
            <input
                id=id
                class="field__number"
                inputmode="decimal"
                autocomplete="off"
                aria-describedby=hint_id.clone()
                prop:value=move || value.get()
                on:input=move |event| value.set(event_target_value(&event))
            />
            <span class="field__hint" id=hint_id role="status">{hint}</span>
        </div>
    }
}

/// A field for a whole number; empty is allowed where `None` means something.
#[component]
pub(crate) fn NumberField(
    /// Seen above the field and read out.
    label: &'static str,
    /// Unique in the page.
    #[prop(into)]
    id: String,
    /// The number, if one is given.
    value: Signal<Option<u64>>,
    /// Called with what was typed.
    on_change: Callback<Option<u64>>,
    /// The smallest number that makes sense.
    #[prop(default = 0)]
    min: u64,
    /// What to type.
    #[prop(optional, into)]
    hint: Signal<String>,
) -> impl IntoView {
    let hint_id = format!("{id}-hint");
    view! {
        <div class="field field--narrow">
            <label class="field__label" for=id.clone()>{label}</label>
            <input
                id=id
                type="number"
                inputmode="numeric"
                min=min.to_string()
                step="1"
                aria-describedby=hint_id.clone()
                prop:value=move || value.get().map(|n| n.to_string()).unwrap_or_default()
                on:change=move |event| {
                    let number = event_target_value(&event).trim().parse::<u64>().ok();
                    on_change.run(number.map(|n| n.max(min)));
                }
            />
            <span class="field__hint" id=hint_id>{hint}</span>
        </div>
    }
}

/// A choice of one from a list.
#[component]
pub(crate) fn SelectField(
    /// Seen above the field and read out.
    label: &'static str,
    /// Unique in the page.
    #[prop(into)]
    id: String,
    /// Values with their names.
    options: Vec<(String, String)>,
    /// The value chosen.
    value: Signal<String>,
    /// Called with the value chosen.
    on_change: Callback<String>,
    /// What to choose.
    #[prop(optional, into)]
    hint: Signal<String>,
) -> impl IntoView {
    let groups = vec![("", options)];
    view! { <GroupedSelectField label=label id=id groups=groups value=value on_change=on_change hint=hint/> }
}

/// A choice of one from a list that is in groups; those without a name stand alone.
#[component]
pub(crate) fn GroupedSelectField(
    /// Seen above the field and read out.
    label: &'static str,
    /// Unique in the page.
    #[prop(into)]
    id: String,
    /// Names of groups, each with its values and their names.
    groups: Vec<(&'static str, Vec<(String, String)>)>,
    /// The value chosen.
    value: Signal<String>,
    /// Called with the value chosen.
    on_change: Callback<String>,
    /// What to choose.
    #[prop(optional, into)]
    hint: Signal<String>,
) -> impl IntoView {
    let hint_id = format!("{id}-hint");
    let option = move |(option, name): (String, String)| {
        let is_chosen = {
            let option = option.clone();
            move || value.with(|value| *value == option)
        };
        view! { <option value=option prop:selected=is_chosen>{name}</option> }
    };
    let groups: Vec<AnyView> = groups
        .into_iter()
        .map(|(name, options)| {
            let options = options.into_iter().map(option).collect_view();
            match name {
                "" => options.into_any(),
                name => view! { <optgroup label=name>{options}</optgroup> }.into_any(),
            }
        })
        .collect();
    view! {
        <div class="field">
            <label class="field__label" for=id.clone()>{label}</label>
            <select
                id=id
                aria-describedby=hint_id.clone()
                on:change=move |event| on_change.run(event_target_value(&event))
            >
                {groups}
            </select>
            <span class="field__hint" id=hint_id>{hint}</span>
        </div>
    }
}
