//! Owns the tests of judging.
