//! Checks of the stored form of a plan.

use super::*;
use crate::dataset::{Difficulty, Source};
use crate::provider::{CallSettings, Class, Seat};
use crate::run::fixture::journal;

fn plan() -> Plan {
    let mut plan = journal("a", &[("m", Class::Clinical, &["cc"])]).plan;
    let item = &mut plan.items[0];
    item.difficulty = Some(Difficulty::Hard);
    item.context = vec!["An abstract.".to_owned()];
    item.plain_question = Some("Plainly?".to_owned());
    item.tags = vec!["dosing".to_owned()];
    item.source = Some(Source {
        title: "Guideline".to_owned(),
        organization: "Society".to_owned(),
        year: 2024,
        locator: "section 3".to_owned(),
        url: None,
    });
    plan
}

#[test]
fn a_plan_comes_back_from_its_stored_form() {
    let plan = plan();
    let json = serde_json::to_string(&PlanRecord::from(&plan)).unwrap();
    let record: PlanRecord = serde_json::from_str(&json).unwrap();
    assert_eq!(serde_json::to_string(&record).unwrap(), json);
    assert_eq!(Plan::try_from(record), Ok(plan));
}

#[test]
fn what_is_not_set_is_left_out() {
    let mut plan = plan();
    for model in &mut plan.models {
        if let Seat::Api(endpoint) = &mut model.seat {
            endpoint.settings = CallSettings::default();
        }
    }
    let json = serde_json::to_string(&PlanRecord::from(&plan)).unwrap();
    assert!(
        [
            "settings",
            "withheld",
            "extra_header",
            "price",
            "pace",
            "budget",
            "template_text",
            "system",
            "shots",
            "variants"
        ]
        .iter()
        .all(|name| !json.contains(name)),
        "{json}"
    );
}

/// No type of a plan has a place for a key; should one get one, this list must be looked at again.
#[test]
fn a_stored_plan_has_no_field_for_a_key() {
    let json = serde_json::to_value(PlanRecord::from(&plan())).unwrap();
    let mut names = Vec::new();
    collect(&json, &mut names);
    names.sort_unstable();
    names.dedup();
    for name in &names {
        for secret in ["key", "token", "secret", "auth", "bearer", "password", "header"] {
            assert!(!name.contains(secret) || name == "max_output_tokens", "{name}");
        }
    }
    let seat = &json["models"][0]["seat"]["api"];
    let fields: Vec<&String> = seat.as_object().unwrap().keys().collect();
    assert_eq!(fields, ["base_url", "model", "protocol", "settings"]);
}

fn collect(value: &serde_json::Value, names: &mut Vec<String>) {
    match value {
        serde_json::Value::Object(fields) => {
            for (name, value) in fields {
                names.push(name.clone());
                collect(value, names);
            }
        }
        serde_json::Value::Array(values) => values.iter().for_each(|value| collect(value, names)),
        _ => {}
    }
}

#[test]
fn a_plan_that_makes_no_sense_is_refused() {
    let record = PlanRecord::from(&plan());
    let none = PlanRecord { n_repeats: 0, ..record.clone() };
    assert_eq!(Plan::try_from(none), Err(PlanError::NoRepeats));
    let uneven = PlanRecord { assigned: Vec::new(), ..record };
    assert_eq!(Plan::try_from(uneven), Err(PlanError::Assignment { n_models: 1, n_assigned: 0 }));
}

/// The hash of a plan is taken over these bytes: a run of an earlier version must come back to the same ones.
#[test]
fn a_plan_of_an_earlier_version_keeps_its_bytes() {
    let json = serde_json::to_string(&PlanRecord::from(&plan())).unwrap();
    for name in ["viva-letter/1", "viva-think/1", "", "recorded"] {
        let json = json.replace(r#""template":"plain""#, &format!(r#""template":"{name}""#));
        let plan = Plan::try_from(serde_json::from_str::<PlanRecord>(&json).unwrap()).unwrap();
        assert_eq!(plan.prompting.name(), name);
        assert_eq!(serde_json::to_string(&PlanRecord::from(&plan)).unwrap(), json);
    }
}

#[test]
fn a_way_of_asking_comes_back_with_all_its_parts() {
    let mut plan = plan();
    let own = OwnTemplate::parse("{question}\n{options}").unwrap();
    for template in ["viva-think/1-fr", "like-mmlu-pro/1", "own"] {
        plan.prompting = Prompting {
            system: Some("Be brief.".to_owned()),
            shots: plan.items[..1].to_vec(),
            shots_seed: Some(u64::MAX),
            ..Prompting::named(template, Some(own.clone()))
        };
        let json = serde_json::to_string(&PlanRecord::from(&plan)).unwrap();
        let record: PlanRecord = serde_json::from_str(&json).unwrap();
        assert_eq!(Plan::try_from(record), Ok(plan.clone()));
        assert!(json.contains(&format!(r#""template":"{template}""#)));
    }
    let json = serde_json::to_string(&PlanRecord::from(&plan)).unwrap();
    let json = json.replace("{question}", "{frage}");
    let record: PlanRecord = serde_json::from_str(&json).unwrap();
    assert!(matches!(Plan::try_from(record), Err(PlanError::Template { .. })));
}

#[test]
fn a_plan_that_no_page_could_hold_is_refused() {
    let plan = Plan { n_repeats: u16::MAX, ..plan() };
    let mut record = PlanRecord::from(&plan);
    record.items = vec![record.items[0].clone(); 400];
    let error = Plan::try_from(record).unwrap_err();
    assert!(error.to_string().contains("more than a page can hold"), "{error}");
}
