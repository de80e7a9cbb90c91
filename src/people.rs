//! Owns what people do themselves with questions and answers, from a plan to its figures: exams that they sit alone or as a
//! class, blinded reviews, and cases of their own. Knows no browser.

pub mod case;
pub mod class;
pub mod exam;
pub mod review;
