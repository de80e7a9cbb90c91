//! Owns the table of replies and what is to be read from them.
