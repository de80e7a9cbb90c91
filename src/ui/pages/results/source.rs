//! Owns where shown results come from: a run of this tab or one that is kept, files, a file beside the page, or the address.

use std::sync::Arc;

use futures_util::future::{AbortHandle, abortable};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::Shown;
use crate::browser::files::GivenFile;
use crate::browser::store::Store;
use crate::browser::{clock, http, page};
use crate::provider::Class;
use crate::report::link::{ResultsView, Route};
use crate::report::open::open_in_steps;
use crate::report::share::open_shared;
use crate::report::{self, Opened, hosted, wording};
use crate::run::Journal;
use crate::ui::components::claim::{Claimed, texts_of};
use crate::ui::state::State;
use crate::ui::words;

/// What a page about results works with.
#[derive(Clone, Copy)]
pub(crate) struct Source {
    pub(super) journals: RwSignal<Vec<Arc<Journal>>>,
    /// The run among the journals that this browser keeps.
    pub(super) kept: RwSignal<Option<String>>,
    /// A result that came in the address, in place of journals.
    claim: RwSignal<Option<Arc<Claimed>>>,
    /// Warnings and notices about what was opened.
    pub(crate) notices: RwSignal<Vec<String>>,
    pub(crate) error: RwSignal<Option<String>>,
    /// Which file of how many is being opened.
    pub(crate) opening: RwSignal<Option<(usize, usize)>>,
    work: StoredValue<Option<AbortHandle>>,
}

impl Source {
    /// Brings the results that the address names, now and whenever it names others.
    pub(crate) fn follow(state: State) -> Self {
        let source = Self {
            journals: RwSignal::new(vec![]),
            kept: RwSignal::new(None),
            claim: RwSignal::new(None),
            notices: RwSignal::new(vec![]),
            error: RwSignal::new(None),
            opening: RwSignal::new(None),
            work: StoredValue::new(None),
        };
        let named = Memo::new(move |_| {
            state.route.with(|route| {
                let view = route.results_view()?;
                Some((view.run_id.clone(), view.shared.clone(), view.hosted.clone()))
            })
        });
        Effect::new(move |_| {
            let (run_id, shared, hosted) = named.get().unwrap_or_default();
            source.claim.set(None);
            source.kept.set(None);
            match (shared, hosted) {
                (Some(text), _) => open_claim(state, source, &text),
                (None, Some(path)) => open_hosted(source, path),
                (None, None) => load(state, source, run_id),
            }
        });
        source
    }

    /// What is shown of them, with the classes that the person chose.
    pub(crate) fn shown(self, classes: RwSignal<Vec<(String, Class)>>) -> Memo<Option<Shown>> {
        Memo::new_with_compare(
            move |_| {
                if let Some(claimed) = self.claim.get() {
                    return Some(Shown::of_claim(&claimed, &classes.get()));
                }
                let journals = self.journals.get();
                (!journals.is_empty()).then(|| Shown::of(journals, &classes.get()))
            },
            |_, _| true,
        )
    }
}

/// Opens a result that travels in the address, then looks for the texts of its questions, and again when sets are opened.
fn open_claim(state: State, source: Source, text: &str) {
    source.error.set(None);
    source.notices.set(vec![]);
    source.journals.set(vec![]);
    let mut shared = match open_shared(text) {
        Ok(shared) => shared,
        Err(error) => {
            source.error.set(Some(format!("This result cannot be opened: {error}.")));
            return;
        }
    };
    let journal = Arc::new(shared.with_texts(&vec![]));
    source.claim.set(Some(Arc::new(Claimed { shared: shared.clone(), journal })));
    spawn_local(async move {
        let (texts, is_hidden) = texts_of(state, &shared.head.datasets).await;
        let mut journal = shared.with_texts(&texts);
        if journal.plan.items.is_empty() {
            return;
        }
        for set in &mut journal.plan.datasets {
            set.do_not_show = is_hidden;
        }
        let is_same = source.claim.try_get_untracked().flatten();
        if is_same.is_some_and(|claimed| claimed.shared.head == shared.head) {
            source.claim.set(Some(Arc::new(Claimed { shared, journal: Arc::new(journal) })));
        }
    });
}

/// Opens a result file that lies beside the page.
fn open_hosted(source: Source, value: String) {
    source.error.set(None);
    source.notices.set(vec![]);
    source.journals.set(vec![]);
    let path = match hosted::path(&value) {
        Ok(path) => path.to_owned(),
        Err(refused) => {
            source.error.set(Some(format!("This link was not followed: {refused}.")));
            return;
        }
    };
    spawn_local(async move {
        let read = match http::own_file(&path).await {
            Ok(bytes) => open_all(source, vec![GivenFile { name: path, bytes }]).await,
            Err(error) => Read { errors: vec![error.to_string()], ..Read::default() },
        };
        source.tell(read);
    });
}

/// Brings the journals that the address names: the run of this tab, a run kept in the browser, or what was opened.
fn load(state: State, source: Source, run_id: Option<String>) {
    source.error.set(None);
    source.notices.set(vec![]);
    source.kept.set(run_id.clone());
    let Some(run_id) = run_id else {
        source.journals.set(state.opened.get_untracked());
        return;
    };
    let live = state.driver.with_untracked(|driver| {
        let driver = driver.as_ref()?;
        driver.with(|run| {
            (run.journal().plan.run_id == run_id)
                .then(|| (run.journal().clone(), run.is_complete()))
        })
    });
    if let Some((journal, is_complete)) = live {
        if !is_complete {
            source.notices.set(vec![
                "This run is not finished: the figures are those of the answers so far.".to_owned(),
            ]);
        }
        source.journals.set(vec![Arc::new(journal)]);
        return;
    }
    spawn_local(async move {
        let found = match Store::open().await {
            Ok(store) => store.journal(&run_id).await,
            Err(error) => Err(error),
        };
        match found {
            Ok(Some(journal)) => source.journals.set(vec![Arc::new(journal)]),
            Ok(None) => source.error.set(Some(
                "This browser does not hold that run. Results stay in the browser in which they were made: ask for the file.".to_owned(),
            )),
            Err(error) => source.error.set(Some(error.to_string())),
        }
    });
}

/// What came of files.
#[derive(Default)]
struct Read {
    opened: Vec<Arc<Journal>>,
    notices: Vec<String>,
    errors: Vec<String>,
}

async fn open_all(source: Source, files: Vec<GivenFile>) -> Read {
    let mut read = Read::default();
    let turns = clock::Turns::default();
    let n_files = files.len();
    for (n, file) in (1..).zip(files) {
        let _ = source.opening.try_set(Some((n, n_files)));
        turns.rest().await;
        let name = wording::name(&file.name);
        let opened = open_in_steps(&name, &file.bytes, &async || turns.rest().await).await;
        match opened {
            Ok(Opened::Run { journal, broken }) => {
                let n = words::counted(journal.entries.len(), "entry", "entries");
                read.notices.push(match broken {
                    Some(broken) => format!("{name}: {broken}. Do not trust it."),
                    None => format!("{name}: checked. Its {n} and its plan are as they were saved: their chain of SHA-256 hashes is whole. That shows damage and careless changes; it is no signature."),
                });
                read.opened.push(Arc::new(journal));
            }
            Ok(Opened::Answers(answers)) => {
                read.notices.extend(answers.notices.iter().map(|notice| match notice.line {
                    Some(line) => format!("{name}, line {line}: {}", notice.text),
                    None => format!("{name}: {}", notice.text),
                }));
                read.opened.push(Arc::new(answers.journal));
            }
            Err(report::open::Error::NotResults { file_name }) => read.errors.push(format!(
                "{file_name} holds no results. If it holds questions, open it on the Questions page."
            )),
            Err(error) => read.errors.push(error.to_string()),
        }
    }
    let _ = source.opening.try_set(None);
    read
}

impl Source {
    /// Stops the opening of files, so that none of them is shown.
    pub(crate) fn stop(self) {
        if let Some(work) = self.work.try_update_value(Option::take).flatten() {
            work.abort();
        }
        self.opening.set(None);
    }

    /// Adds what was opened to what is shown, and says what is to be said of it.
    fn tell(self, read: Read) {
        let Read { opened, mut notices, errors } = read;
        if !opened.is_empty() {
            let mut all: Vec<Arc<Journal>> = self.journals.get_untracked();
            for journal in opened {
                if self.kept.get_untracked().as_ref() == Some(&journal.plan.run_id) {
                    self.kept.set(None);
                }
                all.retain(|other| other.plan.run_id != journal.plan.run_id);
                all.push(journal);
            }
            self.claim.set(None);
            self.journals.set(all);
        }
        let n_more = notices.len().saturating_sub(20);
        notices.truncate(20);
        if 0 < n_more {
            notices.push(format!("… and {n_more} more notices."));
        }
        self.notices.set(notices);
        self.error.set((!errors.is_empty()).then(|| errors.join(" ")));
    }
}

impl Source {
    /// Opens files as results; they join those that are shown.
    pub(crate) fn add(self, state: State, files: Vec<GivenFile>) {
        self.stop();
        let (work, handle) = abortable(async move {
            let read = open_all(self, files).await;
            // The page may have been left meanwhile.
            if self.work.try_with_value(|_| ()).is_some() {
                self.take(state, read);
            }
        });
        self.work.set_value(Some(handle));
        spawn_local(async move {
            let _ = work.await;
        });
    }

    fn take(self, state: State, read: Read) {
        let source = self;
        let has_opened = !read.opened.is_empty();
        source.tell(read);
        if has_opened {
            state.opened.set(source.journals.get_untracked());
            // The address must not go on naming what is no longer shown alone.
            let is_elsewhere = state.route.with_untracked(|route| {
                route
                    .results_view()
                    .is_some_and(|view| view.shared.is_some() || view.hosted.is_some())
            });
            if is_elsewhere {
                page::go_to(&Route::Results(ResultsView::default()).fragment());
            }
        }
    }
}
