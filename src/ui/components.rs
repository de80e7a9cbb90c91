//! Owns the parts that several pages are made of.

pub(super) mod bundled;
pub(super) mod by_hand;
pub(super) mod choice;
pub(super) mod edit_field;
pub(super) mod endpoint_form;
pub(super) mod field;
pub(super) mod figures;
pub(super) mod file_drop;
pub(super) mod item_form;
pub(super) mod item_table;
pub(super) mod item_view;
pub(super) mod kind_form;
pub(super) mod panic_screen;
#[expect(dead_code, reason = "stands ready for the page of a run, which is being rebuilt")]
pub(super) mod prompt_preview;
pub(super) mod question;
pub(super) mod running;
pub(super) mod saved_runs;
