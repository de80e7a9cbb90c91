//! Owns the test that saved runs are as their published schema says.

use serde_json::{Value, json};

use super::*;
use crate::provider::{Class, MicroDollars, Seat};
use crate::run::fixture::journal;
use crate::run::{AttemptResult, Body, Reused};

const PUBLISHED: &str = include_str!("../../../../datasets/run-schema.json");

/// What is wrong with a value by the words of JSON Schema that the schema uses.
fn faults(value: &Value, schema: &Value, root: &Value, place: &str) -> Vec<String> {
    if let Some(name) = schema["$ref"].as_str() {
        let name = name.trim_start_matches("#/$defs/");
        return faults(value, &root["$defs"][name], root, place);
    }
    let mut found = vec![];
    if let Some(constant) = schema.get("const").filter(|constant| *constant != value) {
        found.push(format!("{place} is not {constant}"));
    }
    if let Some(allowed) = schema["enum"].as_array().filter(|allowed| !allowed.contains(value)) {
        found.push(format!("{place} is none of {allowed:?}"));
    }
    if let Some(ways) = schema["oneOf"].as_array() {
        let n = ways.iter().filter(|way| faults(value, way, root, place).is_empty()).count();
        if n != 1 {
            found.push(format!("{place} fits {n} of its forms: {value}"));
        }
    }
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_u64() || number.is_i64() => "integer",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let is_kind = match &schema["type"] {
        Value::String(wanted) => wanted == kind,
        Value::Array(wanted) => wanted.contains(&json!(kind)),
        _ => true,
    };
    if !is_kind {
        found.push(format!("{place} is {kind}"));
    }
    if let (Some(least), Some(number)) = (schema["minimum"].as_i64(), value.as_i64())
        && number < least
    {
        found.push(format!("{place} is below {least}"));
    }
    for (idx, one) in value.as_array().into_iter().flatten().enumerate() {
        found.extend(faults(one, &schema["items"], root, &format!("{place}/{idx}")));
    }
    let Some(fields) = value.as_object() else { return found };
    for name in schema["required"].as_array().into_iter().flatten() {
        let name = name.as_str().unwrap();
        if !fields.contains_key(name) {
            found.push(format!("{place} has no {name}"));
        }
    }
    for (name, one) in fields {
        match schema["properties"].get(name) {
            Some(own) => found.extend(faults(one, own, root, &format!("{place}/{name}"))),
            None if schema["additionalProperties"] == json!(false) => {
                found.push(format!("{place} has {name}, which the schema does not know"));
            }
            None => {}
        }
    }
    found
}

fn faults_of(run: &Journal) -> Vec<String> {
    let schema: Value = serde_json::from_str(PUBLISHED).unwrap();
    let file: Value = serde_json::from_str(&run_json(run, "1")).unwrap();
    faults(&file, &schema, &schema, "")
}

#[test]
fn a_saved_run_is_as_the_published_schema_says() {
    let mut run = journal(
        "a",
        &[("m", Class::Clinical, &["cirutfx-p"]), ("n", Class::Person, &["ccccccccc"])],
    );
    run.plan.models[1].seat = Seat::Person;
    run.plan.budget = Some(MicroDollars(5));
    run.plan.prompting.system = Some("Be brief.".to_owned());
    let template = run.entries[0].clone();
    let failure = crate::run::fixture::failure();
    let mut push = |body: Body| {
        let seq = run.entries.len() as u64 + 1;
        run.entries.push(Entry { seq, body, ..template.clone() });
    };
    push(Body::Paused);
    push(Body::Resumed);
    push(Body::Cancelled);
    push(Body::Adapted {
        model: 0,
        setting: crate::provider::Setting::Temperature,
        message: "no".to_owned(),
    });
    push(Body::BudgetSet { budget: None });
    push(Body::BatchEnded { model: 0, remote_id: "b".to_owned(), failure: Some("x".to_owned()) });
    if let Body::Attempt(attempt) = &template.body {
        push(Body::Retried { trials: vec![attempt.trial] });
        push(Body::BatchSent { model: 0, remote_id: "b".to_owned(), trials: vec![attempt.trial] });
        let mut again = attempt.clone();
        again.reused = Some(Reused { run_id: "b".to_owned(), at_millis: 1 });
        again.cost = Some(MicroDollars(1));
        push(Body::Attempt(again.clone()));
        again.result = AttemptResult::WillRetry { failure };
        push(Body::Attempt(again));
    }
    assert_eq!(faults_of(&run), Vec::<String>::new());
}

#[test]
fn the_schema_refuses_what_is_no_saved_run() {
    let schema: Value = serde_json::from_str(PUBLISHED).unwrap();
    let run = journal("a", &[("m", Class::Clinical, &["c"])]);
    let file: Value = serde_json::from_str(&run_json(&run, "1")).unwrap();
    let changed = |change: fn(&mut Value)| {
        let mut file = file.clone();
        change(&mut file);
        faults(&file, &schema, &schema, "").len()
    };
    assert_eq!(changed(|_| {}), 0);
    assert_eq!(changed(|file| file["schema"] = json!("viva-run/2")), 1);
    assert_eq!(changed(|file| file["entries"][0]["body"] = json!({"attempt": 1})), 1);
    assert_eq!(changed(|file| file["plan"]["models"][0]["key"] = json!("sk-1")), 1);
    assert_eq!(changed(|file| file["plan"]["n_repeats"] = json!(0)), 1);
}
