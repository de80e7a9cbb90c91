//! Owns the geometry of pictures: numbers in, positions out. Views only draw.

mod axis;
mod board;
mod confidence;
mod differences;
mod graded;
mod icons;
mod lists;
mod maps;
mod over_repeats;
mod ratings;
mod scatter;
mod stacked;
mod steady;
#[cfg(test)]
mod tests;

pub use board::{board, rank_chart};
pub use confidence::{coverage, reliability};
pub use differences::{drop_chart, forest};
pub use graded::{Grouping, graded};
pub use icons::icon_array;
pub use lists::{danger_list, plan_list, resampled_list};
pub use maps::{heat_map, legend, together};
pub use over_repeats::repeat_chart;
pub use ratings::{MeanRating, ratings};
pub use scatter::cost_chart;
pub use stacked::outcomes;
pub use steady::{place_list, steady_list};
