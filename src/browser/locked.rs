//! Owns locking the answers of a class's exam, and unlocking them with the key that the teacher shows.

use super::crypto::{key_of, random_bytes, seal, unseal};
use super::error::Error;
use crate::people::class::letters::{from_url, to_url};
use crate::people::class::{Locked, UnlockCode};

/// Rounds of PBKDF2, as for the vault (OWASP 2023 for SHA-256).
const ROUNDS: u32 = 600_000;

/// A fresh key.
pub fn fresh_key() -> Result<UnlockCode, Error> {
    Ok(UnlockCode::of_random(random_bytes::<8>()?))
}

/// A fresh number for a sitting.
pub fn fresh_sitting() -> Result<[u8; 6], Error> {
    random_bytes::<6>()
}

/// Encrypts what is to be revealed later.
pub async fn lock(key: &UnlockCode, plain: &[u8]) -> Result<Locked, Error> {
    let salt = random_bytes::<16>()?;
    let key = key_of(key.passphrase(), &salt, ROUNDS).await?;
    let (iv, data) = seal(&key, plain).await?;
    Ok(Locked { salt: to_url(&salt), iv: to_url(&iv), data: to_url(&data) })
}

/// Undoes [`lock`]; `None` where the key is another one, or something was changed.
pub async fn unlock(key: &UnlockCode, locked: &Locked) -> Result<Option<Vec<u8>>, Error> {
    let (Some(salt), Some(iv), Some(data)) =
        (from_url(&locked.salt), from_url(&locked.iv), from_url(&locked.data))
    else {
        return Ok(None);
    };
    let key = key_of(key.passphrase(), &salt, ROUNDS).await?;
    unseal(&key, &iv, &data).await
}
