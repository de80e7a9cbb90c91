//! Owns the start page: what this is, in plain words, and three ways in.

use leptos::prelude::*;

use crate::ui::components::saved_runs::UnfinishedRuns;

#[component]
pub(crate) fn StartPage() -> impl IntoView {
    view! {
        <p class="lead">
            "Before doctors may treat patients, they sit an exam. Here, AI models sit one: medical questions with known answers. You see which model did better, by how much, and how sure that is."
        </p>
        <UnfinishedRuns/>
        <div class="grid">
            <section class="card way" aria-labelledby="way-try">
                <h2 id="way-try">"Try it now"</h2>
                <p>
                    "Answer a few questions yourself, next to three simple rules that know no medicine. No key and no account. It takes half a minute."
                </p>
                <a class="button button--main" href="#/try">"Try it now"</a>
            </section>
            <section class="card way" aria-labelledby="way-examine">
                <h2 id="way-examine">"Examine models"</h2>
                <p>
                    "Choose questions, choose models such as GPT, Gemini, Claude or one on your own computer, and let them answer. You need a key of the model’s maker, or a local model."
                </p>
                <a class="button" href="#/questions">"Examine models"</a>
            </section>
            <section class="card way" aria-labelledby="way-open">
                <h2 id="way-open">"Open results"</h2>
                <p>
                    "Look at results that somebody gave you as a file, or at runs kept in this browser, and compare the models question by question."
                </p>
                <a class="button" href="#/results">"Open results"</a>
            </section>
        </div>
        <p>
            "You have a question of your own? "
            <a href="#/case">"Put your own case to several models at once"</a>
            ", and see how their answers differ. It examines the models and gives no advice."
        </p>
        <p>
            "Answers in free text need people who judge them without knowing whose they are: "
            <a href="#/review">"make a blinded review, or rate answers in one"</a>"."
        </p>
        <section class="notice" aria-label="What this is not">
            <p>
                <strong>"This is not medical advice, and not a clinical validation."</strong>
                " It shows how models do on exam questions. Real patients are not exam questions. If you are ill, talk to a doctor; in an emergency, call your emergency number."
            </p>
        </section>
        <h2>"Why this page exists"</h2>
        <p>
            "In 2026 a study in Nature Medicine found that general-purpose models such as GPT, Gemini and Claude did better on medical questions than the clinical tools that hospitals buy. Other work found the reverse. Almost nobody outside could check. With this page anyone can. "
            <a href="#/study">"What the study found, what that can tell, and how to repeat it"</a>
        </p>
        <p>
            "Everything happens in your browser. There is no server behind it, no account and no tracking. Your keys stay in this tab unless you ask to have them remembered, encrypted, and go only to the service that each belongs to."
        </p>
    }
}
