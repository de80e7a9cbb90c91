//! Tests of the scripted provider: what a page of another origin sees of it, and what it saw of the page.

use std::time::Duration;

use serde_json::Value;
use viva_e2e::browser::Page;
use viva_e2e::provider::{Examinee, Fault, Latency, Profile, Provider, Rule, Script, Wait, When};
use viva_e2e::questions::{Question, letter, synthetic};
use viva_e2e::{Result, run};

use crate::open;

const KEY: &str = "sk-right";

fn script(questions: &[Question]) -> Script {
    Script::new(questions, 9).model(Examinee::new("good", 0.8)).key(KEY)
}

pub(crate) fn prompt(question: &Question) -> String {
    let options = (0..).map(letter).zip(&question.options);
    let options: Vec<String> =
        options.map(|(letter, option)| format!("{letter}. {option}")).collect();
    format!("Question: {}\n\n{}\nEnd with \"Answer: X\".", question.text, options.join("\n"))
}

/// Asks from within the page. Gives `{status, body, type, wait}` or `{error}`.
async fn ask(
    page: &Page,
    provider: &Provider,
    key: &str,
    body: &Value,
    more: &str,
) -> Result<Value> {
    let address = format!("{}/chat/completions", provider.base_url());
    page.eval(&format!(
        "fetch('{address}', {{
            method: 'POST', body: JSON.stringify({body}),
            headers: {{ 'content-type': 'application/json', authorization: 'Bearer {key}', {more} }},
        }}).then(
            async answer => ({{
                status: answer.status, type: answer.headers.get('content-type'),
                wait: answer.headers.get('retry-after'), id: answer.headers.get('x-request-id'),
                body: await answer.text(),
            }}),
        ).catch(error => ({{ error: error.name }}))"
    ))
    .await
}

pub(crate) fn request(question: &Question) -> Value {
    serde_json::json!({"model": "good", "messages": [{"role": "user", "content": prompt(question)}]})
}

#[test]
fn answers_come_to_what_was_expected() {
    run(async {
        let questions = synthetic(60, 4, 1);
        let provider = Provider::start(Profile::Reflective, script(&questions)).await?;
        let (site, page) = open("").await?;
        let mut right = 0;
        for question in &questions {
            let answer = ask(&page, &provider, KEY, &request(question), "").await?;
            let body: Value = serde_json::from_str(answer["body"].as_str().unwrap())?;
            assert!(body["usage"]["prompt_tokens"].as_u64().unwrap() > 10);
            let text = body["choices"][0]["message"]["content"].as_str().unwrap();
            let named =
                text.chars().rev().find(|c| ('A'..='D').contains(c) && !text.ends_with("protocol"));
            let by_text =
                question.options.iter().position(|option| text.ends_with(option.as_str()));
            right += usize::from(
                by_text.map_or(named, |idx| Some(letter(idx))) == Some(question.letter()),
            );
        }
        let expected = provider.expected("good", &questions);
        assert_eq!(right, expected.correct);
        assert_eq!(expected.correct + expected.incorrect, 60);
        assert_eq!(provider.calls().len(), 60);
        assert!(provider.paid().values().all(|&times| times == 1));
        assert_eq!(provider.calls()[0].header("origin"), Some(site.origin().as_str()));
        Ok(())
    });
}

#[test]
fn an_unlisted_header_kills_the_request_under_an_allow_list() {
    run(async {
        let questions = synthetic(1, 4, 1);
        let provider = Provider::start(Profile::AllowList, script(&questions)).await?;
        let (_site, page) = open("").await?;
        let listed =
            ask(&page, &provider, KEY, &request(&questions[0]), "'X-Title': 'Viva'").await?;
        assert_eq!(listed["status"], 200);
        let unlisted = ask(&page, &provider, KEY, &request(&questions[0]), "'X-Viva': '1'").await?;
        assert_eq!(unlisted["error"], "TypeError");
        assert_eq!(provider.calls().len(), 1, "the second never arrived");
        let preflights = provider.preflights();
        assert!(
            preflights.last().unwrap().headers.contains(&"x-viva".to_owned()),
            "{preflights:?}"
        );
        // The same header is no obstacle where any is allowed.
        let reflective = Provider::start(Profile::Reflective, script(&questions)).await?;
        let answer = ask(&page, &reflective, KEY, &request(&questions[0]), "'X-Viva': '1'").await?;
        assert_eq!(answer["status"], 200);
        Ok(())
    });
}

#[test]
fn a_wrong_key_is_a_type_error_under_reflective_and_a_401_elsewhere() {
    run(async {
        let questions = synthetic(1, 4, 1);
        let (_site, page) = open("").await?;
        for (profile, visible) in
            [(Profile::Reflective, false), (Profile::AllowList, true), (Profile::Wildcard, true)]
        {
            let provider = Provider::start(profile, script(&questions)).await?;
            let answer = ask(&page, &provider, "sk-wrong", &request(&questions[0]), "").await?;
            if visible {
                assert_eq!(answer["status"], 401);
            } else {
                assert_eq!(answer["error"], "TypeError");
            }
            assert_eq!(provider.calls()[0].status, Some(401));
        }
        Ok(())
    });
}

#[test]
fn an_unknown_model_and_a_wrong_path_are_type_errors_under_reflective() {
    run(async {
        let questions = synthetic(1, 4, 1);
        let provider = Provider::start(Profile::Reflective, script(&questions)).await?;
        let (_site, page) = open("").await?;
        let mut body = request(&questions[0]);
        body["model"] = "absent".into();
        assert_eq!(ask(&page, &provider, KEY, &body, "").await?["error"], "TypeError");
        let path = format!("fetch('{}/wrong').catch(error => error.name)", provider.origin());
        assert_eq!(page.eval_text(&path).await?, "TypeError");
        assert!(
            provider
                .received()
                .iter()
                .all(|received| received.status == Some(404) || received.status == Some(401))
        );
        Ok(())
    });
}

#[test]
fn a_wait_is_read_from_the_body_or_an_exposed_header_and_never_from_a_hidden_one() {
    run(async {
        let questions = synthetic(1, 4, 1);
        let provider = Provider::start(Profile::Reflective, script(&questions)).await?;
        let (_site, page) = open("").await?;
        let wait = Duration::from_millis(2500);
        let mut answers = Vec::new();
        for wait in [Wait::InBody(wait), Wait::HiddenHeader(wait), Wait::ExposedHeader(wait)] {
            provider.set_faults([Rule::new(When::Always, Fault::RateLimited(wait))]);
            answers.push(ask(&page, &provider, KEY, &request(&questions[0]), "").await?);
        }
        assert!(answers.iter().all(|answer| answer["status"] == 429));
        assert!(answers[0]["body"].as_str().unwrap().contains("Please try again in 2.5s"));
        let waits: Vec<&Value> = answers.iter().map(|answer| &answer["wait"]).collect();
        assert_eq!(waits, [&Value::Null, &Value::Null, &Value::from("3")]);
        assert!(answers[0]["id"].is_string(), "X-Request-ID is exposed");
        Ok(())
    });
}

#[test]
fn ollama_and_lm_studio_keep_pages_out_until_told_otherwise() {
    run(async {
        let questions = synthetic(1, 4, 1);
        let open_script = Script::new(&questions, 1).model(Examinee::new("good", 1.0));
        let (site, page) = open("").await?;
        let from_elsewhere = site.url_as("viva.localhost");
        let origin = from_elsewhere.trim_end_matches('/').to_owned();
        let strict = Provider::start(Profile::Ollama(Vec::new()), open_script.clone()).await?;
        assert_eq!(ask(&page, &strict, "", &request(&questions[0]), "").await?["status"], 200);
        page.goto(&from_elsewhere).await?;
        assert_eq!(
            ask(&page, &strict, "", &request(&questions[0]), "").await?["error"],
            "TypeError"
        );
        assert_eq!(strict.preflights().last().unwrap().status, 403);
        let listed = Provider::start(Profile::Ollama(vec![origin]), open_script.clone()).await?;
        assert_eq!(ask(&page, &listed, "", &request(&questions[0]), "").await?["status"], 200);
        for cors in [false, true] {
            let studio = Provider::start(Profile::LmStudio { cors }, open_script.clone()).await?;
            let list =
                format!("fetch('{}/models').then(r => r.status, e => e.name)", studio.base_url());
            assert_eq!(page.eval_text(&list).await?, if cors { "200" } else { "TypeError" });
            assert_eq!(studio.received().len(), 1, "a simple request arrives all the same");
        }
        Ok(())
    });
}

#[test]
fn each_fault_reaches_the_page_as_it_would_from_a_real_provider() {
    run(async {
        let questions = synthetic(1, 4, 1);
        let provider = Provider::start(Profile::Reflective, script(&questions)).await?;
        let (_site, page) = open("").await?;
        let fault = async |fault: Fault| {
            provider.set_faults([Rule::new(When::Always, fault)]);
            ask(&page, &provider, KEY, &request(&questions[0]), "").await
        };
        let quota = fault(Fault::InsufficientQuota).await?;
        assert_eq!(quota["status"], 429);
        assert!(quota["body"].as_str().unwrap().contains("insufficient_quota"));
        for status in [500, 502, 503, 529] {
            assert_eq!(fault(Fault::Status(status)).await?["status"], status);
        }
        assert_eq!(fault(Fault::Status(502)).await?["type"], "text/html");
        for broken in [Fault::ResetBefore, Fault::ResetMidBody, Fault::Status(500).hidden()] {
            assert_eq!(fault(broken.clone()).await?["error"], "TypeError", "{broken:?}");
        }
        for unreadable in
            [Fault::TruncatedBody, Fault::MalformedJson, Fault::EmptyBody, Fault::WrongContentType]
        {
            let answer = fault(unreadable.clone()).await?;
            assert_eq!(answer["status"], 200);
            let body = answer["body"].as_str().unwrap();
            assert!(serde_json::from_str::<Value>(body).is_err(), "{unreadable:?}: {body}");
        }
        let inside: Value =
            serde_json::from_str(fault(Fault::ErrorIn200).await?["body"].as_str().unwrap())?;
        assert_eq!(inside["error"]["code"], 502);
        let none: Value =
            serde_json::from_str(fault(Fault::NoChoices).await?["body"].as_str().unwrap())?;
        assert_eq!(none["choices"], serde_json::json!([]));
        let null: Value =
            serde_json::from_str(fault(Fault::NullContent).await?["body"].as_str().unwrap())?;
        assert_eq!(null["choices"][0]["message"]["content"], Value::Null);
        assert!(provider.paid().is_empty(), "no whole answer was given: {:?}", provider.paid());
        Ok(())
    });
}

#[test]
fn a_stalled_call_waits_until_the_page_gives_up_which_is_noted() {
    run(async {
        let questions = synthetic(1, 4, 1);
        let (_site, page) = open("").await?;
        for stall in [Fault::Stall, Fault::StallMidBody] {
            let whole = stall == Fault::Stall;
            let stalled = script(&questions).fault(Rule::new(When::Always, stall));
            let provider = Provider::start(Profile::Reflective, stalled).await?;
            let address = format!("{}/chat/completions", provider.base_url());
            let body = request(&questions[0]);
            let ended = page
                .eval_text(&format!(
                    "fetch('{address}', {{ method: 'POST', body: JSON.stringify({body}), signal: AbortSignal.timeout(300),
                        headers: {{ 'content-type': 'application/json', authorization: 'Bearer {KEY}' }} }})
                        .then(answer => answer.text()).catch(error => error.name)"
                ))
                .await?;
            assert_eq!(ended, "TimeoutError");
            if whole {
                page.poll("the provider to notice", async || {
                    Ok(provider.calls()[0].aborted.then_some(()))
                })
                .await?;
            }
        }
        Ok(())
    });
}

#[test]
fn rules_apply_to_attempts_indices_and_times_and_calls_can_be_held() {
    run(async {
        let questions = synthetic(3, 4, 1);
        let first = Rule::new(When::FirstAttempts(1), Fault::Status(500));
        let provider = Provider::start(Profile::Wildcard, script(&questions).fault(first)).await?;
        let (_site, page) = open("").await?;
        for wanted in [500, 200, 200] {
            assert_eq!(
                ask(&page, &provider, KEY, &request(&questions[0]), "").await?["status"],
                wanted
            );
        }
        assert_eq!(ask(&page, &provider, KEY, &request(&questions[1]), "").await?["status"], 500);
        assert_eq!(provider.calls()[2].attempt, 3);
        provider.forget();
        provider.set_faults([Rule::new(When::Calls(1..2), Fault::Status(503))]);
        for wanted in [200, 503, 200] {
            assert_eq!(
                ask(&page, &provider, KEY, &request(&questions[0]), "").await?["status"],
                wanted
            );
        }
        provider.forget();
        provider.set_faults([]);
        provider.hold();
        let (one, other) = (request(&questions[0]), request(&questions[1]));
        let (answers, held) = tokio::join!(
            async {
                tokio::join!(
                    ask(&page, &provider, KEY, &one, ""),
                    ask(&page, &provider, KEY, &other, ""),
                )
            },
            async {
                provider.wait_calls(2).await?;
                let unanswered = provider.calls().iter().all(|call| call.status.is_none());
                provider.release();
                Result::<bool>::Ok(unanswered)
            }
        );
        assert!(held?);
        assert_eq!(
            (&answers.0?["status"], &answers.1?["status"]),
            (&Value::from(200), &Value::from(200))
        );
        assert_eq!(provider.peak(), 2);
        Ok(())
    });
}

#[test]
fn a_limit_of_calls_in_a_time_is_enforced_with_a_wait_that_helps() {
    run(async {
        let questions = synthetic(1, 4, 1);
        let limited = script(&questions).limit(2, Duration::from_millis(700));
        let provider = Provider::start(Profile::Reflective, limited).await?;
        let (_site, page) = open("").await?;
        let mut statuses = Vec::new();
        for _ in 0..3 {
            statuses.push(
                ask(&page, &provider, KEY, &request(&questions[0]), "").await?["status"].clone(),
            );
        }
        assert_eq!(statuses, [200, 200, 429]);
        tokio::time::sleep(Duration::from_millis(750)).await;
        assert_eq!(ask(&page, &provider, KEY, &request(&questions[0]), "").await?["status"], 200);
        Ok(())
    });
}

#[test]
fn latency_is_kept() {
    run(async {
        let questions = synthetic(1, 4, 1);
        let late = script(&questions).latency(Latency::Fixed(Duration::from_millis(200)));
        let provider = Provider::start(Profile::Reflective, late).await?;
        let (_site, page) = open("").await?;
        ask(&page, &provider, KEY, &request(&questions[0]), "").await?;
        let call = provider.calls().remove(0);
        assert!(call.ended.unwrap() >= call.at + Duration::from_millis(200));
        Ok(())
    });
}

#[test]
fn a_stream_arrives_event_by_event() {
    run(async {
        let questions = synthetic(1, 4, 1);
        let provider = Provider::start(Profile::Reflective, script(&questions)).await?;
        let (_site, page) = open("").await?;
        let mut body = request(&questions[0]);
        body["stream"] = true.into();
        body["stream_options"] = serde_json::json!({"include_usage": true});
        let answer = ask(&page, &provider, KEY, &body, "").await?;
        assert_eq!(answer["type"], "text/event-stream");
        let text = answer["body"].as_str().unwrap();
        assert!(text.ends_with("data: [DONE]\n\n") && text.contains("\"total_tokens\""), "{text}");
        Ok(())
    });
}
