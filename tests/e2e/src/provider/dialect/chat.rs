//! Owns OpenAI's Chat Completions as the provider speaks it, with what each provider made of it.

use hyper::body::Bytes;
use serde_json::{Value, json};

use super::super::profile::Profile;
use super::{Dialect, Reply, Stream, pieces};

/// Under which name the thinking is shown; none where it is kept back.
fn reasoning_field(profile: &Profile) -> Option<&'static str> {
    match profile {
        Profile::DeepSeek
        | Profile::Wildcard
        | Profile::Xai
        | Profile::Fireworks
        | Profile::HuggingFace => Some("reasoning_content"),
        Profile::Groq
        | Profile::Cerebras
        | Profile::Together
        | Profile::AllowList
        | Profile::LmStudio { .. }
        | Profile::Ollama(_) => Some("reasoning"),
        Profile::Reflective
        | Profile::Azure
        | Profile::Mistral
        | Profile::Anthropic { .. }
        | Profile::Gemini
        | Profile::Cohere
        | Profile::Perplexity => None,
    }
}

fn id(reply: &Reply<'_>) -> String {
    format!("chatcmpl-{:06}", reply.idx)
}

pub(super) fn whole(reply: &Reply<'_>) -> Value {
    let mut message = json!({"role": "assistant", "content": content(reply)});
    if reply.is_marked {
        message["content"] = Value::Null;
        message["refusal"] = json!(reply.text);
    }
    if let (Some(field), Some(reasoning)) = (reasoning_field(reply.profile), reply.reasoning) {
        message[field] = json!(reasoning);
    }
    let mut body = json!({
        "id": id(reply),
        "object": "chat.completion",
        "created": 1_790_000_000 + reply.idx,
        "model": reply.model,
        "choices": [{
            "index": 0, "message": message, "logprobs": null,
            "finish_reason": reply.finish("stop", "length", "content_filter"),
        }],
        "usage": usage(reply),
    });
    if *reply.profile == Profile::Groq {
        body["x_groq"] = json!({"id": format!("req_{}", reply.idx)});
    }
    body
}

/// Mistral gives the answers of models that think as a list of parts.
fn content(reply: &Reply<'_>) -> Value {
    match (reply.profile, reply.reasoning) {
        (Profile::Mistral, Some(reasoning)) => json!([
            {"type": "thinking", "thinking": [{"type": "text", "text": reasoning}]},
            {"type": "text", "text": reply.text},
        ]),
        _ => json!(reply.text),
    }
}

fn usage(reply: &Reply<'_>) -> Value {
    let usage = reply.usage;
    let mut told = json!({
        "prompt_tokens": usage.input,
        "completion_tokens": usage.output,
        "total_tokens": usage.input + usage.output,
    });
    match reply.profile {
        Profile::AllowList => {
            told["cost"] = json!(usage.cost_micros() as f64 * 1e-6);
            told["prompt_tokens_details"] = json!({"cached_tokens": 0, "cache_write_tokens": 0});
            told["completion_tokens_details"] = json!({"reasoning_tokens": usage.reasoning});
        }
        Profile::Perplexity => {
            told["cost"] = json!({"total_cost": usage.cost_micros() as f64 * 1e-6});
        }
        Profile::DeepSeek => {
            told["prompt_cache_hit_tokens"] = json!(0);
            told["prompt_cache_miss_tokens"] = json!(usage.input);
            told["completion_tokens_details"] = json!({"reasoning_tokens": usage.reasoning});
        }
        Profile::Mistral | Profile::Ollama(_) | Profile::Wildcard | Profile::LmStudio { .. } => {}
        _ => {
            told["prompt_tokens_details"] = json!({"cached_tokens": 0});
            told["completion_tokens_details"] = json!({"reasoning_tokens": usage.reasoning});
        }
    }
    told
}

pub(super) fn stream(reply: &Reply<'_>) -> Stream {
    let chunk = |choices: &Value, more: Option<(&str, Value)>| {
        let mut event = json!({
            "id": id(reply), "object": "chat.completion.chunk", "created": 1_790_000_000 + reply.idx,
            "model": reply.model, "choices": choices,
        });
        if let Some((name, value)) = more {
            event[name] = value;
        }
        Dialect::Chat.event("", &event.to_string())
    };
    let delta =
        |delta: Value| chunk(&json!([{"index": 0, "delta": delta, "finish_reason": null}]), None);
    let mut events: Vec<Bytes> = Vec::new();
    if *reply.profile == Profile::AllowList {
        events.push(Bytes::from(": OPENROUTER PROCESSING\n\n"));
    }
    events.push(delta(json!({"role": "assistant", "content": ""})));
    if let Some(reasoning) = reply.reasoning {
        for piece in pieces(reasoning) {
            if *reply.profile == Profile::Mistral {
                let part =
                    json!([{"type": "thinking", "thinking": [{"type": "text", "text": piece}]}]);
                events.push(delta(json!({"content": part})));
            } else if let Some(field) = reasoning_field(reply.profile) {
                events.push(delta(json!({field: piece})));
            }
        }
        if *reply.profile == Profile::AllowList {
            events.push(Bytes::from(": OPENROUTER PROCESSING\n\n"));
        }
    }
    let field = if reply.is_marked { "refusal" } else { "content" };
    events.extend(pieces(reply.text).into_iter().map(|piece| delta(json!({field: piece}))));
    let n_before = events.len();
    events.extend(closing(reply).map(|(choices, more)| chunk(&choices, more)));
    events.push(Bytes::from("data: [DONE]\n\n"));
    let n_closing = events.len() - n_before;
    Stream::sse(events, n_closing)
}

/// What stands in the last chunks of a stream: choices, and one more field. `OpenAI` counts tokens only when asked to, in
/// a chunk of its own; Groq does so in `x_groq`; the others do with the last chunk.
fn closing(
    reply: &Reply<'_>,
) -> impl Iterator<Item = (Value, Option<(&'static str, Value)>)> + use<> {
    let reason = reply.finish("stop", "length", "content_filter");
    let end = json!([{"index": 0, "delta": {}, "finish_reason": reason}]);
    let counted = usage(reply);
    let chunks = match reply.profile {
        Profile::Groq => {
            let told = json!({"id": format!("req_{}", reply.idx), "usage": counted});
            vec![(end, Some(("x_groq", told)))]
        }
        Profile::Mistral
        | Profile::Together
        | Profile::DeepSeek
        | Profile::Perplexity
        | Profile::Xai
        | Profile::Cerebras
        | Profile::Fireworks => vec![(end, Some(("usage", counted)))],
        Profile::AllowList => {
            let last = json!([{"index": 0, "delta": {"role": "assistant", "content": ""}, "finish_reason": null}]);
            vec![(end, None), (last, Some(("usage", counted)))]
        }
        _ if reply.request["stream_options"]["include_usage"] == true => {
            vec![(end, None), (json!([]), Some(("usage", counted)))]
        }
        _ => vec![(end, None)],
    };
    chunks.into_iter()
}

/// The list of models.
pub(super) fn models(profile: &Profile, ids: &[&str]) -> Value {
    let owner = match profile {
        Profile::Reflective => "system",
        Profile::AllowList => "openrouter",
        Profile::Ollama(_) => "library",
        Profile::LmStudio { .. } => "organization_owner",
        Profile::Wildcard => "llamacpp",
        _ => "test",
    };
    let entries: Vec<Value> = ids
        .iter()
        .map(|id| json!({"id": id, "object": "model", "created": 1_790_000_000, "owned_by": owner}))
        .collect();
    // Together's list is bare.
    if *profile == Profile::Together {
        return json!(entries);
    }
    json!({"object": "list", "data": entries})
}
