//! Owns the page of the study: what was published and what that can tell, the way to repeat it, and a run beside it.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser::{http, page};
use crate::report::study::{Edition, Study};
use crate::ui::components::study::beside::OwnRun;
use crate::ui::components::study::published::{EvidenceList, Sources, StageView};
use crate::ui::components::study::setup::SetUp;

/// Where its figures lie, beside the page.
const FILE: &str = "www/data/study.json";

#[component]
pub(crate) fn StudyPage() -> impl IntoView {
    let study = RwSignal::new(None::<Result<Arc<Study>, String>>);
    spawn_local(async move {
        let read = async {
            let bytes = http::own_file(FILE).await.map_err(|error| error.to_string())?;
            let text = String::from_utf8_lossy(&bytes);
            Study::read(&text).map(Arc::new).map_err(|error| error.to_string())
        };
        // The page may have been left meanwhile.
        let _ = study.try_set(Some(read.await));
    });
    view! {
        <p class="lead">
            "In June 2026 a study in Nature Medicine put three general-purpose models and two tools made for clinicians to three tests. The general-purpose models came out ahead. Here is what was found, what it can tell and what it cannot, and a way to do it again."
        </p>
        <p>
            <button class="button no-print" on:click=move |_| page::focus("#again-heading")>"Go to: do it again"</button>
        </p>
        {move || match study.get() {
            None => view! { <p role="status">"Loading the figures …"</p> }.into_any(),
            Some(Err(error)) => view! { <p class="notice notice--bad" role="alert">{error}</p> }.into_any(),
            Some(Ok(study)) => view! { <Everything study=study/> }.into_any(),
        }}
    }
}

#[component]
fn Everything(study: Arc<Study>) -> impl IntoView {
    let of = |edition: Edition| {
        let stages = study.stages.iter().filter(move |stage| stage.edition == edition);
        stages
            .map(|stage| view! { <StageView study=study.clone() stage=stage.clone()/> })
            .collect_view()
    };
    view! {
        <section aria-labelledby="found-heading">
            <h2 id="found-heading">"What was found"</h2>
            <p>
                "Each figure stands with the range that holds the true value in 95 of 100 such studies. The ranges were worked out by this page, not taken from the paper."
            </p>
            {of(Edition::Published)}
        </section>
        <EvidenceList study=study.clone()/>
        <SetUp study=study.clone()/>
        <OwnRun study=study.clone()/>
        <section aria-labelledby="preprint-heading">
            <h2 id="preprint-heading">"The preprint"</h2>
            <p>"Half a year before the paper its authors published a first version, with the models of the year before. Its figures are others, and news reports mix the two."</p>
            {of(Edition::Preprint)}
        </section>
        <Sources study=study.clone()/>
    }
}
