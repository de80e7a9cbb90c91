//! Owns the tests of what a person is told when a provider does not answer: each documented error, in the connection test
//! and in a run.

use std::time::Duration;

use viva_e2e::app::{Entered, Viva};
use viva_e2e::browser::{css, role};
use viva_e2e::place::Scratch;
use viva_e2e::provider::{Examinee, Fault, Profile, Provider, Rule, Script, When};
use viva_e2e::{Error, Result, run};

use crate::{Stage, ensure, questions};

const KEY: &str = "sk-right-0123456789abcdef";
const WRONG: &str = "sk-wrong-0123456789abcdef";
const AZURE: &str = "my-resource.openai.azure.com";

/// A provider with the sign of a wrong key there, and of another trouble.
struct Case {
    preset: &'static str,
    host: &'static str,
    profile: Profile,
    /// What is told of a wrong key.
    wrong_key: &'static str,
    trouble: Trouble,
    /// What is told of the other trouble.
    told: &'static str,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Trouble {
    NoCredit,
    NoModel,
    Status(u16),
    WrongKey,
    /// The provider treats pages so.
    Inborn,
}

const HIDDEN: &str = "The key may be wrong";
const OPEN: &str = "does not accept the key";

fn case(
    (preset, host, profile): (&'static str, &'static str, Profile),
    wrong_key: &'static str,
    trouble: Trouble,
    told: &'static str,
) -> Case {
    Case { preset, host, profile, wrong_key, trouble, told }
}

fn cases() -> Vec<Case> {
    use Trouble::{Inborn, NoCredit, NoModel, Status, WrongKey};
    let closed = Profile::Anthropic { allows_pages: false };
    let no_model = "does not know this model";
    let no_credit = "has no credit left";
    vec![
        case(("openai", "api.openai.com", Profile::Reflective), HIDDEN, NoCredit, no_credit),
        case(
            ("anthropic", "api.anthropic.com", closed),
            "forbids its use from web pages",
            Inborn,
            "forbids its use from web pages",
        ),
        case(
            ("gemini", "generativelanguage.googleapis.com", Profile::Gemini),
            OPEN,
            NoCredit,
            "is used up",
        ),
        case(("openrouter", "openrouter.ai", Profile::AllowList), OPEN, NoCredit, no_credit),
        case(("mistral", "api.mistral.ai", Profile::Mistral), OPEN, NoModel, no_model),
        case(("cohere", "api.cohere.com", Profile::Cohere), OPEN, NoModel, no_model),
        case(("groq", "api.groq.com", Profile::Groq), OPEN, NoModel, no_model),
        case(("together", "api.together.xyz", Profile::Together), OPEN, NoCredit, no_credit),
        case(("deepseek", "api.deepseek.com", Profile::DeepSeek), OPEN, NoCredit, no_credit),
        case(("xai", "api.x.ai", Profile::Xai), OPEN, WrongKey, OPEN),
        case(("fireworks", "api.fireworks.ai", Profile::Fireworks), OPEN, Status(503), "HTTP 503"),
        case(("perplexity", "api.perplexity.ai", Profile::Perplexity), OPEN, WrongKey, OPEN),
        case(("cerebras", "api.cerebras.ai", Profile::Cerebras), HIDDEN, WrongKey, HIDDEN),
        case(
            ("hugging-face", "router.huggingface.co", Profile::HuggingFace),
            OPEN,
            NoCredit,
            no_credit,
        ),
        case(
            ("azure-openai", AZURE, Profile::Azure),
            OPEN,
            NoModel,
            "Check the name of the deployment",
        ),
    ]
}

/// The case's provider, with its trouble on it.
async fn start(case: &Case) -> Result<Provider> {
    let questions = viva_e2e::questions::synthetic(6, 4, 11);
    let model = if case.trouble == Trouble::NoModel { "another" } else { "model" };
    let script = Script::new(&questions, 5).key(KEY).model(Examinee::new(model, 1.0));
    let always = |fault| Rule::new(When::Always, fault);
    let script = match case.trouble {
        Trouble::NoCredit => script.fault(always(Fault::InsufficientQuota)),
        Trouble::Status(status) => script.fault(always(Fault::Status(status))),
        Trouble::NoModel | Trouble::WrongKey | Trouble::Inborn => script,
    };
    Provider::start_h2(case.profile.clone(), script).await
}

async fn enter(viva: &Viva, case: &Case, key: &str) -> Result<()> {
    let azure = format!("https://{AZURE}");
    let address = if case.host == AZURE { azure.as_str() } else { "" };
    let Case { preset, .. } = *case;
    viva.enter(&Entered { preset, address, model: "model", key, ..Entered::default() }).await
}

/// Tests the connection of what is in the form, where nothing is told yet.
async fn test(viva: &Viva, told: &str) -> Result<()> {
    let page = &viva.page;
    page.click(role("button", "Test the connection")).await?;
    page.poll(&format!("{told:?} under the form"), async || {
        let said = page.text(css("section.card > [role=status]").nth(0)).await?;
        if said.contains(told) { Ok(Some(())) } else { Err(Error::new(said)) }
    })
    .await
}

#[test]
fn each_documented_error_is_diagnosed_in_the_test_and_in_a_run() {
    run(async {
        let scratch = Scratch::new("diagnosing")?;
        let (_, file) = questions(&scratch, 6)?;
        let cases = cases();
        let mut providers = vec![];
        for case in &cases {
            providers.push(start(case).await?);
        }
        let hosts: Vec<(&str, &Provider)> =
            cases.iter().map(|case| case.host).zip(&providers).collect();
        // A name that is not this machine's for Ollama, which answers pages of this machine by itself.
        let stage = Stage::at_hosts("viva.localhost", &hosts).await?;
        let viva = stage.viva.with_limit(Duration::from_mins(1));
        viva.open_questions(&[&file], "6").await?;
        for case in &cases {
            let wrap = |error: Error| Error::new(format!("{}: {error}", case.preset));
            enter(&viva, case, WRONG).await?;
            test(&viva, case.wrong_key).await.map_err(wrap)?;
            if case.trouble != Trouble::WrongKey {
                enter(&viva, case, KEY).await?;
                test(&viva, case.told).await.map_err(wrap)?;
            }
            viva.page.click("#add-model").await?;
        }
        let script = || Script::new(&[], 1).model(Examinee::new("local", 1.0));
        let ollama = Provider::start(Profile::Ollama(vec![]), script()).await?;
        let lm_studio = Provider::start(Profile::LmStudio { cors: false }, script()).await?;
        let open = Provider::start(Profile::Ollama(vec!["*".to_owned()]), script()).await?;
        viva.enter(&Entered {
            preset: "medgemma-ollama",
            address: &open.origin(),
            model: "medgemma:27b",
            ..Entered::default()
        })
        .await?;
        test(&viva, "ollama pull medgemma:4b").await?;
        let locals = [
            ("ollama", ollama.origin(), "OLLAMA_ORIGINS=http://viva.localhost"),
            ("lm-studio", lm_studio.base_url(), "must let pages of"),
        ];
        for (preset, address, told) in &locals {
            let local = Entered { preset, address, model: "local", ..Entered::default() };
            viva.enter(&local).await?;
            test(&viva, told).await?;
            viva.page.click("#add-model").await?;
        }

        viva.start_run().await?;
        let expected: Vec<&str> = cases
            .iter()
            .map(|case| case.told)
            .chain(locals.iter().map(|(_, _, told)| *told))
            .collect();
        for (idx, told) in expected.iter().enumerate() {
            // A server's own trouble passes, so that a run goes on trying.
            if told.starts_with("HTTP ") {
                continue;
            }
            let lane = css(".lane").nth(idx);
            viva.page
                .poll(&format!("{told:?} in lane {idx}"), async || {
                    let text = viva.page.text(lane.clone()).await?;
                    let has_stopped = text.contains("Stopped.") && text.contains(told);
                    if has_stopped { Ok(Some(())) } else { Err(Error::new(text)) }
                })
                .await?;
        }
        for (case, provider) in cases.iter().zip(&providers) {
            let n = provider.calls().len();
            let is_kept_short = matches!(case.trouble, Trouble::Status(_)) || n <= 8;
            ensure(is_kept_short, &format!("{}: {n} calls in vain", case.preset))?;
        }
        Ok(())
    });
}

#[test]
fn an_overloaded_provider_is_waited_for() {
    run(async {
        let scratch = Scratch::new("overloaded")?;
        let (questions, file) = questions(&scratch, 12)?;
        let script = Script::new(&questions, 5).key(KEY).model(Examinee::new("model", 0.5));
        let provider =
            Provider::start_h2(Profile::Anthropic { allows_pages: true }, script).await?;
        provider.set_faults([Rule::new(When::Always, Fault::Status(529))]);
        let stage = Stage::at_hosts("127.0.0.1", &[("api.anthropic.com", &provider)]).await?;
        let viva = stage.viva.with_limit(Duration::from_mins(1));
        viva.open_questions(&[&file], "12").await?;
        let entered =
            Entered { preset: "anthropic", model: "model", key: KEY, ..Entered::default() };
        viva.enter(&entered).await?;
        test(&viva, "It has more to do than it can").await?;
        viva.page.click("#add-model").await?;
        provider.forget();
        provider.set_faults([Rule::new(When::FirstAttempts(1), Fault::Status(529))]);
        viva.start_run().await?;
        viva.wait_finished().await?;
        viva.see_results().await?;
        crate::assert_counts(&viva, "model", provider.expected("model", &questions)).await?;
        ensure(provider.calls().len() == 24, "each question was asked twice")
    });
}
