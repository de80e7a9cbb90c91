//! Owns the fuzz target `answers`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| viva_fuzz::results(bytes));
