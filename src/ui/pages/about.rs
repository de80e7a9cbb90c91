//! Owns the page that tells what happens with data, and what the results cannot tell.

use leptos::prelude::*;

#[component]
pub(crate) fn AboutPage() -> impl IntoView {
    view! {
        <h2>"What leaves this page"</h2>
        <ul>
            <li>"The questions of a run, to the models that you chose, when you start the run. A small question, or the wish for a list of models, when you test a connection. The wish for published questions, without a key, to the hosts that publish them, when you load some. Nothing else is sent anywhere, and nothing to whoever made or hosts this page."</li>
            <li>"Every such request is listed, with its host and its size, on "<a href="#/ledger">"What left this page"</a>". The files of the page itself are loaded from where you opened it; nothing of yours goes there."</li>
            <li>"A key goes only to the address that you entered it for. It is kept in this tab’s memory and is gone when you close the tab, unless you choose to remember it under a passphrase: then it is kept encrypted in this browser. See "<a href="#/settings">"Keys and storage"</a>"."</li>
            <li>"When you sign in at OpenRouter, your browser goes to OpenRouter’s own page and comes back with a code, which this page exchanges for a key."</li>
            <li>"Files that you open are read in your browser. They are not uploaded. Before questions are sent, they are checked here for names, numbers and dates of real persons, and you are warned."</li>
            <li>"Answers are kept in this browser’s own storage, so that a closed tab loses nothing. You can delete them on the results page."</li>
        </ul>
        <h2>"What the results can tell"</h2>
        <ul>
            <li>"How many of these questions each model got right, with the range that chance allows."</li>
            <li>"Whether one model did better than another on the same questions by more than chance would explain."</li>
        </ul>
        <h2>"What they cannot tell"</h2>
        <ul>
            <li>"Whether a model is safe or helpful for a patient. Exam questions have one right answer and all the facts; real life has neither."</li>
            <li>"Whether a model had seen the questions before. Public question sets are likely to be in the models’ training data. The bundled questions were written for this page, but they too become public with it."</li>
            <li>"How a model does with other wording, in another language, or next month: makers change models without notice."</li>
        </ul>
        <p><a href="#/study">"The study that this page lets you repeat: what it found, and what that can tell"</a></p>
        <h2>"How answers are read"</h2>
        <p>
            "The last clear answer counts. Two different final answers are not guessed between: they are unreadable. Refusals, unreadable answers, answers cut off by a limit, and calls that failed are counted apart. Accuracy is shown twice: with those counted as wrong, and with them set aside."
        </p>
        <h2>"Questions of this page"</h2>
        <p>
            "The bundled questions are original and may be used freely under the Creative Commons licence CC BY 4.0. The program is free software under the MIT or the Apache 2.0 licence."
        </p>
        <p class="quiet">{format!("Version {}", env!("CARGO_PKG_VERSION"))}</p>
    }
}
