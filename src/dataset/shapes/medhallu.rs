//! Owns the shape of `MedHallu`: a right answer and a made-up one, put side by side.

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::texts_of;
use crate::dataset::record::DifficultyRecord;
use crate::dataset::row::Row;
use crate::dataset::{Choice, Invalid, Item, ItemId, Kind, convert};

/// Reads a row as a choice between its two answers. Which comes first is drawn by the text of the question, so that it is
/// the same whatever place the set was loaded from.
pub(super) fn read(row: &mut Row, id: String) -> Result<Item, Invalid> {
    let mut take = |name: &str| {
        row.take_text(&[name]).ok_or_else(|| Invalid::new(&name.replace('_', " "), "is empty"))
    };
    let question = take("question")?;
    let right = take("ground_truth")?;
    let wrong = take("hallucinated_answer")?;
    let answer = usize::from(Sha256::digest(&question)[0] % 2);
    let options = if answer == 0 { vec![right, wrong] } else { vec![wrong, right] };
    let item = Item {
        id: ItemId(id),
        turns: vec![],
        question: format!("{question}\n\nWhich of the two answers is right?"),
        context: context_of(row),
        kind: Kind::Choice(Choice { options, answer }),
        category: row.take_text(&["category_of_hallucination"]).unwrap_or_default(),
        plain_question: None,
        explanation: None,
        difficulty: row
            .take_parsed(&["difficulty_level"])
            .map(|record: DifficultyRecord| record.into()),
        source: None,
        tags: vec![],
    };
    convert::check(&item)?;
    Ok(item)
}

/// The passages, which stand as a list, as a dictionary of them, or as one text.
fn context_of(row: &mut Row) -> Vec<String> {
    if let Some((name, value)) = row.take(&["knowledge"]) {
        let value = match value {
            Value::Object(mut map) => map.remove("contexts").unwrap_or(Value::Null),
            other => other,
        };
        row.push(name, value);
    }
    texts_of(row, "knowledge").into_iter().filter(|text| !text.trim().is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use crate::dataset::{Difficulty, open};

    #[test]
    fn the_order_of_the_two_answers_hangs_on_the_question_alone() {
        let row = |question: &str| {
            let text = format!(
                r#"{{"Question": "{question}", "Knowledge": ["One.", "Two."], "Ground Truth": "true", "Difficulty Level": "hard", "Hallucinated Answer": "made up", "Category of Hallucination": "Incomplete Information"}}"#
            );
            open("m.jsonl", text.as_bytes()).unwrap().dataset.items.remove(0)
        };
        let item = row("Does it help?");
        assert_eq!(item.choice().unwrap(), row("Does it help?").choice().unwrap());
        assert_eq!(item.context, ["One.", "Two."]);
        assert_eq!(item.difficulty, Some(Difficulty::Hard));
        let answers: Vec<usize> =
            (0..64).map(|n| row(&format!("Q{n}?")).choice().unwrap().answer).collect();
        let n_first = answers.iter().filter(|answer| **answer == 0).count();
        assert!((16..=48).contains(&n_first), "{n_first}");
        for n in 0..64 {
            let choice = row(&format!("Q{n}?")).choice().unwrap().clone();
            assert_eq!(choice.options[choice.answer], "true");
        }
    }
}
