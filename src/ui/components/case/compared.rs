//! Owns what is shown of the differences between two answers, and of what an answer advises. By words, not by meaning.

use leptos::prelude::*;

use crate::people::case::diff::{Piece, diff, n_changed};
use crate::people::case::signals::Signals;
use crate::text::markdown::plain;
use crate::ui::words;

/// Pieces of a text with what went and what came marked.
#[component]
pub(super) fn Differences(pieces: Vec<Piece>) -> impl IntoView {
    let pieces = pieces.into_iter().map(|piece| match piece {
        Piece::Same(text) => view! { <span>{text}</span> }.into_any(),
        Piece::Gone(text) => view! { <del>{text}</del> }.into_any(),
        Piece::New(text) => view! { <ins>{text}</ins> }.into_any(),
    });
    view! { <div class="case-diff" dir="auto">{pieces.collect_view()}</div> }
}

/// Where an answer differs from the model's first one.
#[component]
pub(super) fn Changed(before: String, after: String) -> impl IntoView {
    let changes = Signals::of(&before).changes(&Signals::of(&after));
    let pieces = diff(&plain(&before), &plain(&after));
    let n = n_changed(&pieces);
    if n == 0 {
        return view! { <p class="quiet">"Word for word this model’s first answer."</p> }
            .into_any();
    }
    let counted = words::counted(n, "word", "words");
    view! {
        {if changes.is_empty() {
            view! { <p class="quiet case-same">"No change of advice that words show: urgency, professionals, medicines and numbers are those of the first answer."</p> }.into_any()
        } else {
            view! {
                <div class="notice notice--warn case-changed">
                    <p><strong>"The advice may have changed"</strong></p>
                    <ul>{changes.into_iter().map(|line| view! { <li>{line}</li> }).collect_view()}</ul>
                    <p class="quiet">"Marked by words, not by meaning: read both answers."</p>
                </div>
            }.into_any()
        }}
        <details>
            <summary>{format!("What differs from the first answer ({counted})")}</summary>
            <p class="quiet">"Struck through: only in the first answer. Underlined: only in this one."</p>
            <Differences pieces=pieces/>
        </details>
    }
    .into_any()
}

/// What an answer names.
#[component]
pub(super) fn Advice(text: String) -> impl IntoView {
    let told = Signals::of(&text).told();
    view! {
        <details>
            <summary>"What it advises, by words"</summary>
            <ul>{told.into_iter().map(|line| view! { <li>{line}</li> }).collect_view()}</ul>
            <p class="quiet">"Found by words, not by meaning: “do not take aspirin” names aspirin too."</p>
        </details>
    }
}
