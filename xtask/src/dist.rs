//! Owns `dist/`: the page's files with names that change with their content.

mod assets;
mod compile;
mod css;
mod html;
mod sizes;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::args::BuildOptions;
use crate::process::{say, timed};
use crate::setup;
use crate::workspace::{Workspace, shown};
use assets::Files;

/// For whom the page is built.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Quick to build, with checks on.
    Development,
    /// Small, compressed, and held to the budget.
    Release,
}

/// `cargo xtask build`.
pub(crate) fn run(options: &BuildOptions) -> Result<()> {
    let workspace = Workspace::find();
    let dist = build(&workspace, Mode::Release, options)?;
    say(&format!("The page is in {}/", shown(&dist, &workspace.root)));
    Ok(())
}

/// Compiles the page and writes it to `dist/`, whose path is returned.
pub(crate) fn build(workspace: &Workspace, mode: Mode, options: &BuildOptions) -> Result<PathBuf> {
    let toolchain = setup::wasm_toolchain(workspace)?;
    let title = match mode {
        Mode::Development => "Compiling the page for development",
        Mode::Release => "Compiling the page for release (some minutes the first time)",
    };
    let wasm = timed(title, || compile::cargo(workspace, &toolchain, mode))?;
    let mut program =
        timed("Generating the JavaScript side", || compile::bindgen(workspace, &wasm, mode))?;
    if mode == Mode::Release {
        compile::optimise(workspace, &mut program)?;
    }
    let page = assets::assemble(&workspace.root, program, options)?;
    let dist = workspace.dist();
    let compressed = match mode {
        Mode::Development => Vec::new(),
        Mode::Release => timed("Compressing", || Ok(sizes::compress(&page.files)))?,
    };
    write(&dist, &page.files)?;
    for file in &compressed {
        fs::write(dist.join(format!("{}.br", file.name)), &file.brotli)?;
    }
    if mode == Mode::Release {
        sizes::report(&page, &compressed)?;
    }
    Ok(dist)
}

/// Replaces what is in `dist` with `files`.
fn write(dist: &Path, files: &Files) -> Result<()> {
    if dist.exists() {
        fs::remove_dir_all(dist).with_context(|| format!("cannot clear {}", dist.display()))?;
    }
    for (name, bytes) in files {
        let path = dist.join(name);
        if let Some(directory) = path.parent() {
            fs::create_dir_all(directory)?;
        }
        fs::write(&path, bytes).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}
