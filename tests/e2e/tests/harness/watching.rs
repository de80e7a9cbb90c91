//! Tests of what is seen of a page: requests, console, exceptions, violations of its policy.

use viva_e2e::browser::{Speaker, new_page};
use viva_e2e::run;
use viva_e2e::site::Site;

use crate::{html, open};

#[test]
fn every_request_is_seen_also_of_workers_frames_and_policies() {
    run(async {
        let other =
            Site::pages(&[("x.json", "{}"), ("frame.html", "<script>fetch('x.json')</script>")])
                .await?;
        let elsewhere = other.url();
        let worker = format!(
            "fetch('{elsewhere}x.json?worker').catch(() => 0).then(() => postMessage('done'))"
        );
        let body = format!(
            "<img src='{elsewhere}x.png'><iframe src='{elsewhere}frame.html'></iframe><script>\
             fetch('{elsewhere}x.json?page').catch(() => 0);\
             new Worker('worker.js').onmessage = () => document.title = 'done';\
             navigator.sendBeacon('{elsewhere}beacon', 'x');\
             </script>"
        );
        let site = Site::pages(&[("index.html", &html(&body)), ("worker.js", &worker)]).await?;
        let page = new_page().await?;
        page.goto(&site.url()).await?;
        page.wait_until("document.title === 'done'").await?;
        page.wait_quiet().await?;
        let log = page.log();
        let seen: Vec<&str> = log.exchanges.iter().map(|exchange| exchange.url.as_str()).collect();
        for part in ["x.png", "frame.html", "x.json?page", "x.json?worker", "worker.js", "beacon"] {
            assert!(seen.iter().any(|url| url.contains(part)), "{part} is missing in {seen:#?}");
        }
        assert!(
            seen.iter().any(|url| url.ends_with("/x.json")),
            "the frame's request is missing in {seen:#?}"
        );
        log.only_to(&[&site.url(), &elsewhere])?;
        let error = log.only_to(&[&site.url()]).unwrap_err().to_string();
        assert!(error.contains("x.json?worker"), "{error}");
        Ok(())
    });
}

#[test]
fn a_request_that_the_policy_stops_is_a_violation_and_no_request_elsewhere() {
    run(async {
        let policy = "<meta http-equiv=content-security-policy content=\"default-src 'self'; style-src 'self'\">";
        let body = format!("{policy}<p style='color:red'>x</p><script src=app.js></script>");
        let script = "fetch('http://127.0.0.1:9/x').catch(() => 0); try { eval('1') } catch { document.title = 'no eval' }";
        let site = Site::pages(&[("index.html", &html(&body)), ("app.js", script)]).await?;
        let page = new_page().await?;
        page.goto(&site.url()).await?;
        page.wait_until("document.title === 'no eval'").await?;
        page.poll("three violations", async || Ok((page.log().csp.len() >= 3).then_some(())))
            .await?;
        let directives: Vec<String> = page.log().csp.into_iter().map(|one| one.directive).collect();
        for wanted in ["style-src-attr", "connect-src", "script-src"] {
            assert!(
                directives.iter().any(|directive| directive.starts_with(wanted)),
                "{wanted} in {directives:?}"
            );
        }
        assert!(page.log().clean().is_err());
        Ok(())
    });
}

#[test]
fn console_and_uncaught_errors_are_collected() {
    run(async {
        let (_site, page) = open(
            "<script>console.warn('careful', 3); console.error('bad'); setTimeout(() => { throw new Error('thrown') });\
             Promise.reject(new Error('rejected')); fetch('/missing');</script>",
        )
        .await?;
        page.poll("both errors", async || Ok((page.log().exceptions.len() == 2).then_some(())))
            .await?;
        page.wait_quiet().await?;
        let log = page.log();
        let page_lines: Vec<(&str, &str)> = log
            .console
            .iter()
            .filter(|line| line.speaker == Speaker::Page)
            .map(|line| (line.level.as_str(), line.text.as_str()))
            .collect();
        assert_eq!(page_lines, [("warning", "careful 3"), ("error", "bad")]);
        assert!(log.exceptions.iter().any(|thrown| thrown.contains("thrown")));
        assert!(log.exceptions.iter().any(|thrown| thrown.contains("rejected")));
        assert!(log.clean().is_err());
        page.clear_log();
        page.log().clean()
    });
}

#[test]
fn questions_of_the_page_are_answered_and_noted() {
    run(async {
        let (site, page) =
            open("<p>Text<script>document.title = confirm('Sure?')</script>").await?;
        page.wait_until("document.title === 'true'").await?;
        page.eval("onbeforeunload = event => event.preventDefault()").await?;
        page.click("p").await?;
        page.goto(&site.url()).await?;
        assert!(page.log().dialogs.contains(&"Sure?".to_owned()));
        Ok(())
    });
}

#[test]
fn a_request_keeps_its_body_its_end_and_its_size() {
    run(async {
        let (_site, page) = open("<script>fetch('/api', { method: 'POST', body: 'sent', headers: { 'x-a': 'b' } })</script>").await?;
        page.wait_quiet().await?;
        let log = page.log();
        let exchange =
            log.exchanges.iter().find(|exchange| exchange.url.ends_with("/api")).unwrap();
        assert_eq!((exchange.method.as_str(), exchange.status), ("POST", Some(405)));
        assert_eq!(exchange.body.as_deref(), Some("sent"));
        assert_eq!(exchange.headers["x-a"], "b");
        assert!(exchange.bytes > 0 && exchange.over);
        Ok(())
    });
}
