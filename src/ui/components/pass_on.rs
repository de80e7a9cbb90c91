//! Owns what is passed on besides files for this page: the link to a result with its code for cameras, and the way to the
//! report.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser::page;
use crate::report::link::{ResultsView, Route};
use crate::report::share::share;
use crate::ui::components::qr_view::QrView;
use crate::ui::pages::results::Shown;
use crate::ui::state::State;
use crate::ui::words;

/// Programs for messages cut addresses at about this many characters.
const LONG_LINK: usize = 2_000;

#[component]
pub(crate) fn PassOn(shown: Shown) -> impl IntoView {
    let state = State::get();
    let view = state.route.with_untracked(|route| route.results_view().cloned());
    let view = view.unwrap_or_default().whole();
    let report = format!("#{}", Route::Report(view.clone()).fragment());
    let shown = StoredValue::new(shown);
    let link = RwSignal::new(None::<String>);
    let told = RwSignal::new(String::new());
    let copy = move |_| {
        let text = match link.get_untracked() {
            Some(text) => text,
            None => shown.with_value(|shown| link_to(shown, &view)),
        };
        link.set(Some(text.clone()));
        spawn_local(async move {
            let copied = page::copy(&text).await;
            let _ = told.try_set(match copied {
                Ok(()) => "The link is copied.".to_owned(),
                Err(_refused) => {
                    "The browser did not allow to copy it. Mark the link below and copy it by hand."
                        .to_owned()
                }
            });
        });
    };
    view! {
        <h3>"A link to this result"</h3>
        <p>
            "The link itself holds the result: how each answer ended, with the names of models and question sets. No text of questions or answers and no key is in it. No server sees it, and it opens on any copy of this page."
        </p>
        <div class="row">
            <button class="button" id="copy-link" on:click=copy>"Copy a link to this result"</button>
            <a class="button" id="to-report" href=report>"Make a report"</a>
        </div>
        <p role="status" class="quiet">{told}</p>
        {move || link.get().map(|link| view! { <Link link=link/> })}
    }
}

/// The address of a result, whole.
fn link_to(shown: &Shown, view: &ResultsView) -> String {
    let shared = view
        .shared
        .clone()
        .filter(|_| shown.claim.is_some())
        .unwrap_or_else(|| share(&shown.comparison.grid, &shown.refs(), &shown.title()));
    let view =
        ResultsView { shared: Some(shared), scope: view.scope.clone(), ..ResultsView::default() };
    format!("{}#{}", page::address(), Route::Results(view).fragment())
}

/// A link that was made, as text and as a code.
#[component]
fn Link(link: String) -> impl IntoView {
    let n_chars = link.len();
    let length = format!("{} characters.", words::count(n_chars));
    let warning = if LONG_LINK < n_chars {
        " Some programs cut links of more than 2,000 characters; the page says so when a link was cut. Send it as a file then, or send the run."
    } else {
        ""
    };
    view! {
        <div class="field">
            <label class="field__label" for="result-link">"The link"</label>
            <textarea id="result-link" class="result-link" readonly prop:value=link.clone()></textarea>
            <span class="field__hint">{length}{warning}</span>
        </div>
        <QrView text=link name="QR code of the link"/>
    }
}
