//! Owns the checks of the exact bytes sent, and of replies in the shapes that providers document.

use super::*;
use crate::provider::fixture::{SCHEMA, body as body_of};
use crate::provider::fixture::{body, body_with_schema, events, read, reply, request, streamed};
use crate::provider::model::Protocol::OpenAiChat;
use crate::provider::wire;

const MESSAGES: &str =
    r#"[{"role":"system","content":"Be brief."},{"role":"user","content":"\"Fever\"?\nA) yes"}]"#;

fn endpoint(base_url: &str, model: &str) -> Endpoint {
    Endpoint::new(OpenAiChat, base_url, model)
}

fn full(base_url: &str, model: &str) -> Endpoint {
    let mut endpoint = endpoint(base_url, model);
    endpoint.settings.max_output_tokens = Some(512);
    endpoint.settings.temperature = Some(0.0);
    endpoint.settings.seed = Some(7);
    endpoint.settings.effort = Some(Effort::Low);
    endpoint.settings.delivery = Delivery::Streamed;
    endpoint
}

#[test]
fn openai_gets_its_own_token_limit_and_a_developer_message() {
    let mut endpoint = endpoint("https://api.openai.com/v1/", "gpt-5.2");
    endpoint.settings.max_output_tokens = Some(512);
    let request = request(&endpoint);
    assert_eq!(request.url, "https://api.openai.com/v1/chat/completions");
    assert_eq!(request.headers, [("Content-Type", "application/json".to_owned())]);
    assert_eq!(request.auth, Auth::Bearer);
    assert_eq!(
        request.body.unwrap(),
        r#"{"model":"gpt-5.2","messages":[{"role":"developer","content":"Be brief."},{"role":"user","content":"\"Fever\"?\nA) yes"}],"max_completion_tokens":512}"#
    );
}

#[test]
fn a_bare_question_is_model_and_messages() {
    for base_url in ["https://api.openai.com/v1", "http://localhost:8000/v1", "https://x.example"] {
        assert_eq!(
            body(&endpoint(base_url, "gpt-4o")),
            format!(r#"{{"model":"gpt-4o","messages":{MESSAGES}}}"#)
        );
    }
}

#[test]
fn every_service_gets_its_own_form() {
    let rest = r#""temperature":0.0,"seed":7"#;
    for (base_url, model, expected) in [
        (
            "https://api.openai.com/v1",
            "gpt-4.1",
            format!(
                r#""max_completion_tokens":512,{rest},"reasoning_effort":"low","stream":true,"stream_options":{{"include_usage":true,"include_obfuscation":false}}"#
            ),
        ),
        (
            "https://api.groq.com/openai/v1",
            "openai/gpt-oss-120b",
            format!(r#""max_completion_tokens":512,{rest},"reasoning_effort":"low","stream":true"#),
        ),
        (
            "https://openrouter.ai/api/v1",
            "google/gemini-3-pro",
            format!(r#""max_tokens":512,{rest},"reasoning":{{"effort":"low"}},"stream":true"#),
        ),
        (
            "https://api.deepseek.com",
            "deepseek-chat",
            format!(
                r#""max_tokens":512,{rest},"thinking":{{"type":"enabled"}},"stream":true,"stream_options":{{"include_usage":true}}"#
            ),
        ),
        (
            "https://api.x.ai/v1",
            "grok-3-mini",
            format!(
                r#""max_completion_tokens":512,{rest},"reasoning_effort":"low","stream":true,"stream_options":{{"include_usage":true}}"#
            ),
        ),
        (
            "http://localhost:8000/v1",
            "google/medgemma-27b-text-it",
            format!(
                r#""max_tokens":512,{rest},"reasoning_effort":"low","stream":true,"stream_options":{{"include_usage":true}}"#
            ),
        ),
        (
            "https://llm.hospital.example/v1",
            "m",
            format!(r#""max_tokens":512,{rest},"reasoning_effort":"low","stream":true"#),
        ),
        (
            "https://llm.hospital.example/v1",
            "o3",
            format!(r#""max_completion_tokens":512,{rest},"reasoning_effort":"low","stream":true"#),
        ),
    ] {
        assert_eq!(
            body(&full(base_url, model)),
            format!(r#"{{"model":"{model}","messages":{MESSAGES},{expected}}}"#)
        );
    }
}

#[test]
fn a_schema_goes_in_the_form_that_the_service_takes() {
    for (base_url, model, expected) in [
        (
            "https://api.openai.com/v1",
            "gpt-4o",
            format!(
                r#","response_format":{{"type":"json_schema","json_schema":{{"name":"verdict","schema":{SCHEMA},"strict":true}}}}"#
            ),
        ),
        (
            "https://api.perplexity.ai",
            "sonar",
            format!(
                r#","response_format":{{"type":"json_schema","json_schema":{{"schema":{SCHEMA}}}}}"#
            ),
        ),
        (
            "https://api.deepseek.com",
            "deepseek-chat",
            r#","response_format":{"type":"json_object"}"#.to_owned(),
        ),
        ("https://api.openai.com/v1", "gpt-4-turbo", String::new()),
        ("https://llm.hospital.example/v1", "m", String::new()),
    ] {
        assert_eq!(
            body_with_schema(&endpoint(base_url, model)),
            format!(r#"{{"model":"{model}","messages":{MESSAGES}{expected}}}"#)
        );
    }
    let refused = capability::without(
        &endpoint("https://api.openai.com/v1", "gpt-4o"),
        crate::provider::Setting::JsonSchema,
        "refused",
    );
    assert!(!body_with_schema(&refused).contains("response_format"));
}

#[test]
fn an_extra_header_is_named_and_its_value_is_not_here() {
    let mut endpoint = endpoint("https://llm.hospital.example/v1", "m");
    endpoint.extra_header = Some("X-Gateway".into());
    assert_eq!(request(&endpoint).secret_header.as_deref(), Some("X-Gateway"));
    let list = wire::models_request(&endpoint).unwrap();
    assert_eq!(list.secret_header.as_deref(), Some("X-Gateway"));
    assert_eq!(list.url, "https://llm.hospital.example/v1/models");
    assert_eq!(body_of(&endpoint), format!(r#"{{"model":"m","messages":{MESSAGES}}}"#));
}

#[test]
fn a_documented_answer_is_read() {
    let body = r#"{"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"gpt-5.2-2026-01-01",
        "choices":[{"index":0,"message":{"role":"assistant","content":"Answer: B","refusal":null},
        "finish_reason":"stop","logprobs":null}],
        "usage":{"prompt_tokens":19,"completion_tokens":10,"total_tokens":29,
        "prompt_tokens_details":{"cached_tokens":4},
        "completion_tokens_details":{"reasoning_tokens":3}},"service_tier":"default"}"#;
    let completion = read(OpenAiChat, 200, body).unwrap();
    assert_eq!(completion.text, "Answer: B");
    assert_eq!(completion.finish, Finish::Stop);
    assert_eq!(
        completion.usage,
        Some(Usage {
            input_tokens: 19,
            output_tokens: 10,
            reasoning_tokens: Some(3),
            cached_input_tokens: Some(4),
            charged: None
        })
    );
    assert_eq!(completion.answered_by.as_deref(), Some("gpt-5.2-2026-01-01"));
}

#[test]
fn usage_is_read_in_every_shape() {
    let of = |usage: &str| {
        let body = format!(
            r#"{{"choices":[{{"message":{{"content":"x"}},"finish_reason":"stop"}}],"usage":{usage}}}"#
        );
        read(OpenAiChat, 200, &body).unwrap().usage
    };
    let usage =
        |input_tokens, output_tokens| Usage { input_tokens, output_tokens, ..Usage::default() };
    // OpenRouter
    assert_eq!(
        of(
            r#"{"prompt_tokens":194,"completion_tokens":2,"total_tokens":196,"cost":0.00014,"cost_details":{"upstream_inference_cost":null}}"#
        ),
        Some(Usage { charged: Some(MicroDollars(140)), ..usage(194, 2) })
    );
    // Perplexity
    assert_eq!(
        of(
            r#"{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3,"cost":{"request_cost":0.005,"total_cost":0.0050001}}"#
        ),
        Some(Usage { charged: Some(MicroDollars(5_001)), ..usage(1, 2) })
    );
    // xAI: the thinking is in the sum alone.
    assert_eq!(
        of(
            r#"{"prompt_tokens":32,"completion_tokens":9,"total_tokens":135,"completion_tokens_details":{"reasoning_tokens":94}}"#
        ),
        Some(Usage { reasoning_tokens: Some(94), ..usage(32, 103) })
    );
    // DeepSeek
    assert_eq!(
        of(
            r#"{"prompt_tokens":10,"completion_tokens":2,"total_tokens":12,"prompt_cache_hit_tokens":8,"prompt_cache_miss_tokens":2}"#
        ),
        Some(Usage { cached_input_tokens: Some(8), ..usage(10, 2) })
    );
    assert_eq!(of("null"), None);
    assert_eq!(of("{}"), None);
    assert_eq!(of(r#"{"prompt_tokens":1,"completion_tokens":1,"cost":-1}"#), Some(usage(1, 1)));
}

#[test]
fn reasoning_is_kept_apart_under_each_of_its_names() {
    for message in [
        r#"{"content":"Answer: B","reasoning_content":"hm"}"#,
        r#"{"content":"Answer: B","reasoning":"hm"}"#,
        r#"{"content":"Answer: B","reasoning":"hm","reasoning_content":null,"reasoning_details":[{"type":"reasoning.text","text":"hm"}]}"#,
        r#"{"content":"Answer: B","reasoning_details":[{"type":"reasoning.summary","summary":"hm"},{"type":"reasoning.encrypted","data":"x"}]}"#,
        r#"{"content":[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]},{"type":"text","text":"Answer: B"}]}"#,
    ] {
        let body = format!(r#"{{"choices":[{{"message":{message},"finish_reason":"stop"}}]}}"#);
        let whole = read(OpenAiChat, 200, &body).unwrap();
        let delta = format!(r#"{{"choices":[{{"delta":{message},"finish_reason":"stop"}}]}}"#);
        let stream = streamed(OpenAiChat, &events(&[&delta, "[DONE]"])).unwrap();
        for completion in [whole, stream] {
            assert_eq!(completion.text, "Answer: B", "{message}");
            assert_eq!(completion.reasoning.as_deref(), Some("hm"), "{message}");
        }
    }
}

#[test]
fn endings_are_told_apart() {
    for (reason, expected) in [
        (r#""length""#, Finish::Length),
        (r#""model_length""#, Finish::Length),
        (r#""content_filter""#, Finish::Filtered),
        (r#""tool_calls""#, Finish::Other("tool_calls".into())),
        ("null", Finish::Stop),
    ] {
        let body =
            format!(r#"{{"choices":[{{"message":{{"content":"x"}},"finish_reason":{reason}}}]}}"#);
        assert_eq!(read(OpenAiChat, 200, &body).unwrap().finish, expected);
    }
    let refusal =
        r#"{"choices":[{"message":{"content":null,"refusal":"I can't."},"finish_reason":"stop"}]}"#;
    let refused = read(OpenAiChat, 200, refusal).unwrap();
    assert_eq!((refused.finish, refused.text.as_str()), (Finish::Refusal, "I can't."));
}

#[test]
fn a_documented_stream_is_read() {
    let stream = events(&[
        r#"{"id":"c","object":"chat.completion.chunk","model":"gpt-5.2","choices":[{"index":0,"delta":{"role":"assistant","content":"","refusal":null},"finish_reason":null}],"usage":null}"#,
        r#"{"id":"c","object":"chat.completion.chunk","model":"gpt-5.2","choices":[{"index":0,"delta":{"content":"Antwort: "},"finish_reason":null}],"usage":null}"#,
        r#"{"id":"c","object":"chat.completion.chunk","model":"gpt-5.2","choices":[{"index":0,"delta":{"content":"ä 🩺"},"finish_reason":null}],"usage":null}"#,
        r#"{"id":"c","object":"chat.completion.chunk","model":"gpt-5.2","choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":null}"#,
        r#"{"id":"c","object":"chat.completion.chunk","model":"gpt-5.2","choices":[],"usage":{"prompt_tokens":19,"completion_tokens":10,"total_tokens":29}}"#,
        "[DONE]",
    ]);
    let completion = streamed(OpenAiChat, &stream).unwrap();
    assert_eq!(completion.text, "Antwort: ä 🩺");
    assert_eq!(completion.finish, Finish::Stop);
    assert_eq!(completion.answered_by.as_deref(), Some("gpt-5.2"));
    let usage = Usage { input_tokens: 19, output_tokens: 10, ..Usage::default() };
    assert_eq!(completion.usage, Some(usage));
}

#[test]
fn streams_of_relatives_are_read() {
    let groq = events(&[
        r#"{"choices":[{"delta":{"role":"assistant","reasoning":"hm"},"finish_reason":null}],"x_groq":{"id":"req"}}"#,
        r#"{"choices":[{"delta":{"content":"B"},"finish_reason":null}]}"#,
        r#"{"choices":[{"delta":{},"finish_reason":"length"}],"x_groq":{"id":"req","usage":{"prompt_tokens":5,"completion_tokens":6,"total_tokens":11}}}"#,
        "[DONE]",
    ]);
    let completion = streamed(OpenAiChat, &groq).unwrap();
    assert_eq!(completion.finish, Finish::Length);
    assert_eq!(completion.reasoning.as_deref(), Some("hm"));
    assert_eq!(completion.usage.unwrap().output_tokens, 6);

    let openrouter = format!(
        ": OPENROUTER PROCESSING\n\n: OPENROUTER PROCESSING\n\n{}",
        events(&[
            r#"{"choices":[{"delta":{"content":"B"},"finish_reason":null}]}"#,
            r#"{"choices":[{"delta":{"content":""},"finish_reason":"stop"}]}"#,
            r#"{"choices":[{"delta":{"content":""},"finish_reason":null}],"usage":{"prompt_tokens":1,"completion_tokens":1,"cost":0.01}}"#,
            "[DONE]",
        ])
    );
    let completion = streamed(OpenAiChat, &openrouter).unwrap();
    assert_eq!(completion.usage.unwrap().charged, Some(MicroDollars(10_000)));
    assert_eq!(completion.finish, Finish::Stop);

    let refusal = events(&[
        r#"{"choices":[{"delta":{"refusal":"I can't."},"finish_reason":null}]}"#,
        r#"{"choices":[{"delta":{},"finish_reason":"stop"}]}"#,
    ]);
    assert_eq!(streamed(OpenAiChat, &refusal).unwrap().finish, Finish::Refusal);
}

#[test]
fn a_stream_that_breaks_off_or_fails_is_no_answer() {
    let begun = r#"{"choices":[{"delta":{"content":"Answer: B"},"finish_reason":null}]}"#;
    for stream in [
        String::new(),
        events(&[begun]),
        events(&[begun, "[DONE]"]),
        events(&[begun, "{"]),
        events(&["[DONE]"]),
    ] {
        let result = streamed(OpenAiChat, &stream);
        assert!(matches!(result, Err(Failure::Malformed { .. })), "{stream}: {result:?}");
    }
    for (error, expected) in [
        (
            r#"{"error":{"code":502,"message":"Provider disconnected"},"choices":[{"delta":{"content":""},"finish_reason":"error"}]}"#,
            502,
        ),
        (r#"{"error":{"code":"server_error","message":"Provider disconnected"}}"#, 502),
        (r#"{"choices":[{"delta":{},"finish_reason":"error"}]}"#, 502),
        (r#"{"x_groq":{"error":"oops"}}"#, 502),
        (r#"{"error":{"message":"overloaded","code":503}}"#, 503),
    ] {
        let result = streamed(OpenAiChat, &events(&[begun, error, "[DONE]"]));
        assert!(
            matches!(result, Err(Failure::Server { status, .. }) if status == expected),
            "{error}: {result:?}"
        );
    }
    let filtered = r#"{"error":{"code":"content_filter","message":"The response was filtered"}}"#;
    let completion = streamed(OpenAiChat, &events(&[filtered])).unwrap();
    assert_eq!(completion.finish, Finish::Filtered);
}

#[test]
fn a_server_that_does_not_stream_is_read_all_the_same() {
    let body = r#"{"choices":[{"message":{"content":"B"},"finish_reason":"stop"}]}"#;
    assert_eq!(streamed(OpenAiChat, body).unwrap().text, "B");
    let error = r#"{"error":{"code":429,"message":"slow down"}}"#;
    assert!(matches!(streamed(OpenAiChat, error), Err(Failure::RateLimited { .. })));
}

#[test]
fn a_success_with_an_error_inside_is_no_answer() {
    let inside = r#"{"error":{"code":429,"message":"Provider returned error. retry in 3s"}}"#;
    assert!(matches!(
        read(OpenAiChat, 200, inside),
        Err(Failure::RateLimited { wait_millis: Some(3_000), .. })
    ));
    for half in [
        r#"{"choices":[{"message":{"content":"Ans"},"finish_reason":"error"}]}"#,
        r#"{"choices":[{"message":{"content":"Ans"},"finish_reason":"stop","error":{"code":502,"message":"x"}}]}"#,
    ] {
        assert!(matches!(read(OpenAiChat, 200, half), Err(Failure::Server { .. })), "{half}");
    }
}

#[test]
fn a_broken_body_is_malformed() {
    for body in ["", "{", "[]", "null", r#"{"choices":[]}"#, r#"{"choices":[{}]}"#, "\u{feff}{}"] {
        assert!(matches!(read(OpenAiChat, 200, body), Err(Failure::Malformed { .. })), "{body}");
    }
}

#[test]
fn models_are_listed_in_order() {
    for body in [
        r#"{"object":"list","data":[{"id":"b"},{"id":"a","owned_by":"x"},{"id":"b"}]}"#,
        r#"[{"id":"b"},{"id":"a"}]"#,
    ] {
        assert_eq!(read_models(&reply(200, body)).unwrap(), ["a", "b"]);
    }
    assert!(read_models(&reply(200, "{}")).is_err());
    assert!(matches!(read_models(&reply(401, "{}")), Err(Failure::KeyRefused { .. })));
    assert!(wire::models_request(&endpoint("https://api.perplexity.ai", "")).is_none());
}
