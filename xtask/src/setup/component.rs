//! Owns the parts of the native toolchain that lints need: clippy and rustfmt.

use std::process::Command;

use anyhow::{Result, bail};

use super::{apt, wasm};
use crate::process::{native_cargo, output};

/// A part of a toolchain that may be missing.
#[derive(Clone, Copy)]
pub(crate) enum Component {
    Clippy,
    Rustfmt,
}

impl Component {
    fn name(self) -> &'static str {
        match self {
            Self::Clippy => "clippy",
            Self::Rustfmt => "rustfmt",
        }
    }

    fn cargo_command(self) -> &'static str {
        match self {
            Self::Clippy => "clippy",
            Self::Rustfmt => "fmt",
        }
    }

    pub(super) fn debian_package(self) -> &'static str {
        match self {
            Self::Clippy => "rust-web-clippy",
            Self::Rustfmt => "rustfmt-web",
        }
    }
}

/// Makes sure that the native cargo has `component`.
pub(crate) fn ensure(component: Component) -> Result<()> {
    if is_present(component) {
        return Ok(());
    }
    if wasm::rustup_exists() {
        wasm::run_rustup(&["component", "add", component.name()])?;
    } else if apt::usable() {
        apt::update();
        apt::install(&[component.debian_package()])?;
    }
    if is_present(component) {
        return Ok(());
    }
    let name = component.name();
    if wasm::rustup_exists() {
        bail!("{name} is missing; type: rustup component add {name}");
    }
    bail!("{name} is missing; install it for the cargo that runs this command");
}

fn is_present(component: Component) -> bool {
    output(Command::new(native_cargo()).args([component.cargo_command(), "--version"])).is_some()
}
