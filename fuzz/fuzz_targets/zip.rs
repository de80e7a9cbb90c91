//! Owns the fuzz target `zip`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| viva_fuzz::zip(bytes));
