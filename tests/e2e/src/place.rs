//! Owns where files go: scratch folders that vanish, and evidence of failures that stays.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use crate::Result;

/// A folder for the length of a test.
#[derive(Debug)]
pub struct Scratch(PathBuf);

impl Scratch {
    /// Makes an empty folder with `name` in its path.
    pub fn new(name: &str) -> Result<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let path =
            std::env::temp_dir().join(format!("viva-e2e-{}-{number}-{name}", std::process::id()));
        std::fs::create_dir_all(&path)?;
        Ok(Self(path))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Writes a file into it, with the folders that its name asks for.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> Result<PathBuf> {
        let path = self.0.join(name);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(&path, content)?;
        Ok(path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // A browser that is just ending may still write to its profile; what is left in the end is the system's to clear.
        for _ in 0..5 {
            if std::fs::remove_dir_all(&self.0).is_ok() || !self.0.exists() {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
    }
}

/// Cargo's target folder: the one this program was built into.
pub fn target() -> PathBuf {
    let built = std::env::current_exe().ok();
    let marked = built
        .iter()
        .flat_map(|path| path.ancestors())
        .find(|folder| folder.join("CACHEDIR.TAG").is_file());
    marked.map_or_else(|| workspace().join("target"), Path::to_path_buf)
}

/// The folder of the workspace's Cargo.toml.
pub fn workspace() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.ancestors().nth(2).unwrap_or(package).to_path_buf()
}

/// A path in `target/e2e` for something that is to be looked at later, named for the running test.
pub(crate) fn evidence(extension: &str) -> Result<PathBuf> {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let folder = target().join("e2e");
    std::fs::create_dir_all(&folder)?;
    let thread = std::thread::current();
    let test: String = thread
        .name()
        .unwrap_or("unnamed")
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
        .collect();
    Ok(folder.join(format!("{test}-{number}.{extension}")))
}

/// A folder or file of the real data that tests use where it is present: below `VIVA_SHARED_DATA`, or beside the workspace.
pub fn shared_data(name: &str) -> Option<PathBuf> {
    let named = std::env::var_os("VIVA_SHARED_DATA").map(PathBuf::from);
    let beside = workspace().parent().map(|parent| parent.join("shared/data"));
    let found = named.into_iter().chain(beside).map(|data| data.join(name));
    found.into_iter().find(|path| path.exists())
}
