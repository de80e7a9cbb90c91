//! Tests of the sign-in by PKCE, as a page does it.

use viva_e2e::browser::new_page;
use viva_e2e::provider::{Examinee, Profile, Provider, Script};
use viva_e2e::questions::synthetic;
use viva_e2e::run;
use viva_e2e::site::Site;

use crate::html;

const SCRIPT: &str = "<script>
    const encode = bytes => btoa(String.fromCharCode(...bytes)).replace(/\\+/g, '-').replace(/\\//g, '_').replace(/=+$/, '');
    async function begin(origin) {
        const verifier = encode(crypto.getRandomValues(new Uint8Array(32)));
        sessionStorage.setItem('verifier', verifier);
        const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier));
        const query = new URLSearchParams({
            callback_url: location.href, code_challenge: encode(new Uint8Array(hash)), code_challenge_method: 'S256',
        });
        location.href = origin + '/auth?' + query;
    }
    const exchange = (base, verifier) => fetch(base + '/auth/keys', {
        method: 'POST', headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
            code: new URLSearchParams(location.search).get('code'), code_verifier: verifier, code_challenge_method: 'S256',
        }),
    }).then(async answer => answer.status + ' ' + await answer.text(), error => error.name);
</script>";

#[test]
fn a_key_is_given_to_who_asked_for_it_and_once() {
    run(async {
        let questions = synthetic(1, 4, 1);
        let script = Script::new(&questions, 1).key("sk-or-v1-x").model(Examinee::new("m", 1.0));
        let provider = Provider::start(Profile::AllowList, script).await?;
        let site = Site::pages(&[("index.html", &html(SCRIPT))]).await?;
        let page = new_page().await?;
        for right in [false, true] {
            page.goto(&format!("{}#/models", site.url())).await?;
            page.eval(&format!("void begin('{}')", provider.origin())).await?;
            page.wait_until("location.search.startsWith('?code=')").await?;
            assert_eq!(page.eval_text("location.hash").await?, "#/models");
            let verifier = if right { "sessionStorage.getItem('verifier')" } else { "'guessed'" };
            let exchange = format!("exchange('{}', {verifier})", provider.base_url());
            let answer = page.eval_text(&exchange).await?;
            if right {
                assert!(answer.starts_with("200") && answer.contains("sk-or-v1-x"), "{answer}");
                let again = page.eval_text(&exchange).await?;
                assert!(again.starts_with("403"), "a code is good once: {again}");
            } else {
                assert!(answer.starts_with("403"), "{answer}");
            }
            page.goto("about:blank").await?;
        }
        Ok(())
    });
}
