//! Checks of the reader of judges' replies.

use super::*;

fn reply(text: &str) -> Completion {
    Completion { text: text.to_owned(), ..Completion::default() }
}

fn met(text: &str) -> Result<Option<bool>, NoVerdict> {
    read(Sought::Criterion, &reply(text))
        .map(|verdicts| verdicts[0].as_ref().and_then(|verdict| verdict.grade.met()))
}

#[test]
fn a_verdict_is_read_in_the_forms_that_judges_write() {
    for text in [
        r#"{"explanation": "It does.", "criteria_met": true}"#,
        "```json\n{\"explanation\": \"It does.\", \"criteria_met\": true}\n```",
        "Here it is:\n```\n{\"criteria_met\": true, \"explanation\": \"ok\"}\n```\nI hope this helps.",
        r#"{"explanation": "a", "criteria_met": "true"}"#,
        r#"{"explanation": "a", "criteria_met": "Yes"}"#,
        r#"{"explanation": "a", "criteria_met": 1}"#,
        r#"{"result": {"criteria_met": true}}"#,
        r#"[{"criteria_met": true}]"#,
        "{\"explanation\": \"two\nlines\", \"criteria_met\": true,}",
        r#"{"explanation": "a {brace} and [bracket]", "criteria_met": True}"#,
        r#"{"criterion_met": true}"#,
        "<think>{\"criteria_met\": false}</think>{\"criteria_met\": true}",
        "{\"criteria_met\": true}\n{\"criteria_met\": true}",
        "**criteria_met**: true",
        r#"{"explanation": "says "never" twice", "criteria_met": true}"#,
        r#"{"explanation": "she wrote \"criteria_met\": false", "criteria_met": true}"#,
    ] {
        assert_eq!(met(text), Ok(Some(true)), "{text}");
        let negative = text.replace("true", "false").replace("True", "False");
        let negative = negative.replace("Yes", "no").replace("met\": 1", "met\": 0");
        let negative = negative.replace("<think>{\"criteria_met\": false}", "<think>");
        assert_eq!(met(&negative), Ok(Some(false)), "{negative}");
    }
}

#[test]
fn what_is_no_verdict_is_missing_and_never_not_met() {
    for (text, why) in [
        ("", NoVerdict::Nothing),
        ("The criterion is met.", NoVerdict::Nothing),
        ("true", NoVerdict::Nothing),
        ("{}", NoVerdict::Nothing),
        (r#"{"criteria_met": null}"#, NoVerdict::Nothing),
        (r#"{"criteria_met": "partly"}"#, NoVerdict::Nothing),
        (r#"{"criteria_met": 0.5}"#, NoVerdict::Nothing),
        (r#"{"explanation": "The answer"#, NoVerdict::Nothing),
        (r#"{"criteria_met": true} {"criteria_met": false}"#, NoVerdict::Contradictory),
        ("criteria_met: true\ncriteria_met: false", NoVerdict::Contradictory),
    ] {
        assert_eq!(met(text), Err(why), "{text}");
    }
    let declined = Completion { finish: Finish::Refusal, ..reply(r#"{"criteria_met": true}"#) };
    assert_eq!(read(Sought::Criterion, &declined), Err(NoVerdict::Declined));
    let cut = Completion { finish: Finish::Length, ..reply(r#"{"explanation": "The answer"#) };
    assert_eq!(read(Sought::Criterion, &cut), Err(NoVerdict::CutOff));
}

#[test]
fn many_openings_are_survived() {
    for text in ["{".repeat(200_000), "[".repeat(200_000), "{\"a\":".repeat(50_000)] {
        assert_eq!(met(&text), Err(NoVerdict::Nothing));
    }
}

#[test]
fn the_reason_comes_with_the_grade() {
    let verdicts = read(
        Sought::Reference,
        &reply("```json\n{\"explanation\": \" No dose. \", \"grade\": \"Partly\"}\n```"),
    )
    .unwrap();
    let expected = Verdict { grade: Grade::Partly, explanation: "No dose.".into() };
    assert_eq!(verdicts, [Some(expected)]);
    for (word, grade) in [
        ("correct", Grade::Correct),
        ("incorrect", Grade::Wrong),
        ("partially_correct", Grade::Partly),
        ("WRONG", Grade::Wrong),
    ] {
        let read = read(Sought::Reference, &reply(&format!(r#"{{"grade": "{word}"}}"#))).unwrap();
        assert_eq!(read[0].as_ref().unwrap().grade, grade);
    }
    let other = read(Sought::Reference, &reply(r#"{"grade": "not incorrect"}"#));
    assert_eq!(other, Err(NoVerdict::Nothing));
}

#[test]
fn verdicts_on_all_criteria_go_by_their_numbers() {
    let grades = |n: usize, text: &str| {
        read(Sought::Criteria(n), &reply(text)).map(|verdicts| {
            verdicts
                .into_iter()
                .map(|verdict| verdict.and_then(|verdict| verdict.grade.met()))
                .collect::<Vec<_>>()
        })
    };
    let (t, f) = (Some(true), Some(false));
    let whole = r#"{"verdicts": [{"criterion": 2, "criteria_met": false}, {"criterion": "1", "criteria_met": true}]}"#;
    assert_eq!(grades(2, whole), Ok(vec![t, f]));
    assert_eq!(grades(3, whole), Ok(vec![t, f, None]));
    assert_eq!(grades(1, whole), Ok(vec![t]));
    let in_order = r#"[{"criteria_met": true}, {"criteria_met": false}]"#;
    assert_eq!(grades(2, in_order), Ok(vec![t, f]));
    assert_eq!(grades(3, in_order), Err(NoVerdict::Nothing));
    let twice = r#"[{"criterion": 1, "met": true}, {"criterion": 1, "met": false}, {"criterion": 2, "met": true}]"#;
    assert_eq!(grades(2, twice), Ok(vec![None, t]));
    let beyond = r#"[{"criterion": 0, "met": true}, {"criterion": 9, "met": true}]"#;
    assert_eq!(grades(2, beyond), Err(NoVerdict::Nothing));
}

#[test]
fn schemas_name_every_field_and_no_other() {
    for sought in [Sought::Criterion, Sought::Criteria(3), Sought::Reference] {
        let AnswerSchema { name, schema } = sought.schema();
        assert!(name.chars().all(|c| c.is_ascii_lowercase()));
        assert_eq!(schema["additionalProperties"], false);
        let n = schema["properties"].as_object().unwrap().len();
        assert_eq!(schema["required"].as_array().unwrap().len(), n);
    }
}
