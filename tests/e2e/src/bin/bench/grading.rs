//! Measures the grading of open answers: from a file with ten thousand verdicts to all figures, and the figures alone.

use viva::provider::Class;
use viva_e2e::Result;
use viva_e2e::app::Viva;
use viva_e2e::browser::Browser;
use viva_e2e::graded::{GradedRun, OpenItem, Vote};
use viva_e2e::place::Scratch;
use viva_e2e::site::Site;

use super::figures::Table;

const THEMES: [&str; 4] = ["hedging", "communication", "global_health", "context_seeking"];
const AXES: [&str; 3] = ["accuracy", "completeness", "communication_quality"];

/// Notes tasks of 50 ms and more, when something was chosen, and when the figures stand.
const WATCH: &str = "globalThis.vivaLongest = 0, new PerformanceObserver(list => {
    for (const entry of list.getEntries()) globalThis.vivaLongest = Math.max(globalThis.vivaLongest, entry.duration);
}).observe({ entryTypes: ['longtask'] }),
document.addEventListener('change', () => { globalThis.vivaAt = performance.now(); globalThis.vivaDone = undefined; }, { capture: true }),
new MutationObserver(() => {
    if (document.querySelector('#open-answers-0[aria-busy=\"false\"] #open-judges-0')) globalThis.vivaDone ??= performance.now();
}).observe(document.body, { subtree: true, childList: true, attributes: true }), 0";

/// Adds the figures of a thousand items with ten criteria each, one model and one judge.
pub(crate) async fn measure(site: &Site, repeats: usize, table: &mut Table) -> Result<()> {
    let scratch = Scratch::new("bench-grading")?;
    let file = scratch.write("graded.json", run().file())?;
    let (mut opening, mut blocked) = (vec![], vec![]);
    let (mut reckoning, mut longest) = (vec![], vec![]);
    for _ in 0..repeats {
        let context = Browser::shared().await?.context().await?;
        let page = context.page().await?;
        page.goto("about:blank").await?;
        page.unwatched().await?;
        let viva = Viva::in_page(page, &site.url()).await?;
        viva.go("#/results").await?;
        let page = &viva.page;
        page.eval(WATCH).await?;
        page.set_files("main input[type=file]", &[&file]).await?;
        page.wait_until("globalThis.vivaDone !== undefined").await?;
        opening.push(took(&viva).await?);
        blocked.push(page.eval("vivaLongest").await?.as_f64().unwrap_or_default());
        page.eval("vivaLongest = 0").await?;
        page.choose("#open-rule-0", "pooled").await?;
        // The figures that stand are the old ones until the next frame.
        page.wait_until(
            "document.querySelector('#open-themes-0 caption')?.innerText.includes('pooled')",
        )
        .await?;
        page.wait_until("globalThis.vivaDone !== undefined").await?;
        reckoning.push(took(&viva).await?);
        longest.push(page.eval("vivaLongest").await?.as_f64().unwrap_or_default());
    }
    table.millis("10,000 verdicts: file to all figures", &opening);
    table.millis("  longest task of that", &blocked);
    table.millis("  aggregated and bootstrapped once more", &reckoning);
    table.millis("  longest task of that", &longest);
    Ok(())
}

async fn took(viva: &Viva) -> Result<f64> {
    Ok(viva.page.eval("vivaDone - vivaAt").await?.as_f64().unwrap_or_default())
}

fn run() -> GradedRun {
    let item = |idx: usize| {
        let worth = |n: usize| (if n % 3 == 2 { -4 } else { 5 }, AXES[n % AXES.len()]);
        OpenItem { theme: THEMES[idx % THEMES.len()], criteria: (0..10).map(worth).collect() }
    };
    let why = "The answer names the dose and says when to call for help, as the criterion asks.";
    let vote = |idx: usize, n: usize| vec![Vote::Said((idx * 7 + n * 13) % 5 < 3, why.to_owned())];
    GradedRun {
        run_id: "graded-bench".to_owned(),
        models: vec![("measured", Class::GeneralPurpose)],
        judges: vec!["judge"],
        items: (0..1_000).map(item).collect(),
        votes: vec![(0..1_000).map(|idx| (0..10).map(|n| vote(idx, n)).collect()).collect()],
    }
}
