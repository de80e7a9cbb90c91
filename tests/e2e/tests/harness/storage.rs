//! Tests of what a page keeps: databases through reloads and crashes, and contexts that share nothing.

use viva_e2e::browser::{Browser, Page, Profile};
use viva_e2e::{Result, run};

use crate::{html, open};
use viva_e2e::site::Site;

const PUT: &str = "new Promise((yes, no) => {
    const open = indexedDB.open('journal', 1);
    open.onupgradeneeded = () => open.result.createObjectStore('entries', { autoIncrement: true });
    open.onsuccess = () => {
        const change = open.result.transaction('entries', 'readwrite');
        change.objectStore('entries').add({ answer: 'B' });
        change.oncomplete = () => { open.result.close(); yes(true); };
        change.onerror = no;
    };
    open.onerror = no;
})";

async fn entries(page: &Page) -> Result<usize> {
    let all = page.databases().await?;
    Ok(all["journal"]["entries"].as_array().map_or(0, Vec::len))
}

#[test]
fn databases_survive_a_reload_and_can_be_cleared() {
    run(async {
        let (site, page) = open("").await?;
        page.eval(PUT).await?;
        page.eval("localStorage.kept = 'value', document.cookie = 'a=b'").await?;
        page.reload().await?;
        assert_eq!(entries(&page).await?, 1);
        assert_eq!(page.web_storage().await?["local"]["kept"], "value");
        page.clear_storage(&site.origin()).await?;
        page.reload().await?;
        assert_eq!(entries(&page).await?, 0);
        assert_eq!(page.eval_text("document.cookie").await?, "");
        Ok(())
    });
}

#[test]
fn databases_survive_a_closed_and_a_crashed_page_of_the_context() {
    run(async {
        let (site, page) = open("").await?;
        page.eval(PUT).await?;
        let context = page.context().clone();
        page.crash().await?;
        drop(page);
        let next = context.page().await?;
        next.goto(&site.url()).await?;
        assert_eq!(entries(&next).await?, 1);
        next.eval(PUT).await?;
        next.close().await?;
        let last = context.page().await?;
        last.goto(&site.url()).await?;
        assert_eq!(entries(&last).await?, 2);
        Ok(())
    });
}

#[test]
fn databases_survive_a_killed_browser_with_the_same_profile() {
    run(async {
        let site = Site::pages(&[("index.html", &html(""))]).await?;
        let profile = Profile::fresh()?;
        for before in 0..3 {
            let browser = Browser::launch_with(&profile, &[]).await?;
            let page = browser.lasting_context().await?.page().await?;
            page.goto(&site.url()).await?;
            assert_eq!(entries(&page).await?, before);
            page.eval(PUT).await?;
            browser.kill();
            assert!(page.eval("1").await.is_err());
        }
        Ok(())
    });
}

#[test]
fn contexts_share_nothing() {
    run(async {
        let (site, page) = open("").await?;
        page.eval(PUT).await?;
        let other = page.context().browser().context().await?.page().await?;
        other.goto(&site.url()).await?;
        assert_eq!(entries(&other).await?, 0);
        Ok(())
    });
}
