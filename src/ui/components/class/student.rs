//! Owns the student's side: the exam that a link or a file brought, handing in, and unlocking the answers.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser::store::Store;
use crate::browser::{clock, crypto, files, http, locked, page};
use crate::people::class::code::MAX_NAME;
use crate::people::class::paper::hosted_name;
use crate::people::class::{Paper, Place, Secret, UnlockCode};
use crate::people::exam::{Asks, Sheet};
use crate::report::link::{ExamLink, ResultsView, Route};
use crate::run::Journal;
use crate::ui::components::exam::answering::Answering;
use crate::ui::components::exam::kept::{keep_or_tell, kept};
use crate::ui::components::exam::outcome::SatExam;
use crate::ui::components::field::TextField;
use crate::ui::components::qr_view::{CopyButton, QrView, Scanner};
use crate::ui::words;

/// The exam of a link.
#[component]
pub(crate) fn Student(link: ExamLink) -> impl IntoView {
    let paper = RwSignal::new(None::<Result<(Arc<Paper>, Place), String>>);
    spawn_local(async move {
        paper.set(Some(open(&link).await));
    });
    let error = RwSignal::new(None::<String>);
    move || {
        match paper.get() {
        None => view! { <p role="status">"Opening the exam …"</p> }.into_any(),
        Some(Err(reason)) => view! { <p class="notice notice--bad" role="alert">{reason}</p> }.into_any(),
        Some(Ok((paper, place))) => view! {
            {move || error.get().map(|error| view! { <p class="notice notice--bad" role="alert">{error}</p> })}
            <AtPlace paper=paper place=place error=error/>
        }
        .into_any(),
    }
    }
}

fn kept_name(paper: &Paper) -> String {
    format!("sit-{}", paper.name())
}

/// The paper, and the place where the student left it.
async fn open(link: &ExamLink) -> Result<(Arc<Paper>, Place), String> {
    let paper = match link {
        ExamLink::Own => return Err("This address names no exam.".to_owned()),
        ExamLink::Carried(text) => Paper::from_link(text).map_err(|error| error.to_string())?,
        ExamLink::Hosted(name) => {
            let name = hosted_name(name).ok_or(
                "This address names a file that is not beside this page. Ask your teacher for the link again.",
            )?;
            let bytes = http::own_file(name).await.map_err(|error| {
                format!("{error}. The exam’s file must lie beside this page: tell your teacher.")
            })?;
            Paper::from_json(&bytes).map_err(|error| error.to_string())?
        }
    };
    let n = paper.items.len();
    let found = kept::<Place>(&kept_name(&paper)).await.unwrap_or_default();
    let place = if let Some(place) = found.filter(|place| place.sheet.fits(n)) {
        place
    } else {
        let sitting = locked::fresh_sitting().map_err(|error| error.to_string())?;
        let seed = sitting.iter().fold(0, |seed, byte| (seed << 8) | u64::from(*byte));
        Place { sitting, name: String::new(), sheet: Sheet::new(n, paper.terms.order, seed) }
    };
    Ok((Arc::new(paper), place))
}

#[component]
fn AtPlace(paper: Arc<Paper>, place: Place, error: RwSignal<Option<String>>) -> impl IntoView {
    let is_begun = RwSignal::new(
        place.sheet != Sheet::new(paper.items.len(), paper.terms.order, 0)
            && (0 < place.sheet.n_done() || 0 < place.sheet.looked_millis || place.sheet.is_over),
    );
    let is_paused = RwSignal::new(is_begun.get_untracked());
    let name = RwSignal::new(place.name.clone());
    let sheet = RwSignal::new(place.sheet.clone());
    let sitting = place.sitting;
    let now = move || Place { sitting, name: name.get_untracked(), sheet: sheet.get_untracked() };
    let kept_as = StoredValue::new(kept_name(&paper));
    let on_change = Callback::new(move |()| keep_or_tell(kept_as.get_value(), now(), error));
    let terms = paper.terms;
    let n = paper.items.len();
    let asked = StoredValue::new(Arc::new(paper.items.clone()));
    let is_over = Memo::new(move |_| sheet.with(|sheet| sheet.is_over));
    let title = paper.title.clone();
    let models = paper.models.clone();
    let paper = StoredValue::new(paper);
    let start = move |_| {
        let short: String = name.get_untracked().trim().chars().take(MAX_NAME).collect();
        name.set(short);
        is_begun.set(true);
        is_paused.set(false);
        on_change.run(());
        request_animation_frame(|| page::focus("#exam-question"));
    };
    view! {
        <h2>{title}</h2>
        {move || if is_over.get() {
            view! { <HandingIn paper=paper.get_value() place=now()/> }.into_any()
        } else if is_begun.get() {
            view! { <Answering asked=asked.get_value() terms=terms sheet=sheet items=None is_paused=is_paused on_change=on_change/> }.into_any()
        } else {
            let time = match terms.minutes {
                Some(minutes) => format!("You have {}. ", words::counted(minutes as usize, "minute", "minutes")),
                None => String::new(),
            };
            let beside = match models.as_slice() {
                [] => String::new(),
                models => format!("Afterwards you see how {} answered. ", models.join(", ")),
            };
            view! {
                <p class="lead">{format!("{}. {time}{beside}", words::counted(n, "question", "questions"))}</p>
                <p>"Your answers stay on this device. At the end you get a code to hand in: it holds your answers"
                    {(terms.names == Asks::Yes).then_some(" and the name that you type")}
                    ", and nothing else. You can pause, close the page and come back by the same link."</p>
                {(terms.names == Asks::Yes).then(|| view! {
                    <TextField label="Your name, or a pseudonym" id="student-name" value=name
                        hint=Signal::derive(|| "You may leave it empty. Your teacher and the class see it.".to_owned())/>
                })}
                <button class="button button--main" on:click=start>"Start"</button>
            }.into_any()
        }}
    }
}

/// The code to hand in, and the way to the answers.
#[component]
fn HandingIn(paper: Arc<Paper>, place: Place) -> impl IntoView {
    let hand_in = place.hand_in();
    let code = hand_in.encode(&paper);
    let own_name = hand_in.shown_name();
    let error = RwSignal::new(None::<String>);
    let file = code.clone();
    let save = move |_| {
        let stem: String = own_name_stem(&file);
        let name = format!("viva-answers-{stem}.txt");
        error.set(files::save(&name, "text/plain", &file).err().map(|refused| refused.to_string()));
    };
    let unlocked = RwSignal::new(None::<Arc<Unlocked>>);
    view! {
        <p class="lead" role="status">"You are done. Hand in your code."</p>
        <section aria-labelledby="hand-in-heading">
            <h3 id="hand-in-heading" tabindex="-1">"Your code"</h3>
            <p>{format!("You hand in as “{own_name}”. Show the QR code, or send the text or the file to your teacher.")}</p>
            <QrView text=code.clone() name="QR code of your answers"/>
            <code class="code" id="hand-in-code">{code.clone()}</code>
            <div class="row">
                <CopyButton text=code.clone() label="Copy the code"/>
                <button class="button" on:click=save>"Save it as a file"</button>
            </div>
            {move || error.get().map(|error| view! { <p class="notice notice--bad" role="alert">{error}</p> })}
        </section>
        {move || match unlocked.get() {
            Some(unlocked) => view! { <Revealed paper=paper.clone() place=place.clone() unlocked=unlocked/> }.into_any(),
            None => view! { <Unlocking paper=paper.clone() unlocked=unlocked/> }.into_any(),
        }}
    }
}

/// Part of a code, for a file's name.
fn own_name_stem(code: &str) -> String {
    code.chars().skip(6).filter(char::is_ascii_alphanumeric).take(8).collect()
}

/// What the key gave.
struct Unlocked {
    secret: Secret,
    items: Vec<crate::dataset::Item>,
}

#[component]
fn Unlocking(paper: Arc<Paper>, unlocked: RwSignal<Option<Arc<Unlocked>>>) -> impl IntoView {
    let typed = RwSignal::new(String::new());
    let error = RwSignal::new(None::<String>);
    let is_trying = RwSignal::new(false);
    let try_key = Callback::new(move |text: String| {
        let key = match UnlockCode::parse(&text) {
            Ok(key) => key,
            Err(wrong) => return error.set(Some(wrong.to_string())),
        };
        error.set(None);
        is_trying.set(true);
        let paper = paper.clone();
        spawn_local(async move {
            let opened = async {
                let packed =
                    locked::unlock(&key, &paper.locked).await.map_err(|e| e.to_string())?;
                let packed = packed
                    .ok_or("This key does not open this exam. It may belong to another one.")?;
                let secret = Secret::unpack(&packed).map_err(|e| e.to_string())?;
                let items = secret.items(&paper).map_err(|e| e.to_string())?;
                Ok::<_, String>(Unlocked { secret, items })
            };
            match opened.await {
                Ok(opened) => {
                    unlocked.try_set(Some(Arc::new(opened)));
                    request_animation_frame(|| page::focus("#revealed-heading"));
                }
                Err(reason) => {
                    error.try_set(Some(reason));
                }
            }
            is_trying.try_set(false);
        });
    });
    view! {
        <section aria-labelledby="unlock-heading">
            <h3 id="unlock-heading">"Right answers"</h3>
            <p>"They are locked until your teacher shows the key."</p>
            {(!crypto::is_available()).then(|| view! {
                <p class="notice notice--warn">"This browser unlocks them only on pages over https. Ask your teacher to show the answers."</p>
            })}
            <form on:submit=move |event| {
                event.prevent_default();
                try_key.run(typed.get_untracked());
            }>
                <TextField label="Key" id="unlock-key" value=typed
                    hint=Signal::derive(|| "13 letters and digits, such as 7KQ2-M4XW-09TB-F. Small letters and missing hyphens do no harm.".to_owned())/>
                <button class="button button--main" type="submit" disabled=is_trying>"Show the answers"</button>
            </form>
            <Scanner label="Scan the key" on_text=try_key/>
            <p role="status">{move || is_trying.get().then_some("Unlocking …")}</p>
            {move || error.get().map(|error| view! { <p class="notice notice--bad" role="alert">{error}</p> })}
        </section>
    }
}

#[component]
fn Revealed(paper: Arc<Paper>, place: Place, unlocked: Arc<Unlocked>) -> impl IntoView {
    let answered = place.sheet.answers.iter().flatten().map(|given| given.at_millis).max();
    let at_millis = answered.unwrap_or_else(clock::now_millis);
    let journal: Arc<Journal> =
        Arc::new(place.journal(&paper, &unlocked.secret, &unlocked.items, at_millis));
    let person = unlocked.secret.models.len();
    let told = RwSignal::new(None::<Result<String, String>>);
    let run = journal.clone();
    let keep = move |_| {
        let run = run.clone();
        spawn_local(async move {
            let kept = async { Store::open().await?.keep_whole(&run, clock::now_millis()).await };
            told.try_set(Some(match kept.await {
                Ok(()) => {
                    let run_id = Some(run.plan.run_id.clone());
                    Ok(format!(
                        "#{}",
                        Route::Results(ResultsView { run_id, ..ResultsView::default() }).fragment()
                    ))
                }
                Err(failed) => Err(failed.to_string()),
            }));
        });
    };
    view! {
        <section aria-labelledby="revealed-heading">
            <h3 id="revealed-heading" tabindex="-1">"How you did"</h3>
            <SatExam journal=journal person=person answers=place.sheet.answers.clone() others=RwSignal::new(vec![])/>
            <div class="row no-print">
                <button class="button" on:click=keep>"Keep this among my results"</button>
                {move || told.get().map(|told| match told {
                    Ok(href) => view! { <a class="button" href=href>"Open the results"</a> }.into_any(),
                    Err(failed) => view! { <p class="notice notice--bad" role="alert">{failed}</p> }.into_any(),
                })}
            </div>
        </section>
    }
}
