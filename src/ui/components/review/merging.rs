//! Owns the face on which ratings are put together: files that came in, what contradicts itself, and unblinding.

mod blinded;
mod figures;

use leptos::prelude::*;

use crate::browser::clock;
use crate::browser::files::GivenFile;
use crate::browser::reviews::Desk;
use crate::people::review::file::Unblinding;
use crate::people::review::{ConflictRule, KeyFile, Merged, merge};
use crate::ui::components::field::TextField;
use crate::ui::components::file_drop::FileReader;
use crate::ui::pages::review::DeskSignal;
use crate::ui::words;
use blinded::Blinded;
use figures::Figures;

#[component]
pub(crate) fn Merging(desk: DeskSignal) -> impl IntoView {
    let has_desk = Memo::new(move |_| desk.desk.with(Option::is_some));
    move || {
        if !desk.is_loaded.get() {
            return view! { <p role="status">"Looking for a review kept here …"</p> }.into_any();
        }
        if has_desk.get() {
            view! { <Table desk=desk/> }.into_any()
        } else {
            view! { <OpenKey desk=desk/> }.into_any()
        }
    }
}

#[component]
fn OpenKey(desk: DeskSignal) -> impl IntoView {
    let error = RwSignal::new(None::<String>);
    let on_files = Callback::new(move |files: Vec<GivenFile>| {
        for file in files {
            match KeyFile::open(&String::from_utf8_lossy(&file.bytes)) {
                Ok(key) => {
                    desk.put(Some(Desk { key, files: vec![], rule: ConflictRule::default() }));
                }
                Err(refused) => error.set(Some(format!("{}: {refused}.", file.name))),
            }
        }
    });
    view! {
        <p class="lead">"This browser has no review. Open the key of the review whose ratings you have, or make a review."</p>
        <FileReader label="Open the key" hint="Or drop it here: the file that you saved when you made the review." on_files=on_files/>
        {move || error.get().map(|error| view! { <p class="notice notice--bad" role="alert">{error}</p> })}
        <p><a class="button" href="#/review/organise">"Make a review"</a></p>
    }
}

/// Key and ratings, put together once for all views.
#[derive(Clone, PartialEq)]
pub(super) struct Shown {
    pub(super) key: KeyFile,
    pub(super) merged: Merged,
}

#[component]
fn Table(desk: DeskSignal) -> impl IntoView {
    let shown = Memo::new(move |_| {
        desk.desk.with(|desk| {
            desk.as_ref().map(|Desk { key, files, rule }| Shown {
                merged: merge(key, files, *rule),
                key: key.clone(),
            })
        })
    });
    let on_files = Callback::new(move |files: Vec<GivenFile>| {
        desk.change(|desk| {
            for file in files {
                desk.files.push((file.name, String::from_utf8_lossy(&file.bytes).into_owned()));
            }
        });
    });
    view! {
        {move || shown.get().map(|shown| {
            let title = shown.key.title.clone();
            view! { <p class="lead">{title}</p> }
        })}
        <FileReader label="Add files of ratings" hint="Or drop them here, several at once: what reviewers handed back. The same reviewer may hand in more than once." on_files=on_files/>
        {move || shown.get().map(|shown| {
            let is_open = !shown.key.unblinded.is_empty();
            let is_empty = shown.merged.ratings.is_empty();
            view! {
                <Progress shown=shown.clone()/>
                <Files shown=shown.clone() desk=desk/>
                <Conflicts shown=shown.clone() desk=desk/>
                {if is_empty {
                    ().into_any()
                } else if is_open {
                    view! { <Figures shown=shown/> }.into_any()
                } else {
                    view! { <Blinded shown=shown/><Unblind desk=desk/> }.into_any()
                }}
            }
        })}
    }
}

#[component]
fn Progress(shown: Shown) -> impl IntoView {
    let rows = shown.key.reviewers.iter().zip(&shown.merged.progress).map(|(reviewer, (n_done, n))| {
        view! {
            <tr><th scope="row">{reviewer.name.clone()}</th><td class="number">{*n_done}</td><td class="number">{*n}</td></tr>
        }
    });
    view! {
        <div class="scroll-x" tabindex="0" role="region" aria-label="What came in">
            <table id="review-in">
                <caption>"What came in"</caption>
                <thead><tr><th scope="col">"Reviewer"</th><th scope="col" class="number">"Rated"</th><th scope="col" class="number">"Of"</th></tr></thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
}

#[component]
fn Files(shown: Shown, desk: DeskSignal) -> impl IntoView {
    let merged = &shown.merged;
    let remove = move |name: String| {
        desk.change(|desk| {
            if let Some(idx) = desk.files.iter().rposition(|(other, _)| *other == name) {
                desk.files.remove(idx);
            }
        });
    };
    let refused: Vec<_> = merged
        .refused
        .iter()
        .map(|(name, reason)| {
            let (text, name) = (format!("{name} is not taken: {reason}."), name.clone());
            let label = format!("Remove {name}");
            view! {
                <div class="notice notice--bad review-refused">
                    <p>{text}</p>
                    <p><button class="button button--quiet" aria-label=label on:click=move |_| remove(name.clone())>"Remove"</button></p>
                </div>
            }
        })
        .collect();
    let aside: Vec<_> = merged
        .set_aside
        .iter()
        .map(|aside| view! { <li>{format!("{}, {}: {}", aside.file, aside.codes.join(" and "), aside.reason)}</li> })
        .collect();
    let taken: Vec<_> = merged
        .taken
        .iter()
        .map(|taken| {
            let name = taken.name.clone();
            let label = format!("Remove {name}");
            let text = format!("{name}: {} by {}", words::counted(taken.n_ratings, "rating", "ratings"), shown.key.reviewers[taken.reviewer].name);
            view! {
                <li>{text}" "<button class="button button--quiet" aria-label=label on:click=move |_| remove(name.clone())>"Remove"</button></li>
            }
        })
        .collect();
    let n_taken = taken.len();
    view! {
        <div role="status">{refused}</div>
        {(!aside.is_empty()).then(|| view! {
            <details class="notice notice--warn" open="">
                <summary>{format!("{} not taken: where and why", words::counted(aside.len(), "rating is", "ratings are"))}</summary>
                <ul>{aside}</ul>
            </details>
        })}
        {(0 < n_taken).then(|| view! {
            <details><summary>{format!("{} taken", words::counted(n_taken, "file is", "files are"))}</summary><ul>{taken}</ul></details>
        })}
    }
}

#[component]
fn Conflicts(shown: Shown, desk: DeskSignal) -> impl IntoView {
    if shown.merged.conflicts.is_empty() {
        return ().into_any();
    }
    let rule = desk.desk.with_untracked(|desk| desk.as_ref().map(|desk| desk.rule));
    let option = move |of: ConflictRule, text: &'static str| {
        view! {
            <label class="tick">
                <input type="radio" name="conflict-rule" prop:checked=rule == Some(of)
                    on:change=move |_| desk.change(|desk| desk.rule = of)/>
                <span>{text}</span>
            </label>
        }
    };
    let key = shown.key.clone();
    let conflicts: Vec<_> = shown
        .merged
        .conflicts
        .iter()
        .map(|conflict| {
            let said = conflict.said.iter().map(|(file, rating)| {
                let scores = rating.scores.iter().map(|(id, score)| {
                    let name = key.scale.dimension(id).map_or(id.as_str(), |of| of.name.as_str());
                    format!("{name} {score}")
                });
                let flags = rating.flags.iter().map(|(id, is)| format!("{id}: {}", if *is { "yes" } else { "no" }));
                let all: Vec<String> = scores.chain(flags).collect();
                view! { <li>{format!("{file}, {}: {}", clock::local_date_time(rating.at_millis), all.join(", "))}</li> }
            });
            let head = format!("{}, {}", key.reviewers[conflict.reviewer].name, conflict.codes.join(" and "));
            view! { <li>{head}<ul>{said.collect_view()}</ul></li> }
        })
        .collect();
    view! {
        <section class="notice notice--warn" aria-labelledby="conflicts-heading">
            <h2 id="conflicts-heading">{format!("{} rated twice, differently", words::counted(conflicts.len(), "task was", "tasks were"))}</h2>
            <ul>{conflicts}</ul>
            <fieldset>
                <legend>"Of these"</legend>
                {option(ConflictRule::SetAside, "none counts")}
                {option(ConflictRule::Earlier, "the earlier rating counts")}
                {option(ConflictRule::Later, "the later rating counts")}
            </fieldset>
        </section>
    }
    .into_any()
}

#[component]
fn Unblind(desk: DeskSignal) -> impl IntoView {
    let by = RwSignal::new(String::new());
    let unblind = move |_| {
        let by = by.get_untracked().trim().to_owned();
        desk.change(|desk| {
            let merged = merge(&desk.key, &desk.files, desk.rule);
            let files = merged.taken.iter().map(|taken| {
                (taken.sha256.clone(), desk.key.reviewers[taken.reviewer].name.clone())
            });
            let files = files.collect();
            desk.key.unblinded.push(Unblinding { at_millis: clock::now_millis(), by, files });
        });
    };
    view! {
        <section class="card no-print" aria-labelledby="unblind-heading">
            <h2 id="unblind-heading">"Unblind"</h2>
            <p>"Do this when all ratings are in, and not before: who knows whose answers they are can no longer collect ratings without bias. When, by whom and with which files is recorded in the key, and cannot be undone here."</p>
            <TextField label="Who unblinds" id="unblind-by" value=by/>
            <button class="button" disabled=move || by.with(|by| by.trim().is_empty()) on:click=unblind>"Show the models"</button>
        </section>
    }
}
