//! Owns the checks of Cohere's v2 chat: exact bytes, documented replies, streams cut everywhere.

use super::*;
use crate::provider::fixture::{self, SCHEMA, body_with_schema, named_events, streamed};
use crate::provider::model::Protocol;

fn endpoint(model: &str) -> Endpoint {
    Endpoint::new(Protocol::Cohere, "https://api.cohere.com", model)
}

fn read(status: u16, body: &str) -> Result<Completion, Failure> {
    fixture::read(Protocol::Cohere, status, body)
}

const MESSAGES: &str =
    r#"[{"role":"system","content":"Be brief."},{"role":"user","content":"\"Fever\"?\nA) yes"}]"#;

#[test]
fn questions_have_the_exact_form() {
    let request = fixture::request(&endpoint("command-a-03-2025"));
    assert_eq!(request.url, "https://api.cohere.com/v2/chat");
    assert_eq!(request.auth, Auth::Bearer);
    assert_eq!(
        request.body.unwrap(),
        format!(r#"{{"model":"command-a-03-2025","messages":{MESSAGES},"stream":false}}"#)
    );
    let mut endpoint = endpoint("command-a-reasoning-08-2025");
    endpoint.settings.max_output_tokens = Some(2_048);
    endpoint.settings.temperature = Some(0.0);
    endpoint.settings.seed = Some(7);
    endpoint.settings.effort = Some(Effort::Low);
    endpoint.settings.delivery = Delivery::Streamed;
    assert_eq!(
        body_with_schema(&endpoint),
        format!(
            r#"{{"model":"command-a-reasoning-08-2025","messages":{MESSAGES},"max_tokens":2048,"temperature":0.0,"seed":7,"thinking":{{"type":"enabled","token_budget":1024}},"response_format":{{"type":"json_object","json_schema":{SCHEMA}}},"stream":true}}"#
        )
    );
    endpoint.settings.effort = Some(Effort::None);
    assert!(fixture::body(&endpoint).contains(r#""thinking":{"type":"disabled"}"#));
}

fn answer() -> Completion {
    Completion {
        text: "Größe: B".into(),
        reasoning: Some("hm".into()),
        finish: Finish::Stop,
        usage: Some(Usage { input_tokens: 5, output_tokens: 418, ..Usage::default() }),
        answered_by: None,
    }
}

const USAGE: &str = r#""usage":{"billed_units":{"input_tokens":5.0,"output_tokens":418.0},"tokens":{"input_tokens":71,"output_tokens":418}}"#;

#[test]
fn a_documented_answer_is_read_whole_and_streamed() {
    let whole = format!(
        r#"{{"id":"c","finish_reason":"COMPLETE","message":{{"role":"assistant","content":[{{"type":"thinking","thinking":"hm"}},{{"type":"text","text":"Größe: B"}}]}},{USAGE}}}"#
    );
    assert_eq!(read(200, &whole), Ok(answer()));
    let end = format!(r#"{{"type":"message-end","delta":{{"finish_reason":"COMPLETE",{USAGE}}}}}"#);
    let stream = named_events(&[
        r#"{"type":"message-start","id":"c","delta":{"message":{"role":"assistant","content":[],"tool_plan":"","tool_calls":[],"citations":[]}}}"#,
        r#"{"type":"content-start","index":0,"delta":{"message":{"content":{"type":"thinking","thinking":""}}}}"#,
        r#"{"type":"content-delta","index":0,"delta":{"message":{"content":{"thinking":"hm"}}}}"#,
        r#"{"type":"content-end","index":0}"#,
        r#"{"type":"content-start","index":1,"delta":{"message":{"content":{"type":"text","text":""}}}}"#,
        r#"{"type":"content-delta","index":1,"delta":{"message":{"content":{"text":"Größe: "}}}}"#,
        r#"{"type":"content-delta","index":1,"delta":{"message":{"content":{"text":"B"}}}}"#,
        r#"{"type":"citation-start","index":0,"delta":{"message":{"citations":{}}}}"#,
        r#"{"type":"content-end","index":1}"#,
        &end,
    ]);
    assert_eq!(streamed(Protocol::Cohere, &stream), Ok(answer()));
}

#[test]
fn endings_are_told_apart() {
    let of = |reason: &str| {
        read(200, &format!(r#"{{"finish_reason":"{reason}","message":{{"content":[]}}}}"#))
    };
    assert_eq!(of("MAX_TOKENS").unwrap().finish, Finish::Length);
    assert_eq!(of("STOP_SEQUENCE").unwrap().finish, Finish::Stop);
    assert_eq!(of("ERROR_TOXIC").unwrap().finish, Finish::Filtered);
    assert_eq!(of("TOOL_CALL").unwrap().finish, Finish::Other("TOOL_CALL".into()));
    assert!(matches!(of("ERROR"), Err(Failure::Server { .. })));
    assert!(matches!(of("TIMEOUT"), Err(Failure::Server { .. })));
    for body in ["", "{}", "[]", r#"{"message":{"content":[]}}"#] {
        assert!(matches!(read(200, body), Err(Failure::Malformed { .. })), "{body}");
    }
    assert!(matches!(read(200, r#"{"message":"internal error"}"#), Err(Failure::Server { .. })));
}

#[test]
fn a_stream_that_breaks_off_or_fails_is_no_answer() {
    let delta = r#"{"type":"content-delta","index":0,"delta":{"message":{"content":{"text":"Answer: B"}}}}"#;
    let end = r#"{"type":"content-end","index":0}"#;
    for events in [&[delta][..], &[delta, end], &[]] {
        let result = streamed(Protocol::Cohere, &named_events(events));
        assert!(matches!(result, Err(Failure::Malformed { .. })), "{result:?}");
    }
    let failed = r#"{"type":"message-end","delta":{"finish_reason":"ERROR","error":"upstream"}}"#;
    let result = streamed(Protocol::Cohere, &named_events(&[delta, failed]));
    assert!(matches!(result, Err(Failure::Server { .. })));
    let bare = format!("{}data: {{\"message\":\"oops\"}}\n\n", named_events(&[delta]));
    assert!(matches!(streamed(Protocol::Cohere, &bare), Err(Failure::Server { .. })));
}

#[test]
fn the_list_of_models_is_that_of_the_first_version() {
    for base_url in ["https://api.cohere.com", "https://api.cohere.com/v2"] {
        let request = models_request(&Endpoint::new(Protocol::Cohere, base_url, ""));
        assert_eq!(request.url, "https://api.cohere.com/v1/models?page_size=1000&endpoint=chat");
    }
    let list = r#"{"models":[{"name":"command-r","endpoints":["chat"]},{"name":"embed","endpoints":["embed"]},{"name":"command-a"}]}"#;
    assert_eq!(read_models(&fixture::reply(200, list)).unwrap(), ["command-a", "command-r"]);
}
