//! Tests of the provider's batches, as a page hands them in and fetches them.

use serde_json::{Value, json};
use viva_e2e::browser::Page;
use viva_e2e::provider::{Ending, Examinee, Fault, Profile, Provider, Rule, Script, When};
use viva_e2e::questions::{Question, synthetic};
use viva_e2e::{Result, run};

use crate::open;
use crate::protocols::send;
use crate::provider::{prompt, request};

fn script(questions: &[Question]) -> Script {
    let third = When::Question(questions[2].id.clone());
    Script::new(questions, 9)
        .model(Examinee::new("good", 1.0))
        .fault(Rule::new(third, Fault::Status(500)))
}

async fn get(page: &Page, address: &str) -> Result<Value> {
    let text = page.eval_text(&format!("fetch('{address}').then(answer => answer.text())")).await?;
    Ok(serde_json::from_str(&text).unwrap_or(Value::String(text)))
}

fn body(answer: &Value) -> Value {
    serde_json::from_str(answer["body"].as_str().unwrap_or_default()).unwrap_or_default()
}

/// Custom ids and statuses in the lines of a file. One line alone is read as an object already.
fn lines(file: &Value) -> Vec<(String, u64)> {
    let lines = file.as_str().map(str::lines).into_iter().flatten();
    let lines = lines.filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let single = file.is_object().then(|| file.clone());
    let told = lines.chain(single).map(|line| {
        let id = line["custom_id"].as_str().unwrap_or_default().to_owned();
        (id, line["response"]["status_code"].as_u64().unwrap_or_default())
    });
    told.collect()
}

#[test]
fn openai_takes_a_file_and_gives_two_back() {
    run(async {
        let questions = synthetic(5, 4, 1);
        let provider = Provider::start(Profile::Reflective, script(&questions)).await?;
        let (_site, page) = open("").await?;
        let items: String = questions
            .iter()
            .map(|question| {
                json!({
                    "custom_id": question.id, "method": "POST", "url": "/v1/chat/completions", "body": request(question),
                })
                .to_string()
                    + "\n"
            })
            .collect();
        let items = serde_json::to_string(&items)?;
        let base = provider.base_url();
        let uploaded = page
            .eval(&format!(
                "(() => {{
                    const form = new FormData();
                    form.append('purpose', 'batch');
                    form.append('file', new Blob([{items}], {{ type: 'application/jsonl' }}), 'batch.jsonl');
                    return fetch('{base}/files', {{ method: 'POST', body: form }}).then(answer => answer.json());
                }})()"
            ))
            .await?;
        let begin = json!({
            "input_file_id": uploaded["id"], "endpoint": "/v1/chat/completions", "completion_window": "24h",
            "metadata": {"run": "r1"},
        });
        let batch = body(&send(&page, &format!("{base}/batches"), &begin, &[]).await?);
        assert_eq!(batch["status"], "validating", "{batch}");
        let address = format!("{base}/batches/{}", batch["id"].as_str().unwrap());
        provider.hold_batches();
        for _ in 0..5 {
            assert_eq!(get(&page, &address).await?["status"], "in_progress");
        }
        provider.release_batches();
        assert_eq!(get(&page, &address).await?["status"], "in_progress");
        let done = get(&page, &address).await?;
        assert_eq!(done["status"], "completed", "{done}");
        assert_eq!(done["request_counts"], json!({"total": 5, "completed": 4, "failed": 1}));
        let file = async |id: &Value| {
            get(&page, &format!("{base}/files/{}/content", id.as_str().unwrap())).await
        };
        let good = lines(&file(&done["output_file_id"]).await?);
        let sent: Vec<&String> = questions
            .iter()
            .map(|question| &question.id)
            .filter(|id| **id != questions[2].id)
            .collect();
        let got: Vec<&String> = good.iter().map(|(id, _)| id).collect();
        assert_ne!(got, sent, "the answers come in another order");
        assert!(sent.iter().all(|id| got.contains(id)) && got.len() == 4);
        let bad = lines(&file(&done["error_file_id"]).await?);
        assert_eq!(bad, [(questions[2].id.clone(), 500)]);
        assert_eq!(provider.paid().len(), 4);
        assert!(provider.batched().iter().all(|(_, _, ending)| *ending == Ending::Correct));
        Ok(())
    });
}

#[test]
fn gemini_takes_a_batch_inline_and_keeps_its_order() {
    run(async {
        let questions = synthetic(5, 4, 1);
        let provider = Provider::start(Profile::Gemini, script(&questions).batch_polls(1)).await?;
        let (_site, page) = open("").await?;
        let base = provider.base_url();
        let items: Vec<Value> = questions
            .iter()
            .map(|question| {
                let contents = json!([{"role": "user", "parts": [{"text": prompt(question)}]}]);
                json!({"request": {"contents": contents}, "metadata": {"key": question.id}})
            })
            .collect();
        let begin = json!({"batch": {"displayName": "r1", "inputConfig": {"requests": {"requests": items}}}});
        let address = format!("{base}/models/good:batchGenerateContent");
        let batch = body(&send(&page, &address, &begin, &[]).await?);
        assert_eq!(batch["metadata"]["state"], "BATCH_STATE_PENDING", "{batch}");
        let address = format!("{base}/{}", batch["name"].as_str().unwrap());
        assert_eq!(get(&page, &address).await?["metadata"]["state"], "BATCH_STATE_RUNNING");
        let done = get(&page, &address).await?;
        assert_eq!(done["metadata"]["state"], "BATCH_STATE_SUCCEEDED");
        let answers = done["response"]["inlinedResponses"]["inlinedResponses"].as_array().unwrap();
        let keys: Vec<&str> =
            answers.iter().map(|answer| answer["metadata"]["key"].as_str().unwrap()).collect();
        let ids: Vec<&str> = questions.iter().map(|question| question.id.as_str()).collect();
        assert_eq!(keys, ids);
        assert!(answers[2]["error"]["message"].is_string());
        assert!(answers[1]["response"]["candidates"][0]["content"]["parts"][0]["text"].is_string());
        let forgetful = script(&questions).batch_polls(0).forgets_batch_keys();
        let provider = Provider::start(Profile::Gemini, forgetful).await?;
        let base = provider.base_url();
        let address = format!("{base}/models/good:batchGenerateContent");
        let batch = body(&send(&page, &address, &begin, &[]).await?);
        let done = get(&page, &format!("{base}/{}", batch["name"].as_str().unwrap())).await?;
        let answers = &done["response"]["inlinedResponses"]["inlinedResponses"];
        assert_eq!((&answers[0]["metadata"], answers[4].is_object()), (&Value::Null, true));
        Ok(())
    });
}

#[test]
fn mistral_takes_a_batch_inline_and_gives_it_back_in_disorder() {
    run(async {
        let questions = synthetic(5, 4, 1);
        let provider = Provider::start(Profile::Mistral, script(&questions).batch_polls(0)).await?;
        let (_site, page) = open("").await?;
        let base = provider.base_url();
        let items: Vec<Value> = questions
            .iter()
            .map(|question| {
                let messages = json!([{"role": "user", "content": prompt(question)}]);
                json!({"custom_id": question.id, "body": {"messages": messages}})
            })
            .collect();
        let begin = json!({"requests": items, "endpoint": "/v1/chat/completions", "model": "good"});
        let job = body(&send(&page, &format!("{base}/batch/jobs"), &begin, &[]).await?);
        assert_eq!(job["status"], "QUEUED", "{job}");
        let address = format!("{base}/batch/jobs/{}", job["id"].as_str().unwrap());
        let brief = get(&page, &address).await?;
        assert_eq!((&brief["status"], &brief["outputs"]), (&json!("SUCCESS"), &Value::Null));
        let file = brief["output_file"].as_str().unwrap();
        let file = get(&page, &format!("{base}/files/{file}/content")).await?;
        assert_eq!(lines(&file).len(), 4);
        let done = get(&page, &format!("{address}?inline=true")).await?;
        assert_eq!((&done["succeeded_requests"], &done["failed_requests"]), (&json!(4), &json!(1)));
        let outputs = done["outputs"].as_array().unwrap();
        assert_eq!(outputs.len(), 5);
        assert_ne!(outputs[0]["custom_id"], questions[0].id.as_str());
        let failed = outputs.iter().filter(|line| line["response"]["status_code"] != 200);
        assert_eq!(failed.count(), 1);
        Ok(())
    });
}
