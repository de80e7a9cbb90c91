//! Owns keeping an exam or a class in the browser, and finding it again.

use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::browser::Error;
use crate::browser::store::Store;

/// What was kept under a name; `None` where nothing was, or what was there is no longer understood.
pub(crate) async fn kept<T: DeserializeOwned>(name: &str) -> Result<Option<T>, Error> {
    let text: Option<String> = Store::open().await?.setting(name).await?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
}

/// Keeps something under a name. As JSON, so that a field it gains does not change the database.
pub(crate) async fn keep(name: &str, value: &impl Serialize) -> Result<(), Error> {
    let text = serde_json::to_string(value)?;
    Store::open().await?.put_setting(name, &text).await
}

/// Keeps something and says where that failed.
pub(crate) fn keep_or_tell(
    name: String,
    value: impl Serialize + 'static,
    error: RwSignal<Option<String>>,
) {
    spawn_local(async move {
        let failed = keep(&name, &value).await.err();
        error.try_set(failed.map(|failed| {
            format!("{failed}. Do not close this page before you have handed in: what you answer now is in this tab only.")
        }));
    });
}
