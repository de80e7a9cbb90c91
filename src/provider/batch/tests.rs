//! Owns the tests of batch APIs: exact bytes, replies as the providers document them, and the way out and back by file.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::creation::{self, Creation};
use super::fetch::{self, Fetch};
use super::file;
use super::*;
use crate::prompt::Role;
use crate::provider::settings::Delivery;
use crate::provider::wire::{self, Ask};

const OPENAI: &str = "https://api.openai.com/v1";
const GEMINI: &str = "https://generativelanguage.googleapis.com/v1beta";
const MISTRAL: &str = "https://api.mistral.ai/v1";
const ANTHROPIC: &str = "https://api.anthropic.com/v1";

fn endpoint(service: Service) -> Endpoint {
    let (base_url, model) = match service {
        Service::OpenAiChat | Service::OpenAiResponses => (OPENAI, "gpt-4.1"),
        Service::Gemini => (GEMINI, "gemini-2.5-flash"),
        Service::Mistral => (MISTRAL, "mistral-large-2512"),
        Service::Anthropic => (ANTHROPIC, "claude-opus-4-6"),
    };
    let mut endpoint = Endpoint::new(service.protocol(), base_url, model);
    endpoint.settings.delivery = Delivery::Batch;
    endpoint.settings.max_output_tokens = Some(64);
    endpoint
}

const ALL: [Service; 5] = [
    Service::OpenAiChat,
    Service::OpenAiResponses,
    Service::Gemini,
    Service::Mistral,
    Service::Anthropic,
];

fn messages(text: &str) -> Vec<Message> {
    vec![Message { role: Role::User, content: text.to_owned() }]
}

/// Two questions, the second with what a line must not be broken by.
fn with_order<T>(endpoint: &Endpoint, check: impl FnOnce(&Order<'_>) -> T) -> T {
    let (first, second) = (messages("Aspirin?"), messages("Line one\nline \"two\"\r\u{2028}é"));
    let items = [
        Item { custom_id: "t-0-0-0", messages: &first, schema: None },
        Item { custom_id: "t-0-1-0", messages: &second, schema: None },
    ];
    check(&Order { name: "run-7-1", endpoint, items: &items })
}

/// What a live call to the same model sends.
fn live_body(endpoint: &Endpoint, messages: &[Message]) -> String {
    let mut endpoint = endpoint.clone();
    endpoint.settings.delivery = Delivery::Whole;
    wire::request(&Ask { endpoint: &endpoint, messages, schema: None }).body.unwrap()
}

fn live_bodies(order: &Order<'_>) -> Vec<String> {
    order.items.iter().map(|item| live_body(order.endpoint, item.messages)).collect()
}

fn reply(status: u16, body: &Value) -> HttpReply {
    HttpReply { status, retry_after: None, body: body.to_string().into_bytes() }
}

fn ok(body: &Value) -> HttpReply {
    reply(200, body)
}

/// An answer in the form of the service's live replies.
fn live_answer(service: Service, text: &str) -> Value {
    match service {
        Service::OpenAiChat | Service::Mistral => json!({
            "id": "chatcmpl-1", "object": "chat.completion", "model": "gpt-4.1-2025-04-14",
            "choices": [{"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}],
            "usage": {"prompt_tokens": 20, "completion_tokens": 10, "total_tokens": 30}
        }),
        Service::OpenAiResponses => json!({
            "id": "resp_1", "object": "response", "status": "completed", "model": "gpt-4.1-2025-04-14",
            "output": [{"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": text}]}],
            "usage": {"input_tokens": 20, "output_tokens": 10, "total_tokens": 30}
        }),
        Service::Gemini => json!({
            "candidates": [{"content": {"role": "model", "parts": [{"text": text}]}, "finishReason": "STOP"}],
            "usageMetadata": {"promptTokenCount": 20, "candidatesTokenCount": 10, "totalTokenCount": 30},
            "modelVersion": "gemini-2.5-flash"
        }),
        Service::Anthropic => json!({
            "id": "msg_1", "type": "message", "role": "assistant", "model": "claude-opus-4-6",
            "content": [{"type": "text", "text": text}], "stop_reason": "end_turn",
            "usage": {"input_tokens": 20, "output_tokens": 10}
        }),
    }
}

/// A line of a file of results with an answer.
fn result_line(service: Service, id: &str, text: &str) -> Value {
    let body = live_answer(service, text);
    match service {
        Service::OpenAiChat | Service::OpenAiResponses | Service::Mistral => json!({
            "id": "batch_req_123", "custom_id": id,
            "response": {"status_code": 200, "request_id": "req_123", "body": body}, "error": null
        }),
        Service::Gemini => json!({"key": id, "response": body}),
        Service::Anthropic => {
            json!({"custom_id": id, "result": {"type": "succeeded", "message": body}})
        }
    }
}

/// What the reader of live replies makes of the same answer.
fn expected(service: Service, text: &str) -> Result<Completion, Failure> {
    wire::read(service.protocol(), &ok(&live_answer(service, text)))
}

fn sent(step: fetch::Step) -> HttpRequest {
    let fetch::Step::Send(request) = step else { panic!("{step:?}") };
    request
}

#[test]
fn every_protocol_says_whether_it_has_batches() {
    let standing = |protocol, base_url: &str| Standing::of(&Endpoint::new(protocol, base_url, "m"));
    assert_eq!(standing(Protocol::OpenAiChat, OPENAI), Standing::FromThePage(Service::OpenAiChat));
    assert_eq!(
        standing(Protocol::OpenAiResponses, OPENAI),
        Standing::FromThePage(Service::OpenAiResponses)
    );
    assert_eq!(standing(Protocol::Gemini, GEMINI), Standing::FromThePage(Service::Gemini));
    assert_eq!(standing(Protocol::Mistral, MISTRAL), Standing::FromThePage(Service::Mistral));
    assert_eq!(
        standing(Protocol::OpenAiChat, "http://localhost:8000/v1"),
        Standing::Untold(Service::OpenAiChat)
    );
    let anthropic = standing(Protocol::Anthropic, ANTHROPIC);
    assert!(matches!(anthropic, Standing::ByFile(Service::Anthropic, _)));
    assert_eq!(anthropic.from_the_page(), None);
    assert_eq!(anthropic.service(), Some(Service::Anthropic));
    for (protocol, base_url) in [
        (Protocol::AzureOpenAi, "https://x.openai.azure.com"),
        (Protocol::Cohere, "https://api.cohere.com/v2"),
        (Protocol::Ollama, "http://localhost:11434"),
        (Protocol::OpenAiChat, "https://openrouter.ai/api/v1"),
    ] {
        let standing = standing(protocol, base_url);
        assert!(matches!(standing, Standing::NotOffered(_)), "{standing:?}");
        assert!(standing.note().ends_with('.'));
        assert_eq!((standing.service(), standing.from_the_page()), (None, None));
    }
}

#[test]
fn openai_takes_a_file_and_then_a_batch_of_it() {
    let endpoint = endpoint(Service::OpenAiChat);
    let (mut creation, upload) = with_order(&endpoint, |order| Creation::start(order).unwrap());
    assert!(!creation.may_exist());
    let bodies = with_order(&endpoint, live_bodies);
    assert_eq!(
        (upload.method, upload.url.as_str(), upload.auth),
        (Method::Post, "https://api.openai.com/v1/files", Auth::Bearer)
    );
    assert_eq!(
        upload.headers,
        [("Content-Type", "multipart/form-data; boundary=viva-batch".to_owned())]
    );
    let file = format!(
        "{{\"custom_id\":\"t-0-0-0\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":{}}}\n\
         {{\"custom_id\":\"t-0-1-0\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":{}}}\n",
        bodies[0], bodies[1]
    );
    assert_eq!(
        upload.body.unwrap(),
        format!(
            "--viva-batch\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nbatch\r\n\
             --viva-batch\r\nContent-Disposition: form-data; name=\"file\"; filename=\"run-7-1.jsonl\"\r\n\
             Content-Type: application/jsonl\r\n\r\n{file}\r\n--viva-batch--\r\n"
        )
    );
    let step = creation.next(&ok(&json!({
        "id": "file-abc123", "object": "file", "bytes": 120_000, "filename": "mydata.jsonl", "purpose": "batch"
    })));
    let creation::Step::Send(create) = step else { panic!("{step:?}") };
    assert!(creation.may_exist());
    assert_eq!(create.url, "https://api.openai.com/v1/batches");
    assert_eq!(create.headers, [("Content-Type", "application/json".to_owned())]);
    assert_eq!(
        create.body.unwrap(),
        r#"{"completion_window":"24h","endpoint":"/v1/chat/completions","input_file_id":"file-abc123","metadata":{"viva_batch":"run-7-1"}}"#
    );
    let step = creation.next(&ok(&json!({
        "id": "batch_abc123", "object": "batch", "endpoint": "/v1/chat/completions", "status": "validating"
    })));
    assert_eq!(step, creation::Step::Created { remote_id: "batch_abc123".to_owned() });
    assert!(matches!(creation.next(&ok(&json!({}))), creation::Step::Failed(_)));
}

#[test]
fn a_line_is_the_live_body_and_is_not_streamed() {
    for service in ALL {
        for delivery in [Delivery::Whole, Delivery::Streamed, Delivery::Batch] {
            let mut endpoint = endpoint(service);
            endpoint.settings.delivery = delivery;
            let (lines, bodies) = with_order(&endpoint, |order| {
                (lines::write(service, order).unwrap(), live_bodies(order))
            });
            for (line, body) in lines.iter().zip(&bodies) {
                assert!(line.ends_with(&format!(":{body}}}")), "{line}");
                assert!(!line.contains(['\n', '\r']), "{line}");
                let value: Value = serde_json::from_str(line).unwrap();
                let path = ["body", "params", "request"];
                let body = path.iter().find_map(|key| value.get(key)).unwrap();
                assert_ne!(body.get("stream"), Some(&Value::Bool(true)));
            }
        }
    }
}

#[test]
fn gemini_and_mistral_take_all_in_one_call() {
    let gemini = endpoint(Service::Gemini);
    let (mut creation, request) = with_order(&gemini, |order| Creation::start(order).unwrap());
    assert!(creation.may_exist());
    let bodies = with_order(&gemini, live_bodies);
    assert_eq!(
        request.url,
        "https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:batchGenerateContent"
    );
    assert_eq!(request.auth, Auth::XGoogApiKey);
    assert_eq!(request.headers, [("Content-Type", "application/json".to_owned())]);
    assert_eq!(
        request.body.unwrap(),
        format!(
            r#"{{"batch":{{"displayName":"run-7-1","inputConfig":{{"requests":{{"requests":[{{"request":{},"metadata":{{"key":"t-0-0-0"}}}},{{"request":{},"metadata":{{"key":"t-0-1-0"}}}}]}}}}}}}}"#,
            bodies[0], bodies[1]
        )
    );
    let taken = json!({"name": "batches/123456", "metadata": {
        "@type": "type.googleapis.com/google.ai.generativelanguage.v1main.GenerateContentBatch",
        "state": "BATCH_STATE_PENDING", "batchStats": {"requestCount": "2", "pendingRequestCount": "2"}}});
    assert_eq!(
        creation.next(&ok(&taken)),
        creation::Step::Created { remote_id: "batches/123456".to_owned() }
    );

    let mistral = endpoint(Service::Mistral);
    let (mut creation, request) = with_order(&mistral, |order| Creation::start(order).unwrap());
    let bodies = with_order(&mistral, live_bodies);
    assert_eq!(request.url, "https://api.mistral.ai/v1/batch/jobs");
    assert_eq!(
        request.body.unwrap(),
        format!(
            r#"{{"endpoint":"/v1/chat/completions","model":"mistral-large-2512","timeout_hours":24,"metadata":{{"viva_batch":"run-7-1"}},"requests":[{{"custom_id":"t-0-0-0","body":{}}},{{"custom_id":"t-0-1-0","body":{}}}]}}"#,
            bodies[0], bodies[1]
        )
    );
    let taken = json!({"id": "b76e0ffc-2be5-4b35-a4a5-5f5e6d3d8b8e", "object": "batch", "status": "QUEUED"});
    assert!(matches!(creation.next(&ok(&taken)), creation::Step::Created { .. }));
}

#[test]
fn a_boundary_is_not_in_the_file() {
    let (content_type, body) = lines::form("batch", "x.jsonl", "viva-batch viva-batch-11 x");
    let boundary = content_type.split("boundary=").nth(1).unwrap();
    assert_eq!(body.matches(boundary).count(), 3);
    assert!(boundary.len() <= 70);
}

#[test]
fn a_wrong_order_is_refused() {
    let endpoint = endpoint(Service::OpenAiChat);
    let question = messages("?");
    let start = |name: &str, ids: &[&str]| {
        let items: Vec<Item<'_>> = ids
            .iter()
            .map(|id| Item { custom_id: id, messages: &question, schema: None })
            .collect();
        Creation::start(&Order { name, endpoint: &endpoint, items: &items }).map(|_| ())
    };
    assert_eq!(start("n", &["a", "b"]), Ok(()));
    assert_eq!(start("n", &[]), Err(OrderError::Empty));
    assert_eq!(start("n", &["a", "a"]), Err(OrderError::SameId { id: "a".to_owned() }));
    for bad in ["", "a b", "a\"b", "é", "a/b", &"x".repeat(65)] {
        assert_eq!(start("n", &[bad]), Err(OrderError::BadId { id: bad.to_owned() }));
        assert_eq!(start(bad, &["a"]), Err(OrderError::BadId { id: bad.to_owned() }));
    }
    let anthropic = super::tests::endpoint(Service::Anthropic);
    let error = with_order(&anthropic, |order| Creation::start(order).unwrap_err());
    assert!(error.to_string().contains("does not answer web pages"));
}

#[test]
fn a_large_order_is_cut_where_a_batch_is_full() {
    let endpoint = endpoint(Service::Mistral);
    let question = messages("?");
    let ids: Vec<String> = (0..20_000).map(|n| format!("t-0-{n}-0")).collect();
    let items: Vec<Item<'_>> =
        ids.iter().map(|id| Item { custom_id: id, messages: &question, schema: None }).collect();
    let order = Order { name: "n", endpoint: &endpoint, items: &items };
    assert_eq!(split(Service::Mistral, &order).unwrap(), [0..9_999, 9_999..19_998, 19_998..20_000]);
    assert!(matches!(Creation::start(&order), Err(OrderError::TooLarge { n_items: 20_000, .. })));
    assert_eq!(split(Service::OpenAiChat, &order).unwrap(), vec![Range { start: 0, end: 20_000 }]);

    let long = messages(&"x".repeat(7_000_000));
    let items: Vec<Item<'_>> =
        ids[..5].iter().map(|id| Item { custom_id: id, messages: &long, schema: None }).collect();
    let order = Order { name: "n", endpoint: &endpoint, items: &items };
    assert_eq!(split(Service::Gemini, &order).unwrap(), [0..2, 2..4, 4..5]);
    let longer = messages(&"x".repeat(20_000_000));
    let items = [Item { custom_id: "a", messages: &longer, schema: None }];
    let order = Order { name: "n", endpoint: &endpoint, items: &items };
    assert!(matches!(split(Service::Gemini, &order), Err(OrderError::TooLarge { .. })));
}

#[test]
fn a_refusal_at_any_step_is_told_and_leaves_open_only_what_it_must() {
    let endpoint = endpoint(Service::OpenAiChat);
    let error =
        |status| reply(status, &json!({"error": {"message": "no", "type": "x", "code": null}}));
    let upload = || with_order(&endpoint, |order| Creation::start(order).unwrap().0);
    let created = || {
        let mut creation = upload();
        drop(creation.next(&ok(&json!({"id": "file-1"}))));
        creation
    };
    for (status, is_open) in
        [(401, false), (402, false), (400, false), (429, false), (500, true), (503, true)]
    {
        let mut creation = upload();
        assert!(matches!(creation.next(&error(status)), creation::Step::Failed(_)));
        assert!(!creation.may_exist(), "no batch comes of an upload");
        let mut creation = created();
        assert!(matches!(creation.next(&error(status)), creation::Step::Failed(_)));
        assert_eq!(creation.may_exist(), is_open, "{status}");
    }
    let mut creation = created();
    let cut = HttpReply { status: 200, retry_after: None, body: b"{\"id\":\"bat".to_vec() };
    assert!(matches!(creation.next(&cut), creation::Step::Failed(Failure::Malformed { .. })));
    assert!(creation.may_exist());
    for id in ["../../x", "a b", "", "https://evil.example/", "a?b", "a%2fb"] {
        let step = upload().next(&ok(&json!({"id": id})));
        assert!(matches!(step, creation::Step::Failed(Failure::Malformed { .. })), "{id}");
        let step = created().next(&ok(&json!({"id": id})));
        assert!(matches!(step, creation::Step::Failed(Failure::Malformed { .. })), "{id}");
        assert!(Fetch::start(Service::OpenAiChat, &endpoint, id).is_err());
        assert!(Fetch::start(Service::Gemini, &endpoint, &format!("batches/{id}")).is_err());
        assert!(cancel_request(Service::Mistral, &endpoint, id).is_err());
    }
    assert!(Fetch::start(Service::Gemini, &endpoint, "models/x").is_err());
}

#[test]
fn a_batch_whose_id_was_lost_is_found_by_its_name() {
    for (service, url, list, id) in [
        (
            Service::OpenAiChat,
            "https://api.openai.com/v1/batches?limit=100",
            json!({"object": "list", "data": [
                {"id": "batch_1", "metadata": null}, {"id": "batch_2", "metadata": {"viva_batch": "run-7-1"}}]}),
            "batch_2",
        ),
        (
            Service::Mistral,
            "https://api.mistral.ai/v1/batch/jobs?page_size=100",
            json!({"data": [{"id": "job-1", "metadata": {"viva_batch": "run-7-1"}}], "total": 1}),
            "job-1",
        ),
        (
            Service::Gemini,
            "https://generativelanguage.googleapis.com/v1beta/batches?pageSize=100",
            json!({"operations": [{"name": "batches/1", "metadata": {"displayName": "run-7-1"}}]}),
            "batches/1",
        ),
    ] {
        let request = creation::search_request(service, &endpoint(service));
        assert_eq!((request.method, request.url.as_str()), (Method::Get, url));
        let found = |name: &str, list: &Value| creation::read_search(service, name, &ok(list));
        assert_eq!(found("run-7-1", &list), Ok(Some(id.to_owned())));
        assert_eq!(found("run-7-2", &list), Ok(None));
        assert_eq!(found("run-7-1", &json!({})), Ok(None));
        assert!(found("run-7-1", &json!({"data": 1, "operations": 1})).is_err());
        assert!(creation::read_search(service, "run-7-1", &reply(401, &json!({}))).is_err());
    }
}

#[test]
fn openai_is_asked_after_and_both_its_files_are_read() {
    let endpoint = endpoint(Service::OpenAiChat);
    let begin = || Fetch::start(Service::OpenAiChat, &endpoint, "batch_abc123").unwrap();
    let (mut fetch, request) = begin();
    assert_eq!(request.url, "https://api.openai.com/v1/batches/batch_abc123");
    assert_eq!((request.method, request.body, request.headers.len()), (Method::Get, None, 0));
    let status = |status: &str, more: Value| {
        let mut all = json!({"id": "batch_abc123", "object": "batch", "status": status, "errors": null,
            "request_counts": {"total": 3, "completed": 1, "failed": 1}});
        all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        ok(&all)
    };
    assert_eq!(
        fetch.next(&status("validating", json!({}))),
        fetch::Step::StillRunning(State::Waiting)
    );
    for word in ["in_progress", "finalizing", "cancelling"] {
        assert_eq!(
            begin().0.next(&status(word, json!({}))),
            fetch::Step::StillRunning(State::Running { n_done: 2, n_total: 3 })
        );
    }
    let over =
        status("completed", json!({"output_file_id": "file-out", "error_file_id": "file-err"}));
    let request = sent(begin().0.next(&over));
    assert_eq!(request.url, "https://api.openai.com/v1/files/file-out/content");

    let (mut fetch, _) = begin();
    drop(fetch.next(&over));
    let lines = format!("{}\n\n", result_line(Service::OpenAiChat, "t-0-1-0", "B"));
    let file =
        |text: &str| HttpReply { status: 200, retry_after: None, body: text.as_bytes().to_vec() };
    let request = sent(fetch.next(&file(&lines)));
    assert_eq!(request.url, "https://api.openai.com/v1/files/file-err/content");
    // As documented for requests that failed, and for those whose time ran out.
    let errors = [
        json!({"id": "batch_req_1", "custom_id": "t-0-0-0", "response": {"status_code": 400, "request_id": "r",
            "body": {"error": {"message": "bad", "type": "invalid_request_error"}}}, "error": null}),
        json!({"id": "batch_req_2", "custom_id": "t-0-2-0", "response": null,
            "error": {"code": "batch_expired", "message": "This request could not be executed before the completion window expired."}}),
    ];
    let step = fetch.next(&file(&errors.map(|error| error.to_string()).join("\n")));
    let fetch::Step::Results { state, harvest } = step else { panic!("{step:?}") };
    assert_eq!(state, State::PartlyEnded);
    assert_eq!(harvest.refused, []);
    let [right, wrong, late] = harvest.answers.as_slice() else { panic!("{harvest:?}") };
    assert_eq!(
        (right.custom_id.as_str(), &right.result),
        ("t-0-1-0", &expected(Service::OpenAiChat, "B"))
    );
    assert_eq!(right.result.as_ref().unwrap().text, "B");
    assert_eq!(wrong.result, Err(Failure::Refused { status: 400, message: "bad".to_owned() }));
    assert_eq!(late.result, Err(Failure::TimedOut { limit_millis: 86_400_000 }));

    for (word, more, expected) in [
        (
            "failed",
            json!({"errors": {"object": "list", "data": [{"code": "invalid_json_line", "message": "line 3", "line": 3}]}}),
            State::Failed { reason: "line 3".to_owned() },
        ),
        ("failed", json!({}), State::Failed { reason: "the provider gives no reason".to_owned() }),
        ("expired", json!({}), State::Expired),
        ("cancelled", json!({"output_file_id": null}), State::Cancelled),
    ] {
        let step = begin().0.next(&status(word, more));
        assert_eq!(step, fetch::Step::Results { state: expected, harvest: Harvest::default() });
    }
    assert!(matches!(
        begin().0.next(&status("dreaming", json!({}))),
        fetch::Step::Failed(Failure::Malformed { .. })
    ));
    assert!(matches!(
        begin().0.next(&reply(404, &json!({}))),
        fetch::Step::Failed(Failure::NotFound { .. })
    ));
    let (mut fetch, _) = begin();
    drop(fetch.next(&over));
    assert!(matches!(
        fetch.next(&reply(500, &json!({}))),
        fetch::Step::Failed(Failure::Server { .. })
    ));
    let evil = status("completed", json!({"output_file_id": "../../v2/x"}));
    assert!(matches!(begin().0.next(&evil), fetch::Step::Failed(Failure::Malformed { .. })));
}

#[test]
fn answers_of_gemini_without_keys_are_told_apart_by_their_order_alone() {
    let service = Service::Gemini;
    let endpoint = endpoint(service);
    let ids = || vec!["t-0-0-0".to_owned(), "t-0-1-0".to_owned()];
    let begin = |ids| Fetch::start(service, &endpoint, "batches/1").unwrap().0.of(ids);
    let harvest = |ids: Vec<String>, list: serde_json::Value| {
        let reply =
            json!({"name": "batches/1", "done": true, "response": {"inlinedResponses": list}});
        let step = begin(ids).next(&ok(&reply));
        let fetch::Step::Results { harvest, .. } = step else { panic!("{step:?}") };
        harvest
    };
    let nameless = |text| json!({"response": live_answer(service, text)});
    let both = harvest(ids(), json!([nameless("A"), nameless("B")]));
    let told: Vec<_> = both.answers.iter().map(|answer| answer.custom_id.as_str()).collect();
    assert_eq!(told, ["t-0-0-0", "t-0-1-0"]);
    assert_eq!(both.answers[1].result, expected(service, "B"));
    // One too few, one with a key, or an order that nobody knows: nothing is guessed.
    assert_eq!(harvest(ids(), json!([nameless("A")])).answers.len(), 0);
    assert_eq!(harvest(vec![], json!([nameless("A"), nameless("B")])).answers.len(), 0);
    let keyed = json!({"metadata": {"key": "t-0-0-0"}, "response": live_answer(service, "B")});
    let mixed = harvest(ids(), json!([nameless("A"), keyed]));
    assert_eq!((mixed.answers.len(), mixed.refused.len()), (1, 1));
    assert_eq!(mixed.answers[0].custom_id, "t-0-0-0");
}

#[test]
fn gemini_gives_its_answers_in_either_documented_form() {
    let service = Service::Gemini;
    let endpoint = endpoint(service);
    let begin = || Fetch::start(service, &endpoint, "batches/123456").unwrap();
    assert_eq!(begin().1.url, "https://generativelanguage.googleapis.com/v1beta/batches/123456");
    let list = json!([
        {"metadata": {"key": "t-0-0-0"}, "response": live_answer(service, "A")},
        {"metadata": {"key": "t-0-1-0"}, "error": {"code": 8, "message": "slow down", "status": "RESOURCE_EXHAUSTED"}},
        {"response": live_answer(service, "nobody's")},
    ]);
    let wrapped = json!({"inlinedResponses": list});
    let metadata = json!({"state": "BATCH_STATE_SUCCEEDED", "batchStats": {"requestCount": "3", "successfulRequestCount": "3"}});
    for reply in [
        json!({"name": "batches/123456", "metadata": metadata, "done": true, "response": {"inlinedResponses": wrapped}}),
        json!({"name": "batches/123456", "metadata": metadata, "done": true, "response": {"inlinedResponses": list}}),
        json!({"name": "batches/123456", "metadata": metadata, "done": true, "response": {"output": {"inlinedResponses": wrapped}}}),
        json!({"name": "batches/123456", "metadata": {"state": "JOB_STATE_SUCCEEDED", "output": {"inlinedResponses": wrapped}}}),
        json!({"name": "batches/123456", "state": "JOB_STATE_SUCCEEDED", "dest": {"inlinedResponses": list}}),
        json!({"name": "batches/123456", "done": true, "response": {"inlinedResponses": list}}),
    ] {
        let step = begin().0.next(&ok(&reply));
        let fetch::Step::Results { state, harvest } = step else { panic!("{step:?}") };
        assert_eq!(state, State::PartlyEnded, "an error came though none was counted");
        assert_eq!(harvest.answers.len(), 2);
        assert_eq!(harvest.answers[0].custom_id, "t-0-0-0");
        assert_eq!(harvest.answers[0].result, expected(service, "A"));
        assert!(matches!(harvest.answers[1].result, Err(Failure::RateLimited { .. })));
        assert_eq!(harvest.refused.len(), 1);
        assert_eq!(harvest.refused[0].number, 3);
    }

    let state = |reply: &Value| match begin().0.next(&ok(reply)) {
        fetch::Step::StillRunning(state) | fetch::Step::Results { state, .. } => state,
        step => panic!("{step:?}"),
    };
    let of = |word: &str| {
        state(&json!({"name": "batches/1", "metadata": {"state": word, "batchStats":
            {"requestCount": "9", "successfulRequestCount": "2", "failedRequestCount": 1}}}))
    };
    assert_eq!(of("BATCH_STATE_PENDING"), State::Waiting);
    assert_eq!(of("JOB_STATE_PENDING"), State::Waiting);
    assert_eq!(of("BATCH_STATE_RUNNING"), State::Running { n_done: 3, n_total: 9 });
    assert_eq!(of("BATCH_STATE_SUCCEEDED"), State::PartlyEnded);
    assert_eq!(of("JOB_STATE_PARTIALLY_SUCCEEDED"), State::PartlyEnded);
    assert_eq!(of("BATCH_STATE_EXPIRED"), State::Expired);
    assert_eq!(of("BATCH_STATE_CANCELLED"), State::Cancelled);
    assert!(matches!(of("BATCH_STATE_FAILED"), State::Failed { .. }));
    assert_eq!(state(&json!({"name": "batches/1"})), State::Waiting);
    assert_eq!(
        state(
            &json!({"name": "batches/1", "done": true, "error": {"code": 3, "message": "bad model"}})
        ),
        State::Failed { reason: "bad model".to_owned() }
    );
    let unknown = begin().0.next(&ok(&json!({"metadata": {"state": "BATCH_STATE_MELTED"}})));
    assert!(matches!(unknown, fetch::Step::Failed(Failure::Malformed { .. })));

    // Where the answers are in a file after all.
    let (mut fetch, _) = begin();
    let reply = json!({"name": "batches/1", "done": true, "metadata": metadata, "response": {"responsesFile": "files/batch-abc"}});
    let request = sent(fetch.next(&ok(&reply)));
    assert_eq!(
        request.url,
        "https://generativelanguage.googleapis.com/download/v1beta/files/batch-abc:download?alt=media"
    );
    let body = result_line(service, "t-0-0-0", "A").to_string().into_bytes();
    let step = fetch.next(&HttpReply { status: 200, retry_after: None, body });
    let fetch::Step::Results { state, harvest } = step else { panic!("{step:?}") };
    assert_eq!((state, harvest.answers.len()), (State::Ended, 1));
    assert_eq!(harvest.answers[0].result.as_ref().unwrap().text, "A");
}

#[test]
fn mistral_gives_its_answers_in_the_reply_or_in_a_file() {
    let service = Service::Mistral;
    let endpoint = endpoint(service);
    let begin = || Fetch::start(service, &endpoint, "job-1").unwrap();
    assert_eq!(begin().1.url, "https://api.mistral.ai/v1/batch/jobs/job-1?inline=true");
    let job = |status: &str, more: Value| {
        let mut all = json!({"id": "job-1", "object": "batch", "status": status, "errors": [], "metadata": {"viva_batch": "n"},
            "total_requests": 5, "completed_requests": 3, "succeeded_requests": 3, "failed_requests": 0});
        all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        ok(&all)
    };
    assert_eq!(
        begin().0.next(&job("QUEUED", json!({}))),
        fetch::Step::StillRunning(State::Waiting)
    );
    assert_eq!(
        begin().0.next(&job("RUNNING", json!({"outputs": null}))),
        fetch::Step::StillRunning(State::Running { n_done: 3, n_total: 5 })
    );
    let outputs = json!({"outputs": [result_line(service, "t-0-0-0", "A")], "output_file": "file-1", "error_file": null});
    let step = begin().0.next(&job("SUCCESS", outputs));
    let fetch::Step::Results { state, harvest } = step else { panic!("{step:?}") };
    assert_eq!((state, harvest.answers[0].result.clone()), (State::Ended, expected(service, "A")));

    let (mut fetch, _) = begin();
    let request = sent(fetch.next(&job(
        "SUCCESS",
        json!({"failed_requests": 1, "output_file": "file-1", "error_file": "file-2"}),
    )));
    assert_eq!(request.url, "https://api.mistral.ai/v1/files/file-1/content");
    let line = |value: Value| HttpReply {
        status: 200,
        retry_after: None,
        body: value.to_string().into_bytes(),
    };
    drop(fetch.next(&line(result_line(service, "t-0-0-0", "A"))));
    let error =
        json!({"custom_id": "t-0-1-0", "response": null, "error": {"message": "overloaded"}});
    let step = fetch.next(&line(error));
    let fetch::Step::Results { state, harvest } = step else { panic!("{step:?}") };
    assert_eq!((state, harvest.answers.len()), (State::PartlyEnded, 2));
    assert!(matches!(&harvest.answers[1].result, Err(Failure::Server { status: 500, .. })));
    // The same answer in the list and in the file counts once.
    let (mut fetch, _) = begin();
    drop(fetch.next(&job(
        "TIMEOUT_EXCEEDED",
        json!({"outputs": [result_line(service, "a", "A")], "output_file": "file-1"}),
    )));
    let step = fetch.next(&line(result_line(service, "a", "A")));
    let fetch::Step::Results { state, harvest } = step else { panic!("{step:?}") };
    assert_eq!((state, harvest.answers.len()), (State::Expired, 1));
    for (word, expected) in [
        ("FAILED", State::Failed { reason: "bad file; worse file".to_owned() }),
        ("CANCELLED", State::Cancelled),
    ] {
        let errors =
            json!({"errors": [{"message": "bad file", "count": 1}, {"message": "worse file"}]});
        let step = begin().0.next(&job(word, errors));
        assert_eq!(step, fetch::Step::Results { state: expected, harvest: Harvest::default() });
    }
    assert!(matches!(begin().0.next(&job("?", json!({}))), fetch::Step::Failed(_)));
}

#[test]
fn a_batch_can_be_stopped() {
    for (service, id, url) in [
        (Service::OpenAiChat, "batch_1", "https://api.openai.com/v1/batches/batch_1/cancel"),
        (Service::Mistral, "job-1", "https://api.mistral.ai/v1/batch/jobs/job-1/cancel"),
        (
            Service::Gemini,
            "batches/1",
            "https://generativelanguage.googleapis.com/v1beta/batches/1:cancel",
        ),
        (
            Service::Anthropic,
            "msgbatch_1",
            "https://api.anthropic.com/v1/messages/batches/msgbatch_1/cancel",
        ),
    ] {
        let request = cancel_request(service, &endpoint(service), id).unwrap();
        assert_eq!((request.method, request.url.as_str()), (Method::Post, url));
    }
}

#[test]
fn what_goes_out_by_file_comes_back_by_file() {
    for service in ALL {
        let endpoint = endpoint(service);
        let (written, bodies) =
            with_order(&endpoint, |order| (file::export(order).unwrap(), live_bodies(order)));
        assert!(written.name.starts_with("run-7-1.json"));
        assert!(written.steps.iter().all(|step| !step.is_empty()));
        // A provider that answers each question of the file, the last one first.
        let text = &written.text;
        let questions: Vec<Value> = match service {
            Service::Anthropic => {
                let document: Value = serde_json::from_str(text).unwrap();
                document["requests"].as_array().unwrap().clone()
            }
            _ => text.lines().map(|line| serde_json::from_str(line).unwrap()).collect(),
        };
        let mut results = vec![];
        for (question, body) in questions.iter().zip(&bodies).rev() {
            let id = question.get("custom_id").or_else(|| question.get("key")).unwrap();
            let asked = ["body", "params", "request"].iter().find_map(|key| question.get(key));
            assert_eq!(asked, Some(&serde_json::from_str(body).unwrap()));
            let id = id.as_str().unwrap();
            results.push(result_line(service, id, &format!("answer to {id}")).to_string());
        }
        let protocol_of = |id: &str| id.starts_with("t-0-").then_some(service.protocol());
        for text in [results.join("\n"), format!("\u{feff}{}\r\n", results.join("\r\n\r\n"))] {
            let harvest = file::import(&text, &protocol_of).unwrap();
            assert_eq!(harvest.refused, []);
            let ids: Vec<&str> = harvest.answers.iter().map(|a| a.custom_id.as_str()).collect();
            assert_eq!(ids, ["t-0-1-0", "t-0-0-0"]);
            for answer in &harvest.answers {
                let text = format!("answer to {}", answer.custom_id);
                assert_eq!(answer.result, expected(service, &text));
                let completion = answer.result.as_ref().unwrap();
                assert_eq!((&completion.text, completion.usage.unwrap().input_tokens), (&text, 20));
            }
        }
        let one = file::import(&results[0], &protocol_of).unwrap();
        assert_eq!(one.answers.len(), 1);
        let list = format!("[{}]", results.join(","));
        assert_eq!(file::import(&list, &protocol_of).unwrap().answers.len(), 2);
    }
}

#[test]
fn anthropic_is_written_as_the_body_of_the_call_that_takes_it() {
    let endpoint = endpoint(Service::Anthropic);
    let (written, bodies) =
        with_order(&endpoint, |order| (file::export(order).unwrap(), live_bodies(order)));
    assert_eq!(
        written.text,
        format!(
            "{{\"requests\":[\n{{\"custom_id\":\"t-0-0-0\",\"params\":{}}},\n{{\"custom_id\":\"t-0-1-0\",\"params\":{}}}\n]}}\n",
            bodies[0], bodies[1]
        )
    );
    assert_eq!(written.name, "run-7-1.json");
    assert!(written.steps[1].contains("$ANTHROPIC_API_KEY"));
}

#[test]
fn a_name_from_elsewhere_puts_nothing_into_a_command() {
    for service in ALL {
        let mut endpoint = endpoint(service);
        for bad in ["x'; rm -rf ~; '", "$(id)", "`id`", "a b", "-o/etc/x", "x\ny", ""] {
            endpoint.model = bad.to_owned();
            let base_url = endpoint.base_url.clone();
            if !bad.starts_with('-') {
                endpoint.base_url.push_str(bad);
            }
            let written = with_order(&endpoint, file::export);
            endpoint.base_url = base_url;
            // Another address may have no batches at all.
            let Ok(written) = written else { continue };
            for command in written.steps.iter().filter(|step| step.starts_with("$ ")) {
                assert!(bad.is_empty() || !command.contains(bad), "{command}");
            }
        }
    }
}

#[test]
fn every_kind_of_anthropic_result_is_read() {
    let service = Service::Anthropic;
    let errored = |kind: &str| {
        json!({"custom_id": kind, "result": {"type": "errored", "error":
            {"type": "error", "error": {"type": kind, "message": "m"}}}})
    };
    let lines = [
        result_line(service, "good", "A"),
        errored("invalid_request_error"),
        errored("overloaded_error"),
        json!({"custom_id": "late", "result": {"type": "expired"}}),
        json!({"custom_id": "stopped", "result": {"type": "canceled"}}),
        json!({"custom_id": "odd", "result": {"type": "sold"}}),
        json!({"custom_id": "odd-too", "result": {"type": "succeeded"}}),
    ];
    let text = lines.map(|line| line.to_string()).join("\n");
    let harvest = file::import(&text, &|_| Some(Protocol::Anthropic)).unwrap();
    let result = |id: &str| &harvest.answers.iter().find(|a| a.custom_id == id).unwrap().result;
    assert_eq!(result("good"), &expected(service, "A"));
    assert!(matches!(result("invalid_request_error"), Err(Failure::Refused { status: 400, .. })));
    assert!(matches!(result("overloaded_error"), Err(Failure::Server { status: 529, .. })));
    assert_eq!(result("late"), &Err(Failure::TimedOut { limit_millis: 86_400_000 }));
    assert!(matches!(result("stopped"), Err(Failure::Refused { status: 499, .. })));
    assert_eq!(harvest.refused.iter().map(|line| line.number).collect::<Vec<_>>(), [6, 7]);
}

#[test]
fn a_line_that_is_wrong_is_refused_with_its_place_and_the_rest_is_taken() {
    let service = Service::OpenAiChat;
    let good = result_line(service, "a", "A").to_string();
    let cut = &good[..good.len() / 2];
    let lines = [
        good.as_str(),
        cut,
        &good,
        &result_line(service, "other", "A").to_string(),
        r#"{"custom_id":"b","response":null,"error":null}"#,
        r#"{"custom_id":"c","response":{"status_code":200}}"#,
        r#"{"custom_id":"","response":{"status_code":200,"body":{}}}"#,
        r#"{"custom_id":7,"response":{"status_code":200,"body":{}}}"#,
        r#"{"hello":"there"}"#,
        &result_line(Service::Anthropic, "d", "A").to_string(),
        r#"{"custom_id":"e","response":{"status_code":200,"body":{"choices":[]}},"error":null}"#,
        r#"{"custom_id":"f","response":{"status_code":99999,"body":{}}}"#,
    ];
    let protocol_of = |id: &str| (id != "other").then_some(Protocol::OpenAiChat);
    let harvest = file::import(&lines.join("\n"), &protocol_of).unwrap();
    assert_eq!(harvest.answers.len(), 2);
    assert!(
        matches!(harvest.answers[1].result, Err(Failure::Malformed { .. })),
        "no answer, not a wrong one"
    );
    let reasons: Vec<(usize, &str)> =
        harvest.refused.iter().map(|line| (line.number, line.reason.as_str())).collect();
    for (number, part) in [
        (2, "no JSON"),
        (3, "came back twice"),
        (4, "no question of this run"),
        (5, "neither a response nor an error"),
        (6, "a response without a body"),
        (7, "does not say which question"),
        (8, "does not say which question"),
        (9, "not the form"),
        (10, "asked of another provider than Anthropic"),
        (12, "no HTTP status"),
    ] {
        let found = reasons.iter().find(|(found, _)| *found == number);
        assert!(found.is_some_and(|(_, reason)| reason.contains(part)), "{number}: {found:?}");
    }
    assert_eq!(reasons.len(), 10);
}

#[test]
fn a_file_without_results_says_what_it_is() {
    let import = |text: &str| file::import(text, &|_| Some(Protocol::OpenAiChat));
    assert_eq!(import(" \n"), Err(file::ImportError::Empty));
    for status in [
        json!({"id": "batch_1", "object": "batch", "status": "in_progress", "metadata": null, "errors": null}),
        json!({"id": "j", "object": "batch", "status": "RUNNING", "metadata": {}, "outputs": null}),
        json!({"name": "batches/1", "metadata": {"state": "BATCH_STATE_RUNNING"}}),
        json!({"id": "msgbatch_1", "type": "message_batch", "processing_status": "in_progress"}),
    ] {
        for text in [status.to_string(), format!("{status:#}")] {
            assert_eq!(import(&text), Err(file::ImportError::NoResults), "{text}");
        }
    }
    for text in ["id,answer\n1,A", "{\"a\":1}\n{\"b\":2}", "{\"a\":1}", "[1,2]", "7"] {
        let error = import(text).unwrap_err();
        assert!(matches!(error, file::ImportError::NotResults { .. }), "{text}: {error}");
    }
    let reply = json!({"name": "batches/1", "done": true, "metadata": {"state": "BATCH_STATE_SUCCEEDED"},
        "response": {"inlinedResponses": {"inlinedResponses": [{"metadata": {"key": "a"}, "response": live_answer(Service::Gemini, "A")}]}}});
    let harvest = file::import(&format!("{reply:#}"), &|_| Some(Protocol::Gemini)).unwrap();
    assert_eq!(harvest.answers[0].result, expected(Service::Gemini, "A"));
}

/// Any JSON, with the words that the readers look for among its keys.
fn any_json() -> impl Strategy<Value = Value> {
    let word = prop::sample::select(vec![
        "id",
        "name",
        "status",
        "state",
        "metadata",
        "response",
        "error",
        "result",
        "type",
        "custom_id",
        "key",
        "body",
        "status_code",
        "code",
        "message",
        "inlinedResponses",
        "outputs",
        "output",
        "output_file_id",
        "error_file_id",
        "output_file",
        "errors",
        "data",
        "operations",
        "request_counts",
        "completed",
        "failed",
        "batchStats",
        "failedRequestCount",
        "successfulRequestCount",
        "done",
        "choices",
        "viva_batch",
    ]);
    let text = prop::sample::select(vec![
        "",
        "completed",
        "SUCCESS",
        "BATCH_STATE_SUCCEEDED",
        "batches/1",
        "file-1",
        "succeeded",
        "errored",
        "a",
        "18446744073709551615",
        "batch_expired",
        "../x",
        "é",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        text.prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 64, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((word.clone(), inner), 0..6).prop_map(|pairs| Value::Object(
                pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
            )),
        ]
    })
}

proptest! {
    #[test]
    fn no_reply_panics(first in any_json(), second in any_json(), status in prop::sample::select(vec![200_u16, 204, 400, 429, 500])) {
        for service in ALL {
            let endpoint = endpoint(service);
            let id = if service == Service::Gemini { "batches/1" } else { "b-1" };
            let (mut fetch, _) = Fetch::start(service, &endpoint, id).unwrap();
            for value in [&first, &second, &second, &first] {
                if let fetch::Step::Send(request) = fetch.next(&reply(status, value)) {
                    // Whatever a provider says, no call leaves its origin.
                    prop_assert_eq!(http::origin(&request.url), http::origin(&endpoint.base_url));
                }
            }
            drop(creation::read_search(service, "n", &reply(status, &first)));
            if service != Service::Anthropic {
                let mut creation = with_order(&endpoint, |order| Creation::start(order).unwrap().0);
                for value in [&first, &second] {
                    if let creation::Step::Send(request) = creation.next(&reply(status, value)) {
                        prop_assert_eq!(http::origin(&request.url), http::origin(&endpoint.base_url));
                    }
                }
            }
            let text = format!("{first}\n{second}\n{first:#}");
            drop(file::import(&text, &|_| Some(service.protocol())));
            drop(file::import(&first.to_string(), &|_| Some(service.protocol())));
        }
    }

    #[test]
    fn no_file_panics(text in "\\PC{0,120}", bytes in prop::collection::vec(any::<u8>(), 0..80)) {
        drop(file::import(&text, &|_| Some(Protocol::OpenAiChat)));
        let (mut fetch, _) = Fetch::start(Service::Mistral, &endpoint(Service::Mistral), "j").unwrap();
        drop(fetch.next(&HttpReply { status: 200, retry_after: None, body: bytes }));
    }

    #[test]
    fn any_question_makes_one_line_that_holds_its_body(text in "\\PC{0,60}|[\\x00-\\x7f]{0,60}") {
        let question = messages(&text);
        for service in ALL {
            let endpoint = endpoint(service);
            let items = [Item { custom_id: "a", messages: &question, schema: None }];
            let order = Order { name: "n", endpoint: &endpoint, items: &items };
            let lines = lines::write(service, &order).unwrap();
            prop_assert_eq!(lines.len(), 1);
            prop_assert!(!lines[0].contains(['\n', '\r']));
            prop_assert!(serde_json::from_str::<Value>(&lines[0]).is_ok());
            prop_assert!(serde_json::from_str::<Value>(&lines::inline(service, &order).unwrap()).is_ok());
        }
    }
}
