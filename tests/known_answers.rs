//! Opens the real per-item results of four models together and checks the figures against the known ones.

// A test may panic, and may read the clock.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, clippy::disallowed_methods)]

use std::path::PathBuf;
use std::sync::OnceLock;
use std::time::Instant;

use viva::provider::Class;
use viva::report::gallery::Basis;
use viva::report::items::{self, Filter, SearchIndex};
use viva::report::open::Error;
use viva::report::pairs::Detail;
use viva::report::{
    Comparison, Opened, Standing, State, Unanswered, Verdict, class_comparison, conclusion,
    leaderboard, open, pairs,
};
use viva::run::Journal;
use viva::score::Outcome;
use viva::stats::paired::Fourfold;

const FILES: [&str; 4] = ["gpt-4o", "claude-3-5-sonnet", "llama-3-70b", "openbiollm-70b"];

fn folder() -> Option<PathBuf> {
    let shared = std::env::var_os("VIVA_SHARED_DATA").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data"),
        PathBuf::from,
    );
    let folder = shared.join("medqa-per-item");
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: {} is not there", folder.display());
    None
}

fn files() -> Option<Vec<(String, Vec<u8>)>> {
    let folder = folder()?;
    let read = |name: &&str| {
        let file_name = format!("{name}.csv");
        let bytes = std::fs::read(folder.join(&file_name)).unwrap();
        (file_name, bytes)
    };
    Some(FILES.iter().map(read).collect())
}

fn journals(files: &[(String, Vec<u8>)]) -> Vec<Journal> {
    let journal = |(name, bytes): &(String, Vec<u8>)| match open(name, bytes) {
        Ok(Opened::Answers(answers)) => answers.journal,
        other => panic!("{name}: {:?}", other.map(|_| "opened as something else")),
    };
    files.iter().map(journal).collect()
}

/// Opened once for all tests.
fn opened() -> Option<&'static (Vec<Journal>, Comparison)> {
    static OPENED: OnceLock<Option<(Vec<Journal>, Comparison)>> = OnceLock::new();
    let open = || {
        let journals = journals(&files()?);
        let comparison = Comparison::of(&journals.iter().collect::<Vec<_>>());
        Some((journals, comparison))
    };
    OPENED.get_or_init(open).as_ref()
}

/// As printed, to the digits printed.
#[track_caller]
fn printed(ours: f64, theirs: &str) {
    let digits = theirs.split('.').nth(1).map_or(0, str::len);
    assert_eq!(format!("{ours:.digits$}"), theirs);
}

#[track_caller]
fn of<'a>(standings: &'a [Standing], name: &str) -> &'a Standing {
    standings.iter().find(|standing| standing.name == name).expect(name)
}

#[test]
fn the_four_files_have_the_known_accuracies_and_classes() {
    let Some((_, comparison)) = opened() else { return };
    assert_eq!((comparison.n_shared, comparison.grid.items.len()), (1273, 1273));
    assert!(comparison.conflicts.is_empty());
    let standings = leaderboard(&comparison.grid, Unanswered::CountedWrong);
    let order: Vec<&str> = standings.iter().map(|standing| standing.name.as_str()).collect();
    assert_eq!(order, FILES);
    for (name, accuracy) in FILES.iter().zip(["0.8814", "0.8327", "0.7808", "0.6661"]) {
        let standing = of(&standings, name);
        printed(standing.counted_wrong.unwrap().value, accuracy);
        assert_eq!(standing.counted_wrong.unwrap().n, 1273);
        let is_clinical = *name == "openbiollm-70b";
        assert_eq!(standing.class == Class::Clinical, is_clinical);
        assert_eq!(standing.class == Class::GeneralPurpose, !is_clinical);
    }
    let medical = of(&standings, "openbiollm-70b");
    assert_eq!(medical.tally.unreadable, 121);
    assert_eq!(medical.tally.unanswered(), 121);
    printed(medical.set_aside.unwrap().value, "0.736");
    assert_eq!(medical.set_aside.unwrap().n, 1152);
}

#[test]
fn the_first_pair_has_the_known_table_p_and_interval() {
    let Some((_, comparison)) = opened() else { return };
    let grid = &comparison.grid;
    let all = pairs(grid, Unanswered::CountedWrong);
    assert_eq!(all.len(), 6);
    let pair = &all[0];
    assert_eq!(grid.models[pair.first].name, "gpt-4o");
    assert_eq!(grid.models[pair.second].name, "claude-3-5-sonnet");
    let Detail::Once { table, wald, newcombe } = pair.detail else { panic!("repeated") };
    let known = Fourfold { both: 1004, first_only: 118, second_only: 56, neither: 95 };
    assert_eq!(table, known);
    assert_eq!(format!("{:.6e}", pair.p), "2.987373e-6");
    printed(pair.difference, "0.0487038");
    printed(wald.low, "0.02857");
    printed(wald.high, "0.06884");
    assert!((newcombe.low - wald.low).abs() < 0.001 && (newcombe.high - wald.high).abs() < 0.001);
    assert_eq!(pair.verdict, Verdict::FirstAhead);
    assert!(pair.p_holm >= pair.p);
}

#[test]
fn the_medical_model_is_behind_each_of_the_others_under_both_rules() {
    let Some((_, comparison)) = opened() else { return };
    let grid = &comparison.grid;
    for rule in Unanswered::ALL {
        let behind: Vec<(String, Verdict, usize)> = pairs(grid, rule)
            .iter()
            .filter(|pair| grid.models[pair.second].class == Class::Clinical)
            .map(|pair| (grid.models[pair.first].name.clone(), pair.verdict, pair.n_items))
            .collect();
        let n_items = if rule == Unanswered::SetAside { 1152 } else { 1273 };
        let known: Vec<_> =
            FILES[..3].iter().map(|n| ((*n).to_owned(), Verdict::FirstAhead, n_items)).collect();
        assert_eq!(behind, known, "{rule:?}");
        let classes = [Class::GeneralPurpose, Class::Clinical];
        let classes = class_comparison(grid, classes, rule).unwrap();
        assert_eq!(classes.verdict, Verdict::FirstAhead);
        assert_eq!(classes.n_items, n_items);
        eprintln!(
            "{rule:?}: general-purpose ahead by {:.4} {:?}",
            classes.difference, classes.interval
        );
        for sentence in conclusion(grid, &Basis::of(grid, rule)) {
            eprintln!("  {}", sentence.text);
        }
    }
}

#[test]
fn what_is_odd_in_the_files_is_noticed_and_nothing_is_dropped() {
    let Some(files) = files() else { return };
    for (name, bytes) in &files {
        let Ok(Opened::Answers(answers)) = open(name, bytes) else { panic!("{name}") };
        assert_eq!(answers.journal.entries.len(), 1273);
        let at_lines = answers.notices.iter().filter(|notice| notice.line.is_some()).count();
        // Two answers of GPT-4o name an option E that the question does not have.
        assert_eq!(at_lines, if name == "gpt-4o.csv" { 2 } else { 0 }, "{:?}", answers.notices);
        assert!(viva::run::chain::verify(&answers.journal).is_ok());
    }
}

#[test]
fn files_of_questions_and_other_programs_logs_are_not_taken_for_results() {
    let Some(folder) = folder() else { return };
    for neighbour in ["../benchmarks", "../interop"] {
        let Ok(entries) = std::fs::read_dir(folder.join(neighbour)) else {
            eprintln!("skipped: {neighbour} is not there");
            continue;
        };
        for path in entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_file()) {
            let name = path.display().to_string();
            let result = open(&name, &std::fs::read(&path).unwrap());
            assert!(matches!(result, Err(Error::NotResults { .. })), "{name}");
        }
    }
}

#[test]
fn filters_give_as_many_items_as_the_figures_say() {
    let Some((journals, comparison)) = opened() else { return };
    let grid = &comparison.grid;
    let rule = Unanswered::CountedWrong;
    let n = |filter| items::filtered(grid, filter, None, rule).len();
    assert_eq!(n(Filter::RightWrong { right: 0, wrong: 1 }), 118);
    assert_eq!(n(Filter::RightWrong { right: 1, wrong: 0 }), 56);
    let state = State::Ended(Outcome::Unreadable);
    assert_eq!(n(Filter::InState { model: 3, state }), 121);
    assert_eq!(n(Filter::All), 1273);
    let index = SearchIndex::of(grid, &journals.iter().collect::<Vec<_>>());
    let found = index.find("CISPLATIN bladder");
    assert!(!found.is_empty() && found.len() < 100, "{}", found.len());
}

#[test]
fn four_files_become_figures_well_within_a_second() {
    let Some(files) = files() else { return };
    let start = Instant::now();
    let journals = journals(&files);
    let opened = start.elapsed();
    let borrowed: Vec<&Journal> = journals.iter().collect();
    let comparison = Comparison::of(&borrowed);
    let joined = start.elapsed();
    let n_pairs: usize =
        Unanswered::ALL.iter().map(|rule| pairs(&comparison.grid, *rule).len()).sum();
    let figures = start.elapsed();
    let index = SearchIndex::of(&comparison.grid, &borrowed);
    let indexed = start.elapsed();
    let n_found = index.find("pneumonia").len();
    let n_bytes: usize = files.iter().map(|(_, bytes)| bytes.len()).sum();
    eprintln!(
        "{n_bytes} bytes: opened {opened:?}, joined {joined:?}, {n_pairs} pairs {figures:?}, search index {indexed:?}, {n_found} found {:?}",
        start.elapsed()
    );
}
