//! Owns the checks of `generateContent`: exact bytes, documented replies, streams cut everywhere.

use super::*;
use crate::provider::Setting;
use crate::provider::fixture::{self, SCHEMA, body, body_with_schema, events, streamed};
use crate::provider::model::Protocol;

const BASE: &str = "https://generativelanguage.googleapis.com/v1beta";
const CONTENTS: &str = r#""contents":[{"role":"user","parts":[{"text":"\"Fever\"?\nA) yes"}]}],"systemInstruction":{"parts":[{"text":"Be brief."}]}"#;
const SAFETY_JSON: &str = r#""safetySettings":[{"category":"HARM_CATEGORY_HARASSMENT","threshold":"BLOCK_NONE"},{"category":"HARM_CATEGORY_HATE_SPEECH","threshold":"BLOCK_NONE"},{"category":"HARM_CATEGORY_SEXUALLY_EXPLICIT","threshold":"BLOCK_NONE"},{"category":"HARM_CATEGORY_DANGEROUS_CONTENT","threshold":"BLOCK_NONE"}]"#;

fn endpoint(model: &str) -> Endpoint {
    Endpoint::new(Protocol::Gemini, BASE, model)
}

fn read(status: u16, body: &str) -> Result<Completion, Failure> {
    fixture::read(Protocol::Gemini, status, body)
}

#[test]
fn a_question_carries_two_headers_at_most() {
    let request = fixture::request(&endpoint("models/gemini-2.5-flash"));
    assert_eq!(request.url, format!("{BASE}/models/gemini-2.5-flash:generateContent"));
    assert_eq!(request.auth.header("k").0, "x-goog-api-key");
    assert_eq!(request.headers, [("Content-Type", "application/json".to_owned())]);
    assert_eq!(request.body.unwrap(), format!("{{{CONTENTS},{SAFETY_JSON}}}"));
}

#[test]
fn no_model_name_leads_to_another_address() {
    let host =
        Endpoint::new(Protocol::Gemini, "https://generativelanguage.googleapis.com", "../x?key=1#");
    assert_eq!(
        fixture::request(&host).url,
        format!("{BASE}/models/..%2Fx%3Fkey%3D1%23:generateContent")
    );
}

#[test]
fn settings_go_into_the_configuration() {
    let mut newer = endpoint("gemini-3-flash-preview");
    newer.settings.temperature = Some(0.0);
    newer.settings.seed = Some(7);
    newer.settings.max_output_tokens = Some(512);
    newer.settings.effort = Some(Effort::Minimal);
    newer.settings.delivery = Delivery::Streamed;
    assert_eq!(
        fixture::request(&newer).url,
        format!("{BASE}/models/gemini-3-flash-preview:streamGenerateContent?alt=sse")
    );
    assert_eq!(
        body_with_schema(&newer),
        format!(
            r#"{{{CONTENTS},"generationConfig":{{"temperature":0.0,"maxOutputTokens":512,"seed":7,"responseMimeType":"application/json","responseJsonSchema":{SCHEMA},"thinkingConfig":{{"thinkingLevel":"MINIMAL"}}}},{SAFETY_JSON}}}"#
        )
    );
    for (effort, budget) in
        [(Effort::None, 0), (Effort::Low, 1_024), (Effort::Medium, 8_192), (Effort::High, 24_576)]
    {
        let mut older = endpoint("gemini-2.5-flash");
        older.settings.effort = Some(effort);
        assert_eq!(
            body(&older),
            format!(
                r#"{{{CONTENTS},"generationConfig":{{"thinkingConfig":{{"thinkingBudget":{budget}}}}},{SAFETY_JSON}}}"#
            )
        );
    }
}

#[test]
fn gemma_is_told_the_instruction_before_the_question() {
    assert_eq!(
        body_with_schema(&endpoint("gemma-3-27b-it")),
        format!(
            r#"{{"contents":[{{"role":"user","parts":[{{"text":"Be brief."}},{{"text":"\"Fever\"?\nA) yes"}}]}}],{SAFETY_JSON}}}"#
        )
    );
}

const USAGE: &str = r#""usageMetadata":{"promptTokenCount":8,"candidatesTokenCount":4,"thoughtsTokenCount":30,"cachedContentTokenCount":2,"totalTokenCount":42},"modelVersion":"gemini-2.5-flash""#;

fn answer() -> Completion {
    Completion {
        text: "Antwort: ä B".into(),
        reasoning: Some("hm".into()),
        finish: Finish::Stop,
        usage: Some(Usage {
            input_tokens: 8,
            output_tokens: 34,
            reasoning_tokens: Some(30),
            cached_input_tokens: Some(2),
            charged: None,
        }),
        answered_by: Some("gemini-2.5-flash".into()),
    }
}

#[test]
fn a_documented_answer_is_read_whole_and_streamed() {
    let whole = format!(
        r#"{{"candidates":[{{"content":{{"parts":[{{"text":"hm","thought":true}},{{"text":"Antwort: "}},{{"text":"ä B"}}],"role":"model"}},"finishReason":"STOP","index":0}}],{USAGE}}}"#
    );
    assert_eq!(read(200, &whole), Ok(answer()));
    let last = format!(
        r#"{{"candidates":[{{"content":{{"parts":[{{"text":"ä B"}}]}},"finishReason":"STOP"}}],{USAGE}}}"#
    );
    let stream = events(&[
        r#"{"candidates":[{"content":{"parts":[{"text":"hm","thought":true}],"role":"model"},"index":0}],"usageMetadata":{"promptTokenCount":8,"totalTokenCount":8},"modelVersion":"gemini-2.5-flash"}"#,
        r#"{"candidates":[{"content":{"parts":[{"text":"Antwort: "}],"role":"model"},"index":0}]}"#,
        &last,
    ]);
    assert_eq!(streamed(Protocol::Gemini, &stream), Ok(answer()));
}

#[test]
fn endings_are_told_apart() {
    for (reason, expected) in [
        ("MAX_TOKENS", Finish::Length),
        ("SAFETY", Finish::Filtered),
        ("RECITATION", Finish::Filtered),
        ("PROHIBITED_CONTENT", Finish::Filtered),
        ("SPII", Finish::Filtered),
        ("LANGUAGE", Finish::Other("incomplete: LANGUAGE".into())),
    ] {
        // A candidate that was stopped may have no content at all.
        let body = format!(r#"{{"candidates":[{{"finishReason":"{reason}","index":0}}],{USAGE}}}"#);
        let completion = read(200, &body).unwrap();
        assert_eq!((completion.finish, completion.text.as_str()), (expected.clone(), ""));
        let stream = streamed(Protocol::Gemini, &events(&[&body])).unwrap();
        assert_eq!(stream.finish, expected);
    }
}

#[test]
fn a_blocked_question_is_filtered_with_a_status_of_success() {
    let blocked =
        format!(r#"{{"promptFeedback":{{"blockReason":"SAFETY","safetyRatings":[]}},{USAGE}}}"#);
    assert_eq!(read(200, &blocked).unwrap().finish, Finish::Filtered);
    assert_eq!(streamed(Protocol::Gemini, &events(&[&blocked])).unwrap().finish, Finish::Filtered);
    let silent = format!("{{{USAGE}}}");
    assert_eq!(read(200, &silent).unwrap().finish, Finish::Filtered);
}

#[test]
fn what_is_no_answer_is_malformed() {
    let unfinished = r#"{"candidates":[{"content":{"parts":[{"text":"Answer: B"}]}}],"usageMetadata":{"promptTokenCount":8}}"#;
    for body in ["", "[]", "{}", r#"{"candidates":[]}"#, unfinished] {
        assert!(matches!(read(200, body), Err(Failure::Malformed { .. })), "{body}");
    }
    for stream in [String::new(), events(&[unfinished]), events(&["{}"]), events(&["[DONE]"])] {
        let result = streamed(Protocol::Gemini, &stream);
        assert!(matches!(result, Err(Failure::Malformed { .. })), "{stream}");
    }
}

#[test]
fn an_error_inside_a_stream_ends_it() {
    let stream = events(&[
        r#"{"candidates":[{"content":{"parts":[{"text":"Answer"}]}}]}"#,
        r#"{"error":{"code":503,"message":"The model is overloaded.","status":"UNAVAILABLE"}}"#,
    ]);
    let result = streamed(Protocol::Gemini, &stream);
    assert!(matches!(result, Err(Failure::Server { status: 503, .. })), "{result:?}");
}

#[test]
fn documented_errors_mean_what_they_should() {
    let invalid = r#"{"error":{"code":400,"message":"Thinking level is not supported for this model.","status":"INVALID_ARGUMENT"}}"#;
    assert!(matches!(
        read(400, invalid),
        Err(Failure::Unsupported { setting: Setting::Effort, .. })
    ));
    let location = r#"{"error":{"code":400,"message":"User location is not supported for the API use.","status":"FAILED_PRECONDITION"}}"#;
    assert!(matches!(read(400, location), Err(Failure::Refused { .. })));
    let missing = r#"{"error":{"code":404,"message":"models/x is not found for API version v1beta","status":"NOT_FOUND"}}"#;
    assert!(matches!(read(404, missing), Err(Failure::NotFound { .. })));
}

#[test]
fn only_models_that_answer_are_listed() {
    let request = models_request(&endpoint(""));
    assert_eq!(request.url, format!("{BASE}/models?pageSize=1000"));
    assert_eq!(request.headers, []);
    let list = r#"{"models":[{"name":"models/gemini-2.5-pro","supportedGenerationMethods":["generateContent","countTokens"]},
        {"name":"models/embedding-001","supportedGenerationMethods":["embedContent"]},
        {"name":"models/gemini-2.5-flash","supportedGenerationMethods":["generateContent"]}]}"#;
    assert_eq!(
        read_models(&fixture::reply(200, list)).unwrap(),
        ["gemini-2.5-flash", "gemini-2.5-pro"]
    );
}
