//! Owns the one error of this library: what was tried, what came instead, and what the page looked like.

use std::fmt;

/// Ends a test.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong, in words for whoever reads the log of the tests.
pub struct Error(String);

impl Error {
    /// An error that says `text`.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The same error with more lines below it.
    #[must_use]
    pub fn and(mut self, more: &str) -> Self {
        self.0.push('\n');
        self.0.push_str(more);
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

// The test harness prints errors by Debug: it must be as readable.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Error {}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        Self(error.to_string())
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self(format!("not the JSON that was expected: {error}"))
    }
}

/// Says during which step an error came.
pub trait Within<T> {
    /// Puts `what()` before the error.
    fn within(self, what: impl FnOnce() -> String) -> Result<T>;
}

impl<T, E: fmt::Display> Within<T> for std::result::Result<T, E> {
    fn within(self, what: impl FnOnce() -> String) -> Result<T> {
        self.map_err(|error| Error(format!("{}: {error}", what())))
    }
}
