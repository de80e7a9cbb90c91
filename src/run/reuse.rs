//! Owns the name under which an answer is kept for later runs: the same question to the same model with the same settings.

use super::chain::digest;
use crate::provider::{HttpRequest, Protocol};

/// SHA-256, in hex, over everything that bears on an answer: the protocol, the address, the body and which repeat it is
/// (the second time of asking is meant to bring another answer). No header goes in, and so no key.
pub fn key(protocol: Protocol, request: &HttpRequest, repeat: u16) -> String {
    let protocol = format!("{protocol:?}");
    let repeat = repeat.to_string();
    let body = request.body.as_deref().unwrap_or_default();
    let parts = [protocol.as_str(), request.url.as_str(), repeat.as_str(), body];
    // Each part with its length, so that no text can reach from one part into the next.
    let lengths = parts.map(|part| format!("{}\n", part.len()));
    let mut bytes: Vec<&[u8]> = vec![b"viva-reuse/1\n"];
    for (length, part) in lengths.iter().zip(parts) {
        bytes.extend([length.as_bytes(), part.as_bytes()]);
    }
    digest(&bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::http::{Auth, Method};

    fn request() -> HttpRequest {
        HttpRequest {
            method: Method::Post,
            url: "https://api.example.org/v1/chat/completions".to_owned(),
            headers: vec![("Content-Type", "application/json".to_owned())],
            auth: Auth::Bearer,
            secret_header: None,
            body: Some(r#"{"model":"m"}"#.to_owned()),
        }
    }

    #[test]
    fn the_same_question_has_the_same_name_whatever_its_headers() {
        let first = key(Protocol::OpenAiChat, &request(), 0);
        let mut other = request();
        other.headers.push(("Authorization", "Bearer secret".to_owned()));
        other.secret_header = Some("X-Gateway".to_owned());
        other.auth = Auth::ApiKey;
        assert_eq!(first, key(Protocol::OpenAiChat, &other, 0));
        assert_eq!(first.len(), 64);
    }

    #[test]
    fn whatever_bears_on_an_answer_changes_the_name() {
        let first = key(Protocol::OpenAiChat, &request(), 0);
        let mut address = request();
        address.url.push('2');
        let mut body = request();
        body.body = Some(r#"{"model":"m","seed":1}"#.to_owned());
        // The end of one part moved to the head of the next.
        let mut moved = request();
        moved.url = moved.url.replace("completions", "");
        moved.body = Some(r#"completions{"model":"m"}"#.to_owned());
        let others = [
            key(Protocol::Mistral, &request(), 0),
            key(Protocol::OpenAiChat, &request(), 1),
            key(Protocol::OpenAiChat, &address, 0),
            key(Protocol::OpenAiChat, &body, 0),
            key(Protocol::OpenAiChat, &moved, 0),
        ];
        for (idx, other) in others.iter().enumerate() {
            assert_ne!(first, *other, "{idx}");
            assert!(others[..idx].iter().all(|earlier| earlier != other), "{idx}");
        }
    }
}
