//! Owns the page: what is drawn, and what a click does.

#![allow(clippy::needless_pass_by_value, reason = "components own their properties")]

mod app;
mod charts;
mod components;
mod loads;
mod pages;
mod state;
mod words;

pub use app::mount;
