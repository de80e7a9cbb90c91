//! Owns the tests of a person's own case: three models side by side, stop, ask again, versions, details of a person, emergency
//! wording, keys at their own providers only, by keyboard, on a small phone.

use std::time::Duration;

use viva_e2e::browser::{contains, css, label, role, text};
use viva_e2e::provider::{Examinee, Profile, Provider, Script};
use viva_e2e::{Result, run};

use crate::secrets::assert_own_key_only;
use crate::{Stage, ensure};

const CASE: &str =
    "A 45-year-old woman has a sore throat and she takes ibuprofen regularly. What should she do?";
const KEYS: [&str; 3] =
    ["sk-alpha-1111aaaa2222-secret", "sk-beta-3333bbbb4444-secret", "sk-gamma-5555cccc6666-secret"];
const NAMES: [&str; 3] = ["alpha", "beta", "gamma"];

/// Three models, each behind an address of its own.
async fn three(pause: Duration) -> Result<Vec<Provider>> {
    let mut providers = vec![];
    for (name, key) in NAMES.into_iter().zip(KEYS) {
        let first = format!(
            "**{name}**: Rest at home and drink plenty of water. Take ibuprofen 400 mg.\n\n<img src=x onerror=alert(1)>\n\nSince when does it hurt? See [the guideline](https://www.nhs.uk/sore-throat)."
        );
        let again = format!(
            "**{name}**: See a doctor today. Take paracetamol 500 mg. It depends on the cause."
        );
        let older = format!("**{name}**: Go to the emergency department. Take nothing.");
        let script = Script::new(&[], 5)
            .key(key)
            .model(Examinee::new(name, 1.0))
            .stream_pause(pause)
            .says("75-year-old", &older)
            .says("sore throat", &first)
            .says("sore throat", &again);
        providers.push(Provider::start(Profile::Reflective, script).await?);
    }
    Ok(providers)
}

async fn enlist(stage: &Stage, providers: &[Provider]) -> Result<()> {
    for ((provider, name), key) in providers.iter().zip(NAMES).zip(KEYS) {
        stage.viva.add_model(&provider.base_url(), name, key).await?;
    }
    stage.viva.go("#/case").await
}

/// The texts of the answers, in the order in which they are read.
async fn answers(stage: &Stage) -> Result<Vec<String>> {
    stage.viva.page.texts(css(".case-answer")).await
}

#[test]
fn three_models_answer_side_by_side_again_and_in_versions() {
    run(async {
        let providers = three(Duration::from_millis(60)).await?;
        let stage = Stage::new().await?;
        let (viva, page) = (&stage.viva, &stage.viva.page);
        page.click(css("main a[href='#/case']")).await?;
        page.wait_text("This examines the models. It gives no advice.").await?;
        // Typed before a model is chosen: it stays.
        page.fill("#case-text", CASE).await?;
        enlist(&stage, &providers).await?;
        ensure(page.value("#case-text").await? == CASE, "what was typed stays")?;
        page.wait_for("#cost").await?;
        ensure(viva.cells("#cost tbody tr").await?.len() == 3, "the cost is told before")?;
        // By keyboard alone.
        page.wait_until("!document.querySelector('#case-send').disabled").await?;
        page.focus("#case-send").await?;
        page.press("Enter").await?;
        page.wait_until("document.activeElement?.id === 'case-standing'").await?;
        // All three grow at once, before any of them is whole.
        page.wait_until(
            "[...document.querySelectorAll('.case-answer')].filter(one =>
                one.getAttribute('aria-busy') === 'true' && /Rest/.test(one.innerText)).length === 3",
        )
        .await?;
        page.wait_text("3 of 3 answers here.").await?;
        let read = answers(&stage).await?;
        for (answer, name) in read.iter().zip(NAMES) {
            ensure(answer.starts_with(name), &format!("in the order of the models: {answer}"))?;
            ensure(answer.contains("<img src=x onerror=alert(1)>"), "markup stays text")?;
            ensure(answer.contains("Words that point to it: Since when does it hurt?"), answer)?;
        }
        ensure(page.count(css(".case-answer img")).await? == 0, "no image")?;
        ensure(page.count(css(".case-answer strong")).await? >= 3, "Markdown is drawn")?;
        // The same once more: what differs is marked.
        page.wait_until("!document.querySelector('#case-send').disabled").await?;
        page.click("#case-send").await?;
        page.wait_text("6 of 6 answers here.").await?;
        page.wait_text("How soon: was care at home, now today or at once.").await?;
        page.wait_text("Medicines: now paracetamol; no longer ibuprofen.").await?;
        page.click(css(".case-changed + details summary").nth(0)).await?;
        ensure(
            page.texts(css(".case-answer del"))
                .await?
                .iter()
                .any(|gone| gone.contains("Rest at home")),
            "gone",
        )?;
        ensure(
            page.texts(css(".case-answer ins"))
                .await?
                .iter()
                .any(|new| new.contains("paracetamol")),
            "new",
        )?;
        // One thing changed, and nothing else asked.
        page.click(label("The same once more, as you wrote it")).await?;
        page.click(text("The same with one thing changed")).await?;
        page.click(label(contains("Age 75"))).await?;
        page.wait_until("!document.querySelector('#case-send').disabled").await?;
        page.click("#case-send").await?;
        page.wait_text("9 of 9 answers here.").await?;
        page.wait_text("How soon: was care at home, now emergency help.").await?;
        page.click(text("What was asked")).await?;
        ensure(
            page.texts(css(".case-row ins")).await?.iter().any(|new| new.contains("75-year-old")),
            "the change is marked",
        )?;
        for (provider, key) in providers.iter().zip(KEYS) {
            let prompts: Vec<String> =
                provider.calls().iter().map(|call| call.body.clone()).collect();
            ensure(prompts.len() == 3, &format!("each was asked three times: {}", prompts.len()))?;
            ensure(prompts[2].contains("75-year-old"), "the version was sent")?;
            let other = KEYS.into_iter().find(|other| *other != key).unwrap_or_default();
            assert_own_key_only(provider, key, other)?;
        }
        // A tick is kept with the case, over a reload.
        page.click(label(contains("Says when to seek help")).nth(0)).await?;
        page.wait_until("[...document.querySelectorAll('.case-answer input')].filter(one => one.checked && !one.disabled).length === 1").await?;
        for key in KEYS {
            ensure(!page.databases().await?.to_string().contains(key), "a key is kept")?;
        }
        viva.reload().await?;
        page.wait_text("9 of 9 answers here.").await?;
        page.wait_until("[...document.querySelectorAll('.case-answer input')].filter(one => one.checked).length === 1").await?;
        // As a question, in the pack and as a file.
        page.click("#case-to-pack").await?;
        page.wait_text("The checklist is its rubric").await?;
        let saved = page.download(page.click("#case-to-file")).await?;
        ensure(
            saved.text()?.contains("A 45-year-old woman has a sore throat"),
            "the case is in the file",
        )?;
        page.viewport(360, 800).await?;
        let overflow = page
            .eval("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            .await?;
        ensure(overflow == 0, &format!("{overflow} px too wide"))?;
        page.accessible().await?;
        viva.go("#/editor").await?;
        page.wait_text("A 45-year-old woman has a sore throat").await?;
        // Deleted: nothing of it is kept.
        viva.go("#/case").await?;
        page.click(role("button", contains("Delete Case:"))).await?;
        page.click(role("button", "Yes, delete")).await?;
        page.wait_gone("#case-kept-heading").await?;
        ensure(!page.databases().await?.to_string().contains("sore throat"), "it is gone")?;
        let also: Vec<&Provider> = providers.iter().collect();
        stage.clean(&also)
    });
}

#[test]
fn what_is_under_way_can_be_stopped() {
    run(async {
        let providers = three(Duration::from_millis(3)).await?;
        for provider in &providers {
            provider.hold();
        }
        let stage = Stage::new().await?;
        let page = &stage.viva.page;
        enlist(&stage, &providers).await?;
        page.fill("#case-text", CASE).await?;
        page.wait_until("!document.querySelector('#case-send').disabled").await?;
        page.click("#case-send").await?;
        page.wait_text("Waiting for the first words").await?;
        for provider in &providers {
            provider.wait_calls(1).await?;
        }
        page.click("#case-stop").await?;
        page.wait_text("Not answered: it was stopped").await?;
        page.wait_gone("#case-stop").await?;
        ensure(!page.visible_text().await?.contains("are being written"), "nothing is awaited")?;
        page.accessible().await
    });
}

#[test]
fn details_of_a_person_are_warned_of_and_an_emergency_comes_first() {
    run(async {
        let providers = three(Duration::from_millis(3)).await?;
        let stage = Stage::new().await?;
        let page = &stage.viva.page;
        enlist(&stage, &providers).await?;
        page.fill("#case-text", "What helps against a sore throat?").await?;
        page.wait_until("!document.querySelector('#case-send').disabled").await?;
        ensure(!page.shows("#case-emergency").await?, "no emergency")?;
        let told = "My mother Maria Gonzalez, born 03/14/1961, phone (212) 555-0147, has crushing chest pain and a sore throat.";
        page.fill("#case-text", told).await?;
        page.wait_for("#case-emergency").await?;
        page.wait_for("#privacy-findings").await?;
        // Before everything else on the page, and read out.
        let first = page
            .eval_text("document.querySelector('main h1').nextElementSibling.nextElementSibling?.innerText ?? ''")
            .await?;
        let alert = page.text("main [role=alert] #case-emergency").await?;
        ensure(alert.contains("call your emergency number now"), &format!("{alert} / {first}"))?;
        let is_first = page.eval("document.querySelector('#case-emergency').compareDocumentPosition(document.querySelector('main .lead')) & Node.DOCUMENT_POSITION_FOLLOWING").await?;
        ensure(is_first == 4, "it stands first")?;
        ensure(
            page.eval("document.querySelector('#case-send').disabled").await? == true,
            "held until ticked",
        )?;
        for provider in &providers {
            ensure(provider.calls().is_empty(), "nothing was sent")?;
        }
        ensure(!page.databases().await?.to_string().contains("Gonzalez"), "nothing is kept")?;
        page.accessible().await?;
        page.fill("#case-text", "Quiero morirme").await?;
        page.wait_text("llame ya a su número de emergencias").await?;
        page.wait_text("024 in Spain").await?;
        page.viewport(360, 800).await?;
        page.accessible().await
    });
}
