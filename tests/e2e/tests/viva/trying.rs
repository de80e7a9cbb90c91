//! Owns the test of "Try it now": no key, no account, from the start page to results.

use std::time::{Duration, Instant};

use viva_e2e::browser::{css, role};
use viva_e2e::run;

use crate::{Stage, ensure};

#[test]
fn a_visitor_answers_a_few_and_ends_on_results() {
    run(async {
        let stage = Stage::new().await?;
        let page = &stage.viva.page;
        let started = Instant::now();
        page.click(css("main a[href='#/try']")).await?;
        page.wait_for(role("heading", "Try it now")).await?;
        page.click(role("button", "Start")).await?;
        page.wait_for(".option").await?;
        // One by mouse, one by keyboard alone.
        page.click(css(".option").nth(1)).await?;
        page.wait_text("Source:").await?;
        page.wait_until("document.activeElement?.id === 'next'").await?;
        page.press("Enter").await?;
        page.wait_until("document.activeElement?.id === 'options'").await?;
        page.press("a").await?;
        page.wait_text("of 2 right so far").await?;
        page.click(role("link", "See the results")).await?;
        page.wait_for("#leaderboard").await?;
        ensure(
            started.elapsed() < Duration::from_secs(30),
            "the way to results takes more than 30 s",
        )?;
        let standings = stage.viva.standings().await?;
        ensure(standings.len() == 4, &format!("four participants, not {standings:?}"))?;
        let you = standings.iter().find(|line| line.model == "You");
        let you = you.map(|line| line.outcomes.as_str()).unwrap_or_default();
        ensure(you.ends_with("8 not asked"), &format!("the visitor answered two: {you}"))?;
        for line in standings.iter().filter(|line| line.class == "baseline") {
            ensure(line.outcomes.contains("right, "), &format!("{line:?}"))?;
            ensure(!line.outcomes.contains("not asked"), &format!("{line:?}"))?;
        }
        let pairs = stage.viva.pairs().await?;
        ensure(pairs.len() == 6, &format!("six pairs, not {}", pairs.len()))?;
        stage.clean(&[])
    });
}

#[test]
fn it_works_below_a_sub_path_and_offline_after_loading() {
    run(async {
        let host = viva_e2e::site::Host::of(viva_e2e::site::dist_folder()).below("/demo/viva");
        let site = host.start().await?;
        let context = viva_e2e::browser::Browser::shared().await?.context().await?;
        let viva = viva_e2e::app::Viva::open(&context, &site).await?;
        viva.use_bundled().await?;
        viva.wait_whole().await?;
        viva.page.offline(true).await?;
        for rule in ["Add “Random guess”", "Add “Longest option”"] {
            viva.add_by_button(rule).await?;
        }
        viva.start_run().await?;
        viva.wait_finished().await?;
        viva.see_results().await?;
        ensure(viva.standings().await?.len() == 2, "two participants")
    });
}
