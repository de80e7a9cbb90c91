//! Owns the batches: many questions handed in at once, looked at until they are done, and fetched.

use hyper::body::Bytes;
use serde_json::{Value, json};

use super::Desk;
use super::answer::{Answer, Content};
use super::dialect::Dialect;
use super::fault::{Fault, Wait};
use super::ledger::Usage;
use super::route::BatchKind;
use super::script::Ending;
use super::trouble::Trouble;

/// Questions that were handed in together.
#[derive(Debug, Clone)]
pub(super) struct Batch {
    kind: BatchKind,
    id: String,
    /// As sent, to give back what it said about itself.
    request: Value,
    items: Vec<Item>,
    n_polls: usize,
    is_stopped: bool,
}

/// One of them, with what comes of it.
#[derive(Debug, Clone)]
struct Item {
    key: String,
    status: u16,
    body: Value,
}

/// What was answered in full within batches: what was paid for.
#[derive(Debug, Clone)]
pub(super) struct Paid {
    pub(super) model: String,
    pub(super) question: Option<String>,
    pub(super) ending: Ending,
    pub(super) usage: Usage,
}

/// How far a batch is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Queued,
    Running,
    Done,
    Stopped,
}

impl Batch {
    fn stage(&self, n_polls: usize, is_held: bool) -> Stage {
        match self.n_polls {
            _ if self.is_stopped => Stage::Stopped,
            0 => Stage::Queued,
            n if is_held || n <= n_polls => Stage::Running,
            _ => Stage::Done,
        }
    }

    fn n_failed(&self) -> usize {
        self.items.iter().filter(|item| item.status != 200).count()
    }

    /// The items in another order than they came in, as all but Gemini give them back.
    fn shuffled(&self) -> impl Iterator<Item = &Item> {
        let middle = self.items.len() / 2;
        self.items[middle..].iter().chain(&self.items[..middle]).rev()
    }
}

impl Desk {
    fn no_such(&self) -> Answer {
        Answer::trouble(&self.profile, Dialect::Chat, &Trouble::NoRoute("batch".to_owned()))
    }

    /// Keeps the file in a form.
    pub(super) fn upload(&self, content_type: &str, body: &Bytes) -> Answer {
        let Some((file, purpose)) = form(content_type, &String::from_utf8_lossy(body)) else {
            return Answer::trouble(&self.profile, Dialect::Chat, &Trouble::Missing("file"));
        };
        if purpose != "batch" {
            return Answer::trouble(&self.profile, Dialect::Chat, &Trouble::Missing("purpose"));
        }
        let mut state = self.state();
        let id = format!("file-{:04}", state.files.len());
        let answer = json!({
            "id": id, "object": "file", "bytes": file.len(), "created_at": 1_790_000_000,
            "filename": "batch.jsonl", "purpose": purpose, "status": "processed",
        });
        state.files.insert(id, file);
        Answer::json(200, &answer)
    }

    /// Gives a file back.
    pub(super) fn file(&self, id: &str) -> Answer {
        match self.state().files.get(id) {
            Some(text) => Answer::of(200, "application/octet-stream", text.clone()),
            None => self.no_such(),
        }
    }

    /// Takes a batch in. What comes of each item is settled here, and told when the batch is done.
    pub(super) fn start_batch(
        &self,
        kind: BatchKind,
        model: Option<&str>,
        request: &Value,
    ) -> Answer {
        let Some(asked) = self.asked_in(kind, request) else {
            return Answer::trouble(&self.profile, Dialect::Chat, &Trouble::Missing("requests"));
        };
        let dialect = match kind {
            BatchKind::OpenAi if request["endpoint"] == "/v1/responses" => Dialect::Responses,
            BatchKind::OpenAi | BatchKind::Mistral => Dialect::Chat,
            BatchKind::Gemini => Dialect::Gemini,
            BatchKind::Anthropic => Dialect::Anthropic,
        };
        let model = model.or(request["model"].as_str());
        let items = asked.into_iter().map(|(key, body)| {
            let model = model.or(body["model"].as_str()).unwrap_or_default().to_owned();
            let (status, body) = self.settled(dialect, &model, &body);
            Item { key, status, body }
        });
        let items: Vec<Item> = items.collect();
        let mut state = self.state();
        let id = match kind {
            BatchKind::OpenAi => format!("batch_{:04}", state.batches.len()),
            BatchKind::Gemini | BatchKind::Mistral => format!("job-{:04}", state.batches.len()),
            BatchKind::Anthropic => format!("msgbatch_{:04}", state.batches.len()),
        };
        let batch = Batch {
            kind,
            id: id.clone(),
            request: request.clone(),
            items,
            n_polls: 0,
            is_stopped: false,
        };
        let answer = described(&batch, Stage::Queued);
        state.batches.insert(id, batch);
        Answer::json(200, &answer)
    }

    /// Tells how far a batch is; being looked at is what makes it go on.
    pub(super) fn look_at_batch(&self, kind: BatchKind, id: &str, query: &str) -> Answer {
        let is_held = *self.held_batches.borrow();
        let mut state = self.state();
        if let Some(id) = id.strip_suffix("/results") {
            let known = state.batches.get(id).filter(|batch| batch.kind == BatchKind::Anthropic);
            let done = known
                .filter(|batch| batch.stage(self.script.n_batch_polls, is_held) == Stage::Done);
            let results = done.map(anthropic_results);
            drop(state);
            return results.map_or_else(
                || self.no_such(),
                |text| Answer::of(200, "application/x-jsonlines", text),
            );
        }
        let Some(batch) = state.batches.get_mut(id).filter(|batch| batch.kind == kind) else {
            drop(state);
            return self.no_such();
        };
        if !is_held || batch.n_polls == 0 {
            batch.n_polls += 1;
        }
        let reached = batch.stage(self.script.n_batch_polls, is_held);
        let batch = batch.clone();
        if reached == Stage::Done {
            for (name, text) in files_of(&batch) {
                state.files.insert(name, text);
            }
        }
        let mut told = described(&batch, reached);
        let wants_inline = query.split('&').any(|pair| pair == "inline=true");
        if kind == BatchKind::Mistral && !wants_inline {
            told["outputs"] = Value::Null;
        }
        if kind == BatchKind::Gemini && self.script.forgets_batch_keys {
            forget_keys(&mut told["response"]["inlinedResponses"]["inlinedResponses"]);
            let output = &mut told["metadata"]["output"];
            forget_keys(&mut output["inlinedResponses"]["inlinedResponses"]);
        }
        Answer::json(200, &told)
    }

    /// Stops a batch that is not done.
    pub(super) fn stop_batch(&self, kind: BatchKind, id: &str) -> Answer {
        let mut state = self.state();
        let Some(batch) = state.batches.get_mut(id).filter(|batch| batch.kind == kind) else {
            drop(state);
            return self.no_such();
        };
        batch.is_stopped = true;
        Answer::json(200, &described(batch, Stage::Stopped))
    }

    /// The items of a batch as they were handed in: key and body.
    fn asked_in(&self, kind: BatchKind, request: &Value) -> Option<Vec<(String, Value)>> {
        let key = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let lines = |id: &Value, key_field: &str, body_field: &str| {
            let state = self.state();
            let file = state.files.get(id.as_str()?)?;
            let lines = file.lines().filter(|line| !line.trim().is_empty());
            let lines: Option<Vec<Value>> =
                lines.map(|line| serde_json::from_str(line).ok()).collect();
            let items = lines?.into_iter().map(|mut line| {
                (line[key_field].as_str().unwrap_or_default().to_owned(), line[body_field].take())
            });
            Some(items.collect())
        };
        let inline = |list: &Value, body_field: &str| {
            let items = list.as_array()?.iter();
            Some(items.map(|item| (key(&item["custom_id"]), item[body_field].clone())).collect())
        };
        match kind {
            BatchKind::OpenAi => lines(&request["input_file_id"], "custom_id", "body"),
            BatchKind::Mistral => inline(&request["requests"], "body")
                .or_else(|| lines(&request["input_files"][0], "custom_id", "body")),
            BatchKind::Anthropic => inline(&request["requests"], "params"),
            BatchKind::Gemini => {
                let list = &request["batch"]["inputConfig"]["requests"]["requests"];
                let items = list.as_array()?.iter();
                let items =
                    items.map(|item| (key(&item["metadata"]["key"]), item["request"].clone()));
                Some(items.collect())
            }
        }
    }

    /// What comes of one item: the same as of a call, faults with a status included.
    fn settled(&self, dialect: Dialect, model: &str, body: &Value) -> (u16, Value) {
        let told = |trouble: &Trouble| trouble.told(&self.profile);
        let Some(examinee) = self.examinee(model) else {
            return told(&Trouble::NoModel(model.to_owned()));
        };
        if let Some(wrong) = super::settings::refusal(&self.profile, dialect, body, examinee) {
            return told(&wrong);
        }
        let asked = dialect.read(body, Some(false));
        let question = self.question(&asked.prompt);
        let question_id = question.map_or("", |question| &question.id);
        let attempt = self.state().attempt(model, question_id);
        let (fault, _) = self.occasion(0, model, question_id, attempt);
        let trouble = fault.map(|fault| match fault {
            Fault::RateLimited(Wait::InBody(wait)) => Trouble::RateLimited(Some(wait)),
            Fault::RateLimited(_) => Trouble::RateLimited(None),
            Fault::InsufficientQuota => Trouble::NoCredit,
            Fault::TooLong => Trouble::TooLong,
            Fault::Status(status) => Trouble::Server(status),
            // A batch has no connection that could break.
            _ => Trouble::Server(500),
        });
        if let Some(trouble) = trouble {
            return told(&trouble);
        }
        let answer = self.composed(dialect, examinee, body, &asked, question, 0);
        if let (Some(ending), Some(usage)) = (answer.ending, answer.usage) {
            let question = question.map(|question| question.id.clone());
            let model = model.to_owned();
            self.state().batch_paid.push(Paid { model, question, ending, usage });
        }
        match answer.body {
            Content::Whole(bytes) => {
                (answer.status, serde_json::from_slice(&bytes).unwrap_or_default())
            }
            Content::Events(..) => (500, Value::Null),
        }
    }
}

fn forget_keys(answers: &mut Value) {
    for answer in answers.as_array_mut().into_iter().flatten() {
        if let Some(fields) = answer.as_object_mut() {
            fields.remove("metadata");
        }
    }
}

fn line(item: &Item, number: usize) -> String {
    let line = json!({
        "id": format!("batch_req_{number:04}"), "custom_id": item.key,
        "response": {"status_code": item.status, "request_id": format!("req_{number:04}"), "body": item.body},
        "error": null,
    });
    format!("{line}\n")
}

/// The files that a finished batch leaves: answers, and errors if there are any.
fn files_of(batch: &Batch) -> Vec<(String, String)> {
    if !matches!(batch.kind, BatchKind::OpenAi | BatchKind::Mistral) {
        return Vec::new();
    }
    let all = |good: bool| -> String {
        let items = batch.shuffled().enumerate();
        items
            .filter(|(_, item)| (item.status == 200) == good)
            .map(|(number, item)| line(item, number))
            .collect()
    };
    let mut files = vec![(output_file(batch), all(true))];
    if 0 < batch.n_failed() {
        files.push((error_file(batch), all(false)));
    }
    files
}

fn output_file(batch: &Batch) -> String {
    format!("file-{}-output", batch.id)
}

fn error_file(batch: &Batch) -> String {
    format!("file-{}-error", batch.id)
}

fn described(batch: &Batch, stage: Stage) -> Value {
    match batch.kind {
        BatchKind::OpenAi => openai(batch, stage),
        BatchKind::Gemini => gemini(batch, stage),
        BatchKind::Mistral => mistral(batch, stage),
        BatchKind::Anthropic => anthropic(batch, stage),
    }
}

fn openai(batch: &Batch, stage: Stage) -> Value {
    let is_done = stage == Stage::Done;
    let n_failed = batch.n_failed();
    let files = (is_done && n_failed < batch.items.len(), is_done && 0 < n_failed);
    json!({
        "id": batch.id, "object": "batch", "endpoint": batch.request["endpoint"], "errors": null,
        "input_file_id": batch.request["input_file_id"],
        "completion_window": batch.request["completion_window"],
        "status": match stage {
            Stage::Queued => "validating",
            Stage::Running => "in_progress",
            Stage::Done => "completed",
            Stage::Stopped => "cancelled",
        },
        "output_file_id": files.0.then(|| output_file(batch)),
        "error_file_id": files.1.then(|| error_file(batch)),
        "created_at": 1_790_000_000, "metadata": batch.request["metadata"],
        "request_counts": {
            "total": batch.items.len(),
            "completed": if is_done { batch.items.len() - n_failed } else { 0 },
            "failed": if is_done { n_failed } else { 0 },
        },
    })
}

fn gemini(batch: &Batch, stage: Stage) -> Value {
    let name = format!("batches/{}", batch.id);
    let word = match stage {
        Stage::Queued => "BATCH_STATE_PENDING",
        Stage::Running => "BATCH_STATE_RUNNING",
        Stage::Done => "BATCH_STATE_SUCCEEDED",
        Stage::Stopped => "BATCH_STATE_CANCELLED",
    };
    let n = batch.items.len();
    // Google writes 64-bit numbers as texts.
    let counted = match stage {
        Stage::Done => json!({
            "requestCount": n.to_string(), "successfulRequestCount": (n - batch.n_failed()).to_string(),
            "failedRequestCount": batch.n_failed().to_string(),
        }),
        _ => json!({"requestCount": n.to_string(), "pendingRequestCount": n.to_string()}),
    };
    let mut described = json!({
        "name": name,
        "metadata": {
            "@type": "type.googleapis.com/google.ai.generativelanguage.v1main.GenerateContentBatch",
            "name": name, "state": word, "displayName": batch.request["batch"]["displayName"],
            "createTime": "2026-11-01T08:00:00Z", "batchStats": counted,
        },
    });
    if stage == Stage::Done {
        let answers = batch.items.iter().map(|item| {
            let metadata = json!({"key": item.key});
            if item.status == 200 {
                json!({"response": item.body, "metadata": metadata})
            } else {
                json!({"error": {"code": 13, "message": item.body["error"]["message"]}, "metadata": metadata})
            }
        });
        let answers = json!({"inlinedResponses": answers.collect::<Vec<_>>()});
        described["done"] = json!(true);
        described["metadata"]["output"] = json!({"inlinedResponses": answers});
        described["response"] = json!({
            "@type": "type.googleapis.com/google.ai.generativelanguage.v1main.GenerateContentBatchOutput",
            "inlinedResponses": answers,
        });
    }
    described
}

fn mistral(batch: &Batch, stage: Stage) -> Value {
    let (is_done, n, n_failed) = (stage == Stage::Done, batch.items.len(), batch.n_failed());
    let is_inline = batch.request["requests"].is_array();
    let outputs = batch.shuffled().enumerate().map(|(number, item)| {
        serde_json::from_str::<Value>(&line(item, number)).unwrap_or_default()
    });
    let count = |n: usize| if is_done { n } else { 0 };
    json!({
        "id": batch.id, "object": "batch", "endpoint": batch.request["endpoint"],
        "model": batch.request["model"], "input_files": batch.request["input_files"].as_array().cloned().unwrap_or_default(),
        "metadata": batch.request["metadata"], "errors": [], "created_at": 1_790_000_000,
        "status": match stage {
            Stage::Queued => "QUEUED",
            Stage::Running => "RUNNING",
            Stage::Done => "SUCCESS",
            Stage::Stopped => "CANCELLED",
        },
        "total_requests": n, "completed_requests": count(n), "succeeded_requests": count(n - n_failed),
        "failed_requests": count(n_failed),
        "outputs": (is_done && is_inline).then(|| outputs.collect::<Vec<_>>()),
        "output_file": is_done.then(|| output_file(batch)),
        "error_file": (is_done && 0 < n_failed).then(|| error_file(batch)),
    })
}

/// No page gets this far; what tests send without a page does.
fn anthropic(batch: &Batch, stage: Stage) -> Value {
    let is_done = stage == Stage::Done;
    let n = batch.items.len();
    json!({
        "id": batch.id, "type": "message_batch",
        "processing_status": match stage {
            Stage::Queued | Stage::Running => "in_progress",
            Stage::Done | Stage::Stopped => "ended",
        },
        "request_counts": {
            "processing": if is_done { 0 } else { n }, "succeeded": if is_done { n - batch.n_failed() } else { 0 },
            "errored": if is_done { batch.n_failed() } else { 0 }, "canceled": 0, "expired": 0,
        },
        "results_url": is_done.then(|| format!("/v1/messages/batches/{}/results", batch.id)),
    })
}

/// The file of results, one a line.
fn anthropic_results(batch: &Batch) -> String {
    let line = |item: &Item| {
        let result = match item.status {
            200 => json!({"type": "succeeded", "message": item.body}),
            _ => json!({"type": "errored", "error": item.body}),
        };
        format!("{}\n", json!({"custom_id": item.key, "result": result}))
    };
    batch.shuffled().map(line).collect()
}

/// The file and the purpose in a form, as browsers send forms.
fn form(content_type: &str, body: &str) -> Option<(String, String)> {
    let boundary = content_type.strip_prefix("multipart/form-data; boundary=")?.trim_matches('"');
    let (mut file, mut purpose) = (None, None);
    for part in body.split(&format!("--{boundary}")) {
        let Some((head, content)) = part.split_once("\r\n\r\n") else { continue };
        let content = content.strip_suffix("\r\n").unwrap_or(content).to_owned();
        if head.contains("name=\"file\"") {
            file = Some(content);
        } else if head.contains("name=\"purpose\"") {
            purpose = Some(content);
        }
    }
    Some((file?, purpose?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_read_as_browsers_write_it() {
        let body = "--x\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nbatch\r\n--x\r\nContent-Disposition: \
            form-data; name=\"file\"; filename=\"a.jsonl\"\r\nContent-Type: application/jsonl\r\n\r\n{\"a\":1}\n\r\n--x--\r\n";
        let read = form("multipart/form-data; boundary=x", body);
        assert_eq!(read, Some(("{\"a\":1}\n".to_owned(), "batch".to_owned())));
    }
}
