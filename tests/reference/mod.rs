//! Owns the comparison of our figures with those of other programs.

use serde_json::Value;

const WITHIN: f64 = 1e-12;

#[track_caller]
pub(crate) fn same(ours: Option<f64>, theirs: &Value) {
    match (ours, theirs.as_f64()) {
        (None, None) => {}
        (Some(ours), Some(theirs)) => {
            assert!((ours - theirs).abs() <= WITHIN, "{ours} is not {theirs}");
        }
        other => panic!("{other:?}"),
    }
}
