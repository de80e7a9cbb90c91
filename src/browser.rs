//! Owns every use of web-sys and js-sys: what the page asks of the browser, in the core's terms.

mod ask;
pub mod camera;
pub mod clock;
pub mod columns;
pub mod connection;
pub mod crypto;
pub mod driver;
pub mod error;
pub mod files;
pub mod http;
pub mod keys;
pub mod ledger;
pub mod librarian;
pub mod line_index;
pub mod loader;
pub mod lock;
pub mod locked;
pub mod marks;
pub mod overruling;
pub mod page;
pub mod permission;
pub mod pictures;
pub mod pkce;
pub mod prompt_api;
pub mod quota;
pub mod reviews;
pub mod store;
pub mod vault;

pub use error::Error;
