//! Owns the answer that is being written: one a model, read only while somebody looks.

use leptos::prelude::*;

use crate::browser::driver::Driver;
use crate::ui::state::State;

#[component]
pub(super) fn Writing(
    driver: StoredValue<Driver, LocalStorage>,
    model_idx: usize,
) -> impl IntoView {
    let state = State::get();
    let is_open = RwSignal::new(false);
    // Follows the run's own pace of at most ten changes a second, never the pieces as they come.
    let text = Memo::new(move |_| {
        if !is_open.get() {
            return None;
        }
        state.run_version.track();
        driver.with_value(|driver| driver.with(|run| run.writing(model_idx)))
    });
    view! {
        <details on:toggle=move |_| is_open.update(|is| *is = !*is)>
            <summary>"The answer that is being written"</summary>
            <div class="answer" dir="auto" aria-live="off" tabindex="0" role="group" aria-label="Answer being written">
                {move || text.get().unwrap_or_else(|| "Nothing at this moment.".to_owned())}
            </div>
        </details>
    }
}
