//! Owns the tests of judges: planned by the page, live, failing, interrupted, within a budget, and grading an earlier run.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::{Value, json};
use viva_e2e::app::{Entered, Viva};
use viva_e2e::browser::{contains, css, role, text};
use viva_e2e::place::Scratch;
use viva_e2e::provider::{Examinee, Fault, Latency, Profile, Provider, Rule, Script, When};
use viva_e2e::questions::{Question, synthetic};
use viva_e2e::{Error, Result, run};

use crate::faults::assert_ledger;
use crate::record::Record;
use crate::secrets::assert_own_key_only;
use crate::{Stage, assert_plain, ensure};

const MODELS_KEY: &str = "sk-models-0123456789abcdef";
const JUDGES_KEY: &str = "sk-judges-fedcba9876543210";
/// Points of the criteria of each question.
const POINTS: [i64; 4] = [7, 5, 10, -6];

/// A criterion with its points, as a judge reads it.
fn criterion(question: &Question, n: usize) -> String {
    format!("[{}] Meets demand {n} of {}", POINTS[n], question.id)
}

/// Made-up open questions in HealthBench's form, and the file that holds them.
fn open_questions(scratch: &Scratch, n: usize) -> Result<(Vec<Question>, PathBuf)> {
    let questions = synthetic(n, 4, 17);
    let lines = questions.iter().map(|question| {
        let rubrics: Vec<Value> = (0..POINTS.len())
            .map(|n| {
                let text = format!("Meets demand {n} of {}", question.id);
                json!({"criterion": text, "points": POINTS[n], "tags": ["level:example", "axis:accuracy"]})
            })
            .collect();
        let prompt = json!([{"role": "user", "content": question.text}]);
        json!({"prompt_id": question.id, "prompt": prompt, "rubrics": rubrics, "example_tags": ["theme:hedging"]})
            .to_string()
    });
    let file = lines.collect::<Vec<_>>().join("\n");
    Ok((questions, scratch.write("open.jsonl", file)?))
}

/// A provider of models that answer everything.
async fn models(questions: &[Question], names: &[&str]) -> Result<Provider> {
    let script = Script::new(questions, 5).key(MODELS_KEY);
    let script = names.iter().fold(script, |script, name| script.model(Examinee::new(name, 1.0)));
    Provider::start(Profile::Wildcard, script).await
}

/// Opens the form for a judge where it is closed, and adds one.
pub(crate) async fn add_judge(
    viva: &Viva,
    provider: &Provider,
    entered: Entered<'_>,
) -> Result<()> {
    let page = &viva.page;
    if !page.shows("#base-url").await? {
        page.click(text("Add a judge that does not sit the exam")).await?;
        page.wait_for("#base-url").await?;
    }
    page.choose("#preset", "custom").await?;
    let address = provider.base_url();
    let fields =
        [("#base-url", address.as_str()), ("#model-id", entered.model), ("#api-key", entered.key)];
    for (field, filling) in fields.into_iter().filter(|(_, filling)| !filling.is_empty()) {
        page.fill(field, filling).await?;
    }
    if let Some((sent, received)) = entered.price {
        if !page.shows("#price-in").await? {
            page.click(text("Settings and price of this model")).await?;
        }
        page.fill("#price-in", sent).await?;
        page.fill("#price-out", received).await?;
    }
    page.click("#add-model").await?;
    let remove = format!("Remove the judge {}", entered.model);
    page.wait_for(role("button", remove.as_str())).await
}

/// How often a judge gave its verdict in full, by judge and criterion.
fn verdicts(provider: &Provider) -> BTreeMap<(String, String), usize> {
    provider.paid()
}

/// Met or not, or none where the judge failed, by judge, model, item and criterion.
type Judged = BTreeMap<(u64, u64, u64, u64), Option<bool>>;

/// The judgements that ended.
fn judged(record: &Record) -> Result<Judged> {
    let mut judged = BTreeMap::new();
    for one in record.entries("judgement") {
        let id = &one["judgement"];
        let number = |value: &Value| value.as_u64().unwrap_or_default();
        let key = (
            number(&id["judge"]),
            number(&id["trial"]["model"]),
            number(&id["trial"]["item"]),
            number(&id["criterion"]),
        );
        let result = &one["result"];
        let end = match result["judged"]["grades"][0].as_str() {
            Some("met") => Some(true),
            Some("not_met") => Some(false),
            Some(other) => return Err(Error::new(format!("a grade {other}"))),
            None if result["unreadable"]["is_last"] == true || !result["gave_up"].is_null() => None,
            None => continue,
        };
        ensure(judged.insert(key, end).is_none(), &format!("judged twice: {key:?}"))?;
    }
    Ok(judged)
}

#[test]
fn two_judges_are_planned_run_live_and_what_they_fail_to_say_is_missing() {
    run(async {
        let scratch = Scratch::new("judges")?;
        let (questions, file) = open_questions(&scratch, 6)?;
        let models = models(&questions, &["alpha", "beta"]).await?;
        let script = Script::new(&questions, 29)
            .key(JUDGES_KEY)
            .latency(Latency::Between(Duration::from_millis(5), Duration::from_millis(30)))
            .fault(Rule::new(When::Share(0.1), Fault::Status(500)).model("hasty").times(4))
            .model(Examinee::new("steady", 0.6).judges())
            .model(Examinee::new("hasty", 0.4).judges().rambles(0.1));
        let judges = Provider::start(Profile::Wildcard, script).await?;
        let stage = Stage::new().await?;
        let viva = stage.viva.with_limit(Duration::from_mins(1));
        let page = &viva.page;
        viva.open_questions(&[&file], "6").await?;
        viva.add_model(&models.base_url(), "alpha", MODELS_KEY).await?;
        viva.add_model(&models.base_url(), "beta", "").await?;
        viva.go("#/run").await?;
        page.wait_text("Without a judge, these answers are kept and not graded").await?;
        let judge =
            |model, key| Entered { model, key, price: Some(("1", "4")), ..Entered::default() };
        add_judge(&viva, &judges, judge("steady", JUDGES_KEY)).await?;
        add_judge(&viva, &judges, judge("hasty", "")).await?;
        page.wait_text("12 calls to model services, and 96 to judges").await?;
        let rows = viva.cells("#cost tbody tr").await?;
        let told: Vec<(&str, &str)> =
            rows.iter().map(|row| (row[0].as_str(), row[1].as_str())).collect();
        let planned =
            [("alpha", "12"), ("beta", "12"), ("steady (judge)", "48"), ("hasty (judge)", "48")];
        let planned = planned.map(|(name, n)| (name, if n == "12" { "6" } else { n }));
        ensure(told == planned, &format!("{told:?}"))?;

        viva.start_run().await?;
        viva.wait_finished().await?;
        let n_lanes = page.count(css(".lane")).await?;
        ensure(n_lanes == 4, &format!("{n_lanes} lanes"))?;
        page.wait_text("48 of 48 calls done: 48 verdicts").await?;
        let scripted = judges.script();
        let speechless: Vec<String> = questions
            .iter()
            .flat_map(|question| (0..POINTS.len()).map(|n| criterion(question, n)))
            .filter(|criterion| scripted.is_speechless("hasty", criterion))
            .collect();
        ensure(!speechless.is_empty(), "the script has no failure to test")?;
        let n_missing = 2 * speechless.len();
        page.wait_text(&format!("{n_missing} judgements are missing")).await?;
        page.wait_text(&format!("48 of 48 calls done: {} verdicts", 48 - n_missing)).await?;

        viva.see_results().await?;
        let record = Record::save(&viva).await?;
        let ends = judged(&record)?;
        ensure(ends.len() == 96, &format!("{} judgements", ends.len()))?;
        for ((judge, model, item, n), end) in &ends {
            let name = if *judge == 0 { "steady" } else { "hasty" };
            let question = &questions[usize::try_from(*item).unwrap_or_default()];
            let text = criterion(question, usize::try_from(*n).unwrap_or_default());
            let expected = (!(name == "hasty" && scripted.is_speechless(name, &text)))
                .then(|| scripted.verdict(name, &text));
            ensure(*end == expected, &format!("{name} on {text} of model {model}: {end:?}"))?;
        }
        let cost: u64 = record.entries("judgement").filter_map(|one| one["cost"].as_u64()).sum();
        let counted = judges.used("steady").cost_micros() + judges.used("hasty").cost_micros();
        ensure(cost == counted, &format!("{cost} in the journal, {counted} at the provider"))?;
        let is_judge = |name: &str| name == "steady" || name == "hasty";
        for ((judge, text), n) in verdicts(&judges) {
            // An answer of each of the two models; what holds no verdict is asked for four times in all, of which the
            // server's errors may have taken some.
            let is_speechless = judge == "hasty" && speechless.contains(&text);
            let expected = if is_speechless { 4..=8 } else { 2..=2 };
            let is_right = is_judge(&judge) && expected.contains(&n);
            ensure(is_right, &format!("{judge} on {text}: {n} times"))?;
        }
        assert_own_key_only(&models, MODELS_KEY, JUDGES_KEY)?;
        assert_own_key_only(&judges, JUDGES_KEY, MODELS_KEY)?;
        assert_plain(&judges)?;
        assert_ledger(&viva, &[&models, &judges]).await?;
        page.wait_text("judge’s call").await?;
        stage.clean(&[&models, &judges])
    });
}

#[test]
fn a_run_that_is_reloaded_among_its_verdicts_asks_for_none_twice() {
    run(async {
        let scratch = Scratch::new("judges-reload")?;
        let (questions, file) = open_questions(&scratch, 10)?;
        let models = models(&questions, &["alpha"]).await?;
        let script = Script::new(&questions, 31)
            .key(JUDGES_KEY)
            .latency(Latency::Fixed(Duration::from_millis(120)))
            .model(Examinee::new("steady", 0.5).judges());
        let judges = Provider::start(Profile::Wildcard, script).await?;
        let stage = Stage::new().await?;
        let viva = stage.viva.with_limit(Duration::from_secs(40));
        let page = &viva.page;
        viva.open_questions(&[&file], "10").await?;
        viva.add_model(&models.base_url(), "alpha", MODELS_KEY).await?;
        viva.set_in_flight(4).await?;
        let judge = Entered { model: "steady", key: JUDGES_KEY, ..Entered::default() };
        add_judge(&viva, &judges, judge).await?;
        viva.start_run().await?;
        judges.wait_calls(12).await?;
        page.click(role("button", "Pause")).await?;
        page.wait_text("Not running").await?;
        tokio::time::sleep(Duration::from_millis(600)).await;
        let n_before = judges.calls().len();
        ensure(n_before < 40, "all was judged before the reload")?;
        viva.reload().await?;
        viva.go("#/").await?;
        page.click(role("link", contains("Go on with"))).await?;
        page.wait_text("needs the key").await?;
        page.fill("#key-again", MODELS_KEY).await?;
        let first = page.text(css(".notice").nth(0)).await?;
        let (here, there) = if first.contains(&judges.base_url()) {
            (JUDGES_KEY, MODELS_KEY)
        } else {
            (MODELS_KEY, JUDGES_KEY)
        };
        page.fill("#key-again", here).await?;
        page.click(role("button", "Use this key").nth(0)).await?;
        page.fill("#key-again", there).await?;
        page.click(role("button", "Use this key").nth(0)).await?;
        page.click(role("button", "Go on")).await?;
        viva.wait_finished().await?;
        page.wait_text("40 of 40 calls done: 40 verdicts").await?;
        let twice: Vec<_> = verdicts(&judges).into_iter().filter(|(_, n)| *n != 1).collect();
        ensure(twice.is_empty(), &format!("asked again: {twice:?}"))?;
        ensure(judges.calls().len() == 40, "each verdict once")?;
        stage.clean(&[&models, &judges])
    });
}

#[test]
fn a_budget_holds_for_judges_and_can_be_raised() {
    run(async {
        let scratch = Scratch::new("judges-budget")?;
        let (questions, file) = open_questions(&scratch, 8)?;
        let models = models(&questions, &["alpha"]).await?;
        let script = Script::new(&questions, 37)
            .key(JUDGES_KEY)
            .latency(Latency::Fixed(Duration::from_millis(20)))
            .model(Examinee::new("steady", 0.5).judges());
        let judges = Provider::start(Profile::Wildcard, script).await?;
        let stage = Stage::new().await?;
        let viva = stage.viva.with_limit(Duration::from_secs(40));
        let page = &viva.page;
        viva.open_questions(&[&file], "8").await?;
        let address = models.base_url();
        let model = Entered {
            preset: "custom",
            address: &address,
            model: "alpha",
            key: MODELS_KEY,
            price: Some(("0", "0")),
            ..Entered::default()
        };
        viva.enlist(&model).await?;
        viva.go("#/run").await?;
        let judge = Entered {
            model: "steady",
            key: JUDGES_KEY,
            price: Some(("1", "4")),
            ..Entered::default()
        };
        add_judge(&viva, &judges, judge).await?;
        viva.set_run(&[("#judge-max-tokens", "200"), ("#budget", "0.02")]).await?;
        viva.start_run().await?;
        page.wait_text("The budget keeps some questions from being asked").await?;
        let n_before = judges.calls().len();
        tokio::time::sleep(Duration::from_millis(400)).await;
        ensure(judges.calls().len() == n_before, "a judge without money goes on")?;
        let cost = judges.used("steady").cost_micros();
        ensure(0 < n_before && n_before < 32, &format!("{n_before} verdicts before the stop"))?;
        ensure(cost <= 20_000, &format!("{cost} millionths of a dollar"))?;
        let spent = viva::provider::MicroDollars(cost);
        page.wait_text(&format!("Spent so far: {spent}.")).await?;
        page.click(role("button", "Go on without a limit")).await?;
        viva.wait_finished().await?;
        page.wait_text("32 of 32 calls done: 32 verdicts").await?;
        ensure(verdicts(&judges).values().all(|n| *n == 1), "a verdict was paid for twice")?;
        stage.clean(&[&models, &judges])
    });
}

#[test]
fn an_earlier_run_is_graded_without_asking_its_models_and_again_from_this_browser() {
    run(async {
        let scratch = Scratch::new("judges-later")?;
        let (questions, file) = open_questions(&scratch, 5)?;
        let models = models(&questions, &["alpha", "beta"]).await?;
        let script = Script::new(&questions, 41)
            .key(JUDGES_KEY)
            .model(Examinee::new("steady", 0.5).judges());
        let judges = Provider::start(Profile::Wildcard, script).await?;
        let stage = Stage::new().await?;
        let viva = stage.viva.with_limit(Duration::from_secs(40));
        let page = &viva.page;
        viva.open_questions(&[&file], "5").await?;
        viva.add_model(&models.base_url(), "alpha", MODELS_KEY).await?;
        viva.add_model(&models.base_url(), "beta", "").await?;
        viva.start_run().await?;
        viva.wait_finished().await?;
        ensure(models.calls().len() == 10 && judges.calls().is_empty(), "the models alone")?;

        let grade = async |link: &str, n_before: usize| -> Result<()> {
            // Without a judge there is no figure yet, but a list of questions.
            page.click(role("link", "See the results")).await?;
            page.wait_for(css(".item-row").nth(0)).await?;
            page.click(role("link", link)).await?;
            page.wait_text("10 answers of 2 participants in free text").await?;
            if n_before == 0 {
                page.wait_text("Choose at least one judge").await?;
                let judge = Entered { model: "steady", key: JUDGES_KEY, ..Entered::default() };
                add_judge(&viva, &judges, judge).await?;
            }
            page.click("#reuse").await?;
            page.click("#start-grading").await?;
            page.wait_text("The answers are those of the run").await?;
            viva.wait_finished().await?;
            page.wait_text("40 of 40 calls done: 40 verdicts").await
        };
        grade("Grade the open answers", 0).await?;
        // Where both models said the same, one verdict may serve both.
        let n_asked = judges.calls().len();
        ensure((20..=40).contains(&n_asked), &format!("{n_asked} verdicts were asked for"))?;
        ensure(models.calls().len() == 10, "the models were asked again")?;
        grade("Grade with other judges", 40).await?;
        page.wait_text("40 were judged in an earlier run").await?;
        ensure(judges.calls().len() == n_asked, "a verdict that is kept was asked for")?;
        ensure(models.calls().len() == 10, "the models were asked again")?;
        viva.see_results().await?;
        let record = Record::save(&viva).await?;
        ensure(judged(&record)?.len() == 40, "all is judged in the run of its own")?;
        let is_marked = |one: &Value| one["reused"]["run_id"].is_string();
        ensure(record.entries("judgement").all(is_marked), "kept verdicts are marked")?;
        ensure(record.entries("attempt").count() == 10, "the answers are in it")?;
        ensure(record.entries("attempt").all(is_marked), "and marked")?;
        assert_own_key_only(&judges, JUDGES_KEY, MODELS_KEY)?;
        assert_ledger(&viva, &[&models, &judges]).await?;
        viva.go("#/results").await?;
        page.wait_for(role("link", contains("Grade the open answers of"))).await?;
        stage.clean(&[&models, &judges])
    });
}

#[test]
fn judges_can_be_chosen_by_keyboard_on_a_small_phone() {
    run(async {
        let scratch = Scratch::new("judges-look")?;
        let (questions, file) = open_questions(&scratch, 3)?;
        let script = Script::new(&questions, 43).model(Examinee::new("gpt-5.2", 1.0));
        let provider = Provider::start(Profile::Wildcard, script).await?;
        let stage = Stage::new().await?;
        let viva = &stage.viva;
        let page = &viva.page;
        viva.open_questions(&[&file], "3").await?;
        viva.add_model(&provider.base_url(), "gpt-5.2", "").await?;
        page.viewport(360, 800).await?;
        viva.go("#/run").await?;
        page.focus(css("#judges fieldset input")).await?;
        page.press("Space").await?;
        page.wait_text("gpt-5.2 judges its own answers").await?;
        page.focus("#judge-template").await?;
        page.choose("#judge-template", "viva-all-criteria/1").await?;
        page.wait_text("All criteria were judged in one call").await?;
        page.wait_text("3 calls to model services, and 3 to judges").await?;
        page.choose("#judge-template", "own").await?;
        page.fill("#judge-own", "Is <<rubric_item>> met?").await?;
        page.wait_text("The text has no <<conversation>>").await?;
        page.wait_text("Your text for judges cannot be used yet").await?;
        page.fill("#judge-own", "Is <<rubric_item>> met in <<conversation>>?").await?;
        page.wait_text("3 calls to model services, and 12 to judges").await?;
        page.click("#judge-kin").await?;
        page.wait_text("No judge is left for gpt-5.2").await?;
        page.click(text("What a judge reads")).await?;
        page.wait_text("(the model’s answer)").await?;
        page.click(text("Add a judge that does not sit the exam")).await?;
        page.wait_for("#base-url").await?;
        let overflow =
            "document.documentElement.scrollWidth - document.documentElement.clientWidth";
        ensure(page.eval(overflow).await? == 0, "the plan is too wide")?;
        page.accessible().await?;
        stage.clean(&[&provider])
    });
}
