//! Owns judging a completion against an item. A broken answer is never scored right or wrong.

use std::ops::Range;

use super::choice::{self, Extraction, Rule, Unreadable};
use super::{Outcome, number, several, short_text};
use crate::dataset::{Choice, Choices, Item, Kind, NumberAnswer};
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
    /// A declared answer was held against the right one.
    Compared,
    /// No answer is declared.
    Undeclared,
    /// Free text: a judge or a person decides.
    NeedsJudge,
}

/// Judges an answer. Items that need a judge or a person are [`Outcome::Unscored`] here.
///
/// Of an answer that was cut off only a labelled choice such as `Answer: B` counts, and not when an option's text is all
/// that names it at the very end, where it may have gone on. Whatever else stands there may be thinking aloud. Of other
/// kinds of answers nothing counts that was cut off.
pub fn judge(item: &Item, completion: &Completion) -> Scored {
    if matches!(completion.finish, Finish::Refusal | Finish::Filtered) {
        return Scored::without(Outcome::Refused, Reason::Withheld);
    }
    match &item.kind {
        Kind::Choice(choice) => judge_choice(choice, completion),
        Kind::Choices(choices) => judge_other(completion, |text| judge_choices(choices, text)),
        Kind::Number(number) => judge_other(completion, |text| judge_number(number, text)),
        Kind::ShortText(short) => judge_other(completion, |text| {
            let read = short_text::read(text, &short.accepted)?;
            Some((if read.is_accepted { Outcome::Correct } else { Outcome::Incorrect }, read.span))
        }),
        Kind::Reference(_) | Kind::Rubric(_) => judge_open(completion),
    }
}

/// Whether a judge is asked about an answer in free text. What was withheld, cut off or is empty has an outcome already.
pub fn is_gradable(completion: &Completion) -> bool {
    let is_withheld = matches!(completion.finish, Finish::Refusal | Finish::Filtered);
    !is_withheld && judge_open(completion).reason == Reason::NeedsJudge
}

fn judge_choice(item_choice: &Choice, completion: &Completion) -> Scored {
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
        Extraction::Refused { span } => Scored::declined(span),
        Extraction::Unreadable(_) if cut_off => cut(),
        Extraction::Unreadable(why) => {
            Scored::without(Outcome::Unreadable, Reason::Unreadable(why))
        }
    }
}

/// Judges by `read`, which finds the declared answer and compares it.
fn judge_other(
    completion: &Completion,
    read: impl FnOnce(&str) -> Option<(Outcome, Range<usize>)>,
) -> Scored {
    let text = &completion.text;
    if is_cut_off(&completion.finish) {
        return cut();
    }
    if let Some((outcome, span)) = read(text) {
        return Scored { outcome, choice: None, span: Some(span), reason: Reason::Compared };
    }
    match choice::extract(text, &[]) {
        Extraction::Refused { span } => Scored::declined(span),
        Extraction::Unreadable(Unreadable::Empty) => {
            Scored::without(Outcome::Unreadable, Reason::Unreadable(Unreadable::Empty))
        }
        _ => Scored::without(Outcome::Unreadable, Reason::Undeclared),
    }
}

/// All of the right ones and no other are right; some of them and no other are right in part.
fn judge_choices(choices: &Choices, text: &str) -> Option<(Outcome, Range<usize>)> {
    let several::Several { option_idxs, span } = several::read(text, choices.options.len())?;
    let outcome = if option_idxs == choices.answers {
        Outcome::Correct
    } else if option_idxs.iter().all(|idx| choices.answers.contains(idx)) {
        Outcome::Partial
    } else {
        Outcome::Incorrect
    };
    Some((outcome, span))
}

/// Right within the bounds, which are widened by what decimal fractions lose in binary.
fn judge_number(number: &NumberAnswer, text: &str) -> Option<(Outcome, Range<usize>)> {
    let number::NumberRead { value, span } = number::read(text)?;
    let slack = |bound: f64| bound.abs() * 1e-9;
    let is_within =
        number.low - slack(number.low) <= value && value <= number.high + slack(number.high);
    Some((if is_within { Outcome::Correct } else { Outcome::Incorrect }, span))
}

/// What free text tells without a judge: that it is cut off, empty or declines.
fn judge_open(completion: &Completion) -> Scored {
    if is_cut_off(&completion.finish) {
        return cut();
    }
    if completion.text.trim().is_empty() {
        return Scored::without(Outcome::Unreadable, Reason::Unreadable(Unreadable::Empty));
    }
    Scored::without(Outcome::Unscored, Reason::NeedsJudge)
}

impl Scored {
    fn without(outcome: Outcome, reason: Reason) -> Self {
        Self { outcome, choice: None, span: None, reason }
    }

    fn declined(span: Range<usize>) -> Self {
        Self { outcome: Outcome::Refused, choice: None, span: Some(span), reason: Reason::Declined }
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
