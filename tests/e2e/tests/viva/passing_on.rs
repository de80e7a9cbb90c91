//! Owns the tests of what is passed on: links, files beside the page, exports opened again, and the report.

use std::path::Path;

use serde_json::{Value, json};
use viva_e2e::browser::{Download, css, label, role};
use viva_e2e::place::{Scratch, target};
use viva_e2e::site::{Host, dist_folder};
use viva_e2e::{Error, Result, run};

use crate::{Stage, ensure, questions};

/// The bundled questions, answered by rules: whoever opens the result has the same questions.
async fn bundled_run(stage: &Stage) -> Result<()> {
    let viva = &stage.viva;
    viva.use_bundled().await?;
    viva.add_by_button("Add “Random guess”").await?;
    viva.add_by_button("Add “Word overlap”").await?;
    viva.start_run().await?;
    viva.wait_finished().await?;
    viva.see_results().await
}

/// The page on a host of its own with these files beside it.
async fn stage_with(files: &[(&str, &[u8])]) -> Result<(Stage, Scratch)> {
    let scratch = Scratch::new("beside")?;
    copy(&dist_folder(), scratch.path())?;
    for (name, content) in files {
        scratch.write(name, content)?;
    }
    let site = Host::of(scratch.path()).start().await?;
    let context = viva_e2e::browser::Browser::shared().await?.context().await?;
    let viva = viva_e2e::app::Viva::open(&context, &site).await?;
    Ok((Stage { site, context, viva, _profile: None }, scratch))
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

async fn save(stage: &Stage, button: &str) -> Result<Download> {
    let page = &stage.viva.page;
    page.download(page.click(role("button", button))).await
}

#[test]
fn a_link_holds_the_result_and_opens_on_any_copy_of_the_page() {
    run(async {
        let stage = Stage::new().await?;
        bundled_run(&stage).await?;
        let before = (stage.viva.standings().await?, stage.viva.pairs().await?);
        let page = &stage.viva.page;
        page.click("#copy-link").await?;
        let link = page.value("#result-link").await?;
        ensure(page.shows(".qr").await?, "a code for cameras")?;
        let (address, fragment) = link.split_once('#').ok_or_else(|| Error::new("a fragment"))?;
        ensure(address == stage.site.url(), address)?;

        let other = Stage::new().await?;
        let page = &other.viva.page;
        other.viva.go(&format!("#{fragment}")).await?;
        page.wait_for("#leaderboard").await?;
        page.wait_text("Somebody’s claim").await?;
        ensure(
            before == (other.viva.standings().await?, other.viva.pairs().await?),
            "other figures",
        )?;
        // The pack comes with the page, so that its texts are found by their fingerprint.
        page.wait_text("You have the same questions").await?;
        page.click(css(".item-row button").nth(0)).await?;
        page.wait_for("#item-heading").await?;
        let asked = page.text(".question").await?;
        ensure(30 < asked.len(), &asked)?;
        let served = other.site.served();
        ensure(
            served.iter().all(|one| !one.path.contains("shared")),
            "the server sees none of it",
        )?;
        page.click("#copy-link").await?;
        let again = page.value("#result-link").await?;
        ensure(again.ends_with(fragment), "the link is the same when passed on")?;

        for (broken, told) in [
            (&fragment[..fragment.len() - 40], "damaged or was cut off"),
            ("/results?shared=9.x", "another version"),
        ] {
            other.viva.go(&format!("#{broken}")).await?;
            page.wait_text(told).await?;
        }
        other.clean(&[])
    });
}

#[test]
fn a_result_whose_questions_nobody_has_opens_without_texts() {
    run(async {
        let scratch = Scratch::new("claim")?;
        let (_, file) = questions(&scratch, 30)?;
        let stage = Stage::new().await?;
        stage.viva.open_questions(&[&file], "30").await?;
        stage.viva.add_by_button("Add “Random guess”").await?;
        stage.viva.start_run().await?;
        stage.viva.wait_finished().await?;
        stage.viva.see_results().await?;
        let before = stage.viva.standings().await?;
        stage.viva.page.click("#copy-link").await?;
        let link = stage.viva.page.value("#result-link").await?;
        let fragment = link.split_once('#').unwrap_or_default().1.to_owned();

        let other = Stage::new().await?;
        let page = &other.viva.page;
        other.viva.go(&format!("#{fragment}")).await?;
        page.wait_text("The texts of the questions are not in the link").await?;
        ensure(before == other.viva.standings().await?, "other figures")?;
        page.click(css(".item-row button").nth(0)).await?;
        page.wait_text("The text of this question and the answers to it are not in the link")
            .await?;
        page.accessible().await?;
        // Whoever opens the same questions sees them.
        other.viva.open_questions(&[&file], "30").await?;
        other.viva.go(&format!("#{fragment}")).await?;
        page.wait_text("You have the same questions").await?;
        other.clean(&[])
    });
}

#[test]
fn a_file_beside_the_page_is_opened_and_nothing_else_is_fetched() {
    run(async {
        let stage = Stage::new().await?;
        bundled_run(&stage).await?;
        let saved = save(&stage, "Save the run (JSON)").await?;
        let before = stage.viva.standings().await?;
        let (other, _scratch) = stage_with(&[("demo/run.json", &saved.bytes()?)]).await?;
        let page = &other.viva.page;
        other.viva.go("#/results?results=demo/run.json").await?;
        page.wait_for("#leaderboard").await?;
        ensure(before == other.viva.standings().await?, "other figures")?;
        page.wait_text("chain of SHA-256 hashes is whole").await?;
        other.site.forget();
        let elsewhere = format!("{}/demo/run.json", stage.site.origin());
        for value in [
            elsewhere.as_str(),
            "//127.0.0.1:1/x.json",
            "/demo/run.json",
            "../run.json",
            "javascript:alert(1)",
            "data:application/json,%7B%7D",
            "%252e%252e/run.json",
            "demo/run.html",
            "demo/run.json?x=1",
        ] {
            let encoded =
                value.bytes().fold(String::new(), |text, byte| text + &format!("%{byte:02X}"));
            other.viva.go(&format!("#/results?results={encoded}")).await?;
            page.wait_text("This link was not followed").await?;
            ensure(!page.shows("#leaderboard").await?, value)?;
        }
        other.viva.go("#/results?results=demo/none.json").await?;
        page.wait_text("HTTP 404").await?;
        let asked: Vec<String> = other.site.served().into_iter().map(|one| one.path).collect();
        ensure(
            asked.iter().all(|path| {
                path.ends_with("none.json") || path.contains("/icon-") || path.contains(".wasm")
            }),
            &format!("{asked:?}"),
        )?;
        page.log().only_to(&[&other.site.origin()])
    });
}

#[test]
fn what_is_saved_opens_again_with_nothing_lost() {
    run(async {
        let stage = Stage::new().await?;
        bundled_run(&stage).await?;
        let buttons = ["Save the run (JSON)", "Save the answers (CSV)", "Save the answers (JSONL)"];
        let mut first = vec![];
        for button in buttons {
            first.push(save(&stage, button).await?.bytes()?);
        }
        let run_file: Value = serde_json::from_slice(&first[0])?;
        for (place, is) in [
            ("/schema", run_file["schema"] == json!("viva-run/1")),
            ("/app_version", run_file["app_version"].is_string()),
            ("/plan_hash", run_file["plan_hash"].as_str().is_some_and(|hash| hash.len() == 64)),
            (
                "/plan/datasets/0/fingerprint",
                run_file["plan"]["datasets"][0]["fingerprint"].is_string(),
            ),
            ("/plan/template", run_file["plan"]["template"].is_string()),
            ("/entries/0/at_millis", run_file["entries"][0]["at_millis"].is_u64()),
            ("/entries/0/hash", run_file["entries"][0]["hash"].is_string()),
        ] {
            ensure(is, place)?;
        }
        let scratch = Scratch::new("again")?;
        let file = scratch.write("run.json", &first[0])?;
        let other = Stage::new().await?;
        other.viva.open_results(&[&file], 2).await?;
        other.viva.page.wait_text("chain of SHA-256 hashes is whole").await?;
        for (button, before) in buttons.into_iter().zip(&first) {
            let after = save(&other, button).await?.bytes()?;
            ensure(&after == before, &format!("{button}: not the same bytes"))?;
        }
        other.clean(&[])
    });
}

#[test]
fn the_report_is_printed_and_saved_as_one_file_that_loads_nothing() {
    run(async {
        let stage = Stage::new().await?;
        bundled_run(&stage).await?;
        let page = &stage.viva.page;
        page.click("#to-report").await?;
        page.wait_for("#report").await?;
        page.fill(
            label("The question behind the examination, in your words"),
            "Which one <b>is</b> better?",
        )
        .await?;
        page.wait_text("Which one <b>is</b> better?").await?;
        for told in [
            "What can be concluded",
            "What this does not show",
            "Audit trail",
            "TRIPOD-LLM",
            "the other rule beside it",
        ] {
            page.wait_text(told).await?;
        }
        page.accessible().await?;
        let folder = target().join("screenshots");
        std::fs::create_dir_all(&folder)?;
        for (name, width, height) in [("a4", 8.27, 11.69), ("letter", 8.5, 11.0)] {
            let printed = page
                .call("Page.printToPDF", json!({"paperWidth": width, "paperHeight": height, "printBackground": true, "preferCSSPageSize": true}))
                .await?;
            let data = printed["data"].as_str().unwrap_or_default();
            let pdf = data_encoding::BASE64
                .decode(data.as_bytes())
                .map_err(|error| Error::new(error.to_string()))?;
            ensure(pdf.starts_with(b"%PDF"), "a PDF")?;
            std::fs::write(folder.join(format!("report-{name}.pdf")), pdf)?;
        }
        let saved = save(&stage, "Save as one file (HTML)").await?;
        let html = saved.text()?;
        ensure(html.contains("Which one &lt;b&gt;is&lt;/b&gt; better?"), "the question")?;
        for forbidden in ["<script", "<link", "src=", "url(", "@import"] {
            ensure(!html.contains(forbidden), forbidden)?;
        }
        std::fs::write(folder.join("report.html"), &html)?;
        let site = viva_e2e::site::Site::pages(&[("report.html", &html)]).await?;
        let reader = stage.context.page().await?;
        reader.goto(&format!("{}report.html", site.url())).await?;
        reader.wait_text("What can be concluded").await?;
        let paths: Vec<String> = site.served().into_iter().map(|one| one.path).collect();
        ensure(
            paths.iter().all(|path| path.contains("report.html") || path.contains("favicon")),
            &format!("{paths:?}"),
        )?;
        reader.log().clean()
    });
}
