//! Owns the templates of a multiple-choice prompt.
//!
//! Everything goes into one message of the user: some systems have no standing instruction, and a person who carries
//! the prompt by copy and paste has one field to paste into.

use super::{Message, Role};
use crate::dataset::{Choice, Item};

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

/// The messages that put an item to a model: passages, question, lettered options, and how to answer.
pub fn render(item: &Item, template: Template) -> Vec<Message> {
    let choice = item.choice();
    let mut parts: Vec<String> = Vec::new();
    for (i, passage) in item.context.iter().enumerate() {
        let heading = match item.context.len() {
            1 => "Passage:".to_owned(),
            _ => format!("Passage {}:", i + 1),
        };
        parts.push(format!("{heading}\n{}", passage.trim()));
    }
    parts.push(format!("Question:\n{}", item.question.trim()));
    let mut options = vec!["Options:".to_owned()];
    for (option_idx, option) in choice.options.iter().enumerate() {
        options.push(format!("{}) {}", Choice::letter(option_idx), option.trim()));
    }
    parts.push(options.join("\n"));
    parts.push(instruction(choice, template));
    vec![Message { role: Role::User, content: parts.join("\n\n") }]
}

fn instruction(choice: &Choice, template: Template) -> String {
    let last = Choice::letter(choice.options.len().saturating_sub(1));
    match template {
        Template::Letter => format!(
            "Exactly one option is best. Reply with one line and nothing else, in this form, with the option's letter \
             (A to {last}) in the place of the dots:\nAnswer: ..."
        ),
        Template::ThinkFirst => format!(
            "Exactly one option is best. First work through the question step by step. Then end with a line of its \
             own in this form, with the option's letter (A to {last}) in the place of the dots:\nAnswer: ..."
        ),
    }
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
