//! Owns the tests of real files, where they are present: questions open to their counts, answers to the known figures.

use std::path::PathBuf;

use viva_e2e::browser::{label, role};
use viva_e2e::place::shared_data;
use viva_e2e::{Error, run};

use crate::{Stage, ensure};

fn real(name: &str) -> Option<PathBuf> {
    let found = shared_data(name);
    if found.is_none() {
        eprintln!("skipped: {name} is not here");
    }
    found
}

#[test]
fn the_four_files_of_answers_give_the_known_figures() {
    run(async {
        let names = ["gpt-4o", "claude-3-5-sonnet", "llama-3-70b", "openbiollm-70b"];
        let files: Option<Vec<PathBuf>> =
            names.iter().map(|name| real(&format!("medqa-per-item/{name}.csv"))).collect();
        let Some(files) = files else { return Ok(()) };
        let files: Vec<_> = files.iter().map(PathBuf::as_path).collect();
        let stage = Stage::new().await?;
        stage.viva.open_results(&files, 4).await?;
        let standings = stage.viva.standings().await?;
        let told: Vec<_> = standings
            .iter()
            .map(|l| (l.model.as_str(), l.class.as_str(), l.accuracy.as_str()))
            .collect();
        let expected = [
            ("gpt-4o", "general-purpose", "88.1 %"),
            ("claude-3-5-sonnet", "general-purpose", "83.3 %"),
            ("llama-3-70b", "general-purpose", "78.1 %"),
            ("openbiollm-70b", "clinical", "66.6 %"),
        ];
        ensure(told == expected, &format!("{told:?}"))?;
        let medical = &standings[3];
        ensure(medical.outcomes.contains("121 unreadable"), &medical.outcomes)?;
        ensure(medical.otherwise.contains("73.6 %"), &medical.otherwise)?;
        let pairs = stage.viva.pairs().await?;
        ensure(pairs.len() == 6, "six pairs")?;
        let first = &pairs[0];
        ensure(first.pair.contains("gpt-4o") && first.pair.contains("claude"), &first.pair)?;
        ensure(first.table == "1004 / 118 / 56 / 95", &first.table)?;
        ensure(first.difference == "+4.9" && first.interval == "+2.9 to +6.9", &first.interval)?;
        ensure(first.exact_p.contains("2.98737"), &first.exact_p)?;
        let behind = pairs.iter().filter(|pair| pair.pair.contains("openbiollm"));
        for pair in behind {
            ensure(
                pair.verdict.contains("is ahead") && !pair.verdict.contains("openbiollm"),
                &pair.verdict,
            )?;
        }
        let text = stage.viva.page.visible_text().await?;
        ensure(text.contains("The general-purpose models are ahead"), "classes are compared")?;
        stage.clean(&[])
    });
}

#[test]
fn items_are_filtered_searched_and_read_in_full() {
    run(async {
        let files =
            ["gpt-4o", "openbiollm-70b"].map(|name| real(&format!("medqa-per-item/{name}.csv")));
        let [Some(first), Some(second)] = files else { return Ok(()) };
        let stage = Stage::new().await?;
        let page = &stage.viva.page;
        stage.viva.open_results(&[&first, &second], 2).await?;
        page.wait_text("1,273 of 1,273 questions").await?;
        page.choose(label("Show"), "openbiollm-70b: unreadable").await?;
        page.wait_text("121 of 1,273 questions").await?;
        page.fill(label("Search"), "pregnant").await?;
        page.wait_until("!document.querySelector('#items-count').innerText.startsWith('121 ')")
            .await?;
        page.choose(label("Show"), "all").await?;
        page.fill(label("Search"), "carpal tunnel repair").await?;
        page.wait_text("1 of 1,273 questions").await?;
        page.click(".item-row button").await?;
        page.wait_until("document.activeElement?.id === 'item-heading'").await?;
        page.wait_text("the right answer").await?;
        let address = page.eval_text("location.hash").await?;
        ensure(address.contains("item=") && address.contains("search="), &address)?;
        page.click(role("button", "Close")).await?;
        // Few rows are in the page, however many are listed.
        page.fill(label("Search"), "").await?;
        page.wait_text("1,273 of 1,273 questions").await?;
        let n_rows = page.count(".item-row").await?;
        ensure(n_rows < 60, &format!("{n_rows} rows are drawn"))?;
        page.eval("document.querySelector('.window').scrollTop = 1e7").await?;
        page.wait_until(
            "[...document.querySelectorAll('.item-row')].at(-1).ariaRowIndex === '1274'",
        )
        .await?;
        stage.clean(&[])
    });
}

#[test]
fn real_files_of_questions_open_to_their_counts() {
    run(async {
        let stage = Stage::new().await?;
        let viva = &stage.viva;
        let page = &viva.page;
        let cases = [
            ("medqa-4-options-test.csv", "1,273 questions"),
            ("medxpertqa-sampled-text.jsonl", "244 questions"),
            ("medmcqa-validation-inlined.jsonl", "4,179 questions · 4 entries not used"),
            ("pubmedqa-ori_pqal.json", "1,000 questions"),
        ];
        for (name, facts) in cases {
            let Some(file) = real(&format!("benchmarks/{name}")) else { continue };
            viva.go("#/questions").await?;
            page.set_files("main input[type=file]", &[&file]).await?;
            page.wait_text(facts).await?;
            if name.starts_with("pubmedqa") {
                let options = page.text(label("Part")).await?;
                let official = options.lines().find(|line| line.contains("500"));
                let official =
                    official.ok_or_else(|| Error::new(format!("no split: {options}")))?;
                page.choose(label("Part"), official.trim()).await?;
                page.wait_text("500 questions will be asked").await?;
                page.fill(label("How many"), "40").await?;
                page.press("Tab").await?;
                page.wait_text("40 questions will be asked").await?;
            }
            viva.reload().await?;
        }
        stage.clean(&[])
    });
}

#[test]
fn what_cannot_be_read_is_listed_with_its_line() {
    run(async {
        let scratch = viva_e2e::place::Scratch::new("refused")?;
        let text = "\u{feff}question,A,B,C,answer\r\nWhich?,one,two,three,B\r\nWhat?,one,two,three,\r\nWho?,one,two,three,Z\r\n";
        let file = scratch.write("mine.csv", text)?;
        let not_questions = scratch.write("notes.txt", "dear diary")?;
        let stage = Stage::new().await?;
        let page = &stage.viva.page;
        stage.viva.go("#/questions").await?;
        page.drop_files(".drop", &[&file, &not_questions]).await?;
        page.wait_text("1 question · 2 entries not used").await?;
        page.click(".notice--warn summary").await?;
        let listed = page.text(".notice--warn").await?;
        ensure(listed.contains("Line 3") && listed.contains("Line 4"), &listed)?;
        page.wait_text("notes.txt").await?;
        stage.clean(&[])
    });
}
