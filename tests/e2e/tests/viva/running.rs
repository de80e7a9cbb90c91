//! Owns the tests of runs against the provider: figures as scripted, pauses, reloads, crashes, wrong keys and faults.

use std::collections::BTreeMap;
use std::time::Duration;

use viva_e2e::app::Viva;
use viva_e2e::browser::{Browser, Profile as BrowserProfile, contains, css, label, role};
use viva_e2e::place::Scratch;
use viva_e2e::provider::{Examinee, Fault, Latency, Profile, Provider, Rule, Script, Wait, When};
use viva_e2e::site::Site;
use viva_e2e::{Result, run};

use crate::{Stage, assert_counts, ensure, questions};

const KEY: &str = "sk-test-0123456789abcdef-very-secret";

/// How often each question was asked of each model.
fn n_asked(provider: &Provider) -> BTreeMap<(String, String), usize> {
    let mut asked = BTreeMap::new();
    for call in provider.calls() {
        if let (Some(model), Some(question)) = (call.model.clone(), call.question.clone()) {
            *asked.entry((model, question)).or_default() += 1;
        }
    }
    asked
}

#[test]
fn two_hundred_items_come_to_exactly_what_the_provider_answered() {
    run(async {
        let scratch = Scratch::new("run-200")?;
        let (questions, file) = questions(&scratch, 200)?;
        let shy = Examinee::new("shy-model", 0.6).refuses(0.08).rambles(0.05).runs_out(0.05);
        let script = Script::new(&questions, 3)
            .key(KEY)
            .latency(Latency::Between(Duration::from_millis(5), Duration::from_millis(60)))
            .model(Examinee::new("good-model", 0.9))
            .model(shy);
        let provider = Provider::start(Profile::Reflective, script).await?;
        let stage = Stage::new().await?;
        let viva = stage.viva.with_limit(Duration::from_mins(1));
        viva.open_questions(&[&file], "200").await?;
        viva.add_model(&provider.base_url(), "good-model", KEY).await?;
        viva.add_model(&provider.base_url(), "shy-model", "").await?;
        viva.start_run().await?;
        viva.wait_finished().await?;
        viva.see_results().await?;
        assert_counts(&viva, "good-model", provider.expected("good-model", &questions)).await?;
        assert_counts(&viva, "shy-model", provider.expected("shy-model", &questions)).await?;
        let asked = n_asked(&provider);
        ensure(asked.len() == 400 && asked.values().all(|n| *n == 1), "each question once")?;
        // The key went to its provider and is nowhere else.
        let page = &viva.page;
        let kept = format!(
            "{} {} {}",
            page.databases().await?,
            page.web_storage().await?,
            page.cookies().await?
        );
        ensure(!kept.contains(KEY), "the key is in the browser's storage")?;
        let html = page.eval_text("document.documentElement.outerHTML").await?;
        ensure(!html.contains(KEY), "the key is in the page")?;
        let saved =
            page.download(page.click(role("button", "Save the run (JSON)"))).await?.text()?;
        ensure(!saved.contains(KEY), "the key is in the saved run")?;
        for call in provider.calls() {
            ensure(
                call.header("authorization") == Some(&format!("Bearer {KEY}")),
                "the key was sent",
            )?;
            ensure(
                call.header("cookie").is_none() && call.header("referer").is_none(),
                "nothing else",
            )?;
        }
        stage.clean(&[&provider])
    });
}

#[test]
fn every_kind_of_server_can_be_asked_from_a_page() {
    run(async {
        let scratch = Scratch::new("run-kinds")?;
        let (questions, file) = questions(&scratch, 12)?;
        let stage = Stage::new().await?;
        let viva = stage.viva.with_limit(Duration::from_secs(30));
        viva.open_questions(&[&file], "12").await?;
        let kinds = [
            ("strict-list", Profile::AllowList, KEY),
            ("ollama", Profile::Ollama(vec![]), ""),
            ("lm-studio", Profile::LmStudio { cors: true }, ""),
            ("llama-cpp", Profile::Wildcard, ""),
        ];
        let mut providers = vec![];
        for (model, profile, key) in kinds {
            let script = Script::new(&questions, 8).model(Examinee::new(model, 0.7));
            let script = if key.is_empty() { script } else { script.key(key) };
            let provider = Provider::start(profile, script).await?;
            viva.add_model(&provider.base_url(), model, key).await?;
            providers.push((model, provider));
        }
        viva.start_run().await?;
        viva.wait_finished().await?;
        viva.see_results().await?;
        for (model, provider) in &providers {
            assert_counts(&viva, model, provider.expected(model, &questions)).await?;
            ensure(provider.calls().len() == 12, &format!("{model}: each question once"))?;
        }
        stage.clean(&providers.iter().map(|(_, provider)| provider).collect::<Vec<_>>())
    });
}

#[test]
fn a_paused_and_reloaded_run_goes_on_and_asks_nothing_twice() {
    run(async {
        let scratch = Scratch::new("run-resume")?;
        let (questions, file) = questions(&scratch, 80)?;
        let script = Script::new(&questions, 4)
            .key(KEY)
            .latency(Latency::Fixed(Duration::from_millis(150)))
            .model(Examinee::new("model", 0.8));
        let provider = Provider::start(Profile::Reflective, script).await?;
        let stage = Stage::new().await?;
        let viva = stage.viva.with_limit(Duration::from_secs(40));
        viva.open_questions(&[&file], "80").await?;
        viva.add_model(&provider.base_url(), "model", KEY).await?;
        viva.start_run().await?;
        provider.wait_calls(12).await?;
        viva.page.click(role("button", "Pause")).await?;
        viva.page.wait_text("Not running").await?;
        // What is under way is awaited, and then nothing more is asked.
        tokio::time::sleep(Duration::from_millis(600)).await;
        let n_before = provider.calls().len();
        tokio::time::sleep(Duration::from_millis(600)).await;
        ensure(provider.calls().len() == n_before, "a paused run goes on asking")?;
        viva.reload().await?;
        viva.go("#/").await?;
        viva.page.click(role("link", contains("Go on with"))).await?;
        viva.page.wait_text("needs the key").await?;
        viva.page.fill("#key-again", KEY).await?;
        viva.page.click(role("button", "Use this key")).await?;
        viva.page.click(role("button", "Go on")).await?;
        viva.wait_finished().await?;
        viva.see_results().await?;
        assert_counts(&viva, "model", provider.expected("model", &questions)).await?;
        ensure(n_asked(&provider).values().all(|n| *n == 1), "a question was asked twice")?;
        stage.clean(&[&provider])
    });
}

#[test]
fn a_run_under_way_is_not_pushed_aside() {
    run(async {
        let scratch = Scratch::new("run-aside")?;
        let (questions, file) = questions(&scratch, 8)?;
        let script = Script::new(&questions, 9).model(Examinee::new("model", 0.5));
        let provider = Provider::start(Profile::Wildcard, script).await?;
        provider.hold();
        let stage = Stage::new().await?;
        let viva = &stage.viva;
        viva.open_questions(&[&file], "8").await?;
        viva.add_model(&provider.base_url(), "model", "").await?;
        viva.start_run().await?;
        provider.wait_calls(2).await?;
        viva.go("#/try").await?;
        viva.page.click(role("button", "Start")).await?;
        viva.page.wait_text("A run is under way in this tab").await?;
        provider.release();
        viva.go("#/run").await?;
        viva.wait_finished().await?;
        viva.see_results().await?;
        assert_counts(viva, "model", provider.expected("model", &questions)).await?;
        ensure(n_asked(&provider).values().all(|n| *n == 1), "a question was asked twice")?;
        stage.clean(&[&provider])
    });
}

#[test]
fn a_killed_browser_loses_at_most_the_calls_in_flight() {
    run(async {
        let scratch = Scratch::new("run-crash")?;
        let (questions, file) = questions(&scratch, 60)?;
        let script = Script::new(&questions, 5)
            .latency(Latency::Fixed(Duration::from_millis(200)))
            .model(Examinee::new("model", 0.7));
        let provider = Provider::start(Profile::Wildcard, script).await?;
        let site = Site::dist().await?;
        let profile = BrowserProfile::fresh()?;
        let browser = Browser::launch_with(&profile, &[]).await?;
        let viva = Viva::open(&browser.lasting_context().await?, &site).await?;
        viva.open_questions(&[&file], "60").await?;
        viva.add_model(&provider.base_url(), "model", "").await?;
        viva.start_run().await?;
        provider.wait_calls(25).await?;
        browser.kill();
        let n_before = n_asked(&provider).len();
        let n_peak = provider.peak();

        let browser = Browser::launch_with(&profile, &[]).await?;
        let viva = Viva::open(&browser.lasting_context().await?, &site).await?;
        let viva = viva.with_limit(Duration::from_secs(40));
        viva.page.click(role("link", contains("Go on with"))).await?;
        viva.page.wait_for(".lane").await?;
        viva.page.click(role("button", "Go on")).await?;
        viva.wait_finished().await?;
        viva.see_results().await?;
        assert_counts(&viva, "model", provider.expected("model", &questions)).await?;
        let n_twice = n_asked(&provider).values().filter(|n| **n == 2).count();
        ensure(n_asked(&provider).values().all(|n| *n <= 2), "a question was asked three times")?;
        ensure(20 <= n_before, "the first browser asked little")?;
        ensure(n_twice <= n_peak, &format!("{n_twice} asked twice, {n_peak} in flight at most"))
    });
}

#[test]
fn a_wrong_key_stops_early_with_the_reason_and_the_right_one_finishes_the_run() {
    run(async {
        let scratch = Scratch::new("run-key")?;
        let (questions, file) = questions(&scratch, 40)?;
        let script = Script::new(&questions, 6).key(KEY).model(Examinee::new("model", 0.5));
        let provider = Provider::start(Profile::Reflective, script).await?;
        let stage = Stage::new().await?;
        let viva = stage.viva.with_limit(Duration::from_secs(30));
        viva.open_questions(&[&file], "40").await?;
        viva.add_model(&provider.base_url(), "model", "sk-wrong").await?;
        viva.start_run().await?;
        viva.page.wait_text("The key may be wrong").await?;
        ensure(provider.calls().len() <= 10, "a wrong key is tried on and on")?;
        viva.page.fill(label("Key for this address"), KEY).await?;
        viva.page.click(role("button", "Use this key and go on")).await?;
        viva.wait_finished().await?;
        viva.see_results().await?;
        assert_counts(&viva, "model", provider.expected("model", &questions)).await?;
        stage.clean(&[&provider])
    });
}

#[test]
fn under_faults_every_item_ends_in_one_outcome_and_no_broken_answer_is_scored() {
    run(async {
        let scratch = Scratch::new("run-faults")?;
        let (questions, file) = questions(&scratch, 150)?;
        let faults = [
            Fault::RateLimited(Wait::InBody(Duration::from_millis(300))),
            Fault::Status(500),
            Fault::Status(502),
            Fault::Status(529),
            Fault::ResetMidBody,
            Fault::TruncatedBody,
            Fault::MalformedJson,
            Fault::ErrorIn200,
            Fault::NoChoices,
        ];
        let mut script = Script::new(&questions, 7).model(Examinee::new("model", 0.8));
        for fault in faults {
            script = script.fault(Rule::new(When::Share(0.01), fault));
        }
        // Two questions never get a whole answer.
        script = script
            .fault(Rule::new(When::Question(questions[3].id.clone()), Fault::MalformedJson))
            .fault(Rule::new(When::Question(questions[9].id.clone()), Fault::TruncatedBody));
        let provider = Provider::start(Profile::Wildcard, script).await?;
        let stage = Stage::new().await?;
        let viva = stage.viva.with_limit(Duration::from_secs(90));
        viva.open_questions(&[&file], "150").await?;
        viva.add_model(&provider.base_url(), "model", "").await?;
        viva.start_run().await?;
        viva.wait_finished().await?;
        viva.see_results().await?;
        let standings = viva.standings().await?;
        let line = &standings[0].outcomes;
        let whole: Vec<_> = [&questions[..3], &questions[4..9], &questions[10..]].concat();
        let expected = provider.expected("model", &whole);
        let told = format!("{} right, {} wrong, 2 no answer", expected.correct, expected.incorrect);
        ensure(*line == told, &format!("expected {told}, the page says {line}"))?;
        let most = n_asked(&provider).values().copied().max().unwrap_or_default();
        ensure(most <= 12, &format!("a question was asked {most} times"))?;
        stage.clean(&[&provider])
    });
}

#[test]
fn the_connection_test_says_in_plain_words_what_is_wrong() {
    run(async {
        let questions = viva_e2e::questions::synthetic(1, 4, 1);
        let script = || Script::new(&questions, 1).model(Examinee::new("model", 1.0));
        let openai = Provider::start(Profile::Reflective, script().key(KEY)).await?;
        let open = Provider::start(Profile::Wildcard, script().key(KEY)).await?;
        let lm_studio = Provider::start(Profile::LmStudio { cors: false }, script()).await?;
        let stage = Stage::new().await?;
        let page = &stage.viva.page;
        let test = async |base_url: &str, model: &str, key: &str, expected: &str| -> Result<()> {
            stage.viva.go("#/models").await?;
            page.fill(label("Address"), base_url).await?;
            page.fill(label("Model"), model).await?;
            page.fill(label("Key"), key).await?;
            page.click(role("button", "Test the connection")).await?;
            page.wait_text(expected).await
        };
        test(&openai.base_url(), "model", KEY, "It works").await?;
        test(&openai.base_url(), "model", "sk-wrong", "The key may be wrong").await?;
        test(&open.base_url(), "model", "sk-wrong", "does not accept the key").await?;
        test(&open.base_url(), "no-such-model", KEY, "does not know this model").await?;
        test(&lm_studio.base_url(), "model", "", "must let pages of").await?;
        test("http://localhost:9/v1", "model", "", "is running on this machine").await?;
        ensure(page.count(css("#known-models option")).await? == 0, "no list was asked for")?;
        page.fill(label("Address"), &open.base_url()).await?;
        page.fill(label("Key"), KEY).await?;
        page.click(role("button", "List its models")).await?;
        page.wait_until("document.querySelectorAll('#known-models option').length > 0").await
    });
}
