//! Owns the parts of the page of the study.

pub(crate) mod beside;
pub(crate) mod published;
mod set;
pub(crate) mod setup;

use crate::report::study::Scale;
use crate::stats::Interval;
use crate::ui::words;

/// A figure with its unit.
fn figure(scale: Scale, value: f64) -> String {
    match scale {
        Scale::Share => words::percent(value),
        Scale::Points => format!("{value:.1} of 100"),
        Scale::Rating => format!("{value:.2} of 4"),
    }
}

/// A range, in the same unit.
fn range(scale: Scale, interval: Interval) -> String {
    let Interval { low, high } = interval;
    match scale {
        Scale::Share => words::percent_range(low, high),
        Scale::Points => format!("{low:.1} – {high:.1}"),
        Scale::Rating => format!("{low:.2} – {high:.2}"),
    }
}
