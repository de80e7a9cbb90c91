//! Owns conversations for protocols in which the standing instructions stand apart from the turns.

use serde::Serialize;

use crate::prompt::{Message, Role};

/// A turn as these protocols write it.
#[derive(Serialize)]
pub(super) struct Turn<'a> {
    role: &'static str,
    content: &'a str,
}

/// The standing instructions.
pub(super) fn system(messages: &[Message]) -> Option<String> {
    let parts: Vec<&str> = messages
        .iter()
        .filter(|message| message.role == Role::System)
        .map(|message| message.content.as_str())
        .collect();
    (!parts.is_empty()).then(|| parts.join("\n\n"))
}

/// The turns without them.
pub(super) fn turns(messages: &[Message]) -> Vec<Turn<'_>> {
    messages
        .iter()
        .filter_map(|message| {
            let role = match message.role {
                Role::System => return None,
                Role::User => "user",
                Role::Assistant => "assistant",
            };
            Some(Turn { role, content: &message.content })
        })
        .collect()
}
