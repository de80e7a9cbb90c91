//! Owns the test of sitting the exam: by keyboard alone, with a pause and a reload, to results beside a model.

use viva_e2e::browser::{Page, contains, css, label, role};
use viva_e2e::{Result, run};

use crate::{Stage, ensure};

/// Gives a control the focus and presses a key on it.
async fn key_on(page: &Page, what: impl Into<viva_e2e::browser::By>, key: &str) -> Result<()> {
    page.focus(what).await?;
    page.press(key).await
}

async fn focused(page: &Page, id: &str) -> Result<()> {
    page.wait_until(&format!("document.activeElement?.id === '{id}'")).await
}

#[test]
fn an_exam_is_sat_by_keyboard_with_a_pause_and_a_reload() {
    run(async {
        let stage = Stage::new().await?;
        let (viva, page) = (&stage.viva, &stage.viva.page);
        viva.use_bundled().await?;
        viva.add_by_button("Add “Random guess”").await?;
        viva.start_run().await?;
        viva.wait_finished().await?;
        viva.go("#/exam").await?;
        page.wait_for("#exam-n").await?;
        key_on(page, css("#exam-n"), "Control+a").await?;
        page.type_text("5").await?;
        page.press("Tab").await?;
        page.wait_text("5 questions from:").await?;
        key_on(page, label(contains("Ask after each answer")), "Space").await?;
        key_on(page, role("button", "Start the exam"), "Enter").await?;
        focused(page, "exam-question").await?;
        page.press("b").await?;
        page.press("Enter").await?;
        focused(page, "exam-sure").await?;
        page.press("4").await?;
        page.wait_text("Question 2 of 5.").await?;
        focused(page, "exam-question").await?;
        // Nothing chosen yet: that is said, and nothing counts.
        page.press("Enter").await?;
        page.wait_text("Choose an option, or leave the question out.").await?;
        page.press("ArrowDown").await?;
        focused(page, "exam-option-0").await?;
        page.press("ArrowDown").await?;
        focused(page, "exam-option-1").await?;
        page.press("Enter").await?;
        focused(page, "exam-sure").await?;
        page.press("2").await?;
        page.wait_text("Question 3 of 5.").await?;
        focused(page, "exam-question").await?;
        page.press("c").await?;
        focused(page, "exam-option-2").await?;
        let question = page.text(css("#exam-question")).await?;
        key_on(page, role("button", "Pause"), "Enter").await?;
        page.wait_text("Paused at question 3 of 5.").await?;
        page.wait_quiet().await?;
        viva.reload().await?;
        page.wait_text("Paused at question 3 of 5.").await?;
        key_on(page, role("button", "Go on"), "Enter").await?;
        page.wait_text("Question 3 of 5.").await?;
        ensure(
            page.text(css("#exam-question")).await? == question,
            "the same question comes back",
        )?;
        page.wait_until("document.querySelector('#exam-option-2')?.checked === true").await?;
        focused(page, "exam-question").await?;
        page.press("Enter").await?;
        focused(page, "exam-sure").await?;
        page.press("1").await?;
        page.wait_text("Question 4 of 5.").await?;
        focused(page, "exam-question").await?;
        page.press("1").await?;
        focused(page, "exam-option-0").await?;
        page.press("Enter").await?;
        focused(page, "exam-sure").await?;
        page.press("5").await?;
        page.wait_text("Question 5 of 5.").await?;
        key_on(page, role("button", contains("Leave out")), "Enter").await?;
        page.wait_for("#exam-score").await?;
        page.wait_text("of 5 right").await?;
        page.wait_text("Brier score").await?;
        page.wait_text("You and Random guess agreed on").await?;
        page.accessible().await?;
        page.viewport(360, 800).await?;
        page.wait_until("document.documentElement.scrollWidth <= 360").await?;
        page.click(role("button", "See the results beside the models")).await?;
        page.wait_for("#leaderboard").await?;
        let standings = viva.standings().await?;
        let you = standings.iter().find(|line| line.model == "You");
        ensure(you.is_some_and(|you| you.class == "person"), &format!("{standings:?}"))?;
        ensure(you.is_some_and(|you| you.outcomes.contains("1 refused")), &format!("{you:?}"))?;
        ensure(viva.pairs().await?.len() == 1, "one pair")?;
        stage.clean(&[])
    });
}

#[test]
fn right_and_wrong_are_told_at_once_where_that_is_wanted() {
    run(async {
        let stage = Stage::new().await?;
        let (viva, page) = (&stage.viva, &stage.viva.page);
        viva.go("#/exam").await?;
        page.click(role("button", "Use the bundled questions")).await?;
        page.wait_for("#exam-n").await?;
        page.fill(css("#exam-n"), "2").await?;
        page.press("Tab").await?;
        page.wait_text("2 questions from:").await?;
        page.click(label(contains("Tell right and wrong at once"))).await?;
        page.fill(css("#exam-minutes"), "30").await?;
        page.press("Tab").await?;
        page.viewport(360, 800).await?;
        page.click(role("button", "Start the exam")).await?;
        page.wait_until(
            "/^(30:00|29:5\\d)$/.test(document.querySelector('[role=timer]')?.textContent)",
        )
        .await?;
        page.click(css(".exam__option").nth(0)).await?;
        page.click(css("#exam-answer")).await?;
        page.wait_text("Right answer:").await?;
        page.wait_text("Source:").await?;
        page.accessible().await?;
        page.wait_until("document.documentElement.scrollWidth <= 360").await?;
        focused(page, "exam-next").await?;
        page.press("Enter").await?;
        page.wait_text("Question 2 of 2.").await?;
        page.accessible().await?;
        page.click(css(".exam__option").nth(1)).await?;
        page.click(css("#exam-answer")).await?;
        page.wait_text("2 of 2 answered.").await?;
        page.click(role("button", "See how you did")).await?;
        page.wait_text("of 2 right").await?;
        stage.clean(&[])
    });
}
