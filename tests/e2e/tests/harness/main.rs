//! Owns the tests of what the end-to-end tests stand on, against small pages written here.
#![allow(clippy::disallowed_methods, reason = "runs natively, with the clock of the machine")]

mod acting;
mod batches;
mod browser;
mod hub;
mod protocols;
mod provider;
mod secure;
mod signing_in;
mod storage;
mod watching;

use viva_e2e::Result;
use viva_e2e::browser::{Page, new_page};
use viva_e2e::site::Site;

/// A page with this in its body. A policy at the beginning stands in its head.
fn html(body: &str) -> String {
    format!("<!doctype html><html lang=en><meta charset=utf-8><title>Test</title>{body}</html>")
}

/// Opens a page with this in its body.
async fn open(body: &str) -> Result<(Site, Page)> {
    let site = Site::pages(&[("index.html", &html(body))]).await?;
    let page = new_page().await?;
    page.goto(&site.url()).await?;
    Ok((site, page))
}
