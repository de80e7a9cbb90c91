//! Owns the browser's process: how it starts, and that it never outlives the tests.

use std::ffi::OsString;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::place::Scratch;
use crate::{Error, Result, Within};

/// How long a browser may take to start on a machine that compiles something else meanwhile.
const START_LIMIT: Duration = Duration::from_mins(1);

/// The shell that starts the browser waits for its own standard input to close, which happens when the browser is dropped
/// and also when the tests are killed; then it ends the browser with all its processes.
const WATCHDOG: &str = r#"
log=$1; shift
setsid "$@" </dev/null >"$log" 2>&1 &
browser=$!
cat >/dev/null
kill -s KILL -- "-$browser" 2>/dev/null
wait
# Processes of the browser may need a moment to die, and still write.
for _ in 1 2 3 4 5; do
    [ -z "$VIVA_E2E_REMOVE" ] || rm -rf -- "$VIVA_E2E_REMOVE" 2>/dev/null && break
    sleep 0.1
done
"#;

const FLAGS: [&str; 25] = [
    "--headless=new",
    // The scripted providers sign their certificates themselves.
    "--ignore-certificate-errors",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-breakpad",
    "--disable-crash-reporter",
    "--disable-component-update",
    "--disable-component-extensions-with-background-pages",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-sync",
    "--disable-search-engine-choice-screen",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--no-default-browser-check",
    "--no-proxy-server",
    "--password-store=basic",
    "--use-mock-keychain",
    "--force-color-profile=srgb",
    "--lang=en-US",
    // Pages of tests that run side by side must not slow each other down as background tabs.
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
];

/// Names that lead anywhere but to this machine are not resolved: no test ever reaches the network.
const LOOPBACK_ONLY: &str =
    "MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE *.localhost, EXCLUDE 127.0.0.1";

/// The flag that makes a browser find these hosts on ports of this machine, and no other host anywhere. It is for
/// [`Browser::launch_with`](super::Browser::launch_with).
pub fn host_flag(hosts: &[(&str, u16)]) -> String {
    let maps = hosts.iter().map(|(host, port)| format!("MAP {host} 127.0.0.1:{port}"));
    let rules: Vec<String> = maps.chain([LOOPBACK_ONLY.to_owned()]).collect();
    format!("--host-resolver-rules={}", rules.join(", "))
}

/// The browser's files, which a test may keep from one browser to the next.
#[derive(Debug)]
pub struct Profile(Scratch);

impl Profile {
    /// An empty one; its files go when it is dropped.
    pub fn fresh() -> Result<Self> {
        Scratch::new("profile").map(Self)
    }

    pub(super) fn path(&self) -> &Path {
        self.0.path()
    }
}

/// The program to start: `VIVA_CHROMIUM`, or Debian's.
pub(crate) fn program() -> OsString {
    std::env::var_os("VIVA_CHROMIUM").unwrap_or_else(|| "/usr/bin/chromium".into())
}

/// A browser's process.
#[derive(Debug)]
pub(super) struct Process {
    watchdog: Child,
    pub(super) port: u16,
    pub(super) path: String,
}

impl Process {
    /// Starts a browser on `profile` and waits until it takes connections. With `remove`, the profile goes with the browser.
    pub(super) async fn start(profile: &Path, flags: &[String], remove: bool) -> Result<Self> {
        let announced = profile.join("DevToolsActivePort");
        let _ = std::fs::remove_file(&announced);
        let log = profile.join("browser.log");
        let program = program();
        if !Path::new(&program).exists() {
            return Err(Error::new(format!(
                "there is no browser at {}: install Debian's package chromium, or name another in VIVA_CHROMIUM",
                program.display()
            )));
        }
        let mut command = Command::new("/bin/sh");
        command.arg("-c").arg(WATCHDOG).arg("watchdog").arg(&log).arg(&program);
        command.args(FLAGS).arg(host_flag(&[])).arg("--remote-debugging-port=0");
        command
            .arg(format!("--user-data-dir={}", profile.display()))
            .args(flags)
            .arg("about:blank");
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        command.env("VIVA_E2E_REMOVE", if remove { profile.as_os_str() } else { "".as_ref() });
        let watchdog = command.spawn().within(|| "starting the browser".to_owned())?;
        let mut process = Self { watchdog, port: 0, path: String::new() };
        (process.port, process.path) = announcement(&announced, &log).await?;
        Ok(process)
    }

    /// Kills the browser with all its processes, as a crash would, and waits until it is gone.
    pub(super) fn kill(&mut self) {
        drop(self.watchdog.stdin.take());
        let _ = self.watchdog.wait();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

async fn announcement(file: &PathBuf, log: &PathBuf) -> Result<(u16, String)> {
    let start = Instant::now();
    while start.elapsed() < START_LIMIT {
        let text = std::fs::read_to_string(file).unwrap_or_default();
        if let Some((port, path)) = text.split_once('\n')
            && let Ok(port) = port.parse()
            && !path.is_empty()
        {
            return Ok((port, path.trim().to_owned()));
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let mut said = String::new();
    if let Ok(mut log) = std::fs::File::open(log) {
        let _ = log.read_to_string(&mut said);
    }
    Err(Error::new(format!(
        "the browser did not start in {} s; it said:\n{said}",
        START_LIMIT.as_secs()
    )))
}
