//! Measures the page as a visitor meets it: what it weighs, how soon it can be used, how fast it asks, how fast it opens
//! results and large files of questions. Run it with `cargo xtask bench`; it prints a table and writes `target/bench.json`.
#![allow(clippy::disallowed_methods, reason = "runs natively, with the clock of the machine")]

mod figures;
mod files;
mod first_load;
mod grading;
mod items;
mod opening;
mod results;
mod running;

use std::path::PathBuf;

use serde_json::json;
use viva_e2e::browser::Browser;
use viva_e2e::site::{Encoding, Host, Site, dist_folder};
use viva_e2e::{Error, Result, place, run};

use figures::Table;

fn main() {
    run(async {
        let wishes = Wishes::read(std::env::args().skip(1))?;
        let site = Host::of(dist_folder()).encoding(Encoding::Brotli).start().await?;
        site.compress_all()?;
        let mut table = Table::default();
        let wants = |part: Part| wishes.only.is_none_or(|only| only == part);
        if wants(Part::FirstLoad) {
            weigh_and_time(&site, &wishes, &mut table).await?;
        }
        if wants(Part::Running) {
            for latency_millis in [0, 200] {
                running::measure(&site, &wishes.running, latency_millis, &mut table).await?;
            }
        }
        if wants(Part::Results) {
            opening::measure(&site, wishes.repeats, &mut table).await?;
            results::measure(&site, wishes.repeats, &mut table).await?;
        }
        if wants(Part::Files) {
            files::measure(&site, wishes.file_repeats, &mut table).await?;
        }
        if wants(Part::Grading) {
            grading::measure(&site, wishes.repeats, &mut table).await?;
        }
        if wants(Part::ItemsTable) {
            items::measure(&site, wishes.repeats, &mut table).await?;
        }
        let path: PathBuf = place::target().join("bench.json");
        let browser = Browser::shared().await?.version().await?;
        let report = json!({"browser": browser, "figures": table.to_json()});
        std::fs::write(&path, format!("{report:#}\n"))?;
        println!("written to {}", path.display());
        Ok(())
    });
}

async fn weigh_and_time(site: &Site, wishes: &Wishes, table: &mut Table) -> Result<()> {
    let files = first_load::files(site).await?;
    table.bytes("first load, brotli, all files", files.iter().map(|file| file.bytes).sum());
    for file in &files {
        table.bytes(&format!("  {}", file.path), file.bytes);
    }
    let times = first_load::times(site, wishes.repeats).await?;
    table.millis("navigation to usable start page", &times);
    Ok(())
}

/// What can be measured alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    FirstLoad,
    Running,
    Results,
    Files,
    Grading,
    ItemsTable,
}

/// What the command line asked for.
#[derive(Debug)]
struct Wishes {
    repeats: usize,
    /// For each large file, which takes seconds.
    file_repeats: usize,
    /// `None` for all parts.
    only: Option<Part>,
    running: running::Wishes,
}

impl Wishes {
    fn read(mut arguments: impl Iterator<Item = String>) -> Result<Self> {
        let mut wishes =
            Self { repeats: 11, file_repeats: 3, only: None, running: running::Wishes::default() };
        while let Some(argument) = arguments.next() {
            let mut number = || {
                let given = arguments.next().and_then(|number| number.parse().ok());
                given
                    .filter(|number| *number > 0)
                    .ok_or_else(|| Error::new(format!("{argument} takes a number")))
            };
            match argument.as_str() {
                "--repeats" => wishes.repeats = number()?,
                "--items" => wishes.running.n_items = number()?,
                "--in-flight" => {
                    let n = number()?;
                    wishes.running.n_in_flight = u32::try_from(n).unwrap_or(u32::MAX);
                }
                "--file-repeats" => wishes.file_repeats = number()?,
                "--first-load" => wishes.only = Some(Part::FirstLoad),
                "--running" => wishes.only = Some(Part::Running),
                "--results" => wishes.only = Some(Part::Results),
                "--files" => wishes.only = Some(Part::Files),
                "--grading" => wishes.only = Some(Part::Grading),
                "--items-table" => wishes.only = Some(Part::ItemsTable),
                _ => {
                    return Err(Error::new(format!(
                        "{argument} is unknown; there are --repeats N, --file-repeats N, --items N, --in-flight N, and --first-load, --running, \
                         --results, --files, --grading or --items-table for one part alone"
                    )));
                }
            }
        }
        Ok(wishes)
    }
}
