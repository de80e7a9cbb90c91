//! Owns the run page: the plan before the start, and the run under way.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser::driver::Driver;
use crate::report::link::Route;
use crate::run::Settings;
use crate::ui::components::planning::Planning;
use crate::ui::components::running::Running;
use crate::ui::components::saved_runs::UnfinishedRuns;
use crate::ui::state::State;

#[component]
pub(crate) fn RunPage() -> impl IntoView {
    let state = State::get();
    let is_planning = RwSignal::new(false);
    let error = RwSignal::new(None::<String>);
    let to_resume = Memo::new(move |_| {
        state.route.with(|route| match route {
            Route::Run(run_id) => run_id.clone(),
            _ => None,
        })
    });
    Effect::new(move |_| {
        if let Some(run_id) =
            to_resume.get().filter(|id| state.run_id.get_untracked().as_ref() != Some(id))
        {
            resume(state, run_id, error);
        }
    });
    view! {
        {move || error.get().map(|error| view! { <p class="notice notice--bad" role="alert">{error}</p> })}
        {move || match state.driver.get().filter(|_| !is_planning.get()) {
            Some(driver) => view! {
                <Running driver=driver/>
                <p class="no-print">
                    <button class="button button--quiet" on:click=move |_| is_planning.set(true)>"Plan another run"</button>
                </p>
            }.into_any(),
            None => view! { <UnfinishedRuns/><Planning on_begun=Callback::new(move |()| is_planning.set(false))/> }.into_any(),
        }}
    }
}

/// Opens a run that is kept in this browser in this tab. It goes on when the person says so.
fn resume(state: State, run_id: String, error: RwSignal<Option<String>>) {
    error.set(state.under_way());
    if error.with_untracked(Option::is_some) {
        return;
    }
    spawn_local(async move {
        match Driver::resume(&run_id, Settings::default(), state.on_run_change()).await {
            Ok(driver) => state.set_driver(driver),
            Err(refused) => error.set(Some(refused.to_string())),
        }
    });
}
