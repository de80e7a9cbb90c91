//! Owns the properties of reading a choice.
