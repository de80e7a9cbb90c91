//! Owns the fuzz target `json`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| viva_fuzz::questions(bytes));
