//! Owns the messages that put an item to a model.
//!
//! Without a standing instruction or examples, all but an item's own turns goes into one message of the user: some systems
//! have no standing instruction, and a person who carries the prompt by copy and paste has one field to paste into.

use super::own::OwnTemplate;
use super::template::{OWN, Preset, ReplyLength, Template, answer_of};
use super::wording::Language;
use super::{Message, Role};
use crate::dataset::{Item, Speaker, Turn};

/// How a run puts its questions.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Prompting {
    /// The form of a question.
    pub template: Template,
    /// The language of its instructions; counts only where the template [speaks it](Preset::is_translated).
    pub language: Language,
    /// A standing instruction, before everything else.
    pub system: Option<String>,
    /// Examples, each as a question with its right answer, before what is asked. Never an item that is asked.
    pub shots: Vec<Item>,
    /// The seed by which the examples were drawn.
    pub shots_seed: Option<u64>,
}

impl Prompting {
    /// With a preset and nothing else.
    pub fn preset(preset: Preset, language: Language) -> Self {
        let language = if preset.is_translated() { language } else { Language::English };
        Self { template: Template::Preset(preset), language, ..Self::default() }
    }

    /// What the name of a template says. `own_text` is the text of a person's own one.
    pub fn named(name: &str, own_text: Option<OwnTemplate>) -> Self {
        if let Some(own) = own_text.filter(|_| name == OWN) {
            return Self { template: Template::Own(own), ..Self::default() };
        }
        let known = Preset::ALL.into_iter().find_map(|preset| {
            let tag = name.strip_prefix(preset.name())?;
            let language = match tag.strip_prefix('-') {
                None => (tag.is_empty()).then_some(Language::English)?,
                Some(tag) => Language::ALL
                    .into_iter()
                    .find(|language| language.tag() == tag && *language != Language::English)
                    .filter(|_| preset.is_translated())?,
            };
            Some(Self::preset(preset, language))
        });
        known.unwrap_or_else(|| Self {
            template: Template::Unknown(name.to_owned()),
            ..Self::default()
        })
    }

    /// The template's name as a plan records it: `viva-letter/1`, in Spanish `viva-letter/1-es`.
    pub fn name(&self) -> String {
        match &self.template {
            Template::Preset(preset) => match self.spoken() {
                Language::English => preset.name().to_owned(),
                other => format!("{}-{}", preset.name(), other.tag()),
            },
            Template::Own(_) => OWN.to_owned(),
            Template::Unknown(name) => name.clone(),
        }
    }

    /// The text of a person's own template.
    pub fn own_text(&self) -> Option<&str> {
        match &self.template {
            Template::Own(own) => Some(own.text()),
            Template::Preset(_) | Template::Unknown(_) => None,
        }
    }

    /// As it comes back from a plan: without a language that nothing is said in, or an instruction that says nothing.
    #[must_use]
    pub fn settled(self) -> Self {
        let language = self.spoken();
        let system = self.system.filter(|system| !system.trim().is_empty());
        Self { language, system, ..self }
    }

    /// How long replies are.
    pub fn reply_length(&self) -> ReplyLength {
        match &self.template {
            Template::Preset(preset) => preset.reply_length(),
            Template::Own(_) | Template::Unknown(_) => ReplyLength::Unsaid,
        }
    }

    /// The language in which instructions are given.
    fn spoken(&self) -> Language {
        match &self.template {
            Template::Preset(preset) if preset.is_translated() => self.language,
            Template::Preset(_) | Template::Own(_) | Template::Unknown(_) => Language::English,
        }
    }

    fn ask(&self, item: &Item) -> Message {
        let content = match &self.template {
            Template::Preset(preset) => preset.ask(item, self.spoken()),
            Template::Own(own) => own.fill(item),
            Template::Unknown(_) => Preset::default().ask(item, self.spoken()),
        };
        Message { role: Role::User, content }
    }

    /// What the model says in an example; `None` where a rubric decides.
    fn reply(&self, item: &Item) -> Option<Message> {
        let content = match &self.template {
            Template::Preset(preset) => preset.reply(item, self.spoken())?,
            Template::Own(_) | Template::Unknown(_) => match item.kind {
                crate::dataset::Kind::Reference(_) => answer_of(item)?,
                _ => format!("Answer: {}", answer_of(item)?),
            },
        };
        Some(Message { role: Role::Assistant, content })
    }
}

/// Puts many items in one way: what is the same for all is made once.
#[derive(Debug, Clone)]
pub struct Prompter<'a> {
    prompting: &'a Prompting,
    shots: Vec<Message>,
}

impl<'a> Prompter<'a> {
    /// Of a way of asking.
    pub fn new(prompting: &'a Prompting) -> Self {
        let shots = prompting.shots.iter().filter_map(|shot| {
            let reply = prompting.reply(shot)?;
            Some([prompting.ask(shot), reply])
        });
        Self { prompting, shots: shots.flatten().collect() }
    }

    /// The messages that put an item: the standing instruction, examples, the item's own turns, the question.
    pub fn messages(&self, item: &Item) -> Vec<Message> {
        let (mut messages, rest) = self.around(item);
        messages.extend(self.shots.iter().cloned());
        messages.extend(rest);
        messages
    }

    /// The bytes of those messages together.
    pub fn n_bytes(&self, item: &Item) -> u64 {
        let (head, rest) = self.around(item);
        let all = head.iter().chain(&self.shots).chain(&rest);
        all.map(|message| message.content.len() as u64).sum()
    }

    /// What stands before the examples, and what stands behind them.
    fn around(&self, item: &Item) -> (Vec<Message>, Vec<Message>) {
        let n_leading =
            item.turns.iter().take_while(|turn| turn.speaker == Speaker::System).count();
        let (leading, others) = item.turns.split_at(n_leading);
        let mut head: Vec<Message> = leading.iter().map(message_of).collect();
        if let Some(system) = &self.prompting.system {
            // One message: several providers take only one, and an item's own instruction comes after the run's.
            let texts =
                std::iter::once(system.as_str()).chain(leading.iter().map(|t| t.text.as_str()));
            let content = texts.collect::<Vec<_>>().join("\n\n");
            head = vec![Message { role: Role::System, content }];
        }
        let asked = self.prompting.ask(item);
        (head, others.iter().map(message_of).chain([asked]).collect())
    }
}

/// The messages that put one item to a model.
pub fn render(item: &Item, prompting: &Prompting) -> Vec<Message> {
    Prompter::new(prompting).messages(item)
}

fn message_of(turn: &Turn) -> Message {
    let role = match turn.speaker {
        Speaker::System => Role::System,
        Speaker::User => Role::User,
        Speaker::Assistant => Role::Assistant,
    };
    Message { role, content: turn.text.clone() }
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
mod tests;
