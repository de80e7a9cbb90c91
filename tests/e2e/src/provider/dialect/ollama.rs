//! Owns Ollama's own chat as the provider speaks it: lines of JSON instead of events.

use serde_json::{Value, json};

use super::{Dialect, Reply, Stream, pieces};

fn line(reply: &Reply<'_>, message: &Value) -> Value {
    json!({
        "model": reply.model, "created_at": "2026-11-01T08:00:00.000000Z", "message": message, "done": false,
    })
}

fn closed(reply: &Reply<'_>, mut body: Value) -> Value {
    body["done"] = json!(true);
    body["done_reason"] = json!(reply.finish("stop", "length", "stop"));
    body["total_duration"] = json!(4_883_583_458_u64);
    body["load_duration"] = json!(1_334_875_u64);
    body["prompt_eval_count"] = json!(reply.usage.input);
    body["prompt_eval_duration"] = json!(342_546_000);
    body["eval_count"] = json!(reply.usage.output);
    body["eval_duration"] = json!(4_535_599_000_u64);
    body
}

pub(super) fn whole(reply: &Reply<'_>) -> Value {
    let mut message = json!({"role": "assistant", "content": reply.text});
    if let Some(reasoning) = reply.reasoning {
        message["thinking"] = json!(reasoning);
    }
    closed(reply, line(reply, &message))
}

pub(super) fn stream(reply: &Reply<'_>) -> Stream {
    let event = |body: &Value| Dialect::Ollama.event("", &body.to_string());
    let mut events = Vec::new();
    for piece in pieces(reply.reasoning.unwrap_or_default()) {
        let message = json!({"role": "assistant", "content": "", "thinking": piece});
        events.push(event(&line(reply, &message)));
    }
    for piece in pieces(reply.text) {
        events.push(event(&line(reply, &json!({"role": "assistant", "content": piece}))));
    }
    let end = line(reply, &json!({"role": "assistant", "content": ""}));
    events.push(event(&closed(reply, end)));
    Stream { content_type: "application/x-ndjson", events, n_closing: 1 }
}

/// The list of models.
pub(super) fn models(ids: &[&str]) -> Value {
    let entries: Vec<Value> = ids
        .iter()
        .map(|id| {
            json!({
                "name": id, "model": id, "modified_at": "2026-10-01T00:00:00Z", "size": 3_338_801_804_u64,
                "digest": "a2af6cc3eb7f", "details": {"format": "gguf", "family": "gemma3", "parameter_size": "4.3B"},
            })
        })
        .collect();
    json!({"models": entries})
}
