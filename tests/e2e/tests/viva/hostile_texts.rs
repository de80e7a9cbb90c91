//! Owns the test that hostile texts in every place do nothing: nothing runs, nothing is fetched, the page stays usable.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use viva::provider::Class;
use viva_e2e::browser::{css, role};
use viva_e2e::graded::{GradedRun, OpenItem, Vote};
use viva_e2e::place::Scratch;
use viva_e2e::site::Site;
use viva_e2e::{Error, Result, run};

use crate::{Stage, ensure, questions};

const TEXTS: &str = include_str!("../../../data/hostile_texts.json");

/// The texts, with what they would fetch pointed at a host that notes every request.
fn hostile(trap: &str) -> Result<Vec<String>> {
    let texts: Vec<Value> = serde_json::from_str(TEXTS)?;
    let trap = trap.trim_start_matches("http://").trim_end_matches('/');
    let text = |one: &Value| {
        let n = one["repeat"].as_u64().and_then(|n| usize::try_from(n).ok()).unwrap_or(1);
        one["text"].as_str().unwrap_or_default().repeat(n).replace("{TRAP}", trap)
    };
    Ok(texts.iter().map(text).collect())
}

/// A run that was saved, with these texts as questions, options, explanations, categories, names and answers.
fn poisoned(saved: &str, texts: &[String]) -> Result<String> {
    let mut run: Value = serde_json::from_str(saved)?;
    let short = |idx: usize| texts[idx % texts.len()].chars().take(4_000).collect::<String>();
    let lost = || Error::new("the file has another form");
    run["plan"]["title"] = json!(short(9));
    for (idx, set) in
        run["plan"]["datasets"].as_array_mut().ok_or_else(lost)?.iter_mut().enumerate()
    {
        set["title"] = json!(short(idx + 1));
        set["version"] = json!(short(idx + 2));
    }
    for (idx, model) in
        run["plan"]["models"].as_array_mut().ok_or_else(lost)?.iter_mut().enumerate()
    {
        // The last texts are the longest ones.
        model["name"] = json!(texts[if idx == 0 { 8 } else { texts.len() - 5 }]);
    }
    for (idx, item) in run["plan"]["items"].as_array_mut().ok_or_else(lost)?.iter_mut().enumerate()
    {
        let text = &texts[idx % texts.len()];
        item["question"] = json!(text);
        item["explanation"] = json!(short(idx));
        item["category"] = json!(if idx % 7 == 0 { text.clone() } else { short(idx % 5) });
        if let Some(options) = item["options"].as_array_mut() {
            for (place, option) in options.iter_mut().enumerate() {
                *option = json!(format!("{place} {}", short(idx + place)));
            }
        }
    }
    for (idx, entry) in run["entries"].as_array_mut().ok_or_else(lost)?.iter_mut().enumerate() {
        let answered = entry.pointer_mut("/body/attempt/result/answered");
        if let Some(answered) = answered {
            answered["text"] = json!(format!("{}\n\nAnswer: B", texts[idx % texts.len()]));
            answered["reasoning"] = json!(short(idx));
            answered["answered_by"] = json!(short(idx + 3));
        }
    }
    Ok(run.to_string())
}

#[test]
fn hostile_texts_run_nothing_and_fetch_nothing() {
    run(async {
        let trap = Site::pages(&[("index.html", "")]).await?;
        let texts = hostile(&trap.url())?;
        ensure(60 <= texts.len(), "sixty texts")?;
        let scratch = Scratch::new("hostile")?;
        let (_, file) = questions(&scratch, texts.len())?;
        let stage = Stage::new().await?;
        let viva = stage.viva.with_limit(Duration::from_mins(1));
        viva.open_questions(&[&file], &texts.len().to_string()).await?;
        viva.add_by_button("Add “Random guess”").await?;
        viva.add_by_button("Add “Longest option”").await?;
        viva.start_run().await?;
        viva.wait_finished().await?;
        viva.see_results().await?;
        let page = &viva.page;
        let saved =
            page.download(page.click(role("button", "Save the run (JSON)"))).await?.text()?;
        let name = "<img src=x onerror=pwned=1>\u{202e}nosj.json";
        let bad = scratch.write(name, poisoned(&saved, &texts)?)?;

        viva.reload().await?;
        page.clear_log();
        viva.open_results(&[&bad], 2).await?;
        page.wait_text("Do not trust it").await?;
        stage.site.forget();
        let slowest = read_all(&stage, texts.len()).await?;
        println!("the slowest question opened in {slowest:?}");
        ensure(slowest < Duration::from_secs(3), &format!("a question opened in {slowest:?}"))?;

        page.click("#copy-link").await?;
        let link = page.value("#result-link").await?;
        let csv = page.download(page.click(role("button", "Save the answers (CSV)"))).await?;
        ensure(!csv.bytes()?.is_empty(), "a table")?;
        page.click("#to-report").await?;
        page.wait_for("#report").await?;
        let html = page.download(page.click(role("button", "Save as one file (HTML)"))).await?;
        let fragment = link.split_once('#').unwrap_or_default().1.to_owned();
        viva.go(&format!("#{fragment}")).await?;
        page.wait_text("Somebody’s claim").await?;
        assert_nothing_ran(&stage, &trap).await?;

        // The report as a file, where no policy of the page stands before it.
        let host = Site::pages(&[("report.html", &html.text()?)]).await?;
        let reader = stage.context.page().await?;
        reader.goto(&format!("{}report.html", host.url())).await?;
        reader.wait_text("What can be concluded").await?;
        ensure(reader.eval("globalThis.pwned === undefined").await? == true, "the report ran")?;
        reader.log().clean()?;
        ensure(trap.served().is_empty(), &format!("{:?}", trap.served()))
    });
}

/// A run whose judge wrote these texts: as reasons of verdicts, and as replies that hold none; and whose criteria, themes,
/// answers and judge are named so too.
fn judged_by(texts: &[String]) -> Result<String> {
    const N_CRITERIA: usize = 8;
    let n_items = texts.len().div_ceil(N_CRITERIA);
    let why = |item: usize, n: usize| texts[(item * N_CRITERIA + n) % texts.len()].clone();
    let by_item = |item: usize| -> Vec<Vec<Vote>> {
        let said = |n: usize| Vote::Said(n.is_multiple_of(2), why(item, n));
        (0..N_CRITERIA).map(|n| vec![said(n), Vote::Failed]).collect()
    };
    let graded = GradedRun {
        run_id: "hostile".to_owned(),
        models: vec![("alpha", Class::GeneralPurpose), ("beta", Class::Clinical)],
        judges: vec!["one", "two"],
        items: vec![
            OpenItem { theme: "hedging", criteria: vec![(5, "accuracy"); N_CRITERIA] };
            n_items
        ],
        votes: vec![(0..n_items).map(by_item).collect(), (0..n_items).map(by_item).collect()],
    };
    let mut run: Value = serde_json::from_str(&graded.file())?;
    let short = |idx: usize| texts[idx % texts.len()].chars().take(4_000).collect::<String>();
    let lost = || Error::new("the file has another form");
    let judges = run["plan"]["judging"]["judges"].as_array_mut().ok_or_else(lost)?;
    for (idx, judge) in judges.iter_mut().enumerate() {
        judge["name"] = json!(short(idx + 8));
    }
    for (idx, item) in run["plan"]["items"].as_array_mut().ok_or_else(lost)?.iter_mut().enumerate()
    {
        item["tags"] = json!([format!("theme:{}", short(idx % 3))]);
        for (n, one) in item["rubric"].as_array_mut().ok_or_else(lost)?.iter_mut().enumerate() {
            one["criterion"] = json!(short(idx * N_CRITERIA + n));
            one["tags"] = json!([format!("axis:{}", short(n % 3 + 8))]);
        }
    }
    for (idx, entry) in run["entries"].as_array_mut().ok_or_else(lost)?.iter_mut().enumerate() {
        if let Some(unreadable) = entry.pointer_mut("/body/judgement/result/unreadable") {
            unreadable["completion"]["text"] = json!(texts[idx % texts.len()]);
        }
    }
    Ok(run.to_string())
}

#[test]
fn hostile_words_of_judges_run_nothing_and_fetch_nothing() {
    run(async {
        let trap = Site::pages(&[("index.html", "")]).await?;
        let texts = hostile(&trap.url())?;
        let scratch = Scratch::new("hostile-judges")?;
        let bad = scratch.write("judged.json", judged_by(&texts)?)?;
        let stage = Stage::new().await?;
        let viva = stage.viva.with_limit(Duration::from_mins(1));
        let page = &viva.page;
        viva.go("#/results").await?;
        page.set_files("main input[type=file]", &[&bad]).await?;
        page.wait_for("#open-answers-0[aria-busy=false] #open-judges-0").await?;
        page.wait_for("#figure-themes svg").await?;
        stage.site.forget();
        let slowest = read_all(&stage, texts.len().div_ceil(8)).await?;
        ensure(slowest < Duration::from_secs(3), &format!("a question opened in {slowest:?}"))?;
        // Without the longest texts in view, among which the browser looks for names slowly.
        viva.go("#/about").await?;
        viva.go("#/results").await?;
        page.wait_for("#open-answers-0[aria-busy=false] #open-judges-0").await?;
        let saved = page.download(page.click(role("button", "Save the judgements (CSV)"))).await?;
        ensure(!saved.bytes()?.is_empty(), "a table")?;
        page.click("#to-report").await?;
        page.wait_for("#report").await?;
        let html = page.download(page.click(role("button", "Save as one file (HTML)"))).await?;
        assert_nothing_ran(&stage, &trap).await?;
        let host = Site::pages(&[("report.html", &html.text()?)]).await?;
        let reader = stage.context.page().await?;
        reader.goto(&format!("{}report.html", host.url())).await?;
        reader.wait_text("What can be concluded").await?;
        ensure(reader.eval("globalThis.pwned === undefined").await? == true, "the report ran")?;
        reader.log().clean()?;
        ensure(trap.served().is_empty(), &format!("{:?}", trap.served()))
    });
}

/// Opens every question and what folds out of it; the longest time that one took.
async fn read_all(stage: &Stage, n: usize) -> Result<Duration> {
    let page = &stage.viva.page;
    let mut slowest = Duration::ZERO;
    page.click(css(".item-row button").nth(0)).await?;
    page.wait_for("#item-heading").await?;
    for idx in 0..n {
        page.eval(
            "document.querySelectorAll('article.card details').forEach(one => one.open = true), 0",
        )
        .await?;
        page.eval("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(0))))").await?;
        if idx + 1 < n {
            let start = Instant::now();
            let before = page.text("#item-heading").await?;
            page.click(role("button", "Next")).await?;
            page.poll("the next question", async || {
                Ok((page.text("#item-heading").await? != before).then_some(()))
            })
            .await?;
            if Duration::from_secs(1) < start.elapsed() {
                println!("question {} opened in {:?}", idx + 2, start.elapsed());
            }
            slowest = slowest.max(start.elapsed());
        }
    }
    Ok(slowest)
}

async fn assert_nothing_ran(stage: &Stage, trap: &Site) -> Result<()> {
    let page = &stage.viva.page;
    ensure(page.eval("globalThis.pwned === undefined").await? == true, "a text ran")?;
    let log = page.log();
    log.clean()?;
    ensure(log.dialogs.is_empty(), &format!("{:?}", log.dialogs))?;
    log.only_to(&[&stage.site.origin()])?;
    ensure(trap.served().is_empty(), &format!("{:?}", trap.served()))?;
    let strange: Vec<String> = stage
        .site
        .served()
        .into_iter()
        .map(|one| one.path)
        .filter(|path| {
            ![".css", ".wasm", ".js", ".json", ".svg"].iter().any(|end| path.ends_with(end))
                && path != "/"
        })
        .collect();
    ensure(strange.is_empty(), &format!("{strange:?}"))?;
    // What left the page, as the page itself tells.
    stage.viva.go("#/ledger").await?;
    let told = page.visible_text().await?;
    ensure(!told.contains(trap.url().trim_end_matches('/')), "the ledger names the trap")
}
