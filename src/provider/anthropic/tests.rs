//! Owns the checks of Anthropic's Messages: exact bytes, documented replies, streams cut everywhere.

use super::*;
use crate::provider::Setting;
use crate::provider::fixture::{self, SCHEMA, body, body_with_schema, named_events, streamed};
use crate::provider::model::Protocol;

fn endpoint(model: &str) -> Endpoint {
    Endpoint::new(Protocol::Anthropic, "https://api.anthropic.com", model)
}

fn read(status: u16, body: &str) -> Result<Completion, Failure> {
    fixture::read(Protocol::Anthropic, status, body)
}

const TURNS: &str =
    r#""system":"Be brief.","messages":[{"role":"user","content":"\"Fever\"?\nA) yes"}]"#;

#[test]
fn a_question_has_a_limit_and_both_headers_and_no_more() {
    let request = fixture::request(&endpoint("claude-opus-4-7"));
    assert_eq!(request.url, "https://api.anthropic.com/v1/messages");
    assert_eq!(request.auth, Auth::XApiKey);
    let header = |name, value: &str| (name, value.to_owned());
    assert_eq!(
        request.headers,
        [
            header("Content-Type", "application/json"),
            header("anthropic-version", "2023-06-01"),
            header("anthropic-dangerous-direct-browser-access", "true"),
        ]
    );
    assert_eq!(
        request.body.unwrap(),
        format!(r#"{{"model":"claude-opus-4-7","max_tokens":16000,{TURNS}}}"#)
    );
}

#[test]
fn limits_differ_between_generations() {
    for (model, expected) in [
        ("claude-3-opus-20240229", 4_096),
        ("claude-3-5-haiku-20241022", 8_192),
        ("claude-opus-4-1", 16_000),
        ("claude-next", 16_000),
    ] {
        let start = format!(r#"{{"model":"{model}","max_tokens":{expected},"#);
        assert!(body(&endpoint(model)).starts_with(&start), "{model}");
    }
}

#[test]
fn settings_go_where_the_generation_takes_them() {
    let mut newer = endpoint("claude-opus-4-7");
    newer.settings.effort = Some(Effort::High);
    newer.settings.delivery = Delivery::Streamed;
    assert_eq!(
        body_with_schema(&newer),
        format!(
            r#"{{"model":"claude-opus-4-7","max_tokens":16000,{TURNS},"thinking":{{"type":"adaptive"}},"output_config":{{"effort":"high","format":{{"type":"json_schema","schema":{SCHEMA}}}}},"stream":true}}"#
        )
    );
    let mut older = endpoint("claude-sonnet-4-20250514");
    older.settings.effort = Some(Effort::Medium);
    older.settings.max_output_tokens = Some(9_000);
    assert_eq!(
        body_with_schema(&older),
        format!(
            r#"{{"model":"claude-sonnet-4-20250514","max_tokens":9000,{TURNS},"thinking":{{"type":"enabled","budget_tokens":8192}}}}"#
        )
    );
    older.settings = crate::provider::CallSettings {
        temperature: Some(0.5),
        effort: Some(Effort::None),
        ..crate::provider::CallSettings::default()
    };
    assert_eq!(
        body(&older),
        format!(
            r#"{{"model":"claude-sonnet-4-20250514","max_tokens":16000,{TURNS},"temperature":0.5,"thinking":{{"type":"disabled"}}}}"#
        )
    );
}

#[test]
fn a_documented_answer_is_read() {
    let body = r#"{"id":"msg_1","type":"message","role":"assistant","model":"claude-opus-4-7",
        "content":[{"type":"thinking","thinking":"hm","signature":"x"},{"type":"redacted_thinking","data":"y"},
        {"type":"text","text":"Answer: "},{"type":"text","text":"B"}],"stop_reason":"end_turn","stop_sequence":null,
        "usage":{"input_tokens":10,"cache_creation_input_tokens":2,"cache_read_input_tokens":3,"output_tokens":25,
        "output_tokens_details":{"thinking_tokens":5},"service_tier":"standard"}}"#;
    assert_eq!(
        read(200, body),
        Ok(Completion {
            text: "Answer: B".into(),
            reasoning: Some("hm".into()),
            finish: Finish::Stop,
            usage: Some(Usage {
                input_tokens: 15,
                output_tokens: 25,
                reasoning_tokens: Some(5),
                cached_input_tokens: Some(3),
                charged: None
            }),
            answered_by: Some("claude-opus-4-7".into()),
        })
    );
}

#[test]
fn endings_are_told_apart() {
    for (reason, expected) in [
        ("stop_sequence", Finish::Stop),
        ("max_tokens", Finish::Length),
        ("model_context_window_exceeded", Finish::Length),
        ("pause_turn", Finish::Length),
        ("refusal", Finish::Refusal),
        ("tool_use", Finish::Other("tool_use".into())),
    ] {
        let body =
            format!(r#"{{"content":[{{"type":"text","text":"x"}}],"stop_reason":"{reason}"}}"#);
        assert_eq!(read(200, &body).unwrap().finish, expected);
    }
    let empty = read(200, r#"{"content":[],"stop_reason":"end_turn"}"#).unwrap();
    assert_eq!(empty.text, "");
}

#[test]
fn what_is_no_answer_is_malformed() {
    for body in ["", "[]", "{}", r#"{"content":"x","stop_reason":"end_turn"}"#, r#"{"content":[]}"#]
    {
        assert!(matches!(read(200, body), Err(Failure::Malformed { .. })), "{body}");
    }
}

const START: &str = r#"{"type":"message_start","message":{"id":"m","type":"message","role":"assistant","content":[],"model":"claude-opus-4-7","stop_reason":null,"usage":{"input_tokens":25,"output_tokens":1}}}"#;
const TEXT: &str =
    r#"{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"Größe: B"}}"#;

#[test]
fn a_documented_stream_is_read() {
    let stream = named_events(&[
        START,
        r#"{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":""}}"#,
        r#"{"type":"ping"}"#,
        r#"{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"hm"}}"#,
        r#"{"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"x"}}"#,
        r#"{"type":"content_block_stop","index":0}"#,
        r#"{"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}}"#,
        TEXT,
        r#"{"type":"content_block_stop","index":1}"#,
        r#"{"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":15,"output_tokens_details":{"thinking_tokens":4}}}"#,
        r#"{"type":"something_new"}"#,
        r#"{"type":"message_stop"}"#,
    ]);
    assert_eq!(
        streamed(Protocol::Anthropic, &stream),
        Ok(Completion {
            text: "Größe: B".into(),
            reasoning: Some("hm".into()),
            finish: Finish::Stop,
            usage: Some(Usage {
                input_tokens: 25,
                output_tokens: 15,
                reasoning_tokens: Some(4),
                ..Usage::default()
            }),
            answered_by: Some("claude-opus-4-7".into()),
        })
    );
}

#[test]
fn the_thinking_counted_at_the_start_of_a_stream_is_not_that_of_its_end() {
    let start = r#"{"type":"message_start","message":{"model":"m","usage":{"input_tokens":25,"output_tokens":1,"output_tokens_details":{"thinking_tokens":1}}}}"#;
    let stream = named_events(&[
        start,
        TEXT,
        r#"{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":15}}"#,
        r#"{"type":"message_stop"}"#,
    ]);
    let usage = streamed(Protocol::Anthropic, &stream).unwrap().usage.unwrap();
    assert_eq!((usage.input_tokens, usage.output_tokens), (25, 15));
    assert_eq!(usage.reasoning_tokens, None);
}

#[test]
fn a_stream_that_breaks_off_or_fails_is_no_answer() {
    let stopped = r#"{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":15}}"#;
    for events in [
        &[START][..],
        &[START, TEXT],
        &[START, TEXT, stopped],
        &[START, TEXT, r#"{"type":"message_stop"}"#],
    ] {
        let result = streamed(Protocol::Anthropic, &named_events(events));
        assert!(matches!(result, Err(Failure::Malformed { .. })), "{result:?}");
    }
    for (kind, expected) in [("overloaded_error", 529), ("api_error", 500), ("timeout_error", 504)]
    {
        let error = format!(r#"{{"type":"error","error":{{"type":"{kind}","message":"x"}}}}"#);
        let result = streamed(Protocol::Anthropic, &named_events(&[START, TEXT, &error]));
        assert!(
            matches!(result, Err(Failure::Server { status, .. }) if status == expected),
            "{kind}: {result:?}"
        );
    }
    let error = r#"{"type":"error","error":{"type":"rate_limit_error","message":"x"}}"#;
    let result = streamed(Protocol::Anthropic, &named_events(&[START, error]));
    assert!(matches!(result, Err(Failure::RateLimited { .. })));
}

#[test]
fn documented_errors_mean_what_they_should() {
    for message in [
        "CORS requests must set 'anthropic-dangerous-direct-browser-access' header",
        "CORS requests are not allowed for this Organization because of its settings",
    ] {
        let body = format!(
            r#"{{"type":"error","error":{{"type":"authentication_error","message":"{message}"}}}}"#
        );
        assert!(
            matches!(read(401, &body), Err(Failure::KeyRefused { message: m }) if m == message)
        );
    }
    let body = r#"{"type":"error","error":{"type":"invalid_request_error","message":"`temperature` is deprecated for this model."}}"#;
    assert!(matches!(
        read(400, body),
        Err(Failure::Unsupported { setting: Setting::Temperature, .. })
    ));
    let body = r#"{"type":"error","error":{"type":"request_too_large","message":"x"}}"#;
    assert!(matches!(read(413, body), Err(Failure::Refused { status: 413, .. })));
}

#[test]
fn models_are_asked_for_with_the_same_headers() {
    let request = models_request(&endpoint(""));
    assert_eq!(request.url, "https://api.anthropic.com/v1/models?limit=1000");
    assert_eq!(request.headers.len(), 2);
    let list = r#"{"data":[{"type":"model","id":"claude-b"},{"id":"claude-a"}],"has_more":false}"#;
    assert_eq!(read_models(&fixture::reply(200, list)).unwrap(), ["claude-a", "claude-b"]);
}
