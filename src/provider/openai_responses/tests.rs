//! Owns the checks of OpenAI's Responses: exact bytes, documented replies, streams cut everywhere.

use super::*;
use crate::provider::fixture::{self, SCHEMA, body, body_with_schema, named_events, streamed};
use crate::provider::model::{Endpoint, Protocol};
use crate::provider::{Effort, Setting};

fn endpoint(model: &str) -> Endpoint {
    Endpoint::new(Protocol::OpenAiResponses, "https://api.openai.com/v1", model)
}

fn read(status: u16, body: &str) -> Result<Completion, Failure> {
    fixture::read(Protocol::OpenAiResponses, status, body)
}

const INPUT: &str =
    r#""instructions":"Be brief.","input":[{"role":"user","content":"\"Fever\"?\nA) yes"}]"#;

#[test]
fn a_question_is_never_stored() {
    let request = fixture::request(&endpoint("gpt-5.2"));
    assert_eq!(request.url, "https://api.openai.com/v1/responses");
    assert_eq!(request.headers.len(), 1);
    assert_eq!(request.body.unwrap(), format!(r#"{{"model":"gpt-5.2",{INPUT},"store":false}}"#));
}

#[test]
fn settings_have_the_names_of_this_protocol() {
    let mut endpoint = endpoint("gpt-5.2");
    endpoint.settings.max_output_tokens = Some(512);
    endpoint.settings.temperature = Some(0.0);
    endpoint.settings.effort = Some(Effort::None);
    endpoint.settings.delivery = Delivery::Streamed;
    assert_eq!(
        body_with_schema(&endpoint),
        format!(
            r#"{{"model":"gpt-5.2",{INPUT},"max_output_tokens":512,"temperature":0.0,"reasoning":{{"effort":"none"}},"text":{{"format":{{"type":"json_schema","name":"verdict","schema":{SCHEMA},"strict":true}}}},"store":false,"stream":true,"stream_options":{{"include_obfuscation":false}}}}"#
        )
    );
    let mut other = Endpoint::new(Protocol::OpenAiResponses, "http://localhost:1234/v1", "m");
    other.settings.delivery = Delivery::Streamed;
    assert_eq!(body(&other), format!(r#"{{"model":"m",{INPUT},"store":false,"stream":true}}"#));
}

const RESPONSE: &str = r#"{"id":"resp_1","object":"response","status":"completed","error":null,"incomplete_details":null,"model":"gpt-5.2-2026-01-01","output":[{"type":"reasoning","id":"rs","summary":[{"type":"summary_text","text":"hm"},{"type":"summary_text","text":"so"}]},{"type":"message","role":"assistant","status":"completed","content":[{"type":"output_text","text":"Größe: B","annotations":[]}]}],"usage":{"input_tokens":36,"input_tokens_details":{"cached_tokens":4},"output_tokens":87,"output_tokens_details":{"reasoning_tokens":64},"total_tokens":123}}"#;

fn answer() -> Completion {
    Completion {
        text: "Größe: B".into(),
        reasoning: Some("hm\n\nso".into()),
        finish: Finish::Stop,
        usage: Some(Usage {
            input_tokens: 36,
            output_tokens: 87,
            reasoning_tokens: Some(64),
            cached_input_tokens: Some(4),
            charged: None,
        }),
        answered_by: Some("gpt-5.2-2026-01-01".into()),
    }
}

#[test]
fn a_documented_answer_is_read_though_reasoning_comes_first() {
    assert_eq!(read(200, RESPONSE), Ok(answer()));
}

#[test]
fn endings_are_told_apart() {
    let of = |status: &str, details: &str, content: &str| {
        let body = format!(
            r#"{{"status":"{status}","incomplete_details":{details},"output":[{{"type":"message","content":[{content}]}}]}}"#
        );
        read(200, &body)
    };
    let text = r#"{"type":"output_text","text":"x"}"#;
    assert_eq!(
        of("incomplete", r#"{"reason":"max_output_tokens"}"#, text).unwrap().finish,
        Finish::Length
    );
    assert_eq!(
        of("incomplete", r#"{"reason":"content_filter"}"#, text).unwrap().finish,
        Finish::Filtered
    );
    let refused = of("completed", "null", r#"{"type":"refusal","refusal":"I can't."}"#).unwrap();
    assert_eq!((refused.finish, refused.text.as_str()), (Finish::Refusal, "I can't."));
    for status in ["in_progress", "queued", "cancelled", "failed"] {
        assert!(matches!(of(status, "null", text), Err(Failure::Malformed { .. })), "{status}");
    }
    for body in ["", "{}", "[]", r#"{"output":[]}"#] {
        assert!(matches!(read(200, body), Err(Failure::Malformed { .. })), "{body}");
    }
    let failed = r#"{"status":"failed","error":{"code":"server_error","message":"x"},"output":[]}"#;
    assert!(matches!(read(200, failed), Err(Failure::Server { status: 500, .. })));
    let limited =
        r#"{"status":"failed","error":{"code":"rate_limit_exceeded","message":"try again in 2s"}}"#;
    assert!(matches!(
        read(200, limited),
        Err(Failure::RateLimited { wait_millis: Some(2_000), .. })
    ));
}

#[test]
fn a_documented_stream_is_read() {
    let completed = format!(r#"{{"type":"response.completed","response":{RESPONSE}}}"#);
    let stream = named_events(&[
        r#"{"type":"response.created","response":{"id":"r","status":"in_progress","model":"gpt-5.2-2026-01-01","output":[]}}"#,
        r#"{"type":"response.in_progress","response":{"id":"r"}}"#,
        r#"{"type":"response.output_item.added","output_index":0,"item":{"type":"reasoning"}}"#,
        r#"{"type":"response.reasoning_summary_text.delta","delta":"hm"}"#,
        r#"{"type":"response.reasoning_summary_part.added"}"#,
        r#"{"type":"response.reasoning_summary_text.delta","delta":"so"}"#,
        r#"{"type":"response.output_text.delta","delta":"Größe: "}"#,
        r#"{"type":"response.output_text.delta","delta":"B"}"#,
        r#"{"type":"response.output_text.done","text":"Größe: B"}"#,
        &completed,
    ]);
    assert_eq!(streamed(Protocol::OpenAiResponses, &stream), Ok(answer()));
    // Where the last event does not repeat the text, what came before stands.
    let stream = named_events(&[
        r#"{"type":"response.refusal.delta","delta":"I can't."}"#,
        r#"{"type":"response.completed","response":{"status":"completed","output":[]}}"#,
    ]);
    let completion = streamed(Protocol::OpenAiResponses, &stream).unwrap();
    assert_eq!((completion.finish, completion.text.as_str()), (Finish::Refusal, "I can't."));
    let stream = named_events(&[
        r#"{"type":"response.output_text.delta","delta":"half"}"#,
        r#"{"type":"response.incomplete","response":{"status":"incomplete","incomplete_details":{"reason":"max_output_tokens"},"output":[]}}"#,
    ]);
    let completion = streamed(Protocol::OpenAiResponses, &stream).unwrap();
    assert_eq!((completion.finish, completion.text.as_str()), (Finish::Length, "half"));
}

#[test]
fn a_stream_that_breaks_off_or_fails_is_no_answer() {
    let delta = r#"{"type":"response.output_text.delta","delta":"Answer: B"}"#;
    let done = r#"{"type":"response.output_text.done","text":"Answer: B"}"#;
    for events in [&[delta][..], &[delta, done], &[]] {
        let result = streamed(Protocol::OpenAiResponses, &named_events(events));
        assert!(matches!(result, Err(Failure::Malformed { .. })), "{result:?}");
    }
    for error in [
        r#"{"type":"error","code":"server_error","message":"x","param":null}"#,
        r#"{"type":"error","error":{"type":"server_error","code":"x","message":"x"}}"#,
        r#"{"type":"response.failed","response":{"status":"failed","error":{"code":"server_error","message":"x"}}}"#,
    ] {
        let result = streamed(Protocol::OpenAiResponses, &named_events(&[delta, error]));
        assert!(matches!(result, Err(Failure::Server { .. })), "{error}: {result:?}");
    }
}

#[test]
fn a_refused_setting_is_named() {
    let body = r#"{"error":{"message":"Unsupported parameter: 'temperature' is not supported with this model.","type":"invalid_request_error","param":"temperature","code":null}}"#;
    assert!(matches!(
        read(400, body),
        Err(Failure::Unsupported { setting: Setting::Temperature, .. })
    ));
}
