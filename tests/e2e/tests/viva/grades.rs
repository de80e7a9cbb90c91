//! Owns the tests of graded open answers: every score by hand, missing verdicts, what a person overrules, hostile words.

use std::path::Path;

use serde_json::json;
use viva::provider::Class;
use viva_e2e::browser::{contains, css, label, role, text};
use viva_e2e::graded::{GradedRun, OpenItem, Vote, votes};
use viva_e2e::place::Scratch;
use viva_e2e::{Error, Result, run};

use crate::{Stage, ensure};

const RULES: [&str; 3] = ["HealthBench", "pooled", "Inspect"];

/// Three models, three items and two judges, who differ on one criterion: the last of the second item, for gamma.
fn small() -> GradedRun {
    let item =
        |theme, criteria: &[(i32, &'static str)]| OpenItem { theme, criteria: criteria.to_vec() };
    let tables =
        [["ttf ft tf", "trf ft tf"], ["ftt tf tt", "ftt tf tt"], ["tff ft ff", "tff ff ff"]];
    GradedRun {
        run_id: "graded-small".to_owned(),
        models: vec![
            ("alpha", Class::GeneralPurpose),
            ("beta", Class::Clinical),
            ("gamma", Class::GeneralPurpose),
        ],
        judges: vec!["judge-one", "judge-two"],
        items: vec![
            item("hedging", &[(10, "accuracy"), (5, "completeness"), (-5, "accuracy")]),
            item("communication", &[(30, "accuracy"), (-6, "completeness")]),
            item("communication", &[(4, "completeness"), (4, "accuracy")]),
        ],
        votes: tables.map(|by_judge| joined(&by_judge.map(votes))).to_vec(),
    }
}

/// Votes by judge, item and criterion as votes by item, criterion and judge.
fn joined(by_judge: &[Vec<Vec<Vote>>; 2]) -> Vec<Vec<Vec<Vote>>> {
    let [one, two] = by_judge;
    let item = |(a, b): (&Vec<Vote>, &Vec<Vote>)| {
        a.iter().zip(b).map(|(a, b)| vec![a.clone(), b.clone()]).collect()
    };
    one.iter().zip(two).map(item).collect()
}

/// The scores of a model by each rule, by hand: two judges decide where they agree or one is missing.
fn by_hand(graded: &GradedRun, model: usize) -> [f64; 3] {
    let (mut scores, mut clipped, mut earned, mut possible) = (vec![], vec![], 0.0, 0.0);
    for (item, by_criterion) in graded.items.iter().zip(&graded.votes[model]) {
        let (mut got, mut could) = (0.0, 0.0);
        for ((points, _), votes) in item.criteria.iter().zip(by_criterion) {
            let votes: Vec<bool> = votes.iter().filter_map(Vote::met).collect();
            let decided = votes.first().filter(|first| votes.iter().all(|vote| vote == *first));
            let Some(met) = decided else { continue };
            got += if *met { f64::from(*points) } else { 0.0 };
            could += f64::from(*points).max(0.0);
        }
        if 0.0 < could {
            scores.push(got / could);
            clipped.push((got / could).clamp(0.0, 1.0));
            earned += got;
            possible += could;
        }
    }
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    [mean(&scores).clamp(0.0, 1.0), earned / possible, mean(&clipped)]
}

/// The exact scores of a row, cell by cell.
async fn scores(stage: &Stage, row: &str) -> Result<Vec<Option<f64>>> {
    let read = format!(
        "[...document.querySelectorAll({})].map(cell => cell.dataset.score ?? null)",
        json!(format!("{row} td.number"))
    );
    let found: Vec<Option<String>> = serde_json::from_value(stage.viva.page.eval(&read).await?)?;
    Ok(found.into_iter().map(|score| score.and_then(|score| score.parse().ok())).collect())
}

fn near(what: &str, found: &[Option<f64>], expected: &[f64]) -> Result<()> {
    let is_near = found.len() == expected.len()
        && found
            .iter()
            .zip(expected)
            .all(|(found, expected)| found.is_some_and(|found| (found - expected).abs() < 1e-12));
    ensure(is_near, &format!("{what}: {found:?} and not {expected:?}"))
}

async fn settled(stage: &Stage) -> Result<()> {
    stage.viva.page.wait_for("#open-answers-0[aria-busy=false] #open-judges-0").await
}

/// Opens a run as a file.
async fn open(stage: &Stage, file: &Path) -> Result<()> {
    stage.viva.go("#/results").await?;
    stage.viva.page.set_files("main input[type=file]", &[file]).await?;
    settled(stage).await
}

async fn choose(stage: &Stage, whose: &str) -> Result<()> {
    stage.viva.page.choose(label("Whose verdicts count"), whose).await?;
    settled(stage).await
}

/// The number at the head of a cell's text, such as `43.3 %`.
async fn shown(stage: &Stage, row: &str) -> Result<Vec<String>> {
    let cells = stage.viva.cells(row).await?;
    let cells = cells.first().ok_or_else(|| Error::new(format!("no row {row}")))?;
    Ok(cells.iter().map(|cell| cell.lines().next().unwrap_or_default().to_owned()).collect())
}

#[test]
fn every_shown_score_is_the_one_computed_by_hand() {
    run(async {
        let scratch = Scratch::new("graded")?;
        let graded = small();
        let file = scratch.write("graded.json", graded.file())?;
        let stage = Stage::new().await?;
        let page = &stage.viva.page;
        open(&stage, &file).await?;
        // By hand once more, in full: a criterion with even votes is in neither sum.
        let panel = [
            ("alpha", [1.3 / 3.0, 13.0 / 53.0, 0.5]),
            ("beta", [2.0 / 3.0, 38.0 / 53.0, 2.0 / 3.0]),
            ("gamma", [2.0 / 9.0, 10.0 / 53.0, 2.0 / 9.0]),
        ];
        for (idx, (model, expected)) in panel.iter().enumerate() {
            let row = format!("#open-board-0 tr[data-model={model}]");
            near(model, &scores(&stage, &row).await?, expected)?;
            near(model, &by_hand(&graded, idx).map(Some), expected)?;
            let told = shown(&stage, &row).await?;
            let percents = expected.map(|score| format!("{:.1} %", 100.0 * score));
            ensure(told[2..5] == percents, &format!("{model}: {told:?}"))?;
            ensure(told[5] == "14 of 14" && told[6] == "3 graded of 3", &format!("{told:?}"))?;
        }
        let order = stage.viva.cells("#open-board-0 tbody tr").await?;
        let order: Vec<&str> = order.iter().map(|row| row[0].as_str()).collect();
        ensure(order == ["beta", "alpha", "gamma"], &format!("{order:?}"))?;
        let heads = page.text("#open-board-0 thead").await?;
        for rule in RULES {
            ensure(heads.to_lowercase().contains(&rule.to_lowercase()), &heads)?;
        }
        let warned = page.text(".open-warnings").await?;
        ensure(warned.contains("pooled rule of the study") && warned.contains("alpha"), &warned)?;
        let gamma = page.text("#open-board-0 tr[data-model=gamma]").await?;
        ensure(gamma.contains("6 of 7 criteria decided") && gamma.contains("1 with even"), &gamma)?;

        // Each way to decide.
        for (whose, expected) in [
            ("judge-one alone", [1.4 / 9.0, 4.0 / 53.0, 2.0 / 9.0]),
            ("judge-two alone", [2.0 / 9.0, 10.0 / 53.0, 2.0 / 9.0]),
            ("The mean of the judges", [1.7 / 9.0, 7.0 / 53.0, 2.0 / 9.0]),
            (
                "The majority decides; even votes count as not met",
                [2.0 / 9.0, 10.0 / 53.0, 2.0 / 9.0],
            ),
        ] {
            choose(&stage, whose).await?;
            let row = "#open-board-0 tr[data-model=gamma]";
            page.poll(whose, async || {
                let found = scores(&stage, row).await?;
                Ok(near(whose, &found, &expected).is_ok().then_some(()))
            })
            .await?;
        }
        let address = page.eval_text("location.hash").await?;
        ensure(address.contains("verdicts=majority-even-not-met"), &address)?;
        // The list of questions follows.
        choose(&stage, "judge-one alone").await?;
        page.wait_until(
            "document.querySelectorAll('.item-row')[1].cells[4].innerText === '−20.0 %'",
        )
        .await?;
        choose(&stage, "judge-two alone").await?;
        page.wait_until("document.querySelectorAll('.item-row')[1].cells[4].innerText === '0.0 %'")
            .await?;
        choose(&stage, "Each judge apart").await?;
        page.wait_gone("#open-board-0").await?;
        near(
            "alone",
            &scores(&stage, "#open-alone-0 tr[data-model=gamma]").await?,
            &[1.4 / 9.0, 2.0 / 9.0],
        )?;
        choose(&stage, "The majority decides; even votes decide nothing").await?;

        // Themes have whole scores, axes their own criteria; the completeness of the second item can earn nothing.
        page.wait_for("#open-themes-0").await?;
        let third = 1.0 / 3.0;
        for (row, expected) in [
            ("#open-themes-0 tr[data-tag='theme:hedging']", [1.0, 0.0, 2.0 / 3.0]),
            ("#open-themes-0 tr[data-tag='theme:communication']", [0.15, 1.0, 0.0]),
            ("#open-axes-0 tr[data-tag='axis:accuracy']", [third, 0.5, third]),
            ("#open-axes-0 tr[data-tag='axis:completeness']", [1.0, 1.0, 0.0]),
        ] {
            near(row, &scores(&stage, row).await?[1..], &expected)?;
        }
        let difference = scores(&stage, "#open-pairs-0 tr[data-pair='alpha|beta']").await?[2];
        near("pair", &[difference], &[1.3 / 3.0 - 2.0 / 3.0])?;
        let classes = page.text(".open-classes").await?;
        ensure(classes.contains("32.8 %") && classes.contains("66.7 %"), &classes)?;
        ensure(classes.contains("−33.9") && classes.contains("too few"), &classes)?;
        let agreement = page.text("#open-agreement-0").await?;
        ensure(agreement.contains("21 criteria") && agreement.contains("95.2 %"), &agreement)?;
        ensure(agreement.contains("Krippendorff") && agreement.contains("Fleiss"), &agreement)?;
        let judges = stage.viva.cells("#open-judges-0 tbody tr").await?;
        ensure(
            judges == [["judge-one", "21", "0", "0", "0"], ["judge-two", "21", "0", "1", "0"]],
            &format!("{judges:?}"),
        )?;

        // By the pooled rule, named in the address.
        page.choose(label("Order, themes and pairs by the"), "pooled rule of the study").await?;
        page.poll("pooled themes", async || {
            let found = scores(&stage, "#open-themes-0 tr[data-tag='theme:communication']").await?;
            Ok(near("pooled", &found[1..], &[-2.0 / 38.0, 1.0, 0.0]).is_ok().then_some(()))
        })
        .await?;
        ensure(page.eval_text("location.hash").await?.contains("rule=pooled"), "in the address")?;
        stage.clean(&[])
    });
}

/// Three models over ten items of three criteria, both judges of one mind but where one says nothing.
fn larger(is_missing: impl Fn(usize) -> bool) -> GradedRun {
    let item = |idx: i32| OpenItem {
        theme: "hedging",
        criteria: vec![(5 + idx % 4, "accuracy"), (3, "completeness"), (-4, "accuracy")],
    };
    let mut n = 0;
    let mut vote = |met: bool| {
        n += 1;
        if is_missing(n) { Vote::Failed } else { Vote::Said(met, "Seen.".to_owned()) }
    };
    let mut by_model = vec![];
    for model in 0..3 {
        let mut by_item = vec![];
        for idx in 0..10 {
            let criterion = |c: usize| (model * 7 + idx * 5 + c * 3) % 4 < 2;
            by_item.push((0..3).map(|c| vec![vote(criterion(c)), vote(criterion(c))]).collect());
        }
        by_model.push(by_item);
    }
    GradedRun {
        run_id: "graded-larger".to_owned(),
        models: vec![
            ("alpha", Class::GeneralPurpose),
            ("beta", Class::Clinical),
            ("gamma", Class::GeneralPurpose),
        ],
        judges: vec!["judge-one", "judge-two"],
        items: (0..10).map(item).collect(),
        votes: by_model,
    }
}

#[test]
fn missing_verdicts_change_coverage_and_are_kept_out() {
    run(async {
        let scratch = Scratch::new("missing")?;
        let stage = Stage::new().await?;
        // One judge in ten calls says nothing: the other one decides, and no score changes.
        let (whole, one_gone) = (larger(|_| false), larger(|n| n % 10 == 3));
        // Both say nothing of some criteria: those are in neither sum.
        let both_gone = larger(|n| matches!(n % 20, 5 | 6));
        for (name, graded, read, decided) in [
            ("whole", &whole, [60; 3], [30; 3]),
            ("one", &one_gone, [54; 3], [30; 3]),
            ("both", &both_gone, [54; 3], [27; 3]),
        ] {
            let file = scratch.write(&format!("{name}.json"), graded.file())?;
            open(&stage, &file).await?;
            for (idx, model) in ["alpha", "beta", "gamma"].into_iter().enumerate() {
                let row = format!("#open-board-0 tr[data-model={model}]");
                near(name, &scores(&stage, &row).await?, &by_hand(graded, idx))?;
                let told = stage.viva.page.text(css(&row)).await?;
                let coverage = format!("{} of 60", read[idx]);
                ensure(told.contains(&coverage), &format!("{name}: {told}"))?;
                let coverage = format!("{} of 30 criteria decided", decided[idx]);
                ensure(told.contains(&coverage), &format!("{name}: {told}"))?;
            }
            if name == "one" {
                for idx in 0..3 {
                    let same = by_hand(graded, idx).map(Some);
                    near("the other judge decides", &same, &by_hand(&whole, idx))?;
                }
            }
            let warned = stage.viva.page.visible_text().await?.contains("Verdicts are missing");
            ensure(warned == (name == "both"), name)?;
            stage.viva.reload().await?;
        }
        open(&stage, &scratch.write("both.json", both_gone.file())?).await?;
        stage.viva.page.choose(label("Show"), "verdicts missing").await?;
        let n_items = (0..10).filter(|item| {
            (0..3).any(|model: usize| {
                both_gone.votes[model][*item].iter().flatten().any(|it| *it == Vote::Failed)
            })
        });
        stage.viva.page.wait_text(&format!("{} of 10 questions", n_items.count())).await?;
        stage.clean(&[])
    });
}

/// Puts a run into the store of the page, as the page itself keeps it.
async fn keep(stage: &Stage, graded: &GradedRun) -> Result<()> {
    let file: serde_json::Value = serde_json::from_str(&graded.file())?;
    let summary = json!({
        "run_id": graded.run_id, "title": "Graded", "started_millis": 1_700_000_000_000_u64,
        "n_items": graded.items.len(), "models": ["alpha", "beta", "gamma"], "is_over": true,
    });
    let journal = graded.journal();
    let entries: Vec<serde_json::Value> = journal
        .entries
        .iter()
        .map(|entry| {
            Ok(json!({
                "seq": entry.seq, "at_millis": entry.at_millis, "hash": entry.hash,
                "body": serde_json::to_string(&entry.body)?,
            }))
        })
        .collect::<Result<_>>()?;
    let plan = serde_json::to_string(&viva::run::PlanRecord::from(&journal.plan))?;
    ensure(file["plan"].is_object(), "the file has its plan")?;
    let script = format!(
        "new Promise((done, fail) => {{
            const opening = indexedDB.open('viva');
            opening.onerror = () => fail(opening.error);
            opening.onsuccess = () => {{
                const transaction = opening.result.transaction(['runs', 'plans', 'entries'], 'readwrite');
                const id = {id};
                transaction.objectStore('runs').put({summary}, id);
                transaction.objectStore('plans').put({plan}, id);
                for (const entry of {entries}) transaction.objectStore('entries').put(entry, [id, entry.seq]);
                transaction.oncomplete = () => {{ opening.result.close(); done(true); }};
                transaction.onabort = () => fail(transaction.error);
            }};
        }})",
        id = json!(graded.run_id),
        plan = json!(plan),
        entries = json!(entries),
    );
    stage.viva.go("#/results").await?;
    stage.viva.page.wait_text("Runs kept in this browser").await?;
    stage.viva.page.eval(&script).await.map(drop)
}

/// Goes on by the Tab key until this has the focus.
async fn tab_to(stage: &Stage, selector: &str) -> Result<()> {
    let found = format!("document.activeElement?.matches({}) === true", json!(selector));
    for _ in 0..60 {
        if stage.viva.page.eval(&found).await? == true {
            return Ok(());
        }
        stage.viva.page.press("Tab").await?;
    }
    Err(Error::new(format!("the Tab key does not reach {selector}")))
}

/// Opens a saved run with an overruled grade and takes that back: the file stays as it is, and the page says so.
async fn a_file_is_not_written_to(bytes: &[u8], changed: &[f64; 3]) -> Result<()> {
    let alpha = "#open-board-0 tr[data-model=alpha]";
    // A file is not written to: the page says so.
    let scratch = Scratch::new("overruled")?;
    let file = scratch.write("overruled.json", bytes)?;
    let other = Stage::new().await?;
    open(&other, &file).await?;
    near("the saved file", &scores(&other, alpha).await?, changed)?;
    let page = &other.viva.page;
    ensure(!page.visible_text().await?.contains("Do not trust it"), "the chain holds")?;
    page.click(css(".item-row button").nth(0)).await?;
    page.click(css(".grades summary").nth(0)).await?;
    page.click(css("button[aria-label='Change this grade: criterion 1']").nth(0)).await?;
    page.click(label(contains("take the change back"))).await?;
    page.fill("#ruling-reason", "No.").await?;
    page.fill("#ruling-name", "Bo").await?;
    page.click(role("button", "Change the grade")).await?;
    page.wait_text("in this page only").await?;
    settled(&other).await?;
    near("in memory", &scores(&other, alpha).await?, &[1.3 / 3.0, 13.0 / 53.0, 0.5])?;
    other.viva.go("#/about").await?;
    other.viva.go("#/results").await?;
    settled(&other).await?;
    near("after another page", &scores(&other, alpha).await?, &[1.3 / 3.0, 13.0 / 53.0, 0.5])?;
    other.clean(&[])
}

#[test]
fn a_grade_is_overruled_by_keyboard_and_stays_so() {
    run(async {
        let stage = Stage::new().await?;
        let page = &stage.viva.page;
        keep(&stage, &small()).await?;
        stage.viva.go("#/results?run=graded-small&item=0").await?;
        settled(&stage).await?;
        let alpha = "#open-board-0 tr[data-model=alpha]";
        near("before", &scores(&stage, alpha).await?, &[1.3 / 3.0, 13.0 / 53.0, 0.5])?;
        // Alpha's answer to the first question: its grades open by keyboard, and so does the form of the first criterion.
        page.focus(css(".grades summary").nth(0)).await?;
        page.press("Enter").await?;
        page.wait_text("Criterion 0 of item 0").await?;
        page.press("Tab").await?;
        tab_to(&stage, "button[aria-label='Change this grade: criterion 1']").await?;
        page.press("Enter").await?;
        page.wait_until("document.activeElement?.name === 'ruling'").await?;
        page.wait_until("document.activeElement.parentElement.innerText.includes('not met')")
            .await?;
        // Without a reason nothing happens.
        page.press("Enter").await?;
        page.wait_text("Say why").await?;
        page.wait_until("document.activeElement?.id === 'ruling-reason'").await?;
        page.type_text("The dose is wrong.").await?;
        page.press("Tab").await?;
        page.type_text("Dr. Ada").await?;
        page.press("Enter").await?;
        page.wait_text("kept in this browser. All figures follow").await?;
        page.wait_until("document.activeElement?.id === 'ruling-told'").await?;
        settled(&stage).await?;
        // 5 of 15 instead of 15.
        let changed = [(1.0 / 3.0 - 0.2 + 0.5) / 3.0, 3.0 / 53.0, (1.0 / 3.0 + 0.5) / 3.0];
        near("changed", &scores(&stage, alpha).await?, &changed)?;
        page.wait_text("People changed 1 grade.").await?;

        stage.viva.reload().await?;
        settled(&stage).await?;
        near("after loading anew", &scores(&stage, alpha).await?, &changed)?;
        page.click(css(".grades summary").nth(0)).await?;
        let first = page.text(css(".grades li[data-criterion='1']").nth(0)).await?;
        for part in [
            "judge-one: met",
            "judge-two: met",
            "not met (by the judges: met)",
            "Dr. Ada, 20",
            "The dose is wrong.",
        ] {
            ensure(first.contains(part), &format!("{part} is not in {first}"))?;
        }
        let judges = stage.viva.cells("#open-judges-0 tbody tr").await?;
        ensure(judges[0][4] == "1" && judges[1][4] == "1", &format!("{judges:?}"))?;
        page.choose(label("Show"), "grades changed by a person").await?;
        page.wait_text("1 of 3 questions").await?;
        ensure(
            page.eval_text("location.hash").await?.contains("items=overruled"),
            "in the address",
        )?;

        // A judge alone is not overruled; what is saved tells of it; and it can be taken back.
        let saved = page.download(page.click(role("button", "Save the judgements (CSV)"))).await?;
        let csv = saved.text()?;
        let row = csv.lines().nth(1).unwrap_or_default().to_owned();
        ensure(
            row.contains(",met,It does.,") && row.contains(",not_met,Dr. Ada,The dose is wrong.,"),
            &row,
        )?;
        ensure(csv.lines().count() == 43, "a row for each of 42 verdicts")?;
        let saved =
            page.download(page.click(role("button", "Save the judgements (JSON lines)"))).await?;
        let lines = saved.text()?;
        let line: serde_json::Value =
            serde_json::from_str(lines.lines().next().unwrap_or_default())?;
        ensure(
            line["overruled_why"] == "The dose is wrong." && line["verdict"] == "met",
            &line.to_string(),
        )?;
        let saved = page.download(page.click(role("button", "Save the run (JSON)"))).await?;
        page.click(css("button[aria-label='Change this grade: criterion 1']").nth(0)).await?;
        page.click(label(contains("take the change back"))).await?;
        page.fill("#ruling-reason", "It was right after all.").await?;
        page.fill("#ruling-name", "Dr. Ada").await?;
        page.click(role("button", "Change the grade")).await?;
        page.wait_text("kept in this browser. All figures follow").await?;
        settled(&stage).await?;
        near("taken back", &scores(&stage, alpha).await?, &[1.3 / 3.0, 13.0 / 53.0, 0.5])?;
        page.wait_text("People changed 0 grades.").await?;

        stage.clean(&[])?;
        a_file_is_not_written_to(&saved.bytes()?, &changed).await
    });
}

async fn picture(stage: &Stage, name: &str) -> Result<()> {
    let folder = viva_e2e::place::target().join("screenshots");
    std::fs::create_dir_all(&folder).map_err(|error| Error::new(error.to_string()))?;
    stage.viva.page.full_screenshot().await?.save(&folder.join(format!("{name}.png")))
}

#[test]
fn hostile_words_of_judges_do_no_harm_and_all_fits_a_small_phone() {
    run(async {
        let scratch = Scratch::new("hostile")?;
        let mut graded = small();
        let hostile = [
            "<script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\">",
            "[click](javascript:document.title='taken') javascript:alert(1)",
            "\u{202e}tem ton si ti\u{202d} and \u{2066}left open",
        ];
        for (criterion, words) in hostile.iter().enumerate() {
            graded.votes[0][0][criterion][0] = Vote::Said(true, (*words).to_owned());
        }
        graded.votes[0][0][2][1] = Vote::Failed;
        let file = scratch.write("hostile.json", graded.file())?;
        let stage = Stage::new().await?;
        let page = &stage.viva.page;
        open(&stage, &file).await?;
        page.click(css(".item-row button").nth(0)).await?;
        page.click(css(".grades summary").nth(0)).await?;
        page.wait_text("<script>document.title").await?;
        page.wait_text("javascript:alert(1)").await?;
        ensure(
            page.count(".grades script, .grades img, .grades a").await? == 0,
            "text and no elements",
        )?;
        ensure(page.eval_text("document.title").await? != "taken", "nothing ran")?;
        // What a judge wrote turns round its own words and no others.
        let is_apart = page
            .eval("[...document.querySelectorAll('.grades .said')].every(one => one.dir === 'auto' && getComputedStyle(one).display === 'block')")
            .await?;
        ensure(is_apart == true, "a block of its own")?;
        let third = page.text(css(".grades li[data-criterion='3']").nth(0)).await?;
        ensure(third.contains("judge-two: missing (2 tries)"), &third)?;
        ensure(third.contains("The judge’s reply holds no verdict."), &third)?;
        page.click(css("button[aria-label='Change this grade: criterion 3']").nth(0)).await?;
        page.wait_for("#ruling-form").await?;
        page.accessible().await?;
        picture(&stage, "graded").await?;
        page.viewport(360, 780).await?;
        picture(&stage, "graded-360").await?;
        let overflow =
            "document.documentElement.scrollWidth - document.documentElement.clientWidth";
        let overflow = page.eval(overflow).await?;
        ensure(overflow == 0, &format!("{overflow} px too wide"))?;
        page.wait_for(text("Your grade")).await?;
        stage.clean(&[])
    });
}
