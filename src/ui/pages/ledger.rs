//! Owns the ledger page: every request that left the page, and what cannot be shown.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser::store::Store;
use crate::browser::{clock, files, ledger};
use crate::report::ledger::{
    End, Line, RunFilter, Totals, end_name, filtered, ledger_csv, totals_per_host, totals_per_run,
};
use crate::report::link::Route;
use crate::ui::components::field::SelectField;
use crate::ui::components::window::{RowAt, Window};
use crate::ui::state::State;
use crate::ui::words;

/// In the address in place of a run's id, for requests that belong to none.
const NO_RUN: &str = "none";

/// What was recorded, as it was when it was read.
#[derive(Clone, Default)]
struct Loaded {
    lines: Arc<Vec<Line>>,
    /// Titles of the runs that are kept here, by id.
    titles: Arc<Vec<(String, String)>>,
    /// What the ledger had counted by then.
    version: u64,
}

#[derive(Clone, Copy)]
struct Page {
    loaded: RwSignal<Option<Loaded>>,
    error: RwSignal<Option<String>>,
}

impl Page {
    fn load(self) {
        spawn_local(async move {
            let version = ledger::version();
            let lines = match ledger::lines().await {
                Ok(lines) => lines,
                Err(refused) => {
                    self.error.set(Some(format!(
                        "Only what this tab sent since it was opened can be shown: {refused}"
                    )));
                    ledger::unsaved_with_error().0
                }
            };
            let titles = titles().await;
            let (lines, titles) = (Arc::new(lines), Arc::new(titles));
            self.loaded.set(Some(Loaded { lines, titles, version }));
        });
    }

    fn clear(self) {
        spawn_local(async move {
            match ledger::clear().await {
                Ok(()) => self.load(),
                Err(refused) => self.error.set(Some(refused.to_string())),
            }
        });
    }
}

/// Titles of runs with the time of their start, by id.
async fn titles() -> Vec<(String, String)> {
    let runs = async { Store::open().await?.runs().await };
    let runs = runs.await.unwrap_or_default().into_iter();
    let title = |started| clock::local_date_time(started);
    runs.map(|run| (run.run_id, format!("{} ({})", run.title, title(run.started_millis)))).collect()
}

#[component]
pub(crate) fn LedgerPage() -> impl IntoView {
    let page = Page { loaded: RwSignal::new(None), error: RwSignal::new(None) };
    page.load();
    view! {
        <p class="lead">"Every request that this page sent, to which host, for which run, and how many bytes went each way. Of what was said, nothing is recorded: no question, no answer, no key."</p>
        {move || page.error.get().map(|error| view! { <p class="notice notice--bad" role="alert">{error}</p> })}
        {move || match page.loaded.get() {
            None => view! { <p class="quiet" role="status">"Reading …"</p> }.into_any(),
            Some(loaded) if loaded.lines.is_empty() => view! {
                <p role="status">"Nothing has left this page yet. The first request is recorded when you load published questions, test a connection or start a run."</p>
                <Newer version=loaded.version on_load=Callback::new(move |()| page.load())/>
            }.into_any(),
            Some(loaded) => view! {
                <Newer version=loaded.version on_load=Callback::new(move |()| page.load())/>
                <Recorded loaded=loaded on_clear=Callback::new(move |()| page.clear())/>
            }.into_any(),
        }}
        <Limits/>
        <KeptAnswers/>
    }
}

/// Says when more was recorded since the page was drawn.
#[component]
fn Newer(version: u64, on_load: Callback<()>) -> impl IntoView {
    let is_newer = RwSignal::new(false);
    let watch = clock::every(1_000, move || is_newer.set(ledger::version() != version));
    let watch = StoredValue::new_local(Some(watch));
    on_cleanup(move || watch.set_value(None));
    view! {
        <div role="status">
            {move || is_newer.get().then(|| view! {
                <p class="row">
                    <span>"More was sent since."</span>
                    <button class="button" on:click=move |_| on_load.run(())>"Show it"</button>
                </p>
            })}
        </div>
    }
}

#[component]
fn Recorded(loaded: Loaded, on_clear: Callback<()>) -> impl IntoView {
    let route = State::get().route;
    let filter = Memo::new(move |_| {
        route.with(|route| match route {
            Route::Ledger(Some(run_id)) if run_id == NO_RUN => RunFilter::NoRun,
            Route::Ledger(Some(run_id)) => RunFilter::Run(run_id.clone()),
            _ => RunFilter::All,
        })
    });
    let set_filter = Callback::new(move |value: String| {
        let to = Route::Ledger(Some(value).filter(|value| !value.is_empty()));
        crate::browser::page::replace_fragment(&to.fragment());
        route.set(to);
    });
    let value = Signal::derive(move || match filter.get() {
        RunFilter::All => String::new(),
        RunFilter::NoRun => NO_RUN.to_owned(),
        RunFilter::Run(run_id) => run_id,
    });
    let lines = loaded.lines.clone();
    let listed = Memo::new(move |_| Arc::new(filtered(&lines, &filter.get())));
    let shown = {
        let lines = loaded.lines.clone();
        move || {
            listed.with(|listed| listed.iter().filter_map(|idx| lines.get(*idx)).cloned().collect())
        }
    };
    let download = {
        let shown = shown.clone();
        move |_| {
            let lines: Vec<Line> = shown();
            // A download that the browser refuses says so itself.
            let _ = files::save("viva-network-ledger.csv", "text/csv", &ledger_csv(&lines));
        }
    };
    let hosts = move || totals_per_host(&shown());
    let options = run_options(&loaded);
    let lines = loaded.lines;
    let row = Callback::new(move |at: RowAt| {
        lines.get(at.idx).map_or_else(|| ().into_any(), |line| line_row(line, at))
    });
    view! {
        <SelectField label="Run" id="ledger-run" options=options value=value on_change=set_filter/>
        <section aria-labelledby="hosts-heading">
            <h2 id="hosts-heading">"By host"</h2>
            <div class="scroll-x" tabindex="0" role="region" aria-label="Totals by host, scrollable">{move || hosts_table(&hosts())}</div>
        </section>
        <section aria-labelledby="requests-heading">
            <h2 id="requests-heading">"Request by request"</h2>
            <p class="quiet" role="status">{move || words::counted(listed.with(|listed| listed.len()), "request", "requests")}</p>
            <Window id="ledger" label="Requests" listed=listed n_columns=8 head=lines_head() row=row/>
            <div class="row">
                <button class="button" on:click=download>"Download as CSV"</button>
                <Clear label="Delete the ledger …" question="Delete the record of all requests, of every run?" on_yes=on_clear/>
            </div>
        </section>
    }
}

fn run_options(loaded: &Loaded) -> Vec<(String, String)> {
    let named = totals_per_run(loaded.lines.iter()).into_iter().map(|(run, totals)| {
        let n_requests = words::counted(totals.n_requests, "request", "requests");
        let Some(run_id) = run else {
            return (
                NO_RUN.to_owned(),
                format!("No run: tests, lists, sign-ins, published questions ({n_requests})"),
            );
        };
        let title = loaded.titles.iter().find(|(known, _)| *known == run_id);
        let title =
            title.map_or_else(|| format!("Deleted run {run_id}"), |(_, title)| title.clone());
        (run_id, format!("{title}: {n_requests}"))
    });
    std::iter::once((String::new(), "All".to_owned())).chain(named).collect()
}

fn hosts_table(hosts: &[(String, Totals)]) -> AnyView {
    let row = |name: String, totals: Totals| {
        view! {
            <tr>
                <th scope="row">{name}</th>
                <td class="number">{words::count(totals.n_requests)}</td>
                <td class="number">{words::count(totals.n_answered)}</td>
                <td class="number">{words::count(totals.n_broken)}</td>
                <td class="number">{words::count(totals.n_open)}</td>
                <td class="number">{words::bytes(totals.bytes_out)}</td>
                <td class="number">{words::bytes(totals.bytes_in)}</td>
            </tr>
        }
    };
    view! {
        <table id="hosts">
            <thead>
                <tr>
                    <th scope="col">"Host"</th>
                    <th scope="col" class="number">"Requests"</th>
                    <th scope="col" class="number">"Answered"</th>
                    <th scope="col" class="number">"Broken or called off"</th>
                    <th scope="col" class="number">"No end recorded"</th>
                    <th scope="col" class="number">"Sent"</th>
                    <th scope="col" class="number">"Received"</th>
                </tr>
            </thead>
            <tbody>{hosts.iter().map(|(host, totals)| row(host.clone(), *totals)).collect_view()}</tbody>
        </table>
    }
    .into_any()
}

fn lines_head() -> AnyView {
    view! {
        <th scope="col" class="ledger__number number">"No."</th>
        <th scope="col" class="ledger__when">"When"</th>
        <th scope="col" class="ledger__where">"Where to"</th>
        <th scope="col">"For"</th>
        <th scope="col" class="number">"Sent"</th>
        <th scope="col" class="number">"Received"</th>
        <th scope="col">"Ended"</th>
        <th scope="col" class="number">"Took"</th>
    }
    .into_any()
}

fn line_row(line: &Line, at: RowAt) -> AnyView {
    let place = format!("{} {}{}", line.method, line.origin, line.path);
    let end_class = match line.end {
        End::Answered { status } if status < 400 => "",
        End::Redirected => "",
        End::Open | End::Answered { .. } | End::Broken { .. } | End::CalledOff => "outcome--other",
    };
    let took = line.took_millis.map(|millis| format!("{} ms", words::count_u64(millis)));
    view! {
        <tr class="item-row" aria-rowindex=at.aria_rowindex()>
            <td class="number">{words::count(at.idx + 1)}</td>
            <td><span class="two-lines">{clock::local_date_time_seconds(line.at_millis)}</span></td>
            <td><span class="two-lines" title=place.clone()>{place.clone()}</span></td>
            <td>{line.purpose.name()}</td>
            <td class="number">{words::bytes(line.bytes_out)}</td>
            <td class="number">{words::bytes(line.bytes_in)}</td>
            <td class=end_class><span class="two-lines">{end_name(&line.end)}</span></td>
            <td class="number">{took}</td>
        </tr>
    }
    .into_any()
}

/// A button that asks a second time, in place.
#[component]
pub(crate) fn Clear(
    /// On the button.
    label: &'static str,
    /// What is asked.
    question: &'static str,
    /// What is then done.
    on_yes: Callback<()>,
) -> impl IntoView {
    let is_asked = RwSignal::new(false);
    move || {
        if is_asked.get() {
            view! {
                <span role="status">{question}</span>
                <button class="button" on:click=move |_| { is_asked.set(false); on_yes.run(()); }>"Yes, delete"</button>
                <button class="button button--quiet" on:click=move |_| is_asked.set(false)>"Keep"</button>
            }
            .into_any()
        } else {
            view! { <button class="button button--quiet" on:click=move |_| is_asked.set(true)>{label}</button> }
                .into_any()
        }
    }
}

#[component]
fn Limits() -> impl IntoView {
    view! {
        <section aria-labelledby="limits-heading">
            <h2 id="limits-heading">"What this list cannot show"</h2>
            <ul>
                <li>"The browser’s own question to a host whether this page may call it (OPTIONS). It goes before many requests, holds neither question nor key, and no page can see it."</li>
                <li>"A repeat by the browser: when a connection breaks before any answer came, a browser may send the same request once more by itself, and counts it as one."</li>
                <li>"Stations on the way of a redirect. Published questions may be sent on from one host to another; the first and the last are in the list, and neither gets a key."</li>
                <li>"The files of this page itself. They come from where the page comes from, and nothing of yours goes there."</li>
                <li>"Headers. Bytes are those of the body alone, unpacked."</li>
                <li>"Whether a request without a recorded end arrived: the page was closed before an answer came, or it is still under way."</li>
            </ul>
            <p>"Nothing else leaves this page. When you sign in at OpenRouter, your browser goes there as to any other page; the request that then fetches your key is in the list."</p>
        </section>
    }
}

/// Answers that may be used again, and their deletion.
#[component]
fn KeptAnswers() -> impl IntoView {
    let said = RwSignal::new(String::new());
    let n_answers = RwSignal::new(0_usize);
    let load = move || {
        spawn_local(async move {
            let cached = async { Store::open().await?.cached().await };
            match cached.await {
                Ok(cached) if cached.n_answers == 0 => {
                    n_answers.set(0);
                    said.set("No answers are kept for use in later runs.".to_owned());
                }
                Ok(cached) => {
                    n_answers.set(cached.n_answers);
                    said.set(format!(
                        "{} kept for use in later runs, {} in all.",
                        words::counted(cached.n_answers, "answer is", "answers are"),
                        words::bytes(cached.n_bytes)
                    ));
                }
                Err(refused) => said.set(refused.to_string()),
            }
        });
    };
    load();
    let clear = Callback::new(move |()| {
        spawn_local(async move {
            let cleared = async { Store::open().await?.clear_answers().await };
            match cleared.await {
                Ok(()) => load(),
                Err(refused) => said.set(refused.to_string()),
            }
        });
    });
    view! {
        <section aria-labelledby="answers-heading">
            <h2 id="answers-heading">"Kept answers"</h2>
            <p>"Where you allow it, a question that was already put to the same model with the same settings is answered from this browser, and nothing is sent. Such answers are marked."</p>
            <p role="status">{said}</p>
            <div class="row">
                {move || (0 < n_answers.get()).then(|| view! {
                    <Clear label="Delete kept answers …" question="Delete them? Runs keep their own answers." on_yes=clear/>
                })}
            </div>
        </section>
    }
}
