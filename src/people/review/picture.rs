//! Owns the picture of a dimension: each model's mean with its interval on the scale.

use super::analysis::DimensionFigures;
use crate::provider::Class;
use crate::report::chart::{IntervalPlot, IntervalRow};

const WIDTH: f64 = 420.0;
const MARGIN: f64 = 18.0;
const ROW: f64 = 44.0;

/// The means of a dimension as a picture, the highest first; models without ratings are left out.
pub fn means_plot(models: &[String], dimension: &DimensionFigures) -> IntervalPlot {
    let n_gaps = dimension.n_steps.saturating_sub(1).max(1) as f64;
    let x_of =
        |value: f64| MARGIN + ((value - 1.0) / n_gaps).clamp(0.0, 1.0) * (WIDTH - 2.0 * MARGIN);
    let mut means: Vec<_> = models
        .iter()
        .zip(&dimension.means)
        .filter_map(|(name, mean)| Some((name, (*mean)?)))
        .collect();
    means.sort_by(|a, b| b.1.mean.total_cmp(&a.1.mean));
    let rows: Vec<IntervalRow> = means
        .into_iter()
        .enumerate()
        .map(|(idx, (name, mean))| {
            let top = idx as f64 * ROW;
            let (low, high) = mean
                .interval
                .map_or((mean.mean, mean.mean), |interval| (interval.low, interval.high));
            IntervalRow {
                name: name.clone(),
                class: Class::GeneralPurpose,
                y: top + 32.0,
                label_y: top + 18.0,
                x: x_of(mean.mean),
                x_low: x_of(low),
                x_high: x_of(high),
            }
        })
        .collect();
    let axis_y = rows.len() as f64 * ROW + 8.0;
    let ticks = (1..=dimension.n_steps).map(|step| (x_of(step as f64), step.to_string()));
    IntervalPlot { width: WIDTH, height: axis_y + 26.0, axis_y, ticks: ticks.collect(), rows }
}
