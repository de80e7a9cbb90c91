//! Owns the test of copy and paste, for systems that no page can call.

use viva_e2e::browser::{label, role};
use viva_e2e::place::Scratch;
use viva_e2e::run;

use crate::{Stage, ensure, questions};

#[test]
fn prompts_are_copied_out_and_answers_pasted_back_one_by_one() {
    run(async {
        let scratch = Scratch::new("paste")?;
        let (questions, file) = questions(&scratch, 3)?;
        let stage = Stage::new().await?;
        let viva = &stage.viva;
        let page = &viva.page;
        stage.context.grant(&stage.site.origin(), &["clipboard-read", "clipboard-write"]).await?;
        viva.open_questions(&[&file], "3").await?;
        viva.add_by_button("Add OpenEvidence").await?;
        viva.start_run().await?;
        for (n, question) in questions.iter().enumerate() {
            page.wait_text(&format!("OpenEvidence: {} left", 3 - n)).await?;
            page.click(role("button", "Copy the prompt")).await?;
            page.wait_text("Copied.").await?;
            let copied = page.clipboard().await?;
            ensure(copied.contains(&question.text), &format!("the prompt is copied: {copied}"))?;
            for option in &question.options {
                ensure(copied.contains(option.as_str()), "every option is in the prompt")?;
            }
            // Right, then wrong, then declined.
            let wrong = (question.answer + 1) % question.options.len();
            let answer = match n {
                0 => format!("After weighing it up: the answer is {}.", question.letter()),
                1 => format!("Answer: {}", viva_e2e::questions::letter(wrong)),
                _ => "I'm sorry, but I can't help with medical questions.".to_owned(),
            };
            page.fill(label("2. Paste its whole answer here"), &answer).await?;
            page.click(role("button", "Keep this answer, next question")).await?;
        }
        viva.wait_finished().await?;
        viva.see_results().await?;
        let standings = viva.standings().await?;
        ensure(standings[0].class == "clinical", "OpenEvidence is clinical")?;
        ensure(standings[0].outcomes == "1 right, 1 wrong, 1 refused", &standings[0].outcomes)?;
        stage.clean(&[])
    });
}
