//! Owns checks.
