//! Owns running other programs: what is said, how their environment is cleaned, and how a stuck one is ended.

use std::env;
use std::ffi::OsString;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// Says what happens next.
pub(crate) fn say(what: &str) {
    eprintln!("==> {what}");
}

/// Says what happens next, does it, and says how long it took.
pub(crate) fn timed<T>(what: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    say(what);
    let start = Instant::now();
    let done = work()?;
    eprintln!("    done in {}", seconds(start.elapsed()));
    Ok(done)
}

/// A duration in seconds with one decimal.
pub(crate) fn seconds(duration: Duration) -> String {
    format!("{:.1} s", duration.as_secs_f64())
}

/// Runs a command to its end with the terminal as its own.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("cannot start {}", name(command)))?;
    if !status.success() {
        bail!("{} failed ({status})", name(command));
    }
    Ok(())
}

/// What a command writes to standard output, or nothing when it fails or does not exist.
pub(crate) fn output(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs a command and hands each line of its standard output on, after printing it.
pub(crate) fn run_reading(command: &mut Command, mut line_read: impl FnMut(&str)) -> Result<()> {
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start {}", name(command)))?;
    if let Some(stdout) = child.stdout.take() {
        for line in BufReader::new(stdout).split(b'\n') {
            let line = line.context("cannot read what the tests print")?;
            let line = String::from_utf8_lossy(&line);
            println!("{line}");
            line_read(&line);
        }
    }
    let status = child.wait()?;
    if !status.success() {
        bail!("{} failed ({status})", name(command));
    }
    Ok(())
}

/// How a command that is watched for progress ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    Succeeded,
    Failed,
    Stuck,
}

/// Runs a command, and ends it with all its children when nothing moves for `limit`.
///
/// Progress is a byte written by the command, or a change of `size`: downloads that print nothing grow a file.
pub(crate) fn run_watched(
    command: &mut Command,
    limit: Duration,
    size: impl Fn() -> u64,
) -> Result<Ending> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    lead_process_group(command);
    let mut child = command.spawn().with_context(|| format!("cannot start {}", name(command)))?;
    let (sender, bytes) = mpsc::channel();
    for pipe in [child.stdout.take().map(boxed), child.stderr.take().map(boxed)] {
        let sender = sender.clone();
        thread::spawn(move || copy_to_terminal(pipe, &sender));
    }
    drop(sender);
    let mut moved = Instant::now();
    let mut last_size = size();
    loop {
        match bytes.recv_timeout(Duration::from_millis(500)) {
            Ok(()) => moved = Instant::now(),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => {
                let succeeded = child.wait()?.success();
                return Ok(if succeeded { Ending::Succeeded } else { Ending::Failed });
            }
        }
        let now_size = size();
        if now_size != last_size {
            (last_size, moved) = (now_size, Instant::now());
        }
        if moved.elapsed() > limit {
            end_process_group(&mut child);
            return Ok(Ending::Stuck);
        }
    }
}

fn boxed<R: Read + Send + 'static>(pipe: R) -> Box<dyn Read + Send> {
    Box::new(pipe)
}

fn copy_to_terminal(pipe: Option<Box<dyn Read + Send>>, moved: &mpsc::Sender<()>) {
    let Some(mut pipe) = pipe else { return };
    let mut buffer = [0; 4096];
    while let Ok(count @ 1..) = pipe.read(&mut buffer) {
        eprint!("{}", String::from_utf8_lossy(&buffer[..count]));
        if moved.send(()).is_err() {
            break;
        }
    }
}

#[cfg(unix)]
fn lead_process_group(command: &mut Command) {
    std::os::unix::process::CommandExt::process_group(command, 0);
}

#[cfg(not(unix))]
fn lead_process_group(_command: &mut Command) {}

fn end_process_group(child: &mut Child) {
    if cfg!(unix) {
        let group = format!("-{}", child.id());
        let kill = Command::new("kill").args(["-KILL", "--", &group]).status();
        if kill.is_ok_and(|status| status.success()) {
            child.wait().ok();
            return;
        }
    }
    child.kill().ok();
    child.wait().ok();
}

fn name(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    let mut name = program.to_string_lossy().into_owned();
    if let Some(first) = command.get_args().next() {
        name.push(' ');
        name.push_str(&first.to_string_lossy());
    }
    name
}

/// Whether the outer cargo, or rustup, set this variable for us: another toolchain must not see it.
fn set_by_cargo(name: &str) -> bool {
    const EXACT: [&str; 12] = [
        "CARGO",
        "CARGO_BIN_NAME",
        "CARGO_CRATE_NAME",
        "CARGO_MANIFEST_DIR",
        "CARGO_MANIFEST_PATH",
        "CARGO_PRIMARY_PACKAGE",
        "LD_LIBRARY_PATH",
        "RUSTC",
        "RUSTDOC",
        "RUSTUP_TOOLCHAIN",
        "RUSTUP_TOOLCHAIN_SOURCE",
        "RUST_RECURSION_COUNT",
    ];
    EXACT.contains(&name) || name.starts_with("CARGO_PKG_")
}

/// Whether this variable carries compiler flags that are meant for the native target.
fn carries_flags(name: &str) -> bool {
    matches!(
        name,
        "RUSTFLAGS" | "CARGO_ENCODED_RUSTFLAGS" | "CARGO_BUILD_TARGET" | "CARGO_TARGET_DIR"
    )
}

/// Removes from `command` what only the outer cargo and the native target should see.
pub(crate) fn clean_environment(command: &mut Command) {
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        if set_by_cargo(&text) || carries_flags(&text) {
            command.env_remove(&name);
        }
    }
}

/// Removes the native target's compiler flags only, for a second build by the same toolchain.
pub(crate) fn clean_flags(command: &mut Command) {
    for (name, _) in env::vars_os() {
        if carries_flags(&name.to_string_lossy()) {
            command.env_remove(&name);
        }
    }
}

/// The cargo that started this command, or the one on the path.
pub(crate) fn native_cargo() -> OsString {
    env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// The first of `names` that is an executable file on the path.
pub(crate) fn on_path(names: &[&str]) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    let directories: Vec<PathBuf> = env::split_paths(&path).collect();
    names.iter().find_map(|name| {
        let file = format!("{name}{}", env::consts::EXE_SUFFIX);
        directories.iter().map(|directory| directory.join(&file)).find(|path| path.is_file())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn a_command_that_stops_moving_is_ended_with_its_children() {
        let start = Instant::now();
        let limit = Duration::from_millis(300);
        let ending = run_watched(&mut shell("echo begins; sleep 600 & wait"), limit, || 0).unwrap();
        assert_eq!(ending, Ending::Stuck);
        assert!(start.elapsed() < Duration::from_secs(20));
    }

    #[test]
    fn a_slow_command_that_keeps_moving_is_left_alone() {
        let script = "for i in 1 2 3 4 5; do sleep 0.4; echo $i; done";
        let ending = run_watched(&mut shell(script), Duration::from_millis(1500), || 0).unwrap();
        assert_eq!(ending, Ending::Succeeded);
    }

    #[test]
    fn a_growing_download_counts_as_progress() {
        let size = std::cell::Cell::new(0);
        let grow = || size.replace(size.get() + 1);
        let limit = Duration::from_millis(700);
        let ending = run_watched(&mut shell("sleep 2"), limit, grow).unwrap();
        assert_eq!(ending, Ending::Succeeded);
    }

    #[test]
    fn a_failing_command_is_told_from_a_stuck_one() {
        let ending = run_watched(&mut shell("exit 3"), Duration::from_secs(5), || 0).unwrap();
        assert_eq!(ending, Ending::Failed);
    }

    #[test]
    fn what_cargo_sets_is_told_from_what_the_person_sets() {
        for name in ["CARGO", "CARGO_PKG_NAME", "RUSTUP_TOOLCHAIN", "RUSTC", "LD_LIBRARY_PATH"] {
            assert!(set_by_cargo(name), "{name}");
        }
        for name in ["CARGO_HOME", "CARGO_BUILD_JOBS", "RUSTUP_HOME", "CARGO_REGISTRY_TOKEN"] {
            assert!(!set_by_cargo(name) && !carries_flags(name), "{name}");
        }
    }
}
