//! Owns the checks that refused settings are recognised in every provider's words, and nothing else is taken for one.

use super::*;

fn of(status: u16, body: &str) -> Option<Setting> {
    setting(status, &ErrorBody::of_bytes(body.as_bytes()))
}

#[test]
#[allow(clippy::too_many_lines)] // a table
fn a_refused_setting_is_named_in_every_providers_words() {
    use Setting::{
        ContextTokens, Effort, JsonSchema, MaxOutputTokens, Seed, Streaming, Temperature,
    };
    for (body, expected) in [
        // OpenAI
        (
            r#"{"error":{"message":"Unsupported parameter: 'temperature' is not supported with this model.","type":"invalid_request_error","param":"temperature","code":"unsupported_parameter"}}"#,
            Temperature,
        ),
        (
            r#"{"error":{"message":"Unsupported value: 'temperature' does not support 0 with this model. Only the default (1) value is supported.","type":"invalid_request_error","param":"temperature","code":"unsupported_value"}}"#,
            Temperature,
        ),
        (
            r#"{"error":{"message":"Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.","type":"invalid_request_error","param":"max_tokens","code":"unsupported_parameter"}}"#,
            MaxOutputTokens,
        ),
        (
            r#"{"error":{"message":"Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."}}"#,
            MaxOutputTokens,
        ),
        (
            r#"{"error":{"message":"Unsupported value: 'reasoning_effort' does not support 'minimal' with this model.","type":"invalid_request_error","param":"reasoning_effort","code":"unsupported_value"}}"#,
            Effort,
        ),
        (
            r#"{"error":{"message":"Unsupported value: 'none' is not supported with the 'o3' model.","param":"reasoning.effort","code":"unsupported_value"}}"#,
            Effort,
        ),
        (
            r#"{"error":{"message":"Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model.","param":null}}"#,
            JsonSchema,
        ),
        (
            r#"{"error":{"message":"Invalid schema for response_format 'x'","param":"text.format.schema","code":"invalid_json_schema"}}"#,
            JsonSchema,
        ),
        (
            r#"{"error":{"message":"Your organization must be verified to stream this model.","param":"stream","code":"unsupported_value"}}"#,
            Streaming,
        ),
        (
            r#"{"error":{"message":"Unrecognized request argument supplied: stream_options","type":"invalid_request_error","param":null}}"#,
            Streaming,
        ),
        (
            r#"{"error":{"message":"Unknown parameter: 'seed'.","param":"seed","code":"unknown_parameter"}}"#,
            Seed,
        ),
        // Anthropic
        (
            r#"{"type":"error","error":{"type":"invalid_request_error","message":"`temperature` is deprecated for this model."}}"#,
            Temperature,
        ),
        (
            r#"{"type":"error","error":{"type":"invalid_request_error","message":"'temperature' is deprecated for this model."}}"#,
            Temperature,
        ),
        (
            r#"{"type":"error","error":{"type":"invalid_request_error","message":"temperature is deprecated for this model."}}"#,
            Temperature,
        ),
        (
            r#"{"type":"error","error":{"type":"invalid_request_error","message":"`temperature` may only be set to 1 when thinking is enabled."}}"#,
            Temperature,
        ),
        (
            r#"{"type":"error","error":{"type":"invalid_request_error","message":"max_tokens: 200000 > 64000, which is the maximum allowed number of output tokens for claude-x"}}"#,
            MaxOutputTokens,
        ),
        (
            r#"{"type":"error","error":{"type":"invalid_request_error","message":"seed: Extra inputs are not permitted"}}"#,
            Seed,
        ),
        (
            r#"{"type":"error","error":{"type":"invalid_request_error","message":"output_config.format: Extra inputs are not permitted"}}"#,
            JsonSchema,
        ),
        (
            r#"{"type":"error","error":{"type":"invalid_request_error","message":"adaptive thinking is not supported on this model"}}"#,
            Effort,
        ),
        // Gemini
        (
            r#"{"error":{"code":400,"message":"Invalid JSON payload received. Unknown name \"seed\" at 'generation_config': Cannot find field.","status":"INVALID_ARGUMENT","details":[{"@type":"type.googleapis.com/google.rpc.BadRequest","fieldViolations":[{"field":"generation_config","description":"Unknown name \"seed\" at 'generation_config': Cannot find field."}]}]}}"#,
            Seed,
        ),
        (
            r#"{"error":{"code":400,"message":"Thinking level is not supported for this model.","status":"INVALID_ARGUMENT"}}"#,
            Effort,
        ),
        (
            r#"{"error":{"code":400,"message":"Budget 0 is invalid. This model only works in thinking mode.","status":"INVALID_ARGUMENT"}}"#,
            Effort,
        ),
        (
            r#"{"error":{"code":400,"message":"JSON mode is not enabled for models/gemma-3-27b-it","status":"INVALID_ARGUMENT"}}"#,
            JsonSchema,
        ),
        // Mistral
        (
            r#"{"object":"error","message":{"detail":[{"type":"extra_forbidden","loc":["body","seed"],"msg":"Extra inputs are not permitted","input":1}]},"type":"invalid_request_error","param":null,"code":null}"#,
            Seed,
        ),
        (
            r#"{"detail":[{"type":"extra_forbidden","loc":["body","stream_options"],"msg":"Extra inputs are not permitted"}]}"#,
            Streaming,
        ),
        // Groq, vLLM, Ollama, OpenRouter
        (
            r#"{"error":{"message":"This model does not support response format `json_schema`.","type":"invalid_request_error"}}"#,
            JsonSchema,
        ),
        (
            r#"{"object":"error","message":"[{'type': 'extra_forbidden', 'loc': ('body', 'seed'), 'msg': 'Extra inputs are not permitted'}]","type":"BadRequestError","param":null,"code":400}"#,
            Seed,
        ),
        (
            r#"{"object":"error","message":"'max_tokens' or 'max_completion_tokens' is too large: 9000. This model's maximum context length is 8192 tokens","type":"BadRequestError","param":null,"code":400}"#,
            MaxOutputTokens,
        ),
        (r#"{"error":"\"gemma3:4b\" does not support thinking"}"#, Effort),
        (r#"{"error":"unknown field \"num_ctx\""}"#, ContextTokens),
        (
            r#"{"error":{"message":"Provider returned error","code":400,"metadata":{"raw":"{\"error\":{\"message\":\"Unsupported parameter: 'temperature'\",\"param\":\"temperature\"}}","provider_name":"OpenAI"}}}"#,
            Temperature,
        ),
    ] {
        assert_eq!(of(400, body), Some(expected), "{body}");
        assert_eq!(of(422, body), Some(expected), "{body}");
        assert_eq!(of(500, body), None, "{body}");
    }
}

#[test]
fn a_quotation_from_the_question_is_no_setting() {
    for body in [
        r#"{"error":{"message":"Invalid value: 'A temperature of 39 °C is not supported by the history'","param":"messages[0].content","code":"invalid_value"}}"#,
        r#"{"error":{"message":"Could not parse: the patient's temperature is not supported by the chart"}}"#,
        r#"{"error":{"message":"The stool test for sesame seed is not supported"}}"#,
        r#"{"error":{"message":"'temperature' is not supported","param":"messages.0.content"}}"#,
        r#"{"error":{"message":"messages: thinking blocks do not match"}}"#,
        r#"{"error":{"message":"This model's maximum context length is 8192 tokens. However, you requested 9000 tokens (1000 in the messages, 8000 in the completion).","param":"max_tokens","code":"context_length_exceeded"}}"#,
        r#"{"error":{"message":"Invalid 'max_output_tokens': integer below minimum value. Expected a value >= 16, but got 5 instead.","param":"max_output_tokens","code":"integer_below_min_value"}}"#,
        r#"{"error":{"message":"Invalid model: 'stream-1'","param":"model"}}"#,
        r#"{"error":{"message":"bad request"}}"#,
        "",
    ] {
        assert_eq!(of(400, body), None, "{body}");
    }
}
