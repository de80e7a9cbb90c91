//! Owns the shape of Med-HALT's reasoning tests: options in a dictionary with the keys `0` to `n`, in text.

use serde_json::Value;

use super::unquoted;
use crate::dataset::options::text_of;
use crate::dataset::row::{Row, trimmed};
use crate::dataset::spans::kind_of;
use crate::dataset::{Choice, Invalid, Item, ItemId, Kind, convert};

/// Beginnings of words by which the option beside "I do not know" concedes as well.
const CONCEDES: [&str; 6] = ["conced", "admit", "acknowledg", "confess", "defeat", "ignoran"];

/// Reads a row. The test of false confidence keeps a student's answer among the options, under the key `correct answer`;
/// it is none of them. The fake questions have no right answer but not to know.
pub(super) fn read(row: &mut Row, id: String) -> Result<Item, Invalid> {
    let question =
        row.take_text(&["question"]).ok_or_else(|| Invalid::new("question", "is empty"))?;
    let mut options = options_of(row)?;
    let text = row.take_text(&["correct_answer"]);
    let index = row.take_text(&["correct_index"]);
    let answer = match (&index, &text) {
        (None, None) => not_to_know(&mut options)?,
        (index, text) => right_one(&options, index.as_deref(), text.as_deref())?,
    };
    let origin = row.take_text(&["dataset"]);
    let item = Item {
        id: ItemId(id),
        turns: vec![],
        question,
        context: vec![],
        kind: Kind::Choice(Choice { options, answer }),
        category: row.take_text(&["subject_name"]).unwrap_or_default(),
        plain_question: None,
        explanation: row.take_text(&["explanation"]),
        difficulty: None,
        source: None,
        tags: origin.into_iter().collect(),
    };
    convert::check(&item)?;
    Ok(item)
}

fn options_of(row: &mut Row) -> Result<Vec<String>, Invalid> {
    let (name, value) =
        row.take(&["options"]).ok_or_else(|| Invalid::new("options", "is empty"))?;
    let map = match unquoted(&name, value)? {
        Value::Object(map) => map,
        other => {
            return Err(Invalid::new(&name, format!("is {}, not a dictionary", kind_of(&other))));
        }
    };
    let mut numbered: Vec<(usize, String)> = map
        .iter()
        .filter_map(|(key, value)| Some((key.parse().ok()?, trimmed(text_of(value)?))))
        .collect();
    numbered.sort_unstable();
    Ok(numbered.into_iter().map(|(_, text)| text).collect())
}

fn right_one(
    options: &[String],
    index: Option<&str>,
    text: Option<&str>,
) -> Result<usize, Invalid> {
    let is_text = |option: &String| {
        text.is_none_or(|text| option.trim().to_lowercase() == text.trim().to_lowercase())
    };
    if let Some(index) = index {
        let idx = index.strip_suffix(".0").unwrap_or(index).parse::<usize>().ok();
        let option = idx.and_then(|idx| options.get(idx));
        return match (idx, option) {
            (Some(idx), Some(option)) if is_text(option) => Ok(idx),
            (_, None) => {
                let reason = format!("{index:?} names none of the {} options", options.len());
                Err(Invalid::new("correct_index", reason))
            }
            _ => Err(Invalid::new("correct_index", "names another option than correct_answer")),
        };
    }
    let mut same = (0..options.len()).filter(|idx| is_text(&options[*idx]));
    match (same.next(), same.next()) {
        (Some(idx), None) => Ok(idx),
        _ => Err(Invalid::new("correct_answer", "is the text of no option, or of several")),
    }
}

/// The option that says not to know. The one before it often concedes too, and the authors count it as right; it is taken
/// out, so that one letter is right.
fn not_to_know(options: &mut Vec<String>) -> Result<usize, Invalid> {
    let knows_not = |option: &String| {
        let option = option.to_lowercase().replace('"', "'");
        option.starts_with("i do not know") || option.starts_with("i don't know")
    };
    let idx = options.iter().rposition(knows_not).ok_or_else(|| {
        Invalid::new("options", "has no right answer given, and none that says \"I do not know\"")
    })?;
    let before = idx.checked_sub(1).and_then(|before| options.get(before));
    let concedes = before.is_some_and(|option| {
        let option = option.to_lowercase();
        CONCEDES.iter().any(|word| option.contains(word))
    });
    if concedes && options.len() > 2 {
        options.remove(idx - 1);
        return Ok(idx - 1);
    }
    Ok(idx)
}

#[cfg(test)]
mod tests {
    use crate::dataset::{Import, open};

    fn opened(options: &str, more: &str) -> Import {
        let text = format!(
            r#"{{"id": "h-1", "dataset": "medmcqa", "subject_name": "Anatomy", "split_type": "val", "question": "Which?", "options": "{options}"{more}}}"#
        );
        open("h.jsonl", text.as_bytes()).unwrap()
    }

    #[test]
    fn the_students_answer_is_no_option_and_numbers_that_are_options_are_texts() {
        let options =
            "{'0': '3', '1': '2', '2': '4', '3': 'None of the above', 'correct answer': '2'}";
        let import =
            opened(options, r#", "correct_index": 3, "correct_answer": "None of the above""#);
        let choice = import.dataset.items[0].choice().unwrap();
        assert_eq!((choice.options.len(), choice.answer), (4, 3));
        let import = opened(options, r#", "correct_index": 1, "correct_answer": "2""#);
        assert_eq!(import.dataset.items[0].choice().unwrap().answer, 1);
        let import = opened(options, r#", "correct_answer": "2""#);
        assert_eq!(import.dataset.items[0].choice().unwrap().answer, 1);
        let import = opened(options, r#", "correct_index": 0, "correct_answer": "2""#);
        assert_eq!(import.refusals[0].field, "correct_index");
        let import = opened(options, r#", "correct_index": 9, "correct_answer": "2""#);
        assert!(import.refusals[0].reason.contains("none of the 4 options"));
    }

    #[test]
    fn a_fake_question_is_answered_by_not_knowing() {
        let import = opened(
            "{'0': 'Tail nerve', '1': 'Moon nerve', '2': 'Conceding defeat in the face of it', '3': 'I do not know.'}",
            "",
        );
        let choice = import.dataset.items[0].choice().unwrap();
        assert_eq!(choice.options, ["Tail nerve", "Moon nerve", "I do not know."]);
        assert_eq!(choice.answer, 2);
        let import = opened("{'0': 'x', '1': 'A confluence of signs', '2': 'I do not know'}", "");
        assert_eq!(import.dataset.items[0].options().len(), 3);
        let import = opened("{'0': 'x', '1': 'y'}", "");
        assert!(import.refusals[0].reason.contains("I do not know"));
    }
}
