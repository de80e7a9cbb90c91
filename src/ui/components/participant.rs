//! Owns one participant on the list: what it is, what it is sent, what it costs, and its class.

use leptos::prelude::*;

use crate::browser::page;
use crate::provider::{CallSettings, Class, Endpoint, ModelSpec, Pace, Price, Seat, capability};
use crate::ui::components::endpoint_form::{Form, sent::Sent};
use crate::ui::components::field::SelectField;
use crate::ui::state::{Listed, State};
use crate::ui::words;

#[component]
pub(crate) fn Participant(listed: Listed, form: Form) -> impl IntoView {
    let state = State::get();
    let Listed { key, spec } = listed;
    let can_choose = matches!(spec.seat, Seat::Api(_) | Seat::Paste);
    let remove = move || state.roster.update(|roster| roster.retain(|other| other.key != key));
    let endpoint = spec.seat.endpoint().cloned();
    let is_api = endpoint.is_some();
    let name = spec.name.clone();
    let kept = StoredValue::new(spec.clone());
    let change = move |_| {
        kept.with_value(|spec| form.load(spec));
        remove();
        request_animation_frame(|| page::focus("#model-id"));
    };
    view! {
        <li>
            <h3>{name.clone()}</h3>
            <p class="quiet">{words::seat(&spec)}</p>
            {endpoint.map(|endpoint| view! { <ApiFacts endpoint=endpoint price=spec.price pace=spec.pace/> })}
            {if can_choose {
                view! { <ClassField key=key/> }.into_any()
            } else {
                view! { <span class="badge">{words::class(spec.class)}</span> }.into_any()
            }}
            {is_api.then(|| view! {
                <button class="button button--quiet" aria-label=format!("Change {name}") on:click=change>"Change"</button>
            })}
            <button class="button button--quiet" aria-label=format!("Remove {name}") on:click=move |_| remove()>"Remove"</button>
        </li>
    }
}

/// What a model behind an address is sent and costs.
#[component]
fn ApiFacts(endpoint: Endpoint, price: Option<Price>, pace: Pace) -> impl IntoView {
    let settled = capability::settle(&endpoint, CallSettings::default());
    view! {
        <Sent endpoint=settled/>
        <p class="quiet">{words::price(price)}</p>
        {(!pace.is_free()).then(|| view! { <p class="quiet">{words::pace(pace)}</p> })}
    }
}

/// The class of a participant. It goes into the plan of the run, and with it into every file and figure.
#[component]
fn ClassField(key: u32) -> impl IntoView {
    let state = State::get();
    let find = move |roster: &Vec<Listed>| {
        roster.iter().find(|other| other.key == key).map(|listed: &Listed| listed.spec.class)
    };
    let value = Signal::derive(move || {
        let is_clinical = state.roster.with(find) == Some(Class::Clinical);
        if is_clinical { "clinical" } else { "general" }.to_owned()
    });
    let on_change = Callback::new(move |value: String| {
        let class = if value == "clinical" { Class::Clinical } else { Class::GeneralPurpose };
        let set = |spec: &mut ModelSpec| spec.class = class;
        state.roster.update(|roster| {
            roster
                .iter_mut()
                .filter(|other| other.key == key)
                .for_each(|other| set(&mut other.spec));
        });
    });
    view! {
        <SelectField
            label="Kind of system"
            id=format!("class-{key}")
            options=vec![
                ("general".to_owned(), "general-purpose".to_owned()),
                ("clinical".to_owned(), "clinical: made or sold for medical use".to_owned()),
            ]
            value=value
            on_change=on_change
        />
    }
}
