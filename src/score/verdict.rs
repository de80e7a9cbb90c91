//! Owns reading a judge's reply. What cannot be read is missing, and never "not met".
//!
//! A reply is read where it holds JSON objects with a verdict, in fences or with text around them, with the slips that
//! models make (line breaks in strings, commas too many, Python's `True`). Objects that contradict each other are no
//! verdict. Prose is not guessed at: at most the field `criteria_met: true` is read where no object can be.

mod json;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::choice::visible;
use crate::provider::wire::AnswerSchema;
use crate::provider::{Completion, Finish};

/// What a judge found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// The criterion is met, be it worth plus or minus.
    Met,
    /// The criterion is not met.
    NotMet,
    /// As the reference answer says.
    Correct,
    /// Part of what the reference answer says.
    Partly,
    /// Not what the reference answer says.
    Wrong,
}

impl Grade {
    /// Whether a criterion is met; `None` for grades of another kind.
    pub fn met(self) -> Option<bool> {
        match self {
            Self::Met => Some(true),
            Self::NotMet => Some(false),
            Self::Correct | Self::Partly | Self::Wrong => None,
        }
    }

    /// Whether it grades against a reference answer.
    pub fn is_of_reference(self) -> bool {
        self.met().is_none()
    }
}

/// A grade with its reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The grade.
    pub grade: Grade,
    /// In the judge's words; may be empty.
    pub explanation: String,
}

/// What a judge was asked for in one call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sought {
    /// Whether one criterion is met.
    Criterion,
    /// Whether each of so many criteria is met.
    Criteria(usize),
    /// How an answer stands beside the reference answer.
    Reference,
}

impl Sought {
    /// How many grades are sought.
    pub fn n(self) -> usize {
        match self {
            Self::Criterion | Self::Reference => 1,
            Self::Criteria(n) => n,
        }
    }

    /// The form that a reply must have, for APIs that can be told so.
    pub fn schema(self) -> AnswerSchema {
        let explanation = json!({"type": "string"});
        let (name, properties) = match self {
            Self::Criterion => (
                "verdict",
                json!({"explanation": explanation, "criteria_met": {"type": "boolean"}}),
            ),
            Self::Criteria(_) => {
                let one = object(&json!({
                    "criterion": {"type": "integer"},
                    "explanation": explanation,
                    "criteria_met": {"type": "boolean"},
                }));
                ("verdicts", json!({"verdicts": {"type": "array", "items": one}}))
            }
            Self::Reference => {
                let grades = json!({"type": "string", "enum": ["correct", "partly", "wrong"]});
                ("grade", json!({"explanation": explanation, "grade": grades}))
            }
        };
        AnswerSchema { name: name.to_owned(), schema: object(&properties) }
    }
}

/// A schema of an object with these fields, all of them and no others.
fn object(properties: &Value) -> Value {
    let names: Vec<&String> =
        properties.as_object().into_iter().flatten().map(|(n, _)| n).collect();
    json!({
        "type": "object",
        "properties": properties,
        "required": names,
        "additionalProperties": false,
    })
}

/// Why no verdict can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoVerdict {
    /// The judge or its provider declined.
    #[error("The judge declined.")]
    Declined,
    /// The reply broke off before a verdict.
    #[error("The judge’s reply was cut off.")]
    CutOff,
    /// Nothing that is a verdict.
    #[error("The judge’s reply holds no verdict.")]
    Nothing,
    /// Verdicts on some of the criteria and not on all, with tries left.
    #[error("The judge’s reply leaves out criteria.")]
    Incomplete,
    /// Verdicts that contradict each other.
    #[error("The judge’s reply contradicts itself.")]
    Contradictory,
}

/// Reads a reply: as many verdicts as were sought, `None` for each that is missing; or why there is none at all.
pub fn read(sought: Sought, completion: &Completion) -> Result<Vec<Option<Verdict>>, NoVerdict> {
    if matches!(completion.finish, Finish::Refusal | Finish::Filtered) {
        return Err(NoVerdict::Declined);
    }
    let text: String = visible(&completion.text)
        .into_iter()
        .filter_map(|part| completion.text.get(part))
        .collect();
    let found = found_in(&text, sought);
    let verdicts = match (sought, found.as_slice()) {
        (_, []) => vec![],
        (Sought::Criterion | Sought::Reference, [first, rest @ ..]) => {
            if rest.iter().any(|other| other.verdict.grade != first.verdict.grade) {
                return Err(NoVerdict::Contradictory);
            }
            vec![found.into_iter().next_back().map(|found| found.verdict)]
        }
        (Sought::Criteria(n), _) => assigned(found, n),
    };
    if verdicts.iter().any(Option::is_some) {
        return Ok(verdicts);
    }
    Err(match completion.finish {
        Finish::Length => NoVerdict::CutOff,
        _ => NoVerdict::Nothing,
    })
}

/// A verdict as it stands in a reply.
struct Found {
    verdict: Verdict,
    /// The criterion that it names, counted from one.
    number: Option<usize>,
}

fn found_in(text: &str, sought: Sought) -> Vec<Found> {
    let mut found = vec![];
    for value in json::values(text) {
        collect(&value, sought, 0, &mut found);
    }
    if found.is_empty() && sought == Sought::Criterion {
        found.extend(json::bare_fields(text, MET).into_iter().filter_map(|word| {
            let grade = grade_of_bool(&Value::from(word))?;
            Some(Found { verdict: Verdict { grade, explanation: String::new() }, number: None })
        }));
    }
    found
}

const MET: &[&str] = &["criteria_met", "criterion_met", "criteriaMet", "is_met", "met"];
const GRADE: &[&str] = &["grade", "verdict", "result", "rating"];
const EXPLANATION: &[&str] = &["explanation", "reason", "reasoning", "rationale", "justification"];
const NUMBER: &[&str] = &["criterion", "number", "id", "index", "criterion_number", "criterion_id"];
/// Objects may stand in objects, such as `{"result": {...}}`.
const MAX_DEPTH: usize = 4;

fn collect(value: &Value, sought: Sought, depth: usize, found: &mut Vec<Found>) {
    if MAX_DEPTH < depth {
        return;
    }
    match value {
        Value::Array(values) => {
            for value in values {
                collect(value, sought, depth + 1, found);
            }
        }
        Value::Object(fields) => {
            let field = |names: &[&str]| names.iter().find_map(|name| fields.get(*name));
            let grade = match sought {
                Sought::Criterion | Sought::Criteria(_) => field(MET).and_then(grade_of_bool),
                Sought::Reference => field(GRADE).and_then(grade_of_word),
            };
            let Some(grade) = grade else {
                for value in fields.values() {
                    collect(value, sought, depth + 1, found);
                }
                return;
            };
            let explanation = field(EXPLANATION).and_then(Value::as_str).unwrap_or_default();
            let explanation = explanation.trim().to_owned();
            let number = field(NUMBER).and_then(number_of);
            found.push(Found { verdict: Verdict { grade, explanation }, number });
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn grade_of_bool(value: &Value) -> Option<Grade> {
    let is_met = match value {
        Value::Bool(is_met) => *is_met,
        Value::Number(number) if number.as_u64() == Some(1) => true,
        Value::Number(number) if number.as_u64() == Some(0) => false,
        Value::String(word) => match folded(word).as_str() {
            "true" | "yes" | "met" => true,
            "false" | "no" | "not met" | "unmet" => false,
            _ => return None,
        },
        Value::Number(_) | Value::Null | Value::Array(_) | Value::Object(_) => return None,
    };
    Some(if is_met { Grade::Met } else { Grade::NotMet })
}

fn grade_of_word(value: &Value) -> Option<Grade> {
    match folded(value.as_str()?).as_str() {
        "correct" => Some(Grade::Correct),
        "partly" | "partly correct" | "partial" | "partially correct" => Some(Grade::Partly),
        "wrong" | "incorrect" => Some(Grade::Wrong),
        _ => None,
    }
}

fn folded(word: &str) -> String {
    let word = word.trim().trim_matches(['"', '\'', '*', '.', '`']);
    word.to_lowercase().replace(['_', '-'], " ")
}

/// `2`, `"2"` and `"Criterion 2"`.
fn number_of(value: &Value) -> Option<usize> {
    match value {
        Value::Number(number) => usize::try_from(number.as_u64()?).ok(),
        Value::String(text) => text.split_whitespace().next_back()?.trim_matches('.').parse().ok(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Each verdict at its criterion: by the numbers, or in order where none has a number and none is missing. What is judged
/// twice, and differently, is missing.
fn assigned(found: Vec<Found>, n: usize) -> Vec<Option<Verdict>> {
    if found.iter().all(|found| found.number.is_none()) {
        return if found.len() == n {
            found.into_iter().map(|found| Some(found.verdict)).collect()
        } else {
            vec![]
        };
    }
    let mut verdicts: Vec<Option<Verdict>> = vec![None; n];
    let mut is_contested = vec![false; n];
    for Found { verdict, number } in found {
        let Some(idx) = number.and_then(|number| number.checked_sub(1)) else { continue };
        let Some(slot) = verdicts.get_mut(idx) else { continue };
        if slot.as_ref().is_some_and(|other| other.grade != verdict.grade) {
            is_contested[idx] = true;
        }
        *slot = Some(verdict);
    }
    for (verdict, _) in verdicts.iter_mut().zip(is_contested).filter(|(_, contested)| *contested) {
        *verdict = None;
    }
    verdicts
}

#[cfg(test)]
mod tests;
