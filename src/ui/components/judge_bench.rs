//! Owns the parts of the page on which judges are measured.

pub(crate) mod figures;
pub(crate) mod form;
mod start;
