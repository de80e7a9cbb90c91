//! Owns what the page asks of the browser’s cryptography: random bytes, a key from a passphrase, and sealing under that key.

use js_sys::{Array, Object, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Crypto, CryptoKey, SubtleCrypto};

use super::error::Error;

/// Bytes of the initialisation vector that NIST SP 800-38D recommends for GCM.
pub(super) const IV_BYTES: usize = 12;

fn crypto() -> Result<Crypto, Error> {
    let window = web_sys::window().ok_or_else(|| Error::Other("no window".to_owned()))?;
    Ok(window.crypto()?)
}

/// Whether the page may encrypt: browsers allow it over https and on localhost only.
pub fn is_available() -> bool {
    subtle().is_ok()
}

fn subtle() -> Result<SubtleCrypto, Error> {
    // Without a secure context the property is not there, whatever its declaration says.
    let found = Reflect::get(crypto()?.as_ref(), &"subtle".into())?;
    found.dyn_into().map_err(|_absent| {
        Error::Other("it encrypts only for pages over https or on localhost".to_owned())
    })
}

/// Fresh random bytes, fit for keys.
pub(super) fn random_bytes<const N: usize>() -> Result<[u8; N], Error> {
    let mut bytes = [0; N];
    crypto()?.get_random_values_with_u8_array(&mut bytes)?;
    Ok(bytes)
}

fn object(fields: &[(&str, JsValue)]) -> Result<Object, Error> {
    let object = Object::new();
    for (name, value) in fields {
        Reflect::set(&object, &(*name).into(), value)?;
    }
    Ok(object)
}

/// A key for AES-256-GCM from a passphrase, by PBKDF2 with SHA-256. The browser does not hand its bytes out again.
pub(super) async fn key_of(passphrase: &str, salt: &[u8], rounds: u32) -> Result<CryptoKey, Error> {
    let subtle = subtle()?;
    let material = Uint8Array::from(passphrase.as_bytes());
    let usages = Array::of1(&"deriveKey".into());
    let material =
        JsFuture::from(subtle.import_key_with_str("raw", &material, "PBKDF2", false, &usages)?)
            .await?;
    let pbkdf2 = object(&[
        ("name", "PBKDF2".into()),
        ("hash", "SHA-256".into()),
        ("salt", Uint8Array::from(salt).into()),
        ("iterations", rounds.into()),
    ])?;
    let aes = object(&[("name", "AES-GCM".into()), ("length", 256.into())])?;
    let usages = Array::of2(&"encrypt".into(), &"decrypt".into());
    let deriving = subtle.derive_key_with_object_and_object(
        &pbkdf2,
        material.unchecked_ref(),
        &aes,
        false,
        &usages,
    )?;
    Ok(JsFuture::from(deriving).await?.unchecked_into())
}

fn aes_gcm(iv: &[u8]) -> Result<Object, Error> {
    object(&[("name", "AES-GCM".into()), ("iv", Uint8Array::from(iv).into())])
}

/// Encrypts under a fresh initialisation vector, which is given back with the result.
pub(super) async fn seal(key: &CryptoKey, plain: &[u8]) -> Result<(Vec<u8>, Vec<u8>), Error> {
    let iv = random_bytes::<IV_BYTES>()?;
    let sealing = subtle()?.encrypt_with_object_and_js_u8_array(
        &aes_gcm(&iv)?,
        key,
        &Uint8Array::from(plain),
    )?;
    let sealed = Uint8Array::new(&JsFuture::from(sealing).await?).to_vec();
    Ok((iv.to_vec(), sealed))
}

/// Undoes [`seal`]; `None` where the key is another one, or a byte was changed.
pub(super) async fn unseal(
    key: &CryptoKey,
    iv: &[u8],
    sealed: &[u8],
) -> Result<Option<Vec<u8>>, Error> {
    let unsealing = subtle()?.decrypt_with_object_and_js_u8_array(
        &aes_gcm(iv)?,
        key,
        &Uint8Array::from(sealed),
    )?;
    Ok(JsFuture::from(unsealing).await.ok().map(|plain| Uint8Array::new(&plain).to_vec()))
}
