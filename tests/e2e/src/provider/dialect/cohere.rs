//! Owns Cohere's v2 chat as the provider speaks it.

use serde_json::{Value, json};

use super::{Dialect, Reply, Stream, pieces};

fn id(reply: &Reply<'_>) -> String {
    format!("c14c80c3-18eb-4519-9460-{:012}", reply.idx)
}

fn reason<'a>(reply: &Reply<'_>) -> &'a str {
    reply.finish("COMPLETE", "MAX_TOKENS", "ERROR")
}

fn usage(reply: &Reply<'_>) -> Value {
    let counted = json!({"input_tokens": reply.usage.input, "output_tokens": reply.usage.output});
    json!({"billed_units": counted, "tokens": counted})
}

pub(super) fn whole(reply: &Reply<'_>) -> Value {
    let mut content = Vec::new();
    content.extend(reply.reasoning.map(|text| json!({"type": "thinking", "thinking": text})));
    content.push(json!({"type": "text", "text": reply.text}));
    json!({
        "id": id(reply),
        "message": {"role": "assistant", "content": content},
        "finish_reason": reason(reply),
        "usage": usage(reply),
    })
}

pub(super) fn stream(reply: &Reply<'_>) -> Stream {
    let mut events = Vec::new();
    let mut push = |name: &str, mut data: Value| {
        data["type"] = json!(name);
        events.push(Dialect::Cohere.event(name, &data.to_string()));
    };
    let start = json!({"message": {"role": "assistant", "content": [], "tool_plan": ""}});
    push("message-start", json!({"id": id(reply), "delta": start}));
    let thinking = reply.reasoning.map(|text| ("thinking", text));
    for (idx, (kind, text)) in thinking.into_iter().chain([("text", reply.text)]).enumerate() {
        let content = |text: &str| json!({"message": {"content": {kind: text}}});
        let hollow = json!({"message": {"content": {"type": kind, kind: ""}}});
        push("content-start", json!({"index": idx, "delta": hollow}));
        for piece in pieces(text) {
            push("content-delta", json!({"index": idx, "delta": content(piece)}));
        }
        push("content-end", json!({"index": idx}));
    }
    let end = json!({"finish_reason": reason(reply), "usage": usage(reply)});
    push("message-end", json!({"id": id(reply), "delta": end}));
    Stream::sse(events, 1)
}

/// The list of models.
pub(super) fn models(ids: &[&str]) -> Value {
    let entries: Vec<Value> = ids
        .iter()
        .map(|id| json!({"name": id, "endpoints": ["chat"], "context_length": 128_000}))
        .collect();
    json!({"models": entries, "next_page_token": null})
}
