//! Checks of the pictures: hand-computed places, and what must hold for all of them.

use crate::dataset::Choice;
use crate::dataset::variant::Variant;
use crate::provider::{Class, MicroDollars};
use crate::report::calibrated::calibrated;
use crate::report::figure::{Figure, Form};
use crate::report::frontier::frontier;
use crate::report::gallery::Basis;
use crate::report::leaderboard::by_category;
use crate::report::shared_errors::shared_errors;
use crate::report::{Grid, Unanswered, chart, leaderboard};
use crate::run::fixture::{answered, attempt, item, journal, push, trial};
use crate::run::{Body, Journal};

const RULE: Unanswered = Unanswered::CountedWrong;

fn run() -> Journal {
    let mut run = journal(
        "a",
        &[
            ("good", Class::GeneralPurpose, &["cccccicc-", "ccccccci-"]),
            ("medical <b>", Class::Clinical, &["cicucircp", "cicrcipfx"]),
            ("rule", Class::Baseline, &["iicciiiic", "iiciiicii"]),
        ],
    );
    run.plan.items[1].tags.push("emergency".to_owned());
    run.plan.items[8].id = crate::dataset::ItemId("q7~none".to_owned());
    // One question with all its rotations, which all answer with the option that is right.
    for n in 0..4 {
        let base = item("r", "odd");
        let item = if n == 0 { base } else { Variant::Rotated(n).of(&base, "en").unwrap() };
        let letter = Choice::letter(item.choice().unwrap().answer).to_string();
        let place = run.plan.items.len();
        run.plan.items.push(item);
        for model in 0..3 {
            push(&mut run, attempt(trial(model, place, 0), 1, answered(&letter)));
        }
    }
    push(&mut run, attempt(trial(0, 8, 0), 1, answered("Answer: B\nConfidence: 70 %")));
    for entry in &mut run.entries {
        if let Body::Attempt(attempt) = &mut entry.body {
            attempt.cost = Some(MicroDollars(100 + 4_000 * u64::from(attempt.trial.model)));
        }
    }
    run
}

/// All that the page and the report show of it.
fn figures(run: &Journal) -> Vec<Figure> {
    let grid = Grid::of(run);
    let basis = Basis::of(&grid, RULE);
    let plates = basis.plates(&grid, &[run]).into_iter();
    plates.flat_map(|plate| basis.draw(&grid, &[run], plate)).collect()
}

#[test]
fn every_picture_lies_within_itself_and_has_a_table_and_an_honest_caption() {
    for figure in figures(&run()) {
        let (id, picture) = (figure.id.as_str(), &figure.picture);
        assert!(!figure.table.rows.is_empty(), "{id}");
        for row in &figure.table.rows {
            assert_eq!(row.len(), figure.table.headers.len(), "{id}");
        }
        assert!(figure.caption.contains(" not ") || figure.caption.contains(" no "), "{id}");
        if !matches!(id, "dangers" | "planning" | "steadiness" | "places" | "resampled") {
            assert!(picture.marks().next().is_some(), "{id}");
        }
        let is_in = |x: f64, y: f64| {
            (0.0..=picture.width).contains(&x) && (0.0..=picture.height).contains(&y)
        };
        for shape in &picture.shapes {
            let inside = match &shape.form {
                Form::Line { from, to } => is_in(from.0, from.1) && is_in(to.0, to.1),
                Form::Rect { x, y, width, height } => {
                    *width >= 0.0 && is_in(*x, *y) && is_in(x + width, y + height)
                }
                Form::Circle { x, y, .. }
                | Form::Diamond { x, y, .. }
                | Form::Text { x, y, .. } => is_in(*x, *y),
                Form::Path(points) => points.iter().all(|point| is_in(point.0, point.1)),
            };
            assert!(inside, "{id}: {shape:?} in {} × {}", picture.width, picture.height);
        }
    }
}

#[test]
fn captions_read_below_tenth_grade_all_together() {
    let mut figures = figures(&run());
    figures.push(chart::graded(&[], chart::Grouping::Themes, &[]));
    figures.push(chart::ratings("ratings".to_owned(), "Ratings".to_owned(), 5, &[]));
    let captions: Vec<&str> = figures.iter().map(|figure| figure.caption.as_str()).collect();
    let grade = crate::report::reading::grade(&captions.join(" "));
    assert!(grade < 10.0, "grade {grade}");
}

#[test]
fn figures_have_names_of_their_own() {
    let figures = figures(&run());
    let mut ids: Vec<&str> = figures.iter().map(|figure| figure.id.as_str()).collect();
    let n = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), n);
}

#[test]
fn a_thousand_icons_and_a_key_of_four() {
    let figures = figures(&run());
    let icons = figures.iter().find(|figure| figure.id == "thousand").unwrap();
    assert_eq!(icons.picture.marks().count(), 4);
    let n_drawn = icons
        .picture
        .shapes
        .iter()
        .filter(|shape| shape.label.is_none() && !matches!(shape.form, Form::Text { .. }));
    assert_eq!(n_drawn.count(), 1_000);
    assert!(icons.caption.contains("question, not a patient"));
}

#[test]
fn bars_add_up_to_the_whole_width() {
    let figures = figures(&run());
    let bars = figures.iter().find(|figure| figure.id == "outcomes").unwrap();
    let total: f64 = bars
        .picture
        .marks()
        .map(|shape| match shape.form {
            Form::Rect { width, .. } => width,
            _ => 0.0,
        })
        .sum();
    assert!((total - 3.0 * 316.0).abs() < 1e-6, "{total}");
}

#[test]
fn confidence_that_holds_lies_on_the_line() {
    let mut run = journal("a", &[("m", Class::Clinical, &["--"])]);
    for (item, letter) in ["B", "C"].into_iter().enumerate() {
        let text = format!("Answer: {letter}\nConfidence: 50 %");
        push(&mut run, attempt(trial(0, item, 0), 1, answered(&text)));
    }
    let grid = Grid::of(&run);
    let found = calibrated(&grid, &[&run]);
    let figure = chart::reliability(&grid, &found[0]);
    let Form::Rect { x, y, width, height } = figure.picture.marks().next().unwrap().form else {
        panic!("not a clinical mark");
    };
    // Half way across 52 to 338 and up 290 to 16.
    assert!((x + width / 2.0 - 195.0).abs() < 1e-9 && (y + height / 2.0 - 153.0).abs() < 1e-9);
    assert!(figure.caption.contains("as sure as it is right"), "{}", figure.caption);
    assert_eq!(chart::coverage(&grid, &found).table.rows.len(), 1);
}

#[test]
fn nothing_asked_draws_nothing_and_breaks_nothing() {
    let run = journal("a", &[("m", Class::Clinical, &["--"])]);
    let grid = Grid::of(&run);
    let standings = leaderboard(&grid, RULE);
    assert!(chart::board(&standings, RULE).picture.shapes.is_empty());
    assert!(chart::forest(&grid, &[]).picture.shapes.is_empty());
    let found = frontier(&grid, &standings, RULE);
    assert!(chart::cost_chart(&grid, &found).picture.shapes.is_empty());
    assert!(chart::repeat_chart(&grid, &[]).picture.shapes.is_empty());
    let _ = chart::together(&grid, &shared_errors(&grid, RULE));
    let _ = chart::heat_map(&grid, &by_category(&grid, RULE), RULE);
}
