//! Owns the sign-in by PKCE as OpenRouter offers it: a challenge goes out with the person, a code comes back, and only who
//! knows what the challenge was made of gets the key.

use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// What a page asked for when it sent the person over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wish {
    callback: String,
    challenge: String,
    method: String,
}

impl Wish {
    /// Reads it from the address's query, or names what is missing.
    pub(super) fn read(query: &str) -> Result<Self, &'static str> {
        let found = |name: &str| {
            let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
            pairs.filter(|(key, _)| *key == name).map(|(_, value)| unescaped(value)).next()
        };
        let wish = Self {
            callback: found("callback_url").ok_or("callback_url")?,
            challenge: found("code_challenge").ok_or("code_challenge")?,
            method: found("code_challenge_method").ok_or("code_challenge_method")?,
        };
        let is_hash = BASE64URL_NOPAD.decode(wish.challenge.as_bytes()).map(|hash| hash.len());
        if wish.method == "S256" && is_hash != Ok(32) {
            return Err("a code_challenge of 32 bytes in base64url");
        }
        Ok(wish)
    }

    /// Where the person goes next. The code is part of the query, before any fragment.
    pub(super) fn callback(&self, code: &str) -> String {
        let (address, fragment) = match self.callback.split_once('#') {
            Some((address, fragment)) => (address, format!("#{fragment}")),
            None => (self.callback.as_str(), String::new()),
        };
        let sign = if address.contains('?') { '&' } else { '?' };
        format!("{address}{sign}code={code}{fragment}")
    }

    fn is_met_by(&self, body: &Value) -> bool {
        let verifier = body["code_verifier"].as_str().unwrap_or_default();
        match self.method.as_str() {
            "S256" => BASE64URL_NOPAD.encode(&Sha256::digest(verifier)) == self.challenge,
            "plain" => verifier == self.challenge,
            _ => false,
        }
    }
}

/// Status and body of the answer to an exchange.
pub(super) fn exchanged(wish: Option<&Wish>, body: &Value, key: Option<&str>) -> (u16, Value) {
    let error = |status: u16, message: &str| {
        (status, json!({"error": {"code": status, "message": message}}))
    };
    let Some(wish) = wish else { return error(403, "Invalid code or code_verifier") };
    if body["code_challenge_method"].as_str().is_some_and(|method| method != wish.method) {
        return error(400, "Invalid code_challenge_method");
    }
    if !wish.is_met_by(body) {
        return error(403, "Invalid code or code_verifier");
    }
    let key = key.unwrap_or("sk-or-v1-test");
    (200, json!({"key": key, "user_id": "user_test"}))
}

fn unescaped(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let mut digit = || rest.next().and_then(|byte| char::from(byte).to_digit(16));
                let value = digit().unwrap_or_default() * 16 + digit().unwrap_or_default();
                u8::try_from(value).unwrap_or_default()
            }
            other => other,
        });
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of RFC 7636, appendix B.
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    #[test]
    fn a_key_is_given_for_the_right_verifier_only() {
        let query = format!(
            "callback_url=http%3A%2F%2Flocalhost%3A1%2F%23%2Fmodels&code_challenge={CHALLENGE}&code_challenge_method=S256"
        );
        let wish = Wish::read(&query).unwrap();
        assert_eq!(wish.callback("c"), "http://localhost:1/?code=c#/models");
        let body = |verifier: &str| json!({"code": "c", "code_verifier": verifier, "code_challenge_method": "S256"});
        let (status, answer) = exchanged(Some(&wish), &body(VERIFIER), Some("sk-x"));
        assert_eq!((status, &answer["key"]), (200, &json!("sk-x")));
        assert_eq!(exchanged(Some(&wish), &body("other"), None).0, 403);
        assert_eq!(exchanged(None, &body(VERIFIER), None).0, 403);
        assert_eq!(Wish::read("callback_url=x&code_challenge=y"), Err("code_challenge_method"));
    }
}
