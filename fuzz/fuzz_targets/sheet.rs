//! Owns the fuzz target `sheet`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| viva_fuzz::sheet(bytes));
