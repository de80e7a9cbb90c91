//! Owns the line about remembered choices of columns, and the way to forget them.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser::columns;
use crate::ui::pages::ledger::Clear;
use crate::ui::words;

#[component]
pub(crate) fn KeptColumns() -> impl IntoView {
    let n_kept = RwSignal::new(0_usize);
    let error = RwSignal::new(None::<String>);
    let look = move || {
        spawn_local(async move {
            match columns::memory().await {
                Ok(memory) => _ = n_kept.try_set(memory.n_kept()),
                Err(refused) => _ = error.try_set(Some(refused.to_string())),
            }
        });
    };
    look();
    let forget = Callback::new(move |()| {
        spawn_local(async move {
            error.try_set(columns::forget_all().await.err().map(|refused| refused.to_string()));
            look();
        });
    });
    view! {
        <li id="kept-columns">
            {move || match n_kept.get() {
                0 => "Which column of a file is what, once you have chosen it. Nothing is kept now.".to_owned(),
                n => format!("Which column is what, for {}. No name and no content of a file is kept.", words::counted(n, "kind of file", "kinds of files")),
            }}
            " "
            <Show when=move || 0 < n_kept.get()>
                <Clear label="Forget choices of columns …" question="Forget what you chose for all of them?" on_yes=forget/>
            </Show>
            {move || error.get().map(|error| view! { <span role="alert">{error}</span> })}
        </li>
    }
}
