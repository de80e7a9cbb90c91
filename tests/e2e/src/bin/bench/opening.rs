//! Measures how long the four files with one answer per question take to open, from the choice to the figures.

use std::path::{Path, PathBuf};

use viva_e2e::Result;
use viva_e2e::app::Viva;
use viva_e2e::browser::Browser;
use viva_e2e::place;
use viva_e2e::site::Site;

use super::figures::Table;

const FILES: [&str; 4] =
    ["gpt-4o.csv", "claude-3-5-sonnet.csv", "llama-3-70b.csv", "openbiollm-70b.csv"];

/// The page's own clock, from the choice of the files to the frame that shows all four in the leaderboard.
const WATCH: &str = "globalThis.vivaOpened = new Promise(done => {
    let start;
    addEventListener('change', () => start = performance.now(), { capture: true, once: true });
    new MutationObserver((_, observer) => {
        if (document.querySelectorAll('#leaderboard tbody tr').length !== 4) return;
        observer.disconnect();
        requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)));
    }).observe(document.body, { childList: true, subtree: true });
}), 0";

/// Adds the time to open the files together; nothing, and a word why, where they are not there.
pub(crate) async fn measure(site: &Site, repeats: usize, table: &mut Table) -> Result<()> {
    let Some(folder) = place::shared_data("medqa-per-item") else {
        eprintln!("SKIPPED: the four per-item files are not there");
        return Ok(());
    };
    let paths: Vec<PathBuf> = FILES.iter().map(|name| folder.join(name)).collect();
    let paths: Vec<&Path> = paths.iter().map(PathBuf::as_path).collect();
    let mut times = Vec::new();
    for _ in 0..repeats {
        let context = Browser::shared().await?.context().await?;
        let viva = Viva::open(&context, site).await?;
        viva.go("#/results").await?;
        viva.page.eval(WATCH).await?;
        viva.open_results(&paths, FILES.len()).await?;
        times.extend(viva.page.eval("vivaOpened").await?.as_f64());
    }
    table.millis("opening the four per-item files", &times);
    Ok(())
}
