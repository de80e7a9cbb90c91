//! Owns what is known of a file beyond its bytes, because it was loaded as a named set.

use serde::{Deserialize, Serialize};

use super::Item;
use super::row::Row;
use super::shapes::Evidences;

/// A field and what it must hold for a row to count. Case and white space at the ends do not matter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Keep {
    /// Name of the field in the file.
    pub field: String,
    /// What it holds in the rows that count.
    pub is: String,
}

/// What is known of a file.
#[derive(Debug, Clone, Default)]
pub(super) struct Known {
    /// Only rows that have all of these.
    pub(super) keep: Vec<Keep>,
    /// What the first option is called where answers are numbers and the file does not show it.
    pub(super) first_option: Option<i64>,
    /// What the codes of `DDXPlus` mean.
    pub(super) evidences: Option<Evidences>,
    /// What the ids of rows without one begin with, in the place of `row`.
    pub(super) id_prefix: Option<String>,
}

impl Known {
    pub(super) fn keeps(&self, row: &Row) -> bool {
        self.keep.iter().all(|keep| {
            row.text_at(&keep.field)
                .is_some_and(|text| text.to_lowercase() == keep.is.trim().to_lowercase())
        })
    }

    /// The rows that count, to be said behind "those that".
    pub(super) fn wanted(&self) -> String {
        let wanted: Vec<String> =
            self.keep.iter().map(|keep| format!("have {:?} in {}", keep.is, keep.field)).collect();
        wanted.join(" and ")
    }

    /// Names an item whose row has no id: by the number of its row among those that count.
    pub(super) fn name(&self, item: &mut Item, has_id: bool, n: usize) {
        if let Some(prefix) = self.id_prefix.as_ref().filter(|_| !has_id) {
            item.id.0 = format!("{prefix}-{n}");
        }
    }
}
