//! Owns the shapes of published sets whose questions are not multiple choice: HealthBench, its professional part, and
//! MedCalc-Bench.

use serde_json::Value;

use super::options::text_of;
use super::row::Row;
use super::spans::kind_of;
use super::{
    Criterion, Invalid, Item, ItemId, Kind, NumberAnswer, Rubric, ShortText, Speaker, Turn,
    convert, literal,
};

/// Names of the field that holds turns.
pub(super) const CONVERSATION: &[&str] =
    &["prompt", "conversation", "messages", "conversations", "dialogue", "dialog", "turns"];
/// Names of the field that holds criteria.
pub(super) const RUBRIC: &[&str] = &["rubrics", "rubric_items", "rubric"];

/// The item of a row that has one of these shapes; `None` for all other rows. `n` is the row's number, counted from 1.
pub(super) fn read(row: &mut Row, id: Option<&str>, n: usize) -> Option<Result<Item, Invalid>> {
    let id = id.map_or_else(|| format!("row-{n}"), str::to_owned);
    if row.has_any(RUBRIC) && (row.has_any(CONVERSATION) || row.has_question()) {
        return Some(rubric_item(row, id));
    }
    if row.has("calculator_name") && row.has("ground_truth_answer") {
        return Some(calculation(row, id));
    }
    None
}

/// HealthBench: `prompt`, `rubrics`, `example_tags`; its professional part: `conversation`, `rubric_items`, `use_case`.
fn rubric_item(row: &mut Row, id: String) -> Result<Item, Invalid> {
    let (mut turns, name) = match row.take_text(&["question"]) {
        Some(text) => (vec![Turn { speaker: Speaker::User, text }], "question".to_owned()),
        None => turns_of(row)?,
    };
    let Some(Turn { speaker: Speaker::User, text: question }) = turns.pop() else {
        return Err(Invalid::new(&name, "does not end with a turn of the user"));
    };
    let criteria = criteria_of(row)?;
    let tags: Vec<String> = texts_of(row, "example_tags");
    let theme = tags.iter().find_map(|tag| tag.strip_prefix("theme:")).map(str::to_owned);
    let category = theme.or_else(|| row.take_text(&["use_case", "category", "specialty"]));
    let difficulty = row.take_text(&["difficulty"]).map(|word| format!("difficulty:{word}"));
    let item = Item {
        id: ItemId(id),
        turns,
        question,
        context: vec![],
        kind: Kind::Rubric(Rubric { criteria }),
        category: category.unwrap_or_default().replace('_', " "),
        plain_question: None,
        explanation: ideal_answer(row),
        difficulty: None,
        source: None,
        tags: tags.into_iter().chain(difficulty).collect(),
    };
    // The canary string marks the file against training; it is no part of the question.
    row.take(&["canary"]);
    convert::check(&item)?;
    Ok(item)
}

/// What a physician would have answered, where the set has it.
fn ideal_answer(row: &mut Row) -> Option<String> {
    if let Some(text) = row.take_text(&["physician_response", "ideal_completion"]) {
        return Some(text);
    }
    match row.take(&["ideal_completions_data"]) {
        Some((_, Value::Object(mut data))) => {
            data.remove("ideal_completion").as_ref().and_then(text_of)
        }
        _ => None,
    }
}

fn turns_of(row: &mut Row) -> Result<(Vec<Turn>, String), Invalid> {
    let (name, value) = row.take(CONVERSATION).ok_or_else(|| Invalid::new("prompt", "is empty"))?;
    let turns = turns_in(&name, value)?;
    Ok((turns, name))
}

/// A conversation that ends with what is asked.
#[derive(Debug, Default)]
pub(super) struct Conversation {
    /// Empty for a row without a conversation; else the last turn asks.
    pub(super) turns: Vec<Turn>,
    /// What the assistant answers to it in the file, which is what others are held against.
    pub(super) reply: Option<String>,
}

/// Takes the conversation of a row that has no question of its own.
pub(super) fn conversation(row: &mut Row) -> Result<Conversation, Invalid> {
    let is_conversation = |name: &&&str| row.is_turns(name);
    let Some(name) = CONVERSATION.iter().find(is_conversation).filter(|_| !row.has("question"))
    else {
        return Ok(Conversation::default());
    };
    let Some((name, value)) = row.take(&[*name]) else { return Ok(Conversation::default()) };
    let mut turns = turns_in(&name, value)?;
    let mut reply = None;
    if turns.last().is_some_and(|turn| turn.speaker == Speaker::Assistant) {
        reply = turns.pop().map(|turn| turn.text);
    }
    match turns.last() {
        Some(Turn { speaker: Speaker::User, .. }) => Ok(Conversation { turns, reply }),
        _ => Err(Invalid::new(
            &name,
            "does not end with a turn of the user, or with one answer to it",
        )),
    }
}

fn turns_in(name: &str, value: Value) -> Result<Vec<Turn>, Invalid> {
    let value = match value {
        // One mirror of the set keeps lists as Python wrote them.
        Value::String(text) if text.trim_start().starts_with('[') => literal::read(&text)
            .map_err(|reason| Invalid::new(name, format!("cannot be read: {reason}")))?,
        Value::String(text) => return Ok(vec![Turn { speaker: Speaker::User, text }]),
        Value::Object(mut map) => map.remove("messages").unwrap_or(Value::Null),
        other => other,
    };
    let Value::Array(values) = value else {
        return Err(Invalid::new(name, format!("is {}, not a list of turns", kind_of(&value))));
    };
    let turns = values.iter().enumerate().map(|(idx, turn)| {
        let number = idx + 1;
        let text = ["content", "value", "text"].iter().find_map(|name| turn.get(name));
        let text = text.and_then(text_of);
        let text = text.ok_or_else(|| Invalid::new(name, format!("turn {number} has no text")))?;
        let role = ["role", "from", "speaker"].iter().find_map(|name| turn.get(name));
        let speaker = match role.and_then(Value::as_str) {
            Some("user" | "human" | "patient") => Speaker::User,
            Some("assistant" | "model" | "gpt" | "doctor") => Speaker::Assistant,
            Some("system" | "developer") => Speaker::System,
            other => {
                let role = other.unwrap_or("nobody");
                return Err(Invalid::new(name, format!("turn {number} is spoken by {role:?}")));
            }
        };
        Ok(Turn { speaker, text })
    });
    turns.collect()
}

fn criteria_of(row: &mut Row) -> Result<Vec<Criterion>, Invalid> {
    let (name, value) = row.take(RUBRIC).ok_or_else(|| Invalid::new("rubrics", "is empty"))?;
    let value = match value {
        Value::String(text) => literal::read(&text)
            .map_err(|reason| Invalid::new(&name, format!("cannot be read: {reason}")))?,
        other => other,
    };
    let Value::Array(values) = value else {
        return Err(Invalid::new(&name, format!("is {}, not a list", kind_of(&value))));
    };
    let criteria = values.iter().enumerate().map(|(idx, criterion)| {
        let number = idx + 1;
        let text = ["criterion", "criterion_text"].iter().find_map(|name| criterion.get(name));
        let text = text.and_then(text_of);
        let text =
            text.ok_or_else(|| Invalid::new(&name, format!("criterion {number} has no text")))?;
        let points = criterion.get("points").and_then(points_of).ok_or_else(|| {
            Invalid::new(&name, format!("criterion {number} has no whole number of points"))
        })?;
        let tags = criterion.get("tags").and_then(Value::as_array).into_iter().flatten();
        Ok(Criterion { text, points, tags: tags.filter_map(text_of).collect() })
    });
    criteria.collect()
}

/// Whole numbers; some files write them as `5.0`.
fn points_of(value: &Value) -> Option<i32> {
    let points = value.as_f64().or_else(|| value.as_str()?.trim().parse().ok())?;
    #[allow(clippy::cast_possible_truncation)] // checked to be whole and small
    (points.fract() == 0.0 && points.abs() < 1e6).then_some(points as i32)
}

fn texts_of(row: &mut Row, name: &str) -> Vec<String> {
    match row.take(&[name]) {
        Some((_, Value::Array(values))) => values.iter().filter_map(text_of).collect(),
        Some((_, Value::String(text))) if text.trim_start().starts_with('[') => {
            match literal::read(&text) {
                Ok(Value::Array(values)) => values.iter().filter_map(text_of).collect(),
                _ => vec![text],
            }
        }
        Some((_, other)) => text_of(&other).into_iter().collect(),
        None => vec![],
    }
}

/// MedCalc-Bench: a number within the bounds that the set gives (5 % for decimals, exact for whole numbers), or a date or
/// a pair of weeks and days, which are compared as texts.
fn calculation(row: &mut Row, id: String) -> Result<Item, Invalid> {
    let question =
        row.take_text(&["question"]).ok_or_else(|| Invalid::new("Question", "is missing"))?;
    let note = row.take_text(&["patient_note"]);
    let answer = row
        .take_text(&["ground_truth_answer"])
        .ok_or_else(|| Invalid::new("Ground Truth Answer", "is missing"))?;
    let low = row.take_text(&["lower_limit"]);
    let high = row.take_text(&["upper_limit"]);
    let bound = |text: Option<String>, value: f64| {
        text.and_then(|text| text.parse::<f64>().ok()).unwrap_or(value)
    };
    let kind = match answer.parse::<f64>() {
        Ok(value) => Kind::Number(NumberAnswer {
            value,
            low: bound(low, value),
            high: bound(high, value),
            unit: String::new(),
        }),
        Err(_) => Kind::ShortText(ShortText { accepted: vec![answer] }),
    };
    let calculator = row.take_text(&["calculator_name"]);
    let item = Item {
        id: ItemId(id),
        turns: vec![],
        question,
        context: note.into_iter().collect(),
        kind,
        category: row.take_text(&["category"]).unwrap_or_default(),
        plain_question: None,
        explanation: row.take_text(&["ground_truth_explanation"]),
        difficulty: None,
        source: None,
        tags: calculator.into_iter().collect(),
    };
    convert::check(&item)?;
    Ok(item)
}

#[cfg(test)]
mod tests {
    use crate::dataset::{Import, Item, Kind, Speaker, open};

    fn only(text: &str) -> Item {
        let Import { dataset, refusals, .. } = open("file.jsonl", text.as_bytes()).unwrap();
        assert!(refusals.is_empty(), "{refusals:?}");
        dataset.items.into_iter().next().unwrap()
    }

    #[test]
    fn a_row_of_healthbench_is_a_conversation_with_a_rubric() {
        let item = only(
            r#"{"prompt_id": "p-1", "prompt": [{"role": "user", "content": "My chest hurts."}, {"role": "assistant", "content": "Since when?"}, {"role": "user", "content": "An hour."}], "rubrics": [{"criterion": "Says to call for help", "points": 10, "tags": ["level:example", "axis:accuracy"]}, {"criterion": "Plays it down", "points": -9, "tags": []}], "example_tags": ["theme:emergency_referrals"], "ideal_completions_data": null, "canary": "healthbench:x"}"#,
        );
        assert_eq!((item.id.0.as_str(), item.category.as_str()), ("p-1", "emergency referrals"));
        assert_eq!((item.turns.len(), item.turns[1].speaker), (2, Speaker::Assistant));
        assert_eq!(item.question, "An hour.");
        let Kind::Rubric(rubric) = &item.kind else { panic!("{item:?}") };
        assert_eq!(rubric.criteria.iter().map(|criterion| criterion.points).sum::<i32>(), 1);
    }

    #[test]
    fn the_professional_part_has_other_names() {
        let item = only(
            r#"{"id": "x", "conversation": {"messages": [{"role": "user", "content": "Q"}]}, "rubric_items": [{"criterion_text": "c", "points": 4.0}], "use_case": "consult", "physician_response": "A"}"#,
        );
        assert_eq!((item.category.as_str(), item.explanation.as_deref()), ("consult", Some("A")));
    }

    #[test]
    fn a_calculation_is_a_number_within_bounds_or_a_text() {
        let row = |answer: &str, low: &str, high: &str| {
            only(&format!(
                r#"{{"Row Number": "1", "Calculator Name": "Creatinine clearance", "Category": "lab", "Patient Note": "A note.", "Question": "What is it?", "Ground Truth Answer": "{answer}", "Lower Limit": "{low}", "Upper Limit": "{high}"}}"#
            ))
        };
        let Kind::Number(number) = row("25.2", "23.94", "26.46").kind else { panic!() };
        assert!((number.low - 23.94).abs() < 1e-12 && (number.high - 26.46).abs() < 1e-12);
        let Kind::ShortText(text) = row("02/15/2024", "02/15/2024", "02/15/2024").kind else {
            panic!()
        };
        assert_eq!(text.accepted, ["02/15/2024"]);
    }

    #[test]
    fn what_cannot_be_graded_is_refused_with_its_reason() {
        let told = |text: &str| {
            let import = open("file.jsonl", text.as_bytes()).unwrap();
            import.refusals.first().map(|refusal| format!("{}: {}", refusal.field, refusal.reason))
        };
        assert_eq!(
            told(r#"{"prompt": [{"role": "assistant", "content": "x"}], "rubrics": [{"criterion": "c", "points": 1}]}"#).unwrap(),
            "prompt: does not end with a turn of the user"
        );
        assert_eq!(
            told(
                r#"{"prompt": [{"role": "user", "content": "x"}], "rubrics": [{"criterion": "c"}]}"#
            )
            .unwrap(),
            "rubrics: criterion 1 has no whole number of points"
        );
        assert_eq!(
            told(r#"{"prompt": [{"role": "user"}], "rubrics": []}"#).unwrap(),
            "prompt: turn 1 has no text"
        );
    }
}
