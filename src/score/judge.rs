//! Owns judging a completion against an item. A broken answer is never scored right or wrong.

use std::ops::Range;

use super::Outcome;
use super::choice::{self, Extraction, Rule, Unreadable};
use crate::dataset::Item;
use crate::provider::{Completion, Finish};

/// An outcome with what it rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scored {
    /// How the trial ended.
    pub outcome: Outcome,
    /// The option that was read, as an index into the item's options.
    pub choice: Option<usize>,
    /// What the outcome rests on, as bytes of [`Completion::text`].
    pub span: Option<Range<usize>>,
    /// Why it is this outcome.
    pub reason: Reason,
}

/// Why an answer has its outcome.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// A choice was read.
    Read(Rule),
    /// The text declines.
    Declined,
    /// The provider says that the model declined, or withheld the answer.
    Withheld,
    /// The answer ended before its end, without a labelled choice.
    CutOff,
    /// No single choice can be read.
    Unreadable(Unreadable),
}

/// Judges an answer.
///
/// Of an answer that was cut off only a labelled choice such as `Answer: B` counts, and not when an option's text is all
/// that names it at the very end, where it may have gone on. Whatever else stands there may be thinking aloud.
pub fn judge(item: &Item, completion: &Completion) -> Scored {
    let item_choice = item.choice();
    if matches!(completion.finish, Finish::Refusal | Finish::Filtered) {
        return Scored {
            outcome: Outcome::Refused,
            choice: None,
            span: None,
            reason: Reason::Withheld,
        };
    }
    let cut_off = is_cut_off(&completion.finish);
    match choice::extract(&completion.text, &item_choice.options) {
        Extraction::Chosen { option_idx, span, rule } => {
            if cut_off && !survives_a_cut(&completion.text, &span, rule) {
                return cut();
            }
            let outcome = if option_idx == item_choice.answer {
                Outcome::Correct
            } else {
                Outcome::Incorrect
            };
            Scored {
                outcome,
                choice: Some(option_idx),
                span: Some(span),
                reason: Reason::Read(rule),
            }
        }
        Extraction::Refused { span } => Scored {
            outcome: Outcome::Refused,
            choice: None,
            span: Some(span),
            reason: Reason::Declined,
        },
        Extraction::Unreadable(_) if cut_off => cut(),
        Extraction::Unreadable(why) => Scored {
            outcome: Outcome::Unreadable,
            choice: None,
            span: None,
            reason: Reason::Unreadable(why),
        },
    }
}

fn cut() -> Scored {
    Scored { outcome: Outcome::Truncated, choice: None, span: None, reason: Reason::CutOff }
}

fn survives_a_cut(text: &str, span: &Range<usize>, rule: Rule) -> bool {
    let is_letter = text.get(span.clone()).is_some_and(|named| named.chars().count() == 1);
    let goes_on = text.get(span.end..).is_some_and(|rest| !rest.is_empty());
    rule == Rule::Labelled && (is_letter || goes_on)
}

/// Providers have many words for an end that is none.
fn is_cut_off(finish: &Finish) -> bool {
    match finish {
        Finish::Length => true,
        Finish::Stop | Finish::Refusal | Finish::Filtered => false,
        Finish::Other(word) => {
            let word = word.to_ascii_lowercase();
            ["length", "limit", "max", "error", "abort", "cancel", "incomplete", "timeout"]
                .iter()
                .any(|part| word.contains(part))
        }
    }
}

#[cfg(test)]
mod tests;
