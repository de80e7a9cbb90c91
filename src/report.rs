//! Owns what is shown of runs: figures, comparisons, items, files to pass on, and links; all computed from journals.

pub mod link;
