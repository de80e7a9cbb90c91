//! Owns the shape of HealthBench and its professional part: conversations that are graded by criteria.

use serde_json::Value;

use super::conversation::turns_of;
use super::{RUBRIC, texts_of};
use crate::dataset::options::text_of;
use crate::dataset::row::Row;
use crate::dataset::spans::kind_of;
use crate::dataset::{
    Criterion, Invalid, Item, ItemId, Kind, Rubric, Speaker, Turn, convert, literal,
};

/// HealthBench: `prompt`, `rubrics`, `example_tags`; its professional part: `conversation`, `rubric_items`, `use_case`.
pub(super) fn read(row: &mut Row, id: String) -> Result<Item, Invalid> {
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
