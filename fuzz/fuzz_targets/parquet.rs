//! Owns the fuzz target `parquet`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| viva_fuzz::parquet(bytes));
