//! Owns where things lie in the repository, and the versions that its lock file fixes.

use std::env;
use std::path::{Path, PathBuf};

/// The repository and where its products go.
pub(crate) struct Workspace {
    pub(crate) root: PathBuf,
    target: PathBuf,
}

impl Workspace {
    /// The repository that this command was started in.
    pub(crate) fn find() -> Self {
        // Cargo says where the package is at run time; the path at compile time is stale after a move.
        let package = env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = package.parent().unwrap_or(&package).to_path_buf();
        let target = env::var_os("CARGO_TARGET_DIR")
            .map_or_else(|| root.join("target"), |path| root.join(PathBuf::from(path)));
        Self { root, target }
    }

    /// Where the finished page lies.
    pub(crate) fn dist(&self) -> PathBuf {
        self.root.join("dist")
    }

    /// Cargo's directory for wasm, apart from the native one so that neither waits for the other's lock.
    pub(crate) fn wasm_target(&self) -> PathBuf {
        self.target.join("wasm")
    }

    /// A file or directory that belongs to these commands.
    pub(crate) fn scratch(&self, name: &str) -> PathBuf {
        self.target.join("xtask").join(name)
    }
}

/// `path` as a person reads it: relative to the repository where it lies inside.
pub(crate) fn shown<'a>(path: &'a Path, root: &Path) -> std::path::Display<'a> {
    path.strip_prefix(root).unwrap_or(path).display()
}

/// What follows the last full stop of a file's name.
pub(crate) fn extension(path: &str) -> &str {
    path.rsplit_once('.').map_or("", |(_, extension)| extension)
}

/// The version of `package` in the text of a `Cargo.lock`.
#[cfg(test)]
fn locked_version<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let mut lines = lock.lines();
    let name = format!("name = \"{package}\"");
    lines.find(|line| *line == name)?;
    lines.next()?.strip_prefix("version = \"")?.strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_post_processor_has_the_version_of_the_locked_wasm_bindgen() {
        let lock = std::fs::read_to_string(Workspace::find().root.join("Cargo.lock")).unwrap();
        let ours = locked_version(&lock, "wasm-bindgen-cli-support");
        assert!(ours.is_some());
        assert_eq!(
            ours,
            locked_version(&lock, "wasm-bindgen"),
            "set both to the same \"=\" version, in Cargo.toml and xtask/Cargo.toml"
        );
    }

    #[test]
    fn a_locked_version_is_read_from_the_package_of_that_very_name() {
        let lock = "[[package]]\nname = \"ab\"\nversion = \"2.0.0\"\n\n\
                    [[package]]\nname = \"a\"\nversion = \"1.0.0\"\n";
        assert_eq!(locked_version(lock, "a"), Some("1.0.0"));
        assert_eq!(locked_version(lock, "b"), None);
    }
}
