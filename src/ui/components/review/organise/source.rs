//! Owns the choice of the answers that are rated: of open results, kept runs, run files, or pasted ones.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser::files::GivenFile;
use crate::browser::store::{RunSummary, Store};
use crate::people::review::{OpenAnswer, answers};
use crate::report::{self, Opened};
use crate::run::Journal;
use crate::ui::components::file_drop::FileReader;
use crate::ui::components::saved_runs::load_runs;
use crate::ui::state::State;
use crate::ui::words;

/// Answers that were chosen.
#[derive(Debug, Clone, Default)]
pub(super) struct Chosen {
    pub(super) answers: Vec<OpenAnswer>,
    pub(super) model_ids: Vec<String>,
    /// What has to be said about them.
    notices: Vec<String>,
}

impl Chosen {
    /// Adds what runs have. An answer of a model to a question that is there already stays as it is.
    fn add_journals(&mut self, journals: &[&Journal]) {
        let gathered = answers::of_journals(journals);
        if gathered.answers.is_empty() {
            self.notices.push("There is no answer in free text in it. Only questions without options are rated by people.".to_owned());
        }
        if 0 < gathered.n_without {
            self.notices.push(format!(
                "{} without a whole answer (failed, cut off, or not asked); they are left out.",
                words::counted(gathered.n_without, "question is", "questions are")
            ));
        }
        if gathered.do_not_show {
            self.notices.push("The authors of these questions ask not to show them in plain text where a search engine could find them. Hand the review files out in private.".to_owned());
        }
        self.model_ids.extend(gathered.model_ids);
        self.add(gathered.answers);
    }

    fn add(&mut self, answers: Vec<OpenAnswer>) {
        for answer in answers {
            let is_there = self.answers.iter().any(|other| {
                other.question_id == answer.question_id && other.model == answer.model
            });
            if !is_there {
                self.answers.push(answer);
            }
        }
    }

    fn n_of(&self, of: impl Fn(&OpenAnswer) -> &str) -> usize {
        self.answers.iter().map(of).collect::<std::collections::BTreeSet<_>>().len()
    }

    fn summary(&self) -> String {
        let n_refused = self.answers.iter().filter(|answer| answer.is_refusal).count();
        let refused = if n_refused == 0 {
            String::new()
        } else {
            format!(
                " {} the question; such answers are counted and not rated.",
                words::counted(n_refused, "of them declines", "of them decline")
            )
        };
        format!(
            "{} of {} to {}.{refused}",
            words::counted(self.answers.len(), "answer", "answers"),
            words::counted(self.n_of(|answer| &answer.model), "model", "models"),
            words::counted(self.n_of(|answer| &answer.question_id), "question", "questions")
        )
    }
}

#[component]
pub(super) fn Source(chosen: RwSignal<Chosen>) -> impl IntoView {
    let state = State::get();
    let runs = load_runs();
    let error = RwSignal::new(None::<String>);
    let pasted = RwSignal::new(String::new());
    let opened = state.opened.get_untracked();
    let n_opened = opened.len();
    let add_opened = move |_| {
        let opened = state.opened.get_untracked();
        let journals: Vec<&Journal> = opened.iter().map(AsRef::as_ref).collect();
        chosen.update(|chosen| chosen.add_journals(&journals));
    };
    let add_run = move |run_id: String| {
        spawn_local(async move {
            let found = match Store::open().await {
                Ok(store) => store.journal(&run_id).await,
                Err(refused) => Err(refused),
            };
            match found {
                Ok(Some(journal)) => chosen.update(|chosen| chosen.add_journals(&[&journal])),
                Ok(None) => error.set(Some("This run is no longer here.".to_owned())),
                Err(refused) => error.set(Some(refused.to_string())),
            }
        });
    };
    let add_files = Callback::new(move |files: Vec<GivenFile>| {
        error.set(None);
        for file in files {
            match report::open(&file.name, &file.bytes) {
                Ok(Opened::Run { journal, .. }) => {
                    chosen.update(|chosen| chosen.add_journals(&[&journal]));
                }
                Ok(Opened::Answers(answers)) => {
                    chosen.update(|chosen| chosen.add_journals(&[&answers.journal]));
                }
                Err(refused) => error.set(Some(refused.to_string())),
            }
        }
    });
    let take_pasted = move |_| match answers::pasted(&pasted.get_untracked()) {
        Ok(answers) => {
            error.set(None);
            chosen.update(|chosen| chosen.add(answers));
            pasted.set(String::new());
        }
        Err(refused) => error.set(Some(format!("What you pasted cannot be used: {refused}."))),
    };
    view! {
        <h2>"Which answers"</h2>
        <p role="status" id="chosen-answers">
            {move || chosen.with(|chosen| if chosen.answers.is_empty() {
                "None yet. Take them from a run, from a file, or paste them.".to_owned()
            } else {
                chosen.summary()
            })}
        </p>
        {move || chosen.with(|chosen| chosen.notices.clone()).into_iter().map(|notice| view! { <p class="notice notice--warn">{notice}</p> }).collect_view()}
        {move || error.get().map(|error| view! { <p class="notice notice--bad" role="alert">{error}</p> })}
        {(0 < n_opened).then(|| view! {
            <p><button class="button" on:click=add_opened>{format!("Take the answers of the results that are open ({})", words::counted(n_opened, "run", "runs"))}</button></p>
        })}
        <KeptRuns runs=runs on_add=Callback::new(add_run)/>
        <FileReader label="Open run files" hint="Or drop them here: runs saved with Viva." on_files=add_files/>
        <details>
            <summary>"Paste answers"</summary>
            <div class="field">
                <label class="field__label" for="pasted-answers">"A table with the columns question, model and answer"</label>
                <textarea id="pasted-answers" rows="6" aria-describedby="pasted-hint"
                    prop:value=move || pasted.get()
                    on:input=move |event| pasted.set(event_target_value(&event))></textarea>
                <span class="field__hint" id="pasted-hint">"Copied from a spreadsheet, or CSV. The first line names the columns."</span>
            </div>
            <button class="button" on:click=take_pasted>"Take these answers"</button>
        </details>
        <Show when=move || chosen.with(|chosen| !chosen.answers.is_empty())>
            <p><button class="button button--quiet" on:click=move |_| chosen.set(Chosen::default())>"Start the choice over"</button></p>
        </Show>
    }
}

#[component]
fn KeptRuns(runs: RwSignal<Vec<RunSummary>>, on_add: Callback<String>) -> impl IntoView {
    const N_SHOWN: usize = 10;
    let real = move || {
        let all = runs.get().into_iter().filter(|run| !run.is_try);
        all.take(N_SHOWN).collect::<Vec<_>>()
    };
    view! {
        <Show when=move || !real().is_empty()>
            <details>
                <summary>"Runs kept in this browser"</summary>
                <ul class="plain-list">
                    {move || real().into_iter().map(|run| {
                        let facts = format!("{} · {}", words::counted(run.n_items, "question", "questions"), run.models.join(", "));
                        let name = format!("Take the answers of {}", run.title);
                        let run_id = run.run_id.clone();
                        view! {
                            <li>
                                <strong>{run.title.clone()}</strong>
                                <p class="quiet">{facts}</p>
                                <button class="button" aria-label=name on:click=move |_| on_add.run(run_id.clone())>"Take its answers"</button>
                            </li>
                        }
                    }).collect_view()}
                </ul>
            </details>
        </Show>
    }
}
