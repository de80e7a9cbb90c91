//! Owns the database itself: its version, its object stores, and what happens when two versions of the page meet.

use std::cell::RefCell;
use std::pin::pin;

use futures_util::future::{Either, select};
use idb::{Database, DatabaseEvent, Factory, ObjectStoreParams};
use js_sys::{Function, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::IdbDatabase;

use super::{ANSWERS, ENTRIES, Error, FILES, LEDGER, LOADS, PLANS, RUNS, SETS, SETTINGS, VAULT};

const DATABASE: &str = "viva";
/// 1 had runs, plans and entries; 2 had no published sets.
const VERSION: u32 = 3;
const STORES: [&str; 10] =
    [RUNS, PLANS, ENTRIES, LEDGER, ANSWERS, VAULT, SETTINGS, SETS, LOADS, FILES];

thread_local! {
    /// One connection for the whole page.
    static OPENED: RefCell<Option<IdbDatabase>> = const { RefCell::new(None) };
}

/// The database: opened, made at the first visit, and given the stores that an older version of the page did not have.
pub(super) async fn open() -> Result<IdbDatabase, Error> {
    if let Some(opened) = OPENED.with_borrow(Clone::clone) {
        return Ok(opened);
    }
    let mut request = Factory::new()?.open(DATABASE, Some(VERSION))?;
    request.on_upgrade_needed(|event| {
        let Ok(database) = event.database() else { return };
        let present = database.store_names();
        for name in STORES.iter().filter(|name| !present.iter().any(|found| found == *name)) {
            // A failure here fails the opening, which is reported.
            let _ = database.create_object_store(name, ObjectStoreParams::new());
        }
    });
    let mut tell: Option<Function> = None;
    let blocked = Promise::new(&mut |resolve, _| tell = Some(resolve));
    request.on_blocked(move |_| {
        if let Some(tell) = tell {
            let _ = tell.call0(&JsValue::NULL);
        }
    });
    let opening = pin!(async { request.await });
    let blocked = pin!(JsFuture::from(blocked));
    let mut database: Database = match select(opening, blocked).await {
        Either::Left((database, _)) => database?,
        Either::Right(_) => {
            return Err(Error::Store(
                "another tab has an older version of this page open; close the other tabs of this page, then load it again"
                    .to_owned(),
            ));
        }
    };
    // A newer version of the page waits for this one to let go; and the browser may close it, as when data is deleted.
    database.on_version_change(|_| {
        if let Some(opened) = OPENED.take() {
            opened.close();
        }
    });
    database.on_close(|_| drop(OPENED.take()));
    database.forget_callbacks();
    let opened: IdbDatabase = database.into();
    OPENED.set(Some(opened.clone()));
    Ok(opened)
}
