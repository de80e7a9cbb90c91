//! Tests of the provider behind TLS: HTTP/2, real names of hosts, and many calls at one time.

use std::time::{Duration, Instant};

use viva_e2e::browser::{Browser, Profile as BrowserProfile, host_flag};
use viva_e2e::provider::{Examinee, Fault, Latency, Profile, Provider, Rule, Script, When};
use viva_e2e::questions::synthetic;
use viva_e2e::{Result, run};

use crate::open;
use crate::protocols::send;
use crate::provider::request;

#[test]
fn many_calls_share_one_connection_of_http_2() {
    run(async {
        let questions = synthetic(320, 4, 1);
        let script = Script::new(&questions, 9).model(Examinee::new("good", 0.8));
        let late = script.latency(Latency::Fixed(Duration::from_millis(200)));
        let provider = Provider::start_h2(Profile::Reflective, late).await?;
        let (_site, page) = open("").await?;
        let bodies: Vec<_> = questions.iter().map(request).collect();
        let bodies = serde_json::to_string(&bodies)?;
        let address = format!("{}/chat/completions", provider.base_url());
        let start = Instant::now();
        let n_good = page
            .eval_text(&format!(
                "(async () => {{
                    const bodies = {bodies};
                    let next = 0, good = 0;
                    const work = async () => {{
                        while (next < bodies.length) {{
                            const answer = await fetch('{address}', {{
                                method: 'POST', body: JSON.stringify(bodies[next++]),
                                headers: {{ 'content-type': 'application/json' }},
                            }});
                            await answer.json();
                            good += answer.ok;
                        }}
                    }};
                    await Promise.all(Array.from({{ length: 64 }}, work));
                    return good;
                }})()"
            ))
            .await?;
        let took = start.elapsed();
        assert_eq!(n_good, "320");
        let calls = provider.calls();
        assert!(calls.iter().all(|call| call.is_http2 && call.connection == calls[0].connection));
        // Five rounds of 64 at 200 ms take a second; HTTP/1.1 with its six connections would take eleven.
        assert!(took < Duration::from_secs(9), "{took:?}");
        assert!(provider.peak() > 40, "{}", provider.peak());
        Ok(())
    });
}

#[test]
fn a_reset_of_one_call_leaves_the_others_alone() {
    run(async {
        let questions = synthetic(4, 4, 1);
        let broken = When::Question(questions[1].id.clone());
        let script = Script::new(&questions, 9)
            .model(Examinee::new("good", 1.0))
            .fault(Rule::new(broken, Fault::ResetMidBody));
        let provider = Provider::start_h2(Profile::Reflective, script).await?;
        let (_site, page) = open("").await?;
        let address = format!("{}/chat/completions", provider.base_url());
        for (idx, question) in questions.iter().enumerate() {
            let answer = send(&page, &address, &request(question), &[]).await?;
            assert_eq!(answer["error"] == "TypeError", idx == 1, "{answer}");
        }
        let connections: Vec<u64> = provider.calls().iter().map(|call| call.connection).collect();
        assert!(connections.iter().all(|&number| number == connections[0]), "{connections:?}");
        Ok(())
    });
}

#[test]
fn real_names_of_hosts_lead_to_the_scripted_providers() {
    run(async {
        let questions = synthetic(1, 4, 1);
        let script = || Script::new(&questions, 9).model(Examinee::new("good", 1.0));
        let openai = Provider::start_h2(Profile::Reflective, script()).await?;
        let gemini = Provider::start_h2(Profile::Gemini, script()).await?;
        let profile = BrowserProfile::fresh()?;
        let flag = host_flag(&[
            ("api.openai.com", openai.port()),
            ("generativelanguage.googleapis.com", gemini.port()),
        ]);
        let browser = Browser::launch_with(&profile, &[&flag]).await?;
        let page = browser.context().await?.page().await?;
        let (site, _other) = open("").await?;
        page.goto(&site.url()).await?;
        let address = "https://api.openai.com/v1/chat/completions";
        let answer = send(&page, address, &request(&questions[0]), &[]).await?;
        assert_eq!(answer["status"], 200, "{answer}");
        assert_eq!(openai.calls().len(), 1);
        assert_eq!(openai.received().len(), 1);
        let models = "fetch('https://generativelanguage.googleapis.com/v1beta/models', \
            { headers: { 'x-goog-api-key': 'k' } }).then(answer => answer.status, error => error.name)";
        assert_eq!(page.eval_text(models).await?, "200");
        let elsewhere = "fetch('https://example.org/').catch(error => error.name)";
        assert_eq!(page.eval_text(elsewhere).await?, "TypeError");
        // Pages of other origins are not told by which protocol an answer came; the provider's own may know.
        page.goto("https://api.openai.com/v1/models").await?;
        let protocol = "performance.getEntriesByType('navigation')[0].nextHopProtocol";
        assert_eq!(page.eval_text(protocol).await?, "h2");
        Result::Ok(())
    });
}
