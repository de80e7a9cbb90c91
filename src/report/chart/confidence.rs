//! Owns pictures of stated confidence: whether it holds, and what is gained by leaving out what is unsure.

use super::axis::{MARGIN, Scale, WIDTH, fitted, whole_percent};
use crate::report::calibrated::Calibrated;
use crate::report::figure::{Anchor, Figure, Form, Look, Picture, Twin, Value};
use crate::report::grid::Grid;
use crate::report::wording;

const LEFT: f64 = 52.0;
const TOP: f64 = 16.0;
const BOTTOM: f64 = 290.0;

/// A square of shares: stated or kept across, right upwards.
fn square(below: &str) -> (Picture, Scale, Scale) {
    let across = Scale { low: 0.0, high: 1.0, start: LEFT, end: WIDTH - MARGIN };
    let up = Scale { low: 0.0, high: 1.0, start: BOTTOM, end: TOP };
    let mut picture = Picture::sized(WIDTH, BOTTOM + 44.0);
    for tick in across.ticks() {
        let (x, y) = (across.at(tick), up.at(tick));
        picture.line((LEFT, y), (WIDTH - MARGIN, y), Look::Grid);
        picture.text((LEFT - 6.0, y + 4.0), Anchor::End, &whole_percent(tick), Look::Tick);
        picture.text((x, BOTTOM + 18.0), Anchor::Middle, &whole_percent(tick), Look::Tick);
    }
    picture.line((LEFT, BOTTOM), (WIDTH - MARGIN, BOTTOM), Look::Axis);
    let middle = f64::midpoint(LEFT, WIDTH - MARGIN);
    picture.text((middle, BOTTOM + 38.0), Anchor::Middle, below, Look::Note);
    (picture, across, up)
}

/// One model's reliability diagram.
pub fn reliability(grid: &Grid, found: &Calibrated) -> Figure {
    let model = &grid.models[found.model];
    let of = &found.calibration;
    let mut table =
        Twin::with(&["Stated confidence", "Answers", "Mean stated", "Right", "95 % range"]);
    let (mut picture, across, up) = square("stated confidence");
    picture.line((across.at(0.0), up.at(0.0)), (across.at(1.0), up.at(1.0)), Look::Reference);
    for bin in &of.bins {
        let edges = format!("{} to {}", whole_percent(bin.low), whole_percent(bin.high));
        table.row(vec![
            Value::text(&edges),
            Value::Count(bin.n),
            Value::Share(bin.confidence),
            Value::Share(bin.accuracy),
            Value::ShareRange(bin.interval),
        ]);
        let x = across.at(bin.confidence);
        let ends = (up.at(bin.interval.low), up.at(bin.interval.high));
        picture.line((x, ends.0), (x, ends.1), Look::Interval(model.class));
        let label = format!(
            "Stated {}: {} right, 95 % range {}, {}",
            wording::percent(bin.confidence),
            wording::percent(bin.accuracy),
            wording::percent_range(bin.interval),
            wording::counted(bin.n, "answer", "answers"),
        );
        picture.dot((x, up.at(bin.accuracy)), model.class, label);
    }
    let gap = of.mean_confidence - of.accuracy;
    let overall = if gap.abs() < 0.005 {
        "On average it is as sure as it is right".to_owned()
    } else {
        let points = wording::decimal(gap.abs() * 100.0, 1);
        let side = if gap > 0.0 { "more" } else { "less" };
        format!("On average it is {points} points {side} sure than it is right")
    };
    let without = if found.n_without == 0 {
        String::new()
    } else {
        let n = wording::counted(found.n_without, "answer", "answers");
        format!(" {n} without a confidence that can be read are left out.")
    };
    let caption = format!(
        "How often {} was right when it stated a confidence: on the slanted line confidence and truth agree, below it the model \
         is too sure. {overall}. Brier score {}, expected calibration error {} over {} bins; chance alone keeps the error above \
         zero.{without} A stated confidence is what the model writes, not what goes on inside it.",
        model.name,
        wording::decimal(of.brier, 3),
        wording::decimal(of.ece, 3),
        crate::report::calibrated::N_BINS,
    );
    let title = format!("Does confidence hold? {}", model.name);
    Figure { id: format!("reliability-{}", found.model + 1), title, caption, picture, table }
}

/// Numbers lines at their right ends, the uppermost first and apart from each other, and tells below which is whose.
fn number_lines(picture: &mut Picture, mut ends: Vec<(f64, &str)>) {
    const APART: f64 = 13.0;
    const KEY: f64 = 22.0;
    ends.sort_by(|a, b| a.0.total_cmp(&b.0));
    // What is pushed down must still stand above the axis.
    let lowest = BOTTOM - APART * ends.len() as f64;
    let mut free = f64::NEG_INFINITY;
    for (idx, (y, name)) in ends.iter().enumerate() {
        let y = y.max(free).min(lowest + APART * idx as f64);
        free = y + APART;
        let number = (idx + 1).to_string();
        let place = (WIDTH - MARGIN + 9.0, y + 4.0);
        picture.text(place, Anchor::Start, &number, Look::Tick);
        let told = format!("{number}  {}", fitted(name, WIDTH - LEFT - MARGIN - 24.0));
        let place = (LEFT, BOTTOM + 44.0 + KEY * (idx as f64 + 0.75));
        picture.text(place, Anchor::Start, &told, Look::Note);
    }
    picture.height = BOTTOM + 50.0 + KEY * ends.len() as f64;
}

/// Share right against the share of answers that is kept, for all models that state a confidence.
pub fn coverage(grid: &Grid, found: &[Calibrated]) -> Figure {
    let mut table =
        Twin::with(&["Model", "Least confidence kept", "Answers kept", "Share kept", "Right"]);
    let (mut picture, across, up) = square("share of answers kept, the surest first");
    let mut ends: Vec<(f64, &str)> = Vec::new();
    for one in found {
        let model = &grid.models[one.model];
        for kept in &one.kept {
            table.row(vec![
                Value::text(&model.name),
                Value::Share(kept.threshold),
                Value::Count(kept.n),
                Value::Share(kept.coverage),
                Value::Share(kept.accuracy),
            ]);
        }
        let points: Vec<(f64, f64)> =
            one.kept.iter().map(|kept| (across.at(kept.coverage), up.at(kept.accuracy))).collect();
        picture.form(Form::Path(points.clone()), Look::Trace);
        if let (Some(last), Some(all)) = (points.last(), one.kept.last()) {
            let label = format!(
                "{}: {} right of all its answers; mean share wrong as answers are added, the surest first: {}",
                model.name,
                wording::percent(all.accuracy),
                wording::percent(one.area_under_risk),
            );
            picture.dot(*last, model.class, label);
            ends.push((last.1, model.name.as_str()));
        }
    }
    number_lines(&mut picture, ends);
    let caption = "The share right among the answers that are kept when those stated with least confidence are left out. A \
                   line that rises to the left means that the model knows when it does not know. On the left few answers are \
                   kept and the line is unsure. A threshold chosen on these questions may do less well on others."
        .to_owned();
    let title = "If only the surest answers count".to_owned();
    Figure { id: "coverage".to_owned(), title, caption, picture, table }
}
