//! Owns the figure of a dimension: which means are shown.

use super::analysis::DimensionFigures;
use crate::report::Figure;
use crate::report::chart::{MeanRating, ratings};

/// The means of a dimension, the highest first; models without ratings are left out.
pub fn means_figure(models: &[String], dimension: &DimensionFigures) -> Figure {
    let means = models.iter().zip(&dimension.means).filter_map(|(name, mean)| {
        let mean = (*mean)?;
        Some(MeanRating {
            name: name.clone(),
            mean: mean.mean,
            interval: mean.interval,
            n_ratings: mean.n_ratings,
            n_answers: mean.n_answers,
        })
    });
    let means: Vec<MeanRating> = means.collect();
    let id = format!("ratings-{}", dimension.id);
    ratings(id, dimension.name.clone(), dimension.n_steps, &means)
}
