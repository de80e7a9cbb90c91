//! Owns the way to the questions that come with the page.

use crate::browser::http;
use crate::dataset::{self, Import};

/// The bundled pack, or why it could not be had.
pub(crate) async fn core() -> Result<Import, String> {
    let bytes = http::own_file("datasets/core.json").await.map_err(|error| error.to_string())?;
    dataset::open("core.json", &bytes).map_err(|error| error.to_string())
}
