//! Owns the tests of published sets: loaded page by page and by way of a CDN, stopped, gone on with after a reload, checked,
//! used without a network, deleted; and what is said when a host does not play along.

use std::fmt::Write as _;
use std::time::Duration;

use serde_json::{Value, json};
use viva_e2e::browser::{contains, css, label, role};
use viva_e2e::hub::{
    CDN_HOST, GITHUB_HOST, HUB_HOST, Hub, HubFault, HubRule, Kept, ROWS_HOST, RetryAfter,
};
use viva_e2e::place::Scratch;
use viva_e2e::{Error, Result, run};

use crate::{Stage, ensure};

const MCQ: &str = "openlifescienceai/medmcqa";
const MEDQA: &str = "GBaker/MedQA-USMLE-4-options";
const VOTES: &str = "Google-Health/med-gemini-medqa-relabelling";
const VOTES_AT: &str = "2e1e7838bd3e4e7869944bf779a4b9643f330668";

async fn stage(hub: &Hub) -> Result<Stage> {
    Stage::at_ports("localhost", &hub.hosts()).await
}

/// Rows in the shape of `MedMCQA`.
fn mcq_rows(n: usize) -> Vec<Value> {
    let row = |idx: usize| {
        json!({
            "id": format!("row-{idx}"), "question": format!("Question {idx} of many?"),
            "opa": "one", "opb": "two", "opc": "three", "opd": "four", "cop": idx % 4,
            "choice_type": "single", "exp": "because", "subject_name": "Anatomy", "topic_name": null,
        })
    };
    (0..n).map(row).collect()
}

/// Lines in the shape of `MedQA` with four options, long enough that the file comes in pieces.
fn medqa_lines(n: usize) -> String {
    let row = |idx: usize| {
        json!({
            "question": format!("Patient {idx} comes. {} What is to be done?", "Much is told. ".repeat(40)),
            "answer": "b", "options": {"A": "a", "B": "b", "C": "c", "D": "d"},
            "meta_info": "step1", "answer_idx": "B", "metamap_phrases": [],
        })
    };
    (0..n).map(|idx| row(idx).to_string()).collect::<Vec<_>>().join("\n")
}

/// Votes of three physicians who find information missing in the first questions.
fn votes(n: usize) -> String {
    let mut csv = "qid,question,answer_idx,info_missing,blind_answers,seen_answers\n".to_owned();
    for idx in 0..n {
        let question =
            format!("Patient {idx} comes. {} What is to be done?", "Much is told. ".repeat(40));
        for _ in 0..3 {
            let _ = writeln!(csv, "{idx},{question},B,TRUE,['B'],");
        }
    }
    csv
}

/// Offsets of the pages that were asked for, in order.
fn offsets(hub: &Hub) -> Vec<usize> {
    let asked = hub.asked_for(ROWS_HOST, "/rows?");
    let offset = |path: &str| path.split_once("&offset=")?.1.split('&').next()?.parse().ok();
    asked.iter().filter_map(|one| offset(&one.path)).collect()
}

/// Fails unless every request came without cookie, key, and referrer.
fn assert_nothing_told(hub: &Hub) -> Result<()> {
    for one in hub.asked() {
        for name in ["cookie", "referer", "authorization", "x-api-key"] {
            ensure(one.header(name).is_none(), &format!("{} was told {name}", one.path))?;
        }
    }
    Ok(())
}

#[test]
fn a_set_of_rows_is_stopped_gone_on_with_after_a_reload_used_offline_and_deleted() {
    run(async {
        let hub = Hub::start().await?;
        hub.put_rows(MCQ, "default", "validation", mcq_rows(4_183));
        hub.set_faults([
            HubRule::new(ROWS_HOST, "offset=300&", HubFault::Busy(RetryAfter::Hidden(1))).times(1),
            HubRule::new(ROWS_HOST, "offset=2500&", HubFault::Hold),
        ]);
        let stage = stage(&hub).await?;
        let page = &stage.viva.page;
        let viva = &stage.viva;
        viva.go("#/catalogue").await?;
        page.wait_text("24 sets, as known on").await?;
        page.fill(label("Search"), "medmcqa").await?;
        page.wait_text("1 of 24 sets").await?;
        page.click(role("button", "Load MedMCQA, validation")).await?;
        page.wait_text("the host asks to wait").await?;
        page.wait_text("2,500 of 4,183 rows").await?;
        page.click(role("button", "Stop loading MedMCQA, validation")).await?;
        page.wait_text("Stopped. 2,500 of 4,183 rows · 59.8 %").await?;
        viva.reload().await?;
        hub.release();
        page.wait_text("Broken off. 2,500 of 4,183 rows").await?;
        page.click(role("button", "Resume loading MedMCQA, validation")).await?;
        page.wait_text("Loaded: 4,183 questions.").await?;
        page.wait_text("4,183 rows came, as many as expected.").await?;
        page.wait_text("Fingerprint of the questions (SHA-256): ").await?;
        // Each page was asked for once, but for the one that was refused and the one that was under way at the stop.
        let mut expected: Vec<usize> = (0..42).map(|page| page * 100).collect();
        expected.insert(3, 300);
        expected.insert(26, 2_500);
        let asked = offsets(&hub);
        ensure(asked == expected, &format!("asked for {asked:?}"))?;
        assert_nothing_told(&hub)?;
        // Kept: here again after a reload, and without a network.
        page.clear_log();
        viva.reload().await?;
        page.wait_text("4,183 questions · validation").await?;
        // The page fetches what its other pages and the next set's thread need, once one is open.
        for part in ["split_editor", "split_librarian"] {
            page.poll(part, async || {
                let log = page.log();
                let mut parts = log.exchanges.iter().filter(|one| one.url.contains(part));
                Ok(parts.any(|one| one.over).then_some(()))
            })
            .await?;
        }
        hub.set_down(&viva_e2e::hub::HOSTS);
        hub.forget();
        viva.wait_whole().await?;
        page.offline(true).await?;
        page.click(role("button", "Use MedMCQA, validation").nth(0)).await?;
        page.wait_text("500 questions will be asked").await?;
        ensure(hub.asked().is_empty(), "nothing was asked for")?;
        page.offline(false).await?;
        viva.go("#/catalogue").await?;
        let storage = page.text("#storage-used").await?;
        ensure(storage.contains("The sets take") && storage.contains("may use"), &storage)?;
        page.click(role("button", "Delete …")).await?;
        page.click(role("button", "Yes, delete")).await?;
        page.wait_text("None yet. What you load is kept here").await?;
        page.wait_for(role("button", "Load MedMCQA, validation")).await?;
        viva.go("#/ledger").await?;
        let hosts = page.text("#hosts").await?;
        ensure(hosts.contains(ROWS_HOST), &hosts)?;
        page.wait_text("published questions").await?;
        stage.viva.page.log().clean()
    });
}

#[test]
fn a_file_comes_by_way_of_the_cdn_goes_on_at_its_byte_and_its_disputed_items_are_set_aside() {
    run(async {
        let hub = Hub::start().await?;
        let lines = medqa_lines(1_273);
        let file = "phrases_no_exclude_test.jsonl";
        hub.put_file(MEDQA, "main", file, lines.as_bytes(), Kept::Cdn);
        hub.put_github(VOTES, VOTES_AT, "medqa_relabelling.csv", votes(153).as_bytes());
        let n_bytes = 200_000;
        hub.set_faults([HubRule::new(CDN_HOST, "", HubFault::HangAfter(n_bytes)).times(1)]);
        let stage = stage(&hub).await?;
        let (viva, page) = (&stage.viva, &stage.viva.page);
        viva.go("#/catalogue").await?;
        page.click(role("button", "Load MedQA (USMLE), four options")).await?;
        page.wait_text("Part 1 of 2 · 200.0 kB of").await?;
        page.click(role("button", "Stop loading MedQA (USMLE), four options")).await?;
        page.wait_text("Stopped. Part 1 of 2 · 200.0 kB of").await?;
        page.click(role("button", "Resume loading MedQA (USMLE), four options")).await?;
        page.wait_text("Loaded: 1,273 questions.").await?;
        let at_cdn = hub.asked_for(CDN_HOST, "");
        let ranges: Vec<_> = at_cdn.iter().map(|one| one.header("range")).collect();
        ensure(ranges == [None, Some("bytes=200000-")], &format!("{ranges:?}"))?;
        assert_nothing_told(&hub)?;
        page.click(
            label(contains(
                "Set aside the 153 questions that physicians found fault with; 1,120 stay",
            ))
            .nth(0),
        )
        .await?;
        page.click(role("button", "Use MedQA (USMLE), four options").nth(0)).await?;
        // It was ticked in the first of the places where the set stands.
        page.wait_text("1,120 questions will be asked").await?;
        viva.go("#/ledger").await?;
        let hosts = page.text("#hosts").await?;
        for host in [HUB_HOST, CDN_HOST, GITHUB_HOST] {
            ensure(hosts.contains(host), &format!("{host} is not in {hosts}"))?;
        }
        page.wait_text("redirected to the address of the next line").await?;
        page.log().clean()
    });
}

#[test]
fn any_dataset_is_loaded_split_by_split_and_one_of_no_known_shape_is_opened_as_a_file() {
    run(async {
        let hub = Hub::start().await?;
        let law = (0..150).map(|idx| json!({"question": format!("May one do {idx}?"), "options": ["yes", "no"], "answer": "A"}));
        hub.put_rows("o/law", "bar", "test", law.collect());
        hub.put_rows(
            "o/law",
            "bar",
            "train",
            vec![json!({"question": "?", "options": ["a", "b"], "answer": "A"})],
        );
        hub.put_rows("o/odd", "default", "train", vec![json!({"height": 3, "weight": 4})]);
        let stage = stage(&hub).await?;
        let (viva, page) = (&stage.viva, &stage.viva.page);
        viva.go("#/catalogue").await?;
        page.fill("#hub-dataset", "https://example.org/datasets/o/law").await?;
        page.click(role("button", "Load this dataset")).await?;
        page.wait_text("Only addresses of huggingface.co can be loaded").await?;
        page.fill("#hub-dataset", "https://huggingface.co/datasets/o/law").await?;
        page.click(role("button", "Load this dataset")).await?;
        page.choose(label("Which part of it"), "bar, test").await?;
        page.click(role("button", "Load this part")).await?;
        page.wait_text("Loaded: 150 questions.").await?;
        page.click(role("button", "Use o/law").nth(0)).await?;
        page.wait_text("150 questions will be asked").await?;
        viva.go("#/catalogue").await?;
        page.fill("#hub-dataset", "o/odd").await?;
        page.click(role("button", "Load this dataset")).await?;
        page.wait_text("Loaded, but its form is not known.").await?;
        page.click(role("button", "Open o/odd as a file").nth(0)).await?;
        page.wait_for(role("heading", "Questions")).await?;
        // Its columns are asked for, as with a file of the person's own.
        page.wait_text("This file was not recognised.").await?;
        page.wait_text("Column “height”").await?;
        // Cut cells are left out, and told.
        let long = (0..10).map(|idx| json!({"question": format!("{idx} {}", "long ".repeat(if idx == 4 { 50 } else { 1 })), "options": ["yes", "no"], "answer": "A"}));
        hub.put_rows("o/long", "default", "test", long.collect());
        hub.cut_cells("o/long", "default", "test", 100);
        viva.go("#/catalogue").await?;
        page.fill("#hub-dataset", "o/long").await?;
        page.click(role("button", "Load this dataset")).await?;
        page.wait_text("1 rows came with cells that the server cut short").await?;
        page.wait_text("Loaded: 9 questions.").await?;
        page.log().clean()
    });
}

#[test]
fn a_set_that_cannot_be_loaded_says_why_and_is_opened_by_hand() {
    run(async {
        let hub = Hub::start().await?;
        let scratch = Scratch::new("by-hand")?;
        let file = scratch.write("phrases_no_exclude_test (1).jsonl", medqa_lines(3))?;
        let votes = scratch.write("medqa_relabelling.csv", votes(1))?;
        let stage = stage(&hub).await?;
        let (viva, page) = (&stage.viva, &stage.viva.page);
        viva.go("#/catalogue").await?;
        // The file is not there any more.
        hub.put_file(MEDQA, "main", "README.md", b"moved", Kept::Git);
        page.click(role("button", "Load MedQA (USMLE), four options")).await?;
        page.wait_text("MedQA (USMLE), four options could not be loaded").await?;
        let told = page.text(".notice--bad").await?;
        ensure(told.contains("moved (404)") && told.contains("open it here"), &told)?;
        page.set_files(css(".notice--bad input[type=file]"), &[&file, &votes]).await?;
        page.wait_text("Loaded: 3 questions.").await?;
        page.wait_text("3 rows came, and that is not the number that was expected.").await?;
        page.wait_text("Set aside the 1 question that physicians found fault with; 2 stay.")
            .await?;
        // A host that refuses other pages cannot be told from a network that is gone.
        hub.set_faults([HubRule::new(GITHUB_HOST, "", HubFault::NoCors)]);
        hub.put_github(
            "HanjieChen/ChallengeClinicalQA",
            "main",
            "medbullets/medbullets_op4.csv",
            b"x",
        );
        page.click(role("button", "Load MedBullets, four options")).await?;
        page.wait_text("there is no network, or the host refuses other pages").await?;
        page.click(role("button", "Stop loading MedBullets, four options")).await?;
        page.wait_for(role("button", "Resume loading MedBullets, four options")).await?;
        // Where the browser knows that there is no network, the load waits for the person.
        viva.wait_whole().await?;
        page.offline(true).await?;
        page.click(role("button", "Resume loading MedBullets, four options")).await?;
        page.wait_text("The browser says that it has no network").await?;
        page.offline(false).await?;
        // A browser writes to the console by itself what a host refused.
        let log = page.log();
        ensure(log.exceptions.is_empty() && log.csp.is_empty(), &format!("{:?}", log.exceptions))
    });
}

#[test]
fn questions_that_are_not_to_be_shown_are_not_shown() {
    run(async {
        let hub = Hub::start().await?;
        let secret = "A sentence that must not stand in the page";
        let rows = (0..2).map(|idx| json!({
            "id": format!("case-{idx}"), "use_case": "x", "specialty": "y", "type": "good_faith", "difficulty": "z",
            "conversation": {"messages": [{"role": "user", "content": format!("{secret} {idx}?")}]},
            "rubric_items": [{"criterion_id": "c", "criterion_text": "Says something.", "points": 5}],
            "physician_response": "p",
        }));
        let lines = rows.map(|row| row.to_string()).collect::<Vec<_>>().join("\n");
        hub.put_file(
            "openai/healthbench-professional",
            "main",
            "healthbench_professional_eval.jsonl",
            lines.as_bytes(),
            Kept::Git,
        );
        let stage = stage(&hub).await?;
        let (viva, page) = (&stage.viva, &stage.viva.page);
        viva.go("#/catalogue").await?;
        page.click(role("button", "Load HealthBench Professional")).await?;
        page.with_limit(Duration::from_secs(20)).wait_text("Loaded: 2 questions.").await?;
        page.click(role("button", "Use HealthBench Professional").nth(0)).await?;
        page.wait_text("2 questions will be asked").await?;
        page.wait_text("ask not to show its questions in plain text").await?;
        let all = page.eval_text("document.documentElement.outerHTML").await?;
        if all.contains(secret) {
            return Err(Error::new("a question stands in the page"));
        }
        page.log().clean()
    });
}
