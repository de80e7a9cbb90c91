//! Owns the shape of MedCalc-Bench: a patient note, a calculator, and the number or date that it gives.

use crate::dataset::row::Row;
use crate::dataset::{Invalid, Item, ItemId, Kind, NumberAnswer, ShortText, convert};

/// MedCalc-Bench: a number within the bounds that the set gives (5 % for decimals), a whole number that the answer rounds to,
/// or a date or a pair of weeks and days, which are compared as texts. The official program evaluates what a model writes;
/// here it is only read.
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
    let is_whole = row.take_text(&["output_type"]).is_some_and(|kind| kind.trim() == "integer");
    let kind = match answer.parse::<f64>() {
        Ok(value) if is_whole && value.fract() == 0.0 => Kind::Number(rounding_to(value)),
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

/// What rounds to a whole number as Python does it, which the official program uses: halves go to the even neighbour.
fn rounding_to(value: f64) -> NumberAnswer {
    let is_even = value % 2.0 == 0.0;
    // Clear of what the comparison allows for decimal fractions in binary.
    let reach = if is_even { 0.5 } else { 0.499_999 };
    NumberAnswer { value, low: value - reach, high: value + reach, unit: String::new() }
}
