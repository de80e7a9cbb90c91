//! Owns the test of the classroom: from the teacher's link to the results of thirty students, with slips, and nothing to be
//! read from the link before the key is given.

use viva::people::class::letters::from_url;
use viva::people::class::{HandIn, Paper, Secret};
use viva::people::exam::{Answer, Given};
use viva_e2e::app::Viva;
use viva_e2e::browser::{Browser, Page, contains, css, label, role};
use viva_e2e::{Error, Result, run};

use crate::{Stage, ensure};

/// Questions of the exam.
const N: usize = 4;
/// Students whose codes are made with the page's own core.
const N_SCRIPTED: u8 = 27;

fn core_pack() -> Result<viva::dataset::Dataset> {
    let bytes = std::fs::read(viva_e2e::site::dist_folder().join("datasets/core.json"))
        .map_err(|error| Error::new(error.to_string()))?;
    let import = viva::dataset::open("core.json", &bytes);
    Ok(import.map_err(|error| Error::new(error.to_string()))?.dataset)
}

/// The teacher's way to a link.
async fn make_exam(viva: &Viva) -> Result<String> {
    let page = &viva.page;
    viva.use_bundled().await?;
    viva.add_by_button("Add “Random guess”").await?;
    viva.start_run().await?;
    viva.wait_finished().await?;
    viva.go("#/class").await?;
    page.wait_for("#exam-n").await?;
    page.fill(css("#exam-n"), &N.to_string()).await?;
    page.press("Tab").await?;
    page.wait_text(&format!("Random guess: {N} recorded answers")).await?;
    page.click(label(contains("Ask for a name"))).await?;
    page.fill(css("#class-title"), "Pharmacology 1").await?;
    page.click(role("button", "Make the exam")).await?;
    page.wait_for("#pass-heading").await?;
    page.accessible().await?;
    page.eval_text("document.querySelector('#class-link').textContent").await
}

/// Tries to read the answers from the link, as a student with time and tools would.
fn try_to_recover(link: &str) -> Result<Paper> {
    let carried = link.split_once("?x=").map(|(_, carried)| carried);
    let carried = carried.ok_or_else(|| Error::new("the link carries nothing"))?;
    let paper = Paper::from_link(carried).map_err(|error| Error::new(error.to_string()))?;
    ensure(paper.items.len() == N, "all questions are in the link")?;
    let open = paper.json();
    for item in core_pack()?.items {
        if !open.contains(&item.question) {
            continue;
        }
        for hidden in [item.explanation.unwrap_or_default(), item.id.to_string()] {
            ensure(hidden.is_empty() || !open.contains(&hidden), &format!("{hidden} can be read"))?;
        }
        // The right option stands where it stands in the pack, unmarked: the same words for right and wrong ones.
        let marks = ["answer", "correct", "outcome", "category", "source", "tags"];
        ensure(marks.iter().all(|mark| !open.contains(&format!("\"{mark}\":"))), "marked")?;
    }
    let sealed = from_url(&paper.locked.data).unwrap_or_default();
    ensure(Secret::unpack(&sealed).is_err(), "the secret is not encrypted")?;
    ensure(200 < sealed.len(), "there is no secret")?;
    Ok(paper)
}

/// A student's page with storage of its own, at the first question.
async fn student(link: &str, name: &str) -> Result<Page> {
    let page = Browser::shared().await?.context().await?.page().await?;
    page.viewport(360, 800).await?;
    page.goto(link).await?;
    page.wait_for("#student-name").await?;
    page.accessible().await?;
    page.fill(css("#student-name"), name).await?;
    page.click(role("button", "Start")).await?;
    page.wait_text(&format!("Question 1 of {N}.")).await?;
    Ok(page)
}

async fn answer(page: &Page, number: usize, option: usize) -> Result<()> {
    page.wait_text(&format!("Question {number} of {N}.")).await?;
    page.click(css(".exam__option").nth(option)).await?;
    page.click(css("#exam-answer")).await?;
    Ok(())
}

async fn code_of(page: &Page) -> Result<String> {
    page.wait_for("#hand-in-code").await?;
    page.wait_until("document.documentElement.scrollWidth <= 360").await?;
    page.eval_text("document.querySelector('#hand-in-code').textContent").await
}

/// Codes of students whose every answer is known.
fn scripted(paper: &Paper) -> Vec<String> {
    let code = |student: u8| {
        let given = |item: usize| {
            let answer = Answer::One((usize::from(student) + item) % 2);
            Some(Given { answer, confidence: None, took_millis: 9_000, at_millis: 0 })
        };
        let hand_in = HandIn {
            sitting: [student, 0, 0, 0, 0, 1],
            name: format!("Scripted {student}"),
            answers: (0..paper.items.len()).map(given).collect(),
        };
        hand_in.encode(paper)
    };
    (0..N_SCRIPTED).map(code).collect()
}

#[test]
fn a_class_of_thirty_goes_from_the_link_to_its_results() {
    run(async {
        let stage = Stage::new().await?;
        let (viva, teacher) = (&stage.viva, &stage.viva.page);
        let link = make_exam(viva).await?;
        let paper = try_to_recover(&link)?;
        let (ana, bo, cy) =
            (student(&link, "Ana").await?, student(&link, "Bo").await?, student(&link, "").await?);
        for number in 1..=N {
            answer(&ana, number, 1).await?;
            answer(&cy, number, 0).await?;
        }
        // Bo reloads midway.
        answer(&bo, 1, 0).await?;
        answer(&bo, 2, 1).await?;
        bo.wait_text(&format!("Question 3 of {N}.")).await?;
        bo.wait_quiet().await?;
        bo.reload().await?;
        bo.wait_text(&format!("Paused at question 3 of {N}.")).await?;
        bo.click(role("button", "Go on")).await?;
        for number in 3..=N {
            answer(&bo, number, 0).await?;
        }
        let mut lines = scripted(&paper);
        for page in [&ana, &bo, &cy] {
            lines.push(code_of(page).await?);
        }
        // A duplicate, and one with a changed letter.
        let duplicate = lines[27].clone();
        let mut tampered = lines[3].clone();
        let changed = if tampered.ends_with('7') { "8" } else { "7" };
        tampered.replace_range(tampered.len() - 1.., changed);
        lines.push(duplicate);
        lines.push(tampered);
        teacher.fill(css("#codes"), "").await?;
        teacher.insert(&lines.join("\n")).await?;
        teacher.click(role("button", "Take them in")).await?;
        teacher.wait_text("30 codes taken in, 2 refused.").await?;
        let refused = teacher.texts(css("#refused li")).await?;
        ensure(
            refused.len() == 2
                && refused[0].starts_with("line 31:")
                && refused[0].contains("duplicate")
                && refused[0].contains("Ana")
                && refused[1].starts_with("line 32:")
                && refused[1].contains("check"),
            &format!("{refused:?}"),
        )?;
        let board = viva.cells("#class-board tbody tr").await?;
        ensure(board.len() == 2 && board[0][0].contains("30 students"), &format!("{board:?}"))?;
        ensure(board[0][2].contains('–') && board[1][0] == "Random guess", &format!("{board:?}"))?;
        teacher.accessible().await?;
        // The teacher's page is closed and opened again.
        teacher.wait_quiet().await?;
        viva.reload().await?;
        teacher.wait_text("30 students").await?;
        ensure(viva.cells("#class-board tbody tr").await? == board, "the same figures come back")?;
        let file = teacher.download(teacher.click(role("button", "Save as a run (JSON)"))).await?;
        let opened = viva::report::open("class.json", &file.bytes()?);
        let Ok(viva::report::Opened::Run { journal, broken: None }) = opened else {
            return Err(Error::new("the run file cannot be opened"));
        };
        ensure(journal.plan.models.len() == 31, "thirty students and a model")?;
        teacher.click(role("button", "Show on the projector")).await?;
        teacher.wait_text(&format!("Question 1 of {N}")).await?;
        ensure(!teacher.visible_text().await?.contains("the right answer"), "told too early")?;
        teacher.click(role("button", "Reveal the answer")).await?;
        teacher.wait_text("the right answer").await?;
        teacher.accessible().await?;
        teacher.click(role("button", "Close")).await?;
        // A wrong key opens nothing, the right one all.
        teacher.click(role("button", "Show the key")).await?;
        let key = teacher.eval_text("document.querySelector('#class-key').textContent").await?;
        ana.fill(css("#unlock-key"), "0000-0000-0000-0").await?;
        ana.click(role("button", "Show the answers")).await?;
        ana.wait_text("This key does not open this exam.").await?;
        ensure(!ana.visible_text().await?.contains("Source:"), "opened by a wrong key")?;
        ana.fill(css("#unlock-key"), &key.to_lowercase().replace('-', " ")).await?;
        ana.click(role("button", "Show the answers")).await?;
        ana.wait_text("How you did").await?;
        ana.wait_text(&format!("of {N} right")).await?;
        ana.wait_text("Random guess agreed on").await?;
        ana.wait_until("document.documentElement.scrollWidth <= 360").await?;
        ana.accessible().await?;
        teacher.viewport(360, 800).await?;
        teacher.wait_until("document.documentElement.scrollWidth <= 360").await?;
        stage.clean(&[])
    });
}

#[test]
fn a_link_that_names_a_file_elsewhere_fetches_nothing() {
    run(async {
        let stage = Stage::new().await?;
        let page = &stage.viva.page;
        for name in
            ["https%3A%2F%2Fevil.example%2Fx.json", "..%2Fx.json", "%2F%2Fevil.example%2Fx.json"]
        {
            page.goto(&format!("{}#/exam?exam={name}", stage.site.url())).await?;
            page.wait_text("names a file that is not beside this page").await?;
        }
        page.goto(&format!("{}#/exam?x=AAAA", stage.site.url())).await?;
        page.wait_text("This link is not whole").await?;
        stage.clean(&[])
    });
}
