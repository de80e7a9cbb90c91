//! Owns the test of the pack of open cases from choosing to results: three models, two judges with scripted verdicts, every
//! score computed by hand, and what judges that fail change.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};
use viva_e2e::app::{Entered, Viva};
use viva_e2e::browser::{label, role, text};
use viva_e2e::provider::{Examinee, Fault, Profile, Provider, Rule, Script, When};
use viva_e2e::questions::Question;
use viva_e2e::{Error, Result, run};

use crate::judges::add_judge;
use crate::record::Record;
use crate::{Stage, assert_plain, ensure};

const PACK: &str = include_str!("../../../../datasets/open-cases.json");
const MODELS: [&str; 3] = ["alpha", "beta", "gamma"];
const JUDGES: [&str; 2] = ["first-judge", "second-judge"];
const KEY: &str = "sk-open-0123456789abcdef";
const N_ITEMS: usize = 6;

/// A criterion as a judge reads it, with its points and its tags.
#[derive(Clone)]
struct Criterion {
    text: String,
    points: i32,
    tags: Vec<String>,
}

/// The criteria of each case, by its id.
type Rubrics = BTreeMap<String, Vec<Criterion>>;

/// The criteria of the pack, and its questions for the provider.
fn pack() -> Result<(Rubrics, Vec<Question>)> {
    let pack: Value = serde_json::from_str(PACK)?;
    let words = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let (mut rubrics, mut questions) = (BTreeMap::new(), vec![]);
    for item in pack["items"].as_array().into_iter().flatten() {
        let criteria = item["rubric"].as_array().into_iter().flatten().map(|one| {
            let points = i32::try_from(one["points"].as_i64().unwrap_or_default()).unwrap_or(0);
            Criterion {
                text: format!("[{points}] {}", words(&one["criterion"])),
                points,
                tags: one["tags"].as_array().into_iter().flatten().map(words).collect(),
            }
        });
        rubrics.insert(words(&item["id"]), criteria.collect());
        let last = item["conversation"].as_array().and_then(|turns| turns.last());
        let asked = last.map_or_else(|| words(&item["question"]), |turn| words(&turn["content"]));
        questions.push(Question {
            id: words(&item["id"]),
            text: asked,
            options: ["Call an ambulance", "Wait and see", "Ask for more", "See a doctor today"]
                .map(str::to_owned)
                .to_vec(),
            answer: 0,
            category: words(&item["category"]),
        });
    }
    Ok((rubrics, questions))
}

/// What one model said to one case, and by criterion and judge whether it is met; none where nothing came.
struct Graded {
    criteria: Vec<Criterion>,
    votes: Vec<[Option<bool>; 2]>,
}

/// Whose verdicts count.
#[derive(Clone, Copy)]
enum By {
    Panel,
    Judge(usize),
}

impl Graded {
    /// Two judges decide where they agree or one is missing.
    fn met(&self, by: By, criterion: usize) -> Option<bool> {
        match (by, self.votes[criterion]) {
            (By::Judge(judge), votes) => votes[judge],
            (By::Panel, [Some(a), Some(b)]) => (a == b).then_some(a),
            (By::Panel, [one, other]) => one.or(other),
        }
    }

    /// Points earned and points that could be earned by the criteria that count.
    fn sums(&self, by: By, counts: impl Fn(&Criterion) -> bool) -> (f64, f64) {
        let (mut earned, mut possible) = (0.0, 0.0);
        for (idx, criterion) in self.criteria.iter().enumerate().filter(|(_, it)| counts(it)) {
            let Some(met) = self.met(by, idx) else { continue };
            earned += if met { f64::from(criterion.points) } else { 0.0 };
            possible += f64::from(criterion.points.max(0));
        }
        (earned, possible)
    }
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// By hand, by the rule of HealthBench, the pooled rule, and the rule of Inspect.
fn by_hand(answers: &[Graded], by: By) -> [f64; 3] {
    let sums = answers.iter().map(|answer| answer.sums(by, |_| true));
    let sums: Vec<(f64, f64)> = sums.filter(|(_, possible)| 0.0 < *possible).collect();
    let scores: Vec<f64> = sums.iter().map(|(earned, possible)| earned / possible).collect();
    let clipped: Vec<f64> = scores.iter().map(|score| score.clamp(0.0, 1.0)).collect();
    let (earned, possible) =
        sums.iter().fold((0.0, 0.0), |all, one| (all.0 + one.0, all.1 + one.1));
    [mean(&scores).clamp(0.0, 1.0), earned / possible, mean(&clipped)]
}

/// What came of a run: the answers by model and item, and what the page showed of them.
struct Sat {
    answers: Vec<Vec<String>>,
    item_ids: Vec<String>,
    n_missing: usize,
    /// Criteria decided by the panel, of all.
    decided: Vec<(usize, usize)>,
}

/// The exact scores of a row, cell by cell, of the cells that have one.
async fn scores(stage: &Stage, row: &str) -> Result<Vec<f64>> {
    let read = format!(
        "[...document.querySelectorAll({})].map(cell => cell.dataset.score).filter(score => score !== undefined)",
        json!(format!("{row} td.number"))
    );
    let found: Vec<String> = serde_json::from_value(stage.viva.page.eval(&read).await?)?;
    found
        .iter()
        .map(|score| score.parse().map_err(|error| Error::new(format!("a score {score}: {error}"))))
        .collect()
}

fn near(what: &str, found: &[f64], expected: &[f64]) -> Result<()> {
    let is_near = found.len() == expected.len()
        && found.iter().zip(expected).all(|(found, expected)| (found - expected).abs() < 1e-12);
    ensure(is_near, &format!("{what}: {found:?} and not {expected:?}"))
}

/// From the choice of the cases to their results.
async fn choose_and_run(viva: &Viva, models: &Provider, judges: &Provider) -> Result<()> {
    let page = &viva.page;
    viva.go("#/questions").await?;
    page.click(role("button", "Use the open cases")).await?;
    page.wait_text("40 questions will be asked").await?;
    page.fill(label("How many"), &N_ITEMS.to_string()).await?;
    page.press("Tab").await?;
    page.wait_text(&format!("{N_ITEMS} questions will be asked")).await?;
    for (idx, model) in MODELS.iter().enumerate() {
        viva.add_model(&models.base_url(), model, if idx == 0 { KEY } else { "" }).await?;
    }
    viva.set_in_flight(16).await?;
    for (idx, model) in JUDGES.into_iter().enumerate() {
        let key = if idx == 0 { KEY } else { "" };
        let judge = Entered { model, key, price: Some(("1", "4")), ..Entered::default() };
        add_judge(viva, judges, judge).await?;
    }
    viva.start_run().await?;
    viva.wait_finished().await?;
    viva.see_results().await?;
    page.wait_for("#open-answers-0[aria-busy=false] #open-judges-0").await?;
    Ok(())
}

/// What must come of it by the script: answer by answer with all verdicts, by model; and how many each judge failed on.
fn by_script(
    record: &Record,
    judges: &Provider,
    rubrics: &Rubrics,
) -> Result<(Sat, Vec<Vec<Graded>>, [usize; 2])> {
    let scripted = judges.script();
    let mut sat =
        Sat { answers: vec![], item_ids: record.item_ids(), n_missing: 0, decided: vec![] };
    ensure(sat.item_ids.len() == N_ITEMS, &format!("{:?}", sat.item_ids))?;
    let mut failed = [0; 2];
    let mut by_model = vec![];
    for model in MODELS {
        let trials = record.trials(model)?;
        let (mut said, mut graded) = (vec![], vec![]);
        for (idx, id) in (0..).zip(&sat.item_ids) {
            let lost = || Error::new(format!("{id} is not in the pack, or has no answer"));
            let answer = trials.get(&idx).and_then(|trial| trial.answers.first());
            let answer = answer.and_then(|it| it["text"].as_str()).ok_or_else(lost)?.to_owned();
            let criteria = rubrics.get(id).ok_or_else(lost)?.clone();
            let vote = |criterion: &Criterion| {
                JUDGES.map(|judge| {
                    (!scripted.is_speechless(judge, &criterion.text))
                        .then(|| scripted.verdict_on(judge, &criterion.text, &answer))
                })
            };
            let votes: Vec<[Option<bool>; 2]> = criteria.iter().map(vote).collect();
            for votes in &votes {
                for (failed, vote) in failed.iter_mut().zip(votes) {
                    *failed += usize::from(vote.is_none());
                }
            }
            graded.push(Graded { criteria, votes });
            said.push(answer);
        }
        sat.answers.push(said);
        by_model.push(graded);
    }
    sat.n_missing = failed.iter().sum();
    Ok((sat, by_model, failed))
}

/// Every score that the page shows, held against those by hand; notes how much was decided.
async fn boards(stage: &Stage, by_model: &[Vec<Graded>], sat: &mut Sat) -> Result<()> {
    let page = &stage.viva.page;
    // Every score of the board and of each judge alone.
    for (whose, by) in [
        ("first-judge alone", By::Judge(0)),
        ("second-judge alone", By::Judge(1)),
        ("The majority decides; even votes decide nothing", By::Panel),
    ] {
        page.choose(label("Whose verdicts count"), whose).await?;
        for (model, graded) in MODELS.iter().zip(by_model) {
            let row = format!("#open-board-0 tr[data-model={model}]");
            let expected = by_hand(graded, by);
            page.poll(&format!("{whose}: {model} {expected:?}"), async || {
                Ok(near(model, &scores(stage, &row).await?, &expected).is_ok().then_some(()))
            })
            .await?;
        }
    }
    page.wait_for("#open-answers-0[aria-busy=false] #open-judges-0").await?;
    for (model, graded) in MODELS.iter().zip(by_model) {
        let alone = [0, 1].map(|judge| by_hand(graded, By::Judge(judge))[0]);
        let row = format!("#open-alone-0 tr[data-model={model}]");
        let expected = [by_hand(graded, By::Panel)[0], alone[0], alone[1]];
        near(model, &scores(stage, &row).await?, &expected)?;
        // Coverage.
        let criteria = || graded.iter().flat_map(|it| (0..it.criteria.len()).map(move |n| (it, n)));
        let n = criteria().count();
        let n_decided = criteria().filter(|(it, n)| it.met(By::Panel, *n).is_some()).count();
        sat.decided.push((n_decided, n));
        let told = page.text(&*format!("#open-board-0 tr[data-model={model}]")).await?;
        let covered = format!("{n_decided} of {n} criteria decided");
        ensure(told.contains(&covered), &format!("{covered} is not in {told}"))?;
    }
    // By axis: the criteria of the axis alone, of the answers that could earn anything by them.
    let row = "#open-axes-0 tr[data-tag='axis:accuracy']";
    let expected: Vec<f64> = by_model
        .iter()
        .map(|graded| {
            let is_of = |it: &Criterion| it.tags.iter().any(|tag| tag == "axis:accuracy");
            let sums = graded.iter().map(|answer| answer.sums(By::Panel, is_of));
            let scores: Vec<f64> =
                sums.filter(|(_, most)| 0.0 < *most).map(|(got, most)| got / most).collect();
            mean(&scores).clamp(0.0, 1.0)
        })
        .collect();
    near("accuracy", &scores(stage, row).await?, &expected)?;
    Ok(())
}

/// What is told of each judge, and what grading cost.
async fn by_judge(
    viva: &Viva,
    record: &Record,
    judges: &Provider,
    failed: [usize; 2],
    by_model: &[Vec<Graded>],
) -> Result<()> {
    let page = &viva.page;
    let n_criteria: usize = by_model.iter().flatten().map(|graded| graded.criteria.len()).sum();
    let shown = viva.cells("#open-judges-0 tbody tr").await?;
    for ((row, judge), failed) in shown.iter().zip(JUDGES).zip(failed) {
        let n_judged = n_criteria - failed;
        let expected = [judge.to_owned(), n_judged.to_string(), failed.to_string()];
        ensure(row[..3] == expected, &format!("{row:?} and not {expected:?}"))?;
    }
    let cost: u64 = record.entries("judgement").filter_map(|one| one["cost"].as_u64()).sum();
    let cost = viva::provider::MicroDollars(cost);
    let told = page.text("#open-cost-0").await?;
    ensure(told.contains(&format!("cost of grading comes to {cost}")), &told)?;
    let paid: u64 = JUDGES.iter().map(|judge| judges.used(judge).cost_micros()).sum();
    ensure(cost.0 == paid, &format!("{cost} told, {paid} paid"))?;
    Ok(())
}

/// The same scores in the report.
async fn in_the_report(viva: &Viva, by_model: &[Vec<Graded>], sat: &Sat) -> Result<()> {
    let page = &viva.page;
    page.click("#to-report").await?;
    page.wait_for("#report").await?;
    let report = page.text("#report").await?;
    for (graded, (n_decided, n)) in by_model.iter().zip(&sat.decided) {
        for score in by_hand(graded, By::Panel) {
            let percent = format!("{:.1} %", 100.0 * score).replace('-', "−");
            ensure(report.contains(&percent), &format!("{percent} is not in the report"))?;
        }
        ensure(report.contains(&format!("{n_decided} of {n}")), "coverage in the report")?;
    }
    for part in ["Open answers by axis", "The judges", "People changed 0 grades", "highest score"] {
        ensure(report.contains(part), &format!("{part} is not in the report"))?;
    }
    ensure(!report.contains("no answer yet"), "the report says that there is nothing")?;
    Ok(())
}

/// The whole way, with judges that fail on this share of the criteria.
async fn sit(failing: f64) -> Result<Sat> {
    let (rubrics, questions) = pack()?;
    let models = MODELS.iter().zip([0.9, 0.5, 0.1]);
    let models = models.fold(Script::new(&questions, 5).key(KEY), |script, (name, accuracy)| {
        script.model(Examinee::new(name, accuracy))
    });
    let models = Provider::start(Profile::Wildcard, models).await?;
    let mut judging = Script::new(&questions, 61).key(KEY);
    for (name, share) in JUDGES.into_iter().zip([0.7, 0.5]) {
        judging =
            judging.model(Examinee::new(name, share).judges().heeds_answers().rambles(failing));
    }
    if 0.0 < failing {
        judging = judging.fault(Rule::new(When::Share(failing), Fault::Status(500)).times(12));
    }
    let judges = Provider::start(Profile::Wildcard, judging).await?;
    let stage = Stage::new().await?;
    let viva = stage.viva.with_limit(Duration::from_secs(100));
    choose_and_run(&viva, &models, &judges).await?;
    let record = Record::save(&viva).await?;
    let (mut sat, by_model, failed) = by_script(&record, &judges, &rubrics)?;
    boards(&stage, &by_model, &mut sat).await?;
    by_judge(&viva, &record, &judges, failed, &by_model).await?;
    if failing == 0.0 {
        look(&stage).await?;
    }
    in_the_report(&viva, &by_model, &sat).await?;
    assert_plain(&judges)?;
    stage.clean(&[&models, &judges])?;
    Ok(sat)
}

/// The list of parts leads to the open answers, their pictures stand there, and all fits a small phone.
async fn look(stage: &Stage) -> Result<()> {
    let page = &stage.viva.page;
    page.click(text("On this page")).await?;
    page.click(role("link", "Open answers")).await?;
    page.wait_until("document.activeElement?.id === 'open-answers-heading'").await?;
    for figure in ["#figure-axes svg", "#figure-axes figcaption"] {
        page.wait_for(figure).await?;
    }
    let caption = page.text("#figure-axes figcaption").await?;
    ensure(!caption.contains('\\'), &caption)?;
    page.accessible().await?;
    let folder = viva_e2e::place::target().join("screenshots");
    std::fs::create_dir_all(&folder).map_err(|error| Error::new(error.to_string()))?;
    page.full_screenshot().await?.save(&folder.join("open-cases.png"))?;
    page.viewport(360, 780).await?;
    let overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
    let overflow = page.eval(overflow).await?;
    ensure(overflow == 0, &format!("{overflow} px too wide"))?;
    page.full_screenshot().await?.save(&folder.join("open-cases-360.png"))?;
    page.viewport(1280, 900).await
}

#[test]
fn open_cases_are_graded_to_the_digit_and_failing_judges_change_coverage_alone() {
    run(async {
        let sound = sit(0.0).await?;
        ensure(sound.n_missing == 0, "nothing is missing")?;
        let failing = sit(0.1).await?;
        ensure(0 < failing.n_missing, "the script has no failure to test")?;
        // The same cases and answers; the scores of each are those of the verdicts that came, by hand.
        ensure(sound.item_ids == failing.item_ids, "the same cases")?;
        ensure(sound.answers == failing.answers, "the same answers")?;
        ensure(
            sound.decided.iter().zip(&failing.decided).all(|(a, b)| a.1 == b.1),
            "the same criteria",
        )
    });
}

#[test]
fn the_open_cases_are_offered_in_spanish_too() {
    run(async {
        let stage = Stage::new().await?;
        let page = &stage.viva.page;
        stage.viva.go("#/questions").await?;
        page.click(role("button", "The open cases in Spanish")).await?;
        page.wait_text("40 questions will be asked").await?;
        stage.clean(&[])
    });
}
