//! Draws the figures of the real per-item results of four models and checks them against the known ones.

// A test may panic, and may read the clock.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, clippy::disallowed_methods)]

use std::path::PathBuf;
use std::time::Instant;

use viva::provider::Class;
use viva::report::figure::Value;
use viva::report::planning::{Needed, pair_plan};
use viva::report::ranking::ranking;
use viva::report::shared_errors::shared_errors;
use viva::report::thousand::thousand;
use viva::report::{
    Comparison, Document, Figure, Grid, Opened, Pair, Unanswered, chart, class_generalisation,
    leaderboard, open, pairs,
};
use viva::run::Journal;
use viva::stats::bootstrap::{Joint, Resampling};

const FILES: [&str; 4] = ["gpt-4o", "claude-3-5-sonnet", "llama-3-70b", "openbiollm-70b"];

fn journals() -> Option<Vec<Journal>> {
    let shared = std::env::var_os("VIVA_SHARED_DATA").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data"),
        PathBuf::from,
    );
    let folder = shared.join("medqa-per-item");
    if !folder.is_dir() {
        eprintln!("skipped: {} is not there", folder.display());
        return None;
    }
    let journal = |name: &&str| {
        let file_name = format!("{name}.csv");
        let bytes = std::fs::read(folder.join(&file_name)).unwrap();
        match open(&file_name, &bytes) {
            Ok(Opened::Answers(answers)) => answers.journal,
            other => panic!("{name}: {:?}", other.map(|_| "opened as something else")),
        }
    };
    Some(FILES.iter().map(journal).collect())
}

fn pair<'a>(grid: &Grid, pairs: &'a [Pair], first: &str, second: &str) -> &'a Pair {
    let is = |model: usize, name: &str| grid.models[model].name == name;
    pairs.iter().find(|pair| is(pair.first, first) && is(pair.second, second)).unwrap()
}

/// The cells of the first row that has these texts.
fn row<'a>(figure: &'a Figure, texts: &[&str]) -> &'a [Value] {
    let has = |row: &[Value], text: &str| row.contains(&Value::Text(text.to_owned()));
    let mut rows = figure.table.rows.iter();
    rows.find(|row| texts.iter().all(|text| has(row, text))).unwrap()
}

/// A part of a row, as people read it.
fn shown(row: &[Value], places: std::ops::Range<usize>) -> Vec<String> {
    row[places].iter().map(Value::shown).collect()
}

#[test]
fn claude_against_gpt_4o_is_drawn_with_the_known_numbers() {
    let Some(journals) = journals() else { return };
    let grid = Comparison::of(&journals.iter().collect::<Vec<_>>()).grid;
    let rule = Unanswered::CountedWrong;
    let pairs = pairs(&grid, rule);
    let first = pair(&grid, &pairs, "gpt-4o", "claude-3-5-sonnet");
    let forest = chart::forest(&grid, &pairs);
    let cells = row(&forest, &["gpt-4o", "claude-3-5-sonnet"]);
    let wald = ["+4.9", "+2.9 to +6.9"];
    assert_eq!([shown(cells, 3..4), shown(cells, 5..6)].concat(), wald);
    assert_eq!(shown(cells, 8..12), ["1,004", "118", "56", "95"]);
    // Of 1,000: 788.69, 92.69, 43.99 and 74.63; the three largest remainders are rounded up.
    let counts = thousand(&grid, first, rule);
    let of_thousand = (counts.both, counts.first_only, counts.second_only, counts.neither);
    assert_eq!(of_thousand, (789, 93, 44, 74));
    assert_eq!(counts.more_right.round().to_string(), "49");
    let icons = chart::icon_array(&grid, first, &counts);
    assert!(icons.caption.starts_with(
        "Of 1,000 questions like these, gpt-4o would get about 49 more right than claude-3-5-sonnet (95 % range: 29 to 69)."
    ));
    let plan = pair_plan(&grid, first, rule).unwrap();
    assert_eq!(format!("{:.1}", plan.detectable * 100.0), "2.9");
    let Needed::Questions(needed) = plan.needed else { panic!("{:?}", plan.needed) };
    assert!((440..460).contains(&needed), "{needed}");
    let overlap = shared_errors(&grid, rule).overlaps[first.first][first.second];
    assert_eq!((overlap.n_both_wrong, overlap.n_agree), (95, 1_099));
}

#[test]
fn the_clinical_model_is_behind_each_of_the_others_and_last_under_both_rules() {
    let Some(journals) = journals() else { return };
    let grid = Comparison::of(&journals.iter().collect::<Vec<_>>()).grid;
    for (rule, n_items, right) in
        [(Unanswered::CountedWrong, 1_273, "66.6 %"), (Unanswered::SetAside, 1_152, "73.6 %")]
    {
        let (standings, pairs) = (leaderboard(&grid, rule), pairs(&grid, rule));
        let forest = chart::forest(&grid, &pairs);
        for general in &FILES[..3] {
            let found = pair(&grid, &pairs, general, "openbiollm-70b");
            let interval = found.careful_interval().unwrap();
            assert!(interval.low > 0.0 && found.n_items == n_items, "{general} {interval:?}");
            let cells = row(&forest, &[general, "openbiollm-70b"]);
            assert_eq!(shown(cells, 2..3), [viva::report::wording::count(n_items)]);
        }
        let ranked = ranking(&grid, &standings, &pairs, rule);
        let last = ranked.last().unwrap();
        assert_eq!(grid.models[last.model].name, "openbiollm-70b");
        assert_eq!((last.range.best, last.range.worst), (4, 4));
        let board = chart::board(&standings, rule);
        assert_eq!(shown(row(&board, &["openbiollm-70b"]), 2..3), [right]);
        // One clinical model says nothing of other clinical models.
        let classes = [Class::GeneralPurpose, Class::Clinical];
        assert!(class_generalisation(&grid, classes, rule).is_none());
    }
    let outcomes = chart::outcomes(&leaderboard(&grid, Unanswered::CountedWrong));
    assert_eq!(shown(row(&outcomes, &["openbiollm-70b"]), 6..7), ["121"]);
}

#[test]
fn the_report_of_four_files_is_one_file_with_every_figure() {
    let Some(journals) = journals() else { return };
    let borrowed: Vec<&Journal> = journals.iter().collect();
    let grid = Comparison::of(&borrowed).grid;
    let start = Instant::now();
    let rule = Unanswered::CountedWrong;
    let document = Document::of(&grid, &borrowed, rule, "Four models on MedQA");
    let html = document.html("");
    eprintln!("{} bytes in {:?}", html.len(), start.elapsed());
    let ids: Vec<&str> = document.figures.iter().map(|figure| figure.id.as_str()).collect();
    let known = [
        "leaderboard",
        "outcomes",
        "thousand",
        "differences",
        "ranks",
        "resampled",
        "shared-errors",
        "planning",
    ];
    assert_eq!(ids, known);
    assert!(html.contains("Claude") || html.contains("claude-3-5-sonnet"));
    assert!(!html.contains("<script"));
    if let Some(folder) = std::env::var_os("VIVA_REPORT_FOLDER") {
        let css =
            std::env::var("VIVA_REPORT_CSS").map(|path| std::fs::read_to_string(path).unwrap());
        let css = css.unwrap_or_default();
        std::fs::write(PathBuf::from(folder).join("report.html"), document.html(&css)).unwrap();
    }
}

/// 190 pairs over 1,273 items, as large as the largest comparison that is measured.
#[test]
fn all_pairs_of_twenty_models_share_one_set_of_draws() {
    let scores: Vec<Vec<f64>> = (0..20_usize)
        .map(|model| (0..1_273).map(|n| f64::from(u8::from((n * (model + 3)) % 7 > 1))).collect())
        .collect();
    let start = Instant::now();
    let how = Resampling { n_resamples: 500, seed: 1, confidence: 0.95 };
    let joint = Joint::of(&scores, how).unwrap();
    let drawn = start.elapsed();
    let n_pairs =
        (0..20).flat_map(|a| (a + 1..20).map(move |b| (a, b))).map(|(a, b)| joint.difference(a, b));
    assert_eq!(n_pairs.filter(|found| found.percentile.low <= found.estimate).count(), 190);
    eprintln!("{} samples drawn in {drawn:?}, 190 pairs in {:?}", how.n_resamples, start.elapsed());
}
