//! Owns what a failed test tells about the page: its text, its console, its last requests, and a picture.

use std::fmt::Write;

use super::Page;
use crate::{Error, Result, place};

impl Page {
    /// An error that carries everything needed to see why.
    pub async fn failed(&self, what: &str) -> Error {
        let mut report = String::new();
        let address = self
            .eval_text("location.href")
            .await
            .unwrap_or_else(|error| format!("unknown: {error}"));
        let _ = writeln!(report, "--- page {address}");
        let text = self.visible_text().await.unwrap_or_default();
        let _ = writeln!(report, "{}", text.chars().take(4000).collect::<String>());
        let log = self.log();
        if log.crashed {
            let _ = writeln!(report, "--- its process has crashed");
        }
        let _ = writeln!(report, "--- console");
        for line in log.console.iter().rev().take(30).rev() {
            let _ = writeln!(
                report,
                "{}: {}",
                line.level,
                line.text.chars().take(500).collect::<String>()
            );
        }
        for thrown in log.exceptions.iter().rev().take(10).rev() {
            let _ = writeln!(report, "uncaught: {thrown}");
        }
        for violation in log.csp.iter().rev().take(10).rev() {
            let _ = writeln!(report, "forbidden by its policy: {violation:?}");
        }
        let _ = writeln!(report, "--- last of {} requests", log.exchanges.len());
        for exchange in log.exchanges.iter().rev().take(10).rev() {
            let end = match (&exchange.failure, exchange.status) {
                (Some(failure), _) => failure.clone(),
                (None, Some(status)) => status.to_string(),
                (None, None) => "no answer yet".to_owned(),
            };
            let url: String = exchange.url.chars().take(200).collect();
            let _ = writeln!(report, "{} {url} ({}): {end}", exchange.method, exchange.kind);
        }
        match self.picture().await {
            Ok(path) => _ = writeln!(report, "--- picture: {path}"),
            Err(error) => _ = writeln!(report, "--- no picture: {error}"),
        }
        Error::new(what).and(&report)
    }

    async fn picture(&self) -> Result<String> {
        if self.log().crashed || !self.connection().is_open() {
            return Err(Error::new("there is no page any more"));
        }
        let path = place::evidence("png")?;
        self.screenshot().await?.save(&path)?;
        Ok(path.display().to_string())
    }
}
