//! Owns batches by file: saving what is to be handed in from a terminal, and opening what came of it.

use leptos::prelude::*;

use crate::browser::driver::{Brought, Driver};
use crate::browser::files::{self, GivenFile};
use crate::provider::batch::Standing;
use crate::ui::components::file_drop::FileReader;
use crate::ui::words;

#[component]
pub(super) fn BatchFiles(
    driver: StoredValue<Driver, LocalStorage>,
    model_idx: usize,
    standing: Standing,
) -> impl IntoView {
    let steps = RwSignal::new(Vec::<String>::new());
    let told = RwSignal::new(Vec::<Result<String, String>>::new());
    let save = move |_| {
        let saved = driver
            .with_value(|driver| driver.batch_file(model_idx))
            .map_err(|error| error.to_string())
            .and_then(|file| {
                files::save(&file.name, "application/jsonl", &file.text)
                    .map_err(|error| error.to_string())?;
                steps.set(file.steps);
                Ok(())
            });
        told.set(saved.err().map(Err).into_iter().collect());
    };
    let open = Callback::new(move |given: Vec<GivenFile>| {
        told.set(
            given.iter().map(|file| driver.with_value(|driver| bring(driver, file))).collect(),
        );
    });
    let is_by_file = matches!(standing, Standing::ByFile(..));
    view! {
        <details open=is_by_file>
            <summary>"Hand in by file"</summary>
            <p>{standing.note()}</p>
            {standing.service().map(|_| view! {
                <button class="button" on:click=save>"Save the batch file"</button>
                <p class="quiet">"It holds every question of this model that has no answer yet, and no key."</p>
                <Steps steps=steps/>
                <FileReader label="Open its results" hint="The file of results, as the provider gave it." on_files=open/>
            })}
            <div role="status">
                {move || told.get().into_iter().map(|told| match told {
                    Ok(told) => view! { <p class="notice notice--good">{told}</p> },
                    Err(error) => view! { <p class="notice notice--bad">{error}</p> },
                }.into_any()).collect_view()}
            </div>
        </details>
    }
}

/// What to type into a terminal.
#[component]
fn Steps(steps: RwSignal<Vec<String>>) -> impl IntoView {
    move || {
        let steps = steps.get();
        (!steps.is_empty()).then(|| {
            view! {
                <p>"Saved. Hand it in from a terminal:"</p>
                <ol>
                    {steps.into_iter().map(|step| match step.strip_prefix("$ ") {
                        Some(command) => view! { <li><code class="command">{command.to_owned()}</code></li> }.into_any(),
                        None => view! { <li>{step}</li> }.into_any(),
                    }).collect_view()}
                </ol>
            }
        })
    }
}

/// Takes in one file of results, and says what it brought.
fn bring(driver: &Driver, file: &GivenFile) -> Result<String, String> {
    let text = String::from_utf8_lossy(&file.bytes);
    let Brought { n_answers, n_failed, refused } =
        driver.bring_batch_results(&text).map_err(|error| format!("{}: {error}", file.name))?;
    let mut told =
        vec![format!("{}: {} taken.", file.name, words::counted(n_answers, "answer", "answers"))];
    if 0 < n_failed {
        let failed = words::counted(n_failed, "question has", "questions have");
        told.push(format!("{failed} an error of the provider instead, and can be asked again."));
    }
    if let Some(first) = refused.first() {
        let lines = words::counted(refused.len(), "line was", "lines were");
        told.push(format!("{lines} not taken; line {}: {}.", first.number, first.reason));
    }
    Ok(told.join(" "))
}
