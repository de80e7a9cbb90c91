//! Owns the tests of what a person sees while questions leave the page: the answer as it grows, and the warning before
//! details of somebody are sent.

use std::cell::RefCell;
use std::time::Duration;

use viva_e2e::app::Entered;
use viva_e2e::browser::{css, role, text};
use viva_e2e::place::Scratch;
use viva_e2e::provider::{Examinee, Profile, Provider, Script};
use viva_e2e::run;

use crate::{Stage, assert_counts, ensure, questions};

#[test]
fn a_streamed_answer_is_seen_while_it_grows() {
    run(async {
        let scratch = Scratch::new("growing")?;
        let (questions, file) = questions(&scratch, 12)?;
        // A key that most answers repeat: it must not be seen while they grow either.
        let key = "circumstances";
        let script = Script::new(&questions, 51)
            .key(key)
            .stream_pause(Duration::from_millis(250))
            .model(Examinee::new("model", 0.8));
        let provider = Provider::start(Profile::Wildcard, script).await?;
        let stage = Stage::new().await?;
        let viva = stage.viva.with_limit(Duration::from_secs(30));
        viva.open_questions(&[&file], "12").await?;
        let address = provider.base_url();
        let (preset, address, model) = ("custom", address.as_str(), "model");
        let delivery = "streamed";
        viva.enlist(&Entered { preset, address, model, key, delivery, ..Entered::default() })
            .await?;
        viva.start_run().await?;
        viva.page.click(text("The answer that is being written")).await?;
        let shown = css(".lane .answer");
        let seen = RefCell::new(Vec::<String>::new());
        viva.page
            .poll("an answer that grows", async || {
                let now = viva.page.text(shown.clone()).await?;
                let has_grown = seen.borrow().iter().any(|before| {
                    !before.is_empty()
                        && before.len() < now.len()
                        && now.starts_with(before.as_str())
                });
                seen.borrow_mut().push(now);
                Ok(has_grown.then_some(()))
            })
            .await?;
        viva.page
            .poll("the end of the run", async || {
                let now = viva.page.text(shown.clone()).await?;
                seen.borrow_mut().push(now);
                let lane = viva.page.text(css(".lane")).await?;
                Ok(lane.contains("12 of 12 done").then_some(()))
            })
            .await?;
        let n_leaks = seen.borrow().iter().filter(|seen| seen.contains("circumst")).count();
        let n_marks = seen.borrow().iter().filter(|seen| seen.contains("[key]")).count();
        ensure(n_leaks == 0 && 0 < n_marks, &format!("the key is seen {n_leaks} times"))?;
        viva.wait_finished().await?;
        viva.see_results().await?;
        assert_counts(&viva, "model", provider.expected("model", &questions)).await?;
        let page = &viva.page;
        let saved =
            page.download(page.click(role("button", "Save the run (JSON)"))).await?.text()?;
        ensure(
            !saved.contains(key) && saved.contains("[key]"),
            "the key was repeated, and left out",
        )?;
        stage.clean(&[&provider])
    });
}

#[test]
fn details_of_a_person_must_be_ticked_before_they_are_sent() {
    run(async {
        let scratch = Scratch::new("privacy")?;
        let file = scratch.write(
            "own.csv",
            "question,option_a,option_b,answer\n\
             \"Mrs. Margaret Holloway, born 14 March 1951, has a fever. What is next?\",Wait,Test,B\n\
             \"A woman has a cough. What is next?\",Wait,Test,A\n",
        )?;
        let provider = Provider::start(
            Profile::Wildcard,
            Script::new(&[], 1).model(Examinee::new("model", 1.0)),
        )
        .await?;
        let stage = Stage::new().await?;
        let viva = stage.viva.with_limit(Duration::from_secs(20));
        viva.open_questions(&[&file], "2").await?;
        viva.add_model(&provider.base_url(), "model", "").await?;
        viva.go("#/run").await?;
        viva.page.wait_text("Could somebody be recognised?").await?;
        let findings = viva.page.texts(css("#privacy-findings li")).await?;
        for part in ["Holloway", "14 March 1951"] {
            ensure(findings.iter().any(|found| found.contains(part)), &format!("{findings:?}"))?;
        }
        let is_held = "document.querySelector('#start-run').disabled";
        ensure(viva.page.eval(is_held).await? == true, "the run can be started all the same")?;
        ensure(provider.received().is_empty(), "nothing has left the page")?;
        viva.page.click("#privacy-accepted").await?;
        viva.page.click(role("button", "Start the run")).await?;
        viva.wait_finished().await?;
        ensure(provider.calls().len() == 2, "both were asked")?;
        stage.clean(&[&provider])
    });
}
