//! Measures a run: items per second against the scripted provider over HTTP/2, the time from opening the page to the
//! results, and how long the page was held up meanwhile.

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use viva_e2e::app::Viva;
use viva_e2e::browser::{Browser, css};
use viva_e2e::place::Scratch;
use viva_e2e::provider::{Examinee, Latency, Profile, Provider, Script};
use viva_e2e::questions::{synthetic, to_jsonl};
use viva_e2e::site::Site;
use viva_e2e::{Error, Result};

use super::figures::Table;

/// How much is run.
#[derive(Debug)]
pub(crate) struct Wishes {
    /// Items of a run.
    pub(crate) n_items: usize,
    /// Calls at the same time.
    pub(crate) n_in_flight: u32,
    /// Runs for each latency.
    pub(crate) repeats: usize,
}

impl Default for Wishes {
    fn default() -> Self {
        Self { n_items: 1_000, n_in_flight: 64, repeats: 5 }
    }
}

const MODEL: &str = "measured";
const KEY: &str = "sk-bench";

/// What one run came to.
struct Measured {
    /// Items for each second from the first call to the last answer, by the provider's clock.
    rate: f64,
    /// From navigating to the start page until the leaderboard is drawn, in milliseconds.
    opening_to_results: f64,
    /// The longest task of the page's main thread while the run lasted, in milliseconds.
    longest_task: f64,
}

/// Notes every task of the main thread that lasts 50 ms or more.
const WATCH: &str = "globalThis.vivaLongest = 0, new PerformanceObserver(list => {
    for (const entry of list.getEntries()) globalThis.vivaLongest = Math.max(globalThis.vivaLongest, entry.duration);
}).observe({ entryTypes: ['longtask'] }), 0";

/// Adds the figures of runs whose every answer comes after `latency_millis`.
pub(crate) async fn measure(
    site: &Site,
    wishes: &Wishes,
    latency_millis: u64,
    table: &mut Table,
) -> Result<()> {
    let mut all = Vec::new();
    for _ in 0..wishes.repeats {
        all.push(run_once(site, wishes, Duration::from_millis(latency_millis)).await?);
    }
    let mut bare = vec![];
    for _ in 0..wishes.repeats {
        bare.push(bare_loop(site, wishes, Duration::from_millis(latency_millis)).await?);
    }
    table.rates(&format!("bare loop of fetch at {latency_millis} ms"), &bare);
    let of = |figure: fn(&Measured) -> f64| all.iter().map(figure).collect::<Vec<_>>();
    let what = format!("{} items at {latency_millis} ms", wishes.n_items);
    table.rates(&what, &of(|run| run.rate));
    table.millis("  opening the page to results", &of(|run| run.opening_to_results));
    table.millis("  longest task of the page", &of(|run| run.longest_task));
    Ok(())
}

/// The rate of a loop of bare calls in the same browser: what is left when a page does nothing else with its answers.
async fn bare_loop(site: &Site, wishes: &Wishes, latency: Duration) -> Result<f64> {
    let questions = synthetic(wishes.n_items, 4, 1);
    let script = Script::new(&questions, 1).model(Examinee::new(MODEL, 0.8)).key(KEY);
    let provider =
        Provider::start_h2(Profile::Reflective, script.latency(Latency::Fixed(latency))).await?;
    let context = Browser::shared().await?.context().await?;
    let page = context.page().await?;
    page.goto("about:blank").await?;
    page.unwatched().await?;
    page.goto(&site.url()).await?;
    let prompts: Vec<&str> = questions.iter().map(|question| question.text.as_str()).collect();
    let (url, n) = (format!("{}/chat/completions", provider.base_url()), wishes.n_in_flight);
    let script = format!(
        "(async () => {{
            const prompts = {prompts};
            let next = 0;
            const lane = async () => {{
                while (next < prompts.length) {{
                    const content = prompts[next++];
                    const body = JSON.stringify({{ model: '{MODEL}', messages: [{{ role: 'user', content }}] }});
                    const headers = {{ 'content-type': 'application/json', authorization: 'Bearer {KEY}' }};
                    const reply = await fetch('{url}', {{
                        method: 'POST', body, headers, mode: 'cors', credentials: 'omit', cache: 'no-store',
                        redirect: 'error', referrerPolicy: 'no-referrer',
                    }});
                    await reply.text();
                }}
            }};
            await Promise.all(Array.from({{ length: {n} }}, lane));
            globalThis.vivaBare = true;
        }})(), 0",
        prompts = json!(prompts),
    );
    page.eval(&script).await?;
    page.wait_until("globalThis.vivaBare === true").await?;
    rate_of(&provider, wishes.n_items)
}

async fn run_once(site: &Site, wishes: &Wishes, latency: Duration) -> Result<Measured> {
    let questions = synthetic(wishes.n_items, 4, 1);
    let script = Script::new(&questions, 1).model(Examinee::new(MODEL, 0.8)).key(KEY);
    let script = script.latency(Latency::Fixed(latency));
    let provider = Provider::start_h2(Profile::Reflective, script).await?;
    let scratch = Scratch::new("bench")?;
    let file = scratch.write("bench.jsonl", to_jsonl(&questions))?;

    let context = Browser::shared().await?.context().await?;
    let page = context.page().await?;
    // A context that is new has processes yet to start, which is no part of any page's time.
    page.goto("about:blank").await?;
    page.unwatched().await?;
    let start = Instant::now();
    let viva = Viva::in_page(page, &site.url()).await?.with_limit(Duration::from_mins(1));
    plan(&viva, wishes, &file, &provider).await?;
    viva.page.eval(WATCH).await?;
    viva.page.eval("document.getElementById('start-run').click()").await?;
    viva.page
        .wait_until("document.body.innerText.includes('Finished: every question has ended')")
        .await?;
    let longest_task = viva.page.eval("vivaLongest").await?.as_f64().unwrap_or_default();
    viva.page.eval("[...document.querySelectorAll('a')].find(one => one.innerText.includes('See the results')).click()").await?;
    viva.page.wait_for(css("#leaderboard tbody tr")).await?;
    let opening_to_results = start.elapsed().as_secs_f64() * 1_000.0;
    Ok(Measured { rate: rate_of(&provider, wishes.n_items)?, opening_to_results, longest_task })
}

/// Does in the page what a person does by hand, as fast as the page lets it: what is measured is the page and not the hand.
async fn plan(viva: &Viva, wishes: &Wishes, file: &Path, provider: &Provider) -> Result<()> {
    let page = &viva.page;
    page.eval("location.hash = '#/questions', 0").await?;
    page.set_files("main input[type=file]", &[file]).await?;
    page.wait_until("document.body.innerText.includes('questions will be asked')").await?;
    page.eval("location.hash = '#/models', 0").await?;
    page.wait_until("document.getElementById('model-id') !== null").await?;
    fill(viva, &json!({"base-url": provider.base_url(), "model-id": MODEL, "api-key": KEY}))
        .await?;
    page.eval("document.getElementById('add-model').click()").await?;
    page.eval("location.hash = '#/run', 0").await?;
    page.wait_until("document.getElementById('start-run') !== null").await?;
    let n = wishes.n_in_flight;
    fill(viva, &json!({"in-flight": n, "in-flight-start": n})).await?;
    let is_ready = "!document.getElementById('start-run').disabled";
    page.wait_until(is_ready).await
}

/// Writes into fields by their ids, as typing does.
async fn fill(viva: &Viva, values: &Value) -> Result<()> {
    let script = format!(
        "for (const [id, value] of Object.entries({values})) {{
            const field = document.getElementById(id);
            field.value = value;
            field.dispatchEvent(new Event('input', {{ bubbles: true }}));
            field.dispatchEvent(new Event('change', {{ bubbles: true }}));
        }} 0"
    );
    viva.page.eval(&script).await.map(drop)
}

fn rate_of(provider: &Provider, n_items: usize) -> Result<f64> {
    let calls = provider.calls();
    if calls.len() != n_items {
        return Err(Error::new(format!("{} calls for {n_items} items", calls.len())));
    }
    if calls.iter().any(|call| !call.is_http2) {
        return Err(Error::new("the calls did not go over HTTP/2"));
    }
    let first = calls.iter().map(|call| call.at).min().unwrap_or_default();
    let last = calls.iter().filter_map(|call| call.ended).max().unwrap_or_default();
    Ok(n_items as f64 / last.saturating_sub(first).as_secs_f64())
}
