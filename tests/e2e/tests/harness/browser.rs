//! Tests of pages, waiting, circumstances and pictures.

use std::time::{Duration, Instant};

use viva_e2e::browser::{Browser, Media, Profile, Scheme, css, new_page, role};
use viva_e2e::run;
use viva_e2e::site::{Encoding, Host, Site};

use crate::{html, open};

#[test]
fn an_error_tells_what_the_page_said() {
    run(async {
        let (_site, page) =
            open("<p>Only this</p><script>console.log('spoken'); fetch('/missing')</script>")
                .await?;
        let patient = page.with_limit(Duration::from_millis(300));
        let error = patient.wait_for("#absent").await.unwrap_err().to_string();
        for part in ["#absent", "Only this", "spoken", "/missing", "404", ".png"] {
            assert!(error.contains(part), "{part:?} is missing in {error}");
        }
        Ok(())
    });
}

#[test]
fn waiting_ends_as_soon_as_the_page_is_ready() {
    run(async {
        let late = "<script>setTimeout(() => document.body.insertAdjacentHTML('beforeend', '<b id=late>Here</b>'), 150)</script>";
        let (_site, page) = open(late).await?;
        let start = Instant::now();
        page.wait_for("#late").await?;
        page.wait_text("Here").await?;
        page.wait_until("document.querySelector('#late').textContent === 'Here'").await?;
        assert!(start.elapsed() < Duration::from_secs(3));
        page.eval("document.querySelector('#late').remove()").await?;
        page.wait_gone("#late").await?;
        Ok(())
    });
}

#[test]
fn a_fragment_is_reached_without_loading() {
    run(async {
        let (site, page) = open(
            "<script>addEventListener('hashchange', () => document.title = location.hash)</script>",
        )
        .await?;
        page.goto(&format!("{}#/run", site.url())).await?;
        page.wait_until("document.title === '#/run'").await?;
        page.reload().await?;
        assert_eq!(page.eval_text("location.hash").await?, "#/run");
        assert_eq!(site.served().iter().filter(|served| served.path == "/").count(), 2);
        Ok(())
    });
}

#[test]
fn pictures_show_the_page() {
    run(async {
        let (_site, page) =
            open("<style>body { margin: 0; height: 3000px; background: rgb(200, 30, 60) }</style>")
                .await?;
        page.viewport(360, 640).await?;
        let window = page.screenshot().await?;
        assert_eq!(window.size(), Some((360, 640)));
        assert_eq!(page.full_screenshot().await?.size(), Some((360, 3000)));
        // The browser itself reads the colour back.
        let picture = data_encoding::BASE64.encode(&window.png);
        let colour = format!(
            "(async () => {{
                const image = new Image();
                image.src = 'data:image/png;base64,{picture}';
                await image.decode();
                const canvas = new OffscreenCanvas(360, 640).getContext('2d');
                canvas.drawImage(image, 0, 0);
                return canvas.getImageData(180, 320, 1, 1).data.slice(0, 3).join();
            }})()"
        );
        assert_eq!(page.eval_text(&colour).await?, "200,30,60");
        Ok(())
    });
}

#[test]
fn circumstances_reach_media_queries() {
    run(async {
        let (_site, page) = open("").await?;
        let seen = async |query: &str| page.eval(&format!("matchMedia('{query}').matches")).await;
        page.media(Media { scheme: Scheme::Dark, reduced_motion: true, ..Media::default() })
            .await?;
        assert_eq!(seen("(prefers-color-scheme: dark)").await?, true);
        assert_eq!(seen("(prefers-reduced-motion: reduce)").await?, true);
        assert_eq!(seen("print").await?, false);
        page.media(Media {
            scheme: Scheme::Light,
            print: true,
            forced_colors: true,
            ..Media::default()
        })
        .await?;
        assert_eq!(seen("(prefers-color-scheme: dark)").await?, false);
        assert_eq!(seen("print").await?, true);
        assert_eq!(seen("(forced-colors: active)").await?, true);
        page.viewport(360, 740).await?;
        assert_eq!(seen("(max-width: 360px)").await?, true);
        Ok(())
    });
}

#[test]
fn a_page_can_be_taken_offline_and_back() {
    run(async {
        let (_site, page) = open("").await?;
        let online = "navigator.onLine && fetch('/').then(() => true, () => false)";
        assert_eq!(page.eval(online).await?, true);
        page.offline(true).await?;
        assert_eq!(page.eval("navigator.onLine").await?, false);
        assert_eq!(page.eval("fetch('/').then(() => true, () => false)").await?, false);
        page.offline(false).await?;
        assert_eq!(page.eval(online).await?, true);
        Ok(())
    });
}

#[test]
fn axe_finds_what_keeps_people_out() {
    run(async {
        let (_site, page) = open("<main><h1>T</h1><img src='data:,'><p style='color:#bbb;background:#fff'>Pale</p></main>").await?;
        let Some(found) = page.axe().await? else { return Ok(()) };
        let rules: Vec<&str> = found.iter().map(|violation| violation.rule.as_str()).collect();
        assert!(rules.contains(&"image-alt") && rules.contains(&"color-contrast"), "{rules:?}");
        assert!(page.accessible().await.unwrap_err().to_string().contains("image-alt"));
        page.eval("document.querySelector('img').remove(), document.querySelector('p').remove()")
            .await?;
        page.accessible().await
    });
}

#[test]
fn axe_runs_under_a_strict_policy_without_breaking_it() {
    run(async {
        let strict = "<meta http-equiv=content-security-policy content=\"default-src 'none'\"><main><h1>T</h1></main>";
        let (_site, page) = open(strict).await?;
        page.axe().await?;
        page.log().clean()
    });
}

#[test]
fn a_site_can_live_below_a_path_and_be_compressed() {
    run(async {
        let scratch = viva_e2e::place::Scratch::new("below")?;
        let script = "document.body.append('loaded');".to_owned() + &"// padding\n".repeat(500);
        scratch.write("index.html", html("<body><script src=app.js></script>"))?;
        scratch.write("app.js", &script)?;
        let host = Host::of(scratch.path()).below("viva").encoding(Encoding::Brotli);
        let site = host.header("x-test", "yes").start().await?;
        assert!(site.url().ends_with("/viva/"));
        let page = new_page().await?;
        page.goto(site.url().trim_end_matches('/')).await?;
        page.wait_text("loaded").await?;
        let served = site.served();
        let sent = served.iter().find(|served| served.path == "/viva/app.js").unwrap();
        assert!(sent.bytes < 200, "{sent:?} of {}", script.len());
        assert_eq!(page.eval_text("fetch('/app.js').then(answer => answer.status)").await?, "404");
        let path = "fetch('../viva/%2e%2e/%2e%2e/etc/passwd').then(answer => answer.status)";
        assert_ne!(page.eval_text(path).await?, "200");
        Ok(())
    });
}

#[test]
fn flags_and_names_of_this_machine_reach_the_browser() {
    run(async {
        let site = Site::pages(&[("index.html", &html("Here"))]).await?;
        let profile = Profile::fresh()?;
        let browser = Browser::launch_with(&profile, &["--window-size=500,500"]).await?;
        assert!(browser.version().await?.contains("Chrome/"));
        let page = browser.context().await?.page().await?;
        page.goto(&site.url_as("viva.localhost")).await?;
        page.wait_text("Here").await?;
        assert_eq!(page.eval("isSecureContext").await?, true);
        // Nothing else has an address: no test reaches the network.
        let error = page.goto("http://example.org/").await.unwrap_err().to_string();
        assert!(error.contains("ERR_NAME_NOT_RESOLVED"), "{error}");
        Ok(())
    });
}

#[test]
fn a_crashed_page_fails_at_once_and_another_opens() {
    run(async {
        let (site, page) = open("<p>Alive</p>").await?;
        page.crash().await?;
        let start = Instant::now();
        assert!(page.wait_for(css("#never")).await.is_err());
        assert!(start.elapsed() < Duration::from_secs(10));
        let next = page.context().page().await?;
        next.goto(&site.url()).await?;
        next.wait_text("Alive").await
    });
}

#[test]
fn the_accessibility_tree_and_the_tab_key_are_told() {
    run(async {
        let (_site, page) = open(
            "<header><a href='#x'>Skip</a></header><main><h1>Title</h1>\
             <button aria-expanded=false>More</button><input aria-label=Name><button disabled>No</button></main>",
        )
        .await?;
        let tree = page.accessibility().await?;
        assert!(tree.iter().any(|node| node.role == "main"));
        let heading = tree.iter().find(|node| node.role == "heading").unwrap();
        assert_eq!(heading.name, "Title");
        assert!(heading.states.contains(&"level=1".to_owned()), "{heading:?}");
        let stops = page.tab_stops(20).await?;
        let names: Vec<&str> = stops.iter().map(|stop| stop.name.as_str()).collect();
        assert_eq!(names, ["Skip", "More", "Name"]);
        page.focus(role("button", "More")).await?;
        assert_eq!(page.focused().await?.unwrap().name, "More");
        Ok(())
    });
}
