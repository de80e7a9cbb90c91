//! Owns the test of a connection: one small question, and an explanation where no answer comes.

use super::ask::Question;
use super::http::{Errand, Purpose};
use super::{clock, http, keys, page};
use crate::prompt::{Message, Role};
use crate::provider::Failure;
use crate::provider::diagnosis::{self, Context, Diagnosis};
use crate::provider::wire::{self, Ask};
use crate::provider::{Endpoint, HttpReply};

/// Puts one small question to a model. Gives the start of its answer, and how long it took in milliseconds.
pub async fn test(endpoint: &Endpoint) -> Result<(String, u64), Diagnosis> {
    let content = "Reply with the single word: ready".to_owned();
    let messages = [Message { role: Role::User, content }];
    // No limit on tokens: several reasoning models need hundreds before the first word.
    let ask = Ask { endpoint, messages: &messages, schema: None };
    let started = clock::now_millis();
    let errand = Errand::of(Purpose::ConnectionTest);
    let completion = Question::new(endpoint, wire::request(&ask), errand).ask(|| {}).await;
    match completion {
        Ok(completion) => {
            let answer = completion.text.trim().chars().take(80).collect();
            Ok((answer, clock::now_millis().saturating_sub(started)))
        }
        Err(failure) => Err(explain(failure, endpoint)),
    }
}

/// The models that the provider lists.
pub async fn models(endpoint: &Endpoint) -> Result<Vec<String>, Diagnosis> {
    let Some(request) = wire::models_request(endpoint) else { return Ok(vec![]) };
    let reply = http::send(&request, &Errand::of(Purpose::ModelList), None).await;
    reply
        .and_then(|reply: HttpReply| wire::read_models(endpoint.protocol, &reply))
        .map_err(|failure| explain(failure, endpoint))
}

/// What a failure at this endpoint means.
pub fn explain(failure: Failure, endpoint: &Endpoint) -> Diagnosis {
    let page_origin = page::origin();
    let context = Context {
        base_url: &endpoint.base_url,
        protocol: Some(endpoint.protocol),
        has_key: keys::has(&endpoint.base_url),
        page_origin: &page_origin,
        is_online: page::is_online(),
        is_safari: page::is_safari(),
    };
    diagnosis::explain(&http::without_key(failure), &context)
}
