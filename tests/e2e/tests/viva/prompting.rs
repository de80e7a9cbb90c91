//! Owns the tests of how questions are put: what the look before the run shows is what is sent, and variants are told apart.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;
use viva::stats::Interval;
use viva::stats::paired::{Fourfold, mean_difference};
use viva_e2e::app::Viva;
use viva_e2e::browser::{css, role, text};
use viva_e2e::place::Scratch;
use viva_e2e::provider::{Ending, Examinee, Profile, Provider, Received, Script};
use viva_e2e::questions::Question;
use viva_e2e::{Error, Result, run};

use crate::{Stage, ensure, questions};

const TEMPLATE: &str =
    "{context}\n\n{question}\n\n{options}\n\nOne of {letters}, {n} in all. {{so}}:\nAnswer: ...";
const SYSTEM: &str = "You sit an exam. Mrs. Margaret Holloway, born 14 March 1951, marks it.";

/// Takes this many of the only set on the shelf.
async fn take(viva: &Viva, n: &str) -> Result<()> {
    viva.page.fill(css("input[id^='n-']"), n).await?;
    viva.page.press("Tab").await?;
    viva.page.wait_text(&format!("{n} questions will be asked")).await
}

async fn set_number(viva: &Viva, field: &str, n: &str) -> Result<()> {
    viva.page.fill(field, n).await?;
    viva.page.press("Tab").await
}

async fn is_held(viva: &Viva) -> Result<bool> {
    Ok(viva.page.eval("document.querySelector('#start-run').disabled").await? == true)
}

async fn wait_free(viva: &Viva) -> Result<()> {
    viva.page.wait_until("document.querySelector('#start-run')?.disabled === false").await
}

/// The messages that the look shows, which must be those of the call that it shows.
async fn looked(viva: &Viva) -> Result<Value> {
    viva.page.wait_for("#preview pre").await?;
    let shown = viva
        .page
        .eval(
            "({told: [...document.querySelectorAll('#preview dd')].map(one => one.textContent),
               call: document.querySelector('#preview pre').textContent})",
        )
        .await?;
    let call: Value = serde_json::from_str(shown["call"].as_str().unwrap_or_default())?;
    let messages = call["messages"].clone();
    let sent: Vec<&Value> =
        messages.as_array().into_iter().flatten().map(|message| &message["content"]).collect();
    let told: Vec<&Value> = shown["told"].as_array().into_iter().flatten().collect();
    ensure(!sent.is_empty() && sent == told, &format!("told {told:?}, sent {sent:?}"))?;
    Ok(messages)
}

/// Which form of its question a call put.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Form {
    AsItIs,
    Rotated,
    NoneOfTheOthers,
}

fn form_of(call: &Received, questions: &[Question]) -> Result<(String, Form)> {
    let id = call.question.clone().ok_or_else(|| Error::new("a call that puts no question"))?;
    let question = questions.iter().find(|question| question.id == id);
    let question = question.ok_or_else(|| Error::new("no such question"))?;
    let body = call.json();
    let last = body["messages"].as_array().and_then(|messages| messages.last().cloned());
    let last = last.unwrap_or_default()["content"].as_str().unwrap_or_default().to_owned();
    let is_in_order = question.options.iter().enumerate().all(|(idx, option)| {
        let letter = viva_e2e::questions::letter(idx);
        idx == question.answer || last.contains(&format!("{letter}) {option}"))
    });
    let form = match (last.contains("None of the other answers"), is_in_order) {
        (true, _) => Form::NoneOfTheOthers,
        (false, true) => Form::AsItIs,
        (false, false) => Form::Rotated,
    };
    Ok((id, form))
}

fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

fn points(difference: f64) -> String {
    let value = difference * 100.0;
    let sign = match value {
        value if 0.0 < value => "+",
        value if value < 0.0 => "−",
        _ => "",
    };
    format!("{sign}{:.1}", value.abs())
}

/// Rights and answers of each question, by form.
type Log = BTreeMap<Form, BTreeMap<String, (usize, usize)>>;

fn log_of(provider: &Provider, questions: &[Question]) -> Result<Log> {
    let mut log = Log::new();
    for call in provider.calls() {
        let (id, form) = form_of(&call, questions)?;
        let (right, n) = log.entry(form).or_default().entry(id).or_default();
        *right += usize::from(call.ending == Some(Ending::Correct));
        *n += 1;
    }
    Ok(log)
}

fn total(log: &Log, form: Form) -> (usize, usize) {
    log[&form].values().fold((0, 0), |(right, n), (r, m)| (right + r, n + m))
}

/// The line of the table that the log calls for.
fn line(log: &Log, form: Form, title: &str) -> Vec<String> {
    let (original, changed) = (&log[&Form::AsItIs], &log[&form]);
    let mut table = Fourfold::default();
    let differences: Vec<f64> = original
        .iter()
        .map(|(id, (right, _))| {
            let (changed, n) = changed[id];
            table.add([changed == n, *right == 1]);
            changed as f64 / n as f64 - *right as f64
        })
        .collect();
    let (right, n) = total(log, Form::AsItIs);
    let (changed_right, n_changed) = total(log, form);
    let interval = if n_changed == n {
        Some(table.newcombe(0.95))
    } else {
        mean_difference(&differences, 0.95).and_then(|mean| mean.interval)
    };
    let range = interval.filter(|range| range.low < range.high).map_or_else(
        || "–".to_owned(),
        |Interval { low, high }| format!("{} to {}", points(low), points(high)),
    );
    let (before, after) = (right as f64 / n as f64, changed_right as f64 / n_changed as f64);
    [
        title,
        "model",
        &n.to_string(),
        &percent(before),
        &percent(after),
        &points(after - before),
        &range,
    ]
    .map(str::to_owned)
    .to_vec()
}

/// The table of what changed forms did, without its two columns of p.
async fn shifts(viva: &Viva) -> Result<Vec<Vec<String>>> {
    viva.page.click(css("#robustness-heading ~ details summary").nth(0)).await?;
    viva.page.wait_for("#robustness tbody tr").await?;
    let rows = viva.cells("#robustness tbody tr").await?;
    Ok(rows.into_iter().map(|row| row.into_iter().take(7).collect()).collect())
}

async fn assert_board(viva: &Viva, (right, n): (usize, usize)) -> Result<()> {
    let expected = percent(right as f64 / n as f64);
    viva.page
        .poll(&format!("{right} of {n} in the leaderboard"), async || {
            let standings = viva.standings().await?;
            let told = format!("{right} right, {} wrong", n - right);
            let told = if right == 0 { format!("{n} wrong") } else { told };
            let fits = standings.len() == 1
                && standings[0].accuracy == expected
                && standings[0].outcomes == told;
            Ok(fits.then_some(()))
        })
        .await
}

/// Fills in the wording of the run, with mistakes on the way.
async fn word(viva: &Viva) -> Result<()> {
    let page = &viva.page;
    viva.go("#/run").await?;
    page.choose("#template", "A template of my own").await?;
    wait_free(viva).await?;
    page.fill("#own-template", "{question}\n\n  {optoins}").await?;
    page.wait_text("Line 3, column 3: {optoins} is not known.").await?;
    ensure(is_held(viva).await?, "a bad template can be run")?;
    page.wait_text("Your template cannot be used yet").await?;
    ensure(!page.shows("#cost").await?, "a cost is told of a template that cannot be used")?;
    page.fill("#own-template", "{question}").await?;
    page.wait_text("Without {options}, models do not see").await?;
    page.fill("#own-template", TEMPLATE).await?;
    wait_free(viva).await?;

    page.click("#wording summary").await?;
    set_number(viva, "#shots", "50").await?;
    page.wait_text("Only 4 of 50 examples can be had").await?;
    ensure(is_held(viva).await?, "a run without its examples can be started")?;
    set_number(viva, "#shots", "2").await?;
    page.wait_text("These are shown:").await?;
    wait_free(viva).await?;

    page.click("#variants summary").await?;
    page.wait_text("Adds 30 variants, 30 calls.").await?;
    let lay = "document.querySelector('#variant-everyday-words').disabled";
    ensure(page.eval(lay).await? == true, "variants can be wanted that cannot be made")?;
    page.click("#variant-rotated").await?;
    page.click("#variant-none-of-the-others").await?;
    page.wait_text("Variants with options rotated: 30.").await?;
    wait_free(viva).await?;
    let cost = viva.cells("#cost tbody tr").await?;
    ensure(cost[0][1] == "50", &format!("the cost is reckoned for {cost:?}"))?;

    page.fill("#system", SYSTEM).await?;
    page.wait_text("Could somebody be recognised?").await?;
    let findings = page.texts(css("#privacy-findings li")).await?;
    for part in ["Holloway", "14 March 1951", "in the standing instruction"] {
        ensure(findings.iter().any(|found| found.contains(part)), &format!("{findings:?}"))?;
    }
    ensure(is_held(viva).await?, "the run can be started all the same")?;
    page.click("#privacy-accepted").await?;
    wait_free(viva).await?;
    // Own questions were found harmless before; the template is looked at too.
    page.fill("#own-template", &format!("{TEMPLATE} Dr. Ilse Brandt, born 2 May 1960.")).await?;
    page.wait_text("in your template").await?;
    ensure(is_held(viva).await?, "a tick for other texts counts")?;
    page.fill("#own-template", TEMPLATE).await?;
    page.wait_until(
        "document.querySelector('#privacy-findings')?.textContent.includes('in your template') === false",
    )
    .await?;
    page.click("#privacy-accepted").await?;
    wait_free(viva).await?;
    page.accessible().await
}

#[test]
fn what_the_look_shows_is_sent_and_variants_are_counted_apart() {
    run(async {
        let scratch = Scratch::new("prompting")?;
        let (questions, file) = questions(&scratch, 14)?;
        let model = Examinee::new("model", 0.7).wavers().only_recognises();
        let provider =
            Provider::start(Profile::Reflective, Script::new(&questions, 5).model(model)).await?;
        let stage = Stage::new().await?;
        let viva = stage.viva.with_limit(Duration::from_secs(30));
        let page = &viva.page;
        viva.open_questions(&[&file], "14").await?;
        take(&viva, "10").await?;
        viva.add_model(&provider.base_url(), "model", "").await?;
        word(&viva).await?;
        ensure(provider.received().is_empty(), "nothing has left the page")?;

        page.click(text("See a question as it is sent")).await?;
        let mut shown = vec![];
        for question in 1..=10 {
            set_number(&viva, "#preview-item", &question.to_string()).await?;
            for form in 0..5 {
                page.choose("#preview-form", &form.to_string()).await?;
                shown.push(looked(&viva).await?.to_string());
            }
        }
        page.click(role("button", "Start the run")).await?;
        viva.wait_finished().await?;
        let mut sent: Vec<String> =
            provider.calls().iter().map(|call| call.json()["messages"].to_string()).collect();
        sent.sort_unstable();
        shown.sort_unstable();
        ensure(sent.len() == 50 && sent == shown, "what was shown is not what was sent")?;
        // A standing instruction, two examples with their answers, the question.
        for call in provider.calls() {
            let messages = call.json()["messages"].clone();
            let roles: Vec<&str> = messages
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|message| message["role"].as_str())
                .collect();
            ensure(
                roles == ["system", "user", "assistant", "user", "assistant", "user"],
                &format!("{roles:?}"),
            )?;
            ensure(messages[0]["content"] == SYSTEM, "another standing instruction")?;
            let answer = messages[2]["content"].as_str().unwrap_or_default();
            ensure(answer.starts_with("Answer: "), answer)?;
            let asked = messages[5]["content"].as_str().unwrap_or_default();
            ensure(asked.ends_with("One of A, B, C, D, 4 in all. {so}:\nAnswer: ..."), asked)?;
        }

        viva.see_results().await?;
        let log = log_of(&provider, &questions)?;
        let of = |form| total(&log, form);
        ensure(of(Form::AsItIs).1 == 10 && of(Form::Rotated).1 == 30, "other forms were asked")?;
        assert_board(&viva, of(Form::AsItIs)).await?;
        page.accessible().await?;
        let expected = [
            line(&log, Form::Rotated, "options rotated"),
            line(
                &log,
                Form::NoneOfTheOthers,
                "“none of the other answers” in the place of the right option",
            ),
        ];
        let rows = shifts(&viva).await?;
        ensure(rows == expected, &format!("expected {expected:?}, the page says {rows:?}"))?;
        page.choose("#scope", "variants: options rotated").await?;
        assert_board(&viva, of(Form::Rotated)).await?;
        page.choose("#scope", "none-of-the-others").await?;
        assert_board(&viva, (0, 10)).await?;
        let rows = shifts(&viva).await?;
        ensure(rows == expected, "the comparison hangs on what the figures count")?;
        kept(&viva, &questions).await?;
        stage.clean(&[&provider])
    });
}

/// After the page is loaded anew, the view is the same, and the run tells how it was asked.
async fn kept(viva: &Viva, questions: &[Question]) -> Result<()> {
    let page = &viva.page;
    viva.reload().await?;
    page.wait_for("#leaderboard").await?;
    assert_board(viva, (0, 10)).await?;
    page.choose("#scope", "the questions as they are").await?;
    page.click(text("How they were asked")).await?;
    let told = page.eval_text("document.querySelector('#how-asked').textContent").await?;
    for part in [TEMPLATE, SYSTEM, "2 examples before each question, drawn with seed 1"] {
        ensure(told.contains(part), &format!("{part:?} is not in {told:?}"))?;
    }
    let badge = page.text(css(".item-row .badge").nth(0)).await?;
    ensure(badge == "options rotated (rot1)", &badge)?;
    let csv = page.download(page.click(role("button", "Save the answers (CSV)"))).await?.text()?;
    for (name, n) in [("~rot", 30), ("~none", 10)] {
        let n_rows =
            csv.lines().filter(|row| row.split(',').next().is_some_and(|id| id.contains(name)));
        ensure(n_rows.count() == n, &format!("{name}: not {n} rows"))?;
    }
    let saved = page.download(page.click(role("button", "Save the run (JSON)"))).await?.text()?;
    let saved: Value = serde_json::from_str(&saved)?;
    let plan = &saved["plan"];
    ensure(plan["template_text"] == TEMPLATE && plan["system"] == SYSTEM, "not in the file")?;
    let asked: Vec<&str> = plan["items"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|item| item["id"].as_str())
        .collect();
    let shots: Vec<&str> = plan["shots"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|item| item["id"].as_str())
        .collect();
    let is_held_out =
        |id: &&str| questions.iter().any(|question| question.id == *id) && !asked.contains(id);
    ensure(shots.len() == 2 && shots.iter().all(is_held_out), &format!("{shots:?}"))
}

#[test]
fn questions_in_spanish_are_put_in_spanish_with_examples_of_a_category() {
    run(async {
        let script = Script::new(&[], 1).model(Examinee::new("model", 1.0));
        let provider = Provider::start(Profile::Wildcard, script).await?;
        let stage = Stage::new().await?;
        let viva = stage.viva.with_limit(Duration::from_secs(30));
        let page = &viva.page;
        viva.go("#/questions").await?;
        page.click(role("button", "The same in Spanish")).await?;
        page.wait_text("will be asked").await?;
        take(&viva, "3").await?;
        viva.add_model(&provider.base_url(), "model", "").await?;
        viva.go("#/run").await?;
        page.click(text("See a question as it is sent")).await?;
        let asked = |messages: &Value| {
            let last = messages.as_array().and_then(|messages| messages.last());
            last.and_then(|last| last["content"].as_str()).unwrap_or_default().to_owned()
        };
        let first = asked(&looked(&viva).await?);
        ensure(first.contains("Pregunta:\n") && first.ends_with("Respuesta: ..."), &first)?;
        page.click("#wording summary").await?;
        for (language, end) in [("Français", "Réponse : ..."), ("English", "Answer: ...")] {
            page.choose("#prompt-language", language).await?;
            let look = asked(&looked(&viva).await?);
            ensure(look.ends_with(end) && look != first, &look)?;
        }
        page.choose("#prompt-language", "Like the questions (Español)").await?;
        set_number(&viva, "#shots", "1").await?;
        let category =
            page.eval_text("document.querySelector('#shots-category').options[2].value").await?;
        page.choose("#shots-category", &category).await?;
        page.wait_text("These are shown:").await?;
        wait_free(&viva).await?;
        let look = looked(&viva).await?;
        ensure(
            look[1]["content"].as_str().is_some_and(|text| text.starts_with("Respuesta: ")),
            "",
        )?;
        page.click("#variants summary").await?;
        page.click("#variant-none-of-the-others").await?;
        page.wait_text("Variants with “none of the other answers”").await?;
        wait_free(&viva).await?;
        page.click(role("button", "Start the run")).await?;
        viva.wait_finished().await?;
        let calls = provider.calls();
        let says = |call: &&Received| call.body.contains("Ninguna de las otras respuestas");
        let n_variants = calls.iter().filter(says).count();
        ensure(
            0 < n_variants && calls.len() == 3 + n_variants,
            "not each question and variant once",
        )?;
        for call in &calls {
            let messages = call.json()["messages"].clone();
            ensure(messages[0] == look[0] && messages[1] == look[1], "another example")?;
            ensure(asked(&messages).contains("Contesta con una sola línea"), "not in Spanish")?;
        }
        viva.see_results().await?;
        let saved =
            page.download(page.click(role("button", "Save the run (JSON)"))).await?.text()?;
        let saved: Value = serde_json::from_str(&saved)?;
        let plan = &saved["plan"];
        ensure(plan["template"] == "viva-letter/1-es", "another template is recorded")?;
        ensure(plan["shots"][0]["category"] == category.as_str(), "of another category")?;
        stage.clean(&[&provider])
    });
}
