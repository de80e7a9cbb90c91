//! Owns what a page left in the browser: cookies, databases, caches.

use serde_json::{Value, json};

use super::Page;
use crate::Result;

/// Everything in all databases of the page's origin, as JSON.
const DATABASES: &str = r"(async () => {
    const asked = request => new Promise((yes, no) => {
        request.onsuccess = () => yes(request.result);
        request.onerror = () => no(request.error);
    });
    const all = {};
    for (const { name } of await indexedDB.databases()) {
        const database = await asked(indexedDB.open(name));
        const stores = all[name] = {};
        for (const store of database.objectStoreNames) {
            stores[store] = await asked(database.transaction(store).objectStore(store).getAll());
        }
        database.close();
    }
    return all;
})()";

impl Page {
    /// Removes cookies, databases, caches and workers of an origin, as a person who clears the site's data.
    pub async fn clear_storage(&self, origin: &str) -> Result<()> {
        let params = json!({"origin": origin, "storageTypes": "all"});
        self.call("Storage.clearDataForOrigin", params).await?;
        self.call("Network.clearBrowserCookies", json!({})).await?;
        self.call("Network.clearBrowserCache", json!({})).await.map(drop)
    }

    /// Everything in the IndexedDB databases of the page's origin: database → store → values.
    pub async fn databases(&self) -> Result<Value> {
        self.eval(DATABASES).await
    }

    /// Everything in `localStorage` and `sessionStorage`.
    pub async fn web_storage(&self) -> Result<Value> {
        self.eval("({ local: { ...localStorage }, session: { ...sessionStorage } })").await
    }

    /// All cookies that the page's context holds.
    pub async fn cookies(&self) -> Result<Value> {
        Ok(self.call("Storage.getCookies", json!({})).await?["cookies"].take())
    }

    /// Lets an origin store this many bytes and no more; none lifts the limit.
    pub async fn quota(&self, origin: &str, bytes: Option<u64>) -> Result<()> {
        let mut params = json!({"origin": origin});
        if let Some(bytes) = bytes {
            params["quotaSize"] = bytes.into();
        }
        self.call("Storage.overrideQuotaForOrigin", params).await.map(drop)
    }

    /// What the clipboard holds, read as the page, which must have been granted `clipboard-read`.
    pub async fn clipboard(&self) -> Result<String> {
        self.eval_text("navigator.clipboard.readText()").await
    }
}
