//! Owns Anthropic's Messages as the provider speaks them.

use serde_json::{Value, json};

use super::super::script::Ending;
use super::{Dialect, Reply, Stream, pieces};

fn blocks(reply: &Reply<'_>) -> Vec<Value> {
    let mut blocks = Vec::new();
    if let Some(reasoning) = reply.reasoning {
        blocks.push(json!({"type": "thinking", "thinking": reasoning, "signature": "c2lnbmVk"}));
    }
    if reply.ending != Ending::Filtered && !reply.text.is_empty() {
        blocks.push(json!({"type": "text", "text": reply.text}));
    }
    blocks
}

fn stop_reason<'a>(reply: &Reply<'a>) -> &'a str {
    if reply.is_marked { "refusal" } else { reply.finish("end_turn", "max_tokens", "refusal") }
}

pub(super) fn whole(reply: &Reply<'_>) -> Value {
    json!({
        "id": format!("msg_{:06}", reply.idx),
        "type": "message",
        "role": "assistant",
        "model": reply.model,
        "content": blocks(reply),
        "stop_reason": stop_reason(reply),
        "stop_sequence": null,
        "usage": usage(reply, reply.usage.output),
    })
}

fn usage(reply: &Reply<'_>, n_output: u64) -> Value {
    json!({
        "input_tokens": reply.usage.input,
        "cache_creation_input_tokens": 0,
        "cache_read_input_tokens": 0,
        "output_tokens": n_output,
        "output_tokens_details": {"thinking_tokens": reply.usage.reasoning.min(n_output)},
        "service_tier": "standard",
    })
}

pub(super) fn stream(reply: &Reply<'_>) -> Stream {
    let mut events = Vec::new();
    let mut push = |name: &str, mut data: Value| {
        data["type"] = json!(name);
        events.push(Dialect::Anthropic.event(name, &data.to_string()));
    };
    let mut start = whole(reply);
    start["content"] = json!([]);
    start["stop_reason"] = Value::Null;
    start["usage"] = usage(reply, 1);
    push("message_start", json!({"message": start}));
    for (idx, block) in blocks(reply).into_iter().enumerate() {
        let is_thinking = block["type"] == "thinking";
        let (field, kind) =
            if is_thinking { ("thinking", "thinking_delta") } else { ("text", "text_delta") };
        let mut hollow = block.clone();
        hollow[field] = json!("");
        if is_thinking {
            hollow["signature"] = json!("");
        }
        push("content_block_start", json!({"index": idx, "content_block": hollow}));
        push("ping", json!({}));
        for piece in pieces(block[field].as_str().unwrap_or_default()) {
            let delta = json!({"type": kind, field: piece});
            push("content_block_delta", json!({"index": idx, "delta": delta}));
        }
        if is_thinking {
            let delta = json!({"type": "signature_delta", "signature": block["signature"]});
            push("content_block_delta", json!({"index": idx, "delta": delta}));
        }
        push("content_block_stop", json!({"index": idx}));
    }
    let delta = json!({"stop_reason": stop_reason(reply), "stop_sequence": null});
    let counted = json!({"output_tokens": reply.usage.output});
    push("message_delta", json!({"delta": delta, "usage": counted}));
    push("message_stop", json!({}));
    Stream::sse(events, 2)
}

/// The list of models.
pub(super) fn models(ids: &[&str]) -> Value {
    let entries: Vec<Value> = ids
        .iter()
        .map(|id| {
            json!({"type": "model", "id": id, "display_name": id, "created_at": "2026-09-01T00:00:00Z"})
        })
        .collect();
    json!({"data": entries, "has_more": false, "first_id": ids.first(), "last_id": ids.last()})
}
