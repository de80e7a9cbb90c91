//! Owns the keys: in memory only, each bound to one origin, handed out to no one but the sender of a request there.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::fmt;
use std::rc::Rc;

use serde::{Deserialize, Serialize};

use crate::provider::http::origin;
use crate::text::redact;

/// A key, or the value of a header that is kept like one. It prints as nothing; only the vault, which encrypts what it
/// writes, may take its text.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
struct Secret(String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// What is held for one origin.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Bundle {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    key: Option<Secret>,
    /// Values of extra headers by name, in lower case.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    headers: BTreeMap<String, Secret>,
}

/// All that is held, by origin. It serialises for the vault, which encrypts it; it prints without secrets.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Keyring(BTreeMap<String, Bundle>);

impl Keyring {
    /// Makes the changes here that lead from one keyring to another.
    pub(super) fn apply(&mut self, from: &Self, to: &Self) {
        for origin in from.0.keys().filter(|origin| !to.0.contains_key(*origin)) {
            self.0.remove(origin);
        }
        for (origin, bundle) in &to.0 {
            if from.0.get(origin) != Some(bundle) {
                self.0.insert(origin.clone(), bundle.clone());
            }
        }
    }
}

/// What the page may show of what is held for an origin: that it is held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Scheme, host and port.
    pub origin: String,
    /// Whether a key is held.
    pub has_key: bool,
    /// Names of extra headers whose values are held.
    pub header_names: Vec<String>,
}

type OnChange = Rc<dyn Fn()>;

thread_local! {
    static KEYS: RefCell<Keyring> = RefCell::new(Keyring::default());
    static ON_CHANGE: RefCell<Option<OnChange>> = const { RefCell::new(None) };
    static N_USES: Cell<u64> = const { Cell::new(0) };
}

/// Holds a key for the origin of `url`, until the page is closed; an empty key forgets it.
pub fn set(url: &str, key: &str) {
    change(url, |bundle| bundle.key = secret(key));
}

/// Holds the value of an extra header for the origin of `url`; an empty value forgets it.
pub fn set_header(url: &str, name: &str, value: &str) {
    let name = name.trim().to_ascii_lowercase();
    change(url, |bundle| {
        match secret(value) {
            Some(value) => bundle.headers.insert(name, value),
            None => bundle.headers.remove(&name),
        };
    });
}

fn secret(text: &str) -> Option<Secret> {
    let text = text.trim();
    (!text.is_empty()).then(|| Secret(text.to_owned()))
}

fn change(url: &str, change: impl FnOnce(&mut Bundle)) {
    let Some(origin) = origin(url) else { return };
    KEYS.with_borrow_mut(|keys| {
        let mut bundle = keys.0.remove(&origin).unwrap_or_default();
        change(&mut bundle);
        if bundle != Bundle::default() {
            keys.0.insert(origin, bundle);
        }
    });
    changed();
}

/// Whether a key is held for the origin of `url`.
pub fn has(url: &str) -> bool {
    of(url, |bundle| bundle.key.is_some())
}

/// Whether a value is held for an extra header at the origin of `url`.
pub fn has_header(url: &str, name: &str) -> bool {
    of(url, |bundle| bundle.headers.contains_key(&name.trim().to_ascii_lowercase()))
}

fn of(url: &str, look: impl FnOnce(&Bundle) -> bool) -> bool {
    origin(url).is_some_and(|origin| KEYS.with_borrow(|keys| keys.0.get(&origin).is_some_and(look)))
}

/// For which origins something is held, in alphabetical order.
pub fn held() -> Vec<Held> {
    KEYS.with_borrow(|keys| {
        let held = keys.0.iter().map(|(origin, bundle)| Held {
            origin: origin.clone(),
            has_key: bundle.key.is_some(),
            header_names: bundle.headers.keys().cloned().collect(),
        });
        held.collect()
    })
}

/// Forgets what is held for the origin of `url`.
pub fn forget(url: &str) {
    change(url, |bundle| *bundle = Bundle::default());
}

/// Forgets everything that is held in memory.
pub fn forget_all() {
    KEYS.with_borrow_mut(|keys| keys.0.clear());
    changed();
}

/// The key for the very origin of `url`, for the one module that sends requests.
pub(super) fn for_request(url: &str) -> Option<String> {
    let origin = origin(url)?;
    let key = KEYS.with_borrow(|keys| Some(keys.0.get(&origin)?.key.as_ref()?.0.clone()))?;
    N_USES.set(N_USES.get() + 1);
    Some(key)
}

/// The value of an extra header for the very origin of `url`, for the one module that sends requests.
pub(super) fn header_for_request(url: &str, name: &str) -> Option<String> {
    let (origin, name) = (origin(url)?, name.trim().to_ascii_lowercase());
    KEYS.with_borrow(|keys| Some(keys.0.get(&origin)?.headers.get(&name)?.0.clone()))
}

/// Removes every held secret from a text, in case a provider's message or a model's answer repeats it.
pub fn redact(text: String) -> String {
    let secrets = secrets();
    if secrets.is_empty() { text } else { redact::redact(text, secrets) }
}

/// The same for an answer that is still being written, whose end may be the first half of a secret.
pub fn redact_start(text: &str) -> String {
    redact::redact_start(text, secrets())
}

fn secrets() -> Vec<String> {
    KEYS.with_borrow(|keys| {
        let all =
            keys.0.values().flat_map(|bundle| bundle.key.iter().chain(bundle.headers.values()));
        let found = all.filter(|secret| redact::MIN_BYTES <= secret.0.len());
        found.map(|secret| secret.0.clone()).collect()
    })
}

/// How often a key was handed out, so that the vault knows whether keys are in use.
pub(super) fn n_uses() -> u64 {
    N_USES.get()
}

/// Everything, for the vault.
pub(super) fn keyring() -> Keyring {
    KEYS.with_borrow(Keyring::clone)
}

/// Adds what the vault held. What was typed since is newer and stays.
pub(super) fn add(remembered: Keyring) {
    KEYS.with_borrow_mut(|keys| {
        for (origin, bundle) in remembered.0 {
            let held = keys.0.entry(origin).or_default();
            held.key = held.key.take().or(bundle.key);
            for (name, value) in bundle.headers {
                held.headers.entry(name).or_insert(value);
            }
        }
    });
    changed();
}

/// Takes out of memory what the vault holds.
pub(super) fn drop_all() {
    KEYS.with_borrow_mut(|keys| keys.0.clear());
}

/// Calls back after each change, in place of what was called before.
pub(super) fn on_change(call_back: Option<OnChange>) {
    ON_CHANGE.set(call_back);
}

fn changed() {
    let call_back = ON_CHANGE.with_borrow(Option::clone);
    if let Some(call_back) = call_back {
        call_back();
    }
}
