//! Owns how judges are asked: which text puts an answer and its rubric, or its reference answer, to a judge.
//!
//! What stands under a name never changes, as with the templates of questions. An answer is hostile text: it is put in
//! once, and nothing in it is taken for a place of the template. Where the framing is our own, it stands between lines that
//! carry a mark made from its own hash, which a text cannot hold; the grader of HealthBench has no such lines, and ours
//! that follows it has none either, so that figures stay comparable.

mod wording;

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use super::{Message, Role};
use crate::dataset::{Criterion, Item, Kind, Speaker};

/// A way to ask a judge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JudgeTemplate {
    /// One call for each criterion, built as the grader of OpenAI's simple-evals is, with its points.
    HealthBench,
    /// The same without points, as HealthBench's meta-evaluation of judges asks.
    HealthBenchMeta,
    /// All criteria in one call: cheaper, and another instrument.
    AllAtOnce,
    /// An answer held against a reference answer.
    Reference,
    /// A person's own text, one call for each criterion.
    Own(OwnJudge),
    /// A name from another version. Nothing can be asked with it; what was asked with it can be read.
    Unknown(String),
}

const OWN: &str = "own";
const CONVERSATION: &str = "<<conversation>>";
const RUBRIC_ITEM: &str = "<<rubric_item>>";

impl JudgeTemplate {
    /// Those that grade by a rubric and come with the page, the reference rule first.
    pub const FOR_RUBRICS: [Self; 2] = [Self::HealthBench, Self::AllAtOnce];

    /// The name that a plan records.
    pub fn name(&self) -> &str {
        match self {
            Self::HealthBench => "healthbench-grader/1",
            Self::HealthBenchMeta => "healthbench-meta-grader/1",
            Self::AllAtOnce => "viva-all-criteria/1",
            Self::Reference => "viva-reference-grader/1",
            Self::Own(_) => OWN,
            Self::Unknown(name) => name,
        }
    }

    /// What a name says. `own_text` is the text of a person's own one.
    pub fn named(name: &str, own_text: Option<OwnJudge>) -> Self {
        if let Some(own) = own_text.filter(|_| name == OWN) {
            return Self::Own(own);
        }
        [Self::HealthBench, Self::HealthBenchMeta, Self::AllAtOnce, Self::Reference]
            .into_iter()
            .find(|template| template.name() == name)
            .unwrap_or_else(|| Self::Unknown(name.to_owned()))
    }

    /// The text of a person's own one.
    pub fn own_text(&self) -> Option<&str> {
        match self {
            Self::Own(own) => Some(own.text()),
            Self::HealthBench
            | Self::HealthBenchMeta
            | Self::AllAtOnce
            | Self::Reference
            | Self::Unknown(_) => None,
        }
    }

    /// In a few words for people.
    pub fn title(&self) -> &'static str {
        match self {
            Self::HealthBench => "One call for each criterion, as HealthBench grades",
            Self::HealthBenchMeta => "One call for each criterion, without its points",
            Self::AllAtOnce => "All criteria in one call",
            Self::Reference => "Held against the reference answer",
            Self::Own(_) => "Your own text, one call for each criterion",
            Self::Unknown(_) => "A wording of another version of this page",
        }
    }

    /// What it is for, and how it differs from what it follows.
    pub fn purpose(&self) -> &'static str {
        match self {
            Self::HealthBench => {
                "The reference rule. Built part by part as the grader of OpenAI’s simple-evals; the wording is our own. To grade with their very text, paste it as your own."
            }
            Self::HealthBenchMeta => {
                "As the reference rule, but the judge does not see what a criterion is worth. Judges are measured this way on HealthBench’s meta-evaluation."
            }
            Self::AllAtOnce => {
                "Costs a fraction of the calls. Judges grade differently when they see all criteria at once: do not compare such scores with those of one call for each."
            }
            Self::Reference => "Correct, partly correct or wrong, with the reason.",
            Self::Own(_) => {
                "Both places, <<conversation>> and <<rubric_item>>, are filled as simple-evals fills them."
            }
            Self::Unknown(_) => "Its verdicts can be read, but nothing can be asked with it here.",
        }
    }

    /// Whether each criterion has a call of its own.
    pub fn is_per_criterion(&self) -> bool {
        match self {
            Self::HealthBench | Self::HealthBenchMeta | Self::Own(_) => true,
            Self::AllAtOnce | Self::Reference | Self::Unknown(_) => false,
        }
    }

    /// The messages that put an answer to a judge. `criterion` is an index into the item's criteria where each has a call of
    /// its own. `None` where the template does not fit the item.
    pub fn messages(
        &self,
        item: &Item,
        answer: &str,
        criterion: Option<usize>,
    ) -> Option<Vec<Message>> {
        let criteria = match &item.kind {
            Kind::Rubric(rubric) => rubric.criteria.as_slice(),
            _ => &[],
        };
        let one = || criteria.get(criterion?);
        let text = match (self, &item.kind) {
            (Self::HealthBench, Kind::Rubric(_)) => {
                OwnJudge::filled(wording::HEALTHBENCH, &spoken(item, answer), &pointed(one()?))
            }
            (Self::HealthBenchMeta, Kind::Rubric(_)) => {
                OwnJudge::filled(wording::HEALTHBENCH, &spoken(item, answer), &one()?.text)
            }
            (Self::Own(own), Kind::Rubric(_)) => own.fill(&spoken(item, answer), &pointed(one()?)),
            (Self::AllAtOnce, Kind::Rubric(_)) if criterion.is_none() => {
                wording::all_at_once(&Marked::of(item, answer), &numbered(criteria))
            }
            (Self::Reference, Kind::Reference(reference)) if criterion.is_none() => {
                wording::reference(&Marked::of(item, answer), &reference.answer)
            }
            _ => return None,
        };
        let system = Message { role: Role::System, content: wording::SYSTEM.to_owned() };
        Some(vec![system, Message { role: Role::User, content: text }])
    }

    /// The bytes of those messages, without those of the answer; `None` where the template does not fit the item.
    pub fn n_bytes(&self, item: &Item, criterion: Option<usize>) -> Option<u64> {
        let messages = self.messages(item, "", criterion)?;
        Some(messages.iter().map(|message| message.content.len() as u64).sum())
    }
}

/// A person's own text for judges, with one place for the conversation and one for the criterion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnJudge {
    text: String,
}

/// Why a text for judges cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum JudgeTextError {
    /// A place is missing.
    #[error("The text has no {0}: put it where that is to stand.")]
    Missing(&'static str),
    /// A place stands there more than once.
    #[error("{0} stands in the text more than once.")]
    Twice(&'static str),
}

impl OwnJudge {
    /// Checks a text: `<<conversation>>` and `<<rubric_item>>`, each once.
    pub fn parse(text: &str) -> Result<Self, JudgeTextError> {
        for place in [CONVERSATION, RUBRIC_ITEM] {
            match text.matches(place).count() {
                0 => return Err(JudgeTextError::Missing(place)),
                1 => {}
                _ => return Err(JudgeTextError::Twice(place)),
            }
        }
        Ok(Self { text: text.to_owned() })
    }

    /// What an own text begins with: that of the reference rule.
    pub fn first() -> Self {
        Self { text: wording::HEALTHBENCH.to_owned() }
    }

    /// The text as it was typed.
    pub fn text(&self) -> &str {
        &self.text
    }

    fn fill(&self, conversation: &str, rubric_item: &str) -> String {
        Self::filled(&self.text, conversation, rubric_item)
    }

    /// In one pass over the template: what is put in is never searched for places.
    fn filled(template: &str, conversation: &str, rubric_item: &str) -> String {
        let mut text = String::with_capacity(template.len() + conversation.len() + 200);
        let mut rest = template;
        loop {
            let places = [(CONVERSATION, conversation), (RUBRIC_ITEM, rubric_item)];
            let next = places
                .into_iter()
                .filter_map(|(place, value)| Some((rest.find(place)?, place, value)))
                .min_by_key(|(at, ..)| *at);
            let Some((at, place, value)) = next else {
                text.push_str(rest);
                return text;
            };
            text.push_str(rest.get(..at).unwrap_or_default());
            text.push_str(value);
            rest = rest.get(at + place.len()..).unwrap_or_default();
        }
    }
}

/// The conversation with the answer as its last turn, as simple-evals writes it: `role: text`, parted by blank lines.
fn spoken(item: &Item, answer: &str) -> String {
    let mut text = before(item);
    let _ = write!(text, "\n\nassistant: {answer}");
    text
}

/// The conversation up to the question.
fn before(item: &Item) -> String {
    let mut turns: Vec<String> = item
        .turns
        .iter()
        .map(|turn| {
            let role = match turn.speaker {
                Speaker::System => "system",
                Speaker::User => "user",
                Speaker::Assistant => "assistant",
            };
            format!("{role}: {}", turn.text)
        })
        .collect();
    let passages = item.context.iter().map(String::as_str);
    let asked: Vec<&str> = passages.chain([item.question.as_str()]).collect();
    turns.push(format!("user: {}", asked.join("\n\n")));
    turns.join("\n\n")
}

/// A criterion with its points before it, as simple-evals writes it.
fn pointed(criterion: &Criterion) -> String {
    format!("[{}] {}", criterion.points, criterion.text)
}

fn numbered(criteria: &[Criterion]) -> String {
    let lines =
        criteria.iter().zip(1..).map(|(criterion, n)| format!("{n}. {}", pointed(criterion)));
    lines.collect::<Vec<_>>().join("\n")
}

/// What is graded, with the mark that fences it off.
struct Marked<'a> {
    conversation: String,
    answer: &'a str,
    mark: String,
}

impl<'a> Marked<'a> {
    /// The mark is of the texts' own hash, so that none of them can hold it.
    fn of(item: &Item, answer: &'a str) -> Self {
        let conversation = before(item);
        let mut hasher = Sha256::new();
        hasher.update(conversation.as_bytes());
        hasher.update([0]);
        hasher.update(answer.as_bytes());
        let mark = hasher.finalize().iter().take(8).fold(String::new(), |mut mark, byte| {
            let _ = write!(mark, "{byte:02x}");
            mark
        });
        Self { conversation, answer, mark }
    }

    /// A text between its lines.
    fn fenced(&self, name: &str, text: &str) -> String {
        let mark = &self.mark;
        format!("--- {name} {mark} begins ---\n{text}\n--- {name} {mark} ends ---")
    }
}

#[cfg(test)]
mod tests;
