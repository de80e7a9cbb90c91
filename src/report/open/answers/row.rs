//! Owns what one row of a table of answers means.

use super::columns::Columns;
use crate::dataset::{Choice, Item, ItemId, ItemRecord, Kind};
use crate::provider::Completion;
use crate::run::AttemptResult;
use crate::score::Outcome;

/// An item and what became of it.
pub(super) struct Row {
    pub(super) item: Item,
    pub(super) result: AttemptResult,
}

/// What another program read from an answer.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Pred {
    /// Nothing, or more than one letter.
    None,
    /// One letter: the index that it stands for, whether or not there is such an option.
    Option(usize),
    /// Something that is no letter.
    Other,
}

/// Reads a row. In the error: why it cannot be used. Beside the row: what the person should know of it.
pub(super) fn read_row(
    columns: &Columns,
    record: &csv::ByteRecord,
) -> Result<(Row, Vec<String>), String> {
    let mut remarks = Vec::new();
    let mut cell = |idx: usize| {
        let bytes = record.get(idx).unwrap_or_default();
        if std::str::from_utf8(bytes).is_err() {
            remarks.push("characters that are not UTF-8 are shown as \u{fffd}".to_owned());
        }
        String::from_utf8_lossy(bytes).trim().to_owned()
    };
    let id = cell(columns.sample_id);
    let question = cell(columns.question);
    let mut options: Vec<String> = columns.options.iter().map(|idx| cell(*idx)).collect();
    let answer = cell(columns.answer);
    let pred = cell(columns.preds);
    let correct = cell(columns.correct);
    let output = columns.outputs.map(&mut cell).unwrap_or_default();
    let explanation = columns.rationale.map(&mut cell).filter(|text| !text.is_empty());
    let n_told = columns.options_len.map(&mut cell).unwrap_or_default();
    let category = columns.category.map(&mut cell).unwrap_or_default();
    remarks.dedup();

    while options.last().is_some_and(String::is_empty) {
        options.pop();
    }
    let id = if id.is_empty() { return Err("it has no sample_id".to_owned()) } else { id };
    if question.is_empty() {
        return Err("it has no question".to_owned());
    }
    if options.len() < 2 {
        return Err("it has fewer than two options".to_owned());
    }
    let answer_idx = match read_pred(&answer) {
        Pred::Option(idx) if idx < options.len() => idx,
        _ => return Err(format!("its right answer “{answer}” is none of its options")),
    };
    if !n_told.is_empty() && n_told.parse() != Ok(options.len()) {
        remarks.push(format!("options_len says {n_told}, but there are {} options", options.len()));
    }
    let (outcome, choice) = judge(&pred, &correct, answer_idx, options.len(), &mut remarks);
    let item = Item {
        id: ItemId(id),
        turns: vec![],
        question,
        context: Vec::new(),
        kind: Kind::Choice(Choice { options, answer: answer_idx }),
        category,
        plain_question: None,
        explanation,
        difficulty: None,
        source: None,
        tags: Vec::new(),
    };
    // What can be opened must be exportable and open again: the stored form is the one that decides.
    let item = Item::try_from(ItemRecord::from(&item)).map_err(|invalid| invalid.to_string())?;
    let completion = Completion { text: output, ..Completion::default() };
    Ok((Row { item, result: AttemptResult::Recorded { completion, choice, outcome } }, remarks))
}

/// Outcome and choice by the table in [`super`].
fn judge(
    pred: &str,
    correct: &str,
    answer: usize,
    n_options: usize,
    remarks: &mut Vec<String>,
) -> (Outcome, Option<usize>) {
    let found = read_pred(pred);
    let choice = match found {
        Pred::Option(idx) if idx < n_options => Some(idx),
        _ => None,
    };
    let is_correct = read_truth(correct);
    let outcome = match (found, is_correct) {
        (Pred::Option(idx), Some(true)) if idx == answer => Outcome::Correct,
        (Pred::Option(idx), Some(false)) if idx != answer => {
            if choice.is_none() {
                remarks.push(format!("the answer “{pred}” is none of the {n_options} options: counted as incorrect, as the file has it"));
            }
            Outcome::Incorrect
        }
        (Pred::None, Some(false)) => Outcome::Unreadable,
        (Pred::None, None) if correct.is_empty() => Outcome::Unreadable,
        _ => {
            let right = Choice::letter(answer);
            remarks.push(format!("not scored, since the row contradicts itself: preds “{pred}”, answer “{right}”, correct “{correct}”"));
            Outcome::Unscored
        }
    };
    (outcome, choice)
}

/// A single letter, whatever punctuation stands around it. The words that programs write for an empty cell are none.
fn read_pred(text: &str) -> Pred {
    let is_empty_word = ["nan", "none", "null", "n/a"].iter().any(|w| text.eq_ignore_ascii_case(w));
    if text.is_empty() || is_empty_word {
        return Pred::None;
    }
    let mut words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let letter_of = |word: &str| match word.as_bytes() {
        [byte] if byte.is_ascii_alphabetic() => Some(usize::from(byte.to_ascii_uppercase() - b'A')),
        _ => None,
    };
    match (words.next().and_then(letter_of), words.next()) {
        (Some(idx), None) => Pred::Option(idx),
        (Some(_), Some(second)) if letter_of(second).is_some() => Pred::None,
        _ => Pred::Other,
    }
}

fn read_truth(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "1" | "1.0" | "yes" => Some(true),
        "false" | "0" | "0.0" | "no" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(pred: &str, correct: &str) -> (Outcome, Option<usize>, usize) {
        let mut remarks = Vec::new();
        let (outcome, choice) = judge(pred, correct, 2, 4, &mut remarks);
        (outcome, choice, remarks.len())
    }

    #[test]
    fn every_combination_of_letter_and_score_has_one_meaning() {
        assert_eq!(judged("C", "True"), (Outcome::Correct, Some(2), 0));
        assert_eq!(judged("(c).", "1"), (Outcome::Correct, Some(2), 0));
        assert_eq!(judged("A", "False"), (Outcome::Incorrect, Some(0), 0));
        assert_eq!(judged("E", "False"), (Outcome::Incorrect, None, 1));
        for empty in ["", "nan", "None", "NULL"] {
            assert_eq!(judged(empty, "False"), (Outcome::Unreadable, None, 0));
        }
        assert_eq!(judged("", ""), (Outcome::Unreadable, None, 0));
        assert_eq!(judged("A, C", "False"), (Outcome::Unreadable, None, 0));
    }

    #[test]
    fn a_row_that_contradicts_itself_is_not_scored() {
        assert_eq!(judged("A", "True"), (Outcome::Unscored, Some(0), 1));
        assert_eq!(judged("C", "False"), (Outcome::Unscored, Some(2), 1));
        assert_eq!(judged("", "True"), (Outcome::Unscored, None, 1));
        assert_eq!(judged("C", "perhaps"), (Outcome::Unscored, Some(2), 1));
        assert_eq!(judged("Doxycycline", "False"), (Outcome::Unscored, None, 1));
    }
}
