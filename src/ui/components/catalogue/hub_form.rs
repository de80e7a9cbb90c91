//! Owns the form by which any dataset on Hugging Face is loaded.

use leptos::prelude::*;

use super::kept_view::OthersBrokenOff;
use super::load_view::LoadView;
use crate::dataset::catalogue::{HubAddress, SplitName};
use crate::ui::components::field::TextField;
use crate::ui::state::State;

#[component]
pub(crate) fn HubForm() -> impl IntoView {
    let loads = State::get().loads;
    let (dataset, config, split) =
        (RwSignal::new(String::new()), RwSignal::new(String::new()), RwSignal::new(String::new()));
    let error = RwSignal::new(None::<String>);
    let begin = move || {
        let (config, split) = (config.get_untracked(), split.get_untracked());
        match named(&dataset.get_untracked(), config.trim(), split.trim()) {
            Ok(address) => {
                error.set(None);
                loads.start_hub(&address);
            }
            Err(reason) => error.set(Some(reason)),
        }
    };
    let ids = Memo::new(move |_| {
        let is_listed = |id: &str| {
            loads.catalogue.with(|catalogue| {
                let catalogue = catalogue.as_ref().and_then(|catalogue| catalogue.as_ref().ok());
                catalogue.is_some_and(|catalogue| catalogue.entry(id).is_some())
            })
        };
        loads.underway.with(|list| {
            let named = list.iter().map(|one| (one.id.clone(), one.title.clone()));
            named.filter(|(id, _)| !is_listed(id)).collect::<Vec<_>>()
        })
    });
    view! {
        <section aria-labelledby="hub-heading">
            <h2 id="hub-heading">"Any dataset on Hugging Face"</h2>
            <p>"The tool examines models on law, finance or a school subject as well. Type the name of a public dataset, or copy the address of its page or of one of its files."</p>
            <form on:submit=move |event| { event.prevent_default(); begin(); }>
                <TextField label="Dataset" id="hub-dataset" value=dataset hint="Such as owner/name"/>
                <details>
                    <summary>"Only one configuration and split"</summary>
                    <div class="row row--fields">
                        <TextField label="Configuration" id="hub-config" value=config hint="Often default"/>
                        <TextField label="Split" id="hub-split" value=split hint="Often test. Both empty: you choose from a list."/>
                    </div>
                </details>
                {move || error.get().map(|error| view! { <p class="notice notice--bad" role="alert">{error}</p> })}
                <button class="button" type="submit">"Load this dataset"</button>
            </form>
            <p class="quiet">"It may hold what its authors had no right to publish, or what tells of real people. Read its page and its licence before you use it."</p>
            <For each=move || ids.get() key=|(id, _)| id.clone() let((id, title))>
                <section class="card" aria-label=format!("Loading {title}")>
                    <h3>{title.clone()}</h3>
                    <LoadView id=id/>
                </section>
            </For>
            <OthersBrokenOff/>
        </section>
    }
}

fn named(dataset: &str, config: &str, split: &str) -> Result<HubAddress, String> {
    let address = HubAddress::parse(dataset)?;
    match (config.is_empty(), split.is_empty()) {
        (true, true) => Ok(address),
        (false, false) => HubAddress::split(SplitName {
            dataset: address.dataset().to_owned(),
            config: config.to_owned(),
            split: split.to_owned(),
        }),
        (true, false) | (false, true) => {
            Err("Type both, the configuration and the split, or neither.".to_owned())
        }
    }
}
