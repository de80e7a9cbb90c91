//! Owns the templates of a prompt.
//!
//! Everything goes into one message of the user: some systems have no standing instruction, and a person who carries
//! the prompt by copy and paste has one field to paste into.

use super::{Message, Role};
use crate::dataset::{Choice, Item, Kind, Speaker, Turn};

/// How a question is put. The text of a template never changes under the same name, so that runs can be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Template {
    /// The letter and nothing else.
    #[default]
    Letter,
    /// Reasoning first, the letter on the last line.
    ThinkFirst,
}

impl Template {
    /// Every template, the default first.
    pub const ALL: [Self; 2] = [Self::Letter, Self::ThinkFirst];

    /// The name that a plan records.
    pub fn name(self) -> &'static str {
        match self {
            Self::Letter => "viva-letter/1",
            Self::ThinkFirst => "viva-think/1",
        }
    }

    /// The template that a plan names; `None` for a name from another version of this program.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|template| template.name() == name)
    }

    /// The template in a few words for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::Letter => "Only the letter",
            Self::ThinkFirst => "Think first, then the letter",
        }
    }
}

/// The messages that put an item to a model: turns, passages, question, lettered options, and how to answer. Free text is
/// asked for without an instruction, as a person would ask.
pub fn render(item: &Item, template: Template) -> Vec<Message> {
    let mut parts: Vec<String> = Vec::new();
    for (i, passage) in item.context.iter().enumerate() {
        let heading = match item.context.len() {
            1 => "Passage:".to_owned(),
            _ => format!("Passage {}:", i + 1),
        };
        parts.push(format!("{heading}\n{}", passage.trim()));
    }
    match instruction(item, template) {
        Some(instruction) => {
            parts.push(format!("Question:\n{}", item.question.trim()));
            parts.extend(lettered(item.options()));
            parts.push(instruction);
        }
        None => parts.push(item.question.trim().to_owned()),
    }
    let asked = Message { role: Role::User, content: parts.join("\n\n") };
    item.turns.iter().map(message_of).chain(std::iter::once(asked)).collect()
}

fn message_of(turn: &Turn) -> Message {
    let role = match turn.speaker {
        Speaker::System => Role::System,
        Speaker::User => Role::User,
        Speaker::Assistant => Role::Assistant,
    };
    Message { role, content: turn.text.clone() }
}

fn lettered(options: &[String]) -> Option<String> {
    if options.is_empty() {
        return None;
    }
    let lines = options
        .iter()
        .enumerate()
        .map(|(option_idx, option)| format!("{}) {}", Choice::letter(option_idx), option.trim()));
    Some(std::iter::once("Options:".to_owned()).chain(lines).collect::<Vec<_>>().join("\n"))
}

/// How to answer, where the answer is read by rule.
fn instruction(item: &Item, template: Template) -> Option<String> {
    let last = Choice::letter(item.options().len().saturating_sub(1));
    let (how_many, what) = match &item.kind {
        Kind::Choice(_) => (
            "Exactly one option is best. ",
            format!("with the option's letter (A to {last}) in the place of the dots:"),
        ),
        Kind::Choices(_) => (
            "One or more of the options are right. ",
            format!(
                "with the letters of all right options (A to {last}), parted by commas, in the place of the dots:"
            ),
        ),
        Kind::Number(number) if number.unit.is_empty() => {
            ("", "with the number, in digits, in the place of the dots:".to_owned())
        }
        Kind::Number(number) => (
            "",
            format!("with the number in {}, in digits, in the place of the dots:", number.unit),
        ),
        Kind::ShortText(_) => {
            ("", "with the answer in as few words as it takes in the place of the dots:".to_owned())
        }
        Kind::Reference(_) | Kind::Rubric(_) => return None,
    };
    Some(match template {
        Template::Letter => {
            format!(
                "{how_many}Reply with one line and nothing else, in this form, {what}\nAnswer: ..."
            )
        }
        Template::ThinkFirst => format!(
            "{how_many}First work through the question step by step. Then end with a line of its own in this form, \
             {what}\nAnswer: ..."
        ),
    })
}

/// The messages as one text for copy and paste. A single message stands as it is; several are headed by who speaks.
pub fn as_plain_text(messages: &[Message]) -> String {
    match messages {
        [only] => only.content.clone(),
        several => several
            .iter()
            .map(|message| format!("{}:\n{}", speaker(message.role), message.content))
            .collect::<Vec<_>>()
            .join("\n\n"),
    }
}

fn speaker(role: Role) -> &'static str {
    match role {
        Role::System => "Instruction",
        Role::User => "User",
        Role::Assistant => "Assistant",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(context: &[&str]) -> Item {
        let question = " Which drug comes first? ";
        let options = ["Metformin", "Insulin", "Acarbose"];
        let context = context.iter().map(|passage| (*passage).to_owned()).collect();
        Item { context, ..Item::single_choice("q1", question, &options, 0) }
    }

    #[test]
    fn a_name_leads_back_to_its_template() {
        for template in Template::ALL {
            assert_eq!(Template::from_name(template.name()), Some(template));
        }
        assert_eq!(Template::from_name("viva-letter/0"), None);
    }

    #[test]
    fn the_letter_prompt_reads_as_published_under_its_name() {
        let text = as_plain_text(&render(&item(&[]), Template::Letter));
        assert_eq!(
            text,
            "Question:\nWhich drug comes first?\n\nOptions:\nA) Metformin\nB) Insulin\nC) Acarbose\n\nExactly one \
             option is best. Reply with one line and nothing else, in this form, with the option's letter (A to C) in \
             the place of the dots:\nAnswer: ..."
        );
    }

    #[test]
    fn the_think_first_prompt_reads_as_published_under_its_name() {
        let text = as_plain_text(&render(&item(&[]), Template::ThinkFirst));
        assert!(text.ends_with(
            "Exactly one option is best. First work through the question step by step. Then end with a line of its \
             own in this form, with the option's letter (A to C) in the place of the dots:\nAnswer: ..."
        ));
    }

    #[test]
    fn passages_come_before_the_question() {
        let one = as_plain_text(&render(&item(&["An abstract."]), Template::Letter));
        assert!(one.starts_with("Passage:\nAn abstract.\n\nQuestion:\nWhich drug"));
        let two = as_plain_text(&render(&item(&["First.", "Second."]), Template::Letter));
        assert!(two.starts_with("Passage 1:\nFirst.\n\nPassage 2:\nSecond.\n\nQuestion:"));
    }

    #[test]
    fn several_messages_are_headed_by_who_speaks() {
        let messages = [
            Message { role: Role::System, content: "Be brief.".into() },
            Message { role: Role::User, content: "Which?".into() },
        ];
        assert_eq!(as_plain_text(&messages), "Instruction:\nBe brief.\n\nUser:\nWhich?");
    }
}
