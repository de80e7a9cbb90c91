//! Owns the picture of repeats: how a model's result moves from one to the next.

use super::axis::{MARGIN, Scale, WIDTH, fitted, whole_percent};
use crate::report::figure::{Anchor, Figure, Form, Look, Picture, Twin, Value};
use crate::report::grid::Grid;
use crate::report::repeats::Repeated;
use crate::report::wording;

const LEFT: f64 = 56.0;
const TOP: f64 = 16.0;
const BOTTOM: f64 = 260.0;

/// The share right of each repeat, by model.
pub fn repeat_chart(grid: &Grid, found: &[Repeated]) -> Figure {
    let mut table = Twin::with(&[
        "Model",
        "Questions",
        "Mean right",
        "Spread between repeats, points",
        "Questions with mixed answers",
        "Right every time",
        "95 % range",
        "Right at least once",
    ]);
    for one in found {
        table.row(vec![
            Value::text(&grid.models[one.model].name),
            Value::Count(one.n_items),
            Value::or_nothing(one.all_of.first(), |mean| Value::Share(mean.mean)),
            Value::or_nothing(one.spread, |spread| Value::Number(spread * 100.0, 1)),
            Value::Count(one.n_varying),
            Value::or_nothing(one.all_of.last(), |mean| Value::Share(mean.mean)),
            Value::or_nothing(one.all_of.last().and_then(|mean| mean.interval), |ends| {
                Value::ShareRange(ends.within(0.0, 1.0))
            }),
            Value::or_nothing(one.any_of.last(), |mean| Value::Share(mean.mean)),
        ]);
    }
    let n = found.iter().map(|one| one.by_repeat.len()).max().unwrap_or(0);
    let caption = format!(
        "The share right in each of {n} repeats of the same questions. “Right every time” is what can be relied on; “right at \
         least once” is what a lucky try can show. The spread between repeats is chance within the model: more repeats lessen \
         it, but they do not stand in for more questions."
    );
    let title = "From one repeat to the next".to_owned();
    Figure { id: "repeats".to_owned(), title, caption, picture: picture(grid, found, n), table }
}

fn picture(grid: &Grid, found: &[Repeated], n: usize) -> Picture {
    if n < 2 {
        return Picture::default();
    }
    let shares = |one: &Repeated| -> Vec<(usize, f64)> {
        let asked = one.by_repeat.iter().enumerate().filter(|(_, (_, n))| *n > 0);
        asked.map(|(repeat, (right, n))| (repeat, *right as f64 / *n as f64)).collect()
    };
    let all = || found.iter().flat_map(shares).map(|(_, share)| share);
    let least = (all().fold(1.0, f64::min) * 10.0).floor() / 10.0;
    let most = (all().fold(0.0, f64::max) * 10.0).ceil() / 10.0;
    let up = Scale { low: least, high: most.max(least + 0.1), start: BOTTOM, end: TOP };
    let end = WIDTH - MARGIN - 104.0;
    let across = Scale { low: 0.0, high: n as f64 - 1.0, start: LEFT + 12.0, end };
    let mut picture = Picture::sized(WIDTH, BOTTOM + 44.0);
    for tick in up.ticks() {
        let y = up.at(tick);
        picture.line((LEFT, y), (end + 8.0, y), Look::Grid);
        picture.text((LEFT - 6.0, y + 4.0), Anchor::End, &whole_percent(tick), Look::Tick);
    }
    for repeat in 0..n {
        let x = across.at(repeat as f64);
        let name = (repeat + 1).to_string();
        picture.text((x, BOTTOM + 18.0), Anchor::Middle, &name, Look::Tick);
    }
    picture.line((LEFT, BOTTOM), (end + 8.0, BOTTOM), Look::Axis);
    picture.text((f64::midpoint(LEFT, end), BOTTOM + 38.0), Anchor::Middle, "repeat", Look::Note);
    // Names beside the last points, apart from each other.
    let mut names: Vec<(f64, &str)> = Vec::new();
    for one in found {
        let model = &grid.models[one.model];
        let points: Vec<(usize, f64)> = shares(one);
        let at = |(repeat, share): &(usize, f64)| (across.at(*repeat as f64), up.at(*share));
        picture.form(Form::Path(points.iter().map(at).collect()), Look::Trace);
        for point in &points {
            let (right, n) = one.by_repeat[point.0];
            let label = format!(
                "{}, repeat {}: {} right, {} of {}",
                model.name,
                point.0 + 1,
                wording::percent(point.1),
                wording::count(right),
                wording::count(n),
            );
            picture.dot(at(point), model.class, label);
        }
        names.extend(points.last().map(|last| (at(last).1, model.name.as_str())));
    }
    names.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut free = f64::NEG_INFINITY;
    for (y, name) in names {
        let y = y.max(free);
        free = y + 16.0;
        let name = fitted(name, WIDTH - end - 14.0);
        picture.text((end + 12.0, y + 4.0), Anchor::Start, &name, Look::Note);
    }
    picture.height = picture.height.max(free + 8.0);
    picture
}
