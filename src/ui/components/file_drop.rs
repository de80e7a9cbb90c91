//! Owns the places where files are opened: by button, by keyboard, or by dropping them.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser::files::{self, File, GivenFile};
use crate::browser::{Error, clock};

/// Asks for files and hands them over unread.
#[component]
pub(crate) fn FileDrop(
    /// Name of the button.
    label: &'static str,
    /// What can be opened here.
    hint: &'static str,
    /// Called with the files, all at once.
    on_files: Callback<Vec<File>>,
) -> impl IntoView {
    let is_over = RwSignal::new(false);
    let take = move |given: Vec<File>| {
        if !given.is_empty() {
            on_files.run(given);
        }
    };
    view! {
        <div
            class="drop"
            class:drop--over=is_over
            on:dragover=move |event| {
                event.prevent_default();
                is_over.set(true);
            }
            on:dragleave=move |_| is_over.set(false)
            on:drop=move |event| {
                event.prevent_default();
                is_over.set(false);
                take(files::dropped(&event));
            }
        >
            <label class="button">
                {label}
                <input type="file" multiple on:change=move |event| take(files::chosen(&event_target(&event)))/>
            </label>
            <p class="quiet">{hint}</p>
        </div>
    }
}

/// Asks for files, reads them, and hands over each that could be read; what could not is told below.
#[component]
pub(crate) fn FileReader(
    /// Name of the button.
    label: &'static str,
    /// What can be opened here.
    hint: &'static str,
    /// Called with the files, all at once.
    on_files: Callback<Vec<GivenFile>>,
) -> impl IntoView {
    let is_reading = RwSignal::new(false);
    let errors = RwSignal::new(Vec::<Error>::new());
    let take = Callback::new(move |given: Vec<File>| {
        is_reading.set(true);
        errors.set(vec![]);
        spawn_local(async move {
            // Lets the page say that it reads before the main thread is busy.
            clock::next_turn().await;
            let mut read = vec![];
            for file in &given {
                match files::read(file).await {
                    Ok(file) => read.push(file),
                    Err(error) => errors.update(|errors| errors.push(error)),
                }
            }
            on_files.run(read);
            is_reading.set(false);
        });
    });
    view! {
        <FileDrop label=label hint=hint on_files=take/>
        <p role="status">{move || is_reading.get().then_some("Reading …")}</p>
        {move || errors.get().into_iter().map(|error| {
            view! { <p class="notice notice--bad" role="alert">{error.to_string()}</p> }
        }).collect_view()}
    }
}
