//! Owns the tests of how pages look and can be reached: axe, titles, landmarks, 360 px, dark, keyboard; and pictures of all.

use viva_e2e::app::Viva;
use viva_e2e::browser::{Media, Scheme, css, role, text};
use viva_e2e::place::{Scratch, target};
use viva_e2e::{Error, Result, run};

use crate::{Stage, choose_roles, ensure, questions};

const PAGES: [(&str, &str); 17] = [
    ("#/", "start"),
    ("#/try", "try"),
    ("#/questions", "questions"),
    ("#/catalogue", "catalogue"),
    ("#/study", "study"),
    ("#/judge-bench", "judge-bench"),
    ("#/models", "models"),
    ("#/case", "case"),
    ("#/run", "run"),
    ("#/results", "results"),
    ("#/review", "review"),
    ("#/review/organise", "review-organise"),
    ("#/review/rate", "review-rate"),
    ("#/report", "report"),
    ("#/ledger", "ledger"),
    ("#/settings", "settings"),
    ("#/about", "about"),
];

/// Brings every page into a state that has something to show.
async fn furnish(stage: &Stage) -> Result<()> {
    let scratch = Scratch::new("look")?;
    let (_, file) = questions(&scratch, 12)?;
    let viva = &stage.viva;
    viva.use_bundled().await?;
    viva.open_questions(&[&file], "212").await?;
    viva.add_by_button("Add “Longest option”").await?;
    viva.add_by_button("Add OpenEvidence").await?;
    viva.add_by_button("Add a person").await?;
    viva.start_run().await?;
    // The buttons that steer a run go when nothing is left to steer, and what stands beside them moves.
    viva.page.wait_text("What the page can ask by itself is done").await
}

async fn check(viva: &Viva, name: &str) -> Result<()> {
    let page = &viva.page;
    let facts = page
        .eval_text(
            "JSON.stringify([document.title.length > 8, document.querySelectorAll('h1').length,
                !!document.querySelector('header nav'), !!document.querySelector('main'),
                !!document.querySelector('footer'), document.documentElement.lang])",
        )
        .await?;
    ensure(facts == r#"[true,1,true,true,true,"en"]"#, &format!("{name}: {facts}"))?;
    page.accessible().await.map_err(|error| error.and(&format!(" on {name}")))
}

async fn picture(viva: &Viva, name: &str) -> Result<()> {
    let folder = target().join("screenshots");
    std::fs::create_dir_all(&folder).map_err(|error| Error::new(error.to_string()))?;
    viva.page.full_screenshot().await?.save(&folder.join(format!("{name}.png")))
}

#[test]
fn every_page_is_accessible_in_light_and_dark_and_fits_a_small_phone() {
    run(async {
        let stage = Stage::new().await?;
        furnish(&stage).await?;
        let viva = &stage.viva;
        let widths = [(1100, "wide"), (360, "phone")];
        for (width, device) in widths {
            viva.page.viewport(width, 800).await?;
            for scheme in [Scheme::Light, Scheme::Dark] {
                viva.page.media(Media { scheme, ..Media::default() }).await?;
                for (fragment, name) in PAGES {
                    viva.go(fragment).await?;
                    if name == "results" {
                        viva.go("#/run").await?;
                        viva.page.click(role("link", "See the results")).await?;
                        viva.page.wait_for("#leaderboard").await?;
                    }
                    let what = format!("{name}-{device}-{scheme:?}").to_lowercase();
                    check(viva, &what).await?;
                    picture(viva, &what).await?;
                    let overflow = viva
                        .page
                        .eval("document.documentElement.scrollWidth - document.documentElement.clientWidth")
                        .await?;
                    ensure(overflow == 0, &format!("{what} is {overflow} px too wide"))?;
                }
            }
        }
        stage.clean(&[])
    });
}

#[test]
fn the_mapping_screen_is_accessible_in_light_and_dark_and_fits_a_small_phone() {
    run(async {
        let scratch = Scratch::new("look-mapping")?;
        let file = scratch.write(
            "a-very-long-name-of-a-file-that-no-phone-has-room-for_2026-11-25.csv",
            "They ask;Left;Middle;Pick;a_name_that_is_far_too_long_for_a_narrow_column_and_has_no_blanks\n\
             Which is it?;one;two;a;x\nWhat is it?;one;two;Z;y\n",
        )?;
        let stage = Stage::new().await?;
        let viva = &stage.viva;
        let page = &viva.page;
        viva.go("#/questions").await?;
        page.set_files("main input[type=file]", &[&file]).await?;
        page.wait_text("This file was not recognised").await?;
        let roles = [
            ("They ask", "The question"),
            ("Left", "Option A"),
            ("Middle", "Option B"),
            ("Pick", "The right answer"),
            ("too_long", "Category"),
        ];
        choose_roles(page, &roles).await?;
        page.wait_text("1 question opens, 1 row is refused").await?;
        page.click(text("1 row refused: where and why")).await?;
        for (width, device) in [(1100, "wide"), (360, "phone")] {
            page.viewport(width, 800).await?;
            for scheme in [Scheme::Light, Scheme::Dark] {
                page.media(Media { scheme, ..Media::default() }).await?;
                let what = format!("mapping-{device}-{scheme:?}").to_lowercase();
                check(viva, &what).await?;
                picture(viva, &what).await?;
                let overflow = page
                    .eval("document.documentElement.scrollWidth - document.documentElement.clientWidth")
                    .await?;
                ensure(overflow == 0, &format!("{what} is {overflow} px too wide"))?;
            }
        }
        stage.clean(&[])
    });
}

#[test]
fn an_open_item_and_the_printed_results_are_in_order() {
    run(async {
        let stage = Stage::new().await?;
        furnish(&stage).await?;
        let viva = &stage.viva;
        viva.page.click(role("link", "See the results")).await?;
        viva.page.wait_for("#leaderboard").await?;
        viva.page.click(css(".item-row button").nth(0)).await?;
        viva.page.wait_for("#item-heading").await?;
        check(viva, "item").await?;
        picture(viva, "item-wide").await?;
        viva.page.viewport(360, 800).await?;
        picture(viva, "item-phone").await?;
        viva.page.viewport(800, 1100).await?;
        viva.page.media(Media { print: true, ..Media::default() }).await?;
        picture(viva, "results-print").await?;
        ensure(!viva.page.shows(".site-header nav").await?, "the menu is not printed")
    });
}

#[test]
fn the_keyboard_alone_reaches_every_control() {
    run(async {
        let stage = Stage::new().await?;
        furnish(&stage).await?;
        for (fragment, name) in PAGES {
            stage.viva.go(fragment).await?;
            let page = &stage.viva.page;
            let n_controls = page
                .eval(
                    "[...document.querySelectorAll('a[href], button, input, select, textarea, summary')]
                        .filter(one => !one.disabled && one.checkVisibility()
                            && !(one.type === 'radio' && !one.checked)).length",
                )
                .await?;
            let n_controls =
                usize::try_from(n_controls.as_u64().unwrap_or_default()).unwrap_or_default();
            // From the very first control on, which is passed by the first press of the key.
            page.eval("document.querySelector('.skip-link').focus()").await?;
            let n_controls = n_controls - 1;
            let stops = page.tab_stops(n_controls + 40).await?;
            ensure(
                n_controls <= stops.len(),
                &format!("{name}: {} of {n_controls} reached", stops.len()),
            )?;
            let nameless: Vec<_> =
                stops.iter().filter(|stop| stop.name.trim().is_empty()).collect();
            ensure(nameless.is_empty(), &format!("{name}: no name: {nameless:?}"))?;
        }
        Ok(())
    });
}
