//! Owns QR codes in the page: drawn as SVG, with the text beside it; and the camera that reads them.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser::camera::{self, Camera};
use crate::browser::page;
use crate::report::qr::qr;

/// A text as a QR code; where it is too long, a sentence that says so.
#[component]
pub(crate) fn QrView(
    /// What it holds.
    text: String,
    /// What it is, for whoever does not see it.
    name: &'static str,
) -> impl IntoView {
    match qr(&text) {
        Some(qr) => {
            let side = qr.n_squares;
            view! {
                <svg class="qr" role="img" aria-label=name viewBox=format!("0 0 {side} {side}") shape-rendering="crispEdges">
                    <path class="qr__light" d=format!("M0 0h{side}v{side}h-{side}z")></path>
                    <path class="qr__dark" d=qr.path></path>
                </svg>
            }
        }
        .into_any(),
        None => view! { <p class="quiet">"Too long for a QR code that phones read well: pass it on as text or as a file."</p> }.into_any(),
    }
}

/// A button that copies a text.
#[component]
pub(crate) fn CopyButton(text: String, label: &'static str) -> impl IntoView {
    let told = RwSignal::new("");
    let copy = move |_| {
        let text = text.clone();
        spawn_local(async move {
            told.set(match page::copy(&text).await {
                Ok(()) => "Copied.",
                Err(_) => {
                    "The browser did not let the page copy. Select the text and copy it by hand."
                }
            });
        });
    };
    view! {
        <button class="button" on:click=copy>{label}</button>
        <span role="status">{told}</span>
    }
}

/// Reads QR codes by camera, where the browser can. Asks for the camera only when the button is pressed.
#[component]
pub(crate) fn Scanner(
    /// Name of the button.
    label: &'static str,
    /// Called with each text that is read.
    on_text: Callback<String>,
) -> impl IntoView {
    let is_on = RwSignal::new(false);
    let error = RwSignal::new(None::<String>);
    let start = move |_| {
        is_on.set(true);
        error.set(None);
        spawn_local(async move {
            let camera = match Camera::open("#camera").await {
                Ok(camera) => camera,
                Err(failed) => {
                    error.try_set(Some(format!("The camera cannot be used ({failed}). Paste the text or open a file instead.")));
                    is_on.try_set(false);
                    return;
                }
            };
            let mut last = String::new();
            while is_on.try_get_untracked() == Some(true) {
                // A picture that cannot be read is followed by another.
                for text in camera.look().await.unwrap_or_default() {
                    if text != last {
                        last.clone_from(&text);
                        on_text.try_run(text);
                    }
                }
            }
        });
    };
    camera::can_scan().then(|| view! {
        <div>
            <video id="camera" class="camera" class:visually-hidden=move || !is_on.get() muted playsinline aria-label="Picture of the camera"></video>
            {move || if is_on.get() {
                view! { <button class="button" on:click=move |_| is_on.set(false)>"Stop the camera"</button> }.into_any()
            } else {
                view! { <button class="button" on:click=start>{label}</button> }.into_any()
            }}
            {move || error.get().map(|error| view! { <p class="notice notice--warn" role="alert">{error}</p> })}
        </div>
    })
}
