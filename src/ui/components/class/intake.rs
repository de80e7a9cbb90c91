//! Owns taking in what students hand in: by paste, by files, by camera.

use leptos::prelude::*;

use crate::browser::clock;
use crate::browser::files::GivenFile;
use crate::people::class::{Hall, Paper, Refused};
use crate::ui::components::file_drop::FileReader;
use crate::ui::components::qr_view::Scanner;
use crate::ui::words;

/// Larger files hold no codes.
const MAX_FILE: usize = 4 << 20;

#[component]
pub(crate) fn Intake(
    paper: std::sync::Arc<Paper>,
    hall: RwSignal<Hall>,
    /// Called after changes, to keep them.
    on_change: Callback<()>,
) -> impl IntoView {
    let typed = RwSignal::new(String::new());
    let refused = RwSignal::new(Vec::<Refused>::new());
    let told = RwSignal::new(String::new());
    let paper = StoredValue::new(paper);
    let take = move |texts: &[(String, String)]| {
        let n_before = hall.with_untracked(|hall| hall.taken.len());
        let mut all = vec![];
        hall.update(|hall| {
            for (source, text) in texts {
                all.extend(
                    paper.with_value(|paper| hall.take(paper, source, text, clock::now_millis())),
                );
            }
        });
        let n = hall.with_untracked(|hall| hall.taken.len()) - n_before;
        told.set(format!(
            "{} taken in, {} refused.",
            words::counted(n, "code", "codes"),
            all.len()
        ));
        refused.set(all);
        on_change.run(());
    };
    let paste = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let text = typed.get_untracked();
        if text.trim().is_empty() {
            told.set("Nothing was pasted.".to_owned());
            return;
        }
        take(&[(String::new(), text)]);
        typed.set(String::new());
    };
    let open_files = Callback::new(move |files: Vec<GivenFile>| {
        let texts: Vec<(String, String)> = files
            .into_iter()
            .map(|file| {
                let text = if file.bytes.len() <= MAX_FILE {
                    String::from_utf8_lossy(&file.bytes).into_owned()
                } else {
                    "(too large to hold codes)".to_owned()
                };
                (file.name, text)
            })
            .collect();
        take(&texts);
    });
    let scanned = Callback::new(move |text: String| take(&[("camera".to_owned(), text)]));
    view! {
        <section aria-labelledby="intake-heading">
            <h2 id="intake-heading">"Take in the codes"</h2>
            <form on:submit=paste>
                <div class="field">
                    <label class="field__label" for="codes">"Codes, one on each line"</label>
                    <textarea id="codes" spellcheck="false" aria-describedby="codes-hint" prop:value=move || typed.get()
                        on:input=move |event| typed.set(event_target_value(&event))></textarea>
                    <span class="field__hint" id="codes-hint">"Many at once are fine, with names or quotation marks around them too."</span>
                </div>
                <button class="button button--main" type="submit">"Take them in"</button>
            </form>
            <FileReader label="Open files of codes" hint="Or drop them here, all at once." on_files=open_files/>
            <Scanner label="Scan by camera" on_text=scanned/>
            <p role="status" id="intake-told">{told}</p>
            {move || {
                let refused = refused.get();
                (!refused.is_empty()).then(|| view! {
                    <div class="notice notice--bad" role="alert">
                        <p>"These were not taken in:"</p>
                        <ul id="refused">
                            {refused.into_iter().map(|refused| view! { <li>{format!("{}: {}.", refused.place, refused.reason)}</li> }).collect_view()}
                        </ul>
                    </div>
                })
            }}
            <HandedIn hall=hall on_change=on_change/>
        </section>
    }
}

#[component]
fn HandedIn(hall: RwSignal<Hall>, on_change: Callback<()>) -> impl IntoView {
    view! {
        <details>
            <summary>{move || format!("{} handed in", words::counted(hall.with(|hall| hall.taken.len()), "student", "students"))}</summary>
            {move || {
                let shared = hall.with(Hall::shared_names);
                (!shared.is_empty()).then(|| view! {
                    <p class="notice notice--warn">{format!("More than one code came under the name {}. They are of different devices: perhaps two students, perhaps one twice.", shared.join(", "))}</p>
                })
            }}
            <ul class="plain-list">
                <For each=move || hall.get().taken key=|taken| taken.code.clone() let:taken>
                    {
                        let n = taken.hand_in.answers.iter().flatten().count();
                        let name = taken.name.clone();
                        let label = format!("Remove {name}");
                        view! {
                            <li>
                                {format!("{}: {} · {} ", taken.name, words::counted(n, "answer", "answers"), clock::local_date_time(taken.at_millis))}
                                <button class="button button--quiet" aria-label=label on:click=move |_| {
                                    hall.update(|hall| hall.remove(&name));
                                    on_change.run(());
                                }>"Remove"</button>
                            </li>
                        }
                    }
                </For>
            </ul>
        </details>
    }
}
