//! Owns the npm packages that only tests use, where the end-to-end tests ask for any.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::apt;
use crate::process::{on_path, run, timed};

/// Installs what `directory/package-lock.json` names, unless that was done since it last changed.
pub(crate) fn ensure(directory: &Path) -> Result<()> {
    let lock = directory.join("package-lock.json");
    if !lock.is_file() || is_newer(&directory.join("node_modules/.package-lock.json"), &lock) {
        return Ok(());
    }
    if on_path(&["npm"]).is_none() {
        if apt::usable() {
            apt::update();
            apt::install(&["nodejs", "npm"])?;
        } else if apt::exists() {
            bail!("npm is missing; type: {}", apt::install_line(&["nodejs", "npm"]));
        } else {
            bail!("npm is missing; install Node.js from https://nodejs.org");
        }
    }
    let npm = on_path(&["npm"]).context("npm is still not on the path")?;
    timed("Set-up: installing the npm packages that tests use (npm ci)", || {
        let quiet = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];
        run(Command::new(npm).args(quiet).current_dir(directory))
    })
}

fn is_newer(product: &Path, source: &Path) -> bool {
    let time = |path: &Path| path.metadata().and_then(|data| data.modified());
    matches!((time(product), time(source)), (Ok(product), Ok(source)) if product >= source)
}
