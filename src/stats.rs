//! Owns the statistics: numbers in, numbers out. Knows nothing of items, models or runs.

pub mod agreement;
pub mod binomial;
pub mod bootstrap;
pub mod bradley_terry;
pub mod calibration;
pub mod chi_square;
pub mod cluster;
pub mod concordance;
pub mod consistency;
pub mod crossed;
pub mod difference;
mod linear;
pub mod mean;
pub mod multiple;
pub mod normal;
pub mod ordinal;
pub mod paired;
pub mod power;
pub mod proportion;
pub mod random;
pub mod ranks;
pub mod repeats;
mod special;
pub mod student;

/// A range that holds the true value with a stated confidence; in the unit of what it was computed from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end, not below `low`.
    pub high: f64,
}

impl Interval {
    /// The interval cut to what is possible, such as 0 to 1 for a proportion.
    #[must_use]
    pub fn within(self, low: f64, high: f64) -> Self {
        Self { low: self.low.clamp(low, high), high: self.high.clamp(low, high) }
    }

    /// `centre` ± `half_width`.
    pub fn around(centre: f64, half_width: f64) -> Self {
        Self { low: centre - half_width, high: centre + half_width }
    }
}
