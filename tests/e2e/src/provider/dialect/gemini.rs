//! Owns Google's `generateContent` as the provider speaks it.

use serde_json::{Value, json};

use super::super::script::Ending;
use super::{Dialect, Reply, Stream, pieces};

/// Thoughts are counted always and shown when asked for.
fn thoughts<'a>(reply: &Reply<'a>) -> Option<&'a str> {
    let wishes = &reply.request["generationConfig"]["thinkingConfig"];
    reply.reasoning.filter(|_| wishes["includeThoughts"] == true)
}

fn frame(reply: &Reply<'_>) -> Value {
    json!({"modelVersion": reply.model, "responseId": format!("r{:06}", reply.idx)})
}

fn usage(reply: &Reply<'_>) -> Value {
    let usage = reply.usage;
    let mut told = json!({
        "promptTokenCount": usage.input,
        "candidatesTokenCount": usage.output - usage.reasoning,
        "totalTokenCount": usage.input + usage.output,
    });
    if 0 < usage.reasoning {
        told["thoughtsTokenCount"] = json!(usage.reasoning);
    }
    told
}

/// A prompt that was blocked: 200, and no candidates.
fn blocked(reply: &Reply<'_>) -> Value {
    let mut body = frame(reply);
    body["promptFeedback"] = json!({"blockReason": "SAFETY", "safetyRatings": [
        {"category": "HARM_CATEGORY_DANGEROUS_CONTENT", "probability": "HIGH", "blocked": true},
    ]});
    body["usageMetadata"] =
        json!({"promptTokenCount": reply.usage.input, "totalTokenCount": reply.usage.input});
    body
}

pub(super) fn whole(reply: &Reply<'_>) -> Value {
    if reply.ending == Ending::Filtered {
        return blocked(reply);
    }
    let mut parts = Vec::new();
    parts.extend(thoughts(reply).map(|text| json!({"text": text, "thought": true})));
    if !reply.text.is_empty() {
        parts.push(json!({"text": reply.text}));
    }
    let mut body = frame(reply);
    let mut content = json!({"role": "model"});
    // An answer without text has no parts at all.
    if !parts.is_empty() {
        content["parts"] = json!(parts);
    }
    let reason = reply.finish("STOP", "MAX_TOKENS", "SAFETY");
    body["candidates"] = json!([{"content": content, "finishReason": reason, "index": 0}]);
    body["usageMetadata"] = usage(reply);
    body
}

pub(super) fn stream(reply: &Reply<'_>) -> Stream {
    let event = |body: &Value| Dialect::Gemini.event("", &body.to_string());
    if reply.ending == Ending::Filtered {
        // The one event is all there is, so that it is its own end.
        return Stream::sse(vec![event(&blocked(reply))], 1);
    }
    let piece = |part: Value| {
        let mut body = frame(reply);
        let content = json!({"role": "model", "parts": [part]});
        body["candidates"] = json!([{"content": content, "index": 0}]);
        body["usageMetadata"] = json!({"promptTokenCount": reply.usage.input});
        event(&body)
    };
    let mut events = Vec::new();
    for text in pieces(thoughts(reply).unwrap_or_default()) {
        events.push(piece(json!({"text": text, "thought": true})));
    }
    events.extend(pieces(reply.text).into_iter().map(|text| piece(json!({"text": text}))));
    let mut last = frame(reply);
    let reason = reply.finish("STOP", "MAX_TOKENS", "SAFETY");
    let content = json!({"role": "model", "parts": [{"text": ""}]});
    last["candidates"] = json!([{"content": content, "finishReason": reason, "index": 0}]);
    last["usageMetadata"] = usage(reply);
    events.push(event(&last));
    Stream::sse(events, 1)
}

/// The list of models.
pub(super) fn models(ids: &[&str]) -> Value {
    let mut entries: Vec<Value> = ids
        .iter()
        .map(|id| {
            json!({
                "name": format!("models/{id}"), "displayName": id, "inputTokenLimit": 1_048_576,
                "outputTokenLimit": 65_536, "supportedGenerationMethods": ["generateContent", "batchGenerateContent"],
            })
        })
        .collect();
    let embedding =
        json!({"name": "models/embedding-test", "supportedGenerationMethods": ["embedContent"]});
    entries.push(embedding);
    json!({"models": entries})
}
