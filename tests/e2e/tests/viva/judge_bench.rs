//! Owns the tests of the measuring of judges: a file of people's verdicts, scripted verdicts of a judge, and figures that
//! were computed by hand.

use std::time::Duration;

use serde_json::json;
use viva_e2e::browser::{contains, label, role};
use viva_e2e::place::Scratch;
use viva_e2e::provider::{Examinee, Profile, Provider, Script};
use viva_e2e::run;

use crate::{Stage, assert_plain, ensure};

const JUDGE: &str = "judge-a";
const N_ROWS: usize = 400;

/// What one person says: every second criterion is met.
fn first(n: usize) -> bool {
    n.is_multiple_of(2)
}

/// The other person differs on every fifth.
fn second(n: usize) -> bool {
    first(n) != n.is_multiple_of(5)
}

/// The judge says what the first says, but for the third of every ten.
fn judged(n: usize) -> bool {
    first(n) != (n % 10 == 3)
}

fn criterion(n: usize) -> String {
    format!("Criterion {n:03} is named")
}

/// A row for each answer, in the form of HealthBench's meta-evaluation. Lists come as Python writes them in every third.
fn labels() -> String {
    let row = |n: usize| {
        let labels = if n.is_multiple_of(3) {
            let word = |met: bool| if met { "True" } else { "False" };
            json!(format!("[{}, {}]", word(first(n)), word(second(n))))
        } else {
            json!([first(n), second(n)])
        };
        json!({
            "prompt": [{"role": "user", "content": format!("What about case {n:03}?")}],
            "completion": format!("It is {}so.", "quite ".repeat(n % 7)),
            "rubric": criterion(n),
            "binary_labels": labels,
            "anonymized_physician_ids": ["first", "second"],
            "category": if n % 20 < 10 { "one" } else { "two" },
        })
        .to_string()
    };
    (0..N_ROWS).map(row).collect::<Vec<_>>().join("\n")
}

fn script() -> Script {
    (0..N_ROWS).fold(Script::new(&[], 1).model(Examinee::new(JUDGE, 1.0)), |script, n| {
        let verdict = json!({"explanation": "As scripted.", "criteria_met": judged(n)});
        script.says(&criterion(n), &verdict.to_string())
    })
}

#[test]
fn a_judge_is_measured_on_a_file_of_verdicts_and_its_figures_are_those_computed_by_hand() {
    run(async {
        let scratch = Scratch::new("judge-bench")?;
        let file = scratch.write("physicians.jsonl", labels())?;
        let provider = Provider::start(Profile::Wildcard, script()).await?;
        let stage = Stage::new().await?;
        // Eight hundred calls, on a machine that may have other things to do.
        let viva = &stage.viva.with_limit(Duration::from_secs(90));
        let page = &viva.page;
        viva.add_model(&provider.base_url(), JUDGE, "sk-judge-0123456789").await?;
        page.click(role("link", "Measure how far a judge agrees with people")).await?;
        page.wait_for(role("heading", "Measure a judge")).await?;
        page.set_files("main input[type=file]", &[&file]).await?;
        page.wait_text(
            "400 entries in the file. Taken: 200 criteria of answers with 400 verdicts of 2 people",
        )
        .await?;
        page.fill(label("Rows"), "1000").await?;
        page.press("Tab").await?;
        page.wait_text("Taken: 400 criteria of answers with 800 verdicts of 2 people").await?;
        page.click(label(contains("Ask everything twice"))).await?;
        // Two calls for each criterion, told before the first.
        let cost = viva.cells("#bench-cost tbody tr").await?;
        ensure(cost.len() == 1 && cost[0][1] == "800", &format!("{cost:?}"))?;
        // By keyboard.
        page.focus("#start-bench").await?;
        page.press("Enter").await?;
        viva.wait_finished().await?;
        page.wait_text(
            "This judge agrees with people about as well as they agree with each other.",
        )
        .await?;
        // By hand, of each ten rows: with the first 10 met by both, 2 only by the judge, 8 by neither, for twenty rows;
        // with the second 8, 4, 2 and 6. Together 18 and 6, 2 and 14: F1 of 9/11 and 7/9, and 79/99 balanced.
        let rows = viva.cells("#bench-0-agreement tbody tr").await?;
        let value = |row: usize| rows[row][1].as_str();
        let balanced = f64::midpoint(9.0 / 11.0, 7.0 / 9.0);
        ensure(value(0) == format!("{balanced:.3}"), &format!("{rows:?}"))?;
        // People with each other: 8 by both, 2 and 2 by one, 8 by neither.
        ensure(value(1) == "0.800", &format!("{rows:?}"))?;
        ensure(value(2) == "−0.002", &format!("{rows:?}"))?;
        ensure(value(3) == format!("{balanced:.3}") && value(4) == "0.800", &format!("{rows:?}"))?;
        ensure(rows[0][3] == "800" && rows[1][3] == "800", &format!("{rows:?}"))?;
        page.wait_text("Asked twice: the same verdict for 100.0 % of 400 criteria").await?;
        ensure(provider.calls().len() == 800, "two calls for each criterion")?;
        assert_plain(&provider)?;
        // Kept: the same figures after a reload, by the address of the run.
        let address = page.eval_text("location.hash").await?;
        viva.reload().await?;
        page.wait_text(
            "This judge agrees with people about as well as they agree with each other.",
        )
        .await?;
        let again = viva.cells("#bench-0-agreement tbody tr").await?;
        ensure(again == rows, "the kept run has the same figures")?;
        ensure(address.starts_with("#/judge-bench?run=run-"), &address)?;
        page.viewport(360, 800).await?;
        let overflow = page
            .eval("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            .await?;
        ensure(overflow == 0, &format!("{overflow} px too wide"))?;
        page.accessible().await?;
        stage.clean(&[&provider])
    });
}

#[test]
fn a_file_that_holds_no_verdicts_says_so() {
    run(async {
        let scratch = Scratch::new("judge-bench-none")?;
        let file = scratch.write("notes.csv", "question,answer\nWhat?,That\n")?;
        let stage = Stage::new().await?;
        let page = &stage.viva.page;
        stage.viva.go("#/judge-bench").await?;
        page.set_files("main input[type=file]", &[&file]).await?;
        page.wait_text("notes.csv: No row of this file is a verdict.").await?;
        page.wait_text("No model with an address is on the list.").await?;
        ensure(page.attribute("#start-bench", "disabled").await?.is_some(), "nothing to start")?;
        stage.clean(&[])
    });
}
