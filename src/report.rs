//! Owns what is shown of runs: figures, comparisons, items, files to pass on, and links; all computed from journals.

pub mod answer_view;
pub mod calibrated;
pub mod chart;
pub mod classes;
pub mod clusters;
pub mod comparison;
pub mod conclusion;
pub mod dangers;
pub mod document;
pub mod exchange;
pub mod export;
pub mod figure;
pub mod frontier;
pub mod gallery;
pub mod grade_view;
pub mod gradebook;
pub mod grid;
pub mod hosted;
pub mod items;
pub mod judge_bench;
pub mod judgements;
pub mod leaderboard;
pub mod ledger;
pub mod link;
pub mod live;
pub mod methods;
pub mod money;
pub mod open;
pub mod open_ended;
pub mod open_report;
pub mod pairs;
pub mod planning;
pub mod qr;
pub mod ranking;
#[cfg(test)]
mod reading;
pub mod repeats;
pub mod robustness;
pub mod rule;
pub mod share;
pub mod shared_errors;
pub mod spending;
pub mod study;
pub mod svg;
pub mod thousand;
pub mod wording;

pub use classes::{ClassComparison, class_comparison, class_generalisation};
pub use comparison::Comparison;
pub use conclusion::{Sentence, conclusion};
pub use document::Document;
pub use figure::Figure;
pub use gradebook::{By, Gradebook, GradedAnswer};
pub use grid::{Cell, Grid, Scope, State};
pub use leaderboard::{Accuracy, Standing, leaderboard};
pub use live::{LiveCounts, LiveGrid, VerdictCounts};
pub use open::{Answers, Opened, open};
pub use open_ended::{OpenStanding, open_leaderboard};
pub use pairs::{Pair, Verdict, pairs};
pub use robustness::{Shift, shifts};
pub use rule::{Tally, Unanswered};
pub use spending::{ModelSpending, judge_spending, spending};

/// The confidence of every interval that is shown.
pub const CONFIDENCE: f64 = 0.95;

/// Samples of every bootstrap, as many as simple-evals draws, and the seed that they are drawn from: the same run gives the
/// same figures.
pub const RESAMPLING: (usize, u64) = (1_000, 1);

/// A difference is told from chance when its adjusted p is below this.
pub const SIGNIFICANCE: f64 = 0.05;
