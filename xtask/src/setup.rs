//! Owns set-up: what a command needs on this machine, found or installed before it starts.

mod apt;
mod chromium;
mod component;
mod npm;
mod version;
mod wasm;

pub(crate) use chromium::find as chromium;
pub(crate) use component::{Component, ensure as component};
pub(crate) use npm::ensure as npm_packages;
pub(crate) use wasm::{Toolchain, find as wasm_toolchain};

use std::process::Command;

use crate::process::output;

/// Whether packages of the system may be installed by this user.
fn is_root() -> bool {
    output(Command::new("id").arg("-u")).is_some_and(|id| id.trim() == "0")
}
