//! Owns the reviewer's face: opening a review file, going on with one, and handing the ratings back.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::sheet::SheetView;
use crate::browser::files::{self, GivenFile};
use crate::browser::reviews::{self, Sheet};
use crate::browser::{clock, http};
use crate::people::review::file::to_text;
use crate::people::review::{RatingsFile, ReviewFile, file};
use crate::ui::components::file_drop::FileReader;
use crate::ui::components::review::file_stem;
use crate::ui::words;

/// The sheet that is being rated, as its views work with it.
#[derive(Clone, Copy)]
pub(super) struct SheetSignal {
    pub(super) sheet: RwSignal<Option<Sheet>>,
    pub(super) error: RwSignal<Option<String>>,
    /// Writes that are under way.
    n_saving: RwSignal<usize>,
}

impl SheetSignal {
    fn new() -> Self {
        Self { sheet: RwSignal::new(None), error: RwSignal::new(None), n_saving: RwSignal::new(0) }
    }

    /// Opens a review file: with the ratings of earlier, where this browser has some.
    async fn open(self, text: String) {
        let file = match ReviewFile::open(&text) {
            Ok(file) => file,
            Err(error) => return self.fail(error.to_string()),
        };
        let ratings = file.blank();
        let kept = reviews::sheet(&ratings.review_sha256).await;
        let sheet = kept.ok().flatten().unwrap_or(Sheet { file, ratings });
        if let Err(error) = reviews::keep_sheet(&sheet).await {
            self.fail(format!("This browser does not keep your ratings: {error}. Hand them back before you close the page."));
        }
        self.sheet.try_set(Some(sheet));
    }

    fn fail(self, reason: String) {
        self.error.try_set(Some(reason));
    }

    /// Changes the ratings, and keeps them at once.
    pub(super) fn change(self, change: impl FnOnce(&mut RatingsFile)) {
        let Some(mut sheet) = self.sheet.get_untracked() else { return };
        change(&mut sheet.ratings);
        self.sheet.set(Some(sheet.clone()));
        self.n_saving.update(|n| *n += 1);
        spawn_local(async move {
            match reviews::keep_sheet(&sheet).await {
                Ok(()) => drop(self.error.try_set(None)),
                Err(error) => self.fail(format!("This browser did not keep the last rating: {error}. Hand your ratings back now, and go on later with that file.")),
            }
            self.n_saving.try_update(|n| *n = n.saturating_sub(1));
        });
    }

    /// Tasks that are rated wholly, and all.
    pub(super) fn progress(self) -> (usize, usize) {
        self.sheet.with(|sheet| {
            let Some(Sheet { file, ratings }) = sheet else { return (0, 0) };
            let is_done = |task: &&Vec<String>| {
                ratings.of(task).is_some_and(|rating| file.is_complete(rating))
            };
            (file.tasks.iter().filter(is_done).count(), file.tasks.len())
        })
    }
}

#[component]
pub(crate) fn Rating(
    /// A file beside the page that is to be opened.
    beside: Option<String>,
    /// Whether the link named a file somewhere else.
    is_elsewhere: bool,
) -> impl IntoView {
    let signal = SheetSignal::new();
    let last = RwSignal::new(None::<Sheet>);
    if is_elsewhere {
        signal.error.set(Some("The link names a file that does not lie beside this page; it is not opened. Ask for the file itself.".to_owned()));
    }
    spawn_local(async move {
        if let Some(path) = beside {
            match http::own_file(&path).await {
                Ok(bytes) => signal.open(String::from_utf8_lossy(&bytes).into_owned()).await,
                Err(error) => signal.fail(error.to_string()),
            }
        } else if let Ok(kept) = reviews::last_sheet().await {
            last.try_set(kept);
        }
    });
    let is_open = Memo::new(move |_| signal.sheet.with(Option::is_some));
    view! {
        {move || signal.error.get().map(|error| view! { <p class="notice notice--bad" role="alert">{error}</p> })}
        {move || if is_open.get() {
            view! { <SheetView signal=signal/><HandBack signal=signal/> }.into_any()
        } else {
            view! { <Opening signal=signal last=last/> }.into_any()
        }}
    }
}

#[component]
fn Opening(signal: SheetSignal, last: RwSignal<Option<Sheet>>) -> impl IntoView {
    let on_files = Callback::new(move |files: Vec<GivenFile>| {
        signal.error.set(None);
        for given in files {
            let text = String::from_utf8_lossy(&given.bytes).into_owned();
            spawn_local(open_either(signal, last, text));
        }
    });
    view! {
        <p class="lead">"Open the file that you were given. You see answers without the name of their model, and rate them."</p>
        {move || last.get().map(|sheet| {
            let n = sheet.ratings.ratings.len();
            let text = format!("You began to rate “{}” in this browser: {} of {} so far.", sheet.file.title, n, words::counted(sheet.file.tasks.len(), "task", "tasks"));
            view! {
                <section class="notice" aria-label="Not finished">
                    <p>{text}</p>
                    <p><button class="button button--main" on:click=move |_| signal.sheet.set(last.get_untracked())>"Go on"</button></p>
                </section>
            }
        })}
        <FileReader
            label="Open a review file"
            hint="Or drop it here. It stays in this browser, works without a network, and every rating is kept at once. To go on from another browser, open the review file first and then the file of ratings that you saved."
            on_files=on_files
        />
    }
}

/// Opens a review file, or ratings that go with the one of last time.
async fn open_either(signal: SheetSignal, last: RwSignal<Option<Sheet>>, text: String) {
    let Ok(ratings) = RatingsFile::open(&text) else { return signal.open(text).await };
    let of_last = last.with_untracked(|last| {
        last.as_ref().filter(|sheet| sheet.ratings.review_sha256 == ratings.review_sha256).cloned()
    });
    match of_last {
        Some(mut sheet) => {
            for rating in ratings.ratings {
                let is_newer = sheet
                    .ratings
                    .of(&rating.answers)
                    .is_none_or(|mine| mine.at_millis < rating.at_millis);
                if is_newer && sheet.file.tasks.contains(&rating.answers) {
                    sheet.ratings.put(rating);
                }
            }
            if let Err(error) = reviews::keep_sheet(&sheet).await {
                signal.fail(error.to_string());
            }
            signal.sheet.try_set(Some(sheet));
        }
        None => signal.fail(
            "This is a file of ratings. Open the review file that it belongs to first.".to_owned(),
        ),
    }
}

#[component]
fn HandBack(signal: SheetSignal) -> impl IntoView {
    let error = RwSignal::new(None::<String>);
    let save = move |_| {
        let Some(Sheet { file, mut ratings }) = signal.sheet.get_untracked() else { return };
        ratings.saved_millis = clock::now_millis();
        let name = format!("ratings-{}-{}.json", file_stem(&file.title), file_stem(&file.reviewer));
        let saved = files::save(&name, "application/json", &to_text(&ratings));
        error.set(saved.err().map(|refused| refused.to_string()));
    };
    let told = move || {
        let (n_done, n) = signal.progress();
        if n_done == n {
            "All is rated. Save your ratings and hand the file back.".to_owned()
        } else {
            format!(
                "{n_done} of {n} rated. You can stop here and go on later in this browser, or save what you have."
            )
        }
    };
    let hash = move || {
        signal
            .sheet
            .with(|sheet| sheet.as_ref().map(|sheet| file::hash(&sheet.file)).unwrap_or_default())
    };
    view! {
        <section aria-labelledby="hand-back-heading">
            <h2 id="hand-back-heading">"Hand back"</h2>
            <p role="status" id="review-progress">{told}</p>
            <p role="status" class="quiet">{move || if signal.n_saving.get() == 0 { "Kept in this browser." } else { "Keeping …" }}</p>
            <div class="row">
                <button class="button" on:click=save>"Save my ratings"</button>
                <button class="button button--quiet" on:click=move |_| signal.sheet.set(None)>"Close this review"</button>
            </div>
            {move || error.get().map(|error| view! { <p class="notice notice--bad" role="alert">{error}</p> })}
            <details><summary>"Which file this is"</summary><p class="quiet">"SHA-256 of the review file: "<code>{hash}</code></p></details>
        </section>
    }
}
