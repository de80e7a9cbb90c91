//! Measures the first visit: the files it takes, and the time until the start page can be used.

use viva_e2e::browser::Browser;
use viva_e2e::site::{Served, Site};
use viva_e2e::{Error, Result};

/// When the page said that it can be used, in milliseconds since navigation began.
const USABLE: &str = "performance.getEntriesByName('viva-usable')[0]?.startTime ?? null";

/// Everything that the first visit transfers until the network is quiet.
pub(crate) async fn files(site: &Site) -> Result<Vec<Served>> {
    site.forget();
    visit(site).await?;
    Ok(site.served())
}

/// Milliseconds from navigation to a usable start page, each in a browser of its own with an empty profile.
pub(crate) async fn times(site: &Site, repeats: usize) -> Result<Vec<f64>> {
    let mut times = Vec::new();
    for _ in 0..repeats {
        times.push(visit(site).await?);
    }
    Ok(times)
}

async fn visit(site: &Site) -> Result<f64> {
    let browser = Browser::launch().await?;
    let page = browser.context().await?.page().await?;
    // A browser that has just started is still busy with itself.
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    page.goto(&site.url()).await?;
    page.wait_until("document.body?.dataset.ready === 'true'").await?;
    page.wait_quiet().await?;
    let usable = page.eval(USABLE).await?.as_f64();
    let stray: Vec<String> =
        page.log().origins().into_iter().filter(|origin| *origin != site.origin()).collect();
    if !stray.is_empty() {
        return Err(Error::new(format!("the first load asks other hosts: {stray:?}")));
    }
    usable.ok_or_else(|| Error::new("the page sets no mark viva-usable"))
}
