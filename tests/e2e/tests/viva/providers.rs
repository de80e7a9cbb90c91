//! Owns the tests of the providers: each asked at its own address, whole and in pieces, with the figures that it counted.

use std::time::Duration;

use viva_e2e::app::{Entered, Viva};
use viva_e2e::browser::css;
use viva_e2e::place::Scratch;
use viva_e2e::provider::{Examinee, Profile, Provider, Script};
use viva_e2e::questions::Question;
use viva_e2e::{Result, run};

use crate::record::Record;
use crate::{Stage, assert_counts, assert_plain, ensure, questions};

/// A provider that is asked, with who sits there.
struct Seat {
    preset: &'static str,
    /// Where the preset's address leads; empty for one on this machine.
    host: &'static str,
    profile: Profile,
    model: &'static str,
}

fn seat(preset: &'static str, host: &'static str, profile: Profile, model: &'static str) -> Seat {
    Seat { preset, host, profile, model }
}

const AZURE: &str = "my-resource.openai.azure.com";

/// One for each protocol and preset. OpenAI's two protocols are asked at one address, see [`RESPONSES`].
fn seats() -> Vec<Seat> {
    let anthropic = Profile::Anthropic { allows_pages: true };
    vec![
        seat("openai", "api.openai.com", Profile::Reflective, "gpt-4o"),
        seat("anthropic", "api.anthropic.com", anthropic, "claude-sonnet-4-5"),
        seat("gemini", "generativelanguage.googleapis.com", Profile::Gemini, "gemini-2.5-flash"),
        seat("openrouter", "openrouter.ai", Profile::AllowList, "maker/model-a"),
        seat("mistral", "api.mistral.ai", Profile::Mistral, "mistral-medium-latest"),
        seat("cohere", "api.cohere.com", Profile::Cohere, "command-a-03-2025"),
        seat("groq", "api.groq.com", Profile::Groq, "llama-3.3-70b-versatile"),
        seat("together", "api.together.xyz", Profile::Together, "maker/model-b"),
        seat("deepseek", "api.deepseek.com", Profile::DeepSeek, "deepseek-chat"),
        seat("xai", "api.x.ai", Profile::Xai, "grok-4"),
        seat("fireworks", "api.fireworks.ai", Profile::Fireworks, "accounts/x/models/m"),
        seat("perplexity", "api.perplexity.ai", Profile::Perplexity, "sonar"),
        seat("cerebras", "api.cerebras.ai", Profile::Cerebras, "gpt-oss-120b"),
        seat("hugging-face", "router.huggingface.co", Profile::HuggingFace, "maker/model-c"),
        seat("azure-openai", AZURE, Profile::Azure, "my-deployment"),
        seat("ollama", "", Profile::Ollama(vec![]), "medgemma:4b"),
        seat("lm-studio", "", Profile::LmStudio { cors: true }, "model-d"),
        seat("vllm", "", Profile::Wildcard, "model-e"),
    ]
}

/// Asked by OpenAI's Responses, at the same provider as the first seat.
const RESPONSES: &str = "gpt-5.2";

fn examinee(model: &str, profile: &Profile) -> Examinee {
    let one = Examinee::new(model, 0.7).refuses(0.06).rambles(0.04).runs_out(0.04);
    let one = one.falls_silent(0.03).thinks();
    // What Azure's filter stops is an error without a count of tokens; the other two have no word for a filter.
    match profile {
        Profile::Azure | Profile::Cohere | Profile::Ollama(_) => one,
        _ => one.filtered(0.05),
    }
}

fn key_of(seat: &Seat) -> String {
    format!("sk-of-{}-0123456789abcdef", seat.preset)
}

#[test]
fn every_provider_is_asked_whole_and_in_pieces_and_counts_as_it_says() {
    run(async {
        let scratch = Scratch::new("providers")?;
        let (questions, file) = questions(&scratch, 50)?;
        let seats = seats();
        let mut providers = vec![];
        for seat in &seats {
            let script = Script::new(&questions, 21).model(examinee(seat.model, &seat.profile));
            let script = match seat.preset {
                "openai" => script.model(examinee(RESPONSES, &seat.profile)),
                _ => script,
            };
            providers.push(if seat.host.is_empty() {
                Provider::start(seat.profile.clone(), script).await?
            } else {
                Provider::start_h2(seat.profile.clone(), script.key(&key_of(seat))).await?
            });
        }
        let all = || seats.iter().zip(&providers);
        let hosts: Vec<(&str, &Provider)> = all()
            .filter(|(seat, _)| !seat.host.is_empty())
            .map(|(seat, provider)| (seat.host, provider))
            .collect();
        let stage = Stage::at_hosts("127.0.0.1", &hosts).await?;
        let viva = stage.viva.with_limit(Duration::from_secs(90));
        viva.open_questions(&[&file], "50").await?;
        for (seat, provider) in all() {
            enlist(&viva, seat, provider).await?;
        }
        let responses =
            Entered { preset: "openai-responses", model: RESPONSES, ..Entered::default() };
        viva.enlist(&Entered { price: Some(("1", "4")), ..responses }).await?;

        for is_streamed in [false, true] {
            if is_streamed {
                viva.plan_another().await?;
                viva.have_streamed().await?;
            }
            viva.start_run().await?;
            viva.wait_finished().await?;
            for (idx, (seat, provider)) in all().enumerate() {
                // Azure refuses to be asked for the count of a stream.
                let is_told = !(is_streamed && seat.profile == Profile::Azure);
                assert_cost_shown(&viva, idx, provider, seat.model, is_told).await?;
            }
            assert_cost_shown(&viva, seats.len(), &providers[0], RESPONSES, true).await?;
            viva.see_results().await?;
            let record = Record::save(&viva).await?;
            for (seat, provider) in all() {
                let is_told = !(is_streamed && seat.profile == Profile::Azure);
                let questions = &questions[..];
                assert_seat(&viva, &record, provider, seat.model, questions, is_told).await?;
                for call in provider.calls() {
                    ensure(
                        call.is_streamed == is_streamed && call.attempt == 1,
                        &format!(
                            "{}: streamed {is_streamed}, attempt {}",
                            seat.preset, call.attempt
                        ),
                    )?;
                    ensure(call.is_http2 != seat.host.is_empty(), seat.preset)?;
                }
                assert_plain(provider)?;
            }
            assert_seat(&viva, &record, &providers[0], RESPONSES, &questions, true).await?;
            for provider in &providers {
                provider.forget();
            }
        }
        let mut origins: Vec<String> =
            hosts.iter().map(|(host, _)| format!("https://{host}")).collect();
        origins.extend(providers.iter().map(Provider::origin));
        origins.push(stage.site.origin());
        let origins: Vec<&str> = origins.iter().map(String::as_str).collect();
        stage.viva.page.log().only_to(&origins)
    });
}

/// Adds a seat's model at the price that the provider charges.
async fn enlist(viva: &Viva, seat: &Seat, provider: &Provider) -> Result<()> {
    let address = match (seat.preset, seat.host) {
        ("azure-openai", host) => format!("https://{host}"),
        ("ollama", _) => provider.origin(),
        (_, "") => provider.base_url(),
        _ => String::new(),
    };
    let key = if seat.host.is_empty() { String::new() } else { key_of(seat) };
    viva.enlist(&Entered {
        preset: seat.preset,
        address: &address,
        model: seat.model,
        key: &key,
        price: Some(("1", "4")),
        ..Entered::default()
    })
    .await
}

/// What the provider counted is what the page says was spent.
async fn assert_cost_shown(
    viva: &Viva,
    lane_idx: usize,
    provider: &Provider,
    model: &str,
    is_told: bool,
) -> Result<()> {
    if !is_told {
        return Ok(());
    }
    let lane = viva.page.text(css(".lane").nth(lane_idx)).await?;
    let cost = viva::provider::MicroDollars(provider.used(model).cost_micros());
    ensure(lane.contains(&format!("{cost} spent")), &format!("{cost} at {model}: {lane}"))
}

async fn assert_seat(
    viva: &Viva,
    record: &Record,
    provider: &Provider,
    model: &str,
    questions: &[Question],
    is_told: bool,
) -> Result<()> {
    assert_counts(viva, model, provider.expected(model, questions)).await?;
    let (counted, told) = (provider.used(model), record.usage(model)?);
    if !is_told {
        return ensure(told.input == 0, &format!("{model}: nobody told {told:?}"));
    }
    ensure(
        (counted.input, counted.output) == (told.input, told.output),
        &format!("{model}: the provider counted {counted:?}, the journal says {told:?}"),
    )?;
    ensure(
        told.reasoning == 0 || told.reasoning == counted.reasoning,
        &format!("{model}: the thinking of {counted:?} is told as {told:?}"),
    )?;
    let cost = record.cost(model)?;
    ensure(
        cost == counted.cost_micros(),
        &format!("{model}: cost {cost}, not {}", counted.cost_micros()),
    )
}
