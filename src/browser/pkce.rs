//! Owns the way to OpenRouter and back, by which a person gets a key into the page without pasting one.

use wasm_bindgen::JsValue;

use super::http::{self, Errand, Purpose};
use super::{clock, crypto, keys};
use crate::provider::Failure;
use crate::provider::sign_in::{self, OPENROUTER};

/// Where the verifier waits, in the storage of this tab alone, while the person is away.
const VERIFIER: &str = "viva-sign-in";
/// Who takes longer begins again.
const MAX_MILLIS: u64 = 15 * 60 * 1_000;

/// Why a sign-in brought no key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignInError {
    /// Storage or random numbers are not to be had.
    #[error(
        "This browser does not let the page remember that a sign-in has begun. Create a key at openrouter.ai/keys and paste it instead."
    )]
    NoStorage,
    /// A code came that nobody here asked for, or too late.
    #[error(
        "The sign-in did not begin in this tab, or it began too long ago. Press the button again."
    )]
    NotBegun,
    /// OpenRouter did not give a key for it.
    #[error(
        "OpenRouter gave no key: {0}. Press the button again, or create a key at openrouter.ai/keys and paste it."
    )]
    Refused(Failure),
}

fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.session_storage().ok()?
}

/// This page's address without query and fragment: where OpenRouter sends the person back to.
pub fn callback() -> String {
    let location = web_sys::window().map(|window| window.location());
    let part =
        |part: Option<Result<String, JsValue>>| part.and_then(Result::ok).unwrap_or_default();
    let origin = part(location.as_ref().map(web_sys::Location::origin));
    let path = part(location.as_ref().map(web_sys::Location::pathname));
    format!("{origin}{path}")
}

/// Leaves this page for OpenRouter. What the page holds in memory only is gone afterwards.
pub fn leave() -> Result<(), SignInError> {
    let random = crypto::random_bytes::<32>().map_err(|_refused| SignInError::NoStorage)?;
    let verifier = sign_in::verifier(&random);
    let storage = storage().ok_or(SignInError::NoStorage)?;
    let kept = format!("{} {verifier}", clock::now_millis());
    storage.set_item(VERIFIER, &kept).map_err(|_refused| SignInError::NoStorage)?;
    let window = web_sys::window().ok_or(SignInError::NoStorage)?;
    let address = sign_in::address(&callback(), &verifier);
    window.location().assign(&address).map_err(|_refused| SignInError::NoStorage)
}

/// Whether the address of the page holds a code, as when OpenRouter has just sent the person back.
pub fn is_back() -> bool {
    sign_in::code_in(&query()).is_some()
}

fn query() -> String {
    web_sys::window().and_then(|window| window.location().search().ok()).unwrap_or_default()
}

/// Exchanges the code in the address for a key, and puts it on the keyring. `None` where there is no code. Whatever comes
/// of it, the code is gone from the address and the verifier from storage.
pub async fn finish() -> Option<Result<(), SignInError>> {
    let (code, rest) = sign_in::code_in(&query())?;
    clean_address(&rest);
    let kept = storage().and_then(|storage| {
        let kept = storage.get_item(VERIFIER).ok().flatten();
        let _ = storage.remove_item(VERIFIER);
        kept
    });
    Some(exchange(&code, kept.as_deref()).await)
}

async fn exchange(code: &str, kept: Option<&str>) -> Result<(), SignInError> {
    let (begun, verifier) =
        kept.and_then(|kept| kept.split_once(' ')).ok_or(SignInError::NotBegun)?;
    let begun_millis: u64 = begun.parse().map_err(|_refused| SignInError::NotBegun)?;
    if code.is_empty() || begun_millis + MAX_MILLIS < clock::now_millis() {
        return Err(SignInError::NotBegun);
    }
    let request = sign_in::exchange(code, verifier);
    let reply = http::send(&request, &Errand::of(Purpose::SignIn), None).await;
    let key = reply.and_then(|reply| sign_in::key_of(&reply)).map_err(SignInError::Refused)?;
    keys::set(OPENROUTER, &key);
    Ok(())
}

/// The address without the code, so that it is in no bookmark, no history and no reload.
fn clean_address(rest: &str) {
    let Some(window) = web_sys::window() else { return };
    let hash = window.location().hash().unwrap_or_default();
    let query = if rest.is_empty() { String::new() } else { format!("?{rest}") };
    let address = format!("{}{query}{hash}", callback());
    if let Ok(history) = window.history() {
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&address));
    }
}
