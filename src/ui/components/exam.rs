//! Owns the parts of sitting an exam: choosing it, answering it, and what came of it.

pub(crate) mod answering;
pub(crate) mod asking;
pub(crate) mod choosing;
pub(crate) mod kept;
pub(crate) mod outcome;
