//! Owns the parts that several pages are made of.

pub(super) mod field;
pub(super) mod file_drop;
pub(super) mod panic_screen;
