//! Owns the statistics: numbers in, numbers out. Knows nothing of items, models or runs.

pub mod random;
