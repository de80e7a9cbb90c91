//! Owns the fuzz target `review`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| viva_fuzz::review(bytes));
