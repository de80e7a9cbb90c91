//! Owns what pictures share: scales, ticks, and rows of dots with intervals.

use crate::provider::Class;
use crate::report::figure::{Anchor, Form, Look, Picture};
use crate::report::wording;
use crate::stats::Interval;

/// As wide as a small phone shows without shrinking the text to less than can be read.
pub(super) const WIDTH: f64 = 360.0;
/// Half the width of `100 %` fits into it.
pub(super) const MARGIN: f64 = 22.0;
const ROW: f64 = 44.0;
const HEADING: f64 = 26.0;

/// From values to positions.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scale {
    pub(super) low: f64,
    pub(super) high: f64,
    pub(super) start: f64,
    pub(super) end: f64,
}

impl Scale {
    /// Across the picture, between its margins.
    pub(super) fn across(low: f64, high: f64) -> Self {
        Self { low, high, start: MARGIN, end: WIDTH - MARGIN }
    }

    /// The position of a value, held within the scale.
    pub(super) fn at(&self, value: f64) -> f64 {
        let span = self.high - self.low;
        let share = if span > 0.0 { (value - self.low) / span } else { 0.5 };
        self.start + share.clamp(0.0, 1.0) * (self.end - self.start)
    }

    /// Round numbers within the scale, some three to eight of them.
    #[allow(clippy::cast_possible_truncation, reason = "a few ticks")]
    pub(super) fn ticks(&self) -> Vec<f64> {
        let span = self.high - self.low;
        if !span.is_finite() || span <= 0.0 {
            return vec![self.low];
        }
        let raw = span / 5.0;
        let power = 10.0_f64.powf(raw.log10().floor());
        let step = [1.0, 2.0, 5.0, 10.0].map(|of| of * power).into_iter().find(|s| raw <= *s);
        let step = step.unwrap_or(10.0 * power);
        let (first, last) = ((self.low / step - 1e-9).ceil(), (self.high / step + 1e-9).floor());
        (first as i64..=last as i64).map(|n| n as f64 * step).collect()
    }
}

/// Units that a character takes at the size of [`Look::Label`], on the wide side: fonts differ.
fn width_of(c: char) -> f64 {
    match c {
        'i' | 'j' | 'l' | 't' | 'f' | 'r' | 'I' | ' ' | '.' | ',' | ':' | ';' | '\'' | '|'
        | '!' => 5.5,
        'm' | 'w' | 'M' | 'W' | '@' | '%' => 13.5,
        'A'..='Z' | '&' => 10.0,
        c if c.is_ascii() => 8.5,
        '\u{80}'..='\u{2e7f}' => 10.0,
        _ => 14.0,
    }
}

/// As much of a name as fits into so many units; the table has all of it.
pub(super) fn fitted(text: &str, units: f64) -> String {
    let mut taken = 0.0;
    let n_fitting = text.chars().take_while(|c| {
        taken += width_of(*c);
        taken <= units
    });
    let n_fitting = n_fitting.count();
    if n_fitting == text.chars().count() {
        return text.to_owned();
    }
    // Room for the mark of what was left out.
    wording::shortened(text, n_fitting.saturating_sub(2))
}

/// What the dot of a row stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dot {
    /// A model.
    Model(Class),
    /// A difference that can be told from chance.
    Told,
    /// A difference that cannot.
    Untold,
}

/// A dot with its interval on a line of its own, its name above it.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) heading: Option<String>,
    pub(super) name: String,
    pub(super) dot: Dot,
    pub(super) value: f64,
    pub(super) interval: Option<Interval>,
    pub(super) label: String,
}

/// Rows on a common axis; `reference` is where a line of comparison stands.
pub(super) fn rows(
    rows: &[Row],
    scale: Scale,
    tick_text: impl Fn(f64) -> String,
    reference: Option<f64>,
) -> Picture {
    if rows.is_empty() {
        return Picture::default();
    }
    let n_headings = rows.iter().filter(|row| row.heading.is_some()).count();
    let axis_y = rows.len() as f64 * ROW + n_headings as f64 * HEADING + 8.0;
    let mut picture = Picture::sized(WIDTH, axis_y + 26.0);
    for tick in scale.ticks() {
        let x = scale.at(tick);
        picture.line((x, 0.0), (x, axis_y), Look::Grid);
        picture.text((x, axis_y + 18.0), Anchor::Middle, &tick_text(tick), Look::Tick);
    }
    if let Some(reference) = reference {
        let x = scale.at(reference);
        picture.line((x, 0.0), (x, axis_y), Look::Reference);
    }
    picture.line((0.0, axis_y), (WIDTH, axis_y), Look::Axis);
    let mut top = 0.0;
    for row in rows {
        if let Some(heading) = &row.heading {
            let heading = fitted(heading, WIDTH - 2.0 * MARGIN);
            picture.text((MARGIN, top + 20.0), Anchor::Start, &heading, Look::Note);
            top += HEADING;
        }
        let name = fitted(&row.name, WIDTH - 2.0 * MARGIN);
        picture.text((MARGIN, top + 18.0), Anchor::Start, &name, Look::Label);
        let y = top + 32.0;
        if let Some(ends) = row.interval {
            let look = match row.dot {
                Dot::Model(class) => Look::Interval(class),
                Dot::Told | Dot::Untold => Look::Trace,
            };
            picture.line((scale.at(ends.low), y), (scale.at(ends.high), y), look);
        }
        let x = scale.at(row.value);
        match row.dot {
            Dot::Model(class) => picture.dot((x, y), class, row.label.clone()),
            Dot::Told => {
                picture.mark(Form::Diamond { x, y, r: 7.0 }, Look::Gain, row.label.clone());
            }
            Dot::Untold => {
                picture.mark(Form::Circle { x, y, r: 6.0 }, Look::Missing, row.label.clone());
            }
        }
        top += ROW;
    }
    picture
}

/// The least round share that holds every end of the intervals on both sides of nothing, at least 5 points.
pub(super) fn reach(rows: &[Row]) -> f64 {
    let ends = rows.iter().flat_map(|row| {
        let (low, high) = row.interval.map_or((row.value, row.value), |ends| (ends.low, ends.high));
        [low.abs(), high.abs(), row.value.abs()]
    });
    let most = ends.fold(0.0, f64::max);
    ((most / 0.05 - 1e-9).ceil() * 0.05).clamp(0.05, 1.0)
}

/// `20 %`.
pub(super) fn whole_percent(share: f64) -> String {
    format!("{} %", wording::decimal(share * 100.0, 0))
}

/// `+5`, in percentage points; with a decimal where it has one.
pub(super) fn short_points(difference: f64) -> String {
    let text = wording::points(difference);
    let text = text.strip_suffix(".0").unwrap_or(&text).to_owned();
    if text == "0" { text } else { text.replace(".0", "") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_inside() {
        let ticks = |low, high| Scale::across(low, high).ticks();
        let close = |ours: Vec<f64>, known: &[f64]| {
            assert_eq!(ours.len(), known.len(), "{ours:?}");
            assert!(ours.iter().zip(known).all(|(a, b)| (a - b).abs() < 1e-9), "{ours:?}");
        };
        close(ticks(0.0, 1.0), &[0.0, 0.2, 0.4, 0.6, 0.8, 1.0]);
        close(ticks(-0.1, 0.1), &[-0.1, -0.05, 0.0, 0.05, 0.1]);
        close(ticks(0.3, 0.3), &[0.3]);
        assert_eq!((short_points(0.05), short_points(-0.025)), ("+5".into(), "−2.5".into()));
    }

    #[test]
    fn a_name_takes_no_more_room_than_it_has() {
        assert_eq!(fitted("gpt-4o", 100.0), "gpt-4o");
        assert_eq!(fitted(&"W".repeat(40), 135.0), format!("{}…", "W".repeat(8)));
        assert_eq!(fitted("模型模型", 30.0), "…");
    }

    #[test]
    fn positions_stay_inside_the_picture() {
        let scale = Scale::across(0.0, 1.0);
        assert!((scale.at(0.5) - WIDTH / 2.0).abs() < 1e-9);
        assert!((scale.at(9.0) - (WIDTH - MARGIN)).abs() < 1e-9);
        assert!((scale.at(-9.0) - MARGIN).abs() < 1e-9);
    }
}
