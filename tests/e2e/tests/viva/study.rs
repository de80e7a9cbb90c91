//! Owns the tests of the page of the study: the published figures, the set-up from the hosts that publish the sets to the plan,
//! and a run beside the published figures.

use serde_json::{Value, json};
use viva_e2e::browser::{contains, label, role, text};
use viva_e2e::hub::{HUB_HOST, Hub, Kept};
use viva_e2e::provider::{Examinee, Profile, Provider, Script};
use viva_e2e::questions::Question;
use viva_e2e::{Result, run};

use crate::{Stage, ensure};

const MEDQA: &str = "GBaker/MedQA-USMLE-4-options";
const VOTES: &str = "Google-Health/med-gemini-medqa-relabelling";
const VOTES_AT: &str = "2e1e7838bd3e4e7869944bf779a4b9643f330668";
const HEALTHBENCH: &str = "openai/healthbench";
/// Of the stand-in, every third conversation has several messages.
const N_CONVERSATIONS: usize = 30;

fn question(idx: usize) -> Question {
    Question {
        id: format!("medqa-{idx}"),
        text: format!("Patient {idx:04} comes with a complaint. What is to be done?"),
        options: ["rest", "water", "surgery", "nothing"].map(str::to_owned).to_vec(),
        answer: 1,
        category: String::new(),
    }
}

fn medqa(n: usize) -> String {
    let row = |idx: usize| {
        let Question { text: asked, options, .. } = question(idx);
        json!({
            "question": asked, "answer": options[1],
            "options": {"A": options[0], "B": options[1], "C": options[2], "D": options[3]},
            "meta_info": "step1", "answer_idx": "B", "metamap_phrases": [],
        })
        .to_string()
    };
    (0..n).map(row).collect::<Vec<_>>().join("\n")
}

fn conversations() -> String {
    let row = |idx: usize| {
        let asked =
            json!({"role": "user", "content": format!("Conversation {idx:02}: what helps?")});
        let prompt: Vec<Value> = if idx.is_multiple_of(3) {
            vec![
                json!({"role": "user", "content": "Hello"}),
                json!({"role": "assistant", "content": "Good day"}),
                asked,
            ]
        } else {
            vec![asked]
        };
        json!({
            "prompt_id": format!("c{idx}"), "prompt": prompt,
            "rubrics": [
                {"criterion": "Names water", "points": 5, "tags": ["level:example", "axis:accuracy"]},
                {"criterion": "Scares the person", "points": -2, "tags": ["level:example", "axis:accuracy"]},
            ],
            "example_tags": ["theme:hedging"], "ideal_completions_data": null, "canary": "x",
        })
        .to_string()
    };
    (0..N_CONVERSATIONS).map(row).collect::<Vec<_>>().join("\n")
}

async fn hub() -> Result<Hub> {
    let hub = Hub::start().await?;
    let file = "phrases_no_exclude_test.jsonl";
    hub.put_file(MEDQA, "main", file, medqa(1_273).as_bytes(), Kept::Cdn);
    hub.put_github(
        VOTES,
        VOTES_AT,
        "medqa_relabelling.csv",
        b"qid,question,answer_idx,info_missing,blind_answers,seen_answers\n",
    );
    let file = "2025-05-07-06-14-12_oss_eval.jsonl";
    hub.put_file(HEALTHBENCH, "main", file, conversations().as_bytes(), Kept::Cdn);
    Ok(hub)
}

#[test]
fn the_published_figures_stand_with_their_ranges_and_sources() {
    run(async {
        let stage = Stage::new().await?;
        let (viva, page) = (&stage.viva, &stage.viva.page);
        page.click(role("link", contains("What the study found"))).await?;
        page.wait_for("#figures-medqa").await?;
        let rows = viva.cells("#figures-medqa tbody tr").await?;
        let expected = [
            ["Gemini 3.1 Pro Preview", "97.4 %", "95.6 – 98.5 %", "general-purpose"],
            ["GPT-5.2", "94.2 %", "91.8 – 95.9 %", "general-purpose"],
            ["Claude Opus 4.6", "90.2 %", "87.3 – 92.5 %", "general-purpose"],
            ["OpenEvidence", "89.6 %", "86.6 – 92.0 %", "clinical"],
            ["UpToDate Expert AI", "88.4 %", "85.3 – 90.9 %", "clinical"],
        ];
        ensure(rows == expected, &format!("{rows:?}"))?;
        let refused = viva.cells("#figures-refusals tbody tr").await?;
        ensure(refused[0][1..3] == ["19.0 %", "12.5 – 27.8 %"], &format!("{refused:?}"))?;
        ensure(refused[1][1] == "1.0 % – 3.0 %", &format!("{refused:?}"))?;
        let open = viva.cells("#figures-healthbench tbody tr").await?;
        ensure(open[0][1] == "88.0 of 100", &format!("{open:?}"))?;
        page.click(text("General-purpose against clinical, pair by pair").nth(0)).await?;
        let pairs = viva.cells("#contrasts-medqa tbody tr").await?;
        let told = |pair: &str| {
            pairs.iter().find(|row| row[0] == pair).map(|row| row[3].as_str()).unwrap_or_default()
        };
        ensure(
            told("Claude Opus 4.6 less OpenEvidence") == "cannot be told from chance",
            &format!("{pairs:?}"),
        )?;
        ensure(
            told("Gemini 3.1 Pro Preview less OpenEvidence").contains("ahead"),
            &format!("{pairs:?}"),
        )?;
        // Whoever is linked to is not told where the reader comes from.
        let told = page
            .eval("[...document.querySelectorAll('main a[href^=http]')].filter(one => one.rel !== 'noreferrer').length")
            .await?;
        ensure(told == 0, &format!("{told} links tell of this page"))?;
        page.wait_text("the three models that judged are the three models that came out first")
            .await?;
        page.wait_text("Real questions of physicians, compared two by two").await?;
        stage.clean(&[])
    });
}

#[test]
fn the_study_is_set_up_run_and_set_beside_the_published_figures() {
    run(async {
        let hub = hub().await?;
        let questions: Vec<Question> = (0..1_273).map(question).collect();
        // A judge's prompt holds the question as well, so that verdicts come first.
        let script = |model: &str| {
            Script::new(&questions, 5)
                .model(Examinee::new(model, 1.0))
                .says("criteria_met", r#"{"explanation": "Scripted.", "criteria_met": true}"#)
                .says("Conversation ", "Drink water.")
        };
        let anthropic = Profile::Anthropic { allows_pages: true };
        let openai = Provider::start_h2(Profile::Reflective, script("gpt-5.2")).await?;
        let claude = Provider::start_h2(anthropic, script("claude-opus-4-6")).await?;
        let gemini = Provider::start_h2(Profile::Gemini, script("gemini-3.1-pro-preview")).await?;
        let mut hosts = hub.hosts();
        hosts.push(("api.openai.com", openai.port()));
        hosts.push(("api.anthropic.com", claude.port()));
        hosts.push(("generativelanguage.googleapis.com", gemini.port()));
        let stage = Stage::at_ports("localhost", &hosts).await?;
        let (viva, page) = (&stage.viva, &stage.viva.page);
        viva.go("#/study").await?;
        page.wait_for("#study-n").await?;
        page.fill("#study-n", "8").await?;
        page.press("Tab").await?;
        for part in ["gemini-3-1-pro", "gpt-5-2", "claude-opus-4-6"] {
            page.fill(format!("#study-key-{part}").as_str(), "sk-study-0123456789").await?;
        }
        // By keyboard: systems that a person carries questions to are left out here, but for one.
        for part in ["uptodate", "google-overview"] {
            page.focus(format!("#study-{part}").as_str()).await?;
            page.press("Space").await?;
        }
        page.focus(role("button", "Set up the study")).await?;
        page.press("Enter").await?;
        page.wait_text("Stage 1: multiple choice (MedQA): 8 questions drawn.").await?;
        page.wait_text("Stage 2: open answers (HealthBench): 8 questions drawn.").await?;
        page.wait_text("4 participants and 3 judges are on the list.").await?;
        ensure(
            !hub.asked_for(HUB_HOST, HEALTHBENCH).is_empty(),
            "the set came from its publisher",
        )?;
        ensure(page.value("#study-key-gpt-5-2").await?.is_empty(), "the key is out of sight")?;
        page.click(role("link", "Next: see the cost and start")).await?;
        page.wait_for("#start-run").await?;
        page.wait_text("MedQA (USMLE), four options: 8 questions").await?;
        page.wait_text("OpenEvidence (clinical)").await?;
        viva.start_run().await?;
        page.wait_text("What the page can ask by itself is done").await?;
        let calls: usize = [&openai, &claude, &gemini].iter().map(|one| one.calls().len()).sum();
        // Of each model 16 answers; of each judge two criteria of eight answers of three models.
        ensure(calls == 3 * 16 + 3 * 2 * 8 * 3, &format!("{calls} calls"))?;
        viva.go("#/study").await?;
        page.wait_for("#beside-medqa").await?;
        let rows = viva.cells("#beside-medqa tbody tr").await?;
        ensure(rows.len() == 4, &format!("{rows:?}"))?;
        ensure(rows[0][0] == "Gemini 3.1 Pro Preview", &format!("{rows:?}"))?;
        ensure(
            rows[0][1].starts_with("97.4 %") && rows[0][2].starts_with("100.0 %"),
            &format!("{rows:?}"),
        )?;
        // Wilson's of 8 of 8.
        ensure(
            rows[0][2].contains("67.6 – 100.0 %") && rows[0][2].contains("of 8"),
            &format!("{rows:?}"),
        )?;
        ensure(
            rows[0][3].starts_with("They agree within what chance allows: the difference is +2.6"),
            &format!("{rows:?}"),
        )?;
        let by_hand = rows.iter().find(|row| row[0] == "OpenEvidence").cloned().unwrap_or_default();
        ensure(by_hand.get(3).is_some_and(|told| told == "No figure yet."), &format!("{rows:?}"))?;
        // 5 − 2 of 5 points for each answer: 60 by either rule, with no spread at all.
        let open = viva.cells("#beside-healthbench tbody tr").await?;
        let gpt = open.iter().find(|row| row[0] == "GPT-5.2").cloned().unwrap_or_default();
        ensure(
            gpt.len() == 5
                && gpt[2].starts_with("60.0 of 100")
                && gpt[4].starts_with("60.0 of 100"),
            &format!("{open:?}"),
        )?;
        ensure(
            gpt[3].starts_with("Lower than published, by more than chance explains: −28.0"),
            &format!("{open:?}"),
        )?;
        page.wait_text("Other items: 500 in the study, 8 in this run.").await?;
        page.wait_text("The study let the models search the web.").await?;
        ensure(!page.visible_text().await?.contains("Other judges"), "the judges are the study’s")?;
        // From the results too.
        page.click(role("link", "All results of this run")).await?;
        page.click(role("link", contains("Set this run beside the study"))).await?;
        page.wait_for("#beside-medqa").await?;
        page.viewport(360, 800).await?;
        let overflow = page
            .eval("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            .await?;
        ensure(overflow == 0, &format!("{overflow} px too wide"))?;
        page.accessible().await
    });
}

#[test]
fn a_set_that_cannot_be_loaded_says_what_to_do() {
    run(async {
        let hub = hub().await?;
        hub.set_down(&[HUB_HOST]);
        let stage = Stage::at_ports("localhost", &hub.hosts()).await?;
        let (viva, page) = (&stage.viva, &stage.viva.page);
        viva.go("#/study").await?;
        page.wait_for("#study-n").await?;
        page.focus(role("button", "Set up the study")).await?;
        page.press("Enter").await?;
        page.wait_text("Stage 1: multiple choice (MedQA): on its way").await?;
        page.click(role("button", contains("Stop loading HealthBench"))).await?;
        page.wait_for(role("button", contains("Resume loading HealthBench"))).await?;
        hub.set_down(&[]);
        page.click(role("button", contains("Resume loading HealthBench"))).await?;
        page.wait_text("Stage 2: open answers (HealthBench): 20 questions drawn.").await?;
        page.wait_text("Stage 1: multiple choice (MedQA): 500 questions drawn.").await?;
        ensure(page.shows(role("link", "Next: see the cost and start")).await?, "it goes on")?;
        page.accessible().await?;
        page.focus(label("Questions of each set")).await
    });
}
