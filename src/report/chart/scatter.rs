//! Owns the picture of accuracy against cost.

use super::axis::{MARGIN, Scale, WIDTH, fitted, whole_percent};
use crate::report::figure::{Anchor, Figure, Look, Picture, Twin, Value};
use crate::report::frontier::{Frontier, Priced};
use crate::report::grid::Grid;
use crate::report::wording;

const LEFT: f64 = 56.0;
const TOP: f64 = 16.0;
const BOTTOM: f64 = 270.0;
/// From so large a ratio on, prices are drawn by their powers of ten.
const LOG_FROM: f64 = 20.0;

/// Accuracy against what 1,000 questions cost.
pub fn cost_chart(grid: &Grid, found: &Frontier) -> Figure {
    let name = |model: usize| grid.models[model].name.as_str();
    let mut table = Twin::with(&[
        "Model",
        "Cost of 1,000 questions",
        "At most",
        "Right",
        "95 % range",
        "Nothing cheaper is as good",
        "A further right answer in 100 costs",
    ]);
    for (idx, one) in found.models.iter().enumerate() {
        let step = found.steps.iter().find(|step| step.to == idx);
        table.row(vec![
            Value::text(name(one.model)),
            Value::Money(one.per_thousand),
            Value::Money(one.per_thousand_at_most),
            Value::Share(one.accuracy.value),
            Value::ShareRange(one.accuracy.interval),
            Value::text(if one.is_efficient { "yes" } else { "no" }),
            Value::or_nothing(step, |step| Value::Money(step.cost_per_point)),
        ]);
    }
    let is_log = is_log(&found.models);
    let unpriced: Vec<String> = found.unpriced.iter().map(|idx| name(*idx).to_owned()).collect();
    let left_out = if unpriced.is_empty() {
        String::new()
    } else {
        format!(" Left out, as their cost is not known: {}.", wording::list(&unpriced))
    };
    let scale = if is_log { " Each step to the right is ten times the price." } else { "" };
    let caption = format!(
        "What 1,000 questions cost, all tries counted, against the share right with its 95 % range.{scale} The line joins the \
         models that nothing cheaper beats. Models on it may differ by chance: see the differences.{left_out} Prices are those \
         entered or listed on the day, and change; waiting time and the work of checking answers are not in them."
    );
    let picture = picture(grid, found, is_log);
    let title = "What accuracy costs".to_owned();
    Figure { id: "cost".to_owned(), title, caption, picture, table }
}

fn is_log(models: &[Priced]) -> bool {
    let prices = || models.iter().map(|one| one.per_thousand_at_most);
    let least = prices().fold(f64::INFINITY, f64::min);
    0.0 < least && LOG_FROM < prices().fold(0.0, f64::max) / least
}

/// A price without the noughts at its end.
fn price_text(price: f64) -> String {
    let text = wording::dollars(price);
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

fn picture(grid: &Grid, found: &Frontier, is_log: bool) -> Picture {
    if found.models.is_empty() {
        return Picture::default();
    }
    let of = |price: f64| if is_log { price.max(1.0).log10() } else { price };
    let prices = || found.models.iter().map(|one| of(one.per_thousand_at_most));
    let (low, high) = if is_log {
        (prices().fold(f64::INFINITY, f64::min).floor(), prices().fold(0.0, f64::max).ceil())
    } else {
        (0.0, prices().fold(0.0, f64::max).max(1.0) * 1.05)
    };
    let across = Scale { low, high, start: LEFT, end: WIDTH - MARGIN };
    let ends = || found.models.iter().map(|one| one.accuracy.interval);
    let least = (ends().map(|ends| ends.low).fold(1.0, f64::min) * 10.0).floor() / 10.0;
    let most = (ends().map(|ends| ends.high).fold(0.0, f64::max) * 10.0).ceil() / 10.0;
    let up = Scale { low: least, high: most, start: BOTTOM, end: TOP };
    let mut picture = Picture::sized(WIDTH, BOTTOM + 44.0);
    for tick in up.ticks() {
        let y = up.at(tick);
        picture.line((LEFT, y), (WIDTH - MARGIN, y), Look::Grid);
        picture.text((LEFT - 6.0, y + 4.0), Anchor::End, &whole_percent(tick), Look::Tick);
    }
    for tick in across.ticks().into_iter().filter(|tick| !is_log || tick.fract().abs() < 1e-9) {
        let x = across.at(tick);
        let price = if is_log { 10.0_f64.powf(tick) } else { tick };
        picture.line((x, BOTTOM), (x, BOTTOM + 4.0), Look::Axis);
        picture.text((x, BOTTOM + 18.0), Anchor::Middle, &price_text(price), Look::Tick);
    }
    picture.line((LEFT, BOTTOM), (WIDTH - MARGIN, BOTTOM), Look::Axis);
    let middle = f64::midpoint(LEFT, WIDTH - MARGIN);
    picture.text((middle, BOTTOM + 38.0), Anchor::Middle, "cost of 1,000 questions", Look::Note);
    let at = |one: &Priced| (across.at(of(one.per_thousand_at_most)), up.at(one.accuracy.value));
    let efficient: Vec<(f64, f64)> =
        found.models.iter().filter(|one| one.is_efficient).map(at).collect();
    if 1 < efficient.len() {
        picture.form(crate::report::figure::Form::Path(efficient), Look::Trace);
    }
    for one in &found.models {
        let model = &grid.models[one.model];
        let (x, y) = at(one);
        let ends = one.accuracy.interval;
        picture.line((x, up.at(ends.low)), (x, up.at(ends.high)), Look::Interval(model.class));
        let efficient = if one.is_efficient { "; nothing cheaper is as good" } else { "" };
        let label = format!(
            "{}: {} for 1,000 questions, {} right, 95 % range {}{efficient}",
            model.name,
            wording::dollars(one.per_thousand_at_most),
            wording::percent(one.accuracy.value),
            wording::percent_range(ends),
        );
        picture.dot((x, y), model.class, label);
        let is_left = x < middle;
        let (place, anchor) =
            if is_left { (x + 10.0, Anchor::Start) } else { (x - 10.0, Anchor::End) };
        let room = if is_left { WIDTH - place } else { place - LEFT };
        let name = fitted(&model.name, room.min(150.0));
        picture.text((place, y - 8.0), anchor, &name, Look::Note);
    }
    picture
}
