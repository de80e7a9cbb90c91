//! Owns the shape of AfriMed-QA: options under `option1` to `option5`, of which one or several are right.

use serde_json::Value;

use super::unquoted;
use crate::dataset::options::text_of;
use crate::dataset::row::{Row, trimmed};
use crate::dataset::spans::kind_of;
use crate::dataset::{Choice, Choices, Invalid, Item, ItemId, Kind, convert};

/// What the set writes where there is no further option.
const NO_OPTION: [&str; 5] = ["", "n/a", "na", "none", "null"];

/// Reads a row. Short-answer and consumer questions have no options and are refused.
pub(super) fn read(row: &mut Row, id: String) -> Result<Item, Invalid> {
    let question = row
        .take_text(&["question_clean", "question"])
        .ok_or_else(|| Invalid::new("question", "is empty"))?;
    row.take(&["question"]);
    let what = row.take_text(&["question_type"]).unwrap_or_default();
    let options = options_of(row, &what)?;
    let names = row
        .take_text(&["correct_answer"])
        .ok_or_else(|| Invalid::new("correct_answer", "is empty"))?;
    let mut answers = Vec::new();
    for name in names.split(',').map(str::trim).filter(|name| !name.is_empty()) {
        let idx = options.iter().position(|(key, text)| {
            key.eq_ignore_ascii_case(name) || text.eq_ignore_ascii_case(name)
        });
        let idx = idx.ok_or_else(|| {
            let reason = format!("{name:?} names none of the {} options", options.len());
            Invalid::new("correct_answer", reason)
        })?;
        answers.push(idx);
    }
    answers.sort_unstable();
    answers.dedup();
    let options = options.into_iter().map(|(_, text)| text).collect();
    let kind = match answers.as_slice() {
        [answer] => Kind::Choice(Choice { options, answer: *answer }),
        _ => Kind::Choices(Choices { options, answers }),
    };
    let labels = ["tier", "country"].map(|name| row.take_text(&[name]));
    let item = Item {
        id: ItemId(id),
        turns: vec![],
        question,
        context: vec![],
        kind,
        category: row.take_text(&["specialty"]).unwrap_or_default().replace('_', " "),
        plain_question: None,
        explanation: row.take_text(&["answer_rationale"]),
        difficulty: None,
        source: None,
        tags: labels.into_iter().flatten().collect(),
    };
    convert::check(&item)?;
    Ok(item)
}

/// Names and texts of the options, in the order of their numbers.
fn options_of(row: &mut Row, what: &str) -> Result<Vec<(String, String)>, Invalid> {
    let Some((name, value)) = row.take(&["answer_options"]) else {
        let reason =
            format!("is empty: a question of the type {what:?} has nothing to choose from");
        return Err(Invalid::new("answer_options", reason));
    };
    let map = match unquoted(&name, value)? {
        Value::Object(map) => map,
        other => {
            return Err(Invalid::new(&name, format!("is {}, not options", kind_of(&other))));
        }
    };
    let mut options: Vec<(String, String)> = map
        .into_iter()
        .filter_map(|(key, value)| Some((key, trimmed(text_of(&value)?))))
        .filter(|(_, text)| !NO_OPTION.contains(&text.to_lowercase().as_str()))
        .collect();
    options.sort_by(|(a, _), (b, _)| (a.len(), a).cmp(&(b.len(), b)));
    Ok(options)
}

#[cfg(test)]
mod tests {
    use crate::dataset::{Import, Kind, open};

    fn opened(answer: &str, more: &str) -> Import {
        let text = format!(
            r#"{{"sample_id": "s-1", "question_type": "mcq", "tier": "expert", "specialty": "Infectious_Disease", "country": "GHA", "question": "raw", "question_clean": "Which?", "answer_options": "{{\"option1\": \"a\", \"option2\": \"b\", \"option3\": \"c\", \"option4\": \"d\", \"option5\": \"N/A\"}}", "correct_answer": "{answer}"{more}}}"#
        );
        open("a.jsonl", text.as_bytes()).unwrap()
    }

    #[test]
    fn one_right_option_makes_a_choice_and_several_make_choices() {
        let import = opened("option2", "");
        let item = &import.dataset.items[0];
        assert_eq!((item.id.0.as_str(), item.question.as_str()), ("s-1", "Which?"));
        assert_eq!(item.choice().unwrap().answer, 1);
        assert_eq!(item.options().len(), 4);
        assert_eq!(item.category, "Infectious Disease");
        let import = opened("option3,option1", "");
        let Kind::Choices(choices) = &import.dataset.items[0].kind else { panic!() };
        assert_eq!(choices.answers, [0, 2]);
    }

    #[test]
    fn what_cannot_be_asked_is_refused_with_its_reason() {
        let told = |import: Import| import.refusals[0].reason.clone();
        assert!(told(opened("option5", "")).contains("names none of the 4 options"));
        assert_eq!(told(opened("", "")), "is empty");
        let text = r#"{"sample_id": "s", "question_type": "saq", "tier": "expert", "question": "Why?", "answer_options": "", "correct_answer": "x"}"#;
        let import = open("a.jsonl", text.as_bytes()).unwrap();
        assert!(told(import).contains("\"saq\" has nothing to choose from"));
    }
}
