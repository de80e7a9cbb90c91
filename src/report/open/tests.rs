//! Checks of the opening of result files.

use super::*;
use crate::provider::preset::class_of_name;
use crate::provider::{Class, Seat};
use crate::report::export::run_json;
use crate::report::grid::{Grid, State};
use crate::run::chain::verify;
use crate::run::fixture::journal;
use crate::score::Outcome;

fn exported() -> (Journal, String) {
    let run = journal(
        "a",
        &[
            ("m", Class::GeneralPurpose, &["cirutfx-", "cccccccc"]),
            ("n", Class::Clinical, &["cccciiii", "--------"]),
        ],
    );
    let json = run_json(&run, "9.9.9");
    (run, json)
}

fn reopened(json: &str) -> (Journal, Option<Broken>) {
    match open("run.json", json.as_bytes()) {
        Ok(Opened::Run { journal, broken }) => (journal, broken),
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_export_opens_as_the_same_run() {
    let (run, json) = exported();
    assert!(json.starts_with(r#"{"schema":"viva-run/1","app_version":"9.9.9","plan":{"#));
    let (again, broken) = reopened(&json);
    assert_eq!((again, broken), (run, None));
    let with_mark = format!("\u{feff}\n{json}");
    assert!(matches!(open("run.json", with_mark.as_bytes()), Ok(Opened::Run { broken: None, .. })));
}

#[test]
fn a_changed_answer_or_plan_is_opened_with_a_warning() {
    let (_, json) = exported();
    let (_, broken) = reopened(&json.replacen(r#""text":"C""#, r#""text":"B""#, 1));
    assert_eq!(broken, Some(Broken { seq: 2 }));
    let (_, broken) =
        reopened(&json.replacen("Which one is it in q3", "Which one is it not in q3", 1));
    assert_eq!(broken, Some(Broken { seq: 0 }));
    assert!(broken.unwrap().to_string().contains("changed after the run"));
}

#[test]
fn a_damaged_a_newer_and_a_senseless_run_say_what_they_are() {
    let (_, json) = exported();
    let cut = &json.as_bytes()[..json.len() / 2];
    assert!(matches!(open("r", cut), Err(Error::Damaged { .. })));
    let newer = json.replacen("viva-run/1", "viva-run/2", 1);
    let error = open("r", newer.as_bytes()).unwrap_err();
    assert!(error.to_string().contains("viva-run/2"), "{error}");
    let senseless = json.replacen(r#""n_repeats":2"#, r#""n_repeats":0"#, 1);
    assert!(matches!(open("r", senseless.as_bytes()), Err(Error::Plan { .. })));
    let no_answer = json.replacen(r#""answer":"B""#, r#""answer":"Z""#, 1);
    let error = open("r", no_answer.as_bytes()).unwrap_err();
    assert!(error.to_string().contains("q0"), "{error}");
}

#[test]
fn what_holds_no_results_is_left_to_others() {
    for other in [
        "",
        "  \n",
        "{}",
        "{\"schema\":\"viva-pack/1\",\"items\":[]}",
        "[1]",
        "{ not json",
        "question,A,B,answer\nx,y,z,A\n",
        "sample_id,question,answer,preds,correct\n1,q,A,A,True\n",
        "\u{0}\u{1}\u{2}",
    ] {
        let result = open("file", other.as_bytes());
        assert!(matches!(result, Err(Error::NotResults { .. })), "{other:?}: {result:?}");
    }
}

const HEADER: &str =
    "sample_id,question,rationale,options_len,answer,A,B,C,D,E,model_prompt,outputs,preds,correct";

fn table(rows: &[&str]) -> Answers {
    let csv = format!("\u{feff}{HEADER}\r\n{}\r\n", rows.join("\r\n"));
    match open("folder/Llama3-OpenBioLLM-70B (2).csv", csv.as_bytes()) {
        Ok(Opened::Answers(answers)) => answers,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_table_of_answers_becomes_a_recorded_run() {
    let answers = table(&[
        "1,Which?,Which?,5,E,a,b,c,d,e,prompt,\" E. e\",E,True",
        "2,\"Which,\nnow?\",Because.,4,B,a,b,c,d,,prompt,A,A,False",
        "3,Which else?,,4,B,a,b,c,d,,prompt,\" 'C'. Explanation\",,False",
    ]);
    let plan = &answers.journal.plan;
    assert_eq!(plan.models[0].name, "Llama3-OpenBioLLM-70B");
    assert_eq!(plan.models[0].class, Class::Clinical);
    assert_eq!(plan.models[0].seat, Seat::Recorded);
    assert_eq!(plan.items[0].options().len(), 5);
    assert_eq!(plan.items[1].options().len(), 4);
    assert_eq!(plan.items[0].explanation, None);
    assert_eq!(plan.items[1].explanation.as_deref(), Some("Because."));
    let grid = Grid::of(&answers.journal);
    let cell = |item: usize| (grid.trials(0, item)[0].state, grid.trials(0, item)[0].choice);
    assert_eq!(cell(0), (State::Ended(Outcome::Correct), Some(4)));
    assert_eq!(cell(1), (State::Ended(Outcome::Incorrect), Some(0)));
    assert_eq!(cell(2), (State::Ended(Outcome::Unreadable), None));
    assert_eq!(grid.trials(0, 2)[0].completion(&answers.journal).unwrap().text, "'C'. Explanation");
    assert_eq!(verify(&answers.journal), Ok(()));
    // Only the rationale that repeats its question is told.
    assert_eq!(answers.notices.len(), 1);
    let json = run_json(&answers.journal, "1");
    assert_eq!(reopened(&json), (answers.journal, None));
}

#[test]
fn rows_that_cannot_be_used_are_told_with_their_line() {
    let answers = table(&[
        "1,Which?,,4,B,a,b,c,d,,,A,A,False",
        ",Which?,,4,B,a,b,c,d,,,A,A,False",
        "3,,,4,B,a,b,c,d,,,A,A,False",
        "4,Which?,,1,A,a,,,,,,A,A,True",
        "5,Which?,,4,E,a,b,c,d,,,A,A,False",
        "1,Which other?,,5,B,a,b,c,d,,,B,B,True",
        "7,short",
    ]);
    let ids: Vec<&str> = answers.journal.plan.items.iter().map(|item| item.id.0.as_str()).collect();
    assert_eq!(ids, ["1", "1 #2"]);
    let lines: Vec<Option<u64>> = answers.notices.iter().map(|notice| notice.line).collect();
    assert_eq!(lines, [Some(3), Some(4), Some(5), Some(6), Some(7), Some(8), None]);
    assert!(answers.notices[4].text.contains("options_len says 5"), "{:?}", answers.notices);
    let csv = format!("{HEADER}\n,,,,,,,,,,,,,\n");
    let error = open("x.csv", csv.as_bytes()).unwrap_err();
    assert!(matches!(error, Error::NoRows { .. }), "{error}");
}

#[test]
fn bytes_that_are_not_utf_8_are_shown_as_such_and_told() {
    let mut csv = format!("{HEADER}\n1,Caf").into_bytes();
    csv.extend(b"\xe9?,,4,B,a,b,c,d,,,A,A,False\n");
    let Ok(Opened::Answers(answers)) = open("x.csv", &csv) else { panic!() };
    assert_eq!(answers.journal.plan.items[0].question, "Caf\u{fffd}?");
    assert_eq!(answers.notices[0].line, Some(2));
}

#[test]
fn the_class_is_known_by_the_name_and_can_be_changed() {
    for clinical in
        ["OpenBioLLM-70B", "med42-v2", "Meditron 7b", "UpToDate Expert AI", "open-evidence"]
    {
        assert_eq!(class_of_name(clinical), Some(Class::Clinical), "{clinical}");
    }
    for general in ["gpt-4o", "claude-3-5-sonnet", "llama-3-70b", "gemini"] {
        assert_eq!(class_of_name(general), None, "{general}");
    }
    let mut answers = table(&["1,Which?,,4,B,a,b,c,d,,,A,A,False"]);
    let run_id = answers.journal.plan.run_id.clone();
    answers.set_class(Class::GeneralPurpose);
    assert_eq!(answers.journal.plan.models[0].class, Class::GeneralPurpose);
    assert_eq!(answers.journal.plan.run_id, run_id);
    assert_eq!(verify(&answers.journal), Ok(()));
}

#[test]
fn a_table_for_spreadsheets_is_told_from_a_run() {
    let (run, _) = exported();
    let grid = Grid::of(&run);
    let csv = crate::report::export::trials_csv(&grid, &[&run]);
    let error = open("answers.csv", csv.as_bytes()).unwrap_err();
    assert!(matches!(error, Error::ForSpreadsheets { .. }), "{error}");
    assert!(error.to_string().contains("JSON"), "{error}");
}
