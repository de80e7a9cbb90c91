//! Measures a run: items per second against the scripted provider, through the page's own controls.

use std::time::{Duration, Instant};

use viva_e2e::app::Viva;
use viva_e2e::browser::Browser;
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
    /// Calls at the same time, at most.
    pub(crate) n_in_flight: u32,
    /// Runs for each latency.
    pub(crate) repeats: usize,
}

impl Default for Wishes {
    fn default() -> Self {
        Self { n_items: 500, n_in_flight: 64, repeats: 3 }
    }
}

const MODEL: &str = "measured";
const KEY: &str = "sk-bench";

/// Adds the items per second when every answer comes after `latency_millis`.
pub(crate) async fn measure(
    site: &Site,
    wishes: &Wishes,
    latency_millis: u64,
    table: &mut Table,
) -> Result<()> {
    let mut rates = Vec::new();
    for _ in 0..wishes.repeats {
        rates.push(rate(site, wishes, Duration::from_millis(latency_millis)).await?);
    }
    let name = format!("{} items, provider at {latency_millis} ms", wishes.n_items);
    table.rates(&name, &rates);
    Ok(())
}

async fn rate(site: &Site, wishes: &Wishes, latency: Duration) -> Result<f64> {
    let questions = synthetic(wishes.n_items, 4, 1);
    let script = Script::new(&questions, 1).model(Examinee::new(MODEL, 0.8)).key(KEY);
    let provider =
        Provider::start(Profile::Reflective, script.latency(Latency::Fixed(latency))).await?;
    let scratch = Scratch::new("bench")?;
    let file = scratch.write("bench.jsonl", to_jsonl(&questions))?;

    let context = Browser::shared().await?.context().await?;
    let viva = Viva::open(&context, site).await?;
    viva.open_questions(&[&file], &grouped(wishes.n_items)).await?;
    viva.add_model(&provider.base_url(), MODEL, KEY).await?;
    viva.set_in_flight(wishes.n_in_flight).await?;
    let start = Instant::now();
    viva.start_run().await?;
    viva.with_limit(Duration::from_mins(10)).wait_finished().await?;
    let seconds = start.elapsed().as_secs_f64();

    let n_calls = provider.calls().len();
    if n_calls != wishes.n_items {
        return Err(Error::new(format!("{n_calls} calls for {} items", wishes.n_items)));
    }
    Ok(wishes.n_items as f64 / seconds)
}

fn grouped(n: usize) -> String {
    let digits = n.to_string();
    let (head, tail) = digits.split_at(digits.len().saturating_sub(3));
    if head.is_empty() { tail.to_owned() } else { format!("{head},{tail}") }
}
