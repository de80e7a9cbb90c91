//! Owns the check of the catalogue: every entry is sound, loads survive whatever hosts answer, and what comes becomes the
//! right items.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

use std::collections::BTreeSet;
use std::path::Path;

use proptest::prelude::*;
use serde_json::{Value, json};
use viva::dataset::Kind;
use viva::dataset::catalogue::{
    Catalogue, CatalogueError, Content, Entry, Event, Failure, Finished, Gotten, Head, HubAddress,
    Load, Query, Reply, Step, Unit, finish,
};
use viva::dataset::record::KindRecord;

fn text() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("www/data/catalogue.json");
    std::fs::read_to_string(path).unwrap()
}

fn catalogue() -> Catalogue {
    Catalogue::read(&text()).unwrap()
}

fn entry(id: &str) -> Entry {
    catalogue().entry(id).unwrap_or_else(|| panic!("no entry {id}")).clone()
}

// ------------------------------------------------------------------ the file

#[test]
fn every_entry_is_sound_and_every_named_set_is_there() {
    let catalogue = catalogue();
    assert!(catalogue.refusals.is_empty(), "{:?}", catalogue.refusals);
    let ids: BTreeSet<&str> = catalogue.entries.iter().map(|entry| entry.id.as_str()).collect();
    for id in [
        "medqa-4",
        "medqa-5",
        "medmcqa",
        "pubmedqa",
        "mmlu-medical",
        "mmlu-pro-health",
        "medxpertqa-text",
        "healthbench",
        "healthbench-hard",
        "healthbench-consensus",
        "healthbench-professional",
        "medcalc-bench-verified",
        "medbullets-4",
        "medbullets-5",
        "afrimed-qa",
        "careqa-en",
        "careqa-es",
        "med-halt-fct",
        "med-halt-nota",
        "med-halt-fake",
        "medhallu",
        "medication-qa",
        "ddxplus",
        "craft-md",
    ] {
        assert!(ids.contains(id), "no entry {id}");
    }
    for entry in &catalogue.entries {
        assert!(!entry.traps.is_empty() && !entry.by_hand.is_empty(), "{}", entry.id);
        let (load, step) = Load::start(entry);
        let Step::Fetch { url, from_byte: None } = step else { panic!("{}: {step:?}", entry.id) };
        let hosts = [
            "https://huggingface.co/datasets/",
            "https://datasets-server.huggingface.co/",
            "https://raw.githubusercontent.com/",
        ];
        assert!(hosts.iter().any(|host| url.starts_with(host)), "{url}");
        assert_eq!(load.progress().n_parts, entry.parts.len());
    }
    assert!(catalogue.entry("healthbench-professional").unwrap().do_not_show);
}

#[test]
fn sets_are_found_by_kind_language_and_words() {
    let catalogue = catalogue();
    let find = |query: Query| -> Vec<&str> {
        catalogue.find(&query).into_iter().map(|idx| catalogue.entries[idx].id.as_str()).collect()
    };
    assert_eq!(find(Query::default()).len(), catalogue.entries.len());
    let spanish = Query { language: "es".to_owned(), ..Query::default() };
    assert_eq!(find(spanish), ["careqa-es"]);
    let rubric = Query { kind: Some(KindRecord::OpenEnded), ..Query::default() };
    assert!(find(rubric.clone()).iter().all(|id| id.starts_with("healthbench")));
    assert_eq!(
        find(Query { words: "HARD healthbench".to_owned(), ..rubric }),
        ["healthbench-hard"]
    );
    assert!(find(Query { words: "no such words".to_owned(), ..Query::default() }).is_empty());
    assert!(catalogue.languages().contains(&"mul".to_owned()));
    assert_eq!(catalogue.kinds()[0], KindRecord::SingleChoice);
}

#[test]
fn the_form_that_is_written_down_is_the_form_that_is_read() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("datasets/README.md");
    let readme = std::fs::read_to_string(path).unwrap();
    let (_, section) = readme.split_once("## The catalogue of published sets").unwrap();
    let example = section.split("```json").nth(1).unwrap().split("```").next().unwrap();
    let read = Catalogue::read(example).unwrap();
    assert!(read.refusals.is_empty(), "{:?}", read.refusals);
    assert_eq!(read.entries[0].parts[0].places.len(), 3);
}

#[test]
fn a_wrong_entry_costs_itself_and_is_told_with_its_place() {
    let mut file: Value = serde_json::from_str(&text()).unwrap();
    let n = file["entries"].as_array().unwrap().len();
    file["entries"][0]["parts"][0]["places"][0]["dataset"] = json!("../x");
    file["entries"][1]["n_items"] = json!(0);
    file["entries"][2]["colour"] = json!("red");
    file["entries"][4]["id"] = json!("pubmedqa");
    file["entries"][5]["parts"][0]["places"][0]["from"] = json!("ftp");
    file["entries"][6]["page"] = json!("javascript:alert(1)");
    let read = Catalogue::read(&file.to_string()).unwrap();
    assert_eq!(read.entries.len(), n - 6);
    let fields: Vec<&str> = read.refusals.iter().map(|refusal| refusal.field.as_str()).collect();
    assert_eq!(
        fields,
        [
            "entries[0].parts[0].places[0]",
            "entries[1].n_items",
            "entries[2]",
            "entries[4].id",
            "entries[5]",
            "entries[6].page"
        ]
    );
    assert!(read.refusals[2].reason.contains("colour"), "{}", read.refusals[2].reason);
    file["schema"] = json!("viva-catalogue/2");
    let error = Catalogue::read(&file.to_string()).unwrap_err();
    assert!(matches!(error, CatalogueError::UnknownSchema { .. }), "{error}");
    assert!(Catalogue::read("[").is_err());
}

// ------------------------------------------------------------------ loads, against scripted answers

fn reply(status: u16, body: &str) -> Event {
    let head = Head { status, ..Head::default() };
    Event::Reply(Reply { head, body: body.as_bytes().to_vec() })
}

/// The load as it comes back from a store that keeps bytes apart from all else.
fn kept(load: &Load) -> Load {
    let (bare, bytes) = load.apart();
    let bytes: Vec<Vec<u8>> = bytes.into_iter().map(<[u8]>::to_vec).collect();
    let stored = serde_json::to_string(&bare).unwrap();
    serde_json::from_str::<Load>(&stored).unwrap().whole(bytes)
}

fn url(step: &Step) -> &str {
    match step {
        Step::Fetch { url, .. } => url,
        other => panic!("{other:?}"),
    }
}

fn failure(step: Step) -> Failure {
    match step {
        Step::Failed(failure) => failure,
        other => panic!("{other:?}"),
    }
}

/// A page of `total` rows from `offset` on, as the dataset server gives it.
fn page(total: usize, offset: usize, row: impl Fn(usize) -> Value) -> String {
    page_with(total, offset, row, &[])
}

fn page_with(total: usize, offset: usize, row: impl Fn(usize) -> Value, cut: &[usize]) -> String {
    let rows: Vec<Value> = (offset..total.min(offset + 100))
        .map(|idx| {
            let cells: &[&str] = if cut.contains(&idx) { &["question"] } else { &[] };
            json!({"row_idx": idx, "row": row(idx), "truncated_cells": cells})
        })
        .collect();
    json!({"features": [], "rows": rows, "num_rows_total": total, "num_rows_per_page": 100, "partial": false})
        .to_string()
}

fn mcq(idx: usize) -> Value {
    json!({"question": format!("Question {idx}?"), "subject": "anatomy", "choices": ["a", "b", "c", "d"], "answer": idx % 4})
}

/// What the address asks for: its `offset`.
fn offset(url: &str) -> usize {
    let (_, rest) = url.split_once("&offset=").unwrap();
    rest.split('&').next().unwrap().parse().unwrap()
}

/// An entry with one part and these places.
fn with_places(id: &str, n_rows: usize, places: &Value) -> Entry {
    let mut value = serde_json::to_value(entry(id)).unwrap();
    value["parts"] = json!([{"name": "part", "n_rows": n_rows, "places": places}]);
    serde_json::from_value(value).unwrap()
}

fn rows_place() -> Value {
    json!({"from": "hugging_face_rows", "dataset": "o/n", "config": "default", "split": "test"})
}

fn file_place() -> Value {
    json!({"from": "hugging_face_file", "dataset": "o/n", "revision": "main", "path": "test.jsonl"})
}

fn finished(load: &Load) -> Finished {
    finish(&load.entry, load.gotten()).unwrap_or_else(|failure| panic!("{failure}"))
}

#[test]
fn pages_of_a_hundred_are_loaded_in_order_and_every_subject_after_the_other() {
    let entry = entry("mmlu-medical");
    let (mut load, mut step) = Load::start(&entry);
    let mut n_requests = 0;
    while let Step::Fetch { url, .. } = &step {
        let total = entry.parts[load.progress().n_parts_done].n_rows.unwrap();
        let (offset, url) = (offset(url), url.clone());
        assert!(url.contains("dataset=cais%2Fmmlu") && url.ends_with("&length=100"), "{url}");
        n_requests += 1;
        step = load.handle(reply(200, &page(total, offset, mcq)));
    }
    assert_eq!((step, n_requests), (Step::Done, 3 + 3 + 2 + 2 + 2 + 1));
    let finished = finished(&load);
    assert_eq!(finished.import.dataset.items.len(), 1089);
    assert_eq!(finished.is_count_right, Some(true));
    assert_eq!(finished.fingerprint.len(), 64);
    let ids: BTreeSet<&str> =
        finished.import.dataset.items.iter().map(|item| item.id.0.as_str()).collect();
    assert_eq!(ids.len(), 1089);
    assert!(ids.contains("anatomy-135") && ids.contains("professional-medicine-1"));
}

#[test]
fn the_host_is_waited_for_when_it_asks_and_tried_again_when_it_stumbles() {
    let entry = with_places("medmcqa", 150, &json!([rows_place()]));
    let (mut load, first) = Load::start(&entry);
    let head = Head { status: 429, retry_after_secs: Some(7), ..Head::default() };
    let step = load.handle(Event::Reply(Reply { head, body: vec![] }));
    assert!(matches!(step, Step::Wait { millis: 7_000, .. }), "{step:?}");
    assert_eq!(load.handle(Event::Waited), first);
    let waits: Vec<u64> = (0..4)
        .map(|_| match load.handle(reply(503, r#"{"error": "busy"}"#)) {
            Step::Wait { millis, why } => {
                assert!(why.contains("busy"), "{why}");
                millis
            }
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(waits, [1_000, 2_000, 4_000, 8_000]);
    let step = load.handle(reply(200, &page(150, 0, mcq)));
    assert_eq!(offset(url(&step)), 100);
    // The count begins anew after a page that came.
    assert!(matches!(load.handle(reply(429, "")), Step::Wait { millis: 1_000, .. }));
    assert_eq!(load.handle(reply(200, &page(150, 100, mcq))), Step::Done);
    assert_eq!(finished(&load).import.n_rows, 150);
}

#[test]
fn a_host_that_stays_silent_is_given_up_and_the_way_round_is_told() {
    let entry = with_places("medmcqa", 150, &json!([rows_place(), file_place()]));
    let (mut load, mut step) = Load::start(&entry);
    let mut n_lost = 0;
    loop {
        step = match step {
            Step::Fetch { .. } => {
                n_lost += 1;
                load.handle(Event::Lost)
            }
            Step::Wait { .. } => load.handle(Event::Waited),
            other => break step = other,
        };
    }
    assert_eq!(n_lost, 12);
    let failure = failure(step);
    assert!(failure.what.contains("there is no network"), "{failure}");
    assert!(failure.way_round.contains("open it here") && !failure.downloads.is_empty());
    // With the network back it goes on.
    assert_eq!(offset(url(&load.resume())), 0);
}

#[test]
fn a_place_that_is_closed_or_moved_gives_way_to_the_next() {
    let entry = with_places("medmcqa", 2, &json!([rows_place(), file_place()]));
    for status in [401, 403, 404, 410, 422] {
        let (mut load, _) = Load::start(&entry);
        let step = load.handle(reply(status, r#"{"error": "The dataset is gated."}"#));
        assert!(url(&step).ends_with("/resolve/main/test.jsonl"), "{step:?}");
        let told = failure(load.handle(reply(404, "Entry not found")));
        assert!(told.what.contains("The dataset is gated.") && told.what.contains("404"), "{told}");
    }
}

#[test]
fn a_web_page_in_the_place_of_data_is_told() {
    let entry = with_places("medmcqa", 2, &json!([file_place()]));
    let (mut load, _) = Load::start(&entry);
    let told = failure(load.handle(reply(200, "<!doctype html><title>Log in</title>")));
    assert!(told.what.contains("a web page came"), "{told}");
    let (mut load, _) = Load::start(&entry);
    let told =
        failure(load.handle(reply(200, "version https://git-lfs.github.com/spec/v1\noid x")));
    assert!(told.what.contains("a pointer"), "{told}");
}

#[test]
fn cut_cells_send_to_the_file_and_only_cost_their_rows_without_one() {
    let both = with_places("medmcqa", 150, &json!([rows_place(), file_place()]));
    let (mut load, _) = Load::start(&both);
    let step = load.handle(reply(200, &page_with(150, 0, mcq, &[3])));
    assert!(url(&step).ends_with("test.jsonl"));
    // The file is not to be had: on with the rows, from where they were left.
    let step = load.handle(reply(404, ""));
    assert_eq!(offset(url(&step)), 100);
    assert_eq!(load.handle(reply(200, &page_with(150, 100, mcq, &[120]))), Step::Done);
    let finished = finished(&load);
    assert_eq!((finished.import.dataset.items.len(), finished.import.refusals.len()), (148, 2));
    assert_eq!(finished.import.refusals[0].field, "truncated_cells");
    assert!(finished.import.notices.iter().any(|notice| notice.contains("2 rows came with cells")));
    // With the file all is there.
    let (mut load, _) = Load::start(&both);
    load.handle(reply(200, &page_with(150, 0, mcq, &[3])));
    let lines: Vec<String> = (0..150).map(|idx| mcq(idx).to_string()).collect();
    assert_eq!(load.handle(reply(200, &lines.join("\n"))), Step::Done);
    assert_eq!(self::finished(&load).import.dataset.items.len(), 150);
}

#[test]
fn a_load_that_was_stopped_and_stored_goes_on_at_the_page_it_had_reached() {
    let entry = with_places("medmcqa", 250, &json!([rows_place()]));
    let (mut load, _) = Load::start(&entry);
    let step = load.handle(reply(200, &page(250, 0, mcq)));
    assert_eq!(load.progress().done, 100);
    assert_eq!((load.progress().total, load.progress().unit), (Some(250), Unit::Rows));
    assert_eq!(load.handle(Event::Stop), Step::Stopped);
    let stored = serde_json::to_string(&load).unwrap();
    let mut load: Load = serde_json::from_str(&stored).unwrap();
    assert_eq!(load.resume(), step);
    load.handle(reply(200, &page(250, 100, mcq)));
    assert_eq!(load.handle(reply(200, &page(250, 200, mcq))), Step::Done);
    let whole = finished(&load);
    // The same items as in one go.
    let (mut load, _) = Load::start(&entry);
    for offset in [0, 100, 200] {
        load.handle(reply(200, &page(250, offset, mcq)));
    }
    assert_eq!(finished(&load).fingerprint, whole.fingerprint);
}

#[test]
fn a_file_that_was_stopped_goes_on_at_its_byte_and_begins_anew_where_that_is_refused() {
    let entry = with_places("medmcqa", 2, &json!([file_place()]));
    let body = format!("{}\n{}\n", mcq(0), mcq(1)).replace("a\",", "ä\",").into_bytes();
    let n = body.len() as u64;
    let (first, second) = body.split_at(body.iter().position(|byte| *byte == 0xa4).unwrap());
    let head = |status, n_bytes| Head { status, n_bytes: Some(n_bytes), ..Head::default() };
    let begun = || {
        let (mut load, _) = Load::start(&entry);
        assert_eq!(load.handle(Event::Began(head(200, n))), Step::ReadOn);
        assert_eq!(load.handle(Event::Chunk(first.to_vec())), Step::ReadOn);
        assert_eq!(load.progress().total, Some(n));
        assert_eq!(load.handle(Event::Stop), Step::Stopped);
        let stored = serde_json::to_string(&load).unwrap();
        let mut load: Load = serde_json::from_str(&stored).unwrap();
        assert_eq!(kept(&load), load);
        // Without its bytes it begins anew.
        assert!(matches!(
            load.apart().0.whole(vec![]).resume(),
            Step::Fetch { from_byte: None, .. }
        ));
        let Step::Fetch { from_byte, .. } = load.resume() else { panic!() };
        assert_eq!(from_byte, Some(first.len() as u64));
        load
    };
    // The rest comes.
    let mut load = begun();
    assert_eq!(load.handle(Event::Began(head(206, second.len() as u64))), Step::ReadOn);
    load.handle(Event::Chunk(second.to_vec()));
    assert_eq!(load.handle(Event::Ended), Step::Done);
    assert_eq!(load.gotten()[0].content, Content::Text(String::from_utf8(body.clone()).unwrap()));
    // The host gives the whole file all the same.
    let mut load = begun();
    load.handle(Event::Began(head(200, n)));
    load.handle(Event::Chunk(body.clone()));
    assert_eq!(load.handle(Event::Ended), Step::Done);
    // The host refuses requests for a part.
    let mut load = begun();
    assert!(matches!(load.handle(Event::Lost), Step::Wait { .. }));
    load.handle(Event::Waited);
    assert!(matches!(load.handle(Event::Lost), Step::Wait { .. }));
    assert!(matches!(load.handle(Event::Waited), Step::Fetch { from_byte: None, .. }));
    let mut load = begun();
    assert!(matches!(load.handle(reply(416, "")), Step::Fetch { from_byte: None, .. }));
    // It breaks off again.
    let mut load = begun();
    load.handle(Event::Began(head(206, second.len() as u64)));
    load.handle(Event::Chunk(second[..3].to_vec()));
    assert!(matches!(load.handle(Event::Ended), Step::Wait { .. }));
    let Step::Fetch { from_byte, .. } = load.handle(Event::Waited) else { panic!() };
    assert_eq!(from_byte, Some(first.len() as u64 + 3));
}

#[test]
fn a_set_that_changes_meanwhile_begins_anew_once() {
    let entry = with_places("medmcqa", 150, &json!([rows_place()]));
    let (mut load, _) = Load::start(&entry);
    load.handle(reply(200, &page(150, 0, mcq)));
    let step = load.handle(reply(200, &page(160, 100, mcq)));
    assert_eq!(offset(url(&step)), 0);
    load.handle(reply(200, &page(160, 0, mcq)));
    let told = failure(load.handle(reply(200, &page(150, 100, mcq))));
    assert!(told.what.contains("changes while it is loaded"), "{told}");
}

#[test]
fn pages_that_are_not_what_was_asked_for_are_not_taken() {
    let entry = with_places("medmcqa", 150, &json!([rows_place()]));
    let shifted: Vec<Value> =
        (50..150).map(|idx| json!({"row_idx": idx, "row": mcq(idx)})).collect();
    for body in [
        json!({"rows": shifted, "num_rows_total": 150}).to_string(),
        page(150, 100, mcq),
        json!({"rows": [], "num_rows_total": 150}).to_string(),
        json!({"rows": [{"row_idx": 0, "row": {}}], "num_rows_total": 150}).to_string(),
        json!({"rows": [{"row_idx": 0, "row": {}}]}).to_string(),
        json!({"error": "x"}).to_string(),
        "{".to_owned(),
    ] {
        let (mut load, _) = Load::start(&entry);
        let step = load.handle(reply(200, &body));
        assert!(matches!(step, Step::Wait { .. }), "{body}: {step:?}");
        assert_eq!(load.progress().done, 0);
    }
    let (mut load, _) = Load::start(&entry);
    let rows: Vec<Value> = (0..100).map(|idx| json!({"row_idx": idx, "row": mcq(idx)})).collect();
    let body = json!({"rows": rows, "num_rows_total": 3_000_000}).to_string();
    let told = failure(load.handle(reply(200, &body)));
    assert!(told.what.contains("3000000 rows"), "{told}");
    assert_eq!(load.entry.parts[0].n_rows, Some(150));
}

#[test]
fn a_count_that_differs_and_a_file_that_changed_are_told() {
    let place = json!([{"from": "github_file", "repository": "o/n", "revision": "main", "path": "x.jsonl", "sha256": "0".repeat(64)}]);
    let entry = with_places("medmcqa", 3, &place);
    let (mut load, _) = Load::start(&entry);
    assert_eq!(load.handle(reply(200, &format!("{}\n{}", mcq(0), mcq(1)))), Step::Done);
    let finished = finished(&load);
    assert_eq!(finished.is_count_right, Some(false));
    let notices = finished.import.notices.join(" ");
    assert!(notices.contains("2 rows came where the catalogue expects 3"), "{notices}");
    assert!(notices.contains("not the one that the catalogue was made with"), "{notices}");
    assert_eq!(finished.import.dataset.title, "MedMCQA, validation");
    // What is no set of questions is told with the way round.
    let (mut load, _) = Load::start(&entry);
    load.handle(reply(200, "PAR1\0\0"));
    let failure = finish(&load.entry, load.gotten()).unwrap_err();
    assert!(!failure.downloads.is_empty() && failure.what.contains("x.jsonl"), "{failure}");
}

// ------------------------------------------------------------------ the rules of single sets

#[test]
fn rows_that_a_set_does_not_count_are_set_aside() {
    let entry = entry("mmlu-pro-health");
    let row = |idx: usize| {
        let category = if idx.is_multiple_of(3) { "health" } else { "law" };
        json!({"question_id": idx, "question": format!("Q{idx}?"), "options": ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"], "answer": "I", "answer_index": 8, "cot_content": "", "category": category, "src": "x"})
    };
    let (mut load, step) = Load::start(&entry);
    assert!(
        url(&step).contains("/filter?")
            && url(&step).contains("where=%22category%22%3D%27health%27")
    );
    // The server cannot filter: the whole set is loaded.
    let step = load.handle(reply(404, r#"{"error": "not indexed"}"#));
    assert!(url(&step).contains("/rows?"));
    load.handle(reply(200, &page(120, 0, row)));
    assert_eq!(load.handle(reply(200, &page(120, 100, row))), Step::Done);
    let finished = finished(&load);
    assert_eq!((finished.import.dataset.items.len(), finished.import.n_rows), (40, 40));
    assert_eq!(finished.import.dataset.items[1].choice().unwrap().answer, 8);
    assert!(
        finished.import.notices.iter().any(|notice| notice.starts_with("80 rows were set aside"))
    );
    // Filtered, the numbers of rows have gaps.
    let (mut load, _) = Load::start(&entry);
    let rows: Vec<Value> = (0..40)
        .map(|idx| json!({"row_idx": 3 * idx, "row": row(3 * idx), "truncated_cells": []}))
        .collect();
    assert_eq!(
        load.handle(reply(200, &json!({"rows": rows, "num_rows_total": 40}).to_string())),
        Step::Done
    );
    assert_eq!(self::finished(&load).fingerprint, finished.fingerprint);
}

#[test]
fn careqa_counts_from_one_even_where_the_rows_do_not_show_it() {
    let row = |question: Value, cop: u8| json!({"question": question, "op1": "a", "op2": "b", "op3": "c", "op4": "d", "cop": cop, "exam_id": 36, "category": "Medicine", "year": 2024, "unique_id": format!("u{cop}")});
    let entry = with_places("careqa-en", 2, &json!([file_place()]));
    let (mut load, _) = Load::start(&entry);
    let body = json!([row(json!("Q?"), 2), row(Value::Null, 3)]).to_string();
    assert_eq!(load.handle(reply(200, &body)), Step::Done);
    let finished = finished(&load);
    assert_eq!(finished.import.dataset.items[0].choice().unwrap().answer, 1);
    assert_eq!(finished.import.dataset.items[0].id.0, "u2");
    let refusal = &finished.import.refusals[0];
    assert_eq!((refusal.field.as_str(), refusal.reason.as_str()), ("question", "is empty"));
}

#[test]
fn the_disputed_questions_of_medqa_can_be_set_aside_and_are_not_needed_to_load() {
    let entry = entry("medqa-4");
    let row = |n: usize| json!({"question": format!("Question {n}?"), "answer": "b", "options": {"A": "a", "B": "b", "C": "c", "D": "d"}, "meta_info": "step1", "answer_idx": "B", "metamap_phrases": []});
    let body: Vec<String> = (0..3).map(|n| row(n).to_string()).collect();
    let votes = "qid,question,answer_idx,info_missing,blind_answers,seen_answers\n\
        7,Question 1?,B,TRUE,['B'],\n7,Question 1?,B,TRUE,['B'],\n7,Question 1?,B,FALSE,['B'],\n\
        8,Question 2?,B,FALSE,['B'],\n";
    let (mut load, step) = Load::start(&entry);
    assert!(url(&step).ends_with("/resolve/main/phrases_no_exclude_test.jsonl"));
    let step = load.handle(reply(200, &body.join("\n")));
    assert!(url(&step).ends_with("/medqa_relabelling.csv"));
    assert_eq!(load.handle(reply(200, votes)), Step::Done);
    let with = finished(&load);
    let split = &with.import.dataset.splits[0];
    assert_eq!((split.item_idxs.as_slice(), with.official_split), (&[0, 2][..], None));
    assert_eq!(with.undisputed_split, Some(0));
    assert_eq!(with.import.dataset.items[0].id.0, "medqa-4-1");
    // Without the votes.
    let (mut load, _) = Load::start(&entry);
    load.handle(reply(200, &body.join("\n")));
    assert_eq!(load.handle(reply(404, "")), Step::Done);
    let without = finished(&load);
    assert!(without.import.dataset.splits.is_empty());
    assert!(without.import.notices.iter().any(|notice| notice.contains("could not be loaded")));
    assert_eq!(without.fingerprint, with.fingerprint);
}

#[test]
fn patients_of_ddxplus_are_a_sample_in_words() {
    let entry = entry("ddxplus");
    let (mut load, step) = Load::start(&entry);
    assert!(url(&step).ends_with("/release_evidences.json"));
    let evidences = json!({"E_91": {"question_en": "Do you have a fever?", "value_meaning": {}}});
    let mut step = load.handle(reply(200, &evidences.to_string()));
    let row = |_| json!({"AGE": 40, "SEX": "M", "PATHOLOGY": "URTI", "EVIDENCES": "['E_91']", "INITIAL_EVIDENCE": "E_91", "DIFFERENTIAL_DIAGNOSIS": "[['URTI', 0.7], ['Flu', 0.3]]"});
    let mut offsets = vec![];
    while let Step::Fetch { url, .. } = &step {
        let offset = offset(url);
        offsets.push(offset);
        step = load.handle(reply(200, &page(134_529, offset, row)));
    }
    assert_eq!(step, Step::Done);
    assert_eq!((offsets.len(), offsets[1], offsets[9]), (10, 13_452, 121_068));
    let finished = finished(&load);
    assert_eq!((finished.import.dataset.items.len(), finished.is_count_right), (1_000, Some(true)));
    let item = &finished.import.dataset.items[100];
    assert_eq!(item.id.0, "test-13452");
    assert!(item.question.contains("Do you have a fever? yes") && !item.question.contains("E_91"));
    assert_eq!(item.options(), ["Flu", "URTI"]);
    let (mut load, _) = Load::start(&entry);
    load.handle(reply(200, "[]"));
    load.handle(reply(200, &page(100, 0, row)));
    assert!(finish(&load.entry, load.gotten()).unwrap_err().what.contains("evidences"));
}

#[test]
fn the_official_split_of_pubmedqa_is_named_where_it_is_recognised() {
    let row = |idx: usize| json!({"pubid": idx, "question": "Does it?", "context": {"contexts": ["x"]}, "long_answer": "l", "final_decision": "yes"});
    let entry = with_places("pubmedqa", 3, &json!([rows_place()]));
    let (mut load, _) = Load::start(&entry);
    assert_eq!(load.handle(reply(200, &page(3, 0, row))), Step::Done);
    let finished = finished(&load);
    assert_eq!(finished.official_split, None);
    assert!(finished.import.notices.iter().any(|notice| notice.contains("official test split")));
}

/// The bytes of a real file; `None`, said aloud, where it is not present.
fn real(name: &str) -> Option<Vec<u8>> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    let folder = std::env::var_os("VIVA_SHARED_DATA").map_or(beside, std::path::PathBuf::from);
    let path = folder.join("benchmarks").join(name);
    let bytes = std::fs::read(&path).ok();
    if bytes.is_none() {
        eprintln!("skipped: {} is not present", path.display());
    }
    bytes
}

#[test]
fn real_files_pass_the_rules_of_their_sets() {
    if let Some(bytes) = real("pubmedqa-ori_pqal.json") {
        let entry = entry("pubmedqa");
        let (mut load, _) = Load::start(&entry);
        let head = Head { status: 200, n_bytes: Some(bytes.len() as u64), ..Head::default() };
        load.handle(Event::Began(head));
        for chunk in bytes.chunks(65_536) {
            assert_eq!(load.handle(Event::Chunk(chunk.to_vec())), Step::ReadOn);
        }
        assert_eq!(load.handle(Event::Ended), Step::Done);
        let finished = finished(&load);
        assert_eq!((finished.official_split, finished.is_count_right), (Some(0), Some(true)));
        assert_eq!(finished.import.dataset.splits[0].item_idxs.len(), entry.n_items);
    }
    if let Some(bytes) = real("medmcqa-validation-inlined.jsonl") {
        let entry = entry("medmcqa");
        let gotten = Gotten::by_hand(&entry, "medmcqa-validation.jsonl", bytes);
        assert_eq!(finish(&entry, &[gotten]).unwrap().is_count_right, Some(true));
    }
    if let Some(bytes) = real("medqa-4-options-test.csv") {
        let entry = entry("medqa-4");
        let gotten = Gotten::by_hand(&entry, "medqa-4.csv", bytes);
        assert_eq!(finish(&entry, &[gotten]).unwrap().is_count_right, Some(true));
    }
}

#[test]
fn rows_of_the_other_sets_become_what_they_are() {
    let one = |id: &str, name: &str, body: String| {
        let entry = entry(id);
        let gotten = Gotten {
            part: 0,
            place: Some(0),
            file_name: name.to_owned(),
            content: Content::Text(body),
            notices: vec![],
        };
        let finished =
            finish(&entry, &[gotten]).unwrap_or_else(|failure| panic!("{id}: {failure}"));
        assert!(finished.import.refusals.is_empty(), "{id}: {:?}", finished.import.refusals);
        finished.import.dataset
    };
    // MedBullets: the JSON is by columns, and lines of the CSV end in nameless cells.
    let columns = json!({"link": {"0": "l", "1": "m"}, "question": {"0": "Q as in Figure A?", "1": "R?"}, "opa": {"0": "a", "1": "a"}, "opb": {"0": "b", "1": "b"}, "opc": {"0": "c", "1": "c"}, "opd": {"0": "d", "1": "d"}, "ope": {"0": "e", "1": "e"}, "answer_idx": {"0": "E", "1": "A"}, "answer": {"0": "e", "1": "a"}, "explanation": {"0": "x", "1": "y"}});
    let set = one("medbullets-5", "m.json", columns.to_string());
    assert_eq!((set.items[0].choice().unwrap().answer, set.items.len()), (4, 2));
    assert_eq!(set.splits[0].name, "without 1 questions that point to a figure (1)");
    assert_eq!(set.splits[0].item_idxs, [1]);
    let csv = "link,question,opa,opb,opc,opd,answer_idx,answer,explanation\nhttps://x,\"Which?\",A1,B1,C1,D1,C,C1,Because.,,,,\n";
    let set = one("medbullets-4", "m.csv", csv.to_owned());
    assert_eq!((set.items[0].choice().unwrap().answer, set.items[0].options().len()), (2, 4));
    // CRAFT-MD asks nothing in its column.
    let csv = ",case_vignette,choice_1,choice_2,choice_3,choice_4,answer,category,dataset,case_id\n0,\"A man, 22, has lesions.\",Lymphogranuloma venereum,Herpes,Chancroid,Syphilis,Herpes,Dermatology,dermatology_public,case_0\n";
    let set = one("craft-md", "c.csv", csv.to_owned());
    let item = &set.items[0];
    assert_eq!(item.question, "A man, 22, has lesions.\n\nWhat is the most likely diagnosis?");
    assert_eq!((item.choice().unwrap().answer, item.category.as_str()), (1, "Dermatology"));
    assert_eq!((item.id.0.as_str(), item.tags.join(",")), ("case_0", "dermatology_public".into()));
    // MedXpertQA as its repository and as Hugging Face have it.
    let options = json!([{"letter": "A", "content": "x"}, {"letter": "B", "content": "y"}]);
    let row = json!({"id": "Text-20", "question": "Which?\nAnswer Choices: (A) x (B) y", "options": options, "label": "B", "medical_task": "Diagnosis", "body_system": "Skeletal", "question_type": "Reasoning"});
    let mut other = row.clone();
    other["id"] = json!("Text-21");
    other["options"] = json!({"A": "x", "B": "y"});
    let set = one("medxpertqa-text", "x.jsonl", format!("{row}\n{other}"));
    for item in &set.items {
        assert_eq!((item.question.as_str(), item.choice().unwrap().answer), ("Which?", 1));
    }
    // HealthBench, MedCalc-Bench, MedicationQA, Med-HALT, MedHallu, MedMCQA and AfriMed-QA.
    let row = json!({"prompt_id": "p", "prompt": [{"role": "user", "content": "Hi"}], "rubrics": [{"criterion": "c", "points": 5, "tags": []}], "example_tags": ["theme:hedging"], "canary": "c"});
    assert!(matches!(
        one("healthbench", "h.jsonl", row.to_string()).items[0].kind,
        Kind::Rubric(_)
    ));
    let row = json!({"Row Number": 1, "Calculator Name": "c", "Category": "lab", "Patient Note": "n", "Question": "q", "Ground Truth Answer": "2.5", "Lower Limit": "2.4", "Upper Limit": "2.6"});
    assert!(matches!(
        one("medcalc-bench-verified", "m.jsonl", row.to_string()).items[0].kind,
        Kind::Number(_)
    ));
    let row = json!({"Question": "q", "Focus (Drug)": "d", "Question Type": "Dose", "Answer": "a", "Section Title": "s", "URL": "u"});
    assert!(matches!(
        one("medication-qa", "m.jsonl", row.to_string()).items[0].kind,
        Kind::Reference(_)
    ));
    let row = json!({"id": "f", "dataset": "medmcqa", "subject_name": "s", "split_type": "val", "question": "q", "options": "{'0': 'x', '1': 'None of the above', 'correct answer': 'x'}", "correct_index": 1, "correct_answer": "None of the above"});
    assert_eq!(
        one("med-halt-nota", "m.jsonl", row.to_string()).items[0].choice().unwrap().answer,
        1
    );
    let row = json!({"id": "f", "question": "q", "opa": "a", "opb": "b", "opc": "c", "opd": "d", "cop": 2, "choice_type": "single", "exp": "e", "subject_name": "s", "topic_name": "t"});
    assert_eq!(one("medmcqa", "m.jsonl", row.to_string()).items[0].choice().unwrap().answer, 2);
    let row = json!({"Question": "q", "Knowledge": ["k"], "Ground Truth": "g", "Difficulty Level": "easy", "Hallucinated Answer": "h", "Category of Hallucination": "c"});
    assert_eq!(one("medhallu", "m.jsonl", row.to_string()).items[0].id.0, "medhallu-1");
    let row = json!({"sample_id": "s", "question_type": "MCQ", "tier": "Expert", "question": "q", "answer_options": "{\"option1\": \"a\", \"option2\": \"b\"}", "correct_answer": "option1"});
    assert_eq!(one("afrimed-qa", "m.jsonl", row.to_string()).items[0].choice().unwrap().answer, 0);
}

#[test]
fn a_file_downloaded_by_hand_goes_through_the_rules_of_its_set() {
    let entry = entry("mmlu-medical");
    let lines: Vec<String> = (0..135).map(|idx| mcq(idx).to_string()).collect();
    let bytes = lines.join("\n").into_bytes();
    let gotten = Gotten::by_hand(&entry, "anatomy_test.jsonl", bytes.clone());
    assert_eq!((gotten.part, gotten.is_missing()), (4, false));
    let finished = finish(&entry, &[gotten]).unwrap();
    assert_eq!(finished.is_count_right, Some(true));
    assert_eq!(finished.import.dataset.items[0].id.0, "anatomy-1");
    assert_eq!(Gotten::by_hand(&entry, "test.jsonl", bytes.clone()).part, 0);
    // A part that is published under a name of its own is known by it.
    let medqa = self::entry("medqa-4");
    assert_eq!(Gotten::by_hand(&medqa, "medqa_relabelling (1).csv", bytes.clone()).part, 1);
    assert_eq!(Gotten::by_hand(&medqa, "phrases_no_exclude_test.jsonl", bytes).part, 0);
    assert!(finish(&entry, &[]).unwrap_err().what.contains("Nothing of MMLU"));
}

#[test]
fn answers_that_were_graded_are_no_questions() {
    let row = json!({"prompt": [{"role": "user", "content": "Hi"}], "completion": "x", "rubric": "r", "binary_labels": [true], "prompt_id": "p"});
    let import = viva::dataset::open("meta.jsonl", row.to_string().as_bytes()).unwrap();
    assert!(import.refusals[0].reason.contains("meta-evaluation"));
}

// ------------------------------------------------------------------ any set on Hugging Face

#[test]
fn any_set_on_hugging_face_is_asked_for_its_splits_first() {
    let address = HubAddress::parse("https://huggingface.co/datasets/o/law").unwrap();
    let (mut load, step) = Load::start_hub(&address);
    assert_eq!(url(&step), "https://datasets-server.huggingface.co/splits?dataset=o%2Flaw");
    let splits = |names: &[&str]| {
        let list: Vec<Value> = names
            .iter()
            .map(|split| json!({"dataset": "evil/other", "config": "default", "split": split}))
            .collect();
        reply(200, &json!({"splits": list, "pending": [], "failed": []}).to_string())
    };
    let Step::Choose(offered) = load.handle(splits(&["train", "test"])) else { panic!() };
    assert_eq!(offered[1].dataset, "o/law");
    let stored = serde_json::to_string(&load).unwrap();
    let mut load: Load = serde_json::from_str(&stored).unwrap();
    assert!(matches!(load.resume(), Step::Choose(_)));
    assert!(matches!(load.choose(9), Step::Choose(_)));
    let step = load.choose(1);
    assert!(url(&step).contains("rows?dataset=o%2Flaw&config=default&split=test&"));
    assert_eq!(load.handle(reply(200, &page(2, 0, mcq))), Step::Done);
    assert_eq!(finished(&load).import.dataset.items.len(), 2);
    // A set that is too large for pages is taken from the copy in Parquet, and its rows are counted.
    let (mut load, _) = Load::start_hub(
        &HubAddress::parse("https://hf.co/datasets/o/law/viewer/default/test").unwrap(),
    );
    let rows: Vec<Value> = (0..100).map(|idx| json!({"row_idx": idx, "row": mcq(idx)})).collect();
    let step =
        load.handle(reply(200, &json!({"rows": rows, "num_rows_total": 40_000}).to_string()));
    assert!(
        url(&step).ends_with("/o/law/resolve/refs%2Fconvert%2Fparquet/default/test/0000.parquet")
    );
    assert_eq!(load.entry.parts[0].n_rows, Some(40_000));
    // A single split needs no choice.
    let (mut load, _) = Load::start_hub(&address);
    assert!(url(&load.handle(splits(&["train"]))).contains("split=train"));
    let (mut load, _) = Load::start_hub(&address);
    assert!(failure(load.handle(splits(&[]))).what.contains("cannot serve this set"));
    let (mut load, _) = Load::start_hub(&address);
    let told = failure(load.handle(reply(404, r#"{"error": "The dataset does not exist."}"#)));
    assert!(
        told.what.contains("does not exist") && told.downloads[0].url.ends_with("/o/law/tree/main")
    );
    assert!(url(&load.resume()).contains("/splits?"));
    // A file goes straight away.
    let address =
        HubAddress::parse("https://huggingface.co/datasets/o/law/blob/main/a.jsonl").unwrap();
    assert!(url(&Load::start_hub(&address).1).ends_with("/o/law/resolve/main/a.jsonl"));
}

// ------------------------------------------------------------------ whatever hosts answer

fn documented_row(which: usize) -> Value {
    match which {
        0 => {
            json!({"sample_id": "s", "question_type": "mcq", "tier": "expert", "question": "q", "question_clean": "r", "answer_options": "{\"option1\": \"a\", \"option2\": \"b\"}", "correct_answer": "option1"})
        }
        1 => {
            json!({"id": "f", "dataset": "d", "split_type": "val", "question": "q", "options": "{'0': 'x', '1': 'I do not know'}", "correct_index": 1, "correct_answer": "x"})
        }
        2 => {
            json!({"Question": "q", "Knowledge": ["k"], "Ground Truth": "g", "Difficulty Level": "easy", "Hallucinated Answer": "h"})
        }
        3 => {
            json!({"Question": "q", "Focus (Drug)": "d", "Question Type": "Dose", "Answer": "a", "URL": "u"})
        }
        4 => {
            json!({"AGE": 40, "SEX": "M", "PATHOLOGY": "URTI", "EVIDENCES": "['E_91']", "INITIAL_EVIDENCE": "E_91", "DIFFERENTIAL_DIAGNOSIS": "[['URTI', 0.7], ['Flu', 0.3]]"})
        }
        5 => {
            json!({"case_vignette": "v", "choice_1": "a", "choice_2": "b", "answer": "b", "category": "c", "dataset": "d", "case_id": "x"})
        }
        _ => {
            json!({"prompt": [{"role": "user", "content": "Hi"}], "completion": "x", "rubrics": [{"criterion": "c", "points": 1}], "binary_labels": [true]})
        }
    }
}

fn any_cell() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        Just(json!([])),
        Just(json!({})),
        Just(json!([["a"], 1, null])),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        "(\\{|\\}|\\[|\\]|'|\"|:|,|0|1|option1|I do not know|conceding|E_91|_@_){0,12}"
            .prop_map(Value::from),
    ]
}

fn any_event() -> impl Strategy<Value = Event> {
    let body = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..40),
        Just(page(150, 0, mcq).into_bytes()),
        Just(page(150, 100, mcq).into_bytes()),
        Just(page_with(150, 0, mcq, &[1]).into_bytes()),
        Just(br#"{"splits": [{"dataset": "a/b", "config": "c", "split": "d"}]}"#.to_vec()),
        Just(
            br#"{"rows": [{"row_idx": 0, "row": 1}], "num_rows_total": 18446744073709551615}"#
                .to_vec()
        ),
        Just(b"<html>".to_vec()),
        "(\\{|\\}|\"rows\"|:|\\[|\\]|1|,|\"num_rows_total\"){0,12}".prop_map(String::into_bytes),
    ];
    let status = prop_oneof![
        Just(200_u16),
        Just(206),
        Just(429),
        Just(503),
        Just(404),
        Just(416),
        any::<u16>()
    ];
    let head = (status, any::<Option<u64>>(), any::<Option<u64>>()).prop_map(
        |(status, retry_after_secs, n_bytes)| Head {
            status,
            content_type: None,
            retry_after_secs,
            n_bytes,
        },
    );
    prop_oneof![
        4 => (head.clone(), body.clone()).prop_map(|(head, body)| Event::Reply(Reply { head, body })),
        1 => head.prop_map(Event::Began),
        1 => body.prop_map(Event::Chunk),
        1 => Just(Event::Ended),
        1 => Just(Event::Lost),
        2 => Just(Event::Waited),
        1 => Just(Event::Stop),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_sequence_of_answers_panics_and_every_state_can_be_stored(
        events in prop::collection::vec(any_event(), 0..25),
        which in 0_usize..25,
    ) {
        let catalogue = catalogue();
        let (mut load, _) = match catalogue.entries.get(which) {
            Some(entry) => Load::start(entry),
            None => Load::start_hub(&HubAddress::parse("o/n").unwrap()),
        };
        for event in events {
            let step = load.handle(event);
            if let Step::Wait { millis, .. } = step {
                prop_assert!((1_000..=600_000).contains(&millis), "{}", millis);
            }
            let stored = serde_json::to_string(&load).unwrap();
            prop_assert_eq!(&serde_json::from_str::<Load>(&stored).unwrap(), &load);
            let mut kept = kept(&load);
            prop_assert_eq!(kept.progress(), load.progress());
            prop_assert_eq!(kept.gotten(), load.gotten());
            prop_assert_eq!(kept.resume(), load.clone().resume());
            let progress = load.progress();
            prop_assert!(progress.n_parts_done <= progress.n_parts);
        }
        let _ = finish(&load.entry, load.gotten());
        load.resume();
    }

    #[test]
    fn no_row_panics_and_each_is_an_item_or_a_refusal(
        which in 0_usize..7,
        changes in prop::collection::vec((0_usize..12, any_cell()), 0..4),
    ) {
        let mut row = documented_row(which);
        let names: Vec<String> = row.as_object().unwrap().keys().cloned().collect();
        for (idx, cell) in changes {
            row[&names[idx % names.len()]] = cell;
        }
        let body = row.to_string();
        for entry in catalogue().entries {
            let gotten = Gotten::by_hand(&entry, "x.jsonl", body.clone().into_bytes());
            if let Ok(finished) = finish(&entry, &[gotten]) {
                let import = finished.import;
                prop_assert_eq!(import.dataset.items.len() + import.refusals.len(), import.n_rows);
            }
        }
    }

    #[test]
    fn no_catalogue_panics(text in "(\\{|\\}|\"schema\": \"viva-catalogue/1\"|\"entries\"|:|\\[|\\]|1|,|\"as_of\": \"\"){0,16}") {
        let _ = Catalogue::read(&text);
    }
}
