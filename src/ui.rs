//! Owns the page: what is drawn, and what a click does.

mod app;
mod components;
mod pages;
mod state;
mod words;

pub use app::mount;
