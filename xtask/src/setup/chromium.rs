//! Owns the browser that the end-to-end tests drive.

use std::env;
use std::path::PathBuf;

use anyhow::{Result, bail};

use super::apt;
use crate::process::on_path;

const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
const MAC: &str = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";

/// The path of a Chromium: the one in `VIVA_CHROMIUM`, one that is installed, or one from apt.
pub(crate) fn find() -> Result<PathBuf> {
    if let Some(path) = env::var_os("VIVA_CHROMIUM").map(PathBuf::from) {
        if path.is_file() {
            return Ok(path);
        }
        bail!("VIVA_CHROMIUM names {}, and there is no such file", path.display());
    }
    if let Some(path) = installed() {
        return Ok(path);
    }
    if apt::usable() {
        if !apt::offers("chromium") {
            apt::update();
        }
        apt::install(&["chromium"])?;
        if let Some(path) = installed() {
            return Ok(path);
        }
    }
    bail!("Chromium is missing; {}", advice())
}

fn installed() -> Option<PathBuf> {
    on_path(&NAMES).or_else(|| Some(PathBuf::from(MAC)).filter(|path| path.is_file()))
}

fn advice() -> String {
    let install = if apt::exists() {
        format!("type: {}", apt::install_line(&["chromium"]))
    } else {
        "install Chromium or Chrome".to_owned()
    };
    format!("{install}\n(or set VIVA_CHROMIUM to the path of one)")
}
