//! Owns the checks that every documented error means what it should.

use super::*;

fn verdict(status: u16, body: &str) -> Result<Completion, Failure> {
    ErrorBody::of_bytes(body.as_bytes()).verdict(status, None)
}

fn message_in(status: u16, body: &str) -> String {
    ErrorBody::of_bytes(body.as_bytes()).verdict(status, None).unwrap_err().to_string()
}

#[test]
fn the_message_is_found_in_every_shape() {
    for body in [
        r#"{"error":{"message":"no such model","type":"invalid_request_error","param":null,"code":null}}"#,
        r#"{"error":"no such model"}"#,
        r#"{"code":"Client specified an invalid argument","error":"no such model"}"#,
        r#"{"error":["no such model"]}"#,
        r#"{"object":"error","message":"no such model","type":"x","param":null,"code":"1"}"#,
        r#"{"message":"no such model"}"#,
        r#"{"detail":"no such model"}"#,
        r#"[{"error":{"code":418,"message":"no such model","status":"X"}}]"#,
        r#"{"type":"error","error":{"type":"invalid_request_error","message":"no such model"},"request_id":"r"}"#,
        "no such model",
    ] {
        assert_eq!(
            message_in(418, body),
            "the request was refused (HTTP 418): no such model",
            "{body}"
        );
    }
    let validation =
        r#"{"detail":[{"type":"missing","loc":["body","messages"],"msg":"Field required"}]}"#;
    assert!(message_in(418, validation).ends_with("messages: Field required"));
    assert!(message_in(502, "<html>Bad gateway</html>").contains("Bad gateway"));
    assert!(message_in(500, "").ends_with("(HTTP 500): "));
    let long = format!(r#"{{"error":"{}"}}"#, "é".repeat(5_000));
    assert!(message_in(500, &long).chars().count() < 1_100);
}

#[test]
fn openrouter_quotes_the_provider_behind_it() {
    let body = r#"{"error":{"message":"Provider returned error","code":429,"metadata":{"raw":"{\"error\":{\"message\":\"Slow down, retry in 4s\"}}","provider_name":"X"}}}"#;
    assert_eq!(
        verdict(429, body),
        Err(Failure::RateLimited {
            wait_millis: Some(4_000),
            message: "Provider returned error: Slow down, retry in 4s".into()
        })
    );
    let text = r#"{"error":{"message":"Provider returned error","code":503,"metadata":{"raw":"upstream timeout"}}}"#;
    assert!(message_in(503, text).ends_with("Provider returned error: upstream timeout"));
}

#[test]
fn keys_credit_and_names_are_told_apart_whatever_the_status() {
    for (status, body) in [
        (
            401,
            r#"{"error":{"message":"Incorrect API key provided: sk-…","type":"invalid_request_error","code":"invalid_api_key"}}"#,
        ),
        (
            401,
            r#"{"type":"error","error":{"type":"authentication_error","message":"invalid x-api-key"}}"#,
        ),
        (401, r#"{"message":"invalid api token"}"#),
        (401, r#"{"message":"Unauthorized","request_id":"r"}"#),
        (
            400,
            r#"{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"API_KEY_INVALID"}]}}"#,
        ),
        (
            400,
            r#"{"code":"Client specified an invalid argument","error":"Incorrect API key provided: x. You can obtain an API key from https://console.x.ai."}"#,
        ),
        (
            403,
            r#"{"error":{"code":403,"message":"Method doesn't allow unregistered callers","status":"PERMISSION_DENIED"}}"#,
        ),
    ] {
        assert!(matches!(verdict(status, body), Err(Failure::KeyRefused { .. })), "{body}");
    }
    for (status, body) in [
        (
            429,
            r#"{"error":{"message":"You exceeded your current quota, please check your plan and billing details.","type":"insufficient_quota","code":"insufficient_quota"}}"#,
        ),
        (
            400,
            r#"{"type":"error","error":{"type":"invalid_request_error","message":"Your credit balance is too low to access the Anthropic API."}}"#,
        ),
        (402, r#"{"type":"error","error":{"type":"billing_error","message":"x"}}"#),
        (
            402,
            r#"{"error":{"message":"Insufficient Balance","type":"unknown_error","code":"invalid_request_error"}}"#,
        ),
        (402, r#"{"error":{"code":402,"message":"Insufficient credits"}}"#),
        (
            403,
            r#"{"code":"The caller does not have permission","error":"Your newly created team doesn't have any credits yet."}"#,
        ),
        (
            429,
            r#"{"message":"You are using a Trial key, which is limited to 1000 API calls / month."}"#,
        ),
        (429, r#"{"error":{"code":429,"message":"Rate limit exceeded: free-models-per-day"}}"#),
    ] {
        assert!(matches!(verdict(status, body), Err(Failure::NoCredit { .. })), "{body}");
    }
    for (status, body) in [
        (
            404,
            r#"{"error":{"message":"The model `x` does not exist","type":"invalid_request_error","param":null,"code":"model_not_found"}}"#,
        ),
        (404, r#"{"type":"error","error":{"type":"not_found_error","message":"model: x"}}"#),
        (404, r#"{"error":"model 'x' not found"}"#),
        (
            400,
            r#"{"object":"error","message":"Invalid model: x","type":"invalid_model","param":null,"code":"1500"}"#,
        ),
        (400, r#"{"error":{"code":400,"message":"x is not a valid model ID"}}"#),
        (
            400,
            r#"{"error":{"message":"Model Not Exist","type":"invalid_request_error","param":null,"code":"invalid_request_error"}}"#,
        ),
        (
            400,
            r#"{"error":{"message":"Invalid model 'x'. Permitted models can be found in the documentation","type":"invalid_model","code":400}}"#,
        ),
    ] {
        assert!(matches!(verdict(status, body), Err(Failure::NotFound { .. })), "{body}");
    }
}

#[test]
fn waits_and_quotas_of_google_are_read_from_the_details() {
    let error = |quota: &str, limit: &str| {
        format!(
            r#"{{"error":{{"code":429,"message":"You exceeded your current quota, please check your plan and billing details.\n* Quota exceeded for metric: generate_content_free_tier_requests, limit: {limit}, model: gemini-2.5-flash\nPlease retry in 46.9s.","status":"RESOURCE_EXHAUSTED","details":[{{"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[{{"quotaMetric":"m","quotaId":"{quota}","quotaValue":"{limit}"}}]}},{{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"46s"}}]}}}}"#
        )
    };
    let per_minute = error("GenerateRequestsPerMinutePerProjectPerModel-FreeTier", "10");
    assert!(matches!(
        verdict(429, &per_minute),
        Err(Failure::RateLimited { wait_millis: Some(46_000), .. })
    ));
    for gone in [
        error("GenerateRequestsPerDayPerProjectPerModel-FreeTier", "250"),
        error("GenerateRequestsPerMinutePerProjectPerModel-FreeTier", "0"),
    ] {
        assert!(matches!(verdict(429, &gone), Err(Failure::NoCredit { .. })), "{gone}");
    }
}

#[test]
fn waits_and_faults_of_others_are_read() {
    for (status, body, expected) in [
        (
            429,
            r#"{"error":{"message":"Rate limit reached for gpt-5. Please try again in 2.5s.","type":"tokens","code":"rate_limit_exceeded"}}"#,
            Some(2_500),
        ),
        (
            429,
            r#"{"error":{"message":"Rate limit reached … on requests per day (RPD): Limit 1000, Used 1000. Please try again in 1m26.4s.","type":"requests","code":"rate_limit_exceeded"}}"#,
            Some(86_400),
        ),
        (
            429,
            r#"{"object":"error","message":"Service tier capacity exceeded for this model.","type":"service_tier_capacity_exceeded","param":null,"code":"3505"}"#,
            None,
        ),
        (
            429,
            r#"{"message":"You are using a Trial key, which is limited to 20 API calls / minute."}"#,
            None,
        ),
        (
            429,
            r#"{"type":"error","error":{"type":"rate_limit_error","message":"This request would exceed your organization's rate limit of 50 requests per minute"}}"#,
            None,
        ),
    ] {
        let Err(Failure::RateLimited { wait_millis, .. }) = verdict(status, body) else {
            panic!("{body}: {:?}", verdict(status, body))
        };
        assert_eq!(wait_millis, expected, "{body}");
    }
    for (status, body) in [
        (529, r#"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#),
        (503, r#"{"error":{"message":"Loading model","type":"unavailable_error","code":503}}"#),
        (498, r#"{"error":{"message":"capacity","type":"capacity_exceeded"}}"#),
        (500, r#"{"error":{"code":500,"message":"Internal error","status":"INTERNAL"}}"#),
        (408, ""),
    ] {
        assert!(
            matches!(verdict(status, body), Err(Failure::Server { status: s, .. }) if s == status)
        );
    }
}

#[test]
fn a_filter_that_stopped_the_question_is_an_answer_of_its_own() {
    for (status, body) in [
        (
            400,
            r#"{"error":{"message":"The response was filtered due to the prompt triggering Azure OpenAI's content management policy.","type":null,"param":"prompt","code":"content_filter","status":400,"innererror":{"code":"ResponsibleAIPolicyViolation","content_filter_result":{}}}}"#,
        ),
        (
            403,
            r#"{"error":{"code":403,"message":"openai/x requires moderation. Your input was flagged","metadata":{"reasons":["violence"],"flagged_input":"…","provider_name":"OpenAI"}}}"#,
        ),
        (
            403,
            r#"{"code":"The caller does not have permission to execute the specified operation","error":"Content violates usage guidelines. Team: t, API key ID: k, Model: grok-4, Failed check: SAFETY_CHECK_TYPE_BIO"}"#,
        ),
        (400, r#"{"error":{"message":"Content Exists Risk","type":"invalid_request_error"}}"#),
        (
            400,
            r#"{"error":{"message":"Invalid prompt: your prompt was flagged as potentially violating our usage policy.","code":"invalid_prompt"}}"#,
        ),
    ] {
        let completion = verdict(status, body).unwrap();
        assert_eq!((completion.finish, completion.text.as_str()), (Finish::Filtered, ""), "{body}");
    }
    assert!(verdict(401, r#"{"error":{"code":"content_filter","message":"x"}}"#).is_err());
}
