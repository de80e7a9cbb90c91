//! Owns the tests of saving and opening again, and of the list of runs.

use viva_e2e::browser::{contains, role};
use viva_e2e::place::Scratch;
use viva_e2e::{Result, run};

use crate::{Stage, ensure, questions};

async fn finished(stage: &Stage, scratch: &Scratch) -> Result<()> {
    let (_, file) = questions(scratch, 30)?;
    let viva = &stage.viva;
    viva.open_questions(&[&file], "30").await?;
    viva.add_by_button("Add “Random guess”").await?;
    viva.add_by_button("Add “Word overlap”").await?;
    viva.start_run().await?;
    viva.wait_finished().await?;
    viva.see_results().await
}

#[test]
fn a_saved_run_opens_again_with_the_same_figures_and_a_changed_one_is_told() {
    run(async {
        let scratch = Scratch::new("export")?;
        let stage = Stage::new().await?;
        finished(&stage, &scratch).await?;
        let viva = &stage.viva;
        let before = (viva.standings().await?, viva.pairs().await?);
        let saved =
            viva.page.download(viva.page.click(role("button", "Save the run (JSON)"))).await?;
        let answers =
            viva.page.download(viva.page.click(role("button", "Save the answers (CSV)"))).await?;
        ensure(answers.text()?.lines().count() > 60, "a line for each trial")?;

        let other = Stage::new().await?;
        let file = scratch.write("run.json", saved.bytes()?)?;
        other.viva.open_results(&[&file], 2).await?;
        ensure(
            before == (other.viva.standings().await?, other.viva.pairs().await?),
            "other figures",
        )?;
        ensure(!other.viva.page.visible_text().await?.contains("Do not trust it"), "no warning")?;

        let text = saved.text()?;
        let changed = text.replacen("Answer: A", "Answer: B", 1);
        ensure(changed != text, "there was an answer to change")?;
        let file = scratch.write("changed.json", changed)?;
        other.viva.reload().await?;
        other.viva.open_results(&[&file], 2).await?;
        other.viva.page.wait_text("Do not trust it").await?;
        other.clean(&[])
    });
}

#[test]
fn runs_are_listed_opened_and_deleted_only_after_a_second_word() {
    run(async {
        let scratch = Scratch::new("list")?;
        let stage = Stage::new().await?;
        finished(&stage, &scratch).await?;
        let page = &stage.viva.page;
        stage.viva.reload().await?;
        stage.viva.go("#/results").await?;
        page.click(role("link", contains("Open questions"))).await?;
        page.wait_for("#leaderboard").await?;
        page.click(role("button", contains("Delete"))).await?;
        page.click(role("button", "Keep it")).await?;
        page.click(role("button", contains("Delete"))).await?;
        page.click(role("button", "Yes, delete")).await?;
        page.wait_text("None yet.").await?;
        stage.viva.reload().await?;
        page.wait_text("This browser does not hold that run").await?;
        stage.clean(&[])
    });
}
