//! Owns the fuzz target `pack`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| viva_fuzz::pack(bytes));
