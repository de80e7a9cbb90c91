//! Owns the keys: in memory only, each bound to one origin, handed out to no one but the sender of a request there.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;

use crate::provider::http::origin;

/// A key. It has no serialised form and prints as nothing.
#[derive(Clone)]
struct Secret(String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

thread_local! {
    static KEYS: RefCell<BTreeMap<String, Secret>> = const { RefCell::new(BTreeMap::new()) };
}

/// Remembers a key for the origin of `url`, until the page is closed; an empty key forgets it.
pub fn set(url: &str, key: &str) {
    let Some(origin) = origin(url) else { return };
    let key = key.trim();
    KEYS.with_borrow_mut(|keys| {
        if key.is_empty() {
            keys.remove(&origin);
        } else {
            keys.insert(origin, Secret(key.to_owned()));
        }
    });
}

/// Whether a key is held for the origin of `url`.
pub fn has(url: &str) -> bool {
    origin(url).is_some_and(|origin| KEYS.with_borrow(|keys| keys.contains_key(&origin)))
}

/// Forgets every key.
pub fn forget_all() {
    KEYS.with_borrow_mut(BTreeMap::clear);
}

/// The key for the very origin of `url`, for the one module that sends requests.
pub(super) fn for_request(url: &str) -> Option<String> {
    let origin = origin(url)?;
    KEYS.with_borrow(|keys| keys.get(&origin).map(|secret| secret.0.clone()))
}

/// Removes every held key from a text, in case a provider's message repeats it.
pub(super) fn redact(text: String) -> String {
    KEYS.with_borrow(|keys| {
        keys.values().fold(text, |text, secret| {
            if text.contains(&secret.0) { text.replace(&secret.0, "[key]") } else { text }
        })
    })
}
