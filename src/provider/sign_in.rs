//! Owns the sign-in at OpenRouter by PKCE (RFC 7636): the address to go to, and the exchange of a code for a key.
//!
//! OpenRouter needs no registration of this page: the proof that whoever asks for the key is whoever began is the
//! verifier alone, which never leaves the browser before the exchange.

use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::http::{Auth, HttpReply, HttpRequest, Method, failure_of};
use super::reply::Failure;
use crate::text::percent_encoded;

/// The origin whose key it brings.
pub const OPENROUTER: &str = "https://openrouter.ai";

/// The verifier: 32 random bytes in 43 characters.
pub fn verifier(random: &[u8; 32]) -> String {
    base64url(random)
}

/// The challenge that belongs to a verifier, by the method S256.
pub fn challenge(verifier: &str) -> String {
    base64url(&Sha256::digest(verifier.as_bytes()))
}

/// Where the person signs in; afterwards OpenRouter sends them to `callback` with a code.
pub fn address(callback: &str, verifier: &str) -> String {
    format!(
        "{OPENROUTER}/auth?callback_url={}&code_challenge={}&code_challenge_method=S256",
        percent_encoded(callback),
        challenge(verifier)
    )
}

/// Whether OpenRouter documents that it sends people back to such an address: https on its own port, or port 3000.
pub fn is_accepted_callback(callback: &str) -> bool {
    let origin = super::http::origin(callback).unwrap_or_default();
    let authority = origin.split_once("://").map_or("", |(_, authority)| authority);
    let port = authority.rsplit_once(':').map(|(_, port)| port);
    port == Some("3000") || (origin.starts_with("https://") && port.is_none())
}

/// The code in the query of the address that OpenRouter sent the person to, and the query without it.
pub fn code_in(query: &str) -> Option<(String, String)> {
    let pairs: Vec<&str> = query.trim_start_matches('?').split('&').collect();
    let code = pairs.iter().find_map(|pair| pair.strip_prefix("code="))?;
    let rest: Vec<&str> = pairs.iter().copied().filter(|pair| !pair.starts_with("code=")).collect();
    // Codes are letters, digits and marks that need no decoding; another is not one.
    let is_plain =
        !code.is_empty() && code.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.~".contains(&b));
    Some((if is_plain { code.to_owned() } else { String::new() }, rest.join("&")))
}

/// The exchange. It carries no key.
pub fn exchange(code: &str, verifier: &str) -> HttpRequest {
    let body = serde_json::json!({
        "code": code,
        "code_verifier": verifier,
        "code_challenge_method": "S256",
    });
    HttpRequest {
        method: Method::Post,
        url: format!("{OPENROUTER}/api/v1/auth/keys"),
        headers: vec![("Content-Type", "application/json".to_owned())],
        auth: Auth::Bearer,
        secret_header: None,
        body: Some(body.to_string()),
    }
}

/// The key that the exchange brought. Failures quote what the provider says about the refusal, never a body of success.
pub fn key_of(reply: &HttpReply) -> Result<String, Failure> {
    #[derive(Deserialize)]
    struct Granted {
        key: String,
    }
    #[derive(Deserialize)]
    struct Refused {
        error: serde_json::Value,
    }
    if !(200..300).contains(&reply.status) {
        let said = serde_json::from_slice::<Refused>(&reply.body).ok().map(|refused| refused.error);
        let message = said.as_ref().and_then(|said| {
            said.as_str().or_else(|| said.get("message").and_then(serde_json::Value::as_str))
        });
        let message = message.unwrap_or("no reason given");
        let message = crate::text::shorten(&crate::text::clean(message), 200);
        return Err(failure_of(reply.status, reply.retry_after.as_deref(), "", message));
    }
    match serde_json::from_slice::<Granted>(&reply.body) {
        Ok(Granted { key }) if !key.trim().is_empty() => Ok(key),
        _ => Err(Failure::Malformed { message: "the answer holds no key".to_owned() }),
    }
}

/// RFC 4648, section 5, without padding.
fn base64url(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let bits = chunk.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte))
            << (8 * (3 - chunk.len()));
        for idx in 0..=chunk.len() {
            let digit = bits >> (18 - 6 * idx) & 63;
            text.extend(DIGITS.get(digit as usize).map(|digit| char::from(*digit)));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verifier_and_challenge_are_those_of_rfc_7636_appendix_b() {
        let random = [
            116, 24, 223, 180, 151, 153, 224, 37, 79, 250, 96, 125, 216, 173, 187, 186, 22, 212,
            37, 77, 105, 214, 191, 240, 91, 88, 5, 88, 83, 132, 141, 121,
        ];
        let verifier = verifier(&random);
        assert_eq!(verifier, "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
        assert_eq!(challenge(&verifier), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    #[test]
    fn the_alphabet_is_that_of_rfc_4648() {
        for (bytes, expected) in [
            (&b""[..], ""),
            (b"f", "Zg"),
            (b"fo", "Zm8"),
            (b"foo", "Zm9v"),
            (b"foob", "Zm9vYg"),
            (&[0xfb, 0xff, 0xfe], "-__-"),
        ] {
            assert_eq!(base64url(bytes), expected);
        }
    }

    #[test]
    fn the_way_there_and_back() {
        let there = address("https://viva.example/page/", "v");
        assert!(there.starts_with(
            "https://openrouter.ai/auth?callback_url=https%3A%2F%2Fviva.example%2Fpage%2F&code_challenge="
        ));
        assert!(there.ends_with("&code_challenge_method=S256"));
        assert!(!there.contains("=v&"));
        for (query, expected) in [
            ("?code=abc-1", Some(("abc-1", ""))),
            ("?x=1&code=abc&y=2", Some(("abc", "x=1&y=2"))),
            ("?code=", Some(("", ""))),
            ("?code=%3Cscript%3E", Some(("", ""))),
            ("?encode=abc", None),
            ("", None),
        ] {
            let found = code_in(query);
            let found = found.as_ref().map(|(code, rest)| (code.as_str(), rest.as_str()));
            assert_eq!(found, expected, "{query}");
        }
        for (callback, is_accepted) in [
            ("https://viva.example/", true),
            ("https://viva.example:443/x", true),
            ("http://localhost:3000/", true),
            ("http://localhost:8080/", false),
            ("https://viva.example:8443/", false),
            ("http://viva.example/", false),
        ] {
            assert_eq!(is_accepted_callback(callback), is_accepted, "{callback}");
        }
    }

    #[test]
    fn the_exchange_sends_code_and_verifier_only() {
        let request = exchange("c", "v");
        assert_eq!(request.url, "https://openrouter.ai/api/v1/auth/keys");
        assert_eq!(
            request.body.as_deref(),
            Some(r#"{"code":"c","code_challenge_method":"S256","code_verifier":"v"}"#)
        );
    }

    #[test]
    fn a_key_comes_out_or_a_reason() {
        let reply = |status, body: &str| HttpReply {
            status,
            retry_after: None,
            body: body.as_bytes().to_vec(),
        };
        assert_eq!(key_of(&reply(200, r#"{"key":"sk-or-1"}"#)).unwrap(), "sk-or-1");
        for body in ["", "{}", r#"{"key":""}"#, r#"{"sk-secret":1}"#] {
            let failure = key_of(&reply(200, body)).unwrap_err();
            assert!(!failure.to_string().contains("sk-secret"));
            assert!(matches!(failure, Failure::Malformed { .. }), "{body}");
        }
        let refused = r#"{"error":{"code":403,"message":"Invalid code"}}"#;
        let failure = key_of(&reply(403, refused)).unwrap_err();
        assert_eq!(failure.to_string(), "the key was not accepted: Invalid code");
        assert!(matches!(key_of(&reply(500, "<html>")), Err(Failure::Server { .. })));
    }
}
