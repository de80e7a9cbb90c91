//! Tests of the provider's protocols: what a page of another origin gets from each, whole and in pieces, and with what
//! is wrong.

use std::time::Duration;

use serde_json::{Value, json};
use viva_e2e::browser::Page;
use viva_e2e::provider::{Examinee, Fault, Profile, Provider, Received, Rule, Script, Wait, When};
use viva_e2e::questions::{Question, synthetic};
use viva_e2e::{Error, Result, run};

use crate::open;
use crate::provider::prompt;

const KEY: &str = "sk-right-0123456789";

/// One way to put a question.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Wire {
    Chat,
    Responses,
    Anthropic,
    Gemini,
    Cohere,
    Ollama,
}

/// Every provider with each protocol that it speaks.
fn all() -> Vec<(Profile, Wire)> {
    let mut all =
        vec![(Profile::Reflective, Wire::Responses), (Profile::Ollama(vec![]), Wire::Ollama)];
    all.extend(Profile::all().into_iter().map(|profile| {
        let wire = match profile {
            Profile::Anthropic { .. } => Wire::Anthropic,
            Profile::Gemini => Wire::Gemini,
            Profile::Cohere => Wire::Cohere,
            _ => Wire::Chat,
        };
        (profile, wire)
    }));
    all
}

/// How a call is told to come in pieces.
#[derive(Clone, Copy, PartialEq)]
enum Form {
    Whole,
    Streamed,
}

fn call(
    provider: &Provider,
    profile: &Profile,
    wire: Wire,
    model: &str,
    form: Form,
    question: &Question,
) -> (String, Value, Vec<(&'static str, String)>) {
    let messages = json!([{"role": "user", "content": prompt(question)}]);
    let base = provider.base_url();
    let streams = form == Form::Streamed;
    let (address, body) = match wire {
        Wire::Chat => {
            let mut body = json!({"model": model, "messages": messages, "stream": streams});
            if streams && *profile != Profile::Mistral {
                body["stream_options"] = json!({"include_usage": true});
            }
            (format!("{base}/chat/completions"), body)
        }
        Wire::Responses => (
            format!("{base}/responses"),
            json!({"model": model, "input": messages, "stream": streams, "store": false}),
        ),
        Wire::Anthropic => (
            format!("{base}/messages"),
            json!({"model": model, "messages": messages, "max_tokens": 1000, "stream": streams}),
        ),
        Wire::Gemini => {
            let verb = if streams { "streamGenerateContent?alt=sse" } else { "generateContent" };
            let contents = json!([{"role": "user", "parts": [{"text": prompt(question)}]}]);
            let config = json!({"thinkingConfig": {"includeThoughts": true}});
            (
                format!("{base}/models/{model}:{verb}"),
                json!({"contents": contents, "generationConfig": config}),
            )
        }
        Wire::Cohere => (
            format!("{base}/chat"),
            json!({"model": model, "messages": messages, "stream": streams}),
        ),
        Wire::Ollama => (
            format!("{}/api/chat", provider.origin()),
            json!({"model": model, "messages": messages, "stream": streams, "options": {"num_ctx": 8192}}),
        ),
    };
    let auth = match wire {
        Wire::Anthropic => vec![
            ("x-api-key", KEY.to_owned()),
            ("anthropic-version", "2023-06-01".to_owned()),
            ("anthropic-dangerous-direct-browser-access", "true".to_owned()),
        ],
        Wire::Gemini => vec![("x-goog-api-key", KEY.to_owned())],
        _ if *profile == Profile::Azure => vec![("api-key", KEY.to_owned())],
        _ => vec![("authorization", format!("Bearer {KEY}"))],
    };
    (address, body, auth)
}

/// Sends from within the page, and reads piece by piece. Gives `{status, type, body, bytes, cut}` or `{error, body}`; `cut`
/// tells whether a piece ended within a character, and `error` is the name of what went wrong.
pub(crate) async fn send(
    page: &Page,
    address: &str,
    body: &Value,
    headers: &[(&str, String)],
) -> Result<Value> {
    send_within(page, address, body, headers, 10_000).await
}

async fn send_within(
    page: &Page,
    address: &str,
    body: &Value,
    headers: &[(&str, String)],
    limit_millis: u32,
) -> Result<Value> {
    let headers: serde_json::Map<String, Value> =
        headers.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
    let headers = Value::Object(headers);
    page.eval(&format!(
        "(async () => {{
            let text = '', bytes = 0, cut = false;
            try {{
                const answer = await fetch('{address}', {{
                    method: 'POST', body: JSON.stringify({body}), credentials: 'omit', redirect: 'error',
                    referrerPolicy: 'no-referrer', headers: {{ 'content-type': 'application/json', ...{headers} }},
                    signal: AbortSignal.timeout({limit_millis}),
                }});
                const reader = answer.body.getReader();
                const decoder = new TextDecoder();
                for (;;) {{
                    const {{ done, value }} = await reader.read();
                    if (done) break;
                    bytes += value.length;
                    try {{ new TextDecoder('utf-8', {{ fatal: true }}).decode(value); }} catch {{ cut = true; }}
                    text += decoder.decode(value, {{ stream: true }});
                }}
                return {{ status: answer.status, type: answer.headers.get('content-type'),
                    wait: answer.headers.get('retry-after'), body: text, bytes, cut }};
            }} catch (error) {{ return {{ error: error.name, body: text }}; }}
        }})()"
    ))
    .await
}

fn text(answer: &Value) -> &str {
    answer["body"].as_str().unwrap_or_default()
}

/// The last call, with what the page says that it received compared with what the provider says that it sent.
fn last_call(provider: &Provider, answer: &Value) -> Result<Received> {
    let call = provider.calls().pop().ok_or_else(|| Error::new("no call arrived"))?;
    if let Some(n_bytes) = answer["bytes"].as_u64() {
        assert_eq!(n_bytes, call.n_bytes_out, "{call:?}");
        assert_eq!(answer["status"].as_u64(), call.status.map(u64::from));
    }
    Ok(call)
}

#[test]
fn each_protocol_answers_a_page_whole_and_in_pieces() {
    run(async {
        let questions = synthetic(1, 4, 1);
        let (_site, page) = open("").await?;
        for (profile, wire) in all() {
            let script = Script::new(&questions, 9).model(Examinee::new("m", 1.0).thinks());
            let provider = Provider::start(profile.clone(), script.key(KEY)).await?;
            for form in [Form::Whole, Form::Streamed] {
                let (address, body, headers) =
                    call(&provider, &profile, wire, "m", form, &questions[0]);
                let answer = send(&page, &address, &body, &headers).await?;
                let told = format!("{profile:?} {wire:?}: {answer}");
                assert_eq!(answer["status"], 200, "{told}");
                let call = last_call(&provider, &answer)?;
                assert_eq!(call.unlisted, Vec::<String>::new(), "{told}");
                assert_eq!(call.n_bytes_in, body.to_string().len() as u64, "{told}");
                assert_eq!(call.is_streamed, form == Form::Streamed, "{told}");
                let usage = call.usage.unwrap();
                assert!(usage.reasoning > 0 && usage.output > usage.reasoning, "{told}");
                let output = match wire {
                    Wire::Gemini => usage.output - usage.reasoning,
                    _ => usage.output,
                };
                assert!(text(&answer).contains(&format!(":{output}")), "no usage: {told}");
                if form == Form::Streamed {
                    let kind = if wire == Wire::Ollama {
                        "application/x-ndjson"
                    } else {
                        "text/event-stream"
                    };
                    assert_eq!(answer["type"], kind);
                }
            }
            assert_eq!(provider.paid().values().copied().collect::<Vec<_>>(), [2]);
        }
        Ok(())
    });
}

#[test]
fn thinking_comes_in_its_own_place_and_characters_are_cut() {
    run(async {
        let questions = synthetic(1, 4, 1);
        let (_site, page) = open("").await?;
        for (profile, wire, mark) in [
            (Profile::DeepSeek, Wire::Chat, r#""reasoning_content":""#),
            (Profile::Groq, Wire::Chat, r#""reasoning":""#),
            (Profile::Mistral, Wire::Chat, r#""type":"thinking""#),
            (Profile::Reflective, Wire::Responses, "response.reasoning_summary_text.delta"),
            (Profile::Anthropic { allows_pages: true }, Wire::Anthropic, "thinking_delta"),
            (Profile::Gemini, Wire::Gemini, r#""thought":true"#),
            (Profile::Cohere, Wire::Cohere, r#""thinking":""#),
            (Profile::Ollama(vec![]), Wire::Ollama, r#""thinking":""#),
        ] {
            let script = Script::new(&questions, 9).model(Examinee::new("m", 1.0).thinks());
            let script = script.stream_pause(Duration::from_millis(30));
            let provider = Provider::start(profile.clone(), script).await?;
            let (address, body, headers) =
                call(&provider, &profile, wire, "m", Form::Streamed, &questions[0]);
            // A busy browser may join pieces that came close together.
            let mut was_cut = false;
            for _ in 0..5 {
                let answer = send(&page, &address, &body, &headers).await?;
                assert!(text(&answer).contains(mark), "{profile:?}: {answer}");
                was_cut |= answer["cut"] == true;
                if was_cut {
                    break;
                }
            }
            assert!(was_cut, "{profile:?}");
        }
        Ok(())
    });
}

#[test]
fn a_wrong_key_is_told_in_each_providers_words_or_hidden() {
    run(async {
        let questions = synthetic(1, 4, 1);
        let (_site, page) = open("").await?;
        for (profile, wire) in all() {
            let script = Script::new(&questions, 9).model(Examinee::new("m", 1.0));
            let provider = Provider::start(profile.clone(), script.key("sk-another")).await?;
            let (address, body, headers) =
                call(&provider, &profile, wire, "m", Form::Whole, &questions[0]);
            let answer = send(&page, &address, &body, &headers).await?;
            let hidden = matches!(profile, Profile::Reflective | Profile::Cerebras);
            if hidden {
                assert_eq!(answer["error"], "TypeError", "{profile:?}: {answer}");
            } else {
                let status = match profile {
                    Profile::Gemini | Profile::Xai => 400,
                    _ => 401,
                };
                assert_eq!(answer["status"], status, "{profile:?}: {answer}");
                assert!(!text(&answer).contains(KEY), "{answer}");
            }
            last_call(&provider, &answer)?;
        }
        Ok(())
    });
}

#[test]
fn anthropic_wants_pages_to_say_that_they_are_pages() {
    run(async {
        let questions = synthetic(1, 4, 1);
        let (_site, page) = open("").await?;
        let script = || Script::new(&questions, 9).key(KEY).model(Examinee::new("m", 1.0));
        let profile = Profile::Anthropic { allows_pages: true };
        let provider = Provider::start(profile.clone(), script()).await?;
        let (address, body, mut headers) =
            call(&provider, &profile, Wire::Anthropic, "m", Form::Whole, &questions[0]);
        let browser_header = headers.pop();
        let answer = send(&page, &address, &body, &headers).await?;
        assert_eq!(answer["status"], 401);
        assert!(
            text(&answer).contains(
                "CORS requests must set 'anthropic-dangerous-direct-browser-access' header"
            )
        );
        headers.extend(browser_header);
        let mut short = body.clone();
        short.as_object_mut().unwrap().remove("max_tokens");
        let answer = send(&page, &address, &short, &headers).await?;
        assert!(text(&answer).contains("max_tokens: Field required"), "{answer}");
        // Batches and files answer no preflight.
        for path in ["messages/batches", "files"] {
            let address = format!("{}/{path}", provider.base_url());
            assert_eq!(send(&page, &address, &body, &headers).await?["error"], "TypeError");
        }
        assert_eq!(provider.preflights().last().unwrap().status, 405);
        let closed = Provider::start(Profile::Anthropic { allows_pages: false }, script()).await?;
        let address = format!("{}/messages", closed.base_url());
        let answer = send(&page, &address, &body, &headers).await?;
        assert_eq!(answer["status"], 401);
        assert!(text(&answer).contains("CORS requests are not allowed for this Organization"));
        Ok(())
    });
}

#[test]
fn a_header_too_many_kills_the_request_where_the_list_is_strict() {
    run(async {
        let questions = synthetic(1, 4, 1);
        let (_site, page) = open("").await?;
        for (profile, wire) in all() {
            let script = Script::new(&questions, 9).model(Examinee::new("m", 1.0));
            let provider = Provider::start(profile.clone(), script).await?;
            let (address, body, mut headers) =
                call(&provider, &profile, wire, "m", Form::Whole, &questions[0]);
            headers.push(("x-viva", "1".to_owned()));
            let answer = send(&page, &address, &body, &headers).await?;
            let strict = matches!(
                profile,
                Profile::AllowList
                    | Profile::Mistral
                    | Profile::Perplexity
                    | Profile::Fireworks
                    | Profile::Gemini
                    | Profile::Ollama(_)
            );
            if strict {
                assert_eq!(answer["error"], "TypeError", "{profile:?}: {answer}");
                assert!(provider.calls().is_empty());
                let status = provider.preflights()[0].status;
                assert_eq!(status == 403, profile == Profile::Gemini, "{profile:?}: {status}");
            } else {
                assert_eq!(answer["status"], 200, "{profile:?}: {answer}");
                assert_eq!(provider.calls()[0].unlisted, ["x-viva"]);
            }
        }
        Ok(())
    });
}

#[test]
fn waits_quotas_and_overload_are_told_in_each_providers_words() {
    run(async {
        let questions = synthetic(1, 4, 1);
        let (_site, page) = open("").await?;
        let wait = Fault::RateLimited(Wait::InBody(Duration::from_secs(46)));
        for (profile, wire, fault, status, word) in [
            (Profile::Gemini, Wire::Gemini, wait.clone(), 429, "Please retry in 46s"),
            (Profile::Gemini, Wire::Gemini, wait.clone(), 429, r#""retryDelay":"46s""#),
            (Profile::Gemini, Wire::Gemini, Fault::InsufficientQuota, 429, "limit: 0"),
            (Profile::Gemini, Wire::Gemini, Fault::Status(503), 503, "UNAVAILABLE"),
            (Profile::Mistral, Wire::Chat, wait.clone(), 429, r#""object":"error""#),
            (Profile::Azure, Wire::Chat, wait.clone(), 429, "retry after 46 seconds"),
            (Profile::Groq, Wire::Chat, wait.clone(), 429, "Please try again in 46s"),
            (Profile::Ollama(vec![]), Wire::Ollama, wait, 429, r#"{"error":"Rate"#),
            (Profile::AllowList, Wire::Chat, Fault::InsufficientQuota, 402, "Insufficient credits"),
            (Profile::DeepSeek, Wire::Chat, Fault::InsufficientQuota, 402, "Insufficient Balance"),
            (Profile::Reflective, Wire::Chat, Fault::TooLong, 400, "context_length_exceeded"),
            (
                Profile::Anthropic { allows_pages: true },
                Wire::Anthropic,
                Fault::Status(529),
                529,
                "overloaded_error",
            ),
        ] {
            let script = Script::new(&questions, 9).model(Examinee::new("m", 1.0));
            let script = script.fault(Rule::new(When::Always, fault));
            let provider = Provider::start(profile.clone(), script).await?;
            let (address, body, headers) =
                call(&provider, &profile, wire, "m", Form::Whole, &questions[0]);
            let answer = send(&page, &address, &body, &headers).await?;
            assert_eq!(answer["status"], status, "{profile:?}: {answer}");
            assert!(text(&answer).contains(word), "{profile:?}: {answer}");
            assert!(provider.paid().is_empty());
        }
        let script = Script::new(&questions, 9).model(Examinee::new("m", 1.0));
        let hidden = Wait::HiddenHeader(Duration::from_secs(7));
        let script = script.fault(Rule::new(When::Always, Fault::RateLimited(hidden)));
        let azure = Provider::start(Profile::Azure, script).await?;
        let (address, body, headers) =
            call(&azure, &Profile::Azure, Wire::Chat, "m", Form::Whole, &questions[0]);
        assert_eq!(send(&page, &address, &body, &headers).await?["wait"], Value::Null);
        Ok(())
    });
}

#[test]
fn what_was_filtered_or_is_empty_looks_as_each_protocol_has_it() {
    run(async {
        let questions = synthetic(1, 4, 1);
        let (_site, page) = open("").await?;
        for (profile, wire, mark) in [
            (Profile::Reflective, Wire::Chat, "content_filter"),
            (Profile::Reflective, Wire::Responses, "content_filter"),
            (Profile::Anthropic { allows_pages: true }, Wire::Anthropic, r#""refusal""#),
            (Profile::Gemini, Wire::Gemini, r#""blockReason":"SAFETY""#),
            (Profile::Azure, Wire::Chat, "content management"),
        ] {
            let model = Examinee::new("m", 1.0).filtered(1.0);
            let silent = Examinee::new("silent", 1.0).falls_silent(1.0);
            let script = Script::new(&questions, 9).model(model).model(silent);
            let provider = Provider::start(profile.clone(), script).await?;
            assert_eq!(provider.expected("m", &questions).filtered, 1);
            assert_eq!(provider.expected("silent", &questions).blank, 1);
            for form in [Form::Whole, Form::Streamed] {
                let (address, body, headers) =
                    call(&provider, &profile, wire, "m", form, &questions[0]);
                let answer = send(&page, &address, &body, &headers).await?;
                assert!(text(&answer).contains(mark), "{profile:?}: {answer}");
                assert!(!text(&answer).contains("candidates\""), "{answer}");
                let (address, body, headers) =
                    call(&provider, &profile, wire, "silent", form, &questions[0]);
                let answer = send(&page, &address, &body, &headers).await?;
                assert_eq!(answer["status"], 200, "{profile:?}: {answer}");
            }
        }
        Ok(())
    });
}

#[test]
fn settings_that_a_model_does_not_take_are_refused_as_the_real_ones_do() {
    run(async {
        let questions = synthetic(1, 4, 1);
        let (_site, page) = open("").await?;
        for (profile, wire, setting, words) in [
            (
                Profile::Reflective,
                Wire::Chat,
                json!({"temperature": 0}),
                "Unsupported parameter: 'temperature' is not supported with this model.",
            ),
            (Profile::Reflective, Wire::Chat, json!({"max_tokens": 9}), "max_completion_tokens"),
            (Profile::Reflective, Wire::Responses, json!({"seed": 1}), "Unknown parameter: 'seed'"),
            (
                Profile::Anthropic { allows_pages: true },
                Wire::Anthropic,
                json!({"temperature": 0}),
                "`temperature` is deprecated for this model.",
            ),
            (
                Profile::Anthropic { allows_pages: true },
                Wire::Anthropic,
                json!({"seed": 1}),
                "seed: Extra inputs are not permitted",
            ),
            (Profile::Mistral, Wire::Chat, json!({"seed": 1}), "extra_forbidden"),
            (
                Profile::Gemini,
                Wire::Gemini,
                json!({"generationConfig": {"temperature": 0}}),
                "INVALID_ARGUMENT",
            ),
        ] {
            let model = Examinee::new("m", 1.0);
            let model = model.refuses_setting("temperature").refuses_setting("max_tokens");
            let model = if wire == Wire::Anthropic {
                Examinee::new("m", 1.0).refuses_setting("temperature")
            } else {
                model
            };
            let provider =
                Provider::start(profile.clone(), Script::new(&questions, 9).model(model)).await?;
            let (address, mut body, headers) =
                call(&provider, &profile, wire, "m", Form::Whole, &questions[0]);
            let accepted = send(&page, &address, &body, &headers).await?;
            assert_eq!(accepted["status"], 200, "{profile:?}: {accepted}");
            for (name, value) in setting.as_object().unwrap() {
                body[name] = value.clone();
            }
            let refused = send(&page, &address, &body, &headers).await?;
            let status = if profile == Profile::Mistral { 422 } else { 400 };
            assert_eq!(refused["status"], status, "{profile:?}: {refused}");
            assert!(text(&refused).contains(words), "{refused}");
        }
        Ok(())
    });
}

#[test]
fn streams_break_in_every_way_in_every_protocol() {
    run(async {
        let questions = synthetic(1, 4, 1);
        let (_site, page) = open("").await?;
        for (profile, wire, end) in [
            (Profile::Reflective, Wire::Chat, "[DONE]"),
            (Profile::Reflective, Wire::Responses, "response.completed"),
            (Profile::Anthropic { allows_pages: true }, Wire::Anthropic, "message_stop"),
            (Profile::Gemini, Wire::Gemini, r#""finishReason":"STOP""#),
            (Profile::Mistral, Wire::Chat, "[DONE]"),
            (Profile::Cohere, Wire::Cohere, "COMPLETE"),
            (Profile::Ollama(vec![]), Wire::Ollama, r#""done":true"#),
        ] {
            let script = Script::new(&questions, 9).model(Examinee::new("m", 1.0).thinks());
            let provider = Provider::start(profile.clone(), script).await?;
            let (address, body, headers) =
                call(&provider, &profile, wire, "m", Form::Streamed, &questions[0]);
            let whole = send(&page, &address, &body, &headers).await?;
            assert!(text(&whole).contains(end), "{whole}");
            let fault = async |fault: Fault| {
                provider.set_faults([Rule::new(When::Always, fault)]);
                let answer = send(&page, &address, &body, &headers).await?;
                last_call(&provider, &answer)?;
                Result::<Value>::Ok(answer)
            };
            for silent in [Fault::TruncatedBody, Fault::WithoutEnd] {
                let answer = fault(silent.clone()).await?;
                assert_eq!(answer["status"], 200, "{silent:?}: {answer}");
                let is_shorter = answer["bytes"].as_u64() < whole["bytes"].as_u64();
                assert!(
                    is_shorter && !text(&answer).contains(end),
                    "{wire:?} {silent:?}: {answer}"
                );
            }
            let error = fault(Fault::ErrorIn200).await?;
            assert!(!text(&error).contains(end), "{error}");
            assert!(text(&error).to_lowercase().contains("error"), "{wire:?}: {error}");
            let broken = fault(Fault::MalformedJson).await?;
            assert!(text(&broken).contains(r#""index": 0, }"#), "{wire:?}: {broken}");
            assert!(text(&broken).contains(end), "{wire:?}: {broken}");
            assert_eq!(fault(Fault::EmptyBody).await?["bytes"], 0);
            assert_eq!(fault(Fault::ResetMidBody).await?["error"], "TypeError", "{wire:?}");
            // What came before it stopped has arrived by then.
            provider.set_faults([Rule::new(When::Always, Fault::StallMidBody)]);
            let stalled = send_within(&page, &address, &body, &headers, 1500).await?;
            assert_eq!(stalled["error"], "TimeoutError", "{wire:?}");
            assert!(!text(&stalled).is_empty() && !text(&stalled).contains(end), "{stalled}");
            assert_eq!(provider.paid().values().sum::<usize>(), 1, "only the first was whole");
        }
        Ok(())
    });
}

#[test]
fn models_are_listed_where_the_provider_lists_them() {
    run(async {
        let questions = synthetic(1, 4, 1);
        let (_site, page) = open("").await?;
        for (profile, wire) in all() {
            let script = Script::new(&questions, 9).key(KEY).model(Examinee::new("model-m", 1.0));
            let provider = Provider::start(profile.clone(), script).await?;
            let (_, _, headers) = call(&provider, &profile, wire, "m", Form::Whole, &questions[0]);
            let headers: serde_json::Map<String, Value> =
                headers.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
            let address = match (&profile, wire) {
                (_, Wire::Ollama) => format!("{}/api/tags", provider.origin()),
                (Profile::Cohere, _) => format!("{}/v1/models", provider.origin()),
                _ => format!("{}/models", provider.base_url()),
            };
            let headers = Value::Object(headers);
            let list = page
                .eval_text(&format!(
                    "fetch('{address}', {{ headers: {headers} }}).then(answer => answer.text(), error => error.name)"
                ))
                .await?;
            let is_listed = profile != Profile::Perplexity;
            assert_eq!(list.contains("model-m"), is_listed, "{profile:?}: {list}");
        }
        Ok(())
    });
}

#[test]
fn tokens_and_cost_add_up_to_what_was_told() {
    run(async {
        let questions = synthetic(5, 4, 1);
        let (_site, page) = open("").await?;
        let script = Script::new(&questions, 9).model(Examinee::new("m", 0.5));
        let provider = Provider::start(Profile::AllowList, script).await?;
        let (mut n_input, mut n_output, mut cost) = (0, 0, 0.0);
        for question in &questions {
            let (address, body, headers) =
                call(&provider, &Profile::AllowList, Wire::Chat, "m", Form::Whole, question);
            let answer = send(&page, &address, &body, &headers).await?;
            let told: Value = serde_json::from_str(text(&answer))?;
            n_input += told["usage"]["prompt_tokens"].as_u64().unwrap();
            n_output += told["usage"]["completion_tokens"].as_u64().unwrap();
            cost += told["usage"]["cost"].as_f64().unwrap();
        }
        let used = provider.used("m");
        assert_eq!((used.input, used.output), (n_input, n_output));
        assert!((cost * 1e6 - used.cost_micros() as f64).abs() < 0.01);
        Ok(())
    });
}
