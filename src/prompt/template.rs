//! Owns the templates by name: those that come with the page, a person's own, and names that this version does not know.

use super::own::{OwnTemplate, letters, listed};
use super::wording::{Language, Way};
use crate::dataset::{Choice, Item, Kind};

/// How a question is put.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Template {
    /// One that comes with the page.
    Preset(Preset),
    /// A person's own.
    Own(OwnTemplate),
    /// A name from another version or another program. Asked as the default would be.
    Unknown(String),
}

impl Default for Template {
    fn default() -> Self {
        Self::Preset(Preset::default())
    }
}

/// The name under which a plan records a person's own template; the text stands beside it.
pub(super) const OWN: &str = "own";

/// A template that comes with the page. What stands under a name never changes, so that runs can be compared.
///
/// Those named `like-…` follow how other programs ask single-choice questions, in words of our own: they bring figures
/// closer to those programs', but not to the last letter. Kinds that those programs do not ask are asked as this project
/// asks them, and open questions as they stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Preset {
    /// The letter and nothing else.
    #[default]
    Letter,
    /// Reasoning first, the letter on the last line.
    ThinkFirst,
    /// As simple-evals: step by step, with `Answer: X` on the last line.
    SimpleEvals,
    /// As Inspect's evaluations: the whole reply is `ANSWER: X`.
    Inspect,
    /// As lm-evaluation-harness: a text to complete, without an instruction.
    LmEval,
    /// As MMLU-Pro: chain of thought that ends with "the answer is (X)".
    MmluPro,
    /// As the study of NYU: the question and nothing else.
    NyuStudy,
}

/// How long replies to a template are, for estimates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReplyLength {
    /// A letter or a line.
    Short,
    /// Reasoning in the open.
    Reasoned,
    /// Either: the template says nothing, or nobody knows what it says.
    Unsaid,
}

impl Preset {
    /// Every preset, the default first.
    pub const ALL: [Self; 7] = [
        Self::Letter,
        Self::ThinkFirst,
        Self::SimpleEvals,
        Self::Inspect,
        Self::LmEval,
        Self::MmluPro,
        Self::NyuStudy,
    ];

    /// The name that a plan records, in English.
    pub fn name(self) -> &'static str {
        match self {
            Self::Letter => "viva-letter/1",
            Self::ThinkFirst => "viva-think/1",
            Self::SimpleEvals => "like-simple-evals/1",
            Self::Inspect => "like-inspect/1",
            Self::LmEval => "like-lm-eval/1",
            Self::MmluPro => "like-mmlu-pro/1",
            Self::NyuStudy => "like-nyu-study/1",
        }
    }

    /// The preset in a few words for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::Letter => "Only the letter",
            Self::ThinkFirst => "Think first, then the letter",
            Self::SimpleEvals => "As simple-evals asks: step by step, last line “Answer: X”",
            Self::Inspect => "As Inspect asks: the whole reply is “ANSWER: X”",
            Self::LmEval => "As lm-evaluation-harness asks: a text to complete",
            Self::MmluPro => "As MMLU-Pro asks: step by step, ends with “the answer is (X)”",
            Self::NyuStudy => "As the NYU study asks: the question alone",
        }
    }

    /// What it is for, and how it differs from what it follows.
    pub fn purpose(self) -> &'static str {
        match self {
            Self::Letter => {
                "For short, cheap answers that are easy to read. Models that do not think by themselves do worse without room to reason."
            }
            Self::ThinkFirst => {
                "For models that do not think by themselves: reasoning in the open mostly helps them. Answers are longer and cost more."
            }
            Self::SimpleEvals => {
                "To stand beside figures of OpenAI’s simple-evals. The wording is our own, any number of options can be asked, and answers are read by this page’s rules, not by the first match of their pattern."
            }
            Self::Inspect => {
                "To stand beside figures of Inspect’s medical evaluations, which allow no reasoning before the answer. The wording is our own."
            }
            Self::LmEval => {
                "To stand beside figures of lm-evaluation-harness. That compares how likely a model finds each option, which chat services do not tell; here the model writes its answer, so figures differ, mostly for small models. Add examples to show the form."
            }
            Self::MmluPro => {
                "To stand beside figures of MMLU-Pro, which gives five worked examples first: add five. Here they are turns of a conversation, and the wording is our own."
            }
            Self::NyuStudy => {
                "The study of 2026 sent the text of a question alone, without a standing instruction. Meant for open answers; options, where there are any, stand below the question, and the choice must be found in free text."
            }
        }
    }

    /// Whether it speaks other languages than English.
    pub fn is_translated(self) -> bool {
        matches!(self, Self::Letter | Self::ThinkFirst)
    }

    /// How long replies to it are.
    pub fn reply_length(self) -> ReplyLength {
        match self {
            Self::Letter | Self::Inspect => ReplyLength::Short,
            Self::ThinkFirst | Self::SimpleEvals | Self::MmluPro => ReplyLength::Reasoned,
            Self::LmEval | Self::NyuStudy => ReplyLength::Unsaid,
        }
    }

    /// What the person says: passages, question, options, and how to answer.
    pub(super) fn ask(self, item: &Item, language: Language) -> String {
        match (self, item.choice()) {
            (Self::NyuStudy, _) => bare(item),
            (Self::SimpleEvals, Some(choice)) => simple_evals(item, choice),
            (Self::Inspect, Some(choice)) => inspect(item, choice),
            (Self::LmEval, Some(choice)) => lm_eval(item, choice),
            (Self::MmluPro, Some(choice)) => mmlu_pro(item, choice),
            (_, None) | (Self::Letter | Self::ThinkFirst, _) => viva(item, language, self.way()),
        }
    }

    /// What the model says in an example, where the item tells it.
    pub(super) fn reply(self, item: &Item, language: Language) -> Option<String> {
        let answer = answer_of(item)?;
        let labelled = |label: &str| format!("{label} {answer}");
        let explained = |end: String| match item.explanation.as_deref().map(str::trim) {
            Some(explanation) if !explanation.is_empty() => format!("{explanation}\n\n{end}"),
            _ => end,
        };
        let is_open = matches!(item.kind, Kind::Reference(_));
        if is_open {
            return Some(answer);
        }
        Some(match (self, item.choice()) {
            (Self::NyuStudy, Some(choice)) => {
                let text = choice.options.get(choice.answer)?.trim();
                format!("{answer}) {text}")
            }
            (Self::SimpleEvals, Some(_)) => explained(labelled("Answer:")),
            (Self::Inspect, Some(_)) => labelled("ANSWER:"),
            (Self::NyuStudy, None) | (Self::LmEval, Some(_)) => answer,
            (Self::MmluPro, Some(_)) => explained(format!("The answer is ({answer}).")),
            (_, None) | (Self::Letter | Self::ThinkFirst, _) => {
                let end = labelled(language.words().answer);
                match self.way() {
                    Way::AnswerOnly => end,
                    Way::ThinkFirst => explained(end),
                }
            }
        })
    }

    /// How kinds are asked that the program it follows does not ask.
    fn way(self) -> Way {
        match self {
            Self::Letter | Self::Inspect | Self::LmEval | Self::NyuStudy => Way::AnswerOnly,
            Self::ThinkFirst | Self::SimpleEvals | Self::MmluPro => Way::ThinkFirst,
        }
    }
}

/// The right answer as a reply gives it; `None` where a rubric decides.
pub(super) fn answer_of(item: &Item) -> Option<String> {
    match &item.kind {
        // The unit stands in the instruction.
        Kind::Number(number) => Some(number.value.to_string()),
        Kind::Rubric(_) => None,
        Kind::Choice(_) | Kind::Choices(_) | Kind::ShortText(_) | Kind::Reference(_) => {
            Some(item.right_answer())
        }
    }
}

/// This project's own form. Free text is asked for without an instruction, as a person would ask.
fn viva(item: &Item, language: Language, way: Way) -> String {
    let words = language.words();
    let mut parts: Vec<String> = Vec::new();
    for (i, passage) in item.context.iter().enumerate() {
        let heading = match item.context.len() {
            1 => format!("{}{}", words.passage, words.colon),
            _ => format!("{} {}{}", words.passage, i + 1, words.colon),
        };
        parts.push(format!("{heading}\n{}", passage.trim()));
    }
    match words.instruction(item, way) {
        Some(instruction) => {
            let question = item.question.trim();
            parts.push(format!("{}{}\n{question}", words.question, words.colon));
            if !item.options().is_empty() {
                let options = listed(item.options(), ')');
                parts.push(format!("{}{}\n{options}", words.options, words.colon));
            }
            parts.push(instruction);
        }
        None => parts.push(item.question.trim().to_owned()),
    }
    parts.join("\n\n")
}

fn passages(item: &Item) -> impl Iterator<Item = String> + '_ {
    item.context.iter().map(|passage| passage.trim().to_owned())
}

fn bare(item: &Item) -> String {
    let options = Some(listed(item.options(), ')')).filter(|options| !options.is_empty());
    let question = item.question.trim().to_owned();
    passages(item).chain([question]).chain(options).collect::<Vec<_>>().join("\n\n")
}

fn simple_evals(item: &Item, choice: &Choice) -> String {
    let lead = format!(
        "Choose the right answer to the multiple-choice question below. Reason step by step first. The last line of \
         your reply must read 'Answer: X' (without the quotation marks), where X is one of {}.",
        letters(choice.options.len(), ", ")
    );
    std::iter::once(lead).chain([bare(item)]).collect::<Vec<_>>().join("\n\n")
}

fn inspect(item: &Item, choice: &Choice) -> String {
    let lead = format!(
        "Choose the right answer to the multiple-choice question below. Your whole reply must read 'ANSWER: X' (without \
         the quotation marks) and nothing else, where X is one of {}.",
        letters(choice.options.len(), ", ")
    );
    std::iter::once(lead).chain([bare(item)]).collect::<Vec<_>>().join("\n\n")
}

fn lm_eval(item: &Item, choice: &Choice) -> String {
    let abstracts = passages(item).map(|passage| format!("Abstract: {passage}"));
    let question = format!("Question: {}", item.question.trim());
    let options = listed(&choice.options, '.');
    abstracts.chain([question, options, "Answer:".to_owned()]).collect::<Vec<_>>().join("\n")
}

fn mmlu_pro(item: &Item, choice: &Choice) -> String {
    let lead = "This is a multiple-choice question. Think step by step, then end your reply with \"the answer is (X)\", \
                where X is the letter of the right option."
        .to_owned();
    let question = format!("Question:\n{}", item.question.trim());
    let options = format!("Options:\n{}", listed(&choice.options, '.'));
    let begin = "Answer: Let us think step by step.".to_owned();
    let body: Vec<String> = passages(item).chain([question, options, begin]).collect();
    format!("{lead}\n\n{}", body.join("\n"))
}
