//! Owns the checks of the exact bytes sent, and of replies in the shapes that providers document.

use super::*;
use crate::prompt::Message;
use crate::provider::{Endpoint, Protocol};

fn messages() -> Vec<Message> {
    vec![
        Message { role: Role::System, content: "Be brief.".into() },
        Message { role: Role::User, content: "\"Fever\"?\nA) yes".into() },
    ]
}

fn reply(status: u16, body: &str) -> HttpReply {
    HttpReply { status, retry_after: None, body: body.as_bytes().to_vec() }
}

#[test]
fn openai_gets_its_own_token_limit() {
    let messages = messages();
    let mut endpoint = Endpoint::new(Protocol::OpenAiChat, "https://api.openai.com/v1/", "gpt-5.2");
    endpoint.settings.max_output_tokens = Some(512);
    let ask = Ask { endpoint: &endpoint, messages: &messages, schema: None };
    let request = request(&ask);
    assert_eq!(request.url, "https://api.openai.com/v1/chat/completions");
    assert_eq!(request.headers, [("Content-Type", "application/json".to_owned())]);
    assert_eq!(
        request.body.unwrap(),
        r#"{"model":"gpt-5.2","messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"\"Fever\"?\nA) yes"}],"max_completion_tokens":512}"#
    );
}

#[test]
fn others_get_the_older_token_limit() {
    let mut endpoint = Endpoint::new(Protocol::OpenAiChat, "http://localhost:11434/v1", "medgemma");
    endpoint.settings.max_output_tokens = Some(512);
    endpoint.settings.temperature = Some(0.0);
    let ask = Ask { endpoint: &endpoint, messages: &[], schema: None };
    assert_eq!(
        request(&ask).body.unwrap(),
        r#"{"model":"medgemma","messages":[],"max_tokens":512,"temperature":0.0}"#
    );
}

#[test]
fn a_documented_answer_is_read() {
    let body = r#"{"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"gpt-5.2-2026-01-01",
        "choices":[{"index":0,"message":{"role":"assistant","content":"Answer: B","refusal":null},
        "finish_reason":"stop","logprobs":null}],
        "usage":{"prompt_tokens":19,"completion_tokens":10,"total_tokens":29,
        "completion_tokens_details":{"reasoning_tokens":0}},"service_tier":"default"}"#;
    let completion = read(&reply(200, body)).unwrap();
    assert_eq!(completion.text, "Answer: B");
    assert_eq!(completion.finish, Finish::Stop);
    assert_eq!(
        completion.usage,
        Some(Usage { input_tokens: 19, output_tokens: 10, ..Usage::default() })
    );
    assert_eq!(completion.answered_by.as_deref(), Some("gpt-5.2-2026-01-01"));
}

#[test]
fn reasoning_is_kept_apart_under_each_of_its_names() {
    for message in [
        r#"{"content":"Answer: B","reasoning_content":"hm"}"#,
        r#"{"content":"Answer: B","reasoning":"hm"}"#,
        r#"{"content":[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]},{"type":"text","text":"Answer: B"}]}"#,
    ] {
        let body = format!(r#"{{"choices":[{{"message":{message},"finish_reason":"stop"}}]}}"#);
        let completion = read(&reply(200, &body)).unwrap();
        assert_eq!(completion.text, "Answer: B", "{message}");
        assert_eq!(completion.reasoning.as_deref(), Some("hm"), "{message}");
    }
}

#[test]
fn endings_are_told_apart() {
    for (reason, expected) in [
        (r#""length""#, Finish::Length),
        (r#""content_filter""#, Finish::Filtered),
        (r#""tool_calls""#, Finish::Other("tool_calls".into())),
        ("null", Finish::Stop),
    ] {
        let body =
            format!(r#"{{"choices":[{{"message":{{"content":"x"}},"finish_reason":{reason}}}]}}"#);
        assert_eq!(read(&reply(200, &body)).unwrap().finish, expected);
    }
    let refusal =
        r#"{"choices":[{"message":{"content":null,"refusal":"I can't."},"finish_reason":"stop"}]}"#;
    assert_eq!(read(&reply(200, refusal)).unwrap().finish, Finish::Refusal);
}

#[test]
fn errors_in_every_shape_are_understood() {
    let not_found = r#"{"error":{"message":"The model `x` does not exist","type":"invalid_request_error","param":null,"code":"model_not_found"}}"#;
    assert!(matches!(read(&reply(404, not_found)), Err(Failure::NotFound { .. })));
    let quota = r#"{"error":{"message":"You exceeded your current quota","type":"insufficient_quota","code":"insufficient_quota"}}"#;
    assert!(matches!(read(&reply(429, quota)), Err(Failure::NoCredit { .. })));
    let rate = r#"{"error":{"message":"Rate limit reached. Please try again in 2.5s.","type":"tokens","code":"rate_limit_exceeded"}}"#;
    assert!(matches!(
        read(&reply(429, rate)),
        Err(Failure::RateLimited { wait_millis: Some(2_500), .. })
    ));
    for body in [r#"{"error":"no such model"}"#, r#"{"object":"error","message":"no such model"}"#]
    {
        let Err(Failure::Refused { message, .. }) = read(&reply(400, body)) else {
            panic!("{body}")
        };
        assert_eq!(message, "no such model");
    }
    let Err(Failure::Server { message, .. }) = read(&reply(502, "<html>Bad gateway</html>")) else {
        panic!()
    };
    assert!(message.contains("Bad gateway"));
}

#[test]
fn a_success_with_an_error_inside_is_no_answer() {
    let inside = r#"{"error":{"code":429,"message":"Provider returned error. retry in 3s"}}"#;
    assert!(matches!(
        read(&reply(200, inside)),
        Err(Failure::RateLimited { wait_millis: Some(3_000), .. })
    ));
    let half = r#"{"choices":[{"message":{"content":"Ans"},"finish_reason":"error"}]}"#;
    assert!(matches!(read(&reply(200, half)), Err(Failure::Server { .. })));
}

#[test]
fn a_broken_body_is_malformed() {
    for body in ["", "{", "[]", "null", r#"{"choices":[]}"#, r#"{"choices":[{}]}"#, "\u{feff}{}"] {
        assert!(matches!(read(&reply(200, body)), Err(Failure::Malformed { .. })), "{body}");
    }
}

#[test]
fn models_are_listed_in_order() {
    let body = r#"{"object":"list","data":[{"id":"b"},{"id":"a","owned_by":"x"}]}"#;
    assert_eq!(read_models(&reply(200, body)).unwrap(), ["a", "b"]);
    assert!(read_models(&reply(200, "{}")).is_err());
}
