//! Owns a review that is made: its files to hand out, its key, and what was taken out of its answers.

use leptos::prelude::*;

use crate::browser::files;
use crate::people::review::Mode;
use crate::people::review::file::{KeyFile, to_text};
use crate::people::review::strip::What;
use crate::ui::components::review::file_stem;
use crate::ui::pages::review::DeskSignal;
use crate::ui::words;

#[component]
pub(super) fn Made(desk: DeskSignal) -> impl IntoView {
    let error = RwSignal::new(None::<String>);
    let is_asked = RwSignal::new(false);
    let Some(key) = desk.desk.with_untracked(|desk| desk.as_ref().map(|desk| desk.key.clone()))
    else {
        return ().into_any();
    };
    let facts = facts(&key);
    let title = key.title.clone();
    let reviewers: Vec<(String, usize)> =
        key.reviewers.iter().map(|of| (of.name.clone(), of.tasks.len())).collect();
    let key = StoredValue::new(key);
    let save = move |name: &str, text: &str| {
        error.set(
            files::save(name, "application/json", text).err().map(|refused| refused.to_string()),
        );
    };
    let save_for = move |idx: usize| {
        key.with_value(|key| {
            if let Some(file) = key.file_for(idx) {
                let name =
                    format!("review-{}-{}.json", file_stem(&key.title), file_stem(&file.reviewer));
                save(&name, &to_text(&file));
            }
        });
    };
    let save_key = move |_| {
        desk.desk.with_untracked(|desk| {
            if let Some(desk) = desk {
                save(&format!("key-{}.json", file_stem(&desk.key.title)), &to_text(&desk.key));
            }
        });
    };
    let removed = key.with_value(removed);
    view! {
        <section aria-labelledby="made-heading">
            <h2 id="made-heading" tabindex="-1">{title}</h2>
            <p>{facts}</p>
            <h3>"Files for the reviewers"</h3>
            <p>"Give each reviewer their own file. It holds questions, answers and the scale, and nothing about models. Reviewers open it under “Rate answers”; or put it beside this page on its host and send a link such as "<code>"#/review?file=name-of-the-file.json"</code>"."</p>
            <ul class="plain-list">
                {reviewers.into_iter().enumerate().map(|(idx, (name, n))| view! {
                    <li class="row">
                        <span>{format!("{name}: {}", words::counted(n, "task", "tasks"))}</span>
                        <button class="button" on:click=move |_| save_for(idx)>{format!("Save the file of {name}")}</button>
                    </li>
                }).collect_view()}
            </ul>
            <h3>"The key"</h3>
            <p>"Keep it to yourself and keep it safe: without it nobody can tell whose answers were rated. It is also kept in this browser."</p>
            <p><button class="button button--main" on:click=save_key>"Save the key"</button></p>
            {removed}
            {move || error.get().map(|error| view! { <p class="notice notice--bad" role="alert">{error}</p> })}
            <p><a class="button" href="#/review/merge">"Put ratings together"</a></p>
            {move || if is_asked.get() {
                view! {
                    <div class="row">
                        <span>"Take this review and the ratings that came in out of this browser? Files that you saved stay."</span>
                        <button class="button" on:click=move |_| desk.put(None)>"Yes, start another"</button>
                        <button class="button button--quiet" on:click=move |_| is_asked.set(false)>"Keep it"</button>
                    </div>
                }.into_any()
            } else {
                view! { <button class="button button--quiet" on:click=move |_| is_asked.set(true)>"Make another review …"</button> }.into_any()
            }}
        </section>
    }
    .into_any()
}

fn facts(key: &KeyFile) -> String {
    let shown = match key.mode {
        Mode::Single => "one at a time",
        Mode::Pairs => "in pairs",
    };
    format!(
        "{} to {}, rated {shown}, by {} of {}.",
        words::counted(key.answers.len(), "answer", "answers"),
        words::counted(key.questions.len(), "question", "questions"),
        key.n_per_answer,
        words::counted(key.reviewers.len(), "reviewer", "reviewers")
    )
}

/// What was taken out of answers, by code: the organiser may look, the reviewers may not.
fn removed(key: &KeyFile) -> Option<AnyView> {
    let changed: Vec<(String, String)> = key
        .answers
        .iter()
        .filter(|answer| !answer.removed.is_empty())
        .map(|answer| {
            let what = answer.removed.iter().map(|removed| match removed.what {
                What::Markdown => "the look of Markdown".to_owned(),
                What::Name | What::Phrase => format!("“{}”", removed.text),
            });
            (answer.code.clone(), what.collect::<Vec<_>>().join(", "))
        })
        .collect();
    (!changed.is_empty()).then(|| {
        view! {
            <details>
                <summary>{format!("Taken out of {}", words::counted(changed.len(), "answer", "answers"))}</summary>
                <ul>{changed.into_iter().map(|(code, what)| view! { <li><code>{code}</code>": "{what}</li> }).collect_view()}</ul>
            </details>
        }
        .into_any()
    })
}
