//! Owns the tests of batches: handed in and collected by the page across a reload, and carried by file.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;
use viva_e2e::app::{Entered, Viva};
use viva_e2e::browser::{contains, css, role};
use viva_e2e::place::Scratch;
use viva_e2e::provider::{Examinee, Profile, Provider, Script};
use viva_e2e::{Error, Result, run};

use crate::record::Record;
use crate::{Stage, assert_counts, assert_plain, ensure, questions};

/// Preset, host, profile, model and the path on which a batch begins.
const fn seats() -> [(&'static str, &'static str, Profile, &'static str, &'static str); 3] {
    [
        ("openai", "api.openai.com", Profile::Reflective, "gpt-4o", "/v1/batches"),
        (
            "gemini",
            "generativelanguage.googleapis.com",
            Profile::Gemini,
            "gemini-2.5-flash",
            ":batchGenerateContent",
        ),
        ("mistral", "api.mistral.ai", Profile::Mistral, "mistral-small", "/v1/batch/jobs"),
    ]
}

fn key_of(preset: &str) -> String {
    format!("sk-batch-{preset}-0123456789")
}

#[test]
fn batches_outlive_the_page_and_nothing_is_handed_in_twice() {
    run(async {
        let scratch = Scratch::new("batches")?;
        let (questions, file) = questions(&scratch, 30)?;
        let seats = seats();
        let mut providers = vec![];
        for (preset, _, profile, model, _) in &seats {
            let examinee = Examinee::new(model, 0.7).refuses(0.1).runs_out(0.1);
            let script = Script::new(&questions, 41).key(&key_of(preset)).model(examinee);
            let script = script.batch_polls(0).forgets_batch_keys();
            providers.push(Provider::start_h2(profile.clone(), script).await?);
        }
        let hosts: Vec<(&str, &Provider)> =
            seats.iter().map(|seat| seat.1).zip(&providers).collect();
        let stage = Stage::at_hosts("127.0.0.1", &hosts).await?;
        let viva = stage.viva.with_limit(Duration::from_mins(1));
        viva.open_questions(&[&file], "30").await?;
        for (preset, _, _, model, _) in &seats {
            let key = key_of(preset);
            let (key, price) = (key.as_str(), Some(("1", "4")));
            let delivery = "batch";
            let entered = Entered { preset, model, key, price, delivery, ..Entered::default() };
            viva.enlist(&entered).await?;
        }
        viva.start_run().await?;
        for idx in 0..seats.len() {
            wait_lane(&viva, idx, "30 handed in with 1 batch").await?;
        }
        // The page goes while they are under way.
        viva.reload().await?;
        viva.go("#/").await?;
        viva.page.click(role("link", contains("Go on with"))).await?;
        viva.page.wait_text("needs the key for").await?;
        for n_left in (1..=seats.len()).rev() {
            let asked = viva.page.text(css(".notice").nth(0)).await?;
            let seat = seats.iter().find(|(_, host, ..)| asked.contains(host));
            let (preset, ..) = seat.ok_or_else(|| Error::new(asked))?;
            let fields = css("input[id^=key-again]");
            viva.page.fill(fields.nth(0), &key_of(preset)).await?;
            viva.page.click(role("button", "Use this key").nth(0)).await?;
            viva.page
                .poll("the field to go", async || {
                    let n = viva.page.count("input[id^=key-again]").await?;
                    Ok((n < n_left).then_some(()))
                })
                .await?;
        }
        viva.page.click(role("button", "Go on")).await?;
        viva.wait_finished().await?;
        viva.see_results().await?;
        let record = Record::save(&viva).await?;
        for ((preset, _, _, model, path), provider) in seats.iter().zip(&providers) {
            assert_counts(&viva, model, provider.expected(model, &questions)).await?;
            let received = provider.received();
            let begun = received.iter().filter(|received| {
                received.method == "POST"
                    && received.path.split('?').next().is_some_and(|p| p.ends_with(path))
            });
            ensure(begun.count() == 1, &format!("{preset}: handed in once"))?;
            ensure(provider.calls().is_empty(), &format!("{preset}: asked by batch alone"))?;
            ensure(provider.paid().values().all(|n| *n == 1), &format!("{preset}: paid twice"))?;
            let (counted, told) = (provider.used(model), record.usage(model)?);
            ensure(
                (counted.input, counted.output) == (told.input, told.output),
                &format!("{preset}: {counted:?} is told as {told:?}"),
            )?;
            assert_plain(provider)?;
        }
        ensure(record.entries("batch_sent").count() == 3, "each batch is in the journal once")
    });
}

async fn wait_lane(viva: &Viva, idx: usize, told: &str) -> Result<()> {
    viva.page
        .poll(&format!("{told:?} in lane {idx}"), async || {
            let text = viva.page.text(css(".lane").nth(idx)).await?;
            if text.contains(told) { Ok(Some(())) } else { Err(Error::new(text)) }
        })
        .await
}

#[test]
fn a_batch_for_anthropic_goes_out_as_a_file_and_its_results_come_back_as_one() {
    run(async {
        const MODEL: &str = "claude-sonnet-4-5";
        let scratch = Scratch::new("batch-file")?;
        let (questions, file) = questions(&scratch, 20)?;
        let script = Script::new(&questions, 43)
            .key("sk-terminal")
            .batch_polls(0)
            .model(Examinee::new(MODEL, 0.7).refuses(0.1));
        let provider = Provider::start(Profile::Anthropic { allows_pages: true }, script).await?;
        let stage = Stage::new().await?;
        let viva = stage.viva.with_limit(Duration::from_secs(30));
        viva.open_questions(&[&file], "20").await?;
        let address = provider.base_url();
        let (address, price) = (address.as_str(), Some(("1", "4")));
        let (preset, model, delivery) = ("anthropic", MODEL, "batch");
        viva.enlist(&Entered { preset, address, model, price, delivery, ..Entered::default() })
            .await?;
        viva.start_run().await?;
        let page = &viva.page;
        let saved = page.download(page.click(role("button", "Save the batch file"))).await?;
        page.wait_text("Hand it in from a terminal").await?;

        let reply = terminal(&provider, "POST", "/v1/messages/batches", &saved.text()?).await?;
        let reply: Value = serde_json::from_str(&reply)?;
        let id = reply["id"].as_str().unwrap_or_default().to_owned();
        let at = format!("/v1/messages/batches/{id}");
        let looked: Value = serde_json::from_str(&terminal(&provider, "GET", &at, "").await?)?;
        ensure(looked["processing_status"] == "ended", &format!("{looked}"))?;
        let results = terminal(&provider, "GET", &format!("{at}/results"), "").await?;

        let results = scratch.write("results.jsonl", results)?;
        page.set_files(css(".lane input[type=file]"), &[&results]).await?;
        page.wait_text("20 answers taken").await?;
        viva.wait_finished().await?;
        viva.see_results().await?;
        assert_counts(&viva, MODEL, provider.expected(MODEL, &questions)).await?;
        let record = Record::save(&viva).await?;
        ensure(record.usage(MODEL)?.output == provider.used(MODEL).output, "usage as counted")?;
        ensure(provider.calls().is_empty(), "the page asked nothing by itself")?;
        let from_page = provider.received();
        let from_page = from_page.iter().filter(|received| received.header("origin").is_some());
        ensure(from_page.count() == 0, "no page reached the batch service")?;
        stage.clean(&[&provider])
    });
}

/// What a person does in a terminal: one request to the provider, without a browser.
async fn terminal(provider: &Provider, method: &str, path: &str, body: &str) -> Result<String> {
    let port = provider.port();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nx-api-key: sk-terminal\r\nanthropic-version: 2023-06-01\r\n\
         content-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
    let exchange = tokio::task::spawn_blocking(move || -> std::io::Result<String> {
        let mut stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.write_all(request.as_bytes())?;
        let mut reply = String::new();
        stream.read_to_string(&mut reply)?;
        Ok(reply)
    });
    let reply = exchange.await.map_err(|error| Error::new(error.to_string()))??;
    let (head, body) = reply.split_once("\r\n\r\n").unwrap_or_default();
    ensure(head.starts_with("HTTP/1.1 200") && !head.contains("chunked"), &reply)?;
    Ok(body.to_owned())
}
