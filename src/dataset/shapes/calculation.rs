//! Owns the shape of MedCalc-Bench: a patient note, a calculator, and the number or date that it gives.

use crate::dataset::row::Row;
use crate::dataset::{Invalid, Item, ItemId, Kind, NumberAnswer, ShortText, convert};

/// MedCalc-Bench: a number within the bounds that the set gives (5 % for decimals, exact for whole numbers), or a date or
/// a pair of weeks and days, which are compared as texts.
pub(super) fn read(row: &mut Row, id: String) -> Result<Item, Invalid> {
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
