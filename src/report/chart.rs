//! Owns the geometry of pictures: numbers in, positions out. Views only draw.

mod axis;
mod board;
mod confidence;
mod differences;
mod icons;
mod lists;
mod maps;
mod over_repeats;
mod scatter;
mod stacked;
mod steady;
#[cfg(test)]
mod tests;

use super::leaderboard::Standing;
use super::rule::Unanswered;
use crate::provider::Class;

pub use board::{board, rank_chart};
pub use confidence::{coverage, reliability};
pub use differences::{drop_chart, forest};
pub use icons::icon_array;
pub use lists::{danger_list, plan_list};
pub use maps::{heat_map, legend, together};
pub use over_repeats::repeat_chart;
pub use scatter::cost_chart;
pub use stacked::outcomes;
pub use steady::{place_list, steady_list};

/// A row of the leaderboard's picture, in the picture's own units.
#[derive(Debug, Clone, PartialEq)]
pub struct IntervalRow {
    /// The model's name.
    pub name: String,
    /// Its class.
    pub class: Class,
    /// Middle of the row.
    pub y: f64,
    /// Baseline of the name above the line.
    pub label_y: f64,
    /// The accuracy.
    pub x: f64,
    /// Ends of the interval.
    pub x_low: f64,
    /// Upper end.
    pub x_high: f64,
}

/// Dots with intervals on a common axis from 0 to 100 %.
#[derive(Debug, Clone, PartialEq)]
pub struct IntervalPlot {
    /// Width of the picture.
    pub width: f64,
    /// Height of the picture.
    pub height: f64,
    /// Where the axis stands.
    pub axis_y: f64,
    /// Positions and names of the ticks.
    pub ticks: Vec<(f64, String)>,
    /// One for each model with a figure.
    pub rows: Vec<IntervalRow>,
}

const WIDTH: f64 = 420.0;
const MARGIN: f64 = 18.0;
const ROW: f64 = 44.0;

/// The leaderboard as a picture: the name above, the interval below it, so that it can be read on a phone.
pub fn interval_plot(standings: &[Standing], rule: Unanswered) -> IntervalPlot {
    let x_of = |share: f64| MARGIN + share.clamp(0.0, 1.0) * (WIDTH - 2.0 * MARGIN);
    let rows: Vec<IntervalRow> = standings
        .iter()
        .filter_map(|standing| Some((standing, standing.accuracy(rule)?)))
        .enumerate()
        .map(|(idx, (standing, accuracy))| {
            let top = idx as f64 * ROW;
            IntervalRow {
                name: standing.name.clone(),
                class: standing.class,
                y: top + 32.0,
                label_y: top + 18.0,
                x: x_of(accuracy.value),
                x_low: x_of(accuracy.interval.low),
                x_high: x_of(accuracy.interval.high),
            }
        })
        .collect();
    let axis_y = rows.len() as f64 * ROW + 8.0;
    let ticks = (0..=5_u8).map(|step| {
        let share = f64::from(step) / 5.0;
        (x_of(share), format!("{} %", u32::from(step) * 20))
    });
    IntervalPlot { width: WIDTH, height: axis_y + 26.0, axis_y, ticks: ticks.collect(), rows }
}
