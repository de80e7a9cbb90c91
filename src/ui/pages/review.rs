//! Owns the page of blinded reviews: its three faces, and what they share.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser::reviews::{self, Desk};
use crate::report::link::{ReviewFace, ReviewView, Route};
use crate::ui::components::review::merging::Merging;
use crate::ui::components::review::organise::Organise;
use crate::ui::components::review::rating::Rating;
use crate::ui::state::State;

/// The organiser's desk, as the page works with it.
#[derive(Clone, Copy)]
pub(crate) struct DeskSignal {
    /// What is kept.
    pub(crate) desk: RwSignal<Option<Desk>>,
    /// Whether it was looked for.
    pub(crate) is_loaded: RwSignal<bool>,
    /// Why it could not be kept.
    pub(crate) error: RwSignal<Option<String>>,
}

impl DeskSignal {
    fn new() -> Self {
        let signal = Self {
            desk: RwSignal::new(None),
            is_loaded: RwSignal::new(false),
            error: RwSignal::new(None),
        };
        spawn_local(async move {
            let kept = reviews::desk().await;
            // The person may have left meanwhile.
            if signal.is_loaded.try_set(true).is_some() {
                return;
            }
            match kept {
                Ok(kept) => signal.desk.set(kept),
                Err(error) => signal.error.set(Some(error.to_string())),
            }
        });
        signal
    }

    /// Puts a desk in place of what was there, and keeps it.
    pub(crate) fn put(self, desk: Option<Desk>) {
        self.desk.set(desk.clone());
        spawn_local(async move {
            let error = reviews::keep_desk(desk.as_ref()).await.err();
            let text = error.map(|error| format!("This browser did not keep it: {error}. Save the key and the files you have before you close the page."));
            self.error.try_set(text);
        });
    }

    /// Changes the desk, and keeps it.
    pub(crate) fn change(self, change: impl FnOnce(&mut Desk)) {
        let Some(mut desk) = self.desk.get_untracked() else { return };
        change(&mut desk);
        self.put(Some(desk));
    }
}

#[component]
pub(crate) fn ReviewPage() -> impl IntoView {
    let route = State::get().route;
    let here = Memo::new(move |_| {
        route.with(|route| match route {
            Route::Review(view) => view.clone(),
            _ => ReviewView::default(),
        })
    });
    let face = Memo::new(move |_| here.get().face);
    let desk = DeskSignal::new();
    let link = move |to: ReviewFace, name: &'static str| {
        let href =
            format!("#{}", Route::Review(ReviewView { face: to, file: String::new() }).fragment());
        let is_here = move || (face.get() == to).then_some("page");
        view! { <a class="button" href=href aria-current=is_here>{name}</a> }
    };
    view! {
        <nav class="row no-print" aria-label="Parts of a review">
            {link(ReviewFace::Organise, "Make a review")}
            {link(ReviewFace::Rate, "Rate answers")}
            {link(ReviewFace::Merge, "Put ratings together")}
        </nav>
        {move || desk.error.get().map(|error| view! { <p class="notice notice--bad" role="alert">{error}</p> })}
        {move || match face.get() {
            ReviewFace::Start => view! { <Introduction/> }.into_any(),
            ReviewFace::Organise => view! { <Organise desk=desk/> }.into_any(),
            ReviewFace::Rate => {
                let beside = here.with_untracked(|here| here.file_beside().map(str::to_owned));
                let is_elsewhere = here.with_untracked(|here| !here.file.is_empty() && here.file_beside().is_none());
                view! { <Rating beside=beside is_elsewhere=is_elsewhere/> }.into_any()
            }
            ReviewFace::Merge => view! { <Merging desk=desk/> }.into_any(),
        }}
    }
}

#[component]
fn Introduction() -> impl IntoView {
    view! {
        <p class="lead">
            "People rate answers in free text without knowing which model wrote them. That is the third stage of the study of 2026, for answers and reviewers of your own."
        </p>
        <ol>
            <li>"Whoever organises chooses answers, the scale and the reviewers, and gets one file for each reviewer and a key. Only the key tells whose answers they are."</li>
            <li>"Each reviewer opens their file in this page, rates by keyboard or touch, with a network or without, and hands a file of ratings back."</li>
            <li>"The organiser puts the ratings together. Names of models are shown only after unblinding, which is recorded."</li>
        </ol>
        <p>"Files go from hand to hand, by mail or otherwise. Nothing is sent from this page."</p>
    }
}
