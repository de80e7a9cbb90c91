//! Owns the files that a person takes away: a whole run as JSON, and tables as CSV.

pub mod json;
pub mod lines;
pub mod table;

pub use json::{SCHEMA, run_json};
pub use lines::trials_jsonl;
pub mod judgements;

pub use judgements::{judgements_csv, judgements_jsonl, open_leaderboard_csv};
pub use table::{is_table, leaderboard_csv, pairs_csv, trials_csv};
