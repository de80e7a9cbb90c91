//! Owns the toolchain that compiles for wasm32: the native one with its target, or Debian's with the library's source.

use std::env;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Result, bail};

use super::apt;
use super::component::Component;
use super::version::{highest_numbered, rustc_version};
use crate::process::{
    Ending, clean_environment, clean_flags, native_cargo, on_path, output, run_watched, say,
};
use crate::workspace::{Workspace, extension};

/// The target that the page is compiled for.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";
/// The oldest compiler that the dependencies accept.
const OLDEST: (u32, u32) = (1, 89);
const NO_PROGRESS: Duration = Duration::from_secs(20);
const SYSTEM_BIN: &str = "/usr/bin";

/// A way to compile for wasm32.
pub(crate) enum Toolchain {
    /// The toolchain that runs this command has the target's library.
    Native { linker: Option<PathBuf> },
    /// Debian's compiler, which builds the library from its source.
    System { linker: PathBuf },
}

impl Toolchain {
    /// A cargo command that compiles for wasm32 with exactly `flags`.
    pub(crate) fn cargo(&self, workspace: &Workspace, subcommand: &str, flags: &[&str]) -> Command {
        let (mut command, linker) = match self {
            Self::Native { linker } => {
                let mut command = Command::new(native_cargo());
                clean_flags(&mut command);
                (command, linker.as_deref())
            }
            Self::System { linker } => (system_cargo(), Some(linker.as_path())),
        };
        if let Some(linker) = linker {
            command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker);
        }
        command
            .current_dir(&workspace.root)
            .env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"))
            .args([subcommand, "--target", TARGET, "--target-dir"])
            .arg(workspace.wasm_target());
        command
    }

    /// Makes sure that this toolchain has clippy.
    pub(crate) fn ensure_clippy(&self) -> Result<()> {
        let Self::System { .. } = self else { return super::component(Component::Clippy) };
        if Path::new(SYSTEM_BIN).join("cargo-clippy").is_file() {
            return Ok(());
        }
        let package = Component::Clippy.debian_package();
        if apt::usable() {
            apt::update();
            return apt::install(&[package]);
        }
        bail!("clippy for {SYSTEM_BIN}/rustc is missing; type: {}", apt::install_line(&[package]))
    }
}

fn system_cargo() -> Command {
    let mut command = Command::new(Path::new(SYSTEM_BIN).join("cargo"));
    clean_environment(&mut command);
    // Cargo looks for `cargo-clippy`, and that for `clippy-driver`, along the path.
    let path = env::var_os("PATH").unwrap_or_default();
    let rest = env::split_paths(&path).filter(|directory| directory != Path::new(SYSTEM_BIN));
    let path = env::join_paths(std::iter::once(PathBuf::from(SYSTEM_BIN)).chain(rest));
    command
        .env("PATH", path.unwrap_or_else(|_| OsString::from(SYSTEM_BIN)))
        .env("RUSTC", Path::new(SYSTEM_BIN).join("rustc"))
        // Building the library from source is an unstable option; this lets a stable compiler take it.
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort");
    command
}

/// Finds a toolchain for wasm32, and installs one where none is found.
pub(crate) fn find(workspace: &Workspace) -> Result<Toolchain> {
    if let Some(toolchain) = native() {
        return Ok(toolchain);
    }
    let failed_before = workspace.scratch("rustup-target-failed");
    if rustup_exists() && !failed_before.exists() {
        if run_rustup(&["target", "add", TARGET])?
            && let Some(toolchain) = native()
        {
            return Ok(toolchain);
        }
        remember(&failed_before);
    }
    if let Some(toolchain) = system() {
        say(&format!(
            "Compiling for {TARGET} with {SYSTEM_BIN}/rustc and the source of its library"
        ));
        return Ok(toolchain);
    }
    if apt::usable() {
        install_system()?;
        if let Some(toolchain) = system() {
            return Ok(toolchain);
        }
    }
    bail!("no compiler for {TARGET}; {}", advice())
}

fn native() -> Option<Toolchain> {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let printed = |what: &[&str]| output(Command::new(&rustc).args(what));
    let library = printed(&["--print", "target-libdir", "--target", TARGET])?;
    let entries = fs::read_dir(library.trim()).ok()?;
    let names = entries.flatten().map(|entry| entry.file_name());
    if !names.into_iter().any(|name| is_standard_library(&name)) {
        return None;
    }
    let own = printed(&["--print", "target-libdir"])?;
    let own_linker = Path::new(own.trim()).with_file_name("bin").join("rust-lld");
    let has_own = own_linker.with_extension(env::consts::EXE_EXTENSION).is_file();
    Some(Toolchain::Native { linker: if has_own { None } else { installed_linker() } })
}

fn is_standard_library(name: &OsStr) -> bool {
    name.to_str().is_some_and(|name| name.starts_with("libstd-") && extension(name) == "rlib")
}

fn system() -> Option<Toolchain> {
    let bin = Path::new(SYSTEM_BIN);
    if !bin.join("cargo").is_file() {
        return None;
    }
    let rustc = bin.join("rustc");
    let printed = |what: &[&str]| {
        let mut command = Command::new(&rustc);
        clean_environment(&mut command);
        output(command.args(what))
    };
    if rustc_version(&printed(&["-V"])?)? < OLDEST {
        return None;
    }
    let sysroot = printed(&["--print", "sysroot"])?;
    let source = Path::new(sysroot.trim()).join("lib/rustlib/src/rust/library/std/Cargo.toml");
    if !source.is_file() {
        return None;
    }
    Some(Toolchain::System { linker: installed_linker()? })
}

/// The newest `wasm-ld` of this machine; Debian puts the version into the name.
fn installed_linker() -> Option<PathBuf> {
    let entries = fs::read_dir(SYSTEM_BIN).ok()?;
    let names: Vec<String> =
        entries.flatten().filter_map(|entry| entry.file_name().into_string().ok()).collect();
    let numbered = highest_numbered(names.iter().map(String::as_str), "wasm-ld-");
    numbered.map(|name| Path::new(SYSTEM_BIN).join(name)).or_else(|| on_path(&["wasm-ld"]))
}

fn install_system() -> Result<()> {
    say(&format!("Set-up: no library for {TARGET} yet; taking Debian's compiler and its source"));
    apt::update();
    if !apt::offers("rustc-web") {
        return Ok(());
    }
    let lld = apt::newest_lld().unwrap_or_else(|| "lld".to_owned());
    apt::install(&["rustc-web", "cargo-web", "rust-web-src", &lld])
}

fn advice() -> String {
    if rustup_exists() {
        format!("type: rustup target add {TARGET}")
    } else if apt::exists() && apt::offers("rustc-web") {
        let lld = apt::newest_lld().unwrap_or_else(|| "lld".to_owned());
        let line = apt::install_line(&["rustc-web", "cargo-web", "rust-web-src", &lld]);
        format!("type: {line}")
    } else {
        format!("install rustup from https://rustup.rs, then type: rustup target add {TARGET}")
    }
}

pub(super) fn rustup_exists() -> bool {
    on_path(&["rustup"]).is_some()
}

/// Runs rustup, and says whether it succeeded. It can hang where its server cannot be reached.
pub(super) fn run_rustup(words: &[&str]) -> Result<bool> {
    say(&format!("Set-up: rustup {}", words.join(" ")));
    let home = env::var_os("RUSTUP_HOME")
        .map(PathBuf::from)
        .or_else(|| env::home_dir().map(|home| home.join(".rustup")));
    let downloaded = || home.as_deref().map_or(0, size_of_downloads);
    match run_watched(Command::new("rustup").args(words), NO_PROGRESS, downloaded)? {
        Ending::Succeeded => return Ok(true),
        Ending::Failed => eprintln!("    rustup failed"),
        Ending::Stuck => {
            eprintln!("    rustup made no progress for {} s and was ended", NO_PROGRESS.as_secs());
        }
    }
    Ok(false)
}

fn size_of_downloads(home: &Path) -> u64 {
    let files = ["downloads", "tmp"].map(|name| fs::read_dir(home.join(name)));
    let files = files.into_iter().flatten().flatten().flatten();
    files.filter_map(|file| file.metadata().ok()).map(|data| data.len()).sum()
}

fn remember(failure: &Path) {
    let text = "rustup could not add the target here. Delete this file to have it tried again.\n";
    if let Some(directory) = failure.parent() {
        fs::create_dir_all(directory).ok();
    }
    fs::write(failure, text).ok();
    eprintln!("    it will not be tried again; to have it tried, delete {}", failure.display());
}
