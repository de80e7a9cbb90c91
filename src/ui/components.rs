//! Owns the parts that several pages are made of.

pub(super) mod built_in_model;
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
pub(super) mod openrouter;
pub(super) mod panic_screen;
pub(super) mod participant;
pub(super) mod paste_form;
pub(super) mod planning;
pub(super) mod prices;
pub(super) mod privacy_warning;
#[allow(dead_code, reason = "the page of a run does not show it yet")]
pub(super) mod prompt_preview;
pub(super) mod question;
pub(super) mod running;
pub(super) mod saved_runs;
pub(super) mod vault_form;
pub(super) mod window;
