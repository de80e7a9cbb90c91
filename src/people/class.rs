//! Owns an exam for a class: the paper that a link carries, what is locked in it, and what students hand in.

pub mod code;
pub mod figures;
pub mod gather;
pub mod letters;
pub mod paper;
pub mod room;
pub mod run;
pub mod unlock;

pub use code::{CodeError, HandIn};
pub use figures::{ClassFigures, class_figures};
pub use gather::{Hall, Refused, Taken};
pub use paper::{Locked, Paper, PaperError, Secret, Witness};
pub use room::{Classroom, Place};
pub use unlock::{UnlockCode, UnlockError};
