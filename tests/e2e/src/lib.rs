//! What the end-to-end tests stand on: a browser, a static file server, and a provider that behaves as real ones do.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "the library serves tests only: what cannot go on ends the test"
)]
#![allow(
    clippy::disallowed_methods,
    reason = "runs natively, with the clock and threads of the machine"
)]

pub mod app;
pub mod axe;
pub mod browser;
mod error;
pub mod graded;
mod http;
pub mod hub;
mod lock;
pub mod place;
pub mod provider;
pub mod questions;
pub mod results;
pub mod site;

use std::future::Future;
use std::sync::LazyLock;

use tokio::runtime::Runtime;

pub use error::{Error, Result, Within};

/// One runtime for the whole process, so that a browser started by one test serves the next.
static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime starts")
});

/// Runs a test to its end on the runtime that all tests of the process share.
///
/// # Panics
/// With the error, should there be one: that is how a test fails.
#[track_caller]
pub fn run(test: impl Future<Output = Result<()>>) {
    if let Err(error) = RUNTIME.block_on(test) {
        panic!("{error}");
    }
}
