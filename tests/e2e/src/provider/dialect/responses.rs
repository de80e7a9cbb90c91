//! Owns OpenAI's Responses as the provider speaks it.

use serde_json::{Value, json};

use super::super::script::Ending;
use super::{Dialect, Reply, Stream, pieces};

fn frame(reply: &Reply<'_>, status: &str) -> Value {
    let reason = match reply.ending {
        Ending::Truncated if status == "incomplete" => json!({"reason": "max_output_tokens"}),
        Ending::Filtered if status == "incomplete" => json!({"reason": "content_filter"}),
        _ => Value::Null,
    };
    json!({
        "id": format!("resp_{:06}", reply.idx),
        "object": "response",
        "created_at": 1_790_000_000 + reply.idx,
        "status": status,
        "error": null,
        "incomplete_details": reason,
        "model": reply.model,
        "output": [],
        "store": reply.request["store"].as_bool().unwrap_or(true),
        "usage": null,
    })
}

fn items(reply: &Reply<'_>) -> Vec<Value> {
    let mut items = Vec::new();
    if let Some(reasoning) = reply.reasoning {
        items.push(json!({
            "id": format!("rs_{:06}", reply.idx), "type": "reasoning",
            "summary": [{"type": "summary_text", "text": reasoning}],
        }));
    }
    if reply.ending != Ending::Filtered {
        let part = if reply.is_marked {
            json!({"type": "refusal", "refusal": reply.text})
        } else {
            json!({"type": "output_text", "text": reply.text, "annotations": [], "logprobs": []})
        };
        items.push(json!({
            "id": message_id(reply), "type": "message", "role": "assistant",
            "status": reply.finish("completed", "incomplete", "incomplete"), "content": [part],
        }));
    }
    items
}

fn message_id(reply: &Reply<'_>) -> String {
    format!("msg_{:06}", reply.idx)
}

pub(super) fn whole(reply: &Reply<'_>) -> Value {
    let mut body = frame(reply, reply.finish("completed", "incomplete", "incomplete"));
    body["output"] = json!(items(reply));
    body["usage"] = json!({
        "input_tokens": reply.usage.input,
        "input_tokens_details": {"cached_tokens": 0},
        "output_tokens": reply.usage.output,
        "output_tokens_details": {"reasoning_tokens": reply.usage.reasoning},
        "total_tokens": reply.usage.input + reply.usage.output,
    });
    body
}

pub(super) fn stream(reply: &Reply<'_>) -> Stream {
    let mut events = Vec::new();
    let mut push = |name: &str, mut data: Value| {
        data["type"] = json!(name);
        data["sequence_number"] = json!(events.len());
        events.push(Dialect::Responses.event(name, &data.to_string()));
    };
    push("response.created", json!({"response": frame(reply, "in_progress")}));
    push("response.in_progress", json!({"response": frame(reply, "in_progress")}));
    for (idx, item) in items(reply).into_iter().enumerate() {
        let mut empty = item.clone();
        let is_message = item["type"] == "message";
        empty[if is_message { "content" } else { "summary" }] = json!([]);
        push("response.output_item.added", json!({"output_index": idx, "item": empty}));
        let at = json!({"item_id": item["id"], "output_index": idx, "content_index": 0});
        let with = |name: &str, value: Value| {
            let mut data = at.clone();
            data[name] = value;
            data
        };
        if is_message {
            let part = &item["content"][0];
            let kind = if reply.is_marked { "refusal" } else { "output_text" };
            let field = if reply.is_marked { "refusal" } else { "text" };
            let mut hollow = part.clone();
            hollow[field] = json!("");
            push("response.content_part.added", with("part", hollow));
            for piece in pieces(reply.text) {
                push(&format!("response.{kind}.delta"), with("delta", json!(piece)));
            }
            push(&format!("response.{kind}.done"), with(field, json!(reply.text)));
            push("response.content_part.done", with("part", part.clone()));
        } else {
            for piece in pieces(reply.reasoning.unwrap_or_default()) {
                push("response.reasoning_summary_text.delta", with("delta", json!(piece)));
            }
        }
        push("response.output_item.done", json!({"output_index": idx, "item": item}));
    }
    let last = reply.finish("response.completed", "response.incomplete", "response.incomplete");
    push(last, json!({"response": whole(reply)}));
    Stream::sse(events, 1)
}
