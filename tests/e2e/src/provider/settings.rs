//! Owns which fields of a request each interface takes, and the refusal of those it does not.

use serde_json::{Map, Value};

use super::dialect::Dialect;
use super::profile::Profile;
use super::script::Examinee;
use super::trouble::Trouble;

const CHAT: [&str; 28] = [
    "model",
    "messages",
    "max_completion_tokens",
    "max_tokens",
    "temperature",
    "top_p",
    "reasoning_effort",
    "verbosity",
    "response_format",
    "logprobs",
    "top_logprobs",
    "seed",
    "n",
    "stop",
    "store",
    "stream",
    "stream_options",
    "service_tier",
    "prompt_cache_key",
    "safety_identifier",
    "frequency_penalty",
    "presence_penalty",
    "logit_bias",
    "metadata",
    "modalities",
    "tools",
    "tool_choice",
    "user",
];

const RESPONSES: [&str; 19] = [
    "model",
    "input",
    "instructions",
    "max_output_tokens",
    "temperature",
    "top_p",
    "reasoning",
    "text",
    "include",
    "top_logprobs",
    "store",
    "stream",
    "stream_options",
    "background",
    "service_tier",
    "metadata",
    "truncation",
    "safety_identifier",
    "prompt_cache_key",
];

const ANTHROPIC: [&str; 13] = [
    "model",
    "max_tokens",
    "messages",
    "system",
    "stop_sequences",
    "stream",
    "thinking",
    "output_config",
    "metadata",
    "service_tier",
    "temperature",
    "top_p",
    "top_k",
];

const MISTRAL: [&str; 18] = [
    "model",
    "messages",
    "max_tokens",
    "temperature",
    "top_p",
    "random_seed",
    "safe_prompt",
    "prompt_mode",
    "reasoning_effort",
    "response_format",
    "guardrails",
    "stop",
    "stream",
    "n",
    "presence_penalty",
    "frequency_penalty",
    "tools",
    "metadata",
];

const COHERE: [&str; 13] = [
    "model",
    "messages",
    "stream",
    "max_tokens",
    "temperature",
    "p",
    "k",
    "seed",
    "stop_sequences",
    "response_format",
    "thinking",
    "safety_mode",
    "logprobs",
];

const GEMINI: [&str; 7] = [
    "contents",
    "systemInstruction",
    "generationConfig",
    "safetySettings",
    "tools",
    "toolConfig",
    "cachedContent",
];

const GEMINI_CONFIG: [&str; 13] = [
    "temperature",
    "topP",
    "topK",
    "candidateCount",
    "maxOutputTokens",
    "stopSequences",
    "responseLogprobs",
    "logprobs",
    "seed",
    "responseMimeType",
    "responseSchema",
    "responseJsonSchema",
    "thinkingConfig",
];

/// What is wrong with the fields of this request, if anything is.
pub(super) fn refusal(
    profile: &Profile,
    dialect: Dialect,
    body: &Value,
    examinee: &Examinee,
) -> Option<Trouble> {
    let none = Map::new();
    let top = body.as_object().unwrap_or(&none);
    let known: Option<&[&str]> = match (dialect, profile) {
        (Dialect::Chat, Profile::Mistral) => Some(&MISTRAL),
        (Dialect::Chat, Profile::Reflective) => Some(&CHAT),
        (Dialect::Responses, _) => Some(&RESPONSES),
        (Dialect::Anthropic, _) => Some(&ANTHROPIC),
        (Dialect::Cohere, _) => Some(&COHERE),
        (Dialect::Gemini, _) => Some(&GEMINI),
        // The others overlook what they do not know.
        (Dialect::Chat | Dialect::Ollama, _) => None,
    };
    if let Some(known) = known
        && let Some(name) = top.keys().find(|name| !known.contains(&name.as_str()))
    {
        return Some(Trouble::Unknown(name.clone()));
    }
    let inner = match dialect {
        Dialect::Gemini => body["generationConfig"].as_object(),
        Dialect::Ollama => body["options"].as_object(),
        _ => None,
    };
    if dialect == Dialect::Gemini
        && let Some(name) = inner
            .and_then(|inner| inner.keys().find(|name| !GEMINI_CONFIG.contains(&name.as_str())))
    {
        return Some(Trouble::Unknown(name.clone()));
    }
    if dialect == Dialect::Anthropic && body["max_tokens"].as_u64().is_none() {
        return Some(Trouble::Missing("max_tokens"));
    }
    let refused = examinee.refused_settings.iter();
    let sent = |name: &str| {
        [Some(top), inner].into_iter().flatten().any(|fields| fields.contains_key(name))
    };
    refused.clone().find(|name| sent(name.as_str())).map(|name| Trouble::Unsupported(name.clone()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_an_interface_does_not_know_is_refused_where_it_is_strict() {
        let anyone = Examinee::new("m", 1.0);
        let old = Examinee::new("m", 1.0).refuses_setting("temperature");
        let anthropic = Profile::Anthropic { allows_pages: true };
        let check = |profile, dialect, body, examinee| refusal(profile, dialect, &body, examinee);
        let mistral =
            check(&Profile::Mistral, Dialect::Chat, json!({"model": "m", "seed": 1}), &anyone);
        assert_eq!(mistral, Some(Trouble::Unknown("seed".to_owned())));
        let without = check(&anthropic, Dialect::Anthropic, json!({"model": "m"}), &anyone);
        assert_eq!(without, Some(Trouble::Missing("max_tokens")));
        let gemini = json!({"contents": [], "generationConfig": {"temperature": 0}});
        assert_eq!(check(&Profile::Gemini, Dialect::Gemini, gemini.clone(), &anyone), None);
        let refused = check(&Profile::Gemini, Dialect::Gemini, gemini, &old);
        assert_eq!(refused, Some(Trouble::Unsupported("temperature".to_owned())));
        let free = check(&Profile::Wildcard, Dialect::Chat, json!({"whatever": 1}), &anyone);
        assert_eq!(free, None);
    }
}
