//! Owns the tests of keys: where they go and where they are not, remembered under a passphrase, and got by sign-in.

use std::time::Duration;

use serde_json::json;
use viva_e2e::app::{Entered, Viva};
use viva_e2e::browser::{Download, contains, label, role};
use viva_e2e::place::Scratch;
use viva_e2e::provider::{Examinee, Fault, Profile, Provider, Rule, Script, When};
use viva_e2e::{Result, run};

use crate::{Stage, assert_counts, assert_plain, ensure, questions};

const ONE: &str = "sk-one-7f3a9c2e5b8d1046-secret";
const TWO: &str = "sk-two-e1d4b7a0c3f68295-secret";
const PASSPHRASE: &str = "copper lantern meadow piston";

const PAGES: [&str; 9] = [
    "#/",
    "#/try",
    "#/questions",
    "#/models",
    "#/run",
    "#/results",
    "#/ledger",
    "#/settings",
    "#/about",
];

/// Fails if any of `secrets` can be read in the page that is shown or in its address.
async fn assert_unseen(viva: &Viva, secrets: &[&str]) -> Result<()> {
    let seen = viva
        .page
        .eval_text(
            "document.documentElement.outerHTML + location.href
                + [...document.querySelectorAll('input, textarea, select')].map(field => field.value).join(' ')",
        )
        .await?;
    for secret in secrets {
        ensure(!seen.contains(secret), &format!("{secret} is in the page"))?;
    }
    Ok(())
}

/// Fails if any of `secrets` is in the page, its storage, its log, its files, or in the address of a request.
async fn assert_nowhere(viva: &Viva, secrets: &[&str]) -> Result<()> {
    assert_unseen(viva, secrets).await?;
    let page = &viva.page;
    let log = page.log();
    let mut places = vec![
        ("the databases", page.databases().await?.to_string()),
        ("the storage", page.web_storage().await?.to_string()),
        ("the cookies", page.cookies().await?.to_string()),
        ("the console", format!("{:?} {:?} {:?}", log.console, log.exceptions, log.csp)),
        ("an address", log.exchanges.iter().map(|exchange| exchange.url.clone() + " ").collect()),
    ];
    for saved in page.downloads() {
        places
            .push(("a saved file", saved.name.clone() + &String::from_utf8_lossy(&saved.bytes()?)));
    }
    for (place, content) in places {
        for secret in secrets {
            ensure(!content.contains(secret), &format!("{secret} is in {place}"))?;
        }
    }
    Ok(())
}

/// Fails unless a provider got `own` in its header for keys and nowhere else, and `other` not at all.
pub(crate) fn assert_own_key_only(provider: &Provider, own: &str, other: &str) -> Result<()> {
    for received in provider.received() {
        let all = format!("{} {:?} {}", received.path, received.headers, received.body);
        ensure(!all.contains(other), "a key of another provider was sent")?;
        let header = received.header("authorization");
        ensure(header == Some(&format!("Bearer {own}")), "the key was sent")?;
        ensure(all.matches(own).count() == 1, "the key was sent in one place")?;
    }
    ensure(!provider.received().is_empty(), "something was asked")
}

#[test]
fn keys_go_to_their_own_provider_and_are_found_nowhere_else() {
    run(async {
        let scratch = Scratch::new("secrets")?;
        let (questions, file) = questions(&scratch, 12)?;
        let echo = format!("Incorrect key {TWO} (Bearer {TWO}) for this project.");
        let told = json!({
            "id": "c", "object": "chat.completion", "created": 1, "model": "two",
            "choices": [{"index": 0, "finish_reason": "stop", "message": {
                "role": "assistant", "content": format!("You sent {TWO}. Answer: A"),
            }}],
            "usage": {"prompt_tokens": 9, "completion_tokens": 9, "total_tokens": 18},
        });
        // The key in two pieces of a stream, so that neither piece holds it.
        let (start, end) = TWO.split_at(TWO.len() / 2);
        let delta = |text: String, finish: serde_json::Value| {
            let choice = json!({"index": 0, "delta": {"content": text}, "finish_reason": finish});
            format!("data: {}\n\n", json!({"id": "c", "choices": [choice]}))
        };
        let pieces = [
            delta(format!("In pieces: {start}"), serde_json::Value::Null),
            delta(format!("{end}. Answer: A"), json!("stop")),
        ];
        let pieces = format!("{}data: [DONE]\n\n", pieces.concat());
        let one = Script::new(&questions, 61).key(ONE).model(Examinee::new("one", 0.8));
        let two = Script::new(&questions, 61)
            .key(TWO)
            .model(Examinee::new("two", 0.8))
            .model(Examinee::new("pieces", 0.8))
            .fault(Rule::new(When::Always, Fault::Says(200, pieces)).model("pieces"))
            .fault(Rule::new(
                When::Question(questions[2].id.clone()),
                Fault::Says(400, json!({"error": {"message": echo, "type": "x"}}).to_string()),
            ))
            .fault(Rule::new(
                When::Question(questions[4].id.clone()),
                Fault::Says(200, told.to_string()),
            ));
        let one = Provider::start_h2(Profile::Reflective, one).await?;
        let two = Provider::start(Profile::Wildcard, two).await?;
        let stage = Stage::new().await?;
        let viva = stage.viva.with_limit(Duration::from_secs(40));
        viva.open_questions(&[&file], "12").await?;
        for (provider, model, key) in [(&one, "one", ONE), (&two, "two", TWO)] {
            let address = provider.base_url();
            let (preset, address) = ("custom", address.as_str());
            viva.enter(&Entered { preset, address, model, key, ..Entered::default() }).await?;
            viva.page.click(role("button", "Test the connection")).await?;
            viva.page.wait_text("It works").await?;
            assert_unseen(&viva, &[ONE, TWO]).await?;
            viva.page.click(role("button", "List its models")).await?;
            viva.page.wait_text("found. Start typing").await?;
            viva.page.click("#add-model").await?;
        }
        let address = two.base_url();
        let (preset, address, model) = ("custom", address.as_str(), "pieces");
        let delivery = "streamed";
        viva.enlist(&Entered { preset, address, model, delivery, ..Entered::default() }).await?;
        viva.start_run().await?;
        viva.wait_finished().await?;
        assert_unseen(&viva, &[ONE, TWO]).await?;
        viva.see_results().await?;
        let page = &viva.page;
        let n_buttons = page.count(role("button", contains("Save "))).await?;
        for idx in 0..n_buttons {
            let save = role("button", contains("Save ")).nth(idx);
            page.download(page.click(save)).await?;
        }
        let saved: Vec<String> =
            page.downloads().iter().map(Download::text).collect::<Result<_>>()?;
        ensure(1 < saved.len(), "the run and its answers were saved")?;
        let repeats = |text: &str| saved.iter().any(|saved| saved.contains(text));
        ensure(repeats("Incorrect key"), "the error that repeats the key is kept, without it")?;
        ensure(repeats("In pieces: "), "the stream that repeats the key is kept, without it")?;
        ensure(repeats("You sent"), "the answer that repeats the key is kept, without it")?;
        viva.go("#/ledger").await?;
        page.download(page.click(role("button", "Download as CSV"))).await?;
        for fragment in PAGES {
            viva.go(fragment).await?;
            assert_unseen(&viva, &[ONE, TWO]).await?;
        }
        assert_nowhere(&viva, &[ONE, TWO]).await?;
        assert_own_key_only(&one, ONE, TWO)?;
        assert_own_key_only(&two, TWO, ONE)?;
        assert_plain(&one)?;
        assert_plain(&two)?;
        stage.clean(&[&one, &two])
    });
}

#[test]
fn remembered_keys_lie_encrypted_and_open_with_the_passphrase_alone() {
    run(async {
        let scratch = Scratch::new("vault")?;
        let (questions, file) = questions(&scratch, 5)?;
        let script = Script::new(&questions, 63).key(ONE).model(Examinee::new("model", 0.8));
        let provider = Provider::start(Profile::Wildcard, script).await?;
        let stage = Stage::new().await?;
        let viva = stage.viva.with_limit(Duration::from_secs(40));
        let page = &viva.page;
        viva.add_model(&provider.base_url(), "model", ONE).await?;
        viva.go("#/settings").await?;
        page.fill("#new-passphrase", PASSPHRASE).await?;
        page.fill("#new-passphrase-again", PASSPHRASE).await?;
        page.click(role("button", "Remember my keys")).await?;
        page.wait_text("Your keys are remembered from now on").await?;
        assert_nowhere(&viva, &[ONE, PASSPHRASE]).await?;
        let vault = page.databases().await?["viva"]["vault"].clone();
        ensure(vault.as_array().is_some_and(|kept| kept.len() == 1), "something is remembered")?;

        viva.reload().await?;
        viva.go("#/settings").await?;
        page.wait_text("Keys are remembered, and locked").await?;
        ensure(page.count("#held-keys li").await? == 0, "a locked vault gives no key")?;
        page.fill(label("Passphrase"), "copper lantern meadow pistol").await?;
        page.click(role("button", "Unlock")).await?;
        page.wait_for(role("alert", viva_e2e::browser::Name::Any)).await?;
        ensure(page.count("#held-keys li").await? == 0, "a wrong passphrase gives no key")?;
        page.fill(label("Passphrase"), PASSPHRASE).await?;
        page.click(role("button", "Unlock")).await?;
        page.wait_text("Unlocked: the keys in this tab are remembered").await?;
        page.wait_for("#held-keys li").await?;

        viva.open_questions(&[&file], "5").await?;
        viva.add_model(&provider.base_url(), "model", "").await?;
        viva.start_run().await?;
        viva.wait_finished().await?;
        viva.see_results().await?;
        assert_counts(&viva, "model", provider.expected("model", &questions)).await?;
        assert_nowhere(&viva, &[ONE, PASSPHRASE]).await?;

        viva.go("#/settings").await?;
        page.click(role("button", "Forget all keys …")).await?;
        page.click(role("button", "Yes, delete")).await?;
        page.wait_gone("#held-keys li").await?;
        let vault = page.databases().await?["viva"]["vault"].clone();
        ensure(vault.as_array().is_none_or(Vec::is_empty), "nothing is remembered any more")?;
        stage.clean(&[&provider])
    });
}

#[test]
fn signing_in_at_openrouter_brings_a_key_without_pasting_one() {
    run(async {
        let scratch = Scratch::new("sign-in")?;
        let (questions, file) = questions(&scratch, 5)?;
        let model = "maker/model";
        let script = Script::new(&questions, 65).key(ONE).model(Examinee::new(model, 0.8));
        let provider = Provider::start_h2(Profile::AllowList, script).await?;
        let stage = Stage::at_hosts("127.0.0.1", &[("openrouter.ai", &provider)]).await?;
        let viva = stage.viva.with_limit(Duration::from_secs(40));
        let page = &viva.page;
        viva.go("#/models").await?;
        page.click(role("button", "Sign in at OpenRouter")).await?;
        page.wait_text("You are signed in").await?;
        let address = page.eval_text("location.href").await?;
        ensure(!address.contains("code="), &format!("the code stays in {address}"))?;
        ensure(page.web_storage().await?["session"] == json!({}), "the verifier is kept")?;

        viva.open_questions(&[&file], "5").await?;
        viva.enlist(&Entered { preset: "openrouter", model, ..Entered::default() }).await?;
        viva.start_run().await?;
        viva.wait_finished().await?;
        viva.see_results().await?;
        assert_counts(&viva, model, provider.expected(model, &questions)).await?;
        for call in provider.calls() {
            ensure(call.header("authorization") == Some(&format!("Bearer {ONE}")), "its key")?;
        }
        let exchanged: Vec<_> = provider
            .received()
            .into_iter()
            .filter(|received| received.path == "/api/v1/auth/keys")
            .collect();
        ensure(exchanged.len() == 1, "one exchange")?;
        ensure(exchanged[0].header("authorization").is_none(), "an exchange carries no key")?;
        assert_nowhere(&viva, &[ONE]).await
    });
}
