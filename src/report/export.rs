//! Owns the files that a person takes away: a whole run as JSON, and tables as CSV.

pub mod json;
pub mod lines;
pub mod table;

pub use json::{SCHEMA, run_json};
pub use lines::trials_jsonl;
pub use table::{is_table, leaderboard_csv, pairs_csv, trials_csv};
