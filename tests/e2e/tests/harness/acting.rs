//! Tests of what a person does to a page.

use std::time::Duration;

use viva_e2e::browser::{contains, css, label, role, text};
use viva_e2e::place::Scratch;
use viva_e2e::run;

use crate::open;

#[test]
fn elements_are_found_by_role_label_text_and_selector() {
    run(async {
        let (_site, page) = open(
            "<ul><li>One <button>Remove</button></li><li>Two <button>Remove</button></li></ul>\
             <label>Base URL <input></label><button aria-label='Start the run'>▶</button><p>Some <b>bold words</b> here</p>\
             <button hidden>Hidden</button>",
        )
        .await?;
        assert_eq!(page.count(role("button", "Remove")).await?, 2);
        assert_eq!(page.count(role("button", "Start the run")).await?, 1);
        assert_eq!(page.count(role("button", contains("run"))).await?, 1);
        assert_eq!(page.count(role("button", "Hidden")).await?, 0);
        assert_eq!(page.count(label("Base URL")).await?, 1);
        assert_eq!(page.texts(text("bold words")).await?, ["bold words"]);
        assert_eq!(page.texts(text("Some bold words here")).await?, ["Some bold words here"]);
        assert_eq!(page.count(css("li").nth(1).then(role("button", "Remove"))).await?, 1);
        let brief = page.with_limit(Duration::from_millis(200));
        let error = brief.click(role("button", "Remove")).await.unwrap_err().to_string();
        assert!(error.contains("2 of the button named \"Remove\""), "{error}");
        Ok(())
    });
}

#[test]
fn clicks_wait_until_the_element_can_be_clicked() {
    run(async {
        let (_site, page) = open(
            "<button disabled onclick='this.textContent = event.isTrusted'>Go</button>\
             <div id=veil style='position:fixed;inset:0'></div>\
             <script>setTimeout(() => document.querySelector('button').disabled = false, 100);\
             setTimeout(() => document.querySelector('#veil').remove(), 200)</script>",
        )
        .await?;
        page.click("button").await?;
        assert_eq!(page.text("button").await?, "true");
        Ok(())
    });
}

#[test]
fn keys_and_text_arrive_as_input() {
    run(async {
        let (_site, page) = open(
            "<form onsubmit='event.preventDefault(); document.title = field.value'>\
             <input id=field aria-label=Field value=old></form><textarea aria-label=Long></textarea>\
             <select aria-label=Class><option value=g>General<option value=c>Clinical</select>",
        )
        .await?;
        page.fill(label("Field"), "naïve 漢字").await?;
        assert_eq!(page.value("#field").await?, "naïve 漢字");
        page.press("Control+a").await?;
        page.type_text("New, 5 mg/l").await?;
        page.press("Enter").await?;
        page.wait_until("document.title === 'New, 5 mg/l'").await?;
        page.press("Tab").await?;
        page.type_text("a\nb").await?;
        assert_eq!(page.value(label("Long")).await?, "a\nb");
        page.choose(label("Class"), "Clinical").await?;
        assert_eq!(page.value(label("Class")).await?, "c");
        page.fill(label("Field"), "").await?;
        assert_eq!(page.value("#field").await?, "");
        Ok(())
    });
}

#[test]
fn files_are_chosen_and_dropped() {
    const SHOW: &str = "<script>
        const show = async files => {
            const texts = await Promise.all([...files].map(async file => `${file.name}=${await file.text()}`));
            document.querySelector('#out').textContent += texts.join(' ') + ';';
        };
        const zone = document.querySelector('#zone');
        zone.ondragover = event => event.preventDefault();
        zone.ondrop = event => { event.preventDefault(); show(event.dataTransfer.files); };
        document.querySelector('input').onchange = event => show(event.target.files);
    </script>";
    run(async {
        let scratch = Scratch::new("files")?;
        let (a, b) = (scratch.write("a.csv", "1,2")?, scratch.write("b.jsonl", "{}")?);
        let zone = "<div id=zone style='height:100px'>Drop here</div><input type=file multiple hidden><p id=out></p>";
        let (_site, page) = open(&format!("{zone}{SHOW}")).await?;
        page.drop_files("#zone", &[&a, &b]).await?;
        page.wait_text("a.csv=1,2 b.jsonl={};").await?;
        page.set_files("input", &[&b]).await?;
        page.wait_text("a.csv=1,2 b.jsonl={};b.jsonl={};").await
    });
}

#[test]
fn downloads_are_caught_with_their_names() {
    run(async {
        let (_site, page) = open(
            "<button onclick=\"const link = document.createElement('a');\
             link.href = window.URL.createObjectURL(new Blob(['x,y']));\
             link.download = 'results.csv'; link.click()\">Export</button>",
        )
        .await?;
        for _ in 0..2 {
            let file = page.download(page.click(role("button", "Export"))).await?;
            assert_eq!((file.name.as_str(), file.text()?.as_str()), ("results.csv", "x,y"));
        }
        assert_eq!(page.downloads().len(), 2);
        Ok(())
    });
}

#[test]
fn the_clipboard_works_once_granted() {
    run(async {
        let (site, page) =
            open("<button onclick=\"navigator.clipboard.writeText('the prompt')\">Copy</button><textarea></textarea>").await?;
        page.context().grant(&site.origin(), &["clipboard-read", "clipboard-write"]).await?;
        page.click(role("button", "Copy")).await?;
        page.wait_until("navigator.clipboard.readText().then(text => text === 'the prompt')")
            .await?;
        assert_eq!(page.clipboard().await?, "the prompt");
        Ok(())
    });
}
