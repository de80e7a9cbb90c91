//! Owns the tests of money and of what is not asked again: budgets, settings that a model refuses, earlier answers.

use std::time::Duration;

use viva_e2e::app::{Entered, Viva};
use viva_e2e::browser::{contains, css, role};
use viva_e2e::place::Scratch;
use viva_e2e::provider::{Examinee, Latency, Profile, Provider, Script};
use viva_e2e::{Result, run};

use crate::record::Record;
use crate::{Stage, assert_counts, ensure, questions};

/// Adds `model` at the price that the provider charges.
async fn enlist(viva: &Viva, provider: &Provider) -> Result<()> {
    let address = provider.base_url();
    viva.enlist(&Entered {
        preset: "custom",
        address: &address,
        model: "model",
        price: Some(("1", "4")),
        ..Entered::default()
    })
    .await
}

#[test]
fn a_run_stops_before_the_call_that_could_exceed_its_budget_and_goes_on_when_it_is_raised() {
    run(async {
        let scratch = Scratch::new("budget")?;
        let (questions, file) = questions(&scratch, 60)?;
        let script = Script::new(&questions, 31)
            .latency(Latency::Between(Duration::from_millis(5), Duration::from_millis(40)))
            .model(Examinee::new("model", 0.8));
        let provider = Provider::start_h2(Profile::Wildcard, script).await?;
        let stage = Stage::new().await?;
        let viva = stage.viva.with_limit(Duration::from_mins(1));
        viva.open_questions(&[&file], "60").await?;
        enlist(&viva, &provider).await?;
        viva.set_run(&[("#max-tokens", "300"), ("#budget", "0.01")]).await?;
        viva.start_run().await?;
        viva.page.wait_text("The budget keeps some questions from being asked").await?;
        // What was under way has ended, and nothing more is asked.
        let n_before = provider.calls().len();
        tokio::time::sleep(Duration::from_millis(500)).await;
        ensure(provider.calls().len() == n_before, "a run without money goes on asking")?;
        let cost = provider.used("model").cost_micros();
        ensure(cost <= 10_000, &format!("the provider counted {cost} millionths of a dollar"))?;
        ensure(n_before < 60 && 7_000 < cost, &format!("it stopped at {n_before} and {cost}"))?;
        let spent = viva::provider::MicroDollars(cost);
        viva.page.wait_text(&format!("Spent so far: {spent}.")).await?;

        viva.page.fill("#new-budget", "0.015").await?;
        viva.page.click(role("button", "Set this budget and go on")).await?;
        provider.wait_calls(n_before + 3).await?;
        viva.page
            .poll("the second stop", async || {
                let shows = viva.page.shows("#new-budget").await?;
                let cost = provider.used("model").cost_micros();
                Ok((shows && 12_000 < cost).then_some(()))
            })
            .await?;
        let cost = provider.used("model").cost_micros();
        ensure(cost <= 15_000, &format!("{cost} is above the raised budget"))?;
        viva.page.click(role("button", "Go on without a limit")).await?;
        viva.wait_finished().await?;
        let cost = provider.used("model").cost_micros();
        let spent = viva::provider::MicroDollars(cost);
        viva.page.wait_text(&format!("Spent so far: {spent}.")).await?;
        viva.see_results().await?;
        assert_counts(&viva, "model", provider.expected("model", &questions)).await?;
        ensure(provider.paid().values().all(|n| *n == 1), "a question was paid for twice")?;
        let record = Record::save(&viva).await?;
        ensure(record.cost("model")? == cost, "the journal says what the provider counted")?;
        let budgets: Vec<_> =
            record.entries("budget_set").map(|set| set["budget"].clone()).collect();
        ensure(budgets == [15_000.into(), serde_json::Value::Null], &format!("{budgets:?}"))?;
        stage.clean(&[&provider])
    });
}

#[test]
fn a_setting_that_a_model_refuses_is_left_out_told_and_recorded() {
    run(async {
        let scratch = Scratch::new("adapted")?;
        let (questions, file) = questions(&scratch, 20)?;
        let picky = Examinee::new("model", 0.8).refuses_setting("temperature");
        let script = Script::new(&questions, 33).model(picky);
        let provider = Provider::start(Profile::Wildcard, script).await?;
        let stage = Stage::new().await?;
        let viva = stage.viva.with_limit(Duration::from_secs(30));
        viva.open_questions(&[&file], "20").await?;
        enlist(&viva, &provider).await?;
        viva.set_run(&[("#temperature", "0"), ("#max-tokens", "500")]).await?;
        viva.start_run().await?;
        viva.page.wait_text("Asked without the setting “temperature” from here on").await?;
        viva.wait_finished().await?;
        viva.see_results().await?;
        assert_counts(&viva, "model", provider.expected("model", &questions)).await?;
        let record = Record::save(&viva).await?;
        let adapted: Vec<_> = record.entries("adapted").collect();
        ensure(adapted.len() == 1, &format!("{adapted:?}"))?;
        ensure(adapted[0]["setting"] == "temperature", &format!("{adapted:?}"))?;
        for call in provider.calls() {
            let has_temperature = call.json()["temperature"].is_number();
            let is_refused = call.status == Some(400);
            ensure(has_temperature == is_refused, "asked again with what was refused")?;
            ensure(call.json()["max_tokens"] == 500, "what was not refused is sent on")?;
        }
        ensure(provider.paid().values().all(|n| *n == 1), "a question was paid for twice")?;
        stage.clean(&[&provider])
    });
}

#[test]
fn the_same_questions_again_are_answered_from_this_browser_and_marked() {
    run(async {
        let scratch = Scratch::new("reuse")?;
        let (questions, file) = questions(&scratch, 25)?;
        let script = Script::new(&questions, 35).model(Examinee::new("model", 0.8));
        let provider = Provider::start(Profile::Wildcard, script).await?;
        let stage = Stage::new().await?;
        let viva = stage.viva.with_limit(Duration::from_secs(30));
        viva.open_questions(&[&file], "25").await?;
        enlist(&viva, &provider).await?;
        viva.set_run(&[]).await?;
        viva.page.click("#reuse").await?;
        viva.start_run().await?;
        viva.wait_finished().await?;
        ensure(provider.calls().len() == 25, "each question once")?;
        viva.see_results().await?;
        let before = viva.standings().await?;

        viva.plan_another().await?;
        viva.set_run(&[]).await?;
        viva.page.click("#reuse").await?;
        viva.start_run().await?;
        viva.wait_finished().await?;
        viva.page.wait_text("25 answers are from an earlier run").await?;
        ensure(provider.calls().len() == 25, "nothing is asked twice")?;
        viva.see_results().await?;
        ensure(viva.standings().await? == before, "the same answers give the same figures")?;
        let record = Record::save(&viva).await?;
        ensure(record.attempts("model")?.all(|one| one["reused"]["run_id"].is_string()), "marked")?;
        ensure(record.cost("model")? == 0, "what is not asked costs nothing")?;
        viva.page.click(css(".item-row button").nth(0)).await?;
        viva.page.wait_text("Not asked again: the answer is from a run of").await?;

        // Other settings make it another question.
        viva.plan_another().await?;
        viva.set_run(&[("#temperature", "0.5")]).await?;
        viva.page.click("#reuse").await?;
        viva.start_run().await?;
        viva.wait_finished().await?;
        ensure(provider.calls().len() == 50, "with another temperature it is asked")?;

        viva.go("#/ledger").await?;
        viva.page.wait_text("50 answers are kept for use in later runs").await?;
        viva.page.click(role("button", contains("Delete kept answers"))).await?;
        viva.page.click(role("button", "Yes, delete")).await?;
        viva.page.wait_text("No answers are kept").await?;
        stage.clean(&[&provider])
    });
}
