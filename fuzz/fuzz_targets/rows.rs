//! Owns the fuzz target `rows`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| viva_fuzz::rows(bytes));
