//! Owns what people do themselves with questions and answers, from a plan on paper to its figures. Knows no browser.

pub mod review;
