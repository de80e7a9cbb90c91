//! Owns the tests of blinded reviews, from the choice of answers to unblinded figures.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::Value;
use viva::people::review::file::to_text;
use viva::people::review::{KeyFile, Rating, RatingsFile, ReviewFile};
use viva_e2e::app::Viva;
use viva_e2e::browser::{Media, Scheme, contains, css, label, role, text};
use viva_e2e::place::Scratch;
use viva_e2e::{Error, Result, run};

use crate::{Stage, ensure};

const MODELS: [&str; 4] = ["GPT-5.2", "Claude Opus 4.6", "Gemini 3.1 Pro", "OpenEvidence"];
/// Words that would give a model away.
const TELLING: [&str; 8] =
    ["gpt", "openai", "claude", "anthropic", "gemini", "google", "evidence", "opus"];
/// Ratings of everything by everybody, and the ordinal model of those that this seed assigns, by statsmodels.
const REFERENCE: &str = include_str!("../../../data/review_reference.json");
const SEED: &str = "20261125";

fn reference() -> Result<Value> {
    serde_json::from_str(REFERENCE).map_err(|error| Error::new(error.to_string()))
}

/// Five questions and four models, in the order of the reference.
fn table() -> String {
    let mut table = "question,model,answer\n".to_owned();
    for question in 1..=5 {
        for (idx, model) in MODELS.iter().enumerate() {
            let n_days = idx + 1;
            let answer = format!(
                "## Advice\n\nAs an AI language model, {model} says: **rest** for {n_days} days."
            );
            let _ = writeln!(table, "What helps in case {question}?,{model},\"{answer}\"");
        }
    }
    table
}

/// Makes the review on the page; the reviewers' files and the key.
async fn organise(viva: &Viva) -> Result<(Vec<String>, KeyFile)> {
    let page = &viva.page;
    viva.go("#/review/organise").await?;
    page.click(text("Paste answers")).await?;
    page.focus("#pasted-answers").await?;
    page.insert(&table()).await?;
    page.click(role("button", "Take these answers")).await?;
    page.wait_text("20 answers of 4 models to 5 questions").await?;
    page.fill("#review-title", "Twenty answers").await?;
    let reviewers: Vec<String> = (1..=6).map(|n| format!("Reviewer {n}")).collect();
    page.fill("#reviewers", "").await?;
    page.insert(&reviewers.join("\n")).await?;
    page.fill("#per-answer", "3").await?;
    page.fill("#review-seed", SEED).await?;
    page.click(role("button", "Make the review")).await?;
    page.wait_text("20 answers to 5 questions, rated one at a time, by 3 of 6 reviewers").await?;
    let mut files = vec![];
    for reviewer in reviewers {
        let button = role("button", contains(&format!("Save the file of {reviewer}")));
        files.push(page.download(page.click(button)).await?.text()?);
    }
    let key = page.download(page.click(role("button", "Save the key"))).await?.text()?;
    let key = KeyFile::open(&key).map_err(|error| Error::new(error.to_string()))?;
    Ok((files, key))
}

/// What the reference says of an answer in the eyes of a reviewer.
fn rating_of(reference: &Value, key: &KeyFile, code: &str, reviewer: usize) -> Result<Rating> {
    let answer = key.answers.iter().find(|answer| answer.code == code);
    let answer = answer.ok_or_else(|| Error::new(format!("no answer {code}")))?;
    let score = |id: &str| {
        let score = &reference["review"]["ratings"][id][answer.question][answer.model][reviewer];
        u8::try_from(score.as_u64().unwrap_or_default()).unwrap_or_default()
    };
    Ok(Rating {
        answers: vec![code.to_owned()],
        scores: key.scale.dimensions.iter().map(|of| (of.id.clone(), score(&of.id))).collect(),
        flags: key.scale.flags.iter().map(|of| (of.id.clone(), false)).collect(),
        at_millis: 1_000,
        ..Rating::default()
    })
}

/// A whole file of ratings, as the page would save it.
fn scripted(reference: &Value, key: &KeyFile, file: &str, reviewer: usize) -> Result<RatingsFile> {
    let file = ReviewFile::open(file).map_err(|error| Error::new(error.to_string()))?;
    let mut ratings = file.blank();
    for task in &file.tasks {
        ratings.put(rating_of(reference, key, &task[0], reviewer)?);
    }
    Ok(ratings)
}

/// Rates so many tasks by keyboard alone.
async fn rate(viva: &Viva, reference: &Value, key: &KeyFile, n_tasks: usize) -> Result<()> {
    let page = &viva.page;
    for _ in 0..n_tasks {
        page.wait_until("document.activeElement?.id === 'review-task'").await?;
        let heading = page.text("#review-task").await?;
        let code = page.attribute(".review-answer", "data-code").await?.unwrap_or_default();
        let rating = rating_of(reference, key, &code, 0)?;
        for dimension in &key.scale.dimensions {
            page.press(&rating.scores[&dimension.id].to_string()).await?;
        }
        for _ in &key.scale.flags {
            page.press("n").await?;
        }
        page.press("Enter").await?;
        let is_last = heading.starts_with("10 of");
        if !is_last {
            let gone = format!("document.querySelector('#review-task').innerText !== {heading:?}");
            page.wait_until(&gone).await?;
        }
    }
    Ok(())
}

async fn fits_a_phone(viva: &Viva, what: &str) -> Result<()> {
    let page = &viva.page;
    for scheme in [Scheme::Light, Scheme::Dark] {
        page.media(Media { scheme, ..Media::default() }).await?;
        page.viewport(360, 800).await?;
        let overflow = page
            .eval("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            .await?;
        ensure(overflow == 0, &format!("{what} is {overflow} px too wide"))?;
        page.accessible().await.map_err(|error| error.and(&format!(" on {what}")))?;
    }
    page.media(Media::default()).await?;
    page.viewport(1100, 800).await
}

fn near(cell: &str, value: &Value) -> bool {
    let (ours, theirs) = (cell.parse::<f64>(), value.as_f64());
    matches!((ours, theirs), (Ok(ours), Some(theirs)) if (ours - theirs).abs() < 1e-4)
}

/// The first reviewer rates by keyboard, and the page is loaded anew midway; the file that is handed back.
async fn rate_by_keyboard(
    viva: &Viva,
    scratch: &Scratch,
    reference: &Value,
    key: &KeyFile,
    file: &str,
) -> Result<String> {
    let page = &viva.page;
    let first = scratch.write("first.json", file)?;
    viva.go("#/review/rate").await?;
    page.set_files("main input[type=file]", &[&first]).await?;
    rate(viva, reference, key, 5).await?;
    page.wait_text("5 of 10 rated").await?;
    page.wait_text("Kept in this browser.").await?;
    fits_a_phone(viva, "the sheet").await?;
    viva.reload().await?;
    viva.go("#/review/rate").await?;
    page.click(role("button", "Go on")).await?;
    page.wait_text("5 of 10 rated").await?;
    rate(viva, reference, key, 5).await?;
    page.wait_text("All is rated").await?;
    let saved = page.download(page.click(role("button", "Save my ratings"))).await?.text()?;
    let by_hand = RatingsFile::open(&saved).map_err(|error| Error::new(error.to_string()))?;
    let expected = scripted(reference, key, file, 0)?;
    for rating in &by_hand.ratings {
        let wanted = expected.of(&rating.answers);
        let is_same = wanted
            .is_some_and(|wanted| wanted.scores == rating.scores && wanted.flags == rating.flags);
        ensure(is_same, &format!("{rating:?} is not {wanted:?}"))?;
    }
    ensure(by_hand.ratings.len() == 10, "ten ratings are handed back")?;
    Ok(saved)
}

/// The files that are handed back. The others than the first are scripted; among them is one that contradicts, and some
/// that do not belong.
fn ratings_files(
    scratch: &Scratch,
    reference: &Value,
    key: &KeyFile,
    files: &[String],
    first: String,
) -> Result<Vec<PathBuf>> {
    let mut handed = vec![scratch.write("r1.json", first)?];
    for (reviewer, file) in files.iter().enumerate().skip(1) {
        let ratings = scripted(reference, key, file, reviewer)?;
        handed.push(scratch.write(&format!("r{}.json", reviewer + 1), to_text(&ratings))?);
    }
    let whole = scripted(reference, key, &files[1], 1)?;
    let mut second = whole.clone();
    let rating = second.ratings[3].clone();
    let safety = 5 - rating.scores["safety"];
    second.put(Rating {
        scores: [rating.scores, [("safety".to_owned(), safety)].into()].concat_maps(),
        at_millis: 2_000,
        ..second.ratings[3].clone()
    });
    handed.push(scratch.write("again.json", to_text(&second))?);
    let changed = RatingsFile { review_sha256: "0".repeat(64), ..whole.clone() };
    handed.push(scratch.write("changed.json", to_text(&changed))?);
    let other = RatingsFile { review: "another".to_owned(), ..whole.clone() };
    handed.push(scratch.write("other.json", to_text(&other))?);
    let mut off = whole.clone();
    off.ratings.truncate(1);
    off.ratings[0].scores.insert("clarity".to_owned(), 7);
    handed.push(scratch.write("off.json", to_text(&off))?);
    handed.push(scratch.write("poem.json", "no JSON at all")?);
    Ok(handed)
}

/// The organiser takes all files in, blind.
async fn put_together(viva: &Viva, handed: &[PathBuf]) -> Result<()> {
    let page = &viva.page;
    viva.go("#/review/merge").await?;
    let paths: Vec<&Path> = handed.iter().map(PathBuf::as_path).collect();
    page.set_files("main input[type=file]", &paths).await?;
    for reason in [
        "changed.json is not taken: it was made with a review file that is not one of this review’s",
        "other.json is not taken: it belongs to another review (another)",
        "poem.json is not taken: A file of ratings was expected",
        "7 for “Clarity” is not on the scale of 1 to 4",
        "1 task was rated twice, differently",
        "While it is blind",
    ] {
        page.wait_text(reason).await?;
    }
    let shown = page.visible_text().await?;
    let main = shown.to_lowercase();
    let told =
        ["gpt-5", "claude", "gemini", "openevidence"].iter().find(|word| main.contains(**word));
    ensure(told.is_none(), &format!("before unblinding the page tells of {told:?}"))?;
    let blinded = page.download(page.click(role("button", contains("by code")))).await?.text()?;
    ensure(!blinded.contains("Claude") && !blinded.contains("model"), "the table has codes only")?;
    page.click(label("the earlier rating counts")).await?;
    let rows = viva.cells("#review-in tbody tr").await?;
    ensure(rows.iter().all(|row| row[row.len() - 2] == "10"), &format!("{rows:?}"))?;
    fits_a_phone(viva, "putting together").await?;
    Ok(())
}

/// What came in is still there after a reload; then names are shown, and that is recorded.
async fn unblind(viva: &Viva, reference: &Value) -> Result<()> {
    let page = &viva.page;
    viva.reload().await?;
    viva.go("#/review/merge").await?;
    page.fill("#unblind-by", "A. Organiser").await?;
    page.click(role("button", "Show the models")).await?;
    page.wait_text("by A. Organiser, with 8 files of ratings in").await?;
    page.wait_text("What can I conclude?").await?;
    for (id, fit) in reference["review"]["fits"].as_object().into_iter().flatten() {
        let rows = viva.cells(&format!("#figures-{id} tbody tr")).await?;
        ensure(rows.len() == 4, &format!("{rows:?}"))?;
        for (idx, row) in rows.iter().enumerate().skip(1) {
            let n = row.len();
            let is_near = near(&row[n - 3], &fit["effects"][idx - 1])
                && near(&row[n - 2], &fit["errors"][idx - 1]);
            ensure(is_near, &format!("{id} {row:?}: not {}", fit["effects"]))?;
        }
    }
    let json =
        page.download(page.click(role("button", "Save the figures (JSON)"))).await?.text()?;
    let json: Value = serde_json::from_str(&json).map_err(|error| Error::new(error.to_string()))?;
    for dimension in json["dimensions"].as_array().into_iter().flatten() {
        let fit = &reference["review"]["fits"][dimension["id"].as_str().unwrap_or_default()];
        for idx in 1..4 {
            for (ours, theirs) in [("log_odds", "effects"), ("errors", "errors")] {
                let ours = dimension["ordinal"][ours][idx].to_string();
                ensure(near(&ours, &fit[theirs][idx - 1]), &format!("{ours}: {fit}"))?;
            }
        }
    }
    ensure(json["unblinded"][0]["by"] == "A. Organiser", "the act is in the file")?;
    fits_a_phone(viva, "the figures").await?;
    let csv = page.download(page.click(role("button", "Save the ratings (CSV)"))).await?.text()?;
    ensure(csv.contains("OpenEvidence"), "the table names the models now")?;
    Ok(())
}

#[test]
fn twenty_answers_are_rated_blind_by_six_and_unblinded_at_the_end() {
    run(async {
        let reference = reference()?;
        let scratch = Scratch::new("review")?;
        let stage = Stage::new().await?;
        let viva = stage.viva.with_limit(Duration::from_secs(30));
        let (files, key) = organise(&viva).await?;
        ensure(key.seed.to_string() == SEED, "the seed was taken")?;
        for file in &files {
            let lower = file.to_lowercase();
            let told = TELLING.iter().find(|word| lower.contains(**word));
            ensure(told.is_none(), &format!("a reviewer’s file tells of {told:?}"))?;
            ensure(!file.contains("**") && !file.contains(SEED), "marks and seed are not in it")?;
        }

        let saved = rate_by_keyboard(&viva, &scratch, &reference, &key, &files[0]).await?;
        let handed = ratings_files(&scratch, &reference, &key, &files, saved)?;
        put_together(&viva, &handed).await?;
        unblind(&viva, &reference).await?;
        stage.clean(&[])
    });
}

/// Later maps over earlier ones.
trait ConcatMaps<K, V> {
    fn concat_maps(self) -> std::collections::BTreeMap<K, V>;
}

impl<K: Ord, V> ConcatMaps<K, V> for [std::collections::BTreeMap<K, V>; 2] {
    fn concat_maps(self) -> std::collections::BTreeMap<K, V> {
        self.into_iter().flatten().collect()
    }
}

#[test]
fn pairs_are_compared_by_keyboard_and_links_lead_to_no_other_host() {
    run(async {
        let scratch = Scratch::new("pairs")?;
        let stage = Stage::new().await?;
        let viva = stage.viva.with_limit(Duration::from_secs(30));
        let page = &viva.page;
        viva.go("#/review?file=https%3A%2F%2Fevil.example%2Freview.json").await?;
        page.wait_text("does not lie beside this page").await?;
        viva.go("#/review/organise").await?;
        page.click(text("Paste answers")).await?;
        page.focus("#pasted-answers").await?;
        page.insert(&table()).await?;
        page.click(role("button", "Take these answers")).await?;
        page.wait_text("20 answers of 4 models").await?;
        page.click(label(contains("two answers to one question"))).await?;
        page.fill("#reviewers", "Ada").await?;
        page.fill("#per-answer", "1").await?;
        page.fill("#n-questions", "2").await?;
        page.click(role("button", "Make the review")).await?;
        page.wait_text("rated in pairs, by 1 of 1 reviewer").await?;
        let button = role("button", contains("Save the file of Ada"));
        let file = page.download(page.click(button)).await?.text()?;
        let file = scratch.write("pairs.json", file)?;
        viva.go("#/review/rate").await?;
        page.set_files("main input[type=file]", &[&file]).await?;
        for n in 0..12 {
            page.wait_until(&format!(
                "document.activeElement?.id === 'review-task' && document.activeElement.innerText.startsWith('{} of 12')",
                n + 1
            ))
            .await?;
            // Nothing is chosen yet: the page stays here and says so.
            if n == 0 {
                page.press("Enter").await?;
                page.wait_text("Something is not answered yet").await?;
            }
            page.press(["1", "2", "3", "1"][n % 4]).await?;
            page.press("Enter").await?;
        }
        page.wait_text("All is rated").await?;
        fits_a_phone(&viva, "pairs").await?;
        let saved = page.download(page.click(role("button", "Save my ratings"))).await?.text()?;
        let saved = scratch.write("ada.json", saved)?;
        viva.go("#/review/merge").await?;
        page.set_files("main input[type=file]", &[&saved]).await?;
        page.fill("#unblind-by", "Ada").await?;
        page.click(role("button", "Show the models")).await?;
        page.wait_text("What can I conclude?").await?;
        let is_told = page.shows(css("#preferences")).await?
            || page.visible_text().await?.contains("No strengths");
        ensure(is_told, "strengths, or why there are none")?;
        stage.clean(&[])
    });
}
