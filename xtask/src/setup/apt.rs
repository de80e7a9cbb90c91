//! Owns Debian's and Ubuntu's package manager: what it offers, and installing from it as root.

use std::process::Command;
use std::sync::Once;

use anyhow::Result;

use super::is_root;
use super::version::highest_numbered;
use crate::process::{on_path, output, run, say};

/// Whether packages can be installed with apt-get here and by this user.
pub(super) fn usable() -> bool {
    exists() && is_root()
}

/// Whether this machine has apt-get.
pub(super) fn exists() -> bool {
    on_path(&["apt-get"]).is_some()
}

/// Whether the package lists offer `package`.
pub(super) fn offers(package: &str) -> bool {
    let policy = output(Command::new("apt-cache").env("LC_ALL", "C").args(["policy", package]));
    policy.is_some_and(|text| has_candidate(&text))
}

/// The newest linker package of the package lists, such as `lld-22`.
pub(super) fn newest_lld() -> Option<String> {
    let found = output(Command::new("apt-cache").args(["search", "--names-only", "^lld-[0-9]+$"]))?;
    let names = found.lines().filter_map(|line| line.split_whitespace().next());
    highest_numbered(names, "lld-").map(str::to_owned)
}

/// Fetches the package lists, once in the life of this process.
pub(super) fn update() {
    static UPDATED: Once = Once::new();
    UPDATED.call_once(|| {
        say("Set-up: fetching the package lists (apt-get update)");
        if let Err(error) = run(apt_get().args(["-q", "update"])) {
            eprintln!("    {error:#}; going on with the lists that are here");
        }
    });
}

/// Installs packages.
pub(super) fn install(packages: &[&str]) -> Result<()> {
    say(&format!("Set-up: installing {} (apt-get install)", packages.join(" ")));
    run(apt_get().args(["-q", "install", "-y", "--no-install-recommends"]).args(packages))
}

/// What a person types to install packages.
pub(super) fn install_line(packages: &[&str]) -> String {
    let sudo = if is_root() { "" } else { "sudo " };
    format!("{sudo}apt-get install --no-install-recommends {}", packages.join(" "))
}

fn apt_get() -> Command {
    let mut command = Command::new("apt-get");
    command.env("DEBIAN_FRONTEND", "noninteractive").env_remove("LD_LIBRARY_PATH");
    command
}

fn has_candidate(policy: &str) -> bool {
    policy
        .lines()
        .filter_map(|line| line.trim().strip_prefix("Candidate: "))
        .any(|version| version != "(none)")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_without_candidate_is_not_offered() {
        assert!(has_candidate("rustc-web:\n  Installed: (none)\n  Candidate: 1.96.0+dfsg1-1\n"));
        assert!(!has_candidate("rustc-web:\n  Installed: (none)\n  Candidate: (none)\n"));
        assert!(!has_candidate(""));
    }
}
