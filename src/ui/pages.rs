//! Owns the pages: one file each.

pub(super) mod about;
pub(super) mod case;
pub(super) mod catalogue;
pub(super) mod class;
pub(super) mod editor;
pub(super) mod exam;
pub(super) mod grade;
pub(super) mod judge_bench;
pub(super) mod later;
pub(super) mod ledger;
pub(super) mod models;
pub(super) mod questions;
pub(super) mod report;
pub(super) mod results;
pub(super) mod review;
pub(super) mod run;
pub(super) mod settings;
pub(super) mod start;
pub(super) mod study;
pub(super) mod trial;
