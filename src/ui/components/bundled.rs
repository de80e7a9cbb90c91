//! Owns the way to the questions that come with the page.

use crate::browser::librarian::{Librarian, Opening};
use crate::browser::{Error, http};
use crate::dataset::library::Summary;
use crate::dataset::{self, Import};

/// The file of the pack Core, without its folder.
pub(crate) const CORE: &str = "core.json";

/// The packs that come with the page: their ids and files.
const PACKS: [(&str, &str); 6] = [
    ("viva-core", CORE),
    ("viva-core-es", "core.es.json"),
    ("viva-everyone", "everyone.json"),
    ("viva-everyone-es", "everyone.es.json"),
    ("viva-open-cases", "open-cases.json"),
    ("viva-open-cases-es", "open-cases.es.json"),
];

/// The file of a pack that comes with the page, by the pack's id.
pub(crate) fn file_of(id: &str) -> Option<&'static str> {
    PACKS.iter().find(|(of, _)| *of == id).map(|(_, file)| *file)
}

/// The pack Core, in the page, or why it could not be had.
pub(crate) async fn core() -> Result<Import, String> {
    let bytes = bytes_of(CORE).await.map_err(|error| error.to_string())?;
    dataset::open(CORE, &bytes).map_err(|error| error.to_string())
}

/// A pack that comes with the page, in a thread of its own.
pub(crate) async fn shelf(file: &str) -> Result<(Librarian, Summary), Error> {
    let bytes = bytes_of(file).await?;
    Opening::start().await?.bytes(file, &bytes).await
}

async fn bytes_of(file: &str) -> Result<Vec<u8>, Error> {
    http::own_file(&format!("datasets/{file}")).await
}
