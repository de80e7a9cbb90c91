//! Owns the checks that hold for every protocol alike.

use proptest::prelude::*;

use super::*;
use crate::provider::fixture;
use crate::provider::settings::{CallSettings, Delivery, Effort};
use crate::provider::{capability, http};

const ALL: [Protocol; 8] = [
    Protocol::OpenAiChat,
    Protocol::OpenAiResponses,
    Protocol::Anthropic,
    Protocol::Gemini,
    Protocol::Mistral,
    Protocol::Cohere,
    Protocol::Ollama,
    Protocol::AzureOpenAi,
];

fn stream_of(protocol: Protocol, pieces: &[Vec<u8>]) {
    let mut reader = StreamReader::new(protocol);
    for piece in pieces {
        let _ = reader.push(piece);
        let _ = (reader.text().len(), reader.reasoning().len());
    }
    let _ = reader.finish();
}

proptest! {
    #[test]
    fn no_bytes_panic_a_reader(
        status in prop_oneof![Just(200_u16), 100_u16..600],
        pieces in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..60), 0..6),
    ) {
        for protocol in ALL {
            let reply = HttpReply { status, retry_after: None, body: pieces.concat() };
            let _ = read(protocol, &reply);
            let _ = read_models(protocol, &reply);
            stream_of(protocol, &pieces);
        }
    }

    #[test]
    fn no_text_made_of_the_protocols_own_words_panics_a_reader(
        status in prop_oneof![Just(200_u16), Just(400_u16), Just(429_u16)],
        words in prop::collection::vec(prop::sample::select(WORDS.to_vec()), 0..40),
    ) {
        let text = words.concat();
        for protocol in ALL {
            let _ = read(protocol, &fixture::reply(status, &text));
            stream_of(protocol, &[text.clone().into_bytes()]);
            stream_of(protocol, &[format!("data: {text}\n\n").into_bytes()]);
        }
    }

    #[test]
    fn no_message_of_an_error_panics(message in ".{0,500}", param in ".{0,40}") {
        let body = serde_json::json!({"error": {"message": message, "param": param}}).to_string();
        for protocol in ALL {
            for status in [400, 403, 429, 529] {
                let _ = read(protocol, &fixture::reply(status, &body));
            }
        }
    }

    #[test]
    fn no_address_or_name_panics_a_request(base_url in ".{0,40}", model in ".{0,40}") {
        for protocol in ALL {
            let endpoint = Endpoint::new(protocol, &base_url, &model);
            let endpoint = capability::settle(&endpoint, wished());
            let _ = fixture::request(&endpoint);
            let _ = models_request(&endpoint);
        }
    }
}

const WORDS: [&str; 24] = [
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "\"error\"",
    "\"message\"",
    "\"choices\"",
    "\"content\"",
    "\"delta\"",
    "\"usage\"",
    "\"type\"",
    "\"text\"",
    "\"output\"",
    "\"candidates\"",
    "\"done\"",
    "true",
    "null",
    "1",
    "-0.5e3",
    "\"é\"",
    "\n",
    "data: ",
];

fn wished() -> CallSettings {
    CallSettings {
        temperature: Some(0.0),
        seed: Some(7),
        max_output_tokens: Some(256),
        effort: Some(Effort::Low),
        context_tokens: Some(4_096),
        delivery: Delivery::Streamed,
    }
}

#[test]
fn a_call_goes_to_its_endpoints_origin_with_no_key_in_it() {
    for protocol in ALL {
        for base_url in ["https://llm.example", "https://llm.example:8443/some/path"] {
            let endpoint = Endpoint::new(protocol, base_url, "m");
            let list = models_request(&endpoint);
            for request in [Some(fixture::request(&endpoint)), list].into_iter().flatten() {
                assert_eq!(http::origin(&request.url), http::origin(base_url), "{protocol:?}");
            }
        }
    }
}

#[test]
fn an_error_is_told_again_at_every_later_piece_and_at_the_end() {
    let mut reader = StreamReader::new(Protocol::OpenAiChat);
    reader.push(b"data: {\"choices\":[{\"delta\":{\"content\":\"B\"}}]}\n\n").unwrap();
    assert_eq!(reader.text(), "B");
    let failure = reader.push(b"data: {\"error\":\"x\"}\n\n").unwrap_err();
    assert_eq!(reader.push(b"data: [DONE]\n\n"), Err(failure.clone()));
    assert_eq!(reader.finish(), Err(failure));
}

#[test]
fn a_stream_without_end_is_given_up() {
    let mut reader = StreamReader::new(Protocol::Ollama);
    reader.n_bytes = MAX_STREAM_BYTES - 1;
    reader.push(b" ").unwrap();
    assert!(matches!(reader.push(b" "), Err(Failure::Malformed { .. })));
}
