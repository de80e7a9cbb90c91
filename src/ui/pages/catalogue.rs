//! Owns the page of published sets: what the browser keeps, the catalogue with its filters, and any dataset on Hugging Face.

use std::sync::Arc;

use leptos::prelude::*;

use crate::browser::{librarian, page};
use crate::dataset::catalogue::{Catalogue, Query};
use crate::dataset::record::KindRecord;
use crate::ui::components::catalogue::{Card, HubForm, KeptSets};
use crate::ui::components::field::{SelectField, TextField};
use crate::ui::state::State;
use crate::ui::words;

#[component]
pub(crate) fn CataloguePage() -> impl IntoView {
    let loads = State::get().loads;
    loads.fetch_catalogue();
    loads.refresh();
    librarian::prepare();
    view! {
        <p class="lead">"The exams that studies of medical AI use. Your browser loads them from where their authors publish them, checks them, and keeps them for use without a network."</p>
        <p class="quiet">"Loading sends no key and nothing of yours; the host sees that your browser asks, as with any page. "<a href="#/ledger">"What left this page"</a></p>
        <KeptSets/>
        <section aria-labelledby="catalogue-heading">
            <h2 id="catalogue-heading">"Published sets"</h2>
            {move || match loads.catalogue.get() {
                None => view! { <p role="status">"Loading the list …"</p> }.into_any(),
                Some(Err(error)) => view! { <p class="notice notice--bad" role="alert">{error}</p> }.into_any(),
                Some(Ok(catalogue)) => view! { <Sets catalogue=catalogue/> }.into_any(),
            }}
        </section>
        <HubForm/>
    }
}

#[component]
fn Sets(catalogue: Arc<Catalogue>) -> impl IntoView {
    let (kind, language, words) =
        (RwSignal::new(None::<usize>), RwSignal::new(String::new()), RwSignal::new(String::new()));
    let kinds = catalogue.kinds();
    let kind_options = std::iter::once((String::new(), "any".to_owned()))
        .chain(
            kinds
                .iter()
                .enumerate()
                .map(|(idx, kind)| (idx.to_string(), words::kind(*kind).to_owned())),
        )
        .collect();
    let language_options = std::iter::once((String::new(), "any".to_owned()))
        .chain(catalogue.languages().into_iter().map(|tag| {
            let name = words::language(&tag).to_owned();
            (tag, name)
        }))
        .collect();
    let n_all = catalogue.entries.len();
    let as_of = catalogue.as_of.clone();
    let n_refused = catalogue.refusals.len();
    let found = {
        let catalogue = catalogue.clone();
        Memo::new(move |_| {
            let kind: Option<KindRecord> = kind.get().and_then(|idx| kinds.get(idx).copied());
            catalogue.find(&Query { kind, language: language.get(), words: words.get() })
        })
    };
    let told = move || {
        let n = found.with(Vec::len);
        if n == 0 {
            "No set passes. Take away a word or a filter.".to_owned()
        } else if n == n_all {
            format!("{n} sets, as known on {as_of}.")
        } else {
            format!("{n} of {n_all} sets.")
        }
    };
    view! {
        <div class="row row--fields" role="search">
            <TextField label="Search" id="catalogue-words" value=words hint="In name, description, measure or licence"/>
            <SelectField label="Answers" id="catalogue-kind" options=kind_options
                value=Signal::derive(move || kind.get().map(|idx| idx.to_string()).unwrap_or_default())
                on_change=Callback::new(move |value: String| kind.set(value.parse().ok()))/>
            <SelectField label="Language" id="catalogue-language" options=language_options
                value=language.into()
                on_change=Callback::new(move |value: String| language.set(value))/>
        </div>
        <p class="quiet" role="status" id="catalogue-count">{told}</p>
        <p><button class="link" on:click=move |_| page::focus("#hub-dataset")>"Another dataset on Hugging Face"</button></p>
        {(0 < n_refused).then(|| view! {
            <p class="notice notice--warn">{format!("{} of the list could not be read.", words::counted(n_refused, "entry", "entries"))}</p>
        })}
        <div class="stack">
            <For each=move || found.get() key=|idx| *idx let:idx>
                {catalogue.entries.get(idx).cloned().map(|entry| view! { <Card entry=entry/> })}
            </For>
        </div>
    }
}
