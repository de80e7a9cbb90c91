//! Owns the fuzz target `gzip`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| viva_fuzz::gzip(bytes));
