//! Owns the commands that judge the work: test, lint and bench.

use std::env;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::args::BuildOptions;
use crate::dist::{self, Mode};
use crate::process::{native_cargo, run, run_reading, say, seconds};
use crate::setup::{self, Component};
use crate::workspace::Workspace;

/// The package of the end-to-end tests and of the benchmark.
const E2E: &str = "viva-e2e";

/// `cargo xtask test`.
pub(crate) fn test() -> Result<()> {
    let workspace = Workspace::find();
    let mut summary = Summary::default();
    // What can be missing is found before anything is built.
    let chromium = setup::chromium()?;
    setup::npm_packages(&workspace.root.join("tests/e2e"))?;

    // Apart from each other: together their dependencies have other features, and those of this
    // command would be compiled a second time.
    summary.step("native tests", |counts| {
        let mut command = native(&workspace);
        command.args(["test", "--workspace", "--exclude", E2E, "--exclude", "xtask"]);
        run_reading(&mut command, |line| counts.read(line))
    });
    summary.step("tests of xtask", |counts| {
        let mut command = native(&workspace);
        run_reading(command.args(["test", "--package", "xtask"]), |line| counts.read(line))
    });
    let mut dist = None;
    summary.step("release page", |_| {
        dist = Some(dist::build(&workspace, Mode::Release, &BuildOptions::default())?);
        Ok(())
    });
    if let Some(dist) = dist {
        summary.step("end-to-end tests", |counts| {
            let mut command = with_page(native(&workspace), &dist, &chromium);
            command.args(["test", "--package", E2E]);
            run_reading(&mut command, |line| counts.read(line))
        });
    }
    summary.finish()
}

/// `cargo xtask lint`.
pub(crate) fn lint() -> Result<()> {
    const DENY: [&str; 3] = ["--", "-D", "warnings"];
    let workspace = Workspace::find();
    setup::component(Component::Rustfmt)?;
    setup::component(Component::Clippy)?;
    let toolchain = setup::wasm_toolchain(&workspace)?;
    toolchain.ensure_clippy()?;

    let mut summary = Summary::default();
    summary.step("formatting", |_| run(native(&workspace).args(["fmt", "--all", "--check"])));
    summary.step("clippy, native", |_| {
        run(native(&workspace).args(["clippy", "--workspace", "--all-targets"]).args(DENY))
    });
    summary.step("clippy, wasm32", |_| {
        // The profile of the release page, so that its build scripts and macros are not built again.
        let page = ["--package", "viva", "--all-targets", "--profile", "release"];
        run(toolchain.cargo(&workspace, "clippy", &[]).args(page).args(DENY))
    });
    summary.finish()
}

/// `cargo xtask bench`.
pub(crate) fn bench(arguments: &[String]) -> Result<()> {
    let workspace = Workspace::find();
    let binary = workspace.root.join("tests/e2e/src/bin");
    if !binary.join("bench.rs").is_file() && !binary.join("bench/main.rs").is_file() {
        bail!("there is no benchmark: tests/e2e/src/bin/bench.rs does not exist");
    }
    let chromium = setup::chromium()?;
    let dist = dist::build(&workspace, Mode::Release, &BuildOptions::default())?;
    say("Running the benchmark");
    let mut command = with_page(native(&workspace), &dist, &chromium);
    run(command
        .args(["run", "--profile", "tools", "--package", E2E, "--bin", "bench", "--"])
        .args(arguments))
}

/// A cargo command for this machine.
fn native(workspace: &Workspace) -> Command {
    let mut command = Command::new(native_cargo());
    command.current_dir(&workspace.root);
    for (name, _) in env::vars_os() {
        // Cargo sets these for the program it runs; tests must see their own package's.
        if name.to_string_lossy().starts_with("CARGO_PKG_") {
            command.env_remove(name);
        }
    }
    command.env_remove("CARGO_MANIFEST_DIR");
    command
}

/// Tells the end-to-end package where the page and the browser are.
fn with_page(mut command: Command, dist: &Path, chromium: &Path) -> Command {
    command.env("VIVA_DIST", dist).env("VIVA_CHROMIUM", chromium);
    command
}

/// What the test harness counted.
#[derive(Debug, Default, PartialEq, Eq)]
struct Counts {
    passed: u32,
    failed: u32,
    ignored: u32,
}

impl Counts {
    /// Adds what a line such as `test result: ok. 3 passed; 0 failed; 1 ignored; …` counts.
    fn read(&mut self, line: &str) {
        let Some((_, counts)) =
            line.strip_prefix("test result: ").and_then(|rest| rest.split_once(". "))
        else {
            return;
        };
        for part in counts.split("; ") {
            let Some((number, word)) = part.split_once(' ') else { continue };
            let number = number.parse().unwrap_or(0);
            match word {
                "passed" => self.passed += number,
                "failed" => self.failed += number,
                "ignored" => self.ignored += number,
                _ => {}
            }
        }
    }
}

/// What was done, and how each part ended.
#[derive(Default)]
struct Summary {
    steps: Vec<Step>,
}

struct Step {
    name: &'static str,
    counts: Counts,
    took: Duration,
    failure: Option<String>,
}

impl Summary {
    /// Does one part. A failure is kept for the end, so that the other parts are seen too.
    fn step(&mut self, name: &'static str, work: impl FnOnce(&mut Counts) -> Result<()>) {
        say(&format!("Checking: {name}"));
        let start = Instant::now();
        let mut counts = Counts::default();
        let failure = work(&mut counts).err().map(|error| format!("{error:#}"));
        self.steps.push(Step { name, counts, took: start.elapsed(), failure });
    }

    fn finish(self) -> Result<()> {
        println!("\nSummary");
        for step in &self.steps {
            println!("{}", step.line());
        }
        let failed: Vec<&str> =
            self.steps.iter().filter(|step| step.failure.is_some()).map(|step| step.name).collect();
        if !failed.is_empty() {
            bail!("failed: {}", failed.join(", "));
        }
        Ok(())
    }
}

impl Step {
    fn line(&self) -> String {
        let Counts { passed, failed, ignored } = self.counts;
        let counts = if passed + failed + ignored == 0 {
            String::new()
        } else {
            format!(", {passed} passed, {failed} failed, {ignored} ignored")
        };
        let outcome = match &self.failure {
            None => "ok".to_owned(),
            Some(failure) => format!("FAILED: {failure}"),
        };
        format!("  {:<17} {:>8}  {outcome}{counts}", self.name, seconds(self.took))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_counts_of_several_harnesses_add_up() {
        let mut counts = Counts::default();
        counts.read("running 4 tests");
        counts.read("test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out");
        counts.read(
            "test result: FAILED. 2 passed; 1 failed; 0 ignored; 0 measured; finished in 0.1s",
        );
        assert_eq!(counts, Counts { passed: 5, failed: 1, ignored: 1 });
    }

    #[test]
    fn one_failed_part_fails_the_whole_and_the_rest_is_still_done() {
        let mut summary = Summary::default();
        let mut later = false;
        summary.step("first", |_| bail!("broken"));
        summary.step("second", |_| {
            later = true;
            Ok(())
        });
        assert!(later);
        assert_eq!(summary.finish().unwrap_err().to_string(), "failed: first");
    }
}
