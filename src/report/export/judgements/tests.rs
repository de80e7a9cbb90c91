//! Checks of the exported judgements.

use super::*;
use crate::report::judgements::tests::run;
use crate::run::fixture::{push, trial};
use crate::run::{Body, Overruling};

#[test]
fn every_judgement_is_a_row_and_a_line() {
    let mut run = run();
    let ruling = Ruling::Criterion { criterion: 1, met: Some(true) };
    let made = Overruling::new(&run.plan, trial(0, 0, 0), ruling, "=1+1", "Ada").unwrap();
    push(&mut run, Body::Overruled(made));
    let books = [Gradebook::of(&run)];
    let csv = judgements_csv(&[&run], &books);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(csv.as_bytes());
    let rows: Vec<Vec<String>> =
        reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
    assert_eq!(rows[0], JUDGEMENTS);
    assert_eq!(rows.len(), 7);
    // Nothing that a spreadsheet would run.
    assert_eq!(
        rows[1][..14],
        [
            "r", "q0", "'=m", "1", "1", "Worth 10", "10", "j", "1", "met", "It does.", "", "1",
            "4000"
        ]
    );
    assert_eq!(rows[2][9..13], ["not_met", "'@not", "", "2"]);
    assert_eq!(rows[2][14..17], ["met", "Ada", "'=1+1"]);
    assert_eq!(rows[3][9..12], ["", "", "The judge’s reply holds no verdict."]);
    assert_eq!(rows[5][4..10], ["", "", "", "j", "1", "partly"]);
    assert!(super::super::is_table(csv.as_bytes()));

    let jsonl = judgements_jsonl(&[&run], &books);
    let lines: Vec<serde_json::Value> =
        jsonl.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 6);
    assert_eq!(lines[1]["verdict"], "not_met");
    assert_eq!(lines[1]["overruled_why"], "=1+1");
    assert_eq!((lines[2].get("verdict"), &lines[2]["tries"]), (None, &serde_json::json!(1)));
    assert_eq!(lines[4].get("criterion"), None);
}

#[test]
fn the_leaderboard_has_every_rule_by_its_name() {
    use crate::report::gradebook::By;
    use crate::report::open_leaderboard;
    use crate::score::PanelRule;
    let run = run();
    let book = Gradebook::of(&run);
    let panel = By::Panel(PanelRule::Majority);
    let board = open_leaderboard(&run.plan, &book, panel, Rule::HealthBench);
    let csv = open_leaderboard_csv([("panel", board.as_slice())]);
    let lines: Vec<&str> = csv.lines().collect();
    assert!(lines[0].contains("healthbench_score,healthbench_low") && lines[0].contains("pooled"));
    assert!(lines[1].starts_with("'=m,panel,1,1,4,2,2,2,0,6,"), "{}", lines[1]);
    assert_eq!(lines[0].split(',').count(), lines[1].split(',').count());
}
