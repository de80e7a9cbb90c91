//! Owns the check of rubric scores against a second implementation: a thousand random rubrics under each rule, by exact
//! fractions (see `data/rubric_reference.py`).

// A test may panic.
#![allow(clippy::unwrap_used)]

mod reference;

use reference::same;
use serde_json::Value;
use viva::dataset::Criterion;
use viva::score::rubric::{Points, Rule, aggregate, points, points_by_tag};

fn criteria(answer: &Value) -> Vec<Criterion> {
    let criterion = |value: &Value| Criterion {
        text: "c".into(),
        points: i32::try_from(value["points"].as_i64().unwrap()).unwrap(),
        tags: value["tags"]
            .as_array()
            .unwrap()
            .iter()
            .map(|tag| tag.as_str().unwrap().into())
            .collect(),
    };
    answer["criteria"].as_array().unwrap().iter().map(criterion).collect()
}

fn met(answer: &Value) -> Vec<Option<bool>> {
    answer["met"].as_array().unwrap().iter().map(Value::as_bool).collect()
}

#[test]
fn a_thousand_rubrics_score_as_a_second_implementation_says() {
    let reference: Value =
        serde_json::from_str(include_str!("data/rubric_reference.json")).unwrap();
    let answers = reference["answers"].as_array().unwrap();
    assert_eq!(answers.len(), 1_000);
    let mut earned: Vec<Points> = vec![];
    for answer in answers {
        let (criteria, met) = (criteria(answer), met(answer));
        let all = points(&criteria, &met, |_| true);
        same(all.score(), &answer["score"]);
        let by_tag = points_by_tag(&criteria, &met);
        let expected = answer["by_tag"].as_object().unwrap();
        assert!(by_tag.keys().eq(expected.keys()));
        for (tag, points) in by_tag {
            same(points.score(), &expected[&tag]);
        }
        earned.push(all);
    }
    let n = usize::try_from(reference["n_in_a_model"].as_u64().unwrap()).unwrap();
    for (answers, model) in earned.chunks(n).zip(reference["models"].as_array().unwrap()) {
        same(aggregate(Rule::HealthBench, answers), &model["healthbench"]);
        same(aggregate(Rule::Pooled, answers), &model["pooled"]);
        same(aggregate(Rule::ClippedEach, answers), &model["clipped_each"]);
    }
}
