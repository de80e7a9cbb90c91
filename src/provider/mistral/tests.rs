//! Owns the checks of what Mistral does differently.

use super::*;
use crate::provider::fixture::{self, SCHEMA, body_with_schema, events, streamed};
use crate::provider::model::Protocol;
use crate::provider::{Finish, Setting};

fn endpoint() -> Endpoint {
    Endpoint::new(Protocol::Mistral, "https://api.mistral.ai/v1", "mistral-small-latest")
}

const MESSAGES: &str =
    r#"[{"role":"system","content":"Be brief."},{"role":"user","content":"\"Fever\"?\nA) yes"}]"#;

#[test]
fn the_seed_has_another_name_and_streams_have_no_options() {
    let mut endpoint = endpoint();
    let request = fixture::request(&endpoint);
    assert_eq!(request.url, "https://api.mistral.ai/v1/chat/completions");
    assert_eq!(
        request.body.unwrap(),
        format!(r#"{{"model":"mistral-small-latest","messages":{MESSAGES}}}"#)
    );
    endpoint.settings.max_output_tokens = Some(512);
    endpoint.settings.temperature = Some(0.0);
    endpoint.settings.seed = Some(7);
    endpoint.settings.effort = Some(Effort::High);
    endpoint.settings.delivery = Delivery::Streamed;
    assert_eq!(
        body_with_schema(&endpoint),
        format!(
            r#"{{"model":"mistral-small-latest","messages":{MESSAGES},"max_tokens":512,"temperature":0.0,"random_seed":7,"reasoning_effort":"high","response_format":{{"type":"json_schema","json_schema":{{"name":"verdict","schema":{SCHEMA},"strict":true}}}},"stream":true}}"#
        )
    );
}

#[test]
fn thinking_in_parts_is_kept_apart_whole_and_streamed() {
    let parts = r#"[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]},{"type":"text","text":"Answer: B"}]"#;
    let usage = r#""usage":{"prompt_tokens":5,"completion_tokens":6,"total_tokens":11}"#;
    let whole = format!(
        r#"{{"id":"x","object":"chat.completion","model":"magistral-medium","choices":[{{"index":0,"message":{{"role":"assistant","content":{parts}}},"finish_reason":"stop"}}],{usage}}}"#
    );
    let whole = fixture::read(Protocol::Mistral, 200, &whole).unwrap();
    let first = r#"{"model":"magistral-medium","choices":[{"index":0,"delta":{"content":[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]}]},"finish_reason":null}]}"#;
    let last = format!(
        r#"{{"choices":[{{"index":0,"delta":{{"content":"Answer: B"}},"finish_reason":"stop"}}],{usage}}}"#
    );
    let stream = streamed(Protocol::Mistral, &events(&[first, &last, "[DONE]"])).unwrap();
    assert_eq!(whole, stream);
    assert_eq!(whole.text, "Answer: B");
    assert_eq!(whole.reasoning.as_deref(), Some("hm"));
    assert_eq!((whole.finish, whole.usage.unwrap().output_tokens), (Finish::Stop, 6));
}

#[test]
fn flat_errors_are_understood() {
    let read = |status, body| fixture::read(Protocol::Mistral, status, body);
    let body = r#"{"object":"error","message":{"detail":[{"type":"extra_forbidden","loc":["body","random_seed"],"msg":"Extra inputs are not permitted"}]},"type":"invalid_request_error","param":null,"code":null}"#;
    assert!(matches!(
        read(422, body),
        Err(Failure::Unsupported { setting: Setting::Seed, message }) if message == "random_seed: Extra inputs are not permitted"
    ));
    let body = r#"{"message":"Requests rate limit exceeded"}"#;
    assert!(matches!(read(429, body), Err(Failure::RateLimited { .. })));
}

#[test]
fn only_models_that_chat_are_listed() {
    assert_eq!(models_request(&endpoint()).url, "https://api.mistral.ai/v1/models");
    let list = r#"{"object":"list","data":[{"id":"mistral-small-latest","capabilities":{"completion_chat":true}},
        {"id":"mistral-embed","capabilities":{"completion_chat":false}},{"id":"ft:x"}]}"#;
    assert_eq!(read_models(&fixture::reply(200, list)).unwrap(), ["ft:x", "mistral-small-latest"]);
}
