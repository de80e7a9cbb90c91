//! Owns the end-to-end tests of Viva itself, in a real Chromium against a provider that behaves as real ones do.
#![allow(clippy::disallowed_methods, reason = "runs natively, with the clock of the machine")]

mod batching;
mod budgets;
mod case;
mod catalogue;
mod classroom;
mod diagnosing;
mod exam;
mod faults;
mod grades;
mod hostile_texts;
mod judge_bench;
mod judges;
mod keeping;
mod looking;
mod mapping;
mod open_cases;
mod opening;
mod opening_formats;
mod passing_on;
mod pasting;
mod picturing;
mod prompting;
mod providers;
mod record;
mod review;
mod running;
mod secrets;
mod study;
mod trying;
mod writing;

use std::path::PathBuf;
use std::sync::Arc;

use viva_e2e::app::Viva;
use viva_e2e::browser::{
    Browser, Context, Page, Profile as BrowserProfile, contains, host_flag, label,
};
use viva_e2e::place::Scratch;
use viva_e2e::provider::{Counts, Provider};
use viva_e2e::questions::{Question, synthetic, to_csv};
use viva_e2e::site::Site;
use viva_e2e::{Error, Result};

/// The built page on a dumb host, open in a browser context of its own.
struct Stage {
    site: Site,
    context: Arc<Context>,
    viva: Viva,
    /// The files of a browser of its own, which must outlive it.
    _profile: Option<BrowserProfile>,
}

impl Stage {
    async fn new() -> Result<Self> {
        let site = Site::dist().await?;
        let context = Browser::shared().await?.context().await?;
        let viva = Viva::open(&context, &site).await?;
        Ok(Self { site, context, viva, _profile: None })
    }

    /// The same in a browser of its own, which finds these hosts at providers of this machine. The page comes from a host
    /// of this name.
    async fn at_hosts(page_host: &str, hosts: &[(&str, &Provider)]) -> Result<Self> {
        let hosts: Vec<(&str, u16)> =
            hosts.iter().map(|(host, provider)| (*host, provider.port())).collect();
        Self::at_ports(page_host, &hosts).await
    }

    /// The same in a browser of its own, which finds these hosts on ports of this machine, such as those of `Hub::hosts`.
    async fn at_ports(page_host: &str, hosts: &[(&str, u16)]) -> Result<Self> {
        let site = Site::dist().await?;
        let profile = BrowserProfile::fresh()?;
        let browser = Browser::launch_with(&profile, &[&host_flag(hosts)]).await?;
        let context = browser.lasting_context().await?;
        let viva = Viva::in_page(context.page().await?, &site.url_as(page_host)).await?;
        Ok(Self { site, context, viva, _profile: Some(profile) })
    }

    /// Ends the test: nothing was written to the console, no policy was broken, and requests went only here and there.
    fn clean(&self, also: &[&Provider]) -> Result<()> {
        let log = self.viva.page.log();
        let origins: Vec<String> = std::iter::once(self.site.origin())
            .chain(also.iter().map(|one| one.origin()))
            .collect();
        let origins: Vec<&str> = origins.iter().map(String::as_str).collect();
        log.only_to(&origins)?;
        match also {
            // A browser writes failed calls to a provider to the console by itself.
            [] => log.clean(),
            _ => Ok(()),
        }
    }
}

/// Made-up questions and the file that holds them.
fn questions(scratch: &Scratch, n: usize) -> Result<(Vec<Question>, PathBuf)> {
    let questions = synthetic(n, 4, 11);
    let file = scratch.write("questions.csv", to_csv(&questions))?;
    Ok((questions, file))
}

/// Fails unless the leaderboard's line of a model says exactly what the provider's script did.
async fn assert_counts(viva: &Viva, model: &str, expected: Counts) -> Result<()> {
    let standings = viva.standings().await?;
    let line = standings.iter().find(|line| line.model == model);
    let line = line.ok_or_else(|| Error::new(format!("no line for {model}: {standings:?}")))?;
    let parts = [
        (expected.correct, "right"),
        (expected.incorrect, "wrong"),
        (expected.refused + expected.filtered, "refused"),
        (expected.unreadable + expected.blank, "unreadable"),
        (expected.truncated, "cut off"),
    ];
    let told: Vec<String> =
        parts.iter().filter(|(n, _)| 0 < *n).map(|(n, name)| format!("{n} {name}")).collect();
    let accuracy = format!("{:.1} %", expected.accuracy() * 100.0);
    if line.outcomes == told.join(", ") && line.accuracy == accuracy {
        return Ok(());
    }
    Err(Error::new(format!(
        "{model}: expected {} and {accuracy}, the page says {line:?}",
        told.join(", ")
    )))
}

/// Fails unless every request came without cookie and referrer, with no header that the provider does not list.
fn assert_plain(provider: &Provider) -> Result<()> {
    for received in provider.received() {
        let extra = &received.unlisted;
        ensure(extra.is_empty(), &format!("{}: unlisted headers {extra:?}", received.path))?;
        let told = received.header("cookie").or(received.header("referer"));
        ensure(told.is_none(), &format!("{}: {told:?}", received.path))?;
    }
    Ok(())
}

/// Says of columns, by words of their names, what each is.
async fn choose_roles(page: &Page, roles: &[(&str, &str)]) -> Result<()> {
    for (column, wanted) in roles {
        page.choose(label(contains(column)), wanted).await?;
    }
    Ok(())
}

/// Fails with this reason.
fn ensure(holds: bool, reason: &str) -> Result<()> {
    if holds { Ok(()) } else { Err(Error::new(reason)) }
}
