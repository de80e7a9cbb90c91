//! Owns the parts of an exam for a class: the student's side, and the teacher's.

mod figures;
mod intake;
pub(crate) mod making;
mod passing;
mod projector;
pub(crate) mod room;
pub(crate) mod student;
