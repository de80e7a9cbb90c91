//! Owns what the test of a connection came to, and how that is told.

use leptos::prelude::*;

use crate::provider::diagnosis::Diagnosis;
use crate::ui::words;

/// What the test of a connection came to.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Tested {
    NotYet,
    UnderWay,
    Listed { n: usize },
    Works { answer: String, millis: u64 },
    Fails(Diagnosis),
}

/// The outcome in words.
pub(super) fn tested_view(tested: Tested) -> AnyView {
    match tested {
        Tested::NotYet => ().into_any(),
        Tested::UnderWay => view! { <p class="quiet">"Asking …"</p> }.into_any(),
        Tested::Listed { n: 0 } => view! {
            <p class="notice">"This provider has no list that a page can read. Type the model’s name as the provider writes it."</p>
        }
        .into_any(),
        Tested::Listed { n } => view! {
            <p class="notice notice--good">
                {format!("{} found. Start typing in the field “Model” to see them.", words::counted(n, "model", "models"))}
            </p>
        }
        .into_any(),
        Tested::Works { answer, millis } => view! {
            <p class="notice notice--good">
                {format!("It works: an answer came after {millis} ms, and it says “{answer}”.")}
            </p>
        }
        .into_any(),
        Tested::Fails(diagnosis) => diagnosis_view(diagnosis),
    }
}

fn diagnosis_view(diagnosis: Diagnosis) -> AnyView {
    view! {
        <div class="notice notice--bad">
            <p>{diagnosis.what}</p>
            <ul>{diagnosis.steps.into_iter().map(|step| view! { <li>{step}</li> }).collect_view()}</ul>
        </div>
    }
    .into_any()
}
