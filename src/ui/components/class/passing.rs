//! Owns passing an exam on: link, QR code, a file beside the page, and the key for the end.

use std::sync::Arc;

use leptos::prelude::*;

use crate::browser::{files, page};
use crate::people::class::Classroom;
use crate::people::class::paper::{MAX_LINK, hosted_name};
use crate::report::link::{ExamLink, Route};
use crate::ui::components::field::TextField;
use crate::ui::components::qr_view::{CopyButton, QrView};

/// The address of an exam on this host.
fn address(link: ExamLink) -> String {
    format!("{}#{}", page::address(), Route::Exam(link).fragment())
}

#[component]
pub(crate) fn Passing(class: Arc<Classroom>) -> impl IntoView {
    let link = address(ExamLink::Carried(class.paper.to_link()));
    let is_fit = link.len() <= MAX_LINK;
    let name = RwSignal::new("exam-1.json".to_owned());
    let error = RwSignal::new(None::<String>);
    let json = StoredValue::new(class.paper.json());
    let save = move |_| {
        let name = name.get_untracked();
        error.set(match hosted_name(&name) {
            Some(name) => json
                .with_value(|json| files::save(name, "application/json", json))
                .err()
                .map(|failed| failed.to_string()),
            None => Some(
                "The name has letters, digits, hyphens and underscores and ends in .json."
                    .to_owned(),
            ),
        });
    };
    let hosted = move || {
        let name = name.get();
        hosted_name(&name).map(|name| address(ExamLink::Hosted(name.to_owned())))
    };
    view! {
        <section aria-labelledby="pass-heading">
            <h2 id="pass-heading">"Give it to the class"</h2>
            <p>"The link carries the questions in the open and everything about the answers locked. Nothing is sent anywhere by this page: you pass the link on."</p>
            {if is_fit {
                view! {
                    <QrView text=link.clone() name="QR code of the exam’s link"/>
                    <details><summary>"The link as text"</summary><code class="code" id="class-link">{link.clone()}</code></details>
                    <div class="row">
                        <CopyButton text=link.clone() label="Copy the link"/>
                        <a class="button" href=link>"Open it as a student would"</a>
                    </div>
                }.into_any()
            } else {
                view! { <p class="notice notice--warn">{format!("The exam is too long for a link ({} characters; messengers cut links beyond {MAX_LINK}). Use the file below, or fewer questions.", link.len())}</p> }.into_any()
            }}
            <details open=!is_fit>
                <summary>"A short link, with a file beside the page"</summary>
                <p>"If you host this page yourself, put the file into the same folder as index.html. The short link then names it, and its QR code is small enough for any phone."</p>
                <TextField label="Name of the file" id="class-file" value=name/>
                <div class="row"><button class="button" on:click=save>"Save the exam’s file"</button></div>
                {move || error.get().map(|error| view! { <p class="notice notice--bad" role="alert">{error}</p> })}
                {move || hosted().map(|hosted| view! {
                    <QrView text=hosted.clone() name="QR code of the short link"/>
                    <code class="code" id="class-short-link">{hosted.clone()}</code>
                    <CopyButton text=hosted label="Copy the short link"/>
                })}
            </details>
        </section>
    }
}

/// The key that unlocks the answers, hidden until it is asked for.
#[component]
pub(crate) fn KeyView(class: Arc<Classroom>) -> impl IntoView {
    let is_shown = RwSignal::new(false);
    let key = class.key.clone();
    view! {
        <section aria-labelledby="key-heading">
            <h2 id="key-heading">"The key"</h2>
            <p>"Show it when everybody has handed in. Whoever has it can read the right answers from the link."</p>
            {move || if is_shown.get() {
                view! {
                    <code class="code" id="class-key">{key.clone()}</code>
                    <QrView text=key.clone() name="QR code of the key"/>
                    <button class="button" on:click=move |_| is_shown.set(false)>"Hide the key"</button>
                }.into_any()
            } else {
                view! { <button class="button" on:click=move |_| is_shown.set(true)>"Show the key"</button> }.into_any()
            }}
            <details>
                <summary>"How safe this is"</summary>
                <p>"The answers are encrypted with AES-256-GCM. Its key is made of 60 random bits by PBKDF2 with 600,000 rounds: trying all of them would take about 2 to the power of 80 hash computations. The last letter only checks for slips."</p>
                <p>"A code that a student hands in is bound to this exam, and a changed or mistyped one is refused. It is no proof: a student with the skill can make a code by hand, and can ask a neighbour or a model, as at home. Use it for teaching, not for grades that matter."</p>
                <p>"The key, the questions and the codes are kept unencrypted in this browser, until you delete the class."</p>
            </details>
        </section>
    }
}
