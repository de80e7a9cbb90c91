//! Owns the checks of what is sent to whom and what is said about the rest.

use super::*;

fn wished() -> CallSettings {
    CallSettings {
        temperature: Some(0.0),
        seed: Some(7),
        max_output_tokens: Some(2_000),
        effort: Some(Effort::Low),
        context_tokens: Some(4_096),
        delivery: Delivery::Streamed,
    }
}

/// The first letters of what is sent of temperature, seed, limit, effort and context.
fn sent(protocol: Protocol, base_url: &str, model: &str) -> String {
    let settled = settle(&Endpoint::new(protocol, base_url, model), wished());
    let n_wished = 5;
    let all = [
        ('t', Setting::Temperature),
        ('s', Setting::Seed),
        ('m', Setting::MaxOutputTokens),
        ('e', Setting::Effort),
        ('c', Setting::ContextTokens),
    ];
    let sent: String = all
        .into_iter()
        .filter(|(_, setting)| is_sent(&settled, *setting, false))
        .map(|(letter, _)| letter)
        .collect();
    assert_eq!(sent.len() + settled.withheld.len(), n_wished, "{model}: {settled:?}");
    for withheld in &settled.withheld {
        assert!(withheld.reason.ends_with('.'), "{withheld:?}");
    }
    assert_eq!(settle(&settled, wished()), settled, "settling twice");
    sent
}

#[test]
fn each_family_gets_what_it_takes() {
    use Protocol::{
        Anthropic, AzureOpenAi, Cohere, Gemini, Mistral, Ollama, OpenAiChat, OpenAiResponses,
    };
    let openai = "https://api.openai.com/v1";
    let openrouter = "https://openrouter.ai/api/v1";
    let azure = "https://ward.openai.azure.com";
    let claude = "https://api.anthropic.com/v1";
    let google = "https://generativelanguage.googleapis.com/v1beta";
    for (protocol, base_url, model, expected) in [
        (OpenAiChat, openai, "gpt-4.1", "tsm"),
        (OpenAiChat, openai, "o3", "sme"),
        (OpenAiChat, openai, "gpt-5-mini", "sme"),
        (OpenAiChat, openai, "gpt-5.2", "sme"),
        (OpenAiChat, openai, "gpt-5-chat-latest", "tsm"),
        (OpenAiChat, openai, "gpt-4o-search-preview", "sm"),
        (OpenAiChat, openai, "strawberry", "m"),
        (OpenAiResponses, openai, "gpt-4.1", "tm"),
        (OpenAiResponses, openai, "gpt-5.2", "me"),
        (AzureOpenAi, azure, "our-deployment", "m"),
        (AzureOpenAi, azure, "gpt-4o", "tsm"),
        (Anthropic, claude, "claude-opus-4-7", "me"),
        (Anthropic, claude, "claude-opus-4-6", "me"),
        (Anthropic, claude, "claude-3-5-haiku-20241022", "tm"),
        (Anthropic, claude, "claude-next", "m"),
        (Anthropic, claude, "mystery", "m"),
        (Gemini, google, "gemini-2.5-pro", "tsme"),
        (Gemini, google, "gemini-3-pro-preview", "tsme"),
        (Gemini, google, "gemini-2.0-flash", "tsm"),
        (Gemini, google, "gemma-3-27b-it", "tsm"),
        (Mistral, "https://api.mistral.ai/v1", "mistral-medium-latest", "tsme"),
        (Mistral, "https://api.mistral.ai/v1", "open-mistral-7b", "tsm"),
        (Cohere, "https://api.cohere.com", "command-a-03-2025", "tsm"),
        (Cohere, "https://api.cohere.com", "command-a-reasoning-08-2025", "tsme"),
        (Ollama, "http://localhost:11434", "medgemma:27b", "tsmc"),
        (Ollama, "http://localhost:11434", "gpt-oss:20b", "tsmec"),
        (OpenAiChat, openrouter, "openai/gpt-5.2", "sme"),
        (OpenAiChat, openrouter, "anthropic/claude-opus-4.7", "sme"),
        (OpenAiChat, openrouter, "meta-llama/llama-4", "tsme"),
        (OpenAiChat, "https://api.groq.com/openai/v1", "openai/gpt-oss-120b", "tsme"),
        (OpenAiChat, "https://api.groq.com/openai/v1", "llama-3.3-70b-versatile", "tsm"),
        (OpenAiChat, "https://api.together.xyz/v1", "meta-llama/x", "tsm"),
        (OpenAiChat, "https://api.deepseek.com", "deepseek-v4", "m"),
        (OpenAiChat, "https://api.deepseek.com", "deepseek-chat", "tm"),
        (OpenAiChat, "https://api.x.ai/v1", "grok-4", "tsm"),
        (OpenAiChat, "https://api.x.ai/v1", "grok-3-mini", "tsme"),
        (OpenAiChat, "https://api.fireworks.ai/inference/v1", "accounts/x/models/y", "tsm"),
        (OpenAiChat, "https://api.perplexity.ai", "sonar", "tm"),
        (OpenAiChat, "https://api.cerebras.ai/v1", "gpt-oss-120b", "tsme"),
        (OpenAiChat, "https://router.huggingface.co/v1", "google/medgemma-27b-it", "tsm"),
        (OpenAiChat, "http://localhost:8000/v1", "medgemma", "tsm"),
        (OpenAiChat, "https://llm.hospital.example/v1", "secret", "tm"),
    ] {
        assert_eq!(sent(protocol, base_url, model), expected, "{protocol:?} {base_url} {model}");
    }
}

#[test]
fn some_settings_depend_on_others() {
    let settle_with = |protocol, base_url: &str, model: &str, settings| {
        settle(&Endpoint::new(protocol, base_url, model), settings).settings
    };
    let none = CallSettings { effort: Some(Effort::None), ..wished() };
    let openai = "https://api.openai.com/v1";
    let settled = settle_with(Protocol::OpenAiChat, openai, "gpt-5.1", none);
    assert_eq!((settled.temperature, settled.effort), (Some(0.0), Some(Effort::None)));
    // An effort that is not taken does not open the door to the temperature.
    let settled = settle_with(Protocol::OpenAiChat, openai, "gpt-5", none);
    assert_eq!((settled.temperature, settled.effort), (None, None));
    let settled =
        settle_with(Protocol::OpenAiChat, "https://api.deepseek.com", "deepseek-v4", none);
    assert_eq!((settled.temperature, settled.effort), (Some(0.0), Some(Effort::None)));

    let claude =
        |settings| settle_with(Protocol::Anthropic, "https://x", "claude-opus-4-5", settings);
    assert_eq!(claude(none).temperature, Some(0.0));
    assert_eq!(claude(wished()).temperature, None);
    assert_eq!(claude(CallSettings { temperature: Some(1.5), ..none }).temperature, None);
    let tight = CallSettings { max_output_tokens: Some(512), ..wished() };
    assert_eq!(claude(tight).effort, None);
    let high = CallSettings {
        effort: Some(Effort::High),
        max_output_tokens: None,
        ..CallSettings::default()
    };
    assert_eq!(claude(high).effort, Some(Effort::High));
    assert_eq!(claude(high).max_output_tokens, Some(32_000));
}

#[test]
fn the_models_own_settings_come_before_those_of_the_run() {
    let mut endpoint = Endpoint::new(Protocol::Ollama, "http://localhost:11434", "m");
    endpoint.settings.temperature = Some(0.7);
    let settled = settle(&endpoint, CallSettings { temperature: Some(0.0), ..Default::default() });
    assert_eq!(settled.settings.temperature, Some(0.7));
    assert_eq!(settled.settings.context_tokens, Some(DEFAULT_CONTEXT_TOKENS));
    assert_eq!(settled.withheld, []);
}

#[test]
fn what_a_model_refused_stays_withheld() {
    let endpoint = Endpoint::new(Protocol::Ollama, "http://localhost:11434", "m");
    let mut less = settle(&endpoint, CallSettings { effort: Some(Effort::None), ..wished() });
    for setting in [
        Setting::Temperature,
        Setting::Seed,
        Setting::MaxOutputTokens,
        Setting::Effort,
        Setting::ContextTokens,
        Setting::Streaming,
        Setting::JsonSchema,
    ] {
        assert!(is_sent(&less, setting, true), "{setting:?}");
        less = without(&less, setting, "refused");
        assert!(!is_sent(&less, setting, true), "{setting:?}");
        assert_eq!(without(&less, setting, "refused"), less);
    }
    assert_eq!(less.withheld.len(), 7);
    assert_eq!(settle(&less, wished()), less);
}

#[test]
fn a_schema_is_offered_where_it_is_taken() {
    let takes = |protocol, base_url: &str, model: &str| {
        takes_schema(&Endpoint::new(protocol, base_url, model)).is_ok()
    };
    assert!(takes(Protocol::OpenAiChat, "https://api.openai.com/v1", "gpt-4o"));
    assert!(!takes(Protocol::OpenAiChat, "https://api.openai.com/v1", "gpt-4-turbo"));
    assert!(!takes(Protocol::OpenAiChat, "https://api.openai.com/v1", "gpt-3.5-turbo"));
    assert!(takes(Protocol::OpenAiChat, "https://api.deepseek.com", "deepseek-chat"));
    assert!(!takes(Protocol::OpenAiChat, "https://llm.hospital.example/v1", "m"));
    assert!(takes(Protocol::Anthropic, "https://x", "claude-haiku-4-5"));
    assert!(!takes(Protocol::Anthropic, "https://x", "claude-opus-4-1"));
    assert!(takes(Protocol::Gemini, "https://x", "gemini-2.5-pro"));
    assert!(!takes(Protocol::Gemini, "https://x", "gemma-3-27b-it"));
    assert!(takes(Protocol::Ollama, "http://localhost:11434", "medgemma"));
}
