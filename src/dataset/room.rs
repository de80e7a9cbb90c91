//! Owns the growing of memory in large steps while a file is read.
//!
//! The allocator asks the browser for 64 KiB whenever it runs out. Each time the browser counts its memory anew and may
//! collect garbage, and with thousands of such steps that took two thirds of the time of opening a large file.

use std::hint::black_box;

/// What so many rows take while they are read, rather more than less.
const STEP_BYTES: usize = 16 << 20;
const STEP_ROWS: usize = 8_192;

/// Makes room for rows to come, once for many of them. Where there is none to be had nothing is lost: the next row finds out.
pub(super) fn make(n_rows: usize) {
    if n_rows % STEP_ROWS == STEP_ROWS - 1 {
        let mut room = Vec::<u8>::new();
        let _ = room.try_reserve_exact(STEP_BYTES);
        // What is freed stays with the allocator. Unseen, the compiler would leave both out.
        drop(black_box(room));
    }
}
