//! Owns the shapes of published sets whose rows say in their own way what is asked and what is right: which shape a row has.

mod afrimed;
mod calculation;
mod conversation;
mod ddxplus;
mod medhallu;
mod medhalt;
mod medication;
mod rubric;

use serde_json::Value;

pub(super) use conversation::{Conversation, conversation};
pub(super) use ddxplus::Evidences;

use super::options::text_of;
use super::row::Row;
use super::{Invalid, Item, literal};

/// Names of the field that holds turns.
pub(super) const CONVERSATION: &[&str] =
    &["prompt", "conversation", "messages", "conversations", "dialogue", "dialog", "turns"];
/// Names of the field that holds criteria.
pub(super) const RUBRIC: &[&str] = &["rubrics", "rubric_items", "rubric"];

/// What the vignettes of CRAFT-MD are followed by in the authors' own experiments, in the words of this project.
const DIAGNOSIS: &str = "What is the most likely diagnosis?";

/// The item of a row that has one of these shapes; `None` for all other rows. `n` is the row's number, counted from 1.
pub(super) fn read(
    row: &mut Row,
    id: Option<&str>,
    n: usize,
    evidences: Option<&Evidences>,
) -> Option<Result<Item, Invalid>> {
    let id = || id.map_or_else(|| format!("row-{n}"), str::to_owned);
    if row.has("binary_labels") && row.has("completion") {
        let reason =
            "is an answer that physicians graded (HealthBench's meta-evaluation), not a question";
        return Some(Err(Invalid::new("completion", reason)));
    }
    if row.has_any(RUBRIC) && (row.has_any(CONVERSATION) || row.has_question()) {
        return Some(rubric::read(row, id()));
    }
    if row.has("calculator_name") && row.has("ground_truth_answer") {
        return Some(calculation::read(row, id()));
    }
    if row.has("hallucinated_answer") && row.has("ground_truth") {
        return Some(medhallu::read(row, id()));
    }
    if row.has("split_type") && row.has("options") {
        return Some(medhalt::read(row, id()));
    }
    if row.has("answer_options") && row.has("tier") && row.has("correct_answer") {
        return Some(afrimed::read(row, id()));
    }
    if row.has("focus_(drug)") && row.has("answer") {
        return Some(medication::read(row, id()));
    }
    if row.has("pathology") && row.has("evidences") {
        return Some(ddxplus::read(row, id(), evidences));
    }
    with_its_question(row);
    None
}

/// CRAFT-MD: the vignette tells a case and asks nothing. Its `dataset` column tells it from other files with vignettes.
fn with_its_question(row: &mut Row) {
    if !row.has("case_vignette") || !row.has("dataset") || row.has("question") {
        return;
    }
    if let Some(vignette) = row.take_text(&["case_vignette"]) {
        row.push("question".to_owned(), Value::String(format!("{vignette}\n\n{DIAGNOSIS}")));
        if let Some(origin) = row.take_text(&["dataset"]) {
            row.push("tags".to_owned(), Value::Array(vec![Value::String(origin)]));
        }
    }
}

/// The list or dictionary of a cell, which some files hold as Python or JSON text.
fn unquoted(name: &str, value: Value) -> Result<Value, Invalid> {
    match value {
        Value::String(text) => literal::read(&text)
            .map_err(|reason| Invalid::new(name, format!("cannot be read: {reason}"))),
        other => Ok(other),
    }
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
    fn a_calculation_of_a_whole_number_is_what_rounds_to_it() {
        let counts = |right: &str, value: f64| {
            let item = only(&format!(
                r#"{{"Row Number": "1", "Calculator Name": "CHA2DS2-VASc", "Category": "risk", "Output Type": "integer", "Patient Note": "A note.", "Question": "What is it?", "Ground Truth Answer": "{right}", "Lower Limit": "{right}", "Upper Limit": "{right}"}}"#
            ));
            let Kind::Number(number) = item.kind else { panic!() };
            number.low <= value && value <= number.high
        };
        // As Python rounds: 2.5 to 2, 3.5 to 4.
        for (right, value, is_right) in [
            ("3", 3.0, true),
            ("3", 3.4, true),
            ("3", 2.6, true),
            ("3", 3.5, false),
            ("3", 2.5, false),
            ("2", 2.5, true),
            ("4", 3.5, true),
            ("0", 0.5, true),
            ("3", 4.0, false),
            ("-1", -1.4, true),
        ] {
            assert_eq!(counts(right, value), is_right, "{value} for {right}");
        }
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
