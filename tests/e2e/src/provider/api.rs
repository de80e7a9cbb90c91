//! Owns the JSON and the event streams of the OpenAI-compatible interface, in the dialect of each provider.

use std::time::Duration;

use hyper::body::Bytes;
use serde_json::{Value, json};

use super::cors::Profile;

/// The body of a completion.
pub(super) fn completion(
    profile: &Profile,
    model: &str,
    idx: usize,
    text: &str,
    cut: bool,
    prompt: &str,
) -> Value {
    let usage = usage(profile, prompt, text);
    let (content, refusal) = (json!(text), Value::Null);
    json!({
        "id": format!("chatcmpl-{idx:06}"),
        "object": "chat.completion",
        "created": 1_790_000_000 + idx,
        "model": model,
        "choices": [{
            "index": 0,
            "message": {"role": "assistant", "content": content, "refusal": refusal},
            "logprobs": null,
            "finish_reason": if cut { "length" } else { "stop" },
        }],
        "usage": usage,
    })
}

/// The same completion as an event stream, in `n` or so pieces.
pub(super) fn stream(completion: &Value, with_usage: bool) -> Vec<Bytes> {
    let text = completion["choices"][0]["message"]["content"].as_str().unwrap_or_default();
    let chunk = |choices: Value, usage: &Value| {
        let event = json!({
            "id": completion["id"], "object": "chat.completion.chunk", "created": completion["created"],
            "model": completion["model"], "choices": choices, "usage": usage,
        });
        Bytes::from(format!("data: {event}\n\n"))
    };
    let mut events = vec![chunk(
        json!([{"index": 0, "delta": {"role": "assistant", "content": ""}, "finish_reason": null}]),
        &Value::Null,
    )];
    for piece in text.split_inclusive(' ') {
        let delta = json!([{"index": 0, "delta": {"content": piece}, "finish_reason": null}]);
        events.push(chunk(delta, &Value::Null));
    }
    let end = json!([{"index": 0, "delta": {}, "finish_reason": completion["choices"][0]["finish_reason"]}]);
    events.push(chunk(end, &Value::Null));
    if with_usage {
        events.push(chunk(json!([]), &completion["usage"]));
    }
    events.push(Bytes::from("data: [DONE]\n\n"));
    events
}

fn usage(profile: &Profile, prompt: &str, text: &str) -> Value {
    let (prompt, text) = (tokens(prompt), tokens(text));
    let mut usage = json!({
        "prompt_tokens": prompt, "completion_tokens": text, "total_tokens": prompt + text,
        "prompt_tokens_details": {"cached_tokens": 0},
        "completion_tokens_details": {"reasoning_tokens": 0},
    });
    if *profile == Profile::AllowList {
        usage["cost"] = json!((prompt + 4 * text) as f64 * 1e-6);
    }
    usage
}

/// Four characters to a token, as the usual rule of thumb has it; at least one.
pub(super) fn tokens(text: &str) -> usize {
    text.chars().count().div_ceil(4).max(1)
}

/// The list of models.
pub(super) fn models<'a>(profile: &Profile, ids: impl Iterator<Item = &'a str>) -> Value {
    let owner = match profile {
        Profile::Reflective => "system",
        Profile::AllowList => "openrouter",
        Profile::Ollama(_) => "library",
        Profile::LmStudio { .. } => "organization_owner",
        Profile::Wildcard => "llamacpp",
    };
    let entries: Vec<Value> = ids
        .map(|id| json!({"id": id, "object": "model", "created": 1_790_000_000, "owned_by": owner}))
        .collect();
    json!({"object": "list", "data": entries})
}

/// An error as this provider words it.
pub(super) fn error(
    profile: &Profile,
    status: u16,
    kind: &str,
    code: Option<&str>,
    message: &str,
) -> Value {
    match profile {
        Profile::Reflective => {
            json!({"error": {"message": message, "type": kind, "param": null, "code": code}})
        }
        Profile::AllowList => {
            json!({"error": {"message": message, "code": status}, "user_id": "user_test"})
        }
        Profile::Ollama(_) => {
            json!({"error": {"message": message, "type": "api_error", "param": null, "code": null}})
        }
        Profile::LmStudio { .. } => json!({"error": message}),
        Profile::Wildcard => json!({"error": {"code": status, "message": message, "type": kind}}),
    }
}

/// A length of time as OpenAI writes it: `120ms`, `1.2s`, `1m30s`.
pub(super) fn spelled(length: Duration) -> String {
    let millis = length.as_millis();
    if millis < 1000 {
        return format!("{millis}ms");
    }
    if millis < 60_000 {
        let seconds = format!("{:.3}", length.as_secs_f64());
        return format!("{}s", seconds.trim_end_matches('0').trim_end_matches('.'));
    }
    format!("{}m{}s", millis / 60_000, (millis % 60_000) / 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_are_spelled_as_openai_does() {
        assert_eq!(spelled(Duration::from_millis(120)), "120ms");
        assert_eq!(spelled(Duration::from_millis(1200)), "1.2s");
        assert_eq!(spelled(Duration::from_secs(20)), "20s");
        assert_eq!(spelled(Duration::from_secs(90)), "1m30s");
    }

    #[test]
    fn a_stream_says_the_same_as_the_whole() {
        let whole = completion(&Profile::Reflective, "m", 1, "The answer is B.", false, "prompt");
        let events = stream(&whole, true);
        let mut text = String::new();
        for event in &events {
            let line = std::str::from_utf8(event)
                .unwrap()
                .trim()
                .strip_prefix("data: ")
                .unwrap()
                .to_owned();
            if let Ok(event) = serde_json::from_str::<Value>(&line) {
                text.push_str(event["choices"][0]["delta"]["content"].as_str().unwrap_or_default());
            } else {
                assert_eq!(line, "[DONE]");
            }
        }
        assert_eq!(text, "The answer is B.");
    }
}
