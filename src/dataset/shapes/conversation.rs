//! Owns conversations as files write them: turns of a user, an assistant and a system, under many names.

use serde_json::Value;

use super::CONVERSATION;
use crate::dataset::options::text_of;
use crate::dataset::row::Row;
use crate::dataset::spans::kind_of;
use crate::dataset::{Invalid, Speaker, Turn, literal};

/// Takes the turns of a row, and the name of their field.
pub(super) fn turns_of(row: &mut Row) -> Result<(Vec<Turn>, String), Invalid> {
    let (name, value) = row.take(CONVERSATION).ok_or_else(|| Invalid::new("prompt", "is empty"))?;
    let turns = turns_in(&name, value)?;
    Ok((turns, name))
}

/// A conversation that ends with what is asked.
#[derive(Debug, Default)]
pub(in crate::dataset) struct Conversation {
    /// Empty for a row without a conversation; else the last turn asks.
    pub(in crate::dataset) turns: Vec<Turn>,
    /// What the assistant answers to it in the file, which is what others are held against.
    pub(in crate::dataset) reply: Option<String>,
}

/// Takes the conversation of a row that has no question of its own.
pub(in crate::dataset) fn conversation(row: &mut Row) -> Result<Conversation, Invalid> {
    let is_conversation = |name: &&&str| row.is_turns(name);
    let Some(name) = CONVERSATION.iter().find(is_conversation).filter(|_| !row.has("question"))
    else {
        return Ok(Conversation::default());
    };
    let Some((name, value)) = row.take(&[*name]) else { return Ok(Conversation::default()) };
    let mut turns = turns_in(&name, value)?;
    let mut reply = None;
    if turns.last().is_some_and(|turn| turn.speaker == Speaker::Assistant) {
        reply = turns.pop().map(|turn| turn.text);
    }
    match turns.last() {
        Some(Turn { speaker: Speaker::User, .. }) => Ok(Conversation { turns, reply }),
        _ => Err(Invalid::new(
            &name,
            "does not end with a turn of the user, or with one answer to it",
        )),
    }
}

fn turns_in(name: &str, value: Value) -> Result<Vec<Turn>, Invalid> {
    let value = match value {
        // One mirror of the set keeps lists as Python wrote them.
        Value::String(text) if text.trim_start().starts_with('[') => literal::read(&text)
            .map_err(|reason| Invalid::new(name, format!("cannot be read: {reason}")))?,
        Value::String(text) => return Ok(vec![Turn { speaker: Speaker::User, text }]),
        Value::Object(mut map) => map.remove("messages").unwrap_or(Value::Null),
        other => other,
    };
    let Value::Array(values) = value else {
        return Err(Invalid::new(name, format!("is {}, not a list of turns", kind_of(&value))));
    };
    let turns = values.iter().enumerate().map(|(idx, turn)| {
        let number = idx + 1;
        let text = ["content", "value", "text"].iter().find_map(|name| turn.get(name));
        let text = text.and_then(text_of);
        let text = text.ok_or_else(|| Invalid::new(name, format!("turn {number} has no text")))?;
        let role = ["role", "from", "speaker"].iter().find_map(|name| turn.get(name));
        let speaker = match role.and_then(Value::as_str) {
            Some("user" | "human" | "patient") => Speaker::User,
            Some("assistant" | "model" | "gpt" | "doctor") => Speaker::Assistant,
            Some("system" | "developer") => Speaker::System,
            other => {
                let role = other.unwrap_or("nobody");
                return Err(Invalid::new(name, format!("turn {number} is spoken by {role:?}")));
            }
        };
        Ok(Turn { speaker, text })
    });
    turns.collect()
}
