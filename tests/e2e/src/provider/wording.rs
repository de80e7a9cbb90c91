//! Owns the words of answers: the same letter said in the many ways in which models say it.

use super::script::{Decision, Ending};
use crate::questions::Question;

const REASONS: &str = "Let me go through this step by step. The age and the course matter here, and so does what was \
    tried before. Several of the options would be reasonable in other circumstances, but the findings point one way. \
    The manual is explicit about the order of steps, and nothing in the history – however naïve – speaks against it.";

const THOUGHTS: &str = "The question asks for the next step. A fever ≥ 38 °C would change it; none is named. The options \
    differ in their protocol only, so that the manual decides. I should weigh each once more before I commit myself.";

const REFUSALS: [&str; 4] = [
    "I'm sorry, but I can't help with that.",
    "I cannot provide medical advice. Please consult a qualified healthcare professional.",
    "I'm not able to answer medical questions. Please see a doctor.",
    "I apologize, but I am unable to assist with this request.",
];

const RAMBLINGS: [&str; 4] = [
    "This depends on many factors that are not given here, and more tests would be needed to say anything certain.",
    "There is a lot to consider. The age is relevant, the duration is relevant, and the setting is relevant as well.",
    "Thank you for the question! It touches on an important topic in medicine.",
    "",
];

/// What a model thinks before it answers: words that name no letter.
pub(super) fn thoughts() -> &'static str {
    THOUGHTS
}

/// An answer that names this letter, or none.
pub(super) fn answer(decision: Decision, question: &Question, letters: &[char]) -> String {
    let style = usize::try_from(decision.style >> 33).unwrap_or_default();
    match decision.ending {
        Ending::Refused => REFUSALS[style % REFUSALS.len()].to_owned(),
        Ending::Unreadable => RAMBLINGS[style % RAMBLINGS.len()].to_owned(),
        Ending::Filtered | Ending::Blank => String::new(),
        Ending::Truncated => {
            let half =
                REASONS.char_indices().nth(100 + style % 150).map_or(REASONS.len(), |(at, _)| at);
            REASONS[..half].to_owned()
        }
        Ending::Correct | Ending::Incorrect => {
            let letter = letters.get(decision.option).copied().unwrap_or('?');
            let option = question.options.get(decision.option).map_or("", String::as_str);
            named(style, letter, option)
        }
    }
}

fn named(style: usize, letter: char, option: &str) -> String {
    match style % 10 {
        0 => format!("Answer: {letter}"),
        1 => format!("{REASONS}\n\n**Answer:** {letter}"),
        2 => format!("The answer is ({letter})."),
        3 => letter.to_string(),
        4 => format!("{REASONS}\n\nAnswer: {letter}. {option}"),
        5 => format!("**Answer: {letter}**"),
        6 => format!("{REASONS} Therefore the answer is $\\boxed{{{letter}}}$"),
        7 => format!("Answer: ({letter}) {option}"),
        8 => format!("{letter}) {option}"),
        _ => format!("{REASONS}\n\nThe answer is {letter}."),
    }
}
