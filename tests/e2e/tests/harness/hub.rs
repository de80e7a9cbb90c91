//! Tests of the publisher: rows in pages, files behind redirects, parts, refusals and faults, as a page sees them.

use std::time::Duration;

use serde_json::{Value, json};
use viva_e2e::browser::{Browser, Page, Profile as BrowserProfile, host_flag};
use viva_e2e::hub::{
    CDN_HOST, GITHUB_HOST, Gate, HUB_HOST, Hub, HubFault, HubRule, Kept, ROWS_HOST, RetryAfter,
};
use viva_e2e::site::Site;
use viva_e2e::{Result, run};

use crate::html;

/// A page of another origin in a browser that finds the publisher under its real names.
struct Stage {
    hub: Hub,
    page: Page,
    _site: Site,
    _profile: BrowserProfile,
}

impl Stage {
    async fn new() -> Result<Self> {
        let hub = Hub::start().await?;
        let profile = BrowserProfile::fresh()?;
        let browser = Browser::launch_with(&profile, &[&host_flag(&hub.hosts())]).await?;
        let page = browser.context().await?.page().await?;
        let site = Site::pages(&[("index.html", &html(""))]).await?;
        page.goto(&site.url()).await?;
        Ok(Self { hub, page, _site: site, _profile: profile })
    }

    /// Fetches as a page does; what it sees of the answer.
    async fn get(&self, address: &str, headers: &Value) -> Result<Value> {
        let script = format!(
            "fetch('{address}', {{ headers: {headers}, referrerPolicy: 'no-referrer', credentials: 'omit', cache: 'no-store' }})
                .then(async answer => ({{
                    status: answer.status, at: answer.url, text: await answer.text(),
                    headers: Object.fromEntries(answer.headers),
                }}))
                .catch(error => ({{ error: error.name }}))"
        );
        self.page.eval(&script).await
    }

    async fn rows(&self, query: &str) -> Result<Value> {
        let answer = self.get(&format!("https://{ROWS_HOST}{query}"), &json!({})).await?;
        let body = answer["text"].as_str().unwrap_or_default();
        Ok(
            json!({"status": answer["status"], "headers": answer["headers"], "body": serde_json::from_str::<Value>(body).unwrap_or_default()}),
        )
    }
}

#[test]
fn rows_come_a_hundred_at_a_time_and_filtered_and_cut() {
    run(async {
        let stage = Stage::new().await?;
        let rows = (0..250).map(|idx| json!({"question": format!("Question {idx}?"), "options": ["a", "b"], "kind": if idx % 5 == 0 { "five" } else { "other" }}));
        stage.hub.put_rows("o/set", "default", "test", rows.collect());
        let set = "dataset=o%2Fset&config=default&split=test";
        let page = stage.rows(&format!("/rows?{set}&offset=200&length=100")).await?;
        let body = &page["body"];
        assert_eq!(body["rows"].as_array().map(Vec::len), Some(50));
        assert_eq!(body["rows"][3]["row_idx"], 203);
        assert_eq!(body["rows"][3]["row"]["question"], "Question 203?");
        assert_eq!(body["rows"][3]["truncated_cells"], json!([]));
        assert_eq!((&body["num_rows_total"], &body["partial"]), (&json!(250), &json!(false)));
        assert_eq!(body["features"][1]["type"]["_type"], "List");
        let wide = stage.rows(&format!("/rows?{set}&offset=0&length=101")).await?;
        assert_eq!(wide["status"], 422);
        assert_eq!(wide["headers"]["x-error-code"], "InvalidParameter");
        let some =
            stage.rows(&format!("/filter?{set}&where=%22kind%22%3D%27five%27&offset=10")).await?;
        assert_eq!(some["body"]["num_rows_total"], 50);
        assert_eq!(some["body"]["rows"][0]["row_idx"], 50);
        stage.hub.cut_cells("o/set", "default", "test", 8);
        stage.hub.make_partial("o/set", "default", "test");
        let cut = stage.rows(&format!("/rows?{set}&offset=0&length=1")).await?;
        assert_eq!(cut["body"]["rows"][0]["row"]["question"], "Question");
        assert_eq!(cut["body"]["rows"][0]["truncated_cells"], json!(["options", "question"]));
        assert_eq!(cut["body"]["partial"], true);
        let splits = stage.rows("/splits?dataset=o%2Fset").await?;
        assert_eq!(splits["body"]["splits"][0]["config"], "default");
        let none = stage.rows("/splits?dataset=o%2Fother").await?;
        assert_eq!(none["status"], 401);
        assert!(none["body"]["error"].as_str().is_some_and(|said| said.contains("gated")));
        let asked = stage.hub.asked_for(ROWS_HOST, "/rows");
        assert_eq!(asked.len(), 3);
        assert!(asked.iter().all(|one| one.header("referer").is_none() && !one.is_aborted));
        Result::Ok(())
    });
}

#[test]
fn files_come_by_way_of_the_cdn_whole_or_in_part() {
    run(async {
        let stage = Stage::new().await?;
        stage.hub.put_file("o/set", "main", "data/large.jsonl", b"0123456789", Kept::Cdn);
        stage.hub.put_file("o/set", "refs/convert/parquet", "small.json", b"{}", Kept::Git);
        stage.hub.put_github("o/set", "main", "data/a b.csv", b"a,b");
        let large = "https://huggingface.co/datasets/o/set/resolve/main/data/large.jsonl";
        let whole = stage.get(large, &json!({})).await?;
        assert_eq!((&whole["status"], &whole["text"]), (&json!(200), &json!("0123456789")));
        assert!(whole["at"].as_str().is_some_and(|at| at.contains(CDN_HOST)));
        assert_eq!(whole["headers"]["content-length"], "10");
        let tag = whole["headers"]["etag"].clone();
        let rest = stage.get(large, &json!({"range": "bytes=4-"})).await?;
        assert_eq!((&rest["status"], &rest["text"]), (&json!(206), &json!("456789")));
        assert_eq!(rest["headers"]["content-range"], "bytes 4-9/10");
        assert_eq!(rest["headers"]["etag"], tag);
        let beyond = stage.get(large, &json!({"range": "bytes=10-"})).await?;
        assert_eq!(beyond["status"], 416);
        // A page may ask for the rest of a file without asking the host first.
        assert!(stage.hub.asked().iter().all(|one| one.method == "GET"));
        let origins = stage.hub.asked_for(CDN_HOST, "");
        assert!(origins.iter().all(|one| one.header("origin") == Some("null")), "{origins:?}");
        let small =
            "https://huggingface.co/datasets/o/set/resolve/refs%2Fconvert%2Fparquet/small.json";
        let small = stage.get(small, &json!({})).await?;
        assert_eq!((&small["status"], &small["text"]), (&json!(200), &json!("{}")));
        let github = "https://raw.githubusercontent.com/o/set/main/data/a%20b.csv";
        assert_eq!(stage.get(github, &json!({})).await?["text"], "a,b");
        // What is not there, or not for all, says why.
        let base = "https://huggingface.co/datasets";
        let gone = stage.get(&format!("{base}/o/set/resolve/main/gone.csv"), &json!({})).await?;
        assert_eq!((&gone["status"], &gone["text"]), (&json!(404), &json!("Entry not found")));
        assert_eq!(gone["headers"]["x-error-code"], "EntryNotFound");
        for (gate, status) in [(Gate::LogIn, 401), (Gate::Listed, 403)] {
            stage.hub.gate("o/set", gate);
            let shut = stage.get(large, &json!({})).await?;
            assert_eq!(shut["status"], status);
            assert_eq!(shut["headers"]["x-error-code"], "GatedRepo");
        }
        assert_eq!(stage.get(&format!("{base}/o/set"), &json!({})).await?["error"], "TypeError");
        stage.hub.remove("o/set");
        assert_eq!(stage.get(github, &json!({})).await?["status"], 404);
        Result::Ok(())
    });
}

#[test]
fn faults_come_when_they_are_due() {
    run(async {
        let stage = Stage::new().await?;
        let hub = &stage.hub;
        hub.put_rows("o/set", "c", "s", vec![json!({"q": 1})]);
        hub.put_file("o/set", "main", "a.csv", b"0123456789", Kept::Cdn);
        let rows = "/rows?dataset=o%2Fset&config=c&split=s";
        let busy = |retry_after| HubFault::Busy(retry_after);
        hub.set_faults([
            HubRule::new(ROWS_HOST, "/rows", busy(RetryAfter::Hidden(7))).after(1).times(1),
            HubRule::new(ROWS_HOST, "/rows", busy(RetryAfter::Told(7))).after(2).times(1),
            HubRule::new(ROWS_HOST, "/rows", HubFault::LoginPage).after(3).times(1),
        ]);
        assert_eq!(stage.rows(rows).await?["status"], 200);
        let hidden = stage.rows(rows).await?;
        assert_eq!(
            (&hidden["status"], &hidden["headers"]["retry-after"]),
            (&json!(429), &Value::Null)
        );
        assert_eq!(stage.rows(rows).await?["headers"]["retry-after"], "7");
        assert_eq!(stage.rows(rows).await?["body"], Value::Null);
        assert_eq!(stage.rows(rows).await?["status"], 200);
        // A host that is down, one of them only.
        let file = "https://huggingface.co/datasets/o/set/resolve/main/a.csv";
        hub.set_down(&[ROWS_HOST]);
        let lost = stage.get(&format!("https://{ROWS_HOST}{rows}"), &json!({})).await?;
        assert_eq!(lost["error"], "TypeError");
        assert_eq!(stage.get(file, &json!({})).await?["status"], 200);
        hub.set_down(&[]);
        assert_eq!(stage.rows(rows).await?["status"], 200);
        // Bodies that break off, and those that stop.
        let cdn = |fault| HubRule::new(CDN_HOST, "", fault);
        hub.set_faults([cdn(HubFault::CutAfter(4))]);
        assert_eq!(stage.get(file, &json!({})).await?["error"], "TypeError");
        hub.set_faults([cdn(HubFault::NoCors)]);
        assert_eq!(stage.get(file, &json!({})).await?["error"], "TypeError");
        hub.set_faults([cdn(HubFault::Slow { n_bytes: 4, pause: Duration::from_millis(20) })]);
        let slow = stage.get(file, &json!({})).await?;
        assert_eq!(
            (&slow["text"], &slow["headers"]["content-length"]),
            (&json!("0123456789"), &json!("10"))
        );
        hub.set_faults([cdn(HubFault::HangAfter(4))]);
        hub.forget();
        let script = format!(
            "(async () => {{
                const stop = new AbortController();
                const answer = await fetch('{file}', {{ signal: stop.signal, cache: 'no-store' }});
                const {{ value }} = await answer.body.getReader().read();
                stop.abort();
                return value.length + ' of ' + answer.headers.get('content-length');
            }})()"
        );
        assert_eq!(stage.page.eval_text(&script).await?, "4 of 10");
        let log = hub.asked_for(CDN_HOST, "");
        assert_eq!((log.len(), log[0].n_bytes_out), (1, 4));
        // Held until it is let go.
        hub.set_faults([
            HubRule::new(GITHUB_HOST, "", HubFault::Hold),
            HubRule::new(HUB_HOST, "", HubFault::Status(503)),
        ]);
        assert_eq!(stage.get(file, &json!({})).await?["status"], 503);
        hub.put_github("o/set", "main", "a.csv", b"a,b");
        let asking = async {
            stage.get("https://raw.githubusercontent.com/o/set/main/a.csv", &json!({})).await
        };
        let letting_go = async {
            hub.wait_asked(GITHUB_HOST, "a.csv", 1).await?;
            hub.release();
            Ok::<(), viva_e2e::Error>(())
        };
        let (held, let_go) = tokio::join!(asking, letting_go);
        let_go?;
        assert_eq!(held?["text"], "a,b");
        Result::Ok(())
    });
}
