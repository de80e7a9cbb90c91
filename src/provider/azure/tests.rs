//! Owns the checks of what Azure does differently.

use crate::provider::fixture::{self, events, streamed};
use crate::provider::http::Auth;
use crate::provider::model::{Endpoint, Protocol};
use crate::provider::{Delivery, Finish, wire};

#[test]
fn the_address_is_the_resources_whatever_was_copied() {
    for base_url in [
        "https://ward.openai.azure.com",
        "https://ward.openai.azure.com/",
        "https://ward.openai.azure.com/openai",
        "https://ward.openai.azure.com/openai/v1/",
        "https://ward.openai.azure.com/openai/v1/chat/completions?api-version=v1",
    ] {
        let mut endpoint = Endpoint::new(Protocol::AzureOpenAi, base_url, "ward-gpt");
        endpoint.settings.max_output_tokens = Some(512);
        endpoint.settings.delivery = Delivery::Streamed;
        let request = fixture::request(&endpoint);
        assert_eq!(
            request.url,
            "https://ward.openai.azure.com/openai/v1/chat/completions?api-version=v1"
        );
        assert_eq!(request.auth, Auth::ApiKey);
        assert_eq!(
            request.body.unwrap(),
            r#"{"model":"ward-gpt","messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"\"Fever\"?\nA) yes"}],"max_completion_tokens":512,"stream":true}"#
        );
        assert!(wire::models_request(&endpoint).is_none());
    }
}

#[test]
fn the_filters_verdict_at_the_start_of_a_stream_is_no_answer_yet() {
    let stream = events(&[
        r#"{"choices":[],"created":0,"id":"","model":"","object":"","prompt_filter_results":[{"prompt_index":0,"content_filter_results":{}}]}"#,
        r#"{"choices":[{"content_filter_results":{},"delta":{"content":"B"},"finish_reason":null,"index":0}],"model":"gpt-4o"}"#,
        r#"{"choices":[{"delta":{},"finish_reason":"content_filter","index":0}]}"#,
        "[DONE]",
    ]);
    let completion = streamed(Protocol::AzureOpenAi, &stream).unwrap();
    assert_eq!(completion.finish, Finish::Filtered);
    assert_eq!(completion.answered_by.as_deref(), Some("gpt-4o"));
}
