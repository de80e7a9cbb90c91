//! Owns the warning that questions in the editor are in no file yet: on every other page, and when the tab is closed.

use leptos::prelude::*;

use crate::browser::page::{self, Leave};
use crate::dataset::edit::PackDraft;
use crate::report::link::Route;
use crate::ui::state::State;

#[component]
pub(crate) fn Unsaved() -> impl IntoView {
    let state = State::get();
    let is_unsaved = Memo::new(move |_| state.draft.with(PackDraft::is_changed));
    Effect::new(move |_| page::set_leave_warning(Leave::Questions, is_unsaved.get()));
    let is_elsewhere = move || state.route.with(|route| !matches!(route, Route::Editor));
    view! {
        <div role="status">
            <Show when=move || is_unsaved.get() && is_elsewhere()>
                <p class="notice notice--warn" id="unsaved">
                    "Your questions in the editor are not saved in a file. They are kept until you close this page or load it again. "
                    <a href="#/editor">"Go back and save them"</a>
                </p>
            </Show>
        </div>
    }
}
