//! Owns the choices of columns that are remembered between visits, in the browser's storage.

use super::error::Error;
use super::store::Store;
use crate::dataset::mapping::{Column, Mapping, Memory};

/// The setting that holds them.
const NAME: &str = "columns";

/// All that is remembered.
pub async fn memory() -> Result<Memory, Error> {
    Ok(Store::open().await?.setting(NAME).await?.unwrap_or_default())
}

/// Remembers what columns with these names are.
pub async fn keep(columns: &[Column], mapping: &Mapping) -> Result<(), Error> {
    change(|memory| memory.keep(columns, mapping)).await
}

/// Forgets what columns with these names are.
pub async fn forget(columns: &[Column]) -> Result<(), Error> {
    change(|memory| memory.forget(columns)).await
}

/// Forgets all.
pub async fn forget_all() -> Result<(), Error> {
    change(|memory| *memory = Memory::default()).await
}

async fn change(change: impl FnOnce(&mut Memory)) -> Result<(), Error> {
    let store = Store::open().await?;
    let mut memory: Memory = store.setting(NAME).await?.unwrap_or_default();
    change(&mut memory);
    store.put_setting(NAME, &memory).await
}
