//! Owns Chat Completions as Azure serves them: below the resource's own address, with the key in a header of its own.

use super::http::{Auth, HttpRequest};
use super::openai_chat;
use super::wire::Ask;

/// The call that puts a question. The model is the name of a deployment.
pub(super) fn request(ask: &Ask<'_>) -> HttpRequest {
    let url =
        format!("{}/openai/v1/chat/completions?api-version=v1", resource(&ask.endpoint.base_url));
    HttpRequest::post(ask.endpoint, url, Auth::ApiKey, &openai_chat::body(ask))
}

/// The resource's address, where a person copied more of it than needed.
fn resource(base_url: &str) -> &str {
    let base_url = base_url.split(['?', '#']).next().unwrap_or_default();
    let base_url = base_url.trim_end_matches('/');
    ["/openai/v1/chat/completions", "/openai/v1", "/openai"]
        .iter()
        .find_map(|ending| base_url.strip_suffix(ending))
        .unwrap_or(base_url)
}

#[cfg(test)]
mod tests;
