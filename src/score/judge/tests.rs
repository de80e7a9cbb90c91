//! Owns the tests of judging.

use super::*;

fn item() -> Item {
    Item::single_choice("q1", "Which?", &["Aspirin", "Aspirin and clopidogrel", "Heparin"], 1)
}

fn judged(text: &str, finish: Finish) -> Scored {
    judge(&item(), &Completion { text: text.into(), finish, ..Completion::default() })
}

#[test]
fn a_choice_is_right_or_wrong() {
    let right = judged("Answer: B", Finish::Stop);
    assert_eq!((right.outcome, right.choice, right.span), (Outcome::Correct, Some(1), Some(8..9)));
    let wrong = judged("Answer: C", Finish::Stop);
    assert_eq!((wrong.outcome, wrong.choice), (Outcome::Incorrect, Some(2)));
    assert_eq!(wrong.reason, Reason::Read(Rule::Labelled));
}

#[test]
fn a_refusal_is_neither_right_nor_wrong() {
    let said = judged("I can't help with that.", Finish::Stop);
    assert_eq!(
        (said.outcome, said.choice, said.reason),
        (Outcome::Refused, None, Reason::Declined)
    );
    for finish in [Finish::Refusal, Finish::Filtered] {
        let withheld = judged("Answer: B", finish);
        assert_eq!(
            (withheld.outcome, withheld.choice, withheld.reason),
            (Outcome::Refused, None, Reason::Withheld)
        );
    }
    assert_eq!(judged("I can't help with", Finish::Length).outcome, Outcome::Refused);
}

#[test]
fn what_cannot_be_read_is_unreadable_with_the_reason() {
    for (text, why) in [
        ("", Unreadable::Empty),
        ("It depends.", Unreadable::NoChoice),
        ("Answer: A or B", Unreadable::Conflict { option_idxs: vec![0, 1] }),
        ("Answer: D", Unreadable::NotAnOption('D')),
    ] {
        let scored = judged(text, Finish::Stop);
        assert_eq!((scored.outcome, scored.choice), (Outcome::Unreadable, None), "{text}");
        assert_eq!(scored.reason, Reason::Unreadable(why));
    }
}

#[test]
fn an_answer_that_was_cut_off_counts_only_when_it_is_labelled() {
    for (text, outcome) in [
        ("", Outcome::Truncated),
        ("B", Outcome::Truncated),
        ("B. Aspirin and clopidogrel is", Outcome::Truncated),
        ("A is wrong because", Outcome::Truncated),
        ("At first the answer is B", Outcome::Truncated),
        ("<think>Answer: B", Outcome::Truncated),
        ("Answer: A or B", Outcome::Truncated),
        ("Answer:", Outcome::Truncated),
        // It may have been going to say: and clopidogrel.
        ("Answer: Aspirin", Outcome::Truncated),
        ("Answer: B", Outcome::Correct),
        ("Answer: C\n\nHeparin is", Outcome::Incorrect),
        ("Answer: Aspirin and clopidogrel.\n\nBecause", Outcome::Correct),
    ] {
        assert_eq!(judged(text, Finish::Length).outcome, outcome, "{text:?}");
    }
}

#[test]
fn an_unknown_reason_to_stop_is_an_end_unless_its_word_speaks_of_a_limit_or_an_error() {
    assert_eq!(judged("B", Finish::Other("eos".into())).outcome, Outcome::Correct);
    for word in ["MAX_TOKENS", "error", "model_length", "aborted"] {
        assert_eq!(judged("B", Finish::Other(word.into())).outcome, Outcome::Truncated, "{word}");
    }
}

#[test]
fn reasoning_that_was_sent_apart_is_never_graded() {
    let completion = Completion {
        text: String::new(),
        reasoning: Some("Answer: B".into()),
        ..Completion::default()
    };
    assert_eq!(judge(&item(), &completion).outcome, Outcome::Unreadable);
}

#[test]
fn the_answers_of_the_baselines_can_be_read() {
    use crate::provider::{Baseline, baseline};
    for rule in [Baseline::UniformGuess, Baseline::LongestOption, Baseline::WordOverlap] {
        assert!(judge(&item(), &baseline::answer(rule, 1, &item(), 0)).choice.is_some());
    }
}
