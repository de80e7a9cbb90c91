//! Owns the vault: keys remembered between visits, encrypted under a passphrase that is stored nowhere.
//!
//! While the vault is open every change of the keys is written to it. Locking takes the keys out of memory.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_timers::callback::Interval;
use serde::{Deserialize, Serialize};
use wasm_bindgen_futures::spawn_local;
use web_sys::CryptoKey;

use super::error::Error;
use super::keys::{self, Keyring};
use super::store::Store;
use super::{clock, crypto};

/// Rounds of PBKDF2-SHA256: what the OWASP password storage cheat sheet asks for.
const ROUNDS: u32 = 600_000;
const SALT_BYTES: usize = 16;
/// Fewest characters of a passphrase.
pub const MIN_PASSPHRASE_CHARS: usize = 12;
/// After how many minutes without use the vault locks itself, unless the person chose otherwise.
pub const DEFAULT_LOCK_MINUTES: u32 = 15;
/// Name of that setting.
const LOCK_MINUTES: &str = "lock_after_minutes";
/// How often is looked whether it is time.
const LOOK_MILLIS: u32 = 5_000;

/// Where the vault stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VaultState {
    /// Nothing is remembered.
    Absent,
    /// Keys are remembered, and the passphrase is needed.
    Locked,
    /// Keys are remembered and in memory.
    Open,
}

/// Why the vault did not do as it was told.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// The passphrase does not open it.
    #[error(
        "This passphrase does not open it. Check capital letters and the keyboard’s language, and try again."
    )]
    WrongPassphrase,
    /// Too short to protect anything.
    #[error(
        "This is too short. Take at least {MIN_PASSPHRASE_CHARS} characters; four or five words that do not belong together are easy to remember and hard to guess."
    )]
    TooShort,
    /// The second entry differs.
    #[error("The two entries differ. Type the same passphrase twice.")]
    Differs,
    /// It was deleted meanwhile, as in another tab.
    #[error("There is nothing remembered any more. It may have been deleted in another tab.")]
    Gone,
    /// It is not open.
    #[error("Unlock first.")]
    NotOpen,
    /// The browser refused.
    #[error(transparent)]
    Browser(#[from] Error),
}

/// The vault as it is stored. Only `sealed` comes from keys, and it is encrypted.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Record {
    kdf: String,
    rounds: u32,
    salt: Vec<u8>,
    cipher: String,
    iv: Vec<u8>,
    sealed: Vec<u8>,
}

/// What can open a record.
#[derive(Clone)]
struct Opener {
    key: CryptoKey,
    salt: Vec<u8>,
    rounds: u32,
}

/// A vault that is open in this tab.
struct Opened {
    opener: Opener,
    /// What is known to be in the record.
    written: Keyring,
    is_writing: bool,
    is_dirty: bool,
    lock_minutes: u32,
    used_millis: u64,
    n_uses: u64,
    _watch: Interval,
}

thread_local! {
    static OPENED: RefCell<Option<Opened>> = const { RefCell::new(None) };
    static WRITE_ERROR: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Where the vault stands.
pub async fn state() -> Result<VaultState, Error> {
    if is_open() {
        return Ok(VaultState::Open);
    }
    let record: Option<Record> = Store::open().await?.vault().await?;
    Ok(if record.is_some() { VaultState::Locked } else { VaultState::Absent })
}

/// Whether the vault is open in this tab.
pub fn is_open() -> bool {
    OPENED.with_borrow(Option::is_some)
}

/// Why the last change of the keys could not be written, if it could not.
pub fn write_error() -> Option<String> {
    WRITE_ERROR.with_borrow(Clone::clone)
}

/// Whether a new passphrase will do.
pub fn check_new(passphrase: &str, again: &str) -> Result<(), VaultError> {
    if passphrase.chars().count() < MIN_PASSPHRASE_CHARS {
        return Err(VaultError::TooShort);
    }
    if passphrase == again { Ok(()) } else { Err(VaultError::Differs) }
}

/// Begins to remember: what is in memory now, and every change from now on.
pub async fn create(passphrase: &str) -> Result<(), VaultError> {
    let store = Store::open().await?;
    let opener = new_opener(passphrase).await?;
    let keyring = keys::keyring();
    store.put_vault(&record_of(&opener, &keyring).await?).await?;
    set_open(opener, keyring).await;
    Ok(())
}

/// Puts what is remembered into memory. What was typed since is newer: it stays, and is remembered in its place.
pub async fn unlock(passphrase: &str) -> Result<(), VaultError> {
    let record = record().await?;
    let opener = opener_of(passphrase, &record).await?;
    let remembered = keyring_of(&opener, &record).await?.ok_or(VaultError::WrongPassphrase)?;
    set_open(opener, remembered.clone()).await;
    keys::add(remembered);
    Ok(())
}

/// Takes the keys out of memory. They stay remembered.
pub fn lock() {
    if OPENED.take().is_some() {
        keys::on_change(None);
        keys::drop_all();
    }
}

/// Puts another passphrase in the place of the present one, which must be given.
pub async fn change_passphrase(present: &str, new: &str) -> Result<(), VaultError> {
    if !is_open() {
        return Err(VaultError::NotOpen);
    }
    let record = record().await?;
    let opener = opener_of(present, &record).await?;
    let keyring = keyring_of(&opener, &record).await?.ok_or(VaultError::WrongPassphrase)?;
    let opener = new_opener(new).await?;
    Store::open().await?.put_vault(&record_of(&opener, &keyring).await?).await?;
    OPENED.with_borrow_mut(|opened| {
        if let Some(opened) = opened {
            opened.opener = opener;
            opened.written = keyring;
        }
    });
    save();
    Ok(())
}

/// Stops remembering and deletes what was remembered. What is in memory stays until the tab is closed.
pub async fn stop() -> Result<(), VaultError> {
    Store::open().await?.delete_vault().await?;
    keys::on_change(None);
    OPENED.take();
    Ok(())
}

/// Forgets every key: in memory, and remembered.
pub async fn forget_all() -> Result<(), VaultError> {
    // From memory first: that cannot fail.
    keys::on_change(None);
    OPENED.take();
    keys::forget_all();
    Ok(Store::open().await?.delete_vault().await?)
}

/// After how many minutes without use the vault locks itself.
pub async fn lock_minutes() -> u32 {
    let setting = async { Store::open().await?.setting::<u32>(LOCK_MINUTES).await };
    setting.await.ok().flatten().unwrap_or(DEFAULT_LOCK_MINUTES).max(1)
}

/// Sets [`lock_minutes`].
pub async fn set_lock_minutes(minutes: u32) -> Result<(), Error> {
    let minutes = minutes.max(1);
    OPENED.with_borrow_mut(|opened| {
        if let Some(opened) = opened {
            opened.lock_minutes = minutes;
        }
    });
    Store::open().await?.put_setting(LOCK_MINUTES, &minutes).await
}

async fn record() -> Result<Record, VaultError> {
    Store::open().await?.vault().await?.ok_or(VaultError::Gone)
}

async fn new_opener(passphrase: &str) -> Result<Opener, VaultError> {
    let salt = crypto::random_bytes::<SALT_BYTES>()?.to_vec();
    let key = crypto::key_of(passphrase, &salt, ROUNDS).await?;
    Ok(Opener { key, salt, rounds: ROUNDS })
}

async fn opener_of(passphrase: &str, record: &Record) -> Result<Opener, VaultError> {
    let key = crypto::key_of(passphrase, &record.salt, record.rounds).await?;
    Ok(Opener { key, salt: record.salt.clone(), rounds: record.rounds })
}

async fn record_of(opener: &Opener, keyring: &Keyring) -> Result<Record, VaultError> {
    let plain = serde_json::to_vec(keyring).map_err(Error::from)?;
    let (iv, sealed) = crypto::seal(&opener.key, &plain).await?;
    Ok(Record {
        kdf: "PBKDF2-SHA256".to_owned(),
        rounds: opener.rounds,
        salt: opener.salt.clone(),
        cipher: "AES-256-GCM".to_owned(),
        iv,
        sealed,
    })
}

/// What is in a record; `None` where the key does not fit.
async fn keyring_of(opener: &Opener, record: &Record) -> Result<Option<Keyring>, VaultError> {
    let plain = crypto::unseal(&opener.key, &record.iv, &record.sealed).await?;
    let Some(plain) = plain else { return Ok(None) };
    // The error of serde_json would quote what it read.
    let unreadable = |_| Error::Store("what is remembered has an unknown form".to_owned());
    Ok(Some(serde_json::from_slice(&plain).map_err(unreadable)?))
}

async fn set_open(opener: Opener, written: Keyring) {
    let lock_minutes = lock_minutes().await;
    OPENED.set(Some(Opened {
        opener,
        written,
        is_writing: false,
        is_dirty: false,
        lock_minutes,
        used_millis: clock::now_millis(),
        n_uses: keys::n_uses(),
        _watch: Interval::new(LOOK_MILLIS, look),
    }));
    keys::on_change(Some(Rc::new(save)));
}

/// Locks when nothing was used for long enough. A request with a key, or a change of keys, is a use.
fn look() {
    let now = clock::now_millis();
    let is_due = OPENED.with_borrow_mut(|opened| {
        let Some(opened) = opened else { return false };
        if opened.n_uses != keys::n_uses() {
            opened.n_uses = keys::n_uses();
            opened.used_millis = now;
        }
        u64::from(opened.lock_minutes) * 60_000 <= now.saturating_sub(opened.used_millis)
    });
    if is_due {
        // The timer that called may not drop itself while it does.
        spawn_local(async { lock() });
    }
}

/// Writes what changed. What changes meanwhile is written after.
fn save() {
    let is_due = OPENED.with_borrow_mut(|opened| {
        let Some(opened) = opened else { return false };
        opened.used_millis = clock::now_millis();
        opened.is_dirty = true;
        !std::mem::replace(&mut opened.is_writing, true)
    });
    if is_due {
        spawn_local(async {
            let result = write_while_dirty().await;
            OPENED.with_borrow_mut(|opened| {
                if let Some(opened) = opened {
                    opened.is_writing = false;
                }
            });
            WRITE_ERROR.set(result.err().map(|error| error.to_string()));
        });
    }
}

async fn write_while_dirty() -> Result<(), VaultError> {
    loop {
        let due = OPENED.with_borrow_mut(|opened| {
            let opened = opened.as_mut().filter(|opened| opened.is_dirty)?;
            opened.is_dirty = false;
            Some((opened.opener.clone(), opened.written.clone()))
        });
        let Some((opener, written)) = due else { return Ok(()) };
        let present = keys::keyring();
        // Another tab may have written meanwhile: only what changed here is changed there.
        let found = match record().await {
            Ok(record) => keyring_of(&opener, &record).await?,
            Err(VaultError::Gone) => None,
            Err(error) => return Err(error),
        };
        let Some(mut keyring) = found else {
            // Deleted, or under another passphrase now. What is in memory was typed here and stays.
            keys::on_change(None);
            OPENED.take();
            return Err(VaultError::Gone);
        };
        keyring.apply(&written, &present);
        Store::open().await?.put_vault(&record_of(&opener, &keyring).await?).await?;
        OPENED.with_borrow_mut(|opened| {
            if let Some(opened) = opened {
                opened.written = present;
            }
        });
    }
}
