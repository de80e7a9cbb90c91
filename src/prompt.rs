//! Owns the way from an item to the messages that a model is sent: templates, standing instruction, examples.

mod judge;
mod own;
mod render;
mod shots;
mod template;
mod wording;

pub use judge::{JudgeTemplate, JudgeTextError, OwnJudge};
pub use own::{OwnTemplate, TemplateError, Variable};
pub use render::{Prompter, Prompting, as_plain_text, render};
pub use shots::{TooFewShots, pick_shots};
pub use template::{Preset, ReplyLength, Template};
pub use wording::Language;

/// Who speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Standing instruction.
    System,
    /// The person who asks.
    User,
    /// The model.
    Assistant,
}

/// One turn of a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Who speaks.
    pub role: Role,
    /// Plain text.
    pub content: String,
}
