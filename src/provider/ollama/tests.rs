//! Owns the checks of Ollama's `/api/chat`: exact bytes, documented replies, streams cut everywhere.

use super::*;
use crate::provider::Setting;
use crate::provider::fixture::{self, SCHEMA, body_with_schema, streamed};
use crate::provider::model::Protocol;

fn endpoint(model: &str) -> Endpoint {
    Endpoint::new(Protocol::Ollama, "http://localhost:11434", model)
}

fn read(status: u16, body: &str) -> Result<Completion, Failure> {
    fixture::read(Protocol::Ollama, status, body)
}

const MESSAGES: &str =
    r#"[{"role":"system","content":"Be brief."},{"role":"user","content":"\"Fever\"?\nA) yes"}]"#;

#[test]
fn questions_have_the_exact_form() {
    for base_url in
        ["http://localhost:11434", "http://localhost:11434/v1/", "http://localhost:11434/api"]
    {
        let request = fixture::request(&Endpoint::new(Protocol::Ollama, base_url, "medgemma:27b"));
        assert_eq!(request.url, "http://localhost:11434/api/chat");
        assert_eq!(
            request.body.unwrap(),
            format!(r#"{{"model":"medgemma:27b","messages":{MESSAGES},"stream":false}}"#)
        );
    }
    let mut endpoint = endpoint("qwen3:8b");
    endpoint.settings.temperature = Some(0.0);
    endpoint.settings.seed = Some(7);
    endpoint.settings.context_tokens = Some(8_192);
    endpoint.settings.max_output_tokens = Some(512);
    endpoint.settings.effort = Some(Effort::None);
    endpoint.settings.delivery = Delivery::Streamed;
    assert_eq!(
        body_with_schema(&endpoint),
        format!(
            r#"{{"model":"qwen3:8b","messages":{MESSAGES},"stream":true,"think":false,"format":{SCHEMA},"options":{{"temperature":0.0,"seed":7,"num_ctx":8192,"num_predict":512}}}}"#
        )
    );
    endpoint.model = "gpt-oss:20b".into();
    endpoint.settings.effort = Some(Effort::High);
    assert!(fixture::body(&endpoint).contains(r#""think":"high""#));
}

const LAST: &str = r#"{"model":"qwen3:8b","created_at":"2026-01-01T00:00:00Z","message":{"role":"assistant","content":""},"done":true,"done_reason":"stop","total_duration":1,"load_duration":1,"prompt_eval_count":26,"prompt_eval_duration":1,"eval_count":290,"eval_duration":1}"#;

#[test]
fn a_documented_answer_is_read_whole_and_streamed() {
    let answer = Completion {
        text: "Größe: B".into(),
        reasoning: Some("hm".into()),
        finish: Finish::Stop,
        usage: Some(Usage { input_tokens: 26, output_tokens: 290, ..Usage::default() }),
        answered_by: Some("qwen3:8b".into()),
    };
    let whole = LAST.replace(r#""content":"""#, r#""content":"Größe: B","thinking":"hm""#);
    assert_eq!(read(200, &whole), Ok(answer.clone()));
    let piece = |message: &str| {
        format!(
            r#"{{"model":"qwen3:8b","created_at":"x","message":{{"role":"assistant",{message}}},"done":false}}"#
        )
    };
    let stream = [
        piece(r#""content":"","thinking":"hm""#),
        piece(r#""content":"Größe: ""#),
        piece(r#""content":"B""#),
        LAST.to_owned(),
    ];
    assert_eq!(streamed(Protocol::Ollama, &stream.join("\n")), Ok(answer.clone()));
    assert_eq!(streamed(Protocol::Ollama, &(stream.join("\n") + "\n")), Ok(answer));
}

#[test]
fn endings_are_told_apart() {
    let of = |reason: &str| read(200, &LAST.replace(r#""stop""#, reason));
    assert_eq!(of(r#""length""#).unwrap().finish, Finish::Length);
    assert_eq!(of("null").unwrap().finish, Finish::Stop);
    assert_eq!(of(r#""new""#).unwrap().finish, Finish::Other("new".into()));
    assert!(matches!(of(r#""load""#), Err(Failure::Malformed { .. })));
    for body in ["", "{}", "[]", &LAST.replace("true", "false")] {
        assert!(matches!(read(200, body), Err(Failure::Malformed { .. })), "{body}");
    }
}

#[test]
fn a_stream_that_breaks_off_or_fails_is_no_answer() {
    let piece =
        r#"{"model":"m","message":{"role":"assistant","content":"Answer: B"},"done":false}"#;
    for stream in ["", piece, &format!("{piece}\n{piece}\n")] {
        let result = streamed(Protocol::Ollama, stream);
        assert!(matches!(result, Err(Failure::Malformed { .. })), "{result:?}");
    }
    let stream =
        format!("{piece}\n{{\"error\":\"an error was encountered while running the model\"}}\n");
    let result = streamed(Protocol::Ollama, &stream);
    assert!(matches!(result, Err(Failure::Server { status: 500, .. })), "{result:?}");
}

#[test]
fn documented_errors_mean_what_they_should() {
    let missing = r#"{"error":"model 'x' not found"}"#;
    assert!(matches!(read(404, missing), Err(Failure::NotFound { .. })));
    let thinking = r#"{"error":"\"gemma3:4b\" does not support thinking"}"#;
    assert!(matches!(
        read(400, thinking),
        Err(Failure::Unsupported { setting: Setting::Effort, .. })
    ));
    // Ollama answers a page that it was not told of with an empty 403.
    assert!(matches!(read(403, ""), Err(Failure::KeyRefused { .. })));
}

#[test]
fn models_on_the_machine_are_listed() {
    assert_eq!(models_request(&endpoint("")).url, "http://localhost:11434/api/tags");
    let list = r#"{"models":[{"name":"medgemma:4b","model":"medgemma:4b"},{"model":"llama3"}]}"#;
    assert_eq!(read_models(&fixture::reply(200, list)).unwrap(), ["llama3", "medgemma:4b"]);
}
